//! `sanlian make`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use sanlian::campaign::Campaign;
use sanlian::clerk::{Fonts, Job, MakeOptions, News, Reading, fonts, make_into, make_papers_into};
use sanlian::config::Config;
use sanlian::finding::{Report, has_errors};

use super::end::End;
use super::places::Submitted;
use super::{data, progress, talk};

/// What stands behind the name of a submission in the name of its output folder.
const PAPER: &str = "-纸质件";
/// What is added for drafts, so that they never take the place of originals.
const DRAFT: &str = "-草稿";
/// The same, of the papers around it.
const PAPERS: &str = "-公文";

/// What a making is given, whatever is written of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Making {
    #[command(flatten)]
    pub(crate) given: Submitted,
    /// 记录簿；默认是报送文件夹中的 records.json
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
    /// 密钥目录；默认是用户配置目录下的 sanlian/keys
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 数据目录：签发的每一页记入台账；默认取环境变量 SANLIAN_DATA，没有则不记
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// What is read of a submission for its making.
pub(crate) struct Read {
    pub(crate) campaign: Campaign,
    pub(crate) reading: Reading,
    pub(crate) fonts: Fonts,
    keys: PathBuf,
    data: Option<PathBuf>,
}

impl Making {
    /// Reads the submission; none where the campaign's templates have errors, which are told.
    pub(crate) fn read(&self) -> anyhow::Result<Option<Read>> {
        let (campaign, reading) = self.given.read()?;
        let Some(campaign) = campaign else {
            talk::findings(&reading.findings);
            return Ok(None);
        };
        let config = Config::from_env();
        Ok(Some(Read {
            campaign,
            reading,
            fonts: fonts(self.given.font_dir.as_deref())?,
            keys: self.keys.clone().unwrap_or(config.keys),
            data: self.data.clone().or(config.data),
        }))
    }

