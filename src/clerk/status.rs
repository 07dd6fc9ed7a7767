//! Status (收件情况): the board of a unit or of all, and the list of what to telephone about.

use jiff::Timestamp;

use crate::campaign::FormKind;
use crate::receipt::{Board, board};
use crate::store::ledger::{TrayRow, UnitRow};

use super::judge::local_day;
use super::{ClerkError, Desk};

/// A unit that must be telephoned, and about what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What of it is here.
    pub board: Board,
    /// Who answers there.
    pub contact: String,
    /// Telephone numbers, in full or masked.
    pub phones: Vec<String>,
}

/// Whether telephone numbers are shown in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phones {
    /// With their middle hidden.
    Masked,
    /// In full; the audit log tells of it.
    Shown,
}

impl Desk<'_> {
    /// The boards of the units that a name means, of all units where none is named, at the time `now`.
    pub fn status(
        &mut self,
        unit: Option<&str>,
        campaign: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<Board>, ClerkError> {
        let units = self.units(unit, campaign)?;
        units.iter().map(|u| self.board(u, now)).collect()
    }

    /// The board of one unit.
    pub(super) fn board(&mut self, unit: &UnitRow, now: Timestamp) -> Result<Board, ClerkError> {
        let file = self.ledger.unit_file(unit)?;
        let summary = file
            .records
            .iter()
            .find(|r| r.kind == FormKind::Summary && r.withdrawn.is_none());
        let summary = match summary {
            Some(record) => self.ledger.contents(record.reference, record.latest)?,
            None => None,
        };
        let campaign = self.campaign(&unit.campaign).ok_or_else(|| {
            ClerkError::Refused(format!(
                "没有活动“{}”的模板。请用 --templates 指定。",
                unit.campaign
            ))
        })?;
        let mut board = board(campaign, &file, summary.as_ref(), local_day(now));
        if unit.erased {
            // nothing is asked for any more, and nobody is telephoned
            board.missing.clear();
        }
        Ok(board)
    }

    /// The units of which something is missing or wrong, with whom to telephone.
    pub fn missing(
        &mut self,
        campaign: Option<&str>,
        phones: Phones,
        now: Timestamp,
    ) -> Result<Vec<Call>, ClerkError> {
        let mut calls = Vec::new();
        for unit in self.units(None, campaign)? {
            let board = self.board(&unit, now)?;
            if board.missing.is_empty() {
                continue;
            }
            let contact = self.ledger.contact(&unit)?;
            let shown = |p: &String| match phones {
                Phones::Masked => crate::record::mask(p),
                Phones::Shown => p.clone(),
            };
            calls.push(Call {
                contact: contact.name.clone(),
                phones: contact.phones.iter().map(shown).collect(),
                board,
            });
        }
        if phones == Phones::Shown && !calls.is_empty() {
            let detail = format!("查看 {} 个单位的联系电话", calls.len());
            self.ledger.note(now, "phones", "", &detail)?;
        }
        Ok(calls)
    }

    /// Notes that somebody was shown numbers of persons in full.
    pub fn note_reading(
        &mut self,
        subject: &str,
        what: &str,
        at: Timestamp,
    ) -> Result<(), ClerkError> {
        Ok(self.ledger.note(at, "look", subject, what)?)
    }

    /// Pages that wait for a person.
    pub fn tray(&mut self) -> Result<Vec<TrayRow>, ClerkError> {
        Ok(self.ledger.tray()?)
    }

    /// The picture of a page in the tray, as a PNG; none where there is no such page, or no picture of it.
    pub fn tray_picture(&mut self, no: i64) -> Result<Option<Vec<u8>>, ClerkError> {
        let row = self.ledger.tray()?.into_iter().find(|r| r.no == no);
        let picture = row.and_then(|r| r.picture);
        Ok(picture.map(|p| self.ledger.kept(&p)).transpose()?)
    }

    /// Notes what became of a page of the tray, in words.
    pub fn settle_tray(&mut self, no: i64, outcome: &str, at: Timestamp) -> Result<(), ClerkError> {
        if self.ledger.settle(no, outcome, at)? {
            return Ok(());
        }
        Err(ClerkError::Refused(
            "待处理中没有这一页，可能已经有人处理。".to_owned(),
        ))
    }

    /// Notes that the seal was seen on a copy, or is missing: the copy that a mark belongs to, or every copy of a record
    /// (16 hexadecimal digits). Gives what was ticked, in words.
    pub fn tick_seal(
        &mut self,
        target: &str,
        present: bool,
        at: Timestamp,
    ) -> Result<String, ClerkError> {
        let tight: String = target.chars().filter(|c| !c.is_whitespace()).collect();
        if tight.len() == 16
            && let Ok(number) = u64::from_str_radix(&tight, 16)
            && let Some((version, _)) = self.ledger.latest(number.to_be_bytes())?
        {
            let record = number.to_be_bytes();
            let copies = self.ledger.copies(record, version)?;
            for copy in 1..=copies {
                self.ledger.tick_seal(at, record, version, copy, present)?;
            }
            let title = self.ledger.title(record)?.unwrap_or_default();
            return Ok(format!("{title} 版本{version} 共{copies}份"));
        }
        let mark = self.issued_mark(target)?;
        if mark.copy() == 0 {
            return Err(ClerkError::Refused(
                "这是可编辑件（.docx、.xlsx）的打印件，不是原件，不登记公章。".to_owned(),
            ));
        }
        let record = mark.reference();
        self.ledger
            .tick_seal(at, record, mark.version(), mark.copy(), present)?;
        let title = self.ledger.title(record)?.unwrap_or_default();
        Ok(format!(
            "{title} 版本{} 第{}份",
            mark.version(),
            mark.copy()
        ))
    }
}
