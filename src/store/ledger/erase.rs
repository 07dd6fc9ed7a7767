//! Erasing (删除个人信息): contents, names, look-ups, contacts and files go; references, digests, marks, receipts and the audit log stay,
//! so that old paper is still judged and counted. Files are named in the transaction and removed after it, in this run or the next.

use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::connection::{LEDGER, Ledger};
use super::fault::LedgerFault;
use super::transaction::{begin, commit};
use super::values::{bytes, seconds};
use super::{audit, traces};
use crate::record::{Book, Digest};
use crate::store::StoreError;
use crate::store::failpoint;
use crate::store::objects::{OBJECTS, relative};
use crate::store::search::Words;
use crate::store::vault::Vault;

/// Stands where a name stood.
pub(super) const ERASED_NAME: &str = "已删除";

/// What one act erases.
#[derive(Clone, Debug)]
pub struct Erasure<'a> {
    /// Now.
    pub at: Timestamp,
    /// What is erased, for the audit log: a campaign, a unit, a record's reference.
    pub subject: &'a str,
    /// Who and why, for the audit log.
    pub detail: &'a str,
    /// Units that go whole, with all their records.
    pub units: &'a [i64],
    /// Records that go.
    pub records: &'a [[u8; 8]],
    /// Records of which all but the latest version go.
    pub earlier: &'a [[u8; 8]],
    /// Whether the pictures of the pages that a person has dealt with go.
    pub pictures: bool,
    /// Packages whose files of the whole unit go, because a person stands in them.
    pub packages: &'a [[u8; 32]],
    /// Names and numbers of the person: wherever people wrote them they go.
    pub words: &'a Words,
    /// Files and folders inside the data folder that go, with `/`.
    pub folders: &'a [String],
}

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

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Versions whose contents went.
    pub versions: u64,
    /// Files of packages and pictures of pages that went.
    pub files: usize,
    /// Texts of people, such as reasons and file names, that were blanked.
    pub texts: usize,
}

impl Ledger {
    /// Erases, all of it or nothing, then removes what lies outside the ledger. The same again changes nothing.
    pub fn erase(&mut self, erasure: &Erasure<'_>) -> Result<Erased, StoreError> {
        let fault = self.fault();
        let Self {
            runtime, db, vault, ..
        } = self;
        let done = async {
            let mut tx = begin(db).await?;
            let erased = erase(&mut tx, vault, erasure).await?;
            audit::append(
                &mut tx,
                erasure.at,
                "erase",
                erasure.subject,
                erasure.detail,
            )
            .await?;
            commit(tx).await?;
            Ok(erased)
        };
        let erased = runtime.block_on(done).map_err(fault)?;
        self.remove_remnants()?;
        // what runs that were cut off left behind may be the person's too
        self.sweep()?;
        Ok(erased)
    }

    /// Removes the files that an erasure named and that still lie there, and writes the ledger anew, so that no old text is left in
    /// its free pages or in the log of writes.
    pub fn remove_remnants(&mut self) -> Result<(), StoreError> {
        let folder = self.folder().to_path_buf();
        let Self { runtime, db, .. } = self;
        let at = self.path.clone();
        let fault = |fault: LedgerFault| fault.at(at.clone());
        let mut paths = runtime.block_on(remnants(db)).map_err(fault)?;
        // the ledger itself last
        paths.sort_by_key(|path| path == LEDGER);
        for path in paths {
            if path == LEDGER {
                runtime.block_on(written_anew(db)).map_err(fault)?;
            } else if let Some(inside) = inside(&folder, &path) {
                remove(&inside)?;
            }
            failpoint::pass("a remnant is removed");
            let drop = async {
                sqlx::query("DELETE FROM remnant WHERE path = ?")
                    .bind(&path)
                    .execute(&mut *db)
                    .await?;
                Ok(())
            };
            runtime.block_on(drop).map_err(fault)?;
        }
        Ok(())
    }

    /// Fails where the unit of a book was erased whole: nothing of it may be kept.
    pub fn takes_in(&mut self, book: &Book) -> Result<(), StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let read = async {
            let gone: Option<i64> = sqlx::query_scalar(
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
        };
        runtime.block_on(read).map_err(fault)
    }

