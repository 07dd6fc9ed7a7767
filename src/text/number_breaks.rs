//! What of numbers stays whole in a line: a number with its unit (146处、12.5 t/(hm²·a)), a date (2016年5月25日、二〇二一年五月), a number of
//! an official text (〔2021〕21号), an order (第十届), a telephone number ((0311)86040095转12).

use super::break_costs::{
    AT_LESSER_JOINT, IN_OFFICIAL_NUMBER, IN_WORD, MOST_OF_UNIT, closed, forbid, raise,
};

/// Characters that go on with a number before its unit.
const MULTIPLIERS: &str = "十百千万亿多余几来";

/// Units and measure words of one character (量词) that a number stays with.
const UNITS: &str = "年月日号时分秒天周岁届期个名人位户家口次回场项件篇章节条款页份册本部套台架辆艘座栋幢间处所站点片块亩顷吨斤克升米寸尺里度元角角\
    级类种批组队班门课堂例倍成折只头匹株棵枝颗粒根支张幅面层段道路线环股代辈轮遍趟声句字行列格等第集卷版号省市县区乡镇村社街校院厂店%‰℃°％";

/// Units of several characters.
const LONG_UNITS: [&str; 44] = [
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
    "工作日",
    "个工作日",
    "年代",
    "世纪",
    "学年",
    "年度",
    "年级",
    "平方千米",
    "千瓦时",
    "毫秒",
    "微秒",
    "等奖",
    "余名",
    "学时",
    "课时",
];

/// Figures as Chinese writes them.
const FIGURES: &str = "〇零一二三四五六七八九十百千";

/// Times of day that stand before an hour.
const TIMES_OF_DAY: [[char; 2]; 6] = [
    ['上', '午'],
    ['下', '午'],
    ['中', '午'],
    ['凌', '晨'],
    ['晚', '上'],
    ['早', '上'],
];

/// Forbids breaks within what is said by numbers.
pub(super) fn keep_numbers(text: &[char], costs: &mut [u32]) {
    keep_official_numbers(text, costs);
    keep_figures(text, costs);
    keep_with_units(text, costs);
    keep_ranges(text, costs);
    keep_extensions(text, costs);
}

/// Most characters of the short name before the number of an official text.
const ISSUER: usize = 8;

/// The number of an official text is one, with the short name of whoever issued it: 冀科协〔2021〕21号. Where that name is not set off
/// from what stands before it, its last characters are taken for it.
fn keep_official_numbers(text: &[char], costs: &mut [u32]) {
    for (at, _) in text.iter().enumerate().filter(|(_, ch)| **ch == '〔') {
        let Some(length) = closed(text, at, '〕') else {
            continue;
        };
        let behind = at + length + 2;
        let digits = (behind..).take_while(|at| is_digit(text, *at)).count();
        if digits == 0 {
            raise(costs, at + 1, behind, IN_WORD);
            continue;
        }
        let sign = usize::from(text.get(behind + digits) == Some(&'号'));
        let name = text.get(..at).unwrap_or_default().iter().rev();
        let name = name.take_while(|c| c.is_alphabetic()).count();
        let (name, cost) = match name {
            0..=ISSUER => (name, IN_OFFICIAL_NUMBER),
            _ => (4, AT_LESSER_JOINT),
        };
        raise(
            costs,
            (at + 1).saturating_sub(name),
            at - usize::from(at > 0),
            cost,
        );
        raise(costs, at, behind + digits - 1 + sign, IN_OFFICIAL_NUMBER);
    }
}

