//! What a record answers (填写内容): texts by key and rows by list, as they are written into a form.

use std::collections::BTreeMap;

use crate::campaign::{Campaign, Kind, Owner};
use crate::fill::anatomy::label::{CANDIDATES, READY, is_ready};
use crate::record::{Entry, Submission};
use crate::text::date::{chinese_date, parse_date};

use crate::fill::anatomy::block::lines_of;
use crate::fill::anatomy::halves::{half_key, half_of, split};
use crate::fill::anatomy::joined::{is_joined, one_text, parts};
use crate::fill::anatomy::place::{FieldPlace, Take};

/// Between a key and the number of the character that is meant of its value, from 0.
pub(super) const NTH: char = '#';

/// Values of one record for one file.
#[derive(Debug, Default)]
pub(super) struct Answers {
    texts: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<BTreeMap<String, String>>>,
    /// The photo's drawing.
    pub(super) photo: Option<String>,
    /// The mark's drawing.
    pub(super) mark: Option<String>,
}

impl Answers {
    /// The answers of a candidate with those of the unit; without a candidate those of the unit, whose bare keys are its
    /// own, with all candidates as rows.
    pub(super) fn of(
        campaign: &Campaign,
        submission: &Submission,
        candidate: Option<usize>,
    ) -> Self {
        let mut answers = Self::default();
        let unit = &submission.unit;
        answers.entry(campaign, Owner::Unit, unit, "unit.");
        let one = candidate.and_then(|n| submission.candidates.get(n));
        match one {
            Some(entry) => answers.entry(campaign, Owner::Candidate, entry, ""),
            None => answers.entry(campaign, Owner::Unit, unit, ""),
        }
        let rows = submission.candidates.iter().enumerate().map(|(n, entry)| {
            let mut row: BTreeMap<String, String> = texts(campaign, Owner::Candidate, entry);
            row.insert("no".to_owned(), (n + 1).to_string());
            row.insert("seq".to_owned(), (n + 1).to_string());
            row
        });
        answers.lists.insert(CANDIDATES.to_owned(), rows.collect());
        if let Some(n) = candidate {
            answers.set("no", (n + 1).to_string());
        }
        answers
    }

    /// With the opinions that the campaign has ready, where a place asks for one.
    pub(super) fn with_ready(mut self, campaign: &Campaign, places: &[FieldPlace]) -> Self {
        if places.iter().any(|p| is_ready(&p.key)) {
            for (label, text) in campaign.ready_opinions() {
                self.set(&format!("{READY}{label}"), text);
            }
        }
        self
    }

    /// With the halves of spans that stand in two columns.
    fn with_halves(&mut self, places: &[FieldPlace]) {
        for key in places.iter().flat_map(|p| parts(&p.key)) {
            let Some((whole, half)) = half_of(&key) else {
                continue;
            };
            if let Some((list, field)) = whole.split_once('.')
                && let Some(rows) = self.lists.get_mut(list)
            {
                for row in rows {
                    let text = row.get(field).map_or("", String::as_str);
                    row.insert(half_key(field, half), split(text, half));
                }
            } else {
                let text = split(self.text(whole), half);
                self.texts.insert(key, text);
            }
        }
    }

    /// With the values of fields that share a blank as one, and of those that stand in two as halves.
    pub(super) fn with_joined(mut self, places: &[FieldPlace]) -> Self {
        self.with_halves(places);
        for place in places.iter().filter(|p| is_joined(&p.key)) {
            let keys = parts(&place.key);
            if let (Take::Rows, Some((list, field))) = (place.take, place.key.split_once('.')) {
                for row in self.lists.get_mut(list).into_iter().flatten() {
                    let own = keys.iter().map(|k| {
                        let field = k.split_once('.').map_or(k.as_str(), |(_, f)| f);
                        row.get(field).map_or("", String::as_str)
                    });
                    let text = one_text(own);
                    row.insert(field.to_owned(), text);
                }
            } else {
                let text = one_text(keys.iter().map(|k| self.text(k)));
                self.texts.insert(place.key.clone(), text);
            }
        }
        self
    }

    fn entry(&mut self, campaign: &Campaign, owner: Owner, entry: &Entry, prefix: &str) {
        for (key, text) in texts(campaign, owner, entry) {
            self.texts.insert(format!("{prefix}{key}"), text);
        }
        for sheet in campaign.sheets.iter().filter(|s| s.of == owner && s.rows) {
            let rows = entry.rows(&sheet.key).iter().enumerate().map(|(n, row)| {
                let mut row: BTreeMap<String, String> = row
                    .iter()
                    .map(|(key, text)| {
                        let kind = sheet.field(key).map(|f| f.kind);
                        (key.clone(), shown(kind, text))
                    })
                    .collect();
                row.insert("seq".to_owned(), (n + 1).to_string());
                row
            });
            let rows: Vec<_> = rows.collect();
            let whole = self.texts.entry(sheet.key.clone());
            whole.or_insert_with(|| lines_of(sheet, &rows));
            self.lists.insert(sheet.key.clone(), rows);
        }
    }

    /// The text of a field; empty where there is none.
    pub(super) fn text(&self, key: &str) -> &str {
        let (key, nth) = key
            .split_once(NTH)
            .map_or((key, None), |(k, n)| (k, n.parse().ok()));
        let text = self.texts.get(key).map_or("", String::as_str);
        let Some(nth) = nth else { return text };
        let mut chars = text.char_indices().skip(nth);
        let from = chars.next().map_or(text.len(), |c| c.0);
        let to = chars.next().map_or(text.len(), |c| c.0);
        text.get(from..to).unwrap_or_default()
    }

    /// The rows of a list.
    pub(super) fn rows(&self, list: &str) -> &[BTreeMap<String, String>] {
        self.lists.get(list).map_or(&[], Vec::as_slice)
    }

    /// The text of a column in a row.
    pub(super) fn in_row(&self, list: &str, row: usize, field: &str) -> &str {
        let row = self.rows(list).get(row);
        row.and_then(|r| r.get(field)).map_or("", String::as_str)
    }

    /// Sets a text.
    pub(super) fn set(&mut self, key: &str, text: impl Into<String>) {
        self.texts.insert(key.to_owned(), text.into());
    }
}

fn texts(campaign: &Campaign, owner: Owner, entry: &Entry) -> BTreeMap<String, String> {
    let sheet = campaign.sheets.iter().find(|s| s.of == owner && !s.rows);
    let fields = sheet.map_or(&[][..], |s| s.fields.as_slice());
    fields
        .iter()
        .map(|f| (f.key.clone(), shown(Some(f.kind), entry.text(&f.key))))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// A canonical value as a form shows it: days in words, all else as it is.
fn shown(kind: Option<Kind>, text: &str) -> String {
    match parse_date(text) {
        Some(day) if kind == Some(Kind::Date) => chinese_date(day),
        _ => text.to_owned(),
    }
}
