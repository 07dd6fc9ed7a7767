//! Values of an .xlsx as a person left them, by the places of a binding; rows that were added are read with their list.

use crate::campaign::Campaign;
use crate::fill::anatomy::boxes::{boxes_of, is_ticked};
use crate::fill::anatomy::cell_words::{BESIDE, behind_words, placed};
use crate::fill::anatomy::grid::{SheetGrid, cell_reader};
use crate::fill::anatomy::joined::is_joined;
use crate::fill::anatomy::label::{field_of, folded, words_of};
use crate::fill::anatomy::place::{FieldPlace, Take, is_in_row};
use crate::fill::anatomy::row_kinds::{is_example_mark, is_foot};
use crate::finding::Place as At;
use crate::ooxml::{OoxmlError, OpcPackage, Tree};

use crate::fill::back::form_read::{How, ReadValue};
use crate::fill::back::text::{self, is_known_label, unless_label};

/// All values in a workbook.
pub(super) fn read(
    campaign: &Campaign,
    file: &str,
    package: &OpcPackage,
    places: &[FieldPlace],
) -> Result<Vec<ReadValue>, OoxmlError> {
    let reader = cell_reader(package)?;
    let mut parts: Vec<&str> = places.iter().map(|p| p.part.as_str()).collect();
    parts.sort_unstable();
    parts.dedup();
    let mut found = Vec::new();
    for part in parts {
        if package.part(part).is_none() {
            continue;
        }
        let tree = Tree::read(part, package.text(part)?)?;
        let grid = SheetGrid::of(part, &tree, &reader)?;
        let here: Vec<&FieldPlace> = places.iter().filter(|p| p.part == part).collect();
        let mut reader = Reader {
            campaign,
            file,
            grid: &grid,
            found: Vec::new(),
        };
        reader.lists(&here);
        for place in here.iter().filter(|p| !is_in_row(p)) {
            reader.place(place);
        }
        found.extend(reader.found);
    }
    Ok(found)
}

/// A column of a list: its field, where it stands, and the prepared place whose words stand around the value.
type Column<'p> = (&'p str, u32, Option<&'p FieldPlace>);

