//! What binding a form comes to: its places, each with how sure it is, and what stays open.

use crate::campaign::{Campaign, Owner};
use crate::fill::anatomy::label::owner_of;
use crate::fill::anatomy::place::FieldPlace;

/// A place above this is filled without a person's word; below it there may be another meaning.
pub(super) const SURE: f32 = 0.8;

/// A place with how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundPlace {
    /// The place.
    pub place: FieldPlace,
    /// From 0 to 1; above 0.8 there was one meaning only.
    pub confidence: f32,
    /// Whether a person confirmed it, or chose its field.
    pub confirmed: bool,
}

impl BoundPlace {
    /// A place as it was found.
    pub(super) fn found(place: FieldPlace, confidence: f32) -> Self {
        Self {
            place,
            confidence,
            confirmed: false,
        }
    }
}

/// A blank of somebody beside the candidate and the unit, of another unit, or of an office that decides: known, and never filled with
/// the candidate's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OthersPlace {
    /// The blank, with the words in front of it and without a key.
    pub place: FieldPlace,
    /// Whose it is, in the form's words: 指导教师.
    pub whose: String,
}

impl OthersPlace {
    /// Where it is, as a person finds it.
    pub fn at(&self) -> String {
        in_words(&self.place)
    }
}

/// A label or blank that took no field, or may take several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// The words on the form.
    pub label: String,
    /// Where it stands, in words: part or sheet, table, row and column.
    pub place: String,
    /// Keys that may be meant; none where nothing is known.
    pub keys: Vec<String>,
    /// The blank that waits for a field, without a key; none where the note is about a place that is bound, or about no blank.
    pub blank: Option<FieldPlace>,
}

/// Between a label and the words that stand beside it already.
const WRITTEN: &str = "（表中已写有“";

impl Undecided {
    /// The label of a blank in which words stand already that may be an answer.
    pub(super) fn written(label: &str, words: &str) -> String {
        format!("{label}{WRITTEN}{words}”）")
    }

    /// Whether words stand in the blank already that may be an answer: 民族 beside 汉族.
    pub fn is_written(&self) -> bool {
        self.label.contains(WRITTEN)
    }
}

/// Whose a blank is that a person wants left empty.
pub const LEFT_EMPTY: &str = "留空";

/// A form and its places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Binding {
    /// File name of the blank form.
    pub form: String,
    /// Id of the campaign.
    pub campaign: String,
    /// [`shape`](crate::fill::shape) of the blank form.
    pub shape: String,
    /// Whether a person confirmed all of its places.
    pub confirmed: bool,
    /// Places, in reading order.
    pub places: Vec<BoundPlace>,
    /// Blanks that are somebody else's, in reading order.
    pub others: Vec<OthersPlace>,
    /// Labels with a blank that no field is known for.
    pub unbound: Vec<Undecided>,
    /// Labels that may mean several things, or stand twice.
    pub ambiguous: Vec<Undecided>,
}

impl Binding {
    /// The places that are filled: those that are sure and those that a person confirmed.
    pub fn sure(&self) -> impl Iterator<Item = &BoundPlace> {
        self.places.iter().filter(|b| self.is_sure(b))
    }

    /// The places that stay blank until a person confirms them.
    pub fn unsure(&self) -> impl Iterator<Item = &BoundPlace> {
        self.places.iter().filter(|b| !self.is_sure(b))
    }

    fn is_sure(&self, bound: &BoundPlace) -> bool {
        self.confirmed || bound.confirmed || bound.confidence > SURE
    }

    /// Whether any of its places, sure or not, is a candidate's own: then a form is filled for each.
    pub fn is_of_candidate(&self, campaign: &Campaign) -> bool {
        let keys = self.places.iter().map(|b| b.place.key.as_str());
        let mut own =
            keys.filter(|k| *k == "@photo" || owner_of(campaign, k) == Some(Owner::Candidate));
        own.next().is_some()
    }

    /// The places alone.
    pub fn places(&self) -> Vec<FieldPlace> {
        self.places.iter().map(|b| b.place.clone()).collect()
    }
}

/// Where a place is, as a person finds it.
pub(super) fn in_words(place: &FieldPlace) -> String {
    if !place.sheet.is_empty() {
        return format!("{}!{}", place.sheet, place.cell);
    }
    if place.table.is_empty() {
        return match place.paragraph {
            Some(n) if place.column > 0 => {
                format!("{} 文本框{}第{}段", place.part, place.column, n + 1)
            }
            Some(n) => format!("{} 第{}段", place.part, n + 1),
            None => format!("{} 文本框", place.part),
        };
    }
    let path: Vec<String> = place.table.iter().map(|n| (n + 1).to_string()).collect();
    format!(
        "{} 表{}第{}行第{}列",
        place.part,
        path.join("."),
        place.row + 1,
        place.column + 1
    )
}
