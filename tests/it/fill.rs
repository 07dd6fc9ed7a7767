//! Forms filled: every value stands in its place, every other part is as it was, and foreign readers open what comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::fill::{FieldPlace, Filling, Prepared, Take, bind};
use sanlian::finding::has_errors;
use sanlian::ooxml::{OpcPackage, Tree};
use sanlian::record::Submission;

use crate::blank_forms::{self, BlankForm};

pub(crate) fn campaign() -> Campaign {
    let source = builtin()
        .into_iter()
        .find(|s| s.id == "hebei-zuimei-2021")
        .unwrap();
    load(&source).0.unwrap()
}

/// The places that a form's maker meant.
pub(crate) fn places(form: &BlankForm) -> Vec<FieldPlace> {
    let mut nth: BTreeMap<String, usize> = BTreeMap::new();
    // in a sheet several blanks of one cell are told apart by their words alone
    let bound = match form.extension {
        "xlsx" => bind(&campaign(), form.name, &form.bytes).unwrap().places(),
        _ => Vec::new(),
    };
    form.expected
        .iter()
        .map(|e| {
            let take = match e.kind {
                "photo" => Take::Photo,
                "ticks" => Take::Ticks,
                "date" => Take::Date,
                "line" => Take::Line,
                "opinion" => Take::Opinion,
                "rows" => Take::Rows,
                "placeholder" => Take::Placeholder,
                "control" => Take::Control,
                "bookmark" => Take::Bookmark,
                _ => Take::Cell,
            };
            let of = format!(
                "{}{:?}{}.{}.{:?}",
                e.part, e.table, e.row, e.column, e.paragraph
            );
            let count = nth.entry(of).or_default();
            let place = FieldPlace {
                key: e.key.clone(),
                take,
                part: e.part.clone(),
                table: e.table.clone(),
                row: e.row,
                column: e.column,
                paragraph: e.paragraph,
                sheet: e.sheet.clone(),
                cell: e.cell.clone(),
                label: match bound.iter().find(|p| p.key == e.key && p.cell == e.cell) {
                    Some(place) => place.label.clone(),
                    None => label(e),
                },
                nth: *count,
            };
            *count += 1;
            place
        })
        .collect()
}

/// The words in front of a blank in a text box, which has no number of its own.
fn label(expected: &blank_forms::Expected) -> String {
    if expected.kind != "line" || expected.paragraph.is_some() {
        return String::new();
    }
    let label = match expected.key.as_str() {
        "unit.name" => "单位",
        "unit.contact" => "联系人",
        _ => "联系电话",
    };
    label.to_owned()
}

/// A form filled with the demo's first candidate, or with the unit's table.
pub(crate) fn fill(
    campaign: &Campaign,
    submission: &Submission,
    form: &BlankForm,
) -> (Vec<FieldPlace>, Vec<u8>) {
    let places = places(form);
    let prepared = Prepared::new(campaign, &form.bytes, places.clone()).unwrap();
    let faults = prepared.faults(campaign, form.name);
    assert!(!has_errors(&faults), "{faults:?}");
    let filling = Filling {
        candidate: (!prepared.is_list(campaign)).then_some(0),
        ..Filling::default()
    };
    let bytes = prepared.fill(campaign, submission, &filling).unwrap();
    (places, bytes)
}

/// The packed bytes of every entry of a zip.
fn packed(bytes: &[u8]) -> BTreeMap<String, (u32, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = BTreeMap::new();
    for n in 0..zip.len() {
        let mut entry = zip.by_index_raw(n).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut raw = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut raw).unwrap();
        out.insert(name, (entry.crc32(), raw));
    }
    out
}

/// The invented submission, made once.
pub(crate) fn submission() -> &'static Submission {
    static MADE: OnceLock<Submission> = OnceLock::new();
    MADE.get_or_init(|| crate::demo::undrawn(&campaign(), 1))
}

