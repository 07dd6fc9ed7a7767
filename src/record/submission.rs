//! What was handed in (报送材料): values with the places where they stand, and the files beside them. Whose photo or video a file is: `whose`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::finding::Place;
use crate::media::Probe;

/// One value in its canonical text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// One text; paragraphs are separated by `\n`.
    Text(String),
    /// Repeated rows: text by field key.
    Rows(Vec<BTreeMap<String, String>>),
}

impl Value {
    /// The text; empty for rows.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Rows(_) => "",
        }
    }

    /// The rows; none for a text.
    pub fn rows(&self) -> &[BTreeMap<String, String>] {
        match self {
            Self::Text(_) => &[],
            Self::Rows(rows) => rows,
        }
    }
}

/// The values of one owner, with the places they came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Values by field key; rows by sheet key.
    pub values: BTreeMap<String, Value>,
    /// Places by `key`, or by `sheet[n].key` for the n-th row (from 0) of a repeated sheet.
    pub places: BTreeMap<String, Place>,
    /// Where the entry itself stands: its row or file.
    pub place: Place,
    /// Path of the photo that stood in a cell of the workbook, one of [`Submission::pictures`]; empty for none.
    pub picture: String,
}

impl Entry {
    /// The text of a field; empty where absent.
    pub fn text(&self, key: &str) -> &str {
        self.values.get(key).map_or("", Value::text)
    }

    /// The rows under a sheet's key; none where absent.
    pub fn rows(&self, key: &str) -> &[BTreeMap<String, String>] {
        self.values.get(key).map_or(&[], Value::rows)
    }

    /// Sets a text.
    pub fn set(&mut self, key: &str, text: impl Into<String>) {
        self.values.insert(key.to_owned(), Value::Text(text.into()));
    }

    /// The place of a field, or of the entry where the field has none.
    pub fn place_of(&self, key: &str) -> Place {
        self.places.get(key).unwrap_or(&self.place).clone()
    }

    /// The place of a column in the n-th row (from 0) of a repeated sheet, or of the sheet, or of the entry.
    pub fn place_in(&self, sheet: &str, row: usize, key: &str) -> Place {
        self.places
            .get(&format!("{sheet}[{row}].{key}"))
            .or_else(|| self.places.get(sheet))
            .unwrap_or(&self.place)
            .clone()
    }
}

/// What a file of a submission is for, by the folder it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A photo, in `photos/`.
    Photo,
    /// A video, in `videos/`.
    Video,
    /// The report on the work of recommending.
    Report,
    /// The file that the values came from.
    Data,
    /// A file of a work in new media, in the folder that the campaign's sheet of works names.
    Work,
    /// Anything else.
    Other,
}

/// One file of a submission, without its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    /// Path relative to the submission folder, with `/`.
    pub path: String,
    /// What it is for.
    pub usage: Use,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// What its bytes say it is.
    pub probe: Probe,
}

impl Attachment {
    /// The file name without its folder.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Everything one unit hands in.
#[derive(Clone, Debug, Default)]
pub struct Submission {
    /// Id of the campaign it answers.
    pub campaign: String,
    /// The unit's own values, and its repeated rows under their sheets' keys.
    pub unit: Entry,
    /// Candidates in order of recommendation; résumé and awards under their sheets' keys.
    pub candidates: Vec<Entry>,
    /// The report's paragraphs, the first being its title; empty where there is none.
    pub report: Vec<String>,
    /// Where the report came from.
    pub report_place: Place,
    /// Whether a report lies there out of which nothing could be read, which was told by whoever read it.
    pub report_unread: bool,
    /// Keys of candidates' lists with rows that could be given to nobody, which was told by whoever read them: what such a list lacks
    /// may stand in them.
    pub unowned: BTreeSet<String>,
    /// Names and id numbers of people who were gathered once and are not in the list any more: a file that bears the end of such a number
    /// is not a namesake's.
    pub former: BTreeSet<(String, String)>,
    /// All files, by path.
    pub files: Vec<Attachment>,
    /// Paths of folders in which no file lies.
    pub empty_folders: Vec<String>,
    /// Bytes of the files that lie in no folder: photos out of cells of the workbook, by path.
    pub pictures: BTreeMap<String, Arc<[u8]>>,
}
