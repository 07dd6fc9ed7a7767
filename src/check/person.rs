//! Who may be recommended: L1 to L5 and S2.

use std::collections::BTreeMap;

use crate::campaign::Rule;
use crate::finding::Severity;
use crate::record::Entry;
use crate::text::date::{Month, parse_date, parse_month};
use crate::text::id::check_id;

use super::checking::{Checking, Person};
use super::stand_in::is_no_answer;
use crate::check::params::{says_nothing, text_or, words_or};

/// L1 to L4 and S2.
pub(super) fn candidate(checking: &mut Checking<'_>, person: &Person<'_>) {
    soldier(checking, person);
    official(checking, person);
    honours(checking, person);
    most_beautiful(checking, person);
    consent(checking, person);
}

/// L1: no soldiers on active service. Parameter `words` (现役), sought in `service_status`.
fn soldier(checking: &mut Checking<'_>, person: &Person<'_>) {
    let Some((rule, severity)) = checking.rule("L1") else {
        return;
    };
    let status = person.text("service_status");
    let words = words_or(rule, "words", &["现役"]);
    if words.iter().any(|w| status.contains(w)) && !status.starts_with('非') {
        let message = format!("{}为“{status}”，现役军人不在推荐范围。", person.record);
        let hint = "请核对人员状态，更换候选人。";
        checking.add(
            severity,
            "L1",
            person.place("service_status"),
            message,
            hint,
        );
    }
}

/// Ranks of officials, from low to high, with the words that mean them.
const RANKS: [(&str, &[&str]); 6] = [
    ("科级以下", &["科员", "办事员", "科级以下"]),
    ("乡科级", &["乡科级", "科级", "正科", "副科", "主任科员"]),
    (
        "县处级",
        &["县处级", "处级", "县级", "正处", "副处", "调研员"],
    ),
    (
        "厅局级",
        &[
            "厅局级",
            "厅级",
            "局级",
            "司局级",
            "地厅级",
            "正厅",
            "副厅",
            "巡视员",
        ],
    ),
    ("省部级", &["省部级", "省级", "部级", "正部", "副部"]),
    ("国家级", &["国家级", "正国", "副国"]),
];

/// The height of a rank, 0 for the lowest.
fn height(rank: &str) -> Option<usize> {
    let words = RANKS
        .iter()
        .enumerate()
        .flat_map(|(n, (_, words))| words.iter().map(move |word| (n, *word)));
    words
        .filter(|(_, word)| rank.contains(word))
        .max_by_key(|(_, word)| word.chars().count())
        .map(|(n, _)| n)
}

/// L2: no civil servants in an office of a rank from `rank_from` (厅局级) on; with `civil_servant_alone` (false), no civil
/// servants at all. A blank `in_office` counts as in office.
fn official(checking: &mut Checking<'_>, person: &Person<'_>) {
    let Some((rule, severity)) = checking.rule("L2") else {
        return;
    };
    if person.text("civil_servant") != "是" {
        return;
    }
    let who = &person.record;
    if rule.flag("civil_servant_alone", false) {
        let message = format!("{who}为公务员或参公人员，不在推荐范围。");
        let hint = "请核对人员身份，更换候选人。";
        checking.add(severity, "L2", person.place("civil_servant"), message, hint);
        return;
    }
    if person.text("in_office") == "否" || !checking.candidate_asks("rank") {
        return;
    }
    let rank = person.text("rank");
    let from = text_or(rule, "rank_from", "厅局级");
    let place = person.place("rank");
    match (height(rank), height(from)) {
        (Some(own), Some(least)) if own >= least => {
            let message = format!(
                "{who}为公务员（参公），现任“{rank}”，现任{from}以上行政职务者不在推荐范围。"
            );
            checking.add(severity, "L2", place, message, "请核对职级，更换候选人。");
        }
        (Some(_), _) => {}
        (None, _) if rank == "无" => {}
        (None, _) => {
            let shown = if rank.is_empty() {
                "未填".to_owned()
            } else {
                format!("填为“{rank}”")
            };
            let message =
                format!("{who}为公务员（参公），“行政级别”{shown}，无法判断是否在推荐范围。");
            let hint = "请填写级别，如“县处级”“厅局级”；没有级别的填“无”。";
            checking.add(severity.min(Severity::Warning), "L2", place, message, hint);
        }
    }
}

/// The rows of honours of a candidate; parameter `sheet` (`awards`).
fn awards<'a>(rule: &'a Rule, entry: &'a Entry) -> (&'a str, &'a [BTreeMap<String, String>]) {
    let sheet = text_or(rule, "sheet", "awards");
    (sheet, entry.rows(sheet))
}

/// A column of a row; empty where absent.
fn cell<'a>(row: &'a BTreeMap<String, String>, key: &str) -> &'a str {
    row.get(key).map_or("", |text| text.trim())
}

