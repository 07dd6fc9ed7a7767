//! How a mark names the key that signed it: by algorithm and number. The keys themselves are in `key` and `public`.

use std::fmt;

/// Signature algorithm of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032), digests by SHA-256.
    Ed25519,
    /// SM2 (GB/T 32918.2), digests by SM3 (GB/T 32905).
    Sm2,
}

impl Algorithm {
    /// Its number in the low 4 bits of the first byte.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Sm2 => 2,
        }
    }

    /// Its name in settings and lists.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::Sm2 => "sm2",
        }
    }

    /// The algorithm of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Ed25519, Self::Sm2]
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }

    /// What people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Sm2 => "SM2",
        }
    }

    /// The algorithm of such a number.
    pub(super) fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Ed25519),
            2 => Some(Self::Sm2),
            _ => None,
        }
    }
}

/// Number of a key (密钥编号): the first two bytes of its fingerprint. Two keys may share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u16);

impl KeyId {
    /// The number of four hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.len() == 4 && text.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| u16::from_str_radix(text, 16).ok())?.map(Self)
    }
}

impl fmt::Display for KeyId {
    /// Four hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}", self.0)
    }
}
