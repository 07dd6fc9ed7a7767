//! A blank form as boxes on grids and lines of text (测绘): what a .docx and an .xlsx have in common. Where the boxes are
//! counts here; what their words mean is in `lexicon`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::fill::anatomy::areas::areas;
use crate::fill::anatomy::blanks::lines as blanks_of;
use crate::fill::anatomy::find::{
    body, box_paragraphs, cells, nested, paragraphs, part_tables, rows, tables, text_boxes,
    text_parts, wraps,
};
use crate::fill::anatomy::glyphs::{glyphs, is_blank};
use crate::fill::anatomy::grid::{MOST_TEXT, SheetGrid as Cells, cell_reader};
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::anatomy::row_kinds::is_gone;
use crate::fill::bind::unseen::{MOST_COLUMNS, OutOfSight};
use crate::finding::cell_name;
use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree, WordsReader};
use crate::ooxml::{sheets, shows_prompt, workbook_part};

/// Rows of a sheet that are looked at.
pub(super) const MOST_ROWS: u32 = 2_000;
/// Most rows of the tables in a part of a document.
pub(super) const MOST_TABLE_ROWS: usize = 5_000;
/// Most boxes of all sheets together.
const MOST_BOXES: usize = 400_000;
/// Most boxes and lines with words in them: a roster of 1,000 people in 30 columns.
const MOST_WORDS: usize = 30_000;
/// Most characters of a line: more than Excel holds in a cell.
const LONGEST_LINE: usize = 40_000;
/// Most blanks in a line.
const MOST_BLANKS: usize = 400;

/// A line of text.
#[derive(Clone, Debug, Default)]
pub(super) struct FormLine {
    /// Its characters.
    pub(super) text: Vec<char>,
    /// Blanks to be written on: underlined spaces and underscores.
    pub(super) blanks: Vec<Range<usize>>,
    /// Its number among the paragraphs of its cell, body or text box; none in a sheet.
    pub(super) paragraph: Option<usize>,
}

/// A box of a grid.
#[derive(Clone, Debug, Default)]
pub(super) struct FormBox {
    pub(super) row: usize,
    pub(super) column: usize,
    /// Rows that it covers.
    pub(super) down: usize,
    /// Columns that it covers.
    pub(super) across: usize,
    pub(super) lines: Vec<FormLine>,
    /// Grids within it.
    pub(super) inner: bool,
    pub(super) picture: bool,
    /// At the head of its row, and with nothing in it but a number that Word counts by itself.
    pub(super) counts: bool,
    /// Not on the paper: nothing is asked here, and what stands on both sides of it is side by side.
    pub(super) hidden: bool,
}

impl FormBox {
    /// Its text, a line below the other.
    pub(super) fn text(&self) -> String {
        let lines = self.lines.iter().map(|l| l.text.iter().collect::<String>());
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Whether nothing is printed in it.
    pub(super) fn is_blank(&self) -> bool {
        let mut chars = self.lines.iter().flat_map(|l| &l.text);
        !self.inner
            && !self.picture
            && !self.hidden
            && !self.counts
            && chars.all(|c| is_blank(*c) || matches!(c, '_' | '＿'))
    }
}

/// A table, or a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct FormGrid {
    pub(super) part: String,
    /// Indices of the tables down to this one; empty for a sheet.
    pub(super) path: Vec<usize>,
    /// Name of the sheet.
    pub(super) sheet: String,
    pub(super) cells: Vec<FormBox>,
    pub(super) rows: usize,
    /// Whether a sheet has cells beyond what is looked at.
    pub(super) goes_on: bool,
    /// The row right below the last words of a sheet or a table that ends with the heads of columns: not in the file, and there to be
    /// filled in.
    pub(super) open_row: Option<usize>,
    /// Rows that only show how a list is filled in.
    pub(super) examples: BTreeSet<usize>,
    /// The box that covers a place.
    covers: BTreeMap<(usize, usize), usize>,
    /// What stands above it: the last lines before a table, the label beside a nested one; the nearest last.
    pub(super) above: Vec<String>,
    /// How many of the form's lines stand before it.
    pub(super) after: usize,
    /// The grid and the box that a nested table stands in.
    pub(super) host: Option<(usize, usize)>,
}

