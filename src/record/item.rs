//! What of a submission is a record (记录), and what is in it: one recommendation for each candidate, one summary, one status
//! sheet, one report. Digests are in `digest`, versions in `version`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::campaign::{BlockTemplate, Campaign, CellTemplate, FormKind, FormTemplate, Kind, Owner};

use super::digest::Digest;
use super::{Attachment, Entry, Own, Submission, Work, belongings, works};

/// What stands before the unit's field keys in a candidate's record and form.
pub(super) const UNIT: &str = "unit.";

/// The list of candidates in a summary.
pub(super) const CANDIDATES: &str = "candidates";

/// Fields that every record of a candidate holds: who it is.
const IDENTITY: [&str; 3] = ["name", "id_no", "org"];

/// An attachment's name and sum.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentSum {
    /// File name without its folder.
    pub name: String,
    /// SHA-256 of the bytes.
    pub sha256: Digest,
}

/// What a record holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// Canonical texts that are not empty, by key: `name`, `resume[0].org`, and `unit.name` in a candidate's record.
    pub values: BTreeMap<String, String>,
    /// Photos and videos, in order of their names.
    pub attachments: Vec<AttachmentSum>,
}

/// A record as a submission has it now, before it has a reference and a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordItem {
    /// Form that shows it.
    pub kind: FormKind,
    /// Who it is about, for the record's reference: id number, else name and employer; empty for the unit's own records.
    pub identity: String,
    /// What people call it: the candidate's or the unit's name.
    pub name: String,
    /// Originals that are printed of it.
    pub copies: u8,
    /// What it holds.
    pub contents: Contents,
}

/// What a summary says of a candidate's record, so that form and summary cannot silently disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CandidateStamp {
    /// Reference of the record.
    pub reference: [u8; 8],
    /// Version that is printed.
    pub version: u16,
    /// Its digest.
    pub digest: Digest,
}

/// The records of a submission, candidates first and in order, all but the summary, which [`summary_item`] makes when the
/// candidates' versions are known. The unit's records are those that its channel hands in; an unknown channel hands in all.
pub fn records_of(campaign: &Campaign, submission: &Submission) -> Vec<RecordItem> {
    let mut items = candidate_items(campaign, submission);
    if let Some(form) = handed_in(campaign, submission, FormKind::Status) {
        let mut values = shown_unit_values(campaign, submission, form, "");
        for sheet in campaign.unit_lists() {
            put_rows(&mut values, &sheet.key, submission.unit.rows(&sheet.key));
        }
        items.push(unit_item(submission, form, values));
    }
    if let Some(form) = handed_in(campaign, submission, FormKind::Report)
        && !submission.report.is_empty()
    {
        // The text is the record: a file that is saved again with the same words is no new version.
        let mut values = shown_unit_values(campaign, submission, form, "");
        put(
            &mut values,
            "report".to_owned(),
            &submission.report.join("\n"),
        );
        items.push(unit_item(submission, form, values));
    }
    items
}

/// The summary's record; none where the channel hands none in. `stamps` are the candidates' records in order.
pub fn summary_item(
    campaign: &Campaign,
    submission: &Submission,
    stamps: &[CandidateStamp],
) -> Option<RecordItem> {
    let form = handed_in(campaign, submission, FormKind::Summary)?;
    let mut values = shown_unit_values(campaign, submission, form, "");
    let columns = candidate_columns(form);
    for (n, candidate) in submission.candidates.iter().enumerate() {
        let key = |field: &str| format!("{CANDIDATES}[{n}].{field}");
        for column in &columns {
            put(&mut values, key(column), candidate.text(column));
        }
        if let Some(stamp) = stamps.get(n) {
            let reference = u64::from_be_bytes(stamp.reference);
            put(&mut values, key("record"), &format!("{reference:016x}"));
            put(&mut values, key("version"), &stamp.version.to_string());
            put(&mut values, key("digest"), &stamp.digest.to_string());
        }
    }
    Some(unit_item(submission, form, values))
}

/// To whom a record's bare keys belong.
pub(super) fn owner(kind: FormKind) -> Owner {
    if kind.is_candidates() {
        Owner::Candidate
    } else {
        Owner::Unit
    }
}

fn candidate_items(campaign: &Campaign, submission: &Submission) -> Vec<RecordItem> {
    let forms = campaign.forms.iter().filter(|f| f.kind.is_candidates());
    let elsewhere = FieldsElsewhere::of(campaign);
    forms
        .flat_map(|form| items_of(campaign, submission, form, &elsewhere))
        .collect()
}

