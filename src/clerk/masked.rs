//! Numbers in what people wrote, masked where they may be an id or telephone number.

use crate::record::mask;

/// Shortest run of digits that may be a telephone number.
const PERSONAL: usize = 7;

/// A text with every number of [`PERSONAL`] digits and more masked; sums and references, which hold letters, are not numbers.
pub(super) fn masked(text: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(word) {
        let (before, from) = rest.split_at(start);
        let (run, after) = from.split_at(from.find(|c| !word(c)).unwrap_or(from.len()));
        out.push_str(before);
        let digits = run.trim_end_matches(['x', 'X']);
        let number = digits.len() >= PERSONAL && digits.bytes().all(|b| b.is_ascii_digit());
        if number {
            out.push_str(&mask(run));
        } else {
            out.push_str(run);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
