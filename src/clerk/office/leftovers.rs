//! Leftovers (残留): what a service that was killed left in passing: copies that were being handed out, uploads that were never
//! answered, halves of paper, backups that were being verified. Seen to when the service starts, before anybody comes in.

use std::fs;
use std::path::{Path, PathBuf};

use crate::store::{clear_half_written, close_to_others};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::office::Office;
use crate::clerk::office::backups::backups_folder;

impl Office<'_> {
    /// Clears what an earlier run of the service left, and closes what lies in the data folder to others.
    pub fn clear_left(&mut self) -> Result<(), ClerkError> {
        let data = self.ledger.folder().to_path_buf();
        // folders of scans that wait to be read are gone on with; files beside them wait for nobody
        for path in entries(&data.join("incoming")) {
            if !path.is_dir() {
                remove(&path)?;
            }
        }
        for unit in entries(&data.join("units")) {
            clear_half_written(&unit)?;
            entries(&unit.join("incoming"))
                .iter()
                .try_for_each(|p| remove(p))?;
            let written = entries(&unit.join("submission")).into_iter();
            written
                .filter(|p| ends(p, ".new"))
                .try_for_each(|p| remove(&p))?;
        }
        let backups = backups_folder(&data);
        clear_half_written(&backups)?;
        for path in entries(&backups) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name == ".work" || name.starts_with(".verify-") || name.ends_with(".new") {
                remove(&path)?;
            }
        }
        for part in ["objects", "units", "incoming", "backups"] {
            close_to_others(&data.join(part))?;
        }
        Ok(())
    }
}

fn ends(path: &Path, ending: &str) -> bool {
    path.to_string_lossy().ends_with(ending)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn remove(path: &Path) -> Result<(), ClerkError> {
    let done = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    match done {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(world(path)(e)),
        _ => Ok(()),
    }
}
