//! Backup (备份): ledger and objects of a data folder into a folder of their own, while the desk works on.

use std::path::Path;

use jiff::Timestamp;

use crate::finding::Finding;
use crate::store::ledger::{IfMissing, Ledger};
use crate::store::{BackupManifest, Vault, back_up as take};

use crate::clerk::error::ClerkError;
use crate::clerk::opened::DataPlaces;

/// Takes a backup into `out`, which is missing, empty, or holds an earlier backup of the same ledger. Findings tell of
/// objects that are damaged and were left out.
pub fn back_up(
    places: DataPlaces<'_>,
    out: &Path,
    at: Timestamp,
) -> Result<(BackupManifest, Vec<Finding>), ClerkError> {
    Ledger::look_for(places.data)?;
    let vault = Vault::open(places.keys, false)?;
    let mut ledger = Ledger::open(places.data, vault.clone(), IfMissing::Refuse)?;
    let taken = take(&mut ledger, places.data, &vault, out, at)?;
    ledger.close()?;
    Ok(taken)
}
