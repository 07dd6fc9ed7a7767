//! Last year's year (上一年的年份): a campaign that was copied and given another year must not print the old one.

use crate::finding::Finding;

use super::Campaign;
use super::document::{Node, ParsedFile};

/// How far back a year is taken for one that was forgotten; texts may name years long past.
const BACK: i16 = 3;

/// Tells every year in what is printed that is near the campaign's own and another: in titles, texts and notes.
pub(super) fn verify_year(
    campaign: &Campaign,
    documents: &[ParsedFile<'_>],
    findings: &mut Vec<Finding>,
) {
    for document in documents {
        let root = document.root();
        let mut strings = Vec::new();
        match document.path.as_str() {
            "campaign.toml" => ["title", "texts", "material", "notice_no"]
                .iter()
                .for_each(|key| root.key(key).strings(&mut strings)),
            path if path.starts_with("forms/") => root.strings(&mut strings),
            // what the notice says, and the dates and the report of the invented submission
            "rules.toml" => {
                for rule in root.key("rule").items(&mut Vec::new()) {
                    rule.key("clause").strings(&mut strings);
                }
            }
            "demo.toml" => ["unit", "report"]
                .iter()
                .for_each(|key| root.key(key).strings(&mut strings)),
            _ => {}
        }
        for node in strings {
            of_text(campaign, node, findings);
        }
        if document.path == "campaign.toml" {
            of_title(campaign, root.key("title"), findings);
            of_notice(campaign, root.key("notice_no"), findings);
        }
    }
    let day = campaign.deadline.day;
    let sound = (1949..=2200).contains(&campaign.year);
    if sound
        && !(campaign.year..=campaign.year + 1).contains(&day.year())
        && let Some(document) = documents.iter().find(|d| d.path == "campaign.toml")
    {
        findings.push(Finding::warning(
            "T2",
            document.root().key("deadline").place(),
            format!("报送期限在{}年，活动却是{}年的", day.year(), campaign.year),
            "请核对 deadline 和 year。",
        ));
    }
}

/// A title names the campaign's own year, or none: a year that is far away is told here too.
fn of_title(campaign: &Campaign, node: Node<'_>, findings: &mut Vec<Finding>) {
    let near = campaign.year - BACK..=campaign.year + 1;
    let all: Vec<(&str, i16)> = years(node.text().unwrap_or_default()).collect();
    let own = all.iter().any(|(_, year)| *year == campaign.year)
        || !(1949..=2200).contains(&campaign.year);
    if let Some((written, _)) = all.iter().find(|(_, year)| !near.contains(year))
        && !own
    {
        findings.push(Finding::warning(
            "T2",
            node.place_of(written),
            format!("标题里写着{written}，活动却是{}年的", campaign.year),
            "请核对 title 和 year。",
        ));
    }
}

/// The number of a notice bears its year in brackets, 冀科协〔2021〕21号, whichever brackets somebody typed.
fn of_notice(campaign: &Campaign, node: Node<'_>, findings: &mut Vec<Finding>) {
    let text = node.text().unwrap_or_default();
    // a year that is none is told itself
    if !(1949..=2200).contains(&campaign.year) {
        return;
    }
    let near = campaign.year - BACK..=campaign.year + 1;
    for sign in ["〕", "]", "］", "】", ")", "）", "﹞"] {
        let other = years_before(text, sign).find(|(_, year)| {
            // a year that is near before the usual bracket is told with the other texts
            *year != campaign.year && (sign != "〕" || !near.contains(year))
        });
        if let Some((written, year)) = other {
            findings.push(Finding::warning(
                "T2",
                node.place_of(written),
                format!("文号“{text}”是{year}年的，活动却是{}年的", campaign.year),
                "请核对 notice_no 和 year；照搬上一年的请改正。",
            ));
            return;
        }
    }
}

fn of_text(campaign: &Campaign, node: Node<'_>, findings: &mut Vec<Finding>) {
    let text = node.text().unwrap_or_default();
    let Some((written, _)) = years(text).chain(day(text)).find(|(_, year)| {
        *year != campaign.year && (campaign.year - BACK..=campaign.year + 1).contains(year)
    }) else {
        return;
    };
    findings.push(Finding::warning(
        "T2",
        node.place_of(written),
        format!("文字里写着{written}，活动却是{}年的", campaign.year),
        if day(text).is_some() {
            format!("照搬上一年的请改成{}年的日期。", campaign.year)
        } else {
            "照搬上一年的请改正；要随活动变的，写作 {campaign.year}年、{campaign.title} 或 {campaign.notice_no}。".to_owned()
        },
    ));
}

/// A text that is nothing but a day or a month, 2021-05-28 or 2021.05, with its year.
fn day(text: &str) -> Option<(&str, i16)> {
    let sound = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '/');
    if !(7..=10).contains(&text.len()) || !text.chars().all(sound) {
        return None;
    }
    let (year, rest) = text.split_at_checked(4)?;
    let year = year
        .parse()
        .ok()
        .filter(|_| rest.starts_with(['-', '.', '/']))?;
    Some((text, year))
}

/// The years in a text: four digits, in Chinese too (二〇二六), before 年 or in the brackets of a number of a document, with how they are
/// written.
fn years(text: &str) -> impl Iterator<Item = (&str, i16)> {
    let signs = ["年", "〕"].into_iter();
    signs.flat_map(move |sign| years_before(text, sign))
}

/// The years right before a sign.
fn years_before<'t>(text: &'t str, sign: &'static str) -> impl Iterator<Item = (&'t str, i16)> {
    text.match_indices(sign).filter_map(move |(at, _)| {
        let head = text.get(..at)?;
        let four = head.char_indices().rev().take(4);
        let digits: Vec<(usize, i16)> = four.map_while(|(i, c)| Some((i, digit(c)?))).collect();
        let (start, _) = *digits.get(3)?;
        let longer = head
            .get(..start)?
            .chars()
            .next_back()
            .and_then(digit)
            .is_some();
        let year = digits.iter().rev().fold(0, |year, (_, d)| year * 10 + d);
        if longer {
            return None;
        }
        // a bracket alone would read oddly
        let end = if sign == "年" { at + sign.len() } else { at };
        Some((text.get(start..end)?, year))
    })
}

/// A digit as years are written.
fn digit(c: char) -> Option<i16> {
    let plain = match c {
        '○' | '零' => Some(0),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => c.to_digit(10),
    };
    let chinese = "〇一二三四五六七八九".chars().position(|w| w == c);
    let plain = plain.and_then(|d| i16::try_from(d).ok());
    plain.or_else(|| i16::try_from(chinese?).ok())
}
