//! Headings and labels (表头、标签) without what people add to them.

use super::width::fold_width;

/// Letters and digits alone, width and case folded: without white space, punctuation and stars.
pub fn fold_heading(text: &str) -> String {
    fold_width(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text without words in brackets; empty where nothing stands outside of them.
pub fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | '（' | '[' | '［' | '【' | '〔' | '<' | '＜' | '〈' | '《' => depth += 1,
            ')' | '）' | ']' | '］' | '】' | '〕' | '>' | '＞' | '〉' | '》' => {
                depth = depth.saturating_sub(1);
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}
