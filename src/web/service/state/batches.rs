//! Batches of scans (扫描批次) of this run of the service, page by page; the pages themselves are in the ledger.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Batches that are remembered; the pages themselves are in the ledger.
const REMEMBERED: usize = 100;

/// A page of a batch.
#[derive(Clone)]
pub(in crate::web) struct BatchPageView {
    pub(in crate::web) name: String,
    pub(in crate::web) light: &'static str,
    pub(in crate::web) icon: &'static str,
    pub(in crate::web) verdict: String,
    pub(in crate::web) what: String,
    pub(in crate::web) reason: String,
    pub(in crate::web) unit: String,
}

/// A batch of scans.
#[derive(Clone, Default)]
pub(in crate::web) struct Batch {
    pub(in crate::web) files: usize,
    pub(in crate::web) lines: Vec<BatchPageView>,
    pub(in crate::web) blank: usize,
    /// How the pages lay, and what they lack.
    pub(in crate::web) hints: Vec<String>,
    pub(in crate::web) done: bool,
    pub(in crate::web) fault: String,
}

/// Batches of this run of the service.
#[derive(Default)]
pub(in crate::web) struct Batches {
    next: AtomicU64,
    all: Mutex<BTreeMap<u64, Batch>>,
}

impl Batches {
    pub(in crate::web) fn next(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(in crate::web) fn begin(&self, number: u64, files: usize) {
        self.next.fetch_max(number, Ordering::Relaxed);
        let mut all = self.lock();
        while all.len() >= REMEMBERED {
            all.pop_first();
        }
        all.insert(
            number,
            Batch {
                files,
                ..Batch::default()
            },
        );
    }

    /// Forgets the batches that are done with.
    pub(in crate::web) fn forget(&self) {
        self.lock().retain(|_, batch| !batch.done);
    }

    pub(in crate::web) fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Batch>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::web) fn change(&self, number: u64, act: impl FnOnce(&mut Batch)) {
        if let Some(batch) = self.lock().get_mut(&number) {
            act(batch);
        }
    }

    pub(in crate::web) fn of(&self, number: u64) -> Option<Batch> {
        self.lock().get(&number).cloned()
    }
}
