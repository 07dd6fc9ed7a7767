//! The code under a mark that a person can type: twelve characters of Crockford base32, the last a check character.
//! It names one sheet for a look-up in a ledger; it proves nothing, since it carries no signature.

use std::fmt;

use sha2::{Digest, Sha256};

use super::payload::Mark;

/// Crockford's alphabet: no I, L, O, U.
const ALPHABET: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// Characters of a code with its check character.
const LENGTH: usize = 12;

/// What the weighted sum of a code is; not 0, so that twelve zeros are no code.
const SUM: u8 = 0b1_0101;

/// Why a text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HumanFault {
    /// Another number of characters.
    #[error("编码有 {0} 个字符，应为 12 个，如 7F3K-Q2MD-9XWA")]
    Length(usize),
    /// A character that no code has.
    #[error("编码中不应有“{0}”，只用数字和字母（不用 U）")]
    Character(char),
    /// The check character does not fit.
    #[error("编码的校验字符不符，请对照纸面重新录入")]
    Check,
}

/// A code for people (人工编码), shown as `XXXX-XXXX-XXXX`: 55 bits of the SHA-256 of a mark's body, so that every sheet of
/// every copy has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HumanCode(u64);

impl HumanCode {
    /// The code of a mark.
    pub fn of(mark: &Mark) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(Sha256::digest(mark.to_body()));
        Self(u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> 9)
    }

    /// The code of a typed text: case, spaces and hyphens do not matter, O is read as 0, I and L as 1, full-width
    /// characters as plain ones.
    pub fn parse(text: &str) -> Result<Self, HumanFault> {
        let mut values = Vec::with_capacity(LENGTH);
        for c in text.chars() {
            let plain = plain(c);
            if plain.is_whitespace() || matches!(plain, '-' | '–' | '—' | '－' | '‐' | '‑' | '−')
            {
                continue;
            }
            values.push(value(plain).ok_or(HumanFault::Character(c))?);
        }
        let Ok([front @ .., check]) = <[u8; LENGTH]>::try_from(values.as_slice()) else {
            return Err(HumanFault::Length(values.len()));
        };
        if check_value(&front) != check {
            return Err(HumanFault::Check);
        }
        Ok(Self(front.iter().fold(0, |n, v| n << 5 | u64::from(*v))))
    }

    /// The code as a number below 2^55, for a ledger's index.
    pub fn number(self) -> u64 {
        self.0
    }

    fn values(self) -> [u8; LENGTH - 1] {
        let mut values = [0; LENGTH - 1];
        let mut rest = self.0;
        for value in values.iter_mut().rev() {
            *value = u8::try_from(rest & 31).unwrap_or(0);
            rest >>= 5;
        }
        values
    }
}

impl fmt::Display for HumanCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values();
        let check = check_value(&values);
        for (i, value) in values.into_iter().chain([check]).enumerate() {
            if i == 4 || i == 8 {
                f.write_str("-")?;
            }
            let c = ALPHABET.get(usize::from(value)).copied().unwrap_or('0');
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

/// The check value that makes the sum of all values, each times its own power of 2 in the field of 32 elements, equal to
/// [`SUM`]. The powers 0 to 11 all differ, so one wrong character, and two that changed places, are always seen.
fn check_value(values: &[u8; LENGTH - 1]) -> u8 {
    // Horner from the left: the check character itself has the power 0.
    values.iter().fold(0, |sum, v| double(sum ^ v)) ^ SUM
}

/// Twice a value in the field of 32 elements, modulo x^5 + x^2 + 1 (primitive).
fn double(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

/// A full-width character as a plain one, in upper case.
fn plain(c: char) -> char {
    let folded = match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    folded.to_ascii_uppercase()
}

fn value(c: char) -> Option<u8> {
    let read = match c {
        'O' => '0',
        'I' | 'L' => '1',
        _ => c,
    };
    let at = ALPHABET.iter().position(|a| *a == read)?;
    u8::try_from(at).ok()
}
