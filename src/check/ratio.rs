//! The make-up of the list (构成比例), Q6 to Q9: at least, or at most, so many per cent of the candidates are of a kind. Which kind is
//! data: answers of a field, or an age.

use crate::campaign::Rule;
use crate::record::Entry;
use crate::text::date::Month;

use super::checking::Checking;
use super::person::birth;

/// The rules of this kind.
const RULES: [&str; 4] = ["Q6", "Q7", "Q8", "Q9"];

/// All ratios of the campaign.
pub(super) fn unit(checking: &mut Checking<'_>) {
    if checking.submission.candidates.is_empty() {
        return;
    }
    for code in RULES {
        ratio(checking, code);
    }
}

/// One ratio. Parameters: `field` of a candidate and `words`, of which the answer is one; or `age_under`, in whole years on the day of
/// the deadline; `least_percent` and `most_percent` of all candidates; `what` the people are called; `from`, the number of candidates
/// from which on it is asked (1). A candidate whose answer is missing counts as none of them.
fn ratio(checking: &mut Checking<'_>, code: &'static str) {
    let Some((rule, severity)) = checking.rule(code) else {
        return;
    };
    let candidates = &checking.submission.candidates;
    let all = i64::try_from(candidates.len()).unwrap_or(i64::MAX);
    if all < rule.number("from", 1) {
        return;
    }
    let deadline = Month::of(checking.campaign.deadline.day);
    let of_kind = candidates.iter().filter(|c| counts(rule, c, deadline));
    let those = i64::try_from(of_kind.count()).unwrap_or(i64::MAX);
    let (least, most) = (
        rule.number("least_percent", 0),
        rule.number("most_percent", 100),
    );
    let what = rule.text("what");
    let message = format!("候选人{all}名中，{what}{those}名，");
    let hundredfold = those.saturating_mul(100);
    let (asked, hint) = if hundredfold < all.saturating_mul(least) {
        // the smallest number that is enough
        let enough = all.saturating_mul(least).saturating_add(99) / 100;
        let short = enough - those;
        (
            format!("不足{least}%（至少{enough}名）"),
            format!("请调整人选，{what}还差{short}名；确有困难的，请与主办单位联系。"),
        )
    } else if hundredfold > all.saturating_mul(most) {
        let enough = all.saturating_mul(most) / 100;
        let over = those - enough;
        (
            format!("超过{most}%（至多{enough}名）"),
            format!("请调整人选，{what}多出{over}名；确有困难的，请与主办单位联系。"),
        )
    } else {
        return;
    };
    let place = checking.unit_place("");
    checking.add(severity, code, place, format!("{message}{asked}。"), hint);
}

/// Whether a candidate is of the kind that a rule counts.
fn counts(rule: &Rule, candidate: &Entry, deadline: Month) -> bool {
    let age_under = rule.number("age_under", 0);
    if age_under > 0 {
        let age = birth(candidate).map(|b| i64::from(deadline.ordinal() - b.ordinal()) / 12);
        return age.is_some_and(|age| age < age_under);
    }
    let answer = candidate.text(rule.text("field"));
    let mut given = answer.split('、').map(str::trim);
    given.any(|one| rule.words("words").iter().any(|w| w == one))
}
