//! Who is expected (应报单位): the organiser's roster joined with the units of which something came, so that a unit that sent nothing
//! is counted and telephoned like any other, and a unit that nobody expected is seen too.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use crate::receipt::{Arrival, Board, UnitFile, board};
use crate::store::ledger::{RosterRow, UnitContact, UnitRow};

use crate::clerk::desk::Desk;
use crate::clerk::error::ClerkError;

/// A unit as roster and ledger know it; one of the two at least does.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    /// What of it is filed.
    pub(super) filed: Option<UnitRow>,
    /// Its line in the roster.
    listed: Option<RosterRow>,
    /// Whether its campaign has a roster at all.
    rostered: bool,
}

impl Expected {
    /// Its name: as it was filed, else as it is expected.
    pub(super) fn name(&self) -> &str {
        let filed = self.filed.as_ref().map(|u| u.name.as_str());
        filed.unwrap_or_else(|| self.listed.as_ref().map_or("", |r| &r.name))
    }

    /// Id of its campaign.
    pub(super) fn campaign(&self) -> &str {
        let filed = self.filed.as_ref().map(|u| u.campaign.as_str());
        filed.unwrap_or_else(|| self.listed.as_ref().map_or("", |r| &r.campaign))
    }
}

/// How many of the units sent what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Units in all.
    pub units: usize,
    /// Of which everything is here.
    pub complete: usize,
    /// Of which something is here.
    pub partial: usize,
    /// Of which nothing is here.
    pub nothing: usize,
}

/// How many of those that are expected sent what (应报、已到齐、部分、未报). Units that were erased count nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Turnout {
    /// Units of the rosters.
    pub listed: Count,
    /// Units of which something came though the roster of their campaign does not name them.
    pub unlisted: Count,
    /// Units of campaigns without a roster: those that sent nothing are not among them.
    pub unknown: Count,
    /// Sheets that were received and of whose records none is in the ledger: they may be anybody's.
    pub sheets_of_nobody: usize,
}

impl Turnout {
    /// Counts boards.
    pub fn of(boards: &[Board], sheets_of_nobody: usize) -> Self {
        let mut turnout = Self {
            sheets_of_nobody,
            ..Self::default()
        };
        for board in boards {
            let count = match board.expected {
                Some(true) => &mut turnout.listed,
                Some(false) => &mut turnout.unlisted,
                None => &mut turnout.unknown,
            };
            let kind = match board.arrival {
                Arrival::Nothing => &mut count.nothing,
                Arrival::Partial => &mut count.partial,
                Arrival::Complete => &mut count.complete,
                Arrival::Erased => continue,
            };
            *kind += 1;
            count.units += 1;
        }
        turnout
    }

    /// The same in sentences.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let Self {
            listed,
            unlisted,
            unknown,
            sheets_of_nobody,
        } = self;
        if listed.units > 0 {
            words.push_str(&format!(
                "应报 {} 个单位，已到齐 {}，部分 {}，未报 {}。",
                listed.units, listed.complete, listed.partial, listed.nothing
            ));
        }
        if unlisted.units > 0 {
            words.push_str(&format!(
                "另有 {} 个单位不在名册上而有材料，已到齐 {}。",
                unlisted.units, unlisted.complete
            ));
        }
        if unknown.units > 0 || listed.units + unlisted.units == 0 {
            words.push_str(&format!(
                "没有单位名册，只统计已有材料的 {} 个单位，已到齐 {}，部分 {}；一份材料也没有的单位不在其中。请导入单位名册（sanlian roster import 名单.xlsx --campaign 活动，或网页“单位”一页）。",
                unknown.units, unknown.complete, unknown.partial
            ));
        }
        if *sheets_of_nobody > 0 {
            words.push_str(&format!(
                "另有 {sheets_of_nobody} 页纸已收到而没有电子件，不知属于哪个单位，请催报送包。"
            ));
        }
        words
    }
}

