//! Names of persons (姓名), after the 2016 notice on names in government systems: one dot `·` U+00B7, no blanks in
//! Han names, room for 25 Han characters or 50 half-width ones.

use super::normal::{clean_line, troubles};
use super::width::display_width;

/// What [`canonical_name`] had to repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRepair {
    /// Blanks were dropped or reduced to one.
    Spaces,
    /// Dots were wrong, doubled or at an end.
    Dots,
}

/// What is wrong with a name; indexes count characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// A question mark: a rare character was lost in conversion.
    Lost {
        /// Index from 1.
        at: usize,
    },
    /// A digit.
    Digit {
        /// Index from 1.
        at: usize,
        /// The digit.
        ch: char,
    },
    /// A sign that no name has, such as a bracket.
    Sign {
        /// Index from 1.
        at: usize,
        /// The sign.
        ch: char,
    },
    /// One Han character only.
    Single,
    /// Wider than 25 Han characters.
    Long {
        /// Its number of characters.
        chars: usize,
    },
}

/// A name in its one way of writing, and what was repaired: no blanks save one between Latin words; the dot of
/// names is `·`, never at an end, never doubled. A full stop after a Latin letter (an initial) stays.
pub fn canonical_name(text: &str) -> (String, Vec<NameRepair>) {
    let cleaned = clean_line(text);
    let (spaced, spaces) = without_spaces(&cleaned);
    let (name, dots) = with_dots(&spaced);
    let (name, late_spaces) = without_spaces(&name);
    let mut repairs = Vec::new();
    if spaces || late_spaces || text.trim().len() != text.len() {
        repairs.push(NameRepair::Spaces);
    }
    if dots {
        repairs.push(NameRepair::Dots);
    }
    (name, repairs)
}

/// A letter of a script written with blanks between words.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && c < '\u{1100}' || matches!(c, '.' | '\'' | '’' | '-' | ',')
}

/// Drops blanks, save one between Latin words; says whether anything changed.
fn without_spaces(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && is_latin(c) && out.chars().next_back().is_some_and(is_latin) {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    let changed = out != text;
    (out, changed)
}

/// Whether a character is used in place of the dot of names.
fn is_wrong_dot(c: char) -> bool {
    matches!(
        c,
        '•' | '‧'
            | '・'
            | '･'
            | '．'
            | '.'
            | '⋅'
            | '∙'
            | '\u{387}'
            | '⸱'
            | 'ꞏ'
            | '●'
            | '﹒'
            | '｡'
    )
}

/// One dot `·` for all wrong ones; says whether anything changed.
fn with_dots(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let initial = c == '.'
            && out
                .chars()
                .next_back()
                .is_some_and(|before| before.is_alphabetic() && is_latin(before));
        if initial || !(c == '·' || is_wrong_dot(c)) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('·') {
            out.push('·');
        }
    }
    if out.ends_with('·') {
        out.pop();
    }
    let changed = out != text;
    (out, changed)
}

/// Everything wrong with a name in its canonical way of writing. Characters that must not stay in any text are
/// told by [`troubles`], not here.
pub fn name_faults(name: &str) -> Vec<NameFault> {
    let bad: Vec<usize> = troubles(name).into_iter().map(|(at, _, _)| at).collect();
    let mut faults: Vec<NameFault> = name
        .chars()
        .enumerate()
        .filter(|(at, _)| !bad.contains(at))
        .filter_map(|(at, ch)| fault_of(at + 1, ch))
        .collect();
    let chars = name.chars().count();
    if chars == 1 && !name.is_ascii() {
        faults.push(NameFault::Single);
    }
    if display_width(name) > 50 {
        faults.push(NameFault::Long { chars });
    }
    faults
}

/// What is wrong with one character of a name.
fn fault_of(at: usize, ch: char) -> Option<NameFault> {
    match ch {
        '?' | '？' => Some(NameFault::Lost { at }),
        '·' | ' ' | '.' | '\'' | '’' | '-' | ',' | '〇' => None,
        _ if ch.is_numeric() && !ch.is_alphabetic() => Some(NameFault::Digit { at, ch }),
        _ if ch.is_alphabetic() || ('\u{300}'..='\u{36F}').contains(&ch) => None,
        '\u{2E80}'..='\u{2FD5}' => None,
        // Ideographs newer than the standard library's tables are letters too.
        '\u{20000}'..='\u{3FFFD}' => None,
        _ => Some(NameFault::Sign { at, ch }),
    }
}

impl std::fmt::Display for NameFault {
    /// What is wrong, without the field's name in front: `第2字为“?”，生僻字在转换中丢失`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lost { at } => write!(f, "第{at}字为问号，应是生僻字在转换中丢失"),
            Self::Digit { at, ch } => write!(f, "第{at}字为数字“{ch}”"),
            Self::Sign { at, ch } => write!(f, "第{at}字为符号“{ch}”"),
            Self::Single => write!(f, "只有1个字"),
            Self::Long { chars } => write!(f, "共{chars}字，超过25个汉字（50个字符）"),
        }
    }
}
