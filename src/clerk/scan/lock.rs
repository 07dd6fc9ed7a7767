//! Locks that several threads of a scan share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock whose holder broke is held all the same: what it guards is whole between two steps.
pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
