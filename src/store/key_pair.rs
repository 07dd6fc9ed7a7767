//! Whether a private key is that of the public key beside it. One that was put in another's place would sign in the folder's name
//! what no desk believes, or hand out the name with a stranger's key.

use std::path::Path;

use crate::mark::{KeyId, PublicKey, SigningKey};

use super::error::StoreError;
use super::key_files::{PublicFiles, private_name, public_files};
use super::own_keys::own_keys;
use super::trust::{LIST, read_trust_list};

/// Refuses a private key that the folder's public keys contradict: a public key file bears its number and holds another key, or it
/// stands nowhere, while a file or the list's entry of `owner` holds a public key whose private half is missing.
pub fn is_paired(folder: &Path, key: &SigningKey, owner: &str) -> Result<(), StoreError> {
    let (files, _) = public_files(folder)?;
    let list = read_trust_list(folder)?;
    let refuse = |path: &Path, other: &PublicKey| {
        Err(StoreError::Mismatch {
            private: folder.join(private_name(key.algorithm())),
            private_print: key.public().fingerprint(),
            public: path.to_owned(),
            public_print: other.fingerprint(),
        })
    };
    if let Some((path, other)) = misnamed(&files, key.id()) {
        return refuse(path, other);
    }
    let in_files = files.iter().any(|(_, held)| held.public() == key.public());
    if in_files || list.entry(key.public()).is_some() {
        return Ok(());
    }
    let own = own_keys(folder)?;
    let lacks_private = |public: &PublicKey| {
        public.algorithm() == key.algorithm() && !own.iter().any(|o| o.key.public() == public)
    };
    for (path, held) in &files {
        // what stands in the list too is somebody else's, or a key that was lost and revoked
        if lacks_private(held.public()) && list.entry(held.public()).is_none() {
            return refuse(path, held.public());
        }
    }
    for entry in &list.0 {
        let ours = entry.id() == key.id() || !owner.is_empty() && entry.owner() == owner;
        if ours && lacks_private(entry.public()) && entry.term.may_sign().is_ok() {
            return refuse(&folder.join(LIST), entry.public());
        }
    }
    Ok(())
}

/// A file that bears a key's number and holds a key of another.
fn misnamed(files: &PublicFiles, id: KeyId) -> Option<(&Path, &PublicKey)> {
    let bears = |path: &Path| {
        let name = path.file_name()?.to_str()?;
        let number = name.strip_prefix("public-")?.get(..4)?;
        KeyId::parse(number)
    };
    files
        .iter()
        .find(|(path, held)| bears(path) == Some(id) && held.id() != id)
        .map(|(path, held)| (path.as_path(), held.public()))
}
