//! `sanlian void`.

use sanlian::clerk::IfMissing;

use super::end::End;
use super::places::AtDesk;
use super::{data, desk};

#[derive(Debug, clap::Args)]
pub(crate) struct Void {
    /// 记录编号（16 位）、二维码数字（235 位）或页上的人工编码（12 位）
    target: String,
    /// 原因
    #[arg(long)]
    reason: String,
    /// 只作废第几份；默认各份
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=15))]
    copy: Option<u8>,
    #[command(flatten)]
    desk: AtDesk,
}

pub(crate) fn run(args: &Void) -> anyhow::Result<End> {
    let campaigns = desk::campaigns(&args.desk)?;
    let mut at = desk::open(&args.desk, &campaigns, IfMissing::Refuse)?;
    let done = at.void(&args.target, args.copy, &args.reason, desk::now(&args.desk))?;
    data::line(&if done.before {
        format!("{}：此前已作废，没有改动", done.title)
    } else {
        format!(
            "{}：已作废。请重新制作（make --data），换用新打印的",
            done.title
        )
    })?;
    Ok(End::Done)
}
