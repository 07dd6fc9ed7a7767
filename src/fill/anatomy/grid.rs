//! A worksheet as cells by row and column, each with its place in the part and its text.

use std::collections::BTreeMap;

use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree, parse_cell, parse_range};
use crate::ooxml::{shared_strings, workbook_part};

/// Cells of a sheet.
#[derive(Debug)]
pub(in crate::fill) struct SheetGrid<'t> {
    pub(in crate::fill) root: Element<'t>,
    /// Rows by number from 0.
    pub(in crate::fill) rows: BTreeMap<u32, Element<'t>>,
    pub(in crate::fill) cells: BTreeMap<(u32, u32), Element<'t>>,
    /// First and last row and column of merges.
    pub(in crate::fill) merges: Vec<[u32; 4]>,
    shared: &'t [String],
}

/// The shared strings of a workbook.
pub(in crate::fill) fn strings(package: &OpcPackage) -> Result<Vec<String>, OoxmlError> {
    shared_strings(package, &workbook_part(package)?)
}

impl<'t> SheetGrid<'t> {
    /// The cells of a part.
    pub(in crate::fill) fn of(tree: &'t Tree<'t>, shared: &'t [String]) -> Self {
        let root = tree.root();
        let mut grid = Self {
            root,
            rows: BTreeMap::new(),
            cells: BTreeMap::new(),
            merges: Vec::new(),
            shared,
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
            }
        }
        for merge in root
            .child("mergeCells")
            .into_iter()
            .flat_map(Element::children)
        {
            grid.merges
                .extend(merge.attribute("ref").and_then(|r| parse_range(&r)));
        }
        grid
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

    /// The text of a cell; of a merge, wherever in it, that of its first cell.
    pub(in crate::fill) fn text(&self, row: u32, column: u32) -> String {
        let merge = self
            .merges
            .iter()
            .find(|m| (m[0]..=m[2]).contains(&row) && (m[1]..=m[3]).contains(&column));
        let at = merge.map_or((row, column), |m| (m[0], m[1]));
        self.own(at.0, at.1)
    }

    /// The text of a cell alone, whatever it is merged with.
    pub(in crate::fill) fn own(&self, row: u32, column: u32) -> String {
        let cell = self.cells.get(&(row, column));
        cell.map_or_else(String::new, |c| self.text_of(*c))
    }

    fn text_of(&self, cell: Element<'_>) -> String {
        let kind = cell.attribute("t").unwrap_or_default();
        let value = cell.child("v").map(|v| v.text().into_owned());
        match &*kind {
            "s" => value
                .and_then(|v| v.trim().parse::<usize>().ok())
                .and_then(|n| self.shared.get(n).cloned())
                .unwrap_or_default(),
            "inlineStr" => cell
                .child("is")
                .into_iter()
                .flat_map(Element::descendants)
                .filter(|e| e.is("t") && !e.ancestors().any(|a| a.is("rPh")))
                .map(|e| e.text().into_owned())
                .collect(),
            "b" => match value.as_deref() {
                Some("1") => "是".to_owned(),
                _ => "否".to_owned(),
            },
            "e" => String::new(),
            _ => value.unwrap_or_default(),
        }
    }
}
