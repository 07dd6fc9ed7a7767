//! Ruled tables over pages: rows measured and bound into groups, placed, split where a page ends; heads come again,
//! side labels are repeated （续）. What stands in a cell is measured and set by `cell`.

use crate::finding::{Finding, Place};
use crate::form::{Border, Cell, Content, Paragraph, SideLabel, Table};
use crate::units::Length;

use super::cell::{Measured, height_of};
use super::flow::Pager;
use super::line::Laid;
use super::page::{Item, Rect};

/// Padding of cells above and below.
const PADDING: Length = Length(700);
/// Thickness of a line to fill in.
const FILL_RULE: Length = Length(176);
/// Least height of the first part of a split row.
const LEAST_PART: Length = Length::mm(14);

/// A cell with its measured content, and what it shows on the pages after a split.
#[derive(Clone)]
struct Ready<'f> {
    row: usize,
    cell: &'f Cell,
    content: Measured,
    /// For labels in rows that split: the label with （续）.
    again: Option<Measured>,
    top: bool,
}

/// Rows that stay together.
#[derive(Clone)]
struct Group<'f> {
    cells: Vec<Ready<'f>>,
    heights: Vec<Length>,
    splits: bool,
}

impl Group<'_> {
    fn height(&self) -> Length {
        self.heights.iter().copied().sum()
    }
}

/// The part of a table on one page.
struct Fragment {
    start: Length,
    continued: bool,
}

/// Places a table at the cursor.
pub(super) fn place<'f>(pager: &mut Pager<'f, '_>, table: &'f Table) {
    if table.border == Border::None {
        pager.end_tables();
    }
    let mut setter = Setter::new(pager, table);
    let groups = setter.groups();
    let heads = setter.head_groups(&groups);
    let need = setter.need(&groups, heads);
    if need > setter.pager.room() && !setter.pager.fresh {
        setter.pager.next_page();
    }
    setter.fragment.start = setter.pager.y;
    let count = groups.len();
    let (head, body) = groups.split_at(heads);
    for group in head {
        setter.put(group, group.height());
    }
    for (i, group) in body.iter().enumerate() {
        setter.flow(group.clone(), head, heads + i + 1 == count);
    }
    setter.end_fragment();
}

/// Places one table.
struct Setter<'p, 'f, 'b> {
    pager: &'p mut Pager<'f, 'b>,
    table: &'f Table,
    /// Left edges of the columns, and the right edge of the last.
    edges: Vec<Length>,
    label: Option<(Vec<Laid>, Vec<Laid>)>,
    fragment: Fragment,
}

impl<'p, 'f, 'b> Setter<'p, 'f, 'b> {
    fn new(pager: &'p mut Pager<'f, 'b>, table: &'f Table) -> Self {
        let side_width = table.side.as_ref().map_or(Length::ZERO, |s| s.width);
        let mut x = pager.form.page.left + table.left + side_width;
        let mut edges = vec![x];
        for &width in &table.columns {
            x += width;
            edges.push(x);
        }
        let label = table.side.as_ref().map(|side| {
            let width = side.width - table.padding * 2;
            (
                side_lines(pager, side, false, width),
                side_lines(pager, side, true, width),
            )
        });
        let start = pager.y;
        Self {
            pager,
            table,
            edges,
            label,
            fragment: Fragment {
                start,
                continued: false,
            },
        }
    }

    fn edge(&self, column: usize) -> Length {
        self.edges
            .get(column)
            .or(self.edges.last())
            .copied()
            .unwrap_or(Length::ZERO)
    }

