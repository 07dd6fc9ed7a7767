//! A ground (底色) under a place, and the changes of a part by which it comes there.

use std::ops::Range;

/// Red, green and blue of a ground.
pub type Tint = [u8; 3];

/// A change of a part: some bytes give way to others.
pub(super) type Edit = (Range<usize>, String);

/// A colour as it is written in a file.
pub(super) fn hex(tint: Tint) -> String {
    tint.iter().map(|c| format!("{c:02X}")).collect()
}

/// A text with some changes; of two that overlap the later one is left out.
pub(super) fn edited(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|e| (e.0.start, e.0.end));
    let mut out = String::with_capacity(text.len() + 64 * edits.len());
    let mut at = 0;
    for (range, new) in edits {
        let Some(between) = text.get(at..range.start) else {
            continue;
        };
        out.push_str(between);
        out.push_str(&new);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
