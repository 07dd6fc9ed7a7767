//! Rows of a list (多行工作表): of the candidate that a form is of, of the unit, or of all candidates in a unit's form.

use crate::campaign::{Owner, Sheet};

use super::values::Scope;

/// What each row of a list shows, with the path of the row's fields in the record.
pub(super) fn rows<'a>(scope: &Scope<'a>, list: &str) -> Vec<(Scope<'a>, String)> {
    let sheet: Option<&Sheet> = scope.campaign.sheet(list);
    let submission = scope.submission;
    let of = |owner: Scope<'a>, before: &str| -> Vec<(Scope<'a>, String)> {
        let record = owner.candidate.map_or(&submission.unit, |(one, _)| one);
        let rows = record.rows(list).iter().enumerate();
        rows.map(|(i, row)| {
            let scope = Scope {
                row: Some((row, i, sheet)),
                ..owner
            };
            (scope, format!("{before}{list}[{i}]."))
        })
        .collect()
    };
    if scope.candidate.is_some() || sheet.is_none_or(|s| s.of == Owner::Unit) {
        return of(*scope, "");
    }
    let everyone = submission.candidates.iter().enumerate();
    let rows = everyone.flat_map(|(i, candidate)| {
        let scope = Scope {
            candidate: Some((candidate, i)),
            ..*scope
        };
        of(scope, &format!("candidates[{i}]."))
    });
    // counted through, not anew for each candidate
    rows.enumerate()
        .map(|(n, (scope, path))| {
            let row = scope.row.map(|(row, _, sheet)| (row, n, sheet));
            (Scope { row, ..scope }, path)
        })
        .collect()
}
