//! A single cell read as an answer, for forms that are no workbook of the campaign: it means there what it means here.

use crate::campaign::{Campaign, Field};
use crate::finding::{Finding, Place};
use crate::ooxml::CellValue;

use super::value::ValueReader;

/// The canonical text of a cell as the answer to a field; what is wrong with it is added to the findings.
pub fn cell_text(
    campaign: &Campaign,
    field: &Field,
    cell: &CellValue,
    place: &Place,
    findings: &mut Vec<Finding>,
) -> String {
    let mut reader = ValueReader { campaign, findings };
    reader.canonical(field, cell, place)
}
