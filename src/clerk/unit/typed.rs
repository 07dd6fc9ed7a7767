//! A unit's submission typed on a page (网页填写): values come in by field keys and are kept as `submission.json`, which is read
//! like any other data file.

pub(in crate::clerk) use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::campaign::{Campaign, Sheet};
use crate::finding::{Finding, Place};
use crate::intake::{self, SourceFile};
use crate::record::{Entry, Submission, Value};
use crate::store::write_file;

use crate::hours::beijing;

use crate::clerk::error::ClerkError;
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::making::judge::judge;
use crate::clerk::making::read::{Reading, read};
use crate::clerk::unit::folder::OwnFolder;

/// Most candidates that are typed on pages.
const MOST_PEOPLE: usize = 50;
/// Most rows of one list.
const MOST_ROWS: usize = 100;
/// Name of the file that holds what was typed.
const TYPED: &str = "submission.json";

/// Of whom values are typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The unit.
    Unit,
    /// The candidate of that number, from 0.
    Candidate(usize),
}

impl OwnFolder {
    /// What was handed over so far, from whatever file; the unit's name is the account's.
    pub fn typed(&self, campaigns: &Campaigns) -> Result<Submission, ClerkError> {
        let mut submission = match self.files()?.is_empty() {
            true => Submission::default(),
            false => self.read_all(campaigns)?.submission,
        };
        submission.campaign.clone_from(&self.unit().campaign);
        submission.unit.set("name", self.unit().name.clone());
        if submission.unit.text("channel").is_empty()
            && let (Some(campaign), _) = campaigns.load(&self.unit().campaign)?
            && let Some(channel) = campaign.channel_named(&self.unit().channel)
        {
            submission.unit.set("channel", channel.label.clone());
        }
        Ok(submission)
    }

    fn read_all(&self, campaigns: &Campaigns) -> Result<Reading, ClerkError> {
        Ok(read(campaigns, &self.submission(), Some(&self.unit().campaign))?.1)
    }

    /// Keeps what was typed; a workbook that was the data file before is put aside.
    pub fn save_typed(&self, submission: &Submission) -> Result<(), ClerkError> {
        let mut kept = submission.clone();
        // a report of its own file is not typed
        if self.files()?.iter().any(|f| f.path.starts_with("report/")) {
            kept.report.clear();
        }
        // photos in cells of a workbook that goes become files
        for entry in submission.candidates.iter() {
            let Some(bytes) = submission.pictures.get(&entry.picture) else {
                continue;
            };
            let name = entry.picture.rsplit('/').next().unwrap_or_default();
            let incoming = self.incoming()?.join("photo");
            write_file(&incoming, bytes)?;
            self.put(name, &incoming)?;
        }
        let json = serde_json::to_vec_pretty(&intake::to_json(&kept))
            .map_err(|e| ClerkError::Bug(e.to_string()))?;
        let incoming = self.incoming()?.join(TYPED);
        write_file(&incoming, &json)?;
        self.put(TYPED, &incoming)?;
        Ok(())
    }
}

/// Takes typed values over: texts by field key, list rows by `list[n].key`. Values of other keys stand as they are.
pub fn take_typed(
    campaign: &Campaign,
    submission: &mut Submission,
    who: Who,
    values: &BTreeMap<String, String>,
) -> Result<(), ClerkError> {
    let lists: Vec<Sheet> = match who {
        Who::Unit => campaign.unit_lists().cloned().collect(),
        Who::Candidate(_) => campaign.candidate_lists().cloned().collect(),
    };
    let (sheet, entry) = match who {
        Who::Unit => (campaign.unit_sheet(), &mut submission.unit),
        Who::Candidate(n) => {
            let entry = submission.candidates.get_mut(n);
            let entry = entry.ok_or_else(|| ClerkError::Refused("没有这位人选。".to_owned()))?;
            (campaign.candidate_sheet(), entry)
        }
    };
    for field in sheet.iter().flat_map(|s| &s.fields) {
        if let Some(text) = values.get(&field.key) {
            entry.set(&field.key, text.replace("\r\n", "\n").trim().to_owned());
        }
    }
    for list in &lists {
        let rows = rows_of(list, values);
        if !rows.is_empty()
            || values
                .keys()
                .any(|k| k.starts_with(&format!("{}[", list.key)))
        {
            entry.values.insert(list.key.clone(), Value::Rows(rows));
        }
    }
    Ok(())
}

/// The rows of a list that hold anything.
fn rows_of(list: &Sheet, values: &BTreeMap<String, String>) -> Vec<BTreeMap<String, String>> {
    let row = |n: usize| -> BTreeMap<String, String> {
        let cells = list.fields.iter().filter_map(|field| {
            let text = values
                .get(&format!("{}[{n}].{}", list.key, field.key))?
                .trim();
            (!text.is_empty()).then(|| (field.key.clone(), text.to_owned()))
        });
        cells.collect()
    };
    (0..MOST_ROWS).map(row).filter(|r| !r.is_empty()).collect()
}

/// Adds a candidate at the end; gives the number.
pub fn add_person(submission: &mut Submission, name: &str) -> Result<usize, ClerkError> {
    if submission.candidates.len() >= MOST_PEOPLE {
        return Err(ClerkError::Refused(format!(
            "网页上最多填写 {MOST_PEOPLE} 位人选。"
        )));
    }
    let mut entry = Entry::default();
    entry.set("name", name.trim());
    submission.candidates.push(entry);
    Ok(submission.candidates.len() - 1)
}

/// What reading and the rules find in what was typed, beside the files that lie there; each finding with the key of its field,
/// `list[n].key` in a list, for the one of whom it is.
pub fn findings_of_typed(
    campaign: &Campaign,
    submission: &Submission,
    who: Who,
    now: Timestamp,
) -> Result<Vec<(String, Finding)>, ClerkError> {
    let bytes = serde_json::to_vec(&intake::to_json(submission))
        .map_err(|e| ClerkError::Bug(e.to_string()))?;
    let path = TYPED.to_owned();
    let files = submission.files.clone();
    let (typed, findings) = intake::read(campaign, &[SourceFile { path, bytes }], None, files);
    let reading = Reading {
        submission: typed,
        findings,
        ..Reading::default()
    };
    let found = judge(campaign, &reading, beijing(now));
    Ok(found
        .into_iter()
        .filter_map(|f| Some((key_of(&f.place, who)?, f)))
        .collect())
}

/// The key of the field at a JSON pointer, where it is one of `who`.
fn key_of(place: &Place, who: Who) -> Option<String> {
    let pointer = place.cell.as_deref()?;
    let rest = match who {
        Who::Unit => pointer
            .strip_prefix("/unit/")
            .or_else(|| pointer.strip_prefix('/'))?,
        Who::Candidate(n) => pointer.strip_prefix(&format!("/candidates/{n}/"))?,
    };
    match rest.split('/').collect::<Vec<_>>().as_slice() {
        ["candidates", ..] => None,
        [key] => Some((*key).to_owned()),
        [list, row, key] => Some(format!("{list}[{row}].{key}")),
        [list, row] => Some(format!("{list}[{row}]")),
        _ => None,
    }
}
