//! A list as a workbook: a title, a line below it, heads that stay in sight and come again on each printed page, rows of text.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook};

use super::XlsxWriteError;

/// A list.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Title of the sheet.
    pub title: String,
    /// What stands below the title.
    pub note: String,
    /// Heads with the widths of their columns in characters.
    pub heads: &'a [(&'a str, f64)],
    /// Rows of texts; digits alone become numbers.
    pub rows: Vec<Vec<String>>,
}

/// Writes a list. The same list gives the same bytes.
pub fn write_list(list: &List<'_>) -> Result<Vec<u8>, XlsxWriteError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2021, 1, 1)?;
    book.set_properties(
        &DocProperties::new()
            .set_title(&list.title)
            .set_creation_datetime(&created),
    );
    let sheet = book.add_worksheet();
    sheet.set_name("名单")?;
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    let title = Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::Left);
    let head = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_text_wrap();
    let text = Format::new()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    sheet.write_string_with_format(0, 0, &list.title, &title)?;
    sheet.write_string(1, 0, &list.note)?;
    for (column, (words, width)) in (0_u16..).zip(list.heads) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(2, column, *words, &head)?;
    }
    for (row, values) in (3_u32..).zip(&list.rows) {
        for (column, value) in (0_u16..).zip(values) {
            // counts only: a long run of digits is a number of a person and stays text
            match value.parse::<u32>() {
                Ok(number) if value.len() < 7 => {
                    sheet.write_number_with_format(row, column, number, &text)?;
                }
                _ => {
                    sheet.write_string_with_format(row, column, value, &text)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(3, 1)?;
    sheet.set_repeat_rows(0, 2)?;
    Ok(book.save_to_buffer()?)
}
