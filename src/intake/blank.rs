//! The workbook (工作簿) that a unit fills in: made blank, or filled with a submission's values by the same path.
//! What is said about a field is in `notes`, the sheets 说明 and 代码表 in `guide`. Reading it back is in the rest of `intake`.

mod guide;
mod look;
mod measure;
mod names;
mod notes;

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, Formula, Note, Workbook, Worksheet, XlsxError,
};

use crate::campaign::{Campaign, Field, Kind, Limit, Owner, Sheet};
use crate::record::{Entry, Submission};

pub(super) use crate::intake::blank::notes::explain;
use crate::intake::blank::notes::{limits, width_of};
use guide::{CodeSheet, write_guide};
pub(super) use look::{base, boxed, heading};
pub(super) use measure::{height, height_of};

pub use names::{
    CODES_SHEET, EXAMPLE, EXAMPLE_CARD, GUIDE_SHEET, NUMBER_HEADING, REQUIRED_SIGN, UNIT_HEADINGS,
};

/// Rows that are made ready for answers.
const ROWS: u32 = 500;
/// Row of the first answer: below the heading and the example.
const FIRST: u32 = 2;
/// Rows of a fixed height in a list with long texts.
const LONG_ROWS: u32 = 20;
/// Their height, in points.
const LONG_HEIGHT: f64 = 48.0;
/// Characters of a list's row that can be read on one lying page.
const WIDEST: f64 = 240.0;
/// Most characters of a drop-down list that stands in the validation itself (Excel).
const MOST_LIST: usize = 255;
/// Most characters in a cell of text format that Excel shows without turning them to #####.
const MOST_TEXT_FORMAT: usize = 255;

/// Why a workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BlankError {
    /// Input: the campaign has no such channel.
    #[error("本活动没有推荐渠道“{given}”，可用：{known}。请改用其中之一")]
    Channel {
        /// What was asked for.
        given: String,
        /// Kinds that the campaign has, separated by 、.
        known: String,
    },
    /// Limit or bug: the writer refused a name, a text or a list.
    #[error("无法写出工作簿（{0}）。请检查活动模板中的表名与代码表")]
    Writer(#[from] XlsxError),
}

/// A blank workbook; the channel (its kind, label or an alias) and the unit's name are filled in where they are given.
pub fn blank_workbook(
    campaign: &Campaign,
    channel: Option<&str>,
    unit: Option<&str>,
) -> Result<Vec<u8>, BlankError> {
    filled_workbook(campaign, &begun(campaign, channel, unit)?)
}

/// What a blank workbook begins with: the unit's name and channel.
pub(super) fn begun(
    campaign: &Campaign,
    channel: Option<&str>,
    unit: Option<&str>,
) -> Result<Submission, BlankError> {
    let mut submission = Submission {
        campaign: campaign.id.clone(),
        ..Submission::default()
    };
    if let Some(given) = channel {
        let found = campaign.channel_named(given);
        let Some(found) = found else {
            let known: Vec<&str> = campaign.channels.iter().map(|c| c.kind.as_str()).collect();
            return Err(BlankError::Channel {
                given: given.to_owned(),
                known: known.join("、"),
            });
        };
        submission.unit.set("channel", found.label.as_str());
    }
    if let Some(unit) = unit {
        submission.unit.set("name", unit);
    }
    Ok(submission)
}

/// The same workbook with a submission's values in it. Same campaign and values, same bytes.
pub fn filled_workbook(
    campaign: &Campaign,
    submission: &Submission,
) -> Result<Vec<u8>, BlankError> {
    workbook_with(campaign, submission, false, |book, maker, sheet| {
        let page = book.add_worksheet();
        page.set_name(&sheet.label)?;
        maker.list(page, sheet)?;
        set_up_page(page)?;
        print_wide(page, sheet)
    })
}

