//! The key folder: `private.pem`, made on first use and readable by its owner alone, and public keys in `public-*.pem`, one's
//! own and those of others that are trusted. What a key is stands in `mark`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::finding::Finding;
use crate::mark::{SigningKey, TrustedKey, TrustedKeys};

use super::file::{Lock, Readers, StoreError, read_if_there, replace};

/// Largest key file that is read.
const LIMIT: u64 = 64 << 10;

/// Name of the private key's file.
const PRIVATE: &str = "private.pem";

/// The keys of a folder.
#[derive(Debug)]
pub struct KeyRing {
    /// The key that issues.
    pub signing: SigningKey,
    /// Public keys in the folder, one's own among them.
    pub trusted: TrustedKeys,
    /// Whether the private key was made just now, so that a person should be told to keep a copy of it.
    pub made: bool,
    /// Public key files that could not be read.
    pub findings: Vec<Finding>,
}

/// Opens a key folder; makes the folder and the key where there is none, and exports the public half under `owner`.
/// Fails where the private key is damaged or others can read it: it is neither used nor replaced.
pub fn open_keys(folder: &Path, owner: &str) -> Result<KeyRing, StoreError> {
    make_folder(folder)?;
    let _lock = Lock::wait(&folder.join(".lock"))?;
    let path = folder.join(PRIVATE);
    let (signing, made) = match read_private(&path)? {
        Some(key) => (key, false),
        None => (make_key(&path)?, true),
    };
    let (mut trusted, findings) = read_trusted(folder)?;
    let public = signing.public_key();
    if !trusted.0.iter().any(|k| k.public_key() == public) {
        let own = signing.trusted(owner);
        let text = own.to_pem();
        replace(&free_name(folder, &own), text.as_bytes(), Readers::Usual)?;
        trusted.0.push(own);
    }
    Ok(KeyRing {
        signing,
        trusted,
        made,
        findings,
    })
}

/// The public keys in a folder, in order of their file names; none where there is no such folder. Files that hold no public
/// key are findings.
pub fn read_trusted(folder: &Path) -> Result<(TrustedKeys, Vec<Finding>), StoreError> {
    let mut trusted = TrustedKeys::default();
    let mut findings = Vec::new();
    if !folder.exists() {
        return Ok((trusted, findings));
    }
    let entries = fs::read_dir(folder).map_err(StoreError::world("打开", folder))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.ends_with(".pem") || name == PRIVATE {
            continue;
        }
        match read_public(&path) {
            Ok(key) => trusted.0.push(key),
            Err(error) => findings.push(error.finding()),
        }
    }
    Ok((trusted, findings))
}

/// Makes the key folder, for its owner alone.
pub(super) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(folder)
        .map_err(StoreError::world("建立", folder))
}

fn make_key(path: &Path) -> Result<SigningKey, StoreError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| StoreError::Chance)?;
    let key = SigningKey::from_seed(&seed);
    replace(path, key.to_pem().as_bytes(), Readers::Owner)?;
    Ok(key)
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

fn read_private(path: &Path) -> Result<Option<SigningKey>, StoreError> {
    owner_alone(path)?;
    let Some(bytes) = read_if_there(path, LIMIT)? else {
        return Ok(None);
    };
    match SigningKey::from_pem(&String::from_utf8_lossy(&bytes)) {
        Ok(key) => Ok(Some(key)),
        Err(fault) => {
            let path = path.to_owned();
            Err(StoreError::Key { path, fault })
        }
    }
}

fn read_public(path: &Path) -> Result<TrustedKey, StoreError> {
    let bytes = read_if_there(path, LIMIT)?.unwrap_or_default();
    TrustedKey::from_pem(&String::from_utf8_lossy(&bytes)).map_err(|fault| {
        let path = path.to_owned();
        StoreError::Key { path, fault }
    })
}

/// `public-fe81.pem`, or with a number where another key of that id is there already: no key is ever overwritten.
fn free_name(folder: &Path, key: &TrustedKey) -> PathBuf {
    let first = folder.join(format!("public-{}.pem", key.id()));
    let more = (2_u32..).map(|n| folder.join(format!("public-{}-{n}.pem", key.id())));
    std::iter::once(first.clone())
        .chain(more)
        .find(|path| !path.exists())
        .unwrap_or(first)
}
