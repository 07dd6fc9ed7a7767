//! Rows put into a sheet (插入行): everything in the package that names cells by their rows goes on naming the same ones: cells, merges,
//! formulas of all sheets, names, validations, conditional formats, breaks, links, comments, drawings, tables, charts. References are
//! taken apart in `formula` and moved by a `shift`; the parts besides the sheet are in `parts`.

mod formula;
mod parts;
mod shift;

use std::collections::BTreeMap;
use std::ops::Range;

use super::workbook::sheets;
use super::xml::{escape, parse_cell, parse_range, splice, unescape, with_attribute};
use super::{Element, OoxmlError, OpcPackage, Tree, workbook_part};
use crate::finding::cell_name;
use formula::{Referred, rewritten};
use shift::{Edits, Shift, formulas, named_cells, tag_with, with_text};

/// Rows that are put into a sheet below the last row of a list, each like it.
#[derive(Clone, Debug)]
pub struct RowInsertion {
    /// Part of the sheet.
    pub part: String,
    /// The last row of the list, from 0.
    pub last: u32,
    /// Rows of the list so far.
    pub rows: u32,
    /// How many are put in.
    pub extra: u32,
    /// Columns of the list, from 0.
    pub columns: Vec<u32>,
}

/// Puts rows into a sheet of a package. Errors: a part is missing or not well-formed.
pub fn insert_rows(package: &mut OpcPackage, insertion: &RowInsertion) -> Result<(), OoxmlError> {
    let workbook = workbook_part(package)?;
    let all = sheets(package, &workbook)?;
    let own = all.iter().find(|s| s.part == insertion.part);
    let shift = Shift {
        sheet: own.map_or(String::new(), |s| s.name.clone()),
        last: insertion.last,
        extra: insertion.extra,
    };
    for sheet in &all {
        let xml = package.text(&sheet.part)?.to_owned();
        let changed = if sheet.part == insertion.part {
            own_sheet(&xml, insertion, &shift)?
        } else {
            let tree = Tree::read(&sheet.part, &xml)?;
            splice(&xml, &formulas(tree.root(), &shift, false))
        };
        if changed != xml {
            package.put(&sheet.part, changed);
        }
    }
    parts::shift(package, &workbook, &insertion.part, &shift)
}

/// The sheet itself with its new rows.
fn own_sheet(xml: &str, insertion: &RowInsertion, shift: &Shift) -> Result<String, OoxmlError> {
    let tree = Tree::read(&insertion.part, xml)?;
    let root = tree.root();
    let mut edits = formulas(root, shift, true);
    let data = root
        .child("sheetData")
        .into_iter()
        .flat_map(Element::children);
    let rows: Vec<Element<'_>> = data.filter(|e| e.is("row")).collect();
    let told = told_formulas(&rows);
    let mut number = 0;
    let mut joins = Vec::new();
    for row in &rows {
        let said = row.number("r").and_then(|n| u32::try_from(n - 1).ok());
        let own = said.unwrap_or(number);
        number = own + 1;
        if own > shift.last {
            let to = (shift.row(own) + 1).to_string();
            edits.extend(row.attribute("r").map(|_| tag_with(*row, "r", &to)));
        }
        for cell in row.children().filter(|c| c.is("c")) {
            edits.extend(moved_cell(cell, shift, &told));
        }
        if own == shift.last {
            let end = row.range().end;
            let copier = Copier {
                row: *row,
                xml,
                told: &told,
                insertion,
                shift,
            };
            let (text, merges) = copier.copies(&rows);
            joins = merges;
            edits.push((end..end, text));
        }
    }
    edits.extend(besides_cells(root, shift, &joins));
    Ok(splice(xml, &edits))
}

