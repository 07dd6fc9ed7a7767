//! The files of the key folder one by one: private keys in `private*.pem`, each readable by its owner alone, and public keys in
//! `public-*.pem`. Which of them are one's own is in `own_keys`, whom to believe in `trust`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::finding::Finding;
use crate::mark::{Algorithm, KeyFault, SigningKey, TrustedKey, TrustedKeys};

use super::error::StoreError;
use super::file::{Readers, read_if_there, replace};

/// Largest key file that is read.
const LIMIT: u64 = 64 << 10;

/// What the names of private keys' files begin with.
const PRIVATE: &str = "private";

/// Public key files with the keys that they hold.
pub(super) type PublicFiles = Vec<(PathBuf, TrustedKey)>;

/// The public key files of a folder in order of their names, and what is wrong with those that hold no key.
pub(super) fn public_files(folder: &Path) -> Result<(PublicFiles, Vec<Finding>), StoreError> {
    let mut files = Vec::new();
    let mut findings = Vec::new();
    if !folder.exists() {
        return Ok((files, findings));
    }
    let entries = fs::read_dir(folder).map_err(StoreError::world("打开", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.ends_with(".pem") || name.starts_with(PRIVATE) {
            continue;
        }
        match read_public(&path) {
            Ok(key) => files.push((path, key)),
            Err(error) => findings.push(error.finding()),
        }
    }
    Ok((files, findings))
}

/// The one key of a public key file, as somebody handed it over.
pub fn read_public(path: &Path) -> Result<TrustedKey, StoreError> {
    fs::metadata(path).map_err(StoreError::world("读取", path))?;
    let bytes = read_if_there(path, LIMIT)?.unwrap_or_default();
    TrustedKey::from_pem(&String::from_utf8_lossy(&bytes)).map_err(|fault| {
        let path = path.to_owned();
        StoreError::Key { path, fault }
    })
}

/// The file of the private key under an algorithm.
pub(super) fn private_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Ed25519 => "private.pem",
        Algorithm::Sm2 => "private-sm2.pem",
    }
}

/// A new key under an algorithm, kept nowhere yet.
pub(super) fn chance_key(algorithm: Algorithm) -> Result<SigningKey, StoreError> {
    // One draw of 2^32 is no SM2 key.
    for _ in 0..4 {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_| StoreError::Chance)?;
        if let Ok(key) = SigningKey::from_chance(algorithm, &seed) {
            return Ok(key);
        }
    }
    Err(StoreError::Chance)
}

/// Writes one's own public key where it is not there yet, and says it then.
pub(super) fn export_own(
    folder: &Path,
    signing: &SigningKey,
    owner: &str,
    there: &TrustedKeys,
) -> Result<Option<TrustedKey>, StoreError> {
    if there.entry(signing.public()).is_some() {
        return Ok(None);
    }
    write_own(folder, signing, owner).map(Some)
}

/// Writes one's own public key under an owner.
pub(super) fn write_own(
    folder: &Path,
    signing: &SigningKey,
    owner: &str,
) -> Result<TrustedKey, StoreError> {
    let own = signing.trusted(owner);
    let text = own.to_pem();
    replace(&own_name(folder, &own), text.as_bytes(), Readers::Usual)?;
    Ok(own)
}

/// The private key of a file; none where there is none.
pub(super) fn read_private(
    path: &Path,
    algorithm: Algorithm,
) -> Result<Option<SigningKey>, StoreError> {
    let Some(text) = read_secret(path)? else {
        return Ok(None);
    };
    let fault = |fault| {
        let path = path.to_owned();
        StoreError::Key { path, fault }
    };
    let key = SigningKey::from_pem(&text).map_err(fault)?;
    if key.algorithm() == algorithm {
        Ok(Some(key))
    } else {
        Err(fault(KeyFault::Algorithm))
    }
}

/// Refuses a secret file that others can read.
pub(super) fn owner_alone(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Ok(facts) = fs::metadata(path) {
        use std::os::unix::fs::PermissionsExt;
        let mode = facts.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let path = path.to_owned();
            return Err(StoreError::Exposed { path, mode });
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// The text of a secret file; none where there is none. Fails where others can read it.
pub(super) fn read_secret(path: &Path) -> Result<Option<String>, StoreError> {
    owner_alone(path)?;
    let bytes = read_if_there(path, LIMIT)?;
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// `public-fe81.pem`, or with a number where another key of that id is there already: no other key is ever overwritten.
fn own_name(folder: &Path, key: &TrustedKey) -> PathBuf {
    let first = folder.join(format!("public-{}.pem", key.id()));
    let more = (2_u32..).map(|n| folder.join(format!("public-{}-{n}.pem", key.id())));
    let own = |path: &PathBuf| read_public(path).is_ok_and(|held| held.public() == key.public());
    std::iter::once(first.clone())
        .chain(more)
        .find(|path| !path.exists() || own(path))
        .unwrap_or(first)
}
