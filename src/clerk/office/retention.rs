//! Retention (保存期限): what a campaign, a unit or a person left here, and erasing it when it must go. What stays tells nothing of a
//! person: references, digests, marks, receipts, the audit log. Handing a copy over first is in `hand_over`.

use jiff::Timestamp;
use serde::Serialize;

use crate::campaign::{Campaign, FormKind};
use crate::store::BookFile;
use crate::store::ledger::{Erasure, RosterRow, UnitContact, UnitRow};

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;
use crate::clerk::office::accounts::refused;

use crate::clerk::office::backups::list_backups;
use crate::clerk::office::erase_person::Beside;
use crate::clerk::unit::folder::OwnFolder;

/// Fewest and most characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 2..=200;

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
            _ => Err(refused(
                "没有指明范围。请指明一个活动，或活动和其中一个单位，或只指明一个记录编号。",
            )),
        }
    }
}

/// What is held of a campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Holding {
    /// Id of the campaign.
    pub campaign: String,
    /// Its title; the id where its templates are not at hand.
    pub title: String,
    /// Its last day, `2021-06-01`; empty where not known.
    pub deadline: String,
    /// Units with records.
    pub units: usize,
    /// Units that were erased whole.
    pub erased_units: usize,
    /// Records whose contents are held.
    pub records: usize,
    /// Records that were erased.
    pub erased: usize,
    /// Sheets received.
    pub receipts: usize,
    /// Bytes of what units put into the service and of its paper.
    pub bytes: u64,
}

/// What an erasure did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Erased"))]
pub struct Gone {
    /// What was erased, in words.
    pub what: String,
    /// Versions of records whose contents went.
    pub versions: u64,
    /// Files of packages, pictures of pages and folders of units that went.
    pub files: usize,
    /// Texts of people, such as reasons and names of files, that were blanked.
    pub texts: usize,
    /// Backups of the service that still hold it.
    pub backups: Vec<String>,
    /// What is still there and whose business it is.
    pub left: Vec<String>,
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
    /// What is held, by campaign.
    pub fn holdings(&mut self) -> Result<Vec<Holding>, ClerkError> {
        let units = self.ledger.units()?;
        let erased = self.ledger.erased()?;
        let mut ids: Vec<String> = units.iter().map(|u| u.campaign.clone()).collect();
        let roster = self.ledger.roster()?;
        ids.extend(roster.iter().map(|r| r.campaign.clone()));
        ids.sort();
        ids.dedup();
        let mut holdings = Vec::new();
        for id in ids {
            let known = self.campaign(&id);
            let mut holding = Holding {
                title: known.map_or_else(|| id.clone(), |c| c.title.clone()),
                deadline: known.map_or_else(String::new, |c| c.deadline.to_string()),
                campaign: id.clone(),
                units: 0,
                erased_units: 0,
                records: 0,
                erased: 0,
                receipts: 0,
                bytes: 0,
            };
            for unit in units.iter().filter(|u| u.campaign == id) {
                let file = self.ledger.unit_file(unit)?;
                holding.units += 1;
                holding.erased_units += usize::from(unit.erased);
                holding.receipts += file.receipts.len();
                let gone = |r: &&crate::receipt::Filed| erased.contains(&r.reference);
                let gone = file.records.iter().filter(gone).count();
                holding.erased += gone;
                holding.records += file.records.len() - gone;
            }
            let data = self.ledger.folder();
            for row in roster.iter().filter(|r| r.campaign == id) {
                let folder = OwnFolder::of(data, data, row);
                if folder.is_there() {
                    holding.bytes += folder.weight()?;
                }
            }
            holdings.push(holding);
        }
        Ok(holdings)
    }

