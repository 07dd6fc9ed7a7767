//! Restore (恢复): a backup becomes a data folder, checked from the first byte to the last before it appears.

use std::path::Path;

use jiff::Timestamp;

use crate::store::{Proof, Restored, Vault, restore as put_back, unzip_backup};

use crate::clerk::error::ClerkError;
use crate::clerk::opened::DataPlaces;

/// Restores a backup, a folder or the one file that the service makes, into the data folder, which is missing or empty. A folder
/// that was restored from this backup just before is left as it is.
pub fn restore(
    backup: &Path,
    places: DataPlaces<'_>,
    at: Timestamp,
    proof: Proof,
) -> Result<Restored, ClerkError> {
    let vault = Vault::open(places.keys, false)?;
    if !backup.is_file() {
        return Ok(put_back(backup, places.data, &vault, (at, proof))?);
    }
    let mut name = places.data.as_os_str().to_owned();
    name.push(format!(".unpacked-{}", Timestamp::now().as_nanosecond()));
    let aside = Path::new(&name);
    let done = unzip_backup(backup, aside)
        .and_then(|()| put_back(aside, places.data, &vault, (at, proof)));
    let _ = std::fs::remove_dir_all(aside);
    Ok(done?)
}
