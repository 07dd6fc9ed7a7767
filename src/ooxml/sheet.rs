//! A worksheet part: where its rows and cells stand, and targeted edits that leave all other bytes alone.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::finding::cell_name;

use super::OoxmlError;
use super::workbook::{TextOf, closing, inline_cell};
use super::xml::{Tag, TagKind, Tags, attribute, parse_cell, parse_range, splice, with_attribute};

/// Namespace of relationship ids in a part.
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Elements that stand behind `legacyDrawing` (ECMA-376 part 1, 18.3.1.99); controls may hide in `AlternateContent`.
pub const BEHIND_LEGACY_DRAWING: [&str; 9] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
];

/// A cell as it stands in the part.
#[derive(Clone, Debug)]
pub(super) struct CellSpan {
    /// The whole element.
    span: Range<usize>,
    /// Its opening tag.
    open: Range<usize>,
    /// Index of its format.
    pub(super) style: u32,
    /// Its words, where it holds words; a number's digits otherwise; empty for an empty cell.
    pub(super) text: String,
    /// Whether it holds words rather than a number.
    pub(super) words: bool,
}

/// A row as it stands in the part.
#[derive(Clone, Debug)]
struct RowSpan {
    open: Range<usize>,
    /// Where `</row>` begins; none for an empty element.
    close: Option<usize>,
    /// Format of cells that are not there.
    style: Option<u32>,
    cells: BTreeMap<u32, CellSpan>,
}

/// What is to become of a cell.
#[derive(Clone, Debug, Default)]
struct Change {
    style: Option<u32>,
    /// New words; an empty text empties the cell.
    text: Option<String>,
}

/// A worksheet part with the edits that are asked for.
pub(super) struct WorksheetPart<'a> {
    part: &'a str,
    xml: &'a str,
    prefix: String,
    rows: BTreeMap<u32, RowSpan>,
    data: Option<Range<usize>>,
    dimension: Option<Range<usize>>,
    columns: Vec<Range<usize>>,
    columns_end: Option<Range<usize>>,
    merges: Vec<[u32; 4]>,
    legacy: Option<String>,
    legacy_at: Option<usize>,
    changes: BTreeMap<(u32, u32), Change>,
    widths: BTreeMap<u32, u32>,
    new_legacy: Option<String>,
}

impl<'a> WorksheetPart<'a> {
    /// Finds the rows and cells of a part; rows and cells count from 0. `shared` are the shared strings.
    pub(super) fn read(part: &'a str, xml: &'a str, shared: &[String]) -> Result<Self, OoxmlError> {
        let mut sheet = Self {
            part,
            xml,
            prefix: String::new(),
            rows: BTreeMap::new(),
            data: None,
            dimension: None,
            columns: Vec::new(),
            columns_end: None,
            merges: Vec::new(),
            legacy: None,
            legacy_at: None,
            changes: BTreeMap::new(),
            widths: BTreeMap::new(),
            new_legacy: None,
        };
        let mut reading = RowState::new(xml, shared);
        for tag in Tags::new(part, xml) {
            let tag = tag?;
            match tag.depth {
                0 => sheet.root(&tag),
                1 => sheet.child(&tag),
                2 if tag.begins("col") => sheet.columns.push(tag.start..tag.end),
                2 if tag.begins("mergeCell") => sheet
                    .merges
                    .extend(tag.attribute("ref").and_then(|r| parse_range(&r))),
                _ => {}
            }
            if tag.depth >= 2 && sheet.data.is_some() {
                reading.see(&tag, &mut sheet.rows);
            }
        }
        Ok(sheet)
    }

    fn root(&mut self, tag: &Tag<'_>) {
        if tag.form != TagKind::Close {
            self.prefix = tag.prefix().to_owned();
        } else if self.legacy_at.is_none() {
            self.legacy_at = Some(tag.start);
        }
    }

