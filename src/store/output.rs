//! The output folder: written beside its place, then put there by renaming, all or nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::StoreError;
use super::failpoint;
use super::file::{Lock, Readers, read_if_there, sync_folder, write_new};

/// The file that says that a folder is ours.
const MANIFEST: &str = "manifest.json";

/// Largest manifest that is read back.
const MANIFEST_LIMIT: u64 = 256 << 20;

/// Longest name of a file or folder in bytes, as usual file systems have it, less room for a suffix.
const NAME_BYTES: usize = 240;

/// Writes files (path with `/`, bytes) as the whole content of a folder. An existing folder is replaced only by a complete
/// one, and only where it is empty or holds nothing but what its `manifest.json` lists. On failure the old folder stands and
/// nothing is left beside it; what a killed run left is cleared by the next. A folder that is missing is made, its
/// parents too.
pub fn write_output(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    write_output_after(folder, files, || Ok(()))
}

/// The same, with something that must be on record before the folder stands: `record` is called when all files are on the disk
/// beside their place. Where it fails, nothing stands.
pub fn write_output_after<E: From<StoreError>>(
    folder: &Path,
    files: &[(String, Vec<u8>)],
    record: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    check_names(files)?;
    appear(folder, replaceable, |staging| {
        stage(staging, files)?;
        record()
    })
}

/// Lets a folder appear at once: `fill` writes it beside its place. `judge` says whether a folder that is there, and may hold
/// something, is replaced.
pub(super) fn appear<T, E: From<StoreError>>(
    folder: &Path,
    judge: impl FnOnce(&Path) -> Result<(), StoreError>,
    fill: impl FnOnce(&Path) -> Result<T, E>,
) -> Result<T, E> {
    let places = Places::of(folder)?;
    fs::create_dir_all(&places.parent).map_err(StoreError::world("建立", &places.parent))?;
    let _lock = Lock::take(&places.lock)?;
    places.recover()?;
    if there(&places.folder) {
        judge(&places.folder)?;
    }
    let filled = fs::create_dir(&places.staging)
        .map_err(|e| E::from(StoreError::world("建立", &places.staging)(e)))
        .and_then(|()| fill(&places.staging))
        .and_then(|filled| Ok(places.swap().map(|()| filled)?));
    if filled.is_err() {
        // The next run clears what cannot be cleared now.
        let _ = fs::remove_dir_all(&places.staging);
    }
    filled
}

/// Clears what runs that were cut off left half-written in a folder, and puts back what they had moved aside; what a run still
/// writes is left alone.
pub fn clear_half_written(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((inner, "new" | "old")) = name
            .strip_prefix('.')
            .and_then(|rest| rest.rsplit_once(".sanlian-"))
        else {
            continue;
        };
        let places = Places::of(&folder.join(inner))?;
        match Lock::take(&places.lock) {
            Err(StoreError::Busy(_)) => {}
            taken => {
                let _lock = taken?;
                places.recover()?;
            }
        }
    }
    Ok(())
}

/// The folder and what stands beside it while it is written.
struct Places {
    parent: PathBuf,
    folder: PathBuf,
    staging: PathBuf,
    old: PathBuf,
    lock: PathBuf,
}

impl Places {
    fn of(folder: &Path) -> Result<Self, StoreError> {
        // A folder that is there may be named by `.` or a link: take its own place.
        let folder = match fs::canonicalize(folder) {
            Ok(real) => real,
            Err(_) => folder.to_owned(),
        };
        let (Some(name), Some(parent)) = (folder.file_name(), folder.parent()) else {
            return Err(StoreError::Name {
                name: folder.display().to_string(),
                reason: "应为一个文件夹",
            });
        };
        let parent = if parent.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            parent.to_owned()
        };
        let beside = |suffix: &str| {
            let mut hidden = std::ffi::OsString::from(".");
            hidden.push(name);
            hidden.push(suffix);
            parent.join(hidden)
        };
        Ok(Self {
            staging: beside(".sanlian-new"),
            old: beside(".sanlian-old"),
            lock: beside(".sanlian-lock"),
            folder: folder.clone(),
            parent,
        })
    }

    /// Clears what a killed run left: a half-written folder, and the old one if it had been moved aside.
    fn recover(&self) -> Result<(), StoreError> {
        remove(&self.staging)?;
        if there(&self.old) && !there(&self.folder) {
            return fs::rename(&self.old, &self.folder)
                .map_err(StoreError::world("恢复", &self.folder));
        }
        remove(&self.old)
    }

    fn swap(&self) -> Result<(), StoreError> {
        let had = there(&self.folder);
        if had {
            failpoint::pass("before the old folder is moved aside");
            fs::rename(&self.folder, &self.old).map_err(StoreError::world("替换", &self.folder))?;
        }
        failpoint::pass("before the new folder takes its name");
        if let Err(reason) = fs::rename(&self.staging, &self.folder) {
            if had {
                // If this fails too, the next run puts the old folder back.
                let _ = fs::rename(&self.old, &self.folder);
            }
            return Err(StoreError::world("替换", &self.folder)(reason));
        }
        failpoint::pass("a new folder has its name");
        sync_folder(Some(&self.parent));
        failpoint::pass("a new folder's name is on the disk");
        // The new folder stands: an old one that cannot be removed is removed by the next run.
        let _ = remove(&self.old);
        failpoint::pass("the old folder is gone");
        Ok(())
    }
}

