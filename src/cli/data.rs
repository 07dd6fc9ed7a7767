//! Data on stdout.

use std::io::Write;

use serde::Serialize;

/// A value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> anyhow::Result<()> {
    line(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A value as JSON in one line, out at once.
pub(crate) fn json_line<T: Serialize>(value: &T) -> anyhow::Result<()> {
    line(&serde_json::to_string(value)?);
    Ok(())
}

/// A line of data, out before this returns: the next page is not taken in before the answer to the last is out. A reader
/// that went away ends the program.
pub(crate) fn line(text: &str) {
    if line_at_once(text).is_err() {
        std::process::exit(2);
    }
}

/// A line of data, at once: fails where nobody reads any more, so that a long run can end.
pub(crate) fn line_at_once(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}
