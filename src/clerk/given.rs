//! A file that a person named: only an ordinary one is read. A device never ends, a pipe may wait for ever.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::clerk::error::{ClerkError, world};

/// Opens a file that a person named.
pub(in crate::clerk) fn opened(path: &Path) -> io::Result<File> {
    let kind = std::fs::metadata(path)?;
    if kind.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        let words = "不是普通文件（是设备、管道或套接字），没有读取";
        return Err(io::Error::new(ErrorKind::InvalidInput, words));
    }
    File::open(path)
}

/// The bytes of a file that a person named.
pub(in crate::clerk) fn bytes(path: &Path) -> Result<Vec<u8>, ClerkError> {
    let mut bytes = Vec::new();
    let mut file = opened(path).map_err(world(path))?;
    file.read_to_end(&mut bytes).map_err(world(path))?;
    Ok(bytes)
}

/// The text of a file that a person named.
pub(in crate::clerk) fn text(path: &Path) -> Result<String, ClerkError> {
    String::from_utf8(bytes(path)?).map_err(|_| world(path)(ErrorKind::InvalidData.into()))
}