    /// The files of a unit's packages; of one record alone, where one is named.
    pub fn entries_of(
        &mut self,
        unit: i64,
        record: Option<[u8; 8]>,
    ) -> Result<Vec<HeldEntry>, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let read = async {
            let rows = sqlx::query(
                "SELECT e.package, e.name, e.object, e.role, e.record FROM entry e JOIN package p ON p.sha256 = e.package
                 WHERE p.unit = ?1 AND (?2 IS NULL OR e.record = ?2) ORDER BY p.at, e.package, e.name",
            )
            .bind(unit)
            .bind(record.map(|r| r.to_vec()))
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|row| {
                    let (package, object): (Vec<u8>, Vec<u8>) = (row.try_get(0)?, row.try_get(2)?);
                    Ok(HeldEntry {
                        package: bytes(&package, "报送包")?,
                        name: row.try_get(1)?,
                        role: row.try_get(3)?,
                        record: row
                            .try_get::<Option<Vec<u8>>, _>(4)?
                            .map(|r| bytes(&r, "记录编号"))
                            .transpose()?,
                        object: bytes(&object, "文件编号")?,
                    })
                })
                .collect::<Result<Vec<_>, LedgerFault>>()
        };
        runtime.block_on(read).map_err(fault)
    }

    /// Records whose contents are gone up to their latest version.
    pub fn erased(&mut self) -> Result<Vec<[u8; 8]>, StoreError> {
        let fault = self.fault();
        let Self { runtime, db, .. } = self;
        let read = async {
            let rows: Vec<Vec<u8>> = sqlx::query_scalar(
                "SELECT e.record FROM erased e JOIN record r ON r.reference = e.record
                 WHERE r.latest <= e.version ORDER BY e.record",
            )
            .fetch_all(db)
            .await?;
            rows.iter()
                .map(|r| bytes(r, "记录编号"))
                .collect::<Result<Vec<_>, _>>()
        };
        runtime.block_on(read).map_err(fault)
    }
}

async fn written_anew(db: &mut SqliteConnection) -> Result<(), LedgerFault> {
    sqlx::query("VACUUM").execute(&mut *db).await?;
    failpoint::pass("the ledger is written anew");
    // where another reader holds the log of writes open, the engine cuts it later
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_all(db)
        .await?;
    Ok(())
}

async fn remnants(db: &mut SqliteConnection) -> Result<Vec<String>, LedgerFault> {
    let read = sqlx::query_scalar("SELECT path FROM remnant ORDER BY path");
    Ok(read.fetch_all(db).await?)
}

/// A path that stays inside a folder.
fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let plain = Path::new(path)
        .components()
        .all(|c| matches!(c, Component::Normal(_)));
    (plain && !path.is_empty()).then(|| folder.join(path))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    let done = match path.is_dir() {
        true => std::fs::remove_dir_all(path),
        false => std::fs::remove_file(path),
    };
    match done {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::world("删除", path)(e))
        }
        _ => Ok(()),
    }
}

async fn erase(
    db: &mut SqliteConnection,
    vault: &Vault,
    erasure: &Erasure<'_>,
) -> Result<Erased, LedgerFault> {
    let mut erased = Erased::default();
    let mut records = erasure.records.to_vec();
    for unit in erasure.units {
        let of_unit: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT reference FROM record WHERE unit = ? ORDER BY place, reference",
        )
        .bind(unit)
        .fetch_all(&mut *db)
        .await?;
        for reference in &of_unit {
            records.push(bytes(reference, "记录编号")?);
        }
        sqlx::query("UPDATE unit SET contact = x'' WHERE no = ?")
            .bind(unit)
            .execute(&mut *db)
            .await?;
        sqlx::query(
            "UPDATE roster SET contact = x'' WHERE EXISTS (SELECT 1 FROM unit u WHERE u.no = ?
             AND u.campaign = roster.campaign AND roster.name IN (u.name, u.begun))",
        )
        .bind(unit)
        .execute(&mut *db)
        .await?;
        sqlx::query("INSERT OR IGNORE INTO erased_unit (unit, at) VALUES (?, ?)")
            .bind(unit)
            .bind(seconds(erasure.at))
            .execute(&mut *db)
            .await?;
        sqlx::query("UPDATE package SET name = '' WHERE unit = ?")
            .bind(unit)
            .execute(&mut *db)
            .await?;
        erased.files += files(
            db,
            "SELECT package, name, object FROM entry WHERE package IN (SELECT sha256 FROM package WHERE unit = ?)",
            Of::Unit(*unit),
        )
        .await?;
    }
    for record in &records {
        erased.versions += contents(db, record, i64::MAX).await?;
        if !erasure.pictures {
            erased.files += traces::pictures_go(db, record, erasure.words, erasure.at).await?;
        }
        traces::of_record_go(db, record).await?;
        erased.files += record_goes(db, record, erasure.at).await?;
    }
    for package in erasure.packages {
        let sql = "SELECT package, name, object FROM entry WHERE package = ? AND record IS NULL AND role IN ('form', 'report')";
        erased.files += files(db, sql, Of::Package(package)).await?;
    }
    erased.texts = traces::texts_go(db, vault, erasure.words).await?;
    for record in erasure.earlier {
        let latest: Option<i64> =
            sqlx::query_scalar("SELECT latest FROM record WHERE reference = ?")
                .bind(&record[..])
                .fetch_optional(&mut *db)
                .await?;
        erased.versions += contents(db, record, latest.unwrap_or(0) - 1).await?;
    }
    if erasure.pictures {
        erased.files += pictures(db).await?;
    }
    for path in erasure.folders {
        remnant(db, path).await?;
    }
    remnant(db, LEDGER).await?;
    Ok(erased)
}

