//! The secret under which record references are made (`mark`), as the key folder keeps it: that of the folder's first key, so that no
//! record gets another number when a new key comes.

use std::path::Path;

use crate::mark::{Algorithm, ReferenceSecret, SigningKey};

use super::error::StoreError;
use super::file::{Readers, replace};
use super::key_files::{private_name, read_private, read_secret};

/// Name of the file that keeps the secret of references once the key that it came from is not the only one.
const REFERENCE: &str = "reference.secret";

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
