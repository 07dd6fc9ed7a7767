//! Receive (收件): what a scanner or a hand puts before the desk is judged in `receipt`, written into the ledger and answered, in
//! this order. The same thing again is judged anew; what was answered before is told beside it.

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::campaign::FormKind;
use crate::mark::{BODY, Mark, SignatureCheck as Signature, from_digits, to_digits, verify};
use crate::receipt::{ClockFault, KnownRecord, Presented, Typed, Verdict, received_early, veiled};
use crate::record::diff;
use crate::store::ledger::{ReadMark, Retracted, Sighting};

use crate::clerk::desk::Desk;
use crate::clerk::error::ClerkError;

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

impl EarlierAnswer {
    /// What is added to the answer of today.
    pub fn words(&self, today: Verdict) -> String {
        let at = crate::hours::minute_in_words(self.at);
        if self.verdict == today {
            return format!("（{at}已登记过这次扫描）");
        }
        format!("（{at}已登记过这次扫描，当时的答复是“{}”）", self.word)
    }
}

/// The desk's answer to one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageAnswer {
    /// File and page, or what was typed.
    pub name: String,
    /// The verdict of today, by its code.
    pub verdict: Verdict,
    /// Its word, for people.
    pub word: &'static str,
    /// Why, and what to do; empty where there is nothing to add.
    pub reason: String,
    /// How it was read: `direct`, `ladder`, `rescue`, `nearest`, `digits`, `human`; empty where nothing was.
    pub how: &'static str,
    /// The unit's name.
    pub unit: Option<String>,
    /// Form kind, by its key; none where nothing was read or the mark names no form.
    pub form: Option<FormKind>,
    /// What people call it, in the campaign of its unit where that is known; empty where nothing was read.
    pub form_word: String,
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
    /// Whether this very scan was entered before; it is judged anew all the same.
    pub before: bool,
    /// What it was answered then; none where it was not entered.
    pub earlier: Option<EarlierAnswer>,
    /// What is wrong with the times, where the sheet is received before it was issued.
    pub clock: Option<ClockFault>,
}

/// An answer that was given to the same scan earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EarlierAnswer {
    /// The verdict of that time.
    pub verdict: Verdict,
    /// Its word, for people.
    pub word: &'static str,
    /// When.
    pub at: Timestamp,
}

