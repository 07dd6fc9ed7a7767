//! `sanlian scan`.

use std::ops::ControlFlow;
use std::path::PathBuf;

use sanlian::clerk::{
    PageState, SCAN_THREAD, ScanOptions, ScanTally, ScannedPage, is_decoding, keep_picture,
    read_issued, scan, scan_files,
};
use sanlian::config::Config;
use sanlian::finding::{Finding, Severity, has_errors};
use sanlian::store::read_trusted;

use super::colour::{Stream, in_line, of_page};
use super::end::End;
use super::places::Where;
use super::progress::PageCount;
use super::{data, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Scan {
    /// 扫描件：JPEG、PNG、TIFF、PDF，或其所在的文件夹
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// 一页一行 JSON
    #[arg(long)]
    json: bool,
    /// 密钥目录：其中的公钥是可信的
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// 签发清单（make 写的 manifest.json，可多次）：二维码破损读不出时，认最接近的已签发标记
    #[arg(long, value_name = "MANIFEST")]
    issued: Vec<PathBuf>,
    /// 没有读出、没有通过验证的页，图像存入此文件夹；不覆盖已有的文件；也可写 --out
    #[arg(short = 'o', long, alias = "out", value_name = "DIR")]
    unread: Option<PathBuf>,
    /// 同时读几页；默认每个处理器核一页
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    #[command(flatten)]
    place: Where,
}

pub(crate) fn run(args: &Scan) -> anyhow::Result<End> {
    let dir = args.keys.clone().unwrap_or_else(|| Config::from_env().keys);
    let (trusted, mut before) = read_trusted(&dir)?;
    let campaigns = args.place.campaigns()?;
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
    let options = ScanOptions {
        trusted: &trusted,
        issued: &issued,
        threads: args.threads.map_or(0, usize::from),
    };
    let mut bar = PageCount::of(scan_files(&args.files));
    let mut stopped = None;
    let tally = scan(
        &args.files,
        &options,
        &mut |page| match bar.page(&page, || show(args, &page)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                stopped = Some(error);
                ControlFlow::Break(())
            }
        },
    )?;
    bar.end();
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
    match args.json {
        true => data::json_line(&page.json())?,
        false => data::line(&line(page))?,
    }
    let told = |f: &&Finding| f.severity > Severity::Info;
    page.findings.iter().filter(told).for_each(talk::finding);
    if let Some(tray) = &args.unread
        && let Some(path) = keep_picture(tray, page)?
    {
        talk::say(&format!("         → 图像存于 {}", path.display()));
    }
    Ok(())
}

/// The line of a page, its verdict in colour.
fn line(page: &ScannedPage) -> String {
    let line = page.line();
    let words = ["签名成立", "未通过验证", "识别未验签"];
    let word = words.into_iter().find(|w| line.contains(w));
    let word = word.or_else(|| line.rsplit_once('：').map(|(_, said)| said));
    in_line(
        Stream::Out,
        of_page(page.state),
        &line,
        word.unwrap_or_default(),
    )
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

/// A decoder that breaks on a page or a photo is told as a finding of it; its own words would only stand between.
pub(crate) fn quiet_decoders() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let on_a_page = std::thread::current().name() == Some(SCAN_THREAD);
        if !on_a_page && !is_decoding() {
            usual(info);
        }
    }));
}
