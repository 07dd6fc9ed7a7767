//! `sanlian demo`: the whole way on an invented submission, under a key of its own.

use std::path::{Path, PathBuf};

use sanlian::campaign::USUAL;
use sanlian::clerk::{Job, MakeOptions, demo, fonts, read, ready_for_demo};
use sanlian::config::Config;

use super::end::End;
use super::places::Where;
use super::{lists, make, shell, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// 输出目录：其下 submission/ 是报送材料，paper/ 是纸质件，keys/ 是演示自己的密钥；须是新的或空的文件夹
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// 活动
    #[arg(long, default_value = USUAL)]
    campaign: String,
    /// 按此时刻制作（RFC 3339）；默认取当前时刻，报送期限已过时取期限前四天
    #[arg(long, value_name = "RFC3339")]
    now: Option<jiff::Timestamp>,
    /// 演示另用的密钥目录；默认是输出目录下的 keys，从不用本人的密钥目录
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    #[command(flatten)]
    place: Where,
}

pub(crate) fn run(args: &Demo) -> anyhow::Result<End> {
    let campaigns = args.place.campaigns()?;
    let Some(campaign) = lists::load(&campaigns, &args.campaign)? else {
        return Ok(End::Findings);
    };
    let keys = args.keys.clone().unwrap_or_else(|| args.out.join("keys"));
    not_the_users_own(&keys)?;
    let folder = args.out.join("submission");
    ready_for_demo(&campaign, &args.out, &keys)?;
    talk::say("正在绘制照片、填写工作簿……");
    demo(&campaign, &folder, args.place.templates().as_deref())?;
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
    let paper = args.out.join("paper");
    let job = Job {
        campaign: &campaign,
        reading: &reading,
        fonts: &fonts(None)?,
        out: &paper,
        keys: &keys,
        book: None,
        data: None,
        options: MakeOptions::at(now),
    };
    let (end, _) = make::report(&job, false)?;
    talk::say(&format!(
        "演示用自己的密钥：{keys}，与您的密钥目录无关。接着演示时请加 --keys，例如 sanlian verify {made} --keys {keys}",
        keys = shell::path(&keys),
        made = shell::path(&paper.join("manifest.json")),
    ));
    Ok(end)
}

/// Refuses the folder whose key issues real paper: invented records would be signed in the unit's name.
fn not_the_users_own(keys: &Path) -> anyhow::Result<()> {
    let real = |path: &Path| {
        let whole = path.canonicalize().or_else(|_| std::path::absolute(path));
        whole.unwrap_or_else(|_| path.to_path_buf())
    };
    let own = Config::from_env().keys;
    anyhow::ensure!(
        real(keys) != real(&own),
        "{} 是您的密钥目录，演示不用它签发虚构的材料。请换一个 --out 或 --keys。",
        keys.display()
    );
    Ok(())
}