    /// The job for the clerk.
    pub(crate) fn job<'a>(&'a self, read: &'a Read, out: &'a Path, draft: bool) -> Job<'a> {
        Job {
            campaign: &read.campaign,
            reading: &read.reading,
            fonts: &read.fonts,
            out,
            keys: &read.keys,
            book: self.book.as_deref(),
            data: read.data.as_deref(),
            options: MakeOptions {
                draft,
                ..MakeOptions::at(self.given.now())
            },
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Make {
    #[command(flatten)]
    making: Making,
    /// 输出目录；已有的只会被完整的新结果替换。默认是报送文件夹旁边的“文件夹名-纸质件”
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 草稿：有错误也制作，每页印“草稿”，不带二维码
    #[arg(long)]
    draft: bool,
    /// 只做公文（公示稿、征求意见函、报送函）：别处还有错误、还没有公示结果和报告也可以做，没有的内容留空手填；默认写到“文件夹名-公文”
    #[arg(long)]
    papers: bool,
}

pub(crate) fn run(args: &Make) -> anyhow::Result<End> {
    let Some(read) = args.making.read()? else {
        return Ok(End::Findings);
    };
    let out = match &args.out {
        Some(out) => {
            anyhow::ensure!(
                out.file_name().is_some(),
                "{} 不能作输出目录。请写一个新文件夹的路径，如 -o 纸质件",
                out.display()
            );
            out.clone()
        }
        None => {
            let suffix = match (args.papers, args.draft) {
                (true, _) => PAPERS,
                (false, true) => DRAFT,
                (false, false) => PAPER,
            };
            beside(&read.reading.dir, suffix)?
        }
    };
    let job = args.making.job(&read, &out, args.draft);
    let json = args.making.given.json;
    let (end, written) = if args.papers {
        report_papers(&job, json)?
    } else {
        report(&job, json)?
    };
    if written && args.out.is_none() {
        talk::say("没有用 -o 指明输出目录，写在报送文件夹旁边。");
    }
    Ok(end)
}

/// The output folder where none is named: beside the submission, never in it, so that no reading meets it.
fn beside(submission: &Path, suffix: &str) -> anyhow::Result<PathBuf> {
    let why = || {
        format!(
            "{}：不能在它旁边建立输出目录。请用 -o 指明",
            submission.display()
        )
    };
    // `.` and `..` have no name of their own
    let named = match submission.file_name() {
        Some(_) => submission.to_path_buf(),
        None => Path::new(".")
            .join(submission)
            .canonicalize()
            .with_context(why)?,
    };
    let mut name = named.file_name().with_context(why)?.to_os_string();
    name.push(suffix);
    Ok(named.with_file_name(name))
}

/// Makes with progress on a terminal, and tells what came of it; with it, whether the paper was written.
pub(crate) fn report(job: &Job<'_>, json: bool) -> anyhow::Result<(End, bool)> {
    let made = progress::of_steps(|step| make_into(job, step))?;
    if json {
        data::json(&Report::new(&made.findings))?;
    } else {
        talk::findings(&talk::labelled(job.campaign, &made.findings));
    }
    tell_key(made.key_made.as_deref());
    let Some(files) = made.files else {
        talk::say(&format!(
            "有错误，没有制作纸质件，{} 没有改动。请改正后再做，或用 --draft 先印草稿。",
            job.out.display()
        ));
        return Ok((End::Findings, false));
    };
    made.news.iter().for_each(tell);
    talk::say(&format!(
        "已制作 {} 个{}：{}",
        files.len(),
        if job.options.draft {
            "草稿文件，没有二维码，不能签字报送"
        } else {
            "文件"
        },
        job.out.display()
    ));
    if !job.options.draft {
        let all = job.out.join("全部打印.pdf");
        talk::say(&format!(
            "打印 {}：A4、双面（长边翻转）、实际大小。",
            all.display()
        ));
    }
    let end = match has_errors(&made.findings) {
        true => End::Findings,
        false => End::Done,
    };
    Ok((end, true))
}

/// The same, of the papers around a submission alone.
fn report_papers(job: &Job<'_>, json: bool) -> anyhow::Result<(End, bool)> {
    let made = progress::of_steps(|step| make_papers_into(job, step))?;
    if json {
        data::json(&Report::new(&made.findings))?;
    } else {
        talk::findings(&talk::labelled(job.campaign, &made.findings));
    }
    let Some(files) = made.files else {
        talk::say(&format!(
            "公文上要印的内容有错误，没有制作公文，{} 没有改动。请改正后再做；其余的问题用 sanlian check 查看。",
            job.out.display()
        ));
        return Ok((End::Findings, false));
    };
    talk::say(&format!(
        "已制作 {} 个文件：{}",
        files.len(),
        job.out.display()
    ));
    talk::say("公文请用其中的 .docx 修改、补填后印发；公文不带二维码，不是记录。");
    if has_errors(&made.findings) {
        talk::say(
            "上面的错误不在公文印出的内容里，公文照做了；涉及人选资格、名额、重复推荐的，请在公示前核对。",
        );
        return Ok((End::Findings, true));
    }
    Ok((End::Done, true))
}

/// That a key was made just now.
pub(crate) fn tell_key(folder: Option<&Path>) {
    if let Some(keys) = folder {
        talk::say(&format!(
            "已生成签名密钥：{}。请另存一份备份；丢失后无法为同一批记录续签。",
            keys.display()
        ));
    }
}

/// What is new in the record book, and which printed paper is stale.
pub(crate) fn tell(news: &News) {
    let title = &news.title;
    match (news.version, news.stale) {
        (Some(version), Some((old, copies))) => {
            talk::say(&format!(
                "{title} 已变为版本{version}：此前打印的版本{old}（{copies}份）作废，须重新打印、重新盖章。"
            ));
            for difference in &news.differences {
                talk::say(&format!("    {difference}"));
            }
        }
        (Some(version), None) => talk::say(&format!("{title} 版本{version}")),
        (None, Some((old, copies))) => {
            talk::say(&format!(
                "{title} 已不在报送材料中：此前打印的版本{old}（{copies}份）不要寄出。"
            ));
        }
        (None, None) => {}
    }
}
