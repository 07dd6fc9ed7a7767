//! Data on stdout.
#![expect(
    clippy::print_stdout,
    reason = "this is where the program writes its data"
)]

use std::io::Write;

use serde::Serialize;

/// A value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A value as JSON in one line, out at once.
pub(crate) fn json_line<T: Serialize>(value: &T) -> anyhow::Result<()> {
    line(&serde_json::to_string(value)?);
    Ok(())
}

/// A line of data.
pub(crate) fn line(text: &str) {
    use std::io::Write;
    println!("{text}");
    // an answer must be out before the next page is taken in; a reader that went away ends the program at the next line
    let _ = std::io::stdout().flush();
}

/// A line of data, at once: fails where nobody reads any more, so that a long run can end.
pub(crate) fn line_at_once(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}
