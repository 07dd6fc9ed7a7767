//! One sheet of an .xlsx form with the places bound in it, made into a stencil. Rows are added to it in `longer`.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::campaign::Campaign;
use crate::fill::anatomy::block::list_of;
use crate::fill::anatomy::boxes::boxes_of;
use crate::fill::anatomy::glyphs::is_blank;
use crate::fill::anatomy::grid::SheetGrid;
use crate::fill::anatomy::label::{field_of, holds, words_of_boxes};
use crate::fill::anatomy::numbered::{is_numbered, over_numbers};
use crate::fill::anatomy::place::{FieldPlace, Take, is_in_row};
use crate::fill::anatomy::row_kinds::{is_hidden, is_sum};
use crate::fill::put::among::AmongWords;
use crate::fill::put::answers::NTH;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::cutter::TickBox;
use crate::fill::put::stencil::{Action, Cut, Stencil};
use crate::finding::cell_name;
use crate::ooxml::{CellReader, Element, OoxmlError, Tree};

use super::heights::{Holder, Look, own_height, side_by_side};
use crate::fill::put::part::Part;

/// The blank rows of a list in a sheet.
#[derive(Clone, Debug)]
pub(super) struct BlankRows {
    pub(super) list: String,
    /// First row, from 0.
    pub(super) first: u32,
    /// Last blank row that is printed.
    pub(super) last: u32,
    /// Blank rows.
    pub(super) blank: usize,
    /// Columns, from 0.
    pub(super) columns: Vec<u32>,
}

/// Makes the stencil of a sheet, and tells what room its lists have.
pub(super) fn stencil(
    campaign: &Campaign,
    part: &str,
    xml: &str,
    (reader, looks): (&CellReader, &[Look]),
    places: &[FieldPlace],
) -> Result<(Part, Vec<BlankRows>), OoxmlError> {
    let tree = Tree::read(part, xml)?;
    let grid = SheetGrid::of(part, &tree, reader)?;
    let mut desk = SheetPlacer {
        campaign,
        grid: &grid,
        looks,
        holders: BTreeMap::new(),
        cuts: Vec::new(),
        lost: Vec::new(),
        ticks: Vec::new(),
        rooms: Vec::new(),
        among: BTreeMap::new(),
    };
    for place in places.iter().filter(|p| !is_in_row(p)) {
        desk.place(place);
    }
    desk.among_words();
    desk.lists(places);
    desk.heights();
    let SheetPlacer {
        cuts,
        holders,
        mut lost,
        ticks,
        rooms,
        ..
    } = desk;
    let (stencil, left) = Stencil::new(xml.to_owned(), cuts);
    for cut in left {
        let place = places
            .iter()
            .find(|p| cut.key == CutKey::Field(p.key.clone()));
        lost.extend(place.map(|p| (p.clone(), "与另一栏的位置重叠")));
    }
    let mut all = Part {
        name: part.to_owned(),
        stencil,
        lost,
        ticks,
        choices: Vec::new(),
        rooms: Vec::new(),
        tight: Vec::new(),
        turned: Vec::new(),
        holders: holders.into_values().flatten().collect(),
    };
    all.rooms = rooms.iter().map(|r| (r.list.clone(), r.blank)).collect();
    Ok((all, rooms))
}