/// What of the candidates' sheets stands on which of their forms. A record holds what its form shows, so that a change makes new paper of
/// that form only; what no form shows belongs to the recommendation form.
struct FieldsElsewhere<'a> {
    /// Fields that only further forms show.
    fields: BTreeSet<&'a str>,
    /// Sheets whose rows only further forms show.
    sheets: BTreeSet<&'a str>,
}

impl<'a> FieldsElsewhere<'a> {
    fn of(campaign: &'a Campaign) -> Self {
        let (mut fields, mut sheets) = (BTreeSet::new(), BTreeSet::new());
        for form in &campaign.forms {
            if let FormKind::Candidate(_) = form.kind {
                fields.extend(shown_keys(form));
                sheets.extend(shown_sheets(form));
            }
        }
        if let Some(form) = campaign.form(FormKind::Recommendation) {
            let own = shown_keys(form);
            fields.retain(|key| !own.contains(key));
            let own = shown_sheets(form);
            sheets.retain(|key| !own.contains(key));
        }
        Self { fields, sheets }
    }
}

/// The records of one form of the candidates, in order.
fn items_of(
    campaign: &Campaign,
    submission: &Submission,
    form: &FormTemplate,
    elsewhere: &FieldsElsewhere<'_>,
) -> Vec<RecordItem> {
    let first = form.kind == FormKind::Recommendation;
    let (keys, lists) = (shown_keys(form), shown_sheets(form));
    let belongs = |field: &str| {
        if first {
            !elsewhere.fields.contains(field)
        } else {
            IDENTITY.contains(&field) || keys.contains(field)
        }
    };
    let lists_too = |sheet: &str| {
        if first {
            !elsewhere.sheets.contains(sheet)
        } else {
            lists.contains(sheet)
        }
    };
    let belongings = belongings(campaign, submission);
    let works = works(campaign, submission).all;
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let item = |(rank, candidate): (usize, &Entry)| {
        let mut values = shown_unit_values(campaign, submission, form, UNIT);
        let channel = submission.unit.text("channel");
        put(&mut values, format!("{UNIT}channel"), channel);
        if shown_keys(form).contains("no") {
            put(&mut values, "no".to_owned(), &(rank + 1).to_string());
        }
        if let Some(sheet) = campaign.candidate_sheet() {
            for field in sheet.fields.iter().filter(|f| belongs(&f.key)) {
                put(&mut values, field.key.clone(), candidate.text(&field.key));
            }
        }
        for sheet in campaign.candidate_lists().filter(|s| lists_too(&s.key)) {
            put_rows(&mut values, &sheet.key, candidate.rows(&sheet.key));
        }
        // The same person twice is a finding of the check; here each keeps a record of its own.
        let mut identity = identity(campaign, candidate);
        let times = taken.entry(identity.clone()).or_default();
        *times += 1;
        if *times > 1 {
            identity = format!("{identity}#{times}");
        }
        RecordItem {
            kind: form.kind,
            identity,
            name: candidate.text("name").to_owned(),
            copies: form.copies,
            contents: Contents {
                values,
                attachments: belongings
                    .of
                    .get(rank)
                    .map(|own| attachments(form, own, &works, rank))
                    .unwrap_or_default(),
            },
        }
    };
    submission.candidates.iter().enumerate().map(item).collect()
}

fn unit_item(
    submission: &Submission,
    form: &FormTemplate,
    values: BTreeMap<String, String>,
) -> RecordItem {
    RecordItem {
        kind: form.kind,
        identity: String::new(),
        name: submission.unit.text("name").to_owned(),
        copies: form.copies,
        contents: Contents {
            values,
            attachments: Vec::new(),
        },
    }
}

/// Who a candidate is: the id number, else name and employer.
pub fn identity(campaign: &Campaign, candidate: &Entry) -> String {
    let id_no = campaign
        .candidate_sheet()
        .and_then(|s| s.fields.iter().find(|f| f.kind == Kind::IdNo))
        .map_or("", |f| candidate.text(&f.key));
    if id_no.is_empty() {
        format!(
            "name:{}\norg:{}",
            candidate.text("name"),
            candidate.text("org")
        )
    } else {
        format!("id:{}", id_no.to_ascii_uppercase())
    }
}

