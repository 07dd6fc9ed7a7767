//! Unified social credit codes (统一社会信用代码), GB 32100-2015.

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsccFault {
    /// It has another number of characters than 18.
    #[error("应为18位，现为{0}位")]
    Length(usize),
    /// A character that codes do not use: small letters, I, O, S, V, Z and signs.
    #[error("第 {at} 位不能是“{ch}”")]
    Character {
        /// Place from 1.
        at: usize,
        /// What stands there.
        ch: char,
    },
    /// The last character is not what the others ask for.
    #[error("第 18 位应为 {expected}，现为 {found}")]
    CheckDigit {
        /// What the standard asks for.
        expected: char,
        /// What stands there.
        found: char,
    },
}

/// The 31 characters in order of their values.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first 17 characters: powers of 3 modulo 31.
const WEIGHTS: [usize; 17] = [
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
];

/// Checks a code of 18 characters, half-width, in capitals and without blanks.
pub fn check_uscc(code: &str) -> Result<(), UsccFault> {
    let length = code.chars().count();
    if length != 18 {
        return Err(UsccFault::Length(length));
    }
    let mut sum = 0;
    let mut found = '0';
    for (at, ch) in code.chars().enumerate() {
        let value = ALPHABET
            .find(ch)
            .ok_or(UsccFault::Character { at: at + 1, ch })?;
        sum += value * WEIGHTS.get(at).copied().unwrap_or(0);
        found = ch;
    }
    let check = (31 - sum % 31) % 31;
    let expected = ALPHABET.chars().nth(check).unwrap_or('0');
    if expected == found {
        Ok(())
    } else {
        Err(UsccFault::CheckDigit { expected, found })
    }
}
