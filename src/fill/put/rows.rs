//! Repeated rows: the blank rows take the first rows of a list, and for more the last blank row is drawn again, without the
//! ids that may stand only once.

use std::ops::Range;

use crate::campaign::Sheet;
use crate::fill::anatomy::bookmark::ALONE;
use crate::fill::anatomy::find::{TableCell, cell_at, cells, paragraphs, rows, text_in};
use crate::fill::anatomy::glyphs::{glyphs, is_blank, text_of};
use crate::fill::anatomy::row_kinds::{is_gone, is_sum};
use crate::fill::put::bookmark::bookmark;
use crate::ooxml::Element;

use super::control::{as_they_are, prompt_among};
use super::cutter::Cutter;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::stencil::{Action, Cut, Stencil};

/// The columns of a list in a table.
pub(super) struct List<'a> {
    /// Key of the list: of a sheet, or `candidates`.
    pub(super) key: &'a str,
    /// The sheet, where it has given rows.
    pub(super) sheet: Option<&'a Sheet>,
    /// The first blank row.
    pub(super) row: usize,
    /// How many tables of this list stand before it in the form.
    pub(super) nth: usize,
    /// Fields with their grid columns.
    pub(super) columns: Vec<(&'a str, usize)>,
}

/// What the rows of a list came to.
pub(super) struct Rows {
    /// Blank rows that the form has.
    pub(super) blank: usize,
    /// Columns that are not in the first row.
    pub(super) missing: Vec<String>,
}

