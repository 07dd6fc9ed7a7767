//! A span of months over two columns (起、止): forms ask in 从 and 至, in 起始时间 and 结束时间, what the record holds as one value,
//! 2003.09—2007.07. Each column takes its half; read back, the halves are one value again.

use crate::text::date::{Month, Span, parse_date, parse_month, parse_span};
use crate::text::heading::fold_heading;

/// Half of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fill) enum Half {
    /// When it began.
    From,
    /// When it ended, or 至今.
    To,
}

/// What stands behind the key of a field of which a place takes one half.
const HALVES: &[(Half, &str)] = &[(Half::From, ":from"), (Half::To, ":to")];
/// Words in a head that say only that a time is asked, the longer first.
const TIMES: &[&str] = &[
    "何年何月",
    "年月日",
    "年月",
    "年份",
    "月份",
    "时间",
    "日期",
    "何时",
    "年",
    "月",
    "日",
];
/// What the time is of; says nothing about which end.
const OF_WHAT: &[&str] = &["学习", "工作", "任职", "教育", "在职", "经历"];
/// Heads of the column for the beginning.
const BEGINS: &[&str] = &[
    "起", "始", "起始", "开始", "从", "自", "由", "入学", "入职", "到岗", "到任", "from", "start",
    "begin",
];
/// Heads of the column for the end.
const ENDS: &[&str] = &[
    "止", "至", "到", "终", "讫", "迄", "终止", "截止", "截至", "结束", "毕业", "离职", "离岗",
    "离任", "to", "end", "until",
];
/// What stands for an end that has not come.
const NOW: &[&str] = &["至今", "今", "现在", "目前", "现今", "当前", "至现在"];

/// A key of half a field: the field's own key, and which half.
pub(in crate::fill) fn half_of(key: &str) -> Option<(&str, Half)> {
    let mut all = HALVES.iter();
    all.find_map(|(half, end)| Some((key.strip_suffix(end)?, *half)))
}

/// The key of the field of which a key means a half; any other key is its own.
pub(in crate::fill) fn whole_key(key: &str) -> &str {
    half_of(key).map_or(key, |(whole, _)| whole)
}

/// The key of half a field.
pub(in crate::fill) fn half_key(whole: &str, half: Half) -> String {
    let end = HALVES.iter().find(|h| h.0 == half).map_or("", |h| h.1);
    format!("{whole}{end}")
}

/// The half that the head of a column asks for; none where it asks for something else.
pub(in crate::fill) fn half_asked(head: &str) -> Option<Half> {
    let all = fold_heading(head);
    let han: String = all.chars().filter(|c| !c.is_ascii()).collect();
    let mut word = if han.is_empty() { all } else { han };
    for time in TIMES {
        word = word.replace(time, "");
    }
    while let Some(rest) = OF_WHAT.iter().find_map(|w| word.strip_prefix(w)) {
        word = rest.to_owned();
    }
    let word = word.as_str();
    if BEGINS.contains(&word) {
        return Some(Half::From);
    }
    ENDS.contains(&word).then_some(Half::To)
}

/// Half of a span; what is no span stands whole in the column for the beginning.
pub(in crate::fill) fn split(text: &str, half: Half) -> String {
    match (parse_span(text), half) {
        (Some(span), Half::From) => span.from.to_string(),
        (Some(span), Half::To) => span.to.map_or_else(|| "至今".to_owned(), |m| m.to_string()),
        (None, Half::From) => text.to_owned(),
        (None, Half::To) => String::new(),
    }
}

/// Two halves as one value; what cannot be read stands as it was typed.
pub(in crate::fill) fn one_span(from: &str, to: &str) -> String {
    let (from, to) = (from.trim(), to.trim());
    let open = NOW.contains(&to);
    let end = month(to);
    if let Some(from) = month(from).filter(|_| open || end.is_some()) {
        return Span { from, to: end }.to_string();
    }
    match (from.is_empty(), to.is_empty()) {
        (_, true) => from.to_owned(),
        (true, false) => format!("—{to}"),
        (false, false) => format!("{from}—{to}"),
    }
}

/// The month of a month or a day.
fn month(text: &str) -> Option<Month> {
    parse_month(text).or_else(|| parse_date(text).map(Month::of))
}
