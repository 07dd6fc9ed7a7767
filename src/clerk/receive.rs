//! Receive (收件): what a scanner or a hand puts before the desk is judged, written into the ledger and answered, in this order;
//! an answer that was given stands.

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::campaign::FormKind;
use crate::mark::{BODY, HumanCode, Mark, Verdict as Signature, from_digits, to_digits, verify};
use crate::receipt::{Known, Typed, Verdict, veiled};
use crate::record::diff;
use crate::store::ledger::{Retracted, Sighting};

use super::{ClerkError, Desk};

/// What differs in one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Key of the field.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What stands on the paper's version, masked where it is personal data.
    pub before: String,
    /// What stands in the latest version.
    pub after: String,
    #[serde(skip)]
    line: String,
}

/// The desk's answer to one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageAnswer {
    /// File and page, or what was typed.
    pub name: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, and what to do; empty where there is nothing to add.
    pub reason: String,
    /// How it was read: `direct`, `ladder`, `rescue`, `nearest`, `digits`, `human`; empty where nothing was.
    pub how: &'static str,
    /// The unit's name.
    pub unit: Option<String>,
    /// Form kind.
    pub form: Option<&'static str>,
    /// The candidate's or the unit's name.
    pub of: Option<String>,
    /// Record reference, 16 hexadecimal digits.
    pub record: Option<String>,
    /// Version on the paper.
    pub version: Option<u16>,
    /// Latest version in the ledger.
    pub latest: Option<u16>,
    /// Copy, 0 for an editable file.
    pub copy: Option<u8>,
    /// Number of copies.
    pub copies: Option<u8>,
    /// Page.
    pub page: Option<u8>,
    /// Page count.
    pub pages: Option<u8>,
    /// Fields that differ between the paper's version and the latest.
    pub differences: Vec<FieldChange>,
    /// Whether this very scan was entered before.
    pub before: bool,
}

impl PageAnswer {
    /// Lines for a person: verdict first, then the page, then why; one more line for each difference.
    pub fn lines(&self) -> Vec<String> {
        let mut words = vec![format!("【{}】", self.verdict.label())];
        if let (Some(form), Some(version)) = (self.form, self.version) {
            words.push(format!(
                "{form}{}",
                self.of
                    .as_ref()
                    .map_or_else(String::new, |n| format!("（{n}）"))
            ));
            if let (Some(copy @ 1..), Some(copies)) = (self.copy, self.copies) {
                words.push(format!("第{copy}/{copies}份"));
            }
            if let (Some(page @ 1..), Some(pages)) = (self.page, self.pages) {
                words.push(format!("第{page}/{pages}页"));
            }
            words.push(format!("版本{version}"));
            words.extend(self.unit.clone());
        } else {
            words.push(self.name.clone());
        }
        words.push(self.reason.clone());
        if self.before {
            words.push("（此前已登记过这次扫描）".to_owned());
        }
        words.retain(|w| !w.is_empty());
        let mut lines = vec![words.join(" ")];
        lines.extend(self.differences.iter().map(|d| format!("    {}", d.line)));
        lines
    }

    /// Whether the page needs nothing more.
    pub fn is_fine(&self) -> bool {
        self.verdict == Verdict::Same
    }
}

/// What stands before the desk.
pub(super) struct Given<'a> {
    pub(super) at: Timestamp,
    pub(super) source: String,
    /// `digits`, `human`, `scan` or `nearest`: what the ledger keeps.
    pub(super) kept: &'static str,
    /// What the answer says.
    pub(super) how: &'static str,
    pub(super) name: &'a str,
    pub(super) signature: Signature,
    pub(super) bytes: Option<[u8; 96]>,
    pub(super) picture: Option<[u8; 32]>,
    pub(super) remark: String,
}

