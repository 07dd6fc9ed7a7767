//! `sanlian receive`: digits from a scanner that types, seals. Answers are data: a line a page, out before the next is taken.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::Serialize;

use sanlian::clerk::{
    Desk, Hint, IfMissing, PageAnswer, PageState, ReceivedPage, ScanBatch, Typed, Typist, Verdict,
    scan_files,
};
use sanlian::finding::{Finding, Severity, has_errors};

use super::colour::{Stream, in_line, of_verdict};
use super::end::End;
use super::places::AtDesk;
use super::progress::PageCount;
use super::{data, desk, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Receive {
    #[command(subcommand)]
    what: Received,
    #[command(flatten)]
    desk: AtDesk,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Received {
    /// 从标准输入读扫码枪的数字和人工编码，一行一页
    Digits(Typing),
    /// 收扫描件：逐页读标记、比对、登记；没有读出的页连同图像进入待处理
    Scan(Scans),
    /// 收报送包：验签名、校验和、大小，登记各版本和签发的各页
    Package(Packages),
    /// 公章：登记一份（二维码或人工编码）或一份记录的各份（16 位编号）已见公章
    Seal(Seal),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Typing {
    /// 这一批的名称：同名同内容的再次输入不重复登记；默认每次运行各算一批
    #[arg(long, value_name = "NAME")]
    session: Option<String>,
    /// 一页一行 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Scans {
    /// 扫描件：JPEG、PNG、TIFF、PDF，或其所在的文件夹
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// 一页一行 JSON
    #[arg(long)]
    json: bool,
    /// 同时读几页；默认每个处理器核一页
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Packages {
    /// 报送包
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 一包一行 JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Seal {
    /// 二维码数字、人工编码，或记录编号
    #[arg(required = true)]
    targets: Vec<String>,
    /// 登记为缺公章
    #[arg(long)]
    missing: bool,
}

pub(crate) fn run(args: &Receive) -> anyhow::Result<End> {
    let campaigns = desk::campaigns(&args.desk)?;
    let mut at = desk::open(&args.desk, &campaigns, IfMissing::Refuse)?;
    match &args.what {
        Received::Digits(typing) => digits(&mut at, &args.desk, typing),
        Received::Scan(scans) => self::scans(&mut at, &args.desk, scans),
        Received::Package(packages) => self::packages(&mut at, &args.desk, packages),
        Received::Seal(seal) => seals(&mut at, &args.desk, seal),
    }
}

fn digits(at: &mut Desk<'_>, place: &AtDesk, typing: &Typing) -> anyhow::Result<End> {
    let session = match &typing.session {
        Some(name) => format!("session:{name}"),
        // no two runs share a session by chance
        None => format!(
            "run:{}:{}",
            jiff::Timestamp::now().as_nanosecond(),
            std::process::id()
        ),
    };
    let mut desk = Typewriter {
        desk: at,
        place,
        json: typing.json,
        session,
        taken: 0,
        tally: Tally::default(),
    };
    let mut typist = Typist::default();
    let mut input = std::io::stdin().lock();
    let mut pending = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = input.read(&mut chunk)?;
        pending.extend_from_slice(chunk.get(..count).unwrap_or_default());
        let text = whole_text(&mut pending, count == 0);
        desk.answer(typist.take(&text))?;
        if count == 0 {
            break;
        }
        if typist.waiting() > 0 {
            talk::say(&format!("还差 {} 位，请继续。", typist.waiting()));
        }
    }
    desk.answer(typist.finish())?;
    Ok(desk.tally.end())
}

/// What of the bytes is whole characters; the rest of a character stays behind, unless nothing more comes.
fn whole_text(pending: &mut Vec<u8>, last: bool) -> String {
    let whole = match std::str::from_utf8(pending) {
        Err(e) if e.error_len().is_none() && !last => e.valid_up_to(),
        _ => pending.len(),
    };
    let bytes: Vec<u8> = pending.drain(..whole).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A scanner that types, at the desk.
struct Typewriter<'a, 'b> {
    desk: &'a mut Desk<'b>,
    place: &'a AtDesk,
    json: bool,
    session: String,
    taken: u64,
    tally: Tally,
}

impl Typewriter<'_, '_> {
    fn answer(&mut self, all: Vec<Typed>) -> anyhow::Result<()> {
        for typed in all {
            self.taken += 1;
            let source = format!("{}:{}", self.session, self.taken);
            let answer = self.desk.receive_typed(
                &typed,
                &source,
                self.place.campaign.as_deref(),
                desk::now(self.place),
            )?;
            self.tally.show(&answer, self.json)?;
        }
        Ok(())
    }
}

/// Answers so far, by verdict.
#[derive(Default)]
pub(crate) struct Tally(BTreeMap<Verdict, usize>);

impl Tally {
    /// Shows an answer and counts it.
    pub(crate) fn show(&mut self, answer: &PageAnswer, json: bool) -> anyhow::Result<()> {
        *self.0.entry(answer.verdict).or_default() += 1;
        if json {
            return data::json_line(answer);
        }
        let style = of_verdict(answer.verdict);
        let word = answer.verdict.label();
        let mut lines = answer.lines().into_iter();
        // the verdict stands in the first line
        let first = lines.next().unwrap_or_default();
        data::line(&in_line(Stream::Out, style, &first, word))?;
        lines.try_for_each(|line| data::line(&line))
    }

    /// Says the sums, and how the command ends.
    pub(crate) fn end(&self) -> End {
        let words: Vec<String> = self
            .0
            .iter()
            .map(|(v, n)| format!("{} {n}", v.label()))
            .collect();
        let all: usize = self.0.values().sum();
        talk::say(&match all {
            0 => "没有收到一页。".to_owned(),
            _ => format!("共 {all} 页：{}。", words.join("、")),
        });
        match self.0.keys().all(|v| *v == Verdict::Match) {
            true => End::Done,
            false => End::Findings,
        }
    }
}

fn scans(at: &mut Desk<'_>, place: &AtDesk, args: &Scans) -> anyhow::Result<End> {
    let batch = ScanBatch {
        files: &args.files,
        called: &BTreeMap::new(),
        threads: args.threads.map_or(0, usize::from),
        campaign: place.campaign.as_deref(),
        at: desk::now(place),
    };
    let mut tally = Tally::default();
    let mut broken = None;
    let mut bar = PageCount::of(scan_files(&args.files));
    let done = at.receive_scan(&batch, &mut |page| {
        let shown = bar.page(page.scanned, || {
            let told = |f: &&Finding| f.severity > Severity::Info;
            let findings = page.scanned.findings.iter();
            findings.filter(told).for_each(talk::finding);
            show_page(&mut tally, page, args.json)
        });
        match shown {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                broken = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    bar.end();
    if let Some(error) = broken {
        return Err(error);
    }
    show_hints(&done.hints, args.json)?;
    let scanned = done.tally;
    let blank = scanned.of(PageState::Blank);
    if blank > 0 {
        talk::say(&format!("空白页 {blank} 页，没有登记。"));
    }
    if scanned.bad_files > 0 {
        talk::say(&format!("有问题的文件 {} 个。", scanned.bad_files));
    }
    anyhow::ensure!(scanned.total() > 0, "没有一页能读");
    match (tally.end(), scanned.bad_files) {
        (End::Done, 0) => Ok(End::Done),
        _ => Ok(End::Findings),
    }
}

/// Shows the answers of a page, or that it is left out.
fn show_page(tally: &mut Tally, page: &ReceivedPage<'_>, json: bool) -> anyhow::Result<()> {
    for answer in page.answers {
        tally.show(answer, json)?;
    }
    match page.left_out() {
        None => Ok(()),
        Some(left) if json => data::json_line(&left),
        Some(left) => {
            data::line(&format!("{}：{}", left.name, left.reason))?;
            Ok(())
        }
    }
}

/// Hints for the stack, as the last line of data.
#[derive(Serialize)]
struct Hints<'a> {
    hints: &'a [Hint],
}

fn show_hints(hints: &[Hint], json: bool) -> anyhow::Result<()> {
    for hint in hints {
        talk::say(&format!("提示：{}", hint.message));
    }
    if json && !hints.is_empty() {
        data::json_line(&Hints { hints })?;
    }
    Ok(())
}

/// What became of a package, as data.
#[derive(Serialize)]
struct PackageLine<'a> {
    file: String,
    unit: &'a str,
    received: bool,
    again: bool,
    added: &'a [String],
    sheets: usize,
    findings: &'a [Finding],
}

fn packages(at: &mut Desk<'_>, place: &AtDesk, args: &Packages) -> anyhow::Result<End> {
    let mut end = End::Done;
    for file in &args.files {
        let done = at.receive_package(file, place.campaign.as_deref(), desk::now(place))?;
        let refused = !done.is_filed();
        if has_errors(&done.findings) {
            end = End::Findings;
        }
        if args.json {
            data::json_line(&PackageLine {
                file: file.display().to_string(),
                unit: &done.unit,
                received: !refused,
                again: done.again,
                added: &done.added,
                sheets: done.sheets,
                findings: &done.findings,
            })?;
            continue;
        }
        if !done.findings.is_empty() {
            talk::findings(&done.findings);
        }
        let file = file.display();
        data::line(&if refused {
            format!("{file}：没有收")
        } else if done.again {
            format!("{file}：{}，此前已收到这个包，没有改动", done.unit)
        } else if done.added.is_empty() {
            format!("{file}：{}，没有新版本，登记 {} 页", done.unit, done.sheets)
        } else {
            format!(
                "{file}：{}，{}，登记 {} 页",
                done.unit,
                done.added.join("、"),
                done.sheets
            )
        })?;
    }
    Ok(end)
}

fn seals(at: &mut Desk<'_>, place: &AtDesk, seal: &Seal) -> anyhow::Result<End> {
    for target in &seal.targets {
        let done = at.tick_seal(target, !seal.missing, desk::now(place))?;
        data::line(&format!(
            "{done}：{}",
            if seal.missing {
                "缺公章"
            } else {
                "已见公章"
            }
        ))?;
    }
    Ok(End::Done)
}
