//! `sanlian demo`: the whole way on an invented submission.

use sanlian::clerk::{Campaigns, Job, MakeOptions, demo, fonts, read};
use sanlian::config::Config;

use super::args::Demo;
use super::{End, lists, make, talk};

pub(crate) fn run(args: &Demo) -> anyhow::Result<End> {
    let campaigns = Campaigns::open(args.place.templates.as_deref())?;
    let Some(campaign) = lists::load(&campaigns, &args.campaign)? else {
        return Ok(End::Findings);
    };
    let folder = args.out.join("submission");
    talk::say("正在绘制照片、填写工作簿……");
    demo(&campaign, &folder)?;
    talk::say(&format!("已生成虚构的报送材料：{}", folder.display()));
    // from here on the same way as `make`
    let (campaign, reading) = read(&campaigns, &folder, None)?;
    let Some(campaign) = campaign else {
        talk::findings(&reading.findings);
        return Ok(End::Findings);
    };
    let now = args
        .now
        .unwrap_or_else(|| sanlian::clerk::before_deadline(&campaign, jiff::Timestamp::now()));
    let job = Job {
        campaign: &campaign,
        reading: &reading,
        fonts: &fonts(None)?,
        out: &args.out.join("paper"),
        keys: &args.keys.clone().unwrap_or_else(|| Config::from_env().keys),
        book: None,
        data: None,
        options: MakeOptions {
            draft: false,
            now,
            reprints: Default::default(),
        },
    };
    make::report(&job, false)
}
