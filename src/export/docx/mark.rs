//! What a document is given to show as its mark.

/// The mark of a document: it stands in the header of every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocxMark {
    /// Modules a side, without the quiet zone.
    pub side: usize,
    /// Row by row, `side * side` modules; `true` is black.
    pub dark: Vec<bool>,
    /// The code that a person can type.
    pub human: String,
    /// What copy and version it is, in words; may be empty.
    pub caption: String,
}
