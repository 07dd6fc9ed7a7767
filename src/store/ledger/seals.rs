//! Which paper is here, for what is noted of it: a seal is seen on a copy that lies on the desk, and sheets that lie there belong to
//! somebody even where no electronic record tells to whom.

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql::{self, Db, Row};
use super::values::{reference, small};
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
            let count: i64 = sql::query_scalar(sql)
                .fetch_one(db)
                .await?;
            small(count, "页数")
        })
    }
}

/// A page of the receipt `p` is paper in force: with the version's own contents, not taken back, of a print that is not void.
fn in_force() -> String {
    format!(
        "EXISTS (SELECT 1 FROM version v WHERE v.record = p.record AND v.number = p.version AND p.digest = substr(v.digest, 1, 12))
         AND {NOT_TAKEN_BACK}
         AND NOT EXISTS (SELECT 1 FROM void w WHERE w.record = p.record AND w.version = p.version
         AND w.minutes = p.minutes AND w.copy IN (0, p.copy))"
    )
}

/// The prints that are here of a record's version, by copy: the time of issue of the latest in force, in minutes.
pub(super) async fn prints_here(
    db: &mut Db,
    record: [u8; 8],
    version: u16,
) -> Result<Vec<(u8, i64)>, LedgerFault> {
    let sql = format!(
        "SELECT p.copy, max(p.minutes) FROM receipt p WHERE p.record = ? AND p.version = ? AND p.copy > 0 AND {}
         GROUP BY p.copy ORDER BY p.copy",
        in_force()
    );
    let prints: Vec<(i64, i64)> = sql::query_as(sql)
        .bind(&record[..])
        .bind(i64::from(version))
        .fetch_all(db)
        .await?;
    let prints = prints.into_iter();
    prints
        .map(|(copy, minutes)| Ok((small(copy, "份次")?, minutes)))
        .collect()
}

pub(super) async fn copies_here(
    db: &mut Db,
    record: [u8; 8],
    version: u16,
) -> Result<Vec<u8>, LedgerFault> {
    let prints = prints_here(db, record, version).await?;
    Ok(prints.into_iter().map(|(copy, _)| copy).collect())
}

/// The seals that count of a unit's records, by record, version and copy: the last word on a copy is that the seal was seen, and it was
/// seen on a print that is in force.
pub(super) async fn seals_in_force(
    db: &mut Db,
    unit: i64,
) -> Result<Vec<([u8; 8], u16, u8)>, LedgerFault> {
    let sql = format!(
        "SELECT s.record, s.version, s.copy FROM record r JOIN seal s ON s.record = r.reference
         WHERE r.unit = ? AND s.no = (SELECT max(no) FROM seal t WHERE t.record = s.record
         AND t.version = s.version AND t.copy = s.copy) AND s.present = 1
         AND EXISTS (SELECT 1 FROM receipt p WHERE p.record = s.record AND p.version = s.version AND p.copy = s.copy
         AND (p.minutes = s.minutes OR s.minutes IS NULL AND p.at <= s.at) AND {})",
        in_force()
    );
    let rows = sql::query(sql).bind(unit);
    let rows = rows.fetch_all(db).await?;
    let seal = |row: &Row| {
        let (version, copy) = (row.try_get(1)?, row.try_get(2)?);
        Ok((
            reference(row, 0)?,
            small(version, "版本")?,
            small(copy, "份次")?,
        ))
    };
    rows.iter().map(seal).collect()
}
