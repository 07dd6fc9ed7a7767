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
mod sample;
mod search;
mod seen;
mod texture;
mod triple;
mod unread;
mod view;
mod warp;

use crate::mark::TrustedKeys;

use search::Search;
use view::views;

pub use crate::pictures::{PIXELS_MAX, Picture, PictureFault};
pub use blank::{Trace, trace};
pub use issued::Issued;
pub use seen::{How, PageReading, SeenMark};

/// Reads the marks of a page. `trusted` judges what was read; `issued` may be empty.
pub fn read_marks(picture: &Picture, trusted: &TrustedKeys, issued: &Issued) -> PageReading {
    let mut search = Search::new(trusted, issued);
    for plane in plane::planes_and_negatives(picture) {
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
