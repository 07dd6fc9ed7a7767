//! TOML to a campaign. Every fault is a finding with file and line; reading goes on after the first.
//! How one file is read is in `document`; what must agree between files is checked in `verify` and `verify_form`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::finding::{CODES, Finding, Place, has_errors};
use crate::text::lexicon::WordList;

use super::document::{Node, ParsedFile, nearest_hint};
use super::holidays::Holidays;
use super::verify::verify;
use super::verify_demo::verify_demo;
use super::verify_form::verify_form;
use super::verify_year::verify_year;
use super::{
    Address, BlockTemplate, Campaign, CellTemplate, Channel, CodeItem, CodeList, Deadline, Field,
    FormTemplate, MarkRules, Material, RowTemplate, Rule, Rules, Sheet,
};

/// The files of one campaign folder, read by whoever may read files.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Folder name: the campaign's id.
    pub id: String,
    /// Path relative to the folder, with `/`, and text; the shared code lists begin with `lists/`.
    pub files: Vec<(String, String)>,
}

/// The head of `campaign.toml`: all but its lists of tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    version: u16,
    title: String,
    year: i16,
    notice_no: String,
    organiser: String,
    deadline: String,
    deadline_inclusive: bool,
    #[serde(default)]
    verify_url: Option<String>,
    #[serde(default)]
    mark: MarkRules,
    #[serde(default)]
    texts: BTreeMap<String, String>,
    #[serde(default)]
    switches: BTreeMap<String, bool>,
}

/// What was written by an editor in another code than UTF-8: signs that could not be read stand in it as U+FFFD.
fn unlike_utf8(id: &str, path: &str, text: &str) -> Option<Finding> {
    let line = text.lines().position(|line| line.contains('\u{FFFD}'))?;
    let place = Place {
        cell: Some(format!("行{}", line + 1)),
        ..Place::file(format!("{id}/{path}"))
    };
    Some(Finding::error(
        "T1",
        place,
        format!(
            "文件“{path}”不是 UTF-8 编码，从第 {} 行起有读不出的字",
            line + 1
        ),
        "请用编辑器另存为 UTF-8：Windows 的记事本在“另存为”的“编码”里选 UTF-8，不要选 ANSI。",
    ))
}

/// Files other than TOML and the guide that a campaign folder may hold are ignored.
const REQUIRED: [&str; 3] = ["campaign.toml", "fields.toml", "rules.toml"];

/// Lists of words: the campaign's own, and the one that all campaigns share.
const WORDS: &str = "words.txt";
const SHARED_WORDS: &str = "lists/words.txt";

/// Id of the code list that is made of the campaign's channels.
const CHANNELS: &str = "channels";

/// A campaign out of its files; none where a fault is an error.
pub fn load(source: &Source) -> (Option<Campaign>, Vec<Finding>) {
    let mut findings = Vec::new();
    for name in REQUIRED {
        if !source.files.iter().any(|(path, _)| path == name) {
            findings.push(Finding::error(
                "T2",
                Place::file(format!("{}/{name}", source.id)),
                format!("活动模板“{}”缺少文件 {name}", source.id),
                format!(
                    "请在模板文件夹中补上 {name}；必备文件：{}。",
                    REQUIRED.join("、")
                ),
            ));
        }
    }
    // what is lost in one file is missed by others: nothing else is judged before it can be read
    let unread = source.files.iter();
    let unread: Vec<Finding> = unread
        .filter_map(|(path, text)| unlike_utf8(&source.id, path, text))
        .collect();
    if !unread.is_empty() {
        return (None, unread);
    }
    stray_files(source, &mut findings);
    let mut documents = Vec::new();
    let mut files: Vec<&(String, String)> = source.files.iter().collect();
    files.sort();
    for (path, text) in files {
        if path.ends_with(".toml")
            && let Some(document) = ParsedFile::parse(&source.id, path, text, &mut findings)
        {
            documents.push(document);
        }
    }
    let Some(mut campaign) = assemble(source, &documents, &mut findings) else {
        return (None, findings);
    };
    // meanings are judged once everything but the forms could be read: a lost field would only give faults that are none
    let readable = |f: &Finding| {
        f.place
            .file
            .as_deref()
            .is_some_and(|file| file.contains("/forms/"))
    };
    if findings.iter().all(readable) {
        verify(&campaign, &source.id, &documents, &mut findings);
        verify_year(&campaign, &documents, &mut findings);
        if let Some(demo) = documents.iter().find(|d| d.path == "demo.toml") {
            verify_demo(&campaign, demo.root(), &mut findings);
        }
        for document in documents.iter().filter(|d| is_form(&d.path)) {
            verify_form(&campaign, document, &mut findings);
        }
    }
    campaign.channels.retain(|c| c.enabled);
    findings.dedup();
    let whole = !has_errors(&findings);
    (whole.then_some(campaign), findings)
}

