//! The résumé as a whole (学习和工作简历): F12, months in order, without gaps and overlaps. Each row's own shape is in `kinds`.

use crate::finding::{Place, Severity};
use crate::text::date::{Month, Span, parse_month, parse_span};
use crate::text::id::check_id;

use super::checking::{Checking, Person};
use crate::check::params::{row_in_words, text_or};

/// What the rule's parameters say.
struct Limits {
    /// Free months between two rows that are no gap.
    gap: i32,
    /// Months that two rows may share.
    overlap: i32,
}

/// F12 over the rows of a candidate. Parameters `sheet` (`resume`), `gap_months` (1), `overlap_months` (1), `order` (true).
pub(super) fn candidate(checking: &mut Checking<'_>, person: &Person<'_>) {
    let Some(severity) = checking.weight("F12", Severity::Error) else {
        return;
    };
    let rule = checking.campaign.rules.0.get("F12");
    let sheet = rule.map_or("resume", |r| text_or(r, "sheet", "resume"));
    let number = |name: &str| {
        let value = rule.map_or(1, |r| r.number(name, 1));
        i32::try_from(value).unwrap_or(1).clamp(0, 1200)
    };
    let limits = Limits {
        gap: number("gap_months"),
        overlap: number("overlap_months"),
    };
    let ordered = rule.is_none_or(|r| r.flag("order", true));
    let mut spans: Vec<(usize, Span)> = person
        .entry
        .rows(sheet)
        .iter()
        .enumerate()
        .filter_map(|(n, row)| Some((n, parse_span(row.get("span")?)?)))
        .collect();
    let now = Month::of(checking.reference_day());
    // a month that the identity number denies is told there (F6), and says nothing of the rows
    let number = check_id(person.text("id_no")).ok();
    let agrees = |month: &Month| number.as_ref().is_none_or(|n| Month::of(n.birth) == *month);
    let born = parse_month(person.text("birth")).filter(agrees);
    for (n, span) in &spans {
        alone(
            checking,
            severity,
            person.place_in(sheet, *n, "span"),
            *span,
            now,
            born,
        );
    }
    let soft = severity.min(Severity::Warning);
    if ordered
        && let Some(pair) = spans.windows(2).find(|pair| starts(pair) == Some(true))
        && let [(_, before), (n, after)] = pair
    {
        let at = row_in_words(&person.place_in(sheet, *n, "span"), *n);
        let message = format!("简历{at}的{after}早于上一条{before}。");
        let hint = "请按时间先后填写简历。";
        checking.add(
            soft,
            "F12",
            person.place_in(sheet, *n, "span"),
            message,
            hint,
        );
    }
    spans.retain(|(_, span)| span.to.is_none_or(|to| to >= span.from));
    spans.sort_by_key(|(n, span)| (span.from, *n));
    joined(checking, soft, person, sheet, &spans, &limits);
}

/// Whether the second of two rows begins before the first.
fn starts(pair: &[(usize, Span)]) -> Option<bool> {
    match pair {
        [(_, before), (_, after)] => Some(after.from < before.from),
        _ => None,
    }
}

/// What one span says that cannot be.
fn alone(
    checking: &mut Checking<'_>,
    severity: Severity,
    place: Place,
    span: Span,
    now: Month,
    born: Option<Month>,
) {
    let soft = severity.min(Severity::Warning);
    if span.to.is_some_and(|to| to < span.from) {
        let message = format!("起止年月{span}的止早于起。");
        checking.add(severity, "F12", place, message, "请核对起止年月。");
    } else if span.from > now || span.to.is_some_and(|to| to > now) {
        let message = format!("起止年月{span}晚于本月{now}。");
        let hint = "请核对起止年月；延续到现在的止填“至今”。";
        checking.add(soft, "F12", place, message, hint);
    } else if let Some(born) = born.filter(|born| span.from < *born) {
        let message = format!("起止年月{span}早于出生年月{born}。");
        checking.add(soft, "F12", place, message, "请核对起止年月和出生年月。");
    }
}

/// Gaps and overlaps between rows in order of their beginning.
fn joined(
    checking: &mut Checking<'_>,
    severity: Severity,
    person: &Person<'_>,
    sheet: &str,
    spans: &[(usize, Span)],
    limits: &Limits,
) {
    let mut reached: Option<(Option<Month>, Span)> = None;
    for (n, span) in spans {
        if let Some((until, before)) = reached {
            let place = || person.place_in(sheet, *n, "span");
            let free = until.map(|u| span.from.ordinal() - u.ordinal() - 1);
            // A row that begins in the month in which another ends shares no month with it that matters.
            let shared = free.map_or(i32::MAX, |f| -f);
            // a row that could be given to nobody may be the one that is missing here
            let whole = !checking.submission.unowned.contains(sheet);
            if let Some(free) = free.filter(|free| whole && *free > limits.gap) {
                let message = format!("简历{before}与{span}之间空缺{free}个月。");
                let hint = "请补齐，简历起止年月应前后衔接。";
                checking.add(severity, "F12", place(), message, hint);
            } else if shared > limits.overlap {
                let message = format!("简历{span}与{before}重叠。");
                let hint = "请核对起止年月；兼职、在职学习的请在专业或职务中注明。";
                checking.add(severity.min(Severity::Info), "F12", place(), message, hint);
            }
        }
        let further = match reached {
            Some((None, _)) => false,
            Some((Some(until), _)) => span.to.is_none_or(|to| to > until),
            None => true,
        };
        if further {
            reached = Some((span.to, *span));
        }
    }
}
