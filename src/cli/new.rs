//! `sanlian new`.

use std::path::PathBuf;

use sanlian::clerk::{Begin, start};
use sanlian::intake::blank_cards::MOST_CARDS;

use super::end::End;
use super::places::Where;
use super::{lists, shell, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// 活动，如 hebei-zuimei-2021
    campaign: String,
    /// 要新建的文件夹
    dir: PathBuf,
    /// 推荐渠道：代码、名称或别名，如 city、市科协
    #[arg(long, value_name = "KIND")]
    channel: Option<String>,
    /// 单位全称
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// 人少时用卡片：工作簿里每位候选人一张，左边是项目，右边填写，下面是简历等列表；N 是卡片张数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_CARDS)))]
    cards: Option<u16>,
    #[command(flatten)]
    place: Where,
}

pub(crate) fn run(args: &New) -> anyhow::Result<End> {
    let campaigns = args.place.campaigns()?;
    let Some(campaign) = lists::load(&campaigns, &args.campaign)? else {
        return Ok(End::Findings);
    };
    let templates = args.place.templates();
    let begin = Begin {
        channel: args.channel.as_deref(),
        unit: args.unit.as_deref(),
        cards: args.cards,
        templates: templates.as_deref(),
    };
    start(&campaign, &args.dir, &begin)?;
    talk::say(&format!(
        "已新建 {}：请填写“填报工作簿.xlsx”，照片放入 photos，视频放入 videos，报告存为 报告.txt 或 报告.docx。",
        args.dir.display()
    ));
    talk::say(&format!(
        "填好后校验：sanlian check {}",
        shell::path(&args.dir)
    ));
    Ok(End::Done)
}
