//! A ledger elsewhere (异地台账): on PostgreSQL instead of in a file. The data folder then holds no `ledger.db` but a `database.toml` that
//! says where it is (`place`); objects and what units put into the service stay in the folder, and the ledger knows which folder is its
//! own. Passwords do not stand there: they come from the environment (`PGPASSWORD`) or from the user's `.pgpass`, as for every program of
//! PostgreSQL. How the connection is kept is in `server`, how a ledger gets there and back in `moving`.

use std::path::Path;

use crate::store::file::{Readers, replace};
use crate::store::vault::Vault;
use crate::store::{StoreError, private};

use super::connection::Ledger;
use super::dialect::FUNCTIONS;
use super::fault::LedgerFault;
use super::hand::{Hand, Runtime, runtime};
use super::names::{DATABASE, LEDGER};
use super::opening::{IfMissing, has_tables, settled};
use super::place::Elsewhere;
use super::server::{Part, Server};
use super::sql::{self, Db};

/// Name of the setting that says which folder is the ledger's own.
pub(super) const FOLDER: &str = "folder";

/// The address of the ledger that a data folder has elsewhere or will have; none where it is or will be in a file. Fails where the
/// folder has another than is said.
pub fn place_said(data: &Path, said: Option<&str>) -> Result<Option<String>, StoreError> {
    let path = data.join(DATABASE);
    let there = Elsewhere::of(data)?.map(|place| place.url().to_owned());
    let Some(url) = said else { return Ok(there) };
    let fault = |fault: LedgerFault| fault.at(path);
    if let Err(bad) = Elsewhere::new(url) {
        return Err(fault(bad));
    }
    match there {
        Some(there) if there == url => Ok(Some(there)),
        Some(there) => Err(fault(LedgerFault::Elsewhere(there))),
        None if data.join(LEDGER).exists() => Err(fault(LedgerFault::InFile)),
        None => Ok(Some(url.to_owned())),
    }
}

/// Writes down that a new ledger is made elsewhere, before it is made. A folder that has a ledger keeps it: one elsewhere must be
/// the very same place.
pub fn place_elsewhere(data: &Path, url: &str) -> Result<(), StoreError> {
    place_said(data, Some(url))?;
    if Elsewhere::of(data)?.is_some() {
        return Ok(());
    }
    let path = data.join(DATABASE);
    let fault = |fault: LedgerFault| fault.at(path.clone());
    let place = Elsewhere::new(url).map_err(fault)?;
    private::make_folder(data)?;
    // an address that leads nowhere is not written down
    let runtime = runtime(&path)?;
    let reached = runtime.block_on(async { Server::connect(data, &place).await?.close().await });
    reached.map_err(fault)?;
    let text = place.to_toml().map_err(fault)?;
    replace(&path, text.as_bytes(), Readers::Owner)
}

/// Makes the schema and the tables where there are none; a run that was killed meanwhile is gone on with.
pub(super) async fn found(place: &Elsewhere, db: &mut Db) -> Result<(), LedgerFault> {
    let there: i64 = sql::query_scalar("SELECT count(*) FROM pg_namespace WHERE nspname = ?")
        .bind(place.schema())
        .fetch_one(db)
        .await?;
    // whoever may not make schemas is given one
    if there == 0 {
        let schema = format!("CREATE SCHEMA {}", place.schema());
        sql::query(schema).execute(db).await?;
    }
    for function in FUNCTIONS {
        sql::query(*function).execute(db).await?;
    }
    db.migrate().await
}

/// Writes the number of its data folder into a ledger that has none, or none but a former one.
pub(super) async fn own_folder(db: &mut Db, place: &Elsewhere) -> Result<(), LedgerFault> {
    sql::query("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(FOLDER)
        .bind(place.folder())
        .execute(db)
        .await?;
    Ok(())
}

/// The number of the data folder that a ledger names; none for one that never was elsewhere.
pub(super) async fn folder_of(db: &mut Db) -> Result<Option<String>, LedgerFault> {
    let read = sql::query_scalar("SELECT value FROM setting WHERE name = ?").bind(FOLDER);
    read.fetch_optional(db).await
}

/// Opens a ledger elsewhere; gives the hand that it is written by.
async fn open(
    data: &Path,
    place: &Elsewhere,
    vault: &Vault,
    missing: IfMissing,
) -> Result<(Db, Hand), LedgerFault> {
    let mut db = Db::on(Server::join(data, place).await?);
    // those that open at once take turns
    hold(&mut db, Part::Founding, true).await?;
    if missing == IfMissing::Make && !is_begun(&mut db).await? {
        found(place, &mut db).await?;
        sql::query("INSERT INTO setting (name, value) VALUES (?, ?), ('vault', ?)")
            .bind(FOLDER)
            .bind(place.folder())
            .bind(vault.fingerprint())
            .execute(&mut db)
            .await?;
    }
    if !has_tables(&mut db).await? {
        return Err(LedgerFault::Missing);
    }
    if folder_of(&mut db).await?.as_deref() != Some(place.folder()) {
        return Err(LedgerFault::OtherFolder);
    }
    let hand = settled(&mut db, vault).await?;
    hold(&mut db, Part::Founding, false).await?;
    Ok((db, hand))
}

/// Whether a ledger was made whole: its settings are written last.
async fn is_begun(db: &mut Db) -> Result<bool, LedgerFault> {
    if !has_tables(db).await? {
        return Ok(false);
    }
    let settings: i64 = sql::query_scalar("SELECT count(*) FROM setting")
        .fetch_one(db)
        .await?;
    Ok(settings > 0)
}

async fn hold(db: &mut Db, part: Part, held: bool) -> Result<(), LedgerFault> {
    match (db.server(), held) {
        (Some(server), true) => server.hold(part).await,
        (Some(server), false) => server.let_go(part).await,
        (None, _) => Ok(()),
    }
}

impl Ledger {
    /// Opens a ledger that is elsewhere.
    pub(super) fn open_elsewhere(
        data: &Path,
        place: &Elsewhere,
        vault: Vault,
        missing: IfMissing,
    ) -> Result<Self, StoreError> {
        private::make_folder(data)?;
        private::close(data)?;
        let path = data.join(DATABASE);
        let runtime = Runtime::new(&path)?;
        let opened = runtime.block_on(open(data, place, &vault, missing));
        let opened = opened.map_err(|fault| fault.at(path.clone()))?;
        Self::opened(path, runtime, opened, vault)
    }
}
