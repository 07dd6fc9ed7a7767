//! A workbook to grids. Cells are taken as they were typed: a number stays a number, and a date is a date only where the cell's
//! format says so. What a cell holds is read in `ooxml`, for this and for the forms of organisers alike.

use crate::finding::{Finding, Place, cell_name};
use crate::ooxml::{
    Cell, CellReader, CellValue, OoxmlError, OpcPackage, SheetCells, sheets, workbook_part,
};

use super::grid::{Grid, MOST_CELL, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Region};
use super::packed::{locked, unpacked};
use super::pictures::PictureReader;
use super::rows::brief;
use super::source::SourceFile;

/// Most cells far below a table that are told one by one; more of them are rows.
const MOST_STRAY: usize = 10;
/// Rows that lie free between a table and a cell that is no row of it.
const MOST_STRAY_GAP: u32 = 1000;
/// Most merged regions that are looked at in one sheet.
const MOST_MERGES: usize = 20_000;

/// Reads all sheets of a workbook.
pub(super) fn read(source: &SourceFile, findings: &mut Vec<Finding>) -> Vec<Grid> {
    let path = source.path.as_str();
    if let Some(finding) = refused(source) {
        findings.push(finding);
        return Vec::new();
    }
    let package = match unpacked(path, &source.bytes) {
        Ok(package) => package,
        Err(finding) => {
            findings.push(*finding);
            return Vec::new();
        }
    };
    if let Some(finding) = wrong_package(path, &package) {
        findings.push(finding);
        return Vec::new();
    }
    let opened = || -> Result<_, OoxmlError> {
        let workbook = workbook_part(&package)?;
        let reader = CellReader::open(&package, &workbook)?;
        let pictures = PictureReader::new(&package, &workbook);
        Ok((sheets(&package, &workbook)?, reader, pictures))
    };
    let (sheets, reader, mut pictures) = match opened() {
        Ok(opened) => opened,
        Err(error) => {
            findings.push(Finding::error(
                "I1",
                Place::file(path),
                format!("工作簿“{path}”打不开：{error}。"),
                "请用WPS或Excel打开后另存为.xlsx再试。",
            ));
            return Vec::new();
        }
    };
    let mut left = MOST_TEXT;
    let mut grids = Vec::new();
    for entry in sheets {
        let mut grid = Grid {
            file: path.to_owned(),
            sheet: entry.name,
            hidden: entry.hidden,
            ..Grid::default()
        };
        match SheetCells::new(&package, &entry.part, &reader) {
            Ok(mut cells) => {
                let read = read_cells(&mut cells, &grid, &mut left, findings);
                grid.fill(read);
                let regions = cells.merges().iter().take(MOST_MERGES);
                grid.merges = regions.map(|m| region(*m)).collect();
                grid.pictures = pictures.of_sheet(&entry.part, cells.pictures());
                grid.unseen = cells.unseen().clone();
            }
            Err(error) => findings.push(torn(&grid, &error)),
        }
        grids.push(grid);
    }
    grids
}

/// A merged region.
fn region([top, left, bottom, right]: [u32; 4]) -> Region {
    Region {
        top,
        left,
        bottom,
        right,
    }
}

/// A sheet that could not be read to its end.
fn torn(grid: &Grid, error: &OoxmlError) -> Finding {
    Finding::error(
        "I1",
        grid.whole(),
        format!("{}读到一半出错：{error}。", grid.called()),
        "请用WPS或Excel打开后另存为.xlsx再试。",
    )
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
            return Some(locked(path));
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
    if let Some((what, ending)) = text_table(bytes) {
        let message =
            format!("文件“{path}”不是Excel工作簿，是{what}的文本，只是扩展名写成了工作簿的。");
        let hint = format!(
            "请用WPS或Excel打开原来的工作簿，另存为“Excel工作簿（.xlsx）”；本来就是导出的文本的，把扩展名改为.{ending}。"
        );
        return Some(Finding::error("I1", Place::file(path), message, hint));
    }
    finding(
        format!("文件“{path}”不是Excel工作簿。"),
        "请用WPS或Excel另存为“Excel工作簿（.xlsx）”。",
    )
}

/// What separates the cells of a table that was saved as text, and the ending that it should have; none for what is no such text.
fn text_table(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let head = bytes.get(..4096).unwrap_or(bytes);
    let wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    let text: Vec<u8> = head.iter().copied().filter(|b| !wide || *b != 0).collect();
    let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\r' | b'\n');
    if text.iter().any(control) {
        return None;
    }
    let line = text
        .split(|b| matches!(b, b'\r' | b'\n'))
        .find(|l| !l.is_empty())?;
    let count = |sign: u8| line.iter().filter(|b| **b == sign).count();
    match (count(b'\t'), count(b',')) {
        (1.., _) => Some(("用制表符分隔", "tsv")),
        (0, 1..) => Some(("用逗号分隔", "csv")),
        (0, 0) => None,
    }
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
fn wrong_package(path: &str, package: &OpcPackage) -> Option<Finding> {
    let has = |name: &str| package.part(name).is_some();
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
fn read_cells(
    from: &mut SheetCells<'_>,
    grid: &Grid,
    left: &mut usize,
    findings: &mut Vec<Finding>,
) -> Vec<(u32, u32, CellValue)> {
    let mut cells = Vec::new();
    let (mut wide, mut long) = (false, false);
    let mut far: Vec<(u32, u32, String)> = Vec::new();
    for cell in from.by_ref() {
        let (row, column, value): Cell = match cell {
            Ok(cell) => cell,
            Err(error) => {
                findings.push(torn(grid, &error));
                break;
            }
        };
        if value.is_blank() {
            continue;
        }
        if row >= MOST_ROWS + 20 {
            far.push((row, column, value.shown()));
            if far.len() > MOST_STRAY {
                break;
            }
            continue;
        }
        if column >= MOST_COLUMNS {
            wide = true;
            continue;
        }
        let size = value.text().map_or(0, str::len);
        if size > MOST_CELL || size > *left {
            long = true;
            continue;
        }
        *left -= size;
        cells.push((row, column, value));
    }
    // cells that lie alone far below the table are no rows of it
    let last = cells.iter().map(|(row, ..)| *row).max().unwrap_or(0);
    if far.len() > MOST_STRAY || !far.is_empty() && last + MOST_STRAY_GAP > MOST_ROWS {
        findings.push(too_many_rows(grid));
    } else {
        findings.extend(far.iter().map(|cell| stray(grid, cell)));
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

/// A cell far below the table, such as one that somebody typed into by mistake at the end of the sheet.
fn stray(grid: &Grid, (row, column, text): &(u32, u32, String)) -> Finding {
    Finding::error(
        "I7",
        grid.place(*row, *column),
        format!(
            "{}的{}里写着“{}”，离表很远，没有读取。",
            grid.called(),
            cell_name(*row, *column),
            brief(text)
        ),
        "请删去；要报送的，请移到表里。",
    )
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