/// A workbook whose sheets of candidates are made by `people`, each in its turn; `cards` where they are cards, for what is said on how
/// to fill in.
pub(super) fn workbook_with(
    campaign: &Campaign,
    submission: &Submission,
    cards: bool,
    people: impl Fn(&mut Workbook, &Maker<'_>, &Sheet) -> Result<(), XlsxError>,
) -> Result<Vec<u8>, BlankError> {
    let mut book = Workbook::new();
    book.set_default_format(&base(), 20, 72)?;
    let year = u16::try_from(campaign.year).unwrap_or(2020);
    let made =
        ExcelDateTime::from_ymd(year, 1, 1).or_else(|_| ExcelDateTime::from_ymd(2020, 1, 1))?;
    let properties = DocProperties::new()
        .set_title(&campaign.title)
        .set_author(&campaign.organiser)
        // a workbook that leaves its folder still says which campaign it answers
        .set_keywords(&campaign.id)
        .set_creation_datetime(&made);
    book.set_properties(&properties);
    let codes = CodeSheet::new(campaign);
    let maker = Maker {
        campaign,
        submission,
        codes: &codes,
    };
    for sheet in &campaign.sheets {
        if sheet.of == Owner::Candidate {
            people(&mut book, &maker, sheet)?;
            continue;
        }
        let page = book.add_worksheet();
        page.set_name(&sheet.label)?;
        if !sheet.rows {
            maker.unit(page, sheet)?;
        } else {
            maker.list(page, sheet)?;
        }
        set_up_page(page)?;
    }
    let page = book.add_worksheet();
    page.set_name(GUIDE_SHEET)?;
    write_guide(page, campaign, cards)?;
    set_up_page(page)?;
    if !codes.is_empty() {
        let page = book.add_worksheet();
        page.set_name(CODES_SHEET)?;
        codes.write(page)?;
        page.set_hidden(true);
    }
    Ok(book.save_to_buffer()?)
}

/// A4 lying, one page wide, the heading row on every page.
pub(super) fn set_up_page(page: &mut Worksheet) -> Result<(), XlsxError> {
    page.set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
        .set_footer("&C&P / &N")
        .set_repeat_rows(0, 0)?;
    Ok(())
}

/// A list that is too wide for one page to be read goes over several, each with the numbers in front.
fn print_wide(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let wide: f64 = sheet.fields.iter().map(width_of).sum();
    let mut pages = 1;
    while f64::from(pages) * WIDEST < wide {
        pages += 1;
    }
    if pages > 1 {
        page.set_print_fit_to_pages(pages, 0);
        page.set_repeat_columns(0, 1)?;
    }
    Ok(())
}

/// A field's heading, with the sign where it must be answered.
pub(super) fn title(field: &Field) -> String {
    if field.required {
        format!("{}{REQUIRED_SIGN}", field.label)
    } else {
        field.label.clone()
    }
}

/// The format of answers.
pub(super) fn answer(field: &Field) -> Format {
    let format = base().set_align(FormatAlign::VerticalCenter);
    let wide = field.max.is_none_or(|max| max > 20);
    match field.kind {
        Kind::Count => format.set_num_format("0"),
        // as many digits as are typed
        Kind::Decimal => format.set_num_format("General"),
        Kind::Long => format.set_text_wrap(),
        Kind::Text if field.max.is_some_and(|max| max > MOST_TEXT_FORMAT) => format.set_text_wrap(),
        Kind::Text if wide => format.set_num_format("@").set_text_wrap(),
        _ => format.set_num_format("@"),
    }
}

/// Whether a table program would spoil the answer if its cell were not text.
fn digits(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::IdNo
            | Kind::Uscc
            | Kind::Phone
            | Kind::Mobile
            | Kind::Postcode
            | Kind::Month
            | Kind::Span
            | Kind::Date
    )
}

/// Makes the sheets of answers.
pub(super) struct Maker<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) submission: &'a Submission,
    codes: &'a CodeSheet<'a>,
}

