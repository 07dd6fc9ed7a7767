//! What one act files for one unit, with what came of it. How it is entered is in `records`, whether the key may file it in `trust`.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::campaign::FormKind;
use crate::record::Book;

use super::contact::UnitContact;
use super::prints::{IssuedPage, Voided};

/// What one act files for one unit, all of it or nothing.
#[derive(Debug)]
pub struct Filing<'a> {
    /// Now.
    pub at: Timestamp,
    /// The act in the audit log: `issue`, `package`.
    pub act: &'static str,
    /// The unit's whole record book.
    pub book: &'a Book,
    /// Fingerprints of the keys that file: the one that signs now, then others of the same key folder, or of the same owner in the
    /// trust list.
    pub signers: &'a [String],
    /// Why the first of them may file a unit that no key has filed yet.
    pub voucher: Voucher,
    /// Fingerprints of the keys that signed the sheets.
    pub mark_signers: &'a BTreeSet<String>,
    /// The unit's name now.
    pub unit: &'a str,
    /// Its channel's key; empty where not known.
    pub channel: &'a str,
    /// Whom to telephone there.
    pub contact: &'a UnitContact,
    /// References of the records that are in the submission now; others of the unit count as withdrawn.
    pub present: &'a [[u8; 8]],
    /// Sheets that are issued; those that the ledger has are left as they are.
    pub sheets: &'a [IssuedPage],
    /// Voids that came along; those that the ledger has are left as they are.
    pub voids: &'a [Voided],
    /// Values for the blind index: record, field key, value.
    pub lookups: &'a [([u8; 8], String, String)],
    /// The package that all this came in.
    pub package: Option<PackageRow>,
}

/// What speaks for a key that files a unit which no key has filed yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voucher {
    /// It is a key of this desk's own folder.
    Own,
    /// The trust list says that it belongs to that very unit.
    Owner,
    /// Nothing does: only a unit that has it already may be filed.
    Nobody,
}

/// A package as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageRow {
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// When the unit made it.
    pub made_at: Timestamp,
    /// Its file name.
    pub name: String,
    /// What it held beside the records, kept already.
    pub entries: Vec<EntryRow>,
}

/// A file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Name in the package.
    pub name: String,
    /// What it is for, by the word in the package's manifest.
    pub role: String,
    /// The record that it belongs to.
    pub record: Option<[u8; 8]>,
    /// Bytes.
    pub size: u64,
    /// Its object.
    pub object: [u8; 32],
}

/// What filing changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the same package had been received before; nothing was changed then.
    pub again: bool,
    /// New versions: form, name and number.
    pub added: Vec<(FormKind, String, u16)>,
    /// Records whose version in the ledger is later: form, name, version offered, version in the ledger.
    pub older: Vec<(FormKind, String, u16, u16)>,
    /// Sheets that were not in the ledger before.
    pub sheets: usize,
}
