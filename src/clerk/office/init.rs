//! Init (新建台账): an empty ledger, made on purpose.

use crate::store::Vault;
use crate::store::ledger::{IfMissing, LEDGER, Ledger};

use crate::clerk::error::ClerkError;
use crate::clerk::opened::DataPlaces;

/// Makes a ledger, and the vault key that it is sealed with, where there is none; whether one was made. One that is there is opened,
/// so that it is seen whether it can be used, and stays as it is.
pub fn init(places: DataPlaces<'_>) -> Result<bool, ClerkError> {
    let path = places.data.join(LEDGER);
    if path.exists() {
        let vault = Vault::open(places.keys, false)?;
        Ledger::open(places.data, vault, IfMissing::Refuse)?.close()?;
        return Ok(false);
    }
    let vault = Vault::open(places.keys, true)?;
    Ledger::open(places.data, vault, IfMissing::Make)?.close()?;
    Ok(true)
}
