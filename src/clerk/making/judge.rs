//! Findings on their way to a person: what reading and the rules say, each at the cell it belongs to, and once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::campaign::Campaign;
use crate::check::{AsOf, check as check_rules};
use crate::finding::{Finding, Severity, has_errors};
use crate::record::Submission;

use crate::clerk::making::columns::missing_columns_once;
use crate::clerk::making::read::Reading;
use crate::clerk::making::wrong_name::wrong_names_once;

/// Findings of reading, then those of the rules, without what reading has already said of the same cell. With no day, nothing is said
/// of what only a day tells.
pub(in crate::clerk) fn judge(
    campaign: &Campaign,
    reading: &Reading,
    as_of: impl Into<AsOf>,
) -> Vec<Finding> {
    let cell = |f: &Finding| {
        (
            f.code,
            f.place.file.clone(),
            f.place.sheet.clone(),
            f.place.cell.clone(),
        )
    };
    let submission = &reading.submission;
    let nothing = submission.candidates.is_empty() && submission.unit.values.is_empty();
    if nothing && has_errors(&reading.findings) {
        // the data file could not be read: that every field is missing says nothing more
        return reading.findings.clone();
    }
    let told: BTreeSet<_> = reading
        .findings
        .iter()
        .filter(|f| f.place.cell.is_some())
        .map(cell)
        .collect();
    let rules = check_rules(campaign, submission, as_of);
    let mut findings = reading.findings.clone();
    findings.extend(rules.into_iter().filter(|f| !told.contains(&cell(f))));
    one_fault_once(&mut findings);
    without_unread_steps(campaign, &mut findings);
    without_the_missing(campaign, reading, &mut findings);
    wrong_names_once(campaign, submission, &mut findings);
    missing_columns_once(campaign, &mut findings);
    findings
}

/// A cell: file, sheet, name.
type Cell = (Option<String>, Option<String>, Option<String>);

fn cell_of(finding: &Finding) -> Cell {
    let place = &finding.place;
    (place.file.clone(), place.sheet.clone(), place.cell.clone())
}

/// Leaves out what only follows from another finding of the same cell: a value that could not be read is neither missing nor wrong in
/// another way, a month that may be another one disagrees with the identity number for that reason.
fn one_fault_once(findings: &mut Vec<Finding>) {
    // what was told of the value as a whole, and what then says nothing more
    let mut unread: BTreeSet<Cell> = BTreeSet::new();
    let mut pictures: BTreeSet<Cell> = BTreeSet::new();
    let mut months: BTreeSet<Cell> = BTreeSet::new();
    let mut born: BTreeSet<Cell> = BTreeSet::new();
    let mut missing: BTreeSet<Cell> = BTreeSet::new();
    let mut unlabelled: BTreeSet<String> = BTreeSet::new();
    for finding in findings.iter().filter(|f| f.place.cell.is_some()) {
        let error = finding.severity == Severity::Error;
        let cells = match finding.code {
            "I10" | "F14" if error => &mut unread,
            "I12" => &mut pictures,
            "F3" if error => &mut months,
            "F6" => &mut born,
            "M14" => &mut missing,
            "I4" => {
                unlabelled.extend(finding.place.field.clone());
                continue;
            }
            _ => continue,
        };
        cells.insert(cell_of(finding));
    }
    for finding in findings.iter_mut().filter(|f| f.code == "I12") {
        // a picture in the place of an answer that must be there
        if missing.contains(&cell_of(finding)) {
            finding.severity = Severity::Error;
        }
    }
    findings.retain(|finding| {
        let cell = cell_of(finding);
        if cell.2.is_none() {
            let field = finding.place.field.as_ref();
            return field.is_none_or(|f| finding.code == "I2" || !unlabelled.contains(f));
        }
        match finding.code {
            "I10" | "F14" | "I12" | "I16" => true,
            "M14" => !unread.contains(&cell) && !pictures.contains(&cell),
            "C1" | "C2" => !unread.contains(&cell),
            "F6" => !unread.contains(&cell) && !months.contains(&cell),
            "F3" if finding.severity != Severity::Error => {
                !unread.contains(&cell) && !born.contains(&cell)
            }
            code if code.starts_with(['F', 'N']) => !unread.contains(&cell),
            _ => true,
        }
    });
}