struct SheetPlacer<'a, 't> {
    campaign: &'a Campaign,
    grid: &'a SheetGrid<'t>,
    looks: &'a [Look],
    /// What goes into the cells of each row.
    holders: BTreeMap<u32, Vec<Holder>>,
    cuts: Vec<Cut>,
    lost: Vec<(FieldPlace, &'static str)>,
    ticks: Vec<(FieldPlace, Vec<TickBox>)>,
    rooms: Vec<BlankRows>,
    /// What goes in among the words of cells.
    among: BTreeMap<(u32, u32), Vec<(CutKey, AmongWords)>>,
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl SheetPlacer<'_, '_> {
    fn place(&mut self, place: &FieldPlace) {
        if matches!(place.take, Take::Photo | Take::Mark) {
            return;
        }
        let (row, column) = (number(place.row), number(place.column));
        let text = self.grid.text(row, column);
        let words = match place.take {
            Take::Ticks => {
                let chars: Vec<char> = text.chars().collect();
                let field = field_of(self.campaign, &place.key);
                let found = boxes_of(&chars, &place.label).into_iter();
                let labels: Vec<String> = found.map(|(_, label)| label).collect();
                let words = words_of_boxes(self.campaign, field, &labels);
                let found: Vec<TickBox> = labels
                    .into_iter()
                    .zip(words)
                    .map(|(label, words)| TickBox { label, words })
                    .collect();
                if found.is_empty() {
                    self.lost.push((place.clone(), "没有找到可以勾选的方框"));
                    return;
                }
                let boxes = found.iter().map(|b| b.words.clone()).collect();
                self.ticks.push((place.clone(), found));
                let label = place.label.clone();
                Some(AmongWords::Ticks { label, boxes })
            }
            Take::Date => Some(AmongWords::Date {
                label: if holds(&text, &place.label) {
                    place.label.clone()
                } else {
                    String::new()
                },
            }),
            Take::Line => Some(AmongWords::Line {
                label: place.label.clone(),
            }),
            Take::Digits if place.nth == 0 => Some(AmongWords::Digits),
            Take::Placeholder => Some(AmongWords::placeholder(&place.key)),
            Take::Opinion => Some(AmongWords::Opinion),
            Take::Cell
                if list_of(self.campaign, &place.key).is_some()
                    && (is_numbered(&text) || over_numbers(&text).is_some()) =>
            {
                Some(AmongWords::Numbered)
            }
            _ => None,
        };
        let key = CutKey::Field(place.key.clone());
        if !self.grid.rows.contains_key(&row) {
            self.lost.push((place.clone(), "找不到这个单元格所在的行"));
            return;
        }
        match words {
            Some(words) => {
                let among = self.among.entry((row, column)).or_default();
                among.push((key, words));
            }
            None if place.take == Take::Digits => {
                let mut at = column;
                for n in 0..place.nth {
                    let key = CutKey::Field(format!("{}{NTH}{n}", place.key));
                    let look = style(self.grid.cells.get(&(row, at)).copied());
                    self.cell(row, at, key, Vec::new(), look);
                    at = self.grid.extent(row, at)[3] + 1;
                }
            }
            None => {
                let look = style(self.grid.cells.get(&(row, column)).copied());
                self.cell(row, column, key, Vec::new(), look);
            }
        }
    }

    /// Cells whose words take values, several of them maybe.
    fn among_words(&mut self) {
        for ((row, column), words) in std::mem::take(&mut self.among) {
            let look = style(self.grid.cells.get(&(row, column)).copied());
            if let Some((key, _)) = words.first().cloned() {
                self.cell(row, column, key, words, look);
            }
        }
    }

    /// A cell takes the value, or several among its words, its last tag being closed where that is known.
    fn cell(
        &mut self,
        row: u32,
        column: u32,
        key: CutKey,
        words: Vec<(CutKey, AmongWords)>,
        look: Option<String>,
    ) {
        let name = cell_name(row, column);
        let cell = self.grid.cells.get(&(row, column)).copied();
        let Some(around) = self.grid.rows.get(&row).copied() else {
            return;
        };
        let p = prefix(around);
        let style = (look.as_deref()).map_or_else(String::new, |s| format!(" s=\"{s}\""));
        let mut before = format!("<{p}c r=\"{name}\"{style} t=\"inlineStr\"><{p}is><{p}t");
        let mut after = format!("</{p}t></{p}is></{p}c>");
        let range: Range<usize> = match cell {
            Some(cell) => cell.range(),
            None if around.inner().end == around.range().end => {
                let open = around.tag().trim_end_matches("/>").trim_end();
                before = format!("{open}>{before}");
                after.push_str(&format!("</{p}row>"));
                around.range()
            }
            None => {
                let next = self.grid.cells.range((row, column)..(row + 1, 0)).next();
                let at = next.map_or(around.inner().end, |(_, c)| c.range().start);
                at..at
            }
        };
        let (at, text) = ((row, column), self.grid.text(row, column));
        let held = (&key, text.as_str(), words.as_slice());
        let holder = Holder::of(self.grid, self.looks, at, held, look.as_deref());
        self.holders.entry(row).or_default().extend(holder);
        let ink = Action::Cell {
            before,
            after,
            text,
            words,
        };
        self.cuts.push(Cut {
            range,
            key,
            ink,
            name: String::new(),
        });
    }

    /// Rows become as tall as what goes in needs.
    fn heights(&mut self) {
        for row in self.holders.values_mut() {
            side_by_side(row);
        }
        for (row, holders) in &self.holders {
            let Some(element) = self.grid.rows.get(row) else {
                continue;
            };
            let (start, inner) = (element.range().start, element.inner());
            if inner.end == element.range().end || holders.is_empty() {
                continue;
            }
            self.cuts.push(Cut {
                range: start..inner.start,
                key: CutKey::Field(String::new()),
                ink: Action::Height {
                    tag: element.tag().to_owned(),
                    own: own_height(self.grid, *row),
                    holders: holders.clone(),
                },
                name: String::new(),
            });
        }
    }

    fn lists(&mut self, places: &[FieldPlace]) {
        let mut done: Vec<(String, usize)> = Vec::new();
        for place in places.iter().filter(|p| is_in_row(p)) {
            let Some((list, _)) = place.key.split_once('.') else {
                continue;
            };
            if done.contains(&(list.to_owned(), place.row)) {
                continue;
            }
            done.push((list.to_owned(), place.row));
            let columns: Vec<(String, u32)> = places
                .iter()
                .filter(|p| is_in_row(p) && p.row == place.row)
                .filter_map(|p| {
                    let field = p.key.strip_prefix(list)?.strip_prefix('.')?;
                    Some((field.to_owned(), number(p.column)))
                })
                .collect();
            // rows in which something else is asked are not the list's
            let end = places
                .iter()
                .filter(|p| p.row > place.row && !(is_in_row(p) && p.key.starts_with(list)))
                .filter(|p| columns.iter().any(|(_, c)| *c == number(p.column)))
                .map(|p| number(p.row))
                .min();
            self.list(list, number(place.row), end, &columns);
        }
    }

    fn list(&mut self, list: &str, first: u32, end: Option<u32>, columns: &[(String, u32)]) {
        let own: Vec<u32> = columns.iter().map(|c| c.1).collect();
        let given = self.campaign.sheet(list).filter(|s| !s.given.is_empty());
        let (mut blank, mut last) = (0, first);
        for row in first.. {
            let free = |c: u32| {
                let text = self.grid.text(row, c);
                text.contains("{{") || text.chars().all(is_blank)
            };
            let other = end.is_some_and(|end| row >= end) || self.begins(first, row, &own);
            let other = other || row > first && self.sums(row);
            let is_there = self.grid.rows.contains_key(&row) && !other;
            if !is_there || !columns.iter().all(|(_, c)| free(*c)) {
                break;
            }
            // what is not printed keeps nothing
            if self.grid.rows.get(&row).is_some_and(|r| is_hidden(*r)) {
                continue;
            }
            last = row;
            let texts: Vec<String> = (0..30).map(|c| self.grid.text(row, c)).collect();
            let words = given.and_then(|sheet| {
                let mut all = sheet.given.iter().flatten();
                all.find(|(_, words)| {
                    texts.iter().any(|t| {
                        t.trim_start_matches(|c: char| c.is_ascii_digit() || "．.、".contains(c))
                            .trim()
                            == words.as_str()
                    })
                })
            });
            for (field, column) in columns {
                let key = match words {
                    Some((of, words)) => CutKey::Given {
                        list: list.to_owned(),
                        column: of.clone(),
                        words: words.clone(),
                        field: field.clone(),
                    },
                    None => CutKey::Row {
                        list: list.to_owned(),
                        row: Some(blank),
                        field: field.clone(),
                    },
                };
                // rows that the file holds no cells of look as the first one
                let own = |row| style(self.grid.cells.get(&(row, *column)).copied());
                let look = own(row).or_else(|| own(first));
                if self.grid.text(row, *column).contains("{{") {
                    let among = self.among.entry((row, *column)).or_default();
                    among.push((key, AmongWords::placeholder(&format!("{list}.{field}"))));
                } else {
                    self.cell(row, *column, key, Vec::new(), look);
                }
            }
            blank += 1;
        }
        self.among_words();
        if given.is_none() {
            self.rooms.push(BlankRows {
                list: list.to_owned(),
                first,
                last,
                blank,
                columns: own,
            });
        }
    }

    /// Whether another part of the form begins with a row below the first one of a list: its cells are cut otherwise, or other words
    /// stand in front of it.
    fn begins(&self, first: u32, row: u32, columns: &[u32]) -> bool {
        let left = columns.iter().min().copied().unwrap_or(0);
        let words = |row: u32| {
            let text = (0..left).map(|c| (self.grid.extent(row, c)[0], self.grid.text(row, c)));
            let own = text.filter(|(from, text)| {
                let number = text.trim().chars().all(|c| c.is_ascii_digit());
                *from == row && !number
            });
            own.map(|(_, text)| text).collect::<String>()
        };
        let other = || !words(row).is_empty() && words(row) != words(first);
        !self.grid.is_alike(first, row, columns) || !self.is_given(row) && row > first && other()
    }

    /// Whether a row sums up what stands above it.
    fn sums(&self, row: u32) -> bool {
        let mut texts = (0..30).map(|c| self.grid.text(row, c));
        let first = texts.find(|t| !t.trim().is_empty());
        first.is_some_and(|t| is_sum(&t))
    }

    /// Whether given words stand in a row.
    fn is_given(&self, row: u32) -> bool {
        let texts: Vec<String> = (0..30).map(|c| self.grid.text(row, c)).collect();
        let all = self.campaign.sheets.iter().flat_map(|s| &s.given).flatten();
        let mut all = all.filter(|(_, words)| {
            texts.iter().any(|t| {
                t.trim_start_matches(|c: char| c.is_ascii_digit() || "．.、".contains(c))
                    .trim()
                    == words.as_str()
            })
        });
        all.next().is_some()
    }
}

/// The number of a cell's format.
fn style(cell: Option<Element<'_>>) -> Option<String> {
    Some(cell?.attribute("s")?.into_owned())
}

/// The prefix of an element's name, with its colon.
pub(super) fn prefix(element: Element<'_>) -> &str {
    let name = element.tag().trim_start_matches('<');
    let name = name
        .split(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .next()
        .unwrap_or("");
    name.rfind(':')
        .map_or("", |colon| name.get(..=colon).unwrap_or(""))
}
