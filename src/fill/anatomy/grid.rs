//! A worksheet as cells by row and column, each with its place in the part and what it holds: by the meaning of a cell that `intake` goes
//! by too.

use std::collections::BTreeMap;

use crate::ooxml::{
    CellReader, CellValue, Element, OoxmlError, OpcPackage, Tree, parse_cell, parse_range,
    workbook_part,
};

/// Most bytes of text that the cells of a sheet, or of all sheets that are looked at together, may hold: texts that cells share count for each.
pub(in crate::fill) const MOST_TEXT: usize = 8 << 20;
/// Most merged regions of a sheet.
const MOST_MERGES: usize = 65_536;
/// Rows of a merged region that is found by each of them; taller ones are few.
const LOW: u32 = 64;
/// Most merged regions that share a row, and most that are taller than [`LOW`].
const MOST_ABREAST: usize = 500;

/// Cells of a sheet.
#[derive(Debug)]
pub(in crate::fill) struct SheetGrid<'t> {
    pub(in crate::fill) root: Element<'t>,
    /// Rows by number from 0.
    pub(in crate::fill) rows: BTreeMap<u32, Element<'t>>,
    pub(in crate::fill) cells: BTreeMap<(u32, u32), Element<'t>>,
    /// First and last row and column of merges.
    pub(in crate::fill) merges: Vec<[u32; 4]>,
    values: BTreeMap<(u32, u32), CellValue>,
    /// Merges by each row that they cover, and those that cover very many.
    low: BTreeMap<u32, Vec<[u32; 4]>>,
    tall: Vec<[u32; 4]>,
    /// Bytes of all texts.
    text: usize,
}

/// What the cells of a workbook refer to.
pub(in crate::fill) fn cell_reader(package: &OpcPackage) -> Result<CellReader, OoxmlError> {
    CellReader::open(package, &workbook_part(package)?)
}

impl<'t> SheetGrid<'t> {
    /// The cells of a part, which `part` names in errors: a sheet with more text or more merges than a form has is refused.
    pub(in crate::fill) fn of(
        part: &str,
        tree: &'t Tree<'t>,
        reader: &CellReader,
    ) -> Result<Self, OoxmlError> {
        let root = tree.root();
        let mut grid = Self {
            root,
            rows: BTreeMap::new(),
            cells: BTreeMap::new(),
            merges: Vec::new(),
            values: BTreeMap::new(),
            low: BTreeMap::new(),
            tall: Vec::new(),
            text: 0,
        };
        let mut next = 0;
        for row in root
            .child("sheetData")
            .into_iter()
            .flat_map(Element::children)
        {
            let number = row.number("r").and_then(|n| u32::try_from(n - 1).ok());
            let number = number.unwrap_or(next);
            next = number + 1;
            grid.rows.insert(number, row);
            let mut column = 0;
            for cell in row.children().filter(|c| c.is("c")) {
                let at = cell.attribute("r").and_then(|r| parse_cell(&r));
                let at = at.unwrap_or((number, column));
                column = at.1 + 1;
                grid.cells.insert((number, at.1), cell);
                // the tree is well-formed, and so is each piece of it
                let value = reader.cell("", cell.source()).ok().flatten();
                grid.text += value.as_ref().and_then(CellValue::text).map_or(0, str::len);
                if grid.text > MOST_TEXT {
                    return Err(OoxmlError::TooMuch(part.to_owned()));
                }
                grid.values.extend(value.map(|v| ((number, at.1), v)));
            }
        }
        grid.merge();
        let abreast = grid.low.values().map(Vec::len).max().unwrap_or(0);
        if grid.merges.len() > MOST_MERGES || abreast.max(grid.tall.len()) > MOST_ABREAST {
            return Err(OoxmlError::TooMuch(part.to_owned()));
        }
        Ok(grid)
    }

