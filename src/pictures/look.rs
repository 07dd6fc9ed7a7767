//! How a page is looked at, and what is seen: its picture, and how places in it lie in the picture as it is stored.

use super::picture::Picture;

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The picture of the page; of a PDF page that is in essence a picture, that picture at its own resolution.
    First,
    /// The whole page of a PDF, drawn: text and lines over the picture as well.
    Second,
}

/// A page's picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The picture, with square pixels.
    pub picture: Picture,
    /// What a place in `picture` is multiplied by to be a place in the picture as it is stored: (1, 1) unless a fax line was
    /// given its height.
    pub to_stored: [f32; 2],
    /// Whether the data ended before the picture did; what is missing is white.
    pub cut: bool,
}
