//! Lines into items: runs of one font, tick boxes as rules. The baseline stands where the em box of 880 above and 120
//! below it is in the middle of the line's pitch, whatever the font's own ascent says.

use crate::units::Length;

use super::atoms::Shape;
use super::line::{Cluster, Laid};
use super::page::{Item, Placed, Rect, Text};
use super::shapes::Part;

/// Where items are collected.
#[derive(Default)]
pub(super) struct Sink {
    pub(super) items: Vec<Item>,
    pub(super) seal_slots: Vec<Rect>,
}

/// Thickness of a tick box's rules.
const BOX_RULE: Length = Length(180);
/// Thickness of the box around the code of a character that no font has.
const CODE_RULE: Length = Length(120);

/// Sets one line whose box begins at (x, y).
pub(super) fn set_line(laid: &Laid, x: Length, y: Length, sink: &mut Sink) {
    let baseline = y + (laid.pitch - laid.size) / 2 + laid.size.scaled(88, 100);
    let mut run: Option<Text> = None;
    for cluster in &laid.line.clusters {
        let at = x + cluster.x;
        let Shape::Glyph(font, glyph) = cluster.shape else {
            sink.items.extend(run.take().map(Item::Text));
            drawn(cluster, laid.size, at, baseline, sink);
            continue;
        };
        match &mut run {
            Some(text) if text.font == font => text.glyphs.push(Placed {
                glyph,
                ch: cluster.ch,
                dx: at - text.x,
            }),
            _ => {
                sink.items.extend(run.take().map(Item::Text));
                run = Some(Text {
                    font,
                    size: laid.size,
                    x: at,
                    baseline,
                    glyphs: vec![Placed {
                        glyph,
                        ch: cluster.ch,
                        dx: Length::ZERO,
                    }],
                    grey: 0,
                    angle: 0,
                });
            }
        }
    }
    sink.items.extend(run.map(Item::Text));
}

/// Draws a character that is no glyph of the line.
fn drawn(cluster: &Cluster, size: Length, x: Length, baseline: Length, sink: &mut Sink) {
    match &cluster.shape {
        Shape::Glyph(..) => {}
        Shape::Tick => tick_box(cluster.ch != '☐', size, x, baseline, sink),
        Shape::Parts(parts) => set_parts(parts, size, x, baseline, sink),
        Shape::Missing(parts) => {
            let em = |thousandths: i64| size.scaled(thousandths, 1000);
            let frame = Rect {
                x: x + em(60),
                y: baseline - em(820),
                width: em(880),
                height: em(880),
            };
            square(frame, CODE_RULE, sink);
            set_parts(parts, size, x, baseline, sink);
        }
    }
}

fn set_parts(parts: &[Part], size: Length, x: Length, baseline: Length, sink: &mut Sink) {
    sink.items.extend(parts.iter().map(|part| {
        Item::Text(Text {
            font: part.font,
            size: size.scaled(part.scale, 1000),
            x: x + size.scaled(part.x, 1000),
            baseline: baseline - size.scaled(part.raise, 1000),
            glyphs: vec![Placed {
                glyph: part.glyph,
                ch: part.ch,
                dx: Length::ZERO,
            }],
            grey: 0,
            angle: 0,
        })
    }));
}

/// The four rules of a rectangle.
fn square(at: Rect, width: Length, sink: &mut Sink) {
    let (left, right, top, bottom) = (at.x, at.right(), at.y, at.bottom());
    let mut rule = |from, to| sink.items.push(Item::Rule { from, to, width });
    rule((left, top), (right, top));
    rule((left, bottom), (right, bottom));
    rule((left, top), (left, bottom));
    rule((right, top), (right, bottom));
}

/// A square of 0.72 em, with a tick in it where it is on.
fn tick_box(on: bool, size: Length, x: Length, baseline: Length, sink: &mut Sink) {
    let em = |thousandths: i64| size.scaled(thousandths, 1000);
    let side = em(720);
    let at = Rect {
        x: x + em(80),
        y: baseline + em(40) - side,
        width: side,
        height: side,
    };
    square(at, BOX_RULE, sink);
    if on {
        let (left, right, top, bottom) = (at.x, at.right(), at.y, at.bottom());
        let turn = (left + em(290), bottom - em(130));
        let mut stroke = |from, to| {
            sink.items.push(Item::Rule {
                from,
                to,
                width: BOX_RULE * 2,
            })
        };
        stroke((left + em(120), bottom - em(340)), turn);
        stroke(turn, (right - em(90), top + em(130)));
    }
}
