//! Scan (扫描): files of pages to the marks on them, page by page in order, several pages at a time. A bad page is a finding
//! and never ends the batch; a bad file is a page 0 with its finding. Nothing is written here: what marks mean for the desk is
//! elsewhere, and so is the tray of unread pages (`keep`).
//! Files are found and read in `files`, pages looked at in `page`, memory is shared out in `memory`, `line` says it in words and
//! JSON, `names` tells files apart, `issued` reads manifests for the last resort.

mod files;
mod issued;
mod keep;
mod line;
mod memory;
mod names;
mod page;
pub(super) mod picture;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::finding::{Finding, Severity};
use crate::mark::TrustedKeys;
use crate::scan::{Issued, SeenMark};

use super::ClerkError;
use crate::clerk::scan::memory::MemoryBudget;
use files::{Files, Next};

pub use files::scan_files;
pub use issued::read_issued;
pub use keep::keep_picture;
pub(super) use keep::keep_png;
pub use line::{MarkLine, PageLine};
pub(super) use names::Names;

/// Stack of a thread that decodes: the parsers of PDF call themselves for what is nested.
const STACK: usize = 32 << 20;

/// Name of the threads that decode, by which a program can tell their panics from its own.
pub const SCAN_THREAD: &str = "scan-page";

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

    fn count(&mut self, page: &ScannedPage) {
        if page.page == 0 {
            self.bad_files += 1;
        } else {
            *self.pages.entry(page.state).or_default() += 1;
        }
        self.marks += page.marks.len();
        self.findings |= page.findings.iter().any(|f| f.severity > Severity::Info);
    }
}

/// Reads files and folders of scanned pages and hands over each page in the order of files and pages. Folders give their
/// pictures in the order of their names. `each` may break off the scan. Memory is bounded: pages are decoded one at a time a
/// thread and share out what there is, and no thread runs far ahead of the page that is handed over next.
pub fn scan(
    files: &[PathBuf],
    options: &ScanOptions<'_>,
    each: &mut dyn FnMut(ScannedPage) -> ControlFlow<()>,
) -> Result<ScanTally, ClerkError> {
    if files.is_empty() {
        return Err(ClerkError::Refused(
            "没有给出扫描件。请写明文件或文件夹".to_owned(),
        ));
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if options.threads == 0 {
        cores
    } else {
        options.threads
    }
    .min(256);
    let workers = Workers {
        files: Mutex::new(Files::new(files)),
        handed: Mutex::new(0),
        moved: Condvar::new(),
        stopped: AtomicBool::new(false),
        window: threads * 2,
        room: MemoryBudget::new(crate::clerk::scan::memory::MOST),
    };
    let mut tally = ScanTally::default();
    let (sender, receiver) = channel();
    std::thread::scope(|scope| -> Result<(), ClerkError> {
        let _stop = StopAtEnd(&workers);
        for _ in 0..threads {
            let sender = sender.clone();
            let workers = &workers;
            std::thread::Builder::new()
                .name(SCAN_THREAD.to_owned())
                .stack_size(STACK)
                .spawn_scoped(scope, move || workers.work(options, &sender))
                .map_err(super::world(SCAN_THREAD))?;
        }
        drop(sender);
        workers.hand_over(&receiver, &mut |page| {
            tally.count(&page);
            each(page)
        });
        Ok(())
    })?;
    tally.files = held(&workers.files).opened();
    Ok(tally)
}

/// What the threads share.
struct Workers {
    files: Mutex<Files>,
    /// Pages that were handed over.
    handed: Mutex<usize>,
    moved: Condvar,
    stopped: AtomicBool,
    /// How far ahead of the page that is handed over next a page may be begun.
    window: usize,
    room: MemoryBudget,
}

/// Lets the threads go however the scan ends; where it ends well they are through already.
struct StopAtEnd<'a>(&'a Workers);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// A lock whose holder broke is held all the same: what it guards is whole between two steps.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workers {
    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _handed = held(&self.handed);
        self.moved.notify_all();
    }

    /// Takes pages until there are no more.
    fn work(&self, options: &ScanOptions<'_>, sender: &Sender<(usize, ScannedPage)>) {
        while let Some((number, next)) = self.next() {
            let page = match next {
                Next::Page(file, page) => page::look(&file, page, options, &self.room),
                Next::Bad(page) => *page,
            };
            if sender.send((number, page)).is_err() {
                return;
            }
        }
    }

    /// The next page, once it is not too far ahead.
    fn next(&self) -> Option<(usize, Next)> {
        let mut files = held(&self.files);
        let mut handed = held(&self.handed);
        while !self.stopped.load(Ordering::SeqCst) && files.given() >= *handed + self.window {
            handed = self
                .moved
                .wait(handed)
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(handed);
        if self.stopped.load(Ordering::SeqCst) {
            return None;
        }
        files.next()
    }

    /// Puts pages in order and hands them over.
    fn hand_over(
        &self,
        receiver: &Receiver<(usize, ScannedPage)>,
        each: &mut dyn FnMut(ScannedPage) -> ControlFlow<()>,
    ) {
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        for (number, page) in receiver {
            waiting.insert(number, page);
            while let Some(page) = waiting.remove(&next) {
                next += 1;
                if each(page).is_break() {
                    return;
                }
                *held(&self.handed) = next;
                self.moved.notify_all();
            }
        }
    }
}

/// A path as people are told it.
fn shown(path: &Path) -> String {
    path.display().to_string()
}
