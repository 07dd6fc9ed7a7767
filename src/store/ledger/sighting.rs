//! What is put before the desk (一次登记): a page as it was read, or what was typed.

use jiff::Timestamp;

use crate::receipt::Presented;

/// Something that was put before the desk.
#[derive(Clone, Debug)]
pub struct Sighting<'a> {
    /// Now.
    pub at: Timestamp,
    /// What makes the same scan of the same page one: file sum, page and place in it, or a session and a number.
    pub source: String,
    /// How it was read: `scan`, `digits`, `human`, `nearest`.
    pub how: &'static str,
    /// What it is; of `human` and `nearest`, the mark that was issued.
    pub shown: Presented<'a>,
    /// The mark's bytes and who signed it, where there is one.
    pub read: ReadMark<'a>,
    /// File and page, or what was typed, for people.
    pub name: &'a str,
    /// SHA-256 of the picture of a page that was not read, kept among the objects.
    pub picture: Option<[u8; 32]>,
}

/// The bytes of a mark with the key that signed it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadMark<'a> {
    /// Body and signature, where there are any.
    pub bytes: Option<&'a [u8; 96]>,
    /// Fingerprint of the trusted key that made the signature; empty where none did.
    pub signer: &'a str,
}
