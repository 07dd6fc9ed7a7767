//! What stands in a blank of an empty form and is no answer (占位的字): 无, a slash, dashes, crosses, a prompt, an example. A value takes its place.

use crate::text::heading::without_brackets;

/// Words and signs that say that nothing is there yet.
const NOTHING: &[&str] = &[
    "无",
    "暂无",
    "无。",
    "略",
    "空",
    "待填",
    "待定",
    "待填写",
    "/",
    "／",
    "//",
    "-",
    "—",
    "——",
    "--",
    "－",
    "－－",
    "…",
    "……",
    "N/A",
    "n/a",
    "NA",
    "？",
    "?",
    "\\",
];

/// How a prompt begins.
const PROMPTS: &[&str] = &[
    "请填写",
    "请填",
    "请输入",
    "请在此",
    "请选择",
    "请于此",
    "请简述",
    "请写明",
    "单击",
    "点击",
    "双击",
    "在此填写",
    "在此输入",
    "此处填写",
    "此处输入",
    "此处填",
    "选择一项",
    "填写此处",
    "Click",
    "Choose",
    "Enter",
];

/// How an example begins.
const EXAMPLES: &[&str] = &[
    "例：",
    "例:",
    "例如",
    "如：",
    "如:",
    "示例：",
    "示例:",
    "格式：",
    "格式:",
    "样例",
    "范例",
    "e.g.",
];

/// Most characters of a prompt or an example.
const MOST: usize = 40;

/// Whether a text in a blank is no answer.
pub(in crate::fill) fn is_filler(text: &str) -> bool {
    if is_units_alone(text) {
        return true;
    }
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let count = text.chars().count();
    if count == 0 || count > MOST || is_left_to_others(&text) {
        return false;
    }
    let begins = |all: &[&str]| all.iter().any(|w| text.starts_with(w));
    NOTHING.contains(&text.as_str())
        || begins(PROMPTS)
        || begins(EXAMPLES)
        || is_marked_example(&text)
        || is_crossed(&text)
        || is_crossed_number(&text)
        || says_how(&text)
        || count > 2 && is_hint(&text)
}

/// How an example ends that stands as an answer: 张三（示例）.
const MARKED: &[&str] = &[
    "（示例）",
    "(示例)",
    "（样例）",
    "(样例)",
    "（例）",
    "(例)",
    "（范例）",
    "(范例)",
    "（举例）",
];

/// Whether a text says at its end that it is an example.
fn is_marked_example(text: &str) -> bool {
    MARKED
        .iter()
        .any(|m| text.len() > m.len() && text.ends_with(m))
}

/// Whether a text is nothing but the units of an address with gaps between them: 省　市　区.
fn is_units_alone(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let units = [
        "省",
        "市",
        "县",
        "区",
        "乡",
        "镇",
        "村",
        "街道",
        "路",
        "号",
        "自治区",
        "州",
        "盟",
        "旗",
        "（市）",
        "区（县）",
        "县（区）",
        "市（县）",
        "县（市）",
        "（区）",
    ];
    words.len() > 1 && words.iter().all(|w| units.contains(w))
}

/// Whether a text between brackets says how to fill the blank in, and not that it is signed or sealed.
fn is_hint(text: &str) -> bool {
    let round = text.starts_with(['（', '(']);
    let inside = round && without_brackets(text).chars().all(|c| !c.is_alphanumeric());
    let told = ["（填写", "(填写", "（请", "(请", "（写", "(写"]
        .iter()
        .any(|t| text.starts_with(t));
    let signed: &[&str] = match told {
        // （填写全称，与公章一致） says how, and is not where the seal goes
        true => &["请签", "请盖", "签字", "签名", "盖章", "照片"],
        false => &["章", "签", "照片", "年月日"],
    };
    inside && text.chars().any(char::is_alphanumeric) && !signed.iter().any(|w| text.contains(w))
}

/// Whether somebody else fills the blank in, or nobody.
fn is_left_to_others(text: &str) -> bool {
    ["不填", "勿填", "免填", "由", "不用填", "无需填"]
        .iter()
        .any(|w| text.contains(w))
}

/// Whether a text says how the blank is written: 填写单位全称, 填最高学历.
fn says_how(text: &str) -> bool {
    let rest = text
        .strip_prefix("填写")
        .or_else(|| text.strip_prefix('填'));
    let how = [
        "全称",
        "规范",
        "准确",
        "如实",
        "最高",
        "一致",
        "即可",
        "为准",
        "没有填",
    ];
    rest.is_some_and(|rest| how.iter().any(|h| rest.contains(h)))
}

/// Crosses among the digits of a number or the letters of an address: 138XXXXXXXX, xxx@xx.com.
fn is_crossed_number(text: &str) -> bool {
    let cross = |c: char| matches!(c, 'X' | 'x' | '×' | '*' | '＊');
    let crosses = text.chars().filter(|c| cross(*c)).count();
    let (front, end) = match text.rsplit_once('.').filter(|_| text.contains('@')) {
        Some((front, end)) => (front, end),
        None => (text, ""),
    };
    let domain = end.chars().all(|c| c.is_ascii_alphanumeric());
    let own = |c: char| cross(c) || c.is_ascii_digit() || "@._-—()（）".contains(c);
    crosses > 3 && domain && front.chars().all(own)
}

/// Crosses or stars for letters and digits: XXX, ××××年××月, 138****0000 without its digits.
fn is_crossed(text: &str) -> bool {
    let cross = |c: char| matches!(c, 'X' | 'x' | '×' | '＊' | '*' | 'Ｘ' | '╳' | '✕');
    let between = |c: char| "年月日时分.-－—/至到省市县区号届第大学院部门路公司".contains(c);
    let behind = text.trim_start_matches(cross);
    let kinds = [
        "族",
        "单位",
        "大学",
        "学院",
        "研究所",
        "研究院",
        "专业",
        "同志",
        "医院",
        "中心",
        "人",
    ];
    let crosses = text.chars().filter(|c| cross(*c)).count() > 1;
    crosses && (kinds.contains(&behind) || text.chars().all(|c| cross(c) || between(c)))
}
