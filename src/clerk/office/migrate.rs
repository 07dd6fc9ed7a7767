//! Moving (搬迁): a ledger goes to PostgreSQL, or comes back into its file; its objects go into a bucket, or come back into the data folder.

use jiff::Timestamp;

use crate::store::ledger::{Destination, IfMissing, Ledger, Moved, move_ledger};
#[cfg(feature = "s3")]
use crate::store::{
    BucketAddress,
    ledger::{ObjectsMoved, move_objects},
};
use crate::store::{StoreError, Vault};

use crate::clerk::error::ClerkError;
use crate::clerk::opened::DataPlaces;

/// Moves the ledger of a data folder. Done again where it was killed; nothing is done where the ledger is there already.
pub fn migrate(
    places: DataPlaces<'_>,
    to: &Destination,
    at: Timestamp,
) -> Result<Moved, ClerkError> {
    by(places, |vault| move_ledger(places.data, vault, to, at))
}

/// Moves the objects of a data folder: into a bucket, or into the folder where none is named. `told` hears how many of how many were
/// seen to. Done again where it was killed; nothing is done where they are there already.
#[cfg(feature = "s3")]
pub fn migrate_objects(
    places: DataPlaces<'_>,
    to: Option<&BucketAddress>,
    at: Timestamp,
    told: &mut dyn FnMut(usize, usize),
) -> Result<ObjectsMoved, ClerkError> {
    by(places, |vault| {
        move_objects(places.data, vault, to, at, told)
    })
}

fn by<T>(
    places: DataPlaces<'_>,
    act: impl FnOnce(&Vault) -> Result<T, StoreError>,
) -> Result<T, ClerkError> {
    Ledger::look_for(places.data)?;
    let vault = Vault::open(places.keys, false)?;
    let moved = act(&vault)?;
    // that it can be worked on is seen at once
    Ledger::open(places.data, vault, IfMissing::Refuse)?.close()?;
    Ok(moved)
}
