//! The verdict (比对结论) on one marked page: what was read of the mark, held against what the ledger knows of its record.
//! It says whether paper and record agree; it never says that a page was not altered by hand.

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::campaign::FormKind;
use crate::finding::Place;
use crate::mark::{Mark, Verdict as Signature};
use crate::record::Digest;

/// What a page is against its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The record's latest version, issued and not void, seen for the first time.
    Same,
    /// An earlier version than the record's latest.
    Stale,
    /// Its issue was voided, or its record withdrawn.
    Void,
    /// The same sheet was received before: a rescan or a photocopy, a person decides.
    Again,
    /// The ledger does not know the record, or it belongs to another campaign.
    Foreign,
    /// Key or signature do not hold.
    Forged,
    /// No mark of ours was read.
    Unreadable,
    /// Recognised as the nearest issued mark; its signature was not read.
    Unverified,
    /// A later version than the desk's electronic record: the electronic side is late.
    Ahead,
    /// The version's number agrees, its contents do not.
    Differs,
}

impl Verdict {
    /// All verdicts.
    pub const ALL: [Self; 10] = [
        Self::Same,
        Self::Stale,
        Self::Void,
        Self::Again,
        Self::Foreign,
        Self::Forged,
        Self::Unreadable,
        Self::Unverified,
        Self::Ahead,
        Self::Differs,
    ];

    /// The word that the desk shows; the same word stands in JSON and in the ledger.
    pub fn label(self) -> &'static str {
        match self {
            Self::Same => "一致",
            Self::Stale => "版本过期",
            Self::Void => "已作废",
            Self::Again => "重复",
            Self::Foreign => "非本活动",
            Self::Forged => "签名不符",
            Self::Unreadable => "无法识别",
            Self::Unverified => "识别未验签",
            Self::Ahead => "电子件较旧",
            Self::Differs => "内容不符",
        }
    }

    /// The verdict of a word.
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.label() == label)
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.label())
    }
}

/// What the ledger knows of a mark's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Id of the campaign that the record belongs to.
    pub campaign: String,
    /// The unit's name.
    pub unit: String,
    /// Form that shows the record.
    pub kind: FormKind,
    /// The candidate's or the unit's name.
    pub name: String,
    /// Latest version.
    pub latest: u16,
    /// Digest of the version that the mark names; none where the ledger does not have that version.
    pub digest: Option<Digest>,
    /// When the record left the submission.
    pub withdrawn: Option<Timestamp>,
    /// When and why the mark's issue was voided.
    pub void: Option<(Timestamp, String)>,
}

/// What the ledger knows of a marked page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its record; none where the ledger has none of that reference.
    pub record: Option<Known>,
    /// When the same sheet was received before.
    pub received: Option<Timestamp>,
}

/// A verdict with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, and what to do, in Chinese; empty where there is nothing to add.
    pub reason: String,
}

impl Answer {
    fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self {
            verdict,
            reason: reason.into(),
        }
    }
}

/// Judges a page. `campaign` is the desk's campaign; with none, a record of any campaign in the ledger is at home.
pub fn judge(signature: &Signature, standing: &Standing, campaign: Option<&str>) -> Answer {
    let refused = |verdict| {
        let said = signature.finding(Place::default());
        let reason = said.map(|f| format!("{}。{}", f.message, f.hint));
        Answer::new(verdict, reason.unwrap_or_default())
    };
    match signature {
        Signature::Genuine(mark) => judge_genuine(mark, standing, campaign),
        Signature::Malformed(_) | Signature::Unsupported(_) => refused(Verdict::Unreadable),
        _ => refused(Verdict::Forged),
    }
}

fn judge_genuine(mark: &Mark, standing: &Standing, campaign: Option<&str>) -> Answer {
    let Some(known) = &standing.record else {
        return Answer::new(
            Verdict::Foreign,
            "签名成立，但台账中没有这份记录：电子件还没有收到，或者属于别的活动。请先接收该单位的电子包。",
        );
    };
    if campaign.is_some_and(|c| c != known.campaign) {
        let reason = format!("属于活动“{}”，请另行分拣。", known.campaign);
        return Answer::new(Verdict::Foreign, reason);
    }
    if let Some((at, reason)) = &known.void {
        let day = day(*at);
        let reason = format!("这次打印已于{day}作废：{reason}。请换用重新打印的。");
        return Answer::new(Verdict::Void, reason);
    }
    if let Some(at) = known.withdrawn {
        let reason = format!("该记录已于{}撤出报送材料。请退回或另行处理。", day(at));
        return Answer::new(Verdict::Void, reason);
    }
    if mark.version() > known.latest {
        let reason = format!(
            "纸质为版本{}，电子件只到版本{}。请催要新的电子包。",
            mark.version(),
            known.latest
        );
        return Answer::new(Verdict::Ahead, reason);
    }
    if mark.version() < known.latest {
        let reason = format!(
            "纸质为版本{}，电子件已是版本{}。请换用新版打印、签字、盖章的。",
            mark.version(),
            known.latest
        );
        return Answer::new(Verdict::Stale, reason);
    }
    if known.digest.is_none_or(|d| d.short() != mark.digest()) {
        return Answer::new(
            Verdict::Differs,
            "版本号相同，内容摘要不同：单位另起过记录簿。请向单位核实以哪一份为准。",
        );
    }
    if let Some(at) = standing.received {
        let reason = format!(
            "{}已收到同一页：是重复扫描还是复印件，请看纸面。",
            minute(at)
        );
        return Answer::new(Verdict::Again, reason);
    }
    if mark.copies() == 0 {
        return Answer::new(
            Verdict::Same,
            "可编辑件（.docx、.xlsx）的打印件，不是原件，不计入份数。",
        );
    }
    Answer::new(Verdict::Same, "")
}

/// A day at the desk (China Standard Time), `5月28日`.
fn day(at: Timestamp) -> String {
    let at = local(at);
    format!("{}月{}日", at.month(), at.day())
}

/// A minute at the desk, `5月28日09:02`.
fn minute(at: Timestamp) -> String {
    let time = local(at);
    format!("{}{:02}:{:02}", day(at), time.hour(), time.minute())
}

/// The desk's wall clock: UTC+8, without summer time since 1991.
fn local(at: Timestamp) -> jiff::civil::DateTime {
    jiff::tz::Offset::constant(8).to_datetime(at)
}
