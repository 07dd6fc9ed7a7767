//! Places where a run may be killed to see what is left: before and after every write. Builds without debug assertions have
//! none of it.

#[cfg(debug_assertions)]
use std::sync::atomic::{AtomicU64, Ordering};

/// Passes until the run ends itself; 0 for never.
#[cfg(debug_assertions)]
static LEFT: AtomicU64 = AtomicU64::new(0);

/// Ends this run without any cleaning up at its `n`-th pass, counted from 1; `None` for never. Without debug assertions this
/// does nothing.
pub fn end_at_pass(n: Option<u64>) {
    #[cfg(debug_assertions)]
    LEFT.store(n.unwrap_or(0), Ordering::SeqCst);
    #[cfg(not(debug_assertions))]
    let _ = n;
}

/// One pass; `_place` says for a reader of the code where that is.
#[cfg(debug_assertions)]
pub(crate) fn pass(_place: &'static str) {
    let before = LEFT.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
    if before == Ok(1) {
        std::process::abort();
    }
}

/// One pass of a build that has none.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub(crate) fn pass(_place: &'static str) {}
