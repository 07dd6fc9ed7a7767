//! A copy of the ledger: taken while others write on, and looked at without changing a byte of it.

use std::fs::File;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::chain::{ChainState, walk};
use super::connection::Ledger;
use super::fault::LedgerFault;
use super::hand::runtime;
use super::opening::{has_tables, own_key};
use super::schema::MIGRATIONS;
use super::sql::{self, Db};
use super::transfer::{self, tables};
use super::values::bytes;
use sqlx::sqlite::SqliteConnectOptions;

use crate::record::Digest;
use crate::store::vault::Vault;
use crate::store::{StoreError, failpoint};

/// What a copy says about the ledger that it was taken of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyFacts {
    /// Number of the last migration that it has seen.
    pub schema: i64,
    /// Fingerprint of the vault key that its personal data are sealed with.
    pub vault: String,
    /// Campaigns that it has units of.
    pub campaigns: i64,
    /// Units.
    pub units: i64,
    /// Records.
    pub records: i64,
    /// Received sheets.
    pub receipts: i64,
    /// Rows of the audit log.
    pub audit_rows: i64,
    /// Hash of its last row.
    pub audit_last: Digest,
}

impl Ledger {
    /// Writes a copy as the ledger stands now into a file that is not there yet, down to the disk; others write on meanwhile.
    /// Faults name the copy's file.
    pub fn copy_to(&mut self, copy: &Path) -> Result<(), StoreError> {
        let Some(name) = copy.to_str() else {
            return Err(StoreError::Name {
                name: copy.display().to_string(),
                reason: "不是 UTF-8",
            });
        };
        failpoint::pass("before a copy of the ledger");
        let Self { runtime, db, .. } = self;
        let done = runtime.block_on(async {
            match db.is_file() {
                true => {
                    let written = sql::query("VACUUM INTO ?").bind(name);
                    written.execute(db).await.map(|_| ())
                }
                false => as_file(db, copy).await,
            }
        });
        failpoint::pass("a copy of the ledger, not yet on the disk");
        done.map_err(|fault| fault.at(copy.to_owned()))?;
        File::open(copy)
            .and_then(|file| file.sync_all())
            .map_err(StoreError::world("写入", copy))?;
        failpoint::pass("a copy of the ledger is on the disk");
        Ok(())
    }

    /// The hash of a row of the audit log; none where there is no such row.
    pub fn audit_hash(&mut self, no: i64) -> Result<Option<Digest>, StoreError> {
        self.run(async |db, _| {
            let hash: Option<Vec<u8>> = sql::query_scalar("SELECT hash FROM audit WHERE no = ?")
                .bind(no)
                .fetch_optional(db)
                .await?;
            hash.map(|hash| Ok(Digest(bytes(&hash, "审计日志")?)))
                .transpose()
        })
    }
}

/// Writes the rows of a ledger that is elsewhere into a file.
async fn as_file(db: &mut Db, copy: &Path) -> Result<(), LedgerFault> {
    let options = SqliteConnectOptions::new()
        .filename(copy)
        .create_if_missing(true);
    let mut file = Db::connect(&options).await?;
    file.migrate().await?;
    let tables = tables(&mut file).await?;
    let mut from = db.begin_snapshot().await?;
    let mut to = file.begin().await?;
    transfer::copy(&tables, &mut from, &mut to).await?;
    // a ledger in a file names no folder
    sql::query("DELETE FROM setting WHERE name = 'folder'")
        .execute(&mut to)
        .await?;
    to.commit().await?;
    from.rollback().await?;
    file.close().await
}

/// Looks at a copy that nobody writes to, and holds it against everything that can be held: the engine's own check, the
/// vault key, the chain of the audit log.
pub fn inspect(copy: &Path, vault: &Vault) -> Result<CopyFacts, StoreError> {
    let fault = |fault: LedgerFault| fault.at(copy.to_owned());
    let runtime = runtime(copy)?;
    let done = runtime.block_on(async {
        let mut db = Db::of_copy(copy).await?;
        let facts = look(&mut db, vault).await;
        db.close().await?;
        facts
    });
    done.map_err(fault)
}

async fn look(db: &mut Db, vault: &Vault) -> Result<CopyFacts, LedgerFault> {
    let said: String = sql::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut *db)
        .await?;
    if said != "ok" || !has_tables(db).await? {
        return Err(LedgerFault::Damaged);
    }
    let schema: i64 = sql::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations")
        .fetch_one(&mut *db)
        .await?;
    if MIGRATIONS
        .last()
        .is_some_and(|(known, _, _)| schema > *known)
    {
        return Err(LedgerFault::Newer(schema));
    }
    let sealed_by = own_key(db).await?.unwrap_or_default();
    if sealed_by != vault.fingerprint() {
        return Err(LedgerFault::Vault {
            expected: sealed_by,
            found: vault.fingerprint(),
        });
    }
    let (audit_rows, audit_last) = match walk(db, vault, &[], &mut |_| ()).await? {
        ChainState::Whole { rows, last, .. } => (rows, Digest(last)),
        ChainState::Cut { rows, known } => return Err(LedgerFault::Cut { rows, known }),
        ChainState::Broken { row } => return Err(LedgerFault::Chain(row)),
    };
    let counts = sql::query(
        "SELECT (SELECT count(DISTINCT campaign) FROM unit), (SELECT count(*) FROM unit),
                (SELECT count(*) FROM record), (SELECT count(*) FROM receipt)",
    )
    .fetch_one(db)
    .await?;
    Ok(CopyFacts {
        schema,
        vault: sealed_by,
        campaigns: counts.try_get(0)?,
        units: counts.try_get(1)?,
        records: counts.try_get(2)?,
        receipts: counts.try_get(3)?,
        audit_rows,
        audit_last,
    })
}
