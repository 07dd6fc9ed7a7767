//! Reed–Solomon codes over the field of 256 elements, modulo x^8 + x^4 + x^3 + x^2 + 1 (ISO/IEC 18004:2015, 7.5.2), with errors at
//! unknown and erasures at known places.

/// Powers of 2, twice round so that a sum of two logarithms needs no reduction.
static POWERS: [u8; 512] = powers();
/// Products: a row for each factor. Correction asks for millions of them.
static PRODUCTS: [[u8; 256]; 256] = products();
/// Inverses; of 0 there is none.
static INVERSES: [u8; 256] = inverses();

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

const fn products() -> [[u8; 256]; 256] {
    let powers = powers();
    let mut table = [[0; 256]; 256];
    let mut a = 0;
    while a < 255 {
        let mut b = 0;
        while b < 255 {
            table[powers[a] as usize][powers[b] as usize] = powers[a + b];
            b += 1;
        }
        a += 1;
    }
    table
}

const fn inverses() -> [u8; 256] {
    let powers = powers();
    let mut table = [0; 256];
    let mut a = 0;
    while a < 255 {
        table[powers[a] as usize] = powers[255 - a];
        a += 1;
    }
    table
}

/// A power of 2 with an exponent below 510.
fn power(exponent: usize) -> u8 {
    POWERS.get(exponent).copied().unwrap_or(0)
}

/// The products of a factor.
fn products_of(factor: u8) -> &'static [u8; 256] {
    &PRODUCTS[usize::from(factor)]
}

fn times(a: u8, b: u8) -> u8 {
    products_of(a)[usize::from(b)]
}

fn over(a: u8, b: u8) -> u8 {
    times(a, INVERSES[usize::from(b)])
}

/// The value of a polynomial, its constant first, at a power of 2.
fn value(polynomial: &[u8], exponent: usize) -> u8 {
    let row = products_of(power(exponent));
    let terms = polynomial.iter().rev();
    terms.fold(0_u8, |sum, c| row[usize::from(sum)] ^ c)
}

/// Most correction codewords of a block.
const CHECKS_MAX: usize = 30;
/// A polynomial of the decoder.
type Polynomial = [u8; CHECKS_MAX + 2];

/// What a block shows of its errors.
#[derive(Clone, Debug)]
pub(super) struct Syndromes {
    values: [u8; CHECKS_MAX],
    checks: usize,
    length: usize,
}

impl Syndromes {
    /// Of a block of at most 255 codewords of which the last `checks`, at most 30, are correction codewords; none where it is no such.
    pub(super) fn of(block: &[u8], checks: usize) -> Option<Self> {
        let length = block.len();
        if length > 255 || checks > CHECKS_MAX || checks >= length {
            return None;
        }
        let mut values = [0_u8; CHECKS_MAX];
        for word in block {
            for (i, value) in values.iter_mut().take(checks).enumerate() {
                *value = times(power(i), *value) ^ word;
            }
        }
        Some(Self {
            values,
            checks,
            length,
        })
    }

    /// Corrects the block. `erased` are places whose codewords are not to be believed. Returns how many codewords were changed; none,
    /// and the block as it was, where it is beyond correction.
    pub(super) fn correct(&self, block: &mut [u8], erased: &[usize]) -> Option<usize> {
        let (checks, length) = (self.checks, self.length);
        if block.len() != length || erased.len() > checks {
            return None;
        }
        if self.values.iter().all(|s| *s == 0) {
            return Some(0);
        }
        let locator = self.locate(erased)?;
        let degree = locator.iter().rposition(|c| *c != 0)?;
        if degree > checks || 2 * degree.saturating_sub(erased.len()) > checks - erased.len() {
            return None;
        }
        let places = roots(locator.get(..=degree)?, length)?;
        let mut evaluator = Polynomial::default();
        for (i, slot) in evaluator.iter_mut().take(checks).enumerate() {
            for (c, s) in locator.iter().zip(self.values[..=i].iter().rev()) {
                *slot ^= times(*c, *s);
            }
        }
        let mut derived = Polynomial::default();
        for (i, slot) in derived.iter_mut().enumerate().step_by(2) {
            *slot = locator.get(i + 1).copied().unwrap_or(0);
        }
        let mut errors = [(0, 0); CHECKS_MAX];
        for (slot, place) in errors.iter_mut().zip(&places[..degree]) {
            let exponent = length - 1 - place;
            let inverse = (255 - exponent) % 255;
            let slope = value(&derived, inverse);
            if slope == 0 {
                return None;
            }
            let error = over(value(&evaluator, inverse), slope);
            *slot = (*place, times(power(exponent), error));
        }
        let errors = errors.get(..degree)?;
        for (place, error) in errors {
            *block.get_mut(*place)? ^= error;
        }
        Some(errors.iter().filter(|(_, error)| *error != 0).count())
    }

    /// The error locator by Berlekamp and Massey, begun with the locator of the erasures.
    fn locate(&self, erased: &[usize]) -> Option<Polynomial> {
        let mut locator = Polynomial::default();
        locator[0] = 1;
        for place in erased {
            let root = power(self.length.checked_sub(1 + place)?);
            for i in (1..locator.len()).rev() {
                locator[i] ^= times(root, locator[i - 1]);
            }
        }
        let mut other = locator;
        let mut errors = erased.len();
        for step in erased.len() + 1..=self.checks {
            let known = self.values[..step].iter().rev();
            let discrepancy = locator
                .iter()
                .zip(known)
                .fold(0, |sum, (c, s)| sum ^ times(*c, *s));
            other.copy_within(..CHECKS_MAX + 1, 1);
            other[0] = 0;
            if discrepancy == 0 {
                continue;
            }
            let before = locator;
            let row = products_of(discrepancy);
            for (slot, c) in locator.iter_mut().zip(other) {
                *slot ^= row[usize::from(c)];
            }
            if 2 * errors < step + erased.len() {
                errors = step + erased.len() - errors;
                let row = products_of(INVERSES[usize::from(discrepancy)]);
                other = before.map(|c| row[usize::from(c)]);
            }
        }
        Some(locator)
    }
}

/// The places in a block of the roots of a locator; none where they are not as many as its degree.
fn roots(locator: &[u8], length: usize) -> Option<[usize; CHECKS_MAX]> {
    let mut places = [0; CHECKS_MAX];
    let mut found = 0;
    // each term at the first place; from place to place it is multiplied by 2 to its power
    let mut terms = Polynomial::default();
    let first = (255 - (length - 1)) % 255;
    for (k, (slot, c)) in terms.iter_mut().zip(locator).enumerate() {
        *slot = times(power(k * first % 255), *c);
    }
    for place in 0..length {
        let terms = terms.get_mut(..locator.len())?;
        if terms.iter().fold(0, |sum, t| sum ^ t) == 0 {
            *places.get_mut(found)? = place;
            found += 1;
        }
        for (k, term) in terms.iter_mut().enumerate() {
            *term = times(power(k), *term);
        }
    }
    (found + 1 == locator.len()).then_some(places)
}
