//! A new signing key in the place of an old one (换密钥): the old private half is kept under a retired name, its time ends in the
//! trust list, and the secret of record references stays that of the folder's first key, so that no record gets another number.
//! How a run that was killed is ended by the next stands in `key_change`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::mark::{Algorithm, KeyId, SigningKey, TrustedKey, TrustedKeys};

use super::error::StoreError;
use super::key_change::KeyChange;
use super::key_files::{chance_key, private_name, read_private, write_own};
use super::key_folder::hold;
use super::key_pair::is_paired;
use super::own_keys::own_keys;
use super::trust::read_trusted;

/// What making a new key came to.
#[derive(Debug)]
pub struct NewKey {
    /// The new key.
    pub signing: SigningKey,
    /// Number of the key that it took the place of, and the file that keeps its private half.
    pub retired: Option<(KeyId, PathBuf)>,
    /// When the old key retired.
    pub at: Timestamp,
    /// Whether an earlier run, which was killed before it answered, had begun it: no further key was made.
    pub resumed: bool,
}

/// Makes a new signing key for an algorithm; the one before it retires at `now`. An empty `owner` is that of the key before.
/// What an earlier run had begun and not answered is ended instead. Once the caller has answered, he says so by
/// [`new_key_told`]; until then the same key is given again.
pub fn new_key(
    folder: &Path,
    owner: &str,
    algorithm: Algorithm,
    now: Timestamp,
) -> Result<NewKey, StoreError> {
    let _lock = hold(folder)?;
    let in_use = || read_private(&folder.join(private_name(algorithm)), algorithm);
    let old = in_use()?;
    let begun = KeyChange::read(folder, algorithm)?;
    let (change, resumed) = match (begun, &old) {
        (Some(begun), Some(key)) if begun.is_of(key) => {
            rename_own(folder, key, owner)?;
            (begun, true)
        }
        _ => {
            // before anything is written: a list that cannot be read stops here, and so does a key that is not the folder's
            let (trusted, _) = read_trusted(folder)?;
            if let Some(old) = &old {
                is_paired(folder, old, owner)?;
            }
            let before = owner_before(folder, old.as_ref(), &trusted)?;
            let owner = if owner.is_empty() { &before } else { owner };
            let coming = chance_key(algorithm)?;
            let mut change = KeyChange::begin(folder, coming, old.as_ref(), owner, Some(now))?;
            change.finish(folder)?;
            (change, false)
        }
    };
    Ok(NewKey {
        signing: in_use()?.ok_or(StoreError::Chance)?,
        retired: change.retired(folder)?,
        at: change.at.unwrap_or(now),
        resumed,
    })
}

/// Says that the answer of [`new_key`] was given, so that the next one makes another key.
pub fn new_key_told(folder: &Path, algorithm: Algorithm) -> Result<(), StoreError> {
    let _lock = hold(folder)?;
    match KeyChange::read(folder, algorithm)? {
        Some(change) => change.forget(folder),
        None => Ok(()),
    }
}

/// The owner that a new key takes over: that of the key in use, else of the one that retired last; empty where there is none.
fn owner_before(
    folder: &Path,
    old: Option<&SigningKey>,
    trusted: &TrustedKeys,
) -> Result<String, StoreError> {
    let Some(old) = old else {
        return Ok(String::new());
    };
    let mut own = own_keys(folder)?;
    own.retain(|o| o.retired.is_some());
    own.sort_by_key(|o| std::cmp::Reverse(o.retired));
    let owner = std::iter::once(old)
        .chain(own.iter().map(|o| &o.key))
        .filter_map(|key| trusted.entry(key.public()))
        .map(TrustedKey::owner)
        .find(|owner| !owner.is_empty());
    Ok(owner.unwrap_or_default().to_owned())
}

/// Writes one's own public key under another owner; an empty one leaves it as it is.
fn rename_own(folder: &Path, signing: &SigningKey, owner: &str) -> Result<(), StoreError> {
    let (trusted, _) = read_trusted(folder)?;
    let named = trusted.entry(signing.public()).map(TrustedKey::owner);
    if !owner.is_empty() && named != Some(owner) {
        write_own(folder, signing, owner)?;
    }
    Ok(())
}
