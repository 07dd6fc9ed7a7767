//! A backup as one file, to be carried away: a zip of its folder, nothing deflated. What a file says of itself is believed only
//! after every byte was held against the manifest.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use zip::ZipArchive;

use super::backup_manifest::{MANIFEST, MANIFEST_LIMIT, parse_manifest, read_manifest};
use super::copying::copy_summed;
use super::error::StoreError;
use super::zip_out::ZipOut;

/// Writes a backup's folder as one file, which appears whole or not at all.
pub fn zip_backup(folder: &Path, to: &Path) -> Result<(), StoreError> {
    let manifest = read_manifest(folder)?;
    let mut out = ZipOut::begin(to)?;
    let paths = manifest.files.iter().map(|f| f.path.as_str());
    for path in std::iter::once(MANIFEST).chain(paths) {
        let from = folder.join(path);
        let added = match out.add_file(path, &from) {
            Ok(false) => Err(StoreError::world("打开", &from)(
                io::ErrorKind::NotFound.into(),
            )),
            added => added,
        };
        if let Err(error) = added {
            out.give_up();
            return Err(error);
        }
    }
    out.finish()
}

/// Unpacks a backup's file into a folder that is not there yet: what its manifest lists and nothing else, each file of the size
/// and sum that the manifest says.
pub fn unzip_backup(file: &Path, folder: &Path) -> Result<(), StoreError> {
    let refuse = |fault| StoreError::NoBackup {
        path: file.to_owned(),
        fault,
    };
    let opened = File::open(file).map_err(StoreError::world("打开", file))?;
    let mut zip =
        ZipArchive::new(opened).map_err(|_| refuse("不是备份文件，或者没有传完、已损坏"))?;
    let mut text = Vec::new();
    zip.by_name(MANIFEST)
        .map_err(|_| refuse("其中没有备份清单 manifest.json"))?
        .take(MANIFEST_LIMIT)
        .read_to_end(&mut text)
        .map_err(|_| refuse("没有传完，或者已损坏"))?;
    let manifest = parse_manifest(&text).map_err(refuse)?;
    if zip.len() != manifest.files.len() + 1 {
        return Err(refuse("装有备份清单以外的文件，或者缺文件"));
    }
    let world = |path: &Path| StoreError::world("建立", path);
    super::private::make_folder(folder)?;
    for listed in &manifest.files {
        let entry = zip.by_name(&listed.path).map_err(|_| refuse("缺文件"))?;
        let to = folder.join(&listed.path);
        if let Some(shelf) = to.parent() {
            fs::create_dir_all(shelf).map_err(world(shelf))?;
        }
        // one byte more than said shows that there is more
        let copied = copy_summed(entry.take(listed.size.saturating_add(1)), &to);
        let same = |copied: &(u64, _)| *copied == (listed.size, listed.sha256);
        if !copied.as_ref().is_ok_and(same) {
            return Err(match copied {
                // a full disk is no fault of the file
                Err(error @ StoreError::World { .. }) if entry_is_sound(&mut zip, &listed.path) => {
                    error
                }
                _ => StoreError::Altered(file.join(&listed.path)),
            });
        }
    }
    let path = folder.join(MANIFEST);
    fs::write(&path, &text).map_err(StoreError::world("写入", &path))
}

fn entry_is_sound(zip: &mut ZipArchive<File>, name: &str) -> bool {
    let entry = zip.by_name(name);
    entry.is_ok_and(|mut e| io::copy(&mut e, &mut io::sink()).is_ok())
}
