//! A package that is written again with some parts changed: what is not changed is copied as it lies in the zip, packed
//! bytes, name, time and all, without being unpacked. Made once and written many times.

use std::io::{Cursor, Write};
use std::sync::Arc;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::{OoxmlError, OpcPackage};

/// A part to be written.
#[derive(Clone, Copy, Debug)]
pub struct NewPart<'a> {
    /// Name of the part, without a slash in front.
    pub name: &'a str,
    /// All bytes of it.
    pub bytes: &'a [u8],
    /// Whether deflating it gains nothing, as with pictures.
    pub packed: bool,
}

/// A package as it came, with its packed bytes.
#[derive(Clone)]
pub struct Original {
    zip: ZipArchive<Cursor<Arc<[u8]>>>,
    package: OpcPackage,
    size: usize,
}

impl std::fmt::Debug for Original {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Original")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Original {
    /// Reads a package, within the limits of [`OpcPackage::read`].
    pub fn read(bytes: &[u8]) -> Result<Self, OoxmlError> {
        let package = OpcPackage::read(bytes)?;
        let zip = ZipArchive::new(Cursor::new(Arc::from(bytes)))
            .map_err(|_| OoxmlError::Broken("目录不完整".to_owned()))?;
        Ok(Self {
            zip,
            package,
            size: bytes.len(),
        })
    }

    /// Its parts, unpacked.
    pub fn package(&self) -> &OpcPackage {
        &self.package
    }

    /// The package with these parts in the place of those of the same name, and new ones at the end. All else is copied as
    /// it lies. Deflated at the fastest level; new parts have the time 1980-01-01. Same parts, same bytes.
    pub fn with(&self, parts: &[NewPart<'_>]) -> Result<Vec<u8>, OoxmlError> {
        self.with_and_without(parts, &[])
    }

    /// The same, with some parts left out.
    pub fn with_and_without(
        &self,
        parts: &[NewPart<'_>],
        gone: &[&str],
    ) -> Result<Vec<u8>, OoxmlError> {
        let failed = |error: &dyn std::fmt::Display| OoxmlError::Write(error.to_string());
        let more: usize = parts.iter().map(|p| p.bytes.len() / 4 + 256).sum();
        let mut out = ZipWriter::new(Cursor::new(Vec::with_capacity(self.size + more)));
        let mut zip = self.zip.clone();
        let mut done = vec![false; parts.len()];
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|e| failed(&e))?;
            let name = entry.name().map_err(|e| failed(&e))?;
            if gone.iter().any(|g| g.eq_ignore_ascii_case(&name)) {
                continue;
            }
            let changed = parts
                .iter()
                .position(|p| p.name.eq_ignore_ascii_case(&name));
            let Some(at) = changed else {
                drop(name);
                out.raw_copy_file(entry).map_err(|e| failed(&e))?;
                continue;
            };
            let name = name.into_owned();
            drop(entry);
            if let (Some(part), Some(done)) = (parts.get(at), done.get_mut(at)) {
                write(&mut out, &name, part)?;
                *done = true;
            }
        }
        for (part, _) in parts.iter().zip(&done).filter(|(_, done)| !**done) {
            write(&mut out, part.name, part)?;
        }
        let out = out.finish().map_err(|e| failed(&e))?;
        Ok(out.into_inner())
    }
}

fn write(
    out: &mut ZipWriter<Cursor<Vec<u8>>>,
    name: &str,
    part: &NewPart<'_>,
) -> Result<(), OoxmlError> {
    let failed = |error: &dyn std::fmt::Display| OoxmlError::Write(error.to_string());
    let options = SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let options = if part.packed {
        options.compression_method(CompressionMethod::Stored)
    } else {
        options
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
    };
    out.start_file(name, options).map_err(|e| failed(&e))?;
    out.write_all(part.bytes).map_err(|e| failed(&e))
}
