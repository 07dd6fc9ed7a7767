//! Material that must not be here: S1.

use crate::campaign::{FormKind, Kind, Owner, Sheet};
use crate::finding::{Place, Severity};
use crate::record::Entry;

use super::checking::{Checking, Person};
use crate::check::params::words_or;

/// Words that mark secret papers.
const WORDS: [&str; 6] = ["绝密", "机密", "秘密★", "内部资料", "内部文件", "不得外传"];
/// Common words in which such a word stands by chance.
const EXCEPT: [&str; 6] = ["机密码", "机密封", "机密度", "机密集", "机密钥", "机密闭"];

/// S1 for the unit's own values and report. Parameters `words` and `except`, words in which one of them means nothing.
pub(super) fn unit(checking: &mut Checking<'_>) {
    let Some((_, severity)) = checking.rule("S1") else {
        return;
    };
    let record = checking.unit_text("name").to_owned();
    let entry = &checking.submission.unit;
    flag(checking, severity, entry, &record, "本单位");
    texts(checking, severity, entry, &record, Owner::Unit);
    for (number, paragraph) in checking.submission.report.iter().enumerate() {
        if let Some(word) = suspicious(checking, paragraph) {
            let place = checking.submission.report_place.clone().of(&record, "");
            let name = checking.campaign.form_name(FormKind::Report);
            let what = format!("{name}第{}段", number + 1);
            warn(checking, severity, place, &what, word);
        }
    }
}

/// S1 for a candidate's values.
pub(super) fn candidate(checking: &mut Checking<'_>, person: &Person<'_>) {
    let Some((_, severity)) = checking.rule("S1") else {
        return;
    };
    flag(
        checking,
        severity,
        person.entry,
        &person.record,
        &person.record,
    );
    texts(
        checking,
        severity,
        person.entry,
        &person.record,
        Owner::Candidate,
    );
}

/// The field `secret`.
fn flag(checking: &mut Checking<'_>, severity: Severity, entry: &Entry, record: &str, who: &str) {
    if entry.text("secret").trim() == "是" {
        let place = entry.place_of("secret").of(record, "secret");
        let message = format!("{who}的材料标为涉密，涉密材料不得在本系统处理。");
        let hint = "请停止录入并删除电子版，按保密规定通过保密渠道报送。";
        checking.add(severity, "S1", place, message, hint);
    }
}

/// Suspicious words in free texts.
fn texts(
    checking: &mut Checking<'_>,
    severity: Severity,
    entry: &Entry,
    record: &str,
    owner: Owner,
) {
    let campaign = checking.campaign;
    for sheet in campaign.sheets.iter().filter(|s| s.of == owner) {
        for (row, key, text) in free_texts(sheet, entry) {
            let Some(word) = suspicious(checking, text) else {
                continue;
            };
            let (place, field) = match row {
                None => (entry.place_of(key), key.to_owned()),
                Some(n) => (
                    entry.place_in(&sheet.key, n, key),
                    format!("{}.{key}", sheet.key),
                ),
            };
            let label = sheet.field(key).map_or(key, |f| f.label.as_str());
            warn(
                checking,
                severity,
                place.of(record, &field),
                &format!("“{label}”"),
                word,
            );
        }
    }
}

/// The free texts of a sheet's values, with row and key.
fn free_texts<'a>(sheet: &'a Sheet, entry: &'a Entry) -> Vec<(Option<usize>, &'a str, &'a str)> {
    let free = sheet
        .fields
        .iter()
        .filter(|f| matches!(f.kind, Kind::Text | Kind::Long));
    let mut out = Vec::new();
    for field in free {
        let key = field.key.as_str();
        if !sheet.rows {
            out.push((None, key, entry.text(key)));
            continue;
        }
        for (n, row) in entry.rows(&sheet.key).iter().enumerate() {
            out.push((Some(n), key, row.get(key).map_or("", String::as_str)));
        }
    }
    out
}

/// The first suspicious word of a text.
fn suspicious<'a>(checking: &Checking<'a>, text: &str) -> Option<&'a str> {
    let (rule, _) = checking.rule("S1")?;
    let words = words_or(rule, "words", &WORDS);
    if !words.iter().any(|w| text.contains(w)) {
        return None;
    }
    let mut rest = text.to_owned();
    for except in words_or(rule, "except", &EXCEPT) {
        rest = rest.replace(except, "");
    }
    words.into_iter().find(|w| rest.contains(w))
}

fn warn(checking: &mut Checking<'_>, severity: Severity, place: Place, what: &str, word: &str) {
    let message = format!("{what}含有“{word}”字样，可能涉密。");
    let hint = "请由本单位保密部门审查；涉密内容不得在本系统处理。";
    checking.add(severity.min(Severity::Warning), "S1", place, message, hint);
}
