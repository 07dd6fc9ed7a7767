//! What a file says: its values, each with where it stands and how it was found.

use std::collections::BTreeMap;

use crate::finding::Place as At;

/// How a value was found, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// By the tag of a content control.
    Tag,
    /// By a bookmark of a filling.
    Bookmark,
    /// By the place that the binding names.
    Grid,
}

impl How {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Tag => "内容控件",
            Self::Bookmark => "书签",
            Self::Grid => "表格位置",
        }
    }
}

/// A value as it stands somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadValue {
    /// Its key: `name`, `unit.name`, `resume[0].span`, `candidates[2].name`.
    pub key: String,
    /// The text; empty where the place is blank.
    pub text: String,
    /// How it was found.
    pub how: How,
    /// Where it stands.
    pub place: At,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormRead {
    /// File name.
    pub file: String,
    /// Document properties whose names begin with `sanlian.`, without that.
    pub properties: BTreeMap<String, String>,
    /// Values, in reading order, in the order of [`How`].
    pub sightings: Vec<ReadValue>,
}

impl FormRead {
    /// Whether bare keys are the unit's: in a form that is not a candidate's.
    pub(super) fn is_units(&self) -> bool {
        let kind = self.properties.get("kind").map_or("", String::as_str);
        matches!(
            kind,
            "summary" | "status" | "report" | "checklist" | "label"
        )
    }
}
