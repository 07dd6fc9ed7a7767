//! A file read at positions, so that headers are found wherever they stand and the rest is never read.

use std::io::{self, Read, Seek, SeekFrom};

/// A file read at positions.
pub(super) struct RandomAccess<'a, R> {
    reader: &'a mut R,
}

impl<'a, R: Read + Seek> RandomAccess<'a, R> {
    pub(super) fn new(reader: &'a mut R) -> Self {
        Self { reader }
    }

    /// Number of bytes.
    pub(super) fn len(&mut self) -> io::Result<u64> {
        self.reader.seek(SeekFrom::End(0))
    }

    /// Up to `most` bytes from a position; fewer where the file ends.
    pub(super) fn at(&mut self, from: u64, most: u64) -> io::Result<Vec<u8>> {
        self.reader.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::new();
        self.reader.by_ref().take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
