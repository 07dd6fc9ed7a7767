//! Copying a file down to the disk, with the sum of what was copied.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::record::Digest;

use super::error::StoreError;
use super::failpoint;

/// Copies a file down to the disk; what was copied is held against size and sum.
pub(super) fn copy_checked(
    from: &Path,
    to: &Path,
    size: u64,
    sum: &Digest,
) -> Result<(), StoreError> {
    let source = File::open(from).map_err(StoreError::world("打开", from))?;
    if copy_summed(source, to)? == (size, *sum) {
        Ok(())
    } else {
        Err(StoreError::Altered(from.to_owned()))
    }
}

/// Copies what can be read into a file that is not there yet, down to the disk; gives size and sum of what was copied.
pub(super) fn copy_summed(source: impl io::Read, to: &Path) -> Result<(u64, Digest), StoreError> {
    let target = fs::OpenOptions::new().write(true).create_new(true).open(to);
    let mut target = target.map_err(StoreError::world("写入", to))?;
    // a fault of either side names the file that is written: its disk is the one that fills up
    let copied = sum_of(Tee(source, &mut target)).map_err(StoreError::world("写入", to))?;
    failpoint::pass("a file is copied, not yet on the disk");
    target.sync_all().map_err(StoreError::world("写入", to))?;
    Ok(copied)
}

/// Reads, and writes what was read.
struct Tee<'a, R>(R, &'a mut File);

impl<R: io::Read> io::Read for Tee<'_, R> {
    fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(block)?;
        self.1.write_all(block.get(..n).unwrap_or_default())?;
        Ok(n)
    }
}

/// Size and sum of what can be read.
pub(super) fn sum_of(mut from: impl io::Read) -> io::Result<(u64, Digest)> {
    let mut sum = Sha256::new();
    let mut size = 0_u64;
    let mut block = vec![0; 256 << 10];
    loop {
        let n = match from.read(&mut block) {
            Ok(0) => return Ok((size, Digest(sum.finalize().into()))),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        sum.update(block.get(..n).unwrap_or_default());
        size = size.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
    }
}
