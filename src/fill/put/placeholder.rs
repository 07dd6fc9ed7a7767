//! One placeholder among characters (占位符): where it begins and ends, what it asks for, how its signs go.

use crate::fill::anatomy::glyphs::Glyph;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::cutter::Cutter;
use crate::fill::put::stencil::{Action, Cut};

/// What a word asks for: in the rows of a list a column of it.
pub(super) fn key_in(list: Option<&str>, word: &str) -> CutKey {
    match list {
        Some(list) => CutKey::Row {
            list: list.to_owned(),
            row: None,
            field: word
                .strip_prefix(&format!("{list}."))
                .unwrap_or(word)
                .to_owned(),
        },
        None => CutKey::Field(word.to_owned()),
    }
}

/// Placeholders' own signs go whether there is a value or not.
pub(super) fn erase(glyphs: &[Glyph<'_>], cutter: &mut Cutter) {
    for group in glyphs.chunk_by(|a, b| a.element == b.element) {
        if let (Some(first), Some(last)) = (group.first(), group.last()) {
            cutter.cuts.push(Cut {
                range: first.range.start..last.range.end,
                key: CutKey::Field(String::new()),
                ink: Action::Fixed(String::new()),
                name: String::new(),
            });
        }
    }
}

/// The next word between doubled braces: from its first character to behind its last.
pub(super) fn next_placeholder(glyphs: &[Glyph<'_>], from: usize) -> Option<(usize, usize)> {
    let pair = |c: char, at: usize| {
        let pairs = glyphs.windows(2).enumerate().skip(at);
        let mut pairs = pairs.filter(|(_, w)| w.iter().all(|g| g.c == c));
        pairs.next().map(|(n, _)| n)
    };
    let open = pair('{', from)?;
    let close = pair('}', open + 2)?;
    Some((open, close + 2))
}
