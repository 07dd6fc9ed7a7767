//! A new signing key in the place of an old one (换密钥): the old private half is kept under a retired name, its time ends in the
//! trust list, and the secret of record references stays that of the folder's first key, so that no record gets another number.
//! How a run that was killed is ended by the next stands in `key_change`.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::mark::{Algorithm, KeyId, ReferenceSecret, SigningKey};

use super::error::StoreError;
use super::file::{Readers, replace};
use super::key_change::{Change, owner_before};
use super::key_pair::is_paired;
use super::keys::{
    chance_key, hold, private_name, read_private, read_secret, read_trusted, rename_own,
};
use super::trust::change_held;

/// Name of the file that keeps the secret of references once the key that it came from is not the only one.
const REFERENCE: &str = "reference.secret";

/// Ending of a retired private key's file.
const RETIRED: &str = ".retired";

/// Word in front of the time in a retired key's file.
const SINCE: &str = "停用时间：";

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
    let begun = Change::read(folder, algorithm)?;
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
            let mut change = Change::begin(folder, coming, old.as_ref(), owner, Some(now))?;
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
    match Change::read(folder, algorithm)? {
        Some(change) => change.forget(folder),
        None => Ok(()),
    }
}

/// Number and file of a retired key; none where it is not kept.
pub(super) fn retired_file(
    folder: &Path,
    fingerprint: &str,
) -> Result<Option<(KeyId, PathBuf)>, StoreError> {
    for path in retired_files(folder)? {
        let Some(text) = read_secret(&path)? else {
            continue;
        };
        if let Ok(key) = SigningKey::from_pem(&text)
            && key.public().fingerprint() == fingerprint
        {
            return Ok(Some((key.id(), path)));
        }
    }
    Ok(None)
}

/// The files of retired keys, in order of their names.
fn retired_files(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let entries = fs::read_dir(folder).map_err(StoreError::world("打开", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(RETIRED));
    paths.sort();
    Ok(paths)
}

/// Keeps a private key under a retired name; one that is kept already is not kept twice.
pub(super) fn retire(
    folder: &Path,
    old: &SigningKey,
    now: Timestamp,
) -> Result<PathBuf, StoreError> {
    let names = (1_u32..).map(|n| {
        let more = if n == 1 {
            String::new()
        } else {
            format!("-{n}")
        };
        folder.join(format!("private-{}{more}{RETIRED}", old.id()))
    });
    for path in names {
        match read_secret(&path)? {
            None => {
                let text = format!("{SINCE}{now}\n{}", old.to_pem());
                replace(&path, text.as_bytes(), Readers::Owner)?;
                return Ok(path);
            }
            Some(text) => {
                if SigningKey::from_pem(&text).is_ok_and(|k| k.public() == old.public()) {
                    return Ok(path);
                }
            }
        }
    }
    Err(StoreError::Chance)
}

/// A key of one's own: in use, or retired since a time.
#[derive(Debug)]
pub struct OwnKey {
    /// The key.
    pub key: SigningKey,
    /// When it retired; none while it is in use.
    pub retired: Option<Timestamp>,
}

/// One's own keys in a folder, those in use first; nothing is made.
pub fn own_keys(folder: &Path) -> Result<Vec<OwnKey>, StoreError> {
    let mut own = Vec::new();
    if !folder.exists() {
        return Ok(own);
    }
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
        let key = read_private(&folder.join(private_name(algorithm)), algorithm)?;
        own.extend(key.map(|key| OwnKey { key, retired: None }));
    }
    for path in retired_files(folder)? {
        let Some(text) = read_secret(&path)? else {
            continue;
        };
        let since = text.lines().find_map(|l| l.trim().strip_prefix(SINCE));
        let retired = since.and_then(|s| s.trim().parse().ok());
        let fault = |fault| StoreError::Key { path, fault };
        let key = SigningKey::from_pem(&text).map_err(fault)?;
        // A key that was put back into use, or whose successor was never written, is not retired.
        if !own.iter().any(|o| o.key.public() == key.public()) {
            own.push(OwnKey { key, retired });
        }
    }
    Ok(own)
}

/// Ends the time of every retired key that has none in the trust list yet: a run may have been killed before it wrote the list.
pub(super) fn mend_terms(folder: &Path) -> Result<(), StoreError> {
    let own = own_keys(folder)?;
    if own.iter().all(|o| o.retired.is_none()) {
        return Ok(());
    }
    let (known, _) = read_trusted(folder)?;
    change_held(folder, |list| {
        for OwnKey { key, retired } in own {
            let Some(since) = retired else { continue };
            let listed = list.0.iter_mut().find(|k| k.public() == key.public());
            if let Some(entry) = listed {
                entry.term.until.get_or_insert(since);
            } else {
                let owner = known.entry(key.public()).map_or("", |k| k.owner());
                let mut entry = key.trusted(owner);
                entry.term.until = Some(since);
                list.0.push(entry);
            }
        }
    })
}

/// The secret of references that a folder keeps: its file's, else that of its Ed25519 key; none where there is neither.
pub(super) fn read_reference(folder: &Path) -> Result<Option<ReferenceSecret>, StoreError> {
    let path = folder.join(REFERENCE);
    if let Some(text) = read_secret(&path)? {
        let fault = |fault| StoreError::Key { path, fault };
        return ReferenceSecret::from_pem(&text).map(Some).map_err(fault);
    }
    let first = private_name(Algorithm::Ed25519);
    let first = read_private(&folder.join(first), Algorithm::Ed25519)?;
    Ok(first.map(|key| ReferenceSecret::of(&key)))
}

/// Keeps the secret of references before another key comes: that of the keys in the folder, else that of an SM2 key which is the
/// first. A first Ed25519 key needs no file; its secret can always be derived.
pub(super) fn reference_before(folder: &Path, coming: &SigningKey) -> Result<(), StoreError> {
    let path = folder.join(REFERENCE);
    let secret = match read_reference(folder)? {
        Some(secret) => secret,
        None if coming.algorithm() == Algorithm::Sm2 => ReferenceSecret::of(coming),
        None => return Ok(()),
    };
    if path.exists() {
        return Ok(());
    }
    replace(&path, secret.to_pem().as_bytes(), Readers::Owner)
}
