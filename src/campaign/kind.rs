//! Kinds of forms (表种): what a form is for, its word in templates and its number in a mark. A campaign may have more forms than
//! the usual ones: further forms of each candidate, which are records of their own, and papers around the submission, such as a
//! covering letter. Both are numbered, so that next year's form needs no program.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Kind of a form (表种), as it stands in a mark and in the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormKind {
    /// 推荐表.
    Recommendation,
    /// 推荐人选汇总表.
    Summary,
    /// 学习宣传活动开展情况表.
    Status,
    /// 推荐工作情况报告.
    Report,
    /// 材料清单; carries no mark.
    Checklist,
    /// 邮寄标签; carries no mark.
    Label,
    /// A further form of each candidate, `candidate-2` to `candidate-99`: the recommendation form is the first.
    Candidate(u8),
    /// A paper around the submission (公文), `paper-1` to `paper-99`; carries no mark.
    Paper(u8),
    /// An envelope, `envelope-1` to `envelope-9`; carries no mark, and is printed by itself.
    Envelope(u8),
}

/// Numbers of the further forms of a candidate.
const CANDIDATE: std::ops::RangeInclusive<u8> = 2..=99;
/// Numbers of papers.
const PAPER: std::ops::RangeInclusive<u8> = 1..=99;
/// Numbers of envelopes.
const ENVELOPE: std::ops::RangeInclusive<u8> = 1..=9;
/// What is added to the number of a candidate's further form in a mark.
const CANDIDATE_IN_MARK: u8 = 100;

impl FormKind {
    /// The kinds that are not numbered, in mailing order.
    pub const USUAL: [Self; 6] = [
        Self::Label,
        Self::Checklist,
        Self::Report,
        Self::Summary,
        Self::Status,
        Self::Recommendation,
    ];

    /// Its place in mailing order: papers around the submission come after the label, further forms of candidates last.
    pub fn mailing_rank(self) -> u8 {
        match self {
            Self::Label => 0,
            Self::Paper(n) => n.min(99),
            Self::Checklist => 100,
            Self::Report => 101,
            Self::Summary => 102,
            Self::Status => 103,
            Self::Recommendation => 104,
            Self::Candidate(n) => 105 + n,
            Self::Envelope(n) => 240 + n.min(9),
        }
    }

    /// Whether it is one of the forms of a candidate.
    pub fn is_candidates(self) -> bool {
        matches!(self, Self::Recommendation | Self::Candidate(_))
    }

    /// The kind's number in a mark; none for forms that carry no mark.
    pub fn mark_code(self) -> Option<u8> {
        match self {
            Self::Recommendation => Some(1),
            Self::Summary => Some(2),
            Self::Status => Some(3),
            Self::Report => Some(4),
            Self::Candidate(n) => Some(CANDIDATE_IN_MARK + n),
            Self::Checklist | Self::Label | Self::Paper(_) | Self::Envelope(_) => None,
        }
    }

    /// The kind with a number in a mark.
    pub fn from_mark_code(code: u8) -> Option<Self> {
        let usual = Self::USUAL.into_iter();
        usual
            .chain(CANDIDATE.map(Self::Candidate))
            .find(|kind| kind.mark_code() == Some(code))
    }

    /// What people call it where the campaign gives it no name.
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Recommendation => "推荐表".into(),
            Self::Summary => "推荐人选汇总表".into(),
            Self::Status => "活动开展情况表".into(),
            Self::Report => "推荐工作情况报告".into(),
            Self::Checklist => "材料清单".into(),
            Self::Label => "邮寄标签".into(),
            Self::Candidate(n) => format!("候选人的第{n}种表").into(),
            Self::Paper(n) => format!("第{n}种公文").into(),
            Self::Envelope(n) => format!("第{n}种信封").into(),
        }
    }

    /// Its word in templates and in JSON.
    pub fn key(self) -> Cow<'static, str> {
        match self {
            Self::Recommendation => "recommendation".into(),
            Self::Summary => "summary".into(),
            Self::Status => "status".into(),
            Self::Report => "report".into(),
            Self::Checklist => "checklist".into(),
            Self::Label => "label".into(),
            Self::Candidate(n) => format!("candidate-{n}").into(),
            Self::Paper(n) => format!("paper-{n}").into(),
            Self::Envelope(n) => format!("envelope-{n}").into(),
        }
    }

    /// The kind with a word.
    pub fn from_key(key: &str) -> Option<Self> {
        let numbered = |prefix: &str| -> Option<u8> {
            let digits = key.strip_prefix(prefix)?;
            // one way to write a number
            let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
            digits.parse().ok().filter(|_| plain)
        };
        if let Some(n) = numbered("candidate-") {
            return CANDIDATE.contains(&n).then_some(Self::Candidate(n));
        }
        if let Some(n) = numbered("paper-") {
            return PAPER.contains(&n).then_some(Self::Paper(n));
        }
        if let Some(n) = numbered("envelope-") {
            return ENVELOPE.contains(&n).then_some(Self::Envelope(n));
        }
        Self::USUAL.into_iter().find(|kind| kind.key() == key)
    }
}

impl fmt::Display for FormKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}

impl Serialize for FormKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key())
    }
}

impl<'de> Deserialize<'de> for FormKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = Cow::<'de, str>::deserialize(deserializer)?;
        let mut words: Vec<String> = Self::USUAL.iter().map(|k| format!("`{k}`")).collect();
        words.push("`candidate-2`".to_owned());
        words.push("`paper-1`".to_owned());
        words.push("`envelope-1`".to_owned());
        // worded as serde words it, so that the finding is in the one way of all
        Self::from_key(&key).ok_or_else(|| {
            de::Error::custom(format!(
                "unknown variant `{key}`, expected one of {}",
                words.join(", ")
            ))
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for FormKind {
    fn schema_name() -> Cow<'static, str> {
        "FormKind".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let usual: Vec<String> = Self::USUAL.iter().map(ToString::to_string).collect();
        schemars::json_schema!({
            "description": "Kind of a form (表种): one of the usual ones, candidate-2 to candidate-99, paper-1 to paper-99, or envelope-1 to envelope-9.",
            "type": "string",
            "pattern": format!("^({}|candidate-([2-9]|[1-9][0-9])|paper-([1-9]|[1-9][0-9])|envelope-[1-9])$", usual.join("|")),
        })
    }
}
