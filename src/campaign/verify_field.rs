//! What must agree within one field: its key, its limits and its pattern, its code list, and that its example is one.

use crate::finding::Finding;
use crate::text::contact::{is_email, is_mobile, is_phone, is_postcode, split_phones};
use crate::text::count::count_chars;
use crate::text::date::{parse_date, parse_month, parse_span};
use crate::text::decimal::{Decimal, MOST_PLACES};
use crate::text::id::check_id;
use crate::text::url::url_fault;
use crate::text::uscc::check_uscc;

use super::document::{Node, fault, nearest_hint};
use super::pattern_length::lengths;
use super::verify_keys::is_key;
use super::verify_names::verify_heading;
use super::{Campaign, Field, Kind};

/// Most characters of a cell (Excel, specifications and limits).
const MOST_CELL: usize = 32_767;

/// Widest column, characters (Excel, specifications and limits).
const MOST_WIDTH: u16 = 255;

/// Checks a field.
pub(super) fn verify_field(
    campaign: &Campaign,
    field: &Field,
    node: Node<'_>,
    findings: &mut Vec<Finding>,
) {
    if !is_key(&field.key) {
        fault(
            findings,
            node.key("key"),
            format!("字段代号“{}”不能用", field.key),
            "以小写字母开头，只用小写字母、数字和下划线。",
        );
    }
    if field.min.unwrap_or_default() > field.max.unwrap_or(usize::MAX) {
        fault(
            findings,
            node.key("min"),
            format!("“{}”的最少字数大于最多字数", field.label),
            "请核对 min 与 max。",
        );
    }
    if field.max.is_some_and(|max| max > MOST_CELL) {
        fault(
            findings,
            node.key("max"),
            format!("“{}”的最多字数一个单元格放不下", field.label),
            format!("一个单元格最多 {MOST_CELL} 字，请改小；不限的请删去 max。"),
        );
    }
    if field.max == Some(0) {
        fault(
            findings,
            node.key("max"),
            format!("“{}”最多 0 个字，什么都填不进去", field.label),
            "请改为最多的字数；不限的请删去 max。",
        );
    }
    if field.width > MOST_WIDTH {
        fault(
            findings,
            node.key("width"),
            format!("“{}”的列宽 {} 太大", field.label, field.width),
            format!("以字符为单位，最多 {MOST_WIDTH}；不写的按种类定。"),
        );
    }
    verify_heading(field, node, findings);
    example(field, node, findings);
    numbers(field, node, findings);
    writing(field, node, findings);
    codes(campaign, field, node, findings);
}

/// An example that its own field would refuse.
fn example(field: &Field, node: Node<'_>, findings: &mut Vec<Finding>) {
    let text = field.example.as_str();
    if text.is_empty() || text == field.blank {
        return;
    }
    let (sound, how) = match field.kind {
        Kind::Month => (parse_month(text).is_some(), "年月写作 1978.05"),
        Kind::Span => (parse_span(text).is_some(), "起止年月写作 1996.09—2000.07"),
        Kind::Date => (parse_date(text).is_some(), "日期写作 2021-05-08"),
        Kind::Count => (text.parse::<u32>().is_ok(), "写不小于 0 的整数"),
        Kind::Decimal => (Decimal::parse(text).is_some(), "写数字，如 87.5"),
        Kind::Uscc => (check_uscc(text).is_ok(), "写 18 位、校验位正确的代码"),
        Kind::Mobile => (is_mobile(text), "写 11 位手机号码"),
        Kind::Email => (is_email(text), "写邮箱，如 name@example.org"),
        Kind::Postcode => (is_postcode(text), "写 6 位数字"),
        Kind::Phone => (
            split_phones(text)
                .iter()
                .all(|n| is_phone(n) || is_mobile(n)),
            "写区号和号码，如 0311-00000000",
        ),
        Kind::IdNo => (check_id(text).is_ok(), "写 18 位、校验位正确的号码"),
        Kind::YesNo => (matches!(text, "是" | "否"), "写“是”或“否”"),
        Kind::Url => (url_fault(text).is_none(), "以 https:// 开头"),
        _ => (true, ""),
    };
    let long = field.max.filter(|max| count_chars(text) > *max);
    if !sound {
        fault(
            findings,
            node.key("example"),
            format!("“{}”的示例“{text}”不合这一栏自己的写法", field.label),
            format!("请换一个合格的示例：{how}。"),
        );
    } else if let Some(max) = long {
        fault(
            findings,
            node.key("example"),
            format!("“{}”的示例超过最多字数 {max}", field.label),
            "请把示例写短，或改正 max。",
        );
    }
}

