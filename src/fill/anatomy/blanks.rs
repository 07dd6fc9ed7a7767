//! Blanks (空白) in a line that are there to be written on.

use std::ops::Range;

use crate::fill::anatomy::glyphs::{Glyph, is_blank};

/// Blanks to be written on: underlined spaces, or underscores, at least two characters of them.
pub(in crate::fill) fn lines(glyphs: &[Glyph<'_>]) -> Vec<Range<usize>> {
    let low = |g: &Glyph<'_>| matches!(g.c, '_' | '＿') || g.underlined && is_blank(g.c);
    let mut out = Vec::new();
    let mut start = None;
    for (n, glyph) in glyphs.iter().enumerate() {
        match (low(glyph), start) {
            (true, None) => start = Some(n),
            (false, Some(from)) => {
                out.push(from..n);
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| from..glyphs.len()));
    out.retain(|r| {
        r.len() > 1
            || glyphs
                .get(r.start)
                .is_some_and(|g| matches!(g.c, '\t' | '＿'))
    });
    out
}
