//! The marks that were issued, as matrices, for the last resort: a symbol too damaged to be read is held against all of them.

use crate::mark::{BODY, DIGITS, Matrix, SIGNATURE, from_digits, to_digits};

use super::code::{Graded, form};

/// Largest share of data modules in which a symbol may differ from the issued matrix that it is taken for. Chance gives 0.5, and
/// 0.45 for the nearest of a million.
const FAR: f32 = 0.25;
/// How much farther every other must be.
const CLEAR: f32 = 0.1;

/// Matrices of issued marks of one size.
#[derive(Clone, Debug)]
pub(super) struct Size {
    /// Modules a side.
    pub(super) side: usize,
    /// Modules of all matrices, row by row, 64 to a word from the lowest bit; the same number of words a matrix.
    pub(super) modules: Vec<u64>,
    /// What each matrix says.
    pub(super) marks: Vec<[u8; BODY + SIGNATURE]>,
}

/// The issued matrices. 150,000 of them take 60 MB, and are searched in some milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Issued {
    pub(super) sizes: Vec<Size>,
}

impl Issued {
    /// The matrices of issued marks: the 235 digits and the modules as printed. What is not a mark is passed over.
    pub fn new<D: AsRef<str>>(marks: impl IntoIterator<Item = (D, Matrix)>) -> Self {
        let mut issued = Self::default();
        for (digits, matrix) in marks {
            issued.insert(digits.as_ref(), &matrix);
        }
        issued
    }

    /// Adds one; passed over where the digits are not a mark or the modules not a square.
    pub fn insert(&mut self, digits: &str, matrix: &Matrix) {
        let Ok(bytes) = from_digits(digits) else {
            return;
        };
        if digits.len() != DIGITS || matrix.dark.len() != matrix.side * matrix.side {
            return;
        }
        let words = pack(&matrix.dark);
        let at = self.sizes.iter().position(|s| s.side == matrix.side);
        let at = at.unwrap_or_else(|| {
            self.sizes.push(Size {
                side: matrix.side,
                modules: Vec::new(),
                marks: Vec::new(),
            });
            self.sizes.len() - 1
        });
        if let Some(size) = self.sizes.get_mut(at) {
            size.modules.extend(words);
            size.marks.push(bytes);
        }
    }

    /// The digits of the issued mark that a square of modules is nearest to, where it is near enough and clearly nearer than to any other
    /// mark of another record or page.
    pub(super) fn nearest(&self, side: usize, modules: &Graded) -> Option<String> {
        let size = self.sizes.iter().find(|s| s.side == side)?;
        let form = form(side)?;
        let mut data = vec![false; side * side];
        for at in &form.order {
            if let Some(slot) = data.get_mut(*at) {
                *slot = true;
            }
        }
        let mask = pack(&data);
        let dark: Vec<bool> = modules.iter().map(|m| *m > 0.0).collect();
        let wanted = pack(&dark);
        let mut best: Option<(u32, usize)> = None;
        let mut second = u32::MAX;
        for (i, words) in size.modules.chunks_exact(wanted.len().max(1)).enumerate() {
            let off: u32 = words
                .iter()
                .zip(&wanted)
                .zip(&mask)
                .map(|((a, b), m)| ((a ^ b) & m).count_ones())
                .sum();
            match best {
                Some((least, at)) if off >= least => {
                    if off < second && !size.is_same_sheet(i, at) {
                        second = off;
                    }
                }
                Some((least, at)) => {
                    if !size.is_same_sheet(i, at) {
                        second = least;
                    }
                    best = Some((off, i));
                }
                None => best = Some((off, i)),
            }
        }
        let (off, at) = best?;
        let count = form.order.len() as f32;
        let (off, second) = (off as f32 / count, second as f32 / count);
        (off <= FAR && second - off >= CLEAR).then(|| size.digits(at))?
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sizes.iter().map(|s| s.marks.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }
}

impl Size {
    /// The digits of a matrix.
    fn digits(&self, index: usize) -> Option<String> {
        self.marks.get(index).map(to_digits)
    }

    /// Whether two matrices say the same.
    fn is_same_sheet(&self, one: usize, other: usize) -> bool {
        self.marks.get(one) == self.marks.get(other)
    }
}

/// Modules as words, 64 each from the lowest bit.
pub(super) fn pack(dark: &[bool]) -> Vec<u64> {
    dark.chunks(64)
        .map(|bits| {
            bits.iter()
                .rev()
                .fold(0, |word, bit| word << 1 | u64::from(*bit))
        })
        .collect()
}
