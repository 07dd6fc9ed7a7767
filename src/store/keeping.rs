//! Keeping (存放中): which objects are on their way into the ledger. An object's sum is written down before its bytes are, in a list
//! that its run holds locked; the list goes when the ledger names the objects. What a run that ended left behind is thus known
//! by its list, that nobody holds any more, and objects of runs that still work are never touched. Objects in a bucket have no such
//! list, for several machines may put there: what is left behind there is known by its age.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::record::Digest;

use super::error::StoreError;
use super::failpoint;
use super::file::{still_there, sync_folder};
use super::private::make_folder;

/// The folder of the lists, in the folder of objects.
const LISTS: &str = ".keeping";

/// A list of objects that are on their way, locked until it is dropped or the run ends.
#[derive(Debug)]
pub(super) struct Keeping {
    list: Option<List>,
    sums: Vec<Digest>,
}

#[derive(Debug)]
struct List {
    path: PathBuf,
    file: File,
}

impl Keeping {
    /// Begins a list: in the folder of objects, where they have one.
    pub(super) fn begin(objects: Option<&Path>) -> Result<Self, StoreError> {
        let sums = Vec::new();
        let Some(objects) = objects else {
            return Ok(Self { list: None, sums });
        };
        let folder = objects.join(LISTS);
        make_folder(&folder)?;
        loop {
            let mut name = [0; 8];
            getrandom::fill(&mut name).map_err(|_| StoreError::Chance)?;
            let path = folder.join(format!("{:016x}", u64::from_be_bytes(name)));
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            let file = options
                .open(&path)
                .map_err(StoreError::world("写入", &path))?;
            file.lock().map_err(StoreError::world("加锁", &path))?;
            // one that sweeps may have been faster, and removed a list that was not locked yet
            if still_there(&path, &file) {
                sync_folder(Some(&folder));
                let list = Some(List { path, file });
                return Ok(Self { list, sums });
            }
        }
    }

    /// Writes down that an object will be put; when this returns it is on the disk.
    pub(super) fn intend(&mut self, sum: &Digest) -> Result<(), StoreError> {
        if let Some(List { path, file }) = &mut self.list {
            let line = format!("{sum}\n");
            file.write_all(line.as_bytes())
                .and_then(|()| file.sync_data())
                .map_err(StoreError::world("写入", path))?;
        }
        failpoint::pass("an object is written down");
        self.sums.push(*sum);
        Ok(())
    }

    /// The objects of the list.
    pub(super) fn sums(&self) -> &[Digest] {
        &self.sums
    }

    /// Ends the list: its objects are named, or gone.
    pub(super) fn end(self) -> Result<(), StoreError> {
        failpoint::pass("before a list of objects goes");
        self.list.map_or(Ok(()), |list| removed(&list.path))
    }
}

/// Lists that no run holds any more, each with its objects; they stay locked until they are dropped.
pub(super) fn left_behind(objects: &Path) -> Result<Vec<Keeping>, StoreError> {
    let mut found = Vec::new();
    for path in lists(objects)? {
        let Some(mut file) = opened(&path)? else {
            continue;
        };
        match file.try_lock() {
            Ok(()) if still_there(&path, &file) => {}
            Ok(()) | Err(TryLockError::WouldBlock) => continue,
            Err(TryLockError::Error(e)) => return Err(StoreError::world("加锁", &path)(e)),
        }
        let sums = read(&mut file, &path)?;
        let list = Some(List { path, file });
        found.push(Keeping { list, sums });
    }
    Ok(found)
}

/// The objects of all lists, held or not.
pub(super) fn on_their_way(objects: &Path) -> Result<BTreeSet<[u8; 32]>, StoreError> {
    let mut all = BTreeSet::new();
    for path in lists(objects)? {
        if let Some(mut list) = opened(&path)? {
            all.extend(read(&mut list, &path)?.iter().map(|sum| sum.0));
        }
    }
    Ok(all)
}

fn lists(objects: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let folder = objects.join(LISTS);
    let entries = match fs::read_dir(&folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(StoreError::world("读取", &folder))?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(StoreError::world("读取", &folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// A list; none where its run has just ended it.
fn opened(path: &Path) -> Result<Option<File>, StoreError> {
    match OpenOptions::new().read(true).write(true).open(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some).map_err(StoreError::world("打开", path)),
    }
}

/// The sums of a list. Half a line at its end is of an object that was not begun.
fn read(list: &mut File, path: &Path) -> Result<Vec<Digest>, StoreError> {
    let mut text = String::new();
    list.read_to_string(&mut text)
        .map_err(StoreError::world("读取", path))?;
    Ok(text.lines().filter_map(Digest::parse).collect())
}

fn removed(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::world("清理", path)(e))
        }
        _ => Ok(()),
    }
}
