//! A paragraph into lines: measured by `atoms`, broken by `breaking`; here each line's characters get their places: alignment,
//! justification, spread labels. A line knows the x of each character from the left edge of its box; where the box stands is elsewhere.

use crate::campaign::Align;
use crate::face::Face;
use crate::font::FontSet;
use crate::form::Style;
use crate::text::breaks::{IN_WORD, allowed, costs, is_joined_name};
use crate::text::kinsoku::{Class, class};
use crate::text::lexicon::WordList;
use crate::units::Length;

use super::atoms::{Atom, Missing, Shape, measure};
use super::breaking::{LOOSE_TO_EDGE, MOST_LOOSE, Measure, Span, spans, stretches, weights};

/// A character at its place in a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cluster {
    pub(super) ch: char,
    pub(super) shape: Shape,
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
    /// Whether one line more might spare a word or a lone character of its paragraph.
    pub(super) spares: bool,
    /// Whether its paragraph begins here.
    pub(super) first: bool,
    /// Whether its paragraph ends here.
    pub(super) last: bool,
}

/// One line with what is needed to set it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Laid {
    pub(super) line: Line,
    pub(super) size: Length,
    pub(super) pitch: Length,
    pub(super) face: Face,
}

/// Breaks one paragraph at a size into lines within `width`; `roomy` where it may take a line more that spares a word.
pub(super) fn break_lines(
    book: &FontSet,
    words: &WordList,
    (style, size): (&Style, Length),
    text: &str,
    width: Length,
    roomy: bool,
    missing: &mut Vec<Missing>,
) -> Vec<Line> {
    let atoms = measure(book, style, size, text, missing);
    let left = size.0 * i64::from(style.left);
    let room = (width.0 - left - size.0 * i64::from(style.right)).max(size.0);
    let indent = (size.0 * i64::from(style.indent)).min(room - size.0).max(0);
    let chars: Vec<char> = atoms.iter().map(|a| a.ch).collect();
    let measure = Measure {
        room,
        indent,
        size,
        align: style.align,
        roomy,
    };
    // most cells hold one line, and words are costly to find
    let costs = if measure.is_one_line(&atoms) {
        Vec::new()
    } else if measure.by_words(&atoms) {
        costs(&chars, words)
    } else {
        allowed(&chars)
    };
    let mut found = spans(&atoms, &costs, &measure);
    // a part of a name is cut as a word is
    if is_joined_name(&chars) {
        for span in &mut found {
            span.torn |= costs.get(span.end).is_some_and(|cost| *cost >= IN_WORD);
        }
    }
    let mut lines: Vec<Line> = found
        .iter()
        .map(|span| set_line(&atoms, *span, style, left, &measure))
        .collect();
    if lines.is_empty() {
        lines.push(Line {
            first: true,
            last: true,
            ..Line::default()
        });
    }
    lines
}

/// The width in which no word of a paragraph is cut.
pub(super) fn least_width(
    book: &FontSet,
    words: &WordList,
    style: &Style,
    size: Length,
    text: &str,
) -> Length {
    let atoms = measure(book, style, size, text, &mut Vec::new());
    let chars: Vec<char> = atoms.iter().map(|a| a.ch).collect();
    let costs = match style.align {
        Align::Justify => allowed(&chars),
        _ => costs(&chars, words),
    };
    let (mut least, mut word) = (0, 0);
    for (at, atom) in atoms.iter().enumerate() {
        if costs.get(at).is_some_and(|cost| *cost < IN_WORD) {
            word = -atom.blank_left;
        }
        word += atom.width;
        if class(atom.ch) != Class::Space {
            // what a line's end may give up is not asked for
            least = least.max(word - atom.blank_right);
        }
    }
    Length(least) + beside(style, size)
}

/// The width in which all of a paragraph is one line.
pub(super) fn liked_width(book: &FontSet, style: &Style, size: Length, text: &str) -> Length {
    let atoms = measure(book, style, size, text, &mut Vec::new());
    let line: i64 = atoms.iter().map(|a| a.width).sum();
    let hangs = atoms.last().map_or(0, |a| a.blank_right);
    let line = line - hangs + size.0 * i64::from(style.indent);
    let spread = match atoms.len() {
        0 | 1 => 0,
        _ => size.0 * i64::from(style.spread),
    };
    Length(line.max(spread)) + beside(style, size)
}

/// What a style leaves free at both sides of its lines.
fn beside(style: &Style, size: Length) -> Length {
    size * (i64::from(style.left) + i64::from(style.right))
}

