//! A form as a workbook (.xlsx) that prints as the PDF does: same text, merged cells, rules, widths and repeated head.
//! A plain list is in `list`. Where columns lie is in `grid`, how much room text takes in `room`, the mark's picture in `export::png`.

mod grid;
mod list;
mod marked;
mod room;
mod square;

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Image, Workbook, Worksheet,
    XlsxError,
};

use crate::campaign::{Align, PageNumberStyle};
use crate::face::Face;
use crate::form::{Block, Border, Cell, Content, Form, Paragraph, Style, Table};
use crate::ooxml::OoxmlError;
use crate::units::Length;

pub use list::{List, write_list};

use grid::ColumnGrid;
use room::{CellText, height_of, needed, words};

/// Highest row that Excel draws, in points.
const HIGHEST_ROW: f64 = 409.0;
/// Right margin of a page with a mark: what printers can reach.
const REACH: Length = Length::mm(5);
/// The step of one indent: three spaces of the usual font.
const INDENT: Length = Length(2_400);
/// Longest name of a sheet.
const LONGEST_NAME: usize = 31;

/// The mark of a workbook: it stands at the right end of the rows that come again on every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XlsxMark {
    /// Modules a side, without the quiet zone.
    pub side: usize,
    /// Row by row, `side * side` modules; `true` is black.
    pub dark: Vec<bool>,
    /// The code that a person can type.
    pub human: String,
    /// What copy and version it is, in words; may be empty.
    pub caption: String,
}

/// Why a workbook cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum XlsxWriteError {
    /// Bug: the matrix of the mark named does not have `side * side` modules.
    #[error("《{0}》的二维码矩阵不完整。请报告此问题")]
    Matrix(String),
    /// Limit: the form has more rows or columns than a sheet.
    #[error("《{0}》超出工作表的行列上限。请分成几份填报")]
    TooLarge(String),
    /// Bug: the writer refused what it was given.
    #[error("无法写出工作簿（{0}）。请报告此问题")]
    Writer(#[from] XlsxError),
    /// Bug: what the writer made is no package.
    #[error("无法写出工作簿（{0}）。请报告此问题")]
    Package(#[from] OoxmlError),
}

/// A workbook with a sheet for each form. Same forms, same bytes.
pub fn write_xlsx(forms: &[(&Form, Option<XlsxMark>)]) -> Result<Vec<u8>, XlsxWriteError> {
    let mut book = Workbook::new();
    // The widths of columns are counted in digits of this font; every office has it or one of the same widths.
    let normal = Format::new().set_font_name("Arial").set_font_size(11);
    book.set_default_format(&normal, 20, 72)?;
    let mut properties =
        DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2020, 1, 1)?);
    if let Some((form, _)) = forms.first() {
        properties = properties.set_title(&form.title);
    }
    book.set_properties(&properties);
    let mut names = BTreeSet::new();
    for (form, mark) in forms {
        let sheet = book.add_worksheet();
        sheet.set_name(free_name(&form.title, &mut names))?;
        let mut page = PageSheet::new(form, sheet);
        page.write(mark.as_ref())?;
    }
    Ok(square::squared(book.save_to_buffer()?)?)
}

/// A title as the name of a sheet: without the characters that Excel refuses, 31 at most, once in the workbook.
fn free_name(title: &str, names: &mut BTreeSet<String>) -> String {
    let clean: String = title
        .chars()
        .filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\''))
        .filter(|c| !c.is_control())
        .collect();
    let clean = if clean.trim().is_empty() {
        "表"
    } else {
        clean.trim()
    };
    for n in 1.. {
        let tail = if n == 1 {
            String::new()
        } else {
            format!("（{n}）")
        };
        let mut name = String::new();
        for c in clean.chars() {
            let length = name.encode_utf16().count() + c.len_utf16();
            if length + tail.chars().count() > LONGEST_NAME {
                break;
            }
            name.push(c);
        }
        name.push_str(&tail);
        if names.insert(name.to_lowercase()) {
            return name;
        }
    }
    clean.to_owned()
}

/// One form on its way into a sheet.
struct PageSheet<'a> {
    form: &'a Form,
    sheet: &'a mut Worksheet,
    grid: ColumnGrid,
    /// Heights of the rows written so far.
    heights: Vec<Length>,
    /// Rows after which a page ends.
    breaks: Vec<u32>,
    /// Last row that comes again on every page.
    repeated: Option<u32>,
    /// First column of the captions of a mark that stands over the title, in the first row.
    caption_from: Option<u16>,
    /// First row of the first ruled table.
    table_top: Option<usize>,
}

