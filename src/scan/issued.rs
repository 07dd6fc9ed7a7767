//! The marks that were issued, as matrices, for the last resort: a symbol too damaged to be read is held against all of them.

use crate::mark::{BODY, DIGITS, Matrix, SIGNATURE, from_digits};

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

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sizes.iter().map(|s| s.marks.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
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
