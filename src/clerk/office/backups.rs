//! Backups (备份) that the service takes of itself while it works: one file each in the data folder, listed with their sums,
//! verified, carried away. Restoring is in `restore`: it needs a service that stands still.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::finding::Finding;
use crate::record::Digest;
use crate::store::{
    BackupManifest, Vault, make_closed, unzip_backup, verify_backup, write_file, zip_backup,
};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::office::Office;
use crate::clerk::office::backup::back_up;
use crate::clerk::opened::DataPlaces;
use crate::clerk::visitor::Visitor;

/// Name of the backups' folder in the data folder.
const BACKUPS: &str = "backups";
/// The folder that a backup is put together in.
const WORK: &str = ".work";

/// A backup that the service took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackupLine {
    /// File name.
    pub name: String,
    /// When it was taken.
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("format" = "date-time")))]
    pub made_at: Timestamp,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Units in it.
    pub units: i64,
    /// Records.
    pub records: i64,
    /// Received sheets.
    pub receipts: i64,
    /// Rows of the audit log.
    pub audit_rows: i64,
    /// Hash of the log's last row.
    pub audit_last: String,
    /// Files beside the ledger.
    pub files: usize,
}

impl BackupLine {
    fn of(name: String, manifest: &BackupManifest, (size, sum): (u64, Digest)) -> Self {
        let held = &manifest.ledger;
        Self {
            name,
            made_at: manifest.made_at,
            size,
            sha256: sum.to_string(),
            units: held.units,
            records: held.records,
            receipts: held.receipts,
            audit_rows: held.audit_rows,
            audit_last: held.audit_last.to_string(),
            files: manifest.files.len().saturating_sub(1),
        }
    }
}

/// The folder of backups.
pub fn backups_folder(data: &Path) -> PathBuf {
    data.join(BACKUPS)
}

/// Takes a backup while others write on, and verifies what was written, from the first byte to the last.
pub fn take_backup(
    places: DataPlaces<'_>,
    at: Timestamp,
) -> Result<(BackupLine, Vec<Finding>), ClerkError> {
    let folder = backups_folder(places.data);
    make_closed(&folder)?;
    let work = folder.join(WORK);
    let _ = fs::remove_dir_all(&work);
    let done = take(places, &folder, &work, at);
    let _ = fs::remove_dir_all(&work);
    done
}

fn take(
    places: DataPlaces<'_>,
    folder: &Path,
    work: &Path,
    at: Timestamp,
) -> Result<(BackupLine, Vec<Finding>), ClerkError> {
    let (manifest, findings) = back_up(places, work, at)?;
    let local = crate::hours::beijing(at);
    let stamp = local.strftime("%Y%m%d-%H%M%S").to_string();
    let names = (1_u32..).map(|n| match n {
        1 => format!("sanlian-{stamp}.zip"),
        n => format!("sanlian-{stamp}-{n}.zip"),
    });
    let mut names = names.filter(|name| !folder.join(name).exists());
    let name = names.next().unwrap_or_default();
    let file = folder.join(&name);
    zip_backup(work, &file)?;
    let verified = verify_backup_file(places, &file)?;
    if verified != manifest {
        return Err(ClerkError::Bug(format!("{} 与所备份的不同", name)));
    }
    let line = BackupLine::of(name, &manifest, sum(&file)?);
    let text = serde_json::to_vec_pretty(&line).map_err(|e| ClerkError::Bug(e.to_string()))?;
    write_file(&file.with_extension("json"), &text)?;
    Ok((line, findings))
}

fn sum(file: &Path) -> Result<(u64, Digest), ClerkError> {
    let mut sum = Sha256::new();
    let mut read = File::open(file).map_err(world(file))?;
    let mut size = 0_u64;
    let mut block = vec![0; 256 << 10];
    loop {
        let n = read.read(&mut block).map_err(world(file))?;
        if n == 0 {
            return Ok((size, Digest(sum.finalize().into())));
        }
        sum.update(block.get(..n).unwrap_or_default());
        size += n as u64;
    }
}

/// The backups that lie there, the newest first.
pub fn list_backups(data: &Path) -> Result<Vec<BackupLine>, ClerkError> {
    let folder = backups_folder(data);
    let Ok(entries) = fs::read_dir(&folder) else {
        return Ok(Vec::new());
    };
    let mut lines = Vec::new();
    for entry in entries {
        let path = entry.map_err(world(&folder))?.path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let bytes = fs::read(&path).map_err(world(&path))?;
        let line: Option<BackupLine> = serde_json::from_slice(&bytes).ok();
        lines.extend(line.filter(|l| folder.join(&l.name).is_file()));
    }
    lines.sort_by(|a, b| (b.made_at, &b.name).cmp(&(a.made_at, &a.name)));
    Ok(lines)
}

/// A backup of the list, by its name; none where there is none of that name.
pub fn backup_named(data: &Path, name: &str) -> Result<Option<(BackupLine, PathBuf)>, ClerkError> {
    let found = list_backups(data)?.into_iter().find(|l| l.name == name);
    Ok(found.map(|line| {
        let path = backups_folder(data).join(&line.name);
        (line, path)
    }))
}

/// Holds a backup's file against its manifest, its ledger against the audit log's chain and the vault key. Nothing is changed.
pub fn verify_backup_file(
    places: DataPlaces<'_>,
    file: &Path,
) -> Result<BackupManifest, ClerkError> {
    let vault = Vault::open(places.keys, false)?;
    let folder = backups_folder(places.data);
    let aside = folder.join(format!(".verify-{}", Timestamp::now().as_nanosecond()));
    let done = unzip_backup(file, &aside)
        .and_then(|()| verify_backup(&aside, &vault))
        .map_err(ClerkError::from);
    let _ = fs::remove_dir_all(&aside);
    done
}

/// Whether a backup of the list is still the file that was taken.
pub fn verify_listed(
    places: DataPlaces<'_>,
    name: &str,
) -> Result<Option<BackupManifest>, ClerkError> {
    let Some((line, path)) = backup_named(places.data, name)? else {
        return Ok(None);
    };
    if sum(&path)?.1.to_string() != line.sha256 {
        return Err(ClerkError::Refused(format!(
            "{name} 的校验和与备份时记下的不同：文件已损坏或被改动。请用另一份备份。"
        )));
    }
    verify_backup_file(places, &path).map(Some)
}

impl Office<'_> {
    /// Notes what an administrator did with a backup.
    pub fn note_backup(
        &mut self,
        line: &BackupLine,
        what: &str,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        let detail = format!("{} {what} {}", by.name, line.name);
        Ok(self.ledger.note(at, "backup", &line.sha256, &detail)?)
    }

    /// Removes a backup that is no longer to be kept.
    pub fn remove_backup(
        &mut self,
        name: &str,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        let found = backup_named(self.ledger.folder(), name)?;
        let (line, path) =
            found.ok_or_else(|| ClerkError::Refused("没有这份备份，可能已经删除。".to_owned()))?;
        fs::remove_file(&path).map_err(world(&path))?;
        let about = path.with_extension("json");
        fs::remove_file(&about).map_err(world(about))?;
        self.note_backup(&line, "删除备份", by, at)
    }
}
