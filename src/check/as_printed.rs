//! What would be printed as it stands though nobody means it so: the words beside a seal copied into a name (F20), and the source text of a page
//! in a long answer (M19).

use crate::campaign::Kind;
use crate::finding::Severity;

use super::checking::Checking;
use super::params::brief;
use super::report_source::source_text;
use super::value::CheckedValue;

/// What stands beside the place of a seal or a signature.
const SEALS: &[&str] = &[
    "盖章",
    "公章",
    "签章",
    "签字",
    "签名",
    "章",
    "加盖公章",
    "单位公章",
];

/// Tells of what would be printed although it is no part of the answer.
pub(super) fn check(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    match spot.field.kind {
        Kind::Text => seal(checking, spot),
        Kind::Long => source(checking, spot),
        _ => {}
    }
}

/// F20: 某某协会（盖章）.
fn seal(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    let text = spot.text.trim_end_matches(['：', ':', ' ', '　']);
    let end = text.strip_suffix(['）', ')']);
    let inner = end.and_then(|text| text.rsplit_once(['（', '(']));
    let Some((_, words)) = inner.filter(|(_, words)| SEALS.contains(words)) else {
        return;
    };
    let label = spot.label();
    let message = format!(
        "{label}填的“{}”末尾有“（{words}）”，会照样印出。",
        brief(spot.text)
    );
    let hint = format!("请删去“（{words}）”；盖章、签字的地方表上另有。");
    spot.tell(checking, Severity::Error, "F20", message, hint);
}

/// M19 of an answer. Signs of Markdown can be meant as they stand.
fn source(checking: &mut Checking<'_>, spot: &CheckedValue<'_>) {
    let Some(weight) = checking.weight("M19", Severity::Error) else {
        return;
    };
    let lines: Vec<&str> = spot.text.lines().collect();
    let Some(found) = source_text(&lines).filter(|found| found.certain) else {
        return;
    };
    let label = spot.label();
    let message = format!(
        "{label}里有{}的源代码，如“{}”，会照样印出。",
        found.what, found.sample
    );
    let hint = "请删去这些符号，或从显示正常的窗口里复制文字。".to_owned();
    spot.tell(checking, weight, "M19", message, hint);
}