    /// Takes note of the merged regions, until there are too many.
    fn merge(&mut self) {
        let merges = self.root.child("mergeCells");
        for merge in merges.into_iter().flat_map(Element::children) {
            let Some(range) = merge.attribute("ref").and_then(|r| parse_range(&r)) else {
                continue;
            };
            self.merges.push(range);
            if self.merges.len() > MOST_MERGES {
                return;
            }
            if range[2].saturating_sub(range[0]) < LOW {
                for row in range[0]..=range[2] {
                    self.low.entry(row).or_default().push(range);
                }
            } else {
                self.tall.push(range);
            }
        }
    }

    /// Bytes of all its texts.
    pub(in crate::fill) fn text_bytes(&self) -> usize {
        self.text
    }

    /// Width of a column in digits of the standard face; none where the sheet says nothing.
    pub(in crate::fill) fn width(&self, column: u32) -> Option<f64> {
        let number = |e: Element<'_>, name: &str| e.attribute(name)?.parse::<f64>().ok();
        let columns = self
            .root
            .child("cols")
            .into_iter()
            .flat_map(Element::children);
        let own = columns.into_iter().find(|c| {
            let n = f64::from(column + 1);
            number(*c, "min").is_some_and(|min| min <= n)
                && number(*c, "max").is_some_and(|max| n <= max)
        });
        let standard = self.root.child("sheetFormatPr");
        own.and_then(|c| number(c, "width"))
            .or_else(|| number(standard?, "defaultColWidth"))
    }

    /// First and last row and column of what a cell is merged with; of the cell itself where it is not merged.
    pub(in crate::fill) fn extent(&self, row: u32, column: u32) -> [u32; 4] {
        let low = self.low.get(&row).into_iter().flatten();
        let merge = low
            .chain(&self.tall)
            .find(|m| (m[0]..=m[2]).contains(&row) && (m[1]..=m[3]).contains(&column));
        merge.copied().unwrap_or([row, column, row, column])
    }

    /// Whether a cell holds a formula.
    pub(in crate::fill) fn is_calculated(&self, row: u32, column: u32) -> bool {
        let cell = self.cells.get(&(row, column));
        cell.is_some_and(|c| c.child("f").is_some())
    }

    /// Whether a row may belong to a list that begins with another one: its cells are cut alike, and what stands beside the first row
    /// over several rows stands beside it too.
    pub(in crate::fill) fn is_alike(&self, first: u32, row: u32, columns: &[u32]) -> bool {
        let own = |row: u32, column: u32| {
            let [from, left, to, right] = self.extent(row, column);
            (from == row, left, to == row, right)
        };
        let cut_alike = columns.iter().all(|c| own(first, *c) == own(row, *c));
        let beside = self.merges.iter().filter(|m| {
            m[0] < m[2]
                && (m[0]..=m[2]).contains(&first)
                && !columns.iter().any(|c| (m[1]..=m[3]).contains(c))
        });
        cut_alike && beside.into_iter().all(|m| (m[0]..=m[2]).contains(&row))
    }

    /// The first cell of a merge, wherever in it a cell lies; the cell itself where it is not merged.
    fn first(&self, row: u32, column: u32) -> (u32, u32) {
        let [row, column, ..] = self.extent(row, column);
        (row, column)
    }

    /// What a cell holds; of a merge, wherever in it, what its first cell holds. None for an empty one.
    pub(in crate::fill) fn value(&self, row: u32, column: u32) -> Option<&CellValue> {
        self.values.get(&self.first(row, column))
    }

    /// The text of a cell; of a merge, wherever in it, that of its first cell.
    pub(in crate::fill) fn text(&self, row: u32, column: u32) -> String {
        let at = self.first(row, column);
        self.own(at.0, at.1)
    }

    /// The text of a cell alone, whatever it is merged with. A fault is no text.
    pub(in crate::fill) fn own(&self, row: u32, column: u32) -> String {
        match self.values.get(&(row, column)) {
            Some(CellValue::Text(text)) => text.replace("\r\n", "\n").replace('\r', "\n"),
            Some(CellValue::Fault(_) | CellValue::Odd(_) | CellValue::NoResult) | None => {
                String::new()
            }
            Some(value) => value.shown(),
        }
    }
}