/// Files of a campaign that nothing reads, such as a `rule.toml` beside `rules.toml`.
fn stray_files(source: &Source, findings: &mut Vec<Finding>) {
    const KNOWN: [&str; 5] = [
        "campaign.toml",
        "fields.toml",
        "rules.toml",
        "lists.toml",
        "demo.toml",
    ];
    for (path, _) in &source.files {
        let toml = path.ends_with(".toml");
        let folder = is_form(path) || path.starts_with("lists/");
        if toml && !folder && !KNOWN.contains(&path.as_str()) {
            findings.push(Finding::error(
                "T2",
                Place::file(format!("{}/{path}", source.id)),
                format!("文件“{path}”没有用处，里面的内容不会读取"),
                nearest_hint(path, KNOWN.into_iter()),
            ));
        }
    }
}

/// Whether a path is that of a form template.
fn is_form(path: &str) -> bool {
    path.starts_with("forms/")
}

/// The campaign as far as it can be read; none without the head of `campaign.toml`.
fn assemble(
    source: &Source,
    documents: &[ParsedFile<'_>],
    findings: &mut Vec<Finding>,
) -> Option<Campaign> {
    let named = |name: &str| documents.iter().find(|d| d.path == name);
    let rules = named("rules.toml").map(|d| read_rules(d.root(), findings));
    let sheets = named("fields.toml").map(|d| read_sheets(d.root(), findings));
    let (mut lists, holidays) = read_lists(documents, findings);
    let mut forms = Vec::new();
    for document in documents.iter().filter(|d| is_form(&d.path)) {
        forms.extend(read_form(document.root(), findings));
    }
    forms.sort_by_key(|f: &FormTemplate| f.kind.mailing_rank());
    let root = named("campaign.toml")?.root();
    let addresses: Vec<Address> = read_all(root, "address", findings);
    let channels: Vec<Channel> = read_all(root, "channel", findings);
    lists.insert(CHANNELS.to_owned(), channel_list(&channels));
    let materials: Vec<Material> = read_all(root, "material", findings);
    let head: Head = root.read_without(&["address", "channel", "material"], findings)?;
    let deadline = deadline_of(&head.deadline, root.key("deadline"), findings);
    let words = lexicon(source, &lists);
    let text_of = |name: &str| {
        let file = source.files.iter().find(|(path, _)| path == name);
        file.map_or_else(String::new, |(_, text)| text.clone())
    };
    Some(Campaign {
        id: head.id,
        version: head.version,
        title: head.title,
        year: head.year,
        notice_no: head.notice_no,
        organiser: head.organiser,
        deadline: deadline?,
        deadline_inclusive: head.deadline_inclusive,
        verify_url: head.verify_url,
        mark: head.mark,
        addresses: addresses.into_iter().map(|a| (a.id.clone(), a)).collect(),
        channels,
        sheets: sheets?,
        rules: rules?,
        materials,
        forms,
        lists,
        holidays,
        texts: head.texts,
        switches: head.switches,
        words: Arc::new(words),
        demo: text_of("demo.toml"),
    })
}

/// The words that lines of forms are not broken in.
fn lexicon(source: &Source, lists: &BTreeMap<String, CodeList>) -> WordList {
    let mut words = WordList::default();
    for (path, text) in &source.files {
        if path == WORDS || path == SHARED_WORDS {
            words.read(text);
        }
    }
    for item in lists.values().flat_map(|list| &list.items) {
        words.add(&item.name);
    }
    words
}

/// The channels as a code list: a unit's answer becomes a channel's label.
fn channel_list(channels: &[Channel]) -> CodeList {
    let items = channels.iter().filter(|c| c.enabled).map(|c| CodeItem {
        code: c.kind.clone(),
        name: c.label.clone(),
        aliases: c.aliases.clone(),
    });
    CodeList {
        id: CHANNELS.to_owned(),
        source: String::new(),
        items: items.collect(),
    }
}

/// Every element of an array of tables that can be read.
fn read_all<T: for<'de> Deserialize<'de>>(
    root: Node<'_>,
    key: &str,
    findings: &mut Vec<Finding>,
) -> Vec<T> {
    let mut all = Vec::new();
    for node in root.key(key).items(findings) {
        all.extend(node.read::<T>(findings));
    }
    all
}

/// The deadline of a campaign.
fn deadline_of(text: &str, node: Node<'_>, findings: &mut Vec<Finding>) -> Option<Deadline> {
    let deadline = text.parse().ok();
    if deadline.is_none() {
        findings.push(Finding::error(
            "T2",
            node.place(),
            format!("报送期限“{text}”{}", unlike_deadline(text)),
            "请写成“2021-06-01”，或“2021-06-01 17:00”的样子。",
        ));
    }
    deadline
}

/// Why a text is no deadline: a day that the calendar does not have, an hour that a day does not have, or another writing.
fn unlike_deadline(text: &str) -> &'static str {
    let mut parts = text.trim().splitn(2, ['T', ' ']);
    let (day, time) = (parts.next().unwrap_or_default(), parts.next());
    let digits = |text: &str, cuts: &[usize], sign: u8| {
        let bytes = text.as_bytes();
        let fits = |(n, b): (usize, &u8)| match cuts.contains(&n) {
            true => *b == sign,
            false => b.is_ascii_digit(),
        };
        bytes.iter().enumerate().all(fits)
    };
    let day_written = day.len() == 10 && digits(day, &[4, 7], b'-');
    let time_written = time.is_some_and(|t| t.trim().len() == 5 && digits(t.trim(), &[2], b':'));
    let day_there = day.parse::<jiff::civil::Date>().is_ok();
    match (day_written, day_there) {
        (true, false) => "中的日期不存在",
        (true, true) if time_written => "中的时刻不存在，一天只到 23:59",
        _ => "不是日期，也不是日期加时刻",
    }
}

