//! The receiving desk (收件台): what comes in is judged and entered, what is here and missing is told. The ledger that it acts on
//! is opened in `opened`.

pub(super) mod board_workbook;
pub(super) mod expected;
pub(super) mod find;
pub(super) mod owed;
pub(super) mod package;
pub(super) mod public;
pub(super) mod receive;
pub(super) mod roster;
pub(super) mod scan;
pub(super) mod seal;
pub(super) mod slip;
pub(super) mod stack;
pub(super) mod status;
pub(super) mod tray;
pub(super) mod void;
mod works;

use std::ops::{Deref, DerefMut};

use crate::finding::Finding;
use crate::store::ledger::{IfMissing, UnitRow};

use crate::clerk::error::ClerkError;
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::opened::{DataPlaces, OpenLedger};

/// The desk, at an open ledger.
#[derive(Debug)]
pub struct Desk<'a>(OpenLedger<'a>);

impl<'a> Desk<'a> {
    /// Opens the ledger and sits down at the desk, as [`OpenLedger::open`] does.
    pub fn open(
        places: DataPlaces<'_>,
        campaigns: &'a Campaigns,
        missing: IfMissing,
    ) -> Result<(Self, Vec<Finding>), ClerkError> {
        let (open, findings) = OpenLedger::open(places, campaigns, missing)?;
        Ok((Self(open), findings))
    }
}

impl<'a> From<OpenLedger<'a>> for Desk<'a> {
    fn from(open: OpenLedger<'a>) -> Self {
        Self(open)
    }
}

impl<'a> From<Desk<'a>> for OpenLedger<'a> {
    fn from(desk: Desk<'a>) -> Self {
        desk.0
    }
}

impl<'a> Deref for Desk<'a> {
    type Target = OpenLedger<'a>;

    fn deref(&self) -> &OpenLedger<'a> {
        &self.0
    }
}

impl<'a> DerefMut for Desk<'a> {
    fn deref_mut(&mut self) -> &mut OpenLedger<'a> {
        &mut self.0
    }
}

impl Desk<'_> {
    /// The units that a name means: of that very name, else all whose name holds it; all units where none is named.
    pub(super) fn units(
        &mut self,
        named: Option<&str>,
        campaign: Option<&str>,
    ) -> Result<Vec<UnitRow>, ClerkError> {
        let mut units = self.ledger.units()?;
        units.retain(|u| campaign.is_none_or(|c| c == u.campaign));
        let Some(named) = named else {
            return Ok(units);
        };
        if units.iter().any(|u| u.name == named) {
            units.retain(|u| u.name == named);
        } else {
            let known: Vec<String> = units.iter().map(|u| u.name.clone()).collect();
            units.retain(|u| u.name.contains(named));
            if units.is_empty() {
                return Err(ClerkError::Refused(format!(
                    "台账中没有单位“{named}”。已有：{}。",
                    shortened(&known)
                )));
            }
        }
        Ok(units)
    }

    /// The one unit that a name means.
    pub(super) fn unit(
        &mut self,
        named: &str,
        campaign: Option<&str>,
    ) -> Result<UnitRow, ClerkError> {
        let named = named.trim();
        if named.is_empty() {
            return Err(ClerkError::refused(
                "没有写单位。请写单位全称，或其中一段。",
            ));
        }
        let mut units = match self.units(Some(named), campaign) {
            Ok(units) => units,
            Err(error) => return Err(self.listed_only(named, campaign)?.unwrap_or(error)),
        };
        if units.len() > 1 {
            let names: Vec<String> = units
                .iter()
                .map(|u| format!("{}（{}）", u.name, u.campaign))
                .collect();
            return Err(ClerkError::Refused(format!(
                "“{named}”不止一个单位：{}。请写全称，或用 --campaign 指定活动。",
                shortened(&names)
            )));
        }
        units
            .pop()
            .ok_or_else(|| ClerkError::Refused(format!("台账中没有单位“{named}”。")))
    }

    /// That a unit stands on the roster and sent nothing; none where it does not stand there.
    fn listed_only(
        &mut self,
        named: &str,
        campaign: Option<&str>,
    ) -> Result<Option<ClerkError>, ClerkError> {
        let roster = self.ledger.roster()?;
        let is_it = |name: &str| name.contains(named);
        let mut of = roster
            .iter()
            .filter(|r| campaign.is_none_or(|c| c == r.campaign) && is_it(&r.name));
        Ok(of.next().map(|row| {
            ClerkError::Refused(format!(
                "“{}”在单位名册上，但一份材料也没有收到，还没有可以写的内容。收到报送包或纸质件后再办。",
                row.name
            ))
        }))
    }
}

/// A few names of a long list.
pub(super) fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    match names.len() {
        0 => "（无）".to_owned(),
        n if n > SHOWN => format!("{}等 {n} 个", shown.join("、")),
        _ => shown.join("、"),
    }
}
