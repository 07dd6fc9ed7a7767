//! Opening (开账) and closing: making a ledger that was not there, bringing an old one up to date, and closing it so that all of it
//! stands in its one file. A file without a ledger in it is a fault, never an empty ledger.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::connection::Ledger;
use super::fault::LedgerFault;
use super::hand::{Hand, Runtime};
use super::marker;
use super::names::LEDGER;
#[cfg(feature = "postgres")]
use super::place::Elsewhere;
use super::sql::{self, Db};
use super::values::bytes;
use crate::store::file::{Lock, remove_remnant, sync_folder, with_suffix};
use crate::store::objects::Objects;
use crate::store::vault::Vault;
use crate::store::{StoreError, failpoint, private};

/// What SQLite puts beside a ledger while it is open.
pub(super) const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// How long another program's write is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether a ledger that is not there is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    /// Make folder and ledger.
    Make,
    /// Fail with [`LedgerFault::Missing`].
    Refuse,
}

/// Makes the ledger of a path that is not there: whole under another name first, so that a run that is killed leaves either none or
/// one with all its tables.
fn make(path: &Path, runtime: &Runtime, vault: &Vault) -> Result<(), StoreError> {
    let beside = with_suffix(path, ".new");
    for suffix in ["", COMPANIONS[0], COMPANIONS[1]] {
        remove_remnant(&with_suffix(&beside, suffix))?;
    }
    private::make_file(&beside)?;
    failpoint::pass("a new ledger has no tables yet");
    let made = runtime.block_on(async {
        let mut db = connect(&beside).await?;
        db.migrate().await?;
        sql::query("INSERT INTO setting (name, value) VALUES ('vault', ?)")
            .bind(vault.fingerprint())
            .execute(&mut db)
            .await?;
        marker::settle(&mut db, vault).await?;
        db.close().await?;
        Ok(())
    });
    made.map_err(|fault: LedgerFault| fault.at(path.to_owned()))?;
    failpoint::pass("a new ledger has all its tables");
    File::open(&beside)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&beside, path))
        .map_err(StoreError::world("建立", path))?;
    sync_folder(path.parent());
    failpoint::pass("a new ledger has its name");
    Ok(())
}

/// Opens the ledger of a path and brings its tables up to date; gives the hand that it is written by.
async fn open(path: &Path, vault: &Vault) -> Result<(Db, Hand), LedgerFault> {
    // the engine would write a head into an empty file
    if fs::metadata(path).is_ok_and(|facts| facts.len() == 0) {
        return Err(LedgerFault::Empty);
    }
    let mut db = connect(path).await?;
    match settled(&mut db, vault).await {
        Ok(hand) => Ok((db, hand)),
        Err(fault) => {
            // what is wrong with the ledger is worth more than what is wrong with closing it
            let _ = db.close().await;
            Err(fault)
        }
    }
}

pub(super) async fn settled(db: &mut Db, vault: &Vault) -> Result<Hand, LedgerFault> {
    if !has_tables(db).await? {
        return Err(LedgerFault::Empty);
    }
    db.migrate().await?;
    let expected = own_key(db).await?.ok_or(LedgerFault::Empty)?;
    let found = vault.fingerprint();
    if expected != found {
        return Err(LedgerFault::Vault { expected, found });
    }
    let marker = marker::settle(db, vault).await?;
    let hand = Hand::new(vault, &marker.ledger);
    if !marker.genuine {
        hand.head.dispute();
    }
    for link in hand.head.known() {
        let hash: Option<Vec<u8>> = sql::query_scalar("SELECT hash FROM audit WHERE no = ?")
            .bind(link.no)
            .fetch_optional(&mut *db)
            .await?;
        let hash = hash.map(|hash| bytes(&hash, "审计日志")).transpose()?;
        if hash != Some(link.hash) {
            hand.head.dispute();
        }
    }
    Ok(hand)
}

pub(super) async fn connect(path: &Path) -> Result<Db, LedgerFault> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE);
    Db::connect(&options).await
}

