//! What is made public (公示): a field that may be public may still hold what may not. P3.

use std::collections::BTreeSet;

use crate::campaign::FormTemplate;
use crate::finding::Severity;

use super::checking::{Checking, Person};

/// P3: what a public paper of the channel prints of a candidate holds no number of an identity document, no mobile number and no mail
/// address.
pub(super) fn candidate(checking: &mut Checking<'_>, person: &Person<'_>) {
    let (Some(severity), Some(channel)) =
        (checking.weight("P3", Severity::Error), checking.channel)
    else {
        return;
    };
    let forms = checking.campaign.forms.iter();
    let public = forms.filter(|f| f.public && channel.forms.contains(&f.kind));
    for paper in public {
        for key in printed(paper) {
            let Some(what) = private_in(person.entry.text(key)) else {
                continue;
            };
            let sheet = checking.campaign.candidate_sheet();
            let label = sheet
                .and_then(|s| s.field(key))
                .map_or(key, |f| f.label.as_str());
            let name = &paper.name;
            let message = format!("“{label}”里像是有{what}，这一栏要印在《{name}》上公开。");
            let hint = format!("请从“{label}”中删去{what}，填到专门的栏目里。");
            let place = person.entry.place_of(key).of(&person.record, key);
            checking.add(severity, "P3", place, message, hint);
        }
    }
}

/// The candidates' fields that a paper prints.
fn printed(paper: &FormTemplate) -> BTreeSet<&str> {
    let shown = paper.shown().into_iter();
    let of_candidates = shown.filter(|(each, _)| *each == "candidates");
    of_candidates.map(|(_, key)| key).collect()
}

/// What a text holds that identifies or reaches a person.
fn private_in(text: &str) -> Option<&'static str> {
    let runs = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, 'X' | 'x'));
    for run in runs {
        let digits = run.trim_matches(['X', 'x']).len();
        let id = run.len() == 18 && digits >= 17;
        let mobile = run.len() == 11
            && digits == 11
            && run.starts_with('1')
            && !run.starts_with("10")
            && !run.starts_with("11");
        if id {
            return Some("证件号码");
        }
        if mobile {
            return Some("手机号码");
        }
    }
    let mail = |at: usize| {
        let (before, after) = text.split_at(at);
        let plain = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        plain(before.chars().next_back()) && plain(after.chars().nth(1))
    };
    let mut ats = text.match_indices('@').map(|(at, _)| at);
    ats.any(mail).then_some("邮箱")
}
