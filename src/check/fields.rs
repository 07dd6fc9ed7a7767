//! Every field of every sheet: M14 (required), F1 (length), N3 to N5 (characters), and then what its kind asks for, which is
//! in `kinds`. Sums of repeated rows (F15) are here too.

use std::collections::BTreeMap;

use crate::campaign::{Kind, Owner, Sheet};
use crate::finding::Severity;
use crate::record::Entry;
use crate::text::count::count_chars;
use crate::text::decimal::Decimal;
use crate::text::normal::{Trouble, troubles};

use super::as_printed;
use super::checking::{Checking, Person};
use super::kinds;
use super::stand_in;
use super::value::CheckedValue;
use crate::check::params::says_nothing;

/// All fields of the unit.
pub(super) fn unit(checking: &mut Checking<'_>) {
    let record = checking.unit_text("name").to_owned();
    let entry = &checking.submission.unit;
    owner(checking, Owner::Unit, entry, &record);
    sums(checking, entry, &record);
}

/// All fields of a candidate.
pub(super) fn candidate(checking: &mut Checking<'_>, person: &Person<'_>) {
    owner(checking, Owner::Candidate, person.entry, &person.record);
}

/// All sheets of an owner.
fn owner(checking: &mut Checking<'_>, owner: Owner, entry: &Entry, record: &str) {
    let campaign = checking.campaign;
    for sheet in campaign.sheets.iter().filter(|s| s.of == owner) {
        if !sheet.rows {
            for field in &sheet.fields {
                let text = entry.text(&field.key).trim();
                value(
                    checking,
                    &CheckedValue {
                        entry,
                        record,
                        sheet,
                        row: None,
                        field,
                        text,
                    },
                );
            }
            continue;
        }
        let mut said = 0;
        for (n, row) in entry.rows(&sheet.key).iter().enumerate() {
            if is_blank(sheet, row) {
                continue;
            }
            said += 1;
            for field in &sheet.fields {
                let text = row.get(&field.key).map_or("", |t| t.trim());
                value(
                    checking,
                    &CheckedValue {
                        entry,
                        record,
                        sheet,
                        row: Some(n),
                        field,
                        text,
                    },
                );
            }
        }
        if said < sheet.least
            && !checking.submission.unowned.contains(&sheet.key)
            && let Some(weight) = checking.weight("M14", Severity::Error)
        {
            let place = entry.place_of(&sheet.key).of(record, &sheet.key);
            let message = format!("“{}”至少填{}行，现有{said}行。", sheet.label, sheet.least);
            let hint = format!("请填写“{}”。", sheet.label);
            checking.add(weight, "M14", place, message, hint);
        }
    }
}

/// Whether nothing was said besides what is given; a row of 无 says nothing either.
fn is_blank(sheet: &Sheet, row: &BTreeMap<String, String>) -> bool {
    let given = |key: &str| sheet.given.iter().any(|g| g.contains_key(key));
    row.iter()
        .all(|(key, text)| says_nothing(text) || given(key))
}

/// One value.
fn value(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    if spot.text.is_empty() {
        missing(checking, spot);
        return;
    }
    characters(checking, spot);
    // The word for “nothing” answers any question that has one.
    if spot.text == spot.field.blank || is_channel(checking, spot) {
        return;
    }
    // a word that stands in for the answer is no answer: what else may be wrong with it says nothing more
    if stand_in::check(checking, spot) {
        return;
    }
    as_printed::check(checking, spot);
    length(checking, spot);
    kinds::check(checking, spot);
}

/// Whether C1 speaks about the field, better than a code list can.
fn is_channel(checking: &Checking<'_>, spot: &CheckedValue<'_>) -> bool {
    spot.sheet.of == Owner::Unit
        && spot.row.is_none()
        && spot.field.key == "channel"
        && checking.rule("C1").is_some()
}

/// M14: required and empty. The unit's name and channel belong to C2 and C1.
fn missing(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    let of_unit = spot.sheet.of == Owner::Unit && spot.row.is_none();
    let elsewhere = is_channel(checking, spot)
        || of_unit && spot.field.key == "name" && checking.rule("C2").is_some()
        || spot.field.kind == Kind::Photo;
    if !spot.field.required || elsewhere {
        return;
    }
    let label = spot.label();
    let blank = &spot.field.blank;
    let hint = if blank.is_empty() {
        format!("请填写{label}。")
    } else {
        format!("请填写{label}；确无内容的填“{blank}”，不留空。")
    };
    spot.tell(
        checking,
        Severity::Error,
        "M14",
        format!("{label}未填。"),
        hint,
    );
}

/// F1: the count of characters.
fn length(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    exact(checking, spot);
    let (max, min) = (spot.field.max, spot.field.min);
    if max.is_none() && min.is_none() {
        return;
    }
    let count = count_chars(spot.text);
    let label = spot.label();
    if let Some(max) = max.filter(|max| count > *max) {
        let message = format!("{label}共{count}字，超过{max}字。");
        let hint = format!("请删减{}字。", count - max);
        spot.tell(checking, Severity::Error, "F1", message, hint);
    } else if let Some(min) = min.filter(|min| count < *min) {
        let message = format!("{label}共{count}字，不足{min}字。");
        let hint = format!("请补充{}字以上。", min - count);
        spot.tell(checking, Severity::Warning, "F1", message, hint);
    }
}

