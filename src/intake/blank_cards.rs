//! The workbook (工作簿) as cards (卡片): a sheet for each candidate, labels beside blanks and the candidate's lists below, for the few
//! candidates that most units have. Read back by `cards`; the same workbook in strips is in `blank`.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::campaign::{Campaign, Kind, Owner, Sheet};
use crate::record::{Entry, Submission};

use super::blank::{
    BlankError, EXAMPLE_CARD, Maker, UNIT_HEADINGS, answer, base, begun, boxed, explain, heading,
    height, height_of, put, set_up_page, title, workbook_with,
};

/// Most cards of a workbook.
pub const MOST_CARDS: u16 = 30;
/// Widths of the columns: label, answer, explanation, and what wide lists need beside them.
const WIDTHS: [f64; 7] = [22.0, 44.0, 56.0, 22.0, 22.0, 22.0, 22.0];
/// Rows of a list that are made ready.
const ROWS: usize = 10;
/// Rows that are left free behind those that are filled in.
const FREE: usize = 3;

/// A blank workbook of so many cards (1 to [`MOST_CARDS`]) and an example; the channel (its kind, label or an alias) and the unit's
/// name are filled in where they are given.
pub fn blank_card_workbook(
    campaign: &Campaign,
    channel: Option<&str>,
    unit: Option<&str>,
    cards: u16,
) -> Result<Vec<u8>, BlankError> {
    card_workbook(campaign, &begun(campaign, channel, unit)?, cards)
}

/// The same workbook with a submission's values in it, with at least so many cards.
pub fn card_workbook(
    campaign: &Campaign,
    submission: &Submission,
    cards: u16,
) -> Result<Vec<u8>, BlankError> {
    let cards = usize::from(cards.clamp(1, MOST_CARDS));
    workbook_with(campaign, submission, true, |book, maker, sheet| {
        if sheet.rows {
            return Ok(());
        }
        let nobody = Entry::default();
        let people = &maker.submission.candidates;
        for n in 0..people.len().max(cards) {
            let page = book.add_worksheet();
            page.set_name(format!("{}卡{}", sheet.label, n + 1))?;
            card(
                page,
                maker,
                sheet,
                &Holder::Person(people.get(n).unwrap_or(&nobody)),
            )?;
        }
        example(book, maker, sheet)
    })
}

/// The example: a card that is filled in and not read.
fn example(book: &mut Workbook, maker: &Maker<'_>, sheet: &Sheet) -> Result<(), XlsxError> {
    let page = book.add_worksheet();
    page.set_name(format!("{}卡（示例）", sheet.label))?;
    card(page, maker, sheet, &Holder::Example)
}

/// Whose card it is.
enum Holder<'a> {
    /// A candidate's, who may not be known yet.
    Person(&'a Entry),
    /// Nobody's: filled in with the examples of the fields.
    Example,
}

/// The lists of a candidate.
fn lists(campaign: &Campaign) -> impl Iterator<Item = &Sheet> {
    let of = |s: &&Sheet| s.of == Owner::Candidate && s.rows;
    campaign.sheets.iter().filter(of)
}

/// A card: title, fields with their explanations, lists.
fn card(
    page: &mut Worksheet,
    maker: &Maker<'_>,
    sheet: &Sheet,
    holder: &Holder<'_>,
) -> Result<(), XlsxError> {
    for (column, width) in (0..).zip(WIDTHS) {
        page.set_column_width(column, width)?;
    }
    let [label, value, how] = UNIT_HEADINGS;
    let first = match holder {
        Holder::Person(_) => label,
        Holder::Example => EXAMPLE_CARD,
    };
    for (column, head) in (0..).zip([first, value, how]) {
        page.write_string_with_format(0, column, head, &heading(false))?;
    }
    page.set_row_height(0, 24)?;
    let mut row = 1;
    for field in &sheet.fields {
        let text = match holder {
            Holder::Person(entry) => entry.text(&field.key),
            Holder::Example => field.example.as_str(),
        };
        let (title, said) = (title(field), explain(field, maker.campaign));
        let label = heading(field.required).set_align(FormatAlign::Left);
        page.write_string_with_format(row, 0, &title, &label)?;
        let format = boxed(answer(field)).set_text_wrap();
        put(page, row, 1, field, text, &format)?;
        page.write_string_with_format(row, 2, &said, &explanation())?;
        let cells = [title.as_str(), text, said.as_str()]
            .into_iter()
            .zip(WIDTHS);
        let least = if field.kind == Kind::Long { 6 } else { 1 };
        page.set_row_height(row, height(cells).max(height_of(least)))?;
        if let Some(rule) = maker.rule(field, false)? {
            page.add_data_validation(row, 1, row, 1, &rule)?;
        }
        row += 1;
    }
    for sheet in lists(maker.campaign) {
        row = list(page, maker, sheet, holder, row + 1)?;
    }
    page.set_freeze_panes(1, 1)?;
    page.set_selection(1, 1, 1, 1)?;
    set_up_page(page)
}

/// A list from a row on: its name, its headings, its rows; gives the row behind it.
fn list(
    page: &mut Worksheet,
    maker: &Maker<'_>,
    sheet: &Sheet,
    holder: &Holder<'_>,
    from: u32,
) -> Result<u32, XlsxError> {
    let bold = base().set_bold().set_font_size(12);
    page.write_string_with_format(from, 0, &sheet.label, &bold)?;
    page.set_row_height(from, 22)?;
    let example: Vec<BTreeMap<String, String>> = match holder {
        Holder::Person(_) => Vec::new(),
        Holder::Example => vec![
            sheet
                .fields
                .iter()
                .map(|f| (f.key.clone(), f.example.clone()))
                .collect(),
        ],
    };
    let rows = match holder {
        Holder::Person(entry) => entry.rows(&sheet.key),
        Holder::Example => &example,
    };
    let count = match holder {
        Holder::Person(_) => ROWS.max(rows.len() + FREE),
        Holder::Example => rows.len(),
    };
    let (head, first) = (from + 1, from + 2);
    let last = from + 1 + u32::try_from(count).unwrap_or(1);
    let mut titles = Vec::new();
    for (column, field) in (0..).zip(&sheet.fields) {
        titles.push(title(field));
        page.write_string_with_format(head, column, title(field), &heading(field.required))?;
        if let Some(rule) = maker.rule(field, true)? {
            page.add_data_validation(first, column, last, column, &rule)?;
        }
    }
    page.set_row_height(head, height(titles.iter().map(String::as_str).zip(WIDTHS)))?;
    for (row, n) in (first..=last).zip(0..) {
        let values = rows.get(n);
        let text = |key: &str| values.and_then(|v| v.get(key)).map_or("", String::as_str);
        for (column, field) in (0..).zip(&sheet.fields) {
            let format = boxed(answer(field)).set_text_wrap();
            put(page, row, column, field, text(&field.key), &format)?;
        }
        let cells = sheet.fields.iter().map(|f| text(&f.key)).zip(WIDTHS);
        page.set_row_height(row, height(cells))?;
    }
    Ok(last + 1)
}

/// The format of explanations.
fn explanation() -> Format {
    boxed(base())
        .set_font_size(10)
        .set_font_color(Color::RGB(0x59_5959))
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}
