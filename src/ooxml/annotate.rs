//! Gives a workbook back with notes: coloured cells, comments, a column 错误说明 and a sheet 校验结果. All else stays as
//! it was, and a workbook that was marked before loses its old notes first.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity, cell_name};

use super::sheet::WorksheetPart;
use super::styles::{AMBER, RED, Styles, highest_format, least_styles};
use super::workbook::{
    MAIN, SheetEntry, add_content_type, add_relation, add_sheet, inline_cell, relations,
    shared_strings, sheets, workbook_part,
};
use super::xml::{MAX_COLUMNS, MAX_ROWS, parse_cell};
use super::{NOTE_HEADING, NOTE_SHEET, OoxmlError, OpcPackage, comments};

/// How the first cell of our sheet begins.
const TITLE: &str = "校验结果：";
/// Width of the column 错误说明, in characters.
const NOTE_WIDTH: u32 = 60;
/// Most characters of a cell that we write; Excel takes 32,767.
const MOST_TEXT: usize = 30_000;
/// Rows in which a heading row is looked for where none is named.
const HEADING_WITHIN: u32 = 30;
const STYLES_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";

/// One remark on a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Name of the sheet; empty for a remark on no sheet.
    pub sheet: String,
    /// The cell in A1 notation; empty for a remark on no cell.
    pub cell: String,
    /// Red for an error, amber for a warning, no colour for a mere remark.
    pub severity: Severity,
    /// The finding's code.
    pub code: String,
    /// The record or file that it is about, in words; may be empty.
    pub place: String,
    /// What is wrong.
    pub text: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl From<&Finding> for Note {
    fn from(finding: &Finding) -> Self {
        let place = &finding.place;
        let words = place.record.as_deref().or(match &place.sheet {
            None => place.file.as_deref(),
            Some(_) => None,
        });
        Self {
            sheet: place.sheet.clone().unwrap_or_default(),
            cell: place.cell.clone().unwrap_or_default(),
            severity: finding.severity,
            code: finding.code.to_owned(),
            place: words.unwrap_or_default().to_owned(),
            text: finding.message.clone(),
            hint: finding.hint.clone(),
        }
    }
}

impl Note {
    fn colour(&self) -> Option<&'static str> {
        match self.severity {
            Severity::Error => Some(RED),
            Severity::Warning => Some(AMBER),
            Severity::Info => None,
        }
    }

    /// Message and remedy in one line.
    fn line(&self) -> String {
        let (text, hint) = (self.text.trim(), self.hint.trim());
        let stop = if hint.is_empty() || text.ends_with(['。', '！', '？']) {
            ""
        } else {
            "。"
        };
        format!("{text}{stop}{hint}")
    }
}

/// The workbook with its notes. `headings` holds the number of the heading row of each sheet, counted from 1 as Excel shows
/// it; where a sheet is not listed, the row with most words among the first 30 is taken. Notes on sheets or cells that the
/// workbook does not have stand in the sheet 校验结果 alone. Marking twice gives the same as marking once.
pub fn mark_workbook(
    xlsx: &[u8],
    notes: &[Note],
    headings: &BTreeMap<String, u32>,
) -> Result<Vec<u8>, OoxmlError> {
    let mut package = OpcPackage::read(xlsx)?;
    let workbook = workbook_part(&package)?;
    let shared = shared_strings(&package, &workbook)?;
    let styles_part = styles_part(&mut package, &workbook)?;
    let mut styles = Styles::read(&styles_part, package.text(&styles_part)?)?;
    let entries = sheets(&package, &workbook)?;
    let own = own_sheet(&package, &entries, &shared)?;
    let again = styles.has_marks() || own.is_some();
    if again || !notes.is_empty() {
        for entry in &entries {
            styles.reach(package.text(&entry.part).map_or(0, highest_format));
        }
    }
    for entry in &entries {
        if own.as_ref().is_some_and(|own| own.part == entry.part) {
            continue;
        }
        let here: Vec<&Note> = notes.iter().filter(|n| n.sheet == entry.name).collect();
        if here.is_empty() && !again {
            continue;
        }
        let heading = headings.get(&entry.name).copied();
        let job = Job {
            entry,
            notes: here,
            heading: heading.map(|row| row.saturating_sub(1)),
            again,
        };
        job.run(&mut package, &mut styles, &shared)?;
    }
    if !notes.is_empty() || own.is_some() {
        let xml = result_sheet(notes, &mut styles);
        match &own {
            Some(own) => package.put(&own.part, xml),
            None => {
                let name = free_name(&entries);
                add_sheet(&mut package, &workbook, &name, xml)?;
            }
        }
    }
    if let Some(xml) = styles.finish() {
        package.put(&styles_part, xml);
    }
    package.write()
}