/// Leaves out that a row that is given with its sheet (环节) says nothing, where a cell that says which row it is could not be read.
fn without_unread_steps(campaign: &Campaign, findings: &mut Vec<Finding>) {
    let names_row = |f: &Finding| {
        let key = f.place.field.as_deref()?;
        let (sheet, field) = key.split_once('.')?;
        let sheet = campaign.sheet(sheet)?;
        let given = sheet.given.iter().any(|row| row.contains_key(field));
        (f.code == "I10" && given).then_some(sheet.key.clone())
    };
    let unread: BTreeSet<String> = findings.iter().filter_map(names_row).collect();
    let of_unread = |f: &Finding| {
        let key = f.place.field.as_deref().unwrap_or_default();
        let key = key.split(['.', '[']).next().unwrap_or_default();
        f.code == "M11" && unread.contains(key)
    };
    findings.retain(|f| !of_unread(f));
}

/// Leaves out what is blank because its sheet is not there, or because its column has lost its title: that was told at its cause.
fn without_the_missing(campaign: &Campaign, reading: &Reading, findings: &mut Vec<Finding>) {
    let told = |f: &&Finding| f.severity == Severity::Error && f.place.cell.is_some();
    let untitled: BTreeSet<(Option<String>, Option<String>)> = reading
        .findings
        .iter()
        .filter(|f| f.code == "I4" && f.place.field.is_some())
        .filter(told)
        .map(|f| (f.place.sheet.clone(), f.place.field.clone()))
        .collect();
    let unit = campaign.unit_sheet();
    let no_sheet = |f: &Finding| {
        let label = unit.map_or("", |s| s.label.as_str());
        f.code == "I2"
            && f.severity == Severity::Error
            && f.message.contains(&format!("“{label}”表"))
    };
    let no_unit =
        reading.submission.unit.values.is_empty() && reading.findings.iter().any(no_sheet);
    let lists = without_lists(campaign, findings);
    without_columns(campaign, findings);
    findings.retain(|f| {
        let place = &f.place;
        let field = place.field.as_deref();
        let of_list = f.code == "M14" && field.is_some_and(|key| lists.iter().any(|l| l == key));
        if of_list {
            return false;
        }
        let of_unit = field.is_none_or(|key| unit.is_some_and(|s| s.field(key).is_some()));
        let blank = matches!(f.code, "M14" | "C1" | "C2");
        let missing = no_unit && blank && of_unit && place.cell.is_none() && place.record.is_none();
        let cleared =
            f.code == "M14" && untitled.contains(&(place.sheet.clone(), place.field.clone()));
        !missing && !cleared
    });
}

/// The keys of lists that must have rows and have no sheet. That they are not there is an error then, and each person's missing rows say nothing
/// more.
fn without_lists(campaign: &Campaign, findings: &mut [Finding]) -> Vec<String> {
    let must: Vec<String> = findings
        .iter()
        .filter(|f| f.code == "M14" && f.severity == Severity::Error)
        .filter_map(|f| f.place.field.clone())
        .collect();
    let mut keys = Vec::new();
    let lists = campaign
        .sheets
        .iter()
        .filter(|s| s.rows && must.contains(&s.key));
    for sheet in lists {
        let words = format!("“{}”表", sheet.label);
        let told = findings
            .iter_mut()
            .find(|f| f.code == "I2" && f.place.sheet.is_none() && f.message.contains(&words));
        if let Some(finding) = told {
            finding.severity = Severity::Error;
            keys.push(sheet.key.clone());
        }
    }
    keys
}

