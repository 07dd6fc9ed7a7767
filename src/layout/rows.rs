//! Rows of a table that stay together, placed on a page or cut in two: their edges, their cells' contents, and the label at their left.

use std::rc::Rc;

use crate::form::{Border, Cell, Content, Table};
use crate::units::Length;

use super::cell::Measured;
use super::growth::Growth;
use super::line::Laid;
use super::page::{Item, Rect};
use super::rules::TableEdges;
use super::set::Sink;
use super::settled::Grown;

/// Least free room above and below what stands in a cell.
pub(super) const PADDING: Length = Length(700);
/// Least free room around a photo: it is cut out by hand and glued in.
const AROUND_PHOTO: Length = Length::mm(2);
/// Thickness of a line to fill in.
const FILL_RULE: Length = Length(176);
/// From a line of text to the line that it is filled in on.
const FILL_BELOW: Length = Length(900);
/// A cell with its measured content, and what it shows on the pages after a split.
#[derive(Clone)]
pub(super) struct Ready<'f> {
    pub(super) row: usize,
    pub(super) cell: &'f Cell,
    pub(super) content: Measured,
    /// The same in more lines, none of which ends within a word, for where the row has the room.
    pub(super) roomy: Option<Measured>,
    /// The label with （续）, for rows that split and for heads that come again.
    pub(super) again: Option<Measured>,
    pub(super) top: bool,
}

/// Rows that stay together.
#[derive(Clone)]
pub(super) struct Group<'f> {
    pub(super) cells: Vec<Ready<'f>>,
    pub(super) heights: Vec<Length>,
    /// Number of its first row in the table.
    pub(super) first: usize,
    pub(super) splits: bool,
    /// Whether its first part stands on an earlier page.
    pub(super) begun: bool,
}

impl Group<'_> {
    pub(super) fn height(&self) -> Length {
        self.heights.iter().copied().sum()
    }

    /// The same for a further page: labels with （续）.
    pub(super) fn continued(&self) -> Self {
        let mut group = self.clone();
        for ready in &mut group.cells {
            if let Some(again) = ready.again.take() {
                ready.content = again;
                ready.roomy = None;
            }
        }
        group
    }
}

/// Rows that stay together, placed on a page.
pub(super) struct Rows<'f> {
    pub(super) table: &'f Table,
    /// Left edges of the columns from the type area, and the right edge of the last.
    pub(super) edges: Rc<Vec<Length>>,
    pub(super) group: Group<'f>,
}

impl<'f> Rows<'f> {
    /// Their height.
    pub(super) fn height(&self) -> Length {
        self.group.height()
    }

    /// What each row may become; those of a list that has begun on an earlier page no more than `before`, their height there.
    pub(super) fn growth(&self, before: Option<Length>) -> Vec<Growth> {
        let first = self.group.first;
        let rows = self
            .group
            .heights
            .iter()
            .zip(self.table.rows.iter().skip(first));
        rows.map(|(height, row)| Growth {
            kind: row.height,
            height: *height,
            most: match before.filter(|_| row.listed) {
                Some(before) => row.most.min(before),
                None => row.most,
            },
            fills: row.fills,
        })
        .collect()
    }

    /// The rows that are whole on this page and have grown.
    pub(super) fn grown(&self) -> impl Iterator<Item = Grown<'f>> {
        let whole = !self.group.splits && !self.group.begun;
        let heights = self.group.heights.iter().filter(move |_| whole);
        (self.group.first..)
            .zip(heights)
            .map(|(row, height)| Grown {
                table: self.table,
                row,
                height: *height,
            })
    }

    /// The height of a row of a list, if its rows are such.
    pub(super) fn of_list(&self) -> Option<Length> {
        let row = self.table.rows.get(self.group.first)?;
        let one = row.listed && row.most > row.height && self.group.heights.len() == 1;
        one.then(|| self.group.height())
    }

    /// Takes new heights, as many as there are rows.
    pub(super) fn grow(&mut self, heights: &mut impl Iterator<Item = Length>) {
        for (row, height) in self.group.heights.iter_mut().zip(heights) {
            *row = height;
        }
    }

    /// Makes its rows higher for texts whose words are cut otherwise, within `spare`; gives what is left of that.
    pub(super) fn make_room(&mut self, mut spare: Length) -> Length {
        for ready in &self.group.cells {
            let Some(roomy) = &ready.roomy else { continue };
            let needed = roomy.height() + padding(self.table, ready.cell).1 * 2;
            let own = self.group.heights.iter_mut().skip(ready.row);
            let mut own: Vec<&mut Length> = own.take(ready.cell.rows).collect();
            let lack = needed - own.iter().map(|height| **height).sum();
            if lack > Length::ZERO
                && lack <= spare
                && let Some(last) = own.last_mut()
            {
                **last += lack;
                spare -= lack;
            }
        }
        spare
    }

    /// Draws them from a corner: `left` is that of the type area.
    pub(super) fn draw(&self, left: Length, y: Length, rules: &mut TableEdges, sink: &mut Sink) {
        let mut tops = vec![y];
        let mut end = y;
        for &row in &self.group.heights {
            end += row;
            tops.push(end);
        }
        let edge = |column: usize| left + edge(&self.edges, column);
        for ready in &self.group.cells {
            let cell = ready.cell;
            let at = |i: usize| tops.get(i).or(tops.last()).copied().unwrap_or(end);
            let (x, top) = (edge(cell.column), at(ready.row));
            let rect = Rect {
                x,
                y: top,
                width: edge(cell.column + cell.columns) - x,
                height: at(ready.row + cell.rows) - top,
            };
            let (side, above) = padding(self.table, cell);
            let inner = Rect {
                x: rect.x + side,
                y: rect.y + above,
                width: rect.width - side * 2,
                height: rect.height - above * 2,
            };
            let roomy = ready.roomy.as_ref();
            let content = roomy.filter(|roomy| roomy.height() <= inner.height);
            let content = content.unwrap_or(&ready.content);
            draw_edges(self.table, cell, content.height(), rect, rules, sink);
            content.set(inner, !ready.top, sink);
        }
    }
}