/// Limits of numbers.
fn numbers(field: &Field, node: Node<'_>, findings: &mut Vec<Finding>) {
    let is_number = matches!(field.kind, Kind::Count | Kind::Decimal);
    let label = &field.label;
    for name in ["at_least", "at_most", "unit"] {
        if !is_number && node.key(name).exists() {
            fault(
                findings,
                node.key(name),
                format!("“{label}”不是数字，不能写 {name}"),
                "请删去，或把 kind 改为 count 或 decimal；字数用 min、max。",
            );
        }
    }
    if field.kind != Kind::Decimal && field.places.is_some() {
        fault(
            findings,
            node.key("places"),
            format!("“{label}”没有小数，不能写 places"),
            "请删去，或把 kind 改为 decimal。",
        );
    }
    if field.places.is_some_and(|places| places > MOST_PLACES) {
        fault(
            findings,
            node.key("places"),
            format!("“{label}”的小数位数太多"),
            format!("请写 0 到 {MOST_PLACES}。"),
        );
    }
    let least = field.at_least.map_or_else(Decimal::default, |l| l.0);
    if let Some(most) = field.at_most.map(|l| l.0).filter(|most| least > *most) {
        let written = if field.at_least.is_some() {
            "at_least"
        } else {
            "at_most"
        };
        fault(
            findings,
            node.key(written),
            format!("“{label}”的最小数 {least} 大于最大数 {most}，什么都填不进去"),
            "请核对 at_least 与 at_most；没有写 at_least 的，最小是 0。",
        );
    }
    for (name, limit) in [("at_least", field.at_least), ("at_most", field.at_most)] {
        if field.kind == Kind::Count
            && limit.is_some_and(|l| l.0.places() > 0 || l.0 < Decimal::default())
        {
            fault(
                findings,
                node.key(name),
                format!("“{label}”是不小于 0 的整数，{name} 也应当是"),
                "请改为整数，或把 kind 改为 decimal。",
            );
        }
    }
    let example = Decimal::parse(&field.example).filter(|_| is_number);
    let most = field.at_most.map(|l| l.0);
    if let Some(example) = example
        && (example < least || most.is_some_and(|most| example > most))
    {
        fault(
            findings,
            node.key("example"),
            format!("“{label}”的示例“{example}”不在 at_least、at_most 之内"),
            "请换一个合格的示例。",
        );
    }
}

/// The exact count of characters and the pattern.
fn writing(field: &Field, node: Node<'_>, findings: &mut Vec<Finding>) {
    let label = &field.label;
    let free = matches!(
        field.kind,
        Kind::Text | Kind::Name | Kind::Phone | Kind::IdNo
    );
    for name in ["length", "pattern"] {
        if !free && node.key(name).exists() {
            fault(
                findings,
                node.key(name),
                format!("“{label}”的种类自有写法，不能写 {name}"),
                "只有 text、name、phone、id_no 可以写；请删去，或改 kind。",
            );
        }
    }
    if let Some(length) = field.length {
        let most = field.max.unwrap_or(usize::MAX);
        if length == 0 || length > most || length < field.min.unwrap_or_default() {
            fault(
                findings,
                node.key("length"),
                format!("“{label}”的位数 {length} 不在 min、max 之内"),
                "写了 length 的，min、max 可以删去。",
            );
        }
    }
    let Some(pattern) = &field.pattern else {
        example_length(field, node, findings);
        if !field.pattern_in_words.is_empty() && field.length.is_none() {
            fault(
                findings,
                node.key("pattern_in_words"),
                format!("“{label}”写了 pattern_in_words，却没有 pattern"),
                "请补上 pattern，或删去这一项。",
            );
        }
        return;
    };
    if !pattern.is_sound() {
        fault(
            findings,
            node.key("pattern"),
            format!("“{label}”的 pattern“{}”不是正则表达式", pattern.text),
            "请核对括号是否成对；如八位数字写作 \"[0-9]{8}\"，反斜杠在双引号里要写两个。",
        );
        return;
    }
    never_fits(field, &pattern.text, node, findings);
    if field.pattern_in_words.trim().is_empty() {
        fault(
            findings,
            node.key("pattern"),
            format!("“{label}”有 pattern，却没有用话说明"),
            "请补上 pattern_in_words，如 \"两位大写字母加六位数字\"；填报的人只看得到它。",
        );
    }
    let example = field.example.as_str();
    let fits = pattern.matches(example)
        && field
            .length
            .is_none_or(|length| example.chars().count() == length);
    if !example.is_empty() && example != field.blank && !fits {
        fault(
            findings,
            node.key("example"),
            format!("“{label}”的示例“{example}”不合它自己的 pattern 或 length"),
            "请换一个合格的示例，或改正 pattern、length。",
        );
    }
}

