//! Who may read personal data on the disk (权限): the owner alone. Folders are made closed to others, and what lay open before is closed.

use std::fs;
use std::path::Path;

use super::file::StoreError;

/// The folders of a data folder in which personal data lie.
const PARTS: [&str; 4] = ["objects", "units", "incoming", "backups"];

/// Makes a folder and those above it that are missing, for its owner alone.
pub fn make_closed(folder: &Path) -> Result<(), StoreError> {
    super::private::make_folder(folder)
}

/// Closes a file, or a folder with everything in it, to everybody but its owner.
pub fn close_to_others(path: &Path) -> Result<(), StoreError> {
    let mut todo = vec![path.to_owned()];
    while let Some(path) = todo.pop() {
        let facts = match fs::symlink_metadata(&path) {
            // what goes away meanwhile need not be closed
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            facts => facts.map_err(StoreError::world("读取", &path))?,
        };
        if facts.is_symlink() {
            continue;
        }
        close(&path, &facts).map_err(StoreError::world("改权限", &path))?;
        if facts.is_dir() {
            let entries = fs::read_dir(&path).map_err(StoreError::world("读取", &path))?;
            todo.extend(entries.flatten().map(|entry| entry.path()));
        }
    }
    Ok(())
}

/// Closes a data folder and the folders in it: then nobody comes to what lies below. Where the folder belongs to somebody else, that
/// one must do it.
pub(super) fn close_data(data: &Path) {
    let parts = PARTS.iter().map(|part| data.join(part));
    for folder in parts.chain([data.to_owned()]) {
        if let Ok(facts) = fs::symlink_metadata(&folder)
            && facts.is_dir()
        {
            let _ = close(&folder, &facts);
        }
    }
}

#[cfg(unix)]
fn close(path: &Path, facts: &fs::Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = facts.permissions().mode();
    match mode & 0o077 {
        0 => Ok(()),
        _ => fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o7700)),
    }
}

#[cfg(not(unix))]
fn close(_path: &Path, _facts: &fs::Metadata) -> std::io::Result<()> {
    Ok(())
}
