//! Objects (实物文件): bytes under their own SHA-256, `objects/ab/cdef…`, such as packages and pictures of pages. An object is
//! written whole or not at all, never changed, and checked against its sum whenever it is read.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::record::Digest;

use super::error::StoreError;
use super::failpoint;
use super::file::{Lock, Readers, sync_folder, write_new};
use super::private::make_folder;

/// Name of the objects' folder in the data folder.
pub const OBJECTS: &str = "objects";

/// A file that is being written; only the holder of the lock has one.
const BESIDE: &str = ".new";

/// The lock of the folder.
const LOCK: &str = ".lock";

/// The folder of objects.
#[derive(Clone, Debug)]
pub struct Objects {
    folder: PathBuf,
}

impl Objects {
    /// The objects of a data folder. Nothing is touched until the first is put.
    pub fn of(data: &Path) -> Self {
        Self {
            folder: data.join(OBJECTS),
        }
    }

    /// Where an object lies, or would.
    pub fn path(&self, sum: &Digest) -> PathBuf {
        self.folder.join(relative(sum))
    }

    /// Puts bytes under their sum; when this returns they are on the disk. The same bytes again change nothing, and mend an
    /// object that was damaged.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let sum = Digest(Sha256::digest(bytes).into());
        let path = self.path(&sum);
        if path.exists() && self.check(&sum).is_ok() {
            return Ok(sum);
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
        Ok(sum)
    }

    /// The bytes of an object of at most `limit` bytes, held against its sum.
    pub fn get(&self, sum: &Digest, limit: u64) -> Result<Vec<u8>, StoreError> {
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

    /// Whether an object is there; its sum is not looked at.
    pub fn exists(&self, sum: &Digest) -> bool {
        self.path(sum).is_file()
    }

    /// Holds an object against its sum without keeping its bytes, and gives its size.
    pub fn check(&self, sum: &Digest) -> Result<u64, StoreError> {
        let path = self.path(sum);
        let (size, found) = sum_of(open(&path)?).map_err(StoreError::world("读取", &path))?;
        if found == *sum {
            Ok(size)
        } else {
            Err(StoreError::Altered(path))
        }
    }

    /// Removes an object; it may be gone already.
    pub(super) fn remove(&self, sum: &Digest) -> Result<(), StoreError> {
        let path = self.path(sum);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::world("删除", &path)(e))
            }
            _ => Ok(()),
        }
    }

    /// Removes what a run left beside that ended while it wrote; one that still writes is left alone.
    pub(super) fn clear_beside(&self) -> Result<(), StoreError> {
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
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The sums of all objects in order; files that are none are passed over.
    pub fn list(&self) -> Result<Vec<Digest>, StoreError> {
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

/// The path of an object inside the folder of objects, with `/`.
pub(in crate::store) fn relative(sum: &Digest) -> String {
    let text = sum.to_string();
    let (shelf, rest) = text.split_at_checked(2).unwrap_or(("", &text));
    format!("{shelf}/{rest}")
}

/// Size and sum of what can be read.
pub(super) fn sum_of(mut from: impl Read) -> io::Result<(u64, Digest)> {
    let mut sum = Sha256::new();
    let mut size = 0_u64;
    let mut block = vec![0; 256 << 10];
    loop {
        let n = match from.read(&mut block) {
            Ok(0) => return Ok((size, Digest(sum.finalize().into()))),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        sum.update(block.get(..n).unwrap_or_default());
        size = size.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
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
