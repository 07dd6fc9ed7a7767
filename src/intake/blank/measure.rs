//! How much room a text takes in a cell: table programs that open a workbook for the first time keep the heights that are written in
//! it, and rows without one overlap where a wrapped text is longer than its column.

use crate::text::width::display_width;

/// Points of one line of text of 11 points, with what table programs leave around it.
const LINE: u32 = 16;
/// Points above and below the text.
const AROUND: u32 = 6;
/// Greatest height of a row in points (Excel: 409).
const MOST: u32 = 400;

/// Lines that a text needs in a column of so many characters. A Han character is a little wider than two digits, and a line breaks
/// before it, so that each line loses up to one.
pub(super) fn lines(text: &str, width: f64) -> u32 {
    let room = (width - 2.0).max(4.0);
    let of = |line: &str| {
        let wide = f64::from(u32::try_from(display_width(line)).unwrap_or(u32::MAX)) * 1.06;
        let mut lines = 1;
        let mut left = wide;
        while left > room && lines < 60 {
            left -= room;
            lines += 1;
        }
        lines
    };
    text.lines().map(of).sum::<u32>().max(1)
}

/// The height, in points, of a row whose cells hold these texts in columns of these widths.
pub(in crate::intake) fn height<'t>(cells: impl IntoIterator<Item = (&'t str, f64)>) -> u32 {
    let most = cells.into_iter().map(|(text, width)| lines(text, width));
    height_of(most.max().unwrap_or(1))
}

/// The height, in points, of a row of so many lines.
pub(in crate::intake) fn height_of(lines: u32) -> u32 {
    lines.saturating_mul(LINE).saturating_add(AROUND).min(MOST)
}
