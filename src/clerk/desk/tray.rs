//! The review tray (待处理) at the desk: a page is closed, with the code that was read on it where there is one; its pictures are
//! laid out for a person. What is in it is told in `status`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::receipt::{Typed, Typist, veiled};

use crate::clerk::desk::Desk;
use crate::clerk::desk::receive::PageAnswer;
use crate::clerk::error::ClerkError;
use crate::clerk::masked::masked;
use crate::clerk::reason;
use crate::clerk::scan::keep_png;
use crate::store::ledger::TrayRow;

/// How a page of the tray is closed.
#[derive(Clone, Copy, Debug)]
pub struct TrayClose<'a> {
    /// Number of the page.
    pub no: i64,
    /// What became of it, in words; empty where a code says it.
    pub outcome: &'a str,
    /// The code under the mark, or its digits, as a person read it; empty where the page is only put aside.
    pub code: &'a str,
    /// Who closes it: the same page with the same code by the same person is received once.
    pub by: &'a str,
    /// The desk's campaign; with none, any campaign of the ledger is at home.
    pub campaign: Option<&'a str>,
    /// Now.
    pub at: Timestamp,
}

/// How an outcome is asked for.
const OUTCOME: (&str, &str, &str) = ("这一页怎么处理了，或者录入页上的编码", "空白页", "没有办结");

impl Desk<'_> {
    /// Closes a page of the tray; with a code, what it names is received first, and the answer is given.
    pub fn close_tray(&mut self, close: &TrayClose<'_>) -> Result<Option<PageAnswer>, ClerkError> {
        if !self.tray(close.at)?.iter().any(|row| row.no == close.no) {
            return Err(ClerkError::Refused(format!(
                "待处理中没有第 {} 号，可能已经有人处理。请再列一次待处理。",
                close.no
            )));
        }
        let said = match close.outcome.trim() {
            // a page that is received by its code needs no words
            "" if !close.code.trim().is_empty() => String::new(),
            outcome => masked(&reason::reason(outcome, OUTCOME)?),
        };
        let said = said.as_str();
        if close.code.trim().is_empty() {
            self.settle_tray(close.no, said, close.at)?;
            return Ok(None);
        }
        let typed = one(close.code)?;
        let source = format!("tray:{}:{}", close.no, close.by);
        let answer = self.receive_typed(&typed, &source, close.campaign, close.at)?;
        if answer.record.is_none() {
            return Err(ClerkError::Refused(format!("没有登记：{}", answer.reason)));
        }
        let words = [said, &format!("按编码登记：{}", answer.verdict.label())];
        let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
        let source = self.source_typed(&typed, &source);
        self.ledger
            .settle_by(close.no, &words.join("；"), Some(&source), close.at)?;
        Ok(Some(answer))
    }

    /// Writes the picture of a page of the tray into a folder, as a PNG under a name made of number, file and page; none where
    /// the page has none. Nothing there is overwritten.
    pub fn lay_out_picture(
        &mut self,
        row: &TrayRow,
        folder: &Path,
    ) -> Result<Option<PathBuf>, ClerkError> {
        let Some(object) = &row.picture else {
            return Ok(None);
        };
        let picture = self.ledger.kept(object)?;
        let stem = format!("{:04}-{}", row.no, row.name);
        keep_png(folder, &stem, &picture).map(Some)
    }
}

/// The one thing that was typed.
fn one(code: &str) -> Result<Typed, ClerkError> {
    let mut typist = Typist::default();
    let mut typed = typist.take(&format!("{code}\n"));
    typed.extend(typist.finish());
    match (typed.pop(), typed.is_empty()) {
        (Some(Typed::Other(text, reason)), true) => {
            let text = veiled(&text);
            Err(ClerkError::Refused(format!("没有登记：“{text}”{reason}")))
        }
        (Some(typed), true) => Ok(typed),
        _ => Err(ClerkError::Refused(
            "请录入一个编码（12 位），或者一个二维码的全部数字。".to_owned(),
        )),
    }
}
