//! Times as people read them (时刻), in a zone that the caller names, with its offset. What machines read is RFC 3339 in UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, offset};

/// Beijing's zone, in which the deadlines of a campaign are told and what is kept in words is written: it reads the same at every
/// machine.
pub const BEIJING: TimeZone = TimeZone::fixed(offset(8));

/// To the minute: `2021-05-31 17:00 +08:00`.
pub fn minute_in(zone: &TimeZone, at: Timestamp) -> String {
    told(zone, at, "%Y-%m-%d %H:%M %:z")
}

/// To the second: `2021-05-31 17:00:03 +08:00`.
pub fn second_in(zone: &TimeZone, at: Timestamp) -> String {
    told(zone, at, "%Y-%m-%d %H:%M:%S %:z")
}

/// The wall clock in Beijing: official words (answers of a desk, notes on a slip, names of backups) are in its time, wherever the program
/// runs.
pub fn beijing(at: Timestamp) -> DateTime {
    offset(8).to_datetime(at)
}

/// A day in official words, in Beijing's time and with its year: `2021年5月28日`.
pub fn day_in_words(at: Timestamp) -> String {
    let at = beijing(at);
    format!("{}年{}月{}日", at.year(), at.month(), at.day())
}

/// The same to the minute: `2021年5月28日09:02`.
pub fn minute_in_words(at: Timestamp) -> String {
    let time = beijing(at);
    format!(
        "{}{:02}:{:02}",
        day_in_words(at),
        time.hour(),
        time.minute()
    )
}

fn told(zone: &TimeZone, at: Timestamp, form: &str) -> String {
    let there = at.to_zoned_datetime(zone.clone());
    there.strftime(form).to_string()
}