/// Numbers in Chinese figures: with 第 before them and what they count behind them (第十届), as dates (二〇二一年五月), in prizes (一等奖).
fn keep_figures(text: &[char], costs: &mut [u32]) {
    let figure = |at: usize| text.get(at).is_some_and(|c| FIGURES.contains(*c));
    let mut at = 0;
    while at < text.len() {
        if !figure(at) {
            at += 1;
            continue;
        }
        let end = at + (at..).take_while(|n| figure(*n)).count();
        let before = at.checked_sub(1).and_then(|n| text.get(n));
        let ordered = before == Some(&'第');
        let dated = before.is_some_and(|c| "年月".contains(*c));
        let next = text.get(end).copied().unwrap_or(' ');
        let prize = next == '等' && text.get(end + 1) == Some(&'奖');
        let counted = UNITS.contains(next) && (ordered || dated || end - at > 1);
        if ordered || dated && "月日".contains(next) {
            forbid(costs, at, at);
        }
        if counted || prize {
            forbid(costs, at + 1, end + usize::from(prize));
        } else if end - at > 2 {
            forbid(costs, at + 1, end - 1);
        }
        at = end;
    }
}

/// Signs between the two ends of a range.
const RANGE: &str = "—–～~－至";
/// Most characters of a range that is not broken.
const MOST_OF_RANGE: usize = 12;

/// A range stays whole with the unit behind it (5月25日—27日, 5月10日至21日, −40～+85 ℃); a long one may end a line with its sign. The time
/// of a day stays with its hour (上午9时).
fn keep_ranges(text: &[char], costs: &mut [u32]) {
    for at in 1..text.len() {
        let pair = text.get(at - 1..=at).unwrap_or_default();
        if is_digit(text, at + 1) && TIMES_OF_DAY.iter().any(|time| time == pair) {
            forbid(costs, at, at);
            raise(costs, at + 1, at + 1, IN_WORD);
        }
        let sign = text.get(at).copied().unwrap_or(' ');
        let doubled = text.get(at + 1) == Some(&sign) || text.get(at - 1) == Some(&sign);
        if !RANGE.contains(sign) || doubled {
            continue;
        }
        let signed = text
            .get(at + 1)
            .is_some_and(|c| matches!(c, '+' | '-' | '−' | '±' | '≥' | '≤'));
        let next = at + 1 + usize::from(signed);
        let Some(before) = amount_before(text, at).filter(|_| is_digit(text, next)) else {
            continue;
        };
        let after = (next..text.len()).take_while(|n| is_of_amount(text, *n));
        forbid(costs, at, at);
        match before + after.count() <= MOST_OF_RANGE || sign != '至' {
            true => forbid(costs, at + 1, next),
            false => raise(costs, next, next, AT_LESSER_JOINT),
        }
    }
}

/// How many characters an amount or a day has that ends before a place; none where none does.
fn amount_before(text: &[char], at: usize) -> Option<usize> {
    let before = text.get(..at).unwrap_or_default();
    let all = (0..at).rev().take_while(|n| is_of_amount(before, *n));
    let length = all.count();
    let own = before.get(at - length..).unwrap_or_default();
    // the unit behind the last digit is short
    let unit = own.iter().rev().take_while(|c| !c.is_ascii_digit()).count();
    (unit < length && unit <= 3).then_some(length)
}

/// Whether a character may be part of an amount or a day.
fn is_of_amount(text: &[char], at: usize) -> bool {
    is_digit(text, at)
        || text.get(at).is_some_and(|c| {
            matches!(
                c,
                '.' | ',' | '%' | '％' | '‰' | '℃' | '°' | '年' | '月' | '日' | '时' | '分' | '秒'
            )
        })
}

/// A telephone number is one: the area's number in brackets before it, an extension behind it.
fn keep_extensions(text: &[char], costs: &mut [u32]) {
    for (at, ch) in text.iter().enumerate() {
        let digits = |from: usize| is_digit(text, from);
        let joins = match ch {
            '）' => at > 0 && digits(at - 1) && digits(at + 1) && is_area(text, at),
            '转' => at > 0 && digits(at - 1) && digits(at + 1),
            _ => false,
        };
        if joins {
            forbid(costs, at, at + 1);
        }
    }
}

/// Whether the bracket that ends at `at` holds the three or four digits of an area.
fn is_area(text: &[char], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().iter().rev();
    let digits = before.clone().take_while(|c| c.is_ascii_digit()).count();
    (3..=4).contains(&digits) && before.clone().nth(digits) == Some(&'（')
}

