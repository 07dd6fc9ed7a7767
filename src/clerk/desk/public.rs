//! Public (公开查询): what a mark may say to anyone who holds the paper. No names, no unit, nothing of the contents; and no word
//! that claims more than a signature proves.

use std::borrow::Cow;

use serde::Serialize;

use crate::campaign::FormKind;
use crate::mark::{SignatureCheck as Signature, from_digits, verify};
use crate::receipt::{Presented, Verdict, judge};
use crate::store::ledger::ReadMark;

use crate::clerk::desk::Desk;
use crate::clerk::error::ClerkError;

/// Where a marked sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "MarkStanding"))]
#[serde(rename_all = "lowercase")]
pub enum PublicStanding {
    /// Of the latest version, not void.
    Valid,
    /// Of an earlier version.
    Stale,
    /// Voided, or its record withdrawn.
    Void,
    /// The signature holds, the service does not know the record.
    Unknown,
    /// No mark of ours, or the signature does not hold.
    Refused,
}

/// What is told to anyone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublicMark {
    /// Where it stands.
    pub standing: PublicStanding,
    /// The answer in a few words.
    pub words: &'static str,
    /// What it means and what it does not.
    pub meaning: &'static str,
    /// Who issued it: the owner of the key; empty where not known.
    pub issuer: String,
    /// Form kind by its key; none where refused, and where the mark names no form.
    pub form: Option<FormKind>,
    /// Its word; empty where refused.
    pub form_word: Cow<'static, str>,
    /// `第1/3份 第2/5页 版本3`.
    pub sheet: String,
    /// Day of issue, `2021-05-28`; empty where refused.
    pub issued_on: String,
}

/// What a verdict of the desk is to anyone.
fn told(verdict: Verdict) -> (PublicStanding, &'static str, &'static str) {
    match verdict {
        Verdict::Match | Verdict::Again => (PublicStanding::Valid, "有效", NOT_ALTERED),
        Verdict::Stale => (
            PublicStanding::Stale,
            "版本过期",
            "电子件已有新版本，请勿使用这张纸。",
        ),
        Verdict::Void => (
            PublicStanding::Void,
            "已作废",
            "这次打印已作废，请勿使用这张纸。",
        ),
        Verdict::Differs => (
            PublicStanding::Unknown,
            "与电子件不符",
            "标记的签名成立，与登记的电子件不一致，请向主办单位核实。",
        ),
        Verdict::Unissued => (
            PublicStanding::Unknown,
            "没有签发过",
            "标记的签名成立，本系统没有签发过这样的一页，请向主办单位核实。",
        ),
        Verdict::Ahead
        | Verdict::Foreign
        | Verdict::Unverified
        | Verdict::Unreadable
        | Verdict::Forged => (
            PublicStanding::Unknown,
            "签名成立，没有登记",
            "标记的签名成立，本系统没有这份电子件，可能尚未报送。",
        ),
    }
}

/// Said of every mark whose signature holds.
const NOT_ALTERED: &str =
    "签名只证明这个标记由上述签发者签发，不证明纸面内容、签字和公章没有改动。请与电子件核对。";

impl Desk<'_> {
    /// Tells what the mark in a text says. Nothing is received, nothing is noted.
    pub fn tell_public(&mut self, text: &str) -> Result<PublicMark, ClerkError> {
        let signature = verify(text, &self.trusted);
        let Signature::Genuine(mark) = &signature else {
            return Ok(PublicMark {
                standing: PublicStanding::Refused,
                words: "查无此标记",
                meaning: "这不是本系统签发的标记，或者数字不完整。请重新扫描；仍然如此时，请向主办单位核实这张纸的来源。",
                issuer: String::new(),
                form: None,
                form_word: "".into(),
                sheet: String::new(),
                issued_on: String::new(),
            });
        };
        let bytes = from_digits(text).ok();
        let by = self.signer_of(Some(&signature), bytes.as_ref());
        let read = ReadMark {
            bytes: bytes.as_ref(),
            signer: &by,
        };
        let mut known = self.ledger.look(&signature, &read)?;
        // whether the paper has come back is nobody else's business
        known.received = None;
        let (standing, words, meaning) =
            told(judge(&Presented::Mark(&signature), &known, None).verdict);
        // two keys may share a number: then it is not said whose it is
        let mut owners = self
            .trusted
            .with_id(mark.key())
            .map(|k| k.owner().to_owned());
        let issuer = match (owners.next(), owners.next()) {
            (Some(owner), None) => owner,
            _ => String::new(),
        };
        let day = crate::hours::beijing(mark.issued_at()).date();
        Ok(PublicMark {
            standing,
            words,
            meaning,
            issuer,
            form: FormKind::from_mark_code(mark.kind()),
            form_word: FormKind::from_mark_code(mark.kind())
                .map_or("未知表种".into(), FormKind::label),
            sheet: crate::mark::caption(mark),
            issued_on: day.to_string(),
        })
    }
}