fn set_line(all: &[Atom], span: Span, style: &Style, left: i64, measure: &Measure) -> Line {
    let (first, last) = (span.start == 0, span.end >= all.len());
    let indent = if first { measure.indent } else { 0 };
    let room = measure.room - indent;
    let atoms = all.get(span.start..span.end).unwrap_or_default();
    let spaces = atoms
        .iter()
        .rev()
        .take_while(|a| class(a.ch) == Class::Space)
        .count();
    let atoms = atoms.get(..atoms.len() - spaces).unwrap_or_default();
    // an opening sign that begins a line gives up its blank half (CLReq 3.1.6)
    let hang = atoms
        .first()
        .filter(|_| measure.gives_way(span.start))
        .map_or(0, |a| a.blank_left);
    let script = atoms.last().map_or(0, |a| a.script);
    let natural: i64 = atoms.iter().map(|a| a.width).sum::<i64>() - hang - script;
    let ends = Ends { first, last };
    let (start, extra) = extra(atoms, natural, room, style, measure.size, ends);
    let mut x = left + indent + start - hang;
    let mut clusters = Vec::with_capacity(atoms.len());
    for (atom, more) in atoms.iter().zip(extra) {
        clusters.push(Cluster {
            ch: atom.ch,
            shape: atom.shape.clone(),
            x: Length(x),
        });
        x += atom.width + more;
    }
    Line {
        clusters,
        end: Length(x - script),
        torn: span.torn,
        spares: span.spares,
        first,
        last,
    }
}

/// Whether a paragraph begins and ends with a line.
#[derive(Clone, Copy)]
struct Ends {
    first: bool,
    last: bool,
}

/// Where a line begins, and what is added behind each of its atoms.
fn extra(
    atoms: &[Atom],
    natural: i64,
    room: i64,
    style: &Style,
    size: Length,
    ends: Ends,
) -> (i64, Vec<i64>) {
    let none = || vec![0; atoms.len()];
    let slack = room - natural;
    let spread = i64::from(style.spread) * size.0;
    let spreads = style.spread > 0
        && ends.first
        && ends.last
        && atoms.len() > 1
        && atoms.iter().all(|a| class(a.ch) == Class::Han);
    if spreads && natural < spread && spread <= room {
        let mut even = vec![1; atoms.len()];
        if let Some(end) = even.last_mut() {
            *end = 0;
        }
        return (
            align_offset(style.align, room - spread),
            shared(spread - natural, &even),
        );
    }
    // a line that is too full gives up the blank half of its last sign, which then hangs over the edge
    let slack = match (slack < 0, atoms.last()) {
        (true, Some(last)) => slack + last.blank_right - last.script,
        _ => slack,
    };
    if slack < 0 {
        return (0, taken(atoms, -slack));
    }
    let full = !ends.last || natural > room;
    if style.align == Align::Justify && full {
        let weights = weights(atoms);
        let total: i64 = weights.iter().sum();
        let stretches = stretches(atoms);
        let first = slack.min(stretches.iter().sum());
        // a line beside a long word is not torn apart
        let most = total * size.0 * MOST_LOOSE / 1000;
        let near = slack - first <= total * size.0 * LOOSE_TO_EDGE / 1000;
        let rest = if near { slack - first } else { most };
        let both = shared(first, &stretches).into_iter();
        let both = both.zip(shared(rest, &weights));
        return (0, both.map(|(first, rest)| first + rest).collect());
    }
    (align_offset(style.align, slack), none())
}

/// What is taken away behind each atom where a line is too full: of the blank halves of the signs within it.
fn taken(atoms: &[Atom], over: i64) -> Vec<i64> {
    let mut shrinks: Vec<i64> = atoms.iter().map(|a| a.shrink).collect();
    if let Some(last) = shrinks.last_mut() {
        *last = 0;
    }
    let most: i64 = shrinks.iter().sum();
    shared(-over.min(most), &shrinks)
}

/// A length shared out by weights, without rounding drift.
fn shared(length: i64, weights: &[i64]) -> Vec<i64> {
    let total: i64 = weights.iter().sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let mut before = 0;
    let part = |weight: &i64| {
        let from = length * before / total;
        before += weight;
        length * before / total - from
    };
    weights.iter().map(part).collect()
}

fn align_offset(align: Align, slack: i64) -> i64 {
    match align {
        Align::Left | Align::Justify => 0,
        Align::Center => slack / 2,
        Align::Right => slack,
    }
}