/// A document holds nothing but arrays of tables of these names.
fn only(root: Node<'_>, keys: &[&str], findings: &mut Vec<Finding>) {
    for (name, node) in root.entries() {
        if !keys.contains(&name) {
            let keys: Vec<String> = keys.iter().map(|key| format!("[[{key}]]")).collect();
            findings.push(Finding::error(
                "T2",
                node.place(),
                format!("不认识的键“{name}”"),
                format!("本文件只能有 {}，请改名或删去。", keys.join("、")),
            ));
        }
    }
}

fn read_rules(root: Node<'_>, findings: &mut Vec<Finding>) -> Rules {
    only(root, &["rule"], findings);
    let mut rules = Rules::default();
    for node in root.key("rule").items(findings) {
        let Some(rule) = node.read::<Rule>(findings) else {
            continue;
        };
        let rules_of = || {
            CODES
                .iter()
                .map(|(code, _)| *code)
                .filter(|code| is_rule(code))
        };
        if !rules_of().any(|code| code == rule.code) {
            let known = rules_of();
            findings.push(Finding::error(
                "T2",
                node.key("code").place(),
                format!("没有编号为“{}”的规则", rule.code),
                nearest_hint(&rule.code, known),
            ));
        }
        if let Some(earlier) = rules.0.insert(rule.code.clone(), rule) {
            findings.push(Finding::error(
                "T2",
                node.key("code").place(),
                format!("规则“{}”写了两次", earlier.code),
                "请只保留一处。",
            ));
        }
    }
    rules
}

/// Whether a finding's code is that of a rule: files, templates, marks, packages and the like have none.
fn is_rule(code: &str) -> bool {
    code.starts_with(['Q', 'C', 'L', 'M', 'D', 'S', 'A', 'F', 'N']) || code == "P3"
}

fn read_sheets(root: Node<'_>, findings: &mut Vec<Finding>) -> Vec<Sheet> {
    only(root, &["sheet"], findings);
    let mut sheets = Vec::new();
    for node in root.key("sheet").items(findings) {
        let fields: Vec<Field> = read_all(node, "field", findings);
        if let Some(mut sheet) = node.read_with_empty::<Sheet>("field", findings) {
            sheet.fields = fields;
            sheets.push(sheet);
        }
    }
    sheets
}