/// An example of another length than the field's own.
fn example_length(field: &Field, node: Node<'_>, findings: &mut Vec<Finding>) {
    let example = field.example.as_str();
    let count = example.chars().count();
    if let Some(length) = field.length.filter(|length| count != *length)
        && !example.is_empty()
        && example != field.blank
    {
        fault(
            findings,
            node.key("example"),
            format!(
                "“{}”的示例“{example}”是{count}位，不是 length 写的{length}位",
                field.label
            ),
            "请换一个合格的示例，或改正 length。",
        );
    }
}

/// A pattern of which no text has as many characters as the field takes.
fn never_fits(field: &Field, pattern: &str, node: Node<'_>, findings: &mut Vec<Finding>) {
    let (least, most) = match field.length {
        Some(length) => (length, length),
        None => (
            field.min.unwrap_or_default(),
            field.max.unwrap_or(usize::MAX),
        ),
    };
    let Some((from, to)) = lengths(pattern) else {
        return;
    };
    if from > most || to < least {
        let limit = match (field.length, from > most) {
            (Some(length), _) => format!("length 是 {length}"),
            (None, true) => format!("max 是 {most}"),
            (None, false) => format!("min 是 {least}"),
        };
        let count = if from > most { from } else { to };
        let bound = if from > most { "至少" } else { "至多" };
        fault(
            findings,
            node.key("pattern"),
            format!(
                "“{}”的 pattern {bound}要 {count} 个字，{limit}，什么都填不进去",
                field.label
            ),
            "请把两处改成一致。",
        );
    }
}

/// The code list.
fn codes(campaign: &Campaign, field: &Field, node: Node<'_>, findings: &mut Vec<Finding>) {
    let Some(id) = &field.codes else {
        if field.kind == Kind::Code || field.multi || field.free {
            fault(
                findings,
                node,
                format!("“{}”没有写代码表", field.label),
                nearest_hint("", campaign.lists.keys().map(String::as_str)),
            );
        }
        return;
    };
    let Some(list) = campaign.lists.get(id) else {
        fault(
            findings,
            node.key("codes"),
            format!("“{}”的代码表“{id}”不存在", field.label),
            nearest_hint(id, campaign.lists.keys().map(String::as_str)),
        );
        return;
    };
    let torn = list.items.iter().find(|i| i.name.contains('、'));
    if let Some(item) = torn.filter(|_| field.multi) {
        fault(
            findings,
            node.key("codes"),
            format!(
                "“{}”可选多项，代码表“{id}”的“{}”却含有“、”",
                field.label, item.name
            ),
            "多项之间用“、”分开，名称里不能再有“、”，请改名。",
        );
    }
    let words: Vec<&str> = if field.multi {
        field.example.split('、').collect()
    } else {
        vec![&field.example]
    };
    for word in words.into_iter().filter(|w| !w.is_empty() && !field.free) {
        if list.name_of(word).is_none() && word != field.blank {
            fault(
                findings,
                node.key("example"),
                format!("“{}”的示例“{word}”不在代码表“{id}”中", field.label),
                nearest_hint(word, list.items.iter().map(|i| i.name.as_str())),
            );
        }
    }
}
