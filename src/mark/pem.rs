//! Text blocks between `-----BEGIN …-----` and `-----END …-----` (RFC 7468), and why a text is no key. What stands in them is in `key` and
//! `public`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Characters of a line.
const LINE: usize = 64;

/// Why a text is not a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// No block `-----BEGIN … KEY-----`.
    #[error("没有找到密钥：应为以 -----BEGIN 开头的 PEM 文本")]
    NoBlock,
    /// The block holds neither an Ed25519 nor an SM2 key.
    #[error("密钥内容不完整，或者不是 Ed25519、SM2 密钥")]
    Content,
    /// A sound key of the other algorithm than the file's name or the campaign says.
    #[error("是另一种算法的密钥")]
    Algorithm,
}

/// A block of bytes under a label.
pub(super) fn to_pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut lines = String::new();
    let mut rest = text.as_str();
    while let Some((line, tail)) = rest.split_at_checked(LINE) {
        lines.push_str(line);
        lines.push('\n');
        rest = tail;
    }
    if !rest.is_empty() {
        lines.push_str(rest);
        lines.push('\n');
    }
    format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
}

/// The bytes of the first block under a label that begins a line; lines around it are ignored, whatever they say.
pub(super) fn from_pem(text: &str, label: &str) -> Result<Vec<u8>, KeyFault> {
    let begin = format!("-----BEGIN {label}-----");
    let blank = [' ', '\t', '\u{feff}'];
    let begins_line = |before: &str| {
        let before = before.trim_end_matches(blank);
        before.is_empty() || before.ends_with(['\n', '\r'])
    };
    let (_, rest) = text
        .match_indices(&begin)
        .filter_map(|(at, _)| text.split_at_checked(at))
        .find(|(before, _)| begins_line(before))
        .ok_or(KeyFault::NoBlock)?;
    let (body, _) = rest
        .get(begin.len()..)
        .unwrap_or_default()
        .split_once(&format!("-----END {label}-----"))
        .ok_or(KeyFault::NoBlock)?;
    let compact: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(compact).map_err(|_| KeyFault::Content)
}

/// What follows a word at the beginning of a line around a block; none where no line begins with it.
pub(super) fn remark<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let line = text.lines().find_map(|l| l.trim().strip_prefix(word))?;
    Some(line.trim())
}
