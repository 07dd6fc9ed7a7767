//! Quotas (推荐名额): Q1 to Q5.

use std::collections::BTreeMap;

use crate::finding::{CODES, Severity};
use crate::record::Entry;

use super::checking::Checking;
use crate::check::params::words_or;

/// All rules about the number of candidates.
pub(super) fn unit(checking: &mut Checking<'_>) {
    let extra = approved_extra(checking);
    within_quota(checking, extra);
    no_quota_given(checking);
    one_each(checking);
}

/// Q5: more than the quota needs the number of a written approval. Returns the approved number.
fn approved_extra(checking: &mut Checking<'_>) -> usize {
    let text = checking.unit_text("extra_count");
    let extra: usize = text.parse().unwrap_or(0);
    let Some((rule, severity)) = checking.rule("Q5") else {
        return 0;
    };
    if extra == 0 {
        return 0;
    }
    if checking.unit_text("extra_doc_no").is_empty() {
        let message = format!("增加名额{extra}名未填批准文号，不予计入。");
        let hint = "请填写主办单位同意增加名额的批准文号。";
        checking.add(
            severity,
            "Q5",
            checking.unit_place("extra_doc_no"),
            message,
            hint,
        );
        return 0;
    }
    if checking.unit_asks("extra_date") && checking.unit_text("extra_date").is_empty() {
        let place = checking.unit_place("extra_date");
        let message = format!("增加名额{extra}名未填批准日期。");
        let hint = "请填写批准文件的日期。";
        checking.add(severity.min(Severity::Warning), "Q5", place, message, hint);
    }
    let most = usize::try_from(rule.number("most", 0)).unwrap_or(0);
    if most > 0 && extra > most {
        let message = format!("增加名额{extra}名，超过最多{most}名。");
        let hint = format!("请核对批准文件，增加名额不超过{most}名。");
        checking.add(
            severity,
            "Q5",
            checking.unit_place("extra_count"),
            message,
            hint,
        );
        return most;
    }
    extra
}

/// Q1 to Q4, whichever is the channel's `quota_rule`: not more candidates than the quota and what was approved.
fn within_quota(checking: &mut Checking<'_>, extra: usize) {
    let Some(channel) = checking.channel else {
        return;
    };
    let Some((code, _)) = CODES.iter().find(|(c, _)| *c == channel.quota_rule) else {
        return;
    };
    let Some((_, severity)) = checking.rule(code) else {
        return;
    };
    let count = checking.submission.candidates.len();
    let limit = channel.quota.saturating_add(extra);
    let Some(surplus) = checking.submission.candidates.get(limit) else {
        return;
    };
    let place = surplus
        .place_of("name")
        .of(checking.unit_text("name"), "name");
    let with = if extra > 0 {
        format!("（含批准增加{extra}名）")
    } else {
        String::new()
    };
    let message = format!(
        "{}推荐{count}名，超过名额{limit}名{with}。",
        checking.unit_name()
    );
    let hint = format!(
        "请减少{}名；经主办单位同意增加名额的，请填写增加名额数和批准文号。",
        count - limit
    );
    checking.add(severity, code, place, message, hint);
}

/// Units that the notice addresses without naming a quota. Parameter `no_quota` of the channel's quota rule: words in
/// the unit's name.
fn no_quota_given(checking: &mut Checking<'_>) {
    let Some(channel) = checking.channel else {
        return;
    };
    let Some((code, _)) = CODES.iter().find(|(c, _)| *c == channel.quota_rule) else {
        return;
    };
    let Some((rule, severity)) = checking.rule(code) else {
        return;
    };
    let name = checking.unit_name();
    if words_or(rule, "no_quota", &[])
        .iter()
        .any(|w| name.contains(w))
    {
        let message = format!(
            "通知未规定{name}的名额，暂按“{}”{}名掌握。",
            channel.label, channel.quota
        );
        let hint = "请向主办单位确认名额。";
        let place = checking.unit_place("name");
        checking.add(severity.min(Severity::Warning), code, place, message, hint);
    }
}

/// Q3 in the list of the defence office: each defence unit recommends at most `per_unit` (1) persons. The unit is the
/// candidate's `defense_unit`, or the employer where that is blank. Parameter `channels`: the kinds whose lists gather several
/// units (`defense_office`).
fn one_each(checking: &mut Checking<'_>) {
    let (Some((rule, severity)), Some(channel)) = (checking.rule("Q3"), checking.channel) else {
        return;
    };
    if !words_or(rule, "channels", &["defense_office"]).contains(&channel.kind.as_str()) {
        return;
    }
    let limit = usize::try_from(rule.number("per_unit", 1)).unwrap_or(1);
    let mut units: BTreeMap<&str, Vec<(usize, &Entry)>> = BTreeMap::new();
    for (index, entry) in checking.submission.candidates.iter().enumerate() {
        let own = entry.text("defense_unit").trim();
        let unit = if own.is_empty() {
            entry.text("org").trim()
        } else {
            own
        };
        if !unit.is_empty() {
            units.entry(unit).or_default().push((index, entry));
        }
    }
    let mut over: Vec<_> = units
        .into_iter()
        .filter_map(|(unit, list)| {
            let (index, entry) = list.get(limit).copied()?;
            Some((index, entry, unit, list.len()))
        })
        .collect();
    over.sort_by_key(|(index, ..)| *index);
    for (_, entry, unit, count) in over {
        let place = entry
            .place_of("defense_unit")
            .of(entry.text("name"), "defense_unit");
        let message = format!("“{unit}”推荐{count}名，每个军工单位限推荐{limit}名。");
        let hint = format!("请由“{unit}”确定{limit}名后重新报送。");
        checking.add(severity, "Q3", place, message, hint);
    }
}
