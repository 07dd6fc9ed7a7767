//! `sanlian make`.

use indicatif::{ProgressBar, ProgressStyle};
use sanlian::clerk::{Campaigns, Job, MakeOptions, News, fonts, make_into, read};
use sanlian::config::Config;
use sanlian::finding::{Report, has_errors};

use super::args::Make;
use super::{End, data, talk};

pub(crate) fn run(args: &Make) -> anyhow::Result<End> {
    let campaigns = Campaigns::open(args.place.templates.as_deref())?;
    let (campaign, reading) = read(&campaigns, &args.submission, args.campaign.as_deref())?;
    let Some(campaign) = campaign else {
        talk::findings(&reading.findings);
        return Ok(End::Findings);
    };
    let keys = args.keys.clone().unwrap_or_else(|| Config::from_env().keys);
    let data = args.data.clone().or_else(|| Config::from_env().data);
    let fonts = fonts(args.font_dir.as_deref())?;
    let job = Job {
        campaign: &campaign,
        reading: &reading,
        fonts: &fonts,
        out: &args.out,
        keys: &keys,
        book: args.book.as_deref(),
        data: data.as_deref(),
        options: MakeOptions {
            draft: args.draft,
            now: args.now.unwrap_or_else(jiff::Timestamp::now),
            reprints: Default::default(),
        },
    };
    report(&job, args.json)
}

/// Makes with progress on a terminal, and tells what came of it.
pub(crate) fn report(job: &Job<'_>, json: bool) -> anyhow::Result<End> {
    let made = with_progress(|progress| make_into(job, progress))?;
    if json {
        data::json(&Report::new(&made.findings))?;
    } else {
        talk::findings(&made.findings);
    }
    tell_key(made.key_made.as_deref());
    let Some(files) = made.files else {
        talk::say("有错误，没有写任何文件。请改正后再做，或用 --draft 先印草稿。");
        return Ok(End::Findings);
    };
    made.news.iter().for_each(tell);
    talk::say(&format!(
        "已制作 {} 个文件：{}",
        files.len(),
        job.out.display()
    ));
    if !job.options.draft {
        let all = job.out.join("全部打印.pdf");
        talk::say(&format!(
            "打印 {}：A4、双面（长边翻转）、实际大小。",
            all.display()
        ));
    }
    Ok(if has_errors(&made.findings) {
        End::Findings
    } else {
        End::Done
    })
}

/// An act that says what it is doing, on a terminal.
pub(crate) fn with_progress<T>(act: impl FnOnce(&mut dyn FnMut(&str)) -> T) -> T {
    let bar = ProgressBar::new_spinner();
    bar.set_style(
        ProgressStyle::with_template("{spinner} {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    let done = act(&mut |what| {
        bar.set_message(what.to_owned());
        bar.tick();
    });
    bar.finish_and_clear();
    done
}

/// That a key was made just now.
pub(crate) fn tell_key(folder: Option<&std::path::Path>) {
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
