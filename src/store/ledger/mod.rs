//! The ledger (台账): one SQLite file in the data folder with units, records, prints, receipts and the audit log. Opening and
//! migrations are here and in `opening`; each noun has a file with its SQL: `records`, `lookup`, `prints`, `kept`, `receipts`,
//! `pages`, `retract`, `seals`, `tray`, `typed`, `units`, `doubles`, `clocks`, `roster`, `campaigns`, `notices`, `accounts`, `second`, `erase`,
//! `traces`, `sweep`, `trust`, `audit`. Who acts is in `actor`, how the audit log is vouched for in `hand`, `marker` and `head`.
//! What a row means for a page is in `receipt`; nothing here decides a verdict.

mod accounts;
mod actor;
mod audit;
mod campaigns;
mod clocks;
mod copy;
mod doubles;
mod erase;
mod fault;
mod hand;
mod head;
mod kept;
mod lookup;
mod marker;
mod notices;
mod opening;
mod pages;
mod prints;
mod receipts;
mod records;
mod retract;
mod roster;
mod seals;
mod second;
mod sweep;
mod traces;
mod tray;
mod trust;
mod typed;
mod units;

pub use accounts::{AccountRow, SessionRow};
pub use actor::{Actor, acting_as};
pub use audit::{AuditRow, ChainState};
pub use campaigns::{Decided, TemplateRow};
pub use copy::{CopyFacts, inspect};
pub use erase::{Erased, Erasure, HeldEntry};
pub use fault::LedgerFault;
pub use head::AUDIT_HEAD;
pub use lookup::FiledUnder;
pub use notices::{NewNotice, NoticeRow};
pub use prints::{IssuedMark, IssuedPage, Voided};
pub use receipts::{Before, Entered, ReadMark, Sighting};
pub use records::{EntryRow, Filing, Outcome, PackageRow, Voucher};
pub use retract::Retracted;
pub use roster::{ListedUnit, RosterRow};
pub use second::SecondStep;
pub(in crate::store) use sweep::named_by_copy;
pub use traces::Traces;
pub use tray::TrayRow;
pub use trust::UnitKeyRow;
pub use units::{UnitContact, UnitRow};

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Sqlite, Transaction};

use hand::{Hand, Runtime};

use super::file::Lock;
use super::keeping::Keeping;
use super::vault::Vault;
use super::{StoreError, failpoint, private};

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
    (8, "trust", include_str!("8.sql")),
    (9, "actors", include_str!("9.sql")),
    (10, "people", include_str!("10.sql")),
    (11, "telephones of the roster", include_str!("11.sql")),
    (12, "tray", include_str!("12.sql")),
    (13, "clocks", include_str!("13.sql")),
];

/// The open ledger of a data folder. Every act is one transaction: written whole and down to the disk, or not at all. When it is
/// dropped, and nobody else has it open, all of it stands in its one file.
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
    /// Fail with [`LedgerFault::Missing`].
    Refuse,
}

impl Ledger {
    /// Opens the ledger of a data folder and brings its tables up to date. Fails on a ledger of a later program, a damaged
    /// one, one that was sealed with another vault key, and a file that holds no ledger: it is never taken for an empty one.
    pub fn open(data: &Path, vault: Vault, missing: IfMissing) -> Result<Self, StoreError> {
        let path = data.join(LEDGER);
        match missing {
            IfMissing::Make => private::make_folder(data)?,
            IfMissing::Refuse => Self::look_for(data)?,
        }
        // two programs that make the same ledger at once take turns
        let _lock = Lock::wait(&data.join("ledger.lock"))?;
        private::close(data)?;
        let mut runtime = Runtime::new(&path)?;
        if missing == IfMissing::Make && !path.exists() {
            opening::make(&path, &runtime, &vault)?;
        }
        let opened = runtime.block_on(opening::open(&path, &vault));
        let (db, hand) = opened.map_err(|fault| fault.at(path.clone()))?;
        runtime.take(hand);
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

    /// Fails where a data folder holds no ledger, with [`LedgerFault::Missing`].
    pub fn look_for(data: &Path) -> Result<(), StoreError> {
        let path = data.join(LEDGER);
        let fault = match std::fs::metadata(&path) {
            Ok(facts) if facts.is_file() => return Ok(()),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => LedgerFault::Missing,
            _ => LedgerFault::Closed,
        };
        Err(fault.at(path))
    }

    /// Whether the audit log was found cut off, or another than the head in the key folder knows, when the ledger was opened.
    pub fn is_disputed(&self) -> bool {
        self.runtime.hand().is_some_and(|h| h.head.is_disputed())
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

fn runtime(path: &Path) -> Result<tokio::runtime::Runtime, StoreError> {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(StoreError::world("打开", path))
}

/// Begins a transaction that writes: other writers wait.
async fn begin(db: &mut SqliteConnection) -> Result<Transaction<'_, Sqlite>, LedgerFault> {
    // none while the ledger is being opened
    if let Ok(hand) = Hand::now() {
        hand.begin();
    }
    Ok(db.begin_with("BEGIN IMMEDIATE").await?)
}

/// Ends it; when this returns, what it wrote is on the disk.
async fn commit(tx: Transaction<'_, Sqlite>) -> Result<(), LedgerFault> {
    failpoint::pass("before a commit");
    tx.commit().await?;
    failpoint::pass("after a commit");
    if let Ok(hand) = Hand::now() {
        hand.committed();
    }
    Ok(())
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