impl List<'_> {
    /// Cuts the blank rows, and makes the row that is added.
    pub(super) fn cut(&self, table: Element<'_>, xml: &str, cutter: &mut Cutter) -> Rows {
        let all = rows(table);
        let mut room = Rows {
            blank: 0,
            missing: Vec::new(),
        };
        let heads = self.row.checked_sub(1).and_then(|n| all.get(n)).copied();
        if let Some(heads) = heads.filter(|_| all.len() == self.row) {
            cutter.cuts.push(self.below(heads, xml));
            return room;
        }
        let Some(first) = all.get(self.row) else {
            room.missing = self.columns.iter().map(|c| c.0.to_owned()).collect();
            return room;
        };
        let shape: Vec<Option<TableCell<'_>>> = self
            .columns
            .iter()
            .map(|(_, column)| cell_at(table, self.row, *column))
            .collect();
        for ((field, _), cell) in self.columns.iter().zip(&shape) {
            if cell.is_none() {
                room.missing.push((*field).to_owned());
            }
        }
        let mut last = *first;
        let mut given = false;
        for (n, row) in all.iter().enumerate().skip(self.row) {
            if n > self.row
                && (!self.is_like(*row, &shape) || begins(*row, *first, self) || sums(*row))
            {
                break;
            }
            // what is not printed keeps nothing
            if n > self.row && is_gone(*row) {
                continue;
            }
            let words = self.given(*row);
            given |= words.is_some();
            for (field, column) in &self.columns {
                let key = match &words {
                    Some((column, words)) => CutKey::Given {
                        list: self.key.to_owned(),
                        column: column.clone(),
                        words: words.clone(),
                        field: (*field).to_owned(),
                    },
                    None => self.key_of(field, Some(room.blank)),
                };
                let name = bookmark(&key, ALONE, self.nth);
                fill_cell(cell_in(*row, *column), &key, &name, cutter);
            }
            room.blank += 1;
            last = *row;
        }
        if !given && room.blank > 0 {
            let range = last.range();
            let more = Cut {
                range: range.end..range.end,
                key: CutKey::Field(String::new()),
                ink: Action::More {
                    list: self.key.to_owned(),
                    from: room.blank,
                    row: Box::new(self.again(last, xml)),
                },
                name: String::new(),
            };
            cutter.cuts.push(more);
        }
        room
    }

    /// Rows below a row of heads that is the table's last: like it, without its words.
    fn below(&self, heads: Element<'_>, xml: &str) -> Cut {
        let mut cutter = Cutter::new(Vec::new());
        let fixed = |range: Range<usize>| Cut {
            range,
            key: CutKey::Field(String::new()),
            ink: Action::Fixed(String::new()),
            name: String::new(),
        };
        if let Some(again) = heads.at(&["trPr", "tblHeader"]) {
            cutter.cuts.push(fixed(again.range()));
        }
        for cell in cells(heads) {
            let all = paragraphs(cell.element);
            let (Some(first), Some(last)) = (all.first(), all.last()) else {
                continue;
            };
            let properties = first.child("pPr").map_or("", Element::source);
            let (before, after) = (format!("<w:p>{properties}"), "</w:p>".to_owned());
            let bound = self
                .columns
                .iter()
                .find(|(_, column)| *column == cell.column);
            let range = first.range().start..last.range().end;
            let key = bound.map_or(CutKey::Field(String::new()), |(f, _)| self.key_of(f, None));
            let name = bound.map_or(String::new(), |_| bookmark(&key, ALONE, self.nth));
            let ink = Action::Runs {
                look: String::new(),
                before,
                after,
                further: None,
                width: 0,
            };
            // the cell keeps a paragraph where nothing goes in
            cutter.cuts.push(Cut {
                range,
                key,
                ink: Action::Always(Box::new(ink)),
                name,
            });
        }
        let end = heads.range().end;
        Cut {
            range: end..end,
            key: CutKey::Field(String::new()),
            ink: Action::More {
                list: self.key.to_owned(),
                from: 0,
                row: Box::new(rows_stencil(&[heads], xml, cutter.cuts, true)),
            },
            name: String::new(),
        }
    }

    fn key_of(&self, field: &str, row: Option<usize>) -> CutKey {
        CutKey::Row {
            list: self.key.to_owned(),
            row,
            field: field.to_owned(),
        }
    }

    /// Whether a row has the same blank cells.
    fn is_like(&self, row: Element<'_>, shape: &[Option<TableCell<'_>>]) -> bool {
        self.columns.iter().zip(shape).all(|((_, column), first)| {
            let Some(first) = first else { return true };
            cell_in(row, *column).is_some_and(|cell| {
                cell.column == first.column
                    && cell.span == first.span
                    && !cell.goes_on()
                    && text_in(cell.element).chars().all(is_blank)
            })
        })
    }

    /// The column and words of a given row, such as a step of the activity.
    fn given(&self, row: Element<'_>) -> Option<(String, String)> {
        let sheet = self.sheet.filter(|s| !s.given.is_empty())?;
        let texts: Vec<String> = cells(row)
            .iter()
            .map(|c| {
                text_in(c.element)
                    .chars()
                    .filter(|c| !is_blank(*c))
                    .collect()
            })
            .collect();
        sheet.given.iter().flatten().find_map(|(column, words)| {
            let here = texts.iter().any(|t| {
                t == words
                    || t.trim_start_matches(|c: char| c.is_ascii_digit() || "．.、".contains(c))
                        == words
            });
            here.then(|| (column.clone(), words.clone()))
        })
    }

    /// The row as it is drawn again.
    fn again(&self, row: Element<'_>, xml: &str) -> Stencil {
        let mut cutter = Cutter::new(Vec::new());
        for (field, column) in &self.columns {
            let key = self.key_of(field, None);
            let name = bookmark(&key, ALONE, self.nth);
            fill_cell(cell_in(row, *column), &key, &name, &mut cutter);
        }
        let bound = |cell: &TableCell<'_>| {
            self.columns
                .iter()
                .any(|(_, c)| (cell.column..cell.column + cell.span).contains(c))
        };
        if let Some(cell) = cells(row).iter().find(|c| !bound(c) && !c.goes_on()) {
            number(cell.element, &mut cutter);
        }
        rows_stencil(&[row], xml, cutter.cuts, true)
    }
}

