//! Restore (恢复): a backup becomes a data folder, checked from the first byte to the last before it appears.

use std::path::Path;

use jiff::Timestamp;

use crate::store::{Restored, Vault, restore as put_back};

use super::{ClerkError, DeskPlaces};

/// Restores a backup into the data folder, which is missing or empty. A folder that was restored from this backup just
/// before is left as it is.
pub fn restore(
    backup: &Path,
    places: DeskPlaces<'_>,
    at: Timestamp,
) -> Result<Restored, ClerkError> {
    let vault = Vault::open(places.keys, false)?;
    Ok(put_back(backup, places.data, &vault, at)?)
}
