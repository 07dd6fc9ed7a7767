//! Scans that wait to be read (待识别): an upload that was answered lies on disk with the names of its files until all its pages are
//! received. A service that was killed meanwhile goes on with it when it starts again; pages that were received before are not
//! received twice.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::web::service::upload::Taken;

/// The list in a folder of files that wait.
const LIST: &str = "waiting.json";

/// An upload that waits.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    /// Number of the batch.
    pub(super) number: u64,
    /// Names that the browser gave, by the files' own names in the folder.
    names: BTreeMap<String, String>,
}

impl Waiting {
    /// Writes down what was taken into a folder: from now on it is not lost.
    pub(super) fn keep(folder: &Path, number: u64, taken: &[Taken]) -> std::io::Result<Self> {
        let own = |t: &Taken| t.path.file_name().map(|n| n.to_string_lossy().into_owned());
        let names = taken.iter().filter_map(|t| Some((own(t)?, t.name.clone())));
        let waiting = Self {
            number,
            names: names.collect(),
        };
        let half = folder.join("waiting.new");
        std::fs::write(&half, serde_json::to_vec(&waiting)?)?;
        std::fs::rename(&half, folder.join(LIST))?;
        Ok(waiting)
    }

    /// The files with the names that the browser gave.
    pub(super) fn files(&self, folder: &Path) -> BTreeMap<PathBuf, String> {
        let names = self.names.iter();
        names
            .map(|(own, name)| (folder.join(own), name.clone()))
            .collect()
    }
}

/// Uploads in a folder that were not read to the end, the oldest first. Those that were never answered are taken away.
pub(super) fn left(incoming: &Path) -> Vec<(PathBuf, Waiting)> {
    let entries = std::fs::read_dir(incoming).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|e| e.path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    let mut all = Vec::new();
    for folder in folders {
        let list = std::fs::read(folder.join(LIST)).ok();
        match list.and_then(|l| serde_json::from_slice(&l).ok()) {
            Some(waiting) => all.push((folder, waiting)),
            None => {
                let _ = std::fs::remove_dir_all(&folder);
            }
        }
    }
    all
}
