//! Formats of numbers, as far as they say that a cell shows a day (ECMA-376 part 1, 18.8.30 and 18.8.31).

use std::collections::BTreeSet;

use super::OoxmlError;
use super::xml::Tags;

/// Whether each style of a workbook shows a day, by its number. Errors: the part is not well-formed.
pub(super) fn date_formats(part: &str, xml: &str) -> Result<Vec<bool>, OoxmlError> {
    let mut own = BTreeSet::new();
    let mut other = BTreeSet::new();
    let mut styles = Vec::new();
    let mut in_styles = false;
    for tag in Tags::new(part, xml) {
        let tag = tag?;
        if tag.name == "cellXfs" {
            in_styles = tag.begins("cellXfs") && !tag.ends("cellXfs");
        } else if tag.begins("numFmt") {
            let code = tag.attribute("formatCode").unwrap_or_default();
            let known = if shows_day(&code) {
                &mut own
            } else {
                &mut other
            };
            known.extend(tag.number("numFmtId"));
        } else if in_styles && tag.begins("xf") {
            styles.push(tag.number("numFmtId").unwrap_or(0));
        }
    }
    let shows = |id: &u32| own.contains(id) || !other.contains(id) && is_builtin_day(*id);
    Ok(styles.iter().map(shows).collect())
}

/// The formats that need no code: 14 to 17 and 22 show days everywhere, 27 to 36 and 50 to 58 in East Asia.
fn is_builtin_day(id: u32) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58)
}

/// Whether a format's code shows a year or a day, or a month that is no minute. Quoted and escaped characters are words; what stands
/// in brackets is a colour, a condition, a language, or a time that runs on past a day.
fn shows_day(code: &str) -> bool {
    let mut chars = code.chars();
    let (mut month, mut clock) = (false, false);
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if matches!(
                    inside.to_ascii_lowercase().as_str(),
                    "h" | "hh" | "m" | "mm" | "s" | "ss"
                ) {
                    return false;
                }
            }
            // positive numbers are what matters
            ';' => break,
            'y' | 'Y' | 'd' | 'D' => return true,
            'm' | 'M' => month = true,
            'h' | 'H' | 's' | 'S' => clock = true,
            _ => {}
        }
    }
    month && !clock
}
