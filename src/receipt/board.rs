//! What of a unit is here (收件情况): for each record a table of copies × pages, what the campaign asks for in all, and
//! whether it came in time. Computed from the ledger's rows each time it is asked, so that a correction or a voided issue
//! changes the answer at once.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::campaign::{Campaign, FormKind, Per};
use crate::record::{Contents, Digest};

use super::summary::{SummaryRow, summary_rows};

/// A sheet that was received; one for each mark, however often it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Reference of its record.
    pub record: [u8; 8],
    /// Version of the record.
    pub version: u16,
    /// Copy, from 1; 0 for an editable file that is no original.
    pub copy: u8,
    /// Page, from 1; 0 where pages are not ours.
    pub page: u8,
    /// Page count.
    pub pages: u8,
    /// Minute of issue, as in the mark.
    pub minutes: u32,
    /// First 96 bits of the version's digest, as in the mark.
    pub digest: [u8; 12],
    /// When it was first received.
    pub at: Timestamp,
    /// How often it was seen, from 1.
    pub times: u32,
}

/// A record as the ledger has it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Its reference.
    pub reference: [u8; 8],
    /// Form that shows it.
    pub kind: FormKind,
    /// The candidate's or the unit's name.
    pub name: String,
    /// Latest version.
    pub latest: u16,
    /// Digest of the latest version.
    pub digest: Digest,
    /// Originals asked for.
    pub copies: u8,
    /// Pages of the latest version, where an issue of it is known.
    pub pages: Option<u8>,
    /// When it left the submission.
    pub withdrawn: Option<Timestamp>,
}

/// A voided issue, or one voided copy of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repealed {
    /// Reference of the record.
    pub record: [u8; 8],
    /// Version that was printed.
    pub version: u16,
    /// Minute of issue.
    pub minutes: u32,
    /// Copy; 0 for all.
    pub copy: u8,
}

/// Everything that the ledger holds of one unit in one campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFile {
    /// Id of the campaign.
    pub campaign: String,
    /// The unit's name.
    pub name: String,
    /// Its channel; empty where not known.
    pub channel: String,
    /// Its records in the order in which they were entered, withdrawn ones too.
    pub records: Vec<Filed>,
    /// Sheets received.
    pub receipts: Vec<Receipt>,
    /// Sheets recognised without a signature, not yet received.
    pub unverified: Vec<Receipt>,
    /// Voided issues.
    pub repealed: Vec<Repealed>,
    /// Copies on which the clerk saw the seal: record, version, copy.
    pub seals: Vec<([u8; 8], u16, u8)>,
}

/// What one place of the table of copies × pages says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Received, latest version.
    Received,
    /// Received more than once: rescanned, or a photocopy.
    Duplicate,
    /// Only an earlier version is here.
    Older,
    /// Only a voided print is here.
    Void,
    /// Only recognised, the signature was not read.
    Unverified,
    /// The version's number agrees, its contents do not.
    Differs,
    /// Nothing is here.
    Missing,
}

/// One place of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// What is here.
    pub state: State,
    /// When it was first received; none where nothing is.
    pub at: Option<Timestamp>,
    /// Version that is here; none where nothing is.
    pub version: Option<u16>,
    /// How often the sheet was seen.
    pub times: u32,
}

const NOTHING: Cell = Cell {
    state: State::Missing,
    at: None,
    version: None,
    times: 0,
};

/// One record's paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordBoard {
    /// Record reference in 16 hexadecimal digits.
    pub record: String,
    /// Form kind.
    pub form: FormKind,
    /// The candidate's or the unit's name.
    pub name: String,
    /// Latest version.
    pub version: u16,
    /// Originals asked for.
    pub copies: u8,
    /// Pages of each; none where no print of the version is known.
    pub pages: Option<u8>,
    /// Places by copy and page, both from 0; one place a copy where pages are not known.
    pub matrix: Vec<Vec<Cell>>,
    /// Latest version of which any sheet came back.
    pub received_version: Option<u16>,
    /// Copies (from 1) on which the clerk saw the seal.
    pub sealed: Vec<u8>,
}

