//! The key folder held against other runs. Whoever takes it first ends the change of keys that a run that was killed had begun in it.

use std::path::Path;

use crate::mark::{Algorithm, TrustedKeys};

use super::error::StoreError;
use super::file::Lock;
use super::key_change::{file_of, finish_begun};
use super::private::make_folder;
use super::trust::change_held;

/// Makes the folder where it is missing, holds it against other runs, and ends what a run that was killed had begun in it.
pub(super) fn hold(folder: &Path) -> Result<Lock, StoreError> {
    make_folder(folder)?;
    let lock = Lock::wait(&folder.join(".lock"))?;
    finish_begun(folder)?;
    Ok(lock)
}

/// Ends what a run that was killed had begun, where there is such a thing; a folder without it is not touched.
pub fn settle_keys(folder: &Path) -> Result<(), StoreError> {
    let begun = [Algorithm::Ed25519, Algorithm::Sm2]
        .iter()
        .any(|a| file_of(folder, *a).exists());
    if begun {
        // taking the folder ends it
        hold(folder)?;
    }
    Ok(())
}

/// Changes a folder's trust list; on failure the old one stands. `act` sees the list's entries and gives its answer; a list
/// that did not change is not written.
pub fn change_trust_list<T>(
    folder: &Path,
    act: impl FnOnce(&mut TrustedKeys) -> T,
) -> Result<T, StoreError> {
    let _lock = hold(folder)?;
    change_held(folder, act)
}
