//! What is found while a form is bound; where to look is told file by file in `lists`, `cells`, `blanks` and `marked`.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::Campaign;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::bind::binding::{BoundPlace, Undecided, in_words};
use crate::fill::bind::lexicon::Lexicon;
use crate::fill::bind::survey::{MOST_COLUMNS, MOST_ROWS, Survey};

/// What is found while a form is bound.
pub(super) struct PlaceFinder<'a> {
    pub(super) campaign: &'a Campaign,
    pub(super) lexicon: Lexicon,
    pub(super) survey: Survey,
    /// Boxes that are spoken for, by grid and box.
    pub(super) taken: BTreeSet<(usize, usize)>,
    pub(super) places: Vec<BoundPlace>,
    pub(super) unbound: Vec<Undecided>,
    pub(super) ambiguous: Vec<Undecided>,
    /// Keys that the form itself names.
    pub(super) named: BTreeSet<String>,
    /// Whether a person's own labels stand anywhere outside lists.
    pub(super) personal: bool,
}

impl PlaceFinder<'_> {
    /// Notes a label that stays open.
    pub(super) fn open(&mut self, grid: usize, cell: usize, label: &str, keys: Vec<String>) {
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
    pub(super) fn beyond(&mut self) {
        for grid in self.survey.grids.iter().filter(|g| g.goes_on) {
            self.unbound.push(Undecided {
                label: format!("第{MOST_ROWS}行以下、第{MOST_COLUMNS}列以右没有查看"),
                place: grid.sheet.clone(),
                keys: Vec::new(),
            });
        }
    }

    /// A field that is asked twice in one table is told, and neither is sure.
    pub(super) fn doubles(&mut self) {
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

fn one_line(text: &str) -> String {
    let all: String = text.split_whitespace().collect();
    all.chars().take(40).collect()
}
