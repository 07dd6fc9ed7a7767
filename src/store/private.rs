//! What only the owner may read (私有): the data folder with everything in it. Files and folders are made so, and one that was left open
//! to others by an earlier program is closed when it is used again.

use std::fs::{self, OpenOptions};
use std::path::Path;

use super::error::StoreError;

/// Mode of a folder.
#[cfg(unix)]
const FOLDER: u32 = 0o700;
/// Mode of a file.
#[cfg(unix)]
const FILE: u32 = 0o600;

/// Makes a folder and those above it that are missing, each for its owner alone.
pub fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(FOLDER);
    }
    builder
        .create(folder)
        .map_err(StoreError::world("建立", folder))
}

/// Makes an empty file that is not there yet.
pub(super) fn make_file(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(FILE);
    }
    options
        .open(path)
        .map(drop)
        .map_err(StoreError::world("建立", path))
}

/// Closes a data folder to others: the ledger's files and the first folders each time, and everything in it where the folder itself
/// still stood open, as an earlier program left it.
pub(super) fn close(folder: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let facts = fs::metadata(folder).map_err(StoreError::world("打开", folder))?;
        if facts.permissions().mode() & 0o077 != 0 {
            close_inside(folder, usize::MAX)?;
            // last, so that a run that is killed begins anew
            set(folder, FOLDER)
        } else {
            close_inside(folder, 1)
        }
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(())
    }
}

/// Closes a file, or a folder with everything in it, to everybody but its owner.
pub fn close_to_others(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let facts = match fs::symlink_metadata(path) {
            // what goes away meanwhile need not be closed
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            facts => facts.map_err(StoreError::world("读取", path))?,
        };
        if facts.is_dir() {
            close_inside(path, usize::MAX)?;
        }
        if !facts.is_symlink() && facts.permissions().mode() & 0o077 != 0 {
            set(path, if facts.is_dir() { FOLDER } else { FILE })?;
        }
    }
    #[cfg(not(unix))]
    {
        let _ = path;
    }
    Ok(())
}

/// Closes what lies in a folder, so many levels deep. What goes away meanwhile is passed over.
#[cfg(unix)]
fn close_inside(folder: &Path, levels: usize) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    let entries = fs::read_dir(folder).map_err(StoreError::world("打开", folder))?;
    for entry in entries.flatten() {
        let Ok(facts) = entry.metadata() else {
            continue;
        };
        let path = entry.path();
        // a link is not ours to change, nor what it leads to
        if facts.is_symlink() {
            continue;
        }
        if facts.is_dir() && levels > 1 {
            close_inside(&path, levels - 1)?;
        }
        if facts.permissions().mode() & 0o077 != 0 {
            set(&path, if facts.is_dir() { FOLDER } else { FILE })?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn set(path: &Path, mode: u32) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt;
    match fs::set_permissions(path, fs::Permissions::from_mode(mode)) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        // somebody else's file, such as on a shared disk: it is not ours to close
        Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Ok(()),
        done => done.map_err(StoreError::world("收紧权限", path)),
    }
}
