//! What a line's end costs at a place, and how the costs of a text are raised.

/// A break that is not made.
pub const FORBIDDEN: u32 = u32::MAX;
/// A break at a joint of a long word.
pub const AT_JOINT: u32 = 12;
/// A break at a joint of a part of a long word.
pub const AT_LESSER_JOINT: u32 = 30;
/// A break within an office's name, elsewhere than behind its place: a line that is half empty is better.
pub(super) const IN_OFFICE: u32 = 50;
/// A break within a word.
pub const IN_WORD: u32 = 60;
/// A break within a part of a name (阿卜|杜拉·示例): a further line is better.
pub const IN_NAME: u32 = 600;
/// A break within the number of an official text (冀科协|〔2021〕|21号): a very loose line is better.
pub(super) const IN_OFFICIAL_NUMBER: u32 = 5_000;
/// A break within an address of mail: a very loose line is better.
pub(super) const IN_ADDRESS: u32 = 5_000;

/// Most characters of a compound unit, such as mol·L⁻¹·s⁻¹.
pub(super) const MOST_OF_UNIT: usize = 24;

/// Most characters of brackets that are not broken within.
const SHORT: usize = 5;

/// How many characters stand between a bracket at `at` and the one that closes it; none where they are more than a few.
pub(super) fn closed(text: &[char], at: usize, close: char) -> Option<usize> {
    let rest = text.get(at + 1..).unwrap_or_default();
    rest.iter().take(SHORT + 1).position(|c| *c == close)
}

/// Makes breaks before the characters from `first` to `last` cost at least so much.
pub(super) fn raise(costs: &mut [u32], first: usize, last: usize, least: u32) {
    for cost in costs.iter_mut().take(last + 1).skip(first) {
        *cost = (*cost).max(least);
    }
}

/// Forbids breaks before the characters from `first` to `last`.
pub(super) fn forbid(costs: &mut [u32], first: usize, last: usize) {
    for cost in costs.iter_mut().take(last + 1).skip(first) {
        *cost = FORBIDDEN;
    }
}
