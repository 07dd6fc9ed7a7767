//! What was erased stays so: nothing of a unit that went whole is taken in again, and of a record nothing but newer versions.

use crate::record::Book;

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db};
use super::values::bytes;
use crate::store::StoreError;

/// Stands where a name stood.
pub(super) const ERASED_NAME: &str = "已删除";

impl Ledger {
    /// Fails where the unit of a book was erased whole: nothing of it may be kept.
    pub fn takes_in(&mut self, book: &Book) -> Result<(), StoreError> {
        self.run(async |db, _| {
            let gone: Option<i64> = sql::query_scalar(
                "SELECT e.at FROM erased_unit e JOIN unit u ON u.no = e.unit
                 WHERE u.campaign = ? AND u.begun = ? AND u.key = ?",
            )
            .bind(book.campaign())
            .bind(book.unit())
            .bind(book.key())
            .fetch_optional(db)
            .await?;
            match gone {
                Some(_) => Err(LedgerFault::Erased),
                None => Ok(()),
            }
        })
    }

    /// Records whose contents are gone up to their latest version.
    pub fn erased(&mut self) -> Result<Vec<[u8; 8]>, StoreError> {
        self.run(async |db, _| {
            let rows: Vec<Vec<u8>> = sql::query_scalar(
                "SELECT e.record FROM erased e JOIN record r ON r.reference = e.record
                 WHERE r.latest <= e.version ORDER BY e.record",
            )
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|r| bytes(r, "记录编号"))
                .collect::<Result<Vec<_>, _>>()
        })
    }
}

/// Fails where a unit was erased whole.
pub(super) async fn still_taken_in(db: &mut Db, unit: i64) -> Result<(), LedgerFault> {
    let gone: Option<i64> = sql::query_scalar("SELECT at FROM erased_unit WHERE unit = ?")
        .bind(unit)
        .fetch_optional(db)
        .await?;
    match gone {
        Some(_) => Err(LedgerFault::Erased),
        None => Ok(()),
    }
}

/// The version up to which a record's contents were erased; 0 where they never were.
pub(super) async fn erased_upto(db: &mut Db, record: &[u8; 8]) -> Result<i64, LedgerFault> {
    let version: Option<i64> = sql::query_scalar("SELECT version FROM erased WHERE record = ?")
        .bind(&record[..])
        .fetch_optional(db)
        .await?;
    Ok(version.unwrap_or(0))
}