impl PageAnswer {
    /// Lines for a person: verdict first, then the page, then why; one more line for each difference.
    pub fn lines(&self) -> Vec<String> {
        let verdict = self.verdict.label();
        let mut words = vec![format!("【{verdict}】{}", self.name)];
        if let Some(version) = self.version {
            words.push(format!(
                "{}{}",
                self.form_word,
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
        }
        words.push(self.reason.clone());
        words.extend(self.earlier.map(|earlier| earlier.words(self.verdict)));
        words.retain(|w| !w.is_empty());
        let mut lines = vec![words.join(" ")];
        lines.extend(self.differences.iter().map(|d| format!("    {}", d.line)));
        lines.extend(self.clock.iter().map(|c| format!("    {}", c.message)));
        lines
    }

    /// Whether the page needs nothing more.
    pub fn is_fine(&self) -> bool {
        self.verdict == Verdict::Match
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
    pub(super) shown: Presented<'a>,
    pub(super) bytes: Option<[u8; 96]>,
    pub(super) picture: Option<[u8; 32]>,
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
        let (name, kept, how) = match typed {
            Typed::Digits(_) => (String::new(), "digits", "digits"),
            Typed::Human(code) => (code.to_string(), "human", "human"),
            // somebody may have typed a person's number or name
            Typed::Other(text, _) => (veiled(text), "digits", ""),
        };
        let (bytes, signature) = self.mark_typed(typed)?;
        let shown = match (typed, &signature) {
            (Typed::Other(_, why), _) => Presented::Text(why),
            (Typed::Digits(_), Some(signature)) => Presented::Mark(signature),
            (Typed::Human(_), Some(signature)) => Presented::Code(signature),
            (_, None) if bytes.is_some() => Presented::SharedCode,
            (_, None) => Presented::UnknownCode,
        };
        let given = Given {
            at,
            source: self.source_typed(typed, source),
            kept,
            how,
            name: &name,
            shown,
            bytes: bytes.filter(|_| signature.is_some()),
            picture: None,
        };
        self.receive(given, campaign)
    }

    /// The mark that was typed, by its digits or by the code of an issued sheet, and how its signature stands. A code that several
    /// sheets bear gives bytes without a signature.
    fn mark_typed(
        &mut self,
        typed: &Typed,
    ) -> Result<(Option<[u8; 96]>, Option<Signature>), ClerkError> {
        Ok(match typed {
            Typed::Digits(digits) => (
                from_digits(digits).ok(),
                Some(verify(digits, &self.trusted)),
            ),
            Typed::Human(code) => match self.ledger.sheets_of_code(*code)?.as_slice() {
                [] => (None, None),
                [one] => (Some(*one), Some(verify(&to_digits(one), &self.trusted))),
                [first, ..] => (Some(*first), None),
            },
            Typed::Other(..) => (None, None),
        })
    }

    /// Takes back what was received from a scanner or a hand under this very source; none where nothing was.
    pub fn take_back(
        &mut self,
        typed: &Typed,
        source: &str,
        at: Timestamp,
    ) -> Result<Option<Retracted>, ClerkError> {
        let source = self.source_typed(typed, source);
        Ok(self.ledger.retract(at, &source)?)
    }

    /// What names a typed thing in a session, without telling what was typed.
    pub(super) fn source_typed(&self, typed: &Typed, source: &str) -> String {
        // a session is called what somebody likes, and that may be a person
        let source = match tells_nobody(source) {
            true => source.to_owned(),
            false => self.ledger.source_of_typed("session", source),
        };
        match typed {
            Typed::Digits(text) => source_of(&source, text),
            Typed::Human(code) => source_of(&source, &code.to_string()),
            Typed::Other(text, _) => self.ledger.source_of_typed(&source, text),
        }
    }

    /// Has it judged and written, and answers.
    pub(super) fn receive(
        &mut self,
        given: Given<'_>,
        campaign: Option<&str>,
    ) -> Result<PageAnswer, ClerkError> {
        self.judge_unbelieved(given.at)?;
        let by = self.signer_of(given.shown.signature(), given.bytes.as_ref());
        let sighting = Sighting {
            at: given.at,
            source: given.source.clone(),
            how: given.kept,
            shown: given.shown,
            read: ReadMark {
                bytes: given.bytes.as_ref(),
                signer: &by,
            },
            name: given.name,
            picture: given.picture,
        };
        let entered = self.ledger.receive(&sighting, campaign)?;
        let signature = given.shown.signature();
        let mark = signature.and_then(Signature::mark);
        let form = mark.and_then(|m| FormKind::from_mark_code(m.kind()));
        let form_word = match (mark, form) {
            (_, Some(form)) => form.label().into_owned(),
            (Some(_), None) => "未知表种".to_owned(),
            (None, None) => String::new(),
        };
        let mut answer = PageAnswer {
            name: given.name.to_owned(),
            verdict: entered.answer.verdict,
            word: entered.answer.verdict.label(),
            reason: entered.answer.reason,
            how: given.how,
            unit: None,
            form,
            form_word,
            of: None,
            record: mark.map(Mark::record),
            version: mark.map(Mark::version),
            latest: None,
            copy: mark.map(Mark::copy),
            copies: mark.map(Mark::copies),
            page: mark.map(Mark::page),
            pages: mark.map(Mark::pages),
            differences: Vec::new(),
            before: entered.before.is_some(),
            earlier: entered.before.map(|b| EarlierAnswer {
                verdict: b.verdict,
                word: b.verdict.label(),
                at: b.at,
            }),
            clock: None,
        };
        // what a mark says that is not genuine must not be joined with what the ledger knows
        if let (Some(Signature::Genuine(mark)), Some(known)) = (signature, entered.known) {
            if answer.verdict == Verdict::Stale {
                answer.differences = self.changes(mark, &known)?;
            }
            // nor what nobody issued with the name of a unit and a person
            if answer.verdict != Verdict::Unissued {
                answer.clock = received_early(mark.minutes(), given.at);
                if let (Some(campaign), Some(form)) = (self.campaign(&known.campaign), form) {
                    answer.form_word = campaign.form_name(form).into_owned();
                }
                answer.unit = Some(known.unit);
                answer.of = Some(known.name);
                answer.latest = Some(known.latest);
            }
        }
        Ok(answer)
    }

    /// What changed between the paper's version and the latest.
    fn changes(
        &mut self,
        mark: &Mark,
        known: &KnownRecord,
    ) -> Result<Vec<FieldChange>, ClerkError> {
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

/// Whether the name of a session is plain letters without a long number.
fn tells_nobody(source: &str) -> bool {
    let long = source
        .split(|c: char| !c.is_ascii_digit())
        .any(|run| run.len() >= 6);
    source.is_ascii() && !long
}

/// A source of its own for each thing in a session: where a session is run again with other input, its answers are new.
pub(super) fn source_of(source: &str, text: &str) -> String {
    let sum: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let sum: String = sum.iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("{source}:{sum}")
}

/// The mark of 96 bytes; none where they are none.
pub(super) fn mark_of(bytes: &[u8; 96]) -> Option<Mark> {
    Mark::from_body(bytes.first_chunk::<BODY>()?).ok()
}
