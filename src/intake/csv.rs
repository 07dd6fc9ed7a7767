//! CSV to a grid. Separator `,`, `;` or tab, whichever the first lines have; places are lines and columns.

use ::csv::{ReaderBuilder, StringRecord};

use crate::finding::{Finding, Place};
use crate::ooxml::CellValue;

use super::decode::{Wanted, decode};
use super::grid::{Grid, MOST_CELL, MOST_COLUMNS, MOST_ROWS};
use super::source::SourceFile;
use super::workbook::{too_many_columns, too_many_rows};

/// Reads one file.
pub(super) fn read(source: &SourceFile, findings: &mut Vec<Finding>) -> Option<Grid> {
    let text = with_line_feeds(decode(
        &source.path,
        &source.bytes,
        Wanted::Table,
        findings,
    )?);
    let mut grid = Grid {
        file: source.path.clone(),
        sheet: stem(&source.path).to_owned(),
        plain: true,
        ..Grid::default()
    };
    if !text
        .bytes()
        .filter(|b| *b == b'"')
        .count()
        .is_multiple_of(2)
    {
        findings.push(Finding::warning(
            "I1",
            grid.whole(),
            format!("{}中的引号不成对，可能被截断。", grid.called()),
            "请用WPS或Excel打开核对后重新导出。",
        ));
    }
    let (separator, body, skipped) = separator(&text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(body.as_bytes());
    let mut cells = Vec::new();
    let mut record = StringRecord::new();
    let mut wide = false;
    let mut rows: u32 = 0;
    let mut lines = Lines {
        bytes: body.as_bytes(),
        seen: 0,
        line: 0,
    };
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                findings.push(Finding::error(
                    "I1",
                    Place::file(&source.path),
                    format!("{}读到一半出错：{error}。", grid.called()),
                    "请用WPS或Excel打开核对后重新导出。",
                ));
                break;
            }
        }
        let number = lines.at(record.position().map_or(0, ::csv::Position::byte)) + skipped;
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        rows += 1;
        if rows > MOST_ROWS + 20 {
            findings.push(too_many_rows(&grid));
            break;
        }
        for (column, field) in (0..).zip(record.iter()) {
            if field.trim().is_empty() {
                continue;
            }
            if column >= MOST_COLUMNS || field.len() > MOST_CELL {
                wide = true;
                continue;
            }
            cells.push((number, column, CellValue::Text(unquoted(field).to_owned())));
        }
    }
    if wide {
        findings.push(too_many_columns(&grid));
    }
    grid.fill(cells);
    Some(grid)
}

/// Line ends of old Macintoshes as line feeds; no character moves.
fn with_line_feeds(text: String) -> String {
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        out.push(match c {
            '\r' if chars.peek() != Some(&'\n') => '\n',
            c => c,
        });
    }
    out
}

/// Counts lines up to where records begin. The reader's own count lags by one behind CRLF, whose LF it takes for the
/// beginning of the next record.
struct Lines<'t> {
    bytes: &'t [u8],
    seen: usize,
    line: u32,
}

impl Lines<'_> {
    /// The line, from 0, of a record that begins at a byte; must be asked in order.
    fn at(&mut self, byte: u64) -> u32 {
        let begin = usize::try_from(byte).unwrap_or(usize::MAX);
        let rest = self.bytes.get(begin..).unwrap_or_default();
        let blank = rest
            .iter()
            .take_while(|b| matches!(b, b'\r' | b'\n'))
            .count();
        let to = begin.saturating_add(blank);
        let passed = self.bytes.get(self.seen..to).unwrap_or_default();
        let breaks = passed.iter().filter(|b| **b == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.seen = to.max(self.seen);
        self.line
    }
}

/// A file's name without its folder and ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// `="139…"` is how people keep digits from being read as a number; the digits are meant.
fn unquoted(field: &str) -> &str {
    field
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(field)
}

/// The separator, the text behind a line `sep=;`, and how many lines were skipped. A separator inside quotes does not
/// count; the one that stands most often in the first ten lines is taken.
fn separator(text: &str) -> (u8, &str, u32) {
    if let Some(rest) = text.strip_prefix("sep=") {
        let sign = rest.bytes().next().unwrap_or(b',');
        let body = rest.split_once('\n').map_or("", |(_, body)| body);
        return (if sign.is_ascii() { sign } else { b',' }, body, 1);
    }
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    let mut lines = 0;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ if !quoted => {
                for count in counts.iter_mut().filter(|c| c.0 == byte) {
                    count.1 += 1;
                }
            }
            _ => {}
        }
        if lines == 10 {
            break;
        }
    }
    let best = counts.iter().rev().max_by_key(|c| c.1);
    (best.map_or(b',', |c| c.0), text, 0)
}
