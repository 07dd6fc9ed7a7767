//! Moving (搬迁): the ledger of a data folder goes to PostgreSQL, or comes back into its file; objects and what units put into the
//! service stay in the folder. Nobody else has it open meanwhile. What was copied is held against what was there — rows, their digest
//! table by table, the chain of the audit log — before the folder says that the ledger is elsewhere; the old one is left beside, under
//! another name. A run that is killed leaves the folder with the old ledger or with the new one, and is gone on with by the next.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode};

use super::audit;
use super::chain::{ChainState, walk};
use super::connection::Ledger;
use super::elsewhere::{FOLDER, folder_of, found, own_folder};
use super::fault::LedgerFault;
use super::hand::runtime;
use super::head::Link;
use super::names::{DATABASE, LEDGER};
use super::opening::{COMPANIONS, connect, has_tables, settled};
use super::place::Elsewhere;
use super::server::{Part, Server};
use super::sql::{self, Db};
use super::transfer::{self, Table};
use crate::store::file::{Lock, Readers, remove_remnant, sync_folder, with_suffix, write_new};
use crate::store::vault::Vault;
use crate::store::{StoreError, failpoint, private};

/// Where a ledger is moved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// To PostgreSQL, by an address without a password.
    Server(String),
    /// Into the file in the data folder.
    File,
}

/// What was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Rows; none where the ledger was there already.
    pub rows: Option<u64>,
    /// What was left of the old place, in words of files; none where nothing was.
    pub left: Option<PathBuf>,
    /// Address of the server, without a password.
    pub url: String,
}

/// Moves the ledger of a data folder.
pub fn move_ledger(
    data: &Path,
    vault: &Vault,
    to: &Destination,
    at: Timestamp,
) -> Result<Moved, StoreError> {
    Ledger::look_for(data)?;
    // whoever opens the file waits, and sees then that it was moved
    let _lock = Lock::take(&data.join("ledger.lock"))?;
    private::close(data)?;
    match (to, Elsewhere::of(data)?) {
        (Destination::Server(url), None) => out(data, vault, url, at),
        (Destination::Server(url), Some(there)) if there.url() == url => Ok(Moved {
            rows: None,
            left: set_aside(&data.join(LEDGER), at)?,
            url: url.clone(),
        }),
        (Destination::Server(_), Some(there)) => {
            Err(LedgerFault::Elsewhere(there.url().to_owned()).at(data.join(DATABASE)))
        }
        (Destination::File, Some(there)) => back(data, vault, &there, at),
        (Destination::File, None) => Ok(Moved {
            rows: None,
            left: None,
            url: String::new(),
        }),
    }
}

/// To PostgreSQL.
fn out(data: &Path, vault: &Vault, url: &str, at: Timestamp) -> Result<Moved, StoreError> {
    let (path, pointer) = (data.join(LEDGER), data.join(DATABASE));
    let place = announced(data, url)?;
    let runtime = runtime(&path)?;
    let copied = runtime.block_on(async {
        let mut from = alone(&path).await?;
        let known = settled(&mut from, vault).await?.head.known();
        let said: String = sql::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&mut from)
            .await?;
        if said != "ok" {
            return Err(LedgerFault::Damaged);
        }
        whole(&mut from, vault, &known).await?;
        let mut to = Db::on(Server::connect(data, &place).await?);
        hold_alone(&mut to).await?;
        found(&place, &mut to).await?;
        failpoint::pass("the tables of a ledger that is moved are there");
        let tables = transfer::tables(&mut from).await?;
        let mut source = from.begin_snapshot().await?;
        let mut target = to.begin().await?;
        cleared(&tables, &mut target, &place).await?;
        let rows = copied(&tables, &mut source, &mut target).await?;
        whole(&mut target, vault, &known).await?;
        own_folder(&mut target, &place).await?;
        let words = format!("台账从 {LEDGER} 搬到 {url}");
        audit::append_by(&mut target, vault, at, "migrate", "", &words).await?;
        failpoint::pass("a moved ledger is copied, not yet committed");
        target.commit().await?;
        failpoint::pass("a moved ledger is copied");
        source.rollback().await?;
        // it stays closed to others until the folder says where the ledger is
        Ok((rows, from, to))
    });
    let (rows, from, to) = copied.map_err(|fault: LedgerFault| fault.at(path.clone()))?;
    fs::rename(with_suffix(&pointer, ".new"), &pointer)
        .map_err(StoreError::world("写入", &pointer))?;
    sync_folder(Some(data));
    failpoint::pass("a moved ledger has its place");
    let closed = runtime.block_on(async {
        from.close().await?;
        to.close().await
    });
    closed.map_err(|fault: LedgerFault| fault.at(path.clone()))?;
    let left = set_aside(&path, at)?;
    failpoint::pass("a moved ledger's old file is set aside");
    Ok(Moved {
        rows: Some(rows),
        left,
        url: url.to_owned(),
    })
}