/// Forbids breaks between a number and its unit, and within dates.
fn keep_with_units(text: &[char], costs: &mut [u32]) {
    let mut at = 0;
    while at < text.len() {
        if !is_digit(text, at) {
            at += 1;
            continue;
        }
        // 第3, 附件1, GB 50011
        if at > 0 && matches!(text.get(at - 1), Some('第' | '件')) || is_numbered(text, at) {
            forbid(costs, at, at);
        }
        let mut end = at;
        while is_digit(text, end) || is_point(text, end) || is_power(text, end) {
            // 26 280: groups of a long number
            if text.get(end) == Some(&' ') {
                forbid(costs, end + 1, end + 1);
            }
            end += 1;
        }
        let ordered = at > 0 && text.get(at - 1) == Some(&'第');
        let past = unit(text, end, costs);
        // 第1完成人
        if ordered && past == end {
            raise(costs, end, end, IN_WORD);
        }
        at = past;
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
        let length = length + per(text, past + length);
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
                '/' | '·' | '(' | ')' | '²' | '³' | '¹' | '^' | '-' | '\u{2070}'..='\u{207F}'
            )
    };
    let length = text
        .iter()
        .skip(from)
        .take_while(|c| sign(c) || c.is_ascii_digit())
        .count();
    // a longer run is a word or a formula that has its own places to break
    let run = text.get(from..from + length).unwrap_or_default();
    let most = match run.iter().any(|c| matches!(c, '·' | '/' | '⁻')) {
        true => MOST_OF_UNIT,
        false if spaced => 10,
        false => 14,
    };
    if length > most {
        return end;
    }
    let past = from + length;
    // 126 m³/亩
    let stroke = past > from && text.get(past - 1) == Some(&'/');
    let han = text.get(past).is_some_and(|c| UNITS.contains(*c));
    past + usize::from(stroke && han)
}

/// Length of what a unit is counted by, from its stroke: the /s of 3次/s, the /亩 of 5个/亩; 0 where there is none.
fn per(text: &[char], from: usize) -> usize {
    let next = text.get(from + 1);
    match (text.get(from), next) {
        (Some('/'), Some(c)) if UNITS.contains(*c) => 2,
        (Some('/'), Some(c)) if c.is_ascii_alphabetic() => {
            1 + text
                .iter()
                .skip(from + 1)
                .take_while(|c| c.is_ascii_alphabetic())
                .count()
        }
        _ => 0,
    }
}

/// Whether a number stands behind capitals and a space: GB 50011, ISO 9001.
fn is_numbered(text: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|space| text.get(..space)) else {
        return false;
    };
    let capitals = before
        .iter()
        .rev()
        .take_while(|c| c.is_ascii_uppercase() || **c == '/')
        .count();
    let whole = before
        .get(..before.len().saturating_sub(capitals))
        .and_then(<[char]>::last)
        .is_none_or(|c| !c.is_ascii_alphanumeric());
    text.get(at - 1) == Some(&' ') && (1..=6).contains(&capitals) && whole
}

/// Whether a number goes on behind a sign, or with a figure above the line: 3.6×10¹², 7.2±0.1.
fn is_power(text: &[char], at: usize) -> bool {
    match text.get(at) {
        Some('×' | '±') => is_digit(text, at + 1),
        Some('²' | '³' | '¹' | '\u{2070}'..='\u{207F}') => true,
        _ => false,
    }
}

fn is_digit(text: &[char], at: usize) -> bool {
    text.get(at)
        .is_some_and(|c| c.is_ascii_digit() || ('０'..='９').contains(c))
}

/// A point, comma or stroke within a number, or the space before a group of three of its digits.
fn is_point(text: &[char], at: usize) -> bool {
    let group = || {
        let digits = (at + 1..).take_while(|at| is_digit(text, *at)).count();
        digits == 3 && at > 0 && is_digit(text, at - 1)
    };
    match text.get(at) {
        Some('.' | ',' | '/' | '-') => is_digit(text, at + 1),
        Some(' ') => group(),
        _ => false,
    }
}