    /// Erases. A person goes only after the unit has taken the person out of its submission, or the next print would bring all back;
    /// pages that wait in the review tray are dealt with first, or nobody could tell whose they are.
    pub fn erase(
        &mut self,
        whose: &Whose,
        reason: &str,
        by: &str,
        at: Timestamp,
    ) -> Result<Gone, ClerkError> {
        let reason = reason.trim();
        if !REASON.contains(&reason.chars().count()) {
            return Err(refused(
                "请写明删除的原因（2 至 200 字），如“保存期限届满”。没有删除。",
            ));
        }
        let meant = self.meant(whose)?;
        let person = self.persons(&meant)?;
        if person.words.stand_in(reason) {
            return Err(refused(
                "原因中写有这个人的姓名或号码，而审计日志不会删除。请改写原因，没有删除。",
            ));
        }
        let waiting = self.ledger.tray()?.len();
        if meant.record.is_none() && waiting > 0 {
            return Err(refused(&format!(
                "还有 {waiting} 页扫描件待处理，不知道是哪个单位的，没有删除。请先在“扫描件”一页处理。"
            )));
        }
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
        let beside = match meant.record {
            Some(_) => self.beside(&meant, &person)?,
            None => Beside::default(),
        };
        folders.extend(beside.files);
        if let Some(record) = meant.record {
            for folder in &meant.folders {
                let known = self.campaign(&folder.unit().campaign).cloned();
                empty_book(folder, (record, &earlier), known.as_ref())?;
            }
        }
        // before the ledger is written anew, which leaves no old text in its free pages
        match whose {
            Whose::Campaign(id) => self.ledger.forget_contacts(id, None)?,
            Whose::Unit(id, name) => self.ledger.forget_contacts(id, Some(name))?,
            Whose::Record(_) => {}
        }
        let detail = format!("{by} 删除个人信息：{reason}");
        let erased = self.ledger.erase(&Erasure {
            at,
            subject: &meant.words,
            detail: &detail,
            units: &units,
            records: &records,
            earlier: &earlier,
            pictures: meant.record.is_none(),
            packages: &beside.packages,
            words: &person.words,
            folders: &folders,
        })?;
        let backups = list_backups(self.ledger.folder())?;
        let mut left = beside.told;
        if let Some(record) = meant.record {
            left.extend(self.still_held(record, &person)?);
        }
        left.push("单位自己电脑上的材料、已经打印的纸、下载到别处的备份和扫描图像不在本系统中，请另行处置。".to_owned());
        Ok(Gone {
            what: meant.words,
            versions: erased.versions,
            files: erased.files + folders.len(),
            texts: erased.texts,
            backups: backups.into_iter().map(|b| b.name).collect(),
            left,
        })
    }

    /// Whether what a unit of the roster had here was erased: nothing more is taken in from it.
    pub fn is_erased(&mut self, unit: &RosterRow) -> Result<bool, ClerkError> {
        let units = self.ledger.units()?;
        let is_it = |u: &UnitRow| u.campaign == unit.campaign && u.name == unit.name;
        Ok(units.iter().any(|u| u.erased && is_it(u)))
    }

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
                    refused(&format!(
                        "台账中没有记录“{text}”。请写 16 位记录编号，可在“查找”一页查到。"
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
            return Err(refused(&format!("“{words}”在这里没有材料。")));
        }
        Ok(Meant {
            words,
            units,
            record,
            folders,
            contacts,
        })
    }

    /// The unit's own records, whose earlier versions name a person: summary and report. Fails where the person stands in the submission.
    fn of_unit_beside(
        &mut self,
        meant: &Meant,
        record: [u8; 8],
    ) -> Result<Vec<[u8; 8]>, ClerkError> {
        let mut beside = Vec::new();
        for unit in &meant.units {
            for filed in self.ledger.unit_file(unit)?.records {
                if filed.reference == record && filed.withdrawn.is_none() {
                    return Err(refused(
                        "这条记录还在单位的材料中，没有删除。请先由单位把这个人移出材料并重新提交，再删除。",
                    ));
                }
                if filed.kind != FormKind::Recommendation {
                    beside.push(filed.reference);
                }
            }
        }
        Ok(beside)
    }

    /// Removes what an erasure that was cut off left behind.
    pub fn finish_erasing(&mut self) -> Result<(), ClerkError> {
        Ok(self.ledger.remove_remnants()?)
    }
}

/// Takes a record out of the record book in a unit's folder: its numbers and digests stay, its contents go.
fn empty_book(
    folder: &OwnFolder,
    (record, earlier): ([u8; 8], &[[u8; 8]]),
    known: Option<&Campaign>,
) -> Result<(), ClerkError> {
    let dir = folder.submission();
    if !dir.join("records.json").is_file() {
        return Ok(());
    }
    let file = BookFile::open(&dir.join("records.json"), known)?;
    if let Some(book) = file.book() {
        file.save(&book.without_contents(record, earlier))?;
    }
    Ok(())
}
