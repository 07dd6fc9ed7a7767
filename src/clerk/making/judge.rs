//! Findings on their way to a person: what reading and the rules say, each at the cell it belongs to, and once.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::campaign::Campaign;
use crate::check::check as check_rules;
use crate::finding::{Finding, has_errors};
use crate::record::Submission;

use crate::clerk::making::read::Reading;

/// Findings of reading, then those of the rules, without what reading has already said of the same cell.
pub(in crate::clerk) fn judge(
    campaign: &Campaign,
    reading: &Reading,
    today: jiff::civil::Date,
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
    let rules = check_rules(campaign, submission, Some(today));
    let mut findings = reading.findings.clone();
    findings.extend(rules.into_iter().filter(|f| !told.contains(&cell(f))));
    findings
}

/// The same fault shows on several forms; one finding of it is enough.
pub(super) fn once_each(findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    findings.retain(|f| seen.insert((f.code, f.place.clone(), f.message.clone())));
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
