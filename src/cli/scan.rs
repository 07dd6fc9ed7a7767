//! `sanlian scan`.

use std::io::IsTerminal;
use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use sanlian::clerk::{
    Campaigns, PageState, SCAN_THREAD, ScanOptions, ScanTally, ScannedPage, keep_picture,
    read_issued, scan,
};
use sanlian::config::Config;
use sanlian::finding::{Finding, Severity, has_errors};
use sanlian::store::read_trusted;

use super::args::Scan;
use super::{End, data, talk};

pub(crate) fn run(args: &Scan) -> anyhow::Result<End> {
    let dir = args.keys.clone().unwrap_or_else(|| Config::from_env().keys);
    let (trusted, mut before) = read_trusted(&dir)?;
    let campaigns = Campaigns::open(args.place.templates.as_deref())?;
    let (issued, more) = read_issued(&args.issued, &campaigns)?;
    before.extend(more);
    if !before.is_empty() {
        talk::findings(&before);
    }
    if trusted.0.is_empty() {
        talk::say(&format!(
            "密钥目录 {} 中没有公钥，标记都不会通过验证。请用 --keys 指明密钥目录。",
            dir.display()
        ));
    }
    quiet_decoders();
    let options = ScanOptions {
        trusted: &trusted,
        issued: &issued,
        threads: args.threads,
    };
    let bar = progress();
    let mut stopped = None;
    let tally = scan(&args.files, &options, &mut |page| {
        bar.inc(1);
        let shown = bar.suspend(|| show(args, &page));
        match shown {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stopped = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    bar.finish_and_clear();
    if let Some(error) = stopped {
        return Err(error);
    }
    sum(&tally);
    let good = tally.of(PageState::Verified) + tally.of(PageState::Blank) == tally.total();
    anyhow::ensure!(tally.total() > 0, "没有一页能读");
    Ok(if good && !tally.findings && !has_errors(&before) {
        End::Done
    } else {
        End::Findings
    })
}

/// One page: its line, its findings, its picture.
fn show(args: &Scan, page: &ScannedPage) -> anyhow::Result<()> {
    let line = if args.json {
        serde_json::to_string(&page.json())?
    } else {
        page.line()
    };
    data::line(&line)?;
    let told = |f: &&Finding| f.severity > Severity::Info;
    page.findings.iter().filter(told).for_each(talk::finding);
    if let Some(tray) = &args.unread
        && let Some(path) = keep_picture(tray, page)?
    {
        talk::say(&format!("         → 图像存于 {}", path.display()));
    }
    Ok(())
}

/// The sum for a person.
fn sum(tally: &ScanTally) {
    let mut said = format!(
        "{} 个文件，{} 页，{} 个标记：签名成立 {} 页",
        tally.files,
        tally.total(),
        tally.marks,
        tally.of(PageState::Verified)
    );
    for (state, word) in [
        (PageState::Unverified, "未通过验证"),
        (PageState::Unread, "没有读出"),
        (PageState::Faint, "像空白而有痕迹"),
        (PageState::Blank, "空白"),
        (PageState::Failed, "读不出"),
    ] {
        let count = tally.of(state);
        if count > 0 {
            said.push_str(&format!("，{word} {count} 页"));
        }
    }
    if tally.bad_files > 0 {
        said.push_str(&format!("；有问题的文件 {} 个", tally.bad_files));
    }
    said.push_str("。签名成立只表示标记由该密钥签发，不表示纸面未被改动。");
    talk::say(&said);
}

/// A spinner with the number of pages, on a terminal only.
fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.set_style(
        ProgressStyle::with_template("{spinner} 已读 {pos} 页（{per_sec}）")
            .unwrap_or_else(|_| ProgressStyle::default_spinner()),
    );
    bar
}

/// A decoder that breaks on a page is told as a finding of that page; its own words would only stand between.
pub(crate) fn quiet_decoders() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() != Some(SCAN_THREAD) {
            usual(info);
        }
    }));
}
