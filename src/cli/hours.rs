//! Times as people at this machine read them: in its zone, with its offset. What machines read is RFC 3339 in UTC.

use jiff::Timestamp;

use sanlian::config::zone;
use sanlian::hours::{minute_in, second_in};

/// To the minute, `2021-05-31 17:00 +08:00`.
pub(crate) fn minute(at: Timestamp) -> String {
    minute_in(&zone(), at)
}

/// To the second, `2021-05-31 17:00:03 +08:00`.
pub(crate) fn second(at: Timestamp) -> String {
    second_in(&zone(), at)
}

/// A time that is text in RFC 3339, to the second; what is none is shown as it is.
pub(crate) fn of_text(text: &str) -> String {
    text.parse()
        .map_or_else(|_| text.to_owned(), |at: Timestamp| second(at))
}