/// Empties the contents of a record's versions up to one; gives how many were not empty before.
async fn contents(
    db: &mut SqliteConnection,
    record: &[u8; 8],
    upto: i64,
) -> Result<u64, LedgerFault> {
    let sql = "UPDATE version SET contents = x'' WHERE record = ? AND number <= ? AND length(contents) > 0";
    let done = sqlx::query(sql)
        .bind(&record[..])
        .bind(upto)
        .execute(db)
        .await?;
    Ok(done.rows_affected())
}

/// Everything of a record beside its contents.
async fn record_goes(
    db: &mut SqliteConnection,
    record: &[u8; 8],
    at: Timestamp,
) -> Result<usize, LedgerFault> {
    sqlx::query("UPDATE record SET name = ? WHERE reference = ?")
        .bind(ERASED_NAME)
        .bind(&record[..])
        .execute(&mut *db)
        .await?;
    sqlx::query("DELETE FROM lookup WHERE record = ?")
        .bind(&record[..])
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "INSERT INTO erased (record, version, at) SELECT reference, latest, ? FROM record WHERE reference = ?
         ON CONFLICT (record) DO UPDATE SET version = excluded.version, at = excluded.at",
    )
    .bind(seconds(at))
    .bind(&record[..])
    .execute(&mut *db)
    .await?;
    // file names of scans are often people's names
    sqlx::query(
        "UPDATE sighting SET name = '' WHERE receipt IN (SELECT no FROM receipt WHERE record = ?)",
    )
    .bind(&record[..])
    .execute(&mut *db)
    .await?;
    let sql = "SELECT package, name, object FROM entry WHERE record = ?";
    files(db, sql, Of::Record(record)).await
}

enum Of<'a> {
    Unit(i64),
    Record(&'a [u8; 8]),
    Package(&'a [u8; 32]),
}

/// Forgets the files that a question finds, and names them to be removed.
async fn files(
    db: &mut SqliteConnection,
    sql: &'static str,
    of: Of<'_>,
) -> Result<usize, LedgerFault> {
    let question = match of {
        Of::Unit(unit) => sqlx::query(sql).bind(unit),
        Of::Record(record) => sqlx::query(sql).bind(record.to_vec()),
        Of::Package(sum) => sqlx::query(sql).bind(sum.to_vec()),
    };
    let rows = question.fetch_all(&mut *db).await?;
    for row in &rows {
        let (package, name): (Vec<u8>, String) = (row.try_get(0)?, row.try_get(1)?);
        let object: Vec<u8> = row.try_get(2)?;
        sqlx::query("DELETE FROM entry WHERE package = ? AND name = ?")
            .bind(package)
            .bind(name)
            .execute(&mut *db)
            .await?;
        object_goes(db, &object).await?;
    }
    Ok(rows.len())
}

/// Names an object to be removed, unless something else still names it.
pub(super) async fn object_goes(
    db: &mut SqliteConnection,
    object: &[u8],
) -> Result<(), LedgerFault> {
    let used: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM entry WHERE object = ?1) + (SELECT count(*) FROM sighting WHERE object = ?1)",
    )
    .bind(object)
    .fetch_one(&mut *db)
    .await?;
    if used > 0 {
        return Ok(());
    }
    let sum = Digest(bytes(object, "文件编号")?);
    remnant(db, &format!("{OBJECTS}/{}", relative(&sum))).await
}

pub(super) async fn remnant(db: &mut SqliteConnection, path: &str) -> Result<(), LedgerFault> {
    sqlx::query("INSERT OR IGNORE INTO remnant (path) VALUES (?)")
        .bind(path)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets the pictures of the pages that a person has dealt with.
async fn pictures(db: &mut SqliteConnection) -> Result<usize, LedgerFault> {
    let rows = sqlx::query(
        "SELECT no, object FROM sighting WHERE object IS NOT NULL
         AND (receipt IS NOT NULL OR EXISTS (SELECT 1 FROM review WHERE review.sighting = sighting.no))",
    )
    .fetch_all(&mut *db)
    .await?;
    for row in &rows {
        let (no, object): (i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        sqlx::query("UPDATE sighting SET object = NULL, name = '' WHERE no = ?")
            .bind(no)
            .execute(&mut *db)
            .await?;
        object_goes(db, &object).await?;
    }
    Ok(rows.len())
}

/// Fails where a unit was erased whole.
pub(super) async fn still_taken_in(
    db: &mut SqliteConnection,
    unit: i64,
) -> Result<(), LedgerFault> {
    let gone: Option<i64> = sqlx::query_scalar("SELECT at FROM erased_unit WHERE unit = ?")
        .bind(unit)
        .fetch_optional(db)
        .await?;
    match gone {
        Some(_) => Err(LedgerFault::Erased),
        None => Ok(()),
    }
}

/// The version up to which a record's contents were erased; 0 where they never were.
pub(super) async fn erased_upto(
    db: &mut SqliteConnection,
    record: &[u8; 8],
) -> Result<i64, LedgerFault> {
    let version: Option<i64> = sqlx::query_scalar("SELECT version FROM erased WHERE record = ?")
        .bind(&record[..])
        .fetch_optional(db)
        .await?;
    Ok(version.unwrap_or(0))
}
