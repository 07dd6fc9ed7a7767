//! Files of packages that were received.

use std::collections::BTreeMap;

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::sql;
use super::values::{blob, bytes};
use crate::store::StoreError;

/// A file of a package that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldEntry {
    /// SHA-256 of the package.
    pub package: [u8; 32],
    /// Name in it.
    pub name: String,
    /// What it is for, by the word in the package's manifest.
    pub role: String,
    /// The record that it belongs to; none for a file of the whole unit.
    pub record: Option<[u8; 8]>,
    /// Its object.
    pub object: [u8; 32],
}

/// The names of the videos and works of one record in one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldFilms {
    /// Reference of the record.
    pub record: [u8; 8],
    /// Names in the package.
    pub names: Vec<String>,
}

impl Ledger {
    /// The names of the videos and works in each of a unit's newest packages, by record. Packages of one time are of one state of the
    /// records, with their videos or without.
    pub fn videos_held(&mut self, unit: i64) -> Result<Vec<HeldFilms>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT e.record, p.sha256, e.name FROM package p JOIN entry e ON e.package = p.sha256
                 WHERE p.unit = ?1 AND e.role IN ('video', 'work') AND e.record IS NOT NULL
                   AND p.made_at = (SELECT max(made_at) FROM package WHERE unit = ?1)
                 ORDER BY e.record, p.sha256, e.name",
            )
            .bind(unit)
            .fetch_all(db)
            .await?;
            let mut held: BTreeMap<([u8; 8], [u8; 32]), Vec<String>> = BTreeMap::new();
            for row in &rows {
                let key = (blob(row, 0, "记录编号")?, blob(row, 1, "报送包")?);
                held.entry(key).or_default().push(row.try_get(2)?);
            }
            Ok::<_, LedgerFault>(held.into_iter().map(|((record, _), names)| HeldFilms { record, names }).collect())
        })
    }

    /// The files of a unit's packages; of one record alone, where one is named.
    pub fn entries_of(
        &mut self,
        unit: i64,
        record: Option<[u8; 8]>,
    ) -> Result<Vec<HeldEntry>, StoreError> {
        self.run(async |db, _| {
            let rows = sql::query(
                "SELECT e.package, e.name, e.object, e.role, e.record FROM entry e JOIN package p ON p.sha256 = e.package
                 WHERE p.unit = ?1 AND (?2 IS NULL OR e.record = ?2) ORDER BY p.at, e.package, e.name",
            )
            .bind(unit)
            .bind(record.map(|r| r.to_vec()))
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    Ok(HeldEntry {
                        package: blob(row, 0, "报送包")?,
                        name: row.try_get(1)?,
                        role: row.try_get(3)?,
                        record: row
                            .try_get::<Option<Vec<u8>>>(4)?
                            .map(|r| bytes(&r, "记录编号"))
                            .transpose()?,
                        object: blob(row, 2, "文件编号")?,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        })
    }
}
