//! The key folder, opened: `private.pem` (Ed25519) and `private-sm2.pem`, each made on first use, with the public keys of
//! `public-*.pem`, one's own and those of others (`key_files`). Whom of them to believe, and when, says `trust.toml` (`trust`); a new
//! key in the place of an old one is in `rotate`. What a key is stands in `mark`.

use std::path::Path;

use crate::finding::Finding;
use crate::mark::{Algorithm, ReferenceSecret, SigningKey, TrustedKeys};

use super::error::StoreError;
use super::key_change::KeyChange;
use super::key_files::{chance_key, export_own, private_name, read_private};
use super::key_folder::hold;
use super::key_pair::is_paired;
use super::own_keys::mend_terms;
use super::reference::read_reference;
use super::trust::read_trusted;

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

/// Whether a key folder has a private key for an algorithm, so that opening it makes none.
pub fn has_key(folder: &Path, algorithm: Algorithm) -> bool {
    folder.join(private_name(algorithm)).exists()
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
            KeyChange::begin(folder, key, None, owner, None)?.finish(folder)?;
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
