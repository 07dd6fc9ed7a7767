//! What of a unit is here (收件情况): what the campaign asks for in all, what of it came, and whether in time. Computed from the
//! ledger's rows each time it is asked, so that a correction or a voided issue changes the answer at once. One record's table is in
//! `places`, its words in `faults`.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::campaign::{Campaign, FormKind, Per};
use crate::finding::Severity;
use crate::record::Contents;

use super::clock::{ClockCode, ClockFault, clock_faults, is_doubtful};
use super::doubles::DoubleLine;
use super::places::{RecordBoard, record_board};
use super::summary::{SummaryRow, summary_rows};
use super::timeliness::{Timeliness, TimelinessFacts, is_late};
use super::unit_file::{Double, UnitFile, hex};

/// Something that the campaign asks for on paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// How much of a unit came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// Neither an electronic record nor paper.
    Nothing,
    /// Something, and something is missing or in doubt.
    Partial,
    /// Everything that the campaign asks for.
    Complete,
    /// What there was is erased: nothing is expected any more.
    Erased,
}

impl Arrival {
    /// The word for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nothing => "未报",
            Self::Partial => "部分",
            Self::Complete => "已到齐",
            Self::Erased => "已删除",
        }
    }
}

/// What is said of a unit of which nothing came.
pub const NOTHING_CAME: &str = "电子件和纸质件都没有收到";

/// What of one unit is here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Board {
    /// Id of the campaign.
    pub campaign: String,
    /// The unit's name.
    pub unit: String,
    /// Its channel's key.
    pub channel: String,
    /// Last day that is in time.
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("format" = "date")))]
    pub deadline: Date,
    /// The time of that day, `17:00`; none where the whole day counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_time: Option<String>,
    /// Whether it was in time.
    pub timeliness: Timeliness,
    /// The same in a word, for people.
    pub timeliness_word: &'static str,
    /// How much of it came.
    pub arrival: Arrival,
    /// Whether the organiser's roster names it; none where the campaign has no roster, or nobody has looked.
    pub expected: Option<bool>,
    /// Whether every original that the campaign asks for is here, page by page, none is in doubt, and nobody is recommended by
    /// another unit too.
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
    /// People whom another unit recommends too.
    pub doubles: Vec<DoubleLine>,
    /// Times that contradict each other.
    pub clock: Vec<ClockFault>,
    /// What is missing or wrong, in words.
    pub missing: Vec<String>,
    /// What a person should know and the unit need not mend, in words.
    pub notes: Vec<String>,
}

/// Computes the board. `summary` holds the contents of the summary's latest version, `now` is the time at the desk.
pub fn board(
    campaign: &Campaign,
    unit: &UnitFile,
    summary: Option<&Contents>,
    now: Timestamp,
) -> Board {
    let mut records: Vec<RecordBoard> = unit
        .records
        .iter()
        .filter(|r| r.withdrawn.is_none())
        .map(|r| record_board(campaign, r, unit))
        .collect();
    records.sort_by_key(|r| r.form.mailing_rank());
    let needs = needs(campaign, unit, &records);
    let candidates: Vec<&RecordBoard> = records
        .iter()
        .filter(|r| r.form == FormKind::Recommendation)
        .collect();
    let rows = summary.map(|s| summary_rows(s, &candidates));
    let (doubles, weight) = doubles(campaign, unit, &records);
    let clock = clock_faults(unit, now);
    let whole = !needs.is_empty() && needs.iter().all(|n| n.received >= n.needed && n.needed > 0);
    let complete = whole
        && !records.iter().any(RecordBoard::is_in_doubt)
        && (doubles.is_empty() || weight < Severity::Error);
    let sealed = needs.iter().all(|n| n.seals >= n.seals_needed);
    // the electronic part must be in time as well as the paper
    let filed = || unit.records.iter().filter(|r| r.withdrawn.is_none());
    let filed = filed().filter_map(|r| r.filed_at).max();
    let last = records
        .iter()
        .filter_map(RecordBoard::last)
        .max()
        .max(filed);
    let timeliness = TimelinessFacts {
        complete,
        sealed,
        late: last.is_some_and(|at| is_late(campaign, at)),
        over: is_late(campaign, now),
        doubtful: is_doubtful(unit),
        behind: clock.iter().any(|f| f.code == ClockCode::DeskBehind),
    }
    .timeliness();
    let came = !unit.records.is_empty() || !unit.receipts.is_empty();
    let arrival = match (came, complete) {
        (false, _) => Arrival::Nothing,
        (true, false) => Arrival::Partial,
        (true, true) => Arrival::Complete,
    };
    let missing = match arrival {
        Arrival::Nothing => vec![NOTHING_CAME.to_owned()],
        _ => missing(campaign, unit, &records, &doubles, rows.as_deref()),
    };
    Board {
        campaign: campaign.id.clone(),
        unit: unit.name.clone(),
        channel: unit.channel.clone(),
        deadline: campaign.last_day(),
        deadline_time: campaign
            .deadline
            .time
            .map(|t| t.strftime("%H:%M").to_string()),
        timeliness,
        timeliness_word: timeliness.label(),
        arrival,
        expected: None,
        complete,
        sealed,
        summary_agrees: rows.as_ref().map(|r| r.iter().all(|r| r.agrees)),
        notes: notes(&records, &clock, filed.filter(|at| is_late(campaign, *at))),
        records,
        needs,
        summary: rows.unwrap_or_default(),
        doubles,
        clock,
        missing,
    }
}

