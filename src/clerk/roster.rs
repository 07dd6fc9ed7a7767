//! The roster (单位名册) and the boards of all that are on it, whether or not anything came of them.

use jiff::Timestamp;

use crate::campaign::Campaign;
use crate::receipt::{Board, UnitFile, board};
use crate::store::ledger::RosterRow;

use super::issue::channel_key;
use super::judge::local_day;
use super::{ClerkError, Desk, Visitor};

/// Most units that are imported at once.
const MOST_UNITS: usize = 5000;

impl Desk<'_> {
    /// The units that are expected.
    pub fn roster(&mut self) -> Result<Vec<RosterRow>, ClerkError> {
        Ok(self.ledger.roster()?)
    }

    /// Enters units from a list: a line a unit, its name and, behind a comma or tab, its channel by key or label. Nothing is
    /// entered where a line is not understood. Gives how many are new.
    pub fn import_roster(
        &mut self,
        campaign: &str,
        text: &str,
        by: &Visitor,
        at: Timestamp,
    ) -> Result<usize, ClerkError> {
        let known = self
            .campaign(campaign)
            .ok_or_else(|| ClerkError::Refused(format!("没有活动“{campaign}”。")))?;
        let mut units = Vec::new();
        let mut faults = Vec::new();
        for (no, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let line = line.trim();
            if line.is_empty() || (no == 1 && line.contains("单位名称")) {
                continue;
            }
            match unit_of(known, line) {
                Ok(unit) => units.push(unit),
                Err(fault) => faults.push(format!("第{no}行：{fault}")),
            }
        }
        if units.len() > MOST_UNITS {
            faults.push(format!("一次最多导入 {MOST_UNITS} 个单位"));
        }
        if units.is_empty() && faults.is_empty() {
            faults.push("名单是空的".to_owned());
        }
        if !faults.is_empty() {
            faults.truncate(20);
            return Err(ClerkError::Refused(format!(
                "名单没有导入。{}。每行写一个单位：单位名称，推荐渠道。",
                faults.join("；")
            )));
        }
        Ok(self.ledger.enter_roster(at, campaign, &units, &by.name)?)
    }

    /// The board of a unit of the roster, or of a name in a campaign of which paper or records came without it.
    pub fn board_of(&mut self, unit: &RosterRow, now: Timestamp) -> Result<Board, ClerkError> {
        let units = self.ledger.units()?;
        let found = units
            .into_iter()
            .find(|u| u.campaign == unit.campaign && u.name == unit.name);
        if let Some(found) = found {
            return self.board(&found, now);
        }
        let file = UnitFile {
            campaign: unit.campaign.clone(),
            name: unit.name.clone(),
            channel: unit.channel.clone(),
            ..UnitFile::default()
        };
        let campaign = self
            .campaign(&unit.campaign)
            .ok_or_else(|| ClerkError::Refused(format!("没有活动“{}”。", unit.campaign)))?;
        Ok(board(campaign, &file, None, local_day(now)))
    }

    /// Boards of every unit: those of the roster, and those of which something came.
    pub fn boards(
        &mut self,
        campaign: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<Board>, ClerkError> {
        let units = self.units(None, campaign)?;
        let mut boards = Vec::with_capacity(units.len());
        for unit in &units {
            boards.push(self.board(unit, now)?);
        }
        let mut roster = self.ledger.roster()?;
        roster.retain(|r| {
            campaign.is_none_or(|c| c == r.campaign)
                && !units
                    .iter()
                    .any(|u| u.campaign == r.campaign && u.name == r.name)
        });
        for unit in &roster {
            boards.push(self.board_of(unit, now)?);
        }
        boards.sort_by(|a, b| (&a.campaign, &a.unit).cmp(&(&b.campaign, &b.unit)));
        Ok(boards)
    }
}

/// Name and channel of a line.
fn unit_of(campaign: &Campaign, line: &str) -> Result<(String, String), String> {
    let (name, channel) = line
        .split_once(['\t', ',', '，'])
        .map_or((line, ""), |(a, b)| (a.trim(), b.trim()));
    let name = name.trim_matches('"').trim();
    let channel = channel.trim_matches('"').trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err("没有单位名称，或者超过 100 字".to_owned());
    }
    if channel.is_empty() {
        return Ok((name.to_owned(), String::new()));
    }
    match channel_key(campaign, channel) {
        "" => {
            let known: Vec<&str> = campaign.channels.iter().map(|c| c.label.as_str()).collect();
            Err(format!(
                "推荐渠道“{channel}”不明，可用：{}",
                known.join("、")
            ))
        }
        key => Ok((name.to_owned(), key.to_owned())),
    }
}
