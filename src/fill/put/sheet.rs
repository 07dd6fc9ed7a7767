//! One sheet of an .xlsx form with the places bound in it, made into a stencil; and a sheet with rows added to it.

use std::ops::Range;

use crate::campaign::Campaign;
use crate::finding::cell_name;
use crate::ooxml::{Element, OoxmlError, Tree, parse_range};

use super::cutter::{TickBox, boxes};
use super::glyphs::is_blank;
use super::grid::Grid;
use super::label::{field_of, words_of};
use super::stencil::{Cut, Ink, Key, Stencil};
use super::word::Part;
use super::words::Words;
use super::{Place, Take};

/// The blank rows of a list in a sheet.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) list: String,
    /// First row, from 0.
    pub(super) first: u32,
    /// Blank rows.
    pub(super) blank: usize,
}

/// Makes the stencil of a sheet, and tells what room its lists have.
pub(super) fn stencil(
    campaign: &Campaign,
    part: &str,
    xml: &str,
    shared: &[String],
    places: &[Place],
) -> Result<(Part, Vec<Room>), OoxmlError> {
    let tree = Tree::read(part, xml)?;
    let grid = Grid::of(&tree, shared);
    let mut desk = Desk {
        campaign,
        grid: &grid,
        cuts: Vec::new(),
        lost: Vec::new(),
        ticks: Vec::new(),
        rooms: Vec::new(),
    };
    for place in places.iter().filter(|p| p.take != Take::Rows) {
        desk.place(place);
    }
    desk.lists(places);
    let Desk {
        cuts,
        lost,
        ticks,
        rooms,
        ..
    } = desk;
    let mut all = Part {
        name: part.to_owned(),
        stencil: Stencil::new(xml.to_owned(), cuts).0,
        lost,
        ticks,
        rooms: Vec::new(),
        tight: Vec::new(),
    };
    all.rooms = rooms.iter().map(|r| (r.list.clone(), r.blank)).collect();
    Ok((all, rooms))
}

struct Desk<'a, 't> {
    campaign: &'a Campaign,
    grid: &'a Grid<'t>,
    cuts: Vec<Cut>,
    lost: Vec<(Place, &'static str)>,
    ticks: Vec<(Place, Vec<TickBox>)>,
    rooms: Vec<Room>,
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Desk<'_, '_> {
    fn place(&mut self, place: &Place) {
        if matches!(place.take, Take::Photo | Take::Mark) {
            return;
        }
        let (row, column) = (number(place.row), number(place.column));
        let text = self.grid.text(row, column);
        let words = match place.take {
            Take::Ticks => {
                let chars: Vec<char> = text.chars().collect();
                let field = field_of(self.campaign, &place.key);
                let found: Vec<TickBox> = boxes(&chars)
                    .into_iter()
                    .map(|(_, label)| TickBox {
                        words: words_of(self.campaign, field, &label),
                        label,
                    })
                    .collect();
                if found.is_empty() {
                    self.lost.push((place.clone(), "没有找到可以勾选的方框"));
                    return;
                }
                let boxes = found.iter().map(|b| b.words.clone()).collect();
                self.ticks.push((place.clone(), found));
                Some(Words::Ticks { text, boxes })
            }
            Take::Date => Some(Words::Date(text)),
            Take::Line => Some(Words::Line {
                text,
                label: place.label.clone(),
            }),
            Take::Placeholder => Some(Words::Placeholder {
                text,
                key: place.key.clone(),
            }),
            _ => None,
        };
        let key = Key::Field(place.key.clone());
        let cell = self.grid.cells.get(&(row, column)).copied();
        if !self.cell(row, column, key, words, style(cell)) {
            self.lost.push((place.clone(), "找不到这个单元格所在的行"));
        }
    }

    /// A cell takes the value, its last tag being closed where that is known; false where its row is not in the part.
    fn cell(
        &mut self,
        row: u32,
        column: u32,
        key: Key,
        words: Option<Words>,
        look: Option<String>,
    ) -> bool {
        let name = cell_name(row, column);
        let cell = self.grid.cells.get(&(row, column)).copied();
        let Some(around) = self.grid.rows.get(&row).copied() else {
            return false;
        };
        let p = prefix(around);
        let style = look.map_or_else(String::new, |s| format!(" s=\"{s}\""));
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
        self.cuts.push(Cut {
            range,
            key,
            ink: Ink::Cell {
                before,
                after,
                words,
            },
            name: String::new(),
        });
        true
    }

    fn lists(&mut self, places: &[Place]) {
        let mut done: Vec<(String, usize)> = Vec::new();
        for place in places.iter().filter(|p| p.take == Take::Rows) {
            let Some((list, _)) = place.key.split_once('.') else {
                continue;
            };
            if done.contains(&(list.to_owned(), place.row)) {
                continue;
            }
            done.push((list.to_owned(), place.row));
            let columns: Vec<(String, u32)> = places
                .iter()
                .filter(|p| p.take == Take::Rows && p.row == place.row)
                .filter_map(|p| {
                    let field = p.key.strip_prefix(list)?.strip_prefix('.')?;
                    Some((field.to_owned(), number(p.column)))
                })
                .collect();
            self.list(list, number(place.row), &columns);
        }
    }

    fn list(&mut self, list: &str, first: u32, columns: &[(String, u32)]) {
        let given = self.campaign.sheet(list).filter(|s| !s.given.is_empty());
        let mut blank = 0;
        for row in first.. {
            let free = |c: u32| self.grid.text(row, c).chars().all(is_blank);
            if !self.grid.rows.contains_key(&row) || !columns.iter().all(|(_, c)| free(*c)) {
                break;
            }
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
                    Some((of, words)) => Key::Given {
                        list: list.to_owned(),
                        column: of.clone(),
                        words: words.clone(),
                        field: field.clone(),
                    },
                    None => Key::Row {
                        list: list.to_owned(),
                        row: Some(blank),
                        field: field.clone(),
                    },
                };
                // rows that the file holds no cells of look as the first one
                let own = |row| style(self.grid.cells.get(&(row, *column)).copied());
                let look = own(row).or_else(|| own(first));
                self.cell(row, *column, key, None, look);
            }
            blank += 1;
        }
        if given.is_none() {
            self.rooms.push(Room {
                list: list.to_owned(),
                first,
                blank,
            });
        }
    }
}

