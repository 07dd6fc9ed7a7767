//! A zip that appears whole or not at all, for its owner alone: backups and what is handed over of a person.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::error::StoreError;
use super::file::{sync_folder, with_suffix};

/// A zip that is being written beside its place.
pub struct ZipOut {
    to: PathBuf,
    beside: PathBuf,
    zip: ZipWriter<File>,
}

impl std::fmt::Debug for ZipOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ZipOut({})", self.to.display())
    }
}

impl ZipOut {
    /// Begins; what an earlier run left beside the place goes.
    pub fn begin(to: &Path) -> Result<Self, StoreError> {
        let beside = with_suffix(to, ".new");
        let _ = fs::remove_file(&beside);
        let mut how = fs::OpenOptions::new();
        how.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut how, 0o600);
        let file = how.open(&beside).map_err(StoreError::world("写入", to))?;
        Ok(Self {
            to: to.to_owned(),
            beside,
            zip: ZipWriter::new(file),
        })
    }

    fn start(&mut self, name: &str) -> Result<(), StoreError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default())
            .large_file(true)
            .unix_permissions(0o600);
        let started = self.zip.start_file(name, options);
        started.map_err(|e| StoreError::world("写入", &self.to)(e.into()))
    }

    /// Adds bytes under a name; gives `true`, to be counted.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        self.start(name)?;
        let written = self.zip.write_all(bytes);
        written.map_err(StoreError::world("写入", &self.to))?;
        Ok(true)
    }

    /// Adds a file under a name, a block at a time; `false` where it has gone meanwhile.
    pub fn add_file(&mut self, name: &str, from: &Path) -> Result<bool, StoreError> {
        let mut source = match File::open(from) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            opened => opened.map_err(StoreError::world("打开", from))?,
        };
        self.start(name)?;
        io::copy(&mut source, &mut self.zip).map_err(StoreError::world("写入", &self.to))?;
        Ok(true)
    }

    /// Puts it in its place, down to the disk.
    pub fn finish(self) -> Result<(), StoreError> {
        let Self { to, beside, zip } = self;
        let world = StoreError::world("写入", &to);
        let done = zip
            .finish()
            .map_err(io::Error::from)
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&beside, &to));
        if done.is_err() {
            let _ = fs::remove_file(&beside);
        }
        sync_folder(to.parent());
        done.map_err(world)
    }

    /// Leaves nothing behind.
    pub fn give_up(self) {
        let Self { beside, zip, .. } = self;
        drop(zip);
        let _ = fs::remove_file(beside);
    }
}
