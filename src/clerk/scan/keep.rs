//! The tray of unread pages: their pictures in a folder, for a person to look at. Nothing there is ever overwritten.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::scanned::ScannedPage;
use crate::clerk::error::{ClerkError, world};

/// Writes a page's picture into a folder under a name made of file and page; a number is added where that name is taken by
/// another picture. None where the page has no picture. The same picture again is not written twice.
pub fn keep_picture(folder: &Path, page: &ScannedPage) -> Result<Option<PathBuf>, ClerkError> {
    let Some(picture) = &page.picture else {
        return Ok(None);
    };
    let file = page.file.file_name().unwrap_or_default().to_string_lossy();
    let file: String = file.chars().take(80).collect();
    keep_png(folder, &format!("{file}-{:03}", page.page), picture).map(Some)
}

/// Writes a picture into a folder under a name, of which what a name of a file cannot hold is replaced; a number is added where
/// that name is taken by another picture. The same picture again is not written twice.
pub(in crate::clerk) fn keep_png(
    folder: &Path,
    stem: &str,
    picture: &[u8],
) -> Result<PathBuf, ClerkError> {
    fs::create_dir_all(folder).map_err(world(folder))?;
    let name: String = stem
        .chars()
        .map(|c| match c {
            '.' | '/' | '\\' | ':' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .take(100)
        .collect();
    for n in 1_u32.. {
        let more = if n == 1 {
            String::new()
        } else {
            format!("-{n}")
        };
        let path = folder.join(format!("{name}{more}.png"));
        match fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
        {
            Ok(mut file) => {
                let written = file.write_all(picture).and_then(|()| file.sync_all());
                if written.is_err() {
                    // half a picture is no use; the error is told below
                    let _ = fs::remove_file(&path);
                }
                return written.map(|()| path.clone()).map_err(world(path));
            }
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {
                if fs::read(&path).is_ok_and(|there| there == picture) {
                    return Ok(path);
                }
            }
            Err(e) => return Err(world(path)(e)),
        }
    }
    Err(ClerkError::Refused(format!(
        "{} 中同名的图像太多。请另选一个文件夹。",
        folder.display()
    )))
}
