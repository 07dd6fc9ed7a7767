//! Where pictures stand on a sheet (图片位置): how wide its columns and how tall its rows are, where in them a picture of some size begins.

use crate::fill::anatomy::grid::SheetGrid;

/// EMU in a pixel of the screen.
const PIXEL: f64 = 9_525.0;
/// EMU in a point.
const POINT: f64 = 12_700.0;
/// Width of a column where the sheet says nothing, in digits.
const USUAL_WIDTH: f64 = 8.43;
/// Height of a row where the sheet says nothing, in points.
const USUAL_HEIGHT: f64 = 15.0;
/// Room between a picture and the lines around its box.
const CLEAR: i64 = 19_050;

/// A picture's first corner and size: column, row, how far into them it begins, width and height, in EMU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PicturePlace {
    pub(super) column: (u32, i64),
    pub(super) row: (u32, i64),
    pub(super) size: (i64, i64),
}

/// A box for a picture: its cells, and its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PictureBox {
    row: u32,
    column: u32,
    columns: Vec<i64>,
    rows: Vec<i64>,
}

/// Width of a column in EMU; none of a hidden one.
pub(super) fn width(grid: &SheetGrid<'_>, column: u32) -> i64 {
    let digits = grid.width(column).unwrap_or(USUAL_WIDTH);
    if digits <= 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a width of a sheet in EMU")]
    let emu = ((digits * 7.0 + 5.0).floor() * PIXEL) as i64;
    emu.clamp(0, 100_000_000)
}

/// Height of a row in EMU.
pub(super) fn height(grid: &SheetGrid<'_>, row: u32) -> i64 {
    let points = |e: crate::ooxml::Element<'_>, name: &str| e.attribute(name)?.parse::<f64>().ok();
    let own = grid.rows.get(&row).and_then(|r| points(*r, "ht"));
    let standard = grid.root.child("sheetFormatPr");
    let usual = || points(standard?, "defaultRowHeight");
    let points = own.or_else(usual).unwrap_or(USUAL_HEIGHT).clamp(0.0, 409.5);
    #[expect(clippy::cast_possible_truncation, reason = "at most 409 points in EMU")]
    let emu = (points * POINT) as i64;
    emu
}

impl PictureBox {
    /// The box that a cell, or what it is merged with, makes.
    pub(super) fn of(grid: &SheetGrid<'_>, row: u32, column: u32) -> Self {
        let [top, left, bottom, right] = grid.extent(row, column);
        Self {
            row: top,
            column: left,
            columns: (left..=right.min(left + 100))
                .map(|c| width(grid, c))
                .collect(),
            rows: (top..=bottom.min(top + 200))
                .map(|r| height(grid, r))
                .collect(),
        }
    }

    /// Where a picture of these pixels stands in it: as large as it can be, in the middle; `down` rows below where the box was.
    pub(super) fn place(&self, pixels: (u32, u32), down: u32) -> PicturePlace {
        let across: i64 = self.columns.iter().sum();
        let tall: i64 = self.rows.iter().sum();
        let room = ((across - 2 * CLEAR).max(1), (tall - 2 * CLEAR).max(1));
        let size = super::picture::fit(pixels, room);
        let column = within(&self.columns, (across - size.0) / 2, self.column);
        let (row, off) = within(&self.rows, (tall - size.1) / 2, self.row);
        PicturePlace {
            column,
            row: (row + down, off),
            size,
        }
    }
}

/// The piece in which a length ends that begins with the first one, and how far into it.
fn within(pieces: &[i64], mut length: i64, first: u32) -> (u32, i64) {
    for (n, piece) in (first..).zip(pieces) {
        if length < *piece {
            return (n, length.max(0));
        }
        length -= piece;
    }
    (first, 0)
}
