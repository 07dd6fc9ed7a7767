//! A package (.xlsx, .docx) as named parts in order: read within limits, patched, and written deterministically.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{OoxmlError, Tree};

/// Most bytes that all parts together may unpack to: 200 MiB.
pub const MAX_UNPACKED: u64 = 200 << 20;
/// Most entries of a package.
pub const MAX_ENTRIES: usize = 5_000;
/// A part above this size is held against [`MAX_RATIO`].
const RATIO_FROM: u64 = 16 << 20;
/// Most bytes out of one packed byte. Deflate can reach 1032; worksheets of one repeated row stay below 150.
const MAX_RATIO: u64 = 250;
/// First bytes of a compound file: Office 97–2003, or a container of an encrypted package.
const COMPOUND_FILE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A package in memory: its parts in their order. Part names are compared without regard to ASCII case (OPC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpcPackage {
    parts: Vec<(String, Vec<u8>)>,
}

impl OpcPackage {
    /// A package without parts.
    pub(super) fn new() -> Self {
        Self { parts: Vec::new() }
    }

    /// Reads all parts of a package, within the limits of this module.
    pub fn read(bytes: &[u8]) -> Result<Self, OoxmlError> {
        if bytes.starts_with(&COMPOUND_FILE) {
            let name: Vec<u8> = "EncryptedPackage"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
            let encrypted = bytes.windows(name.len()).any(|w| w == name);
            return Err(if encrypted {
                OoxmlError::Encrypted
            } else {
                OoxmlError::OldFormat
            });
        }
        if !bytes.starts_with(b"PK") {
            return Err(OoxmlError::NotPackage);
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| OoxmlError::Broken("目录不完整".to_owned()))?;
        if zip.len() > MAX_ENTRIES {
            return Err(OoxmlError::TooMany(zip.len()));
        }
        let doubled = zip.has_duplicate_names();
        let mut package = Self { parts: Vec::new() };
        let mut left = MAX_UNPACKED;
        for index in 0..zip.len() {
            let Some((name, part)) = read_part(&mut zip, index, left)? else {
                continue;
            };
            left = left.saturating_sub(part.len() as u64);
            package.parts.push((name, part));
        }
        let mut names: Vec<String> = package
            .parts
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        names.sort_unstable();
        for (name, next) in names.iter().zip(names.iter().skip(1)) {
            if name == next {
                return Err(OoxmlError::Duplicate(name.clone()));
            }
        }
        if doubled {
            return Err(OoxmlError::Duplicate("同名部件".to_owned()));
        }
        Ok(package)
    }

    /// Names of the parts, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|(name, _)| name.as_str())
    }

    /// Bytes of a part; none where it is absent.
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.parts
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, bytes)| bytes.as_slice())
    }

    /// A part as text, without a byte order mark.
    pub fn text(&self, name: &str) -> Result<&str, OoxmlError> {
        let bytes = self
            .part(name)
            .ok_or_else(|| OoxmlError::Missing(name.to_owned()))?;
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        std::str::from_utf8(bytes).map_err(|error| OoxmlError::Xml {
            part: name.to_owned(),
            at: error.valid_up_to() as u64,
        })
    }

    /// Whether the package needs nothing from elsewhere: no part names a document type, and no relationship leads out of it but
    /// links to be followed by hand.
    pub fn stands_alone(&self) -> Result<(), OoxmlError> {
        self.has_no_doctype()?;
        for name in self.names().filter(|name| name.ends_with(".rels")) {
            // parts in other encodings are none that anybody here reads
            let Ok(text) = self.text(name) else { continue };
            let tree = Tree::read(name, text)?;
            for relation in tree.root().children() {
                let value = |name| relation.attribute(name).unwrap_or_default().into_owned();
                let link = value("Type").ends_with("/hyperlink");
                // where the author's own template lay on the author's disk: nobody fetches it from here
                let template = value("Type").ends_with("/attachedTemplate");
                let local = template && is_on_a_disk(&value("Target"));
                if value("TargetMode") == "External" && !link && !local {
                    let target: String = value("Target").chars().take(80).collect();
                    let part = name.to_owned();
                    return Err(OoxmlError::Outside { part, target });
                }
            }
        }
        Ok(())
    }

    /// Whether no part names a document type, which no package may (ECMA-376 part 2, 8.2.5).
    pub fn has_no_doctype(&self) -> Result<(), OoxmlError> {
        let xml = |name: &&str| name.ends_with(".xml") || name.ends_with(".rels");
        for name in self.names().filter(xml) {
            let Ok(text) = self.text(name) else { continue };
            let root = text.match_indices('<').find(|(at, _)| {
                let next = text.get(at + 1..).and_then(|rest| rest.chars().next());
                next.is_some_and(|c| !matches!(c, '?' | '!'))
            });
            let head = root.and_then(|(at, _)| text.get(..at)).unwrap_or(text);
            if head.contains("<!DOCTYPE") {
                return Err(OoxmlError::Doctype(name.to_owned()));
            }
        }
        Ok(())
    }

    /// Puts bytes in the place of a part, or a new part at the end.
    pub fn put(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        match self
            .parts
            .iter_mut()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            Some(part) => part.1 = bytes,
            None => self.parts.push((name.to_owned(), bytes)),
        }
    }

    /// Takes a part away.
    pub(super) fn remove(&mut self, name: &str) {
        self.parts.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    /// Packs the parts: original order with new ones appended, deflated, all times 1980-01-01. Same parts, same bytes.
    pub fn write(&self) -> Result<Vec<u8>, OoxmlError> {
        let failed = |error: &dyn std::fmt::Display| OoxmlError::Write(error.to_string());
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.parts {
            zip.start_file(name.as_str(), options)
                .map_err(|error| failed(&error))?;
            zip.write_all(bytes).map_err(|error| failed(&error))?;
        }
        let out = zip.finish().map_err(|error| failed(&error))?;
        Ok(out.into_inner())
    }
}