/// The files of a form's record: all that are the candidate's, works too, for the recommendation form, the id photo for another form that has a box
/// for it.
fn attachments(
    form: &FormTemplate,
    own: &Own<'_>,
    works: &[Work<'_>],
    rank: usize,
) -> Vec<AttachmentSum> {
    let sum = |file: &Attachment| AttachmentSum {
        name: file.name().to_owned(),
        sha256: Digest(file.sha256),
    };
    let first = form.kind == FormKind::Recommendation;
    let id_photo = own.id_photo.filter(|_| first || has_photo(form));
    let others = own.work_photos.iter().map(|photo| photo.file);
    let others = others.chain(own.videos.iter().copied()).filter(|_| first);
    let of_works = works.iter().filter(|w| first && w.candidate == Some(rank));
    let of_works = of_works.flat_map(|w| w.files.iter().copied());
    let files = id_photo.into_iter().chain(others).chain(of_works);
    let mut sums: Vec<_> = files.map(sum).collect();
    sums.sort();
    sums
}

/// The template of a unit's form, where the campaign has it and the unit's channel hands it in.
fn handed_in<'a>(
    campaign: &'a Campaign,
    submission: &Submission,
    kind: FormKind,
) -> Option<&'a FormTemplate> {
    let form = campaign.form(kind)?;
    let word = submission.unit.text("channel");
    campaign
        .channel_named(word)
        .is_none_or(|c| c.forms.contains(&kind))
        .then_some(form)
}

fn put(values: &mut BTreeMap<String, String>, key: String, text: &str) {
    if !text.is_empty() {
        values.insert(key, text.to_owned());
    }
}

fn put_rows(values: &mut BTreeMap<String, String>, sheet: &str, rows: &[BTreeMap<String, String>]) {
    for (n, row) in rows.iter().enumerate() {
        for (field, text) in row {
            put(values, format!("{sheet}[{n}].{field}"), text);
        }
    }
}

/// The unit's values that a form shows; others may change without a new version of the record.
fn shown_unit_values(
    campaign: &Campaign,
    submission: &Submission,
    form: &FormTemplate,
    prefix: &str,
) -> BTreeMap<String, String> {
    let keys = shown_keys(form);
    let mut values = BTreeMap::new();
    for field in campaign.unit_sheet().iter().flat_map(|s| &s.fields) {
        let bare = prefix.is_empty() && keys.contains(field.key.as_str());
        if bare || keys.contains(format!("{UNIT}{}", field.key).as_str()) {
            let text = submission.unit.text(&field.key);
            put(&mut values, format!("{prefix}{}", field.key), text);
        }
    }
    values
}

/// The sheets whose rows a form shows.
fn shown_sheets(form: &FormTemplate) -> BTreeSet<&str> {
    let rows = form.blocks.iter().filter_map(|block| match block {
        BlockTemplate::Table { rows, .. } => Some(rows),
        _ => None,
    });
    let each = rows.flatten().map(|r| r.each.as_str());
    each.filter(|key| !key.is_empty()).collect()
}

/// Whether a form has a box for the id photo.
fn has_photo(form: &FormTemplate) -> bool {
    form.blocks.iter().any(|block| match block {
        BlockTemplate::Table { rows, .. } => rows
            .iter()
            .flat_map(|r| &r.cells)
            .any(|c| c.photo.is_some()),
        _ => false,
    })
}

/// The candidates' field keys that a summary's rows show.
fn candidate_columns(form: &FormTemplate) -> BTreeSet<&str> {
    let mut columns = BTreeSet::from(["name"]);
    for block in &form.blocks {
        if let BlockTemplate::Table { rows, .. } = block {
            let rows = rows.iter().filter(|r| r.each == CANDIDATES);
            rows.flat_map(|r| &r.cells)
                .for_each(|cell| cell_keys(cell, &mut columns));
        }
    }
    columns
}

/// Every key that a form names.
fn shown_keys(form: &FormTemplate) -> BTreeSet<&str> {
    let mut keys = BTreeSet::new();
    text_keys(&form.title, &mut keys);
    for block in &form.blocks {
        match block {
            BlockTemplate::Text { text, .. } | BlockTemplate::Place { text, .. } => {
                text_keys(text, &mut keys);
            }
            BlockTemplate::Signature { text, date, .. } => {
                text_keys(text, &mut keys);
                text_keys(date, &mut keys);
            }
            BlockTemplate::Table { side, rows, .. } => {
                text_keys(side, &mut keys);
                rows.iter()
                    .filter(|r| r.each.is_empty())
                    .flat_map(|r| &r.cells)
                    .for_each(|cell| cell_keys(cell, &mut keys));
            }
            _ => {}
        }
    }
    keys
}

fn cell_keys<'a>(cell: &'a CellTemplate, keys: &mut BTreeSet<&'a str>) {
    keys.extend([cell.field.as_str(), cell.ticks.as_str()]);
    for text in [&cell.label, &cell.text, &cell.hint, &cell.blank] {
        text_keys(text, keys);
    }
    if let Some(opinion) = &cell.opinion {
        opinion
            .texts()
            .into_iter()
            .for_each(|words| text_keys(words, keys));
    }
}

/// The keys in `{key}` of a template's text.
fn text_keys<'a>(text: &'a str, keys: &mut BTreeSet<&'a str>) {
    keys.extend(
        text.split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0)),
    );
}
