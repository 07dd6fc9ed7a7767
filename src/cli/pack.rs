//! `sanlian pack`.

use sanlian::clerk::{Campaigns, Job, MakeOptions, PackOptions, fonts, pack, read};
use sanlian::config::Config;
use sanlian::finding::{Report, has_errors};

use super::args::Pack;
use super::{End, data, make, talk};

pub(crate) fn run(args: &Pack) -> anyhow::Result<End> {
    let campaigns = Campaigns::open(args.place.templates.as_deref())?;
    let (campaign, reading) = read(&campaigns, &args.submission, args.campaign.as_deref())?;
    let Some(campaign) = campaign else {
        talk::findings(&reading.findings);
        return Ok(End::Findings);
    };
    anyhow::ensure!(
        !args.out.is_dir(),
        "{} 是文件夹，请在 --out 中写报送包的文件名，如 报送包.zip",
        args.out.display()
    );
    let config = Config::from_env();
    let job = Job {
        campaign: &campaign,
        reading: &reading,
        fonts: &fonts(args.font_dir.as_deref())?,
        out: &args.out,
        keys: &args.keys.clone().unwrap_or(config.keys),
        book: args.book.as_deref(),
        data: args.data.as_deref().or(config.data.as_deref()),
        options: MakeOptions {
            draft: false,
            now: args.now.unwrap_or_else(jiff::Timestamp::now),
            reprints: Default::default(),
        },
    };
    let options = PackOptions {
        paper: args.paper.as_deref(),
        videos: !args.no_videos,
        limits: Default::default(),
    };
    let packed = make::with_progress(|progress| pack(&job, &options, progress))?;
    if args.json {
        data::json(&Report::new(&packed.findings))?;
    } else {
        talk::findings(&packed.findings);
    }
    make::tell_key(packed.key_made.as_deref());
    let Some((files, bytes)) = packed.written else {
        talk::say("有错误，没有写报送包。请改正后再运行。");
        return Ok(End::Findings);
    };
    packed.news.iter().for_each(make::tell);
    talk::say(&format!(
        "已打包 {files} 个文件，共 {:.1} MB：{}",
        bytes as f64 / 1e6,
        args.out.display()
    ));
    talk::say(
        "报送包含有身份证号等个人信息，没有加密：请用U盘或内部渠道传送，收件单位用 sanlian receive package 收件。",
    );
    Ok(if has_errors(&packed.findings) {
        End::Findings
    } else {
        End::Done
    })
}
