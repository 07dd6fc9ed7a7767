//! `sanlian campaigns`, `sanlian schema`, `sanlian codes`, and loading a campaign for the other commands.

use sanlian::campaign::Campaign;
use sanlian::clerk::Campaigns;
use sanlian::finding::{CODES, has_errors};
use sanlian::intake::schema as json_schema;

use super::args::{Schema, Where};
use super::{End, data, talk};

/// Loads a campaign and shows what is wrong with its templates; none where that is an error.
pub(crate) fn load(campaigns: &Campaigns, id: &str) -> anyhow::Result<Option<Campaign>> {
    let (campaign, findings) = campaigns.load(id)?;
    if !findings.is_empty() {
        talk::findings(&findings);
    }
    Ok(campaign)
}

pub(crate) fn campaigns(args: &Where) -> anyhow::Result<End> {
    let campaigns = Campaigns::open(args.templates.as_deref())?;
    let mut end = End::Done;
    for id in campaigns.ids() {
        let (campaign, findings) = campaigns.load(&id)?;
        let title = campaign
            .as_ref()
            .map_or("（模板有错误）", |c| c.title.as_str());
        data::line(&format!("{id}\t{title}"))?;
        if !findings.is_empty() {
            talk::findings(&findings);
        }
        if campaign.is_none() || has_errors(&findings) {
            end = End::Findings;
        }
    }
    Ok(end)
}

pub(crate) fn schema(args: &Schema) -> anyhow::Result<End> {
    let campaigns = Campaigns::open(args.place.templates.as_deref())?;
    let Some(campaign) = load(&campaigns, &args.campaign)? else {
        return Ok(End::Findings);
    };
    data::json(&json_schema(&campaign))?;
    Ok(End::Done)
}

pub(crate) fn codes() -> anyhow::Result<End> {
    for (code, meaning) in CODES {
        data::line(&format!("{code}\t{meaning}"))?;
    }
    Ok(End::Done)
}