/// Back into the file.
fn back(data: &Path, vault: &Vault, there: &Elsewhere, at: Timestamp) -> Result<Moved, StoreError> {
    let (path, pointer) = (data.join(LEDGER), data.join(DATABASE));
    let beside = with_suffix(&path, ".new");
    for suffix in ["", COMPANIONS[0], COMPANIONS[1]] {
        remove_remnant(&with_suffix(&beside, suffix))?;
    }
    private::make_file(&beside)?;
    let runtime = runtime(&pointer)?;
    let copied = runtime.block_on(async {
        let mut from = Db::on(Server::connect(data, there).await?);
        hold_alone(&mut from).await?;
        if !has_tables(&mut from).await? {
            return Err(LedgerFault::Missing);
        }
        if folder_of(&mut from).await?.as_deref() != Some(there.folder()) {
            return Err(LedgerFault::OtherFolder);
        }
        let known = settled(&mut from, vault).await?.head.known();
        whole(&mut from, vault, &known).await?;
        let mut to = connect(&beside).await?;
        to.migrate().await?;
        failpoint::pass("the tables of a ledger that comes back are there");
        let tables = transfer::tables(&mut to).await?;
        let mut source = from.begin_snapshot().await?;
        let mut target = to.begin().await?;
        let rows = copied(&tables, &mut source, &mut target).await?;
        whole(&mut target, vault, &known).await?;
        not_elsewhere(&mut target).await?;
        let words = format!("台账从 {} 搬回 {LEDGER}", there.url());
        audit::append_by(&mut target, vault, at, "migrate", "", &words).await?;
        failpoint::pass("a ledger that comes back is copied, not yet committed");
        target.commit().await?;
        source.rollback().await?;
        to.close().await?;
        Ok((rows, from))
    });
    let (rows, from) = copied.map_err(|fault: LedgerFault| {
        let _ = fs::remove_file(&beside);
        fault.at(pointer.clone())
    })?;
    failpoint::pass("a ledger that comes back is copied");
    // one that lies there is of a run that was killed: the folder says that the ledger is elsewhere
    set_aside(&path, at)?;
    failpoint::pass("a ledger that comes back has no name yet");
    File::open(&beside)
        .and_then(|file| file.sync_all())
        .and_then(|()| fs::rename(&beside, &path))
        .map_err(StoreError::world("建立", &path))?;
    sync_folder(Some(data));
    failpoint::pass("a ledger that comes back has its name");
    let left = set_aside(&pointer, at)?;
    failpoint::pass("a ledger that comes back has its place");
    let closed = runtime.block_on(from.close());
    closed.map_err(|fault| fault.at(pointer))?;
    Ok(Moved {
        rows: Some(rows),
        left,
        url: there.url().to_owned(),
    })
}

/// The place that a run which was killed had begun to move to, or a new one; it is written down before anything is copied.
fn announced(data: &Path, url: &str) -> Result<Elsewhere, StoreError> {
    let path = with_suffix(&data.join(DATABASE), ".new");
    if let Ok(Some(begun)) = Elsewhere::read(&path)
        && begun.url() == url
    {
        return Ok(begun);
    }
    let fault = |fault: LedgerFault| fault.at(data.join(DATABASE));
    let place = Elsewhere::new(url).map_err(fault)?;
    remove_remnant(&path)?;
    let text = place.to_toml().map_err(fault)?;
    write_new(&path, text.as_bytes(), Readers::Owner).map_err(StoreError::world("写入", &path))?;
    sync_folder(Some(data));
    Ok(place)
}

