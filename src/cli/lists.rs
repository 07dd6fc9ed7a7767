//! `sanlian campaigns`, `sanlian schema`, `sanlian codes`, and loading a campaign for the other commands.

use sanlian::campaign::{Campaign, USUAL};
use sanlian::clerk::Campaigns;
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
    let mut end = End::Done;
    let mut lines = Vec::new();
    for id in campaigns.ids() {
        let (campaign, findings) = campaigns.load(&id)?;
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
