//! Rows that only show how a list is filled in (示例行): those that say so, and, in a blank form, a person right below the heads of a list.

use super::survey::{FormBox, FormGrid};
use crate::fill::anatomy::row_kinds::{is_example_mark, is_said_example};
use crate::text::heading::fold_heading as letters;

impl FormGrid {
    /// Notes the rows that say that they only show how to fill a list in.
    pub(super) fn note_examples(&mut self) {
        for row in 1..self.rows {
            let cells = self.in_row(row).into_iter();
            let texts: Vec<String> = cells
                .filter_map(|n| Some(self.cells.get(n)?.text()))
                .collect();
            let begins = texts.iter().take(2).any(|t| is_example_mark(t));
            let words = texts.iter().filter(|t| !t.trim().is_empty()).count();
            if begins || words > 2 && texts.iter().any(|t| is_said_example(t)) {
                self.examples.insert(row);
            }
        }
    }

    /// Notes the rows of a blank form that show how to fill a list in without saying so: a person stands right below the heads, and blanks
    /// below that.
    pub(super) fn note_people(&mut self) {
        for row in 1..self.rows {
            let boxes = self.in_row(row);
            let cells = || boxes.iter().filter_map(|n| self.cells.get(*n));
            let named = cells().any(|c| self.is_name(c));
            let value = |t: String| {
                let digits = t.chars().filter(char::is_ascii_digit).count();
                matches!(t.trim(), "男" | "女") || digits > 3
            };
            if named && cells().any(|c| value(c.text())) {
                self.examples.insert(row);
            }
        }
    }

    /// Whether a name stands in a box, right below the head of a column, with blanks below.
    fn is_name(&self, cell: &FormBox) -> bool {
        let same = |c: &&FormBox| (c.column, c.across) == (cell.column, cell.across);
        let over = self.over(cell).and_then(|n| self.cells.get(n));
        let below = self.below(cell).and_then(|n| self.cells.get(n));
        let head = over.filter(same).is_some_and(|h| {
            let words = self.in_row(h.row).into_iter();
            let words = words.filter_map(|n| self.cells.get(n));
            let words = words.filter(|c| !c.is_blank() && !c.hidden).count();
            letters(&h.text()).ends_with("姓名") && words > 2
        });
        let name = letters(&cell.text());
        head && below.filter(same).is_some_and(FormBox::is_blank)
            && (2..9).contains(&name.chars().count())
            && !name.ends_with("姓名")
    }
}

impl FormGrid {
    /// Whether the last row of a sheet or a table holds the heads of columns with no row below them: at least three words side by side, and nothing
    /// above them but titles.
    pub(super) fn ends_with_heads(&self) -> bool {
        let grid = self;
        let Some(last) = grid.rows.checked_sub(1).filter(|last| *last < 4) else {
            return false;
        };
        let in_row = |row: usize| {
            let cells = grid.in_row(row).into_iter();
            let cells = cells.filter_map(|n| grid.cells.get(n));
            cells.filter(|c| !c.is_blank() && !c.hidden)
        };
        let alone = in_row(last).all(|c| c.across == 1 && c.down == 1);
        let words = in_row(last).filter(|c| !c.inner && !c.picture).count();
        let columns = in_row(last).map(|c| c.column);
        let width = columns.clone().max().unwrap_or(0) - columns.min().unwrap_or(0) + 1;
        alone && words > 2 && words * 5 >= width * 4 && (0..last).all(|row| in_row(row).count() < 3)
    }
}