impl Maker<'_> {
    /// The unit's sheet: a field in each row.
    fn unit(&self, page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
        for (column, (head, width)) in (0..).zip(UNIT_HEADINGS.iter().zip([26.0, 48.0, 66.0])) {
            page.write_string_with_format(0, column, *head, &heading(false))?;
            page.set_column_width(column, width)?;
        }
        page.set_row_height(0, 24)?;
        let said = boxed(base())
            .set_font_size(10)
            .set_font_color(Color::RGB(0x59_5959))
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        for (row, field) in (1..).zip(&sheet.fields) {
            let label = heading(field.required).set_align(FormatAlign::Left);
            page.write_string_with_format(row, 0, title(field), &label)?;
            let format = boxed(answer(field)).set_text_wrap();
            put(
                page,
                row,
                1,
                field,
                self.submission.unit.text(&field.key),
                &format,
            )?;
            let text = explain(field, self.campaign);
            page.write_string_with_format(row, 2, &text, &said)?;
            let filled = self.submission.unit.text(&field.key);
            let title = title(field);
            let cells = [
                (title.as_str(), 26.0),
                (filled, 48.0),
                (text.as_str(), 66.0),
            ];
            let least = if field.kind == Kind::Long { 5 } else { 1 };
            page.set_row_height(row, height(cells).max(height_of(least)))?;
            if let Some(rule) = self.rule(field, false)? {
                page.add_data_validation(row, 1, row, 1, &rule)?;
            }
        }
        page.set_freeze_panes(1, 0)?;
        page.set_selection(1, 1, 1, 1)?;
        Ok(())
    }

    /// A sheet of rows: heading, example, answers.
    fn list(&self, page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
        let linked = sheet.of == Owner::Candidate && sheet.rows;
        let first = if linked { 2 } else { 1 };
        self.heads(page, sheet, first, linked)?;
        let last = FIRST + ROWS - 1;
        if linked {
            let people = self.people();
            let called = self.campaign.people_word();
            let rule = DataValidation::new()
                .allow_list_formula(Formula::new(people))
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title("没有这位候选人")?
                .set_error_message(format!("请填“{called}”表中已有的姓名。"))?;
            page.add_data_validation(FIRST, 1, last, 1, &rule)?;
        }
        for (column, field) in (first..).zip(&sheet.fields) {
            if let Some(rule) = self.rule(field, true)? {
                page.add_data_validation(FIRST, column, last, column, &rule)?;
            }
        }
        let mut row = FIRST;
        for (n, (link, values)) in (1_u32..).zip(self.rows(sheet)) {
            let format = base()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter);
            page.write_number_with_format(row, 0, n, &format)?;
            if linked {
                let format = answer_of_link();
                page.write_string_with_format(row, 1, link, &format)?;
            }
            for (column, field) in (first..).zip(&sheet.fields) {
                put(
                    page,
                    row,
                    column,
                    field,
                    values.text(&field.key),
                    &answer(field),
                )?;
            }
            row = row.saturating_add(1);
        }
        for (column, field) in (first..).zip(&sheet.fields) {
            if digits(field.kind) {
                for row in row..=last {
                    page.write_blank(row, column, &answer(field))?;
                }
            }
        }
        if sheet.fields.iter().any(|f| f.kind == Kind::Long) {
            // Else the first long answer makes its row as high as the screen.
            for row in 1..row.max(FIRST + LONG_ROWS) {
                page.set_row_height(row, LONG_HEIGHT)?;
            }
        }
        let frozen = if linked || !sheet.rows { 2 } else { 1 };
        page.set_freeze_panes(1, frozen)?;
        page.set_selection(FIRST, 1, FIRST, 1)?;
        Ok(())
    }

    /// Headings with their comments, widths, formats and the example row.
    fn heads(
        &self,
        page: &mut Worksheet,
        sheet: &Sheet,
        first: u16,
        linked: bool,
    ) -> Result<(), XlsxError> {
        let example = base()
            .set_italic()
            .set_font_color(Color::RGB(0x80_8080))
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        page.set_row_height(0, 32)?;
        page.write_string_with_format(0, 0, NUMBER_HEADING, &heading(false))?;
        page.set_column_width(0, 17)?;
        page.write_string_with_format(1, 0, EXAMPLE, &example)?;
        if linked {
            let head = format!("{}{REQUIRED_SIGN}", sheet.link);
            page.write_string_with_format(0, 1, head, &heading(true))?;
            page.set_column_width(1, 12)?;
            page.set_column_format(1, &answer_of_link())?;
            let called = self.campaign.people_word();
            let text = format!("必填。从下拉列表中选取“{called}”表中的姓名，一人可占多行。");
            page.insert_note(0, 1, &note(&text))?;
            let person = self
                .campaign
                .candidate_sheet()
                .and_then(|s| s.field("name"));
            let name = person.map_or("", |field| field.example.as_str());
            page.write_string_with_format(1, 1, name, &example)?;
        }
        for (column, field) in (first..).zip(&sheet.fields) {
            page.write_string_with_format(0, column, title(field), &heading(field.required))?;
            page.set_column_width(column, width_of(field))?;
            page.set_column_format(column, &answer(field))?;
            let text = explain(field, self.campaign);
            if !text.is_empty() {
                page.insert_note(0, column, &note(&text))?;
            }
            let format = match answer(field) {
                _ if digits(field.kind) => example.clone().set_num_format("@"),
                _ => example.clone(),
            };
            page.write_string_with_format(1, column, &field.example, &format)?;
        }
        Ok(())
    }

    /// Where the names of the candidates stand.
    fn people(&self) -> String {
        let sheet = self.campaign.candidate_sheet();
        let label = sheet.map_or("", |s| s.label.as_str());
        let at = sheet.and_then(|s| s.fields.iter().position(|f| f.key == "name"));
        let column = u16::try_from(at.unwrap_or(0) + 1).unwrap_or(1);
        guide::range(label, column, FIRST, FIRST + ROWS - 1)
    }

    /// What names a candidate in a list: the name, or the id number where several bear the name.
    fn link_to<'v>(&'v self, candidate: &'v Entry) -> &'v str {
        let name = candidate.text("name");
        let people = &self.submission.candidates;
        let alike = people.iter().filter(|c| c.text("name") == name).count();
        let sheet = self.campaign.candidate_sheet();
        let id = sheet.and_then(|s| s.fields.iter().find(|f| f.kind == Kind::IdNo));
        let number = id.map_or("", |f| candidate.text(&f.key));
        if alike > 1 && !number.is_empty() {
            number
        } else {
            name
        }
    }

    /// The rows of a list: whose they are, and their values. Given rows stand where nothing was answered.
    fn rows<'v>(&'v self, sheet: &'v Sheet) -> Vec<(&'v str, Values<'v>)> {
        let people = &self.submission.candidates;
        match (sheet.of, sheet.rows) {
            (Owner::Candidate, false) => people.iter().map(|e| ("", Values::Entry(e))).collect(),
            (Owner::Candidate, true) => people
                .iter()
                .flat_map(|e| {
                    let rows = e.rows(&sheet.key).iter();
                    rows.map(|row| (self.link_to(e), Values::Row(row)))
                })
                .collect(),
            (Owner::Unit, _) => {
                let answered = self.submission.unit.rows(&sheet.key);
                let rows = if answered.is_empty() {
                    &sheet.given
                } else {
                    answered
                };
                rows.iter().map(|row| ("", Values::Row(row))).collect()
            }
        }
    }

    /// What Excel checks while a field is typed; none where there is nothing to check.
    pub(super) fn rule(
        &self,
        field: &Field,
        prompt: bool,
    ) -> Result<Option<DataValidation>, XlsxError> {
        let rule = DataValidation::new();
        let list = self.choices(field);
        let rule = if let Some((names, place)) = list {
            let short = names
                .iter()
                .map(|n| n.encode_utf16().count() + 1)
                .sum::<usize>();
            let plain = names.iter().all(|n| !n.contains(',') && !n.is_empty());
            let rule = match place {
                _ if short <= MOST_LIST && plain => rule.allow_list_strings(&names)?,
                Some(range) => rule.allow_list_formula(Formula::new(range)),
                None => return Ok(None),
            };
            if field.multi {
                rule.show_error_message(false)
            } else if field.free {
                rule.set_error_style(DataValidationErrorStyle::Warning)
                    .set_error_title("不在建议的选项中")?
                    .set_error_message("所填内容不在下拉列表中。确认无误可以保留。")?
            } else {
                rule.set_error_title("不在选项中")?
                    .set_error_message("请从下拉列表中选取。")?
            }
        } else if let Some(rule) = number_rule(field, rule.clone())? {
            rule
        } else if let Some(length) = field.length.and_then(|n| u32::try_from(n).ok()) {
            rule.allow_text_length(DataValidationRule::EqualTo(length))
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title("位数不对")?
                .set_error_message(format!("应为 {length} 位，请核对。"))?
        } else if let Some(max) = field.max.and_then(|max| u32::try_from(max).ok()) {
            rule.allow_text_length(DataValidationRule::LessThanOrEqualTo(max))
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title("内容过长")?
                .set_error_message(format!("最多 {max} 字，请压缩后再填。"))?
        } else {
            return Ok(None);
        };
        let said = limits(field, self.campaign);
        if !prompt || said.is_empty() {
            return Ok(Some(rule));
        }
        let label: String = field.label.chars().take(30).collect();
        let said: String = said.chars().take(200).collect();
        Ok(Some(rule.set_input_title(label)?.set_input_message(said)?))
    }

    /// The names of a drop-down list and where they stand in 代码表; none for a field without one.
    fn choices(&self, field: &Field) -> Option<(Vec<String>, Option<String>)> {
        if field.kind == Kind::YesNo {
            return Some((vec!["是".to_owned(), "否".to_owned()], None));
        }
        if field.key == "channel" && field.codes.is_none() {
            let labels = self.campaign.channels.iter().map(|c| c.label.clone());
            return Some((labels.collect::<Vec<_>>(), None)).filter(|(l, _)| !l.is_empty());
        }
        let list = self.campaign.lists.get(field.codes.as_deref()?)?;
        let names: Vec<String> = list.items.iter().map(|i| i.name.clone()).collect();
        let place = self.codes.place(&list.id);
        (!names.is_empty()).then_some((names, place))
    }
}

