//! Paper that comes back: a picture of a page to the marks on it, judged by the keys that the desk trusts.
//! One picture in, sightings out; pure and bounded: a page costs at most a fixed number of steps, whatever is on it.
//! The issued matrices for the last resort stand in `issued`, QR codes of any house are read in `reader`, whether anything stands
//! on a page at all in `blank`. Files and their formats are not known here: `pictures` makes pictures of them.
//! # Example: a picture of a page to the mark on it
//! ```
//! use sanlian::mark::{Issue, SigningKey, TrustedKey, TrustedKeys, matrix, sign};
//! use sanlian::scan::{Issued, Picture, read_marks};
//!
//! let key = SigningKey::from_seed(&[7; 32]);
//! let issue = Issue {
//!     kind: 1,
//!     reference: *b"record-1",
//!     version: 1,
//!     copy: 1,
//!     copies: 3,
//!     page: 1,
//!     pages: 1,
//!     issued_at: "2021-05-28T09:00:00+08:00".parse()?,
//!     digest: [0; 12],
//! };
//! let signed = sign(&key, &issue)?;
//!
//! // a scan, drawn here: white paper of 400 by 500 pixels, a module is 4 pixels wide
//! let (width, height, module, left, top) = (400, 500, 4, 120, 60);
//! let code = matrix(&signed.digits())?;
//! let mut luma = vec![250; width * height];
//! for (n, _) in code.dark.iter().enumerate().filter(|(_, dark)| **dark) {
//!     let (x, y) = (left + n % code.side * module, top + n / code.side * module);
//!     for row in y..y + module {
//!         luma[row * width + x..][..module].fill(20);
//!     }
//! }
//! let picture = Picture::grey(width, height, luma)?;
//!
//! let trusted = TrustedKeys(vec![TrustedKey::new(key.public().clone(), "示例市科协")]);
//! let reading = read_marks(&picture, &trusted, &Issued::default());
//! assert_eq!(reading.marks.len(), 1);
//! assert!(reading.marks[0].verified());
//! assert_eq!(reading.marks[0].digits, signed.digits());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bend;
mod blank;
mod code;
mod correlate;
mod damaged;
mod finder;
mod fit;
mod grade;
mod issued;
mod plane;
mod reader;
mod reseat;
mod search;
mod texture;
mod triple;
mod unread;
mod view;
mod warp;

use serde::Serialize;

use crate::mark::{DIGITS, MarkFault, SignatureCheck, TrustedKeys};

use search::Search;
use view::views;

pub use crate::pictures::{PIXELS_MAX, Picture, PictureFault};
pub use blank::{Trace, trace};
pub use issued::Issued;

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
fn digits_of(text: &str, verdict: &SignatureCheck) -> Option<String> {
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

/// Reads the marks of a page. `trusted` judges what was read; `issued` may be empty.
pub fn read_marks(picture: &Picture, trusted: &TrustedKeys, issued: &Issued) -> PageReading {
    let mut search = Search::new(trusted, issued);
    for plane in plane::planes(picture) {
        for (view, damaged) in views(plane) {
            search.look(&view, damaged);
            if search.done() {
                break;
            }
        }
        if search.done() || !search.spend(0) {
            break;
        }
    }
    let (marks, foreign, unread) = search.finish();
    PageReading {
        marks,
        foreign,
        unread,
    }
}
