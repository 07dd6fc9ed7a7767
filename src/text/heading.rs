//! Headings and labels (表头、标签) without what people add to them.

use super::width::fold_width;

/// Letters and digits alone, width and case folded: without white space, punctuation and stars.
pub fn fold_heading(text: &str) -> String {
    // nearly all are ideographs alone, which nothing changes
    if text.chars().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)) {
        return text.to_owned();
    }
    fold_width(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A text without words in brackets; empty where nothing stands outside of them.
pub fn without_brackets(text: &str) -> String {
    outside_brackets(text).collect()
}

/// Whether a text has brackets of any kind.
pub fn has_brackets(text: &str) -> bool {
    text.chars().any(|c| is_opening(c) || is_closing(c))
}

/// The characters outside of brackets.
pub fn outside_brackets(text: &str) -> impl Iterator<Item = char> {
    let mut depth = 0_usize;
    text.chars().filter(move |c| {
        if is_opening(*c) {
            depth += 1;
            return false;
        }
        if is_closing(*c) {
            depth = depth.saturating_sub(1);
            return false;
        }
        depth == 0
    })
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '(' | '（' | '[' | '［' | '【' | '〔' | '<' | '＜' | '〈' | '《'
    )
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        ')' | '）' | ']' | '］' | '】' | '〕' | '>' | '＞' | '〉' | '》'
    )
}

/// Words without the number of a table or an annex in front of them: 表一　个人信息.
pub fn without_table_number(text: &str) -> &str {
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let mut fronts = ["附件", "附表", "表"].iter();
    let rest = fronts.find_map(|front| {
        let rest = text.strip_prefix(front)?;
        let behind = rest.trim_start_matches(number);
        let apart = behind.starts_with(|c: char| !c.is_alphanumeric());
        (behind.len() < rest.len() && apart).then_some(behind)
    });
    rest.map_or(text, |rest| {
        rest.trim_start_matches(|c: char| !c.is_alphanumeric())
    })
}
