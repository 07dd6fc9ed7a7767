//! A workbook to grids, with calamine. Cells are taken as they were typed: a number stays a number, and a date is a
//! date only where the cell's format says so.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};

use crate::finding::{Finding, Place};

use super::grid::{Grid, MOST_CELL, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Raw, Region};
use super::source::SourceFile;
use super::unzip;

/// Most merged regions that are looked at in one sheet.
const MOST_MERGES: usize = 20_000;

/// Reads all sheets of a workbook.
pub(super) fn read(source: &SourceFile, findings: &mut Vec<Finding>) -> Vec<Grid> {
    let path = source.path.as_str();
    if let Some(finding) = refused(source) {
        findings.push(finding);
        return Vec::new();
    }
    let Some(archive) = unzip::open(path, &source.bytes, findings) else {
        return Vec::new();
    };
    if let Some(finding) = wrong_package(path, &archive) {
        findings.push(finding);
        return Vec::new();
    }
    let mut book: Xlsx<_> = match Xlsx::new(Cursor::new(source.bytes.as_slice())) {
        Ok(book) => book,
        Err(error) => {
            findings.push(Finding::error(
                "I1",
                Place::file(path),
                format!("工作簿“{path}”打不开（{error}）。"),
                "请用WPS或Excel打开后另存为.xlsx再试。",
            ));
            return Vec::new();
        }
    };
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let mut left = MOST_TEXT;
    let mut grids = Vec::new();
    for (name, hidden) in sheets {
        let mut grid = Grid {
            file: path.to_owned(),
            sheet: name,
            hidden,
            ..Grid::default()
        };
        let cells = cells(&mut book, &grid, &mut left, findings);
        grid.fill(cells);
        if let Ok(merges) = book.merge_cells_by_sheet_name(&grid.sheet) {
            let region = |m: calamine::Dimensions| Region {
                top: m.start.0,
                left: m.start.1,
                bottom: m.end.0,
                right: m.end.1,
            };
            grid.merges = merges.into_iter().take(MOST_MERGES).map(region).collect();
        }
        grids.push(grid);
    }
    grids
}

/// What is no .xlsx, by its first bytes.
fn refused(source: &SourceFile) -> Option<Finding> {
    let (path, bytes) = (source.path.as_str(), source.bytes.as_slice());
    let finding =
        |message: String, hint: &str| Some(Finding::error("I1", Place::file(path), message, hint));
    if bytes.starts_with(b"PK") {
        return None;
    }
    if bytes.is_empty() {
        return finding(format!("文件“{path}”是空的。"), "请重新复制该文件。");
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        if holds_encrypted_package(bytes) {
            return Some(unzip::locked(path));
        }
        return finding(
            format!("文件“{path}”是旧的.xls格式，不能读取。"),
            "请用WPS或Excel打开，另存为“Excel工作簿（.xlsx）”。",
        );
    }
    let head = bytes.get(..512).unwrap_or(bytes).to_ascii_lowercase();
    if [b"<html".as_slice(), b"<table", b"<?xml"]
        .iter()
        .any(|tag| head.windows(tag.len()).any(|w| w == *tag))
    {
        return finding(
            format!("文件“{path}”是网页或XML格式，只是改了扩展名。"),
            "请用WPS或Excel打开，另存为“Excel工作簿（.xlsx）”。",
        );
    }
    finding(
        format!("文件“{path}”不是Excel工作簿。"),
        "请用WPS或Excel另存为“Excel工作簿（.xlsx）”。",
    )
}

/// Whether a compound file's directory names the stream of an encrypted workbook (MS-OFFCRYPTO, 2.3.4.4).
fn holds_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    bytes.windows(name.len()).any(|w| w == name)
}

/// What is a zip, but no workbook without macros.
fn wrong_package(path: &str, archive: &unzip::Parts<'_>) -> Option<Finding> {
    let has = |name: &str| archive.index_for_name(name).is_some();
    let finding =
        |message: String, hint: &str| Some(Finding::error("I1", Place::file(path), message, hint));
    if has("xl/vbaProject.bin") || path.to_lowercase().ends_with(".xlsm") {
        return finding(
            format!("工作簿“{path}”含有宏，出于安全不读取。"),
            "请另存为不含宏的“Excel工作簿（.xlsx）”。",
        );
    }
    if has("xl/workbook.bin") {
        return finding(
            format!("工作簿“{path}”是二进制格式（.xlsb），不能读取。"),
            "请另存为“Excel工作簿（.xlsx）”。",
        );
    }
    if has("content.xml") {
        return finding(
            format!("工作簿“{path}”是ODS格式，不能读取。"),
            "请另存为“Excel工作簿（.xlsx）”。",
        );
    }
    if !has("[Content_Types].xml") || has("word/document.xml") {
        return finding(
            format!("文件“{path}”不是Excel工作簿。"),
            "请用WPS或Excel另存为“Excel工作簿（.xlsx）”。",
        );
    }
    None
}