/// Whether a row sums up what stands above it.
fn sums(row: Element<'_>) -> bool {
    let cells = cells(row);
    let mut texts = cells.iter().map(|c| text_in(c.element));
    let first = texts.find(|t| !t.chars().all(is_blank));
    first.is_some_and(|t| is_sum(&t))
}

/// Whether another section begins with a row: a merge from above, at the side of the first row, does not go on.
fn begins(row: Element<'_>, first: Element<'_>, list: &List<'_>) -> bool {
    cells(first)
        .iter()
        .filter(|c| c.goes_on() && list.columns.iter().all(|(_, column)| *column != c.column))
        .any(|c| cell_in(row, c.column).is_none_or(|here| !here.goes_on()))
}

/// Rows of one table, one below the other, as a stencil of their own, without ids that may stand only once. Where they are drawn `again`
/// below themselves, what is merged downwards from them goes on.
pub(super) fn rows_stencil(
    rows: &[Element<'_>],
    xml: &str,
    mut cuts: Vec<Cut>,
    again: bool,
) -> Stencil {
    let mut fixed = |range: Range<usize>, text: &str| {
        cuts.push(Cut {
            range,
            key: CutKey::Field(String::new()),
            ink: Action::Fixed(text.to_owned()),
            name: String::new(),
        });
    };
    let all = rows.iter();
    for element in all.flat_map(|row| std::iter::once(*row).chain(row.descendants())) {
        let start = element.range().start;
        match element.name() {
            "bookmarkStart" | "bookmarkEnd" => fixed(element.range(), ""),
            "id" if element.parent().is_some_and(|p| p.is("sdtPr")) => fixed(element.range(), ""),
            "vMerge" if again && element.val().is_some_and(|v| v == "restart") => {
                fixed(element.range(), "<w:vMerge/>");
            }
            _ => {
                for name in [" w14:paraId=\"", " w14:textId=\""] {
                    let tag = element.tag();
                    let Some(at) = tag.find(name) else { continue };
                    let value = tag.get(at + name.len()..).unwrap_or("");
                    let Some(length) = value.find('"') else {
                        continue;
                    };
                    fixed(start + at..start + at + name.len() + length + 1, "");
                }
            }
        }
    }
    let base = rows.first().map_or(0, |r| r.range().start);
    let end = rows.last().map_or(base, |r| r.range().end);
    for cut in &mut cuts {
        cut.range = cut.range.start.saturating_sub(base)..cut.range.end.saturating_sub(base);
    }
    let source = xml.get(base..end).unwrap_or("").to_owned();
    Stencil::new(source, cuts).0
}

fn cell_in(row: Element<'_>, column: usize) -> Option<TableCell<'_>> {
    cells(row)
        .into_iter()
        .find(|c| (c.column..c.column + c.span).contains(&column))
}

fn fill_cell(cell: Option<TableCell<'_>>, key: &CutKey, name: &str, cutter: &mut Cutter) {
    let Some(cell) = cell else { return };
    let all = paragraphs(cell.element);
    match (prompt_among(&all), all.first()) {
        (Some(control), _) => cutter.control(control, key, name, &as_they_are),
        (None, Some(first)) => cutter.blank(*first, key, name),
        (None, None) => {}
    }
}

/// A cell that holds nothing but a number counts on.
fn number(cell: Element<'_>, cutter: &mut Cutter) {
    for paragraph in paragraphs(cell) {
        let glyphs = glyphs(paragraph);
        let digits: Vec<_> = glyphs.iter().filter(|g| g.c.is_ascii_digit()).collect();
        let all = text_of(&glyphs);
        let (Some(first), Some(last)) = (digits.first(), digits.last()) else {
            continue;
        };
        if all.trim().chars().all(|c| c.is_ascii_digit()) && first.element == last.element {
            cutter.cuts.push(Cut {
                range: first.range.start..last.range.end,
                key: CutKey::Field(String::new()),
                ink: Action::Number,
                name: String::new(),
            });
        }
    }
}
