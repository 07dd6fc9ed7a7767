//! Values among the words of a cell in a sheet: ticks in lists of boxes, digits before 年 月 日, blanks behind labels, placeholders.
//! One cell may hold several of them.

use crate::fill::anatomy::boxes::{boxes_of, is_box, ticked};
use crate::fill::anatomy::cell_words::{Piece, behind, behind_words, pieces};
use crate::fill::anatomy::glyphs::is_blank;
use crate::fill::anatomy::label::is_to_be_signed;
use crate::fill::anatomy::numbered::with_entries;
use crate::fill::put::date_part::{DatePart, part_of};

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
    /// A box for each character.
    Digits,
    /// Entries behind the numbers of lines.
    Numbered,
    /// An opinion above the lines to be signed, below the words that the cell begins with.
    Opinion,
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
            Self::Digits => {
                let mut rest = value.chars();
                let one = |c: char| {
                    if is_box(c) {
                        rest.next().unwrap_or(c)
                    } else {
                        c
                    }
                };
                Some(text.chars().map(one).collect())
            }
            Self::Numbered => Some(with_entries(text, value)),
            Self::Opinion => Some(above_signature(text, value)),
            Self::Placeholder(_) => None,
        }
    }
}

/// The text of an opinion box with the opinion in it: the words that the box begins with, the opinion, and the lines to be signed with
/// what is left of the room above them.
fn above_signature(text: &str, opinion: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let signed = lines.iter().position(|l| is_to_be_signed(l));
    let (above, signed) = lines.split_at(signed.unwrap_or(lines.len()));
    let blank = |line: &&&str| line.chars().all(is_blank);
    let mut out: Vec<&str> = above.iter().filter(|l| !blank(l)).copied().collect();
    let room = above.iter().filter(blank).count();
    out.extend(opinion.split('\n'));
    if !signed.is_empty() {
        let taken = opinion.split('\n').count();
        out.extend(std::iter::repeat_n("", room.saturating_sub(taken).max(1)));
        out.extend(signed);
    }
    out.join("\n")
}

/// A text parted behind some characters.
fn parted(text: &str, chars: usize) -> (&str, &str) {
    let at = text.char_indices().nth(chars).map_or(text.len(), |c| c.0);
    text.split_at(at)
}
