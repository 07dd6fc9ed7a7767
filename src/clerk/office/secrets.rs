//! Secrets that the office gives out, made by chance; the ledger keeps only their digests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::clerk::error::ClerkError;

/// 256 bits of chance in letters that stand in a cookie, a header and an address.
pub(super) fn secret() -> Result<String, ClerkError> {
    let mut bytes = [0; 32];
    random(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// 60 bits of chance in letters that are told apart on paper, in three groups: what a person keeps on paper and types once.
pub(super) fn printed_secret() -> Result<String, ClerkError> {
    const LETTERS: &[u8; 32] = b"23456789abcdefghijkmnpqrstuvwxyz";
    let mut bytes = [0; 12];
    random(&mut bytes)?;
    let letters = bytes.iter().map(|b| {
        let letter = LETTERS.get(usize::from(b & 31)).copied();
        char::from(letter.unwrap_or(b'2'))
    });
    let letters: Vec<char> = letters.collect();
    let groups: Vec<String> = letters.chunks(4).map(|g| g.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// Fills bytes with chance.
pub(super) fn random(bytes: &mut [u8]) -> Result<(), ClerkError> {
    getrandom::fill(bytes).map_err(|e| ClerkError::Bug(format!("没有随机数：{e}")))
}

/// What is kept of a secret: its SHA-256.
pub(super) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The first sixteen bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|b| format!("{b:02x}")).collect()
}
