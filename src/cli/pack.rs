//! `sanlian pack`.

use std::path::PathBuf;

use sanlian::clerk::{PackOptions, pack};
use sanlian::finding::{Report, has_errors};

use super::end::End;
use super::make::Making;
use super::{data, make, progress, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Pack {
    #[command(flatten)]
    making: Making,
    /// 报送包
    #[arg(short, long, value_name = "FILE.zip")]
    out: PathBuf,
    /// make 的输出目录：装入其中已经打印的文件；默认重新制作
    #[arg(long, value_name = "DIR")]
    paper: Option<PathBuf>,
    /// 不装入视频，另行报送
    #[arg(long)]
    no_videos: bool,
}

pub(crate) fn run(args: &Pack) -> anyhow::Result<End> {
    let Some(read) = args.making.read()? else {
        return Ok(End::Findings);
    };
    anyhow::ensure!(
        !args.out.is_dir(),
        "{} 是文件夹，请在 --out 中写报送包的文件名，如 报送包.zip",
        args.out.display()
    );
    let job = args.making.job(&read, &args.out, false);
    let options = PackOptions {
        paper: args.paper.as_deref(),
        videos: !args.no_videos,
    };
    let packed = progress::of_steps(|step| pack(&job, &options, step))?;
    if args.making.given.json {
        data::json(&Report::new(&packed.findings))?;
    } else {
        talk::findings(&talk::labelled(job.campaign, &packed.findings));
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
        "报送包含有身份证号等个人信息，没有加密：请用U盘或内部渠道传送，收件单位用“receive package”命令收件。",
    );
    Ok(if has_errors(&packed.findings) {
        End::Findings
    } else {
        End::Done
    })
}
