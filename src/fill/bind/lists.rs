//! Repeated rows (重复行): a row of heads, maybe two, over blank rows. Which list it is, say its heads, the label beside it,
//! the line above it and the rows that are given.

use crate::fill::anatomy::place::Take;
use crate::text::heading::fold_heading as letters;

use super::survey::FormGrid;
use crate::fill::anatomy::label::CANDIDATES;
use crate::fill::bind::binding::{BoundPlace, Undecided, in_words};
use crate::fill::bind::finder::PlaceFinder;

/// Heads of a column that counts rows.
const COUNTS: &[&str] = &[
    "序号",
    "编号",
    "顺序",
    "no",
    "序",
    "推荐顺序",
    "排序",
    "排名",
];
/// Titles of a table of many people.
const TABLES: &[&str] = &[
    "汇总",
    "名单",
    "一览",
    "名册",
    "花名册",
    "统计表",
    "列表",
    "明细表",
    "人选表",
];

/// A head and the blank below it.
#[derive(Clone, Debug)]
struct Column {
    /// The box of the first blank row.
    cell: usize,
    head: String,
    /// The head over the head.
    group: String,
    blank: bool,
}

/// A list as it was found.
struct Found {
    list: String,
    /// Columns with their fields and how sure they are.
    fields: Vec<(usize, String, f32)>,
    score: i32,
    sure: bool,
}

impl PlaceFinder<'_> {
    /// Finds the lists of all grids.
    pub(super) fn lists(&mut self) {
        for g in 0..self.survey.grids.len() {
            let mut row = 1;
            while let Some(grid) = self.survey.grids.get(g).filter(|grid| row < grid.rows) {
                let columns = columns(grid, row);
                let free = columns.iter().all(|c| !self.taken.contains(&(g, c.cell)));
                let found = (columns.len() > 1 && free)
                    .then(|| self.which(grid, row, &columns))
                    .flatten();
                match found {
                    Some(found) => row = self.take_list(g, row, &columns, &found),
                    None => row += 1,
                }
            }
        }
    }

    /// The list that some heads over a row mean.
    fn which(&self, grid: &FormGrid, row: usize, columns: &[Column]) -> Option<Found> {
        let side = self.announced(grid, row, columns);
        let blank = blank_rows(grid, row, columns);
        let counted = columns.iter().any(|c| counts(&c.head));
        let given = columns
            .iter()
            .filter(|c| !c.blank)
            .find_map(|c| self.lexicon.list_with_row(&grid.cells.get(c.cell)?.text()));
        let mut all: Vec<Found> = Vec::new();
        for list in self.lexicon.lists() {
            let mut fields: Vec<(usize, String, f32)> = Vec::new();
            let mut also: Vec<(usize, String, f32)> = Vec::new();
            for (n, column) in columns.iter().enumerate().filter(|(_, c)| c.blank) {
                let meaning = self.lexicon.column(list, &column.head).or_else(|| {
                    self.lexicon
                        .column(list, &format!("{}{}", column.group, column.head))
                });
                if let Some(meaning) = meaning
                    && fields.iter().all(|f| f.1 != meaning.field)
                {
                    also.extend(meaning.also.map(|f| (n, f, meaning.sure)));
                    fields.push((n, meaning.field, meaning.sure));
                }
            }
            // what shares a blank with another and has none of its own
            also.retain(|(_, field, _)| fields.iter().all(|f| f.1 != *field));
            let said = side
                .iter()
                .any(|s| self.lexicon.list_named(s) == Some(list));
            let people = list == CANDIDATES
                && side
                    .iter()
                    .any(|s| TABLES.iter().any(|t| letters(s).contains(t)));
            let mut score = 10 * i32::try_from(fields.len()).unwrap_or(0);
            score += if said { 25 } else { 0 };
            score += if given == Some(list) { 30 } else { 0 };
            if list == CANDIDATES {
                let named = fields.iter().any(|f| f.1 == "name");
                score += if named { 5 } else { -15 };
            }
            let enough = if list == CANDIDATES {
                fields.len() > 2 && (blank > 1 || counted || people)
            } else {
                fields.len() > 1 || said && !fields.is_empty()
            };
            if enough {
                fields.extend(also);
                all.push(Found {
                    list: list.to_owned(),
                    fields,
                    score,
                    sure: said || people || counted || given == Some(list) || blank > 1,
                });
            }
        }
        all.sort_by_key(|f| -f.score);
        let person = columns
            .iter()
            .filter(|c| c.blank && self.lexicon.person(&c.head).is_some())
            .count();
        let mut all = all.into_iter();
        let mut best = all.next()?;
        let lone = blank < 2 && !counted;
        // one blank row below labels of a person is a form written downwards
        let downwards =
            best.list != CANDIDATES && lone && !best.sure && person >= best.fields.len();
        if downwards {
            return None;
        }
        if all.next().is_some_and(|next| next.score == best.score) {
            for field in &mut best.fields {
                field.2 = field.2.min(0.6);
            }
        }
        Some(best)
    }

    /// What announces a list: the label beside its rows, the full row above its heads, the lines above the table.
    fn announced(&self, grid: &FormGrid, row: usize, columns: &[Column]) -> Vec<String> {
        let mut out = Vec::new();
        let first = columns.first().and_then(|c| grid.cells.get(c.cell));
        let top = row.saturating_sub(1);
        if let Some(first) = first {
            let left = grid.left(first).and_then(|n| grid.cells.get(n));
            out.extend(left.map(|c| c.text()));
            for above in 1..=2 {
                let over = top
                    .checked_sub(above)
                    .and_then(|r| grid.at(r, first.column));
                let over = over.and_then(|n| grid.cells.get(n));
                let wide = over.filter(|c| c.across > first.across && !c.is_blank());
                out.extend(wide.map(|c| c.text()));
            }
        }
        if row < 4 {
            out.extend(grid.above.iter().rev().cloned());
        }
        out
    }

    /// Takes a list in; gives the row behind it.
    fn take_list(&mut self, g: usize, row: usize, columns: &[Column], found: &Found) -> usize {
        let list = &found.list;
        for (n, field, sure) in &found.fields {
            let Some(column) = columns.get(*n) else {
                continue;
            };
            let Some(mut place) = self.survey.place(g, column.cell) else {
                continue;
            };
            place.key = format!("{list}.{field}");
            place.take = Take::Rows;
            place.label.clone_from(&column.head);
            let confidence = if found.sure { *sure } else { sure.min(0.8) };
            self.places.push(BoundPlace { place, confidence });
        }
        for (n, column) in columns.iter().enumerate().filter(|(_, c)| c.blank) {
            if found.fields.iter().any(|f| f.0 == n) {
                continue;
            }
            let Some(mut place) = self.survey.place(g, column.cell) else {
                continue;
            };
            place.label.clone_from(&column.head);
            if counts(&column.head) {
                place.key = format!("{list}.seq");
                place.take = Take::Rows;
                self.places.push(BoundPlace {
                    place,
                    confidence: 0.8,
                });
            } else {
                self.unbound.push(Undecided {
                    label: column.head.clone(),
                    place: in_words(&place),
                    keys: Vec::new(),
                });
            }
        }
        let Some(grid) = self.survey.grids.get(g) else {
            return row + 1;
        };
        let end = row + blank_rows(grid, row, columns).max(1);
        let own = || columns.iter().filter_map(|c| grid.cells.get(c.cell));
        let left = own().map(|c| c.column).min().unwrap_or(0);
        let right = own().map(|c| c.column + c.across).max().unwrap_or(0);
        let grouped = columns.iter().any(|c| !c.group.is_empty());
        let top = row.saturating_sub(1 + usize::from(grouped));
        let rows = (top..end).flat_map(|r| (left..right).filter_map(move |c| grid.at(r, c)));
        let taken: Vec<_> = rows.map(|n| (g, n)).collect();
        self.taken.extend(taken);
        end
    }
}

