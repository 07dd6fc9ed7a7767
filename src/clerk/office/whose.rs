//! Whose data an act of the office means: a campaign, a unit or one record; and looking up what there is of it.

use crate::store::ledger::{RosterRow, UnitContact, UnitRow};

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::unit::folder::OwnFolder;

/// Whose data are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Everything of a campaign, by its id.
    Campaign(String),
    /// Everything of one unit in a campaign: id and name.
    Unit(String, String),
    /// One person or one record, by its reference in 16 hexadecimal digits.
    Record(String),
}

impl Whose {
    /// What was named: a record alone, a campaign, or a unit in a campaign; blank words name nothing.
    pub fn named(
        campaign: Option<&str>,
        unit: Option<&str>,
        record: Option<&str>,
    ) -> Result<Self, ClerkError> {
        let [campaign, unit, record] = [campaign, unit, record].map(|text| {
            let text = text.unwrap_or_default().trim();
            (!text.is_empty()).then(|| text.to_owned())
        });
        match (campaign, unit, record) {
            (None, None, Some(record)) => Ok(Self::Record(record)),
            (Some(campaign), Some(unit), None) => Ok(Self::Unit(campaign, unit)),
            (Some(campaign), None, None) => Ok(Self::Campaign(campaign)),
            _ => Err(ClerkError::refused(
                "没有指明范围。请指明一个活动，或活动和其中一个单位，或只指明一个记录编号。",
            )),
        }
    }
}

/// What is meant, looked up.
pub(super) struct Meant {
    pub(super) words: String,
    pub(super) units: Vec<UnitRow>,
    /// The one record, where one is meant.
    pub(super) record: Option<[u8; 8]>,
    /// The units' folders in the service.
    pub(super) folders: Vec<OwnFolder>,
    /// Whom the roster says to telephone at the units that are meant whole.
    pub(super) contacts: Vec<(RosterRow, UnitContact)>,
}

impl Office<'_> {
    /// Looks up what is meant.
    pub(super) fn meant(&mut self, whose: &Whose) -> Result<Meant, ClerkError> {
        let units = self.ledger.units()?;
        let (words, units, record) = match whose {
            Whose::Campaign(id) => {
                let of: Vec<UnitRow> = units.into_iter().filter(|u| u.campaign == *id).collect();
                (id.clone(), of, None)
            }
            Whose::Unit(id, name) => {
                let of = |u: &UnitRow| u.campaign == *id && u.name == *name;
                let of: Vec<UnitRow> = units.into_iter().filter(of).collect();
                (format!("{id} {name}"), of, None)
            }
            Whose::Record(text) => {
                let unknown = || {
                    ClerkError::refused(&format!(
                        "台账中没有记录“{text}”。请写 16 位记录编号，可在“查找”一页查到，或用 sanlian find 查找。"
                    ))
                };
                let reference = u64::from_str_radix(text.trim(), 16)
                    .ok()
                    .filter(|_| text.trim().len() == 16)
                    .map(u64::to_be_bytes)
                    .ok_or_else(unknown)?;
                let filed = self.ledger.filed(reference)?.ok_or_else(unknown)?;
                let of = |u: &UnitRow| u.campaign == filed.campaign && u.name == filed.unit;
                let of: Vec<UnitRow> = units.into_iter().filter(of).collect();
                (text.trim().to_owned(), of, Some(reference))
            }
        };
        let roster = self.ledger.roster()?;
        let here = roster.iter().filter(|r| match whose {
            Whose::Campaign(id) => r.campaign == *id,
            Whose::Unit(id, name) => r.campaign == *id && r.name == *name,
            Whose::Record(_) => units
                .iter()
                .any(|u| r.campaign == u.campaign && r.name == u.name),
        });
        let here: Vec<RosterRow> = here.cloned().collect();
        let contacts = match record {
            Some(_) => Vec::new(),
            None => self.roster_contacts(&here)?,
        };
        let data = self.ledger.folder();
        let folders: Vec<OwnFolder> = here
            .iter()
            .map(|row| OwnFolder::of(data, data, row))
            .filter(OwnFolder::is_there)
            .collect();
        if units.is_empty() && folders.is_empty() && contacts.is_empty() {
            return Err(ClerkError::refused(&format!("“{words}”在这里没有材料。")));
        }
        Ok(Meant {
            words,
            units,
            record,
            folders,
            contacts,
        })
    }
}
