//! Init (新建台账): an empty ledger, made on purpose, in the data folder or on PostgreSQL.

use std::path::Path;

use crate::store::ledger::{IfMissing, LEDGER, Ledger, LedgerFault};
use crate::store::{StoreError, Vault};

use crate::clerk::error::ClerkError;
use crate::clerk::opened::DataPlaces;

/// Makes a ledger, and the vault key that it is sealed with, where there is none; whether one was made. One that is there is opened,
/// so that it is seen whether it can be used, and stays as it is. A database says where a new one is made; a folder that has a ledger
/// elsewhere is refused.
pub fn init(places: DataPlaces<'_>, database: Option<&str>) -> Result<bool, ClerkError> {
    settle_database(places, database)?;
    let is_there = match Ledger::look_for(places.data) {
        Ok(()) => opens(places)?,
        Err(_) => places.data.join(LEDGER).exists(),
    };
    if is_there {
        let vault = Vault::open(places.keys, false)?;
        Ledger::open(places.data, vault, IfMissing::Refuse)?.close()?;
        return Ok(false);
    }
    let vault = Vault::open(places.keys, true)?;
    Ledger::open(places.data, vault, IfMissing::Make)?.close()?;
    Ok(true)
}

/// Whether a ledger is there to be opened; not one that was only announced.
fn opens(places: DataPlaces<'_>) -> Result<bool, ClerkError> {
    if places.data.join(LEDGER).exists() {
        return Ok(true);
    }
    let vault = match Vault::open(places.keys, false) {
        Ok(vault) => vault,
        // a first key is made with a first ledger
        Err(StoreError::Vault { .. }) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    match Ledger::open(places.data, vault, IfMissing::Refuse) {
        Ok(ledger) => {
            ledger.close()?;
            Ok(true)
        }
        Err(StoreError::Ledger {
            fault: LedgerFault::Missing,
            ..
        }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// A data folder without a ledger will have one on this database; one that has its ledger elsewhere is refused.
pub fn settle_database(places: DataPlaces<'_>, database: Option<&str>) -> Result<(), ClerkError> {
    let Some(url) = database else { return Ok(()) };
    #[cfg(feature = "postgres")]
    return Ok(crate::store::ledger::place_elsewhere(places.data, url)?);
    #[cfg(not(feature = "postgres"))]
    {
        let _ = (places, url);
        Err(ClerkError::refused(
            "这个程序编译时没有带 PostgreSQL（特性 postgres），不能用 database",
        ))
    }
}

/// Where the ledger of a data folder is or will be, in words, without touching anything. Fails where it cannot be there.
pub fn place_of_ledger(data: &Path, database: Option<&str>) -> Result<String, ClerkError> {
    #[cfg(feature = "postgres")]
    if let Some(url) = crate::store::ledger::place_said(data, database)? {
        return Ok(url);
    }
    #[cfg(not(feature = "postgres"))]
    let _ = database;
    Ok(data.join(LEDGER).display().to_string())
}
