//! Erasing (删除个人信息): contents, names, look-ups, contacts and files go; references, digests, marks, receipts and the audit log stay,
//! so that old paper is still judged and counted. Files that go are in `remnants`, what may not come again in `erased`.

use jiff::Timestamp;

use super::connection::Ledger;
use super::erased::ERASED_NAME;
use super::fault::LedgerFault;
use super::names::LEDGER;
use super::remnants::{object_goes, remnant};
use super::sql::{self, Db};
use super::transaction::{begin, commit};
use super::values::{bytes, seconds};
use super::{audit, traces};
use crate::store::StoreError;
use crate::store::search::Words;
use crate::store::vault::Vault;

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
        let erased = self.run(async |db, vault| {
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
        })?;
        self.remove_remnants()?;
        // what runs that were cut off left behind may be the person's too
        self.sweep()?;
        Ok(erased)
    }
}

async fn erase(db: &mut Db, vault: &Vault, erasure: &Erasure<'_>) -> Result<Erased, LedgerFault> {
    let mut erased = Erased::default();
    let mut records = erasure.records.to_vec();
    for unit in erasure.units {
        let of_unit: Vec<Vec<u8>> = sql::query_scalar(
            "SELECT reference FROM record WHERE unit = ? ORDER BY place, reference",
        )
        .bind(*unit)
        .fetch_all(&mut *db)
        .await?;
        for reference in &of_unit {
            records.push(bytes(reference, "记录编号")?);
        }
        sql::query("UPDATE unit SET contact = x'' WHERE no = ?")
            .bind(*unit)
            .execute(&mut *db)
            .await?;
        sql::query(
            "UPDATE roster SET contact = x'' WHERE EXISTS (SELECT 1 FROM unit u WHERE u.no = ?
             AND u.campaign = roster.campaign AND roster.name IN (u.name, u.begun))",
        )
        .bind(*unit)
        .execute(&mut *db)
        .await?;
        sql::query("INSERT INTO erased_unit (unit, at) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(*unit)
            .bind(seconds(erasure.at))
            .execute(&mut *db)
            .await?;
        sql::query("UPDATE package SET name = '' WHERE unit = ?")
            .bind(*unit)
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
        let sql = "SELECT package, name, object FROM entry WHERE package = ? AND record IS NULL AND role IN ('form', 'report', 'work')";
        erased.files += files(db, sql, Of::Package(package)).await?;
    }
    erased.texts = traces::texts_go(db, vault, erasure.words).await?;
    for record in erasure.earlier {
        let latest: Option<i64> =
            sql::query_scalar("SELECT latest FROM record WHERE reference = ?")
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
async fn contents(db: &mut Db, record: &[u8; 8], upto: i64) -> Result<u64, LedgerFault> {
    let sql = "UPDATE version SET contents = x'' WHERE record = ? AND number <= ? AND length(contents) > 0";
    let done = sql::query(sql)
        .bind(&record[..])
        .bind(upto)
        .execute(db)
        .await?;
    Ok(done)
}

/// Everything of a record beside its contents.
async fn record_goes(db: &mut Db, record: &[u8; 8], at: Timestamp) -> Result<usize, LedgerFault> {
    sql::query("UPDATE record SET name = ? WHERE reference = ?")
        .bind(ERASED_NAME)
        .bind(&record[..])
        .execute(&mut *db)
        .await?;
    sql::query("DELETE FROM lookup WHERE record = ?")
        .bind(&record[..])
        .execute(&mut *db)
        .await?;
    sql::query(
        "INSERT INTO erased (record, version, at) SELECT reference, latest, ? FROM record WHERE reference = ?
         ON CONFLICT (record) DO UPDATE SET version = excluded.version, at = excluded.at",
    )
    .bind(seconds(at))
    .bind(&record[..])
    .execute(&mut *db)
    .await?;
    // file names of scans are often people's names
    sql::query(
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
async fn files(db: &mut Db, sql: &'static str, of: Of<'_>) -> Result<usize, LedgerFault> {
    let question = match of {
        Of::Unit(unit) => sql::query(sql).bind(unit),
        Of::Record(record) => sql::query(sql).bind(record.to_vec()),
        Of::Package(sum) => sql::query(sql).bind(sum.to_vec()),
    };
    let rows = question.fetch_all(&mut *db).await?;
    for row in &rows {
        let (package, name): (Vec<u8>, String) = (row.try_get(0)?, row.try_get(1)?);
        let object: Vec<u8> = row.try_get(2)?;
        sql::query("DELETE FROM entry WHERE package = ? AND name = ?")
            .bind(package)
            .bind(name)
            .execute(&mut *db)
            .await?;
        object_goes(db, &object).await?;
    }
    Ok(rows.len())
}

/// Forgets the pictures of the pages that a person has dealt with.
async fn pictures(db: &mut Db) -> Result<usize, LedgerFault> {
    let rows = sql::query(
        "SELECT no, object FROM sighting WHERE object IS NOT NULL
         AND (receipt IS NOT NULL OR EXISTS (SELECT 1 FROM review WHERE review.sighting = sighting.no))",
    )
    .fetch_all(&mut *db)
    .await?;
    for row in &rows {
        let (no, object): (i64, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        sql::query("UPDATE sighting SET object = NULL, name = '' WHERE no = ?")
            .bind(no)
            .execute(&mut *db)
            .await?;
        object_goes(db, &object).await?;
    }
    Ok(rows.len())
}
