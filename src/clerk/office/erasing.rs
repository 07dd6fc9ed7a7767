//! What an erasure would take away (将删除什么): looked up by the same steps as the erasure itself, which refuses what it refuses.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::office::backups::list_backups;
use crate::clerk::office::erase_person::Beside;
use crate::clerk::office::person::Person;
use crate::clerk::office::whose::{Meant, Whose};
use crate::clerk::reason;

/// What an erasure would take away; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToErase {
    /// Always true: nothing was erased.
    pub dry_run: bool,
    /// What is meant, in words.
    pub what: String,
    /// Names of the units, where all of a unit goes.
    pub units: Vec<String>,
    /// Form, name and reference of each record whose contents go.
    pub records: Vec<RecordToErase>,
    /// Records that are meant and whose contents went before.
    pub erased: usize,
    /// Sheets received of what is meant; they stay, without pictures and words.
    pub receipts: usize,
    /// Units of the roster of which is forgotten whom to telephone.
    pub contacts: usize,
    /// Files and folders of units in the service that go.
    pub files: Vec<String>,
    /// Backups of the service that go on holding it.
    pub backups: Vec<String>,
}

/// A record whose contents would go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordToErase {
    /// Its reference, 16 hexadecimal digits.
    pub record: String,
    /// The form that shows it, in words.
    pub form: String,
    /// The candidate's or the unit's name.
    pub name: String,
    /// The unit that handed it in.
    pub unit: String,
    /// Its versions.
    pub versions: u16,
}

/// An erasure that may be done, before anything is touched.
pub(super) struct Erasing {
    pub(super) reason: String,
    pub(super) meant: Meant,
    pub(super) person: Person,
    /// The one record that is meant.
    pub(super) records: Vec<[u8; 8]>,
    /// Records of the unit of which earlier versions go with it.
    pub(super) earlier: Vec<[u8; 8]>,
    /// Numbers of the units that go whole.
    pub(super) units: Vec<i64>,
    /// Files and folders in the data folder, as paths in it.
    pub(super) folders: Vec<String>,
    pub(super) beside: Beside,
}

impl Office<'_> {
    /// Looks up what is to be erased and refuses what must not be.
    pub(super) fn erasing(&mut self, whose: &Whose, reason: &str) -> Result<Erasing, ClerkError> {
        let said = ("删除的原因", "保存期限届满", "没有删除");
        let reason = reason::reason(reason, said)?;
        let meant = self.meant(whose)?;
        let person = self.persons(&meant)?;
        self.may_erase(&meant, &person, &reason)?;
        let (records, earlier) = match meant.record {
            Some(record) => (vec![record], self.of_unit_beside(&meant, record)?),
            None => (Vec::new(), Vec::new()),
        };
        let units: Vec<i64> = match meant.record {
            Some(_) => Vec::new(),
            None => meant.units.iter().map(|u| u.no).collect(),
        };
        let mut folders = Vec::new();
        for folder in &meant.folders {
            folders.extend(folder.to_erase(meant.record.is_some()));
        }
        let mut beside = match meant.record {
            Some(_) => self.beside(&meant, &person)?,
            None => Beside::default(),
        };
        folders.append(&mut beside.files);
        Ok(Erasing {
            reason,
            meant,
            person,
            records,
            earlier,
            units,
            folders,
            beside,
        })
    }

    /// What an erasure would take away; refused where the erasure would be. Nothing is changed.
    pub fn to_erase(&mut self, whose: &Whose, reason: &str) -> Result<ToErase, ClerkError> {
        let of = self.erasing(whose, reason)?;
        let gone: BTreeSet<[u8; 8]> = self.ledger.erased()?.into_iter().collect();
        let is_meant = |r: &[u8; 8]| of.meant.record.is_none_or(|one| one == *r);
        let (mut records, mut erased, mut receipts) = (Vec::new(), 0, 0);
        for unit in &of.meant.units {
            let file = self.ledger.unit_file(unit)?;
            let here = file.receipts.iter().filter(|r| is_meant(&r.record));
            receipts += here.count();
            for filed in file.records.iter().filter(|r| is_meant(&r.reference)) {
                if gone.contains(&filed.reference) {
                    erased += 1;
                    continue;
                }
                records.push(RecordToErase {
                    record: format!("{:016x}", u64::from_be_bytes(filed.reference)),
                    form: filed.kind.label().into_owned(),
                    name: filed.name.clone(),
                    unit: unit.name.clone(),
                    versions: filed.latest,
                });
            }
        }
        let whole = of.meant.record.is_none();
        let units = of.meant.units.iter().filter(|_| whole);
        let backups = list_backups(self.ledger.folder())?.into_iter();
        Ok(ToErase {
            dry_run: true,
            units: units.map(|u| u.name.clone()).collect(),
            records,
            erased,
            receipts,
            contacts: of.meant.contacts.len(),
            files: of.folders,
            backups: backups.map(|b| b.name).collect(),
            what: of.meant.words,
        })
    }
}