/// Leaves out each person's missing answer where the sheet lacks its column: that is the fault, and an error then.
fn without_columns(campaign: &Campaign, findings: &mut Vec<Finding>) {
    let mut columns: BTreeSet<(Option<String>, Option<String>, String)> = BTreeSet::new();
    let must: BTreeSet<(Option<String>, Option<String>, String)> = findings
        .iter()
        .filter(|f| f.code == "M14" && f.severity == Severity::Error)
        .filter_map(|f| {
            let key = f.place.field.clone()?;
            Some((f.place.file.clone(), f.place.sheet.clone(), key))
        })
        .collect();
    let labels: Vec<(String, String)> = campaign
        .candidate_sheet()
        .into_iter()
        .flat_map(|sheet| &sheet.fields)
        .map(|field| (field.key.clone(), format!("“{}”", field.label)))
        .collect();
    let no_column =
        |f: &Finding| f.code == "I2" && f.place.cell.is_none() && f.message.ends_with("列。");
    for finding in findings.iter_mut().filter(|f| no_column(f)) {
        let (file, sheet) = (finding.place.file.clone(), finding.place.sheet.clone());
        for (key, label) in &labels {
            let of = (file.clone(), sheet.clone(), key.clone());
            if finding.message.contains(label) && must.contains(&of) {
                finding.severity = Severity::Error;
                columns.insert(of);
            }
        }
    }
    if columns.is_empty() {
        return;
    }
    findings.retain(|f| {
        let key = f.place.field.clone().unwrap_or_default();
        f.code != "M14" || !columns.contains(&(f.place.file.clone(), f.place.sheet.clone(), key))
    });
}

/// The same fault shows on several forms; one finding of it is enough.
pub(super) fn once_each(findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    findings.retain(|f| seen.insert((f.code, f.place.clone(), f.message.clone())));
    unprintable_once(findings);
}

/// Characters that cannot be printed are told once for a cell, and not again at a form that shows the cell's text among others; a
/// character of private use (N3) is mended before any font can matter.
fn unprintable_once(findings: &mut Vec<Finding>) {
    let code_points = |f: &Finding| -> Vec<String> {
        let parts = f.message.split("U+").skip(1);
        parts
            .map(|part| part.chars().take_while(char::is_ascii_hexdigit).collect())
            .collect()
    };
    if !findings.iter().any(|f| f.code == "N7") {
        return;
    }
    let mut cells: BTreeMap<Cell, usize> = BTreeMap::new();
    let mut told: BTreeSet<String> = BTreeSet::new();
    let mut private: BTreeSet<(Cell, String)> = BTreeSet::new();
    for finding in findings.iter().filter(|f| f.place.cell.is_some()) {
        match finding.code {
            "N3" => private.extend(
                code_points(finding)
                    .into_iter()
                    .map(|c| (cell_of(finding), c)),
            ),
            "N7" => {
                *cells.entry(cell_of(finding)).or_default() += 1;
            }
            _ => continue,
        }
        told.extend(code_points(finding));
    }
    let mut seen: BTreeSet<Cell> = BTreeSet::new();
    findings.retain_mut(|f| {
        if f.code != "N7" {
            return true;
        }
        let points = code_points(f);
        if f.place.cell.is_none() {
            return !points.iter().all(|point| told.contains(point));
        }
        let cell = cell_of(f);
        let mends = |point: &String| private.contains(&(cell.clone(), point.clone()));
        if points.iter().all(mends) || !seen.insert(cell.clone()) {
            return false;
        }
        if let Some(more) = cells.get(&cell).filter(|n| **n > 1) {
            let whole = f.message.trim_end_matches('。').to_owned();
            f.message = format!("{whole}；这一格里一共有{more}处这样的字。");
        }
        true
    });
}

/// A finding of the layout, at the cell that the text came from.
pub(super) fn placed(
    mut finding: Finding,
    submission: &Submission,
    candidate: Option<usize>,
) -> Finding {
    let Some(field) = finding.place.field.clone() else {
        return finding;
    };
    let (entry, field) = match candidate {
        Some(index) => (submission.candidates.get(index), field.as_str()),
        None => match listed(&field) {
            Some((index, field)) => (submission.candidates.get(index), field),
            None => (Some(&submission.unit), field.as_str()),
        },
    };
    if let Some(entry) = entry {
        finding.place = entry.place_of(field).of(entry.text("name"), field);
    }
    finding
}

/// `candidates[2].name` as (2, `name`).
fn listed(field: &str) -> Option<(usize, &str)> {
    let (index, field) = field.strip_prefix("candidates[")?.split_once("].")?;
    Some((index.parse().ok()?, field))
}

/// The day in China (UTC+8, without summer time).
pub(in crate::clerk) fn local_day(at: Timestamp) -> jiff::civil::Date {
    crate::hours::beijing(at).date()
}
