//! The words for the codes of the receiving desk, in Chinese; another language is another file like this one. Words may change at
//! any time: nothing is stored, sent or compared by them.

use super::places::CopyPageState;
use super::verdict::Verdict;

/// What a matching mark does not say; added to its reason.
pub const NOT_ALTERED: &str = "不表示纸面未被改动。";

impl Verdict {
    /// The word that the desk shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::Match => "标记相符",
            Self::Stale => "版本过期",
            Self::Void => "已作废",
            Self::Again => "重复",
            Self::Foreign => "非本活动",
            Self::Forged => "验签未通过",
            Self::Unreadable => "无法识别",
            Self::Unverified => "识别未验签",
            Self::Ahead => "电子件较旧",
            Self::Differs => "内容不符",
            Self::Unissued => "签名成立而台账无此签发",
        }
    }
}

impl CopyPageState {
    /// The word for one place of the table of copies × pages, the same wherever the table is shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Received => "已收",
            Self::Duplicate => "已收，扫过多次",
            Self::Older => "旧版本",
            Self::Void => "已作废",
            Self::Disowned => "签名的密钥已吊销，不再作数",
            Self::Unverified => "识别未验签",
            Self::Differs => "与电子件内容不符",
            Self::Ahead => "纸质比电子件新，请催报送包",
            Self::Missing => "未到",
        }
    }

    /// The sign for it where there is little room.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Received => "✓",
            Self::Duplicate => "✓✓",
            Self::Older => "旧",
            Self::Void => "废",
            Self::Disowned => "吊",
            Self::Unverified => "？",
            Self::Differs => "≠",
            Self::Ahead => "新",
            Self::Missing => "缺",
        }
    }
}