impl FormGrid {
    /// The box that covers a place.
    pub(super) fn at(&self, row: usize, column: usize) -> Option<usize> {
        self.covers.get(&(row, column)).copied()
    }

    /// The boxes that begin in a row.
    pub(super) fn in_row(&self, row: usize) -> Vec<usize> {
        let covered = self.covers.range((row, 0)..(row + 1, 0)).map(|(_, n)| *n);
        let mut own: Vec<usize> = covered
            .filter(|n| self.cells.get(*n).is_some_and(|c| c.row == row))
            .collect();
        own.dedup();
        own
    }

    /// Takes a box in.
    fn push(&mut self, cell: FormBox) {
        for row in cell.row..cell.row + cell.down {
            for column in cell.column..cell.column + cell.across.min(200) {
                self.covers.insert((row, column), self.cells.len());
            }
        }
        self.cells.push(cell);
    }

    /// Puts a row of blanks below all others, in columns of these places and widths.
    fn open(&mut self, columns: &[(usize, usize)]) {
        let row = self.rows;
        for (column, across) in columns {
            self.push(FormBox {
                row,
                column: *column,
                down: 1,
                across: *across,
                lines: vec![plain("")],
                ..FormBox::default()
            });
        }
        self.open_row = Some(row);
        self.rows += 1;
    }

    /// The box above a new one goes on for a row.
    fn grow(&mut self, row: usize, column: usize) -> bool {
        let over = row.checked_sub(1).and_then(|above| self.at(above, column));
        let Some((n, cell)) = over.and_then(|n| Some((n, self.cells.get_mut(n)?))) else {
            return false;
        };
        if cell.column != column {
            return false;
        }
        cell.down += 1;
        for column in cell.column..cell.column + cell.across.min(200) {
            self.covers.insert((row, column), n);
        }
        true
    }

    /// The box to the right of one.
    pub(super) fn right(&self, cell: &FormBox) -> Option<usize> {
        self.seen(cell, |c| self.at(c.row, c.column + c.across))
    }

    /// The box to the left of one.
    pub(super) fn left(&self, cell: &FormBox) -> Option<usize> {
        self.seen(cell, |c| self.at(c.row, c.column.checked_sub(1)?))
    }

    /// The box below one.
    pub(super) fn below(&self, cell: &FormBox) -> Option<usize> {
        self.seen(cell, |c| self.at(c.row + c.down, c.column))
    }

    /// The box above one.
    pub(super) fn over(&self, cell: &FormBox) -> Option<usize> {
        self.seen(cell, |c| self.at(c.row.checked_sub(1)?, c.column))
    }

    /// Whether a row of a list only shows how to fill it in.
    pub(super) fn is_example(&self, row: usize) -> bool {
        self.examples.contains(&row)
    }

    /// The next box in some direction that is on the paper.
    fn seen<'g>(
        &'g self,
        from: &'g FormBox,
        next: impl Fn(&'g FormBox) -> Option<usize>,
    ) -> Option<usize> {
        let mut n = next(from)?;
        while let Some(cell) = self.cells.get(n).filter(|c| c.hidden) {
            n = next(cell)?;
        }
        Some(n)
    }
}

/// A line outside all tables.
#[derive(Clone, Debug)]
pub(super) struct Loose {
    pub(super) part: String,
    /// Number of the text box from 1; 0 where it stands in none.
    pub(super) text_box: usize,
    pub(super) line: FormLine,
}

/// A whole form.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    pub(super) grids: Vec<FormGrid>,
    pub(super) loose: Vec<Loose>,
    /// Bytes of text in the cells of its sheets.
    text: usize,
}

