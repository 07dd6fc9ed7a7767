//! The ledger (台账): one SQLite file in the data folder with units, records, prints, receipts and the audit log. Opening and
//! migrations are here; each noun has a file with its SQL: `records`, `lookup`, `prints`, `kept`, `receipts`,
//! `retract`, `tray`, `typed`, `units`, `roster`, `campaigns`, `notices`, `accounts`, `second`, `erase`, `traces`, `sweep`, `audit`.
//! What a row means for a page is in `receipt`; nothing here decides a verdict.

mod accounts;
mod audit;
mod campaigns;
mod copy;
mod erase;
mod fault;
mod kept;
mod lookup;
mod notices;
mod prints;
mod receipts;
mod records;
mod retract;
mod roster;
mod second;
mod sweep;
mod traces;
mod tray;
mod typed;
mod units;

pub use accounts::{AccountRow, SessionRow};
pub use audit::{AuditRow, ChainState};
pub use campaigns::{Decided, TemplateRow};
pub use copy::{CopyFacts, inspect};
pub use erase::{Erased, Erasure, HeldEntry};
pub use fault::LedgerFault;
pub use lookup::FiledUnder;
pub use notices::{NewNotice, NoticeRow};
pub use prints::{IssuedMark, Sheet, Voided};
pub use receipts::{Entered, Sighting};
pub use records::{EntryRow, Filing, Outcome, PackageRow};
pub use retract::Retracted;
pub use roster::RosterRow;
pub use second::SecondStep;
pub(in crate::store) use sweep::named_by_copy;
pub use traces::Traces;
pub use tray::TrayRow;
pub use units::{Contact, UnitRow};

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqlSafeStr, Sqlite, Transaction};
use tokio::runtime::Runtime;

use super::closed::make_closed;
use super::file::Lock;
use super::keeping::Keeping;
use super::vault::Vault;
use super::{StoreError, failpoint};

/// Name of the ledger's file in the data folder.
pub const LEDGER: &str = "ledger.db";

/// How long another program's write is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// All migrations, in order; one that was released never changes.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "ledger", include_str!("1.sql")),
    (2, "service", include_str!("2.sql")),
    (4, "campaigns", include_str!("4.sql")),
    (5, "notices", include_str!("5.sql")),
    (6, "second step", include_str!("6.sql")),
    (7, "retention", include_str!("7.sql")),
    (10, "people", include_str!("10.sql")),
];

/// The open ledger of a data folder. Every act is one transaction: written whole and down to the disk, or not at all.
pub struct Ledger {
    path: PathBuf,
    runtime: Runtime,
    db: SqliteConnection,
    vault: Vault,
    /// Objects that are put and not yet named.
    keeping: Option<Keeping>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ledger({})", self.path.display())
    }
}

/// Whether a ledger that is not there is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    /// Make folder and ledger.
    Make,
    /// Fail with [`LedgerFault::Closed`].
    Refuse,
}

impl Ledger {
    /// Opens the ledger of a data folder and brings its tables up to date. Fails on a ledger of a later program, a damaged
    /// one, and one that was sealed with another vault key.
    pub fn open(data: &Path, vault: Vault, missing: IfMissing) -> Result<Self, StoreError> {
        let path = data.join(LEDGER);
        if missing == IfMissing::Make {
            make_closed(data)?;
        } else if !path.is_file() {
            return Err(LedgerFault::Closed.at(path));
        }
        // two programs that make the same ledger at once take turns
        let _lock = Lock::wait(&data.join("ledger.lock"))?;
        let runtime = runtime(&path)?;
        let opened = runtime.block_on(open(&path, &vault));
        let db = opened.map_err(|fault| fault.at(path.clone()))?;
        let mut ledger = Self {
            path,
            runtime,
            db,
            vault,
            keeping: None,
        };
        ledger.tidy_up()?;
        Ok(ledger)
    }

    /// The ledger's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The data folder that it lies in.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    fn fault(&self) -> impl FnOnce(LedgerFault) -> StoreError + use<> {
        let path = self.path.clone();
        |fault| fault.at(path)
    }
}

fn runtime(path: &Path) -> Result<Runtime, StoreError> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(StoreError::world("打开", path))
}

/// Begins a transaction that writes: other writers wait.
async fn begin(db: &mut SqliteConnection) -> Result<Transaction<'_, Sqlite>, LedgerFault> {
    Ok(db.begin_with("BEGIN IMMEDIATE").await?)
}

/// Ends it; when this returns, what it wrote is on the disk.
async fn commit(tx: Transaction<'_, Sqlite>) -> Result<(), LedgerFault> {
    failpoint::pass("before a commit");
    tx.commit().await?;
    failpoint::pass("after a commit");
    Ok(())
}

async fn open(path: &Path, vault: &Vault) -> Result<SqliteConnection, LedgerFault> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    let mut db = SqliteConnection::connect_with(&options).await?;
    let migrations = MIGRATIONS.iter().map(|(number, name, sql)| {
        Migration::new(
            *number,
            (*name).into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
        .run(&mut db)
        .await?;
    own(&mut db, vault).await?;
    Ok(db)
}

/// Holds the ledger's vault fingerprint against the key at hand; a new ledger takes it.
async fn own(db: &mut SqliteConnection, vault: &Vault) -> Result<(), LedgerFault> {
    let found = vault.fingerprint();
    match own_key(db).await? {
        Some(expected) if expected != found => Err(LedgerFault::Vault { expected, found }),
        Some(_) => Ok(()),
        None => {
            sqlx::query("INSERT INTO setting (name, value) VALUES ('vault', ?)")
                .bind(found)
                .execute(db)
                .await?;
            Ok(())
        }
    }
}

/// The fingerprint of the vault key that a ledger is sealed with; none for a new one.
async fn own_key(db: &mut SqliteConnection) -> Result<Option<String>, LedgerFault> {
    let read = sqlx::query_scalar("SELECT value FROM setting WHERE name = 'vault'");
    Ok(read.fetch_optional(db).await?)
}

fn seconds(at: Timestamp) -> i64 {
    at.as_second()
}

fn time(seconds: i64) -> Result<Timestamp, LedgerFault> {
    Timestamp::from_second(seconds).map_err(|_| LedgerFault::Row("时间"))
}

fn bytes<const N: usize>(blob: &[u8], what: &'static str) -> Result<[u8; N], LedgerFault> {
    blob.try_into().map_err(|_| LedgerFault::Row(what))
}

fn small<T: TryFrom<i64>>(number: i64, what: &'static str) -> Result<T, LedgerFault> {
    T::try_from(number).map_err(|_| LedgerFault::Row(what))
}

fn kind(code: i64) -> Result<crate::campaign::FormKind, LedgerFault> {
    u8::try_from(code)
        .ok()
        .and_then(crate::campaign::FormKind::from_mark_code)
        .ok_or(LedgerFault::Row("表种"))
}

fn hex(reference: &[u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(*reference))
}
