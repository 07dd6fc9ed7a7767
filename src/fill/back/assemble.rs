//! What several files say, as one submission's values; where they disagree, or one file says two things, that is told.

use std::collections::BTreeMap;

use crate::campaign::{Campaign, Kind, Owner};
use crate::fill::anatomy::label::{CANDIDATES, field_of, owner_of};
use crate::finding::{Finding, Place as At};
use crate::record::{Entry, Submission, Value, mask};
use crate::text::date::{parse_date, parse_month, parse_span};

use crate::fill::back::form_read::{FormRead, ReadValue};
use crate::fill::back::text::flat;

/// Files read together.
#[derive(Debug, Default)]
pub struct Assembled {
    /// Values as they were typed, with their places. Canonical texts are the intake's to make.
    pub submission: Submission,
    /// Conflicts, and files that say nothing.
    pub findings: Vec<Finding>,
}

/// Values of one owner, each with where it was seen first.
#[derive(Default)]
struct Owned<'a> {
    seen: BTreeMap<String, &'a ReadValue>,
}

impl<'a> Owned<'a> {
    /// Takes a value in; another one for the same key is a conflict.
    fn take(
        &mut self,
        campaign: &Campaign,
        key: &str,
        sighting: &'a ReadValue,
        findings: &mut Vec<Finding>,
    ) {
        let Some(first) = self.seen.get(key).copied() else {
            self.seen.insert(key.to_owned(), sighting);
            return;
        };
        if same(campaign, &sighting.key, &first.text, &sighting.text) {
            return;
        }
        findings.push(conflict(campaign, first, sighting));
    }
}

/// Reads files as one submission: forms of the same record or the same person are one candidate.
pub fn assemble(campaign: &Campaign, forms: &[FormRead]) -> Assembled {
    let mut assembled = Assembled::default();
    assembled.submission.campaign.clone_from(&campaign.id);
    let mut unit = Owned::default();
    let mut people: Vec<(String, Owned<'_>)> = Vec::new();
    for form in forms {
        assembled.findings.extend(form.findings.iter().cloned());
        let own = form
            .sightings
            .iter()
            .filter(|s| owner_of(campaign, &s.key) == Some(Owner::Candidate));
        let own: Vec<&ReadValue> = own.filter(|s| !s.key.starts_with(CANDIDATES)).collect();
        if assembled.submission.report.is_empty() {
            assembled.submission.report.clone_from(&form.report);
        }
        if form.report.is_empty() && form.sightings.iter().all(|s| s.text.is_empty()) {
            assembled.findings.push(nothing(form));
        }
        if own.iter().any(|s| !s.text.is_empty()) {
            let who = who(form, &own);
            let at = people.iter().position(|(w, _)| *w == who);
            let at = at.unwrap_or_else(|| {
                people.push((who, Owned::default()));
                people.len() - 1
            });
            if let Some((_, person)) = people.get_mut(at) {
                for sighting in own {
                    person.take(campaign, &sighting.key, sighting, &mut assembled.findings);
                }
            }
        }
        for sighting in &form.sightings {
            if owner_of(campaign, &sighting.key) == Some(Owner::Unit) {
                let key = sighting.key.strip_prefix("unit.").unwrap_or(&sighting.key);
                unit.take(campaign, key, sighting, &mut assembled.findings);
            }
        }
    }
    listed(campaign, forms, &mut people, &mut assembled.findings);
    assembled.submission.unit = entry(unit);
    assembled.submission.candidates = people.into_iter().map(|(_, p)| entry(p)).collect();
    assembled
}

/// Candidates of a list: each is the person of that name, or one more.
fn listed<'a>(
    campaign: &Campaign,
    forms: &'a [FormRead],
    people: &mut Vec<(String, Owned<'a>)>,
    findings: &mut Vec<Finding>,
) {
    for form in forms {
        let rows = form
            .sightings
            .iter()
            .filter_map(|s| Some((row_of(&s.key, CANDIDATES)?, s)));
        let mut by_row: BTreeMap<usize, Vec<(&str, &ReadValue)>> = BTreeMap::new();
        for ((row, field), sighting) in rows {
            by_row.entry(row).or_default().push((field, sighting));
        }
        for cells in by_row.into_values() {
            let text = |field: &str| {
                let cell = cells.iter().find(|c| c.0 == field);
                cell.map_or("", |c| c.1.text.as_str())
            };
            let (name, id) = (text("name"), text("id_no"));
            let same = |person: &Owned<'_>| {
                let own = |key: &str| person.seen.get(key).map_or("", |s| s.text.as_str());
                if !id.is_empty() && !own("id_no").is_empty() {
                    return id == own("id_no");
                }
                !name.is_empty() && bare(own("name")) == bare(name)
            };
            let at = people.iter().position(|(_, p)| same(p)).unwrap_or_else(|| {
                people.push((String::new(), Owned::default()));
                people.len() - 1
            });
            if let Some((_, person)) = people.get_mut(at) {
                for (field, sighting) in cells {
                    person.take(campaign, field, sighting, findings);
                }
            }
        }
    }
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Who a form is about: its record, else the id number, else the name, else the file.
fn who(form: &FormRead, own: &[&ReadValue]) -> String {
    if let Some(record) = form.properties.get("record").filter(|r| !r.is_empty()) {
        return format!("record:{record}");
    }
    let text = |key: &str| own.iter().find(|s| s.key == key && !s.text.is_empty());
    match (text("id_no"), text("name")) {
        (Some(id), _) => format!("id:{}", id.text),
        (None, Some(name)) => format!("name:{}", bare(&name.text)),
        (None, None) => format!("file:{}", form.file),
    }
}

/// Row and field of a key of a list.
fn row_of<'k>(key: &'k str, list: &str) -> Option<(usize, &'k str)> {
    let rest = key.strip_prefix(list)?.strip_prefix('[')?;
    let (row, field) = rest.split_once("].")?;
    Some((row.parse().ok()?, field))
}