/// One entry's name and bytes; none for a folder.
fn read_part(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    left: u64,
) -> Result<Option<(String, Vec<u8>)>, OoxmlError> {
    let entry = zip.by_index_raw(index).map_err(|_| broken("目录"))?;
    let encrypted = entry.encrypted();
    let name = entry.name().map_err(|_| broken("目录"))?.into_owned();
    let folder = entry.is_dir();
    drop(entry);
    check_name(&name)?;
    if encrypted {
        return Err(OoxmlError::Encrypted);
    }
    if folder {
        return Ok(None);
    }
    let entry = zip.by_index(index).map_err(|_| broken(&name))?;
    let packed = entry.compressed_size().max(1);
    let fair = RATIO_FROM.max(packed.saturating_mul(MAX_RATIO));
    let most = left.min(fair);
    let mut bytes = Vec::new();
    entry
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|_| broken(&name))?;
    if bytes.len() as u64 > most {
        return Err(if fair < left {
            OoxmlError::Bomb(name)
        } else {
            OoxmlError::TooBig
        });
    }
    Ok(Some((name, bytes)))
}

fn broken(what: &str) -> OoxmlError {
    OoxmlError::Broken(what.to_owned())
}

/// Part names are relative, with `/`, without `..` and without control characters.
fn check_name(name: &str) -> Result<(), OoxmlError> {
    let bad = name.is_empty()
        || name.starts_with('/')
        || name.contains(['\\', ':'])
        || name.chars().any(char::is_control)
        || name.split('/').any(|step| step == ".." || step == ".");
    if bad {
        let shown = name.chars().filter(|c| !c.is_control()).take(80).collect();
        return Err(OoxmlError::BadName(shown));
    }
    Ok(())
}

/// Whether an address names a file on a disk: no server, whether written as an address or as a path of a network.
fn is_on_a_disk(target: &str) -> bool {
    let path = target
        .replace("%5C", "\\")
        .replace("%5c", "\\")
        .replace('\\', "/");
    let path = path.strip_prefix("file:///").unwrap_or(&path);
    !path.contains("://") && !path.starts_with("//") && !path.starts_with("file:")
}