    fn child(&mut self, tag: &Tag<'_>) {
        if tag.begins("dimension") {
            self.dimension = Some(tag.start..tag.end);
        } else if tag.ends("cols") {
            self.columns_end = Some(tag.start..tag.end);
        } else if tag.name == "sheetData" {
            let from = self.data.as_ref().map_or(tag.start, |data| data.start);
            self.data = Some(from..tag.end);
        } else if tag.begins("legacyDrawing") {
            self.legacy = super::workbook::relation_id(tag);
        } else if self.data.is_some()
            && self.legacy_at.is_none()
            && tag.form != TagKind::Close
            && BEHIND_LEGACY_DRAWING.contains(&tag.name)
        {
            self.legacy_at = Some(tag.start);
        }
    }

    /// The cells of a row by column, from left to right.
    pub(super) fn cells(&self, row: u32) -> impl Iterator<Item = (u32, &CellSpan)> {
        self.rows
            .get(&row)
            .into_iter()
            .flat_map(|r| r.cells.iter().map(|(column, cell)| (*column, cell)))
    }

    /// Numbers of the rows that are there, from 0.
    pub(super) fn row_numbers(&self) -> impl Iterator<Item = u32> {
        self.rows.keys().copied()
    }

    /// The relationship id of the part with the sheet's comment boxes.
    pub(super) fn legacy_drawing(&self) -> Option<&str> {
        self.legacy.as_deref()
    }

    /// The last column with words, a value or a merged range; none for an empty sheet.
    pub(super) fn last_column(&self) -> Option<u32> {
        let filled = self.rows.values().filter_map(|row| {
            let cells = row.cells.iter().rev();
            cells
                .filter(|(_, cell)| !cell.text.is_empty())
                .map(|(column, _)| *column)
                .next()
        });
        filled.chain(self.merges.iter().map(|m| m[3])).max()
    }

    /// The cell that shows for a place: the first one of a merged range, or the place itself.
    pub(super) fn anchor(&self, row: u32, column: u32) -> (u32, u32) {
        self.merges
            .iter()
            .find(|m| (m[0]..=m[2]).contains(&row) && (m[1]..=m[3]).contains(&column))
            .map_or((row, column), |m| (m[0], m[1]))
    }

    /// The format that a cell has after the edits so far; where it is not there, what its row or column would give it.
    pub(super) fn style(&self, row: u32, column: u32) -> u32 {
        let changed = self.changes.get(&(row, column)).and_then(|c| c.style);
        let row = self.rows.get(&row);
        changed
            .or_else(|| Some(row?.cells.get(&column)?.style))
            .or_else(|| row?.style)
            .or_else(|| self.column_style(column))
            .unwrap_or(0)
    }

    fn column_style(&self, column: u32) -> Option<u32> {
        self.columns.iter().find_map(|span| {
            let source = self.xml.get(span.clone())?;
            let number = |name| attribute(source, name)?.parse::<u32>().ok();
            let held = number("min")?..=number("max")?;
            held.contains(&(column + 1)).then(|| number("style"))?
        })
    }

    /// Sets a cell's format; a cell that is not there is made.
    pub(super) fn set_style(&mut self, row: u32, column: u32, style: u32) {
        self.changes.entry((row, column)).or_default().style = Some(style);
    }

    /// Sets a cell's words; an empty text empties it.
    pub(super) fn set_text(&mut self, row: u32, column: u32, text: impl Into<String>) {
        self.changes.entry((row, column)).or_default().text = Some(text.into());
    }

    /// Sets a column's width in characters, where it has no width of its own.
    pub(super) fn set_width(&mut self, column: u32, width: u32) {
        self.widths.insert(column, width);
    }

    /// Names the part with the sheet's comment boxes, where it has none.
    pub(super) fn set_legacy_drawing(&mut self, id: String) {
        self.new_legacy = Some(id);
    }