/// People whom another unit recommends too, and how much that weighs in the campaign; nobody where its rule is switched off.
fn doubles(
    campaign: &Campaign,
    unit: &UnitFile,
    records: &[RecordBoard],
) -> (Vec<DoubleLine>, Severity) {
    let Some((_, severity)) = campaign.rules.on("C3") else {
        return (Vec::new(), Severity::Info);
    };
    let line = |d: &Double| {
        let record = hex(d.record);
        let of = records.iter().find(|r| r.record == record)?;
        Some(DoubleLine::of(d, &of.name, &unit.name))
    };
    (unit.doubles.iter().filter_map(line).collect(), severity)
}

/// What is missing or wrong, in words.
fn missing(
    campaign: &Campaign,
    unit: &UnitFile,
    records: &[RecordBoard],
    doubles: &[DoubleLine],
    rows: Option<&[SummaryRow]>,
) -> Vec<String> {
    let mut missing: Vec<String> = doubles.iter().map(|d| d.message.clone()).collect();
    for record in records {
        let title = title(record);
        missing.extend(record.faults().iter().map(|f| format!("{title}：{f}")));
    }
    missing.extend(unfiled(campaign, unit, records));
    missing.extend(
        rows.unwrap_or_default()
            .iter()
            .filter(|r| !r.agrees)
            .map(|r| format!("汇总表第{}行（{}）：{}", r.row, r.name, r.remedy)),
    );
    missing
}

/// What is told and asks the unit for nothing.
fn notes(
    records: &[RecordBoard],
    clock: &[ClockFault],
    filed_late: Option<Timestamp>,
) -> Vec<String> {
    let of = |r: &RecordBoard| {
        let title = title(r);
        let notes = r.notes().into_iter();
        notes.map(move |n| format!("{title}：{n}"))
    };
    let mut notes: Vec<String> = records.iter().flat_map(of).collect();
    notes.extend(clock.iter().map(|f| f.message.clone()));
    notes.extend(filed_late.map(|at| {
        let at = crate::hours::minute_in_words(at);
        format!("电子件于{at}收到，已过截止日。")
    }));
    notes
}

fn title(record: &RecordBoard) -> String {
    format!("{}（{}）", record.form_word, record.name)
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
        let each = usize::try_from(material.paper).unwrap_or(0);
        let needed = owners * each;
        // more originals of one candidate do not stand in for those of another
        let enough = |count: usize| count.min(each);
        needs.push(Need {
            label: material.label.clone(),
            needed,
            received: of_kind().map(|r| enough(r.whole_copies())).sum(),
            seals_needed: if material.sealed { needed } else { 0 },
            seals: of_kind().map(|r| enough(r.sealed.len())).sum(),
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
        .map(|kind| format!("{}：没有电子件，也没有纸质件", campaign.form_name(kind)))
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
