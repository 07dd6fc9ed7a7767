//! Ruled tables over pages: rows measured and bound into groups, placed, split where a page ends; heads come again,
//! side labels are repeated （续）. What stands in a cell is measured and set by `cell`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::finding::{Finding, Place};
use crate::form::{Border, Cell, Content, PageNote, Paragraph, SideLabel, Table};
use crate::units::Length;

use super::balance::{PageRoom, page_ends};
use super::cell::{Measured, content};
use super::columns::widths;
use super::flow::{Pager, Piece};
use super::growth::share_out;
use super::line::Laid;
use super::rows::{Group, PADDING, Ready, Rows, cut, edge, padding};
use super::ruler::height_of;
use super::settled::{Settled, SizeKey, size_key};

/// Least height of the first part of a split row.
const LEAST_PART: Length = Length::mm(14);
/// Height of a row that is cut over pages, for measuring.
const ENDLESS: Length = Length::mm(10_000);

/// The label at the left of a table.
struct SideLines {
    first: Rc<Vec<Laid>>,
    /// On further pages.
    again: Rc<Vec<Laid>>,
}

/// The part of a table on one page.
struct Fragment {
    /// Number of its first piece on the page.
    from: usize,
    start: Length,
    continued: bool,
}

/// Places a table at the cursor.
pub(super) fn place<'f>(pager: &mut Pager<'f, '_>, table: &'f Table) {
    if table.border == Border::None {
        pager.end_tables();
    }
    let mut setter = Setter::new(pager, table);
    let groups = setter.sized_groups();
    let heads = setter.head_groups(&groups);
    let need = setter.need(&groups, heads);
    if need > setter.pager.room() && !setter.pager.fresh {
        setter.pager.next_page();
    }
    setter.settle();
    setter.begin_fragment(false);
    let count = groups.len();
    let (head, body) = groups.split_at(heads);
    for group in head {
        setter.put(group, group.height());
    }
    let ends = setter.page_ends(head, body);
    for (i, group) in body.iter().enumerate() {
        if ends.contains(&i) {
            setter.next_page(head);
        }
        setter.flow(group.clone(), head, heads + i + 1 == count);
    }
    setter.end_fragment();
    // the words below a last page would stand in what follows it
    if setter.fragment.continued && setter.pager.tail == Length::ZERO {
        setter.note(|note| &note.last);
    }
}

/// The height of a table that stands on one page.
pub(super) fn height<'f>(pager: &mut Pager<'f, '_>, table: &'f Table) -> Length {
    let groups = Setter::new(pager, table).sized_groups();
    groups.iter().map(Group::height).sum()
}

/// Places one table.
struct Setter<'p, 'f, 'b> {
    pager: &'p mut Pager<'f, 'b>,
    table: &'f Table,
    /// Left edges of the columns from the type area, and the right edge of the last.
    edges: Rc<Vec<Length>>,
    label: Option<SideLines>,
    fragment: Fragment,
    /// The step of its sizes that each kind of text has.
    steps: BTreeMap<SizeKey, usize>,
    /// How many rows of a list begin on this page.
    listed: usize,
}

impl<'p, 'f, 'b> Setter<'p, 'f, 'b> {
    fn new(pager: &'p mut Pager<'f, 'b>, table: &'f Table) -> Self {
        let side_width = table.side.as_ref().map_or(Length::ZERO, |s| s.width);
        let mut x = table.left + side_width;
        let mut edges = vec![x];
        for width in widths(pager.ruler, table) {
            x += width;
            edges.push(x);
        }
        let label = table.side.as_ref().map(|side| {
            let width = side.width - table.padding * 2;
            SideLines {
                first: Rc::new(side_lines(pager, side, false, width)),
                again: Rc::new(side_lines(pager, side, true, width)),
            }
        });
        Self {
            pager,
            table,
            edges: Rc::new(edges),
            label,
            fragment: Fragment {
                from: 0,
                start: Length::ZERO,
                continued: false,
            },
            steps: BTreeMap::new(),
            listed: 0,
        }
    }