impl RecordBoard {
    /// Copies of which every page is here.
    pub fn whole_copies(&self) -> usize {
        let whole = |row: &&Vec<Cell>| row.iter().all(|c| is_here(c.state));
        self.matrix.iter().filter(whole).count()
    }

    /// What is missing or wrong, in words: `第2份第3页未到`.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let absent = |row: &[Cell]| row.iter().all(|c| c.state == State::Missing);
        let copies = (1..).zip(&self.matrix);
        let gone: Vec<u8> = copies.filter(|(_, r)| absent(r)).map(|(n, _)| n).collect();
        if !gone.is_empty() {
            faults.push(format!("第{}份未到", list(&gone)));
        }
        for (copy, row) in (1_u8..).zip(&self.matrix).filter(|(_, r)| !absent(r)) {
            let missing: Vec<u8> = pages_that(row, |s| s == State::Missing);
            if !missing.is_empty() {
                faults.push(format!("第{copy}份缺第{}页", list(&missing)));
            }
            for (state, words) in [
                (State::Older, "是旧版本"),
                (State::Void, "是作废的打印件"),
                (State::Unverified, "没有验签，请录入页上的编码"),
                (State::Differs, "与电子件内容不符"),
            ] {
                let pages = pages_that(row, |s| s == state);
                if !pages.is_empty() {
                    faults.push(format!("第{copy}份第{}页{words}", list(&pages)));
                }
            }
        }
        faults
    }

    /// When the last of its sheets came, of those that count.
    fn last(&self) -> Option<Timestamp> {
        let cells = self.matrix.iter().flatten();
        cells
            .filter(|c| is_here(c.state))
            .filter_map(|c| c.at)
            .max()
    }
}

fn is_here(state: State) -> bool {
    matches!(state, State::Received | State::Duplicate)
}

fn pages_that(row: &[Cell], wanted: impl Fn(State) -> bool) -> Vec<u8> {
    let numbered = (1..).zip(row);
    numbered
        .filter(|(_, c)| wanted(c.state))
        .map(|(n, _)| n)
        .collect()
}

/// `2、4—6`.
fn list(pages: &[u8]) -> String {
    let mut words = Vec::new();
    let mut rest = pages.iter().copied().peekable();
    while let Some(first) = rest.next() {
        let mut last = first;
        while rest.peek() == Some(&last.saturating_add(1)) {
            last = rest.next().unwrap_or(last);
        }
        words.push(match last - first {
            0 => first.to_string(),
            1 => format!("{first}、{last}"),
            _ => format!("{first}—{last}"),
        });
    }
    words.join("、")
}

/// Something that the campaign asks for on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Need {
    /// What it is called in the checklist.
    pub label: String,
    /// Originals asked for in all.
    pub needed: usize,
    /// Originals of which every page is here.
    pub received: usize,
    /// Seals asked for; 0 where none are.
    pub seals_needed: usize,
    /// Seals that the clerk has seen.
    pub seals: usize,
}

/// Whether a unit was in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Timeliness {
    /// Everything is here and came in time.
    InTime,
    /// Everything is here; something came after the last day.
    Late,
    /// Something is missing, the last day is not over.
    Open,
    /// Something is missing and the last day is over.
    Overdue,
}

impl Timeliness {
    /// The word that the desk shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::InTime => "按时报齐",
            Self::Late => "报齐，有逾期件",
            Self::Open => "未报齐，未到截止日",
            Self::Overdue => "逾期未报齐",
        }
    }
}