/// Whether two texts say the same: blanks do not count, nor how a date is written.
pub(super) fn same(campaign: &Campaign, key: &str, one: &str, two: &str) -> bool {
    let kind = field_of(campaign, &flat(key)).map(|f| f.kind);
    let norm = |text: &str| -> String {
        match kind {
            Some(Kind::Date) => {
                if let Some(day) = parse_date(text) {
                    return day.to_string();
                }
            }
            Some(Kind::Month) => {
                if let Some(month) = parse_month(text) {
                    return format!("{month:?}");
                }
            }
            Some(Kind::Span) => {
                if let Some(span) = parse_span(text) {
                    return span.to_string();
                }
            }
            _ => {}
        }
        text.chars().filter(|c| !c.is_whitespace()).collect()
    };
    one == two || norm(one) == norm(two)
}

/// A value as a message may show it.
fn shown(campaign: &Campaign, key: &str, text: &str) -> String {
    let field = field_of(campaign, &flat(key));
    let text = if field.is_some_and(|f| f.masked) {
        mask(text)
    } else {
        text.to_owned()
    };
    if text.chars().count() > 40 {
        let head: String = text.chars().take(40).collect();
        return format!("{head}…");
    }
    if text.is_empty() {
        "（空）".to_owned()
    } else {
        text
    }
}

fn conflict(campaign: &Campaign, first: &ReadValue, second: &ReadValue) -> Finding {
    let label = field_of(campaign, &flat(&first.key)).map_or(first.key.as_str(), |f| &f.label);
    let show = |s: &ReadValue| shown(campaign, &s.key, &s.text);
    let mut place = second.place.clone();
    place.field = Some(first.key.clone());
    Finding::error(
        "O5",
        place,
        format!(
            "{label}有两种写法：{}（{}）是“{}”，{}（{}）是“{}”，采用了前者。",
            first.place,
            first.how.label(),
            show(first),
            second.place,
            second.how.label(),
            show(second)
        ),
        "请在文件中改成一致后重新读取。",
    )
}

fn nothing(form: &FormRead) -> Finding {
    Finding::error(
        "I8",
        At::file(&form.file),
        "没有读到任何内容。",
        "请确认文件已经填写；空白表和绑定文件要对应，可以用 --binding 指定。",
    )
}

/// Values as they were typed, rows in order.
fn entry(owned: Owned<'_>) -> Entry {
    let mut entry = Entry::default();
    let mut rows: BTreeMap<String, BTreeMap<usize, BTreeMap<String, String>>> = BTreeMap::new();
    for (key, sighting) in owned.seen {
        if sighting.text.is_empty() {
            continue;
        }
        let row = key
            .split_once('[')
            .and_then(|(list, _)| Some((list, row_of(&key, list)?)));
        match row {
            Some((list, (row, field))) => {
                let rows = rows.entry(list.to_owned()).or_default();
                rows.entry(row)
                    .or_default()
                    .insert(field.to_owned(), sighting.text.clone());
            }
            None => entry.set(&key, sighting.text.clone()),
        }
        entry.places.insert(key, sighting.place.clone());
    }
    for (list, rows) in rows {
        let rows = rows.into_values().collect();
        entry.values.insert(list, Value::Rows(rows));
    }
    entry
}
