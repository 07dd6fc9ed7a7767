//! What a break between two characters of a line costs: forbidden, unwelcome or free. Neighbours are judged by `kinsoku`; here is
//! what takes more than two characters to know: a number stays with its unit (146处、12.5 t/(hm²·a)), a date stays whole
//! (2016年5月25日), and a word of the lexicon is broken only where there is no other way.

use super::kinsoku::may_break;
use super::lexicon::WordList;

/// A break that is not made.
pub const FORBIDDEN: u32 = u32::MAX;
/// A break at a joint of a long word.
pub const AT_JOINT: u32 = 12;
/// A break within a word.
pub const IN_WORD: u32 = 60;

/// Characters that go on with a number before its unit.
const MULTIPLIERS: &str = "十百千万亿多余几来";

/// Units and measure words of one character (量词) that a number stays with.
const UNITS: &str = "年月日号时分秒天周岁届期个名人位户家口次回场项件篇章节条款页份册本部套台架辆艘座栋幢间处所站点片块亩顷吨斤克升米寸尺里度元角角\
    级类种批组队班门课堂例倍成折只头匹株棵枝颗粒根支张幅面层段道路线环股代辈轮遍趟声句字行列格等第集卷版号省市县区乡镇村社街校院厂店%‰℃°％";

/// Units of several characters.
const LONG_UNITS: [&str; 32] = [
    "平方米",
    "立方米",
    "平方公里",
    "公里",
    "千米",
    "分米",
    "厘米",
    "毫米",
    "微米",
    "纳米",
    "公顷",
    "公斤",
    "千克",
    "毫克",
    "微克",
    "毫升",
    "摄氏度",
    "小时",
    "分钟",
    "人次",
    "人民币",
    "百分点",
    "个百分点",
    "千瓦",
    "兆瓦",
    "千伏",
    "兆帕",
    "周岁",
    "个月",
    "余名",
    "学时",
    "课时",
];

/// The cost of a line's end before each character; that of the first is of no use.
pub fn costs(text: &[char], words: &WordList) -> Vec<u32> {
    let mut costs = vec![FORBIDDEN; text.len()];
    for (at, pair) in text.windows(2).enumerate() {
        if let [before, after] = pair
            && may_break(*before, *after)
            && let Some(cost) = costs.get_mut(at + 1)
        {
            *cost = 0;
        }
    }
    for (cost, depth) in costs.iter_mut().zip(words.depths(text)) {
        if *cost == 0 {
            *cost = match depth {
                0 => 0,
                1 => AT_JOINT,
                _ => IN_WORD,
            };
        }
    }
    keep_names(text, &mut costs);
    keep_numbers(text, &mut costs);
    costs
}

/// A name with a dot in it (阿卜杜拉·示例) is broken behind the dot rather than elsewhere.
fn keep_names(text: &[char], costs: &mut [u32]) {
    let name = text.contains(&'·') && text.iter().all(|c| *c == '·' || c.is_alphabetic());
    if !name {
        return;
    }
    for (at, cost) in costs.iter_mut().enumerate().skip(1) {
        if *cost != FORBIDDEN {
            *cost = if text.get(at - 1) == Some(&'·') {
                0
            } else {
                IN_WORD
            };
        }
    }
}

/// Forbids breaks between a number and its unit, and within dates.
fn keep_numbers(text: &[char], costs: &mut [u32]) {
    let mut at = 0;
    while at < text.len() {
        if !is_digit(text, at) {
            at += 1;
            continue;
        }
        // 第3, 附件1
        if at > 0 && matches!(text.get(at - 1), Some('第' | '件')) {
            forbid(costs, at, at);
        }
        let mut end = at;
        while is_digit(text, end) || is_point(text, end) {
            end += 1;
        }
        at = unit(text, end, costs);
    }
}

/// Forbids breaks from the end of a number to the end of its unit; gives where to go on.
fn unit(text: &[char], end: usize, costs: &mut [u32]) -> usize {
    let mut past = end;
    while text.get(past).is_some_and(|c| MULTIPLIERS.contains(*c)) {
        past += 1;
    }
    let rest = text.get(past..).unwrap_or_default();
    let long = LONG_UNITS
        .iter()
        .filter(|unit| {
            let mut chars = rest.iter();
            unit.chars().all(|c| chars.next() == Some(&c))
        })
        .map(|unit| unit.chars().count())
        .max();
    let short = rest.first().is_some_and(|c| UNITS.contains(*c));
    let length = long.unwrap_or(usize::from(short));
    if length > 0 {
        forbid(costs, end, past + length - 1);
        let past = past + length;
        // 2016年5月25日, 8时30分: the next number belongs to the date
        if long.is_none()
            && rest.first().is_some_and(|c| "年月时分".contains(*c))
            && date_goes_on(text, past)
        {
            forbid(costs, past, past);
        }
        return past;
    }
    if past > end {
        forbid(costs, end, past - 1);
        return past;
    }
    let past = latin_unit(text, end);
    if past > end {
        forbid(costs, end, past - 1);
    }
    past.max(end)
}

/// Whether a number and 月, 日, 时, 分 or 秒 follow.
fn date_goes_on(text: &[char], from: usize) -> bool {
    let digits = (from..).take_while(|at| is_digit(text, *at)).count();
    let next = text.get(from + digits);
    (1..=2).contains(&digits) && next.is_some_and(|c| "月日时分秒".contains(*c))
}

/// Where a unit in letters ends that begins at a number's end, or one space behind it: t/(hm²·a), mg·L⁻¹.
fn latin_unit(text: &[char], end: usize) -> usize {
    let spaced = text.get(end) == Some(&' ');
    let from = end + usize::from(spaced);
    let letter = |c: &char| {
        c.is_alphabetic() && *c < '\u{2E80}' || matches!(c, 'Ω' | 'Å' | 'μ' | '°' | '℃' | '%')
    };
    if !text.get(from).is_some_and(letter) {
        return end;
    }
    let sign = |c: &char| {
        letter(c)
            || matches!(
                c,
                '/' | '·' | '(' | ')' | '²' | '³' | '⁻' | '¹' | '^' | '-' | '⁴'..='⁹'
            )
    };
    let length = text
        .iter()
        .skip(from)
        .take_while(|c| sign(c) || c.is_ascii_digit())
        .count();
    // a longer run is a word or a formula that has its own places to break
    if length > 14 || spaced && length > 10 {
        end
    } else {
        from + length
    }
}

/// Forbids breaks before the characters from `first` to `last`.
fn forbid(costs: &mut [u32], first: usize, last: usize) {
    for cost in costs.iter_mut().take(last + 1).skip(first) {
        *cost = FORBIDDEN;
    }
}

fn is_digit(text: &[char], at: usize) -> bool {
    text.get(at)
        .is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(c))
}

/// A point, comma or stroke within a number.
fn is_point(text: &[char], at: usize) -> bool {
    text.get(at)
        .is_some_and(|c| matches!(c, '.' | ',' | '/' | '-'))
        && is_digit(text, at + 1)
}
