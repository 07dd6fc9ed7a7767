//! Blank forms bound by their labels alone: every blank of the corpus is found, none is taken for another with certainty.

use std::collections::BTreeSet;

use sanlian::fill::{Binding, Prepared, bind};
use sanlian::finding::has_errors;

use crate::blank_forms::{self, BlankForm, Expected};
use crate::fill::campaign;

fn kind_of(binding: &Binding, n: usize) -> String {
    binding.to_json()[n]["kind"].as_str().unwrap().to_owned()
}

/// Whether a place is the one that the form's maker meant.
fn same_place(expected: &Expected, binding: &Binding, n: usize) -> bool {
    let place = &binding.places[n].place;
    let loose = expected.table.is_empty() && expected.sheet.is_empty();
    place.part == expected.part
        && place.table == expected.table
        && place.sheet == expected.sheet
        && (loose || place.row == expected.row && place.column == expected.column)
        && (!matches!(expected.kind, "line" | "date") || place.paragraph == expected.paragraph)
        && (expected.kind != "line" || !loose || expected.key == place.key)
}

struct Score {
    right: usize,
    all: usize,
    /// Bound to something else above 0.8.
    wrong: Vec<String>,
    missed: Vec<String>,
}

fn score(form: &BlankForm, binding: &Binding) -> Score {
    let mut score = Score {
        right: 0,
        all: form.expected.len(),
        wrong: Vec::new(),
        missed: Vec::new(),
    };
    let mut used = BTreeSet::new();
    for expected in &form.expected {
        let hit = (0..binding.places.len()).find(|n| {
            binding.places[*n].place.key == expected.key
                && kind_of(binding, *n) == expected.kind
                && same_place(expected, binding, *n)
                && !used.contains(n)
        });
        match hit {
            Some(n) => {
                used.insert(n);
                score.right += 1;
            }
            None => score
                .missed
                .push(format!("{} {} {}", form.name, expected.key, expected.kind)),
        }
    }
    for (n, bound) in binding.places.iter().enumerate() {
        if !used.contains(&n) && bound.confidence > 0.8 {
            score.wrong.push(format!(
                "{} {} {:?} {} ({})",
                form.name, bound.place.key, bound.place.take, bound.place.label, bound.confidence
            ));
        }
    }
    score
}

#[test]
fn blanks_are_bound_right_and_none_is_bound_wrong_with_certainty() {
    let campaign = campaign();
    let (mut right, mut all) = (0, 0);
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    for form in blank_forms::all() {
        let binding = bind(&campaign, form.name, &form.bytes).unwrap();
        let score = score(&form, &binding);
        right += score.right;
        all += score.all;
        wrong.extend(score.wrong);
        missed.extend(score.missed);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        right * 100 >= all * 98,
        "{right} of {all}; missed:\n{}",
        missed.join("\n")
    );
}

#[test]
fn a_binding_is_read_back_from_its_file_and_fills_the_form() {
    let campaign = campaign();
    for form in blank_forms::all() {
        let binding = bind(&campaign, form.name, &form.bytes).unwrap();
        let again = Binding::from_toml(&binding.to_toml()).unwrap();
        assert_eq!(again.to_toml(), binding.to_toml());
        assert_eq!(again.places.len(), binding.places.len());
        let places = again.places.into_iter().map(|b| b.place).collect();
        let prepared = Prepared::new(&campaign, &form.bytes, places).unwrap();
        let faults = prepared.faults(&campaign, form.name);
        assert!(!has_errors(&faults), "{}: {faults:?}", form.name);
    }
}
