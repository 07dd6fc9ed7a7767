//! Opening the desk for a command.

use std::path::PathBuf;

use anyhow::Context;

use sanlian::clerk::{Campaigns, Desk, DeskPlaces, IfMissing};
use sanlian::config::Config;

use super::args::AtDesk;
use super::talk;

/// The campaigns that a desk knows; they outlive it.
pub(crate) fn campaigns(args: &AtDesk) -> anyhow::Result<Campaigns> {
    Ok(Campaigns::open(args.templates.as_deref())?)
}

/// Opens the desk and shows what is wrong with its keys.
pub(crate) fn open<'a>(
    args: &AtDesk,
    campaigns: &'a Campaigns,
    missing: IfMissing,
) -> anyhow::Result<Desk<'a>> {
    let config = Config::from_env();
    let data: PathBuf = args
        .data
        .clone()
        .or(config.data)
        .context("没有指明数据目录。请用 --data，或设置环境变量 SANLIAN_DATA")?;
    let keys = args.keys.clone().unwrap_or(config.keys);
    let places = DeskPlaces {
        data: &data,
        keys: &keys,
    };
    let (desk, findings) = Desk::open(places, campaigns, missing)?;
    if !findings.is_empty() {
        talk::findings(&findings);
    }
    Ok(desk)
}

/// The time at which the command is done.
pub(crate) fn now(args: &AtDesk) -> jiff::Timestamp {
    args.now.unwrap_or_else(jiff::Timestamp::now)
}