#[test]
fn parts_that_no_value_goes_to_stay_as_they_lie_in_the_file() {
    let campaign = campaign();
    let submission = submission();
    for form in blank_forms::all() {
        let (places, bytes) = fill(&campaign, submission, &form);
        let (before, after) = (packed(&form.bytes), packed(&bytes));
        let touched: BTreeSet<&str> = places.iter().map(|p| p.part.as_str()).collect();
        for (name, was) in &before {
            let is = &after[name];
            if touched.contains(name.as_str()) {
                assert_ne!(was.0, is.0, "{}: nothing went into {name}", form.name);
            } else {
                assert!(was == is, "{}: {name} was touched", form.name);
            }
        }
        assert_eq!(before.len(), after.len(), "{}", form.name);
        let package = OpcPackage::read(&bytes).unwrap();
        for name in package.names().filter(|n| n.ends_with(".xml")) {
            let xml = package.text(name).unwrap();
            assert!(Tree::read(name, xml).is_ok(), "{}: {name}", form.name);
        }
    }
}

/// What a filled file reads as, in canonical texts.
pub(crate) fn read_back(
    campaign: &Campaign,
    form: &BlankForm,
    bytes: &[u8],
    places: &[FieldPlace],
) -> (Submission, Vec<sanlian::finding::Finding>) {
    let read = sanlian::fill::read(campaign, form.name, bytes, places).unwrap();
    let gathered = sanlian::fill::assemble(campaign, &[read]);
    let json = sanlian::intake::to_json(&gathered.submission);
    let file = sanlian::intake::SourceFile {
        path: "submission.json".to_owned(),
        bytes: serde_json::to_vec(&json).unwrap(),
    };
    let (submission, _) = sanlian::intake::read(campaign, &[file], None, Vec::new());
    (submission, gathered.findings)
}

/// The value of a key in a submission: rows as one text.
fn value(submission: &Submission, candidate: bool, key: &str) -> String {
    let own = candidate.then(|| submission.candidates.first()).flatten();
    let rows = |rows: &[BTreeMap<String, String>], field: &str| {
        let texts: Vec<String> = rows
            .iter()
            .map(|r| r.get(field).cloned().unwrap_or_default())
            .collect();
        texts.join("|")
    };
    if let Some(key) = key.strip_prefix("unit.") {
        return submission.unit.text(key).to_owned();
    }
    if let Some(rows) = own.map(|c| c.rows(key)).filter(|r| !r.is_empty()) {
        return rows.iter().map(|r| format!("{r:?}\n")).collect();
    }
    match key.split_once('.') {
        Some(("candidates", field)) => {
            let all = submission.candidates.iter();
            all.map(|c| c.text(field)).collect::<Vec<_>>().join("|")
        }
        Some(("status", field)) => rows(submission.unit.rows("status"), field),
        Some((list, field)) => own.map_or_else(String::new, |c| rows(c.rows(list), field)),
        None => own.map_or("", |c| c.text(key)).to_owned(),
    }
}

/// What differs between a submission and what was read, over the keys that a form asks for.
pub(crate) fn differences(form: &BlankForm, was: &Submission, is: &Submission) -> Vec<String> {
    let candidate = form.expected.iter().any(|e| {
        !["unit.", "candidates.", "status."]
            .iter()
            .any(|p| e.key.starts_with(p))
    });
    let mut out = Vec::new();
    for expected in form
        .expected
        .iter()
        .filter(|e| e.kind != "photo" && e.key != "photo")
    {
        let (old, new) = (
            value(was, candidate, &expected.key),
            value(is, candidate, &expected.key),
        );
        let sorted = |text: &str| {
            let mut words: Vec<String> = text.split('、').map(str::to_owned).collect();
            words.sort();
            words
        };
        if sorted(&old) != sorted(&new) {
            out.push(format!(
                "{} {} {}: “{old}” → “{new}”",
                form.name, expected.key, expected.kind
            ));
        }
    }
    out
}

#[test]
fn what_was_filled_in_reads_back() {
    let campaign = campaign();
    let submission = submission();
    let mut faults = Vec::new();
    for form in blank_forms::all() {
        let (places, bytes) = fill(&campaign, submission, &form);
        let (read, findings) = read_back(&campaign, &form, &bytes, &places);
        let findings = findings
            .into_iter()
            .map(|f| format!("{} {}", form.name, f.message));
        faults.extend(findings);
        faults.extend(differences(&form, submission, &read));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
