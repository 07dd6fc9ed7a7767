//! What stands in content controls that have a rule of their own for it: an entry of a drop-down, the day of a date picker.

use std::fmt::Write as _;

use crate::fill::put::date_part::{DatePart, part_of};

/// How a control with a rule of its own takes a value.
#[derive(Clone, Debug)]
pub(super) enum ControlInk {
    /// A drop-down: the words that choose each entry with what it shows, and the look of the run.
    Choice {
        entries: Vec<(Vec<String>, String)>,
        look: String,
    },
    /// A date picker: the format of its day, and the look of the run.
    Date { format: String, look: String },
    /// The tag of a date picker, which names the day that it shows.
    FullDate { tag: String },
}

/// What stands in the document for a value.
pub(super) enum ControlText<'a> {
    /// A run of a look with a text.
    Run { look: &'a str, text: String },
    /// A tag.
    Tag(String),
}

impl ControlInk {
    /// What stands in the document for a value; none where there is nothing to write.
    pub(super) fn written(&self, value: &str) -> Option<ControlText<'_>> {
        match self {
            Self::Choice { entries, look } => {
                let mut entries = entries.iter();
                let entry = entries.find(|(words, _)| words.iter().any(|w| w == value))?;
                let text = entry.1.clone();
                Some(ControlText::Run { look, text })
            }
            Self::Date { format, look } => {
                let text = in_format(format, value).unwrap_or_else(|| value.to_owned());
                (!text.is_empty()).then_some(ControlText::Run { look, text })
            }
            Self::FullDate { tag } => {
                let part = |unit| part_of(value, unit);
                let (year, month) = part(DatePart::Year).zip(part(DatePart::Month))?;
                let day = part(DatePart::Day).unwrap_or(1);
                let name = tag.split_whitespace().next()?.trim_end_matches(['/', '>']);
                let end = if tag.ends_with("/>") { "/>" } else { ">" };
                Some(ControlText::Tag(format!(
                    "{name} w:fullDate=\"{year:04}-{month:02}-{day:02}T00:00:00Z\"{end}"
                )))
            }
        }
    }
}

/// A day in the format of a date picker, such as `yyyy'年'M'月'd'日'`; none where the format asks for what the value has not.
fn in_format(format: &str, value: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' {
            out.extend(chars.by_ref().take_while(|c| *c != '\''));
            continue;
        }
        if !matches!(c, 'y' | 'M' | 'd') {
            out.push(c);
            continue;
        }
        let mut many = 1;
        while chars.next_if_eq(&c).is_some() {
            many += 1;
        }
        let unit = match c {
            'y' => DatePart::Year,
            'M' => DatePart::Month,
            _ => DatePart::Day,
        };
        let number = part_of(value, unit)?;
        match (c, many) {
            ('y', 1 | 2) => write!(out, "{:02}", number % 100),
            ('M' | 'd', 2) => write!(out, "{number:02}"),
            // names of months and weekdays are no digits
            ('M' | 'd', 3..) => return None,
            _ => write!(out, "{number}"),
        }
        .ok()?;
    }
    Some(out)
}