/// The file, open for nobody else; fails where another program has it open.
pub(super) async fn alone(path: &Path) -> Result<Db, LedgerFault> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .locking_mode(SqliteLockingMode::Exclusive)
        // leaving the log of writes needs every other connection gone
        .journal_mode(SqliteJournalMode::Delete)
        .busy_timeout(std::time::Duration::from_secs(1));
    let opened = Db::connect(&options).await;
    let mut db = opened.map_err(|fault| match fault {
        LedgerFault::Busy => LedgerFault::InUse,
        fault => fault,
    })?;
    let mode: String = sql::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut db)
        .await?;
    match mode.as_str() {
        "delete" => Ok(db),
        _ => Err(LedgerFault::InUse),
    }
}

/// Holds a ledger on PostgreSQL that nobody else has open.
pub(super) async fn hold_alone(db: &mut Db) -> Result<(), LedgerFault> {
    if let Some(server) = db.server()
        && !server.try_hold(Part::Open).await?
    {
        return Err(LedgerFault::InUse);
    }
    Ok(())
}

/// The chain of the audit log holds.
async fn whole(db: &mut Db, vault: &Vault, known: &[Link]) -> Result<(), LedgerFault> {
    match walk(db, vault, known, &mut |_| ()).await? {
        ChainState::Whole { .. } => Ok(()),
        ChainState::Cut { rows, known } => Err(LedgerFault::Cut { rows, known }),
        ChainState::Broken { row } => Err(LedgerFault::Chain(row)),
    }
}

/// Copies all rows, and holds what came against what was there. Gives how many.
async fn copied(tables: &[Table], source: &mut Db, target: &mut Db) -> Result<u64, LedgerFault> {
    transfer::copy(tables, source, target).await?;
    let mut rows = 0;
    for table in tables {
        let (before, after) = (
            transfer::sum(table, source).await?,
            transfer::sum(table, target).await?,
        );
        if before != after {
            return Err(LedgerFault::Unlike(table.name().to_owned()));
        }
        rows += before.0;
    }
    Ok(rows)
}

/// The tables hold nothing, or nothing but what a run that was killed had moved there for this very folder.
async fn cleared(tables: &[Table], target: &mut Db, place: &Elsewhere) -> Result<(), LedgerFault> {
    let mut filled = None;
    for table in tables {
        if filled.is_none() && transfer::rows(table, target).await? > 0 {
            filled = Some(table.name().to_owned());
        }
    }
    let Some(filled) = filled else { return Ok(()) };
    if folder_of(target).await?.as_deref() != Some(place.folder()) {
        return Err(LedgerFault::Occupied(filled));
    }
    let names: Vec<&str> = tables.iter().map(Table::name).collect();
    let clear = sql::query(format!("TRUNCATE {}", names.join(", "))).used_once();
    clear.execute(target).await.map(|_| ())
}

/// A ledger in a file names no folder.
async fn not_elsewhere(db: &mut Db) -> Result<(), LedgerFault> {
    let gone = sql::query("DELETE FROM setting WHERE name = ?").bind(FOLDER);
    gone.execute(db).await.map(|_| ())
}

/// Gives what is not used any more another name, with the time; none where there is nothing.
pub(super) fn set_aside(path: &Path, at: Timestamp) -> Result<Option<PathBuf>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let mut to = with_suffix(path, &format!(".moved-{}", at.as_second()));
    // nothing that was set aside before is written over
    for n in 2.. {
        if !to.exists() {
            break;
        }
        to = with_suffix(path, &format!(".moved-{}-{n}", at.as_second()));
    }
    fs::rename(path, &to).map_err(StoreError::world("改名", path))?;
    sync_folder(path.parent());
    Ok(Some(to))
}
