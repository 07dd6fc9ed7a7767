//! What binding a form comes to: its places, each with how sure it is, and what stays open.

use crate::fill::anatomy::place::FieldPlace;

/// A place with how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundPlace {
    /// The place.
    pub place: FieldPlace,
    /// From 0 to 1; above 0.8 there was one meaning only.
    pub confidence: f32,
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
}

/// A form and its places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Binding {
    /// File name of the blank form.
    pub form: String,
    /// Id of the campaign.
    pub campaign: String,
    /// [`shape`](crate::fill::shape) of the blank form.
    pub shape: String,
    /// Places, in reading order.
    pub places: Vec<BoundPlace>,
    /// Labels with a blank that no field is known for.
    pub unbound: Vec<Undecided>,
    /// Labels that may mean several things, or stand twice.
    pub ambiguous: Vec<Undecided>,
}

impl Binding {
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
