//! Putting a gathered file into its place: what the office put there itself stands.

use std::path::Path;

use crate::finding::{Finding, Place};
use crate::record::Attachment;
use crate::store::write_file;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::gather_source::{Opened, sum};

/// What became of a file.
pub(super) enum Put {
    /// It is there already.
    Same,
    /// It was written.
    New,
    /// The office put another file there, which stands; whether the unit's changed too.
    Ours(bool),
}

/// Puts a file into its place, unless the office has put one of its own there since gathering wrote it last.
pub(super) fn put(
    opened: &Opened,
    file: &Attachment,
    to: &Path,
    last: Option<&String>,
) -> Result<Put, ClerkError> {
    if to.is_file() {
        let here = sum(&crate::clerk::given::bytes(to)?);
        if here == hex(file) {
            return Ok(Put::Same);
        }
        if last != Some(&here) {
            return Ok(Put::Ours(last != Some(&hex(file))));
        }
    }
    copy(opened, file, to)?;
    Ok(Put::New)
}

pub(super) fn ours_stands(path: &str) -> Finding {
    Finding::warning(
        "G1",
        Place::file(path),
        "这里换过这个文件，单位报来的又是另一个，保留这里的",
        "请核对；以单位为准的，请移走这里的，再汇集一次。",
    )
}

pub(super) fn hex(file: &Attachment) -> String {
    crate::record::Digest(file.sha256).to_string()
}

/// Copies a file.
pub(super) fn copy(opened: &Opened, file: &Attachment, to: &Path) -> Result<(), ClerkError> {
    if let Some(bytes) = opened.packed_files.get(&file.path) {
        return Ok(write_file(to, bytes)?);
    }
    let from = Path::new(&opened.source.path).join(&file.path);
    // a video may be large: the system copies it, beside its place first
    let beside = to.with_extension("汇集中");
    std::fs::copy(&from, &beside).map_err(world(&from))?;
    std::fs::rename(&beside, to).map_err(world(to))
}

/// A text as a file's name.
pub(super) fn plain(text: &str) -> String {
    let safe = |c: char| {
        if "/\\:*?\"<>|".contains(c) || c.is_control() {
            '_'
        } else {
            c
        }
    };
    let name: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(safe)
        .take(80)
        .collect();
    name.trim_matches('.').to_owned()
}
