//! Repeated rows (重复行): a row of heads, maybe two, over blank rows. Which list it is, say its heads, the label beside it,
//! the line above it and the rows that are given.

use std::collections::BTreeSet;

use crate::fill::anatomy::halves::whole_key;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::text::heading::fold_heading as letters;

use super::columns::{Column, blank_rows, columns, counts};
use super::roles::NamedRole;
use super::sections::{is_attribute, section};
use super::subject::Whose;
use super::survey::{FormBox, FormGrid};
use super::topics::{Topic, parts_it};
use super::words::is_title;
use crate::campaign::Owner;
use crate::fill::anatomy::label::{CANDIDATES, owner_of};
use crate::fill::bind::binding::{BoundPlace, Undecided, in_words};
use crate::fill::bind::finder::PlaceFinder;
use crate::fill::bind::lexicon::Meaning;

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
        let mut headed: Vec<(String, String, std::ops::Range<usize>)> = Vec::new();
        for g in 0..self.survey.grids.len() {
            self.keep_examples(g);
            let mut row = 1;
            while let Some(grid) = self.survey.grids.get(g).filter(|grid| row < grid.rows) {
                let columns = columns(grid, row);
                let free = columns.iter().all(|c| !self.taken.contains(&(g, c.cell)));
                if let Some(whose) = (columns.len() > 1 && free)
                    .then(|| self.another_list(g, row, &columns))
                    .flatten()
                {
                    row = self.leave_list(g, row, &columns, &whose);
                    continue;
                }
                let mut found = (columns.len() > 1 && free)
                    .then(|| self.which(grid, row, &columns))
                    .flatten();
                let topic = found
                    .as_ref()
                    .filter(|found| found.list != CANDIDATES)
                    .map(|found| self.topic(grid, row, &columns, &found.list));
                match topic {
                    Some(Topic::Others(whose)) => {
                        row = self.leave_list(g, row, &columns, &whose);
                        continue;
                    }
                    Some(Topic::Thing) => {
                        row = self.open_list(g, row, &columns);
                        continue;
                    }
                    Some(Topic::Unsure) => {
                        let fields = found.iter_mut().flat_map(|f| &mut f.fields);
                        fields.for_each(|field| field.2 = field.2.min(0.6));
                    }
                    Some(Topic::This) | None => {}
                }
                let Some(found) = found else {
                    row += 1;
                    continue;
                };
                let heading = self.heading(grid, row, &columns).unwrap_or_default();
                let first = self.places.len();
                row = self.take_list(g, row, &columns, &found);
                headed.push((found.list, heading, first..self.places.len()));
            }
        }
        // a list that a form asks in two parts is in neither as a whole
        for (list, heading, places) in &headed {
            let mut others = headed.iter().filter(|(other, ..)| other == list);
            if others.any(|(_, other, _)| parts_it(heading, other)) {
                let places = self.places.get_mut(places.clone()).unwrap_or_default();
                places
                    .iter_mut()
                    .for_each(|b| b.confidence = b.confidence.min(0.6));
            }
        }
    }

    /// In a form that is filled for each person, a list of all of them would hand everyone's data to everyone: it waits for a person's word,
    /// unless the form names it by a placeholder.
    pub(super) fn part_from_person(&mut self) {
        let own = |b: &BoundPlace| {
            let single = !b.place.key.contains(['.', '[']) && b.place.take != Take::Rows;
            let candidate = owner_of(self.campaign, &b.place.key) == Some(Owner::Candidate);
            single && candidate && !b.place.key.starts_with('@')
        };
        let asked: BTreeSet<&str> = self
            .places
            .iter()
            .filter(|b| own(b))
            .map(|b| b.place.key.as_str())
            .collect();
        // one lone blank, as for 备注 below a roster, makes no person's form of it
        let lone = asked.len() < 2 && !asked.contains("name");
        let listed = || {
            self.places
                .iter()
                .any(|b| b.place.key.starts_with(&format!("{CANDIDATES}.")))
        };
        if lone && listed() {
            // what one of many is asked outside their list is nobody's yet
            let lone: Vec<usize> = (0..self.places.len())
                .filter(|n| self.places.get(*n).is_some_and(own))
                .collect();
            for n in lone {
                if let Some(bound) = self.places.get_mut(n) {
                    bound.confidence = bound.confidence.min(0.6);
                }
            }
        }
        if lone {
            return;
        }
        let of_all = |b: &BoundPlace| {
            let list = b.place.key.split_once('.').map(|(list, _)| list);
            list == Some(CANDIDATES) && !self.named.contains(&b.place.key)
        };
        let (lists, own) = std::mem::take(&mut self.places)
            .into_iter()
            .partition(of_all);
        self.places = own;
        let lists: Vec<BoundPlace> = lists;
        for bound in lists {
            let place = FieldPlace {
                key: String::new(),
                ..bound.place
            };
            self.note_others(place, "名单上的每一个人");
        }
    }

    /// Keeps the rows that show how a list is filled in from anybody.
    fn keep_examples(&mut self, g: usize) {
        let Some(grid) = self.survey.grids.get(g) else {
            return;
        };
        let rows = (1..grid.rows).filter(|row| grid.is_example(*row));
        let boxes: Vec<(usize, usize)> = rows
            .flat_map(|row| grid.in_row(row))
            .map(|n| (g, n))
            .collect();
        self.taken.extend(boxes);
    }

    /// Whose a list is that is somebody else's: by what announces it, by a column that says how people are related, by 姓名 as a head in
    /// a form that is about one person.
    fn another_list(&self, g: usize, row: usize, columns: &[Column]) -> Option<String> {
        let grid = self.survey.grids.get(g)?;
        let asked =
            |c: &&Column| is_attribute(&self.lexicon, &c.head) || NamedRole::of(&c.head).is_some();
        if columns.iter().filter(asked).count() < 2 {
            return None;
        }
        let another = |role: &NamedRole| self.subject.whose(Some(role)) == Whose::Another;
        let announced = self.announced(grid, row, columns);
        let role = announced
            .iter()
            .find_map(|text| {
                // whom a title names the form is about, unless that is somebody else
                let own = |r: &NamedRole| !is_title(text) || r.is_another();
                section(text).filter(own)
            })
            .filter(another);
        if let Some(role) = role {
            return Some(role.words);
        }
        let heads = || columns.iter().map(|c| letters(&c.head));
        if heads().any(|h| h == "称谓" || h.ends_with("关系") && !h.contains("社会")) {
            return Some("家庭成员".to_owned());
        }
        let row_heads = columns.iter().filter(|c| !c.blank);
        let mut row_heads =
            row_heads.filter_map(|c| NamedRole::alone(&grid.cells.get(c.cell)?.text()));
        if let Some(role) = row_heads.find(another) {
            return Some(role.words);
        }
        let name = |c: &Column| {
            let meaning = self.lexicon.person(&c.head);
            let above = grid.cells.get(c.cell).and_then(|cell| grid.over(cell));
            let heads = above.is_some_and(|n| self.blocks.at(g, n).heads);
            heads && meaning.is_some_and(|m| m.field == "name" && m.sure > 0.8)
        };
        // a sheet of its own, and a list that is announced as one, hold whoever they say
        let listed = |text: &String| TABLES.iter().any(|t| letters(text).contains(t));
        let within = self.named_in.contains(&g);
        let apart = !within && (!grid.sheet.is_empty() || announced.iter().any(listed));
        let people = (self.one_person || self.team) && !apart;
        let people = people && columns.iter().any(|c| c.blank && name(c));
        people.then(|| {
            let words = announced.first().map(|t| letters(t));
            words
                .filter(|w| !w.is_empty())
                .unwrap_or_else(|| "名单中的人".to_owned())
        })
    }

    /// Leaves a list to those whose it is; gives the row behind it.
    fn leave_list(&mut self, g: usize, row: usize, columns: &[Column], whose: &str) -> usize {
        for column in columns.iter().filter(|c| c.blank && !counts(&c.head)) {
            self.leave_to(g, column.cell, Take::Rows, &column.head, whose);
        }
        self.take_rows(g, row, columns)
    }

    /// Leaves a list open that the campaign has nothing for; gives the row behind it.
    fn open_list(&mut self, g: usize, row: usize, columns: &[Column]) -> usize {
        for column in columns.iter().filter(|c| c.blank && !counts(&c.head)) {
            let Some(mut place) = self.survey.place(g, column.cell) else {
                continue;
            };
            place.label.clone_from(&column.head);
            place.take = Take::Rows;
            self.unbound.push(Undecided {
                label: column.head.clone(),
                place: in_words(&place),
                keys: Vec::new(),
                blank: Some(place),
            });
        }
        self.take_rows(g, row, columns)
    }

    /// What a head asks in a list; none where it asks somebody else.
    pub(super) fn head(&self, list: &str, head: &str) -> Option<Meaning> {
        let known = self.lexicon.column(list, head);
        if known.as_ref().is_some_and(|m| m.sure > 0.8) {
            return known;
        }
        match NamedRole::of(head) {
            Some(role) if list == CANDIDATES => match self.subject.whose(Some(&role)) {
                Whose::Candidate(most) => {
                    let asks = if role.asks.is_empty() {
                        "姓名"
                    } else {
                        &role.asks
                    };
                    let mut meaning = self.lexicon.column(list, asks)?;
                    meaning.sure = meaning.sure.min(most);
                    Some(meaning)
                }
                Whose::Another => None,
            },
            Some(role) if role.is_another() => None,
            _ => known,
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
            let mut fields = self.span_columns(list, columns);
            let mut also: Vec<(usize, String, f32)> = Vec::new();
            for (n, column) in columns.iter().enumerate().filter(|(_, c)| c.blank) {
                if fields.iter().any(|f| f.0 == n) {
                    continue;
                }
                let meaning = self.head(list, &column.head).or_else(|| {
                    self.lexicon
                        .column(list, &format!("{}{}", column.group, column.head))
                });
                if let Some(meaning) = meaning
                    && fields.iter().all(|f| whole_key(&f.1) != meaning.field)
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
                // a sheet that ends with heads is a list whatever its heads; one that is announced as such needs no more than names
                let named = fields.iter().any(|f| f.1 == "name");
                let open = grid.open_row == Some(row);
                let listed = blank > 1 || counted || people || open;
                let id = self.lexicon.person("证件号码").map(|m| m.field);
                // numbered rows of names with id numbers list people, whatever else is asked of them
                let told = named
                    && counted
                    && blank > 1
                    && fields.iter().any(|f| Some(&f.1) == id.as_ref());
                fields.len() > 2 && listed || told || named && (people && blank > 1 || open)
            } else {
                // two heads that any list may have say nothing among many others
                let asked = columns
                    .iter()
                    .filter(|c| c.blank && !counts(&c.head))
                    .count();
                let most = fields.len() > 1 && fields.len() * 2 >= asked;
                most || given == Some(list) && fields.len() > 1 || said && !fields.is_empty()
            };
            if enough {
                fields.extend(also);
                all.push(Found {
                    list: list.to_owned(),
                    fields,
                    score,
                    sure: said
                        || people
                        || counted
                        || given == Some(list)
                        || blank > 1
                        || grid.open_row == Some(row),
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
        // three heads of a list, of which not all are asked of a person, say enough over a single row
        let asked = columns
            .iter()
            .filter(|c| c.blank && !counts(&c.head))
            .count();
        let own = best.fields.len() > 2 && best.fields.len() == asked;
        best.sure |= own && best.list != CANDIDATES && person < best.fields.len();
        if all.next().is_some_and(|next| next.score == best.score) {
            for field in &mut best.fields {
                field.2 = field.2.min(0.6);
            }
        }
        Some(best)
    }

    /// What announces a list: the label beside its rows, the full row above its heads, the lines above the table.
    pub(super) fn announced(&self, grid: &FormGrid, row: usize, columns: &[Column]) -> Vec<String> {
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
            self.places.push(BoundPlace::found(place, confidence));
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
                let confidence = if found.sure { 0.85 } else { 0.8 };
                self.places.push(BoundPlace::found(place, confidence));
            } else if let Some(role) = NamedRole::of(&column.head).filter(NamedRole::is_another) {
                place.take = Take::Rows;
                self.note_others(place, &role.words);
            } else {
                self.unbound.push(Undecided {
                    label: column.head.clone(),
                    place: in_words(&place),
                    keys: Vec::new(),
                    blank: Some(FieldPlace {
                        take: Take::Rows,
                        ..place
                    }),
                });
            }
        }
        self.take_rows(g, row, columns)
    }

    /// Keeps the rows of a list from anybody; gives the row behind it.
    fn take_rows(&mut self, g: usize, row: usize, columns: &[Column]) -> usize {
        let Some(grid) = self.survey.grids.get(g) else {
            return row + 1;
        };
        let end = row + blank_rows(grid, row, columns).max(1);
        let own = || columns.iter().filter_map(|c| grid.cells.get(c.cell));
        let left = own().map(|c| c.column).min().unwrap_or(0);
        let right = own().map(|c| c.column + c.across).max().unwrap_or(0);
        let grouped = columns.iter().any(|c| !c.group.is_empty());
        // a row in which something is blank asks for itself, and heads nothing
        let over = row.checked_sub(2).filter(|_| grouped);
        let over = over.filter(|over| {
            let mut cells = (left..right).filter_map(|c| grid.cells.get(grid.at(*over, c)?));
            !cells.any(FormBox::is_blank)
        });
        let top = over.unwrap_or(row.saturating_sub(1));
        let rows = (top..end).flat_map(|r| (left..right).filter_map(move |c| grid.at(r, c)));
        let taken: Vec<_> = rows.map(|n| (g, n)).collect();
        self.taken.extend(taken);
        end
    }
}
