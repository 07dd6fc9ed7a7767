//! Data on stdout.
#![expect(
    clippy::print_stdout,
    reason = "this is where the program writes its data"
)]

use serde::Serialize;

/// A value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A line of data.
pub(crate) fn line(text: &str) {
    println!("{text}");
}
