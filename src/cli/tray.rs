//! `sanlian tray`: the pages that wait for a person, and closing one.

use std::path::{Path, PathBuf};

use serde::Serialize;

use sanlian::clerk::{Desk, IfMissing, TrayClose, TrayRow, Verdict};

use super::colour::{Stream, of_verdict, paint};
use super::end::End;
use super::places::AtDesk;
use super::receive::Tally;
use super::{data, desk, hours, talk};

/// Who closes a page at the command line: the same page with the same code is received once.
const BY: &str = "cli";

#[derive(Debug, clap::Args)]
pub(crate) struct Tray {
    #[command(subcommand)]
    act: Option<Act>,
    /// 以 JSON 输出
    #[arg(long, global = true)]
    json: bool,
    /// 把各页的图像存入此文件夹（PNG），供人查看；不覆盖已有的文件
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    desk: AtDesk,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// 办结一页：写明怎么处理了，或者录入页上的编码
    Close {
        /// 待处理的号，见 sanlian tray
        no: i64,
        /// 怎么处理了，如“空白页”“退回单位”
        #[arg(long, value_name = "TEXT", required_unless_present = "code")]
        outcome: Option<String>,
        /// 页上的人工编码（12 位）或二维码数字：按它登记收件，并办结这一页
        #[arg(long, value_name = "CODE")]
        code: Option<String>,
    },
}

pub(crate) fn run(args: &Tray) -> anyhow::Result<End> {
    let campaigns = desk::campaigns(&args.desk)?;
    let mut at = desk::open(&args.desk, &campaigns, IfMissing::Refuse)?;
    match &args.act {
        None => list(&mut at, args),
        Some(Act::Close { no, outcome, code }) => {
            let close = TrayClose {
                no: *no,
                outcome: outcome.as_deref().unwrap_or_default(),
                code: code.as_deref().unwrap_or_default(),
                by: BY,
                campaign: args.desk.campaign.as_deref(),
                at: desk::now(&args.desk),
            };
            self::close(&mut at, &close, args.json)
        }
    }
}

/// A page of the tray.
#[derive(Serialize)]
struct TrayLine<'a> {
    no: i64,
    at: String,
    name: &'a str,
    verdict: Verdict,
    word: &'static str,
    reason: &'a str,
    picture: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

fn list(at: &mut Desk<'_>, args: &Tray) -> anyhow::Result<End> {
    let rows = at.tray(desk::now(&args.desk))?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        let file = match &args.out {
            Some(folder) => laid_out(at, row, folder)?,
            None => None,
        };
        lines.push(TrayLine {
            no: row.no,
            at: row.at.to_string(),
            name: &row.name,
            verdict: row.verdict,
            word: row.verdict.label(),
            reason: &row.reason,
            picture: row.picture.is_some(),
            file,
        });
    }
    if args.json {
        data::json(&lines)?;
        return Ok(End::Done);
    }
    for (row, line) in rows.iter().zip(&lines) {
        data::line(&words(row, line.file.as_deref()))?;
    }
    talk::say(&match rows.len() {
        0 => "待处理中没有页。".to_owned(),
        n => format!(
            "待处理 {n} 页。办结一页，写上它的号和处理办法，如 sanlian tray close {} --outcome 空白页；或者把 --outcome 换成 --code 和页上的编码。",
            rows.first().map_or(1, |row| row.no)
        ),
    });
    Ok(End::Done)
}

fn laid_out(at: &mut Desk<'_>, row: &TrayRow, folder: &Path) -> anyhow::Result<Option<String>> {
    let path = at.lay_out_picture(row, folder)?;
    Ok(path.map(|p| p.display().to_string()))
}

/// Number, when, file and page, why, and where its picture is.
fn words(row: &TrayRow, file: Option<&str>) -> String {
    let when = hours::minute(row.at);
    let picture = match (file, &row.picture) {
        (Some(file), _) => format!("图像 {file}"),
        (None, Some(_)) => "有图像".to_owned(),
        (None, None) => "没有图像".to_owned(),
    };
    format!(
        "{}　{}　{}　{}：{}　{picture}",
        row.no,
        when,
        row.name,
        paint(Stream::Out, of_verdict(row.verdict), row.verdict.label()),
        row.reason,
    )
}

fn close(at: &mut Desk<'_>, close: &TrayClose<'_>, json: bool) -> anyhow::Result<End> {
    let answer = at.close_tray(close)?;
    let Some(answer) = answer else {
        talk::say(&format!("第 {} 号已办结。", close.no));
        return Ok(End::Done);
    };
    let mut tally = Tally::default();
    tally.show(&answer, json)?;
    talk::say(&format!("第 {} 号已办结。", close.no));
    Ok(tally.end())
}