/// The cells of a sheet that hold something.
fn cells<R: std::io::Read + std::io::Seek>(
    book: &mut Xlsx<R>,
    grid: &Grid,
    left: &mut usize,
    findings: &mut Vec<Finding>,
) -> Vec<(u32, u32, Raw)> {
    let mut cells = Vec::new();
    let torn = |error: &dyn std::fmt::Display| {
        Finding::error(
            "I1",
            grid.whole(),
            format!("{}读到一半出错（{error}）。", grid.called()),
            "请用WPS或Excel打开后另存为.xlsx再试。",
        )
    };
    let mut reader = match book.worksheet_cells_reader(&grid.sheet) {
        Ok(reader) => reader,
        Err(error) => {
            findings.push(torn(&error));
            return cells;
        }
    };
    let (mut wide, mut long) = (false, false);
    loop {
        let record = match reader.next_cell_with_formula_metadata() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(error) => {
                findings.push(torn(&error));
                break;
            }
        };
        let (row, column) = record.pos;
        let Some(raw) = raw(record.value, record.formula.is_some()) else {
            continue;
        };
        if raw.is_blank() {
            continue;
        }
        if row >= MOST_ROWS + 20 {
            findings.push(too_many_rows(grid));
            break;
        }
        if column >= MOST_COLUMNS {
            wide = true;
            continue;
        }
        let size = raw.text().map_or(0, str::len);
        if size > MOST_CELL || size > *left {
            long = true;
            continue;
        }
        *left -= size;
        cells.push((row, column, raw));
    }
    if wide {
        findings.push(too_many_columns(grid));
    }
    if long {
        findings.push(Finding::error(
            "I7",
            grid.whole(),
            format!("{}有单元格文字过多，没有读取。", grid.called()),
            "一个单元格最多32767字，请删减。",
        ));
    }
    cells
}

/// A cell as it was typed; none where it is empty.
fn raw(value: DataRef<'_>, formula: bool) -> Option<Raw> {
    Some(match value {
        DataRef::Empty if formula => Raw::NoResult,
        DataRef::Empty => return None,
        DataRef::Int(number) => Raw::Number(number as f64),
        DataRef::Float(number) => Raw::Number(number),
        DataRef::String(text) => Raw::Text(text),
        DataRef::SharedString(text) => Raw::Text(text.to_owned()),
        DataRef::Bool(truth) => Raw::Bool(truth),
        DataRef::DateTime(moment) => day(moment),
        DataRef::DateTimeIso(text) => {
            match crate::text::date::parse_date(text.split('T').next().unwrap_or_default()) {
                Some(date) => Raw::Date {
                    year: date.year(),
                    month: date.month(),
                    day: date.day(),
                },
                None => Raw::Text(text),
            }
        }
        DataRef::DurationIso(text) => Raw::Text(text),
        DataRef::Error(error) => Raw::Fault(error.to_string()),
    })
}

/// The day of a date cell; a mere time or duration stays a number.
fn day(moment: ExcelDateTime) -> Raw {
    let serial = moment.as_f64();
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    match (i16::try_from(year), i8::try_from(month), i8::try_from(day)) {
        (Ok(year), Ok(month), Ok(day)) if moment.is_datetime() && serial >= 1.0 => {
            Raw::Date { year, month, day }
        }
        _ => Raw::Number(serial),
    }
}

/// More rows than are read.
pub(super) fn too_many_rows(grid: &Grid) -> Finding {
    Finding::error(
        "I7",
        grid.whole(),
        format!("{}超过{MOST_ROWS}行，后面的没有读取。", grid.called()),
        "请分成几个工作簿报送。",
    )
}

/// More columns than are read.
pub(super) fn too_many_columns(grid: &Grid) -> Finding {
    Finding::error(
        "I7",
        grid.whole(),
        format!("{}超过{MOST_COLUMNS}列，后面的没有读取。", grid.called()),
        "请删除表格右侧多余的内容。",
    )
}
