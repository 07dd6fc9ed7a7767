//! The manifest of a backup: what lies in it with size and sum, and the proof that the holder of the vault's key wrote it so. Only paths
//! that belong into a backup are believed.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::record::Digest;

use super::error::StoreError;
use super::file::read_if_there;
use super::ledger::{CopyFacts, LEDGER, LedgerFault};
use super::objects::{OBJECTS, relative};
use super::vault::Vault;

/// Name of the manifest in a backup.
pub(super) const MANIFEST: &str = "manifest.json";

/// Largest manifest that is read: a million objects.
pub(super) const MANIFEST_LIMIT: u64 = 256 << 20;

/// Number of this form of backup.
pub(super) const FORM: u32 = 2;

/// The form without a proof.
pub(super) const UNPROVEN: u32 = 1;

/// The migration of the ledger that came with proofs.
const PROVEN_SINCE: i64 = 9;

/// What stands in a backup, as its `manifest.json` says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupManifest {
    /// Number of the form of this backup: 2; 1 for one without a proof, of an earlier program.
    pub backup: u32,
    /// When it was taken, to the second.
    pub made_at: Timestamp,
    /// Version of the program that took it.
    pub program: String,
    /// What the ledger holds.
    pub ledger: CopyFacts,
    /// All other files, by path.
    pub files: Vec<BackupFile>,
    /// What the vault vouches for all of the above by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Digest>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupFile {
    /// Path in the backup and in the data folder, with `/`: the ledger's, that of an object, or of a unit's file.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256.
    pub sha256: Digest,
}

/// Whether a backup must prove that it was taken with the vault's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It must.
    Asked,
    /// One of an earlier program, which has no proof, is believed; the person who asks answers for where it comes from.
    Waived,
}

impl BackupManifest {
    /// What names this backup in the audit log: the sum of its ledger.
    pub fn name(&self) -> String {
        let ledger = self.files.iter().find(|f| f.path == LEDGER);
        ledger.map_or_else(String::new, |f| f.sha256.to_string())
    }

    /// What the vault says of everything in the manifest but the proof itself.
    pub(super) fn proof_by(&self, vault: &Vault) -> Result<Digest, serde_json::Error> {
        let mut bare = self.clone();
        bare.proof = None;
        let bytes = serde_json::to_vec(&bare)?;
        Ok(Digest(vault.vouch("backup manifest", &bytes)))
    }

    /// Fails where the manifest is not as the holder of the vault's key wrote it.
    pub(super) fn proven(
        &self,
        backup: &Path,
        vault: &Vault,
        proof: Proof,
    ) -> Result<(), StoreError> {
        let found = vault.fingerprint();
        if self.ledger.vault != found {
            let expected = self.ledger.vault.clone();
            let fault = LedgerFault::Vault { expected, found };
            return Err(fault.at(backup.join(LEDGER)));
        }
        let path = backup.join(MANIFEST);
        if self.backup == UNPROVEN {
            // a ledger of this program was never backed up without a proof
            let torn_off = self.ledger.schema >= PROVEN_SINCE;
            return match proof {
                Proof::Waived if torn_off => {
                    let fault = "应有保管密钥的签记而没有，清单被改动过";
                    Err(StoreError::NoBackup { path, fault })
                }
                Proof::Asked => Err(StoreError::Unproven(path)),
                Proof::Waived => Ok(()),
            };
        }
        let said = self.proof_by(vault);
        if self.proof.is_some() && said.ok() == self.proof {
            Ok(())
        } else {
            let fault = "与保管密钥的签记不符，备份或清单在写好之后被改动过";
            Err(StoreError::NoBackup { path, fault })
        }
    }
}

pub(super) fn read_manifest(backup: &Path) -> Result<BackupManifest, StoreError> {
    let path = backup.join(MANIFEST);
    let refuse = |fault| {
        let path = path.clone();
        StoreError::NoBackup { path, fault }
    };
    let bytes = read_if_there(&path, MANIFEST_LIMIT)?.ok_or_else(|| refuse("没有这个文件"))?;
    parse_manifest(&bytes).map_err(refuse)
}

/// A manifest that names nothing but what belongs into a backup; else what is wrong with it.
pub(super) fn parse_manifest(bytes: &[u8]) -> Result<BackupManifest, &'static str> {
    #[derive(Deserialize)]
    struct BackupFormat {
        backup: u32,
    }
    const UNREADABLE: &str = "读不懂，不是备份清单或已损坏";
    match serde_json::from_slice::<BackupFormat>(bytes) {
        Ok(BackupFormat {
            backup: FORM | UNPROVEN,
        }) => {}
        Ok(_) => return Err("是更新版本的程序写的"),
        Err(_) => return Err(UNREADABLE),
    }
    let manifest: BackupManifest = serde_json::from_slice(bytes).map_err(|_| UNREADABLE)?;
    let known = |file: &BackupFile| {
        file.path == LEDGER
            || file.path == format!("{OBJECTS}/{}", relative(&file.sha256))
            || is_of_unit(&file.path)
    };
    let names: BTreeSet<&str> = manifest.files.iter().map(|f| f.path.as_str()).collect();
    let whole = names.contains(LEDGER) && names.len() == manifest.files.len();
    if whole && manifest.files.iter().all(known) {
        Ok(manifest)
    } else {
        Err("列有不属于备份的文件")
    }
}

/// Name of the units' folder in the data folder.
pub(super) const UNITS: &str = "units";

/// Whether a path of a backup's manifest is one of a unit's files: `units/7/submission/photos/a.jpg`, and nothing that leads
/// elsewhere.
pub(super) fn is_of_unit(path: &str) -> bool {
    let good = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.contains(['\\', ':'])
            && !part.chars().any(char::is_control)
    };
    let mut parts = path.split('/');
    parts.next() == Some(UNITS)
        && parts.clone().count() >= 2
        && parts.next().is_some_and(|no| no.parse::<u32>().is_ok())
        && path.split('/').all(good)
}
