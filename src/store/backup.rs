//! Backup (备份) and restoring: the ledger, the objects, what units put into the service and a manifest of their sums (`backup_manifest`) in a folder
//! that appears whole or not at all. Keys are never in it: they lie in the key folder and are kept apart.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

use jiff::Timestamp;

use crate::finding::Finding;

use super::backup_manifest::{
    BackupFile, BackupManifest, FORM, MANIFEST, Proof, UNPROVEN, read_manifest,
};
use super::backup_units::take_units;
use super::copying::{copy_checked, sum_of};
use super::error::StoreError;
use super::failpoint;
use super::file::{Readers, sync_folder, write_new};
use super::ledger::{IfMissing, LEDGER, Ledger, inspect, named_by_copy};
use super::objects::{OBJECTS, Objects, relative};
use super::output::appear;
use super::private::{self, close_to_others};
use super::vault::Vault;

/// What restoring found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was restored.
    pub manifest: BackupManifest,
    /// Whether the data folder had been restored from this very backup before; nothing was changed then.
    pub before: bool,
}

/// Takes a backup of a data folder into `out`, while others write on. An existing folder is replaced only where it holds an
/// earlier backup of the same ledger and nothing else. Objects that are damaged are findings and are left out; a damaged
/// ledger or a broken audit log leaves no backup.
pub fn back_up(
    ledger: &mut Ledger,
    data: &Path,
    vault: &Vault,
    out: &Path,
    at: Timestamp,
) -> Result<(BackupManifest, Vec<Finding>), StoreError> {
    let mut findings = Vec::new();
    let earlier = earlier(ledger, out)?;
    let manifest = appear(
        out,
        |folder| replaceable(folder, earlier.as_ref()),
        |staging| {
            close_to_others(staging)?;
            let copy = staging.join(LEDGER);
            ledger.copy_to(&copy)?;
            // objects are put before the ledger names them: all that the copy names are listed now
            let facts = inspect(&copy, vault)?;
            let read = File::open(&copy).and_then(sum_of);
            let (size, sha256) = read.map_err(StoreError::world("读取", &copy))?;
            let path = LEDGER.to_owned();
            let mut files = vec![BackupFile { path, size, sha256 }];
            files.extend(take_objects(data, staging, &mut findings)?);
            files.extend(take_units(data, staging)?);
            let mut manifest = BackupManifest {
                backup: FORM,
                made_at: Timestamp::from_second(at.as_second()).unwrap_or(at),
                program: env!("CARGO_PKG_VERSION").to_owned(),
                ledger: facts,
                files,
                proof: None,
            };
            let path = staging.join(MANIFEST);
            let world = |e: serde_json::Error| StoreError::world("写入", &path)(e.into());
            manifest.proof = Some(manifest.proof_by(vault).map_err(world)?);
            let text = serde_json::to_vec_pretty(&manifest).map_err(world)?;
            write_new(&path, &text, Readers::Owner).map_err(StoreError::world("写入", &path))?;
            private::close(staging)?;
            sync_folder(Some(staging));
            Ok(manifest)
        },
    )?;
    ledger.note(at, "backup", &manifest.name(), &out.display().to_string())?;
    Ok((manifest, findings))
}

/// The manifest of the backup that `out` holds already, if it is one of this ledger: the audit log goes on from where the
/// backup's ends.
fn earlier(ledger: &mut Ledger, out: &Path) -> Result<Option<BackupManifest>, StoreError> {
    let Ok(manifest) = read_manifest(out) else {
        return Ok(None);
    };
    let goes_on = match manifest.ledger.audit_rows {
        0 => true,
        rows => ledger.audit_hash(rows)? == Some(manifest.ledger.audit_last),
    };
    if goes_on {
        Ok(Some(manifest))
    } else {
        Err(StoreError::OtherLedger(out.to_owned()))
    }
}

fn replaceable(folder: &Path, earlier: Option<&BackupManifest>) -> Result<(), StoreError> {
    let ours: BTreeSet<String> = earlier
        .iter()
        .flat_map(|m| m.files.iter().map(|f| f.path.clone()))
        .chain([MANIFEST.to_owned()])
        .collect();
    let mut found = super::output::files_of(folder)?.into_iter();
    match found.find(|path| earlier.is_none() || !ours.contains(path)) {
        Some(path) => Err(StoreError::Occupied(folder.join(path))),
        None => Ok(()),
    }
}