    /// The part with all edits made; none where nothing changes.
    pub(super) fn finish(&self) -> Result<Option<String>, OoxmlError> {
        let Some(data) = &self.data else {
            return Err(OoxmlError::Missing(format!("{}: sheetData", self.part)));
        };
        let mut edits = Vec::new();
        let wanted = self.wanted();
        self.edit_rows(data, &wanted, &mut edits);
        self.edit_dimension(&wanted, &mut edits);
        self.edit_widths(data, &mut edits);
        if let (Some(id), None) = (&self.new_legacy, &self.legacy) {
            let at = self.legacy_at.unwrap_or(data.end);
            let tag = format!(
                "<{}legacyDrawing xmlns:r=\"{RELATIONSHIPS}\" r:id=\"{id}\"/>",
                self.prefix
            );
            edits.push((at..at, tag));
        }
        if edits.is_empty() {
            return Ok(None);
        }
        let text = splice(self.xml, &edits);
        Ok((text != self.xml).then_some(text))
    }

    /// The changes that change something, by row and column.
    fn wanted(&self) -> BTreeMap<u32, BTreeMap<u32, &Change>> {
        let mut wanted: BTreeMap<u32, BTreeMap<u32, &Change>> = BTreeMap::new();
        for ((row, column), change) in &self.changes {
            let cell = self.rows.get(row).and_then(|r| r.cells.get(column));
            let style = change
                .style
                .is_some_and(|s| cell.is_none_or(|c| c.style != s));
            let text = change.text.as_ref().is_some_and(|text| match cell {
                Some(cell) => cell.text != *text,
                None => !text.is_empty(),
            });
            if style || text {
                wanted.entry(*row).or_default().insert(*column, change);
            }
        }
        wanted
    }

    fn edit_rows(
        &self,
        data: &Range<usize>,
        wanted: &BTreeMap<u32, BTreeMap<u32, &Change>>,
        edits: &mut Vec<(Range<usize>, String)>,
    ) {
        let p = &self.prefix;
        let mut behind = String::new();
        for (row, changes) in wanted {
            if let Some(found) = self.rows.get(row) {
                self.edit_row(*row, found, changes, edits);
                continue;
            }
            let cells: String = changes
                .iter()
                .map(|(column, change)| self.new_cell(*row, *column, change))
                .collect();
            let text = format!("<{p}row r=\"{}\">{cells}</{p}row>", row + 1);
            match self.rows.range(row + 1..).next() {
                Some((_, next)) => edits.push((next.open.start..next.open.start, text)),
                None => behind.push_str(&text),
            }
        }
        if behind.is_empty() {
            return;
        }
        let source = self.xml.get(data.clone()).unwrap_or("");
        let tail = source.rfind('<').unwrap_or(0);
        let last = source.get(tail..).unwrap_or("");
        let from = data.start + tail;
        edits.push((from..data.end, closing(last, p, &behind)));
    }

    fn edit_row(
        &self,
        row: u32,
        found: &RowSpan,
        changes: &BTreeMap<u32, &Change>,
        edits: &mut Vec<(Range<usize>, String)>,
    ) {
        let p = &self.prefix;
        let mut behind = String::new();
        for (column, change) in changes {
            if let Some(cell) = found.cells.get(column) {
                edits.push(self.changed_cell(row, *column, cell, change));
                continue;
            }
            let text = self.new_cell(row, *column, change);
            match found.cells.range(column + 1..).next() {
                Some((_, next)) => edits.push((next.span.start..next.span.start, text)),
                None => behind.push_str(&text),
            }
        }
        let source = self.xml.get(found.open.clone()).unwrap_or("");
        let last = changes.keys().last().copied().unwrap_or(0) + 1;
        let mut open = wider_spans(source, last);
        match found.close {
            Some(close) if !behind.is_empty() => edits.push((close..close, behind)),
            None if !behind.is_empty() => open = closing(&open, p, &behind),
            _ => {}
        }
        if open != source {
            edits.push((found.open.clone(), open));
        }
    }

    fn new_cell(&self, row: u32, column: u32, change: &Change) -> String {
        let name = cell_name(row, column);
        let style = change.style.unwrap_or_else(|| self.style(row, column));
        match change.text.as_deref() {
            Some(text) if !text.is_empty() => inline_cell(&self.prefix, &name, Some(style), text),
            _ => format!("<{}c r=\"{name}\" s=\"{style}\"/>", self.prefix),
        }
    }

