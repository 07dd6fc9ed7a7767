//! `sanlian roster`: the units that the organiser expects.

use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use serde::Serialize;

use sanlian::clerk::{Campaigns, IfMissing};

use super::end::End;
use super::places::AtDesk;
use super::{data, desk, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Roster {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    desk: AtDesk,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 导入名单：每行一个单位，写单位名称、推荐渠道、联系人、电话，后三项可以不写；须用 --campaign 指明活动
    Import {
        /// 名单：.xlsx、.csv 或 .txt
        file: PathBuf,
    },
    /// 列出名册上的单位，和各自报了多少
    List {
        /// 以 JSON 输出
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(args: &Roster) -> anyhow::Result<End> {
    match &args.what {
        What::Import { file } => import(&args.desk, file),
        What::List { json } => list(&args.desk, *json),
    }
}

fn import(place: &AtDesk, file: &std::path::Path) -> anyhow::Result<End> {
    let campaign = place
        .campaign
        .as_deref()
        .context("没有指明活动。请用 --campaign 指定，如 sanlian roster import 名单.xlsx --campaign hebei-zuimei-2021")?;
    let campaigns = desk::campaigns(place)?;
    let mut at = desk::open(place, &campaigns, IfMissing::Make)?;
    let fresh = at.import_roster_file(campaign, file, "命令行", desk::now(place))?;
    talk::say(&format!("已导入，新增 {fresh} 个单位。"));
    Ok(End::Done)
}

/// One unit of the roster.
#[derive(Serialize)]
struct RosterLine {
    campaign: String,
    unit: String,
    channel: String,
    arrival: sanlian::clerk::Arrival,
    arrival_word: &'static str,
}

fn list(place: &AtDesk, json: bool) -> anyhow::Result<End> {
    let campaigns = desk::campaigns(place)?;
    let mut at = desk::open(place, &campaigns, IfMissing::Refuse)?;
    let boards = at.boards(place.campaign.as_deref(), desk::now(place))?;
    let listed = boards.iter().filter(|b| b.expected == Some(true));
    let lines: Vec<RosterLine> = listed
        .map(|b| RosterLine {
            campaign: b.campaign.clone(),
            unit: b.unit.clone(),
            channel: b.channel.clone(),
            arrival: b.arrival,
            arrival_word: b.arrival.label(),
        })
        .collect();
    if json {
        data::json(&lines)?;
    } else {
        for line in &lines {
            data::line(&format!(
                "{}　{}　{}　{}",
                line.campaign,
                line.unit,
                channel(&campaigns, line),
                line.arrival_word
            ))?;
        }
    }
    talk::say(&at.turnout(&boards)?.words());
    Ok(End::Done)
}

/// What people call the channel of a unit.
fn channel(campaigns: &Campaigns, line: &RosterLine) -> String {
    let campaign = campaigns.load(&line.campaign).ok().and_then(|c| c.0);
    let known = campaign.and_then(|c| Some(c.channel_named(&line.channel)?.label.clone()));
    known.unwrap_or_else(|| line.channel.clone())
}
