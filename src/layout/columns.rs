//! Widths of columns: those of the template, save where a word, a number or a name is wider than its column and other columns have
//! room (向有余的列借宽). Rows without rules also borrow for a line that would be broken, such as a day of eleven characters.

use std::cell::OnceCell;

use crate::form::{Border, Cell, Content, Paragraph, Table};
use crate::units::Length;

use super::rows::padding;
use super::ruler::Ruler;

/// The share of its width that a column keeps whatever stands in it, per cent.
const KEPT: i64 = 75;

/// What a cell asks of the columns that it covers.
struct Wish<'a> {
    ruler: &'a Ruler<'a>,
    paragraphs: &'a [Paragraph],
    step: usize,
    label: bool,
    column: usize,
    columns: usize,
    /// Room beside the text, at both sides together.
    sides: Length,
    /// The width in which no line is broken.
    liked: Length,
    least: OnceCell<Length>,
}

impl Wish<'_> {
    /// The width in which no word is cut, at most the liked one. Words are costly to find, so it is asked for only where it decides.
    fn least(&self) -> Length {
        // the lines of a label are the template's
        if self.label {
            return self.liked;
        }
        *self.least.get_or_init(|| {
            let least = |p| self.ruler.least(p, self.step);
            let all = self.paragraphs.iter().map(least).max();
            all.unwrap_or_default() + self.sides
        })
    }
}

/// How far columns go to help each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Help {
    /// No line is broken that need not be; what is beyond a column's longest line is given.
    Lines,
    /// No word is cut; what is beyond a column's longest line is given.
    Spare,
    /// No word is cut; columns whose lines are broken anyway give of their width too.
    Share,
}

/// The widths of a table's columns; their sum is that of the template. Labels stay at their size as long as the text under them can be
/// helped in another way.
pub(super) fn widths(ruler: &Ruler<'_>, table: &Table) -> Vec<Length> {
    let own = table.columns.clone();
    let fixed = fixed(table);
    let cells = || table.rows.iter().flat_map(|row| &row.cells);
    let steps = cells().map(steps_of).max().unwrap_or(1);
    let helps: &[Help] = match table.border {
        Border::None => &[Help::Lines, Help::Spare, Help::Share],
        Border::Full => &[Help::Spare, Help::Share],
    };
    let tries = (0..steps).map(|step| (step, 0));
    let tries = tries.chain((1..steps).map(|step| (step, step)));
    for (step, label_step) in tries {
        let wishes: Vec<Wish<'_>> = cells()
            .filter_map(|cell| {
                let step = if cell.label { label_step } else { step };
                wish(ruler, table, cell, step)
            })
            .collect();
        for help in helps {
            if let Some(widths) = borrowed(&own, &wishes, &fixed, *help) {
                return widths;
            }
        }
    }
    own
}

/// How many sizes a cell's text may have.
fn steps_of(cell: &Cell) -> usize {
    match &cell.content {
        Content::Text(paragraphs) => paragraphs.iter().map(|p| p.style.sizes.len()).max(),
        _ => None,
    }
    .unwrap_or(1)
}

/// Which columns hold something of a fixed width, such as a photo or a line to fill in. Tick boxes flow in what they have.
fn fixed(table: &Table) -> Vec<bool> {
    let mut fixed = vec![false; table.columns.len()];
    for cell in table.rows.iter().flat_map(|row| &row.cells) {
        // a line to fill in is as long as the template has it
        if matches!(cell.content, Content::Text(_) | Content::Ticks(..)) && !cell.underline {
            continue;
        }
        let covered = fixed.iter_mut().skip(cell.column).take(cell.columns);
        covered.for_each(|column| *column = true);
    }
    fixed
}

/// What a cell's text asks for at the n-th of its sizes.
fn wish<'a>(ruler: &'a Ruler<'a>, table: &Table, cell: &'a Cell, step: usize) -> Option<Wish<'a>> {
    let Content::Text(paragraphs) = &cell.content else {
        return None;
    };
    // no other column could help one that has the whole width
    if cell.columns >= table.columns.len() {
        return None;
    }
    let (side, _) = padding(table, cell);
    let liked = paragraphs.iter().map(|p| ruler.liked(p, step)).max();
    Some(Wish {
        ruler,
        paragraphs,
        step,
        label: cell.label,
        column: cell.column,
        columns: cell.columns,
        sides: side * 2,
        liked: liked.unwrap_or_default() + side * 2,
        least: OnceCell::new(),
    })
}

/// The sum of some columns' widths.
fn covered(widths: &[Length], wish: &Wish<'_>) -> Length {
    let all = widths.iter().skip(wish.column).take(wish.columns);
    all.copied().sum()
}

/// Widths with which every cell has what it asks for; none where the columns have not room enough.
fn borrowed(
    own: &[Length],
    wishes: &[Wish<'_>],
    fixed: &[bool],
    help: Help,
) -> Option<Vec<Length>> {
    let asked = |wish: &Wish<'_>| match help {
        Help::Lines => wish.liked,
        Help::Spare | Help::Share => wish.least(),
    };
    let mut widths = own.to_vec();
    // what no single column can settle is the business of rows and sizes
    for wish in wishes.iter().filter(|w| w.columns == 1) {
        if let Some(width) = widths.get_mut(wish.column)
            && wish.liked > *width
        {
            if asked(wish) > *width && fixed.get(wish.column) == Some(&true) {
                return None;
            }
            *width = (*width).max(asked(wish));
        }
    }
    let mut lack: Length = widths.iter().zip(own).map(|(new, old)| *new - *old).sum();
    if lack == Length::ZERO {
        return Some(widths);
    }
    let spare: Vec<Length> = (0..own.len())
        .map(|column| {
            let width = own.get(column).copied().unwrap_or_default();
            let grown = widths.get(column).is_some_and(|new| *new > width);
            match grown || fixed.get(column) == Some(&true) {
                true => Length::ZERO,
                false => spare(column, width, wishes, help),
            }
        })
        .collect();
    let all: Length = spare.iter().copied().sum();
    if all < lack {
        return None;
    }
    let mut left = all;
    for (width, spare) in widths.iter_mut().zip(&spare) {
        if left == Length::ZERO {
            break;
        }
        // what is taken is shared out by what there is, to the last micrometre
        let part = Length(lack.0 * spare.0 / left.0.max(1));
        *width -= part;
        lack -= part;
        left -= *spare;
    }
    let kept = wishes.iter().filter(|w| w.columns > 1).all(|w| {
        let new = covered(&widths, w);
        new >= w.liked.min(covered(own, w)) || new >= w.least()
    });
    kept.then_some(widths)
}

/// What a column of a width can give.
fn spare(column: usize, width: Length, wishes: &[Wish<'_>], help: Help) -> Length {
    let kept = |wish: &Wish<'_>| match help {
        Help::Share => wish.least(),
        Help::Lines | Help::Spare => wish.liked,
    };
    let here = wishes
        .iter()
        .filter(|w| w.columns == 1 && w.column == column);
    let least = here.map(kept).max().unwrap_or_default();
    (width - least.max(width.scaled(KEPT, 100))).max(Length::ZERO)
}