    fn changed_cell(
        &self,
        row: u32,
        column: u32,
        cell: &CellSpan,
        change: &Change,
    ) -> (Range<usize>, String) {
        let style = change.style.unwrap_or(cell.style);
        match &change.text {
            None => {
                let source = self.xml.get(cell.open.clone()).unwrap_or("");
                let tag = with_attribute(source, "s", &style.to_string());
                (cell.open.clone(), tag)
            }
            Some(text) => {
                let change = Change {
                    style: Some(style),
                    text: Some(text.clone()),
                };
                (cell.span.clone(), self.new_cell(row, column, &change))
            }
        }
    }

    /// Widens the used range that the part states; some readers look no further.
    fn edit_dimension(
        &self,
        wanted: &BTreeMap<u32, BTreeMap<u32, &Change>>,
        edits: &mut Vec<(Range<usize>, String)>,
    ) {
        let Some(span) = &self.dimension else { return };
        let source = self.xml.get(span.clone()).unwrap_or("");
        let Some(mut range) = attribute(source, "ref").and_then(parse_range) else {
            return;
        };
        let before = range;
        for (row, changes) in wanted {
            for column in changes.keys() {
                range[0] = range[0].min(*row);
                range[1] = range[1].min(*column);
                range[2] = range[2].max(*row);
                range[3] = range[3].max(*column);
            }
        }
        if range != before {
            let name = format!(
                "{}:{}",
                cell_name(range[0], range[1]),
                cell_name(range[2], range[3])
            );
            edits.push((span.clone(), with_attribute(source, "ref", &name)));
        }
    }

    /// Sets widths; a run of columns that holds the column is divided.
    fn edit_widths(&self, data: &Range<usize>, edits: &mut Vec<(Range<usize>, String)>) {
        let p = &self.prefix;
        let mut behind = String::new();
        for (column, width) in &self.widths {
            let number = column + 1;
            let own = format!(
                "<{p}col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>"
            );
            let mut next = None;
            let mut done = false;
            for span in &self.columns {
                let source = self.xml.get(span.clone()).unwrap_or("");
                let bound = |name| attribute(source, name).and_then(|v| v.parse::<u32>().ok());
                let (Some(min), Some(max)) = (bound("min"), bound("max")) else {
                    continue;
                };
                if min == number && max == number {
                    done = true;
                } else if (min..=max).contains(&number) {
                    edits.push((span.clone(), divided(source, min, max, number, *width)));
                    done = true;
                } else if min > number && next.is_none() {
                    next = Some(span.start);
                }
            }
            match next {
                _ if done => {}
                Some(at) => edits.push((at..at, own)),
                None => behind.push_str(&own),
            }
        }
        if behind.is_empty() {
            return;
        }
        match &self.columns_end {
            Some(span) => {
                let source = self.xml.get(span.clone()).unwrap_or("");
                edits.push((span.clone(), closing(source, p, &behind)));
            }
            None => {
                let text = format!("<{p}cols>{behind}</{p}cols>");
                edits.push((data.start..data.start, text));
            }
        }
    }
}

/// A run of columns in up to three pieces, the middle one with a width of its own.
fn divided(source: &str, min: u32, max: u32, number: u32, width: u32) -> String {
    let piece = |from: u32, to: u32| {
        let tag = with_attribute(source, "min", &from.to_string());
        with_attribute(&tag, "max", &to.to_string())
    };
    let mut text = String::new();
    if min < number {
        text.push_str(&piece(min, number - 1));
    }
    let own = with_attribute(&piece(number, number), "width", &width.to_string());
    text.push_str(&with_attribute(&own, "customWidth", "1"));
    if number < max {
        text.push_str(&piece(number + 1, max));
    }
    text
}

