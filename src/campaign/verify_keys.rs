//! Which `{key}` may stand where: the names that `form::values` knows, for checking templates before anything is filled in.

use std::collections::BTreeSet;

use super::{Campaign, Kind, Owner, Per, Sheet};

/// Parts of the address that receives the paper.
const RECIPIENT: [&str; 6] = [
    "name",
    "department",
    "address",
    "postcode",
    "phone",
    "email",
];
/// Facts of the campaign.
const CAMPAIGN: [&str; 4] = ["title", "year", "notice_no", "organiser"];
/// Keys of a row of the checklist.
const MATERIAL: [&str; 7] = [
    "seq",
    "label",
    "count",
    "note",
    "paper",
    "electronic",
    "sealed",
];

/// The names of all candidates, which papers may write in a sentence.
pub(super) const NAMES: &str = "candidates.names";
/// The department to which one of the letters to departments goes.
pub(super) const DEPARTMENT: &str = "department.name";

/// What a text belongs to.
#[derive(Clone, Copy)]
pub(super) enum TextScope<'a> {
    /// A form, outside repeated rows.
    Form(Per),
    /// A row for each candidate in a unit's form.
    Candidates,
    /// A row of the checklist.
    Materials,
    /// A row of a repeated sheet in a form.
    Rows(Per, &'a Sheet),
    /// The output path of a form.
    Path(Per),
}

/// Every key that a scope knows.
pub(super) fn keys(campaign: &Campaign, scope: TextScope<'_>) -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    match scope {
        TextScope::Path(Per::Unit) => {}
        TextScope::Path(Per::Candidate) => known.extend(["no", "name"].map(str::to_owned)),
        TextScope::Materials => known.extend(MATERIAL.map(str::to_owned)),
        TextScope::Form(per) => form_keys(campaign, per, &mut known),
        TextScope::Candidates => form_keys(campaign, Per::Candidate, &mut known),
        TextScope::Rows(per, sheet) => {
            form_keys(campaign, per, &mut known);
            known.insert("seq".to_owned());
            known.extend(sheet.fields.iter().map(|f| f.key.clone()));
        }
    }
    known
}

/// The keys that a `field` or `ticks` of a repeated row may name: the row's own.
pub(super) fn row_keys(sheet: &Sheet) -> BTreeSet<String> {
    let own = sheet.fields.iter().map(|f| f.key.clone());
    own.chain(["seq".to_owned()]).collect()
}

fn form_keys(campaign: &Campaign, per: Per, known: &mut BTreeSet<String>) {
    known.extend(["today", "count", "quota", "candidates.order"].map(str::to_owned));
    known.extend(CAMPAIGN.map(|part| format!("campaign.{part}")));
    known.extend(RECIPIENT.map(|part| format!("recipient.{part}")));
    for sheet in campaign.unit_lists() {
        let counts = sheet
            .fields
            .iter()
            .filter(|f| matches!(f.kind, Kind::Count | Kind::Decimal));
        known.extend(counts.map(|f| format!("total.{}", f.key)));
    }
    for sheet in campaign.sheets.iter().filter(|s| !s.rows) {
        for field in &sheet.fields {
            if sheet.of == Owner::Unit {
                known.insert(format!("unit.{}", field.key));
            }
            if (sheet.of == Owner::Unit) == (per == Per::Unit) {
                known.insert(field.key.clone());
            }
        }
    }
    let own: &[&str] = match per {
        Per::Unit => &["channel"],
        Per::Candidate => &["no", "seq"],
    };
    known.extend(own.iter().map(|key| (*key).to_owned()));
}

/// The keys in a text, without their braces, and the text from a brace on that is not closed.
pub(super) fn braces(text: &str) -> (Vec<&str>, Option<&str>) {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some((_, from)) = rest.split_once('{') {
        let end = from.find(['{', '}', '\n']).unwrap_or(from.len());
        let (key, after) = from.split_at(end);
        let Some(after) = after.strip_prefix('}') else {
            return (keys, Some(from));
        };
        // {post?} leaves out a value that says that there is none
        keys.push(key.strip_suffix('?').unwrap_or(key));
        rest = after;
    }
    (keys, None)
}

/// Whether a text may be a key.
pub(super) fn is_key(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(plain)
}
