//! The parts of a .docx that hold text; their tables, rows, cells and paragraphs by number, through controls, insertions and
//! the like.

use crate::fill::anatomy::glyphs::{glyphs, text_of};
use crate::fill::anatomy::place::FieldPlace;
use crate::ooxml::{Element, OpcPackage};

/// What only wraps: its content counts as its parent's.
pub(in crate::fill) fn wraps(name: &str) -> bool {
    matches!(
        name,
        "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag"
    )
}

/// The parts that may be filled in: the document first, then its headers and footers.
pub(in crate::fill) fn text_parts(package: &OpcPackage) -> Vec<String> {
    let is_text = |part: &&str| {
        let name = part
            .strip_prefix("word/")
            .and_then(|n| n.strip_suffix(".xml"));
        name.is_some_and(|n| {
            !n.contains('/')
                && (n.starts_with("document") || n.contains("header") || n.contains("footer"))
        })
    };
    let mut parts: Vec<String> = package.names().filter(is_text).map(str::to_owned).collect();
    parts.sort_by_key(|p| (!p.contains("document"), p.clone()));
    parts
}

fn gather<'t>(container: Element<'t>, wanted: &[&str], out: &mut Vec<Element<'t>>) {
    for child in container.children() {
        if wanted.contains(&child.name()) {
            out.push(child);
        } else if wraps(child.name()) {
            gather(child, wanted, out);
        }
    }
}

/// The element that holds a part's blocks: the body of a document, the root of a header.
pub(in crate::fill) fn body(root: Element<'_>) -> Element<'_> {
    root.child("body").unwrap_or(root)
}

/// Paragraphs of a body or cell, not those in its tables.
pub(in crate::fill) fn paragraphs(container: Element<'_>) -> Vec<Element<'_>> {
    let mut out = Vec::new();
    gather(container, &["p"], &mut out);
    out
}

/// Whether Word counts a paragraph by itself (ECMA-376 part 1, 17.9.18): by its own properties; list 0 takes a number away.
pub(in crate::fill) fn counts(paragraph: Element<'_>) -> bool {
    let list = paragraph.at(&["pPr", "numPr", "numId"]);
    list.and_then(Element::val).is_some_and(|id| id != "0")
}

/// Tables of a body or cell.
pub(in crate::fill) fn tables(container: Element<'_>) -> Vec<Element<'_>> {
    let mut out = Vec::new();
    gather(container, &["tbl"], &mut out);
    out
}

/// Rows of a table.
pub(in crate::fill) fn rows(table: Element<'_>) -> Vec<Element<'_>> {
    let mut out = Vec::new();
    gather(table, &["tr"], &mut out);
    out
}

/// A cell of a row with its first column on the grid and the columns it covers.
#[derive(Clone, Copy, Debug)]
pub(in crate::fill) struct TableCell<'t> {
    pub(in crate::fill) element: Element<'t>,
    pub(in crate::fill) column: usize,
    pub(in crate::fill) span: usize,
}

impl<'t> TableCell<'t> {
    /// Whether it goes on with a merge from above.
    pub(in crate::fill) fn goes_on(&self) -> bool {
        let merge = self.element.at(&["tcPr", "vMerge"]);
        merge.is_some_and(|m| m.val().is_none_or(|v| v == "continue"))
    }
}

/// Cells of a row.
pub(in crate::fill) fn cells(row: Element<'_>) -> Vec<TableCell<'_>> {
    let number = |e: Option<Element<'_>>, least: i64| {
        let n = e.and_then(|e| e.number("w:val")).unwrap_or(least);
        usize::try_from(n.clamp(least, 1_000)).unwrap_or(0)
    };
    let mut column = number(row.at(&["trPr", "gridBefore"]), 0);
    let mut found = Vec::new();
    gather(row, &["tc"], &mut found);
    let mut out = Vec::with_capacity(found.len());
    for element in found {
        let span = number(element.at(&["tcPr", "gridSpan"]), 1);
        out.push(TableCell {
            element,
            column,
            span,
        });
        column += span;
    }
    out
}

/// The text boxes of a part in reading order. What is said a second time for old programs is left out.
pub(in crate::fill) fn text_boxes(root: Element<'_>) -> Vec<Element<'_>> {
    root.descendants()
        .filter(|e| e.is("txbxContent") && !e.ancestors().any(|a| a.is("Fallback")))
        .collect()
}

/// Paragraphs of a text box, not those in its tables or in boxes within it.
pub(in crate::fill) fn box_paragraphs(content: Element<'_>) -> Vec<Element<'_>> {
    let own = |p: &Element<'_>| {
        let mut around = p.ancestors().take_while(|a| *a != content);
        !around.any(|a| a.is("tc") || a.is("txbxContent"))
    };
    let all = content.descendants().filter(|e| e.is("p"));
    all.filter(own).collect()
}

/// The paragraph outside tables that a place names: of the body, or of the text box whose number from 1 is its column.
pub(in crate::fill) fn paragraph_at<'t>(
    root: Element<'t>,
    place: &FieldPlace,
) -> Option<Element<'t>> {
    let number = place.paragraph?;
    match place.column.checked_sub(1) {
        None => paragraphs(body(root)).get(number).copied(),
        Some(n) => {
            let content = text_boxes(root).get(n).copied()?;
            box_paragraphs(content).get(number).copied()
        }
    }
}

/// What says a paragraph of a text box a second time for old programs.
pub(in crate::fill) fn said_for_old<'t>(paragraph: Element<'t>) -> Option<Element<'t>> {
    let both = paragraph.ancestors().find(|a| a.is("AlternateContent"))?;
    let inside = |e: Element<'t>| -> Vec<Element<'t>> {
        let all = e.descendants().filter(|e| e.is("p"));
        all.collect()
    };
    let new = both.children().find(|c| c.is("Choice"))?;
    let old = both.children().find(|c| c.is("Fallback"))?;
    let number = inside(new).iter().position(|p| *p == paragraph)?;
    let again = inside(old).get(number).copied()?;
    (text_of(&glyphs(again)) == text_of(&glyphs(paragraph))).then_some(again)
}