/// The number of a cell's format.
fn style(cell: Option<Element<'_>>) -> Option<String> {
    Some(cell?.attribute("s")?.into_owned())
}

fn prefix(element: Element<'_>) -> &str {
    let name = element.tag().trim_start_matches('<');
    let name = name
        .split(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .next()
        .unwrap_or("");
    name.rfind(':')
        .map_or("", |colon| name.get(..=colon).unwrap_or(""))
}

/// The sheet with `extra` more rows behind row `last` (from 0), alike to it; what stands below moves down. None where a
/// formula stands in the way, since what it refers to would move.
pub(super) fn with_rows(
    part: &str,
    xml: &str,
    shared: &[String],
    last: u32,
    extra: u32,
) -> Result<Option<String>, OoxmlError> {
    let tree = Tree::read(part, xml)?;
    let grid = Grid::of(&tree, shared);
    if grid.cells.values().any(|c| c.child("f").is_some()) {
        return Ok(None);
    }
    let Some(model) = grid.rows.get(&last).copied() else {
        return Ok(None);
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let counted = seq(&grid, last);
    let mut added = String::new();
    for n in 1..=extra {
        added.push_str(&moved(model, last, n, counted, &grid));
    }
    edits.push((model.range().end..model.range().end, added));
    for (number, row) in grid.rows.range(last + 1..) {
        edits.push((row.range(), moved(*row, *number, extra, None, &grid)));
    }
    if let Some(merges) = grid.root.child("mergeCells") {
        let shift = |m: [u32; 4], by: u32| {
            format!(
                "{}:{}",
                cell_name(m[0] + by, m[1]),
                cell_name(m[2] + by, m[3])
            )
        };
        let p = prefix(merges);
        let mut all = String::new();
        let mut count = 0;
        for m in &grid.merges {
            let mut put = |range: String| {
                all.push_str(&format!("<{p}mergeCell ref=\"{range}\"/>"));
                count += 1;
            };
            put(shift(*m, if m[0] > last { extra } else { 0 }));
            if m[0] == last && m[2] == last {
                (1..=extra).for_each(|n| put(shift(*m, n)));
            }
        }
        edits.push((
            merges.range(),
            format!("<{p}mergeCells count=\"{count}\">{all}</{p}mergeCells>"),
        ));
    }
    if let Some(dimension) = grid.root.child("dimension")
        && let Some(m) = dimension.attribute("ref").and_then(|r| parse_range(&r))
    {
        let p = prefix(dimension);
        let range = format!(
            "{}:{}",
            cell_name(m[0], m[1]),
            cell_name(m[2] + extra, m[3])
        );
        edits.push((
            dimension.range(),
            format!("<{p}dimension ref=\"{range}\"/>"),
        ));
    }
    edits.sort_by_key(|e| e.0.start);
    let mut out = String::with_capacity(xml.len() * 2);
    let mut at = 0;
    for (range, text) in edits {
        out.push_str(xml.get(at..range.start).unwrap_or(""));
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(xml.get(at..).unwrap_or(""));
    Ok(Some(out))
}

/// The column of the running number in a row, and the number.
fn seq(grid: &Grid<'_>, row: u32) -> Option<(u32, u32)> {
    (0..3).find_map(|column| {
        let text = grid.text(row, column);
        Some((column, text.trim().parse().ok()?))
    })
}

/// A row `by` rows further down.
fn moved(
    row: Element<'_>,
    number: u32,
    by: u32,
    counted: Option<(u32, u32)>,
    grid: &Grid<'_>,
) -> String {
    let p = prefix(row);
    let set = |tag: &str, value: &str| {
        let Some(at) = tag.find(" r=\"") else {
            return tag.to_owned();
        };
        let rest = tag.get(at + 4..).unwrap_or("");
        let tail = rest.split_once('"').map_or("", |(_, t)| t);
        format!("{} r=\"{value}\"{tail}", tag.get(..at).unwrap_or(""))
    };
    let mut out = set(row.tag(), &(number + by + 1).to_string());
    if row.inner().end == row.range().end {
        return out;
    }
    let cells = grid.cells.range((number, 0)..(number + 1, 0));
    for ((_, column), cell) in cells {
        let name = cell_name(number + by, *column);
        match counted {
            Some((at, n)) if at == *column => {
                let style = cell.attribute("s");
                let style = style.map_or_else(String::new, |s| format!(" s=\"{s}\""));
                let n = n + by;
                out.push_str(&format!(
                    "<{p}c r=\"{name}\"{style}><{p}v>{n}</{p}v></{p}c>"
                ));
            }
            _ => {
                out.push_str(&set(cell.tag(), &name));
                if cell.inner().end != cell.range().end {
                    out.push_str(cell.inside());
                    out.push_str(&format!("</{p}c>"));
                }
            }
        }
    }
    out.push_str(&format!("</{p}row>"));
    out
}
