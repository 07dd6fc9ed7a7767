//! Which paper is here, for what is noted of it: a seal is seen on a copy that lies on the desk, and sheets that lie there belong to
//! somebody even where no electronic record tells to whom.

use sqlx::SqliteConnection;

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::values::small;
use crate::store::StoreError;

/// A sheet of the receipt `p` that was put before the desk and not taken back.
const NOT_TAKEN_BACK: &str = "EXISTS (SELECT 1 FROM sighting s WHERE s.receipt = p.no
    AND NOT EXISTS (SELECT 1 FROM retract t WHERE t.sighting = s.no))";

impl Ledger {
    /// Copies of a record's version of which at least one page is here: received and not taken back, with the version's own
    /// contents, of a print that is not void.
    pub fn copies_here(&mut self, record: [u8; 8], version: u16) -> Result<Vec<u8>, StoreError> {
        self.run(async |db, _| copies_here(db, record, version).await)
    }

    /// Sheets that were received and of whose records there is none in the ledger: nobody can say whose they are.
    pub fn sheets_of_nobody(&mut self) -> Result<usize, StoreError> {
        self.run(async |db, _| {
            let sql = format!(
                "SELECT count(*) FROM receipt p WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.reference = p.record)
                 AND {NOT_TAKEN_BACK}"
            );
            let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                .fetch_one(db)
                .await?;
            small(count, "页数")
        })
    }
}

pub(super) async fn copies_here(
    db: &mut SqliteConnection,
    record: [u8; 8],
    version: u16,
) -> Result<Vec<u8>, LedgerFault> {
    let sql = format!(
        "SELECT DISTINCT p.copy FROM receipt p JOIN version v ON v.record = p.record AND v.number = p.version
         WHERE p.record = ? AND p.version = ? AND p.copy > 0 AND p.digest = substr(v.digest, 1, 12) AND {NOT_TAKEN_BACK}
         AND NOT EXISTS (SELECT 1 FROM void w WHERE w.record = p.record AND w.version = p.version
         AND w.minutes = p.minutes AND w.copy IN (0, p.copy)) ORDER BY p.copy"
    );
    let copies: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(&record[..])
        .bind(i64::from(version))
        .fetch_all(db)
        .await?;
    copies.into_iter().map(|c| small(c, "份次")).collect()
}
