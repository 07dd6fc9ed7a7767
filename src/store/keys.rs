//! The key folder: `private.pem` (Ed25519) and `private-sm2.pem`, each made on first use and readable by its owner alone, and public
//! keys in `public-*.pem`, one's own and those of others. Whom of them to believe, and when, says `trust.toml` (`trust`); a new
//! key in the place of an old one is in `rotate`. What a key is stands in `mark`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::finding::Finding;
use crate::mark::{Algorithm, KeyFault, ReferenceSecret, SigningKey, TrustedKey, TrustedKeys};

use super::error::StoreError;
use super::file::{Lock, Readers, read_if_there, replace};
use super::key_change::{Change, finish_begun};
use super::key_pair::is_paired;
use super::private::make_folder;
use super::rotate::{mend_terms, read_reference};
use super::trust::{read_trust_list, with_list};

/// Largest key file that is read.
const LIMIT: u64 = 64 << 10;

/// What the names of private keys' files begin with.
const PRIVATE: &str = "private";

/// The keys of a folder.
#[derive(Debug)]
pub struct KeyRing {
    /// The key that issues.
    pub signing: SigningKey,
    /// The secret under which record references are made: that of the folder's first key.
    pub reference: ReferenceSecret,
    /// Public keys in the folder, one's own among them, with the terms of the trust list.
    pub trusted: TrustedKeys,
    /// Whether the private key was made just now, so that a person should be told to keep a copy of it.
    pub made: bool,
    /// Public key files that could not be read.
    pub findings: Vec<Finding>,
}

/// Opens a key folder for an algorithm; makes the folder and the key where there is none, and exports the public half under
/// `owner`. Fails where the private key is damaged, others can read it, or the public half beside it is another key's, and where the
/// trust list cannot be read: they are neither used nor replaced.
pub fn open_keys(folder: &Path, owner: &str, algorithm: Algorithm) -> Result<KeyRing, StoreError> {
    let _lock = hold(folder)?;
    let path = folder.join(private_name(algorithm));
    let (signing, made) = match read_private(&path, algorithm)? {
        Some(key) => {
            is_paired(folder, &key, owner)?;
            (key, false)
        }
        None => {
            let key = chance_key(algorithm)?;
            Change::begin(folder, key, None, owner, None)?.finish(folder)?;
            let made = read_private(&path, algorithm)?;
            (made.ok_or(StoreError::Chance)?, true)
        }
    };
    mend_terms(folder)?;
    let reference = match read_reference(folder)? {
        Some(secret) => secret,
        None => ReferenceSecret::of(&signing),
    };
    let (mut trusted, findings) = read_trusted(folder)?;
    trusted
        .0
        .extend(export_own(folder, &signing, owner, &trusted)?);
    Ok(KeyRing {
        signing,
        reference,
        trusted,
        made,
        findings,
    })
}

/// Public key files with the keys that they hold.
pub(super) type PublicFiles = Vec<(PathBuf, TrustedKey)>;

/// The public keys in a folder in order of their file names, with the terms of its trust list, and those that stand in the list
/// alone; none where there is no such folder. Files that hold no public key are findings; a list that cannot be read is a failure.
pub fn read_trusted(folder: &Path) -> Result<(TrustedKeys, Vec<Finding>), StoreError> {
    let (files, findings) = public_files(folder)?;
    let trusted = TrustedKeys(files.into_iter().map(|(_, key)| key).collect());
    Ok((with_list(trusted, read_trust_list(folder)?), findings))
}

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

/// Makes the folder where it is missing, holds it against other runs, and ends what a run that was killed had begun in it.
pub(super) fn hold(folder: &Path) -> Result<Lock, StoreError> {
    make_folder(folder)?;
    let lock = Lock::wait(&folder.join(".lock"))?;
    finish_begun(folder)?;
    Ok(lock)
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

/// Writes one's own public key under another owner; an empty one leaves it as it is.
pub(super) fn rename_own(
    folder: &Path,
    signing: &SigningKey,
    owner: &str,
) -> Result<(), StoreError> {
    let (trusted, _) = read_trusted(folder)?;
    let named = trusted.entry(signing.public()).map(TrustedKey::owner);
    if !owner.is_empty() && named != Some(owner) {
        write_own(folder, signing, owner)?;
    }
    Ok(())
}

fn write_own(folder: &Path, signing: &SigningKey, owner: &str) -> Result<TrustedKey, StoreError> {
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