impl<'a> PageSheet<'a> {
    fn new(form: &'a Form, sheet: &'a mut Worksheet) -> Self {
        Self {
            form,
            sheet,
            grid: ColumnGrid::new(form),
            heights: Vec::new(),
            breaks: Vec::new(),
            repeated: None,
            caption_from: None,
            table_top: None,
        }
    }

    fn write(&mut self, mark: Option<&XlsxMark>) -> Result<(), XlsxWriteError> {
        let columns = u16::try_from(self.grid.columns()).map_err(|_| self.too_large())?;
        for column in 0..columns {
            let width = self.grid.width(usize::from(column), 1);
            self.sheet
                .set_column_width_pixels(column, width.to_px(96).max(1))?;
        }
        self.begin_mark(mark, columns)?;
        for (n, block) in self.form.blocks.iter().enumerate() {
            match block {
                Block::Paragraph(paragraph) => self.paragraph(paragraph, columns)?,
                Block::Space(height) => self.heights.push(*height),
                Block::PageBreak | Block::FrontBreak(_) => self.breaks.push(self.row()?),
                // forms with these have no workbook
                Block::Placed(_) | Block::Frame(_) => {}
                Block::Table(table) => self.table(n, table)?,
            }
        }
        let mark_column = match mark {
            Some(mark) => self.mark(mark, columns)?,
            None => None,
        };
        for (row, height) in (0..).zip(&self.heights) {
            self.sheet.set_row_height(row, points(*height))?;
        }
        self.page_setup(mark_column.unwrap_or(columns.saturating_sub(1)))
    }

    fn too_large(&self) -> XlsxWriteError {
        XlsxWriteError::TooLarge(self.form.title.clone())
    }

    /// Number of the next row.
    fn row(&self) -> Result<u32, XlsxWriteError> {
        u32::try_from(self.heights.len())
            .ok()
            .filter(|row| *row < 1 << 20)
            .ok_or_else(|| self.too_large())
    }

    fn paragraph(&mut self, paragraph: &Paragraph, columns: u16) -> Result<(), XlsxWriteError> {
        let row = self.row()?;
        let style = &paragraph.style;
        let size = style
            .sizes
            .first()
            .copied()
            .unwrap_or(Length::from_pt(12.0));
        let text = room::indented(paragraph);
        let all = self.grid.width(0, usize::from(columns));
        let height = height_of(std::slice::from_ref(&text), size, style, all);
        let format = font(style.face, size)
            .set_align(across(style.align))
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        let end = self.caption_from.filter(|_| row == 0).unwrap_or(columns);
        self.put(row, 0, row, end.saturating_sub(1), &text, &format)?;
        self.heights.push(height);
        Ok(())
    }

    fn table(&mut self, block: usize, table: &Table) -> Result<(), XlsxWriteError> {
        let first = self.row()?;
        let edges = self.grid.edges_of(block);
        let counts = count_columns(table);
        let base = self.heights.len();
        if table.border == Border::Full {
            self.table_top.get_or_insert(base);
        }
        for row in &table.rows {
            self.heights.push(row.height);
        }
        let last = self.row()?.saturating_sub(1);
        if let Some(side) = &table.side {
            let range = (first, edges.first(), last, edges.get(1));
            self.side(table, side, range)?;
        }
        let skip = usize::from(table.side.is_some());
        for (n, row) in table.rows.iter().enumerate() {
            for cell in &row.cells {
                let from = cell.column.saturating_add(skip);
                let to = from.saturating_add(cell.columns.max(1));
                let (Some(left), Some(right)) = (edges.get(from), edges.get(to)) else {
                    continue;
                };
                let rows = cell.rows.clamp(1, table.rows.len() - n);
                let width = self.grid.width(*left, right - left);
                let words = fitted(cell, width, table);
                self.grow(base + n, rows, &words, inner(table, &words, width));
                let top = first + u32::try_from(n).map_err(|_| self.too_large())?;
                let bottom = top + u32::try_from(rows).map_err(|_| self.too_large())? - 1;
                let place = CellRange {
                    top,
                    left: narrow(*left),
                    bottom,
                    right: narrow(right.saturating_sub(1)),
                };
                let ends = Ends {
                    left: from == 0,
                    right: to + 1 == edges.len(),
                    top: n == 0,
                    bottom: n + rows == table.rows.len(),
                };
                let number = n >= table.head && counts.contains(&cell.column);
                self.cell(table, cell, &words, place, ends, number)?;
            }
        }
        if table.head > 0 && self.repeated.is_none() {
            let heads = u32::try_from(table.head.min(table.rows.len())).unwrap_or(0);
            self.repeated = (first + heads).checked_sub(1);
        }
        Ok(())
    }

