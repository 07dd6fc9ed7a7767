//! What a file says: its values, each with where it stands and how it was found.

use std::collections::BTreeMap;

use crate::campaign::{Campaign, Field};
use crate::fill::anatomy::label::field_of;
use crate::fill::back::text::flat;
use crate::finding::{Finding, Place as At};
use crate::ooxml::CellValue;

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
#[derive(Clone, Debug, PartialEq)]
pub struct ReadValue {
    /// Its key: `name`, `unit.name`, `resume[0].span`, `candidates[2].name`.
    pub key: String,
    /// The text; empty where the place is blank.
    pub text: String,
    /// What the cell of a sheet holds that has the value for itself, where that is no text: a day, a number, a fault.
    pub cell: Option<CellValue>,
    /// What its tick boxes can say; empty where it has none.
    pub choices: Vec<String>,
    /// How it was found.
    pub how: How,
    /// Where it stands.
    pub place: At,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FormRead {
    /// File name.
    pub file: String,
    /// Document properties whose names begin with `sanlian.`, without that.
    pub properties: BTreeMap<String, String>,
    /// Values, in reading order, in the order of [`How`].
    pub sightings: Vec<ReadValue>,
    /// Paragraphs of a report, where the file is one.
    pub report: Vec<String>,
    /// What was there besides and was not taken for a value, or only in part.
    pub findings: Vec<Finding>,
}

impl FormRead {
    /// Gives the values of cells that hold no text the text that they mean to their field.
    pub fn settle(
        &mut self,
        campaign: &Campaign,
        mut text_of: impl FnMut(&Field, &CellValue, &At) -> String,
    ) {
        for sighting in &mut self.sightings {
            let field = field_of(campaign, &flat(&sighting.key));
            if let Some((cell, field)) = sighting.cell.take().zip(field) {
                sighting.text = text_of(field, &cell, &sighting.place);
            }
        }
    }

    /// Whether bare keys are the unit's: in a form that is not a candidate's.
    pub(super) fn is_units(&self) -> bool {
        let kind = self.properties.get("kind").map_or("", String::as_str);
        matches!(
            kind,
            "summary" | "status" | "report" | "checklist" | "label"
        )
    }
}