fn counts(head: &str) -> bool {
    COUNTS.contains(&letters(head).as_str())
}

/// The columns of a row: boxes with a printed head right above of the same width, blank ones among them.
fn columns(grid: &FormGrid, row: usize) -> Vec<Column> {
    let mut out = Vec::new();
    for n in grid.in_row(row) {
        let Some(cell) = grid.cells.get(n).filter(|c| c.down == 1) else {
            continue;
        };
        let head = grid.over(cell).and_then(|n| grid.cells.get(n));
        let Some(head) = head.filter(|h| h.column == cell.column && h.across == cell.across) else {
            continue;
        };
        if head.is_blank() || head.inner {
            continue;
        }
        let group = grid
            .over(head)
            .and_then(|n| grid.cells.get(n))
            .filter(|g| g.across > head.across && !g.is_blank())
            .map(|g| g.text());
        out.push(Column {
            cell: n,
            head: head.text(),
            group: group.unwrap_or_default(),
            blank: cell.is_blank(),
        });
    }
    // a row with nothing to fill in below printed heads is no first row
    if out.iter().filter(|c| c.blank).count() < 2 {
        return Vec::new();
    }
    out
}

/// How many rows from one on are blank where the columns are.
fn blank_rows(grid: &FormGrid, row: usize, columns: &[Column]) -> usize {
    let blank = |row: usize| {
        columns.iter().filter(|c| c.blank).all(|c| {
            let first = grid.cells.get(c.cell);
            let own = first.and_then(|f| grid.at(row, f.column).and_then(|n| grid.cells.get(n)));
            first.zip(own).is_some_and(|(first, own)| {
                own.row == row
                    && own.down == 1
                    && own.column == first.column
                    && own.across == first.across
                    && own.is_blank()
            })
        })
    };
    (row..grid.rows).take_while(|r| blank(*r)).count()
}
