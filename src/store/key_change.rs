//! A change of keys on its way: written down whole, new key and owner with it, before anything else is touched, and struck out
//! when its answer was given. Whoever opens the folder after a run that was killed ends what was begun, with the same key.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::mark::{Algorithm, KeyFault, KeyId, SigningKey};

use super::error::StoreError;
use super::failpoint;
use super::file::{Readers, replace};
use super::key_files::{export_own, private_name, read_private, read_secret};
use super::own_keys::{mend_terms, retire, retired_file};
use super::reference::reference_before;
use super::trust::read_trusted;

/// Ending that the file of a change has behind the private key's name.
const NEXT: &str = ".next";

/// What stands on top of the file.
const HEAD: &str = "# 换密钥的进度，请勿删除、改动：再运行一次 sanlian key new 就会做完。\n";

/// Words in front of what is known of a change.
const NEW: &str = "新密钥指纹：";
const OLD: &str = "原密钥指纹：";
const SINCE: &str = "停用时间：";
const OWNER: &str = "所有者：";

/// A change of the signing key of one algorithm.
#[derive(Debug)]
pub(super) struct KeyChange {
    /// Algorithm of both keys.
    pub(super) algorithm: Algorithm,
    /// Fingerprint of the new key.
    pub(super) new: String,
    /// Fingerprint of the key that retires; none where there was none.
    pub(super) old: Option<String>,
    /// When the old one retires; none for a key that is made on first use, of which no answer is owed.
    pub(super) at: Option<Timestamp>,
    /// Who holds the new key.
    pub(super) owner: String,
    /// The new key, until everything is done with it.
    key: Option<SigningKey>,
}

impl KeyChange {
    /// Writes down that a key comes. From here on it is the folder's key, whoever goes on.
    pub(super) fn begin(
        folder: &Path,
        key: SigningKey,
        old: Option<&SigningKey>,
        owner: &str,
        at: Option<Timestamp>,
    ) -> Result<Self, StoreError> {
        let change = Self {
            algorithm: key.algorithm(),
            new: key.public().fingerprint(),
            old: old.map(|old| old.public().fingerprint()),
            at,
            owner: key.trusted(owner).owner().to_owned(),
            key: Some(key),
        };
        change.keep(folder)?;
        Ok(change)
    }

    /// The change that a folder tells of; none where there is none.
    pub(super) fn read(folder: &Path, algorithm: Algorithm) -> Result<Option<Self>, StoreError> {
        let path = file_of(folder, algorithm);
        let Some(text) = read_secret(&path)? else {
            return Ok(None);
        };
        parse(&text, algorithm)
            .map(Some)
            .map_err(|fault| StoreError::Key { path, fault })
    }

    fn keep(&self, folder: &Path) -> Result<(), StoreError> {
        let path = file_of(folder, self.algorithm);
        replace(&path, self.text().as_bytes(), Readers::Owner)
    }

    fn text(&self) -> String {
        let mut text = format!("{HEAD}{NEW}{}\n", self.new);
        // writing to a string never fails
        if let Some(old) = &self.old {
            let _ = writeln!(text, "{OLD}{old}");
        }
        if let Some(at) = self.at {
            let _ = writeln!(text, "{SINCE}{at}");
        }
        let _ = writeln!(text, "{OWNER}{}", self.owner);
        text + &self
            .key
            .as_ref()
            .map_or_else(String::new, SigningKey::to_pem)
    }

    /// Does what is left of a change, each step as if it were the first: the old private half kept, the secret of references
    /// kept, the new private half in its place, the old one's time ended, the new public half beside it. The caller holds the
    /// folder.
    pub(super) fn finish(&mut self, folder: &Path) -> Result<(), StoreError> {
        let Some(key) = &self.key else { return Ok(()) };
        let path = folder.join(private_name(self.algorithm));
        let there = read_private(&path, self.algorithm)?;
        match (&there, self.at) {
            (Some(there), _) if there.public() == key.public() => {}
            // a key that was put there in the meantime goes before one that was to be made because there was none
            (Some(_), None) => return self.forget(folder),
            (Some(old), Some(at)) => {
                let (trusted, _) = read_trusted(folder)?;
                export_own(folder, old, &self.owner, &trusted)?;
                retire(folder, old, at)?;
                self.put_in_place(folder, key)?;
            }
            (None, _) => self.put_in_place(folder, key)?,
        }
        mend_terms(folder)?;
        let (trusted, _) = read_trusted(folder)?;
        export_own(folder, key, &self.owner, &trusted)?;
        if self.at.is_none() {
            return self.forget(folder);
        }
        // the private key stands in one file alone from here on
        self.key = None;
        self.keep(folder)
    }

    fn put_in_place(&self, folder: &Path, key: &SigningKey) -> Result<(), StoreError> {
        reference_before(folder, key)?;
        let path = folder.join(private_name(self.algorithm));
        replace(&path, key.to_pem().as_bytes(), Readers::Owner)
    }

    /// Strikes the change out: its answer was given. Last of all, and not waited for on the disk, so that no run can be killed
    /// between this and its end.
    pub(super) fn forget(&self, folder: &Path) -> Result<(), StoreError> {
        failpoint::pass("before a change of keys is struck out");
        let path = file_of(folder, self.algorithm);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::world("清理", &path)(e))
            }
            _ => Ok(()),
        }
    }

    /// Whether it is done but for its answer, and a key is the one that it brought.
    pub(super) fn is_of(&self, key: &SigningKey) -> bool {
        self.key.is_none() && self.at.is_some() && key.public().fingerprint() == self.new
    }

    /// Number of the key that retired and the file that keeps it.
    pub(super) fn retired(&self, folder: &Path) -> Result<Option<(KeyId, PathBuf)>, StoreError> {
        match &self.old {
            Some(old) => retired_file(folder, old),
            None => Ok(None),
        }
    }
}

/// The file that tells of a change.
pub(super) fn file_of(folder: &Path, algorithm: Algorithm) -> PathBuf {
    folder.join(format!("{}{NEXT}", private_name(algorithm)))
}

fn parse(text: &str, algorithm: Algorithm) -> Result<KeyChange, KeyFault> {
    let said = |word| {
        let line = text.lines().find_map(|l| l.trim().strip_prefix(word));
        line.map(|l| l.trim().to_owned())
    };
    let new = said(NEW).ok_or(KeyFault::Content)?;
    let key = if text.contains("-----BEGIN") {
        Some(SigningKey::from_pem(text)?)
    } else {
        None
    };
    if let Some(key) = &key {
        if key.algorithm() != algorithm {
            return Err(KeyFault::Algorithm);
        }
        if key.public().fingerprint() != new {
            return Err(KeyFault::Content);
        }
    }
    let at = said(SINCE).map(|at| at.parse().map_err(|_| KeyFault::Content));
    Ok(KeyChange {
        algorithm,
        new,
        old: said(OLD),
        at: at.transpose()?,
        owner: said(OWNER).unwrap_or_default(),
        key,
    })
}

/// Ends what a run that was killed had begun. The caller holds the folder.
pub(super) fn finish_begun(folder: &Path) -> Result<(), StoreError> {
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
        if let Some(mut change) = KeyChange::read(folder, algorithm)? {
            change.finish(folder)?;
        }
    }
    Ok(())
}