/// Cuts a group of one row of a table so that the first part is at most `room` high.
pub(super) fn cut<'f>(
    table: &Table,
    group: &Group<'f>,
    room: Length,
) -> Option<(Group<'f>, Group<'f>)> {
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let mut more = false;
    for ready in &group.cells {
        let (now, later) = ready.content.cut(room - padding(table, ready.cell).1 * 2)?;
        let label = ready.again.is_some();
        more |= !label && !later.is_empty();
        // text that goes on begins at the top of both parts
        let top = ready.top || !later.is_empty();
        let later = ready.again.clone().unwrap_or(later);
        first.push(Ready {
            content: now,
            roomy: None,
            top,
            ..ready.clone()
        });
        rest.push(Ready {
            content: later,
            roomy: None,
            top,
            ..ready.clone()
        });
    }
    if !more {
        return None;
    }
    let heights = rest
        .iter()
        .map(|c| c.content.height() + padding(table, c.cell).1 * 2);
    let needed = heights.max().unwrap_or(Length::ZERO);
    let part = |cells, height, begun| Group {
        cells,
        heights: vec![height],
        first: group.first,
        splits: true,
        begun,
    };
    Some((part(first, room, group.begun), part(rest, needed, true)))
}

/// The left edge of a column.
pub(super) fn edge(edges: &[Length], column: usize) -> Length {
    edges
        .get(column)
        .or(edges.last())
        .copied()
        .unwrap_or(Length::ZERO)
}

/// Free room at the sides of a cell's content, and above and below it. An opinion has its own.
pub(super) fn padding(table: &Table, cell: &Cell) -> (Length, Length) {
    let style = match &cell.content {
        Content::Opinion(_) => return (Length::ZERO, Length::ZERO),
        Content::Text(paragraphs) => paragraphs.first().map(|p| &p.style),
        Content::Vertical(paragraph) => Some(&paragraph.style),
        Content::Ticks(_, style) => Some(style),
        Content::Photo(_) => return (AROUND_PHOTO, AROUND_PHOTO),
    };
    let side = style.and_then(|s| s.padding).unwrap_or(table.padding);
    let above = style.and_then(|s| s.inset).unwrap_or(PADDING);
    (side, above)
}

fn draw_edges(
    table: &Table,
    cell: &Cell,
    height: Length,
    rect: Rect,
    rules: &mut TableEdges,
    sink: &mut Sink,
) {
    match table.border {
        Border::Full => rules.cell(rect),
        Border::None if cell.underline => {
            // near its text, also where the row is high
            let middle = (rect.height + height) / 2;
            let y = rect.y + (middle + FILL_BELOW).min(rect.height - PADDING);
            sink.items.push(Item::Rule {
                from: (rect.x, y),
                to: (rect.right(), y),
                width: FILL_RULE,
            });
        }
        Border::None => {}
    }
}

/// Draws the side label of the rows from `start` to `end`.
pub(super) fn draw_side(
    table: &Table,
    label: &[Laid],
    left: Length,
    start: Length,
    end: Length,
    rules: &mut TableEdges,
    sink: &mut Sink,
) {
    let Some(side) = table.side.as_ref().filter(|_| end > start) else {
        return;
    };
    let rect = Rect {
        x: left + table.left,
        y: start,
        width: side.width,
        height: end - start,
    };
    if table.border == Border::Full {
        rules.cell(rect);
    }
    let inner = Rect {
        x: rect.x + table.padding,
        y: start + PADDING,
        width: side.width - table.padding * 2,
        height: end - start - PADDING * 2,
    };
    Measured::Lines(label.to_vec()).set(inner, true, sink);
}
