//! Lines into items: runs of one font, tick boxes as rules. The baseline stands where the em box of 880 above and 120
//! below it is in the middle of the line's pitch, whatever the font's own ascent says.

use crate::units::Length;

use super::line::{Cluster, Laid};
use super::page::{Item, Placed, Rect, Text};

/// Where items are collected.
#[derive(Default)]
pub(super) struct Sink {
    pub(super) items: Vec<Item>,
    pub(super) seal_slots: Vec<Rect>,
}

/// Thickness of a tick box's rules.
const BOX_RULE: Length = Length(180);

/// Sets one line whose box begins at (x, y).
pub(super) fn set_line(laid: &Laid, x: Length, y: Length, sink: &mut Sink) {
    let baseline = y + (laid.pitch - laid.size) / 2 + laid.size.scaled(88, 100);
    let mut run: Option<Text> = None;
    for cluster in &laid.line.clusters {
        let Some((font, glyph)) = cluster.glyph else {
            sink.items.extend(run.take().map(Item::Text));
            tick_box(cluster, laid.size, x, baseline, sink);
            continue;
        };
        let at = x + cluster.x;
        match &mut run {
            Some(text) if text.font == font => {
                text.glyphs.push(Placed {
                    glyph,
                    ch: cluster.ch,
                    dx: at - text.x,
                });
            }
            _ => {
                sink.items.extend(run.take().map(Item::Text));
                let glyphs = vec![Placed {
                    glyph,
                    ch: cluster.ch,
                    dx: Length::ZERO,
                }];
                run = Some(Text {
                    font,
                    size: laid.size,
                    x: at,
                    baseline,
                    glyphs,
                    grey: 0,
                    angle: 0,
                });
            }
        }
    }
    sink.items.extend(run.map(Item::Text));
}

/// A square of 0.72 em, with a tick in it where it is on.
fn tick_box(cluster: &Cluster, size: Length, x: Length, baseline: Length, sink: &mut Sink) {
    let em = |thousandths: i64| size.scaled(thousandths, 1000);
    let left = x + cluster.x + em(80);
    let (right, bottom) = (left + em(720), baseline + em(40));
    let top = bottom - em(720);
    let mut rule = |from, to, width| sink.items.push(Item::Rule { from, to, width });
    rule((left, top), (right, top), BOX_RULE);
    rule((left, bottom), (right, bottom), BOX_RULE);
    rule((left, top), (left, bottom), BOX_RULE);
    rule((right, top), (right, bottom), BOX_RULE);
    if cluster.ch != '☐' {
        let turn = (left + em(290), bottom - em(130));
        rule((left + em(120), bottom - em(340)), turn, BOX_RULE * 2);
        rule(turn, (right - em(90), top + em(130)), BOX_RULE * 2);
    }
}
