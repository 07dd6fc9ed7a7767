//! What stands at a place of the page, outside of the flow: the lines of an address on an envelope, the boxes of its postcode, a frame
//! to cut along.

use crate::campaign::{Align, BlockTemplate, FormTemplate, FrameLine};
use crate::units::Length;

use super::cells::{named, paragraphs};
use super::values::Scope;
use super::{Block, Frame, Paragraph, PlacedText, Style};

/// Adds what a block places.
pub(super) fn placed(
    form: &FormTemplate,
    scope: &Scope<'_>,
    block: &BlockTemplate,
    out: &mut Vec<Block>,
) {
    let mm = Length::from_mm;
    match block {
        BlockTemplate::Place {
            x,
            y,
            width,
            height,
            text,
            style,
            boxes,
            least,
            ..
        } => {
            let (style, text) = (named(form, style), scope.fill(text));
            let at = (mm(*x), mm(*y));
            match boxes {
                Some(size) => boxed(&text, &style, at, size.map(mm), usize::from(*least), out),
                None => out.push(Block::Placed(PlacedText {
                    x: at.0,
                    y: at.1,
                    width: mm(*width),
                    height: height.map(mm),
                    paragraphs: paragraphs(&text, &style),
                })),
            }
        }
        BlockTemplate::Frame {
            x,
            y,
            width,
            height,
            line,
            ..
        } => out.push(Block::Frame(Frame {
            x: mm(*x),
            y: mm(*y),
            width: mm(*width),
            height: mm(*height),
            line: *line,
        })),
        _ => {}
    }
}

/// Each character in the middle of a box of its own; boxes beyond the text stay empty.
fn boxed(
    text: &str,
    style: &Style,
    (x, y): (Length, Length),
    [width, height, gap]: [Length; 3],
    least: usize,
    out: &mut Vec<Block>,
) {
    let style = Style {
        align: Align::Center,
        pitch: Some(height),
        ..style.clone()
    };
    // what is not known is a line to write on elsewhere
    let mut letters = text.chars().filter(|c| c.is_alphanumeric());
    let count = letters.clone().count().max(least);
    let mut left = x;
    for _ in 0..count {
        out.push(Block::Frame(Frame {
            x: left,
            y,
            width,
            height,
            line: FrameLine::Thin,
        }));
        if let Some(letter) = letters.next() {
            out.push(Block::Placed(PlacedText {
                x: left,
                y,
                width,
                height: None,
                paragraphs: vec![Paragraph {
                    text: letter.to_string(),
                    style: style.clone(),
                }],
            }));
        }
        left += width + gap;
    }
}
