//! An opinion box (意见栏): the opinion above, who signs at the left, and at the lower right a free square for the seal, in which only
//! 盖章 and the day stand. A seal of 45 mm on the middle of the square lies over the day, as GB/T 9704-2012, 7.3.5 has it, and over
//! nothing else; one of 50 mm stays within the box.

use crate::form::Opinion;
use crate::units::Length;

use super::line::Laid;
use super::page::Rect;
use super::ruler::{Ruler, height_of, set_lines};
use super::set::Sink;

/// Free room at both sides of the text and above it.
const SIDE: Length = Length::mm(3);
const ABOVE: Length = Length(3500);
/// From the square to the box's right edge, and to its lower edge.
const RIGHT: Length = Length::mm(6);
const BELOW: Length = Length::mm(3);
/// From the top of a square of 50 mm to the words 盖章, and to the day: above and below its middle.
const SEAL_AT: i64 = 17;
const DAY_AT: i64 = 32;
/// From the line that is signed to the square, where it stands above it.
const SIGN_ABOVE: Length = Length(6500);
/// Least width left of the square for what is signed beside it.
const BESIDE: Length = Length::mm(60);
/// Least room between text and what is signed.
const GAP: Length = Length::mm(2);
/// From the line that is signed to the lower edge, where nobody seals.
const FOOT: Length = Length::mm(12);

/// A measured opinion.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    text: Vec<Laid>,
    sign: Vec<Laid>,
    seal: Vec<Laid>,
    date: Vec<Laid>,
    slot: Length,
    sealed: bool,
    /// Whether who signs stands beside the square, in the line of the day.
    beside: bool,
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
    let slot = opinion.slot;
    let beside = width >= slot + RIGHT + BESIDE;
    let sealed = opinion.seal.is_some();
    let mut lines = |paragraphs: &[_], width| ruler.lines(paragraphs, 0, width, field);
    let one = std::slice::from_ref;
    let sign = lines(one(&opinion.sign), width - SIDE * 2);
    let date = lines(one(&opinion.date), slot.max(Length::mm(50)));
    let seal = opinion
        .seal
        .as_ref()
        .map_or_else(Vec::new, |seal| lines(one(seal), slot));
    let text = lines(&opinion.text, width - SIDE * 2);
    let mut made = Measured {
        text,
        sign,
        seal,
        date,
        slot,
        sealed,
        beside,
        height: Length::ZERO,
    };
    made.height = made.least(false);
    if beside && sealed && made.height > height {
        // a low box has its text beside the square
        made.text = lines(&opinion.text, width - slot - RIGHT - SIDE * 2);
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
            return text + GAP + signed + BELOW + if self.beside { Length::ZERO } else { signed };
        }
        let square = self.slot + BELOW;
        if text_beside {
            let from_day = self.slot.scaled(50 - DAY_AT, 50) + BELOW;
            return (square + Length::mm(1)).max(text + GAP + from_day);
        }
        let sign = if self.beside {
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
        let text_end = set_lines(&self.text, at.x + SIDE, at.y + ABOVE, sink);
        let side = self.slot.max(Length::mm(50));
        let square = Rect {
            x: at.right() - RIGHT - side,
            y: at.bottom() - BELOW - side,
            width: side,
            height: side,
        };
        if !self.sealed {
            let foot = (at.bottom() - FOOT).max(text_end + GAP);
            let y = foot.min(at.bottom() - BELOW - height_of(&self.sign));
            // in a narrow box the day stands below who signs
            let sign_y = if self.beside {
                y
            } else {
                at.y + ABOVE + height_of(&self.text)
            };
            set_lines(&self.sign, at.x + SIDE, sign_y, sink);
            set_lines(&self.date, square.x, y, sink);
            return;
        }
        let down = |millimetres: i64| square.y + side.scaled(millimetres, 50);
        set_lines(&self.seal, square.x, down(SEAL_AT), sink);
        set_lines(&self.date, square.x, down(DAY_AT), sink);
        let sign_y = if self.beside {
            down(DAY_AT)
        } else {
            square.y - SIGN_ABOVE
        };
        set_lines(&self.sign, at.x + SIDE, sign_y, sink);
        sink.seal_slots.push(square);
    }
}
