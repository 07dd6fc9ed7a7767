//! Rules of the tables on one page: edges are collected, joined where they touch, and drawn once, the outer frame
//! heavier than the inner rules (外框 1 磅, 内线 0.5 磅). Rules end at the centre lines of those that they meet; their square ends
//! fill the corners.

use std::collections::BTreeMap;

use crate::units::Length;

use super::page::{Item, Rect};

/// Thickness of the frame: 1 pt.
const OUTER: Length = Length(353);
/// Thickness of inner rules: 0.5 pt.
const INNER: Length = Length(176);

/// Edges of the tables that stand flush below each other.
#[derive(Debug, Default)]
pub(super) struct TableEdges {
    /// By y: spans of x.
    across: BTreeMap<Length, Vec<(Length, Length)>>,
    /// By x: spans of y.
    down: BTreeMap<Length, Vec<(Length, Length)>>,
    frame: Option<Rect>,
}

impl TableEdges {
    /// Adds the four edges of a cell.
    pub(super) fn cell(&mut self, at: Rect) {
        self.across
            .entry(at.y)
            .or_default()
            .push((at.x, at.right()));
        self.across
            .entry(at.bottom())
            .or_default()
            .push((at.x, at.right()));
        self.down.entry(at.x).or_default().push((at.y, at.bottom()));
        self.down
            .entry(at.right())
            .or_default()
            .push((at.y, at.bottom()));
        self.frame = Some(self.frame.map_or(at, |frame| union(frame, at)));
    }

    /// Draws and forgets what was collected.
    pub(super) fn draw(&mut self, items: &mut Vec<Item>) {
        let Some(frame) = self.frame.take() else {
            return;
        };
        for (y, spans) in std::mem::take(&mut self.across) {
            let width = if y == frame.y || y == frame.bottom() {
                OUTER
            } else {
                INNER
            };
            for (from, to) in joined(spans) {
                items.push(Item::Rule {
                    from: (from, y),
                    to: (to, y),
                    width,
                });
            }
        }
        for (x, spans) in std::mem::take(&mut self.down) {
            let width = if x == frame.x || x == frame.right() {
                OUTER
            } else {
                INNER
            };
            for (from, to) in joined(spans) {
                items.push(Item::Rule {
                    from: (x, from),
                    to: (x, to),
                    width,
                });
            }
        }
    }
}

fn union(a: Rect, b: Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect {
        x,
        y,
        width: a.right().max(b.right()) - x,
        height: a.bottom().max(b.bottom()) - y,
    }
}

/// Spans that touch or overlap become one.
fn joined(mut spans: Vec<(Length, Length)>) -> Vec<(Length, Length)> {
    spans.sort_unstable();
    let mut out: Vec<(Length, Length)> = Vec::new();
    for (from, to) in spans {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}
