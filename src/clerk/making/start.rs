//! New (新建): a submission folder with a workbook to fill in and the folders for photos and videos.

use std::path::Path;

use crate::campaign::Campaign;
use crate::intake::blank::blank_workbook;
use crate::intake::blank_cards::blank_card_workbook;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::marker::marker;

/// How a new folder begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Begin<'a> {
    /// The channel: its kind, label or an alias.
    pub channel: Option<&'a str>,
    /// The unit's full name.
    pub unit: Option<&'a str>,
    /// How many cards (a sheet for each person) the workbook has; none for lists with a row each.
    pub cards: Option<u16>,
    /// The folder of campaigns that `sanlian.toml` remembers; none for the built-in ones.
    pub templates: Option<&'a Path>,
}

/// Makes folders inside one, and that one where it is not there.
pub(super) fn folders<'n>(
    dir: &Path,
    names: impl IntoIterator<Item = &'n str>,
) -> Result<(), ClerkError> {
    for name in names {
        let path = dir.join(name);
        std::fs::create_dir_all(&path).map_err(world(&path))?;
    }
    Ok(())
}

/// Makes `dir` with `填报工作簿.xlsx`, `photos/`, `videos/`, folders of works and `sanlian.toml`. A folder that holds anything is refused.
pub fn start(campaign: &Campaign, dir: &Path, begin: &Begin<'_>) -> Result<(), ClerkError> {
    let (channel, unit) = (begin.channel, begin.unit);
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
    let marker = marker(&campaign.id, begin.templates)?;
    let workbook = match begin.cards {
        Some(cards) => blank_card_workbook(campaign, channel, unit, cards),
        None => blank_workbook(campaign, channel, unit),
    };
    let workbook = workbook.map_err(|e| ClerkError::Bug(e.to_string()))?;
    let of_works = campaign.work_lists().map(|sheet| sheet.folder.as_str());
    folders(dir, ["photos", "videos"].into_iter().chain(of_works))?;
    let write = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, bytes).map_err(world(&path))
    };
    write("sanlian.toml", marker.as_bytes())?;
    write("填报工作簿.xlsx", &workbook)
}
