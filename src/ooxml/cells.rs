//! What the cells of a workbook hold, for whoever reads it: texts with their escapes resolved, numbers, days where the cell's format
//! says so, truth values, faults. A cell that contradicts itself is told as such and never stops its sheet. How a workbook is put
//! together is in `workbook`, formats of numbers in `number_format`.

use std::collections::BTreeMap;

use super::comments::comments_of;
use super::number_format::{NumberFormat, Shown, number_formats};
use super::pictures::PictureName;
use super::unseen::{Look, Struck, Unseen, hiding_conditions, looks};
use super::workbook::{TextOf, shared_strings_with};
use super::xml::{TagKind, Tags, attributes_of, parse_cell, parse_range, unescape};
use super::{OoxmlError, OpcPackage, relations};

/// What a cell holds (ECMA-376 part 1, 18.3.1.4 and 18.18.11).
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// Text.
    Text(String),
    /// A number that is no day.
    Number(f64),
    /// A day: a number in a cell whose format shows a day, or an ISO 8601 text.
    Day {
        /// Year, 1899 to 9999.
        year: i16,
        /// Month, 1 to 12.
        month: i8,
        /// Day; 29 February 1900 happens, as Excel counts it.
        day: i8,
    },
    /// A truth value.
    Bool(bool),
    /// What a formula came to where it could not be calculated, such as `#N/A`.
    Fault(String),
    /// A formula that was never calculated.
    NoResult,
    /// A picture that was put into the cell (WPS's DISPIMG, Excel's “place in cell”).
    Picture,
    /// A cell that contradicts itself, such as text in a cell of numbers: what stands in it.
    Odd(String),
}

impl CellValue {
    /// The text of a text cell.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether nothing stands in it but blanks.
    pub fn is_blank(&self) -> bool {
        self.text().is_some_and(|text| text.trim().is_empty())
    }

    /// What it shows, for links and messages.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Day { year, month, day } => format!("{year:04}-{month:02}-{day:02}"),
            Self::Bool(true) => "是".to_owned(),
            Self::Bool(false) => "否".to_owned(),
            Self::Fault(fault) | Self::Odd(fault) => fault.trim().to_owned(),
            Self::NoResult | Self::Picture => String::new(),
        }
    }
}

/// One cell: row and column from 0, and what it holds.
pub type Cell = (u32, u32, CellValue);

/// What the cells of a workbook refer to: texts that they share, and the formats that show days.
#[derive(Clone, Debug, Default)]
pub struct CellReader {
    shared: Vec<String>,
    /// Of the shared texts those in which something is struck out.
    struck: BTreeMap<usize, Struck>,
    /// How a style looks, by its own number.
    looks: Vec<Look>,
    /// What a style makes of a number, by its own number.
    formats: Vec<NumberFormat>,
    /// Which formats for conditions make a text unseen, by their own number.
    hiding: Vec<bool>,
    /// Whether days are counted from 1904 on (workbooks of old Macintoshes).
    from_1904: bool,
}

impl CellReader {
    /// Reads what the cells of a workbook refer to. Errors: a part is not well-formed.
    pub fn open(package: &OpcPackage, workbook: &str) -> Result<Self, OoxmlError> {
        let styles = relations(package, workbook)?
            .into_iter()
            .find(|r| r.kind == "styles" && package.part(&r.target).is_some());
        let (formats, looks, hiding) = match styles {
            Some(styles) => {
                let xml = package.text(&styles.target)?;
                (
                    number_formats(&styles.target, xml)?,
                    looks(&styles.target, xml)?,
                    hiding_conditions(&styles.target, xml)?,
                )
            }
            None => (Vec::new(), Vec::new(), Vec::new()),
        };
        let mut from_1904 = false;
        for tag in Tags::new(workbook, package.text(workbook)?) {
            let tag = tag?;
            if tag.begins("workbookPr") {
                let said = tag.attribute("date1904");
                from_1904 = said.is_some_and(|v| matches!(&*v, "1" | "true" | "on"));
                break;
            }
        }
        let make = |text: &str, struck| (unescape_cell(text), struck);
        let strings = shared_strings_with(package, workbook, make)?;
        let marked = strings.iter().enumerate();
        let marked = marked.filter(|(_, (_, struck))| *struck != Struck::No);
        Ok(Self {
            struck: marked.map(|(n, (_, struck))| (n, *struck)).collect(),
            shared: strings.into_iter().map(|(text, _)| text).collect(),
            looks,
            formats,
            hiding,
            from_1904,
        })
    }

