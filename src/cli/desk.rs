//! Opening the desk for a command.

use std::path::PathBuf;

use anyhow::Context;

use sanlian::clerk::{Campaigns, DataPlaces, Desk, IfMissing};
use sanlian::config::Config;

use super::args::AtDesk;
use super::talk;

/// The campaigns that a desk knows; they outlive it.
pub(crate) fn campaigns(args: &AtDesk) -> anyhow::Result<Campaigns> {
    Ok(Campaigns::open(args.templates.as_deref())?)
}

/// Data folder and key folder: as named, else as configured.
pub(crate) fn folders(
    data: Option<&PathBuf>,
    keys: Option<&PathBuf>,
) -> anyhow::Result<(PathBuf, PathBuf)> {
    let config = Config::from_env();
    let data = data
        .cloned()
        .or(config.data)
        .context("没有指明数据目录。请用 --data，或设置环境变量 SANLIAN_DATA")?;
    Ok((data, keys.cloned().unwrap_or(config.keys)))
}

/// Opens the desk and shows what is wrong with its keys.
pub(crate) fn open<'a>(
    args: &AtDesk,
    campaigns: &'a Campaigns,
    missing: IfMissing,
) -> anyhow::Result<Desk<'a>> {
    let (data, keys) = folders(args.data.as_ref(), args.keys.as_ref())?;
    let places = DataPlaces {
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
