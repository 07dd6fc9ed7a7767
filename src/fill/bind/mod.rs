//! Binding (绑定): where in a blank form which field goes, found from its labels alone. `survey` draws the form as boxes,
//! `lexicon` (with `synonyms`) says what labels mean, `lists` finds repeated rows, `cells` the blanks beside and below labels,
//! `blanks` the blanks within a line, `marked` what somebody prepared; what is wrong with it is told by `braces` before anything is
//! bound. The readable file is `document`.

mod blanks;
mod braces;
mod cells;
mod document;
mod lexicon;
mod lists;
mod marked;
mod survey;
mod synonyms;
mod typed;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::campaign::Campaign;
use crate::finding::Finding;
use crate::ooxml::{OoxmlError, OpcPackage};
use crate::text::heading::fold_heading as letters;

use crate::fill::anatomy::find::text_parts;
use crate::fill::anatomy::place::{FieldPlace, Take};

use crate::fill::bind::lexicon::Lexicon;
pub use document::BindingError;
use survey::{MOST_COLUMNS, MOST_ROWS, Survey};

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
    /// [`shape`] of the blank form.
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

/// What is found while a form is bound.
struct PlaceFinder<'a> {
    campaign: &'a Campaign,
    lexicon: Lexicon,
    survey: Survey,
    /// Boxes that are spoken for, by grid and box.
    taken: BTreeSet<(usize, usize)>,
    places: Vec<BoundPlace>,
    unbound: Vec<Undecided>,
    ambiguous: Vec<Undecided>,
    /// Keys that the form itself names.
    named: BTreeSet<String>,
    /// Whether a person's own labels stand anywhere outside lists.
    personal: bool,
}

/// Finds the places of a blank form.
pub fn bind(campaign: &Campaign, file: &str, form: &[u8]) -> Result<Binding, OoxmlError> {
    let package = OpcPackage::read(form)?;
    let survey = Survey::of(&package)?;
    bound(campaign, file, &package, survey)
}

/// What is wrong with a form before anything is bound: placeholders that do not close, tables too long. A form with such faults is
/// neither bound nor filled.
pub fn faults_of_form(
    campaign: &Campaign,
    file: &str,
    form: &[u8],
) -> Result<Vec<Finding>, OoxmlError> {
    braces::faults(campaign, file, &OpcPackage::read(form)?)
}

/// Finds the places of a form that was typed into, by its labels alone: where the blank form is not at hand.
pub fn bind_typed(campaign: &Campaign, file: &str, form: &[u8]) -> Result<Binding, OoxmlError> {
    let package = OpcPackage::read(form)?;
    let mut survey = Survey::of(&package)?;
    typed::without_answers(&mut survey, &Lexicon::of(campaign));
    bound(campaign, file, &package, survey)
}

fn bound(
    campaign: &Campaign,
    file: &str,
    package: &OpcPackage,
    survey: Survey,
) -> Result<Binding, OoxmlError> {
    let marked = marked::find(campaign, package, &survey)?;
    let mut finder = PlaceFinder {
        campaign,
        lexicon: Lexicon::of(campaign),
        survey,
        taken: BTreeSet::new(),
        places: Vec::new(),
        unbound: Vec::new(),
        ambiguous: Vec::new(),
        named: BTreeSet::new(),
        personal: false,
    };
    finder.take_marked(marked);
    finder.lists();
    finder.look_for_people();
    finder.cells();
    finder.lines();
    finder.doubles();
    finder.beyond();
    let order: Vec<String> = text_parts(package);
    finder.places.sort_by_key(|b| {
        let p = &b.place;
        (
            order.iter().position(|n| *n == p.part),
            p.part.clone(),
            p.table.clone(),
            p.row,
            p.column,
            p.paragraph,
        )
    });
    Ok(Binding {
        form: file.to_owned(),
        campaign: campaign.id.clone(),
        shape: shape_of(&finder.survey),
        places: finder.places,
        unbound: finder.unbound,
        ambiguous: finder.ambiguous,
    })
}

/// What a binding is bound to: SHA-256 over the boxes and words of a form, in hexadecimal. Saving a form again in another
/// program leaves it as it is; another row, column or word does not.
pub fn shape(form: &[u8]) -> Result<String, OoxmlError> {
    Ok(shape_of(&Survey::of(&OpcPackage::read(form)?)?))
}

fn shape_of(survey: &Survey) -> String {
    let mut hash = Sha256::new();
    let mut put = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    for grid in &survey.grids {
        put(&format!("{:?}", grid.path));
        // what a sheet holds beyond its words depends on who saved it
        let printed = grid
            .cells
            .iter()
            .filter(|c| grid.sheet.is_empty() || !c.is_blank());
        for cell in printed {
            put(&format!(
                "{} {} {} {} {}",
                cell.row,
                cell.column,
                cell.down,
                cell.across,
                letters(&cell.text())
            ));
        }
    }
    for loose in &survey.loose {
        let text: String = loose.line.text.iter().collect();
        let text = letters(&text);
        if !text.is_empty() {
            put(&text);
        }
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

impl PlaceFinder<'_> {
    /// Notes a label that stays open.
    fn open(&mut self, grid: usize, cell: usize, label: &str, keys: Vec<String>) {
        let place = self.survey.place(grid, cell);
        let place = place.map(|p| in_words(&p)).unwrap_or_default();
        let open = Undecided {
            label: one_line(label),
            place,
            keys,
        };
        if open.keys.is_empty() {
            self.unbound.push(open);
        } else {
            self.ambiguous.push(open);
        }
    }

    /// Rows and columns of sheets that were not looked at are told.
    fn beyond(&mut self) {
        for grid in self.survey.grids.iter().filter(|g| g.goes_on) {
            self.unbound.push(Undecided {
                label: format!("第{MOST_ROWS}行以下、第{MOST_COLUMNS}列以右没有查看"),
                place: grid.sheet.clone(),
                keys: Vec::new(),
            });
        }
    }

    /// A field that is asked twice in one table is told, and neither is sure.
    fn doubles(&mut self) {
        let table = |p: &FieldPlace| (p.key.clone(), p.part.clone(), p.table.clone());
        let mut times: BTreeMap<_, usize> = BTreeMap::new();
        let boxed = |p: &FieldPlace| !p.table.is_empty() || !p.sheet.is_empty();
        for bound in self.places.iter().filter(|b| boxed(&b.place)) {
            *times.entry(table(&bound.place)).or_default() += 1;
        }
        for BoundPlace { place, confidence } in &mut self.places {
            let by_label = !matches!(
                place.take,
                Take::Placeholder | Take::Control | Take::Bookmark
            );
            if !by_label || times.get(&table(place)).is_none_or(|n| *n < 2) {
                continue;
            }
            *confidence = confidence.min(0.6);
            self.ambiguous.push(Undecided {
                label: one_line(&place.label),
                place: in_words(place),
                keys: vec![place.key.clone()],
            });
        }
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

fn one_line(text: &str) -> String {
    let all: String = text.split_whitespace().collect();
    all.chars().take(40).collect()
}
