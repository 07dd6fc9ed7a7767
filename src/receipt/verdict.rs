//! The verdict (比对结论) on a marked page, and its stable code. How one comes to it is in `judge`, what it is called in `words`.

use serde::{Serialize, Serializer};

/// What a page is against its record. Only [`Verdict::code`] is stored and sent; the words are in `words`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename_all = "lowercase"))]
pub enum Verdict {
    /// The mark is one that the unit's key issued for the record's latest version, not void, seen for the first time. It does not
    /// say that the page was not altered.
    Match,
    /// An earlier version than the record's latest.
    Stale,
    /// Its issue was voided, or its record withdrawn.
    Void,
    /// The same sheet was received before: a rescan or a photocopy, a person decides.
    Again,
    /// The ledger does not know the record, or it belongs to another campaign.
    Foreign,
    /// Key or signature do not hold.
    Forged,
    /// No mark of ours was read.
    Unreadable,
    /// Recognised as the nearest issued mark; its signature was not read.
    Unverified,
    /// A later version than the desk's electronic record: the electronic side is late.
    Ahead,
    /// The version's number agrees, its contents do not.
    Differs,
    /// The signature holds, but no such sheet was issued for the record: another unit's key, or a copy, page, form or time that no
    /// print of it has.
    Unissued,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 11] = [
        Self::Match,
        Self::Stale,
        Self::Void,
        Self::Again,
        Self::Foreign,
        Self::Forged,
        Self::Unreadable,
        Self::Unverified,
        Self::Ahead,
        Self::Differs,
        Self::Unissued,
    ];

    /// The stable code in ledger, JSON and API.
    pub fn code(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Stale => "stale",
            Self::Void => "void",
            Self::Again => "again",
            Self::Foreign => "foreign",
            Self::Forged => "forged",
            Self::Unreadable => "unreadable",
            Self::Unverified => "unverified",
            Self::Ahead => "ahead",
            Self::Differs => "differs",
            Self::Unissued => "unissued",
        }
    }

    /// The verdict of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.code() == code)
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}
