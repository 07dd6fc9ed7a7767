//! `sanlian void`.

use sanlian::clerk::IfMissing;

use super::args::Void;
use super::{End, data, desk};

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
