//! The trust list's file, `trust.toml` of the key folder: read whole or not at all, changed under the folder's lock, replaced at once.
//! What an entry means is in `mark`.

use std::path::Path;

use crate::mark::TrustedKeys;

use super::error::StoreError;
use super::file::{Readers, read_if_there, replace};
use super::keys::hold;

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
/// that did not change is not written.
pub fn change_trust_list<T>(
    folder: &Path,
    act: impl FnOnce(&mut TrustedKeys) -> T,
) -> Result<T, StoreError> {
    let _lock = hold(folder)?;
    change_held(folder, act)
}

/// The same where the caller holds the folder.
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

/// Keys of files with the terms of a list; the list's other keys behind them.
pub(super) fn with_list(mut keys: TrustedKeys, list: TrustedKeys) -> TrustedKeys {
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
