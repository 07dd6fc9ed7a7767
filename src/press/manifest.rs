//! The manifest (`manifest.json`): every file with its sum, every mark with what it says. Field order is part of the
//! published contract.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::campaign::FormKind;

/// Everything that one making wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Campaign id.
    pub campaign: String,
    /// Time of the newest version among the records, RFC 3339.
    pub issued_at: String,
    /// The recommending unit's name.
    pub unit: String,
    /// The key that signed the marks.
    pub key: KeyEntry,
    /// Files by path.
    pub files: Vec<FileEntry>,
}

/// The public half of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEntry {
    /// Key id, four hex digits.
    pub id: String,
    /// `Ed25519` or `SM2`.
    pub algorithm: String,
    /// Public key, base64.
    pub public_key: String,
}

/// What a file holds: a form, or everything in mailing order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileForm {
    /// One form.
    Form(FormKind),
    /// Everything in mailing order.
    Print,
}

/// The word for everything in mailing order.
const PRINT: &str = "print";

impl From<FormKind> for FileForm {
    fn from(kind: FormKind) -> Self {
        Self::Form(kind)
    }
}

impl Serialize for FileForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Form(kind) => kind.serialize(serializer),
            Self::Print => serializer.serialize_str(PRINT),
        }
    }
}

impl<'de> Deserialize<'de> for FileForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = String::deserialize(deserializer)?;
        if key == PRINT {
            return Ok(Self::Print);
        }
        FormKind::deserialize(de::value::StringDeserializer::new(key)).map(Self::Form)
    }
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path relative to the output folder, with `/`.
    pub path: String,
    /// What it holds.
    pub form: FileForm,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Sides of paper, blank backs included; 0 for a workbook.
    pub pages: usize,
    /// Its marks in order of sheets.
    pub marks: Vec<MarkEntry>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkEntry {
    /// Page in this file, from 1; 1 for a workbook.
    pub sheet: usize,
    /// The 235 digits.
    pub digits: String,
    /// The code that a person can type.
    pub human: String,
    /// Record reference, 16 hex digits.
    pub record: String,
    /// Version of the record.
    pub version: u16,
    /// Copy, from 1; 0 for an editable file.
    pub copy: u8,
    /// Number of copies; 0 for an editable file.
    pub copies: u8,
    /// Page, from 1; 0 where pages are not ours.
    pub page: u8,
    /// Page count; 0 where pages are not ours.
    pub pages: u8,
}