/// Formulas of cells by where each cell begins; those that share one are written out.
fn told_formulas(rows: &[Element<'_>]) -> BTreeMap<usize, String> {
    let mut out = BTreeMap::new();
    let mut shared: BTreeMap<String, (String, u32)> = BTreeMap::new();
    for cell in rows.iter().flat_map(|r| r.children()) {
        let Some(formula) = cell.child("f") else {
            continue;
        };
        let row = cell
            .attribute("r")
            .and_then(|r| parse_cell(&r))
            .map(|at| at.0);
        let text = formula.text().into_owned();
        let kind = formula.attribute("t").unwrap_or_default();
        let text = match (&*kind, formula.attribute("si"), row) {
            ("shared", Some(si), Some(row)) if !text.is_empty() => {
                shared.insert(si.into_owned(), (text.clone(), row));
                text
            }
            ("shared", Some(si), Some(row)) => match shared.get(&*si) {
                Some((first, from)) => offset(first, i64::from(row) - i64::from(*from)),
                None => continue,
            },
            _ => text,
        };
        if !text.is_empty() {
            out.insert(cell.range().start, text);
        }
    }
    out
}

/// A formula as it stands some rows further down in the sheet as it was.
fn offset(formula: &str, by: i64) -> String {
    rewritten(formula, &|_, referred| {
        let row = |row: u32, fixed: bool| {
            let by = if fixed { 0 } else { by };
            u32::try_from(i64::from(row) + by).unwrap_or(row)
        };
        match referred {
            Referred::Cell(cell) => (row(cell.row, cell.fixed), 0),
            Referred::Range(from, to) => (row(from.row, from.fixed), row(to.row, to.fixed)),
        }
    })
}

/// A cell where it stands now, with its formula.
fn moved_cell(cell: Element<'_>, shift: &Shift, told: &BTreeMap<usize, String>) -> Edits {
    let mut edits = Edits::new();
    let at = cell.attribute("r").and_then(|r| parse_cell(&r));
    if let Some((row, column)) = at.filter(|(row, _)| *row > shift.last) {
        edits.push(tag_with(cell, "r", &cell_name(shift.row(row), column)));
    }
    if let Some((formula, text)) = cell.child("f").zip(told.get(&cell.range().start)) {
        edits.push((
            formula.range(),
            written(formula, &shift.formula(text, true), shift),
        ));
    }
    edits
}

/// The element of a formula with this text; one that covers several cells keeps what it says of them.
fn written(formula: Element<'_>, text: &str, shift: &Shift) -> String {
    let kind = formula.attribute("t").unwrap_or_default();
    let name = formula.tag().trim_start_matches('<');
    let name = name.split([' ', '>', '/']).next().unwrap_or("f");
    let text = escape(text);
    if matches!(&*kind, "array" | "dataTable") {
        let reference = formula.attribute("ref").unwrap_or_default();
        let tag = with_attribute(formula.tag(), "ref", &shift.cells(&reference));
        let tag = tag.trim_end_matches('>').trim_end_matches('/').to_owned();
        return format!("{tag}>{text}</{name}>");
    }
    format!("<{name}>{text}</{name}>")
}

/// Draws the last row of a list again.
struct Copier<'a, 't> {
    row: Element<'t>,
    xml: &'a str,
    told: &'a BTreeMap<usize, String>,
    insertion: &'a RowInsertion,
    shift: &'a Shift,
}

impl Copier<'_, '_> {
    /// The new rows, and the columns whose words stand beside the whole list and go on over them.
    fn copies(&self, rows: &[Element<'_>]) -> (String, Vec<u32>) {
        let left = self.insertion.columns.iter().min().copied().unwrap_or(0);
        let cells: Vec<(u32, Element<'_>)> = self
            .row
            .children()
            .filter_map(|c| Some((parse_cell(&c.attribute("r")?)?.1, c)))
            .collect();
        let holds =
            |c: Element<'_>| c.child("v").or(c.child("is")).is_some() && c.child("f").is_none();
        let counts = |c: Element<'_>| plain_number(c).is_some();
        // in a list of one row what stands beside it is its label
        let label = |(column, cell): &&(u32, Element<'_>)| {
            self.insertion.rows == 1 && *column < left && holds(*cell) && !counts(*cell)
        };
        let labels: Vec<u32> = cells.iter().filter(label).map(|(c, _)| *c).collect();
        let before = rows
            .iter()
            .rfind(|r| r.range().end <= self.row.range().start);
        let mut out = String::new();
        for by in 1..=self.insertion.extra {
            let mut edits = Edits::new();
            let row = self.shift.last + by;
            edits.push(tag_with(self.row, "r", &(row + 1).to_string()));
            for (column, cell) in &cells {
                edits.extend(self.copied(*cell, (row, *column), by, before.copied()));
                if labels.contains(column) {
                    edits.push((cell.inner(), String::new()));
                }
            }
            let start = self.row.range().start;
            let moved = edits.into_iter();
            let moved: Edits = moved
                .map(|(r, text)| (r.start - start..r.end - start, text))
                .collect();
            let source = self.xml.get(self.row.range()).unwrap_or("");
            out.push_str(&splice(source, &moved));
        }
        (out, labels)
    }

    fn copied(
        &self,
        cell: Element<'_>,
        (row, column): (u32, u32),
        by: u32,
        before: Option<Element<'_>>,
    ) -> Edits {
        let mut edits = vec![tag_with(cell, "r", &cell_name(row, column))];
        if let Some((formula, text)) = cell.child("f").zip(self.told.get(&cell.range().start)) {
            let text = self.shift.filled_down(text, by);
            edits.push((formula.range(), written(formula, &text, self.shift)));
            edits.extend(cell.child("v").map(|v| (v.range(), String::new())));
            return edits;
        }
        // a number counts on where it did so up to here
        let number = plain_number(cell);
        let above = before.and_then(|row| {
            let mut cells = row.children();
            let same = cells.find(|c| {
                let at = c.attribute("r").and_then(|r| parse_cell(&r));
                at.is_some_and(|at| at.1 == column)
            });
            plain_number(same?)
        });
        let counts = number.is_some_and(|n| {
            above.is_some_and(|a| a.checked_add(1) == Some(n)) || n == 1 && self.insertion.rows == 1
        });
        if let Some((number, value)) = number.filter(|_| counts).zip(cell.child("v")) {
            edits.push((value.inner(), number.saturating_add(by).to_string()));
        }
        edits
    }
}

/// The number in a cell that holds one and no formula.
fn plain_number(cell: Element<'_>) -> Option<u32> {
    let kind = cell.attribute("t").unwrap_or_default();
    let plain = matches!(&*kind, "" | "n") && cell.child("f").is_none();
    let value = cell.child("v").filter(|_| plain)?;
    unescape(value.inside()).trim().parse().ok()
}

/// Whatever of the sheet besides its cells names rows; `labels` are columns whose cell in the last row goes on over the new rows.
fn besides_cells(root: Element<'_>, shift: &Shift, labels: &[u32]) -> Edits {
    let mut edits = Edits::new();
    if let Some(merges) = root.child("mergeCells") {
        edits.push(merged(merges, shift, labels));
    } else if let (false, Some(data)) = (labels.is_empty(), root.child("sheetData")) {
        let p = prefix(data);
        let all: String = labels
            .iter()
            .map(|c| merge(p, [shift.last, *c, shift.last + shift.extra, *c]))
            .collect();
        let end = behind_data(root, data);
        edits.push((end..end, format!("<{p}mergeCells>{all}</{p}mergeCells>")));
    }
    for element in root.descendants() {
        match element.name() {
            "c" | "row" | "mergeCell" | "mergeCells" | "f" => {}
            "brk" if element.parent().is_some_and(|p| p.is("rowBreaks")) => {
                let id = element.number("id").and_then(|n| u32::try_from(n).ok());
                // the break stands behind the row of this number
                if let Some(id) = id.filter(|id| *id > shift.last) {
                    let to = (id + shift.extra).to_string();
                    edits.push(tag_with(element, "id", &to));
                }
            }
            "sqref" => {
                let text = element.text();
                edits.push(with_text(element, &shift.cells(&text)));
            }
            _ => edits.extend(named_cells(element, shift)),
        }
    }
    edits
}

/// Where merges stand in a sheet: behind these, before what follows (ECMA-376 part 1, 18.3.1.99).
fn behind_data(root: Element<'_>, data: Element<'_>) -> usize {
    let before = [
        "sheetCalcPr",
        "sheetProtection",
        "protectedRanges",
        "scenarios",
        "autoFilter",
        "sortState",
        "dataConsolidate",
        "customSheetViews",
    ];
    let mut children = root.children();
    let behind = children.rfind(|c| before.contains(&c.name()));
    behind.unwrap_or(data).range().end
}

fn prefix(element: Element<'_>) -> &str {
    let name = element.tag().trim_start_matches('<');
    let name = name.split([' ', '>', '/']).next().unwrap_or("");
    name.rfind(':')
        .and_then(|colon| name.get(..=colon))
        .unwrap_or("")
}

fn merge(prefix: &str, m: [u32; 4]) -> String {
    let (from, to) = (cell_name(m[0], m[1]), cell_name(m[2], m[3]));
    format!("<{prefix}mergeCell ref=\"{from}:{to}\"/>")
}

/// Merges: those of the last row stand in each new one, those that hold it and more go on over the new ones.
fn merged(merges: Element<'_>, shift: &Shift, labels: &[u32]) -> (Range<usize>, String) {
    let p = prefix(merges);
    let mut all = Vec::new();
    let known = merges
        .children()
        .filter_map(|m| parse_range(&m.attribute("ref")?));
    let mut joined: Vec<u32> = Vec::new();
    for [from, left, to, right] in known {
        let own = (from, to) == (shift.last, shift.last);
        if own && labels.contains(&left) {
            joined.push(left);
            all.push([from, left, to + shift.extra, right]);
        } else if own {
            let rows = shift.last..=shift.last + shift.extra;
            all.extend(rows.map(|row| [row, left, row, right]));
        } else {
            let (from, to) = shift.range((from, to));
            all.push([from, left, to, right]);
        }
    }
    let alone = labels.iter().filter(|c| !joined.contains(c));
    all.extend(alone.map(|c| [shift.last, *c, shift.last + shift.extra, *c]));
    let count = all.len();
    let all: String = all.into_iter().map(|m| merge(p, m)).collect();
    (
        merges.range(),
        format!("<{p}mergeCells count=\"{count}\">{all}</{p}mergeCells>"),
    )
}
