//! What of a form is not on the paper (不印出的): hidden sheets, rows and columns, what lies outside of a print area, rows that a tracked change
//! took out. Nothing is asked there.

use std::collections::BTreeSet;

use crate::fill::anatomy::grid::SheetGrid;
use crate::ooxml::Element;

/// Columns of a sheet that are looked at.
pub(super) const MOST_COLUMNS: u32 = 100;
/// Pieces of a print area that are looked at; with more, nothing outside of them is left out.
const MOST_AREAS: usize = 64;

/// What of a sheet is not printed.
pub(super) struct OutOfSight<'a> {
    columns: BTreeSet<u32>,
    rows: BTreeSet<u32>,
    areas: &'a [[u32; 4]],
}

impl<'a> OutOfSight<'a> {
    /// What of a sheet is hidden, or outside of its print area.
    pub(super) fn of(cells: &SheetGrid<'_>, areas: &'a [[u32; 4]]) -> Self {
        let is_on = |e: &Element<'_>, name: &str| {
            e.attribute(name)
                .is_some_and(|v| matches!(&*v, "1" | "true"))
        };
        let flat = |e: &Element<'_>, name: &str| e.attribute(name).is_some_and(|v| &*v == "0");
        let columns = cells.root.child("cols");
        let columns = columns.into_iter().flat_map(Element::children);
        let columns = columns.filter(|c| is_on(c, "hidden") || flat(c, "width"));
        let number = |e: &Element<'_>, name: &str| u32::try_from(e.number(name)? - 1).ok();
        let rows = cells.rows.iter();
        let rows = rows.filter(|(_, r)| is_on(r, "hidden") || flat(r, "ht"));
        Self {
            columns: columns
                .filter_map(|c| Some((number(&c, "min")?, number(&c, "max")?)))
                .flat_map(|(from, to)| from..=to.min(MOST_COLUMNS))
                .collect(),
            rows: rows.map(|(n, _)| *n).collect(),
            areas: if areas.len() > MOST_AREAS { &[] } else { areas },
        }
    }

    /// Whether a cell is not printed.
    pub(super) fn is(&self, row: u32, column: u32) -> bool {
        let inside = |a: &[u32; 4]| (a[0]..=a[2]).contains(&row) && (a[1]..=a[3]).contains(&column);
        self.rows.contains(&row)
            || self.columns.contains(&column)
            || !self.areas.is_empty() && !self.areas.iter().any(inside)
    }
}
