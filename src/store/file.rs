//! One file: read within a limit, written at once or not at all, locked against another run.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::failpoint;

/// The bytes of a file; none where there is no such file.
pub(super) fn read_if_there(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(StoreError::world("打开", path)(e)),
    };
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(StoreError::world("读取", path))?;
    if u64::try_from(bytes.len()).is_ok_and(|n| n <= limit) {
        Ok(Some(bytes))
    } else {
        let path = path.to_owned();
        Err(StoreError::TooLarge { path, limit })
    }
}

/// Who may read a new file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// As the system is set up.
    Usual,
    /// The owner alone (0600).
    Owner,
}

/// Writes one file that a person named: the old one stands until the new one is whole.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if path.is_dir() {
        return Err(StoreError::world("写入", path)(
            io::ErrorKind::IsADirectory.into(),
        ));
    }
    replace(path, bytes, Readers::Usual)
}

/// The same, with something that must be on record before the file stands: where `record` fails, the old file stands.
pub fn write_file_after<E: From<StoreError>>(
    path: &Path,
    bytes: &[u8],
    record: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    replace_after(path, bytes, Readers::Usual, record)
}

/// Replaces a file at once: readers see all of the old bytes or all of the new. On failure the old ones stand.
/// The caller holds a lock, so that the file beside it is a remnant of a killed run.
pub(super) fn replace(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), StoreError> {
    replace_after(path, bytes, readers, || Ok(()))
}

/// The same, with something that must be on record before the file stands.
pub(super) fn replace_after<E: From<StoreError>>(
    path: &Path,
    bytes: &[u8],
    readers: Readers,
    record: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    let beside = with_suffix(path, ".new");
    remove_remnant(&beside)?;
    let world = |reason| E::from(StoreError::world("写入", path)(reason));
    let done = write_new(&beside, bytes, readers)
        .map_err(world)
        .and_then(|()| record())
        .and_then(|()| {
            failpoint::pass("before a file takes its name");
            fs::rename(&beside, path).map_err(world)
        });
    failpoint::pass("a file has its name");
    if done.is_err() {
        // Nothing more can be done about a remnant than to remove it next time.
        let _ = fs::remove_file(&beside);
    }
    done?;
    sync_folder(path.parent());
    failpoint::pass("a file's name is on the disk");
    Ok(())
}

/// Writes a file that is not there yet, down to the disk.
pub(super) fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner || is_closed(path.parent()) {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    failpoint::pass("before a file is made");
    let mut file = options.open(path)?;
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    failpoint::pass("half a file is written");
    file.write_all(rest)?;
    failpoint::pass("a file is written, not yet on the disk");
    file.sync_all()?;
    failpoint::pass("a file is on the disk");
    Ok(())
}

/// Whether nobody but its owner comes into a folder: files that are made there are then for the owner alone too.
#[cfg(unix)]
fn is_closed(folder: Option<&Path>) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let here = folder.filter(|f| !f.as_os_str().is_empty());
    fs::metadata(here.unwrap_or(Path::new("."))).is_ok_and(|f| f.permissions().mode() & 0o077 == 0)
}

pub(super) fn remove_remnant(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::world("清理", path)(e)),
        _ => Ok(()),
    }
}

/// Makes names in a folder durable where the system can; where it cannot, the bytes are on the disk all the same.
pub(super) fn sync_folder(folder: Option<&Path>) {
    let here = folder.filter(|f| !f.as_os_str().is_empty());
    if let Ok(handle) = File::open(here.unwrap_or(Path::new("."))) {
        let _ = handle.sync_all();
    }
}

/// The path with more at the end of its last name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A lock against another run, held until it is dropped. The system lets it go when the program is killed.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock, or fails with [`StoreError::Busy`] where another run holds it.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        loop {
            let file = Self::open(path)?;
            match file.try_lock() {
                Ok(()) if still_there(path, &file) => return Ok(Self::held(path, file)),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(StoreError::Busy(path.to_owned())),
                Err(TryLockError::Error(e)) => return Err(StoreError::world("加锁", path)(e)),
            }
        }
    }

    /// Takes the lock when the other run has let it go; for acts that are over in a moment.
    pub(super) fn wait(path: &Path) -> Result<Self, StoreError> {
        loop {
            let file = Self::open(path)?;
            file.lock().map_err(StoreError::world("加锁", path))?;
            if still_there(path, &file) {
                return Ok(Self::held(path, file));
            }
        }
    }

    fn open(path: &Path) -> Result<File, StoreError> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(path).map_err(StoreError::world("加锁", path))
    }

    fn held(path: &Path, file: File) -> Self {
        Self {
            path: path.to_owned(),
            _file: file,
        }
    }
}

/// Whether a lock's file still has its name: the run that held it before may have removed it, and then a third run locks
/// another file of that name.
pub(super) fn still_there(path: &Path, file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        match (fs::metadata(path), file.metadata()) {
            (Ok(named), Ok(held)) => (named.dev(), named.ino()) == (held.dev(), held.ino()),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock file that stays does no harm.
        let _ = fs::remove_file(&self.path);
    }
}