    fn edge(&self, column: usize) -> Length {
        edge(&self.edges, column)
    }

    /// The width that a cell's content has.
    fn inner_width(&self, cell: &Cell) -> Length {
        let (side, _) = padding(self.table, cell);
        self.edge(cell.column + cell.columns) - self.edge(cell.column) - side * 2
    }

    /// Measured groups, every column in one size: the largest at which no word of it is cut. Rows grow before text shrinks; only a
    /// table that should stay whole goes on to smaller sizes while it is higher than a page.
    fn sized_groups(&mut self) -> Vec<Group<'f>> {
        let table = self.table;
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            let (Some(key), Content::Text(paragraphs)) = (size_key(cell), &cell.content) else {
                continue;
            };
            let width = self.inner_width(cell);
            let step = self.pager.ruler.untorn(paragraphs, width, cell.label);
            let most = self.steps.entry(key).or_default();
            *most = (*most).max(step);
        }
        let mut groups = self.groups();
        let room = self.pager.room() - self.pager.below.max(self.pager.tail);
        while table.whole && groups.iter().map(Group::height).sum::<Length>() > room {
            let mut shrunk = false;
            for (key, step) in &mut self.steps {
                let (label, _, _, _, sizes) = key;
                if !label && *step + 1 < sizes.len() {
                    *step += 1;
                    shrunk = true;
                }
            }
            if !shrunk {
                break;
            }
            groups = self.groups();
        }
        groups
    }

    /// Keeps the widths and sizes for who sets the same form otherwise.
    fn settle(&mut self) {
        let size = |cell: &Cell| size_key(cell).and_then(|key| self.steps.get(&key).copied());
        let rows = self.table.rows.iter();
        let steps = rows
            .map(|row| row.cells.iter().map(size).collect())
            .collect();
        let edges = self.edges.windows(2);
        let columns = edges.filter_map(|pair| Some(*pair.get(1)? - *pair.first()?));
        let settled = Settled {
            table: self.table,
            columns: columns.collect(),
            steps,
        };
        self.pager.settled.push(settled);
    }

    /// Rows bound by cells that cover several of them, measured.
    fn groups(&mut self) -> Vec<Group<'f>> {
        let table = self.table;
        let rows = &table.rows;
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
        even_rows(table, &mut groups);
        groups
    }

    fn group(&mut self, start: usize, end: usize) -> Group<'f> {
        let table = self.table;
        let rows = table.rows.get(start..end).unwrap_or_default();
        let splits = rows.len() == 1 && rows.iter().all(|r| r.splits);
        let head = end <= table.head;
        let mut heights: Vec<Length> = rows.iter().map(|r| r.height).collect();
        let mut cells = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            for cell in &row.cells {
                let width = self.inner_width(cell);
                let bound = rows.iter().skip(r).take(cell.rows);
                let least: Length = bound.map(|row| row.height).sum();
                let height = if splits && !cell.field.is_empty() {
                    ENDLESS
                } else {
                    least - padding(table, cell).1 * 2
                };
                let step = size_key(cell)
                    .and_then(|key| self.steps.get(&key))
                    .copied()
                    .unwrap_or(0);
                let content = content(
                    self.pager.ruler,
                    &cell.content,
                    step,
                    width,
                    height,
                    &cell.field,
                );
                let again = if splits || head && cell.continued {
                    self.again(cell, step, width, head)
                } else {
                    None
                };
                let roomy = self.roomy(cell, step, width);
                cells.push(Ready {
                    row: r,
                    cell,
                    content,
                    roomy,
                    again,
                    top: !cell.middle,
                });
            }
        }
        for ready in cells.iter().filter(|c| c.cell.rows == 1) {
            if let Some(height) = heights.get_mut(ready.row) {
                *height = (*height).max(ready.content.height() + padding(table, ready.cell).1 * 2);
            }
        }
        for ready in cells.iter().filter(|c| c.cell.rows > 1) {
            let have: Length = heights
                .iter()
                .skip(ready.row)
                .take(ready.cell.rows)
                .copied()
                .sum();
            let lack = ready.content.height() + padding(table, ready.cell).1 * 2 - have;
            share_out(
                lack,
                heights.iter_mut().skip(ready.row).take(ready.cell.rows),
            );
        }
        Group {
            cells,
            heights,
            first: start,
            splits,
            begun: false,
        }
    }

    /// A text that is the value of a cell, in more lines that spare its words.
    fn roomy(&mut self, cell: &Cell, step: usize, width: Length) -> Option<Measured> {
        match &cell.content {
            Content::Text(paragraphs) if !cell.label => {
                let ruler = &mut self.pager.ruler;
                let lines = ruler.roomy_lines(paragraphs, step, width, &cell.field);
                lines.map(Measured::Lines)
            }
            _ => None,
        }
    }

    /// A label with （续） for further pages: behind its words in a head, below them in a row that splits.
    fn again(&mut self, cell: &Cell, step: usize, width: Length, head: bool) -> Option<Measured> {
        match &cell.content {
            Content::Text(paragraphs) if cell.field.is_empty() && !paragraphs.is_empty() => {
                let mut paragraphs = paragraphs.clone();
                let last = paragraphs.last_mut()?;
                if head {
                    last.style.spread = 0;
                    last.text.push_str("（续）");
                } else {
                    let style = last.style.clone();
                    paragraphs.push(Paragraph {
                        text: "（续）".to_owned(),
                        style,
                    });
                }
                let lines = self.pager.ruler.lines(&paragraphs, step, width, "");
                Some(Measured::Lines(lines))
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

    /// The groups before which a new page begins, in a list whose rows fill their pages: so that no entry is left over alone.
    fn page_ends(&self, head: &[Group<'f>], body: &[Group<'f>]) -> BTreeSet<usize> {
        let rows = self.table.rows.iter().skip(self.table.head);
        let filling = rows.filter(|row| row.fills).count();
        if !self.pager.form.page.fills || filling < 2 || self.table.border != Border::Full {
            return BTreeSet::new();
        }
        let heads: Length = head.iter().map(Group::height).sum();
        let heights: Vec<Length> = body.iter().map(Group::height).collect();
        let room = PageRoom {
            first: self.pager.room(),
            further: self.pager.further - heads,
            foot: self.pager.tail,
        };
        page_ends(&heights, room)
    }

    /// Height that must be free for the table to begin here: heads, a first piece of the body, and the side label.
    fn need(&self, groups: &[Group<'f>], heads: usize) -> Length {
        let head: Length = groups.iter().take(heads).map(Group::height).sum();
        let first = groups.get(heads).map_or(Length::ZERO, |g| {
            // a text of a quarter of a page is not kept whole: what would stay blank is more than what is gained
            if g.splits && g.height() > self.pager.capacity() / 4 {
                LEAST_PART
            } else {
                g.height()
            }
        });
        let label = self
            .label
            .as_ref()
            .map_or(Length::ZERO, |label| height_of(&label.first) + PADDING * 2);
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
        // a short list without rules that ends a text, such as that of its annexes, is not torn from who signs
        let all: Length = groups.iter().map(Group::height).sum();
        let closes = self.table.border == Border::None && self.pager.tail > Length::ZERO;
        // nor is a list of a few rows over two pages
        let listed = self.table.rows.iter().any(|row| row.listed);
        let few = listed && all <= self.pager.capacity() / 5;
        if closes && all <= self.pager.capacity() / 3 || few {
            return all.max(label) + self.pager.tail;
        }
        let tail = if groups.len() == heads + 1 {
            self.pager.tail
        } else {
            Length::ZERO
        };
        (head + first + tail)
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
                height = height.max(self.label_bottom() - self.pager.used());
            }
            // the last row goes to the next page with who signs the text
            let tail = if last && !tried {
                self.pager.tail
            } else {
                Length::ZERO
            };
            if height + tail <= self.pager.room() {
                self.put(&group, height);
                return;
            }
            if height <= self.pager.room() {
                if group.splits
                    && let Some((first, rest)) = cut(self.table, &group, height - LEAST_PART)
                {
                    self.put(&first, self.pager.room());
                    group = rest;
                }
                tried = true;
                self.next_page(head);
                continue;
            }
            let room = self.pager.room();
            let forced = tried && group.heights.len() == 1;
            if (forced || group.splits && room >= LEAST_PART)
                && let Some((first, rest)) = cut(self.table, &group, room)
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

    /// Sets what stands below the table on this page.
    fn note(&mut self, which: impl Fn(&PageNote) -> &Paragraph) {
        let Some(note) = &self.table.page_note else {
            return;
        };
        let mut words = which(note).clone();
        words.text = words.text.replace("{here}", &self.listed.to_string());
        let right = edge(&self.edges, self.table.columns.len());
        let lines = self.pager.ruler.lines(&[words], 0, right, "");
        self.pager.push(Piece::Note(lines));
    }

    fn next_page(&mut self, head: &[Group<'f>]) {
        self.end_fragment();
        self.note(|note| &note.goes_on);
        self.listed = 0;
        self.pager.next_page();
        self.begin_fragment(true);
        for group in head {
            let group = group.continued();
            self.put(&group, group.height());
        }
    }

    fn begin_fragment(&mut self, continued: bool) {
        self.fragment = Fragment {
            from: self.pager.pieces.len(),
            start: self.pager.used(),
            continued,
        };
    }

    /// The y down to which the fragment must reach for its side label.
    fn label_bottom(&self) -> Length {
        let Some(SideLines { first, again }) = &self.label else {
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
        let mut group = group.clone();
        let rows = self.table.rows.iter().skip(group.first);
        let listed = rows.take(group.heights.len()).filter(|row| row.listed);
        self.listed += if group.begun { 0 } else { listed.count() };
        let over = height - group.height();
        if let Some(last) = group.heights.last_mut() {
            *last += over;
        }
        self.pager.push(Piece::Rows(Rows {
            table: self.table,
            edges: Rc::clone(&self.edges),
            group,
        }));
    }

    /// Sets the side label of the rows on this page.
    fn end_fragment(&mut self) {
        let Some(SideLines { first, again }) = &self.label else {
            return;
        };
        if self.pager.pieces.len() <= self.fragment.from {
            return;
        }
        let label = if self.fragment.continued {
            again
        } else {
            first
        };
        self.pager.push(Piece::Side {
            table: self.table,
            label: Rc::clone(label),
            from: self.fragment.from,
        });
    }
}

/// Rows of a list that may grow are as high as the highest of them that may still grow: one of two lines gives its height to those of one.
fn even_rows(table: &Table, groups: &mut [Group<'_>]) {
    let limit = |group: &Group<'_>| {
        let row = table.rows.get(group.first)?;
        (row.listed && group.heights.len() == 1).then_some(row.most)
    };
    let open = |group: &Group<'_>| limit(group).is_some_and(|most| group.height() < most);
    let heights = groups.iter().filter(|group| open(group));
    let Some(highest) = heights.map(Group::height).max() else {
        return;
    };
    for group in groups.iter_mut().filter(|group| open(group)) {
        group.heights = vec![highest];
    }
}

fn side_lines(
    pager: &mut Pager<'_, '_>,
    side: &SideLabel,
    continued: bool,
    width: Length,
) -> Vec<Laid> {
    let mut label = side.label.clone();
    // a label down the side is the same on every page: （续） would crowd it
    if continued
        && !side.vertical
        && let Some(style) = label.last().map(|p| p.style.clone())
    {
        label.push(Paragraph {
            text: "（续）".to_owned(),
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
