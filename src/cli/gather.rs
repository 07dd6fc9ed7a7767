//! `sanlian gather`.

use std::path::PathBuf;

use sanlian::clerk::{GatherJob, GatherNews, gather_into};
use sanlian::config::Config;
use sanlian::finding::{Report, has_errors};

use super::end::End;
use super::places::Where;
use super::{data, shell, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Gather {
    /// 各单位的报送文件夹、报送包
    #[arg(required = true, value_name = "SUBMISSION")]
    sources: Vec<PathBuf>,
    /// 汇集到的报送文件夹：新建的，或以前汇集过的
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// 活动，如 hebei-zuimei-2021；已有文件夹的不用写
    #[arg(long, value_name = "ID")]
    campaign: Option<String>,
    /// 汇集单位的推荐渠道，如 省国防科工办
    #[arg(long, value_name = "KIND")]
    channel: Option<String>,
    /// 汇集单位的全称
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// 只要这些人，并照这个次序：姓名用“、”或逗号隔开
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    select: Option<Vec<String>>,
    /// 密钥目录：信任的公钥；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 数据目录（台账）：哪把密钥可以代表哪个单位；默认取环境变量 SANLIAN_DATA，没有则只看密钥目录
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

pub(crate) fn run(args: &Gather) -> anyhow::Result<End> {
    let campaigns = args.place.campaigns_for(&args.out)?;
    let config = Config::from_env();
    let keys = args.keys.clone().unwrap_or(config.keys);
    let data = args.data.clone().or(config.data);
    let select = args.select.as_ref().map(|names| {
        let all = names.iter().flat_map(|n| n.split(['、', '，', ',']));
        let all = all.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
        all.collect::<Vec<String>>()
    });
    let job = GatherJob {
        sources: &args.sources,
        out: &args.out,
        campaign: args.campaign.as_deref(),
        channel: args.channel.as_deref(),
        unit: args.unit.as_deref(),
        select: select.as_deref(),
        templates: args.place.templates.as_deref(),
        keys: &keys,
        data: data.as_deref(),
    };
    let done = gather_into(&campaigns, &job)?;
    if args.json {
        data::json(&Report::new(&done.findings))?;
    } else {
        talk::findings(&done.findings);
    }
    if !done.written {
        talk::say("有错误，没有汇集，文件夹没有改动。请改正后再运行。");
        return Ok(End::Findings);
    }
    for line in &done.lines {
        let who = format!("{}（{}）", line.name, line.unit);
        match &line.news {
            GatherNews::New => talk::say(&format!("新来：{who}")),
            GatherNews::Corrected(fields) => {
                talk::say(&format!("更正：{who}：{}", fields.join("、")));
            }
            GatherNews::LeftOut => talk::say(&format!("没有入选：{who}")),
            // told as findings
            GatherNews::Conflict(_) | GatherNews::Gone | GatherNews::Twice(_) => {}
        }
    }
    if !args.json {
        for (n, (name, unit)) in (1..).zip(&done.list) {
            let unit = if unit.is_empty() {
                "本单位自己填的"
            } else {
                unit
            };
            data::line(&format!("{n}　{name}　{unit}"))?;
        }
    }
    talk::say(&format!(
        "已汇集 {} 名到 {}。各单位的报告在其中的 汇集/各单位报告；请写本单位的报告，排好次序，再校验：sanlian check {}",
        done.list.len(),
        args.out.display(),
        shell::path(&args.out)
    ));
    Ok(if has_errors(&done.findings) {
        End::Findings
    } else {
        End::Done
    })
}
