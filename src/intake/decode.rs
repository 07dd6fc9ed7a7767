//! Bytes of a text file to text: UTF-8, UTF-16 with its mark, GB18030. Never a guess that loses characters.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_16BE, UTF_16LE};

use crate::finding::{Finding, Place};

use super::grid::MOST_BYTES;

/// What a text file is to be, which decides how it can be saved otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A table.
    Table,
    /// Paragraphs.
    Words,
    /// JSON.
    Data,
}

impl Wanted {
    /// What to do where no encoding fits.
    fn remedy(self) -> &'static str {
        match self {
            Self::Table => "请用WPS或Excel打开，另存为“Excel工作簿（.xlsx）”或“CSV UTF-8”。",
            Self::Data => "请由导出它的程序重新导出，编码选“UTF-8”。",
            Self::Words => {
                "请用WPS或Word打开，另存为“Word文档（.docx）”；或用记事本打开，另存为时编码选“UTF-8”。"
            }
        }
    }
}

/// The text of a file; none, with a finding, where no encoding fits.
pub(super) fn decode(
    path: &str,
    bytes: &[u8],
    wanted: Wanted,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    if bytes.len() > MOST_BYTES {
        findings.push(too_large(path));
        return None;
    }
    if let Some(what) = foreign_encoding(bytes) {
        findings.push(unreadable(path, wanted, what));
        return None;
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let body = bytes.get(mark..).unwrap_or_default();
        let even = body.len().is_multiple_of(2) || ![UTF_16LE, UTF_16BE].contains(&encoding);
        return match encoding.decode_without_bom_handling_and_without_replacement(body) {
            Some(text) if even => Some(text.into_owned()),
            _ => {
                findings.push(unreadable(
                    path,
                    wanted,
                    &format!("开头标明是{}，但内容不符", encoding.name()),
                ));
                None
            }
        };
    }
    // Text in UTF-16 without its mark is half zero bytes.
    if bytes.contains(&0) {
        findings.push(unreadable(
            path,
            wanted,
            "含有空字节，可能是没有标记的UTF-16",
        ));
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => return Some(text.to_owned()),
        // Cut in the middle of the last character, and UTF-8 up to there.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            let sound = bytes.get(..error.valid_up_to()).unwrap_or_default();
            if !sound.is_ascii() {
                findings.push(Finding::error(
                    "I9",
                    Place::file(path),
                    format!("文件“{path}”的最后一个字不完整，文件可能被截断。"),
                    "请重新导出或重新复制该文件。",
                ));
                return std::str::from_utf8(sound).ok().map(str::to_owned);
            }
        }
        Err(_) => {}
    }
    match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(_) if is_big5(bytes) => {
            findings.push(Finding::error(
                "I9",
                Place::file(path),
                format!("文件“{path}”是繁体中文的编码（Big5），没有读取。"),
                match wanted {
                    Wanted::Table => format!("{}标题要改成简体。", wanted.remedy()),
                    Wanted::Words | Wanted::Data => format!("{}文字要改成简体。", wanted.remedy()),
                },
            ));
            None
        }
        Some(text) => Some(text.into_owned()),
        None => {
            findings.push(unreadable(path, wanted, "既不是UTF-8，也不是GB18030"));
            None
        }
    }
}

/// Whether bytes that GB18030 takes for text are text of Big5. Both put the characters of daily use into one range of two bytes each, where
/// nine of ten in a text lie: GB 2312's first level at B0A1 to D7FE, Big5's at A440 to C67E. A text of the one is scattered in the other.
fn is_big5(bytes: &[u8]) -> bool {
    let (mut all, mut gb, mut big5) = (0_usize, 0_usize, 0_usize);
    let mut rest = bytes.iter().copied();
    while let Some(lead) = rest.next() {
        if lead < 0x80 {
            continue;
        }
        let Some(trail) = rest.next() else { break };
        // marks and letters stand in front of the characters in both
        if (0xA1..=0xA3).contains(&lead) {
            continue;
        }
        all += 1;
        gb += usize::from((0xB0..=0xD7).contains(&lead) && trail >= 0xA1);
        big5 += usize::from(
            (0xA4..=0xC6).contains(&lead) && (trail >= 0xA1 || (0x40..0x7F).contains(&trail)),
        );
    }
    let read = BIG5.decode_without_bom_handling_and_without_replacement(bytes);
    all >= 4 && big5 * 10 >= all * 9 && gb * 10 < all * 7 && read.is_some()
}

/// What a file is in that is neither of the encodings that are read nor text of GB18030, where its bytes tell.
fn foreign_encoding(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Some("开头标明是UTF-32");
    }
    let count = |sign: &[u8]| bytes.windows(2).filter(|w| *w == sign).count();
    let hz = bytes.is_ascii() && count(b"~{") > 1 && count(b"~}") > 1;
    hz.then_some("像是HZ编码（~{……~}）")
}

/// No encoding fits.
fn unreadable(path: &str, wanted: Wanted, why: &str) -> Finding {
    Finding::error(
        "I9",
        Place::file(path),
        format!("文件“{path}”的字符编码无法识别：{why}。"),
        wanted.remedy(),
    )
}

/// The file has more bytes than are read.
pub(super) fn too_large(path: &str) -> Finding {
    Finding::error(
        "I7",
        Place::file(path),
        format!("文件“{path}”超过64 MiB，没有读取。"),
        "请删除其中的图片和多余内容后再试。",
    )
}
