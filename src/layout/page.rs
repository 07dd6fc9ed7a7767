//! A laid-out page: items at fixed positions, from the top left corner of the sheet as read, in micrometres.

use crate::font::FontId;
use crate::form::JpegPicture;
use crate::units::Length;

/// A form laid out: its pages in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pages {
    /// Title for the document's properties.
    pub title: String,
    /// Pages, the first being page 1.
    pub pages: Vec<Page>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Width as read.
    pub width: Length,
    /// Height as read.
    pub height: Length,
    /// What is printed, in reading order.
    pub items: Vec<Item>,
    /// Boxes that stay free for a seal.
    pub seal_slots: Vec<Rect>,
    /// Where the mark goes (its quiet zone's box); none for pages without a mark.
    pub mark: Option<Rect>,
}

/// A rectangle from its top left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: Length,
    /// Top edge.
    pub y: Length,
    /// Width, not negative.
    pub width: Length,
    /// Height, not negative.
    pub height: Length,
}

impl Rect {
    /// Right edge.
    pub fn right(self) -> Length {
        self.x + self.width
    }

    /// Bottom edge.
    pub fn bottom(self) -> Length {
        self.y + self.height
    }

    /// Whether two rectangles share more than an edge.
    pub fn overlaps(self, other: Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// This rectangle grown by `by` on every side.
    pub fn grown(self, by: Length) -> Self {
        Self {
            x: self.x - by,
            y: self.y - by,
            width: self.width + by * 2,
            height: self.height + by * 2,
        }
    }
}

/// Something printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// Characters of one font and size on one baseline.
    Text(Text),
    /// A straight rule; `from` and `to` are its centre line.
    Rule {
        /// Start (x, y).
        from: (Length, Length),
        /// End (x, y).
        to: (Length, Length),
        /// Thickness.
        width: Length,
    },
    /// A picture that fills a rectangle.
    Picture {
        /// Where it stands.
        at: Rect,
        /// The JPEG.
        picture: JpegPicture,
    },
    /// Black modules on white: a QR matrix; `true` is black.
    Modules {
        /// The square of the modules, without the quiet zone.
        at: Rect,
        /// Modules a side.
        side: usize,
        /// Row by row, `side * side` modules.
        dark: Vec<bool>,
    },
}

/// A run of characters.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Font of all glyphs.
    pub font: FontId,
    /// Size (the em).
    pub size: Length,
    /// Left end of the baseline.
    pub x: Length,
    /// Baseline's distance from the top.
    pub baseline: Length,
    /// Glyphs from left to right.
    pub glyphs: Vec<Placed>,
    /// 0 black … 255 white.
    pub grey: u8,
    /// Turn about the left end of the baseline, in degrees counter-clockwise; 0 save for 草稿.
    pub angle: i16,
}

/// One glyph of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Glyph id in the full font.
    pub glyph: u16,
    /// The character it shows, for copying and searching.
    pub ch: char,
    /// Its origin's distance from the run's `x`; may differ from the sum of advances where lines are justified.
    pub dx: Length,
}
