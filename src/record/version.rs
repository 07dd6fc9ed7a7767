//! The record book (记录簿): the records of one unit in one campaign with all their versions, append-only, as JSON.
//! Its text is in `book_text`, its file in `store`; it is the unit's own and holds the values unmasked.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::campaign::{Campaign, FormKind};

use super::canonical::{Sealed, digest, first_holds, holds};
use super::diff::{Difference, diff};
use super::digest::Digest;
use super::item::{CandidateStamp, Contents, RecordItem};

/// Why a text is not a record book, or why a record cannot be entered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// Not the JSON of a book.
    #[error("记录簿读不懂：{0}。请恢复备份，不要手工修改")]
    Syntax(String),
    /// Written by a later program.
    #[error("记录簿的格式为 {0}，本程序只认识到 2。请升级程序")]
    Format(u32),
    /// The text is not what this program wrote: it was changed by hand, or on its way.
    #[error("记录簿被改动过，或已损坏：内容与其中的校验和不符。请恢复备份，不要手工修改")]
    Sum,
    /// Contents that are not those of the digest, which the marks of printed pages bear.
    #[error("“{name}”版本{version}的内容与它的摘要不符，被改动过。请恢复备份，不要手工修改")]
    Contents {
        /// Name of the record.
        name: String,
        /// The first version that differs.
        version: u16,
    },
    /// A digest of the first way to write records, made with templates that are not at hand.
    #[error(
        "“{name}”版本{version}是旧版程序用模板版本{template}制成的，没有那一版模板，无法核对内容。请用 --templates 指定那一版模板再做"
    )]
    Templates {
        /// Name of the record.
        name: String,
        /// The version.
        version: u16,
        /// Version of the templates that it was made with.
        template: u16,
    },
    /// A record that is called otherwise than its latest contents say.
    #[error("记录簿中“{0}”与内容中的姓名或单位名称不同。请恢复备份，不要手工修改")]
    Name(String),
    /// A reference that is not 16 lower-case hexadecimal digits.
    #[error("记录簿中的编号“{0}”应为 16 位十六进制数。请恢复备份")]
    Reference(String),
    /// A reference that stands twice.
    #[error("记录簿中编号 {0} 重复。请恢复备份")]
    Twice(String),
    /// Versions that are not 1, 2, 3 and so on.
    #[error("记录簿中“{name}”的版本应从 1 起逐一增加，第 {place} 个却是 {version}。请恢复备份")]
    Versions {
        /// Name of the record.
        name: String,
        /// Position of the version, from 1.
        place: usize,
        /// Its number.
        version: u16,
    },
    /// A record without a version.
    #[error("记录簿中“{0}”没有任何版本。请恢复备份")]
    NoVersion(String),
    /// A reference that stands for a record of another kind.
    #[error("编号 {0} 在记录簿中是另一种表。请核对记录簿是否属于本单位、本活动")]
    Kind(String),
    /// Two books that have a version with different contents.
    #[error(
        "“{name}”的版本{version}在台账和记录簿中内容不同。请核对记录簿是否恢复过旧备份；以台账为准的，移走 records.json 后重新制作"
    )]
    Fork {
        /// Name of the record.
        name: String,
        /// The first version that differs.
        version: u16,
    },
    /// No number is left.
    #[error("“{0}”的版本已用完（65535）。请另建提交文件夹")]
    Full(String),
}

/// The records of one unit in one campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    pub(super) campaign: String,
    pub(super) unit: String,
    pub(super) key: String,
    pub(super) records: Vec<BookRecord>,
}

/// One record with all its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BookRecord {
    reference: String,
    kind: FormKind,
    name: String,
    versions: Vec<Version>,
}

/// One version of a record; it never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// Number, from 1.
    pub version: u16,
    /// Version of the campaign's template data, which the digest covers too.
    pub template: u16,
    /// Digest of the contents.
    pub digest: Digest,
    /// When it was first issued.
    #[serde(with = "rfc3339")]
    pub issued_at: Timestamp,
    /// Originals of it that are printed.
    pub copies: u8,
    /// What it held.
    pub contents: Contents,
}

/// A record as it stands in the book after [`Book::enrol`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Its reference.
    pub reference: [u8; 8],
    /// Its version.
    pub version: u16,
    /// Digest of the version.
    pub digest: Digest,
    /// When the version was first issued; the marks of every later print say so too.
    pub issued_at: Timestamp,
    /// Whether it is new.
    pub status: EnrolStatus,
}

/// Whether a record is new in the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolStatus {
    /// It was not in the book.
    New,
    /// Its latest version is the same.
    Same,
    /// It has a new version; printed copies of earlier ones are stale.
    Changed {
        /// The latest version before.
        previous: u16,
        /// Printed originals of that version.
        copies: u8,
        /// What changed since.
        differences: Vec<Difference>,
    },
}

impl Enrolled {
    /// What the summary says of the record.
    pub fn stamp(&self) -> CandidateStamp {
        CandidateStamp {
            reference: self.reference,
            version: self.version,
            digest: self.digest,
        }
    }
}

