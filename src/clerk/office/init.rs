//! Init (新建台账): an empty ledger, made on purpose, in the data folder or on PostgreSQL.

use std::path::Path;

use crate::store::ledger::{IfMissing, LEDGER, Ledger, LedgerFault};
use crate::store::{OBJECTS, StoreError, Vault, objects_said, place_objects};

use crate::clerk::error::ClerkError;
use crate::clerk::opened::DataPlaces;

/// Where a new ledger and its objects are made; each none for the data folder itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewPlaces<'a> {
    /// Address of the database, without a password.
    pub database: Option<&'a str>,
    /// Address of the bucket, without keys of access.
    pub objects: Option<&'a str>,
}

/// Makes a ledger, and the vault key that it is sealed with, where there is none; whether one was made. One that is there is opened,
/// so that it is seen whether it can be used, and stays as it is. A folder that has its ledger or its objects elsewhere than `new` says
/// is refused.
pub fn init(places: DataPlaces<'_>, new: NewPlaces<'_>) -> Result<bool, ClerkError> {
    settle_places(places, new)?;
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
    let mut ledger = Ledger::open(places.data, vault, IfMissing::Make)?;
    ledger.settle_objects()?;
    ledger.close()?;
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

/// A data folder without a ledger will have ledger and objects in these places; one that has them elsewhere is refused.
pub fn settle_places(places: DataPlaces<'_>, new: NewPlaces<'_>) -> Result<(), ClerkError> {
    let begun = Ledger::look_for(places.data).is_ok();
    let objects = objects_said(places.data, new.objects, begun)?;
    settle_database(places, new.database)?;
    match objects {
        Some(address) => Ok(place_objects(places.data, &address)?),
        None => Ok(()),
    }
}

/// Where the objects of a data folder are or will be, in words, without touching anything. Fails where they cannot be there.
pub fn place_of_objects(data: &Path, said: Option<&str>) -> Result<String, ClerkError> {
    let begun = Ledger::look_for(data).is_ok();
    Ok(match objects_said(data, said, begun)? {
        Some(address) => address.to_string(),
        None => data.join(OBJECTS).display().to_string(),
    })
}

fn settle_database(places: DataPlaces<'_>, database: Option<&str>) -> Result<(), ClerkError> {
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
