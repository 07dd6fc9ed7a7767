//! The sheets that explain: 说明 for people, and the hidden 代码表 for drop-down lists.

use std::collections::BTreeMap;

use rust_xlsxwriter::{FormatAlign, Worksheet, XlsxError};

use crate::campaign::{Campaign, CodeList};
use crate::finding::cell_name;

use super::look::{base, boxed, heading};
use super::measure::height;
use super::names::{CODES_SHEET, EXAMPLE, EXAMPLE_CARD, REQUIRED_SIGN};
use crate::intake::blank::notes::{limits, need};

/// A range of one column as a formula, such as `='代码表'!$A$2:$A$9`; row and column count from 0.
pub(super) fn range(sheet: &str, column: u16, from: u32, to: u32) -> String {
    let letters: String = cell_name(0, u32::from(column))
        .chars()
        .filter(|c| !c.is_ascii_digit())
        .collect();
    let sheet = sheet.replace('\'', "''");
    format!("='{sheet}'!${letters}${}:${letters}${}", from + 1, to + 1)
}

/// The code lists that fields name, a column each.
pub(super) struct CodeSheet<'a> {
    lists: Vec<&'a CodeList>,
    columns: BTreeMap<&'a str, u16>,
}

impl<'a> CodeSheet<'a> {
    /// The lists of a campaign in the order of their ids; unused ones are left out.
    pub(super) fn new(campaign: &'a Campaign) -> Self {
        let fields = campaign.sheets.iter().flat_map(|s| &s.fields);
        let used: Vec<&String> = fields.filter_map(|f| f.codes.as_ref()).collect();
        let lists: Vec<&CodeList> = campaign
            .lists
            .iter()
            .filter(|(id, list)| used.contains(id) && !list.items.is_empty())
            .map(|(_, list)| list)
            .collect();
        let columns = (0..).zip(&lists).map(|(n, list)| (list.id.as_str(), n));
        let columns = columns.collect();
        Self { lists, columns }
    }

    /// Whether no field has a list.
    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// Where a list's names stand.
    pub(super) fn place(&self, id: &str) -> Option<String> {
        let column = *self.columns.get(id)?;
        let list = self.lists.get(usize::from(column))?;
        let last = u32::try_from(list.items.len()).ok()?;
        Some(range(CODES_SHEET, column, 1, last))
    }

    /// Writes the lists, their ids as headings.
    pub(super) fn write(&self, page: &mut Worksheet) -> Result<(), XlsxError> {
        for (column, list) in (0..).zip(&self.lists) {
            page.write_string_with_format(0, column, &list.id, &heading(false))?;
            page.set_column_width(column, 24)?;
            for (row, item) in (1..).zip(&list.items) {
                page.write_string_with_format(row, column, &item.name, &base())?;
            }
        }
        Ok(())
    }
}

/// Widths of the columns of 说明, characters.
const WIDTHS: [f64; 5] = [14.0, 24.0, 22.0, 56.0, 48.0];

/// Writes the sheet 说明: how to fill in, all fields with their limits, all code lists.
pub(super) fn write_guide(
    page: &mut Worksheet,
    campaign: &Campaign,
    cards: bool,
) -> Result<(), XlsxError> {
    let text = boxed(base())
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let plain = base()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    let bold = base().set_bold().set_font_size(14);
    for (column, width) in (0..).zip(WIDTHS) {
        page.set_column_width(column, width)?;
    }
    page.write_string_with_format(0, 0, format!("{} 填写说明", campaign.title), &bold)?;
    page.set_row_height(0, 26)?;
    let mut row = 1;
    for line in advice(campaign, cards) {
        page.merge_range(row, 0, row, 4, &line, &plain)?;
        page.set_row_height(row, height([(line.as_str(), WIDTHS.iter().sum())]))?;
        row += 1;
    }
    row += 1;
    for (column, head) in (0..).zip(["工作表", "栏目", "是否必填", "写法与限制", "说明"])
    {
        page.write_string_with_format(row, column, head, &heading(false))?;
    }
    row += 1;
    for sheet in &campaign.sheets {
        for field in &sheet.fields {
            let cells = [
                sheet.label.clone(),
                field.label.clone(),
                need(field),
                limits(field, campaign),
                field.note.clone(),
            ];
            let widths = cells.iter().map(String::as_str).zip(WIDTHS);
            page.set_row_height(row, height(widths))?;
            for (column, cell) in (0..).zip(cells) {
                page.write_string_with_format(row, column, cell, &text)?;
            }
            row += 1;
        }
    }
    row += 1;
    let used = CodeSheet::new(campaign);
    for (n, list) in used.lists.iter().enumerate() {
        if n == 0 {
            page.write_string_with_format(row, 0, "代码表", &heading(false))?;
            page.merge_range(row, 1, row, 4, "可填的名称", &heading(false))?;
            row += 1;
        }
        let names: Vec<&str> = list.items.iter().map(|i| i.name.as_str()).collect();
        let mut names = names.join("、");
        if !list.source.is_empty() {
            names.push_str(&format!("（{}）", list.source));
        }
        let titles = titles(campaign, &list.id);
        page.write_string_with_format(row, 0, &titles, &text)?;
        page.merge_range(row, 1, row, 4, &names, &text)?;
        let cells = [
            (titles.as_str(), WIDTHS.iter().take(1).sum()),
            (names.as_str(), WIDTHS.iter().skip(1).sum()),
        ];
        page.set_row_height(row, height(cells))?;
        row += 1;
    }
    Ok(())
}