impl Survey {
    /// The boxes and lines of a form.
    pub(super) fn of(package: &OpcPackage) -> Result<Self, OoxmlError> {
        let mut survey = Self::default();
        if package.names().any(|n| n.starts_with("xl/")) {
            let reader = cell_reader(package)?;
            let areas = areas(package)?;
            for entry in sheets(package, &workbook_part(package)?)? {
                // what is hidden as a whole asks nothing
                if entry.hidden {
                    continue;
                }
                let printed = areas.get(&entry.name).map_or(&[][..], Vec::as_slice);
                let tree = Tree::read(&entry.part, package.text(&entry.part)?)?;
                let cells = Cells::of(&entry.part, &tree, &reader)?;
                survey.text += cells.text_bytes();
                let part = entry.part.clone();
                survey.grids.push(sheet(&cells, part, entry.name, printed));
                let boxes: usize = survey.grids.iter().map(|g| g.cells.len()).sum();
                if survey.text > MOST_TEXT || boxes > MOST_BOXES {
                    return Err(OoxmlError::TooMuch(entry.part));
                }
            }
            return survey.in_bounds(&workbook_part(package)?);
        }
        for part in text_parts(package) {
            let tree = Tree::read(&part, package.text(&part)?)?;
            let rows = tree.root().descendants().filter(|e| e.is("tr")).count();
            if rows > MOST_TABLE_ROWS {
                return Err(OoxmlError::TooMuch(part));
            }
            let body = body(tree.root());
            let mut walk = Walk {
                words: WordsReader::open(package, &part, tree.root())?,
                survey: &mut survey,
                part: &part,
                boxes: text_boxes(tree.root())
                    .iter()
                    .map(|b| b.range().start)
                    .collect(),
                paragraphs: 0,
                above: Vec::new(),
                tables: 0,
            };
            walk.blocks(body);
            for table in part_tables(tree.root()).into_iter().skip(walk.tables) {
                walk.table(table, &[walk.tables], Vec::new(), None);
                walk.tables += 1;
            }
            survey = survey.in_bounds(&part)?;
        }
        Ok(survey)
    }

    /// The survey, unless it holds more boxes with words, lines or characters in a line than a form has.
    fn in_bounds(self, part: &str) -> Result<Self, OoxmlError> {
        let cells = || self.grids.iter().flat_map(|g| &g.cells);
        let within = cells().flat_map(|c| &c.lines);
        let mut lines = within.chain(self.loose.iter().map(|l| &l.line));
        let worded = cells().filter(|c| !c.is_blank()).count();
        let loose = self.loose.iter().filter(|l| !l.line.text.is_empty());
        let long = lines.any(|l| l.text.len() > LONGEST_LINE || l.blanks.len() > MOST_BLANKS);
        match long || worded + loose.count() > MOST_WORDS {
            true => Err(OoxmlError::TooMuch(part.to_owned())),
            false => Ok(self),
        }
    }

    /// A box.
    pub(super) fn cell(&self, grid: usize, cell: usize) -> Option<&FormBox> {
        self.grids.get(grid)?.cells.get(cell)
    }

    /// The text of a box.
    pub(super) fn text(&self, grid: usize, cell: usize) -> String {
        self.cell(grid, cell).map(FormBox::text).unwrap_or_default()
    }

    /// The place of a box; its key and label are not known yet.
    pub(super) fn place(&self, grid: usize, cell: usize) -> Option<FieldPlace> {
        let cell = self.cell(grid, cell)?;
        let grid = self.grids.get(grid)?;
        let mut place = nowhere(&grid.part);
        if !grid.sheet.is_empty() {
            let row = u32::try_from(cell.row).ok()?;
            let column = u32::try_from(cell.column).ok()?;
            place.cell = cell_name(row, column);
            place.sheet.clone_from(&grid.sheet);
        }
        place.table.clone_from(&grid.path);
        place.row = cell.row;
        place.column = cell.column;
        Some(place)
    }
}

/// Somewhere in a part.
pub(super) fn nowhere(part: &str) -> FieldPlace {
    FieldPlace {
        key: String::new(),
        take: Take::Cell,
        part: part.to_owned(),
        table: Vec::new(),
        row: 0,
        column: 0,
        paragraph: None,
        sheet: String::new(),
        cell: String::new(),
        label: String::new(),
        nth: 0,
    }
}

struct Walk<'a> {
    /// The numbers that Word counts by itself.
    words: WordsReader,
    survey: &'a mut Survey,
    part: &'a str,
    /// Where the text boxes of the part begin, in reading order.
    boxes: Vec<usize>,
    paragraphs: usize,
    tables: usize,
    above: Vec<String>,
}

