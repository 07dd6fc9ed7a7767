//! Formats of numbers: what a person sees in a cell (ECMA-376 part 1, 18.8.30 and 18.8.31). A format may show a day, a time of day, a
//! number with words around it, or nothing; what is seen is what is meant. How a section of a code is taken apart is in
//! `number_section`.

use std::collections::BTreeMap;

use super::OoxmlError;
use super::number_section::{Section, sections};
use super::xml::Tags;

/// What a format makes of a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shown {
    /// The number itself.
    Same,
    /// A day.
    Day,
    /// This text.
    Text(String),
    /// Nothing at all.
    Nothing,
    /// Something that cannot be told here, such as a fraction.
    Otherwise,
}

/// How cells of a style show what they hold. Without sections they show it as it is.
#[derive(Clone, Debug, Default)]
pub(super) struct NumberFormat {
    sections: Vec<Section>,
}

/// Numbers from here on have lost digits; no format brings them back.
const UNSAFE: f64 = 1e15;

impl NumberFormat {
    fn of(code: &str) -> Self {
        Self {
            sections: sections(code),
        }
    }

    /// What is seen of a number.
    pub(super) fn number(&self, number: f64) -> Shown {
        let Some(first) = self.sections.first() else {
            return Shown::Same;
        };
        let own = |at: usize| self.sections.get(at).filter(|s| !s.is_of_text());
        let (section, signed) = match number {
            n if n < 0.0 => match own(1) {
                Some(section) => (section, false),
                None => (first, true),
            },
            0.0 => (own(2).unwrap_or(first), false),
            _ => (first, false),
        };
        if section.shows_day() {
            return Shown::Day;
        }
        if number.abs() >= UNSAFE || section.is_of_text() && section.is_plain() {
            return Shown::Same;
        }
        match section.render(number, signed) {
            None => Shown::Otherwise,
            Some(text) if text.trim().is_empty() => Shown::Nothing,
            Some(text) if text.trim() == number.to_string() => Shown::Same,
            Some(text) => Shown::Text(text.trim().to_owned()),
        }
    }

    /// Whether a number is shown with fewer digits than it has. Spreadsheets calculate with 17 digits and mean 15.
    pub(super) fn rounds(&self, number: f64) -> bool {
        let Shown::Text(shown) = self.number(number) else {
            return false;
        };
        let meant: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        if meant.fract() == 0.0 || shown.contains(['%', '‰', '/', ':', '时']) {
            return false;
        }
        let digits = shown.chars().filter(|c| c.is_ascii_digit() || *c == '.');
        let digits: String = digits.collect();
        let seen = digits.parse::<f64>().unwrap_or(meant);
        let lost = (seen - meant.abs()).abs();
        lost > 1e-12 * meant.abs() && lost <= 0.5
    }

    /// What is seen of a text; none where it is the text itself.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        let section = match self.sections.as_slice() {
            [.., last] if self.sections.len() >= 4 || last.is_of_text() => last,
            _ => return None,
        };
        (!section.is_plain()).then(|| section.around(text))
    }
}

/// How each style of a workbook shows numbers, by its own number. Errors: the part is not well-formed.
pub(super) fn number_formats(part: &str, xml: &str) -> Result<Vec<NumberFormat>, OoxmlError> {
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
                own.insert(id, NumberFormat::of(&code));
            }
        } else if in_styles && tag.begins("xf") {
            styles.push(tag.number("numFmtId").unwrap_or(0));
        }
    }
    let shows = |id: &u32| {
        let own = own.get(id).cloned();
        own.unwrap_or_else(|| NumberFormat::of(builtin(*id)))
    };
    Ok(styles.iter().map(shows).collect())
}

/// The codes of the formats that need none: 27 to 36 and 50 to 58 are those of East Asia.
fn builtin(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 | 6 => "¥#,##0;¥-#,##0",
        7 | 8 => "¥#,##0.00;¥-#,##0.00",
        9 => "0%",
        10 => "0.00%",
        12 => "# ?/?",
        13 => "# ??/??",
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => "yyyy-mm-dd",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        32 => "h\"时\"mm\"分\"",
        33 => "h\"时\"mm\"分\"ss\"秒\"",
        34 | 55 => "上午/下午h\"时\"mm\"分\"",
        35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
        37 | 38 => "#,##0;-#,##0",
        39 | 40 => "#,##0.00;-#,##0.00",
        41 => "#,##0;-#,##0;\"-\";@",
        42 => "¥#,##0;-¥#,##0;\"-\";@",
        43 => "#,##0.00;-#,##0.00;\"-\";@",
        44 => "¥#,##0.00;-¥#,##0.00;\"-\";@",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        _ => "",
    }
}
