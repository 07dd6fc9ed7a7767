//! An opinion box (意见栏): the opinion above, who signs at the left, and at the lower right a free square for the seal, in which only
//! 盖章 and the day stand. A seal of 45 mm on the middle of the square lies over the day, as GB/T 9704-2012, 7.3.5 has it, and over
//! nothing else; one of 50 mm stays within the box.

use crate::form::Opinion;
use crate::form::measures::{SEAL_BELOW, SIGN_ABOVE, SealSquare};
use crate::units::Length;

use super::line::Laid;
use super::page::Rect;
use super::ruler::{Ruler, height_of, set_lines};
use super::set::Sink;

/// Free room at both sides of the text and above it.
const SIDE: Length = Length::mm(3);
const ABOVE: Length = Length(3500);
/// Least room between text and what is signed.
const GAP: Length = Length::mm(2);
/// From the line that is signed to the lower edge, where nobody seals.
const FOOT: Length = Length::mm(12);

/// A measured opinion.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    text: Vec<Laid>,
    /// The text over the whole width, where it stands beside the square because the box was low: rows may grow until it fits above.
    over: Vec<Laid>,
    sign: Vec<Laid>,
    seal: Vec<Laid>,
    date: Vec<Laid>,
    square: SealSquare,
    sealed: bool,
    height: Length,
}

/// Measures an opinion for a box's width and the height that it should keep to.
pub(super) fn measure(
    ruler: &mut Ruler<'_>,
    opinion: &Opinion,
    width: Length,
    height: Length,
    field: &str,
) -> Measured {
    let square = SealSquare::of(opinion, width);
    let sealed = opinion.seal.is_some();
    let mut lines = |paragraphs: &[_], width| ruler.lines(paragraphs, 0, width, field);
    let one = std::slice::from_ref;
    let sign = lines(one(&opinion.sign), width - SIDE * 2);
    let date = lines(one(&opinion.date), square.side);
    let seal = opinion
        .seal
        .as_ref()
        .map_or_else(Vec::new, |seal| lines(one(seal), square.side));
    let text = lines(&opinion.text, width - SIDE * 2);
    let mut made = Measured {
        text,
        over: Vec::new(),
        sign,
        seal,
        date,
        square,
        sealed,
        height: Length::ZERO,
    };
    made.height = made.least(false);
    if square.beside && sealed && made.height > height {
        // a low box has its text beside the square
        let beside = lines(&opinion.text, width - square.side - square.right - SIDE * 2);
        made.over = std::mem::replace(&mut made.text, beside);
        made.height = made.least(true);
    }
    made
}

impl Measured {
    /// The height that it needs, with its text above the square or beside it.
    fn least(&self, text_beside: bool) -> Length {
        let text = ABOVE + height_of(&self.text);
        if !self.sealed {
            let signed = height_of(&self.sign).max(height_of(&self.date));
            return text
                + GAP
                + signed
                + SEAL_BELOW
                + if self.square.beside {
                    Length::ZERO
                } else {
                    signed
                };
        }
        let square = self.square.side + SEAL_BELOW;
        if text_beside {
            let from_day = square - self.square.day_line();
            return (square + Length::mm(1)).max(text + GAP + from_day);
        }
        let sign = if self.square.beside {
            Length::ZERO
        } else {
            SIGN_ABOVE
        };
        text + sign + square
    }

    /// The height that it needs.
    pub(super) fn height(&self) -> Length {
        self.height
    }

    /// Sets it into its box.
    pub(super) fn set(&self, at: Rect, sink: &mut Sink) {
        let above = ABOVE + height_of(&self.over) + self.square.side + SEAL_BELOW;
        let text = match self.over.is_empty() || above > at.height {
            true => &self.text,
            false => &self.over,
        };
        let text_end = set_lines(text, at.x + SIDE, at.y + ABOVE, sink);
        let SealSquare {
            side,
            right,
            beside,
        } = self.square;
        let square = Rect {
            x: at.right() - right - side,
            y: at.bottom() - SEAL_BELOW - side,
            width: side,
            height: side,
        };
        if !self.sealed {
            let foot = (at.bottom() - FOOT).max(text_end + GAP);
            let y = foot.min(at.bottom() - SEAL_BELOW - height_of(&self.sign));
            // in a narrow box the day stands below who signs
            let sign_y = if beside {
                y
            } else {
                at.y + ABOVE + height_of(&self.text)
            };
            set_lines(&self.sign, at.x + SIDE, sign_y, sink);
            set_lines(&self.date, square.x, y, sink);
            return;
        }
        let day_y = square.y + self.square.day_line();
        set_lines(
            &self.seal,
            square.x,
            square.y + self.square.seal_line(),
            sink,
        );
        set_lines(&self.date, square.x, day_y, sink);
        let sign_y = if beside { day_y } else { square.y - SIGN_ABOVE };
        set_lines(&self.sign, at.x + SIDE, sign_y, sink);
        sink.seal_slots.push(square);
    }
}
