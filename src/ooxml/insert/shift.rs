//! Where rows of a sheet stand once others are put in, and what names them: cells, ranges, lists of both, formulas.

use std::ops::Range;

use super::formula::{Referred, Rows, rewritten};
use crate::finding::cell_name;
use crate::ooxml::Element;
use crate::ooxml::xml::{escape, parse_range, with_attribute};

/// Pieces that take the place of others.
pub(super) type Edits = Vec<(Range<usize>, String)>;

/// What becomes of rows of the sheet that is changed.
pub(super) struct Shift {
    /// Name of the sheet.
    pub(super) sheet: String,
    pub(super) last: u32,
    pub(super) extra: u32,
}

impl Shift {
    /// A row.
    pub(super) fn row(&self, row: u32) -> u32 {
        if row > self.last {
            row.saturating_add(self.extra)
        } else {
            row
        }
    }

    /// From row to row: what ends with the last row of the list takes the new ones in.
    pub(super) fn range(&self, (from, to): Rows) -> Rows {
        let to = if to == self.last && from <= to {
            to.saturating_add(self.extra)
        } else {
            self.row(to)
        };
        (self.row(from), to)
    }

    /// Whether a reference that names a sheet, or none, is one to the sheet that is changed.
    pub(super) fn is_meant(&self, sheet: Option<&str>, on_own: bool) -> bool {
        match sheet {
            Some(name) => name.to_lowercase() == self.sheet.to_lowercase(),
            None => on_own,
        }
    }

    /// A formula, on the changed sheet or on another one.
    pub(super) fn formula(&self, formula: &str, on_own: bool) -> String {
        rewritten(formula, &|sheet, referred| {
            let meant = self.is_meant(sheet, on_own);
            match referred {
                Referred::Cell(cell) if meant => (self.row(cell.row), 0),
                Referred::Range(from, to) if meant => self.range((from.row, to.row)),
                Referred::Cell(cell) => (cell.row, 0),
                Referred::Range(from, to) => (from.row, to.row),
            }
        })
    }

    /// A formula of the last row as it stands `by` rows below.
    pub(super) fn filled_down(&self, formula: &str, by: u32) -> String {
        rewritten(formula, &|sheet, referred| {
            let meant = self.is_meant(sheet, true);
            let row = |row: u32, fixed: bool| match (meant, fixed) {
                (true, true) => self.row(row),
                (true, false) if row > self.last => self.row(row),
                (_, false) => row.saturating_add(by),
                (false, true) => row,
            };
            match referred {
                Referred::Cell(cell) => (row(cell.row, cell.fixed), 0),
                Referred::Range(from, to) => (row(from.row, from.fixed), row(to.row, to.fixed)),
            }
        })
    }

    /// A list of cells and ranges, such as those of a validation: what holds the last row holds the new ones too.
    pub(super) fn cells(&self, list: &str) -> String {
        let each = list.split_whitespace().map(|one| match parse_range(one) {
            Some([from, left, to, right]) => {
                let (from, to) = self.range((from, to));
                if (from, left) == (to, right) {
                    cell_name(from, left)
                } else {
                    format!("{}:{}", cell_name(from, left), cell_name(to, right))
                }
            }
            None => one.to_owned(),
        });
        each.collect::<Vec<_>>().join(" ")
    }
}

/// The text of an element with other text in it.
pub(super) fn with_text(element: Element<'_>, text: &str) -> (Range<usize>, String) {
    (element.inner(), escape(text))
}

/// The tag of an element with another attribute.
pub(super) fn tag_with(element: Element<'_>, name: &str, value: &str) -> (Range<usize>, String) {
    let start = element.range().start;
    let tag = element.tag();
    (start..start + tag.len(), with_attribute(tag, name, value))
}

/// Formulas anywhere in a part besides those of cells of the changed sheet itself.
pub(super) fn formulas(root: Element<'_>, shift: &Shift, on_own: bool) -> Edits {
    let names = ["f", "formula", "formula1", "formula2"];
    let all = root.descendants().filter(|e| names.contains(&e.name()));
    let of_cells = |e: &Element<'_>| on_own && e.parent().is_some_and(|p| p.is("c"));
    all.filter(|e| !of_cells(e) && !e.inside().is_empty() && !e.inside().contains('<'))
        .filter_map(|e| {
            let text = e.text();
            let changed = shift.formula(&text, on_own);
            (changed != text).then(|| with_text(e, &changed))
        })
        .collect()
}

/// Attributes of an element that name cells.
pub(super) fn named_cells(element: Element<'_>, shift: &Shift) -> Option<(Range<usize>, String)> {
    let mut tag = element.tag().to_owned();
    for name in ["sqref", "ref", "activeCell"] {
        if let Some(cells) = element.attribute(name) {
            tag = with_attribute(&tag, name, &shift.cells(&cells));
        }
    }
    if let Some(location) = element.attribute("location") {
        tag = with_attribute(&tag, "location", &shift.formula(&location, true));
    }
    let start = element.range().start;
    (tag != element.tag()).then(|| (start..start + element.tag().len(), tag))
}
