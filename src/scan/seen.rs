//! What was seen on a page: marks of ours with how they were read, codes of others, and symbols that nobody could read.

use serde::Serialize;

use crate::mark::{DIGITS, MarkFault, SignatureCheck};

/// How a mark was read, from the plainest way to the last resort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// A reader of QR codes read the picture as it is.
    Direct,
    /// Read after the picture was smoothed, enlarged or sharpened.
    Ladder,
    /// Read although its finder patterns are damaged; the signature holds.
    Rescue,
    /// Not read: the nearest issued mark, clearly nearer than any other (识别未验签). Its paper was not verified.
    Nearest,
}

/// A mark of ours, seen on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenMark {
    /// The 235 digits: what the symbol says or, with [`How::Nearest`], what the nearest issued mark says.
    pub digits: String,
    /// How it was read.
    pub how: How,
    /// What the digits are under the trusted keys. With [`How::Nearest`] it judges the issued mark, not the paper.
    pub verdict: SignatureCheck,
    /// Outer corners of the symbol, without its quiet zone, in pixels from the top left of the picture: top left, top right,
    /// bottom right and bottom left of the symbol as it is printed, wherever they lie on the page.
    pub corners: [[f32; 2]; 4],
}

impl SeenMark {
    /// Whether the page itself carries a signature of a trusted key: read, not guessed, and genuine.
    pub fn verified(&self) -> bool {
        self.how != How::Nearest && matches!(self.verdict, SignatureCheck::Genuine(_))
    }
}

/// What was seen on a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageReading {
    /// Marks of ours, from top to bottom of the picture, each once.
    pub marks: Vec<SeenMark>,
    /// QR codes that were read and are not ours.
    pub foreign: usize,
    /// Symbols that were seen and could not be read.
    pub unread: usize,
}

/// The last 235 digits of a text that has the form of a mark; none where the text is not ours.
pub(super) fn digits_of(text: &str, verdict: &SignatureCheck) -> Option<String> {
    if matches!(
        verdict,
        SignatureCheck::Malformed(MarkFault::NoDigits | MarkFault::Prefix)
    ) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let start = digits.len().checked_sub(DIGITS)?;
    digits.get(start..).map(str::to_owned)
}