/// Tables of a part: those of its body, then those in text boxes. What is said a second time for old programs is left out.
pub(in crate::fill) fn part_tables(root: Element<'_>) -> Vec<Element<'_>> {
    let boxes = root
        .descendants()
        .filter(|e| e.is("txbxContent") && !e.ancestors().any(|a| a.is("Fallback")));
    let mut out = tables(body(root));
    out.extend(boxes.flat_map(tables));
    out
}

/// The table at the end of a path of indices, each among the tables of its container; a nested table is among those of all
/// cells of the table around it.
pub(in crate::fill) fn table_at<'t>(root: Element<'t>, path: &[usize]) -> Option<Element<'t>> {
    let (first, rest) = path.split_first()?;
    let mut table = part_tables(root).get(*first).copied()?;
    for index in rest {
        table = nested(table).get(*index).copied()?;
    }
    Some(table)
}

/// Tables directly within the cells of a table.
pub(in crate::fill) fn nested(table: Element<'_>) -> Vec<Element<'_>> {
    let cells = rows(table).into_iter().flat_map(cells);
    cells.flat_map(|c| tables(c.element)).collect()
}

/// The cell of a table at a row and grid column.
pub(in crate::fill) fn cell_at<'t>(
    table: Element<'t>,
    row: usize,
    column: usize,
) -> Option<TableCell<'t>> {
    let row = rows(table).get(row).copied()?;
    cells(row)
        .into_iter()
        .find(|c| (c.column..c.column + c.span).contains(&column))
}

/// The content control that a place names by where it stands, for one without a tag: within its cell or paragraph, or around it, the one
/// of its number.
pub(in crate::fill) fn control_at<'t>(
    root: Element<'t>,
    place: &FieldPlace,
) -> Option<Element<'t>> {
    let own = if place.table.is_empty() {
        let all = paragraphs(body(root));
        all.get(place.paragraph?).copied()?
    } else {
        let cell = cell_at(table_at(root, &place.table)?, place.row, place.column)?.element;
        match place.paragraph {
            Some(n) => paragraphs(cell).get(n).copied()?,
            None => cell,
        }
    };
    let inside: Vec<_> = own.descendants().filter(|e| e.is("sdt")).collect();
    let around = own
        .ancestors()
        .take_while(|a| !matches!(a.name(), "tbl" | "body" | "tr"));
    let around = around.into_iter().find(|a| a.is("sdt"));
    inside.get(place.nth).copied().or(around)
}

/// The text of a cell, its tables left out.
pub(in crate::fill) fn text_in(cell: Element<'_>) -> String {
    let lines = paragraphs(cell).into_iter().map(|p| text_of(&glyphs(p)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Where an element stands, as a person finds it: 表1第2行第3列, or 第4段.
pub(in crate::fill) fn whereabouts(root: Element<'_>, element: Element<'_>) -> String {
    let cell = std::iter::once(element)
        .chain(element.ancestors())
        .find(|e| e.is("tc"));
    let row = cell.and_then(|c| c.ancestors().find(|e| e.is("tr")));
    let table = row.and_then(|r| r.ancestors().find(|e| e.is("tbl")));
    if let (Some(cell), Some(row), Some(table)) = (cell, row, table) {
        let number = rows(table).iter().position(|r| *r == row).unwrap_or(0);
        let column = cells(row)
            .iter()
            .find(|c| c.element == cell)
            .map_or(0, |c| c.column);
        let all = root.descendants().filter(|e| e.is("tbl"));
        let index = all.take_while(|t| *t != table).count();
        return format!("表{}第{}行第{}列", index + 1, number + 1, column + 1);
    }
    let all = root.descendants().filter(|e| e.is("p"));
    let start = element.range().start;
    let index = all.take_while(|p| p.range().end <= start).count();
    format!("第{}段", index + 1)
}
