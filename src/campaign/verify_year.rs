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
    }
    let day = campaign.deadline.day;
    let sound = (1949..=2200).contains(&campaign.year);
    if sound
        && (day.year() - campaign.year).abs() > 1
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

/// The years in a text: four digits before 年 or in the brackets of a number of a document, with how they are written.
fn years(text: &str) -> impl Iterator<Item = (&str, i16)> {
    ["年", "〕"].into_iter().flat_map(move |sign| {
        text.match_indices(sign).filter_map(move |(at, _)| {
            let head = text.get(..at)?;
            let start = at.checked_sub(4)?;
            let digits = head.get(start..)?;
            let longer = text.get(..start)?.ends_with(|c: char| c.is_ascii_digit());
            let year = digits.parse().ok().filter(|_| !longer)?;
            // a bracket alone would read oddly
            let end = if sign == "年" { at + sign.len() } else { at };
            Some((text.get(start..end)?, year))
        })
    })
}
