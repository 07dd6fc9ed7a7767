//! `sanlian campaigns`, `sanlian schema`, `sanlian codes`, and loading a campaign for the other commands.

use std::path::Path;

use sanlian::campaign::{Campaign, USUAL};
use sanlian::clerk::{Campaigns, copy_campaign};
use sanlian::finding::{CODES, has_errors};
use sanlian::intake::schema as json_schema;

use super::end::End;
use super::places::{ToFile, Where};
use super::talk;

#[derive(Debug, clap::Args)]
pub(crate) struct Schema {
    /// 活动
    #[arg(default_value = USUAL)]
    campaign: String,
    #[command(flatten)]
    to: ToFile,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Listed {
    /// 复制一个活动的模板，作为新活动的底稿：写明照哪个活动、新活动的编号，用 -o 写明放在哪个模板文件夹
    #[arg(long, num_args = 2, value_names = ["CAMPAIGN", "NEW"], requires = "out")]
    copy: Vec<String>,
    /// 新活动的年份；不写的，取新编号末尾的四位数字
    #[arg(long, requires = "copy")]
    year: Option<i16>,
    #[command(flatten)]
    to: ToFile,
    #[command(flatten)]
    place: Where,
}

/// Loads a campaign and shows what is wrong with its templates; none where that is an error.
pub(crate) fn load(campaigns: &Campaigns, id: &str) -> anyhow::Result<Option<Campaign>> {
    let (campaign, findings) = campaigns.load(id)?;
    if !findings.is_empty() {
        talk::findings(&findings);
    }
    Ok(campaign)
}

pub(crate) fn campaigns(args: &Listed) -> anyhow::Result<End> {
    let campaigns = args.place.campaigns()?;
    if let ([from, to], Some(out)) = (args.copy.as_slice(), &args.to.out) {
        return copied(&campaigns, (from, to), args.year, out);
    }
    let mut end = End::Done;
    let mut lines = Vec::new();
    for id in campaigns.ids() {
        let (campaign, mut findings) = campaigns.load(&id)?;
        findings.extend(campaigns.unread_files(&id));
        let title = campaign
            .as_ref()
            .map_or("（模板有错误）", |c| c.title.as_str());
        lines.push(format!("{id}\t{title}"));
        if !findings.is_empty() {
            talk::findings(&findings);
        }
        if campaign.is_none() || has_errors(&findings) {
            end = End::Findings;
        }
    }
    args.to.write(&lines.join("\n"))?;
    Ok(end)
}

/// Copies a campaign, and says what is to be looked at in the copy.
fn copied(
    campaigns: &Campaigns,
    ids: (&str, &str),
    year: Option<i16>,
    out: &Path,
) -> anyhow::Result<End> {
    let done = copy_campaign(campaigns, ids, year, out)?;
    if !done.findings.is_empty() {
        talk::findings(&done.findings);
    }
    if !done.folder.is_dir() {
        return Ok(End::Findings);
    }
    let campaign = done.folder.join("campaign.toml");
    talk::say(&format!(
        "已复制到 {}，年份改为{}年。请逐项核对 {} 里的标题、文号、期限、地址、渠道和名额：文号只改了年份，期限只是照搬的同一天。",
        done.folder.display(),
        done.year,
        campaign.display()
    ));
    talk::say(&format!(
        "改好后检查：sanlian campaigns --templates {}；试印：sanlian demo --campaign {} --templates {} -o 试印",
        out.display(),
        ids.1,
        out.display()
    ));
    Ok(End::Done)
}

pub(crate) fn schema(args: &Schema) -> anyhow::Result<End> {
    let campaigns = args.place.campaigns()?;
    let Some(campaign) = load(&campaigns, &args.campaign)? else {
        return Ok(End::Findings);
    };
    let text = serde_json::to_string_pretty(&json_schema(&campaign))?;
    args.to.write(&text)?;
    Ok(End::Done)
}

pub(crate) fn codes(to: &ToFile) -> anyhow::Result<End> {
    let lines = CODES
        .iter()
        .map(|(code, meaning)| format!("{code}\t{meaning}"));
    to.write(&lines.collect::<Vec<_>>().join("\n"))?;
    Ok(End::Done)
}