impl Walk<'_> {
    /// Paragraphs and tables in reading order, counted as `find` counts them.
    fn blocks(&mut self, container: Element<'_>) {
        for child in container.children() {
            if child.is("p") {
                self.paragraph(child);
            } else if child.is("tbl") {
                let above = std::mem::take(&mut self.above);
                self.table(child, &[self.tables], above, None);
                self.tables += 1;
            } else if wraps(child.name()) {
                self.blocks(child);
            }
        }
    }

    fn paragraph(&mut self, paragraph: Element<'_>) {
        let line = line(paragraph, Some(self.paragraphs));
        self.paragraphs += 1;
        let text: String = line.text.iter().collect();
        if !text.trim().is_empty() {
            self.above.push(text);
            if self.above.len() > 3 {
                self.above.remove(0);
            }
        }
        self.loose(line, 0);
        for content in paragraph.descendants().filter(|e| e.is("txbxContent")) {
            let Ok(n) = self.boxes.binary_search(&content.range().start) else {
                continue;
            };
            for (number, inside) in box_paragraphs(content).into_iter().enumerate() {
                self.loose(self::line(inside, Some(number)), n + 1);
            }
        }
    }

    fn loose(&mut self, line: FormLine, text_box: usize) {
        self.survey.loose.push(Loose {
            part: self.part.to_owned(),
            text_box,
            line,
        });
    }

    fn table(
        &mut self,
        table: Element<'_>,
        path: &[usize],
        above: Vec<String>,
        host: Option<(usize, usize)>,
    ) {
        let mut grid = FormGrid {
            part: self.part.to_owned(),
            path: path.to_vec(),
            above,
            after: self.survey.loose.len(),
            host,
            ..FormGrid::default()
        };
        let inner = nested(table);
        let mut within: Vec<(Element<'_>, usize)> = Vec::new();
        let all = rows(table);
        grid.rows = all.len();
        for (number, row) in all.into_iter().enumerate() {
            let hidden = is_gone(row);
            let in_row = cells(row);
            let several = in_row.len() > 1;
            let mut heads = true;
            for cell in in_row {
                if cell.goes_on() && grid.grow(number, cell.column) {
                    continue;
                }
                let own = tables(cell.element);
                within.extend(own.iter().map(|t| (*t, grid.cells.len())));
                let paragraphs = paragraphs(cell.element);
                let counts = several && heads && self.counts(&paragraphs);
                heads &= cell.goes_on();
                grid.push(FormBox {
                    counts,
                    row: number,
                    column: cell.column,
                    down: 1,
                    across: cell.span,
                    lines: paragraphs
                        .into_iter()
                        .enumerate()
                        .map(|(n, p)| line(p, Some(n)))
                        .collect(),
                    inner: !own.is_empty(),
                    picture: cell.element.descendants().any(|e| {
                        matches!(e.name(), "drawing" | "pict" | "object") && !in_prompt(e)
                    }),
                    hidden,
                });
            }
        }
        let columns: Vec<(usize, usize)> = grid
            .in_row(grid.rows.saturating_sub(1))
            .into_iter()
            .filter_map(|n| grid.cells.get(n))
            .map(|c| (c.column, c.across))
            .collect();
        // a table that ends with the heads of columns is filled in below them
        if path.len() == 1 && grid.ends_with_heads() {
            grid.open(&columns);
        }
        grid.note_examples();
        let contexts: Vec<Vec<String>> = within
            .iter()
            .map(|(_, n)| {
                let cell = grid.cells.get(*n);
                let left = cell
                    .and_then(|c| grid.left(c))
                    .and_then(|n| grid.cells.get(n));
                let own = cell.map(FormBox::text);
                left.map(FormBox::text).into_iter().chain(own).collect()
            })
            .collect();
        let own = self.survey.grids.len();
        self.survey.grids.push(grid);
        for ((table, cell), above) in within.iter().zip(contexts) {
            let mut path = path.to_vec();
            path.push(inner.iter().position(|t| t == table).unwrap_or(0));
            self.table(*table, &path, above, Some((own, *cell)));
        }
    }
}