    /// Rows bound by cells that cover several of them, measured.
    fn groups(&mut self) -> Vec<Group<'f>> {
        let rows = &self.table.rows;
        let mut groups = Vec::new();
        let mut start = 0;
        while start < rows.len() {
            let mut end = start + 1;
            let mut i = start;
            while i < end {
                let reach = rows
                    .get(i)
                    .map_or(1, |r| r.cells.iter().map(|c| c.rows).max().unwrap_or(1));
                end = end.max(i + reach.max(1)).min(rows.len());
                // a row that stays with the one before it; never a body row with the heads
                while end > self.table.head && rows.get(end).is_some_and(|r| r.keep) {
                    end += 1;
                }
                i += 1;
            }
            groups.push(self.group(start, end));
            start = end;
        }
        groups
    }

    fn group(&mut self, start: usize, end: usize) -> Group<'f> {
        let table = self.table;
        let rows = table.rows.get(start..end).unwrap_or_default();
        let splits = rows.len() == 1 && rows.iter().all(|r| r.splits);
        let mut heights: Vec<Length> = rows.iter().map(|r| r.height).collect();
        let mut cells = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            for cell in &row.cells {
                let width = self.edge(cell.column + cell.columns)
                    - self.edge(cell.column)
                    - table.padding * 2;
                let least: Length = rows
                    .iter()
                    .skip(r)
                    .take(cell.rows)
                    .map(|row| row.height)
                    .sum();
                let height = if splits && !cell.field.is_empty() {
                    Length::mm(10_000)
                } else {
                    least - PADDING * 2
                };
                let content = self
                    .pager
                    .ruler
                    .content(&cell.content, width, height, &cell.field);
                let again = if splits {
                    self.again(cell, width)
                } else {
                    None
                };
                cells.push(Ready {
                    row: r,
                    cell,
                    content,
                    again,
                    top: !cell.middle,
                });
            }
        }
        for ready in cells.iter().filter(|c| c.cell.rows == 1) {
            if let Some(height) = heights.get_mut(ready.row) {
                *height = (*height).max(ready.content.height() + PADDING * 2);
            }
        }
        for ready in cells.iter().filter(|c| c.cell.rows > 1) {
            let have: Length = heights
                .iter()
                .skip(ready.row)
                .take(ready.cell.rows)
                .copied()
                .sum();
            let lack = ready.content.height() + PADDING * 2 - have;
            if lack > Length::ZERO
                && let Some(last) = heights.get_mut(ready.row + ready.cell.rows - 1)
            {
                *last += lack;
            }
        }
        Group {
            cells,
            heights,
            splits,
        }
    }

    /// The label of a row that splits, for its further pages.
    fn again(&mut self, cell: &Cell, width: Length) -> Option<Measured> {
        match &cell.content {
            Content::Text(paragraphs) if cell.field.is_empty() && !paragraphs.is_empty() => {
                let mut paragraphs = paragraphs.clone();
                let style = paragraphs.last()?.style.clone();
                paragraphs.push(Paragraph {
                    text: "（续）".to_owned(),
                    style,
                });
                Some(Measured::Lines(self.pager.ruler.lines(
                    &paragraphs,
                    0,
                    width,
                    "",
                )))
            }
            _ => None,
        }
    }

    /// How many of the groups are heads.
    fn head_groups(&self, groups: &[Group<'f>]) -> usize {
        let mut rows = 0;
        groups
            .iter()
            .take_while(|g| {
                rows += g.heights.len();
                rows <= self.table.head
            })
            .count()
    }

    /// Height that must be free for the table to begin here: heads, a first piece of the body, and the side label.
    fn need(&self, groups: &[Group<'f>], heads: usize) -> Length {
        let head: Length = groups.iter().take(heads).map(Group::height).sum();
        let first = groups.get(heads).map_or(Length::ZERO, |g| {
            if g.splits && g.height() > self.pager.capacity() / 3 {
                LEAST_PART
            } else {
                g.height()
            }
        });
        let label = self
            .label
            .as_ref()
            .map_or(Length::ZERO, |(label, _)| height_of(label) + PADDING * 2);
        let mut covered = head;
        for group in groups.iter().skip(heads) {
            if covered >= label {
                break;
            }
            covered += if group.splits {
                group.height().min(label - covered)
            } else {
                group.height()
            };
        }
        (head + first)
            .max(covered)
            .max(label)
            .min(self.pager.capacity())
    }

    /// Places a group, on as many pages as it takes.
    fn flow(&mut self, mut group: Group<'f>, head: &[Group<'f>], last: bool) {
        // a fresh page that still cannot hold the group
        let mut tried = false;
        loop {
            let mut height = group.height();
            if last {
                height = height.max(self.label_bottom() - self.pager.y);
            }
            if height <= self.pager.room() {
                self.put(&group, height);
                return;
            }
            let room = self.pager.room();
            let forced = tried && group.heights.len() == 1;
            if (forced || group.splits && room >= LEAST_PART)
                && let Some((first, rest)) = cut(&group, room)
            {
                self.put(&first, room);
                group = rest;
                self.next_page(head);
                tried = false;
                continue;
            }
            if tried {
                self.too_tall(&group);
                let height = group.height();
                self.put(&group, height);
                return;
            }
            tried = true;
            self.next_page(head);
        }
    }

    fn too_tall(&mut self, group: &Group<'f>) {
        let field = group
            .cells
            .iter()
            .map(|c| c.cell.field.as_str())
            .find(|f| !f.is_empty())
            .unwrap_or("");
        let place = Place::file(self.pager.form.path.clone()).of("", field);
        self.pager.ruler.findings.push(Finding::error(
            "P1",
            place,
            format!(
                "表格中有一行高于一页（{:.0} 毫米），排不下。",
                group.height().to_mm()
            ),
            "请压缩该栏文字，或在模板中减小行高、允许跨页。",
        ));
    }

    fn next_page(&mut self, head: &[Group<'f>]) {
        self.end_fragment();
        self.pager.next_page();
        self.fragment = Fragment {
            start: self.pager.y,
            continued: true,
        };
        for group in head {
            self.put(group, group.height());
        }
    }

    /// The y down to which the fragment must reach for its side label.
    fn label_bottom(&self) -> Length {
        let Some((first, again)) = &self.label else {
            return Length::ZERO;
        };
        let label = if self.fragment.continued {
            again
        } else {
            first
        };
        self.fragment.start + height_of(label) + PADDING * 2
    }

    /// Places a group at the cursor in the given height; its last row takes what is over.
    fn put(&mut self, group: &Group<'f>, height: Length) {
        let mut tops = vec![self.pager.y];
        let mut y = self.pager.y;
        for &row in &group.heights {
            y += row;
            tops.push(y);
        }
        if let Some(end) = tops.last_mut() {
            *end = self.pager.y + height;
        }
        for ready in &group.cells {
            let cell = ready.cell;
            let at = |i: usize| tops.get(i).or(tops.last()).copied().unwrap_or(y);
            let (x, top) = (self.edge(cell.column), at(ready.row));
            let rect = Rect {
                x,
                y: top,
                width: self.edge(cell.column + cell.columns) - x,
                height: at(ready.row + cell.rows) - top,
            };
            self.draw_edges(cell, rect);
            let inner = Rect {
                x: rect.x + self.table.padding,
                y: rect.y + PADDING,
                width: rect.width - self.table.padding * 2,
                height: rect.height - PADDING * 2,
            };
            ready.content.set(inner, !ready.top, &mut self.pager.sink);
        }
        self.pager.y += height;
        self.pager.fresh = false;
    }

    fn draw_edges(&mut self, cell: &Cell, rect: Rect) {
        match self.table.border {
            Border::Full => self.pager.rules.cell(rect),
            Border::None if cell.underline => {
                let y = rect.bottom() - PADDING;
                let (from, to) = ((rect.x, y), (rect.right(), y));
                self.pager.sink.items.push(Item::Rule {
                    from,
                    to,
                    width: FILL_RULE,
                });
            }
            Border::None => {}
        }
    }

    /// Draws the side label of the rows on this page.
    fn end_fragment(&mut self) {
        let (Some(side), Some((first, again))) = (&self.table.side, &self.label) else {
            return;
        };
        let label = if self.fragment.continued {
            again
        } else {
            first
        };
        let x = self.pager.form.page.left + self.table.left;
        let (start, end) = (self.fragment.start, self.pager.y);
        if end <= start {
            return;
        }
        let rect = Rect {
            x,
            y: start,
            width: side.width,
            height: end - start,
        };
        if self.table.border == Border::Full {
            self.pager.rules.cell(rect);
        }
        let inner = Rect {
            x: x + self.table.padding,
            y: start + PADDING,
            width: side.width - self.table.padding * 2,
            height: end - start - PADDING * 2,
        };
        Measured::Lines(label.clone()).set(inner, true, &mut self.pager.sink);
    }
}

fn side_lines(
    pager: &mut Pager<'_, '_>,
    side: &SideLabel,
    continued: bool,
    width: Length,
) -> Vec<Laid> {
    let mut label = side.label.clone();
    if continued && let Some(style) = label.last().map(|p| p.style.clone()) {
        label.push(Paragraph {
            text: if side.vertical { "续" } else { "（续）" }.to_owned(),
            style,
        });
    }
    if side.vertical {
        label
            .iter()
            .flat_map(|p| pager.ruler.vertical(p, width, ""))
            .collect()
    } else {
        pager.ruler.lines(&label, 0, width, "")
    }
}

/// Cuts a group of one row so that the first part is at most `room` high.
fn cut<'f>(group: &Group<'f>, room: Length) -> Option<(Group<'f>, Group<'f>)> {
    let inner = room - PADDING * 2;
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let mut more = false;
    for ready in &group.cells {
        let (now, later) = ready.content.cut(inner)?;
        let label = ready.again.is_some();
        more |= !label && !later.is_empty();
        // text that goes on begins at the top of both parts
        let top = ready.top || !later.is_empty();
        let later = ready.again.clone().unwrap_or(later);
        first.push(Ready {
            content: now,
            top,
            ..ready.clone()
        });
        rest.push(Ready {
            content: later,
            top,
            ..ready.clone()
        });
    }
    if !more {
        return None;
    }
    let needed = rest
        .iter()
        .map(|c| c.content.height() + PADDING * 2)
        .max()
        .unwrap_or(Length::ZERO);
    let part = |cells, height| Group {
        cells,
        heights: vec![height],
        splits: true,
    };
    Some((part(first, room), part(rest, needed)))
}
