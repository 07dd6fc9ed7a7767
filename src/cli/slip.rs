//! `sanlian slip`.

use std::path::PathBuf;

use sanlian::clerk::{IfMissing, fonts};
use sanlian::store::write_result;

use super::end::End;
use super::places::AtDesk;
use super::{desk, talk};

#[derive(Debug, clap::Args)]
pub(crate) struct Slip {
    /// 单位全称或其中一段
    unit: String,
    /// 输出文件；默认是当前目录下的“收件回执-单位.pdf”
    #[arg(short, long, value_name = "FILE.pdf")]
    out: Option<PathBuf>,
    #[command(flatten)]
    desk: AtDesk,
}

pub(crate) fn run(args: &Slip) -> anyhow::Result<End> {
    let campaigns = desk::campaigns(&args.desk)?;
    let mut at = desk::open(&args.desk, &campaigns, IfMissing::Refuse)?;
    let campaign = args.desk.campaign.as_deref();
    let slip = at.slip(&args.unit, campaign, &fonts(None)?, desk::now(&args.desk))?;
    let path = args
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(&slip.name));
    write_result(&path, &slip.pdf)?;
    talk::say(&format!(
        "{}　{}：{}",
        slip.board.unit,
        slip.board.timeliness_word,
        path.display()
    ));
    Ok(End::Done)
}