/// Puts every object into the backup: another name for the same bytes where the disk can do that, else a copy.
fn take_objects(
    data: &Path,
    staging: &Path,
    findings: &mut Vec<Finding>,
) -> Result<Vec<BackupFile>, StoreError> {
    let objects = Objects::of(data)?;
    let mut files = Vec::new();
    let mut shelves = BTreeSet::new();
    for sum in named_by_copy(&staging.join(LEDGER), objects.list()?)? {
        let path = format!("{OBJECTS}/{}", relative(&sum));
        let to = staging.join(&path);
        if let Some(shelf) = to.parent() {
            fs::create_dir_all(shelf).map_err(StoreError::world("建立", shelf))?;
            shelves.insert(shelf.to_owned());
        }
        failpoint::pass("before an object is backed up");
        let size = match objects.copy_out(&sum, &to) {
            Ok(size) => size,
            // a store that cannot be reached is no fault of this object
            Err(error @ StoreError::Bucket { .. }) => return Err(error),
            Err(error) => {
                let mut finding = error.finding();
                finding.hint = "其余内容已备份。请从更早的备份中找回这个文件。".to_owned();
                findings.push(finding);
                continue;
            }
        };
        let sha256 = sum;
        files.push(BackupFile { path, size, sha256 });
    }
    shelves.iter().for_each(|shelf| sync_folder(Some(shelf)));
    Ok(files)
}

/// Restores a backup into a data folder that is not there or empty. Everything is held against its sum, and the ledger
/// against its audit log and the vault key in the key folder, by which the backup must be proven; the data folder then appears at
/// once. What is restored is a ledger of its own: its log goes on apart from the one that it was copied from.
pub fn restore(
    backup: &Path,
    data: &Path,
    vault: &Vault,
    (at, proof): (Timestamp, Proof),
) -> Result<Restored, StoreError> {
    let manifest = read_manifest(backup)?;
    manifest.proven(backup, vault, proof)?;
    if data.join(LEDGER).is_file() && is_restored(data, vault, &manifest)? {
        let before = true;
        return Ok(Restored { manifest, before });
    }
    appear(
        data,
        |folder| match super::output::files_of(folder)?.first() {
            Some(path) => Err(StoreError::Occupied(folder.join(path))),
            None => Ok(()),
        },
        |staging| {
            let mut shelves = BTreeSet::from([staging.to_owned()]);
            for file in &manifest.files {
                let (from, to) = (backup.join(&file.path), staging.join(&file.path));
                if let Some(shelf) = to.parent()
                    && shelves.insert(shelf.to_owned())
                {
                    fs::create_dir_all(shelf).map_err(StoreError::world("建立", shelf))?;
                }
                failpoint::pass("before a file is restored");
                copy_checked(&from, &to, file.size, &file.sha256)?;
            }
            shelves.iter().for_each(|shelf| sync_folder(Some(shelf)));
            if inspect(&staging.join(LEDGER), vault)? != manifest.ledger {
                return Err(StoreError::Altered(backup.join(LEDGER)));
            }
            let mut ledger = Ledger::open(staging, vault.clone(), IfMissing::Refuse)?;
            let kind = match manifest.backup {
                UNPROVEN => "，早先的格式，没有密钥签记",
                _ => "",
            };
            let made = manifest.made_at;
            let from = format!("{} 备份于 {made}{kind}；末尾记录另立", backup.display());
            ledger.renumber()?;
            ledger.note(at, "restore", &manifest.name(), &from)?;
            ledger.sweep()?;
            close_to_others(staging)?;
            ledger.close()
        },
    )?;
    let before = false;
    Ok(Restored { manifest, before })
}

/// Whether the last that happened to a ledger is that it was restored from this backup.
fn is_restored(data: &Path, vault: &Vault, manifest: &BackupManifest) -> Result<bool, StoreError> {
    let mut ledger = Ledger::open(data, vault.clone(), IfMissing::Refuse)?;
    let mut last = None;
    ledger.walk_audit(&mut |row| last = Some((row.act.clone(), row.subject.clone())))?;
    ledger.close()?;
    Ok(last.is_some_and(|(act, subject)| act == "restore" && subject == manifest.name()))
}

/// Holds a backup's folder against everything that can be held, as [`restore`] does, and changes nothing.
pub fn verify_backup(backup: &Path, vault: &Vault) -> Result<BackupManifest, StoreError> {
    let manifest = read_manifest(backup)?;
    manifest.proven(backup, vault, Proof::Asked)?;
    for file in &manifest.files {
        let path = backup.join(&file.path);
        let read = File::open(&path).and_then(sum_of);
        if read.map_err(StoreError::world("读取", &path))? != (file.size, file.sha256) {
            return Err(StoreError::Altered(path));
        }
    }
    if inspect(&backup.join(LEDGER), vault)? != manifest.ledger {
        return Err(StoreError::Altered(backup.join(LEDGER)));
    }
    Ok(manifest)
}