    /// What a cell holds, by its type `t`, style `s`, value `v`, and whether it has a formula; none for an empty one. The text of
    /// `inlineStr` stands in the place of the value.
    pub fn value(
        &self,
        kind: &str,
        style: Option<usize>,
        value: Option<&str>,
        formula: bool,
    ) -> Option<CellValue> {
        let Some(value) = value.filter(|v| !v.is_empty() || kind == "str") else {
            return formula.then_some(CellValue::NoResult);
        };
        let odd = || CellValue::Odd(unescape_cell(value));
        Some(match kind {
            "s" => {
                let index = value.trim().parse::<usize>().ok();
                let text = index.and_then(|n| self.shared.get(n));
                text.map_or_else(odd, |text| self.text(text.clone(), style))
            }
            "str" | "inlineStr" => self.text(unescape_cell(value), style),
            "b" => match value.trim() {
                "1" | "true" => CellValue::Bool(true),
                "0" | "false" => CellValue::Bool(false),
                _ => odd(),
            },
            "e" => CellValue::Fault(value.trim().to_owned()),
            "d" => iso_day(value).unwrap_or_else(|| CellValue::Text(unescape_cell(value))),
            "" | "n" => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => self.number(number, style),
                _ => odd(),
            },
            _ => odd(),
        })
    }

    /// How a cell looks, by its type, style and value, and by how much of a text of its own is struck out.
    fn look(&self, cell: &OpenCell, inline: Struck) -> Look {
        let style = cell.style.and_then(|s| self.looks.get(s));
        let mut look = style.copied().unwrap_or_default();
        look.struck = look.struck.max(inline);
        if cell.value.is_some() && self.format(cell.style).is_some() {
            let (nothing, otherwise) = self.hides(cell);
            look.colourless |= nothing;
            look.otherwise = otherwise;
            look.rounded = self.rounds(cell);
        }
        if !self.struck.is_empty() && cell.kind == "s" {
            let index = cell.value.as_deref().and_then(|v| v.trim().parse().ok());
            let shared = index.and_then(|n: usize| self.struck.get(&n)).copied();
            look.struck = look.struck.max(shared.unwrap_or_default());
        }
        look
    }

    fn format(&self, style: Option<usize>) -> Option<&NumberFormat> {
        self.formats.get(style?)
    }

    /// A text, with the words that its format puts around it. One of which nothing is seen stays, and is told by its look.
    fn text(&self, text: String, style: Option<usize>) -> CellValue {
        let shown = self.format(style).and_then(|format| format.text(&text));
        let seen = shown.filter(|shown| !shown.is_empty() && !text.trim().is_empty());
        CellValue::Text(seen.unwrap_or(text))
    }

    /// A number, or what its format shows instead: a day, a time, digits with words around them. What cannot be told stays the number, and
    /// is told by its look.
    fn number(&self, number: f64, style: Option<usize>) -> CellValue {
        let shown = match self.shown(number, style) {
            Shown::Day => day_of(number, self.from_1904),
            Shown::Text(text) => Some(CellValue::Text(text)),
            Shown::Same | Shown::Nothing | Shown::Otherwise => None,
        };
        shown.unwrap_or(CellValue::Number(number))
    }

    fn shown(&self, number: f64, style: Option<usize>) -> Shown {
        self.format(style)
            .map_or(Shown::Same, |format| format.number(number))
    }

    /// Whether a number is shown with fewer digits than it has.
    fn rounds(&self, cell: &OpenCell) -> bool {
        let value = cell.value.as_deref().unwrap_or_default();
        let number = value.trim().parse::<f64>().ok();
        let number = number.filter(|_| matches!(cell.kind.as_str(), "" | "n"));
        let format = self.format(cell.style);
        format.zip(number).is_some_and(|(f, n)| f.rounds(n))
    }

    /// Whether nothing is seen of a cell's value, and whether something else is seen than what is read.
    fn hides(&self, cell: &OpenCell) -> (bool, bool) {
        let value = cell.value.as_deref().unwrap_or_default();
        match (cell.kind.as_str(), value.trim().parse::<f64>()) {
            ("" | "n", Ok(number)) => match self.shown(number, cell.style) {
                Shown::Nothing => (true, false),
                Shown::Otherwise => (false, true),
                Shown::Day => (false, day_of(number, self.from_1904).is_none()),
                Shown::Same | Shown::Text(_) => (false, false),
            },
            ("s" | "str" | "inlineStr", _) => {
                let shown = self.format(cell.style).and_then(|format| format.text("文"));
                (shown.is_some_and(|shown| shown.is_empty()), false)
            }
            _ => (false, false),
        }
    }

    /// What one cell holds, given by its source from `<c` to its end; none for an empty one. Errors: it is not well-formed.
    pub fn cell(&self, part: &str, source: &str) -> Result<Option<CellValue>, OoxmlError> {
        let first = SheetCells::over(part, source, self).next().transpose()?;
        Ok(first.map(|(_, _, value)| value))
    }
}