/// What of one unit is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Board {
    /// Id of the campaign.
    pub campaign: String,
    /// The unit's name.
    pub unit: String,
    /// Its channel's key.
    pub channel: String,
    /// Last day that is in time.
    pub deadline: Date,
    /// Whether it was in time.
    pub timeliness: Timeliness,
    /// Whether every original that the campaign asks for is here, page by page.
    pub complete: bool,
    /// Whether every seal that the campaign asks for was seen by the clerk.
    pub sealed: bool,
    /// Whether the summary's rows agree with the candidates; none where the channel hands in no summary.
    pub summary_agrees: Option<bool>,
    /// Records in mailing order.
    pub records: Vec<RecordBoard>,
    /// What the campaign asks for on paper.
    pub needs: Vec<Need>,
    /// The summary's rows against the candidates.
    pub summary: Vec<SummaryRow>,
    /// What is missing or wrong, in words.
    pub missing: Vec<String>,
}

/// Computes the board. `summary` holds the contents of the summary's latest version, `today` is the day at the desk.
pub fn board(
    campaign: &Campaign,
    unit: &UnitFile,
    summary: Option<&Contents>,
    today: Date,
) -> Board {
    let mut records: Vec<RecordBoard> = unit
        .records
        .iter()
        .filter(|r| r.withdrawn.is_none())
        .map(|r| record_board(r, unit))
        .collect();
    records.sort_by_key(|r| FormKind::ALL.iter().position(|k| *k == r.form));
    let needs = needs(campaign, unit, &records);
    let candidates: Vec<&RecordBoard> = records
        .iter()
        .filter(|r| r.form == FormKind::Recommendation)
        .collect();
    let rows = summary.map(|s| summary_rows(s, &candidates));
    let mut missing = Vec::new();
    for record in &records {
        let title = format!("{}（{}）", record.form.label(), record.name);
        missing.extend(record.faults().iter().map(|f| format!("{title}：{f}")));
    }
    missing.extend(unfiled(campaign, unit, &records));
    missing.extend(
        rows.iter()
            .flatten()
            .filter(|r| !r.agrees)
            .map(|r| format!("汇总表第{}行（{}）：{}", r.row, r.name, r.remedy)),
    );
    let complete =
        !needs.is_empty() && needs.iter().all(|n| n.received >= n.needed && n.needed > 0);
    let deadline = last_day(campaign);
    let last = records.iter().filter_map(RecordBoard::last).max();
    let late = last.is_some_and(|at| desk_day(at) > deadline);
    let timeliness = match (complete, late) {
        (true, false) => Timeliness::InTime,
        (true, true) => Timeliness::Late,
        (false, _) if today > deadline => Timeliness::Overdue,
        (false, _) => Timeliness::Open,
    };
    Board {
        campaign: campaign.id.clone(),
        unit: unit.name.clone(),
        channel: unit.channel.clone(),
        deadline,
        timeliness,
        complete,
        sealed: needs.iter().all(|n| n.seals >= n.seals_needed),
        summary_agrees: rows.as_ref().map(|r| r.iter().all(|r| r.agrees)),
        records,
        needs,
        summary: rows.unwrap_or_default(),
        missing,
    }
}

/// The last day that is in time.
fn last_day(campaign: &Campaign) -> Date {
    if campaign.deadline_inclusive {
        campaign.deadline
    } else {
        campaign.deadline.yesterday().unwrap_or(campaign.deadline)
    }
}

fn desk_day(at: Timestamp) -> Date {
    jiff::tz::Offset::constant(8).to_datetime(at).date()
}

