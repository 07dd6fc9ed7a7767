//! Time and addresses: D1, D2, A1 and A2.

use jiff::civil::{Date, Weekday};

use crate::campaign::Deadline;
use crate::finding::{Place, Severity};
use crate::text::date::{chinese_date, parse_date};

use super::checking::Checking;
use super::in_time;
use super::opinions::{no_objection_said, tells_objection};
use crate::check::params::words_or;

/// A publicity that lasts longer than this many days is most likely a slip in one of its days.
const MOST_DAYS: i64 = 60;

/// All rules about when and where to.
pub(super) fn unit(checking: &mut Checking<'_>) {
    deadline(checking);
    publicity(checking);
    address(checking);
    defence(checking);
}

/// D1: paper and files are in before the deadline, each by its own day of receipt, else by today. Parameter `warn_days` (3).
fn deadline(checking: &mut Checking<'_>) {
    let Some((rule, severity)) = checking.rule("D1") else {
        return;
    };
    let last = checking.campaign.last_day();
    // the day, with the time of it where the notice names one
    let until = match checking.campaign.deadline {
        whole @ Deadline { time: Some(_), .. } => format!("{}前", whole.in_words()),
        Deadline { time: None, .. } => format!("{}前（含当日）", chinese_date(last)),
    };
    let ended = match checking.campaign.deadline {
        whole @ Deadline { time: Some(_), .. } => whole.in_words(),
        Deadline { time: None, .. } => chinese_date(last),
    };
    let mut waiting = Vec::new();
    for (key, what) in [
        ("paper_received_at", "纸质材料"),
        ("file_received_at", "电子版"),
    ] {
        match parse_date(checking.unit_text(key)) {
            Some(day) if day > last => {
                let message = format!(
                    "{what}于{}送达，超过期限{ended}，已逾期，不再受理。",
                    chinese_date(day)
                );
                let hint = "请与主办单位联系。";
                checking.add(severity, "D1", checking.unit_place(key), message, hint);
            }
            Some(_) => {}
            None => waiting.push(what),
        }
    }
    let Some(today) = checking.today.filter(|_| !waiting.is_empty()) else {
        return;
    };
    let what = waiting.join("和");
    let left = days_between(today, last);
    let missed = |time| {
        let inclusive = last == checking.campaign.deadline.day;
        checking
            .campaign
            .deadline
            .is_missed(today.to_datetime(time), inclusive)
    };
    let late = checking.time.filter(|time| left == 0 && missed(*time));
    if left < 0 || late.is_some() {
        let present = match late {
            Some(time) => format!("现在是{}{}", chinese_date(today), time.strftime("%H:%M")),
            None => format!("今天是{}", chinese_date(today)),
        };
        let message = format!("{what}尚未送达，{present}，已过期限{ended}，逾期不再受理。");
        let hint = "请与主办单位联系；已按期送达的，请填写送达日期。";
        // nothing has been received late yet: the desk that receives it decides
        let severity = severity.min(Severity::Warning);
        checking.add(severity, "D1", checking.unit_place(""), message, hint);
    } else if left <= rule.number("warn_days", 3) {
        let message = match (left, checking.campaign.deadline.time) {
            (0, Some(time)) => format!(
                "{what}须在今天（{}）{}前送达，过了这个时刻就是逾期。",
                chinese_date(last),
                time.strftime("%H:%M")
            ),
            _ => format!("{what}须在{until}送达，还剩{left}天。"),
        };
        let hint = "请尽快报送，逾期不再受理。";
        let severity = severity.min(Severity::Warning);
        checking.add(severity, "D1", checking.unit_place(""), message, hint);
    }
}

/// Days from one day to another; negative where the second is earlier.
fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// D2: the list was made public: from, to, scope and result; at least `least_working_days` (5), over before the report.
fn publicity(checking: &mut Checking<'_>) {
    if backwards(checking) && checking.rule("D2").is_none() {
        return;
    }
    let Some((rule, severity)) = checking.rule("D2") else {
        return;
    };
    publicity_is_told(checking, severity);
    publicity_days(checking, rule.number("least_working_days", 5), severity);
    objections_are_settled(checking, severity);
}

/// D2: a publicity that begins after it ends is none; whatever the campaign thinks of D2, nothing may be printed of it. Whether it was told.
fn backwards(checking: &mut Checking<'_>) -> bool {
    let day = |key: &str| parse_date(checking.unit_text(key));
    let days = day("publicity_from").zip(day("publicity_to"));
    let Some((from, to)) = days.filter(|(from, to)| from > to) else {
        return false;
    };
    if out_of_time(checking, &["publicity_from", "publicity_to"]) {
        return true;
    }
    let message = format!(
        "{}{}晚于{}{}，不能印出。",
        checking.unit_label("publicity_from", "公示开始日期"),
        chinese_date(from),
        checking.unit_label("publicity_to", "公示结束日期"),
        chinese_date(to)
    );
    let hint = "请核对公示起止日期。";
    let place = checking.unit_place("publicity_to");
    checking.add(Severity::Error, "D2", place, message, hint);
    true
}

