//! The properties of a PDF file.

use super::outline::PrintedCopy;

/// The properties of a PDF file. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// Title, shown by readers in place of the file name.
    pub title: String,
    /// Unit that made it.
    pub author: String,
    /// Subject.
    pub subject: String,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Time of making, RFC 3339 with its offset.
    pub created: Option<String>,
    /// Whether a reader should print on both sides, turned on the long edge.
    pub duplex: bool,
    /// The copies in the file, in the order of its sheets, for bookmarks and page labels; empty for neither.
    pub copies: Vec<PrintedCopy>,
}
