//! What a break between two characters of a line costs: forbidden, unwelcome or free. Neighbours are judged by `kinsoku`; here is
//! what takes more than two characters to know: a number stays with its unit (146处、12.5 t/(hm²·a)), a date stays whole
//! (2016年5月25日), an address of the net is broken at its signs, and a word of the lexicon only where there is no other way.

use super::kinsoku::{Class, class, may_break};
use super::lexicon::WordList;

/// A break that is not made.
pub const FORBIDDEN: u32 = u32::MAX;
/// A break at a joint of a long word.
pub const AT_JOINT: u32 = 12;
/// A break at a joint of a part of a long word.
pub const AT_LESSER_JOINT: u32 = 30;
/// A break within a word.
pub const IN_WORD: u32 = 60;
/// A break within a part of a name (阿卜|杜拉·示例): a further line is better.
pub const IN_NAME: u32 = 600;

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

/// Where a line may end at all: 0 or `FORBIDDEN` before each character; that of the first is of no use.
pub fn allowed(text: &[char]) -> Vec<u32> {
    let mut costs = signs(text);
    keep_whole(text, &mut costs);
    costs
}

/// What stays whole in every text.
fn keep_whole(text: &[char], costs: &mut [u32]) {
    keep_hyphens(text, costs);
    keep_names(text, costs);
    keep_official_numbers(text, costs);
    keep_numbers(text, costs);
    latin_runs(text, costs);
}

/// The cost of a line's end before each character, words considered; that of the first is of no use.
pub fn costs(text: &[char], words: &WordList) -> Vec<u32> {
    let mut costs = signs(text);
    for (cost, depth) in costs.iter_mut().zip(words.depths(text)) {
        if *cost == 0 {
            *cost = match depth {
                0 => 0,
                1 => AT_JOINT,
                2 => AT_LESSER_JOINT,
                _ => IN_WORD,
            };
        }
    }
    keep_brackets(text, &mut costs);
    keep_whole(text, &mut costs);
    costs
}

/// Most characters of brackets that are not broken within.
const SHORT: usize = 5;

/// What stands in short brackets goes to the next line with them: （雄安）.
fn keep_brackets(text: &[char], costs: &mut [u32]) {
    for (at, _) in text.iter().enumerate().filter(|(_, ch)| **ch == '（') {
        if let Some(length) = closed(text, at, '）') {
            raise(costs, at + 1, at + 1 + length, IN_WORD);
        }
    }
}

/// How many characters stand between a bracket at `at` and the one that closes it; none where they are more than a few.
fn closed(text: &[char], at: usize, close: char) -> Option<usize> {
    let rest = text.get(at + 1..).unwrap_or_default();
    rest.iter().take(SHORT + 1).position(|c| *c == close)
}

/// The number of an official text stays whole, and unwillingly leaves the name before it: 冀科协｜〔2021〕21号.
fn keep_official_numbers(text: &[char], costs: &mut [u32]) {
    for (at, _) in text.iter().enumerate().filter(|(_, ch)| **ch == '〔') {
        if let Some(length) = closed(text, at, '〕') {
            raise(costs, at, at, AT_LESSER_JOINT);
            raise(costs, at + 1, at + 2 + length, IN_WORD);
        }
    }
}

/// Makes breaks before the characters from `first` to `last` cost at least so much.
fn raise(costs: &mut [u32], first: usize, last: usize, least: u32) {
    for cost in costs.iter_mut().take(last + 1).skip(first) {
        *cost = (*cost).max(least);
    }
}

/// Where the signs at a line's end and beginning let it end.
fn signs(text: &[char]) -> Vec<u32> {
    let mut costs = vec![FORBIDDEN; text.len()];
    for (at, pair) in text.windows(2).enumerate() {
        if let [before, after] = pair
            && may_break(*before, *after)
            && let Some(cost) = costs.get_mut(at + 1)
        {
            *cost = 0;
        }
    }
    costs
}

