//! A paragraph into lines: greedy breaking under `kinsoku`, squeezed punctuation, alignment, justification and spread
//! labels. A line knows the x of each glyph from the left edge of its box; where the box stands is elsewhere.

use crate::campaign::Align;
use crate::face::Face;
use crate::font::{FontId, FontSet, is_ignorable};
use crate::form::Style;
use crate::text::kinsoku::{Class, blank_sides, class, may_break};
use crate::units::Length;

/// A glyph at its place in a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cluster {
    pub(super) ch: char,
    /// None for a tick box, which is drawn.
    pub(super) glyph: Option<(FontId, u16)>,
    /// Origin, from the left edge of the box.
    pub(super) x: Length,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    pub(super) clusters: Vec<Cluster>,
    /// Right end of the ink's advance, from the left edge of the box.
    pub(super) end: Length,
    /// Whether a word was cut at its end, being wider than a line.
    pub(super) torn: bool,
}

/// One line with what is needed to set it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Laid {
    pub(super) line: Line,
    pub(super) size: Length,
    pub(super) pitch: Length,
    pub(super) face: Face,
}

/// A character that no font has: its position in the text, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) at: usize,
    pub(super) ch: char,
}

/// A character measured.
#[derive(Clone, Copy)]
struct Atom {
    ch: char,
    glyph: Option<(FontId, u16)>,
    width: i64,
}

/// Whether a character is drawn as a tick box instead of being set.
pub(super) fn is_tick(ch: char) -> bool {
    matches!(ch, '☐' | '☑' | '☒')
}

fn measure(
    book: &FontSet,
    style: &Style,
    size: Length,
    text: &str,
    missing: &mut Vec<Missing>,
) -> Vec<Atom> {
    let mut atoms = Vec::with_capacity(text.len() / 2);
    for (at, ch) in text.chars().enumerate() {
        if is_ignorable(ch) {
            continue;
        }
        if is_tick(ch) {
            atoms.push(Atom {
                ch,
                glyph: None,
                width: size.0 * 95 / 100,
            });
        } else if let Some(glyph) = book.glyph(style.face, ch) {
            let width = size.0 * i64::from(glyph.advance) / 1000;
            atoms.push(Atom {
                ch,
                glyph: Some((glyph.font, glyph.id)),
                width,
            });
        } else {
            missing.push(Missing { at, ch });
        }
    }
    squeeze_neighbours(&mut atoms, size);
    atoms
}

/// Two signs side by side give up one blank half (标点挤压, CLReq 3.1.6).
fn squeeze_neighbours(atoms: &mut [Atom], size: Length) {
    for i in 1..atoms.len() {
        let full = |atom: &Atom| atom.width >= size.0 * 9 / 10;
        let (Some(&before), Some(&after)) = (atoms.get(i - 1), atoms.get(i)) else {
            continue;
        };
        let blank_before = blank_sides(before.ch).1;
        let blank_after = blank_sides(after.ch).0;
        let after_is_sign = blank_sides(after.ch) != (0, 0);
        if blank_before > 0 && after_is_sign && full(&before) {
            if let Some(atom) = atoms.get_mut(i - 1) {
                atom.width -= size.0 * blank_before / 1000;
            }
        } else if blank_before == 0
            && blank_after > 0
            && blank_sides(before.ch).0 > 0
            && full(&before)
        {
            // （“ : the second gives up its left half, by drawing the first one's advance short
            if let Some(atom) = atoms.get_mut(i - 1) {
                atom.width -= size.0 * blank_after / 1000;
            }
        }
    }
}

/// Breaks one paragraph at a size into lines within `width`.
pub(super) fn break_lines(
    book: &FontSet,
    style: &Style,
    size: Length,
    text: &str,
    width: Length,
    missing: &mut Vec<Missing>,
) -> Vec<Line> {
    let atoms = measure(book, style, size, text, missing);
    let left = size.0 * i64::from(style.left);
    let room = (width.0 - left - size.0 * i64::from(style.right)).max(size.0);
    let mut lines = Vec::new();
    let mut start = 0;
    while start < atoms.len() {
        let indent = if start == 0 {
            (size.0 * i64::from(style.indent)).min(room - size.0).max(0)
        } else {
            0
        };
        let (end, squeezed, torn) = line_end(&atoms, start, room - indent, size);
        let rest = atoms.get(start..end).unwrap_or_default();
        let last = end >= atoms.len();
        let line = set_line(
            rest,
            style,
            size,
            left + indent,
            room - indent,
            squeezed,
            last,
        );
        lines.push(Line { torn, ..line });
        start = end;
        while !last
            && atoms
                .get(start)
                .is_some_and(|a| class(a.ch) == Class::Space)
        {
            start += 1;
        }
    }
    if lines.is_empty() {
        lines.push(Line::default());
    }
    lines
}

