//! The log (日志) of the service, on stderr. It never holds a name, a number of a person, or an address: only routes, states and times.

use std::io::Write as _;

/// A line of the log on stderr, as JSON.
pub(super) fn log(event: &str, values: &[(&str, &str)]) {
    let mut line = serde_json::Map::new();
    line.insert("at".to_owned(), jiff::Timestamp::now().to_string().into());
    line.insert("event".to_owned(), event.into());
    for (name, value) in values {
        line.insert((*name).to_owned(), (*value).into());
    }
    let line = serde_json::Value::Object(line).to_string();
    // a log that nobody can write is no reason to fail
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
