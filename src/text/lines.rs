//! How many lines (行数) a text takes in a width, where its fonts are not at hand: a filled form or a workbook is set by an office
//! program, in fonts that it finds. Lines of paper that we set ourselves are in `layout`.
//!
//! What is estimated: a character is as wide as the official faces (宋体、仿宋_GB2312、黑体、楷体_GB2312) draw it, a full one an em, a
//! letter or digit half an em. Lines end where `breaks` lets them, as in `layout` and, but for numbers and their units, in office programs; a sign that closes gives
//! up its blank half at the end of a line. Left out are the true widths of letters in other faces (`layout` has them from the font),
//! signs side by side that are squeezed, and indents, which whoever asks takes from the width or adds to the text.

use super::breaks::{FORBIDDEN, allowed};
use super::kinsoku::{Class, blank_sides, class};
use super::width::char_width;

/// Lines of a text where this many halves of a character stand in one; a blank line is one too.
pub fn lines(text: &str, across: usize) -> usize {
    text.split('\n').map(|line| of_one(line, across)).sum()
}

/// Lines of a text without line ends.
fn of_one(text: &str, across: usize) -> usize {
    let chars: Vec<char> = text.chars().collect();
    let costs = allowed(&chars);
    let (mut start, mut count) = (0, 0);
    while start < chars.len() {
        start = line_end(&chars, &costs, start, across);
        // spaces at the end of a line do not begin the next
        let rest = chars.get(start..).unwrap_or_default().iter();
        start += rest.take_while(|c| class(**c) == Class::Space).count();
        count += 1;
    }
    count.max(1)
}

/// Where the line ends that begins at `start`: at the last place that lets it, or within a word that is wider than a line.
fn line_end(chars: &[char], costs: &[u32], start: usize, across: usize) -> usize {
    let may_end = |at: usize| costs.get(at).is_none_or(|cost| *cost != FORBIDDEN);
    let (mut used, mut last) = (0, None);
    for (n, c) in chars.iter().copied().enumerate().skip(start) {
        if n > start && may_end(n) {
            last = Some(n);
        }
        // an opening sign that begins a further line gives up its blank half
        let hung = n == start && start > 0 && blank_sides(c).0 > 0;
        let wide = used + char_width(c) - usize::from(hung);
        if wide > across && class(c) != Class::Space {
            let squeezed = blank_sides(c).1 > 0 && wide == across + 1;
            if squeezed && may_end(n + 1) {
                return n + 1;
            }
            return last.unwrap_or(n.max(start + 1));
        }
        used = wide;
    }
    chars.len()
}