struct Reader<'a, 't> {
    campaign: &'a Campaign,
    file: &'a str,
    grid: &'a SheetGrid<'t>,
    found: Vec<ReadValue>,
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Reader<'_, '_> {
    fn see(&mut self, key: String, text: String, sheet: &str, row: u32, column: u32) {
        self.found.push(ReadValue {
            key,
            text,
            cell: None,
            choices: Vec::new(),
            how: How::Grid,
            place: At::cell(self.file, sheet, row, column),
        });
    }

    /// What a cell holds that is no text goes with the value that was seen in it last.
    fn whole_cell(&mut self, row: u32, column: u32) {
        let value = self.grid.value(row, column);
        let value = value.filter(|v| v.text().is_none()).cloned();
        if let Some(last) = self.found.last_mut().filter(|s| !is_joined(&s.key)) {
            last.cell = value;
        }
    }

    fn place(&mut self, place: &FieldPlace) {
        if matches!(place.take, Take::Photo | Take::Mark) || place.key == "photo" {
            return;
        }
        let column = number(place.column);
        let mut row = number(place.row);
        if !self.labelled(place, row, column) {
            // rows were added above: the label tells where the cell is now
            let found = (row + 1..row.saturating_add(2_000))
                .take_while(|r| *r <= self.last())
                .find(|r| self.labelled(place, *r, column));
            row = found.unwrap_or(row);
        }
        let text = self.grid.text(row, column);
        let chars: Vec<char> = text.chars().collect();
        let text = match place.take {
            Take::Ticks => {
                let field = field_of(self.campaign, &place.key);
                let ticked = boxes_of(&chars, &place.label)
                    .into_iter()
                    .filter(|(at, _)| chars.get(*at).is_some_and(|c| is_ticked(*c)))
                    .filter_map(|(_, label)| words_of(self.campaign, field, &label).pop());
                ticked.collect::<Vec<_>>().join("、")
            }
            Take::Date => text
                .chars()
                .skip(behind_words(&text, &place.label))
                .filter(|c| !c.is_whitespace() && *c != '_')
                .collect::<String>()
                .split_inclusive('日')
                .next()
                .unwrap_or_default()
                .trim_start_matches('年')
                .trim_end_matches(|c: char| !c.is_ascii_digit() && !"年月日".contains(c))
                .to_owned(),
            Take::Line => unless_label(self.campaign, behind_label(&text, &place.label)),
            Take::Placeholder => prepared(place, &text),
            Take::Opinion => opinion(&text, &place.label),
            Take::Digits => {
                let (mut all, mut at) = (text, column);
                for _ in 1..place.nth {
                    at = self.grid.extent(row, at)[3] + 1;
                    all.push_str(&self.grid.text(row, at));
                }
                text::spread(&all)
            }
            _ => clean(&text),
        };
        self.see(place.key.clone(), text, &place.sheet, row, column);
        if let Some(last) = self.found.last_mut().filter(|_| place.take == Take::Ticks) {
            let field = field_of(self.campaign, &place.key);
            let boxes = boxes_of(&chars, &place.label).into_iter();
            last.choices = boxes
                .flat_map(|(_, label)| words_of(self.campaign, field, &label))
                .collect();
        }
        if matches!(place.take, Take::Cell | Take::Opinion) {
            self.whole_cell(row, column);
        }
    }

    fn last(&self) -> u32 {
        self.grid.rows.keys().next_back().copied().unwrap_or(0)
    }

    /// Whether the label stands beside or above a cell; also where the binding has none.
    fn labelled(&self, place: &FieldPlace, row: u32, column: u32) -> bool {
        let (front, template) = in_front(place);
        let words = template.split("{{").next().unwrap_or_default();
        if place.take == Take::Placeholder && front.is_empty() {
            return self.grid.text(row, column).starts_with(words);
        }
        let label = folded(front);
        if label.is_empty() || place.take == Take::Line {
            return true;
        }
        let is = |row: u32, column: u32| folded(&self.grid.text(row, column)) == label;
        let left = (0..column).rev().take(6).any(|c| is(row, c));
        let above = row.checked_sub(1).is_some_and(|row| is(row, column));
        left || above || is(row, column)
    }

    fn lists(&mut self, places: &[&FieldPlace]) {
        let mut done: Vec<(&str, usize)> = Vec::new();
        for place in places.iter().filter(|p| is_in_row(p)) {
            let Some((list, _)) = place.key.split_once('.') else {
                continue;
            };
            if done.contains(&(list, place.row)) {
                continue;
            }
            done.push((list, place.row));
            let columns: Vec<Column<'_>> = places
                .iter()
                .filter(|p| is_in_row(p) && p.row == place.row)
                .filter_map(|p| {
                    let field = p.key.strip_prefix(list)?.strip_prefix('.')?;
                    let template = Some(*p).filter(|p| p.take == Take::Placeholder);
                    Some((field, number(p.column), template))
                })
                .collect();
            // the labels below it say where it ends when rows were added
            let below: Vec<&str> = places
                .iter()
                .filter(|p| p.row > place.row)
                .map(|p| in_front(p).0)
                .filter(|l| !folded(l).is_empty())
                .collect();
            let heads: Vec<(u32, String)> = places
                .iter()
                .filter(|p| p.take == Take::Rows && p.row == place.row && p.key.starts_with(list))
                .map(|p| (number(p.column), folded(&p.label)))
                .filter(|(_, label)| !label.is_empty())
                .collect();
            let first = self.moved(number(place.row), &heads);
            self.list(list, &place.sheet, first, &columns, &below);
        }
    }

    /// The first row of a list, moved down by rows that were added above: its heads, found again by their words, tell how far.
    fn moved(&self, first: u32, heads: &[(u32, String)]) -> u32 {
        let headed = |row: u32| {
            let mut all = heads.iter();
            all.all(|(column, label)| folded(&self.grid.text(row, *column)) == *label)
        };
        let above = |by: u32| first.checked_sub(by).is_some_and(headed);
        if heads.is_empty() || (1..4).any(above) {
            return first;
        }
        let mut rows = (first..=self.last()).take(2_000);
        let Some(mut row) = rows.find(|row| headed(*row)) else {
            return first;
        };
        let shows = |row: u32| (0..2).any(|c| is_example_mark(&self.grid.text(row, c)));
        while row <= self.last() && (headed(row) || shows(row)) {
            row += 1;
        }
        row
    }

    fn list(
        &mut self,
        list: &str,
        sheet: &str,
        first: u32,
        columns: &[Column<'_>],
        below: &[&str],
    ) {
        let given = self.campaign.sheet(list).filter(|s| !s.given.is_empty());
        let (mut n, mut gap) = (0, 0);
        let own: Vec<u32> = columns.iter().map(|c| c.1).collect();
        for row in first..=self.last() {
            let mut words = (0..30).map(|c| self.grid.text(row, c));
            let begins = words.find(|t| !t.trim().is_empty());
            let foot = begins.is_some_and(|t| is_foot(&t));
            if foot || !self.grid.is_alike(first, row, &own) {
                break;
            }
            let texts: Vec<(&str, u32, String)> = columns
                .iter()
                .map(|(field, column, template)| {
                    let text = self.grid.text(row, *column);
                    let text = match template {
                        Some(place) => prepared(place, &text),
                        None => clean(&text),
                    };
                    (*field, *column, text)
                })
                .collect();
            let labels = texts.iter().filter(|t| is_known_label(self.campaign, &t.2));
            let ends = |column: u32| {
                let text = folded(&self.grid.text(row, column));
                below.iter().any(|l| folded(l) == text)
            };
            if labels.count() > 1 || row > first && (0..30).any(ends) {
                break;
            }
            let words = given.and_then(|sheet| {
                let texts: Vec<String> = (0..30).map(|c| self.grid.text(row, c)).collect();
                let mut all = sheet.given.iter().flatten();
                all.find(|(_, words)| {
                    texts.iter().any(|t| {
                        t.trim_start_matches(|c: char| c.is_ascii_digit() || "．.、".contains(c))
                            .trim()
                            == words.as_str()
                    })
                })
            });
            let holds = |column: u32| self.grid.value(row, column).is_some_and(|v| !v.is_blank());
            let blank = texts.iter().all(|t| t.2.is_empty() && !holds(t.1));
            if blank && words.is_none() {
                // what stands far below the last row is no row of the list
                gap += 1;
                if gap > 20 {
                    break;
                }
                continue;
            }
            if let Some((column, words)) = words
                && columns.iter().all(|(field, ..)| field != column)
            {
                self.see(
                    format!("{list}[{n}].{column}"),
                    words.clone(),
                    sheet,
                    row,
                    0,
                );
            }
            for (field, column, text) in texts {
                self.see(format!("{list}[{n}].{field}"), text, sheet, row, column);
                self.whole_cell(row, column);
            }
            n += 1;
        }
    }
}

/// The label of a place, and of a prepared one the words around its value.
fn in_front(place: &FieldPlace) -> (&str, &str) {
    match place.take {
        Take::Placeholder => place.label.split_once(BESIDE).unwrap_or(("", &place.label)),
        _ => (&place.label, ""),
    }
}

/// What stands where a prepared place was.
fn prepared(place: &FieldPlace, text: &str) -> String {
    placed(in_front(place).1, &place.key, text).unwrap_or_default()
}

/// The words of an opinion box without the label that it may begin with and the lines to be signed.
fn opinion(text: &str, label: &str) -> String {
    let label = folded(label.trim_start().lines().next().unwrap_or(""));
    let begins = text.lines().position(|l| !l.trim().is_empty());
    let lines = text.lines().enumerate();
    let own = lines.filter(|(n, l)| Some(*n) != begins || folded(l) != label);
    let own: Vec<&str> = own.map(|(_, l)| l).collect();
    clean(&text::opinion(&own.join("\n")))
}

fn clean(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|l| l.trim_matches(|c: char| c.is_whitespace() || c == '_' || c == '＿'))
        .filter(|l| !l.is_empty())
        .collect();
    lines.join("\n")
}

/// What stands behind a label in one cell, up to a wide gap.
fn behind_label(text: &str, label: &str) -> String {
    let behind = match label {
        "" => text.split_once(['：', ':']).map(|t| t.1),
        label => text
            .split_once(label.trim_end_matches(['：', ':']))
            .map(|t| t.1),
    };
    let behind = behind.unwrap_or("").trim_start_matches(['：', ':']);
    // underscores that nothing was written on end the blank
    let low = |c: char| matches!(c, '_' | '＿');
    if behind.trim_start().starts_with(low) {
        let written = behind.trim_start().trim_start_matches(low);
        let end = written.find(low).unwrap_or(written.len());
        let written = written.get(..end).unwrap_or_default();
        return match written.chars().next() {
            Some(c) if !c.is_whitespace() => clean(written),
            _ => String::new(),
        };
    }
    let behind = behind.trim_start();
    let end = behind
        .find("　")
        .or_else(|| behind.find("  "))
        .unwrap_or(behind.len());
    clean(behind.get(..end).unwrap_or(behind))
}
