//! The same person recommended twice: C3, within a submission and across several.

use std::collections::BTreeMap;

use crate::campaign::Campaign;
use crate::finding::{Finding, Severity};
use crate::record::{Entry, Submission};
use crate::text::id::check_id;
use crate::text::name::canonical_name;
use crate::text::width::fold_width;

use super::checking::Checking;

/// A candidate seen: submission, rank and entry.
type Seen<'a> = (usize, usize, &'a Entry);

/// The same person twice within the submission.
pub(super) fn within(checking: &mut Checking<'_>) {
    let Some((_, severity)) = checking.rule("C3") else {
        return;
    };
    let submissions = [checking.submission];
    for (first, second, same) in pairs(&submissions) {
        let name = second.2.text("name");
        let other = format!("第{}名{}", first.1 + 1, first.2.text("name"));
        let finding = same.finding(severity, second.2, &format!("“{name}”与{other}"));
        checking.findings.push(finding);
    }
}

/// The same person in several submissions: one channel only (C3). Persons that stand twice in one submission are told by
/// [`check`](super::check). Findings lie in the later submission and name the unit of the earlier.
pub fn check_across(campaign: &Campaign, submissions: &[&Submission]) -> Vec<Finding> {
    let Some((_, severity)) = campaign.rules.on("C3") else {
        return Vec::new();
    };
    let unit_of = |at: usize| {
        let name = submissions
            .get(at)
            .map_or("", |s| s.unit.text("name").trim());
        if name.is_empty() {
            format!("第{}份材料", at + 1)
        } else {
            format!("“{name}”")
        }
    };
    pairs(submissions)
        .into_iter()
        .filter(|(first, second, _)| first.0 != second.0)
        .map(|(first, second, same)| {
            let name = second.2.text("name");
            let text = format!(
                "{}报送的“{name}”与{}报送的候选人",
                unit_of(second.0),
                unit_of(first.0)
            );
            same.finding(severity, second.2, &text)
        })
        .collect()
}

/// Why two candidates are held to be one person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Same {
    /// The same document number.
    Number,
    /// The same name and employer.
    NameAndOrg,
    /// The same name and employer, but two sound and different numbers: perhaps two persons.
    Namesakes,
}

impl Same {
    fn finding(self, severity: Severity, entry: &Entry, who: &str) -> Finding {
        let (severity, key, why, hint) = match self {
            Self::Number => (
                severity,
                "id_no",
                "证件号码相同",
                "同一人只能通过一个渠道推荐一次，请保留一处。",
            ),
            Self::NameAndOrg => (
                severity,
                "name",
                "姓名、工作单位相同",
                "同一人只能通过一个渠道推荐一次，请保留一处；确非同一人的，请填写证件号码。",
            ),
            Self::Namesakes => (
                severity.min(Severity::Warning),
                "name",
                "姓名、工作单位相同而证件号码不同",
                "请核对是否为同一人。",
            ),
        };
        let place = entry.place_of(key).of(entry.text("name"), key);
        let ending = if self == Self::Namesakes {
            ""
        } else {
            "重复"
        };
        Finding::new(
            severity,
            "C3",
            place,
            format!("{who}{ending}：{why}。"),
            hint,
        )
    }
}

/// Every candidate that came before, with the first of the same person. One look-up for each, so that lists of any
/// length are sorted through once.
fn pairs<'a>(submissions: &[&'a Submission]) -> Vec<(Seen<'a>, Seen<'a>, Same)> {
    let mut by_number: BTreeMap<String, Seen<'a>> = BTreeMap::new();
    let mut by_name: BTreeMap<(String, String), Seen<'a>> = BTreeMap::new();
    let mut out = Vec::new();
    for (at, submission) in submissions.iter().enumerate() {
        for (rank, entry) in submission.candidates.iter().enumerate() {
            let seen = (at, rank, entry);
            let number = number_of(entry);
            let mut told = false;
            if !number.is_empty() {
                if let Some(first) = by_number.get(&number) {
                    out.push((*first, seen, Same::Number));
                    told = true;
                } else {
                    by_number.insert(number.clone(), seen);
                }
            }
            let name = canonical_name(entry.text("name")).0;
            let org = compact(entry.text("org"));
            if name.is_empty() || org.is_empty() {
                continue;
            }
            if let Some(first) = by_name.get(&(name.clone(), org.clone())) {
                let earlier = number_of(first.2);
                let differ =
                    number != earlier && check_id(&number).is_ok() && check_id(&earlier).is_ok();
                if !told {
                    out.push((
                        *first,
                        seen,
                        if differ {
                            Same::Namesakes
                        } else {
                            Same::NameAndOrg
                        },
                    ));
                }
            } else {
                by_name.insert((name, org), seen);
            }
        }
    }
    out
}

/// The document number, half-width, in capitals and without blanks; empty where it says nothing.
fn number_of(entry: &Entry) -> String {
    let text = entry.text("id_no");
    if crate::check::params::says_nothing(text) {
        return String::new();
    }
    compact(text).to_ascii_uppercase()
}

/// Half-width and without blanks.
fn compact(text: &str) -> String {
    fold_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}
