//! Retention (保存期限): what a campaign, a unit or a person left here, and erasing it when it must go. What stays tells nothing of a
//! person: references, digests, marks, receipts, the audit log. Handing a copy over first is in `hand_over`.

use jiff::Timestamp;
use serde::Serialize;

use crate::campaign::Campaign;
use crate::store::BookFile;
use crate::store::ledger::{Erasure, RosterRow, UnitRow};

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;

use crate::clerk::office::backups::list_backups;
use crate::clerk::office::person::Person;
use crate::clerk::office::whose::{Meant, Whose};
use crate::clerk::unit::folder::OwnFolder;

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
        let of = self.erasing(whose, reason)?;
        let (meant, person) = (of.meant, of.person);
        if let Some(record) = meant.record {
            for folder in &meant.folders {
                let known = self.campaign(&folder.unit().campaign).cloned();
                empty_book(folder, (record, &of.earlier), known.as_ref())?;
            }
        }
        // before the ledger is written anew, which leaves no old text in its free pages
        match whose {
            Whose::Campaign(id) => self.ledger.forget_contacts(id, None)?,
            Whose::Unit(id, name) => self.ledger.forget_contacts(id, Some(name))?,
            Whose::Record(_) => {}
        }
        let detail = format!("{by} 删除个人信息：{}", of.reason);
        let erased = self.ledger.erase(&Erasure {
            at,
            subject: &meant.words,
            detail: &detail,
            units: &of.units,
            records: &of.records,
            earlier: &of.earlier,
            pictures: meant.record.is_none(),
            packages: &of.beside.packages,
            words: &person.words,
            folders: &of.folders,
        })?;
        let backups = list_backups(self.ledger.folder())?;
        let mut left = of.beside.told;
        if let Some(record) = meant.record {
            left.extend(self.still_held(record, &person)?);
        }
        left.push("单位自己电脑上的材料、已经打印的纸、下载到别处的备份和扫描图像不在本系统中，请另行处置。".to_owned());
        Ok(Gone {
            what: meant.words,
            versions: erased.versions,
            files: erased.files + of.folders.len(),
            texts: erased.texts,
            backups: backups.into_iter().map(|b| b.name).collect(),
            left,
        })
    }

    /// Refuses what the audit log would keep of a person, and what waits to be looked at and may be anybody's.
    pub(super) fn may_erase(
        &mut self,
        meant: &Meant,
        person: &Person,
        reason: &str,
    ) -> Result<(), ClerkError> {
        if person.words.stand_in(reason) {
            return Err(ClerkError::refused(
                "原因中写有这个人的姓名或号码，而审计日志不会删除。请改写原因，没有删除。",
            ));
        }
        let waiting = self.ledger.tray()?.len();
        if meant.record.is_none() && waiting > 0 {
            return Err(ClerkError::refused(&format!(
                "还有 {waiting} 页扫描件待处理，不知道是哪个单位的，没有删除。请先在“扫描件”一页处理，或用 sanlian tray 列出、办结。"
            )));
        }
        Ok(())
    }

    /// Whether what a unit of the roster had here was erased: nothing more is taken in from it.
    pub fn is_erased(&mut self, unit: &RosterRow) -> Result<bool, ClerkError> {
        let units = self.ledger.units()?;
        let is_it = |u: &UnitRow| u.campaign == unit.campaign && u.name == unit.name;
        Ok(units.iter().any(|u| u.erased && is_it(u)))
    }

    /// The unit's own records, whose earlier versions name a person: summary and report. Fails where the person stands in the submission.
    pub(super) fn of_unit_beside(
        &mut self,
        meant: &Meant,
        record: [u8; 8],
    ) -> Result<Vec<[u8; 8]>, ClerkError> {
        let mut beside = Vec::new();
        for unit in &meant.units {
            for filed in self.ledger.unit_file(unit)?.records {
                if filed.reference == record && filed.withdrawn.is_none() {
                    return Err(ClerkError::refused(
                        "这条记录还在单位的材料中，没有删除。请先由单位把这个人移出材料并重新提交，再删除。",
                    ));
                }
                if !filed.kind.is_candidates() {
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