    /// The label at the left of a table.
    fn side(
        &mut self,
        table: &Table,
        side: &crate::form::SideLabel,
        (top, left, bottom, right): (u32, Option<&usize>, u32, Option<&usize>),
    ) -> Result<(), XlsxWriteError> {
        let (Some(left), Some(right)) = (left, right) else {
            return Ok(());
        };
        let Some(first) = side.label.first() else {
            return Ok(());
        };
        let text: Vec<&str> = side.label.iter().map(|p| p.text.as_str()).collect();
        let size = table_size(&first.style);
        let mut format = font(first.style.face, size)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        if side.vertical {
            format = format.set_rotation(270);
        }
        let ends = Ends {
            left: true,
            right: false,
            top: true,
            bottom: true,
        };
        let format = ruled(format, table.border, ends, false);
        let right = narrow(right.saturating_sub(1));
        self.put(top, narrow(*left), bottom, right, &text.join("\n"), &format)
    }

    /// Makes the rows from `row` high enough for text; the last of them takes what is missing.
    fn grow(&mut self, row: usize, rows: usize, words: &CellText, width: Length) {
        let need = needed(words, width);
        let held: Length = self.heights.iter().skip(row).take(rows).copied().sum();
        if need > held
            && let Some(last) = self.heights.get_mut(row + rows - 1)
        {
            *last += need - held;
        }
    }

    fn cell(
        &mut self,
        table: &Table,
        cell: &Cell,
        words: &CellText,
        place: CellRange,
        ends: Ends,
        number: bool,
    ) -> Result<(), XlsxWriteError> {
        let vertical = if cell.middle {
            FormatAlign::VerticalCenter
        } else {
            FormatAlign::Top
        };
        let mut format = font(words.face, words.size)
            .set_align(across(words.align))
            .set_align(vertical)
            .set_text_wrap();
        if matches!(cell.content, Content::Vertical(_)) {
            format = format.set_rotation(270);
        }
        if is_indented(table, words) {
            format = format.set_indent(1);
        }
        let format = ruled(format, table.border, ends, cell.underline);
        let text = words.text();
        let count = text.parse::<u32>().ok().filter(|_| number);
        let CellRange {
            top,
            left,
            bottom,
            right,
        } = place;
        self.put(top, left, bottom, right, &text, &format)?;
        if let Some(count) = count {
            let format = format.set_num_format("0");
            self.sheet
                .write_number_with_format(top, left, count, &format)?;
        }
        if let Content::Photo(photo) = &cell.content
            && let Some(picture) = &photo.picture
        {
            let image = Image::new_from_buffer(&picture.jpeg)?
                .set_width(photo.width.to_px(96).max(1))
                .set_height(photo.height.to_px(96).max(1))
                .set_alt_text("照片");
            self.sheet
                .insert_image_with_offset(top, left, &image, 4, 4)?;
        }
        Ok(())
    }

    /// Writes text into a cell, or into a range made one.
    fn put(
        &mut self,
        top: u32,
        left: u16,
        bottom: u32,
        right: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxWriteError> {
        if (top, left) == (bottom, right) {
            if text.is_empty() {
                self.sheet.write_blank(top, left, format)?;
            } else {
                self.sheet
                    .write_string_with_format(top, left, text, format)?;
            }
        } else {
            self.sheet
                .merge_range(top, left, bottom, right, text, format)?;
        }
        Ok(())
    }

    fn page_setup(&mut self, last_column: u16) -> Result<(), XlsxWriteError> {
        let page = &self.form.page;
        let last_row = self.row()?.saturating_sub(1);
        if page.width > page.height {
            self.sheet.set_landscape();
        } else {
            self.sheet.set_portrait();
        }
        let inch = |length: Length| length.to_mm() / 25.4;
        let marked = usize::from(last_column) >= self.grid.columns();
        let right = if marked { REACH } else { page.right };
        let foot = (page.bottom - Length::mm(14)).max(Length::mm(5));
        self.sheet
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0)
            .set_print_center_horizontally(true)
            .set_margins(
                inch(page.left),
                inch(right),
                inch(page.top),
                inch(page.bottom),
                inch(Length::mm(8)),
                inch(foot),
            )
            .set_screen_gridlines(false)
            .set_print_area(0, 0, last_row, last_column)?
            .set_page_breaks(&self.breaks)?;
        if page.numbers != PageNumberStyle::None {
            self.sheet.set_footer("&C&\"宋体,常规\"&14— &P —");
        }
        if let Some(last) = self.repeated {
            self.sheet.set_repeat_rows(0, last)?;
        }
        Ok(())
    }
}

