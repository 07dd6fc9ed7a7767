//! Rectangles at a place of the page, as rules: a closed frame, a dashed one, or marks outside of its corners to cut along.

use crate::campaign::FrameLine;
use crate::form::Frame;
use crate::units::Length;

use super::page::Item;

/// Thin and thick rules: 0.5 pt and 1 pt.
const THIN: Length = Length(176);
const THICK: Length = Length(353);
/// A dash, and from its beginning to that of the next.
const DASH: Length = Length::mm(2);
const STEP: Length = Length(3_500);
/// From a corner to a mark for cutting, and its length.
const APART: Length = Length(1_500);
const CUT: Length = Length::mm(4);

/// The rules of a rectangle.
pub(super) fn frame_rules(frame: Frame) -> Vec<Item> {
    let (left, top) = (frame.x, frame.y);
    let (right, bottom) = (left + frame.width, top + frame.height);
    let rule = |from, to, width| Item::Rule { from, to, width };
    if frame.line == FrameLine::Crop {
        let mut marks = Vec::new();
        for (x, out) in [(left, -1), (right, 1)] {
            for (y, away) in [(top, -1), (bottom, 1)] {
                let across = |far: Length| (x + far * out, y);
                let down = |far: Length| (x, y + far * away);
                marks.push(rule(across(APART), across(APART + CUT), THIN));
                marks.push(rule(down(APART), down(APART + CUT), THIN));
            }
        }
        return marks;
    }
    let width = if frame.line == FrameLine::Thick {
        THICK
    } else {
        THIN
    };
    // upright rules end at the edges of the lying ones, so that corners are closed
    let half = width / 2;
    let lying = [top, bottom].map(|y| ((left - half, y), (right + half, y)));
    let upright = [left, right].map(|x| ((x, top + half), (x, bottom - half)));
    let sides = lying.into_iter().chain(upright);
    match frame.line {
        FrameLine::Dashed => sides.flat_map(|(from, to)| dashes(from, to)).collect(),
        _ => sides.map(|(from, to)| rule(from, to, width)).collect(),
    }
}

/// A rule as dashes.
fn dashes(from: (Length, Length), to: (Length, Length)) -> Vec<Item> {
    let lies = from.1 == to.1;
    let length = if lies { to.0 - from.0 } else { to.1 - from.1 };
    let at = |far: Length| match lies {
        true => (from.0 + far, from.1),
        false => (from.0, from.1 + far),
    };
    let mut out = Vec::new();
    let mut far = Length::ZERO;
    while far < length {
        let end = (far + DASH).min(length);
        out.push(Item::Rule {
            from: at(far),
            to: at(end),
            width: THIN,
        });
        far += STEP;
    }
    out
}