impl Book {
    /// An empty book. `key` is the number of the key under whose secret the references are made.
    pub fn new(campaign: &str, unit: &str, key: &str) -> Self {
        Self {
            campaign: campaign.to_owned(),
            unit: unit.to_owned(),
            key: key.to_owned(),
            records: Vec::new(),
        }
    }

    /// A book out of the records of a ledger. Fails on versions that are not 1, 2, 3 and so on, and on a reference that stands
    /// twice.
    pub fn restored(
        campaign: &str,
        unit: &str,
        key: &str,
        records: Vec<BookRecord>,
    ) -> Result<Self, BookError> {
        let book = Self {
            records,
            ..Self::new(campaign, unit, key)
        };
        book.hold_together()?;
        Ok(book)
    }

    pub(super) fn hold_together(&self) -> Result<(), BookError> {
        let mut seen = BTreeSet::new();
        for record in &self.records {
            record.hold_together()?;
            if !seen.insert(&record.reference) {
                return Err(BookError::Twice(record.reference.clone()));
            }
        }
        Ok(())
    }

    /// Two books of one unit as one: of each record the longer list of versions, in the order of `self`, the records that only
    /// `other` has behind. Fails where both have a version with different contents.
    pub fn merged(mut self, other: &Self) -> Result<Self, BookError> {
        for theirs in &other.records {
            let mine = self
                .records
                .iter_mut()
                .find(|r| r.reference == theirs.reference);
            let Some(mine) = mine else {
                self.records.push(theirs.clone());
                continue;
            };
            for (a, b) in mine.versions.iter().zip(&theirs.versions) {
                if a.digest != b.digest {
                    return Err(BookError::Fork {
                        name: mine.name.clone(),
                        version: a.version,
                    });
                }
            }
            if theirs.versions.len() > mine.versions.len() {
                *mine = theirs.clone();
            }
        }
        Ok(self)
    }

    /// Holds every version's contents against its digest, and every name against the latest contents. Contents that were
    /// erased on purpose are none, and the digest stands for what they were. `known` gives the campaign's templates, which
    /// digests of the first way to write records need.
    pub(super) fn is_its_digests(&self, known: Option<&Campaign>) -> Result<(), BookError> {
        for record in &self.records {
            for version in &record.versions {
                version.is_its_digest(&self.campaign, record, known)?;
            }
            let held = record.latest().map(|v| &v.contents);
            let named = held.and_then(|c| c.values.get("name"));
            if named.is_some_and(|n| *n != record.name) {
                return Err(BookError::Name(record.name.clone()));
            }
        }
        Ok(())
    }

    /// The book with the contents and the name of one record gone, and the contents of all but the latest version of others;
    /// numbers, digests and times stay, so that old paper is still judged.
    #[must_use]
    pub fn without_contents(&self, gone: [u8; 8], earlier: &[[u8; 8]]) -> Self {
        let mut book = self.clone();
        for record in &mut book.records {
            let reference = record.reference_bytes();
            let keep = if reference == Some(gone) {
                record.name = "已删除".to_owned();
                0
            } else if reference.is_some_and(|r| earlier.contains(&r)) {
                1
            } else {
                continue;
            };
            let upto = record.versions.len().saturating_sub(keep);
            for version in record.versions.iter_mut().take(upto) {
                version.contents = Contents::default();
            }
        }
        book
    }

    /// Id of the campaign.
    pub fn campaign(&self) -> &str {
        &self.campaign
    }

    /// The unit's name when the book was begun. References are made of this name, so that a corrected name does not make
    /// all records new.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// Number of the key under whose secret the references are made.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Records in the order in which they were entered.
    pub fn records(&self) -> &[BookRecord] {
        &self.records
    }

    /// The record with a reference.
    pub fn record(&self, reference: [u8; 8]) -> Option<&BookRecord> {
        let reference = hex(reference);
        self.records.iter().find(|r| r.reference == reference)
    }

    /// Enters a record: contents equal to the latest version's keep that version and its time of issue, others get the
    /// next version. Fails where the reference belongs to another kind, or no version is left.
    pub fn enrol(
        &mut self,
        campaign: &Campaign,
        reference: [u8; 8],
        item: &RecordItem,
        issued_at: Timestamp,
    ) -> Result<Enrolled, BookError> {
        let sum = digest(campaign, item.kind, item.copies, &item.contents);
        let enrolled = |version, issued_at, status| Enrolled {
            reference,
            version,
            digest: sum,
            issued_at,
            status,
        };
        let next = |version| Version {
            version,
            template: campaign.version,
            digest: sum,
            issued_at,
            copies: item.copies,
            contents: item.contents.clone(),
        };
        let reference = hex(reference);
        let Some(record) = self.records.iter_mut().find(|r| r.reference == reference) else {
            self.records.push(BookRecord {
                reference,
                kind: item.kind,
                name: item.name.clone(),
                versions: vec![next(1)],
            });
            return Ok(enrolled(1, issued_at, EnrolStatus::New));
        };
        if record.kind != item.kind {
            return Err(BookError::Kind(reference));
        }
        let Some(latest) = record.versions.last() else {
            return Err(BookError::NoVersion(record.name.clone()));
        };
        if latest.is_still(campaign, item, &sum) {
            // a digest of the first way to write records stands: paper bears it
            let digest = latest.digest;
            let same = enrolled(latest.version, latest.issued_at, EnrolStatus::Same);
            return Ok(Enrolled { digest, ..same });
        }
        let number = latest
            .version
            .checked_add(1)
            .ok_or_else(|| BookError::Full(record.name.clone()))?;
        let differences = latest.differences(campaign, item, &sum);
        let status = EnrolStatus::Changed {
            previous: latest.version,
            copies: latest.copies,
            differences,
        };
        record.versions.push(next(number));
        record.name = item.name.clone();
        Ok(enrolled(number, issued_at, status))
    }