fn there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn remove(folder: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::world("清理", folder)(e))
        }
        _ => Ok(()),
    }
}

fn stage(staging: &Path, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    let mut folders = BTreeSet::from([staging.to_owned()]);
    for (name, bytes) in files {
        let path = staging.join(name);
        if let Some(folder) = path.parent()
            && folders.insert(folder.to_owned())
        {
            fs::create_dir_all(folder).map_err(StoreError::world("建立", folder))?;
        }
        write_new(&path, bytes, Readers::Usual).map_err(StoreError::world("写入", &path))?;
    }
    folders.iter().for_each(|folder| sync_folder(Some(folder)));
    Ok(())
}

/// Refuses to replace what a person may have put there.
fn replaceable(folder: &Path) -> Result<(), StoreError> {
    let found = files_of(folder)?;
    if found.is_empty() {
        return Ok(());
    }
    let ours = manifest_paths(&folder.join(MANIFEST))?;
    match found.into_iter().find(|path| !ours.contains(path)) {
        Some(path) => Err(StoreError::Foreign(folder.join(path))),
        None => Ok(()),
    }
}

/// All files below a folder, with `/`, but for those that nobody means.
pub(super) fn files_of(folder: &Path) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    list(folder, folder, &mut found)?;
    Ok(found)
}

/// All files below a folder, with `/`; those that desktops and office programs leave behind are passed over.
fn list(root: &Path, folder: &Path, out: &mut Vec<String>) -> Result<(), StoreError> {
    let unreadable = || StoreError::world("读取", folder);
    for entry in fs::read_dir(folder).map_err(unreadable())? {
        let entry = entry.map_err(unreadable())?;
        let path = entry.path();
        let kind = entry.file_type().map_err(unreadable())?;
        if kind.is_dir() {
            list(root, &path, out)?;
        } else if !is_litter(&entry.file_name().to_string_lossy()) {
            let inside = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = inside.iter().map(|p| p.to_string_lossy()).collect();
            out.push(parts.join("/"));
        }
    }
    out.sort();
    Ok(())
}

/// Files that nobody means: of desktops, and locks of office programs.
pub(super) fn is_litter(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name.eq_ignore_ascii_case("Thumbs.db")
        || name.eq_ignore_ascii_case("desktop.ini")
}

/// The paths that a manifest lists, and its own; none where there is no manifest, or none that can be read.
fn manifest_paths(path: &Path) -> Result<BTreeSet<String>, StoreError> {
    #[derive(Deserialize)]
    struct StagedManifest {
        files: Vec<ListedFile>,
    }
    #[derive(Deserialize)]
    struct ListedFile {
        path: String,
    }
    let bytes = read_if_there(path, MANIFEST_LIMIT)?.unwrap_or_default();
    let Ok(manifest) = serde_json::from_slice::<StagedManifest>(&bytes) else {
        return Ok(BTreeSet::new());
    };
    let listed = manifest.files.into_iter().map(|f| f.path);
    Ok(listed.chain([MANIFEST.to_owned()]).collect())
}

/// Refuses names that would leave the folder, or that some usual system cannot have.
fn check_names(files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    let mut taken = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for (name, _) in files {
        let refused = |reason| {
            let name = name.clone();
            Err(StoreError::Name { name, reason })
        };
        let parts: Vec<&str> = name.split('/').collect();
        if let Some(reason) = parts.iter().find_map(|part| part_fault(part)) {
            return refused(reason);
        }
        // Windows and macOS do not tell case apart.
        let lower = name.to_lowercase();
        for (end, _) in lower.match_indices('/') {
            folders.extend(lower.get(..end).map(str::to_owned));
        }
        if !taken.insert(lower) {
            return refused("与另一个文件同名");
        }
    }
    match taken.intersection(&folders).next() {
        Some(name) => Err(StoreError::Name {
            name: name.clone(),
            reason: "既是文件又是文件夹",
        }),
        None => Ok(()),
    }
}

/// What is wrong with one name of a path.
fn part_fault(part: &str) -> Option<&'static str> {
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    let upper = stem.to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|device| {
        upper
            .strip_prefix(device)
            .is_some_and(|n| matches!(n.as_bytes(), [b'0'..=b'9']) || ["¹", "²", "³"].contains(&n))
    });
    if part.is_empty() {
        Some("路径中有一段是空的")
    } else if part == "." || part == ".." {
        Some("不能指向别的文件夹")
    } else if part.chars().any(char::is_control) {
        Some("含有控制字符")
    } else if part.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) {
        Some("含有 \\ : * ? \" < > | 之一")
    } else if part.ends_with(['.', ' ']) || part.starts_with(' ') {
        Some("首尾有空格，或者以点结尾")
    } else if part.len() > NAME_BYTES {
        Some("名称太长")
    } else if numbered || ["CON", "PRN", "AUX", "NUL"].contains(&upper.as_str()) {
        Some("是系统保留的名称")
    } else {
        None
    }
}
