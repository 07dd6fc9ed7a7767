//! A zip package, opened with care: what it really unzips to is counted before anything is parsed.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::finding::{Finding, Place};

use super::decode::too_large;
use super::grid::MOST_BYTES;

/// Most bytes that all parts may unzip to.
const MOST_UNZIPPED: u64 = 512 * 1024 * 1024;
/// Unzipped bytes below which no ratio is suspicious: one sheet of empty formatted rows is packed very well.
const HARMLESS: u64 = 64 * 1024 * 1024;
/// Most unzipped bytes for each packed one; sheets of a filled workbook come to 5 to 30.
const MOST_RATIO: u64 = 200;
/// Most parts.
const MOST_PARTS: usize = 10_000;

/// A package whose size was measured.
pub(super) type Parts<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Opens a package; none, with a finding, where it is too large, cut short or malformed.
pub(super) fn open<'a>(
    path: &str,
    bytes: &'a [u8],
    findings: &mut Vec<Finding>,
) -> Option<Parts<'a>> {
    if bytes.len() > MOST_BYTES {
        findings.push(too_large(path));
        return None;
    }
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(_) => {
            findings.push(broken(path));
            return None;
        }
    };
    match measure(&mut archive, bytes.len() as u64) {
        Measured::Sound => Some(archive),
        Measured::Large => {
            findings.push(Finding::error(
                "I7",
                Place::file(path),
                format!("文件“{path}”解压后过大，可能是压缩炸弹，没有读取。"),
                "请在WPS或Excel中打开，删除空白行列和图片后另存，再试。",
            ));
            None
        }
        Measured::Locked => {
            findings.push(locked(path));
            None
        }
        Measured::Broken => {
            findings.push(broken(path));
            None
        }
    }
}

/// What measuring a package came to.
enum Measured {
    Sound,
    Large,
    Locked,
    Broken,
}

/// Unzips every part into nothing and counts. Sizes in the directory are not believed.
fn measure(archive: &mut Parts<'_>, packed: u64) -> Measured {
    if archive.len() > MOST_PARTS {
        return Measured::Large;
    }
    let mut total: u64 = 0;
    let mut sink = vec![0; 64 * 1024];
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else {
            return Measured::Broken;
        };
        if entry.encrypted() {
            return Measured::Locked;
        }
        drop(entry);
        let Ok(mut entry) = archive.by_index(index) else {
            return Measured::Broken;
        };
        loop {
            match entry.read(&mut sink) {
                Ok(0) => break,
                Ok(many) => total += many as u64,
                Err(_) => return Measured::Broken,
            }
            if total > MOST_UNZIPPED || total > HARMLESS && total / packed.max(1) > MOST_RATIO {
                return Measured::Large;
            }
        }
    }
    Measured::Sound
}

/// The bytes of one part; none where it is absent.
pub(super) fn part(archive: &mut Parts<'_>, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut entry = archive.by_name(name).ok()?;
    entry
        .by_ref()
        .take(MOST_UNZIPPED)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

/// Cut short or malformed.
pub(super) fn broken(path: &str) -> Finding {
    Finding::error(
        "I1",
        Place::file(path),
        format!("文件“{path}”打不开，可能没有传完或已损坏。"),
        "请重新复制；能用WPS或Excel打开的，请另存一份再试。",
    )
}

/// Protected with a password.
pub(super) fn locked(path: &str) -> Finding {
    Finding::error(
        "I1",
        Place::file(path),
        format!("文件“{path}”设有密码，读不出。"),
        "请先取消密码（文件—信息—保护），另存后再试。",
    )
}
