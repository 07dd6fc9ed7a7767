//! Whom a key folder says to believe: its public keys, and the trust list's file, `trust.toml`, read whole or not at all, replaced at once.
//! What an entry means is in `mark`.

use std::path::Path;

use crate::finding::Finding;
use crate::mark::TrustedKeys;

use super::error::StoreError;
use super::file::{Readers, read_if_there, replace};
use super::key_files::public_files;

/// Name of the list's file.
pub(super) const LIST: &str = "trust.toml";

/// Largest list that is read: some 20,000 keys.
const LIMIT: u64 = 8 << 20;

/// The entries of a folder's trust list; none where there is no list.
pub fn read_trust_list(folder: &Path) -> Result<TrustedKeys, StoreError> {
    let path = folder.join(LIST);
    let Some(bytes) = read_if_there(&path, LIMIT)? else {
        return Ok(TrustedKeys::default());
    };
    let fault = |fault| StoreError::TrustList { path, fault };
    TrustedKeys::from_list(&String::from_utf8_lossy(&bytes)).map_err(fault)
}

/// Changes a folder's trust list; on failure the old one stands. `act` sees the list's entries and gives its answer; a list
/// that did not change is not written. The caller holds the folder.
pub(super) fn change_held<T>(
    folder: &Path,
    act: impl FnOnce(&mut TrustedKeys) -> T,
) -> Result<T, StoreError> {
    let before = read_trust_list(folder)?;
    let mut after = before.clone();
    let answer = act(&mut after);
    if before.0 != after.0 {
        let path = folder.join(LIST);
        let text = after.to_list().map_err(|fault| {
            let path = path.clone();
            StoreError::TrustList { path, fault }
        })?;
        replace(&path, text.as_bytes(), Readers::Usual)?;
    }
    Ok(answer)
}

/// The public keys in a folder in order of their file names, with the terms of its trust list, and those that stand in the list
/// alone; none where there is no such folder. Files that hold no public key are findings; a list that cannot be read is a failure.
pub fn read_trusted(folder: &Path) -> Result<(TrustedKeys, Vec<Finding>), StoreError> {
    let (files, findings) = public_files(folder)?;
    let trusted = TrustedKeys(files.into_iter().map(|(_, key)| key).collect());
    Ok((with_list(trusted, read_trust_list(folder)?), findings))
}

/// Keys of files with the terms of a list; the list's other keys behind them.
fn with_list(mut keys: TrustedKeys, list: TrustedKeys) -> TrustedKeys {
    for listed in list.0 {
        let mut known = false;
        for key in keys.0.iter_mut().filter(|k| k.public() == listed.public()) {
            known = true;
            if listed.owner().is_empty() {
                key.term = listed.term.clone();
            } else {
                *key = listed.clone();
            }
        }
        if !known {
            keys.0.push(listed);
        }
    }
    keys
}