/// The end of the line that begins at `start`, whether its last sign gives up its blank half, and whether a word is cut.
fn line_end(atoms: &[Atom], start: usize, room: i64, size: Length) -> (usize, bool, bool) {
    let mut x = 0;
    let mut candidate = None;
    for (i, atom) in atoms.iter().enumerate().skip(start) {
        if i > start
            && let Some(before) = atoms.get(i - 1)
            && may_break(before.ch, atom.ch)
        {
            candidate = Some(i);
        }
        let hangs = class(atom.ch) == Class::Space;
        if x + atom.width > room && !hangs {
            let blank = if atom.width >= size.0 * 9 / 10 {
                size.0 * blank_sides(atom.ch).1 / 1000
            } else {
                0
            };
            let next_breaks = atoms
                .get(i + 1)
                .is_none_or(|next| may_break(atom.ch, next.ch));
            if blank > 0 && next_breaks && x + atom.width - blank <= room {
                return (i + 1, true, false);
            }
            return match candidate {
                Some(end) => (end, false, false),
                // one run wider than the line: cut where it ends
                None => (i.max(start + 1), false, true),
            };
        }
        x += atom.width;
    }
    (atoms.len(), false, false)
}

fn set_line(
    atoms: &[Atom],
    style: &Style,
    size: Length,
    left: i64,
    room: i64,
    squeezed: bool,
    last: bool,
) -> Line {
    let trailing = atoms
        .iter()
        .rev()
        .take_while(|a| class(a.ch) == Class::Space)
        .count();
    let atoms = atoms.get(..atoms.len() - trailing).unwrap_or_default();
    let mut natural: i64 = atoms.iter().map(|a| a.width).sum();
    if squeezed && let Some(end) = atoms.last() {
        natural -= size.0 * blank_sides(end.ch).1 / 1000;
    }
    let slack = (room - natural).max(0);
    let count = i64::try_from(atoms.len()).unwrap_or(i64::MAX);
    let spread = i64::from(style.spread) * size.0;
    let spreads =
        style.spread > 0 && last && count > 1 && atoms.iter().all(|a| class(a.ch) == Class::Han);
    let (start, gaps) = if spreads && natural < spread && spread <= room {
        let gaps = Gaps::even(atoms, spread - natural);
        (align_offset(style.align, room - spread), gaps)
    } else if style.align == Align::Justify && !last {
        (0, Gaps::justified(atoms, slack, size))
    } else {
        (align_offset(style.align, slack), Gaps::none(atoms))
    };
    let mut x = left + start;
    let mut clusters = Vec::with_capacity(atoms.len());
    for (i, atom) in atoms.iter().enumerate() {
        clusters.push(Cluster {
            ch: atom.ch,
            glyph: atom.glyph,
            x: Length(x),
        });
        x += atom.width + gaps.after(i);
    }
    Line {
        clusters,
        end: Length(x),
        torn: false,
    }
}

fn align_offset(align: Align, slack: i64) -> i64 {
    match align {
        Align::Left | Align::Justify => 0,
        Align::Center => slack / 2,
        Align::Right => slack,
    }
}

/// Extra width behind each atom of a line, without rounding drift.
struct Gaps {
    weights: Vec<i64>,
    total: i64,
    extra: i64,
}

impl Gaps {
    fn none(atoms: &[Atom]) -> Self {
        Self {
            weights: vec![0; atoms.len()],
            total: 0,
            extra: 0,
        }
    }

    fn even(atoms: &[Atom], extra: i64) -> Self {
        let mut weights = vec![1; atoms.len()];
        if let Some(end) = weights.last_mut() {
            *end = 0;
        }
        let total = weights.iter().sum();
        Self {
            weights,
            total,
            extra,
        }
    }

    /// Between Han, at spaces and between scripts; never within a word, a pair, or behind an opening sign.
    fn justified(atoms: &[Atom], slack: i64, size: Length) -> Self {
        let mut weights = Vec::with_capacity(atoms.len());
        for (i, atom) in atoms.iter().enumerate() {
            let weight = match (class(atom.ch), atoms.get(i + 1).map(|next| class(next.ch))) {
                (_, None)
                | (Class::Latin, Some(Class::Latin))
                | (Class::Pair, Some(Class::Pair)) => 0,
                (Class::Space, _) => 2,
                (_, Some(Class::Space)) => 0,
                _ => 1,
            };
            weights.push(weight);
        }
        let total: i64 = weights.iter().sum();
        // a line that holds one long word is not torn apart
        if total == 0 || slack / total > size.0 * 6 / 10 {
            return Self::none(atoms);
        }
        Self {
            weights,
            total,
            extra: slack,
        }
    }

    fn after(&self, i: usize) -> i64 {
        if self.total == 0 {
            return 0;
        }
        let before: i64 = self.weights.iter().take(i).sum();
        let here = before + self.weights.get(i).copied().unwrap_or(0);
        self.extra * here / self.total - self.extra * before / self.total
    }
}
