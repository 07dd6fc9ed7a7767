//! The clock (时钟) at a making: one that is behind what was issued already gives version 2 an earlier time than version 1, and a
//! desk that goes by times is misled.

use jiff::Timestamp;

use crate::finding::{Finding, Place};
use crate::mark::minutes_of;
use crate::record::Book;

/// What to tell where `now` lies before the newest issue of any record in the book; marks count whole minutes, so that these are
/// compared. None where the clock is not behind.
pub(super) fn behind(book: &Book, now: Timestamp) -> Option<Finding> {
    let issued = book.records().iter().filter_map(|record| {
        let latest = record.latest()?;
        Some((latest.issued_at, latest.version, record))
    });
    let (at, version, record) = issued.max_by_key(|(at, ..)| *at)?;
    let minute = |time| minutes_of(time).unwrap_or(0);
    if minute(now) >= minute(at) {
        return None;
    }
    let title = format!("{}（{}）", record.kind().label(), record.name());
    Some(Finding::warning(
        "W5",
        Place::file("records.json"),
        format!(
            "计算机的时间是 {}，早于{title}版本{version}的签发时间 {}：此时签发的新版本，时间会比旧版本还早。",
            in_china(now),
            in_china(at)
        ),
        "请检查计算机的日期、时间和时区（用了 --now 的，检查所写的时刻）；不对的，先改正，再制作下一版。",
    ))
}

/// A time as people in China read it, to the minute.
pub(in crate::clerk) fn in_china(time: Timestamp) -> String {
    let there = crate::hours::beijing(time);
    format!("{}（北京时间）", there.strftime("%Y-%m-%d %H:%M"))
}
