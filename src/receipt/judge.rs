//! Judging one marked page: what was read of the mark, held against what the ledger knows of its record.
//! It says whether paper and record agree; it never says that a page was not altered by hand.

use jiff::Timestamp;

use crate::campaign::FormKind;
use crate::finding::Place;
use crate::hours::{day_in_words, minute_in_words};
use crate::mark::{Mark, SignatureCheck as Signature};
use crate::record::Digest;

use super::verdict::Verdict;
use super::words::NOT_ALTERED;

/// What stands before the desk.
#[derive(Clone, Copy, Debug)]
pub enum Presented<'a> {
    /// A mark, read whole.
    Mark(&'a Signature),
    /// A code that was typed: the mark of the one issued sheet that bears it. The paper's own signature was not read.
    Code(&'a Signature),
    /// A damaged mark: the issued one that it is nearest to. Its signature was not read.
    Nearest(&'a Signature),
    /// A well-formed code that no issued sheet bears.
    UnknownCode,
    /// A code that several issued sheets bear.
    SharedCode,
    /// A text that is neither mark nor code, and why, in Chinese.
    Text(&'a str),
    /// A page on which no mark of ours was read, and what else is to be said of it, in Chinese; empty where nothing is.
    Page(&'a str),
}

impl<'a> Presented<'a> {
    /// What was read of a mark; none where there is none.
    pub fn signature(&self) -> Option<&'a Signature> {
        match self {
            Self::Mark(signature) | Self::Code(signature) | Self::Nearest(signature) => {
                Some(signature)
            }
            _ => None,
        }
    }
}

/// What the ledger knows of a mark's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRecord {
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
    /// Originals of the latest version.
    pub copies: u8,
    /// Digest of the version that the mark names; none where the ledger does not have that version.
    pub digest: Option<Digest>,
    /// When the record left the submission.
    pub withdrawn: Option<Timestamp>,
    /// That the mark's print was voided, whole or this copy of it.
    pub void: Option<Annulment>,
}

/// That a print, or one copy of it, is no longer in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annulment {
    /// When it was voided.
    pub at: Timestamp,
    /// The copy that was voided; 0 for all of the print.
    pub copy: u8,
    /// Why.
    pub reason: String,
}

/// What the ledger knows of a marked page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its record; none where the ledger has none of that reference.
    pub record: Option<KnownRecord>,
    /// Whether this very sheet stands in the list of issued sheets, signed by a key of the record's unit.
    pub issued: bool,
    /// Whether the key that signed may file for the record's unit.
    pub of_unit: bool,
    /// When the same sheet was received before.
    pub received: Option<Timestamp>,
    /// Whether it waited in the review tray before, and a person has dealt with it.
    pub settled: bool,
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

/// Judges what is shown, here and nowhere else. `campaign` is the desk's campaign; with none, a record of any campaign in the
/// ledger is at home.
pub fn judge(shown: &Presented<'_>, standing: &Standing, campaign: Option<&str>) -> Answer {
    match shown {
        Presented::Mark(signature) => judge_mark(signature, standing, campaign),
        Presented::Code(signature) => {
            let answer = judge_mark(signature, standing, campaign);
            Answer::new(
                answer.verdict,
                format!("按人工编码登记，未验签。{}", answer.reason),
            )
        }
        Presented::Nearest(signature) => {
            let answer = judge_mark(signature, standing, campaign);
            Answer::new(Verdict::Unverified, answer.reason)
        }
        Presented::UnknownCode => Answer::new(
            Verdict::Foreign,
            "编码没有录错，但台账没有签发过它：电子件还没有收到，或者属于别的活动。请先接收报送包，或扫描二维码。",
        ),
        Presented::SharedCode => {
            Answer::new(Verdict::Foreign, "这个编码对应不止一页，请扫描二维码。")
        }
        Presented::Text(why) => Answer::new(Verdict::Unreadable, *why),
        Presented::Page(said) => {
            let next = match standing.settled {
                true => "此前已由人办结，不再等候处理。",
                false => "已存入待处理，请人工辨认，或录入页上的编码。",
            };
            Answer::new(Verdict::Unreadable, format!("{said}{next}"))
        }
    }
}

fn judge_mark(signature: &Signature, standing: &Standing, campaign: Option<&str>) -> Answer {
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
            "签名成立，但台账中没有这份记录：电子件还没有收到，或者属于别的活动。请先接收该单位的报送包。",
        );
    };
    if campaign.is_some_and(|c| c != known.campaign) {
        let reason = format!("属于活动“{}”，请另行分拣。", known.campaign);
        return Answer::new(Verdict::Foreign, reason);
    }
    if !standing.of_unit {
        let reason = format!(
            "签名成立，但签名的密钥 {} 不是报送该记录的单位的密钥，台账没有签发过这一页。请留存纸面，与单位核实。",
            mark.key()
        );
        return Answer::new(Verdict::Unissued, reason);
    }
    if let Some(answer) = not_in_force(known) {
        return answer;
    }
    // what no version of this record could be is no later version either
    let of_kind = known.kind.mark_code() == Some(mark.kind());
    let of_copies = mark.copies() == 0 || mark.copies() == known.copies;
    if mark.version() > known.latest && of_kind && of_copies {
        let reason = format!(
            "纸质为版本{}，电子件只到版本{}。请催要新的报送包。",
            mark.version(),
            known.latest
        );
        return Answer::new(Verdict::Ahead, reason);
    }
    let same_contents = known.digest.is_some_and(|d| d.short() == mark.digest());
    if mark.version() < known.latest && (standing.issued || same_contents) {
        let reason = format!(
            "纸质为版本{}，电子件已是版本{}。请换用新版打印、签字、盖章的。",
            mark.version(),
            known.latest
        );
        return Answer::new(Verdict::Stale, reason);
    }
    if mark.version() == known.latest && !same_contents {
        return Answer::new(
            Verdict::Differs,
            "版本号相同，内容摘要不同：单位另起过记录簿。请向单位核实以哪一份为准。",
        );
    }
    if !standing.issued {
        return Answer::new(
            Verdict::Unissued,
            "签名成立，但台账没有签发过这样的一页（表种、份号、页号或签发时间对不上）。请先接收单位最新的报送包再扫；仍然如此的，留存纸面，与单位核实。",
        );
    }
    if let Some(at) = standing.received {
        let reason = format!(
            "{}已收到同一页：是重复扫描还是复印件，请看纸面。",
            minute_in_words(at)
        );
        return Answer::new(Verdict::Again, reason);
    }
    if mark.copies() == 0 {
        return Answer::new(
            Verdict::Match,
            "可编辑件（.docx、.xlsx）的打印件，不是原件，不计入份数。",
        );
    }
    Answer::new(Verdict::Match, NOT_ALTERED)
}

/// Why a print is no longer in force; none where it is.
fn not_in_force(known: &KnownRecord) -> Option<Answer> {
    if let Some(Annulment { at, copy, reason }) = &known.void {
        let day = day_in_words(*at);
        let what = match copy {
            0 => "这次打印".to_owned(),
            copy => format!("这次打印的第{copy}份"),
        };
        let reason = format!("{what}已于{day}作废：{reason}。请换用重新打印的。");
        return Some(Answer::new(Verdict::Void, reason));
    }
    let at = known.withdrawn?;
    let reason = format!(
        "该记录已于{}撤出报送材料。请退回或另行处理。",
        day_in_words(at)
    );
    Some(Answer::new(Verdict::Void, reason))
}