fn record_board(record: &Filed, unit: &UnitFile) -> RecordBoard {
    let mine = || {
        unit.receipts
            .iter()
            .filter(|r| r.record == record.reference)
    };
    let seen = || {
        unit.unverified
            .iter()
            .filter(|r| r.record == record.reference)
    };
    let current = |r: &&Receipt| r.version == record.latest && r.pages > 0;
    let pages = record
        .pages
        .or_else(|| mine().filter(current).map(|r| r.pages).max())
        .filter(|p| *p > 0);
    let void = |r: &Receipt| {
        unit.repealed.iter().any(|v| {
            v.record == r.record
                && v.version == r.version
                && v.minutes == r.minutes
                && (v.copy == 0 || v.copy == r.copy)
        })
    };
    let state = |r: &Receipt| {
        if void(r) {
            State::Void
        } else if r.version < record.latest {
            State::Older
        } else if r.version != record.latest || r.digest != record.digest.short() {
            State::Differs
        } else if r.times > 1 {
            State::Duplicate
        } else {
            State::Received
        }
    };
    let mut best: BTreeMap<(u8, u8), Cell> = BTreeMap::new();
    let mut put = |r: &Receipt, state: State| {
        let place = best.entry((r.copy, r.page)).or_insert(NOTHING);
        // of several sheets for one place the one that counts is shown
        if rank(state) > rank(place.state) {
            *place = Cell {
                state,
                at: Some(r.at),
                version: Some(r.version),
                times: r.times,
            };
        }
    };
    mine().for_each(|r| put(r, state(r)));
    seen().for_each(|r| put(r, State::Unverified));
    let row = |copy: u8| {
        (1..=pages.unwrap_or(1))
            .map(|page| best.get(&(copy, page)).copied().unwrap_or(NOTHING))
            .collect()
    };
    let sealed = |copy: &u8| {
        unit.seals
            .contains(&(record.reference, record.latest, *copy))
    };
    RecordBoard {
        record: format!("{:016x}", u64::from_be_bytes(record.reference)),
        form: record.kind,
        name: record.name.clone(),
        version: record.latest,
        copies: record.copies,
        pages,
        matrix: (1..=record.copies).map(row).collect(),
        received_version: mine().filter(|r| !void(r)).map(|r| r.version).max(),
        sealed: (1..=record.copies).filter(sealed).collect(),
    }
}

fn rank(state: State) -> u8 {
    match state {
        State::Missing => 0,
        State::Void => 1,
        State::Older => 2,
        State::Unverified => 3,
        State::Differs => 4,
        State::Received | State::Duplicate => 5,
    }
}

/// The materials on paper that are forms of ours, with their counts.
fn needs(campaign: &Campaign, unit: &UnitFile, records: &[RecordBoard]) -> Vec<Need> {
    let mut needs = Vec::new();
    for material in asked(campaign, unit) {
        let Some(kind) = material.form else { continue };
        let of_kind = || records.iter().filter(|r| r.form == kind);
        let owners = match material.per {
            Per::Unit => 1,
            // a unit without candidates is not complete: one at least is looked for
            Per::Candidate => of_kind().count().max(1),
        };
        let needed = owners * usize::try_from(material.paper).unwrap_or(0);
        needs.push(Need {
            label: material.label.clone(),
            needed,
            received: of_kind().map(RecordBoard::whole_copies).sum(),
            seals_needed: if material.sealed { needed } else { 0 },
            seals: of_kind().map(|r| r.sealed.len()).sum(),
        });
    }
    needs
}

/// Forms that the campaign asks for and of which there is no electronic record.
fn unfiled(campaign: &Campaign, unit: &UnitFile, records: &[RecordBoard]) -> Vec<String> {
    let absent = |kind: &FormKind| !records.iter().any(|r| r.form == *kind);
    asked(campaign, unit)
        .filter_map(|m| m.form)
        .filter(absent)
        .map(|kind| format!("{}：没有电子件，也没有纸质件", kind.label()))
        .collect()
}

fn asked<'a>(
    campaign: &'a Campaign,
    unit: &'a UnitFile,
) -> impl Iterator<Item = &'a crate::campaign::Material> {
    let ours = |m: &&crate::campaign::Material| {
        let channel =
            m.channels.is_empty() || unit.channel.is_empty() || m.channels.contains(&unit.channel);
        m.paper > 0 && channel && m.form.is_some_and(|k| k.mark_code().is_some())
    };
    campaign.materials.iter().filter(ours)
}