/// Whether one of these days was told of already, as one that cannot belong to the campaign: it says nothing together with others.
fn out_of_time(checking: &Checking<'_>, keys: &[&str]) -> bool {
    let told = |f: &crate::finding::Finding, key: &str| {
        f.code == "F3" && f.place.field.as_deref() == Some(key)
    };
    let wrong = |key: &str| {
        in_time::outside(checking, key).is_some() && checking.findings.iter().any(|f| told(f, key))
    };
    keys.iter().any(|key| wrong(key))
}

/// D2: a publicity that ends after the last day on which the material must be there.
fn after_deadline(checking: &mut Checking<'_>, to: Option<Date>, severity: Severity) {
    let last = checking.campaign.last_day();
    if let Some(to) = to.filter(|to| *to > last) {
        let message = format!(
            "公示{}才结束，已过报送期限{}。",
            chinese_date(to),
            chinese_date(last)
        );
        let hint = "请核对公示结束日期；确要这样安排的，请先与主办单位联系。";
        let place = checking.unit_place("publicity_to");
        checking.add(severity, "D2", place, message, hint);
    }
}

/// D2: the days of the publicity: in order, over before the report, enough of them. Each fault once, at the day that is nearest to
/// it; days that are in no order say nothing of how many there are.
fn publicity_days(checking: &mut Checking<'_>, least: i64, severity: Severity) {
    let day = |key: &str| parse_date(checking.unit_text(key));
    let (from, to, reported) = (
        day("publicity_from"),
        day("publicity_to"),
        day("report_date"),
    );
    let label = |key: &str, usual| checking.unit_label(key, usual);
    let begin = label("publicity_from", "公示开始日期");
    let report = label("report_date", "报送日期");
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        // told already
        return;
    }
    if !out_of_time(checking, &["publicity_to"]) {
        after_deadline(checking, to, severity);
    }
    if out_of_time(checking, &["publicity_from", "publicity_to", "report_date"]) {
        return;
    }
    match (from, to, reported) {
        // the report is from before it began: the day of the report is wrong, or all of it came too late
        (Some(from), _, Some(reported)) if reported < from => {
            let (from, reported) = (chinese_date(from), chinese_date(reported));
            let message = format!("{report}{reported}早于{begin}{from}，应在公示期满后报送。");
            let hint = format!("请核对{report}和公示起止日期。");
            let place = checking.unit_place("report_date");
            checking.add(severity, "D2", place, message, hint);
        }
        (_, Some(to), Some(reported)) if reported < to => {
            let (to, reported) = (chinese_date(to), chinese_date(reported));
            let message = format!("公示{to}才结束，晚于{report}{reported}。");
            let hint = "请在公示期满、确无异议之后打印、报送。";
            let place = checking.unit_place("publicity_to");
            checking.add(severity, "D2", place, message, hint);
        }
        (_, Some(to), _)
            if checking.today.is_some_and(|today| today < to)
                && to <= checking.campaign.last_day()
                && (reported.is_none() || !no_objection_said(checking, false).is_empty()) =>
        {
            let today = checking.today.map(chinese_date).unwrap_or_default();
            let said = match no_objection_said(checking, false) {
                said if said.is_empty() => said,
                said => format!("，{said}"),
            };
            let message = format!("公示{}才结束，今天是{today}{said}。", chinese_date(to));
            let hint = "请在公示期满、确无异议之后打印、报送。";
            let place = checking.unit_place("publicity_to");
            checking.add(severity, "D2", place, message, hint);
        }
        _ => {}
    }
    let (Some(from), Some(to)) = (from, to) else {
        return;
    };
    if days_between(from, to) >= MOST_DAYS {
        let message = format!(
            "公示从{}到{}，长达{}天。",
            chinese_date(from),
            chinese_date(to),
            days_between(from, to) + 1
        );
        let hint = "请核对公示起止日期，多半有一个的月份或年份写错了。";
        let severity = severity.min(Severity::Warning);
        let place = checking.unit_place("publicity_from");
        checking.add(severity, "D2", place, message, hint);
    }
    let days = working_days(checking, from, to, least);
    if days < least {
        let message = format!(
            "公示只有{days}个工作日{}，一般不少于{least}个。",
            uncounted(checking, from, to)
        );
        let hint = "请核对公示起止日期。";
        let severity = severity.min(Severity::Warning);
        let place = checking.unit_place("publicity_to");
        checking.add(severity, "D2", place, message, hint);
    }
}