/// The shared lists and holidays, then the campaign's own, which win.
fn read_lists(
    documents: &[ParsedFile<'_>],
    findings: &mut Vec<Finding>,
) -> (BTreeMap<String, CodeList>, Holidays) {
    let mut lists = BTreeMap::new();
    let mut holidays = Holidays::default();
    let shared = documents.iter().filter(|d| d.path.starts_with("lists/"));
    let own = documents.iter().filter(|d| d.path == "lists.toml");
    for document in shared.chain(own) {
        only(document.root(), &["list", "holidays"], findings);
        holidays.read(document.root(), findings);
        for node in document.root().key("list").items(findings) {
            let items: Vec<CodeItem> = read_all(node, "items", findings);
            if let Some(mut list) = node.read_with_empty::<CodeList>("items", findings) {
                list.items = items;
                verify_list(&list, node, findings);
                lists.insert(list.id.clone(), list);
            }
        }
    }
    (lists, holidays)
}

/// Most characters of a name in a code list: it is chosen in a cell's list (Excel takes 255) and printed in a cell of a form.
const MOST_NAME: usize = 100;

/// A word must lead to one name only.
fn verify_list(list: &CodeList, node: Node<'_>, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    if list.items.is_empty() {
        findings.push(Finding::error(
            "T2",
            node.place(),
            format!("代码表“{}”没有内容", list.id),
            "请在 items 中列出各项名称。",
        ));
    }
    for (i, item) in list.items.iter().enumerate() {
        let length = item.name.chars().count();
        if length > MOST_NAME || item.name.chars().any(char::is_control) {
            let head: String = item.name.chars().take(12).collect();
            findings.push(Finding::error(
                "T2",
                node.key("items").item(i).place(),
                format!(
                    "代码表“{}”的名称“{head}…”有{length}个字，或者里面有换行，下拉选项里放不下",
                    list.id
                ),
                format!("请写在一行里，不超过{MOST_NAME}个字。"),
            ));
        }
        let words = std::iter::once(&item.name).chain(&item.aliases);
        for word in words.chain((!item.code.is_empty()).then_some(&item.code)) {
            if word.trim().is_empty() {
                findings.push(Finding::error(
                    "T2",
                    node.key("items").item(i).place(),
                    format!("代码表“{}”第{}项有空的名称或别名", list.id, i + 1),
                    "请填写名称，或删去空的别名。",
                ));
            } else if let Some(other) = seen.insert(word, &item.name) {
                findings.push(Finding::error(
                    "T2",
                    node.key("items").item(i).place(),
                    format!(
                        "代码表“{}”中“{word}”同时指“{other}”和“{}”",
                        list.id, item.name
                    ),
                    "一个词只能指一项，请删去一处。",
                ));
            }
        }
    }
}

/// A form template as far as it can be read; blocks, rows and cells one by one, so that each fault is seen.
fn read_form(root: Node<'_>, findings: &mut Vec<Finding>) -> Option<FormTemplate> {
    let before = findings.len();
    let mut blocks = Vec::new();
    for node in root.key("block").items(findings) {
        let rows = node.key("row");
        let block = if rows.exists() {
            node.read_with_empty::<BlockTemplate>("row", findings)
        } else {
            node.read::<BlockTemplate>(findings)
        };
        let made = read_rows(rows, findings);
        if let Some(mut block) = block {
            if let BlockTemplate::Table { rows, .. } = &mut block {
                *rows = made;
            }
            blocks.push(block);
        }
    }
    let form = root.read_with_empty::<FormTemplate>("block", findings);
    // a form that lost a part would only give faults that are none
    if findings.len() > before {
        return None;
    }
    form.map(|mut form| {
        form.blocks = blocks;
        form
    })
}

fn read_rows(nodes: Node<'_>, findings: &mut Vec<Finding>) -> Vec<RowTemplate> {
    let mut rows = Vec::new();
    for node in nodes.items(findings) {
        let cells: Vec<CellTemplate> = read_all(node, "cells", findings);
        if let Some(mut row) = node.read_with_empty::<RowTemplate>("cells", findings) {
            row.cells = cells;
            rows.push(row);
        }
    }
    rows
}
