//! F17: words that stand in for an answer (代替内容的词): 同上 points to a line that the form does not have, 见附件 to a paper that is no
//! part of it, 待定 says that there is no answer yet. A form that is signed must hold the answer itself.

use crate::campaign::{Kind, Owner};
use crate::finding::Severity;
use crate::text::ditto::DITTO;
use crate::text::width::fold_width;

use super::checking::Checking;
use super::params::{brief, says_nothing};
use super::value::CheckedValue;

/// What a word stands in for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StandIn {
    /// The answer in the line above.
    Above,
    /// What stands on another paper.
    Elsewhere,
    /// What is not known yet.
    Later,
    /// A gap that was never filled in: XXX, ____, ？？.
    Gap,
}

const ELSEWHERE: &[&str] = &[
    "另附",
    "附后",
    "后附",
    "另附页",
    "另附纸",
    "另页",
    "另行报送",
    "略",
    "从略",
    "见简历",
    "见推荐表",
];
const LATER: &[&str] = &[
    "待定",
    "暂定",
    "暂缺",
    "待补",
    "待补充",
    "待填",
    "待查",
    "待核",
    "待核实",
    "待确认",
    "未定",
    "后补",
    "稍后补",
    "补报",
    "暂无法提供",
    "暂未提供",
    "未提供",
    "不详",
    "不清楚",
    "不知道",
    "未知",
    "tbd",
    "n/a",
    "na",
    "null",
    "none",
];
/// How a reference to another paper begins, and what it may then name.
const SEE: &[&str] = &["见", "详见", "请见", "参见", "具体见", "内容见"];
const PAPERS: &[&str] = &[
    "附件",
    "附表",
    "附页",
    "附后",
    "附录",
    "另附",
    "材料",
    "事迹",
    "简历",
    "报告",
    "推荐表",
    "word",
    "后",
    "下页",
    "背面",
];
/// Longest reference to another paper, in characters: what is longer says something.
const LONGEST: usize = 12;

/// Tells of a word that stands in for the answer; whether it did.
pub(super) fn check(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) -> bool {
    // a photo is found by its name; words there are told where photos are
    if spot.field.kind == Kind::Photo {
        return false;
    }
    let Some(stand_in) = stand_in(spot.text).filter(|_| !is_choice(checking, spot)) else {
        return false;
    };
    let label = spot.label();
    let typed = brief(spot.text);
    let (message, hint) = match stand_in {
        StandIn::Above => (
            format!("{label}填的是“{typed}”，印在表上不知道同的是什么。"),
            match above(checking, spot) {
                Some(above) => format!(
                    "请直接填写内容；如果指的是上一行的“{}”，请照写。",
                    brief(above)
                ),
                None => "请直接填写内容。".to_owned(),
            },
        ),
        StandIn::Elsewhere => (
            format!("{label}填的是“{typed}”，表上没有实际内容。"),
            "请把内容直接填在这一格；内容太长的请精简到能印下。".to_owned(),
        ),
        StandIn::Later => (
            format!("{label}填的是“{typed}”，还没有实际内容。"),
            "请在确定后填写；签字、盖章的表上不能写待定。".to_owned(),
        ),
        StandIn::Gap => (
            format!("{label}填的是“{typed}”，是没有填写的空位。"),
            "请填写实际内容。".to_owned(),
        ),
    };
    let hint = match spot.field.blank.as_str() {
        "" => hint,
        blank => format!("{hint}确无内容的填“{blank}”。"),
    };
    // what is chosen, counted or dated cannot be words at all
    let free = spot.field.free || matches!(spot.field.kind, Kind::Text | Kind::Long);
    // a line above is on no form of one person; in a list it stands right above
    let untrue = match stand_in {
        StandIn::Above => spot.row.is_none(),
        StandIn::Gap => true,
        StandIn::Elsewhere | StandIn::Later => false,
    };
    let weight = if spot.field.required || !free || untrue {
        Severity::Error
    } else {
        Severity::Warning
    };
    spot.tell(checking, weight, "F17", message, hint);
    true
}

/// Whether a text says nothing or only stands in for an answer.
pub(super) fn is_no_answer(text: &str) -> bool {
    says_nothing(text) || stand_in(text).is_some()
}

/// Whether the word is one of those that the field's code list offers.
fn is_choice(checking: &Checking<'_>, spot: &CheckedValue<'_>) -> bool {
    let list = spot.field.codes.as_ref();
    let list = list.and_then(|id| checking.campaign.lists.get(id));
    list.is_some_and(|list| list.name_of(spot.text).is_some())
}

/// What a text stands in for; none for an answer.
fn stand_in(text: &str) -> Option<StandIn> {
    // nearly all answers are longer, or numbers: they need no closer look
    let number = text.bytes().any(|b| b.is_ascii_digit()) && !text.contains(['附', '见']);
    if number || text.len() > LONGEST * 4 {
        return None;
    }
    let plain: String = fold_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let quotes = ['"', '\'', '“', '”', '„', '〃', '″', '〞', '〟', '′'];
    if !plain.is_empty() && plain.chars().all(|c| quotes.contains(&c)) {
        return Some(StandIn::Above);
    }
    let inner = plain
        .trim_matches(|c: char| "()（）[]【】〔〕<>《》“”\"'‘’。.,，;；:：!！-—~*".contains(c));
    let is = |words: &[&str]| words.contains(&inner);
    if is(DITTO) {
        return Some(StandIn::Above);
    }
    if is(ELSEWHERE) || refers(inner) {
        return Some(StandIn::Elsewhere);
    }
    if is(LATER) {
        return Some(StandIn::Later);
    }
    let gap = |c: char| {
        matches!(
            c,
            'x' | '×' | '_' | '＿' | '?' | '□' | '○' | '*' | '…' | '.'
        )
    };
    let chars = plain.chars().count();
    let unfilled = chars > 1 && plain.chars().all(gap) || chars == 1 && plain == "?";
    unfilled.then_some(StandIn::Gap)
}

/// Whether a text does nothing but refer to another paper: 见附件, 详见附件3, 见事迹材料.
fn refers(inner: &str) -> bool {
    let Some(rest) = SEE.iter().rev().find_map(|see| inner.strip_prefix(see)) else {
        return false;
    };
    inner.chars().count() <= LONGEST && PAPERS.iter().any(|paper| rest.contains(paper))
}

/// What stands in the line above under the same question, where it says something itself.
fn above<'a>(checking: &Checking<'a>, spot: &CheckedValue<'a>) -> Option<&'a str> {
    let key = &spot.field.key;
    let text = match (spot.row, spot.sheet.of) {
        (Some(row), _) => {
            let rows = spot.entry.rows(&spot.sheet.key);
            rows.get(row.checked_sub(1)?)?.get(key)?.as_str()
        }
        (None, Owner::Candidate) => {
            let all = &checking.submission.candidates;
            let at = all.iter().position(|e| std::ptr::eq(e, spot.entry))?;
            all.get(at.checked_sub(1)?)?.text(key)
        }
        (None, Owner::Unit) => return None,
    };
    let text = text.trim();
    (!says_nothing(text) && !spot.field.masked && stand_in(text).is_none()).then_some(text)
}
