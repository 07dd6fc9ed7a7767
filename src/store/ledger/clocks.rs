//! The times that a unit's records and packages bear, for `receipt` to hold against each other.

use crate::receipt::{PackageTime, VersionTime};

use super::fault::LedgerFault;
use super::of_unit::of_unit;
use super::sql::Db;
use super::values::{reference, small, time};

/// When each version of a unit's records was made.
pub(super) async fn versions(db: &mut Db, unit: i64) -> Result<Vec<VersionTime>, LedgerFault> {
    let sql = "SELECT v.record, v.number, v.issued_at FROM record r JOIN version v ON v.record = r.reference
         WHERE r.unit = ? ORDER BY v.record, v.number";
    of_unit(db, sql, unit, |row| {
        let at: String = row.try_get(2)?;
        Ok(VersionTime {
            record: reference(row, 0)?,
            version: small(row.try_get(1)?, "版本")?,
            issued_at: at.parse().map_err(|_| LedgerFault::Row("时间"))?,
        })
    })
    .await
}

/// When each package of a unit was made, and when it came in.
pub(super) async fn packages(db: &mut Db, unit: i64) -> Result<Vec<PackageTime>, LedgerFault> {
    let sql = "SELECT made_at, at FROM package WHERE unit = ? ORDER BY at, sha256";
    of_unit(db, sql, unit, |row| {
        Ok(PackageTime {
            made_at: time(row.try_get(0)?)?,
            at: time(row.try_get(1)?)?,
        })
    })
    .await
}