/// The day of a serial number: 1 is 1 January 1900, 60 the day that there never was, 2958465 the last of 9999.
fn day_of(serial: f64, from_1904: bool) -> Option<CellValue> {
    let serial = if from_1904 { serial + 1462.0 } else { serial };
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let whole = serial.floor() as i32;
    if whole == 60 {
        return Some(CellValue::Day {
            year: 1900,
            month: 2,
            day: 29,
        });
    }
    let offset = if whole > 60 { whole - 1 } else { whole };
    let first = jiff::civil::date(1899, 12, 31);
    let day = first
        .checked_add(jiff::Span::new().try_days(offset).ok()?)
        .ok()?;
    Some(CellValue::Day {
        year: day.year(),
        month: day.month(),
        day: day.day(),
    })
}

/// The day of an ISO 8601 text, whatever time stands behind it.
fn iso_day(text: &str) -> Option<CellValue> {
    let day: jiff::civil::Date = text.split('T').next()?.trim().parse().ok()?;
    Some(CellValue::Day {
        year: day.year(),
        month: day.month(),
        day: day.day(),
    })
}

/// Text with `_xHHHH_` resolved: how a workbook writes characters that XML cannot hold (ECMA-376 part 1, 22.4.2.4). `_x000D_` is the
/// line end of a text that was pasted.
pub fn unescape_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let unit = escape.get(2..6).zip(escape.get(6..7));
        let unit = unit.filter(|(_, end)| *end == "_").map(|(unit, _)| unit);
        let unit = unit.filter(|u| u.bytes().all(|b| b.is_ascii_hexdigit()));
        match unit
            .and_then(|u| u32::from_str_radix(u, 16).ok())
            .and_then(char::from_u32)
        {
            Some(c) => {
                out.push(c);
                rest = escape.get(7..).unwrap_or("");
            }
            None => {
                out.push_str("_x");
                rest = escape.get(2..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

/// Text as it is written into a cell: what would be taken for `_xHHHH_` when it is read has its first underscore written so.
pub fn escape_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let digits = escape.bytes().skip(2).take(4);
        let is_escape =
            digits.filter(u8::is_ascii_hexdigit).count() == 4 && escape.get(6..7) == Some("_");
        out.push_str(if is_escape { "_x005F_" } else { "_" });
        rest = escape.get(1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// A worksheet, cell by cell in the order of the file; empty cells are left out.
pub struct SheetCells<'a> {
    reader: &'a CellReader,
    tags: Tags<'a>,
    xml: &'a str,
    inline: TextOf<'a>,
    row: u32,
    column: u32,
    begun: bool,
    merges: Vec<[u32; 4]>,
    pictures: Vec<(u32, u32, PictureName)>,
    unseen: Unseen,
    /// The cells of the condition that is being read.
    condition: Vec<[u32; 4]>,
}

/// A cell that is being read.
#[derive(Default)]
struct OpenCell {
    kind: String,
    style: Option<usize>,
    value: Option<String>,
    formula: bool,
    /// The formula, where it names a picture.
    names_picture: Option<String>,
    /// The number of the workbook's metadata that say more of the value (`vm`), from 1; 0 for none. A picture, or another thing without text.
    metadata: usize,
}

impl<'a> SheetCells<'a> {
    /// The cells of a part of the package. Errors: the part is not there or not UTF-8.
    pub fn new(
        package: &'a OpcPackage,
        part: &'a str,
        reader: &'a CellReader,
    ) -> Result<Self, OoxmlError> {
        let mut cells = Self::over(part, package.text(part)?, reader);
        // a list of comments that is torn says nothing of the cells
        cells
            .unseen
            .see_comments(comments_of(package, part).unwrap_or_default());
        Ok(cells)
    }

    /// The cells of a piece of a part.
    fn over(part: &'a str, xml: &'a str, reader: &'a CellReader) -> Self {
        Self {
            reader,
            tags: Tags::new(part, xml),
            xml,
            inline: TextOf::new(xml),
            row: 0,
            column: 0,
            begun: false,
            merges: Vec::new(),
            pictures: Vec::new(),
            unseen: Unseen::default(),
            condition: Vec::new(),
        }
    }

    /// What is hidden or struck out, of what was met so far.
    pub fn unseen(&self) -> &Unseen {
        &self.unseen
    }

    /// The merged regions that were met: first row, first column, last row, last column, from 0. They stand behind the cells.
    pub fn merges(&self) -> &[[u32; 4]] {
        &self.merges
    }

    /// The cells that were met with a picture in them: row and column from 0, and which picture it is.
    pub fn pictures(&self) -> &[(u32, u32, PictureName)] {
        &self.pictures
    }

    /// The place of a tag's `r`, or where the next row or cell would stand.
    fn row_at(&mut self, source: &str) {
        let said = attributes_of(source).find(|(n, _)| *n == "r");
        let said = said.and_then(|(_, v)| v.trim().parse::<u32>().ok()?.checked_sub(1));
        let next = if self.begun {
            self.row.saturating_add(1)
        } else {
            0
        };
        self.row = said.unwrap_or(next);
        self.begun = true;
        self.column = 0;
        self.unseen.see_row(self.row, source);
    }

    /// Reads a cell from its tag on.
    fn cell(
        &mut self,
        source: &str,
        empty: bool,
        depth: usize,
    ) -> Result<Option<Cell>, OoxmlError> {
        let mut cell = OpenCell::default();
        for (name, value) in attributes_of(source) {
            match name {
                "r" => {
                    if let Some((row, column)) = parse_cell(value) {
                        (self.row, self.column) = (row, column);
                    }
                }
                "t" => cell.kind = unescape(value).into_owned(),
                "s" => cell.style = value.trim().parse().ok(),
                "vm" => cell.metadata = value.trim().parse().unwrap_or_default(),
                _ => {}
            }
        }
        let at = (self.row, self.column);
        self.column = self.column.saturating_add(1);
        let mut inline = Struck::No;
        if !empty {
            inline = self.contents(&mut cell, depth)?;
        }
        let value = cell.value.as_deref();
        let value = self
            .reader
            .value(&cell.kind, cell.style, value, cell.formula);
        let value = match value.as_ref().and_then(|value| picture_in(value, &cell)) {
            Some(picture) => {
                if self.pictures.len() < MOST_PICTURES {
                    self.pictures.push((at.0, at.1, picture));
                }
                Some(CellValue::Picture)
            }
            None => value,
        };
        let look = self.reader.look(&cell, inline);
        if value.is_some() && look != Look::default() {
            self.unseen.see_cell(at, look);
        }
        Ok(value.map(|value| (at.0, at.1, value)))
    }

    /// Reads what stands in a cell, up to its end; returns how much of a text of its own is struck out.
    fn contents(&mut self, cell: &mut OpenCell, depth: usize) -> Result<Struck, OoxmlError> {
        let mut struck = Struck::No;
        let mut from = None;
        let mut formula_from = None;
        let mut inline = false;
        while let Some(tag) = self.tags.next() {
            let tag = tag?;
            if tag.depth == depth && tag.form == TagKind::Close {
                break;
            }
            if inline {
                self.inline.see(&tag);
            }
            if tag.depth != depth + 1 {
                continue;
            }
            match (tag.name, tag.form) {
                ("v", TagKind::Open) => from = Some(tag.end),
                ("v", TagKind::Close) => {
                    let raw = from.take().and_then(|from| self.xml.get(from..tag.start));
                    cell.value = raw.map(|raw| unescape(raw).into_owned());
                }
                ("f", TagKind::Open | TagKind::Empty) => {
                    cell.formula = true;
                    formula_from = (tag.form == TagKind::Open).then_some(tag.end);
                }
                ("f", TagKind::Close) => {
                    let raw = formula_from
                        .take()
                        .and_then(|from| self.xml.get(from..tag.start));
                    let raw = raw.filter(|raw| raw.contains(DISPIMG));
                    cell.names_picture = raw.map(|raw| unescape(raw).into_owned());
                }
                ("is", TagKind::Open) => {
                    inline = true;
                    self.inline.clear();
                }
                ("is", TagKind::Close) => {
                    inline = false;
                    struck = self.inline.struck();
                    cell.value = Some(self.inline.take());
                }
                _ => {}
            }
        }
        Ok(struck)
    }
}

/// Most pictures in cells of one sheet: as many as the rows that are read.
const MOST_PICTURES: usize = 20_000;

/// WPS's formula of a picture in a cell.
const DISPIMG: &str = "DISPIMG(";

/// The picture that a cell holds: WPS keeps a formula that names it, and its text as value, of which other programs make an error; Excel
/// an error beside what its metadata say.
fn picture_in(value: &CellValue, cell: &OpenCell) -> Option<PictureName> {
    let text = match value {
        CellValue::Fault(fault) if cell.metadata > 0 && fault == "#VALUE!" => {
            return Some(PictureName::Metadata(cell.metadata));
        }
        CellValue::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let named = |formula: &str| {
        let formula = formula.trim_start().trim_start_matches(['=', '@']);
        let formula = formula.strip_prefix("_xlfn.").unwrap_or(formula);
        let rest = formula.strip_prefix(DISPIMG)?;
        let name = rest.split([',', ')']).next().unwrap_or_default();
        let quotes = |c: char| c.is_whitespace() || "\"'“”".contains(c);
        Some(PictureName::Named(name.trim_matches(quotes).to_owned()))
    };
    let of_formula = cell.names_picture.as_deref().and_then(named);
    of_formula.or_else(|| text.and_then(named))
}

impl Iterator for SheetCells<'_> {
    type Item = Result<Cell, OoxmlError>;

    /// The next cell that holds something. An error ends the sheet.
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let tag = match self.tags.next()? {
                Ok(tag) => tag,
                Err(error) => return Some(Err(error)),
            };
            if tag.form == TagKind::Close {
                continue;
            }
            match tag.name {
                "row" => self.row_at(tag.source),
                "col" => self.unseen.see_columns(&tag),
                "mergeCell" => {
                    let said = tag.attribute("ref");
                    self.merges.extend(said.and_then(|r| parse_range(&r)));
                }
                "conditionalFormatting" => {
                    let cells = tag.attribute("sqref").unwrap_or_default();
                    self.condition = cells.split_whitespace().filter_map(parse_range).collect();
                }
                "cfRule" => {
                    let format = tag.number("dxfId").and_then(|n| usize::try_from(n).ok());
                    if format.is_some_and(|n| self.reader.hiding.get(n) == Some(&true)) {
                        self.unseen.see_conditional(self.condition.iter().copied());
                    }
                }
                "c" => match self.cell(tag.source, tag.form == TagKind::Empty, tag.depth) {
                    Ok(Some(cell)) => return Some(Ok(cell)),
                    Ok(None) => {}
                    Err(error) => return Some(Err(error)),
                },
                _ => {}
            }
        }
    }
}
