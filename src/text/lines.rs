//! How many lines (行数) a text takes in a width, where its fonts are not at hand: a filled form or a workbook is set by an office
//! program with fonts of its own. Lines of paper that we set ourselves are in `layout`.

use super::width::display_width;

/// Lines of a text where this many halves of a character stand in one; a blank line is one too.
pub fn lines(text: &str, across: usize) -> usize {
    let across = across.max(1);
    let each = text.split('\n');
    each.map(|line| display_width(line).div_ceil(across).max(1))
        .sum()
}
