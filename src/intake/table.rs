//! A plain list in a file (.xlsx, .csv, .txt) as rows of text, for lists that are no submission. Nothing is understood here.

use crate::finding::{Finding, Place};

use super::grid::Grid;
use super::{SourceFile, csv, is, workbook};

/// The rows of the first sheet that holds something, each with its number in the file, from 1, and the text of its cells from the
/// first column on. Findings tell what could not be read.
pub fn table(source: &SourceFile) -> (Vec<(u32, Vec<String>)>, Vec<Finding>) {
    let mut findings = Vec::new();
    let grids: Vec<Grid> = if is(source, &["xlsx"]) {
        workbook::read(source, &mut findings)
    } else if is(source, &["csv", "txt"]) {
        csv::read(source, &mut findings).into_iter().collect()
    } else {
        findings.push(Finding::error(
            "I1",
            Place::file(&source.path),
            format!("“{}”不是 .xlsx、.csv 或 .txt 文件。", source.path),
            "请用WPS或Excel另存为“Excel工作簿（.xlsx）”。",
        ));
        Vec::new()
    };
    let first = grids.iter().find(|g| !g.hidden && !g.rows.is_empty());
    let rows = first.map_or(&[][..], |g| &g.rows);
    let texts = |row: &super::grid::GridRow| {
        let width = row.cells.last().map_or(0, |c| c.0 + 1);
        let text = |column| row.cell(column).map(crate::ooxml::CellValue::shown);
        let cells = (0..width).map(|c| text(c).unwrap_or_default().trim().to_owned());
        (row.number + 1, cells.collect())
    };
    (rows.iter().map(texts).collect(), findings)
}
