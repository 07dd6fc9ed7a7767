//! Citizen identity numbers (公民身份号码), GB 11643-1999.

use jiff::civil::Date;

use super::date::date_of;

/// What a sound number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdFacts {
    /// The six digits of the place of first registration; abolished places are legal.
    pub area: String,
    /// Day of birth.
    pub birth: Date,
    /// Whether the person is male (the 17th digit is odd).
    pub male: bool,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdFault {
    /// It has another number of characters than 18.
    #[error("应为18位，现为{0}位")]
    Length(usize),
    /// A character that may not stand there.
    #[error("第 {at} 位应为数字，现为“{ch}”")]
    NotDigit {
        /// Place from 1.
        at: usize,
        /// What stands there.
        ch: char,
    },
    /// Digits 7 to 14 are no day.
    #[error("第 7 至 14 位不是有效的出生日期")]
    Birth,
    /// The last character is not what the others ask for.
    #[error("第 18 位应为 {expected}，现为 {found}")]
    CheckDigit {
        /// What ISO 7064 MOD 11-2 asks for.
        expected: char,
        /// What stands there.
        found: char,
    },
}

impl IdFault {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Length(15) => "15位旧号已停用，请填写18位公民身份号码。",
            _ => "请核对原件。",
        }
    }
}

/// Weights of the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by remainder.
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Checks a number of 18 characters, half-width and without blanks; a small x counts as X.
pub fn check_id(number: &str) -> Result<IdFacts, IdFault> {
    let chars: Vec<char> = number.chars().map(|c| c.to_ascii_uppercase()).collect();
    if chars.len() != 18 {
        return Err(IdFault::Length(chars.len()));
    }
    let wrong = |(at, c): (usize, &char)| !(c.is_ascii_digit() || at == 17 && *c == 'X');
    if let Some((at, ch)) = chars.iter().enumerate().find(|pair| wrong(*pair)) {
        return Err(IdFault::NotDigit {
            at: at + 1,
            ch: *ch,
        });
    }
    // From here on every character is ASCII, so that byte ranges are character ranges.
    let part = |from: usize, to: usize| number.get(from..to).unwrap_or_default();
    let birth = date_of(part(6, 10), part(10, 12), part(12, 14)).ok_or(IdFault::Birth)?;
    let sum: u32 = chars
        .iter()
        .zip(WEIGHTS)
        .map(|(c, weight)| c.to_digit(10).unwrap_or(0) * weight)
        .sum();
    let expected = CHECKS.into_iter().nth(sum as usize % 11).unwrap_or('0');
    let found = chars.last().copied().unwrap_or('0');
    if expected != found {
        return Err(IdFault::CheckDigit { expected, found });
    }
    let sex = part(16, 17).parse::<u8>().unwrap_or(0);
    Ok(IdFacts {
        area: part(0, 6).to_owned(),
        birth,
        male: sex % 2 == 1,
    })
}
