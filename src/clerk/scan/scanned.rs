//! What a scan is asked and what it gives: pages, what became of each, and their sum.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::finding::{Finding, Severity};
use crate::mark::TrustedKeys;
use crate::scan::{Issued, SeenMark};

/// How pages are read.
#[derive(Clone, Copy, Debug)]
pub struct ScanOptions<'a> {
    /// Keys whose marks are believed.
    pub trusted: &'a TrustedKeys,
    /// Issued marks for the last resort; may be empty.
    pub issued: &'a Issued,
    /// Pages that are looked at together; 0 for one a core.
    pub threads: usize,
}

/// A page that was looked at, or a file that could not be opened.
#[derive(Clone, Debug, PartialEq)]
pub struct ScannedPage {
    /// The file, as it was given or found in a folder that was given.
    pub file: PathBuf,
    /// SHA-256 of the file's bytes; zeros where it could not be read.
    pub file_sha256: [u8; 32],
    /// Page of the file from 1; 0 for the file itself, with a finding that says why none of its pages, or not all, are read.
    pub page: usize,
    /// Pages of the file; 0 where it could not be opened.
    pub pages: usize,
    /// Milliseconds that decoding and reading took.
    pub ms: u64,
    /// Marks of ours, from top to bottom; corners in pixels of the picture as it is stored.
    pub marks: Vec<SeenMark>,
    /// QR codes that are not ours.
    pub foreign: usize,
    /// What became of the page.
    pub state: PageState,
    /// The page in grey, as a PNG of at most four million pixels, where a person has to look: nothing verified, not blank.
    pub picture: Option<Vec<u8>>,
    /// What to tell a person.
    pub findings: Vec<Finding>,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageState {
    /// Marks of ours, and all of them verified.
    Verified,
    /// Marks of ours, and not all of them verified: another key, a wrong signature, or guessed from the issued ones.
    Unverified,
    /// No mark of ours was read.
    Unread,
    /// No mark of ours, and hardly anything else: a person has to look whether it is an empty page.
    Faint,
    /// An empty page, such as the back of a sheet: nothing on it stands out from the paper.
    Blank,
    /// The page, or the file, could not be decoded.
    Failed,
}

/// The sum of a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanTally {
    /// Files that were given or found.
    pub files: usize,
    /// Pages by what became of them; files that could not be opened are not pages.
    pub pages: BTreeMap<PageState, usize>,
    /// Files of which no page, or not every page, could be read.
    pub bad_files: usize,
    /// Marks of ours that were read.
    pub marks: usize,
    /// Whether a page or file has a finding above a mere remark.
    pub findings: bool,
}

impl ScanTally {
    /// Pages in that state.
    pub fn of(&self, state: PageState) -> usize {
        self.pages.get(&state).copied().unwrap_or(0)
    }

    /// All pages that were looked at.
    pub fn total(&self) -> usize {
        self.pages.values().sum()
    }

    pub(super) fn count(&mut self, page: &ScannedPage) {
        if page.page == 0 {
            self.bad_files += 1;
        } else {
            *self.pages.entry(page.state).or_default() += 1;
        }
        self.marks += page.marks.len();
        self.findings |= page.findings.iter().any(|f| f.severity > Severity::Info);
    }
}

/// A path as people are told it.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