/// A hyphen stays with the word before it: 王-示例 is broken behind it. One before a number and behind no other is a minus (低至-18℃).
fn keep_hyphens(text: &[char], costs: &mut [u32]) {
    for (at, ch) in text.iter().enumerate().skip(1) {
        let minus = text.get(at + 1).is_some_and(char::is_ascii_digit);
        let word = text.get(at - 1).is_some_and(|c| c.is_alphanumeric());
        if matches!(ch, '-' | '\u{2010}' | '\u{2011}') && word && !minus {
            forbid(costs, at, at);
        }
    }
}

/// The signs that join the parts of a name: 阿卜杜拉·示例, 王-示例.
const JOINERS: &str = "·•‧・-\u{2010}";

/// Whether a text is a name of several parts.
pub fn is_joined_name(text: &[char]) -> bool {
    let joins = |c: &char| JOINERS.contains(*c);
    text.iter().any(joins) && text.iter().all(|c| joins(c) || c.is_alphabetic())
}

/// A name of several parts is broken behind the sign that joins them rather than elsewhere.
fn keep_names(text: &[char], costs: &mut [u32]) {
    if !is_joined_name(text) {
        return;
    }
    let joins = |c: &char| JOINERS.contains(*c);
    for (at, cost) in costs.iter_mut().enumerate().skip(1) {
        if *cost != FORBIDDEN {
            *cost = match (text.get(at - 1), text.get(at)) {
                (_, Some(sign)) if joins(sign) => FORBIDDEN,
                (Some(sign), _) if joins(sign) => 0,
                _ => IN_NAME,
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
    if length > 14 || spaced && length > 10 {
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

/// Least length of an address that is broken at its signs.
const ADDRESS: usize = 16;

/// Runs of Latin letters: an address of the net or of mail is broken behind its signs, a word with a hyphen only where both parts are
/// words (multi-|scale, but g-C₃N₄ stays whole).
fn latin_runs(text: &[char], costs: &mut [u32]) {
    let latin = |c: &char| class(*c) == Class::Latin;
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|c| latin(c)).count();
        let run = rest.get(..length).unwrap_or_default();
        if length >= ADDRESS && is_address(run) {
            break_address(run, costs.get_mut(start..).unwrap_or_default());
        } else {
            keep_prefixes(run, costs.get_mut(start..).unwrap_or_default());
        }
        start += length.max(1);
    }
}

/// Whether a run of letters and signs is an address.
fn is_address(run: &[char]) -> bool {
    let text: String = run.iter().collect();
    let dots = run.iter().filter(|c| **c == '.').count();
    text.contains("://")
        || text.contains('@')
        || text.starts_with("www.")
        || dots >= 2
        || text.starts_with("doi:")
}

/// An address is broken behind a point or another sign, less gladly behind a stroke, never before its last two characters.
fn break_address(run: &[char], costs: &mut [u32]) {
    for (at, pair) in run.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        let far = at + 1 >= 3 && at + 3 < run.len();
        let cost = match before {
            _ if !far || !after.is_alphanumeric() => FORBIDDEN,
            // no short end alone on a line: example.|org
            '.' if at + 6 > run.len() => FORBIDDEN,
            '.' if after.is_ascii_digit() => FORBIDDEN,
            // https://example.org
            '/' if at > 0 && run.get(at - 1) == Some(&'/') => FORBIDDEN,
            '.' | '@' | '-' | '_' | '?' | '&' | '=' | '#' => 0,
            '/' => AT_JOINT,
            _ => FORBIDDEN,
        };
        if let Some(place) = costs.get_mut(at + 1) {
            *place = cost;
        }
    }
}

/// A hyphen behind or before a single letter is part of a name: α-Fe₂O₃, g-C₃N₄, X-ray.
fn keep_prefixes(run: &[char], costs: &mut [u32]) {
    for (at, ch) in run.iter().enumerate() {
        // between Han it joins the parts of a name
        if *ch != '-' || run.len() < 2 {
            continue;
        }
        let letters = |parts: &mut dyn Iterator<Item = &char>| {
            parts.take_while(|c| c.is_alphabetic()).count()
        };
        let before = letters(&mut run.iter().take(at).rev());
        let after = letters(&mut run.iter().skip(at + 1));
        if (before < 2 || after < 2)
            && let Some(place) = costs.get_mut(at + 1)
        {
            *place = FORBIDDEN;
        }
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