impl Walk<'_> {
    /// Whether paragraphs hold nothing but one number that Word counts by itself.
    fn counts(&self, paragraphs: &[Element<'_>]) -> bool {
        let [only] = paragraphs else { return false };
        let number = !self.words.number(*only).is_empty();
        number && glyphs(*only).iter().all(|g| is_blank(g.c))
    }
}

/// Whether a picture only asks for one.
fn in_prompt(picture: Element<'_>) -> bool {
    let mut around = picture.ancestors().take_while(|a| !a.is("tbl"));
    around.any(|a| a.is("sdt") && shows_prompt(a))
}

/// A paragraph as a line.
fn line(paragraph: Element<'_>, number: Option<usize>) -> FormLine {
    let glyphs = glyphs(paragraph);
    FormLine {
        blanks: blanks_of(&glyphs),
        text: glyphs.iter().map(|g| g.c).collect(),
        paragraph: number,
    }
}

fn size(n: u32) -> usize {
    usize::try_from(n).unwrap_or(0)
}

/// A sheet as a grid: every place of its used range, whether the file names it or not.
fn sheet(cells: &Cells<'_>, part: String, name: String, printed: &[[u32; 4]]) -> FormGrid {
    let unseen = OutOfSight::of(cells, printed);
    let mut grid = FormGrid {
        part,
        above: vec![name.clone()],
        sheet: name,
        ..FormGrid::default()
    };
    let used = cells.cells.keys().copied();
    grid.goes_on = used
        .clone()
        .any(|(row, column)| row >= MOST_ROWS || column >= MOST_COLUMNS);
    let merged = cells.merges.iter().map(|m| (m[2], m[3]));
    let (mut rows, mut columns) = (0, 0);
    for (row, column) in used.chain(merged) {
        rows = rows.max(row + 1).min(MOST_ROWS);
        columns = columns.max(column + 1).min(MOST_COLUMNS);
    }
    let last = cells.rows.keys().next_back();
    rows = rows.max(last.map_or(0, |r| (r + 1).min(MOST_ROWS)));
    let merges: BTreeMap<(u32, u32), [u32; 4]> =
        cells.merges.iter().map(|m| ((m[0], m[1]), *m)).collect();
    for row in 0..rows {
        for column in 0..columns {
            if grid.at(size(row), size(column)).is_some() {
                continue;
            }
            // a merge goes no further than what is looked at, however far the file says
            let merge = merges.get(&(row, column));
            let end = merge.map_or((row, column), |m| {
                (m[2].min(rows - 1), m[3].min(columns - 1))
            });
            grid.push(FormBox {
                row: size(row),
                column: size(column),
                down: size(end.0 - row) + 1,
                across: size(end.1 - column) + 1,
                lines: cells.own(row, column).split('\n').map(plain).collect(),
                // what is calculated, and shows nothing now, is not written over
                inner: cells.is_calculated(row, column) && cells.own(row, column).is_empty(),
                counts: false,
                picture: false,
                hidden: (row..=end.0).all(|r| (column..=end.1).all(|c| unseen.is(r, c))),
            });
        }
    }
    grid.rows = size(rows);
    if grid.ends_with_heads() {
        let columns: Vec<(usize, usize)> = (0..size(columns)).map(|c| (c, 1)).collect();
        grid.open(&columns);
    }
    grid.note_examples();
    grid
}

/// A line of a sheet: its blanks are underscores alone.
fn plain(text: &str) -> FormLine {
    let text: Vec<char> = text.chars().filter(|c| *c != '\r').collect();
    let mut blanks = Vec::new();
    let mut start = None;
    for (n, c) in text.iter().enumerate() {
        match (matches!(c, '_' | '＿'), start) {
            (true, None) => start = Some(n),
            (false, Some(from)) => {
                blanks.push(from..n);
                start = None;
            }
            _ => {}
        }
    }
    blanks.extend(start.map(|from| from..text.len()));
    blanks.retain(|b| b.len() > 1);
    FormLine {
        text,
        blanks,
        paragraph: None,
    }
}
