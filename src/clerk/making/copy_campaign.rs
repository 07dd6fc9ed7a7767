//! Next year's campaign (明年的活动): the templates of one that is here, written into a folder under a new id and year, to be edited there.

use std::path::{Path, PathBuf};

use crate::finding::Finding;
use crate::store::write_output;

use crate::clerk::error::ClerkError;
use crate::clerk::making::campaigns::Campaigns;

/// A campaign that was copied.
#[derive(Debug)]
pub struct CopiedCampaign {
    /// Its folder.
    pub folder: PathBuf,
    /// Its year.
    pub year: i16,
    /// What is to be looked at in the copy: the year before that was left, and faults of the templates.
    pub findings: Vec<Finding>,
}

/// Copies the templates of `from` into the folder `to` below `out`, with the new id and the new year wherever the old one stands as the
/// campaign's own. Without `year` it is the number at the end of the new id. What is there already is never written over.
pub fn copy_campaign(
    campaigns: &Campaigns,
    (from, to): (&str, &str),
    year: Option<i16>,
    out: &Path,
) -> Result<CopiedCampaign, ClerkError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if to.is_empty() || !to.chars().all(plain) {
        return Err(ClerkError::Refused(format!(
            "新编号“{to}”有不能用的字符。只能用小写字母、数字和“-”，如 hebei-zuimei-2022。"
        )));
    }
    if campaigns.source(to).is_some() {
        return Err(ClerkError::Refused(format!(
            "已经有活动“{to}”，没有复制。请换一个编号。"
        )));
    }
    let (_, files) = campaigns
        .source(from)
        .ok_or_else(|| ClerkError::NoCampaign(from.to_owned(), campaigns.ids().join("、")))?;
    let Some(year) = year.or_else(|| year_of(to)) else {
        return Err(ClerkError::Refused(format!(
            "不知道“{to}”是哪一年的活动。请在编号末尾写年份，如 {to}-2022；或用 --year 写明。"
        )));
    };
    if !(1949..=2200).contains(&year) {
        return Err(ClerkError::Refused(format!(
            "年份 {year} 不合理。请写四位年份，如 2022。"
        )));
    }
    let (campaign, faults) = campaigns.load(from)?;
    let Some(campaign) = campaign else {
        return Ok(CopiedCampaign {
            folder: out.join(to),
            year,
            findings: faults,
        });
    };
    let folder = out.join(to);
    let holds = |dir: &Path| std::fs::read_dir(dir).is_ok_and(|mut inside| inside.next().is_some());
    if folder.is_file() || holds(&folder) {
        return Err(ClerkError::Refused(format!(
            "{} 里已经有东西，没有复制。请换一个编号或文件夹。",
            folder.display()
        )));
    }
    let moved: Vec<(String, String)> = files
        .into_iter()
        .map(|(path, text)| {
            let text = other_year(&text, campaign.year, year);
            let text = match path.as_str() {
                "campaign.toml" => headed(&text, to, year),
                _ => text.replace(from, to),
            };
            (path, text)
        })
        .collect();
    let findings = campaigns.judge(to, moved.clone()).1;
    let bytes = moved
        .into_iter()
        .map(|(path, text)| (path, text.into_bytes()));
    write_output(&folder, &bytes.collect::<Vec<_>>())?;
    Ok(CopiedCampaign {
        folder,
        year,
        findings,
    })
}

/// The year at the end of an id.
fn year_of(id: &str) -> Option<i16> {
    let digits = id.rsplit('-').next()?;
    digits.parse().ok().filter(|_| digits.len() == 4)
}

/// The head of a campaign with another id and year; all else as it is, remarks too.
fn headed(text: &str, id: &str, year: i16) -> String {
    let mut head = true;
    let lines = text.split_inclusive('\n').map(|line| {
        head &= !line.starts_with('[');
        let key = line.split('=').next().unwrap_or_default().trim();
        let end = if line.ends_with('\n') { "\n" } else { "" };
        match key {
            "id" if head => format!("id = \"{id}\"{end}"),
            "year" if head => format!("year = {year}{end}"),
            // a new campaign begins anew
            "version" if head => format!("version = 1{end}"),
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

/// A text with another year wherever the old one stands as a year: before 年, in the brackets of a document's number, in a day or a month.
fn other_year(text: &str, old: i16, new: i16) -> String {
    let (old, new) = (old.to_string(), new.to_string());
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&old) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let behind = from.get(old.len()..).unwrap_or_default();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let longer = digit(out.chars().next_back()) || digit(behind.chars().next());
        let mut next = behind.chars();
        let is_year = match next.next() {
            Some('年' | '〕') => true,
            Some('-' | '.' | '/') => digit(next.next()),
            _ => false,
        };
        out.push_str(if is_year && !longer { &new } else { &old });
        rest = behind;
    }
    out.push_str(rest);
    out
}