/// Name of the part with the formats; it is made where there is none.
fn styles_part(package: &mut OpcPackage, workbook: &str) -> Result<String, OoxmlError> {
    let found = relations(package, workbook)?
        .into_iter()
        .find(|r| r.kind == "styles" && package.part(&r.target).is_some());
    if let Some(relation) = found {
        return Ok(relation.target);
    }
    let part = "xl/styles.xml";
    package.put(part, least_styles());
    add_content_type(package, part, STYLES_TYPE, None)?;
    add_relation(package, workbook, "styles", part)?;
    Ok(part.to_owned())
}

/// The sheet 校验结果 of an earlier run; a sheet of that name that somebody else made is not ours.
fn own_sheet(
    package: &OpcPackage,
    entries: &[SheetEntry],
    shared: &[String],
) -> Result<Option<SheetEntry>, OoxmlError> {
    for entry in entries.iter().filter(|e| e.name.starts_with(NOTE_SHEET)) {
        let sheet = WorksheetPart::read(&entry.part, package.text(&entry.part)?, shared)?;
        let ours = sheet
            .cells(0)
            .any(|(column, cell)| column == 0 && cell.text.starts_with(TITLE));
        if ours {
            return Ok(Some(entry.clone()));
        }
    }
    Ok(None)
}

fn free_name(entries: &[SheetEntry]) -> String {
    let taken = |name: &String| entries.iter().any(|e| e.name == *name);
    let more = (2..).map(|n: usize| format!("{NOTE_SHEET}{n}"));
    std::iter::once(NOTE_SHEET.to_owned())
        .chain(more)
        .find(|name| !taken(name))
        .unwrap_or_default()
}

/// One sheet to be marked.
struct Job<'a> {
    entry: &'a SheetEntry,
    notes: Vec<&'a Note>,
    heading: Option<u32>,
    again: bool,
}

