//! Decoders of other houses, at work on strangers' bytes: where one breaks, the file is broken and not the program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether such a decoder is at work on this thread: its panics are told as findings, and a program need not print them.
pub fn is_decoding() -> bool {
    DECODING.get()
}

/// Lets a decoder work; none where it broke.
pub(super) fn guarded<T>(decode: impl FnOnce() -> T) -> Option<T> {
    let before = DECODING.replace(true);
    let done = catch_unwind(AssertUnwindSafe(decode));
    DECODING.set(before);
    done.ok()
}
