//! The words for the codes of the receiving desk, in Chinese; another language is another file like this one. Words may change at
//! any time: nothing is stored, sent or compared by them.

use super::verdict::Verdict;

/// What a matching mark does not say; added to its reason.
pub const NOT_ALTERED: &str = "不表示纸面未被改动。";

/// The word for a verdict.
pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Match => "标记相符",
        Verdict::Stale => "版本过期",
        Verdict::Void => "已作废",
        Verdict::Again => "重复",
        Verdict::Foreign => "非本活动",
        Verdict::Forged => "签名不符",
        Verdict::Unreadable => "无法识别",
        Verdict::Unverified => "识别未验签",
        Verdict::Ahead => "电子件较旧",
        Verdict::Differs => "内容不符",
        Verdict::Unissued => "签名成立而台账无此签发",
    }
}
