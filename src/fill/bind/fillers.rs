//! Whoever fills a form in, checks it or hands it over (填表人): the form's own words for them, and what is asked of them beside their name.

use super::roles::{NamedRole, RoleKind, bare};
use crate::fill::bind::lexicon::Lexicon;

/// What they do.
const DO: &[&str] = &[
    "填表", "填报", "填写", "制表", "经办", "审核", "复核", "报送", "统计", "录入", "校对",
];

/// Whoever fills a form in, where some words ask for that person by name.
pub(super) fn filler(text: &str) -> Option<NamedRole> {
    let own = bare(text);
    let verb = DO.iter().find(|v| own.starts_with(**v))?;
    let behind = own.strip_prefix(verb)?;
    let doer = ["人员", "人", "员"].into_iter();
    let mut doer = doer.filter(|d| behind.starts_with(d));
    let doer = doer.next()?;
    let asks = behind.strip_prefix(doer)?;
    matches!(asks, "" | "姓名" | "签名" | "签字").then(|| NamedRole {
        kind: RoleKind::Other,
        words: format!("{verb}{doer}"),
        asks: asks.to_owned(),
    })
}

/// Whether words behind that person's name ask of that person: where he is reached, and when he did it.
pub(super) fn asks_filler(lexicon: &Lexicon, text: &str) -> bool {
    let own = bare(text);
    let reached = lexicon.person(text).is_some() && lexicon.is_contact(text);
    let day = own.ends_with("日期") || own.ends_with("时间");
    reached || day || own.contains("电话") || own.contains("手机")
}
