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
    // 填表日期 is the form's
    let day = own.ends_with("日期") || own.ends_with("时间");
    let day = day && !own.starts_with("填") && lexicon.unit(text).is_none_or(|m| m.sure < 0.8);
    reached || day || own.contains("电话") || own.contains("手机")
}

/// In front of the word for whoever is to be called where that is the recommending unit's: 紧急联系人 is the candidate's own, 企业联系人 another's.
const OWN: &[&str] = &[
    "",
    "单位",
    "推荐单位",
    "本单位",
    "申报单位",
    "填报单位",
    "报送单位",
    "上报单位",
];

/// Whoever is to be called about a form, where some words ask for that person by name: 单位联系人, 联系人姓名.
pub(super) fn contact(text: &str) -> Option<NamedRole> {
    let own = bare(text);
    let words = own.strip_suffix("姓名").unwrap_or(&own);
    let mut doers = ["联系人", "联络人", "联络员"].iter();
    let front = doers.find_map(|d| words.strip_suffix(d));
    // 紧急联系人 is somebody of the candidate's own
    let doer = front.is_some_and(|f| OWN.contains(&f));
    doer.then(|| NamedRole {
        kind: RoleKind::Other,
        words: words.to_owned(),
        asks: String::new(),
    })
}

/// Whether a role is that of whoever is to be called.
pub(super) fn is_contact(role: &NamedRole) -> bool {
    contact(&role.words).is_some()
}

/// Whether words ask where somebody is reached.
pub(super) fn reaches(text: &str) -> bool {
    let own = bare(text);
    let all = [
        "电话",
        "手机",
        "邮箱",
        "邮件",
        "mail",
        "传真",
        "微信",
        "QQ",
        "联系方式",
        "职务",
        "职称",
    ];
    all.iter().any(|word| own.contains(word))
}