/// Whether the tables that a ledger is known by are there at all.
pub(super) async fn has_tables(db: &mut Db) -> Result<bool, LedgerFault> {
    let tables = match db.is_file() {
        true => "sqlite_schema WHERE type = 'table' AND name",
        false => "information_schema.tables WHERE table_schema = current_schema() AND table_name",
    };
    let sql = format!(
        "SELECT count(*) FROM {tables} IN ('_sqlx_migrations', 'setting', 'unit', 'record', 'receipt', 'audit')"
    );
    let found: i64 = sql::query_scalar(sql).fetch_one(db).await?;
    Ok(found == 6)
}

/// The fingerprint of the vault key that a ledger is sealed with; none for a new one.
pub(super) async fn own_key(db: &mut Db) -> Result<Option<String>, LedgerFault> {
    let read = sql::query_scalar("SELECT value FROM setting WHERE name = 'vault'");
    read.fetch_optional(db).await
}

impl Ledger {
    /// Opens the ledger of a data folder and brings its tables up to date. Fails on a ledger of a later program, a damaged
    /// one, one that was sealed with another vault key, and a file that holds no ledger: it is never taken for an empty one.
    pub fn open(data: &Path, vault: Vault, missing: IfMissing) -> Result<Self, StoreError> {
        #[cfg(feature = "postgres")]
        if let Some(place) = Elsewhere::of(data)? {
            return Self::open_elsewhere(data, &place, vault, missing);
        }
        let path = data.join(LEDGER);
        match missing {
            IfMissing::Make => private::make_folder(data)?,
            IfMissing::Refuse => Self::look_for(data)?,
        }
        // two programs that make the same ledger at once take turns
        let _lock = Lock::wait(&data.join("ledger.lock"))?;
        #[cfg(feature = "postgres")]
        if Elsewhere::of(data)?.is_some() {
            // it was moved while this one waited for its turn
            return Err(LedgerFault::MovedAway.at(path));
        }
        private::close(data)?;
        let runtime = Runtime::new(&path)?;
        if missing == IfMissing::Make && !path.exists() {
            make(&path, &runtime, &vault)?;
        }
        let opened = runtime.block_on(open(&path, &vault));
        let opened = opened.map_err(|fault| fault.at(path.clone()))?;
        Self::opened(path, runtime, opened, vault)
    }

    /// The ledger of a connection that was opened, with what earlier runs left behind seen to.
    pub(super) fn opened(
        path: PathBuf,
        mut runtime: Runtime,
        (db, hand): (Db, Hand),
        vault: Vault,
    ) -> Result<Self, StoreError> {
        runtime.take(hand);
        let objects = Objects::of(path.parent().unwrap_or(Path::new(".")))?;
        let mut ledger = Self {
            path,
            runtime,
            db,
            vault,
            objects,
            keeping: None,
        };
        ledger.tidy_up()?;
        Ok(ledger)
    }

    /// Makes a ledger that was restored one of its own: the head of the one that it was copied from goes on without it.
    pub(in crate::store) fn renumber(&mut self) -> Result<(), StoreError> {
        let fault = self.fault();
        let Self {
            runtime, db, vault, ..
        } = self;
        let marker = runtime.block_on(marker::renumber(db, vault));
        let marker = marker.map_err(fault)?;
        runtime.take(Hand::new(vault, &marker.ledger));
        Ok(())
    }

    /// Closes the ledger, so that all of it stands in its one file.
    pub fn close(mut self) -> Result<(), StoreError> {
        let fault = self.fault();
        self.close_now().map_err(fault)
    }

    /// Closes the connection and waits for it: a connection that is only dropped closes some time later, in a thread of its own, and
    /// where the program ends first, what was written stays in the companion file.
    fn close_now(&mut self) -> Result<(), LedgerFault> {
        let Self { runtime, db, .. } = self;
        runtime.block_on(async {
            // one can be closed only by giving it away: another, of nothing, takes its place
            let nothing = SqliteConnectOptions::new().in_memory(true);
            let nothing = Db::connect(&nothing).await?;
            std::mem::replace(db, nothing).close().await
        })
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        // what is committed is on the disk, in the companion file at worst
        let _ = self.close_now();
    }
}
