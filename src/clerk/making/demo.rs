//! Demo (演示): an invented submission of real size in a folder, as a secretary would have filled it.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::campaign::Campaign;
use crate::demo::submission;
use crate::intake::blank::filled_workbook;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::start::marker;

/// Seed of the drawn photos.
const SEED: u64 = 20_210_601;

/// Writes the invented submission into `dir`; a folder from an earlier demo is replaced, its record book kept.
pub fn demo(campaign: &Campaign, dir: &Path) -> Result<(), ClerkError> {
    let foreign = dir.exists() && !dir.join("sanlian.toml").is_file();
    if foreign && std::fs::read_dir(dir).map_err(world(dir))?.next().is_some() {
        return Err(ClerkError::Refused(format!(
            "{} 不是演示文件夹，没有改动。请换一个 --out。",
            dir.display()
        )));
    }
    let made = submission(campaign, SEED);
    let workbook =
        filled_workbook(campaign, &made.submission).map_err(|e| ClerkError::Bug(e.to_string()))?;
    for folder in ["photos", "videos"] {
        let path = dir.join(folder);
        std::fs::create_dir_all(&path).map_err(world(&path))?;
    }
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(world(&path))
    };
    write("sanlian.toml", marker(&campaign.id).as_bytes())?;
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
