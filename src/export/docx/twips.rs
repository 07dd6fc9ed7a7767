//! Lengths as Word counts them: a twip is a twentieth of a point.

use crate::units::Length;

/// A length in twips.
pub(super) fn twips(length: Length) -> i32 {
    i32::try_from(length.to_twips()).unwrap_or(i32::MAX)
}

/// A length in twips, at least none.
pub(super) fn unsigned(length: Length) -> u32 {
    u32::try_from(length.to_twips()).unwrap_or(0)
}
