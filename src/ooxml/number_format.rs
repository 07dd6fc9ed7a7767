//! Formats of numbers, as far as they say what a person sees in a cell: a day, a number of so many digits, hundredths (ECMA-376 part 1,
//! 18.8.30 and 18.8.31).

use std::collections::BTreeMap;

use super::OoxmlError;
use super::xml::Tags;

/// What a format makes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ShownAs {
    /// The number.
    Number,
    /// A day.
    Day,
    /// At least so many digits, such as the six of a postcode (`000000`).
    Digits(usize),
    /// Hundredths, with so many decimals (`0.00%`).
    Percent(usize),
}

/// What each style of a workbook makes of a number, by its own number. Errors: the part is not well-formed.
pub(super) fn number_formats(part: &str, xml: &str) -> Result<Vec<ShownAs>, OoxmlError> {
    let mut own = BTreeMap::new();
    let mut styles = Vec::new();
    let mut in_styles = false;
    for tag in Tags::new(part, xml) {
        let tag = tag?;
        if tag.name == "cellXfs" {
            in_styles = tag.begins("cellXfs") && !tag.ends("cellXfs");
        } else if tag.begins("numFmt") {
            let code = tag.attribute("formatCode").unwrap_or_default();
            if let Some(id) = tag.number("numFmtId") {
                own.insert(id, shown_as(&code));
            }
        } else if in_styles && tag.begins("xf") {
            styles.push(tag.number("numFmtId").unwrap_or(0));
        }
    }
    let shows = |id: &u32| own.get(id).copied().unwrap_or_else(|| builtin(*id));
    Ok(styles.iter().map(shows).collect())
}

/// The formats that need no code.
fn builtin(id: u32) -> ShownAs {
    match id {
        9 => ShownAs::Percent(0),
        10 => ShownAs::Percent(2),
        _ if is_builtin_day(id) => ShownAs::Day,
        _ => ShownAs::Number,
    }
}

fn shown_as(code: &str) -> ShownAs {
    if shows_day(code) {
        return ShownAs::Day;
    }
    // positive numbers are what matters
    let code = code.split(';').next().unwrap_or(code).trim();
    if code.len() > 1 && code.bytes().all(|b| b == b'0') {
        return ShownAs::Digits(code.len());
    }
    let hundredths = code.strip_suffix('%').and_then(|c| c.strip_prefix('0'));
    match hundredths {
        Some("") => ShownAs::Percent(0),
        Some(rest) => match rest.strip_prefix('.') {
            Some(zeros) if zeros.bytes().all(|b| b == b'0') => ShownAs::Percent(zeros.len()),
            _ => ShownAs::Number,
        },
        None => ShownAs::Number,
    }
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
