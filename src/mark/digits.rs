//! A mark as decimal digits: the densest text of a QR code, and the only one that survives CapsLock, keyboard layouts and
//! Chinese input methods on a scanner that types.

use super::payload::{BODY, MarkFault, SIGNATURE};

/// Digits of a printed mark: the prefix and 232 digits.
pub const DIGITS: usize = 235;

/// What every mark begins with.
const PREFIX: &str = "871";

/// Bytes of body and signature.
const BYTES: usize = BODY + SIGNATURE;

/// Words of 32 bits in them.
const WORDS: usize = BYTES / 4;

/// The numbers are taken nine digits at a time.
const BILLION: u64 = 1_000_000_000;
const GROUP: usize = 9;

/// Body and signature as `871` and a decimal number of 232 digits with leading zeros.
pub fn to_digits(bytes: &[u8; BYTES]) -> String {
    let mut words = [0_u64; WORDS];
    for (word, chunk) in words.iter_mut().zip(bytes.chunks_exact(4)) {
        *word = chunk.iter().fold(0, |n, byte| n << 8 | u64::from(*byte));
    }
    let mut text = [b'0'; DIGITS];
    let mut end = DIGITS;
    while end > PREFIX.len() {
        let mut rest = 0;
        for word in &mut words {
            let n = rest << 32 | *word;
            *word = n / BILLION;
            rest = n % BILLION;
        }
        let start = end.saturating_sub(GROUP).max(PREFIX.len());
        for slot in text.iter_mut().take(end).skip(start).rev() {
            *slot = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
        }
        end = start;
    }
    for (slot, digit) in text.iter_mut().zip(PREFIX.bytes()) {
        *slot = digit;
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Body and signature out of a text that was scanned or typed. Full-width digits count as digits, white space of any kind is
/// passed over, and what stands before or behind the last run of at least 235 digits is ignored; of that run the last
/// 235 digits are read, since an address may end with a digit of its own.
pub fn from_digits(text: &str) -> Result<[u8; BYTES], MarkFault> {
    let digits = last_run(text).ok_or(MarkFault::NoDigits)?;
    let number = digits
        .strip_prefix(PREFIX.as_bytes())
        .ok_or(MarkFault::Prefix)?;
    let mut words = [0_u64; WORDS];
    // The first group is short, so that all others have nine digits.
    let (head, tail) = number.split_at(number.len() % GROUP);
    for group in std::iter::once(head).chain(tail.chunks(GROUP)) {
        let (mut carry, scale) = group.iter().fold((0, 1), |(n, scale), digit| {
            (n * 10 + u64::from(digit - b'0'), scale * 10)
        });
        for word in words.iter_mut().rev() {
            let n = *word * scale + carry;
            *word = n & 0xffff_ffff;
            carry = n >> 32;
        }
        if carry != 0 {
            return Err(MarkFault::TooLarge);
        }
    }
    let mut bytes = [0; BYTES];
    for (chunk, word) in bytes.chunks_exact_mut(4).zip(words) {
        let word = u32::try_from(word).map_err(|_| MarkFault::TooLarge)?;
        chunk.copy_from_slice(&word.to_be_bytes());
    }
    Ok(bytes)
}

/// The last 235 digits of the last run that has so many, as ASCII.
fn last_run(text: &str) -> Option<Vec<u8>> {
    let mut run = Vec::new();
    for c in text.chars().rev().filter(|c| !c.is_whitespace()) {
        match digit(c) {
            Some(digit) => run.push(digit),
            None => run.clear(),
        }
        if run.len() == DIGITS {
            run.reverse();
            return Some(run);
        }
    }
    None
}

/// An ASCII digit out of an ASCII or full-width one.
fn digit(c: char) -> Option<u8> {
    let value = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        '０'..='９' => u32::from(c) - u32::from('０'),
        _ => return None,
    };
    u8::try_from(value).ok().map(|v| b'0' + v)
}

/// The text of the QR code: the digits, behind the campaign's address where it has one.
pub fn print_text(digits: &str, verify_url: Option<&str>) -> String {
    format!("{}{digits}", verify_url.unwrap_or_default())
}
