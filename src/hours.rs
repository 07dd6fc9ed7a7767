//! Times as people read them (时刻), in a zone that the caller names, with its offset. What machines read is RFC 3339 in UTC.

use jiff::Timestamp;
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

fn told(zone: &TimeZone, at: Timestamp, form: &str) -> String {
    let there = at.to_zoned_datetime(zone.clone());
    there.strftime(form).to_string()
}
