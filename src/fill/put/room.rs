//! How much room (版面) a cell of a .docx has, counted in halves of a character and lines: what a row of exact height holds, and
//! what no page holds.

use std::ops::Range;

use crate::ooxml::Element;

use crate::fill::anatomy::find::{TableCell, cells, paragraphs};
use crate::fill::anatomy::look::{half_points, paragraph_look};
use crate::fill::anatomy::place::FieldPlace;
use crate::text::lines::lines;

/// Twips at the two sides of a cell that text keeps clear of.
const PADDING: i64 = 216;

/// Room of a place.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) place: FieldPlace,
    /// Half characters in a line.
    pub(super) across: usize,
    /// Lines.
    pub(super) down: usize,
}

impl Room {
    /// Lines that a text takes.
    pub(super) fn lines(&self, text: &str) -> usize {
        lines(text, self.across)
    }

    /// Whether a text takes more lines than there are.
    pub(super) fn is_too_small(&self, text: &str) -> bool {
        self.lines(text) > self.down
    }
}

/// Width in twips of a cell.
fn width(table: Element<'_>, cell: &TableCell<'_>) -> i64 {
    let grid = table.child("tblGrid").into_iter();
    let widths = grid
        .flat_map(Element::children)
        .filter_map(|c| c.number("w:w"));
    widths.skip(cell.column).take(cell.span).sum()
}

/// Size of what is typed into a cell, in twips.
fn size(cell: &TableCell<'_>) -> i64 {
    let first = paragraphs(cell.element).first().map(|p| paragraph_look(*p));
    half_points(&first.unwrap_or_default()) * 10
}

fn across(table: Element<'_>, cell: &TableCell<'_>) -> usize {
    let room = (width(table, cell) - PADDING).max(0) * 2;
    usize::try_from(room / size(cell).max(1)).unwrap_or(0)
}

/// What a row of exact height holds; none where the row grows.
pub(super) fn exact(place: &FieldPlace, table: Element<'_>, cell: &TableCell<'_>) -> Option<Room> {
    let row = cell.element.parent()?;
    let height = row.at(&["trPr", "trHeight"])?;
    height.attribute("w:hRule").filter(|r| r == "exact")?;
    let height = height.number("w:val").filter(|h| *h > 0)?;
    // lines stand at 1.3 times the size, as Song and Fangsong do
    let down = usize::try_from(height * 10 / (size(cell).max(1) * 13)).ok()?;
    (width(table, cell) > 0).then(|| Room {
        place: place.clone(),
        across: across(table, cell),
        down: down.max(1),
    })
}

/// What a page holds in a cell, where the cells beside it have turned text: their directions, to be taken away for a longer text.
/// LibreOffice never parts a row with turned text over two pages, and what is longer than a page is lost.
pub(super) fn beside_turned(
    place: &FieldPlace,
    root: Element<'_>,
    table: Element<'_>,
    cell: &TableCell<'_>,
) -> Option<(Room, Vec<Range<usize>>)> {
    let beside = cells(cell.element.parent()?).into_iter();
    let beside = beside.filter(|c| c.element != cell.element);
    let turned = beside.filter_map(|c| c.element.at(&["tcPr", "textDirection"]));
    let turned = turned.filter(|d| d.val().is_some_and(|v| !v.starts_with("lr")));
    let turned: Vec<Range<usize>> = turned.map(Element::range).collect();
    if turned.is_empty() || width(table, cell) == 0 {
        return None;
    }
    let section = root.descendants().filter(|e| e.is("sectPr")).last();
    let number = |child: &str, name: &str| {
        let own = section.and_then(|s| s.child(child)?.number(name));
        own.filter(|n| *n > 0)
    };
    let height = number("pgSz", "w:h").unwrap_or(16_838)
        - number("pgMar", "w:top").unwrap_or(1_440)
        - number("pgMar", "w:bottom").unwrap_or(1_440);
    // on a grid of lines a line takes whole ones; faces that stand in for the official ones are taller than these
    let line = size(cell) * 29 / 20;
    let grid = number("docGrid", "w:linePitch").unwrap_or(1);
    let pitch = (line + grid - 1) / grid * grid;
    // a line less for where a paragraph ends early
    let down = usize::try_from(height / pitch.max(1)).ok()?;
    let room = Room {
        place: place.clone(),
        across: across(table, cell),
        down: down.saturating_sub(1),
    };
    Some((room, turned))
}
