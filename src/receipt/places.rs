//! The table of copies × pages (各份各页): what of one record's paper is here, place by place. What is said of it in words is in
//! `faults`, what the campaign asks for in all is in `board`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::campaign::{Campaign, FormKind};

use super::unit_file::{Filed, Receipt, UnitFile, hex};

/// What one place of the table of copies × pages says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SheetState"))]
#[serde(rename_all = "lowercase")]
pub enum CopyPageState {
    /// Received, latest version.
    Received,
    /// Received more than once: rescanned, or a photocopy.
    Duplicate,
    /// Only an earlier version is here.
    Older,
    /// Only a voided print is here.
    Void,
    /// Only a print is here whose key is not believed any more.
    Disowned,
    /// Only recognised, the signature was not read.
    Unverified,
    /// The version's number agrees, its contents do not.
    Differs,
    /// The paper is of a later version than the ledger's: the electronic side is late, nobody at the desk is to blame.
    Ahead,
    /// Nothing is here.
    Missing,
}

impl CopyPageState {
    /// Whether the sheet counts as one of the originals.
    pub fn is_here(self) -> bool {
        matches!(self, Self::Received | Self::Duplicate)
    }

    /// Which of several sheets for one place is shown: the highest. Paper that is ahead of the ledger stands above paper that
    /// agrees with it, since the unit has already printed anew.
    fn rank(self) -> u8 {
        match self {
            Self::Missing => 0,
            Self::Void => 1,
            Self::Disowned => 2,
            Self::Older => 3,
            Self::Unverified => 4,
            Self::Differs => 5,
            Self::Received | Self::Duplicate => 6,
            Self::Ahead => 7,
        }
    }
}

/// One place of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SheetCell"))]
pub struct CopyPage {
    /// What is here.
    pub state: CopyPageState,
    /// When it was first received; none where nothing is.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>", extend("format" = "date-time")))]
    pub at: Option<Timestamp>,
    /// Version that is here; none where nothing is.
    pub version: Option<u16>,
    /// How often the sheet was seen.
    pub times: u32,
}

const NOTHING: CopyPage = CopyPage {
    state: CopyPageState::Missing,
    at: None,
    version: None,
    times: 0,
};

/// One record's paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordBoard {
    /// Record reference in 16 hexadecimal digits.
    pub record: String,
    /// Form kind.
    pub form: FormKind,
    /// What people call it in this campaign.
    pub form_word: String,
    /// The candidate's or the unit's name.
    pub name: String,
    /// Latest version.
    pub version: u16,
    /// Originals asked for.
    pub copies: u8,
    /// Pages of each; none where no print of the version is known.
    pub pages: Option<u8>,
    /// Places by copy and page, both from 0; one place a copy where pages are not known.
    pub matrix: Vec<Vec<CopyPage>>,
    /// Latest version of which any sheet came back.
    pub received_version: Option<u16>,
    /// Copies (from 1) that are here, whole or in part, and on which the clerk saw the seal.
    pub sealed: Vec<u8>,
    /// Copy and page, from 1, of sheets outside the table that are of a later version or of other contents: such a print may have
    /// more pages or copies than the ledger knows of. Of a copy of which nothing stands in the table, those of an earlier version
    /// too: it came, and it is out of date.
    #[serde(skip)]
    pub(super) beyond: Vec<(u8, u8, CopyPageState)>,
    /// Copies (from 1) whose newest print was voided: another must be printed, whether or not that one comes.
    #[serde(skip)]
    pub(super) voided: Vec<u8>,
}

impl RecordBoard {
    /// Copies of which every page is here.
    pub fn whole_copies(&self) -> usize {
        let whole = |row: &&Vec<CopyPage>| row.iter().all(|c| c.state.is_here());
        self.matrix.iter().filter(whole).count()
    }

    /// Whether paper is here that the ledger cannot place: of a later version, or of other contents under the same number.
    pub(super) fn is_in_doubt(&self) -> bool {
        let inside = self.matrix.iter().flatten().map(|c| c.state);
        inside
            .chain(self.beyond.iter().map(|b| b.2))
            .any(|s| matches!(s, CopyPageState::Ahead | CopyPageState::Differs))
    }

    /// When the last of its sheets came, of those that count.
    pub(super) fn last(&self) -> Option<Timestamp> {
        let cells = self.matrix.iter().flatten();
        cells
            .filter(|c| c.state.is_here())
            .filter_map(|c| c.at)
            .max()
    }
}

