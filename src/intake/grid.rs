//! A table as it was found, whatever file it came from: cells with their positions, nothing understood yet.

use std::sync::Arc;

use crate::finding::{Place, cell_name};
use crate::ooxml::{CellValue, Unseen};

/// Most rows of one sheet.
pub(super) const MOST_ROWS: u32 = 20_000;
/// Most columns of one sheet.
pub(super) const MOST_COLUMNS: u32 = 200;
/// Most bytes of one file.
pub(super) const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Most bytes of one cell's text. A cell of a workbook holds 32,767 characters.
pub(super) const MOST_CELL: usize = 200_000;
/// Most bytes of all texts of one file: a workbook can name one long text from every cell.
pub(super) const MOST_TEXT: usize = 256 * 1024 * 1024;

/// A row with its cells that hold something, by column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct GridRow {
    /// Its number in the file, from 0.
    pub(super) number: u32,
    /// Column from 0, and cell, in order of columns.
    pub(super) cells: Vec<(u32, CellValue)>,
}

impl GridRow {
    /// The cell in a column.
    pub(super) fn cell(&self, column: u32) -> Option<&CellValue> {
        let at = self.cells.binary_search_by_key(&column, |c| c.0).ok()?;
        self.cells.get(at).map(|c| &c.1)
    }
}

/// A merged region (合并单元格), corners included, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    /// First row.
    pub(super) top: u32,
    /// First column.
    pub(super) left: u32,
    /// Last row.
    pub(super) bottom: u32,
    /// Last column.
    pub(super) right: u32,
}

/// A picture of a sheet and the cells in which it is seen, from 0.
#[derive(Clone, Debug)]
pub(super) struct GridPicture {
    /// The cells; one for a picture in a cell.
    pub(super) region: Region,
    /// Whether it floats above the sheet.
    pub(super) floating: bool,
    /// Ending of its part's name.
    pub(super) ending: String,
    /// Its bytes; none where the workbook does not have it, or it is too large.
    pub(super) bytes: Option<Arc<[u8]>>,
}

/// One sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    /// Path of the file.
    pub(super) file: String,
    /// Name of the sheet; for a text file its name without folder and ending.
    pub(super) sheet: String,
    /// Whether it came from a text file: places are lines, and nothing is known of types.
    pub(super) plain: bool,
    /// Whether the sheet is hidden.
    pub(super) hidden: bool,
    /// The row, from 0, from which a heading row is looked for: another than 0 where this is a part of a sheet.
    pub(super) top: u32,
    /// Rows that hold something, in order.
    pub(super) rows: Vec<GridRow>,
    /// Merged regions.
    pub(super) merges: Vec<Region>,
    /// Pictures in cells and above them.
    pub(super) pictures: Vec<GridPicture>,
    /// What is hidden or struck out.
    pub(super) unseen: Unseen,
}

impl Grid {
    /// Puts cells into rows. Cells may come in any order; of two in one place the later counts.
    pub(super) fn fill(&mut self, mut cells: Vec<(u32, u32, CellValue)>) {
        if !cells.is_sorted_by_key(|c| (c.0, c.1)) {
            cells.sort_by_key(|c| (c.0, c.1));
        }
        for (number, column, raw) in cells {
            if raw.is_blank() {
                continue;
            }
            match self.rows.last_mut() {
                Some(row) if row.number == number => match row.cells.last_mut() {
                    Some(last) if last.0 == column => last.1 = raw,
                    _ => row.cells.push((column, raw)),
                },
                _ => self.rows.push(GridRow {
                    number,
                    cells: vec![(column, raw)],
                }),
            }
        }
    }

    /// The place of a cell.
    pub(super) fn place(&self, row: u32, column: u32) -> Place {
        if self.plain {
            Place {
                file: Some(self.file.clone()),
                cell: Some(format!("行{}列{}", row + 1, column + 1)),
                ..Place::default()
            }
        } else {
            Place::cell(&self.file, &self.sheet, row, column)
        }
    }

    /// The place of the whole sheet.
    pub(super) fn whole(&self) -> Place {
        Place {
            file: Some(self.file.clone()),
            sheet: (!self.plain).then(|| self.sheet.clone()),
            ..Place::default()
        }
    }

    /// What people call the sheet: `工作表“候选人”` or `文件“候选人.csv”`.
    pub(super) fn called(&self) -> String {
        if self.plain {
            format!("文件“{}”", self.file)
        } else {
            format!("工作表“{}”", self.sheet)
        }
    }

    /// A column as people see it: `H列` or `第8列`.
    pub(super) fn column_called(&self, column: u32) -> String {
        if self.plain {
            format!("第{}列", column + 1)
        } else {
            let name = cell_name(0, column);
            format!("{}列", name.trim_end_matches('1'))
        }
    }

    /// The cell that shows in a place: its own, or the top left one of a merged region that covers it.
    pub(super) fn shown_at(&self, row: usize, column: u32) -> Option<&CellValue> {
        let row = self.rows.get(row)?;
        if let Some(raw) = row.cell(column) {
            return Some(raw);
        }
        let region = self.merges.iter().find(|m| {
            (m.top..=m.bottom).contains(&row.number) && (m.left..=m.right).contains(&column)
        })?;
        let at = self
            .rows
            .binary_search_by_key(&region.top, |r| r.number)
            .ok()?;
        self.rows.get(at)?.cell(region.left)
    }
}
