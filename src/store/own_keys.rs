//! One's own keys in a folder: those in use, and those that retired, each with its private half and its time ended in the trust list.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::mark::{Algorithm, KeyId, SigningKey};

use super::error::StoreError;
use super::file::{Readers, replace};
use super::key_files::{private_name, read_private, read_secret};
use super::trust::{change_held, read_trusted};

/// Ending of a retired private key's file.
const RETIRED: &str = ".retired";

/// Word in front of the time in a retired key's file.
const SINCE: &str = "停用时间：";

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
