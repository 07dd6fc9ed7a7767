//! Opening the desk for a command.

use sanlian::clerk::{Campaigns, Desk, IfMissing};

use super::places::AtDesk;
use super::{data, talk};

/// The campaigns that a desk knows; they outlive it.
pub(crate) fn campaigns(args: &AtDesk) -> anyhow::Result<Campaigns> {
    args.templates.campaigns()
}

/// Opens the desk and shows what is wrong with its keys.
pub(crate) fn open<'a>(
    args: &AtDesk,
    campaigns: &'a Campaigns,
    missing: IfMissing,
) -> anyhow::Result<Desk<'a>> {
    data::at_desk();
    let found = args.place.folders.found()?;
    let (desk, findings) = Desk::open(found.places(), campaigns, missing)?;
    if !findings.is_empty() {
        talk::findings(&findings);
    }
    Ok(desk)
}

/// The time at which the command is done.
pub(crate) fn now(args: &AtDesk) -> jiff::Timestamp {
    args.place.now()
}
