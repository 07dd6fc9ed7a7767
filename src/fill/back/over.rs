//! What was typed, laid over a record (叠合): a field that a form asks for is as typed, one that it does not ask for stays.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Campaign, Owner, Sheet};
use crate::fill::anatomy::label::{CANDIDATES, owner_of};
use crate::record::{Entry, Submission, Value};

use crate::fill::back::form_read::FormRead;

/// A record with what forms say laid over it.
#[derive(Debug, Default)]
pub struct LaidOver {
    /// The record as it would be.
    pub submission: Submission,
    /// Names of people in the forms who are not in the record.
    pub strangers: Vec<String>,
    /// Names of people in the record whom a list of all candidates does not name.
    pub missing: Vec<String>,
}

/// Lays values over a record; `typed` holds the forms' values in canonical texts. People are the same by number of their
/// document, else by name.
pub fn lay_over(
    campaign: &Campaign,
    forms: &[FormRead],
    typed: &Submission,
    record: &Submission,
) -> LaidOver {
    let mut out = LaidOver {
        submission: record.clone(),
        strangers: Vec::new(),
        missing: Vec::new(),
    };
    let mut listed = false;
    let mut named: BTreeSet<usize> = BTreeSet::new();
    let (mut of_unit, mut of_people) = (Vec::new(), Vec::new());
    let mut choices = Choices::new();
    for sighting in forms.iter().flat_map(|f| &f.sightings) {
        if !sighting.choices.is_empty() {
            choices.insert(&sighting.key, &sighting.choices);
        }
        let key = sighting.key.as_str();
        let in_list = key
            .strip_prefix(CANDIDATES)
            .and_then(|k| k.split_once("]."));
        match (in_list, owner_of(campaign, key)) {
            (Some((_, field)), _) => {
                listed |= matches!(field, "name" | "id_no");
                of_people.push(field);
            }
            (None, Some(Owner::Candidate)) => of_people.push(key),
            (None, Some(Owner::Unit)) => of_unit.push(key.strip_prefix("unit.").unwrap_or(key)),
            (None, None) => {}
        }
    }
    over(
        campaign,
        campaign.unit_sheet(),
        &mut out.submission.unit,
        &typed.unit,
        (&of_unit, &choices),
    );
    for person in &typed.candidates {
        let number = person.text("id_no");
        let people = &mut out.submission.candidates;
        let at = people
            .iter()
            .position(|e| !number.is_empty() && e.text("id_no") == number)
            .or_else(|| {
                people
                    .iter()
                    .position(|e| e.text("name") == person.text("name"))
            });
        named.extend(at);
        match at.and_then(|n| people.get_mut(n)) {
            Some(entry) => over(
                campaign,
                campaign.candidate_sheet(),
                entry,
                person,
                (&of_people, &choices),
            ),
            None => out.strangers.push(person.text("name").to_owned()),
        }
    }
    if listed {
        let all = record.candidates.iter().enumerate();
        let gone = all.filter(|(n, _)| !named.contains(n));
        out.missing
            .extend(gone.map(|(_, person)| person.text("name").to_owned()));
    }
    out
}

/// What the tick boxes of each key can say.
type Choices<'a> = BTreeMap<&'a str, &'a Vec<String>>;

/// Whether the boxes of a form have none for a value: that none of them is ticked says nothing then.
fn cannot_say(choices: &Choices<'_>, key: &str, value: &str) -> bool {
    let own = choices.get(key);
    own.is_some_and(|own| {
        !value
            .split('、')
            .any(|word| own.iter().any(|own| own == word))
    })
}

/// Whether the same words are chosen: a form shows tick boxes in the order of their list.
fn is_same_choice(one: &str, two: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> { text.split('、').map(str::to_owned).collect() };
    words(one) == words(two)
}

/// Whether a form shows only the word that it shows where there is no value, such as 无, and there is none.
fn says_nothing(blank: &str, before: &str, typed: &str) -> bool {
    before.is_empty() && !typed.is_empty() && typed == blank
}

fn over(
    campaign: &Campaign,
    sheet: Option<&Sheet>,
    entry: &mut Entry,
    typed: &Entry,
    (keys, choices): (&[&str], &Choices<'_>),
) {
    for key in keys {
        let Some((list, rest)) = key.split_once('[') else {
            let ticked = sheet
                .and_then(|s| s.field(key))
                .is_some_and(|f| f.codes.is_some());
            if ticked && is_same_choice(entry.text(key), typed.text(key)) {
                continue;
            }
            if typed.text(key).is_empty() && cannot_say(choices, key, entry.text(key)) {
                continue;
            }
            let blank = sheet
                .and_then(|s| s.field(key))
                .map_or("", |f| f.blank.as_str());
            if !says_nothing(blank, entry.text(key), typed.text(key)) {
                entry.set(key, typed.text(key));
            }
            continue;
        };
        let Some((_, field)) = rest.split_once("].") else {
            continue;
        };
        let rows = typed.rows(list);
        let known = entry.values.entry(list.to_owned());
        if let Value::Rows(old) = known.or_insert(Value::Rows(Vec::new())) {
            old.resize_with(rows.len(), Default::default);
            for (old, new) in old.iter_mut().zip(rows) {
                let text = new.get(field).cloned().unwrap_or_default();
                let before = old.get(field).map_or("", String::as_str);
                let blank = campaign.sheet(list).and_then(|s| s.field(field));
                if !says_nothing(blank.map_or("", |f| f.blank.as_str()), before, &text) {
                    old.insert(field.to_owned(), text);
                }
            }
        }
    }
}
