//! The manifest (`package.json`): who packed what, and every entry with its size and sum. Field order is part of the published
//! contract; the signature is over these bytes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mark::{Algorithm, PublicKey};
use crate::press::KeyEntry;

use super::PackageFault;

/// Format number that this program writes, and the highest that it reads.
pub(super) const FORMAT: u32 = 3;

/// Format number of a package that owes files and holds no works.
pub(super) const WITHOUT_WORKS: u32 = 2;

/// Format number of a package that owes nothing and holds no works: programs that do not know of owed files read it too.
pub(super) const WITHOUT_OWED: u32 = 1;

/// Largest manifest that is parsed: it is not believed yet, and 2,000 entries come to 1 MB.
const MOST_BYTES: usize = 8 << 20;

/// What a package holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageManifest {
    /// Format number: 1, 2 where it owes files, 3 where it holds works in new media.
    pub format: u32,
    /// Campaign id.
    pub campaign: String,
    /// Version of the campaign's template data that the unit had.
    pub template: u16,
    /// The unit's name now; the book keeps the name that it was begun under.
    pub unit: String,
    /// Key of the unit's channel; empty where it has none.
    pub channel: String,
    /// Whom to telephone.
    pub contact: Contact,
    /// Time of the newest version among the records, RFC 3339.
    pub made_at: String,
    /// The key that signed, with its public half, so that a stranger can be named. It is not trusted because it stands here.
    pub key: KeyEntry,
    /// References of the records that the unit hands in, 16 hex digits each; others in the book were withdrawn.
    pub present: Vec<String>,
    /// Prints that the unit has voided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voids: Vec<VoidEntry>,
    /// Videos that belong to the records and were left out, to be sent otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<OwedEntry>,
    /// All entries but the manifest and its signature, in their order.
    pub entries: Vec<PackageEntry>,
}

/// Whom to telephone at a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name; empty where not given.
    pub name: String,
    /// Numbers.
    pub phones: Vec<String>,
}

/// A voided print, or one copy of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidEntry {
    /// Record reference, 16 hex digits.
    pub record: String,
    /// Version that was printed.
    pub version: u16,
    /// Time of issue in the marks, in minutes since 2020-01-01 UTC.
    pub minutes: u32,
    /// Copy; 0 for all.
    pub copy: u8,
    /// When it was voided, RFC 3339.
    pub at: String,
    /// Why.
    pub reason: String,
}

/// A video that was left out of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwedEntry {
    /// Name that it would have had.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
    /// Path in the unit's submission folder.
    pub original: String,
    /// Reference of the record that it belongs to, 16 hex digits.
    pub record: String,
}

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryRole {
    /// The record book.
    Book,
    /// The marks that were issued.
    Issues,
    /// The unit's public key.
    Key,
    /// A form as PDF or workbook.
    Form,
    /// The report as it was handed in.
    Report,
    /// A photo.
    Photo,
    /// A video.
    Video,
    /// A file of a work in new media.
    Work,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageEntry {
    /// Name with `/`.
    pub name: String,
    /// What it is for.
    pub role: EntryRole,
    /// Bytes.
    pub size: u64,
    /// SHA-256, hex.
    pub sha256: String,
    /// Path in the unit's submission folder, of photos, videos, works and the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    /// Reference of the record that it belongs to, 16 hex digits, of photos, videos and works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
}

impl PackageManifest {
    /// The manifest of its bytes, which are not believed yet.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, PackageFault> {
        #[derive(Deserialize)]
        struct FormatNumber {
            format: u32,
        }
        let fault = |_| PackageFault::Manifest("不是本程序写的 package.json");
        if bytes.len() > MOST_BYTES {
            return Err(PackageFault::Manifest("package.json 过大"));
        }
        // The format first: a later one may hold what this program does not know.
        let head: FormatNumber = serde_json::from_slice(bytes).map_err(fault)?;
        if !(WITHOUT_OWED..=FORMAT).contains(&head.format) {
            return Err(PackageFault::Format(head.format));
        }
        serde_json::from_slice(bytes).map_err(fault)
    }

    /// Its bytes; the same manifest has the same.
    pub(super) fn to_json(&self) -> Result<Vec<u8>, PackageFault> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|_| PackageFault::Manifest("无法写成 JSON"))?;
        Ok((text + "\n").into_bytes())
    }

    /// When it says that it was made.
    pub fn made_at(&self) -> Result<Timestamp, PackageFault> {
        let fault = |_| PackageFault::Manifest("made_at 应为 RFC 3339 时刻");
        self.made_at.parse().map_err(fault)
    }

    /// The key that it names.
    pub fn public_key(&self) -> Result<PublicKey, PackageFault> {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(&self.key.public_key);
        let key = Algorithm::from_name(&self.key.algorithm.to_ascii_lowercase())
            .zip(bytes.ok())
            .and_then(|(algorithm, bytes)| PublicKey::from_bytes(algorithm, &bytes).ok());
        key.filter(|key| key.id().to_string() == self.key.id)
            .ok_or(PackageFault::Manifest("key 不是 Ed25519 或 SM2 公钥"))
    }
}

/// A reference of exactly 16 lower-case hexadecimal digits.
pub(super) fn reference(text: &str) -> Option<[u8; 8]> {
    let number = u64::from_str_radix(text, 16).ok()?;
    (format!("{number:016x}") == text).then(|| number.to_be_bytes())
}
