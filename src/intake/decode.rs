//! Bytes of a text file to text: UTF-8, UTF-16 with its mark, GB18030. Never a guess that loses characters.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_16BE, UTF_16LE};

use crate::finding::{Finding, Place};

use super::grid::MOST_BYTES;

/// The text of a file; none, with a finding, where no encoding fits.
pub(super) fn decode(path: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<String> {
    if bytes.len() > MOST_BYTES {
        findings.push(too_large(path));
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
                    &format!("开头标明是{}，但内容不符", encoding.name()),
                ));
                None
            }
        };
    }
    // Text in UTF-16 without its mark is half zero bytes.
    if bytes.contains(&0) {
        findings.push(unreadable(path, "含有空字节，可能是没有标记的UTF-16"));
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
        Some(text) if is_big5(bytes, &text) => {
            findings.push(Finding::error(
                "I9",
                Place::file(path),
                format!("文件“{path}”是繁体中文的编码（Big5），没有读取。"),
                "请用WPS或Excel打开，另存为“Excel工作簿（.xlsx）”或“CSV UTF-8”，并改成简体的标题。",
            ));
            None
        }
        Some(text) => Some(text.into_owned()),
        None => {
            findings.push(unreadable(path, "既不是UTF-8，也不是GB18030"));
            None
        }
    }
}

/// Whether bytes that GB18030 takes for text are text of Big5: read so, they hold words that lists and reports begin with, and read the other
/// way none.
fn is_big5(bytes: &[u8], as_gb: &str) -> bool {
    const WORDS: [&str; 12] = [
        "姓名", "單位", "推薦", "性別", "聯繫", "聯絡", "電話", "工作", "項目", "候選", "公示",
        "報告",
    ];
    const SIMPLE: [&str; 10] = [
        "姓名", "单位", "推荐", "性别", "联系", "电话", "工作", "项目", "公示", "报告",
    ];
    let read = BIG5.decode_without_bom_handling_and_without_replacement(bytes);
    let holds = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    read.is_some_and(|text| holds(&text, &WORDS) && !holds(as_gb, &SIMPLE))
}

/// No encoding fits.
fn unreadable(path: &str, why: &str) -> Finding {
    Finding::error(
        "I9",
        Place::file(path),
        format!("文件“{path}”的字符编码无法识别：{why}。"),
        "请用WPS或Excel打开后另存为“CSV UTF-8”，文本文件请另存为UTF-8编码。",
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
