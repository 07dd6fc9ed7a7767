//! Reed–Solomon codes over the field of 256 elements, modulo x^8 + x^4 + x^3 + x^2 + 1 (ISO/IEC 18004:2015, 7.5.2), with errors at
//! unknown and erasures at known places.

/// Powers of 2, twice round so that a sum of two logarithms needs no reduction.
static POWERS: [u8; 512] = powers();
/// Logarithms to the base 2; of 0 there is none.
static LOGS: [u8; 256] = logs();

const fn powers() -> [u8; 512] {
    let mut table = [0; 512];
    let mut value = 1_u16;
    let mut i = 0;
    while i < 512 {
        table[i] = value as u8;
        value <<= 1;
        if value & 0x100 != 0 {
            value ^= 0x11d;
        }
        i += 1;
    }
    table
}

const fn logs() -> [u8; 256] {
    let table = powers();
    let mut logs = [0; 256];
    let mut i = 0;
    while i < 255 {
        logs[table[i] as usize] = i as u8;
        i += 1;
    }
    logs
}

/// A power of 2 with an exponent below 510.
fn power(exponent: usize) -> u8 {
    POWERS.get(exponent).copied().unwrap_or(0)
}

fn log(value: u8) -> usize {
    usize::from(LOGS.get(usize::from(value)).copied().unwrap_or(0))
}

fn times(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        0
    } else {
        power(log(a) + log(b))
    }
}

fn over(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        0
    } else {
        power(log(a) + 255 - log(b))
    }
}

/// The value of a polynomial, its constant first, at a power of 2.
fn value(polynomial: &[u8], exponent: usize) -> u8 {
    polynomial
        .iter()
        .rev()
        .fold(0, |sum, c| times(sum, power(exponent)) ^ c)
}

/// Most correction codewords of a block.
const CHECKS_MAX: usize = 30;
/// A polynomial of the decoder.
type Polynomial = [u8; CHECKS_MAX + 2];

/// Corrects a block of at most 255 codewords of which the last `checks` (at most 30) are correction codewords. `erased` are places
/// whose codewords are not to be believed. Returns how many codewords were changed; none where it is beyond correction.
pub(super) fn correct(block: &mut [u8], checks: usize, erased: &[usize]) -> Option<usize> {
    let length = block.len();
    if length > 255 || checks > CHECKS_MAX || checks >= length || erased.len() > checks {
        return None;
    }
    let mut syndromes = [0; CHECKS_MAX];
    for (i, syndrome) in syndromes.iter_mut().take(checks).enumerate() {
        *syndrome = block.iter().fold(0, |sum, c| times(sum, power(i)) ^ c);
    }
    if syndromes.iter().all(|s| *s == 0) {
        return Some(0);
    }
    let locator = locate(&syndromes, checks, length, erased)?;
    let degree = locator.iter().rposition(|c| *c != 0)?;
    if degree > checks
        || 2 * degree.saturating_sub(erased.len()) > checks.saturating_sub(erased.len())
    {
        return None;
    }
    let mut evaluator = Polynomial::default();
    for (i, slot) in evaluator.iter_mut().take(checks).enumerate() {
        for (j, c) in locator.iter().take(i + 1).enumerate() {
            *slot ^= times(*c, syndromes.get(i - j).copied().unwrap_or(0));
        }
    }
    let mut derived = Polynomial::default();
    for (i, slot) in derived.iter_mut().enumerate().step_by(2) {
        *slot = locator.get(i + 1).copied().unwrap_or(0);
    }
    let mut found = 0;
    let mut changed = 0;
    for place in 0..length {
        let exponent = length - 1 - place;
        let inverse = (255 - exponent) % 255;
        if value(&locator, inverse) != 0 {
            continue;
        }
        found += 1;
        let slope = value(&derived, inverse);
        if slope == 0 {
            return None;
        }
        let error = times(power(exponent), over(value(&evaluator, inverse), slope));
        if error != 0 {
            changed += 1;
            *block.get_mut(place)? ^= error;
        }
    }
    (found == degree).then_some(changed)
}

/// The error locator by Berlekamp and Massey, begun with the locator of the erasures.
fn locate(
    syndromes: &[u8; CHECKS_MAX],
    checks: usize,
    length: usize,
    erased: &[usize],
) -> Option<Polynomial> {
    let mut locator = Polynomial::default();
    locator[0] = 1;
    for place in erased {
        let root = power(length.checked_sub(1 + place)?);
        for i in (1..locator.len()).rev() {
            locator[i] ^= times(locator[i - 1], root);
        }
    }
    let mut other = locator;
    let mut errors = erased.len();
    for step in erased.len() + 1..=checks {
        let discrepancy = locator
            .iter()
            .take(step)
            .enumerate()
            .fold(0, |sum, (i, c)| sum ^ times(*c, syndromes[step - 1 - i]));
        let mut shifted = Polynomial::default();
        for (slot, c) in shifted.iter_mut().skip(1).zip(other) {
            *slot = c;
        }
        if discrepancy == 0 {
            other = shifted;
            continue;
        }
        let before = locator;
        for (slot, c) in locator.iter_mut().zip(shifted) {
            *slot ^= times(discrepancy, c);
        }
        if 2 * errors < step + erased.len() {
            errors = step + erased.len() - errors;
            other = before.map(|c| over(c, discrepancy));
        } else {
            other = shifted;
        }
    }
    Some(locator)
}