/// D2: what a publicity must tell, each in its field.
fn publicity_is_told(checking: &mut Checking<'_>, severity: Severity) {
    for (key, usual) in [
        ("publicity_from", "公示开始日期"),
        ("publicity_to", "公示结束日期"),
        ("publicity_scope", "公示范围"),
        ("publicity_result", "公示结果"),
    ] {
        let missing = checking.unit_asks(key) && checking.unit_text(key).is_empty();
        if missing && !checking.unit_requires(key) {
            let label = checking.unit_label(key, usual);
            let message = format!("“{label}”未填，候选人应在一定范围内公示。");
            let hint = format!("请填写“{label}”。");
            checking.add(severity, "D2", checking.unit_place(key), message, hint);
        }
    }
}

/// D2: a result that speaks of objections, unless it says that there were none.
fn objections_are_settled(checking: &mut Checking<'_>, severity: Severity) {
    let result = checking.unit_text("publicity_result");
    if tells_objection(result) {
        let said = no_objection_said(checking, true);
        let (message, hint) = match said.is_empty() {
            true => (
                format!("公示结果为“{result}”。"),
                "请核实异议并说明处理情况；有异议未查清的不得推荐。",
            ),
            false => (
                format!("公示结果为“{result}”，{said}，前后不符。"),
                "请核实异议：查清不成立的，在公示结果里写明“经核实无异议”；没有查清的不得推荐，也不要打印、签字、盖章。",
            ),
        };
        let place = checking.unit_place("publicity_result");
        checking.add(severity, "D2", place, message, hint);
    }
}

/// Working days from one day to another, both included; counting stops at `enough`.
fn working_days(checking: &Checking<'_>, from: Date, to: Date, enough: i64) -> i64 {
    let holidays = &checking.campaign.holidays;
    let worked = days_of(from, to).filter(|day| holidays.is_working_day(*day));
    let most = usize::try_from(enough).unwrap_or(0);
    i64::try_from(worked.take(most).count()).unwrap_or(enough)
}

/// The days from one to another, both included.
fn days_of(from: Date, to: Date) -> impl Iterator<Item = Date> {
    let days = from.series(jiff::Span::new().days(1));
    days.take_while(move |day| *day <= to)
}

/// In brackets: which days from Monday to Friday were counted out as holidays, or that the holidays of the year are not known.
fn uncounted(checking: &Checking<'_>, from: Date, to: Date) -> String {
    let holidays = &checking.campaign.holidays;
    if let Some(year) = [from.year(), to.year()]
        .into_iter()
        .find(|y| !holidays.knows(*y))
    {
        return format!("（{year}年的放假安排没有列入，只扣了周末）");
    }
    let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let off: Vec<String> = days_of(from, to)
        .filter(|day| !weekend(*day) && !holidays.is_working_day(*day))
        .map(|day| format!("{}月{}日", day.month(), day.day()))
        .collect();
    match off.as_slice() {
        [] => String::new(),
        off => format!("（{}放假，不算工作日）", off.join("、")),
    }
}

/// A1: the address of the office that receives the paper has no postcode.
fn address(checking: &mut Checking<'_>) {
    let (Some((_, severity)), Some(channel)) = (checking.rule("A1"), checking.channel) else {
        return;
    };
    let Some(office) = checking.campaign.addresses.get(&channel.recipient) else {
        return;
    };
    if !office.address.is_empty() && office.postcode.is_empty() {
        let message = format!(
            "通知未给出{}（{}）的邮政编码。",
            office.name, office.address
        );
        let hint = "邮寄标签上的邮政编码留空，请查询后手写。";
        checking.add(
            severity.min(Severity::Info),
            "A1",
            Place::default(),
            message,
            hint,
        );
    }
}

/// A2: defence units report to another office. Parameter `channels` (`defense_unit`).
fn defence(checking: &mut Checking<'_>) {
    let (Some((rule, severity)), Some(channel)) = (checking.rule("A2"), checking.channel) else {
        return;
    };
    if !words_or(rule, "channels", &["defense_unit"]).contains(&channel.kind.as_str()) {
        return;
    }
    let office = checking.campaign.addresses.get(&channel.recipient);
    let name = office.map_or("省国防科技工业办公室", |a| a.name.as_str());
    let message = format!("“{}”的材料报{name}，不直接报主办单位。", channel.label);
    let hint = format!("请将材料报送{name}。");
    checking.add(
        severity.min(Severity::Info),
        "A2",
        checking.unit_place("channel"),
        message,
        hint,
    );
}
