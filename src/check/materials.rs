//! What a unit must hand in besides its candidates' photos: M1, M9, M10, M11 and M12.

use std::collections::BTreeMap;

use crate::campaign::{FormKind, Sheet};
use crate::finding::Severity;
use crate::text::heading::without_brackets;

use super::checking::Checking;
use super::nearest::nearest;
use crate::check::params::{says_nothing, text_or};

/// All rules about papers of the unit.
pub(super) fn unit(checking: &mut Checking<'_>) {
    copies(checking);
    report(checking);
    summary(checking);
    status(checking);
    sealed(checking);
}

/// Whether the unit's channel hands in a form; no channel, nothing is asked for.
fn hands_in(checking: &Checking<'_>, kind: FormKind) -> bool {
    checking.channel.is_some_and(|c| c.forms.contains(&kind))
}

/// M1: the recommendation form is printed in `copies` (3) originals; what is printed is the campaign's own form.
fn copies(checking: &mut Checking<'_>) {
    let Some((rule, severity)) = checking.rule("M1") else {
        return;
    };
    let Some(form) = checking.campaign.form(FormKind::Recommendation) else {
        return;
    };
    let wanted = rule.number("copies", 3);
    if i64::from(form.copies) != wanted {
        let name = checking.campaign.form_name(FormKind::Recommendation);
        let message = format!("{name}应为{wanted}份原件，模板设为{}份。", form.copies);
        let hint = format!("请将{name}模板的 copies 改为 {wanted}。");
        checking.add(severity, "M1", checking.unit_place(""), message, hint);
    }
}

/// M9: a report on the work of recommending.
fn report(checking: &mut Checking<'_>) {
    let Some((_, severity)) = checking.rule("M9") else {
        return;
    };
    let blank = checking
        .submission
        .report
        .iter()
        .all(|p| p.trim().is_empty());
    // a report that lies there and could not be read was told where it was read
    let lies_there = checking.submission.report_unread;
    if hands_in(checking, FormKind::Report) && blank && !lies_there {
        let place = checking
            .submission
            .report_place
            .clone()
            .of(checking.unit_text("name"), "");
        let hint = "请将报告全文存为 报告.txt 或 报告.docx，放入报送文件夹。";
        let name = checking.campaign.form_name(FormKind::Report);
        checking.add(severity, "M9", place, format!("缺{name}1份。"), hint);
    }
}

/// M10: the summary lists every candidate, which it does where there is one at all.
fn summary(checking: &mut Checking<'_>) {
    let Some((_, severity)) = checking.rule("M10") else {
        return;
    };
    if checking.channel.is_some() && checking.submission.candidates.is_empty() {
        let place = checking.unit_place("");
        let message = format!(
            "没有候选人，无法形成{}。",
            checking.campaign.form_name(FormKind::Summary)
        );
        let label = checking.campaign.people_word();
        let hint = format!("请在“{label}”表中按推荐先后填写候选人。");
        checking.add(severity, "M10", place, message, hint);
    }
}

/// M11: the status sheet says something. Parameter `sheet`: the key of its rows (`status`).
fn status(checking: &mut Checking<'_>) {
    let Some((rule, severity)) = checking.rule("M11") else {
        return;
    };
    if !hands_in(checking, FormKind::Status) {
        return;
    }
    let key = text_or(rule, "sheet", "status");
    let Some(sheet) = checking.campaign.sheet(key) else {
        return;
    };
    let given = |field: &str| sheet.given.iter().any(|row| row.contains_key(field));
    let said = checking.submission.unit.rows(key).iter().any(|row| {
        row.iter()
            .any(|(field, text)| !given(field) && !says_nothing(text))
    });
    if !said {
        let place = checking.unit_place(key);
        let message = format!("缺“{}”：各环节均未填写。", sheet.label);
        let hint = format!("请逐个环节填写“{}”。", sheet.label);
        checking.add(severity, "M11", place, message, hint);
        return;
    }
    blank_steps(checking, sheet, severity);
}

