//! What words of a form say by themselves (单看字样): whose the part is that they head, and whether they ask something at all.

use super::roles::{NamedRole, RoleKind, bare};
use super::synonyms::ATTRIBUTES;
use crate::fill::bind::lexicon::Lexicon;

/// Words of a heading over what others than the candidate fill in.
const OFFICES: &[&str] = &[
    "以下由",
    "下列由",
    "由主办",
    "由承办",
    "由学院填",
    "由学校填",
    "由审核",
    "由受理",
    "由评审",
    "由工作人员",
    "审核部门填写",
    "主管部门填写",
    "受理部门填写",
    "工作人员填写",
    "单位审核",
    "审批栏",
    "审核栏",
    "受理栏",
    "办公室填写",
    "管理部门填写",
    "以下内容由",
];

/// The role of a part that a heading begins.
pub(super) fn section(text: &str) -> Option<NamedRole> {
    // a line with labels and blanks is no heading
    let words = text.trim().trim_end_matches(['：', ':']);
    if words.contains(['：', ':', '_', '＿', '\t'])
        || words.contains("   ")
        || words.contains("　　")
    {
        return None;
    }
    if OFFICES.iter().any(|o| text.contains(o)) {
        let words: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(20)
            .collect();
        return Some(NamedRole {
            kind: RoleKind::Other,
            words,
            asks: String::new(),
        });
    }
    NamedRole::alone(text)
}

/// Whether words ask something of a person or a unit.
pub(super) fn is_attribute(lexicon: &Lexicon, text: &str) -> bool {
    let own = bare(text);
    lexicon.person(text).is_some()
        || lexicon.unit(text).is_some()
        || ATTRIBUTES.contains(&own.as_str())
        || own == "姓名"
        || own.ends_with("关系") && !own.contains("社会")
}
