//! What stays beside a sign: one that joins ends a line and never begins one (连接号, GB/T 15834-2011, 5.1.5), an arrow stays with the
//! substance that falls out or rises (CaCO₃↓), a circled number with its item (①采样).

use super::break_costs::{AT_LESSER_JOINT, forbid};

/// Signs that join two words or numbers. The dash of two cells (破折号) is none of them.
const JOINING: &str = "—–~～－─―-\u{2010}\u{2011}";

/// Forbids breaks that part what stays beside its sign.
pub(super) fn keep_signs(text: &[char], costs: &mut [u32]) {
    for (at, ch) in text.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        let after = text.get(at + 1);
        if JOINING.contains(*ch) && joins(*ch, before, after) {
            forbid(costs, at, at);
        }
        if matches!(ch, '↓' | '↑') && before.is_some_and(|c| is_of_formula(*c)) {
            forbid(costs, at, at);
            // a formula that goes on breaks behind its sign: CaCO₃↓+|CO₂↑
            if after == Some(&'+') {
                forbid(costs, at + 1, at + 1);
                allow(costs, at + 2);
            }
        }
        // ①②③区 names one thing; a number at a line's end would be read with what stands before it
        if ('\u{2460}'..='\u{249B}').contains(ch) && after.is_some() {
            forbid(costs, at + 1, at + 1);
        }
    }
}

fn allow(costs: &mut [u32], at: usize) {
    if let Some(cost) = costs.get_mut(at) {
        *cost = AT_LESSER_JOINT;
    }
}

/// Whether a sign joins what stands at its sides. A hyphen before a number and behind no other is a minus (低至-18℃).
fn joins(ch: char, before: Option<&char>, after: Option<&char>) -> bool {
    let word = |c: &char| c.is_alphanumeric() || "）”》％%℃°".contains(*c);
    let single = before != Some(&ch) && after != Some(&ch);
    let minus = after.is_some_and(char::is_ascii_digit);
    let hyphen = matches!(ch, '-' | '\u{2010}' | '\u{2011}');
    single && before.is_some_and(word) && !(hyphen && minus)
}

fn is_of_formula(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == ')' || ('\u{2070}'..='\u{209C}').contains(&c)
}
