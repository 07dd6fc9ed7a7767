//! What a file is, by its first bytes; JPEG and MP4 headers are read in `jpeg` and `video`.

use std::io::{self, Read, Seek};

use crate::foreign::InChinese;

use super::random_access::RandomAccess;
use super::{Probe, jpeg, video};

/// What a file's bytes say it is. Only headers are read, wherever they stand; a file that cannot be read is
/// [`Probe::Broken`]. `Jpeg.colour` is always none here: see [`super::is_colour`].
pub fn probe<R: Read + Seek>(reader: &mut R) -> Probe {
    let mut source = RandomAccess::new(reader);
    look(&mut source).unwrap_or_else(|error| Probe::Broken {
        claims: "文件",
        reason: format!("无法读取：{}", error.in_chinese()),
    })
}

/// Tells files apart by their first bytes.
fn look<R: Read + Seek>(source: &mut RandomAccess<'_, R>) -> io::Result<Probe> {
    let head = source.at(0, 32)?;
    if head.starts_with(&[0xFF, 0xD8, 0xFF]) || head == [0xFF, 0xD8] {
        return jpeg::read(source);
    }
    if let Some(name) = known(&head) {
        return Ok(Probe::Known(name));
    }
    if video::is_video(&head) {
        return video::read(source);
    }
    Ok(Probe::Unknown)
}

/// Types that people hand in by mistake, by their first bytes.
fn known(head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"%PDF-", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7Z"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
        (b"\x1a\x45\xdf\xa3", "MKV"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMV"),
        (b"FLV\x01", "FLV"),
        (b"\x00\x00\x01\xba", "MPEG"),
        (b"\x00\x00\x01\xb3", "MPEG"),
    ];
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(name);
    }
    match (head.get(0..4), head.get(8..12)) {
        (Some(b"RIFF"), Some(b"WEBP")) => return Some("WEBP"),
        (Some(b"RIFF"), Some(b"AVI ")) => return Some("AVI"),
        _ => {}
    }
    if head.get(4..8) == Some(b"ftyp") {
        return match head.get(8..12) {
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
                Some("HEIC")
            }
            Some(b"avif" | b"avis") => Some("AVIF"),
            Some(b"M4A " | b"M4B ") => Some("M4A"),
            _ => None,
        };
    }
    // `BM` alone is too short a magic: the header's reserved words must be zero and its offset of pixels plausible.
    let bmp = head.starts_with(b"BM")
        && head.get(6..10) == Some(&[0; 4])
        && head.get(12..14) == Some(&[0; 2]);
    bmp.then_some("BMP")
}
