//! New (新建): a submission folder with a workbook to fill in and the folders for photos and videos.

use std::path::Path;

use crate::campaign::Campaign;
use crate::intake::blank::blank_workbook;

use crate::clerk::error::{ClerkError, world};

/// Makes `dir` with `填报工作簿.xlsx`, `photos/`, `videos/` and `sanlian.toml`. A folder that holds anything is refused.
pub fn start(
    campaign: &Campaign,
    dir: &Path,
    channel: Option<&str>,
    unit: Option<&str>,
) -> Result<(), ClerkError> {
    if dir.exists() && std::fs::read_dir(dir).map_err(world(dir))?.next().is_some() {
        return Err(ClerkError::Refused(format!(
            "{} 不是空文件夹，没有改动。请换一个文件夹名。",
            dir.display()
        )));
    }
    if let Some(kind) = channel.filter(|kind| campaign.channel_named(kind).is_none()) {
        let known: Vec<String> = campaign
            .channels
            .iter()
            .map(|c| format!("{}（{}）", c.kind, c.label))
            .collect();
        return Err(ClerkError::Refused(format!(
            "没有推荐渠道“{kind}”。可用的渠道：{}",
            known.join("、")
        )));
    }
    let workbook =
        blank_workbook(campaign, channel, unit).map_err(|e| ClerkError::Bug(e.to_string()))?;
    for folder in ["photos", "videos"] {
        let path = dir.join(folder);
        std::fs::create_dir_all(&path).map_err(world(&path))?;
    }
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(world(&path))
    };
    write("sanlian.toml", marker(&campaign.id).as_bytes())?;
    write("填报工作簿.xlsx", &workbook)
}

/// The file that says which campaign a folder answers.
pub(in crate::clerk) fn marker(id: &str) -> String {
    format!("# 本文件夹所填报的活动\ncampaign = \"{id}\"\n")
}
