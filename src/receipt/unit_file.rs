//! What the ledger holds of one unit (单位案卷), row by row, as it is handed over to be judged: records, sheets, voided prints, seals,
//! times. What it comes to is in `board`, `places` and `clock`.

use jiff::Timestamp;

use crate::campaign::FormKind;
use crate::record::Digest;

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
    /// People whom another unit recommends too.
    pub doubles: Vec<Double>,
    /// When each version of its records was made.
    pub versions: Vec<VersionTime>,
    /// Its packages.
    pub packages: Vec<PackageTime>,
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
    /// Minute of issue of the newest print of the latest version; none where no print of it is known.
    pub printed: Option<u32>,
    /// When the electronic record of the latest version came to the desk; none where that is not known.
    pub filed_at: Option<Timestamp>,
    /// When it left the submission.
    pub withdrawn: Option<Timestamp>,
}

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
    /// Whether the desk's clock stood, at that time, before something that had been put before it already.
    pub behind: bool,
    /// Fingerprint of the key that signed its mark; empty where it was received before this was kept.
    pub signer: String,
    /// Whether that key is not believed any more for the time of issue: revoked since.
    pub disowned: bool,
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

/// When a version of a record was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionTime {
    /// Reference of the record.
    pub record: [u8; 8],
    /// Number of the version, from 1.
    pub version: u16,
    /// When it was issued, by the unit's clock.
    pub issued_at: Timestamp,
}

/// A package as its two clocks have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageTime {
    /// When it was made, by the unit's clock.
    pub made_at: Timestamp,
    /// When it came in, by the desk's.
    pub at: Timestamp,
}

/// A person of a unit whom another one recommends too, by the same id number in the latest versions of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Double {
    /// Reference of the unit's own record.
    pub record: [u8; 8],
    /// Name of the other unit.
    pub other: String,
    /// The person's name there.
    pub name: String,
}

/// A reference in 16 hexadecimal digits.
pub(super) fn hex(reference: [u8; 8]) -> String {
    format!("{:016x}", u64::from_be_bytes(reference))
}
