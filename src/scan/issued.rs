//! The marks that were issued, as matrices, for the last resort: a symbol too damaged to be read is held against all of them.

use crate::mark::{BODY, DIGITS, Matrix, SIGNATURE, from_digits, to_digits};

use crate::scan::code::{Graded, form};

/// Largest share of data modules in which a symbol may differ from the issued matrix that it is taken for. Chance gives 0.5, and
/// 0.45 for the nearest of a million.
pub(super) const FAR: f32 = 0.25;
/// How much farther every other must be.
pub(super) const CLEAR: f32 = 0.1;

/// Most near matrices that are told apart.
const KEPT: usize = 4;

/// A matrix that a symbol may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct LikelySymbol {
    /// Share of data modules in which the two differ.
    pub(super) off: f32,
    /// Its number among those of its size.
    pub(super) index: usize,
}

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

    /// The matrices that a square of modules is nearest to, the nearest first: at most [`KEPT`], each of another mark.
    pub(super) fn likely(&self, side: usize, modules: &Graded) -> Vec<LikelySymbol> {
        let Some((size, form)) = self.size(side).zip(form(side)) else {
            return Vec::new();
        };
        let mut data = vec![false; side * side];
        for at in &form.order {
            if let Some(slot) = data.get_mut(*at) {
                *slot = true;
            }
        }
        let mask = pack(&data);
        let dark: Vec<bool> = modules.iter().map(|m| *m > 0.0).collect();
        let wanted = pack(&dark);
        let mut nearest: Vec<(u32, usize)> = Vec::with_capacity(KEPT + 1);
        for (index, words) in size.modules.chunks_exact(wanted.len().max(1)).enumerate() {
            let off: u32 = words
                .iter()
                .zip(&wanted)
                .zip(&mask)
                .map(|((a, b), m)| ((a ^ b) & m).count_ones())
                .sum();
            let last = nearest.last().map_or(u32::MAX, |l| l.0);
            if nearest.len() == KEPT && off >= last {
                continue;
            }
            if let Some(known) = nearest.iter().position(|n| size.is_same_mark(n.1, index)) {
                if nearest.get(known).is_some_and(|n| n.0 <= off) {
                    continue;
                }
                nearest.remove(known);
            }
            let at = nearest.partition_point(|n| n.0 <= off);
            nearest.insert(at, (off, index));
            nearest.truncate(KEPT);
        }
        let count = form.order.len() as f32;
        let share = |(off, index): (u32, usize)| LikelySymbol {
            off: off as f32 / count,
            index,
        };
        nearest.into_iter().map(share).collect()
    }

    /// The digits of the first of the likely ones, where it is near enough and clearly nearer than the next.
    pub(super) fn clear(&self, side: usize, likely: &[LikelySymbol]) -> Option<String> {
        let first = likely.first()?;
        let clear = likely.get(1).is_none_or(|l| l.off - first.off >= CLEAR);
        (first.off <= FAR && clear).then(|| self.digits(side, first.index))?
    }

    /// The digits of a matrix.
    pub(super) fn digits(&self, side: usize, index: usize) -> Option<String> {
        self.size(side)?.marks.get(index).map(to_digits)
    }

    /// The modules of a matrix, row by row.
    pub(super) fn modules(&self, side: usize, index: usize) -> Option<Vec<bool>> {
        let words = (side * side).div_ceil(64);
        let packed = self.size(side)?.modules.chunks_exact(words).nth(index)?;
        let bits = packed
            .iter()
            .flat_map(|word| (0..64).map(move |bit| word >> bit & 1 == 1));
        Some(bits.take(side * side).collect())
    }

    fn size(&self, side: usize) -> Option<&Size> {
        self.sizes.iter().find(|s| s.side == side)
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
    /// Whether two matrices say the same.
    fn is_same_mark(&self, one: usize, other: usize) -> bool {
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
