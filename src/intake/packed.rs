//! Packages (.xlsx, .docx) opened with care, and what is said where one cannot be.

use crate::finding::{Finding, Place};
use crate::ooxml::{OoxmlError, OpcPackage};

use super::decode::too_large;
use super::grid::MOST_BYTES;

/// Opens a package; a finding where it is too large, cut short, locked or malformed.
pub(super) fn unpacked(path: &str, bytes: &[u8]) -> Result<OpcPackage, Box<Finding>> {
    if bytes.len() > MOST_BYTES {
        return Err(Box::new(too_large(path)));
    }
    let read = || {
        let package = OpcPackage::read(bytes)?;
        package.has_no_doctype()?;
        Ok(package)
    };
    read().map_err(|error: OoxmlError| {
        Box::new(match error {
            OoxmlError::TooBig
            | OoxmlError::TooMany(_)
            | OoxmlError::TooMuch(_)
            | OoxmlError::Bomb(_) => Finding::error(
                "I7",
                Place::file(path),
                format!("文件“{path}”解压后过大，可能是压缩炸弹，没有读取。"),
                "请在WPS或Excel中打开，删除空白行列和图片后另存，再试。",
            ),
            OoxmlError::Encrypted => locked(path),
            OoxmlError::Doctype(_) => Finding::error(
                "I1",
                Place::file(path),
                format!("文件“{path}”含有DTD，出于安全不读取。"),
                "请用WPS或Office打开后另存为新文件再试。",
            ),
            _ => broken(path),
        })
    })
}

/// Cut short or malformed.
fn broken(path: &str) -> Finding {
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