/// What of one record is here.
pub(super) fn record_board(campaign: &Campaign, record: &Filed, unit: &UnitFile) -> RecordBoard {
    let mine = || of_record(&unit.receipts, record);
    let current = |r: &&Receipt| r.version == record.latest && r.pages > 0;
    let pages = record
        .pages
        .or_else(|| mine().filter(current).map(|r| r.pages).max())
        .filter(|p| *p > 0);
    let best = best(record, unit);
    let row = |copy: u8| -> Vec<CopyPage> {
        (1..=pages.unwrap_or(1))
            .map(|page| best.get(&(copy, page)).copied().unwrap_or(NOTHING))
            .collect()
    };
    let matrix: Vec<Vec<CopyPage>> = (1..=record.copies).map(row).collect();
    let here = |copy: &u8| {
        let row = matrix.get(usize::from(copy.saturating_sub(1)));
        row.is_some_and(|r| r.iter().any(|c| c.state.is_here()))
    };
    let ticked = |copy: &u8| {
        unit.seals
            .contains(&(record.reference, record.latest, *copy))
    };
    // a seal that was ticked on a copy that is not here, or not any more, was seen on other paper
    let sealed = (1..=record.copies).filter(|c| ticked(c) && here(c));
    let outside = |(copy, page): (u8, u8)| copy > record.copies || page > pages.unwrap_or(1);
    let told = |(copy, state): (u8, CopyPageState)| match state {
        CopyPageState::Ahead | CopyPageState::Differs => true,
        CopyPageState::Older => {
            let row = matrix.get(usize::from(copy.saturating_sub(1)));
            row.is_some_and(|r| r.iter().all(|c| c.state == CopyPageState::Missing))
        }
        _ => false,
    };
    RecordBoard {
        record: hex(record.reference),
        form: record.kind,
        form_word: campaign.form_name(record.kind).into_owned(),
        name: record.name.clone(),
        version: record.latest,
        copies: record.copies,
        pages,
        received_version: mine()
            .filter(|r| !is_void(r, unit) && !r.disowned)
            .map(|r| r.version)
            .max(),
        sealed: sealed.collect(),
        beyond: best
            .iter()
            .filter(|(at, _)| at.0 > 0 && outside(**at))
            .map(|(at, cell)| (at.0, at.1, cell.state))
            .filter(|b| told((b.0, b.2)))
            .collect(),
        voided: (1..=record.copies)
            .filter(|copy| newest_is_void(record, *copy, unit))
            .collect(),
        matrix,
    }
}

/// Whether the newest print of a copy was voided.
fn newest_is_void(record: &Filed, copy: u8, unit: &UnitFile) -> bool {
    unit.repealed.iter().any(|v| {
        v.record == record.reference
            && v.version == record.latest
            && Some(v.minutes) == record.printed
            && (v.copy == 0 || v.copy == copy)
    })
}

/// The sheet that is shown for each copy and page.
fn best(record: &Filed, unit: &UnitFile) -> BTreeMap<(u8, u8), CopyPage> {
    let mut best: BTreeMap<(u8, u8), CopyPage> = BTreeMap::new();
    let mut put = |r: &Receipt, state: CopyPageState| {
        let place = best.entry((r.copy, r.page)).or_insert(NOTHING);
        // of several sheets for one place the one that counts is shown
        if state.rank() > place.state.rank() {
            *place = CopyPage {
                state,
                at: Some(r.at),
                version: Some(r.version),
                times: r.times,
            };
        }
    };
    of_record(&unit.receipts, record).for_each(|r| put(r, state(r, record, unit)));
    // what is out of date stays so when its code is entered
    let unverified = |r: &Receipt| match state(r, record, unit) {
        old @ (CopyPageState::Older | CopyPageState::Void) => old,
        _ => CopyPageState::Unverified,
    };
    of_record(&unit.unverified, record).for_each(|r| put(r, unverified(r)));
    best
}

fn of_record<'a>(all: &'a [Receipt], record: &'a Filed) -> impl Iterator<Item = &'a Receipt> {
    all.iter().filter(|r| r.record == record.reference)
}

/// What a received sheet is against its record.
pub(super) fn state(receipt: &Receipt, record: &Filed, unit: &UnitFile) -> CopyPageState {
    if is_void(receipt, unit) {
        CopyPageState::Void
    } else if receipt.disowned {
        CopyPageState::Disowned
    } else if receipt.version < record.latest {
        CopyPageState::Older
    } else if receipt.version > record.latest {
        CopyPageState::Ahead
    } else if receipt.digest != record.digest.short() {
        CopyPageState::Differs
    } else if receipt.times > 1 {
        CopyPageState::Duplicate
    } else {
        CopyPageState::Received
    }
}

fn is_void(receipt: &Receipt, unit: &UnitFile) -> bool {
    unit.repealed.iter().any(|v| {
        v.record == receipt.record
            && v.version == receipt.version
            && v.minutes == receipt.minutes
            && (v.copy == 0 || v.copy == receipt.copy)
    })
}