    /// Records that are not among `references`: candidates that were withdrawn, or whose id number was corrected.
    /// Their printed copies no longer belong to the submission.
    pub fn others(&self, references: &[[u8; 8]]) -> Vec<&BookRecord> {
        let here: BTreeSet<String> = references.iter().map(|r| hex(*r)).collect();
        let other = |r: &&BookRecord| !here.contains(&r.reference);
        self.records.iter().filter(other).collect()
    }
}

impl Version {
    /// Whether it holds what a record holds now; `sum` is the digest of that.
    fn is_still(&self, campaign: &Campaign, item: &RecordItem, sum: &Digest) -> bool {
        let now = Sealed {
            campaign: &campaign.id,
            template: campaign.version,
            kind: item.kind,
            copies: item.copies,
            contents: &item.contents,
        };
        self.digest == *sum
            || self.copies == item.copies && first_holds(&self.digest, &now, campaign)
    }

    /// What differs between it and what a record holds now, of digest `sum`; never nothing.
    fn differences(&self, campaign: &Campaign, item: &RecordItem, sum: &Digest) -> Vec<Difference> {
        let mut differences = diff(campaign, item.kind, &self.contents, &item.contents);
        if self.template != campaign.version {
            differences.push(Difference {
                key: "campaign.version".to_owned(),
                label: "活动模板版本".to_owned(),
                before: self.template.to_string(),
                after: campaign.version.to_string(),
            });
        }
        if differences.is_empty() {
            // the campaign's algorithm changed, and nothing that people filled in
            differences.push(Difference {
                key: "digest".to_owned(),
                label: "记录摘要".to_owned(),
                before: self.digest.to_string(),
                after: sum.to_string(),
            });
        }
        differences
    }

    fn is_its_digest(
        &self,
        campaign: &str,
        record: &BookRecord,
        known: Option<&Campaign>,
    ) -> Result<(), BookError> {
        let of = Sealed {
            campaign,
            template: self.template,
            kind: record.kind,
            copies: self.copies,
            contents: &self.contents,
        };
        if self.contents == Contents::default() || holds(&self.digest, &of, known) {
            return Ok(());
        }
        let (name, version) = (record.name.clone(), self.version);
        // with these very templates at hand it would have been found
        if known.is_some_and(|c| c.version == self.template) {
            return Err(BookError::Contents { name, version });
        }
        Err(BookError::Templates {
            name,
            version,
            template: self.template,
        })
    }
}

impl BookRecord {
    /// A record out of a ledger.
    pub fn restored(
        reference: [u8; 8],
        kind: FormKind,
        name: String,
        versions: Vec<Version>,
    ) -> Self {
        Self {
            reference: hex(reference),
            kind,
            name,
            versions,
        }
    }

    /// Its reference in 8 bytes; none where it is no reference, which no book that was read has.
    pub fn reference_bytes(&self) -> Option<[u8; 8]> {
        u64::from_str_radix(&self.reference, 16)
            .ok()
            .map(u64::to_be_bytes)
    }

    /// Its reference in 16 hexadecimal digits.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Form that shows it.
    pub fn kind(&self) -> FormKind {
        self.kind
    }

    /// What people call it, as in the latest version.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All versions, the first being 1; never empty.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The latest version.
    pub fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    fn hold_together(&self) -> Result<(), BookError> {
        let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if self.reference.len() != 16 || !self.reference.bytes().all(lower_hex) {
            return Err(BookError::Reference(self.reference.clone()));
        }
        if self.versions.is_empty() {
            return Err(BookError::NoVersion(self.name.clone()));
        }
        for (place, version) in (1..).zip(&self.versions) {
            if usize::from(version.version) != place {
                return Err(BookError::Versions {
                    name: self.name.clone(),
                    place,
                    version: version.version,
                });
            }
        }
        Ok(())
    }
}

fn hex(reference: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(reference))
}

/// A time as RFC 3339 text.
mod rfc3339 {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(time)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map_err(|_| D::Error::custom("时间应为 RFC 3339 格式"))
    }
}
