//! What units put into the service and the paper that was made of it, as a backup holds it: the folders of `units`, file by file.
//! They change while a backup is taken; each file is taken as it stands, a file that goes away meanwhile is passed over.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::backup_manifest::{BackupFile, UNITS, is_of_unit};
use super::copying::copy_summed;
use super::error::StoreError;

/// The parts of a unit's folder that can be made again or are only passing through.
const PASSING: [&str; 2] = ["incoming", "preview"];

/// Copies the units' files into a backup.
pub(super) fn take_units(data: &Path, staging: &Path) -> Result<Vec<BackupFile>, StoreError> {
    let root = data.join(UNITS);
    let mut files = Vec::new();
    if !root.is_dir() {
        return Ok(files);
    }
    for inside in super::output::files_of(&root)? {
        let mut parts = inside.split('/');
        let passing = parts.nth(1).is_some_and(|part| PASSING.contains(&part));
        let path = format!("{UNITS}/{inside}");
        if passing || inside.ends_with(".lock") || !is_of_unit(&path) {
            continue;
        }
        let from = root.join(&inside);
        let source = match File::open(&from) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            opened => opened.map_err(StoreError::world("打开", &from))?,
        };
        let to = staging.join(&path);
        if let Some(shelf) = to.parent() {
            fs::create_dir_all(shelf).map_err(StoreError::world("建立", shelf))?;
        }
        let (size, sha256) = copy_summed(source, &to)?;
        files.push(BackupFile { path, size, sha256 });
    }
    Ok(files)
}
