//! Objects in the data folder: files `objects/ab/cdef…`.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::record::Digest;

use crate::store::copying::sum_of;
use crate::store::error::StoreError;
use crate::store::failpoint;
use crate::store::file::{Lock, Readers, sync_folder, write_new};
use crate::store::private::make_folder;

use super::names::{OBJECTS, relative};

/// A file that is being written; only the holder of the lock has one.
const BESIDE: &str = ".new";

/// The lock of the folder.
const LOCK: &str = ".lock";

/// The folder of objects.
#[derive(Clone, Debug)]
pub(in crate::store) struct ObjectFolder {
    folder: PathBuf,
}

impl ObjectFolder {
    /// The objects of a data folder. Nothing is touched until the first is put.
    pub(in crate::store) fn of(data: &Path) -> Self {
        Self {
            folder: data.join(OBJECTS),
        }
    }

    /// Where an object lies, or would.
    pub(in crate::store) fn path(&self, sum: &Digest) -> PathBuf {
        self.folder.join(relative(sum))
    }

    pub(in crate::store) fn put(&self, sum: &Digest, bytes: &[u8]) -> Result<(), StoreError> {
        let path = self.path(sum);
        if path.exists() && self.check(sum).is_ok() {
            return Ok(());
        }
        let shelf = path.parent().unwrap_or(&self.folder);
        make_folder(shelf)?;
        sync_folder(Some(&self.folder));
        // one at a time, so that a file beside is a remnant of a killed run
        let _lock = Lock::wait(&self.folder.join(LOCK))?;
        let beside = self.folder.join(BESIDE);
        let _ = fs::remove_file(&beside);
        let done = write_new(&beside, bytes, Readers::Owner).and_then(|()| {
            failpoint::pass("an object is written");
            fs::rename(&beside, &path)
        });
        failpoint::pass("an object stands");
        if done.is_err() {
            // Nothing more can be done about a remnant than to remove it next time.
            let _ = fs::remove_file(&beside);
        }
        done.map_err(StoreError::world("写入", &path))?;
        sync_folder(Some(shelf));
        failpoint::pass("an object's name is on the disk");
        Ok(())
    }

    /// The bytes of an object of at most `limit` bytes, held against its sum.
    pub(in crate::store) fn get(&self, sum: &Digest, limit: u64) -> Result<Vec<u8>, StoreError> {
        let path = self.path(sum);
        let file = open(&path)?;
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(StoreError::world("读取", &path))?;
        if !u64::try_from(bytes.len()).is_ok_and(|n| n <= limit) {
            return Err(StoreError::TooLarge { path, limit });
        }
        if Digest(Sha256::digest(&bytes).into()) == *sum {
            Ok(bytes)
        } else {
            Err(StoreError::Altered(path))
        }
    }

    /// Holds an object against its sum without keeping its bytes, and gives its size.
    pub(in crate::store) fn check(&self, sum: &Digest) -> Result<u64, StoreError> {
        let path = self.path(sum);
        let (size, found) = sum_of(open(&path)?).map_err(StoreError::world("读取", &path))?;
        if found == *sum {
            Ok(size)
        } else {
            Err(StoreError::Altered(path))
        }
    }

    /// Removes an object; it may be gone already.
    pub(in crate::store) fn remove(&self, sum: &Digest) -> Result<(), StoreError> {
        let path = self.path(sum);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::world("删除", &path)(e))
            }
            _ => Ok(()),
        }
    }

    /// Removes what a run left beside that ended while it wrote; one that still writes is left alone.
    pub(in crate::store) fn clear_beside(&self) -> Result<(), StoreError> {
        let beside = self.folder.join(BESIDE);
        if !beside.exists() {
            return Ok(());
        }
        let _lock = match Lock::take(&self.folder.join(LOCK)) {
            Err(StoreError::Busy(_)) => return Ok(()),
            taken => taken?,
        };
        match fs::remove_file(&beside) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::world("清理", &beside)(e))
            }
            _ => Ok(()),
        }
    }

    /// The folder itself.
    pub(in crate::store) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The sums of all objects in order; files that are none are passed over.
    pub(in crate::store) fn list(&self) -> Result<Vec<Digest>, StoreError> {
        let mut found = Vec::new();
        for (name, shelf) in entries(&self.folder)? {
            if name.len() == 2 && shelf.is_dir() {
                let names = entries(&shelf)?.into_iter();
                found.extend(names.filter_map(|(rest, _)| Digest::parse(&format!("{name}{rest}"))));
            }
        }
        found.sort_by_key(|sum| sum.0);
        Ok(found)
    }
}

fn open(path: &Path) -> Result<File, StoreError> {
    File::open(path).map_err(StoreError::world("打开", path))
}

/// Names and paths in a folder; none where there is no such folder.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(StoreError::world("读取", folder))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(StoreError::world("读取", folder))?;
        if let Ok(name) = entry.file_name().into_string() {
            found.push((name, entry.path()));
        }
    }
    Ok(found)
}
