//! What a result may take the place of (覆盖): an earlier result of its kind, never a file of another kind, nor one that belongs to a submission.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::error::StoreError;
use super::file::write_file;

/// What files of a submission's folder say that it is one.
const SIGNS: [&str; 2] = ["sanlian.toml", "records.json"];
/// How much of a file's end is looked at: a package names what it holds there.
const END: u64 = 256 << 10;

/// What kind of file some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Nothing,
    Pdf,
    Document,
    Workbook,
    Package,
    Text,
    Other,
}

/// By its beginning and its end.
fn sort(head: &[u8], tail: &[u8]) -> Sort {
    let holds = |name: &str| tail.windows(name.len()).any(|w| w == name.as_bytes());
    match head {
        [] => Sort::Nothing,
        [b'%', b'P', b'D', b'F', ..] => Sort::Pdf,
        [b'P', b'K', ..] if holds("word/document") => Sort::Document,
        [b'P', b'K', ..] if holds("xl/workbook") => Sort::Workbook,
        [b'P', b'K', ..] if holds("manifest.json") => Sort::Package,
        _ if !head.contains(&0) && text(head) => Sort::Text,
        _ => Sort::Other,
    }
}

/// Whether it is text, the last character perhaps cut.
fn text(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(e) => e.error_len().is_none(),
    }
}

fn sort_of(file: &mut File) -> std::io::Result<Sort> {
    let size = file.metadata()?.len();
    let mut head = Vec::new();
    file.by_ref().take(4096).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(size.saturating_sub(END)))?;
    let mut tail = Vec::new();
    file.by_ref().take(END).read_to_end(&mut tail)?;
    Ok(sort(&head, &tail))
}

/// Whether bytes may be written to a path: nothing lies there, or an earlier result of the same kind that is no part of a submission.
pub fn may_replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = match File::open(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        opened => opened.map_err(StoreError::world("打开", path))?,
    };
    if path.is_dir() {
        return Ok(());
    }
    let there = sort_of(&mut file).map_err(StoreError::world("读取", path))?;
    let begin = bytes.get(..4096).unwrap_or(bytes);
    let end = bytes
        .len()
        .saturating_sub(usize::try_from(END).unwrap_or(0));
    let new = sort(begin, bytes.get(end..).unwrap_or_default());
    let made_here = matches!(there, Sort::Pdf | Sort::Package);
    if there == Sort::Nothing || there == new && (made_here || !belongs(path)) {
        return Ok(());
    }
    Err(StoreError::Theirs(path.to_owned()))
}

/// Whether a file lies in a submission's folder or in one of its folders.
fn belongs(path: &Path) -> bool {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folders = real.ancestors().skip(1).take(3);
    folders
        .into_iter()
        .any(|folder| SIGNS.iter().any(|sign| folder.join(sign).is_file()))
}

/// Writes a result to a path that a person named, where it may be.
pub fn write_result(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    may_replace(path, bytes)?;
    write_file(path, bytes)
}
