//! What was handed in (报送材料): values with the places where they stand, and the files beside them; whose photo or video a file is.

use std::collections::BTreeMap;

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
    /// All files, by path.
    pub files: Vec<Attachment>,
}

impl Submission {
    /// The id photo of a candidate: the file named in `photo`, or `姓名.jpg`, `姓名-证件照.jpg`, `姓名证件照.jpg`,
    /// or with `.jpeg`, in `photos/`; letters' case does not matter.
    pub fn id_photo(&self, candidate: &Entry) -> Option<&Attachment> {
        let named = candidate.text("photo").to_lowercase();
        let name = compact(candidate.text("name"));
        let wanted = |file: &Attachment| {
            let lower = file.name().to_lowercase();
            if !named.is_empty() {
                return lower == named || file.path.to_lowercase() == named;
            }
            let stem = lower
                .rsplit_once('.')
                .map_or(lower.as_str(), |(stem, _)| stem);
            let name = name.to_lowercase();
            !name.is_empty()
                && (stem == name
                    || stem == format!("{name}-证件照")
                    || stem == format!("{name}证件照"))
        };
        self.files
            .iter()
            .filter(|f| f.usage == Use::Photo)
            .find(|f| wanted(f))
    }

    /// The work photos of a candidate: files in `photos/` that begin with the name and go on with digits,
    /// or that stand in a folder of that name; in order of path.
    pub fn work_photos(&self, candidate: &Entry) -> Vec<&Attachment> {
        let id_photo = self.id_photo(candidate).map(|a| a.path.clone());
        let photos = self.of_person(candidate, Use::Photo).into_iter();
        photos
            .filter(|f| Some(&f.path) != id_photo.as_ref())
            .collect()
    }

    /// The videos of a candidate, found as the work photos are.
    pub fn videos(&self, candidate: &Entry) -> Vec<&Attachment> {
        self.of_person(candidate, Use::Video)
    }

    /// The files of a use that are a candidate's by their names.
    fn of_person(&self, candidate: &Entry, usage: Use) -> Vec<&Attachment> {
        let name = compact(candidate.text("name"));
        self.files
            .iter()
            .filter(|f| f.usage == usage && belongs_to(f, &name))
            .collect()
    }
}

/// A name as the names of files are held against it: without white space.
fn compact(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether a file is one of a person's: `name` then anything that is not a letter of a longer name, or in a folder `name`.
fn belongs_to(file: &Attachment, name: &str) -> bool {
    if name.is_empty() {
        return false;
    }
    if file
        .path
        .split('/')
        .rev()
        .skip(1)
        .any(|folder| folder == name)
    {
        return true;
    }
    compact(file.name()).strip_prefix(name).is_some_and(|rest| {
        let stem = rest.rsplit_once('.').map_or(rest, |(stem, _)| stem);
        !stem.starts_with(|c: char| c.is_alphabetic() || c == '·')
            || stem.starts_with("工作")
            || stem.starts_with("生活")
            || stem.starts_with('照')
    })
}