/// M11 for single steps of the status sheet of which nothing is said; 无 is an answer. A step under other words, and one that stands twice,
/// are told where they stand.
fn blank_steps(checking: &mut Checking<'_>, sheet: &Sheet, severity: Severity) {
    let severity = severity.min(Severity::Warning);
    let rows = checking.submission.unit.rows(&sheet.key);
    let mut strange = strange_steps(sheet, rows);
    for (row, key, step) in doubled_steps(sheet, rows) {
        let place = checking.submission.unit.place_in(&sheet.key, row, key);
        let message = format!("“{}”里“{step}”写了两行。", sheet.label);
        let hint = "请核对：写错环节名称的，请改正；同一环节的，请并成一行。";
        checking.add(severity, "M11", place, message, hint);
    }
    for given in &sheet.given {
        let same =
            |row: &BTreeMap<String, String>| given.iter().all(|(k, v)| row.get(k) == Some(v));
        let at = rows.iter().position(same);
        let said = at
            .and_then(|at| rows.get(at))
            .is_some_and(|row| says_more(row, given));
        let Some((key, step)) = given.iter().next().filter(|_| !said) else {
            continue;
        };
        let near = strange.iter().position(|(_, word)| is_near(word, step));
        if let Some((row, word)) = near.filter(|_| at.is_none()).map(|n| strange.remove(n)) {
            let place = checking.submission.unit.place_in(&sheet.key, row, key);
            let message = format!("“{}”里没有“{step}”，这一行写的是“{word}”。", sheet.label);
            let hint = format!("如果就是“{step}”，请改成这几个字；不是的，请补上“{step}”一行。");
            checking.add(severity, "M11", place, message, hint);
            continue;
        }
        let field = sheet.fields.iter().find(|f| !given.contains_key(&f.key));
        let field = field.map_or("", |f| f.key.as_str());
        let unit = &checking.submission.unit;
        let place = match at {
            Some(at) => unit.place_in(&sheet.key, at, field),
            None => checking.unit_place(&sheet.key),
        };
        let message = format!("“{}”的“{step}”一行没有填写。", sheet.label);
        let hint = "请填写；没有开展的填“无”。";
        checking.add(severity, "M11", place, message, hint);
    }
}

/// Whether a row says more than what the campaign gives with it.
fn says_more(row: &BTreeMap<String, String>, given: &BTreeMap<String, String>) -> bool {
    row.iter()
        .any(|(field, text)| !given.contains_key(field) && !text.trim().is_empty())
}

/// Rows whose step is none of those that the campaign gives: index and words.
fn strange_steps(sheet: &Sheet, rows: &[BTreeMap<String, String>]) -> Vec<(usize, String)> {
    let Some(key) = sheet.given.first().and_then(|given| given.keys().next()) else {
        return Vec::new();
    };
    let known = |word: &String| sheet.given.iter().any(|given| given.get(key) == Some(word));
    let words = rows.iter().enumerate();
    let words = words.filter_map(|(at, row)| Some((at, row.get(key)?.clone())));
    words.filter(|(_, word)| !known(word)).collect()
}

/// Rows of a step that the campaign gives once and that stands there already: index, field and words.
fn doubled_steps<'s>(
    sheet: &'s Sheet,
    rows: &[BTreeMap<String, String>],
) -> Vec<(usize, &'s str, &'s str)> {
    let mut found = Vec::new();
    for given in &sheet.given {
        let Some((key, step)) = given.iter().next() else {
            continue;
        };
        let times = sheet
            .given
            .iter()
            .filter(|g| g.get(key) == Some(step))
            .count();
        let here = rows.iter().enumerate();
        let here = here.filter(|(_, row)| row.get(key) == Some(step));
        let more = here.skip(times.max(1));
        found.extend(more.map(|(at, _)| (at, key.as_str(), step.as_str())));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a step under other words is most likely the one meant: one holds the other, or they differ in little.
fn is_near(word: &str, step: &str) -> bool {
    let word = without_brackets(word);
    word.contains(step)
        || step.contains(word.as_str()) && word.chars().count() > 1
        || nearest(&word, std::iter::once(step)).is_some()
}

/// M12: every paper is sealed; only the unit can say so, in its field `sealed`.
fn sealed(checking: &mut Checking<'_>) {
    let Some((_, severity)) = checking.rule("M12") else {
        return;
    };
    if !checking.unit_asks("sealed") {
        return;
    }
    let text = checking.unit_text("sealed");
    if text == "是" || text.is_empty() && checking.unit_requires("sealed") {
        return;
    }
    let severity = severity.min(if text.is_empty() {
        Severity::Info
    } else {
        Severity::Warning
    });
    let message = "未确认纸质材料均已加盖公章。";
    let field = checking
        .campaign
        .unit_sheet()
        .and_then(|s| s.field("sealed"));
    let label = field.map_or("sealed", |f| f.label.as_str());
    let hint = format!("请打印后逐份加盖公章，并在“{label}”填“是”。");
    checking.add(
        severity,
        "M12",
        checking.unit_place("sealed"),
        message,
        hint,
    );
}
