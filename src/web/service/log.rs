//! The log (日志) of the service: JSON lines on stderr. It never holds a name, a number of a person, or an address: only routes, states,
//! times and the numbers of requests. What other crates would say is left out, for nobody knows what that holds.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Begins to write the log of this program to stderr, a line an event. Without effect where a log was begun before.
pub fn log_to_stderr() {
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), Level::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_target(false)
        .with_writer(std::io::stderr)
        // a log that nobody can write is no reason to fail
        .log_internal_errors(false)
        .with_filter(ours);
    let _ = tracing_subscriber::registry().with(lines).try_init();
}
