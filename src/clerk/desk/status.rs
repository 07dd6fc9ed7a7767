//! Status (收件情况): the board of a unit or of all, and the list of what to telephone about.

use jiff::Timestamp;

use crate::campaign::FormKind;
use crate::mark::time_of;
use crate::receipt::{Arrival, Board, Receipt, board};
use crate::store::ledger::{TrayRow, UnitRow};

use crate::clerk::desk::Desk;
use crate::clerk::desk::expected::Turnout;
use crate::clerk::error::ClerkError;

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

/// The list to telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallList {
    /// Whom, and about what.
    pub calls: Vec<Call>,
    /// How many of all units sent what, those too that need no call.
    pub turnout: Turnout,
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
    /// The boards of the units that a name means, of all units where none is named, at the time `now`: those that sent nothing first.
    pub fn status(
        &mut self,
        unit: Option<&str>,
        campaign: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<Board>, ClerkError> {
        let units = self.expected_named(unit, campaign)?;
        let boards = units.iter().map(|u| self.expected_board(u, now));
        let mut boards = boards.collect::<Result<Vec<_>, _>>()?;
        if unit.is_some() {
            for board in &mut boards {
                self.tell_works(board)?;
            }
        }
        silent_first(&mut boards);
        Ok(boards)
    }

    /// The board of one unit.
    pub(super) fn board(&mut self, unit: &UnitRow, now: Timestamp) -> Result<Board, ClerkError> {
        self.judge_unbelieved(now)?;
        let mut file = self.ledger.unit_file(unit)?;
        for receipt in &mut file.receipts {
            receipt.disowned = self.disowns(receipt);
        }
        let summary = file
            .records
            .iter()
            .find(|r| r.kind == FormKind::Summary && r.withdrawn.is_none());
        let summary = match summary {
            Some(record) => self.ledger.contents(record.reference, record.latest)?,
            None => None,
        };
        let owed = self.owed_videos(unit, &file)?;
        let campaign = self.campaign(&unit.campaign).ok_or_else(|| {
            ClerkError::Refused(format!(
                "没有活动“{}”的模板。请用 --templates 指定。",
                unit.campaign
            ))
        })?;
        let mut board = board(campaign, &file, summary.as_ref(), now);
        if !owed.is_empty() && board.arrival == Arrival::Complete {
            board.arrival = Arrival::Partial;
        }
        board.missing.extend(owed);
        if unit.erased {
            // nothing is asked for any more, and nobody is telephoned
            board.arrival = Arrival::Erased;
            board.missing.clear();
            board.notes.clear();
        }
        Ok(board)
    }

    /// Whether the key that signed a sheet is not believed any more for the time at which it was issued.
    fn disowns(&self, receipt: &Receipt) -> bool {
        let mut keys = self.trusted.0.iter();
        let key = keys.find(|k| k.public().fingerprint() == receipt.signer);
        key.is_some_and(|k| k.term.holds(time_of(receipt.minutes)).is_err())
    }

    /// The units of which something is missing or wrong, with whom to telephone; those that sent nothing come first.
    pub fn missing(
        &mut self,
        campaign: Option<&str>,
        phones: Phones,
        now: Timestamp,
    ) -> Result<CallList, ClerkError> {
        let others = self.by_name()?;
        let mut calls = Vec::new();
        let mut boards = Vec::new();
        for unit in self.expected(campaign)? {
            let board = self.expected_board(&unit, now)?;
            boards.push(board.clone());
            if board.missing.is_empty() {
                continue;
            }
            let contact = self.contact_of(&unit, &others)?;
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
        calls.sort_by_key(|c| {
            (
                c.board.campaign.clone(),
                c.board.arrival != Arrival::Nothing,
            )
        });
        if phones == Phones::Shown && !calls.is_empty() {
            let detail = format!("查看 {} 个单位的联系电话", calls.len());
            self.ledger.note(now, "phones", "", &detail)?;
        }
        Ok(CallList {
            turnout: self.turnout(&boards)?,
            calls,
        })
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

    /// Pages that wait for a person at the time `now`.
    pub fn tray(&mut self, now: Timestamp) -> Result<Vec<TrayRow>, ClerkError> {
        self.judge_unbelieved(now)?;
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
}

/// Boards of units that sent nothing before the others, each campaign for itself.
fn silent_first(boards: &mut [Board]) {
    boards.sort_by_key(|b| (b.campaign.clone(), b.arrival != Arrival::Nothing));
}
