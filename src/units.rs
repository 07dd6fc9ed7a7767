//! Lengths in whole micrometres, and their only conversions to points, twips, EMU and pixels.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// A length in whole micrometres; may be negative as a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(pub i64);

impl Length {
    /// No length.
    pub const ZERO: Self = Self(0);

    /// From whole millimetres.
    pub const fn mm(mm: i64) -> Self {
        Self(mm * 1000)
    }

    /// From millimetres as a template writes them, rounded to a micrometre.
    pub fn from_mm(mm: f64) -> Self {
        Self((mm * 1000.0).round() as i64)
    }

    /// From points (1/72 inch), rounded to a micrometre.
    pub fn from_pt(pt: f64) -> Self {
        Self((pt * 25_400.0 / 72.0).round() as i64)
    }

    /// In millimetres.
    pub fn to_mm(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// In points (1/72 inch).
    pub fn to_pt(self) -> f64 {
        self.0 as f64 * 72.0 / 25_400.0
    }

    /// In twentieths of a point, rounded, as WordprocessingML counts.
    pub fn to_twips(self) -> i64 {
        (self.0 * 1440 + 12_700) / 25_400
    }

    /// In English metric units (914,400 an inch), as DrawingML counts.
    pub fn to_emu(self) -> i64 {
        self.0 * 36
    }

    /// In pixels at a resolution in dots per inch, rounded.
    pub fn to_px(self, dpi: u32) -> u32 {
        u32::try_from((self.0.max(0) * i64::from(dpi) + 12_700) / 25_400).unwrap_or(u32::MAX)
    }

    /// This length times `part / whole`, rounded towards zero.
    pub fn scaled(self, part: i64, whole: i64) -> Self {
        Self(self.0 * part / whole)
    }
}

impl Add for Length {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Length {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Mul<i64> for Length {
    type Output = Self;
    fn mul(self, by: i64) -> Self {
        Self(self.0 * by)
    }
}

impl Div<i64> for Length {
    type Output = Self;
    fn div(self, by: i64) -> Self {
        Self(self.0 / by)
    }
}

impl Neg for Length {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Length {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        Self(lengths.map(|l| l.0).sum())
    }
}
