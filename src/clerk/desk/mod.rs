//! The receiving desk (收件台): the open ledger with the keys that it trusts and the campaigns that it knows. Acts at the desk
//! are in `receive`, `void`, `status`, `expected` and `seal`.

pub(super) mod board_book;
pub(super) mod expected;
pub(super) mod find;
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

use std::collections::BTreeMap;
use std::path::Path;

use crate::campaign::Campaign;
use crate::finding::{Finding, Place};
use crate::mark::TrustedKeys;
use crate::store::ledger::{IfMissing, Ledger, UnitRow};
use crate::store::{Vault, read_trusted};

use super::{Campaigns, ClerkError};

/// Where a desk finds what it needs.
#[derive(Clone, Copy, Debug)]
pub struct DeskPlaces<'a> {
    /// Data folder: ledger and objects.
    pub data: &'a Path,
    /// Key folder: trusted keys and the vault key.
    pub keys: &'a Path,
}

/// An open desk.
#[derive(Debug)]
pub struct Desk<'a> {
    pub(super) ledger: Ledger,
    pub(super) trusted: TrustedKeys,
    pub(super) campaigns: &'a Campaigns,
    loaded: BTreeMap<String, Option<Campaign>>,
    /// The edition of the campaigns that were loaded.
    edition: u64,
}

impl<'a> Desk<'a> {
    /// Opens the desk; findings tell of key files that could not be read. With [`IfMissing::Make`] an empty ledger is made
    /// where there is none.
    pub fn open(
        places: DeskPlaces<'_>,
        campaigns: &'a Campaigns,
        missing: IfMissing,
    ) -> Result<(Self, Vec<Finding>), ClerkError> {
        if missing == IfMissing::Refuse {
            // a wrong folder is said before a wrong key
            Ledger::look_for(places.data)?;
        }
        let vault = Vault::open(places.keys, missing == IfMissing::Make)?;
        let mut ledger = Ledger::open(places.data, vault, missing)?;
        campaigns.take_over(ledger.decided()?);
        let (trusted, mut findings) = read_trusted(places.keys)?;
        if ledger.is_disputed() {
            findings.push(Finding::warning(
                "W3",
                Place::file(ledger.path().display().to_string()),
                "审计日志的末尾与密钥目录中记下的不符：末尾被截去，或者台账是早先的副本。",
                "请用 sanlian audit verify 核对，并查明台账文件是谁、在何时换过。",
            ));
        }
        let desk = Self {
            ledger,
            trusted,
            campaigns,
            loaded: BTreeMap::new(),
            edition: campaigns.edition(),
        };
        Ok((desk, findings))
    }

    /// Reads the trusted keys again, as a desk that stays open must when its key folder changes.
    pub fn renew_trust(&mut self, keys: &Path) -> Result<(), ClerkError> {
        self.trusted = read_trusted(keys)?.0;
        Ok(())
    }

    /// The keys that the desk trusts.
    pub fn trusted(&self) -> &TrustedKeys {
        &self.trusted
    }

    /// The campaign of an id, loaded once; none where there is no such campaign or its templates have errors.
    pub(super) fn campaign(&mut self, id: &str) -> Option<&Campaign> {
        let edition = self.campaigns.edition();
        if self.edition != edition {
            self.loaded.clear();
            self.edition = edition;
        }
        if !self.loaded.contains_key(id) {
            let found = self.campaigns.load(id).ok().and_then(|(found, _)| found);
            self.loaded.insert(id.to_owned(), found);
        }
        self.loaded.get(id)?.as_ref()
    }

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
        let mut units = self.units(Some(named), campaign)?;
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