impl Job<'_> {
    fn run(
        &self,
        package: &mut OpcPackage,
        styles: &mut Styles,
        shared: &[String],
    ) -> Result<(), OoxmlError> {
        let part = self.entry.part.as_str();
        let xml = package.text(part)?.to_owned();
        let mut sheet = WorksheetPart::read(part, &xml, shared)?;
        let heading = self.heading.unwrap_or_else(|| fullest_row(&sheet));
        if self.again {
            unmark(&mut sheet, styles);
        }
        let (texts, rows) = self.mark(&mut sheet, styles, heading);
        self.explain(&mut sheet, styles, heading, &rows)?;
        let legacy = sheet.legacy_drawing().map(str::to_owned);
        if let Some(id) = comments::write(package, part, legacy.as_deref(), &texts)? {
            sheet.set_legacy_drawing(id);
        }
        if let Some(xml) = sheet.finish()? {
            package.put(part, xml);
        }
        Ok(())
    }

    /// Colours the cells; gives the comments by cell and the lines by row.
    fn mark(&self, sheet: &mut WorksheetPart<'_>, styles: &mut Styles, heading: u32) -> Marked {
        let mut worst: BTreeMap<(u32, u32), &Note> = BTreeMap::new();
        let mut texts: BTreeMap<(u32, u32), String> = BTreeMap::new();
        let mut rows: BTreeMap<u32, String> = BTreeMap::new();
        for note in &self.notes {
            let Some((row, column)) = parse_cell(&note.cell) else {
                continue;
            };
            let cell = sheet.anchor(row, column);
            let held = worst.entry(cell).or_insert(note);
            if note.severity > held.severity {
                *held = note;
            }
            let text = texts.entry(cell).or_default();
            join(text, "\n", &note.line());
            if cell.0 != heading {
                let line = note.line();
                let text = rows.entry(cell.0).or_default();
                join(text, "；", line.trim_end_matches('。'));
            }
        }
        for ((row, column), note) in worst {
            if let Some(colour) = note.colour() {
                let style = styles.marked(sheet.style(row, column), colour);
                sheet.set_style(row, column, style);
            }
        }
        (texts, rows)
    }

    /// Fills the column 错误说明: the one of an earlier run, or a new one behind the last.
    fn explain(
        &self,
        sheet: &mut WorksheetPart<'_>,
        styles: &mut Styles,
        heading: u32,
        rows: &BTreeMap<u32, String>,
    ) -> Result<(), OoxmlError> {
        let known = sheet
            .cells(heading)
            .find(|(_, cell)| cell.text.trim() == NOTE_HEADING)
            .map(|(column, _)| column);
        if let Some(column) = known {
            for row in sheet.row_numbers().collect::<Vec<_>>() {
                let filled = sheet
                    .cells(row)
                    .any(|(c, cell)| c == column && !cell.text.is_empty());
                if filled && (row != heading || rows.is_empty()) {
                    sheet.set_text(row, column, "");
                }
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        let next = sheet.last_column().map_or(0, |column| column + 1);
        let column = known.unwrap_or(next);
        if column >= MAX_COLUMNS {
            return Err(OoxmlError::Full(self.entry.name.clone()));
        }
        if known.is_none() {
            // as the heading beside it, without the colour that a note may just have given that one
            let beside = sheet.style(heading, column.saturating_sub(1));
            let style = styles.unmarked(beside).unwrap_or(beside);
            sheet.set_style(heading, column, style);
            sheet.set_text(heading, column, NOTE_HEADING);
            sheet.set_width(column, NOTE_WIDTH);
        }
        let style = styles.note();
        for (row, text) in rows {
            sheet.set_style(*row, column, style);
            sheet.set_text(*row, column, text.as_str());
        }
        Ok(())
    }
}

type Marked = (BTreeMap<(u32, u32), String>, BTreeMap<u32, String>);

/// Appends a piece behind a separator, within what a cell holds.
fn join(text: &mut String, separator: &str, piece: &str) {
    if text.chars().count() + piece.chars().count() > MOST_TEXT {
        return;
    }
    if !text.is_empty() {
        text.push_str(separator);
    }
    text.push_str(piece);
}

/// The row with most words among the first rows; the first of equals.
fn fullest_row(sheet: &WorksheetPart<'_>) -> u32 {
    let mut best = (0, 0);
    for row in sheet.row_numbers().take_while(|row| *row < HEADING_WITHIN) {
        let words = sheet
            .cells(row)
            .filter(|(_, cell)| cell.words && !cell.text.trim().is_empty())
            .count();
        if words > best.1 {
            best = (row, words);
        }
    }
    best.0
}

/// Gives the cells that an earlier run coloured the formats that they had.
fn unmark(sheet: &mut WorksheetPart<'_>, styles: &mut Styles) {
    let mut known: BTreeMap<u32, Option<u32>> = BTreeMap::new();
    let mut found = Vec::new();
    for row in sheet.row_numbers() {
        for (column, cell) in sheet.cells(row) {
            let before = known
                .entry(cell.style)
                .or_insert_with(|| styles.unmarked(cell.style));
            if let Some(style) = before {
                found.push((row, column, *style));
            }
        }
    }
    for (row, column, style) in found {
        sheet.set_style(row, column, style);
    }
}

/// The sheet that lists all notes.
fn result_sheet(notes: &[Note], styles: &mut Styles) -> String {
    let style = styles.note();
    let count = |severity| notes.iter().filter(|n| n.severity == severity).count();
    let title = match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => format!("{TITLE}没有发现错误（再次校验时重写本表）"),
        (errors, warnings) => {
            format!("{TITLE}错误 {errors} 处，警告 {warnings} 处（再次校验时重写本表）")
        }
    };
    let heads = ["序号", "级别", "编号", "位置", "问题", "处理办法"];
    let mut rows = row(0, [(None, title.as_str())]);
    rows.push_str(&row(1, heads.map(|head| (Some(style), head))));
    let last = usize::try_from(MAX_ROWS).unwrap_or(usize::MAX) - 2;
    for (n, note) in notes.iter().take(last).enumerate() {
        let level = match note.severity {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Info => "提示",
        };
        let paint = note.colour().map_or(style, |c| styles.marked(style, c));
        let number = (n + 1).to_string();
        let place = place_of(note);
        let cells = [
            (Some(style), number.as_str()),
            (Some(paint), level),
            (Some(style), note.code.as_str()),
            (Some(style), place.as_str()),
            (Some(style), note.text.as_str()),
            (Some(style), note.hint.as_str()),
        ];
        rows.push_str(&row(u32::try_from(n + 2).unwrap_or(MAX_ROWS), cells));
    }
    let widths: String = [6, 6, 6, 30, 60, 50]
        .iter()
        .enumerate()
        .map(|(n, width)| {
            let n = n + 1;
            format!("<col min=\"{n}\" max=\"{n}\" width=\"{width}\" customWidth=\"1\"/>")
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{MAIN}\"><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"2\" topLeftCell=\"A3\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>{widths}</cols><sheetData>{rows}</sheetData><pageMargins left=\"0.5\" right=\"0.5\" top=\"0.6\" bottom=\"0.6\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" fitToHeight=\"0\" orientation=\"landscape\"/></worksheet>"
    )
}

fn row<'a>(number: u32, cells: impl IntoIterator<Item = (Option<u32>, &'a str)>) -> String {
    let cells: String = cells
        .into_iter()
        .zip(0..)
        .map(|((style, text), column)| {
            let text: String = text.chars().take(MOST_TEXT).collect();
            inline_cell("", &cell_name(number, column), style, &text)
        })
        .collect();
    format!("<row r=\"{}\">{cells}</row>", number + 1)
}

fn place_of(note: &Note) -> String {
    let mut place = note.place.clone();
    if !note.sheet.is_empty() {
        place = format!("［{}］{}{place}", note.sheet, note.cell);
        if !note.place.is_empty() {
            place = format!("［{}］{}（{}）", note.sheet, note.cell, note.place);
        }
    }
    place
}
