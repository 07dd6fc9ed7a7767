//! Demo (演示): an invented submission of real size in a folder, as a secretary would have filled it.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::campaign::Campaign;
use crate::demo::submission;
use crate::intake::blank::filled_workbook;
use crate::store::{own_keys, read_trusted};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::marker::marker;
use crate::clerk::making::start::folders;

/// Seed of the drawn photos.
const SEED: u64 = 20_210_601;

/// Refuses, before anything is written, a place where a demo would stand beside what somebody has made: an output folder that
/// holds anything, and a key folder whose key is another unit's.
pub fn ready_for_demo(campaign: &Campaign, out: &Path, keys: &Path) -> Result<(), ClerkError> {
    empty(out)?;
    let own = own_keys(keys)?;
    if own.is_empty() {
        return Ok(());
    }
    let unit = submission(campaign, SEED).submission.unit;
    let unit = unit.text("name");
    let (trusted, _) = read_trusted(keys)?;
    let owner = own.iter().find_map(|own| {
        let known = trusted.entry(own.key.public());
        // a key without its public half says nothing of whose it is, and is not taken for the demo's
        let owner = known.map_or("", |key| key.owner());
        (owner != unit).then(|| owner.to_owned())
    });
    match owner {
        None => Ok(()),
        Some(owner) => Err(ClerkError::Refused(format!(
            "{} 里已有{}的签名密钥，演示要以虚构的“{unit}”的名义签发，不用它，什么都没有写。请换一个 --keys，或不写 --keys。",
            keys.display(),
            if owner.is_empty() {
                "别的单位".to_owned()
            } else {
                format!("“{owner}”")
            },
        ))),
    }
}

/// Refuses a folder that holds anything: a demo never stands in the place of what somebody has made.
fn empty(dir: &Path) -> Result<(), ClerkError> {
    if dir.exists() && std::fs::read_dir(dir).map_err(world(dir))?.next().is_some() {
        return Err(ClerkError::Refused(format!(
            "{} 里已有文件，演示不覆盖，什么都没有写。请换一个 --out，写一个新的文件夹名。",
            dir.display()
        )));
    }
    Ok(())
}

/// Writes the invented submission into `dir`, which must be new or empty; its `sanlian.toml` remembers the folder of campaigns
/// where one was named.
pub fn demo(campaign: &Campaign, dir: &Path, templates: Option<&Path>) -> Result<(), ClerkError> {
    empty(dir)?;
    let marker = marker(&campaign.id, templates)?;
    let made = submission(campaign, SEED);
    let workbook =
        filled_workbook(campaign, &made.submission).map_err(|e| ClerkError::Bug(e.to_string()))?;
    folders(dir, ["photos", "videos"])?;
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(world(&path))
    };
    write("sanlian.toml", marker.as_bytes())?;
    write("填报工作簿.xlsx", &workbook)?;
    write("报告.txt", made.report_txt.as_bytes())?;
    for (path, bytes) in &made.photos {
        write(path, bytes)?;
    }
    Ok(())
}

/// `now`, or four days before the deadline of a campaign that is over, so that a demo of it is in time.
pub fn before_deadline(campaign: &Campaign, now: Timestamp) -> Timestamp {
    let Ok(deadline) = Offset::constant(8).to_timestamp(campaign.deadline.day.at(9, 0, 0, 0))
    else {
        return now;
    };
    let Ok(early) = deadline.checked_sub(jiff::SignedDuration::from_hours(96)) else {
        return now;
    };
    if now > deadline { early } else { now }
}
