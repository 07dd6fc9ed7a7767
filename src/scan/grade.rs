//! From the grey of modules to dark and light with a grade of belief, by several rules: where light falls unevenly, where a seal or a
//! shadow lies over a part, where the picture is blurred, another rule is right.

use super::code::Graded;

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Threshold {
    /// Against the surroundings, so many modules in each direction.
    Near(usize),
    /// The same after what the eight neighbours blurred into a module was taken back, in tenths of the difference.
    Sharp(usize, u8),
    /// Against the whole symbol.
    Whole,
}

/// Rules in the order in which they are tried.
pub(super) const THRESHOLDS: [Threshold; 7] = [
    Threshold::Near(4),
    Threshold::Sharp(4, 6),
    Threshold::Near(2),
    Threshold::Sharp(5, 12),
    Threshold::Whole,
    Threshold::Sharp(2, 8),
    Threshold::Near(1),
];

/// Least difference between dark and light, in levels of grey, that is not noise.
const CONTRAST_MIN: f32 = 6.0;

/// Grades the modules of a symbol of `side` modules.
pub(super) fn grade(values: &[f32], side: usize, rule: Threshold) -> Graded {
    match rule {
        Threshold::Near(reach) => near(values, side, reach),
        Threshold::Whole => near(values, side, side),
        Threshold::Sharp(reach, tenths) => {
            let sharp = sharpened(values, side, f32::from(tenths) / 10.0);
            near(&sharp, side, reach)
        }
    }
}

/// Sums over rectangles of a square of values, from sums over all rectangles that begin at its corner.
struct Sums {
    side: usize,
    sums: Vec<f32>,
}

impl Sums {
    fn of(values: impl Iterator<Item = f32>, side: usize) -> Self {
        let mut sums = vec![0.0; (side + 1) * (side + 1)];
        let mut row_sum = 0.0;
        for (at, value) in values.take(side * side).enumerate() {
            let (x, y) = (at % side, at / side);
            row_sum = if x == 0 { value } else { row_sum + value };
            sums[(y + 1) * (side + 1) + x + 1] = sums[y * (side + 1) + x + 1] + row_sum;
        }
        Self { side, sums }
    }

    /// The sum within `reach` of a place.
    fn about(&self, at: usize, reach: usize) -> f32 {
        let (x, y) = (at % self.side, at / self.side);
        let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(self.side));
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(self.side));
        let line = self.side + 1;
        let pick = |x: usize, y: usize| self.sums[y * line + x];
        pick(right, bottom) - pick(left, bottom) - pick(right, top) + pick(left, top)
    }
}

/// Each value against the middle between dark and light about it: what is below and above the mean about itself, averaged.
fn near(values: &[f32], side: usize, reach: usize) -> Graded {
    let (all, ones) = (
        Sums::of(values.iter().copied(), side),
        Sums::of(values.iter().map(|_| 1.0), side),
    );
    let mut middles: Vec<f32> = (0..values.len())
        .map(|at| all.about(at, reach) / ones.about(at, reach).max(1.0))
        .collect();
    let mut halves = vec![0.0; values.len()];
    for _ in 0..2 {
        let is_dark: Vec<bool> = values.iter().zip(&middles).map(|(v, m)| v < m).collect();
        let pairs = || values.iter().zip(&is_dark);
        let dark = Sums::of(pairs().map(|(v, d)| if *d { *v } else { 0.0 }), side);
        let darks = Sums::of(pairs().map(|(_, d)| if *d { 1.0 } else { 0.0 }), side);
        for (at, (middle, half)) in middles.iter_mut().zip(&mut halves).enumerate() {
            let (sum, count) = (dark.about(at, reach), darks.about(at, reach));
            let lights = ones.about(at, reach) - count;
            if count > 0.5 && lights > 0.5 {
                let (dark, light) = (sum / count, (all.about(at, reach) - sum) / lights);
                *middle = f32::midpoint(dark, light);
                *half = (light - dark) / 2.0;
            }
        }
    }
    let contrast = halves.iter().sum::<f32>() / halves.len().max(1) as f32;
    let least = (contrast * 0.4).max(CONTRAST_MIN);
    values
        .iter()
        .zip(middles.iter().zip(&halves))
        .map(|(value, (middle, half))| (middle - value) / half.max(least))
        .collect()
}

/// Every value driven away from the mean of its neighbours.
fn sharpened(values: &[f32], side: usize, by: f32) -> Vec<f32> {
    let sums = Sums::of(values.iter().copied(), side);
    let ones = Sums::of(values.iter().map(|_| 1.0), side);
    values
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let mean = (sums.about(at, 1) - value) / (ones.about(at, 1) - 1.0).max(1.0);
            value + by * (value - mean)
        })
        .collect()
}

/// The square mirrored: rows become columns.
pub(super) fn transposed(graded: &Graded, side: usize) -> Graded {
    (0..side * side)
        .map(|at| {
            let (x, y) = (at % side, at / side);
            graded.get(x * side + y).copied().unwrap_or(0.0)
        })
        .collect()
}