/// What a table program asks of a number; none for other kinds.
fn number_rule(field: &Field, rule: DataValidation) -> Result<Option<DataValidation>, XlsxError> {
    let whole = field.kind == Kind::Count;
    if !whole && field.kind != Kind::Decimal {
        return Ok(None);
    }
    let limit = |limit: Option<Limit>, usual: f64| -> f64 {
        let written = limit.and_then(|l| l.0.to_string().parse().ok());
        written.unwrap_or(usual)
    };
    let (least, most) = (
        limit(field.at_least, 0.0),
        limit(field.at_most, 999_999_999.0),
    );
    let rule = if whole {
        // limits of counts are whole: loading the template refuses others
        #[expect(clippy::cast_possible_truncation, reason = "between 0 and 999999999")]
        let between = DataValidationRule::Between(least as i32, most.min(999_999_999.0) as i32);
        rule.allow_whole_number(between)
            .set_error_title("应为整数")?
    } else {
        rule.allow_decimal_number(DataValidationRule::Between(least, most))
            .set_error_title("应为数字")?
    };
    let said = field.number_in_words();
    Ok(Some(rule.set_error_message(format!("请{said}。"))?))
}

/// The values of one row.
enum Values<'a> {
    Entry(&'a Entry),
    Row(&'a BTreeMap<String, String>),
}

impl Values<'_> {
    fn text(&self, key: &str) -> &str {
        match self {
            Self::Entry(entry) => entry.text(key),
            Self::Row(row) => row.get(key).map_or("", String::as_str),
        }
    }
}

fn answer_of_link() -> Format {
    base()
        .set_num_format("@")
        .set_align(FormatAlign::VerticalCenter)
}

/// Writes an answer: counts as numbers, all else as text; an empty one leaves the cell blank.
pub(super) fn put(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    field: &Field,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let number = match field.kind {
        Kind::Count => text.parse::<u32>().ok().map(f64::from),
        // 15 digits are what a table program keeps
        Kind::Decimal if text.len() <= 15 => text.parse::<f64>().ok(),
        _ => None,
    };
    match number {
        Some(number) => page.write_number_with_format(row, column, number, format)?,
        None if text.is_empty() => page.write_blank(row, column, format)?,
        None => page.write_string_with_format(row, column, text, format)?,
    };
    Ok(())
}

/// A comment that is large enough for its text.
fn note(text: &str) -> Note {
    let lines: usize = text
        .lines()
        .map(|l| l.chars().count().div_ceil(17).max(1))
        .sum();
    let height = u32::try_from(lines).unwrap_or(10).min(24) * 18 + 16;
    Note::new(text)
        .set_author("填写说明")
        .add_author_prefix(false)
        .set_font_name("宋体")
        .set_font_size(9)
        .set_width(230)
        .set_height(height)
}
