//! Values among the words of a cell in a sheet: ticks in lists of boxes, digits before 年 月 日, blanks behind labels, placeholders.
//! One cell may hold several of them.

use crate::fill::anatomy::boxes::ticked;
use crate::fill::anatomy::boxes::{boxes_of, is_box};
use crate::fill::anatomy::glyphs::is_blank;
use crate::fill::anatomy::label::folded;
use crate::fill::put::stencil::{DatePart, part_of};

/// In the label of a prepared place of a sheet: between the words of the cell beside it and its own.
pub(in crate::fill) const BESIDE: char = '\t';

/// How a value goes in among the words of a cell.
#[derive(Clone, Debug)]
pub(super) enum AmongWords {
    /// Tick boxes behind a label: all words that tick each, in order.
    Ticks {
        label: String,
        boxes: Vec<Vec<String>>,
    },
    /// 　年　月　日 behind a label.
    Date { label: String },
    /// A blank behind a label.
    Line { label: String },
    /// `{{key}}`: the words between the braces that mean it.
    Placeholder(Vec<String>),
}

/// The text of a cell with these values; none where no value goes in.
pub(super) fn written(text: &str, values: &[(&AmongWords, &str)]) -> Option<String> {
    let mut out = filled_in(text, values);
    for (words, value) in values.iter().filter(|v| !v.1.is_empty()) {
        let from = out.as_deref().unwrap_or(text);
        out = words.with(from, value).or(out);
    }
    out
}

/// A text with its placeholders replaced, all at once; those without a value go. None where there are none.
fn filled_in(text: &str, values: &[(&AmongWords, &str)]) -> Option<String> {
    let known = values.iter().filter_map(|(words, value)| match words {
        AmongWords::Placeholder(keys) => Some((keys, *value)),
        _ => None,
    });
    let known: Vec<(&Vec<String>, &str)> = known.collect();
    if known.is_empty() {
        return None;
    }
    let mut out = String::new();
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Key(key) => {
                let value = known.iter().find(|k| k.0.iter().any(|own| own == key));
                match value {
                    Some((_, value)) => out.push_str(value),
                    None if key.starts_with(['#', '/', '@']) => {}
                    None => out.push_str(&format!("{{{{{key}}}}}")),
                }
            }
        }
    }
    Some(out)
}

/// What a text with placeholders is made of.
enum Piece<'t> {
    Text(&'t str),
    Key(&'t str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((key, behind)) = behind.split_once("}}") else {
            break;
        };
        out.push(Piece::Text(before));
        out.push(Piece::Key(key.trim()));
        rest = behind;
    }
    out.push(Piece::Text(rest));
    out
}

/// What stands in a cell where its placeholder stood: `{{key}}` of a text that is known, in a text that was filled in. None where
/// the words around it are other ones now.
pub(in crate::fill) fn placed(template: &str, key: &str, text: &str) -> Option<String> {
    let mut rest = text;
    let mut wanted: Option<bool> = None;
    let mut found = None;
    let all = pieces(template);
    let last = all.len() - 1;
    for (n, piece) in all.into_iter().enumerate() {
        match piece {
            Piece::Key(word) if word.starts_with(['#', '/', '@']) => {}
            Piece::Key(word) => wanted = Some(means(word, key)),
            Piece::Text("") if n < last => {}
            Piece::Text(words) => {
                let at = match wanted {
                    // the last words are looked for from the end
                    Some(_) if n == last => rest.strip_suffix(words).map(str::len),
                    Some(_) => rest.find(words),
                    None => rest.starts_with(words).then_some(0),
                }?;
                if wanted == Some(true) {
                    found = rest.get(..at);
                }
                wanted = None;
                rest = rest.get(at + words.len()..)?;
            }
        }
    }
    Some(found?.trim().to_owned())
}

/// Whether a word between braces means a key: `span` stands for `resume.span` between `{{#resume}}` and `{{/resume}}`.
fn means(word: &str, key: &str) -> bool {
    word == key || key.split_once('.').is_some_and(|(_, field)| field == word)
}

impl AmongWords {
    /// A placeholder for a key.
    pub(super) fn placeholder(key: &str) -> Self {
        let field = key.split_once('.').map(|(_, field)| field.to_owned());
        Self::Placeholder(std::iter::once(key.to_owned()).chain(field).collect())
    }

    /// The words with a value; none where they have no room for it.
    fn with(&self, text: &str, value: &str) -> Option<String> {
        match self {
            Self::Ticks { label, boxes } => {
                let chars: Vec<char> = text.chars().collect();
                let values: Vec<&str> = value
                    .split(['、', '；', ';', '\n'])
                    .map(str::trim)
                    .collect();
                let style = if text.contains('■') { '■' } else { '☑' };
                let mut out = chars.clone();
                for ((at, _), words) in boxes_of(&chars, label).into_iter().zip(boxes) {
                    let on = words.iter().any(|w| values.contains(&w.as_str()));
                    if let Some(c) = out.get_mut(at).filter(|c| on && is_box(**c)) {
                        *c = ticked(*c, style);
                    }
                }
                Some(out.into_iter().collect())
            }
            Self::Date { label } => {
                let (head, mut rest) = parted(text, behind_words(text, label));
                let mut out = head.to_owned();
                for (word, unit) in [
                    ('年', DatePart::Year),
                    ('月', DatePart::Month),
                    ('日', DatePart::Day),
                ] {
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
            Self::Line { label } => {
                let chars: Vec<char> = text.chars().collect();
                let start = behind(&chars, label);
                let low = |c: &char| matches!(c, '_' | '＿') || is_blank(*c);
                let blank = chars.iter().skip(start).take_while(|c| low(c)).count();
                let head: String = chars.iter().take(start).collect();
                let tail: String = chars.iter().skip(start + blank).collect();
                let gap = if tail.is_empty() { "" } else { "　" };
                Some(format!("{head}{value}{gap}{tail}"))
            }
            Self::Placeholder(_) => None,
        }
    }
}

/// A text parted behind some characters.
fn parted(text: &str, chars: usize) -> (&str, &str) {
    let at = text.char_indices().nth(chars).map_or(text.len(), |c| c.0);
    text.split_at(at)
}

/// The number of the first character behind a label; 0 where there is none or it is not there.
pub(in crate::fill) fn behind_words(text: &str, label: &str) -> usize {
    if folded(label).is_empty() {
        return 0;
    }
    behind(&text.chars().collect::<Vec<char>>(), label)
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
