//! A value among the words of a cell: ticks in a list of boxes, digits before 年 月 日, a blank behind a label.

use super::cutter::{boxes, is_box, ticked};
use super::glyphs::is_blank;
use super::label::folded;
use super::stencil::{Unit, part_of};

/// The words of a cell, and how a value goes in.
#[derive(Clone, Debug)]
pub(super) enum Words {
    /// Tick boxes: all words that tick each, in order.
    Ticks {
        text: String,
        boxes: Vec<Vec<String>>,
    },
    /// 　年　月　日.
    Date(String),
    /// A blank behind a label.
    Line { text: String, label: String },
    /// `{{key}}` among other words.
    Placeholder { text: String, key: String },
}

impl Words {
    /// The words with a value; none where they have no room for it.
    pub(super) fn with(&self, value: &str) -> Option<String> {
        match self {
            Self::Ticks { text, boxes: known } => {
                let mut chars: Vec<char> = text.chars().collect();
                let values: Vec<&str> = value
                    .split(['、', '；', ';', '\n'])
                    .map(str::trim)
                    .collect();
                let style = if text.contains('■') { '■' } else { '☑' };
                for ((at, _), words) in boxes(&chars.clone()).into_iter().zip(known) {
                    let on = words.iter().any(|w| values.contains(&w.as_str()));
                    if let Some(c) = chars.get_mut(at).filter(|c| on && is_box(**c)) {
                        *c = ticked(*c, style);
                    }
                }
                Some(chars.into_iter().collect())
            }
            Self::Date(text) => {
                let mut out = String::new();
                let mut rest = text.as_str();
                for (word, unit) in [('年', Unit::Year), ('月', Unit::Month), ('日', Unit::Day)]
                {
                    let Some((before, behind)) = rest.split_once(word) else {
                        break;
                    };
                    match part_of(value, unit) {
                        Some(number) => {
                            let kept = before.trim_end_matches(|c| is_blank(c) || c == '_');
                            out.push_str(&format!("{kept}{number}{word}"));
                        }
                        None => out.push_str(&format!("{before}{word}")),
                    }
                    rest = behind;
                }
                out.push_str(rest);
                Some(out)
            }
            Self::Placeholder { text, key } => {
                let mut out = String::new();
                let mut rest = text.as_str();
                while let Some((before, behind)) = rest.split_once("{{") {
                    let (word, behind) = behind.split_once("}}")?;
                    out.push_str(before);
                    if word.trim() == key {
                        out.push_str(value);
                    } else {
                        out.push_str(&format!("{{{{{word}}}}}"));
                    }
                    rest = behind;
                }
                out.push_str(rest);
                Some(out)
            }
            Self::Line { text, label } => {
                let chars: Vec<char> = text.chars().collect();
                let start = behind(&chars, label);
                let low = |c: &char| matches!(c, '_' | '＿') || is_blank(*c);
                let blank = chars.iter().skip(start).take_while(|c| low(c)).count();
                let head: String = chars.iter().take(start).collect();
                let tail: String = chars.iter().skip(start + blank).collect();
                let gap = if tail.is_empty() { "" } else { "　" };
                Some(format!("{head}{value}{gap}{tail}"))
            }
        }
    }
}

/// The number of the first character behind a label and its colon; behind the first colon where there is no label.
fn behind(chars: &[char], label: &str) -> usize {
    let label: Vec<char> = folded(label).chars().collect();
    let letters: Vec<(usize, char)> = chars
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, c)| c.is_alphanumeric())
        .collect();
    let last = if label.is_empty() {
        chars.iter().position(|c| matches!(c, '：' | ':'))
    } else {
        letters
            .windows(label.len())
            .find(|w| w.iter().map(|l| l.1).eq(label.iter().copied()))
            .and_then(<[_]>::last)
            .map(|l| l.0)
    };
    last.map_or(0, |last| {
        let rest = chars.get(last + 1..).unwrap_or_default();
        last + 1 + rest.iter().take_while(|c| "：:）)".contains(**c)).count()
    })
}
