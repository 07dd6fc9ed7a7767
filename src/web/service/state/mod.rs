//! What the service remembers while it runs, each in a file of its own. None of them knows the shared state or a handler.

pub(in crate::web) mod batches;
pub(in crate::web) mod counters;
pub(in crate::web) mod previews;
pub(in crate::web) mod progress;
pub(in crate::web) mod readings;
pub(in crate::web) mod repeats;
