//! What earlier makings left in book and ledger, as far as the next one must know it: versions, voided prints, the unit's name.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::finding::{Finding, Place};
use crate::mark::{minutes_of, time_of};
use crate::record::Book;
use crate::store::ledger::Ledger;

use crate::clerk::error::ClerkError;

/// The book with the versions that the ledger has of it.
pub(in crate::clerk) fn taken_over(
    book: Book,
    ledger: Option<&mut Ledger>,
) -> Result<Book, ClerkError> {
    let Some(ledger) = ledger else {
        return Ok(book);
    };
    match ledger.book(book.campaign(), book.unit(), book.key())? {
        Some(kept) => kept
            .merged(&book)
            .map_err(|e| ClerkError::Refused(e.to_string())),
        None => Ok(book),
    }
}

/// New times of issue for versions whose newest print was voided, whole or in part: the marks of the next print must differ.
pub(in crate::clerk) fn reprints(
    book: &Book,
    ledger: Option<&mut Ledger>,
    now: Timestamp,
) -> Result<BTreeMap<([u8; 8], u16), Timestamp>, ClerkError> {
    let mut times = BTreeMap::new();
    let Some(ledger) = ledger else {
        return Ok(times);
    };
    for record in book.records() {
        let (Some(reference), Some(latest)) = (record.reference_bytes(), record.latest()) else {
            continue;
        };
        let first = minutes_of(latest.issued_at).unwrap_or(0);
        let (newest, voided) = ledger.newest_print(reference, latest.version, first)?;
        let at = if voided {
            // a minute later at least, or the voided marks would come again
            now.max(time_of(newest.saturating_add(1)))
        } else if newest > first {
            time_of(newest)
        } else {
            continue;
        };
        times.insert((reference, latest.version), at);
    }
    Ok(times)
}

/// That the unit is called otherwise than when its book was begun.
pub(super) fn renamed(book: &Book, unit: &str) -> Finding {
    Finding::info(
        "W2",
        Place::file("records.json"),
        format!(
            "记录簿建立时的单位名称是“{}”，现在是“{unit}”。",
            book.unit()
        ),
        "记录编号沿用原名称，不必处理；如果这是另一个单位的材料，请换一个报送文件夹。",
    )
}