/// F16: the exact count of characters and the pattern that a template asks for; one finding, since one cure serves both.
fn exact(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    let (field, label) = (spot.field, spot.label());
    let count = spot.text.chars().count();
    let long = field.length.filter(|length| *length != count);
    let odd = field
        .pattern
        .as_ref()
        .is_some_and(|p| !p.matches(spot.text));
    if long.is_none() && !odd {
        return;
    }
    let message = match long {
        Some(length) => format!("{label}应为{length}位，现为{count}位。"),
        None => format!("{label}“{}”的写法不对。", kinds::shown(spot, spot.text)),
    };
    let hint = match field.pattern_in_words.as_str() {
        "" => format!("请核对{label}。"),
        words => format!("应为{words}，请核对。"),
    };
    spot.tell(checking, Severity::Error, "F16", message, hint);
}

/// How many characters a finding lists before it only counts.
const LISTED: usize = 5;

/// N3, N4 and N5: characters that must not stay; one finding of each code for a field.
fn characters(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    let found = troubles(spot.text);
    if found.is_empty() {
        return;
    }
    for code in ["N3", "N4", "N5"] {
        let of_code: Vec<_> = found
            .iter()
            .filter(|(_, _, t)| code_of(*t) == code)
            .collect();
        if of_code.is_empty() {
            continue;
        }
        let listed: Vec<String> = of_code
            .iter()
            .take(LISTED)
            .map(|(at, c, trouble)| describe(*at, *c, *trouble))
            .collect();
        let more = match of_code.len() {
            n if n > LISTED => format!("等{n}处"),
            _ => String::new(),
        };
        let message = format!("{}{}{more}。", spot.label(), listed.join("，"));
        let hint = match code {
            "N3" => "请用支持大字符集的输入法重新输入，输不出的请附说明。",
            "N4" => "请改为括号内的通用汉字，多为从PDF复制所致。",
            _ => "请删除后重新输入。",
        };
        spot.tell(checking, Severity::Error, code, message, hint);
    }
}

fn code_of(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Pua(_) => "N3",
        Trouble::Radical(_) | Trouble::Compatibility(_) => "N4",
        Trouble::Invisible | Trouble::Control | Trouble::Replacement | Trouble::Ids => "N5",
    }
}

/// `第2字（U+E863）为私用区字符，应为“䶮”`.
fn describe(at: usize, c: char, trouble: Trouble) -> String {
    let head = format!("第{}字（U+{:04X}）", at + 1, u32::from(c));
    match trouble {
        Trouble::Pua(Some(likely)) => {
            format!(
                "{head}为私用区字符，疑为“{likely}”（U+{:04X}）",
                u32::from(likely)
            )
        }
        Trouble::Pua(None) => format!("{head}为私用区字符，换一台电脑就变成别的字"),
        Trouble::Radical(is) => format!("{head}“{c}”为部首字符，应为（{is}）"),
        Trouble::Compatibility(is) => format!("{head}“{c}”为兼容汉字，应为（{is}）"),
        Trouble::Invisible => format!("{head}为不可见字符"),
        Trouble::Control => format!("{head}为控制字符"),
        Trouble::Replacement => format!("{head}为乱码，原字已丢失"),
        Trouble::Ids => format!("{head}“{c}”为拼字描述符，应直接输入该字"),
    }
}

/// F15: a row that says 合计 holds the sums of the others.
fn sums(checking: &mut Checking<'_>, entry: &Entry, record: &str) {
    let campaign = checking.campaign;
    for sheet in campaign.unit_lists() {
        let rows = entry.rows(&sheet.key);
        let is_total = |row: &BTreeMap<String, String>| row.values().any(|t| t.trim() == "合计");
        let Some((n, total)) = rows.iter().enumerate().find(|(_, row)| is_total(row)) else {
            continue;
        };
        for field in sheet
            .fields
            .iter()
            .filter(|f| matches!(f.kind, Kind::Count | Kind::Decimal))
        {
            let number =
                |row: &BTreeMap<String, String>| Decimal::parse(row.get(&field.key)?.trim());
            let text = total.get(&field.key).map_or("", |t| t.trim());
            if says_nothing(text) {
                continue;
            }
            let sum = rows
                .iter()
                .filter(|row| !is_total(row))
                .filter_map(number)
                .fold(Decimal::default(), Decimal::plus);
            if number(total).is_some_and(|typed| typed != sum) {
                let spot = CheckedValue {
                    entry,
                    record,
                    sheet,
                    row: Some(n),
                    field,
                    text,
                };
                let message = format!("{}合计填为{text}，各行之和为{sum}。", spot.label());
                let hint = "合计由系统计算，请删除合计行或核对各行。";
                spot.tell(checking, Severity::Error, "F15", message, hint);
            }
        }
    }
}
