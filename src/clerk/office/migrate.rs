//! Moving (搬迁): a ledger goes to PostgreSQL, or comes back into its file; everything else stays in the data folder.

use jiff::Timestamp;

use crate::store::Vault;
use crate::store::ledger::{Destination, Ledger, Moved, move_ledger};

use crate::clerk::error::ClerkError;
use crate::clerk::opened::DataPlaces;

/// Moves the ledger of a data folder. Done again where it was killed; nothing is done where the ledger is there already.
pub fn migrate(
    places: DataPlaces<'_>,
    to: &Destination,
    at: Timestamp,
) -> Result<Moved, ClerkError> {
    Ledger::look_for(places.data)?;
    let vault = Vault::open(places.keys, false)?;
    let moved = move_ledger(places.data, &vault, to, at)?;
    // that it can be worked on is seen at once
    Ledger::open(places.data, vault, crate::store::ledger::IfMissing::Refuse)?.close()?;
    Ok(moved)
}