/// L3: who has an honour of a level in `levels` (国家级, 省部级, 省级, 部级) is in principle not recommended again, save with a
/// reason in `honour_reason`.
fn honours(checking: &mut Checking<'_>, person: &Person<'_>) {
    let Some((rule, severity)) = checking.rule("L3") else {
        return;
    };
    if !says_nothing(person.text("honour_reason")) {
        return;
    }
    let levels = words_or(rule, "levels", &["国家级", "省部级", "省级", "部级"]);
    let (sheet, rows) = awards(rule, person.entry);
    let high: Vec<(usize, &str, &str)> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| (n, cell(row, "level"), cell(row, "name")))
        .filter(|(_, level, _)| {
            levels.iter().any(|l| level.contains(l)) && !level.contains("副省级")
        })
        .collect();
    let Some((row, level, name)) = high.first() else {
        return;
    };
    let more = if high.len() > 1 {
        format!("等{}项", high.len())
    } else {
        String::new()
    };
    let message = format!(
        "{}已获“{name}”（{level}）{more}，原则上不再推荐。",
        person.record
    );
    let hint = if checking.candidate_asks("honour_reason") {
        "请更换候选人；确需推荐的，请填写理由。"
    } else {
        "请更换候选人；确需推荐的，请与主办单位联系。"
    };
    checking.add(
        severity,
        "L3",
        person.place_in(sheet, *row, "level"),
        message,
        hint,
    );
}

/// L4: honours whose name holds one of `words` (最美), where `by` is given only those awarded by one of these; and candidates in the list `winners`.
fn most_beautiful(checking: &mut Checking<'_>, person: &Person<'_>) {
    let Some((rule, severity)) = checking.rule("L4") else {
        return;
    };
    let hint = "已获“最美”系列称号的原则上不再推荐，请核对后更换候选人。";
    let name = person.text("name");
    if !name.is_empty() && rule.words("winners").iter().any(|w| w == name) {
        let message = format!("{name}与已获“最美”系列称号者同名。");
        let hint = "请核对是否为同一人；是同一人的原则上不再推荐。";
        checking.add(severity, "L4", person.place("name"), message, hint);
    }
    let words = words_or(rule, "words", &["最美"]);
    let givers = rule.words("by");
    let (sheet, rows) = awards(rule, person.entry);
    for (n, row) in rows.iter().enumerate() {
        let (title, by) = (cell(row, "name"), cell(row, "by"));
        let counts = givers.is_empty() || by.is_empty() || givers.iter().any(|g| by.contains(g));
        if counts && words.iter().any(|w| title.contains(w)) {
            let message = format!("{}已获“{title}”，属“最美”系列称号。", person.record);
            checking.add(
                severity,
                "L4",
                person.place_in(sheet, n, "name"),
                message,
                hint,
            );
        }
    }
}

/// S2: the candidate's story may be made public (`consent` is 是).
fn consent(checking: &mut Checking<'_>, person: &Person<'_>) {
    let Some((_, severity)) = checking.rule("S2") else {
        return;
    };
    let text = person.text("consent");
    let asked = checking.candidate_asks("consent");
    if !asked || text == "是" || text.is_empty() && checking.candidate_requires("consent") {
        return;
    }
    let message = format!("未确认{}的事迹适合公开宣传。", person.record);
    let hint = "请与本人和所在单位确认后填“是”。";
    checking.add(severity, "S2", person.place("consent"), message, hint);
}

/// L5: how many of which category, age and sex. Parameter `young` (45): the age up to which one counts as young.
pub(super) fn statistics(checking: &mut Checking<'_>) {
    let Some((rule, severity)) = checking.rule("L5") else {
        return;
    };
    let candidates = &checking.submission.candidates;
    if candidates.is_empty() {
        return;
    }
    let young = rule.number("young", 45);
    let now = Month::of(checking.reference_day());
    let field = checking
        .campaign
        .candidate_sheet()
        .and_then(|s| s.field("category"));
    let list = field
        .filter(|f| !f.free)
        .and_then(|f| checking.campaign.lists.get(f.codes.as_ref()?));
    let known = |word: &str| list.is_none_or(|list| list.name_of(word).is_some());
    let mut categories: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut women, mut juniors, mut minorities) = (0, 0, 0);
    for entry in candidates {
        for category in entry.text("category").split('、').map(str::trim) {
            // a word that stands in for an answer counts as none, and so does one that is no category
            if !is_no_answer(category) && known(category) {
                *categories.entry(category).or_default() += 1;
            }
        }
        women += usize::from(entry.text("sex") == "女");
        let ethnic = entry.text("ethnic");
        minorities += usize::from(!is_no_answer(ethnic) && !ethnic.starts_with('汉'));
        let age = birth(entry).map(|b| i64::from(now.ordinal() - b.ordinal()) / 12);
        juniors += usize::from(age.is_some_and(|age| age <= young));
    }
    let mut parts = vec![
        format!("女{women}名"),
        format!("少数民族{minorities}名"),
        format!("{young}岁及以下{juniors}名"),
    ];
    parts.extend(categories.iter().map(|(name, n)| format!("{name}{n}名")));
    let message = format!("候选人{}名：{}。", candidates.len(), parts.join("，"));
    let hint = "遴选兼顾不同类别、不同年龄，仅供参考，无需处理。";
    checking.add(
        severity.min(Severity::Info),
        "L5",
        checking.unit_place(""),
        message,
        hint,
    );
}

/// The month of birth, by the form or else by the identity number.
pub(super) fn birth(entry: &Entry) -> Option<Month> {
    let text = entry.text("birth");
    parse_month(text)
        .or_else(|| parse_date(text).map(Month::of))
        .or_else(|| {
            check_id(entry.text("id_no"))
                .ok()
                .map(|f| Month::of(f.birth))
        })
}
