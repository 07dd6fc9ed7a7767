//! Names in lines: those of several parts break behind the sign that joins them (阿卜杜拉·示例), an office's behind the names of its place
//! (示例市测试县|农业技术推广中心), a list's behind its commas (监测室副主任、|党支部书记).

use super::break_costs::{AT_LESSER_JOINT, FORBIDDEN, IN_NAME, IN_OFFICE, IN_WORD, raise};

/// The signs that join the parts of a name: 阿卜杜拉·示例, 王-示例.
const JOINERS: &str = "·•‧・-\u{2010}";

/// Most characters of a part of a name that stands in a longer text.
const PART: usize = 12;

/// Whether a text is a name of several parts.
pub fn is_joined_name(text: &[char]) -> bool {
    let joins = |c: &char| JOINERS.contains(*c);
    text.iter().any(joins) && text.iter().all(|c| joins(c) || c.is_alphabetic())
}

/// A name of several parts is broken behind the sign that joins them rather than elsewhere.
pub(super) fn keep_names(text: &[char], costs: &mut [u32]) {
    if is_joined_name(text) {
        keep_name(text, costs);
    }
}

/// The same where it stands in a line of other words, set off by signs or spaces (联系人：阿依古丽·示例　).
pub(super) fn keep_names_within(text: &[char], costs: &mut [u32]) {
    let inner = |c: &char| *c == '·' || is_han(*c);
    let mut start = 0;
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.iter().take_while(|c| inner(c)).count();
        let run = rest.get(..length).unwrap_or_default();
        let parts = || run.split(|c| *c == '·');
        if parts().count() > 1 && parts().all(|part| (1..=PART).contains(&part.len())) {
            keep_name(run, costs.get_mut(start..).unwrap_or_default());
        }
        start += length.max(1);
    }
}

/// The costs within one name.
fn keep_name(name: &[char], costs: &mut [u32]) {
    let joins = |c: &char| JOINERS.contains(*c);
    for (at, cost) in costs.iter_mut().enumerate().take(name.len()).skip(1) {
        if *cost != FORBIDDEN {
            *cost = match (name.get(at - 1), name.get(at)) {
                (_, Some(sign)) if joins(sign) => FORBIDDEN,
                (Some(sign), _) if joins(sign) => 0,
                _ => IN_NAME,
            };
        }
    }
}

/// Longest item of a list that stays whole where its line has another place to end.
const ITEM: usize = 8;

/// Longest text of which short clauses are items too.
const NOTE: usize = 20;

/// The short items of a list, and the clauses of a short note, are broken behind commas first (按推荐先后排序，|加盖公章).
pub(super) fn keep_items(text: &[char], costs: &mut [u32]) {
    let note = text.len() <= NOTE && text.contains(&'，');
    if !text.contains(&'、') && !note {
        return;
    }
    let mut start = 0;
    for item in text.split(|c| matches!(c, '、' | '；' | '，' | '。' | '（' | '）')) {
        if (2..=ITEM).contains(&item.len()) {
            lift(costs, start + 1, start + item.len() - 1, AT_LESSER_JOINT);
        }
        start += item.len() + 1;
    }
}

/// Makes places cost so much more, those between words nearly alike, and keeps their order; a word is still cut last, also where a line
/// more would spare it.
fn lift(costs: &mut [u32], first: usize, last: usize, least: u32) {
    for cost in costs.iter_mut().take(last + 1).skip(first) {
        match *cost {
            0..IN_WORD => *cost = least + *cost / 6,
            IN_WORD..IN_NAME => *cost += least * 3,
            _ => {}
        }
    }
}

/// How the names of places end, and how many characters such a name has.
const PLACES: &str = "省市县区州旗盟镇乡";
const PLACE: std::ops::RangeInclusive<usize> = 3..=6;
/// The same with 自治 in it.
const AUTONOMOUS: std::ops::RangeInclusive<usize> = 4..=12;
/// How the names of offices end.
const OFFICES: &str = "院所站心局厅部处会校学司团室馆队社园场厂办委行店台系科";

/// An office's name is broken behind the names of the places that it begins with, and elsewhere only where that is not enough. The name
/// of a people stays with its 自治州.
pub(super) fn keep_unit_names(text: &[char], costs: &mut [u32]) {
    for (at, three) in text.windows(3).enumerate() {
        if let ['族', '自', '治'] = three {
            raise(costs, at + 1, at + 1, IN_WORD);
        }
    }
    let name = text.split(|c| *c == '（').next().unwrap_or_default();
    let office = name.last().is_some_and(|c| OFFICES.contains(*c));
    if !office || !name.iter().all(|c| is_han(*c)) {
        return;
    }
    let mut at = 0;
    while let Some(length) = place_at(name.get(at..).unwrap_or_default()) {
        lift(costs, at + 1, at + length - 1, IN_OFFICE);
        at += length;
    }
    if at > 0 && at + 3 <= name.len() {
        lift(costs, at + 1, name.len() - 1, IN_OFFICE);
    }
}

/// Length of the name of a place that a name begins with.
fn place_at(name: &[char]) -> Option<usize> {
    let mut found = name.iter().enumerate();
    found.find_map(|(at, ch)| {
        let length = at + 1;
        let before = name.get(..at).unwrap_or_default();
        let own = before.windows(2).any(|two| two == ['自', '治']);
        // 监测院示例市: the name of an office has begun
        if before.iter().any(|c| "院所站局厅".contains(*c)) {
            return None;
        }
        let fits = if own { AUTONOMOUS } else { PLACE };
        // 示例市|市场监督管理局, but not 示例市|委宣传部
        let goes_on = |c: &char| "省市县区州场域级政直长委属内外立".contains(*c);
        let goes_on = name.get(length).is_some_and(goes_on);
        let again = name.get(length..length + 2) == Some(&['市', '场']);
        (PLACES.contains(*ch) && fits.contains(&length) && (!goes_on || again)).then_some(length)
    })
}

fn is_han(c: char) -> bool {
    c.is_alphabetic() && c > '\u{2E80}'
}
