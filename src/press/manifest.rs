//! The manifest (`manifest.json`): every file with its sum, every mark with what it says. Field order is part of the
//! published contract.

use serde::{Deserialize, Serialize};

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

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileForm {
    /// 推荐表.
    Recommendation,
    /// 汇总表.
    Summary,
    /// 开展情况表.
    Status,
    /// 报告.
    Report,
    /// 材料清单.
    Checklist,
    /// 邮寄标签.
    Label,
    /// Everything in mailing order.
    Print,
}

impl From<FormKind> for FileForm {
    fn from(kind: FormKind) -> Self {
        match kind {
            FormKind::Recommendation => Self::Recommendation,
            FormKind::Summary => Self::Summary,
            FormKind::Status => Self::Status,
            FormKind::Report => Self::Report,
            FormKind::Checklist => Self::Checklist,
            FormKind::Label => Self::Label,
        }
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
