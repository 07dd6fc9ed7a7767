//! Scan (扫描): files of pages to the marks on them, page by page in order, several pages at a time. A bad page is a finding
//! and never ends the batch; a bad file is a page 0 with its finding. Nothing is written here: what marks mean for the desk is
//! elsewhere, and so is the tray of unread pages (`keep`).
//! Files are found and read in `files`, pages looked at in `page`, memory is shared out in `memory`, `line` says it in words and
//! JSON, `scanned` is what all of them speak of, `names` tells files apart, `issued` reads manifests for the last resort.

mod files;
mod issued;
mod keep;
mod line;
mod lock;
mod memory;
mod names;
mod page;
pub(super) mod picture;
mod scanned;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, PoisonError};

use super::error::{ClerkError, world};
use files::{Files, Next};
use lock::held;
use memory::MemoryBudget;

pub use files::scan_files;
pub use issued::read_issued;
pub use keep::keep_picture;
pub(super) use keep::keep_png;
pub use line::{MarkLine, PageLine};
pub(super) use names::Names;
pub use scanned::{PageState, ScanOptions, ScanTally, ScannedPage};

/// Stack of a thread that decodes: the parsers of PDF call themselves for what is nested.
const STACK: usize = 32 << 20;

/// Name of the threads that decode, by which a program can tell their panics from its own.
pub const SCAN_THREAD: &str = "scan-page";

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
        room: MemoryBudget::new(memory::MOST),
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
                .map_err(world(SCAN_THREAD))?;
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
