//! Memory shared out among pages: small ones are decoded together, large ones by themselves.

use std::sync::{Condvar, Mutex, PoisonError};

use super::lock::held;

/// Bytes that decoded pages take together: some eight A4 pages in colour at 300 dpi. A page that asks for more waits until it
/// is alone; the largest picture that is decoded at all then takes about 2.5 GB.
pub(super) const MOST: usize = 1 << 30;

/// What is free of it.
pub(super) struct MemoryBudget {
    most: usize,
    free: Mutex<usize>,
    freed: Condvar,
}

/// A share, given back when it is dropped.
pub(super) struct MemoryShare<'a> {
    room: &'a MemoryBudget,
    bytes: usize,
}

impl MemoryBudget {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            free: Mutex::new(most),
            freed: Condvar::new(),
        }
    }

    /// Waits until there is room; what asks for more than there is gets all of it.
    pub(super) fn take(&self, bytes: usize) -> MemoryShare<'_> {
        let bytes = bytes.min(self.most);
        let mut free = held(&self.free);
        while *free < bytes {
            free = self
                .freed
                .wait(free)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *free -= bytes;
        MemoryShare { room: self, bytes }
    }
}

impl Drop for MemoryShare<'_> {
    fn drop(&mut self) {
        *held(&self.room.free) += self.bytes;
        self.room.freed.notify_all();
    }
}