impl Desk<'_> {
    /// Receives what a scanner typed or a person's hand. `source` names session and number, so that a session that is run
    /// again does no harm. `campaign` is the desk's campaign; with none, any campaign of the ledger is at home.
    pub fn receive_typed(
        &mut self,
        typed: &Typed,
        source: &str,
        campaign: Option<&str>,
        at: Timestamp,
    ) -> Result<PageAnswer, ClerkError> {
        match typed {
            Typed::Digits(digits) => {
                let given = Given {
                    at,
                    source: source_of(source, digits),
                    kept: "digits",
                    how: "digits",
                    name: "",
                    signature: verify(digits, &self.trusted),
                    bytes: from_digits(digits).ok(),
                    picture: None,
                    remark: String::new(),
                };
                self.receive(given, campaign)
            }
            Typed::Human(code) => self.receive_code(*code, source, campaign, at),
            Typed::Other(text, reason) => {
                let given = Given {
                    at,
                    source: self.ledger.source_of_typed(source, text),
                    kept: "digits",
                    how: "",
                    name: &veiled(text),
                    signature: verify("", &self.trusted),
                    bytes: None,
                    picture: None,
                    remark: String::new(),
                };
                let mut answer = self.receive(given, campaign)?;
                answer.reason.clone_from(reason);
                Ok(answer)
            }
        }
    }

    /// Takes back what was received from a scanner or a hand under this very source; none where nothing was.
    pub fn take_back(
        &mut self,
        typed: &Typed,
        source: &str,
        at: Timestamp,
    ) -> Result<Option<Retracted>, ClerkError> {
        let source = match typed {
            Typed::Digits(text) => source_of(source, text),
            Typed::Human(code) => source_of(source, &code.to_string()),
            Typed::Other(text, _) => self.ledger.source_of_typed(source, text),
        };
        Ok(self.ledger.retract(at, &source)?)
    }

    /// A typed code names a sheet that the ledger has issued; the paper's signature is not read.
    fn receive_code(
        &mut self,
        code: HumanCode,
        source: &str,
        campaign: Option<&str>,
        at: Timestamp,
    ) -> Result<PageAnswer, ClerkError> {
        let name = code.to_string();
        let mut sheets = self.ledger.sheets_of_code(code)?;
        let bytes = if sheets.len() == 1 {
            sheets.pop()
        } else {
            None
        };
        let remark = match (bytes, sheets.len()) {
            (Some(_), _) => "按人工编码登记，未验签。",
            (None, 0) => {
                "编码没有录错，但台账没有签发过它：电子件还没有收到，或者属于别的活动。请先接收电子包，或扫描二维码。"
            }
            (None, _) => "这个编码对应不止一页，请扫描二维码。",
        };
        let signature = match &bytes {
            Some(bytes) => verify(&to_digits(bytes), &self.trusted),
            None => verify("", &self.trusted),
        };
        let given = Given {
            at,
            source: source_of(source, &name),
            kept: "human",
            how: "human",
            name: &name,
            signature,
            bytes,
            picture: None,
            remark: remark.to_owned(),
        };
        let mut answer = self.receive(given, campaign)?;
        if bytes.is_none() {
            answer.verdict = Verdict::Foreign;
            answer.reason = remark.to_owned();
        }
        Ok(answer)
    }

    /// Judges, writes and answers.
    pub(super) fn receive(
        &mut self,
        given: Given<'_>,
        campaign: Option<&str>,
    ) -> Result<PageAnswer, ClerkError> {
        let sighting = Sighting {
            at: given.at,
            source: given.source.clone(),
            how: given.kept,
            signature: &given.signature,
            bytes: given.bytes,
            name: given.name,
            picture: given.picture,
            remark: &given.remark,
        };
        let entered = self.ledger.receive(&sighting, campaign)?;
        let mark = given.signature.mark();
        let mut answer = PageAnswer {
            name: given.name.to_owned(),
            verdict: entered.answer.verdict,
            reason: entered.answer.reason,
            how: given.how,
            unit: None,
            form: mark
                .map(|m| FormKind::from_mark_code(m.kind()).map_or("未知表种", FormKind::label)),
            of: None,
            record: mark.map(Mark::record),
            version: mark.map(Mark::version),
            latest: None,
            copy: mark.map(Mark::copy),
            copies: mark.map(Mark::copies),
            page: mark.map(Mark::page),
            pages: mark.map(Mark::pages),
            differences: Vec::new(),
            before: entered.before,
        };
        // what a mark says that is not genuine must not be joined with what the ledger knows
        if let (Signature::Genuine(mark), Some(known)) = (&given.signature, entered.known) {
            if answer.verdict == Verdict::Stale {
                answer.differences = self.changes(mark, &known)?;
            }
            answer.unit = Some(known.unit);
            answer.of = Some(known.name);
            answer.latest = Some(known.latest);
        }
        Ok(answer)
    }

    /// What changed between the paper's version and the latest.
    fn changes(&mut self, mark: &Mark, known: &Known) -> Result<Vec<FieldChange>, ClerkError> {
        let reference = mark.reference();
        let paper = self.ledger.contents(reference, mark.version())?;
        let latest = self.ledger.contents(reference, known.latest)?;
        let (Some(paper), Some(latest)) = (paper, latest) else {
            return Ok(Vec::new());
        };
        let Some(campaign) = self.campaign(&known.campaign) else {
            return Ok(Vec::new());
        };
        let differences = diff(campaign, known.kind, &paper, &latest);
        Ok(differences
            .into_iter()
            .map(|d| FieldChange {
                line: d.to_string(),
                key: d.key,
                label: d.label,
                before: d.before,
                after: d.after,
            })
            .collect())
    }
}

/// A source of its own for each thing in a session: where a session is run again with other input, its answers are new.
fn source_of(source: &str, text: &str) -> String {
    let sum: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let sum: String = sum.iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("{source}:{sum}")
}

/// The mark of 96 bytes; none where they are none.
pub(super) fn mark_of(bytes: &[u8; 96]) -> Option<Mark> {
    Mark::from_body(bytes.first_chunk::<BODY>()?).ok()
}