/// A row's tag whose hint of used columns (`spans`) reaches to `last`, counted from 1.
fn wider_spans(source: &str, last: u32) -> String {
    let bounds = attribute(source, "spans").and_then(|spans| {
        let (from, to) = spans.split_once(':')?;
        Some((from.parse::<u32>().ok()?, to.parse::<u32>().ok()?))
    });
    match bounds {
        Some((from, to)) if to < last => with_attribute(source, "spans", &format!("{from}:{last}")),
        _ => source.to_owned(),
    }
}

/// State while the rows are read.
struct RowState<'a> {
    shared: &'a [String],
    xml: &'a str,
    row: Option<(u32, RowSpan)>,
    next_row: u32,
    next_column: u32,
    cell: Option<(u32, CellSpan, String)>,
    value: Option<usize>,
    text: TextOf<'a>,
}

impl<'a> RowState<'a> {
    fn new(xml: &'a str, shared: &'a [String]) -> Self {
        Self {
            shared,
            xml,
            row: None,
            next_row: 0,
            next_column: 0,
            cell: None,
            value: None,
            text: TextOf::new(xml),
        }
    }

    fn see(&mut self, tag: &Tag<'_>, rows: &mut BTreeMap<u32, RowSpan>) {
        match (tag.depth, tag.name) {
            (2, "row") => self.row(tag, rows),
            (3, "c") => self.cell(tag),
            (4, "v" | "f") if tag.form == TagKind::Open => self.value = Some(tag.end),
            (4, "v" | "f") if tag.form == TagKind::Close => self.close_value(tag),
            _ => self.text.see(tag),
        }
    }

    fn row(&mut self, tag: &Tag<'_>, rows: &mut BTreeMap<u32, RowSpan>) {
        if tag.form != TagKind::Close {
            let number = tag
                .number("r")
                .map_or(self.next_row, |r| r.saturating_sub(1));
            self.next_row = number.saturating_add(1);
            self.next_column = 0;
            let row = RowSpan {
                open: tag.start..tag.end,
                close: None,
                style: tag.number("s"),
                cells: BTreeMap::new(),
            };
            self.row = Some((number, row));
        }
        if tag.form != TagKind::Open
            && let Some((number, mut row)) = self.row.take()
        {
            row.close = (tag.form == TagKind::Close).then_some(tag.start);
            rows.entry(number).or_insert(row);
        }
    }

    fn cell(&mut self, tag: &Tag<'_>) {
        if tag.form != TagKind::Close {
            let column = tag
                .attribute("r")
                .and_then(|name| parse_cell(&name))
                .map_or(self.next_column, |(_, column)| column);
            self.next_column = column.saturating_add(1);
            self.text.clear();
            let kind = tag.attribute("t").unwrap_or_default().into_owned();
            let cell = CellSpan {
                span: tag.start..tag.end,
                open: tag.start..tag.end,
                style: tag.number("s").unwrap_or(0),
                text: String::new(),
                words: matches!(kind.as_str(), "s" | "str" | "inlineStr"),
            };
            self.cell = Some((column, cell, kind));
        }
        if tag.form != TagKind::Open
            && let Some((column, mut cell, kind)) = self.cell.take()
        {
            cell.span.end = tag.end;
            if kind == "inlineStr" {
                cell.text = self.text.take();
            }
            if let Some((_, row)) = &mut self.row {
                row.cells.entry(column).or_insert(cell);
            }
        }
    }

    /// Keeps a cell's value; of a formula its text, so that the cell counts as filled.
    fn close_value(&mut self, tag: &Tag<'_>) {
        let raw = self
            .value
            .take()
            .and_then(|from| self.xml.get(from..tag.start));
        let (Some(raw), Some((_, cell, kind))) = (raw, &mut self.cell) else {
            return;
        };
        if kind == "s" && tag.name == "v" {
            let index = raw.trim().parse::<usize>().ok();
            cell.text = index
                .and_then(|i| self.shared.get(i))
                .cloned()
                .unwrap_or_default();
        } else {
            cell.text = super::xml::unescape(raw).into_owned();
        }
    }
}