/// Labels of the fields that a code list is for.
fn titles(campaign: &Campaign, id: &str) -> String {
    let mut labels: Vec<&str> = Vec::new();
    for field in campaign.sheets.iter().flat_map(|s| &s.fields) {
        if field.codes.as_deref() == Some(id) && !labels.contains(&field.label.as_str()) {
            labels.push(&field.label);
        }
    }
    labels.join("、")
}

/// A line with what it names of the campaign between braces; other braces stay, for nothing is filled in yet.
fn filled(line: &str, campaign: &Campaign) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let named = after
            .split_once('}')
            .and_then(|(key, after)| Some((campaign.named(key)?, after)));
        rest = match named {
            Some((value, after)) => {
                out.push_str(&value);
                after
            }
            None => {
                out.push('{');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

/// Lines on how to fill in: the campaign's own, text by text, then what holds for every workbook.
fn advice(campaign: &Campaign, cards: bool) -> Vec<String> {
    let own = campaign
        .texts
        .iter()
        .filter(|(key, _)| key.starts_with("workbook"))
        .flat_map(|(_, text)| text.lines())
        .map(|line| filled(line.trim(), campaign))
        .filter(|line| !line.is_empty());
    let mut lines: Vec<String> = own.collect();
    lines.push(format!(
        "标题后带“{REQUIRED_SIGN}”的为必填栏目；没有内容的按该栏说明填写，不要留空。"
    ));
    lines.extend(if cards {
        of_cards(campaign)
    } else {
        of_strips(campaign)
    });
    lines.push(
        "身份证号、电话等已设为文本格式；从别处复制时请用“选择性粘贴—数值”，以免号码被改坏。"
            .to_owned(),
    );
    lines
}

/// What holds for lists of people, a row each.
fn of_strips(campaign: &Campaign) -> Vec<String> {
    let lists: Vec<String> = campaign
        .candidate_lists()
        .map(|s| format!("“{}”", s.label))
        .collect();
    let called = campaign.people_word();
    let mut lines = vec![
        format!("各表第 2 行以“{EXAMPLE}”开头，只作示范，不会读取，可以删去。"),
        "请勿改动工作表名称和标题行；可以增删行，不要合并单元格。".to_owned(),
    ];
    if !lists.is_empty() {
        lines.push(format!(
            "{}用姓名对应到人，一人可占多行；姓名须与“{called}”表一致。",
            lists.join("")
        ));
    }
    lines
}

/// What holds for cards, a sheet for each person.
fn of_cards(campaign: &Campaign) -> Vec<String> {
    let person = campaign.candidate_sheet().map_or("", |s| s.label.as_str());
    vec![
        format!(
            "每位{person}一张卡片，按工作表的先后排序；卡片不够时复制一张空白卡片，多余的空白卡片可以留着。"
        ),
        format!(
            "第一格是“{EXAMPLE_CARD}”的卡片只作示范，不会读取，可以删去；要填写的，先删去那几个字。"
        ),
        "请勿改动卡片左边的项目名称、各列表的名称和标题行；列表里可以增删行，不要合并单元格。"
            .to_owned(),
    ]
}