impl Desk<'_> {
    /// Every unit that is expected or of which something came: of all campaigns where none is named.
    pub(super) fn expected(&mut self, campaign: Option<&str>) -> Result<Vec<Expected>, ClerkError> {
        let units = self.units(None, campaign)?;
        let mut roster = self.ledger.roster()?;
        roster.retain(|r| campaign.is_none_or(|c| c == r.campaign));
        let rostered: BTreeSet<String> = roster.iter().map(|r| r.campaign.clone()).collect();
        let lines: BTreeMap<(String, String), &RosterRow> = roster
            .iter()
            .map(|r| ((r.campaign.clone(), plain(&r.name)), r))
            .collect();
        let line = |campaign: &String, name: &str| lines.get(&(campaign.clone(), plain(name)));
        let mut found = BTreeSet::new();
        let mut expected = Vec::with_capacity(units.len());
        for unit in units {
            // by its name, else by the name with which its record book was begun
            let listed = line(&unit.campaign, &unit.name);
            let listed = listed.or_else(|| line(&unit.campaign, &unit.begun));
            let listed = listed.map(|r| (*r).clone());
            found.extend(listed.iter().map(|r| r.no));
            expected.push(Expected {
                rostered: rostered.contains(&unit.campaign),
                filed: Some(unit),
                listed,
            });
        }
        roster.retain(|r| !found.contains(&r.no));
        expected.extend(roster.into_iter().map(|row| Expected {
            filed: None,
            listed: Some(row),
            rostered: true,
        }));
        expected.sort_by(|a, b| (a.campaign(), a.name()).cmp(&(b.campaign(), b.name())));
        Ok(expected)
    }

    /// The units that a name means: of that very name, else all whose name holds it; all units where none is named.
    pub(super) fn expected_named(
        &mut self,
        named: Option<&str>,
        campaign: Option<&str>,
    ) -> Result<Vec<Expected>, ClerkError> {
        let mut all = self.expected(campaign)?;
        let Some(named) = named else { return Ok(all) };
        if all.iter().any(|u| u.name() == named) {
            all.retain(|u| u.name() == named);
        } else if all.iter().any(|u| u.name().contains(named)) {
            all.retain(|u| u.name().contains(named));
        } else {
            let known: Vec<String> = all.iter().map(|u| u.name().to_owned()).collect();
            return Err(ClerkError::Refused(format!(
                "台账中没有单位“{named}”，名册上也没有。已有：{}。",
                crate::clerk::desk::shortened(&known)
            )));
        }
        Ok(all)
    }

    /// The board of a unit, of which perhaps nothing came.
    pub(super) fn expected_board(
        &mut self,
        unit: &Expected,
        now: Timestamp,
    ) -> Result<Board, ClerkError> {
        let mut board = match (&unit.filed, &unit.listed) {
            (Some(filed), _) => self.board(filed, now)?,
            (None, Some(listed)) => self.empty_board(listed, now)?,
            (None, None) => return Err(ClerkError::Bug("应报单位".to_owned())),
        };
        board.expected = unit.rostered.then_some(unit.listed.is_some());
        Ok(board)
    }

    /// The board of a unit of which nothing came.
    pub(super) fn empty_board(
        &mut self,
        unit: &RosterRow,
        now: Timestamp,
    ) -> Result<Board, ClerkError> {
        let file = UnitFile {
            campaign: unit.campaign.clone(),
            name: unit.name.clone(),
            channel: unit.channel.clone(),
            ..UnitFile::default()
        };
        let campaign = self
            .campaign(&unit.campaign)
            .ok_or_else(|| ClerkError::Refused(format!("没有活动“{}”。", unit.campaign)))?;
        Ok(board(campaign, &file, None, now))
    }

    /// Whom to telephone: as the unit's own material says, else as the roster does, else as one of `others` of that very name said in
    /// another campaign.
    pub(super) fn contact_of(
        &mut self,
        unit: &Expected,
        others: &ByName,
    ) -> Result<UnitContact, ClerkError> {
        if let Some(filed) = &unit.filed {
            let own = self.ledger.contact(filed)?;
            if !own.phones.is_empty() {
                return Ok(own);
            }
        }
        if let Some(listed) = &unit.listed {
            let listed = self.ledger.roster_contact(listed)?;
            if !listed.phones.is_empty() {
                return Ok(listed);
            }
        }
        for other in others.0.get(&plain(unit.name())).into_iter().flatten() {
            let contact = self.ledger.contact(other)?;
            if !contact.phones.is_empty() {
                return Ok(contact);
            }
        }
        Ok(UnitContact::default())
    }

    /// The units of all campaigns by their names.
    pub(super) fn by_name(&mut self) -> Result<ByName, ClerkError> {
        let mut by: BTreeMap<String, Vec<UnitRow>> = BTreeMap::new();
        for unit in self.ledger.units()? {
            by.entry(plain(&unit.name)).or_default().push(unit);
        }
        Ok(ByName(by))
    }

    /// How many of the units of these boards sent what, with the sheets that may be anybody's.
    pub fn turnout(&mut self, boards: &[Board]) -> Result<Turnout, ClerkError> {
        Ok(Turnout::of(boards, self.ledger.sheets_of_nobody()?))
    }
}

/// Units by their plain names.
pub(super) struct ByName(BTreeMap<String, Vec<UnitRow>>);

/// A name without blanks and with brackets of one width: lists and workbooks write them as they please.
fn plain(name: &str) -> String {
    let chars = name.chars().filter(|c| !c.is_whitespace());
    chars
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            _ => c,
        })
        .collect()
}

/// Whether two names are the same but for how they are written.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    plain(a) == plain(b)
}
