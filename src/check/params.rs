//! Parameters of rules with defaults, and answers that say nothing.

use crate::campaign::Rule;
use crate::finding::Place;

/// The words of a parameter, or `usual` where it is absent or empty.
pub(super) fn words_or<'a>(rule: &'a Rule, name: &str, usual: &[&'a str]) -> Vec<&'a str> {
    match rule.words(name) {
        [] => usual.to_vec(),
        words => words.iter().map(String::as_str).collect(),
    }
}

/// The text of a parameter, or `usual` where it is absent.
pub(super) fn text_or<'a>(rule: &'a Rule, name: &str, usual: &'a str) -> &'a str {
    match rule.text(name) {
        "" => usual,
        text => text,
    }
}

/// Whether an answer is empty or only says that there is nothing.
pub(super) fn says_nothing(text: &str) -> bool {
    matches!(text.trim(), "" | "无" | "—" | "-" | "/" | "／")
}

/// Words in quotation marks, separated by 、.
pub(super) fn quoted<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|w| format!("“{w}”")).collect();
    quoted.join("、")
}

/// A text cut to its first characters, for messages.
pub(super) fn brief(text: &str) -> String {
    const MOST: usize = 30;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let head: String = text.chars().take(MOST).collect();
    format!("{head}…")
}

/// Which row of a list is meant: by the number that stands at the left of the sheet, or else by its place among the person's own.
pub(super) fn row_in_words(place: &crate::finding::Place, own: usize) -> String {
    let cell = place.cell.as_deref().unwrap_or_default();
    let number = cell.trim_start_matches(|c: char| c.is_ascii_uppercase());
    match number.parse::<u32>() {
        Ok(number) if number > 0 && number.to_string() != cell => format!("第{number}行"),
        _ => format!("第{}条", own + 1),
    }
}

/// `“单位”表B12格`: where a value stands, in words.
pub(super) fn cell_in_words(place: &Place) -> String {
    match (&place.sheet, &place.cell) {
        (Some(sheet), Some(cell)) => format!("“{sheet}”表{cell}格"),
        (None, Some(cell)) => cell.clone(),
        _ => "填报的内容".to_owned(),
    }
}
