//! `sanlian new`.

use std::path::PathBuf;

use sanlian::clerk::start;

use super::end::End;
use super::places::Where;
use super::{lists, shell, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// 活动，如 hebei-zuimei-2021
    campaign: String,
    /// 要新建的文件夹
    dir: PathBuf,
    /// 推荐渠道，如 city
    #[arg(long, value_name = "KIND")]
    channel: Option<String>,
    /// 单位全称
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    #[command(flatten)]
    place: Where,
}

pub(crate) fn run(args: &New) -> anyhow::Result<End> {
    let campaigns = args.place.campaigns()?;
    let Some(campaign) = lists::load(&campaigns, &args.campaign)? else {
        return Ok(End::Findings);
    };
    start(
        &campaign,
        &args.dir,
        args.channel.as_deref(),
        args.unit.as_deref(),
    )?;
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
