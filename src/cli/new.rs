//! `sanlian new`.

use sanlian::clerk::{Campaigns, start};

use super::args::New;
use super::{End, lists, talk};

pub(crate) fn run(args: &New) -> anyhow::Result<End> {
    let campaigns = Campaigns::open(args.place.templates.as_deref())?;
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
    talk::say(&format!("填好后校验：sanlian check {}", args.dir.display()));
    Ok(End::Done)
}
