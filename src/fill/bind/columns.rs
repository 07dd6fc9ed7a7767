//! Columns of a list (列): blank boxes with printed heads right above, and how many rows of them are blank.

use crate::fill::anatomy::filler::is_filler;
use crate::fill::anatomy::row_kinds::is_sum;
use crate::text::heading::fold_heading as letters;

use super::survey::{FormBox, FormGrid};

/// Heads of a column that counts rows.
const COUNTS: &[&str] = &[
    "序号",
    "编号",
    "顺序",
    "no",
    "序",
    "推荐顺序",
    "排序",
    "排名",
];
/// A head and the blank below it.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// The box of the first blank row.
    pub(super) cell: usize,
    pub(super) head: String,
    /// The head over the head.
    pub(super) group: String,
    pub(super) blank: bool,
}

/// Whether a head counts rows.
pub(super) fn counts(head: &str) -> bool {
    COUNTS.contains(&letters(head).as_str())
}

/// The columns of a row: boxes with a printed head right above of the same width, blank ones among them.
pub(super) fn columns(grid: &FormGrid, row: usize) -> Vec<Column> {
    let mut out = Vec::new();
    if grid.is_example(row) || sums(grid, row) {
        return out;
    }
    for n in grid.in_row(row) {
        let Some(cell) = grid.cells.get(n).filter(|c| c.down == 1) else {
            continue;
        };
        let mut head = grid.over(cell).and_then(|n| grid.cells.get(n));
        // a row that shows how to fill the list in stands between its heads and its blanks
        while let Some(over) = head.filter(|h| grid.is_example(h.row)) {
            head = grid.over(over).and_then(|n| grid.cells.get(n));
        }
        let Some(head) = head.filter(|h| h.column == cell.column && h.across == cell.across) else {
            continue;
        };
        if head.is_blank() || head.inner || is_filler(&head.text()) {
            continue;
        }
        let group = grid
            .over(head)
            .and_then(|n| grid.cells.get(n))
            .filter(|g| g.across > head.across && !g.is_blank())
            .map(|g| g.text());
        out.push(Column {
            cell: n,
            head: head.text(),
            group: group.unwrap_or_default(),
            blank: cell.is_blank(),
        });
    }
    // a row with nothing to fill in below printed heads is no first row
    if out.iter().filter(|c| c.blank).count() < 2 {
        return Vec::new();
    }
    out
}

/// How many rows from one on are blank where the columns are.
pub(super) fn blank_rows(grid: &FormGrid, row: usize, columns: &[Column]) -> usize {
    let blank = |row: usize| {
        columns.iter().filter(|c| c.blank).all(|c| {
            let first = grid.cells.get(c.cell);
            let own = first.and_then(|f| grid.at(row, f.column).and_then(|n| grid.cells.get(n)));
            first.zip(own).is_some_and(|(first, own)| {
                own.row == row
                    && own.down == 1
                    && own.column == first.column
                    && own.across == first.across
                    && own.is_blank()
            })
        })
    };
    let gone = |row: usize| {
        let boxes = grid.in_row(row);
        let mut cells = boxes.iter().filter_map(|n| grid.cells.get(*n));
        !boxes.is_empty() && cells.all(|c| c.hidden)
    };
    let rows = (row..grid.rows).take_while(|r| *r == row || !sums(grid, *r));
    // what is not printed lies among the rows and is none of them
    let rows = rows.take_while(|r| gone(*r) || blank(*r));
    let last = rows.filter(|r| !gone(*r)).last();
    last.map_or(0, |last| last + 1 - row)
}

/// The row behind a list of several rows whose heads stand in a row.
pub(super) fn list_end(grid: &FormGrid, heads: usize) -> Option<usize> {
    let columns = columns(grid, heads + 1);
    let rows = match columns.len() {
        0 | 1 => 0,
        _ => blank_rows(grid, heads + 1, &columns),
    };
    (rows > 1).then_some(heads + 1 + rows)
}

/// Whether a row sums up what stands above it.
fn sums(grid: &FormGrid, row: usize) -> bool {
    let cells = grid.in_row(row).into_iter();
    let mut words = cells.filter_map(|n| grid.cells.get(n)).map(FormBox::text);
    let first = words.find(|t| !t.trim().is_empty());
    first.is_some_and(|t| is_sum(&t))
}
