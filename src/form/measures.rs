//! Measures that paper, documents and workbooks have in common: the mark with its captions, the page number, and the square for a
//! seal in an opinion box. Whoever sets or exports a form takes them from here.

use crate::face::Face;
use crate::units::Length;

use super::Opinion;

/// Side of a mark's modules: 49 modules of 0.45 mm.
pub const MARK_SIDE: Length = Length(22_050);
/// From the modules of a mark to the captions beside them: more than the blank modules around it (ISO/IEC 18004, 6.3.8).
pub const CAPTION_APART: Length = Length(2_500);
/// Width of the captions of a mark.
pub const CAPTION_WIDTH: Length = Length::mm(40);
/// Distance of a caption's lines, per cent of its size.
pub const CAPTION_LEADING: u16 = 115;

/// Face and size of the caption that says which copy and page it is (小六).
pub fn caption_font() -> (Face, Length) {
    (Face::Song, Length::from_pt(6.5))
}

/// Face and size of the code that a person can type (六号): larger, since it is copied by hand.
pub fn code_font() -> (Face, Length) {
    (Face::Hei, Length::from_pt(7.5))
}

/// Distance of the page number's line from the type area (GB/T 9704-2012, 7.5).
pub const NUMBER_BELOW: Length = Length::mm(7);

/// Size of page numbers: 四号.
pub fn number_size() -> Length {
    Length::from_pt(14.0)
}

/// From the square for the seal to the box's right edge, in a box that has room beside it.
const SEAL_RIGHT: Length = Length::mm(6);
/// From the square to the box's lower edge.
pub const SEAL_BELOW: Length = Length::mm(3);
/// Least width left of the square for what is signed beside it.
const SIGN_WIDTH: Length = Length::mm(60);
/// Room at both sides of the square beyond which it stands at the right of its box.
const NARROW: Length = Length::mm(20);
/// From the line that is signed to the square, where it stands above it.
pub const SIGN_ABOVE: Length = Length(6_500);
/// From the top of a square of 50 mm to the words 盖章, and to the day: above and below its middle.
const SEAL_AT: i64 = 17;
const DAY_AT: i64 = 32;
/// The least square: room for a seal of 45 mm and what it may be off.
const LEAST_SQUARE: Length = Length::mm(50);

/// Where things stand in an opinion box of a width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealSquare {
    /// Side of the square for the seal.
    pub side: Length,
    /// From the square to the box's right edge.
    pub right: Length,
    /// Whether who signs stands beside the square, in the line of the day; else above it.
    pub beside: bool,
}

impl SealSquare {
    /// The square of an opinion: at the right of its box, in the middle of a narrow one.
    pub fn of(opinion: &Opinion, width: Length) -> Self {
        let side = opinion.slot.max(LEAST_SQUARE);
        let free = width - side;
        let narrow = free < NARROW && opinion.seal.is_some();
        Self {
            side,
            right: if narrow { free / 2 } else { SEAL_RIGHT },
            beside: width >= opinion.slot + SEAL_RIGHT + SIGN_WIDTH,
        }
    }

    /// From the top of the square to the line that says 盖章.
    pub fn seal_line(self) -> Length {
        self.side.scaled(SEAL_AT, 50)
    }

    /// From the top of the square to the line of the day.
    pub fn day_line(self) -> Length {
        self.side.scaled(DAY_AT, 50)
    }
}