/// A range of cells.
#[derive(Clone, Copy)]
struct CellRange {
    top: u32,
    left: u16,
    bottom: u32,
    right: u16,
}

/// Which edges of a cell are edges of the table.
#[derive(Clone, Copy)]
struct Ends {
    left: bool,
    right: bool,
    top: bool,
    bottom: bool,
}

fn narrow(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn points(height: Length) -> f64 {
    height.to_pt().clamp(1.0, HIGHEST_ROW)
}

fn font(face: Face, size: Length) -> Format {
    let size = (size.to_pt() * 2.0).round() / 2.0;
    Format::new()
        .set_font_name(face.office_name())
        .set_font_size(size)
}

fn across(align: Align) -> FormatAlign {
    match align {
        Align::Left => FormatAlign::Left,
        Align::Center => FormatAlign::Center,
        Align::Right => FormatAlign::Right,
        Align::Justify => FormatAlign::Justify,
    }
}

/// Rules: the outer frame 1 pt, inner rules 0.5 pt.
fn ruled(format: Format, border: Border, ends: Ends, underline: bool) -> Format {
    let rule = |end| {
        if end {
            FormatBorder::Medium
        } else {
            FormatBorder::Thin
        }
    };
    match border {
        Border::None if underline => format.set_border_bottom(FormatBorder::Thin),
        Border::None => format,
        Border::Full => format
            .set_border_left(rule(ends.left))
            .set_border_right(rule(ends.right))
            .set_border_top(rule(ends.top))
            .set_border_bottom(rule(ends.bottom)),
    }
}

/// The size of table text: the second step, since Excel needs more room than the printed page.
fn table_size(style: &Style) -> Length {
    let size = style.sizes.get(1).or(style.sizes.first());
    size.copied().unwrap_or(Length::from_pt(10.5))
}

/// A cell's words, in the largest size from the second step on with which the row is not higher than Excel allows, and the
/// lines of a table without rules do not break.
fn fitted(cell: &Cell, width: Length, table: &Table) -> CellText {
    let framed = table.border == Border::Full;
    let mut words = words(&cell.content);
    let usual = words.sizes.get(1).copied().unwrap_or(words.size);
    let steps = words.sizes.clone().into_iter().skip(2);
    let halves = (10..=18)
        .rev()
        .map(|half| Length::from_pt(f64::from(half) / 2.0));
    let smaller = halves.filter(|size| *size < usual);
    let inner = inner(table, &words, width);
    for size in std::iter::once(usual).chain(steps).chain(smaller) {
        words.size = size;
        let low = needed(&words, inner).to_pt() <= HIGHEST_ROW;
        let flat = framed || words.wraps(inner) == 0 || words.sizes.last() == Some(&size);
        if low && flat {
            break;
        }
    }
    words
}

/// Whether words stand a step off their rule: all that is not centred in a ruled table.
fn is_indented(table: &Table, words: &CellText) -> bool {
    table.border == Border::Full && words.align != Align::Center
}

/// What a cell's words have of its width.
fn inner(table: &Table, words: &CellText, width: Length) -> Length {
    let step = if is_indented(table, words) {
        INDENT
    } else {
        Length::ZERO
    };
    width - table.padding * 2 - step
}

/// Columns that hold counts: all values under the head are whole numbers as one writes them, and they are not all six
/// digits long as postcodes are.
fn count_columns(table: &Table) -> BTreeSet<usize> {
    let mut counts = BTreeSet::new();
    let mut texts = BTreeSet::new();
    let mut long = BTreeSet::new();
    for cell in table.rows.iter().skip(table.head).flat_map(|r| &r.cells) {
        let text = words(&cell.content).text();
        if text.is_empty() || cell.columns > 1 {
            continue;
        }
        let plain = text.parse::<u32>().is_ok_and(|n| n.to_string() == text);
        if plain && text.len() <= 9 {
            counts.insert(cell.column);
            if text.len() != 6 {
                long.insert(cell.column);
            }
        } else {
            texts.insert(cell.column);
        }
    }
    counts
        .into_iter()
        .filter(|column| !texts.contains(column) && long.contains(column))
        .collect()
}
