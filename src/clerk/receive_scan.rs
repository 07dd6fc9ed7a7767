//! Receive scans (扫描收件): every page of every file is read, judged and entered, in the order of files and pages. A page that
//! was not read goes to the review tray with its picture; it is never attached to its neighbour.

use std::ops::ControlFlow;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::mark::{Matrix, from_digits, to_digits, verify};
use crate::scan::{How, Issued, Sighting};

use super::receive::{Given, PageAnswer};
use super::{ClerkError, Desk, PageState, ScanOptions, ScanTally, ScannedPage, scan};

/// How scans are received.
#[derive(Clone, Copy, Debug)]
pub struct ScanBatch<'a> {
    /// Files and folders.
    pub files: &'a [PathBuf],
    /// Pages that are looked at together; 0 for one a core.
    pub threads: usize,
    /// The desk's campaign; with none, any campaign of the ledger is at home.
    pub campaign: Option<&'a str>,
    /// Now.
    pub at: Timestamp,
}

impl Desk<'_> {
    /// Receives scans; `each` hears the answers of a page once they are in the ledger, none for a blank page and for a file that
    /// could not be opened. Run again with the same files, it changes nothing and answers the same.
    pub fn receive_scan(
        &mut self,
        batch: &ScanBatch<'_>,
        each: &mut dyn FnMut(&ScannedPage, &[PageAnswer]) -> ControlFlow<()>,
    ) -> Result<ScanTally, ClerkError> {
        let issued = self.issued(batch.campaign)?;
        let trusted = self.trusted.clone();
        let options = ScanOptions {
            trusted: &trusted,
            issued: &issued,
            threads: batch.threads,
        };
        let mut failed = None;
        let tally = scan(batch.files, &options, &mut |page| match self
            .enter_page_and_let_go(batch, &page)
        {
            Ok(answers) => each(&page, &answers),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        match failed {
            Some(error) => Err(error),
            None => Ok(tally),
        }
    }

    /// The issued marks as they were printed.
    fn issued(&mut self, campaign: Option<&str>) -> Result<Issued, ClerkError> {
        let mut issued = Issued::default();
        for mark in self.ledger.issued(campaign)? {
            if let Some(matrix) = unpacked(&mark.modules) {
                issued.insert(&to_digits(&mark.bytes), &matrix);
            }
        }
        Ok(issued)
    }

    /// Enters a page; its picture stays only where the ledger names it.
    fn enter_page_and_let_go(
        &mut self,
        batch: &ScanBatch<'_>,
        page: &ScannedPage,
    ) -> Result<Vec<PageAnswer>, ClerkError> {
        let answers = self.enter_page(batch, page);
        self.ledger.let_go()?;
        answers
    }

    fn enter_page(
        &mut self,
        batch: &ScanBatch<'_>,
        page: &ScannedPage,
    ) -> Result<Vec<PageAnswer>, ClerkError> {
        if page.page == 0 || page.state == PageState::Blank {
            return Ok(Vec::new());
        }
        let file = page.file.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{file} 第{}页", page.page);
        let sum: String = page
            .file_sha256
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let source = format!("scan:{sum}:{}", page.page);
        let picture = match &page.picture {
            // what was put before the desk already has its picture
            Some(png) if !self.ledger.has_source(&source)? => Some(self.ledger.keep(png)?),
            _ => None,
        };
        let unread = Given {
            at: batch.at,
            source: source.clone(),
            kept: "scan",
            how: "",
            name: &name,
            signature: verify("", &self.trusted),
            bytes: None,
            picture,
            remark: remark(page),
        };
        if page.marks.is_empty() {
            let mut answer = self.receive(unread, batch.campaign)?;
            answer.reason = format!(
                "{}已存入待处理，请人工辨认，或录入页上的编码。",
                remark(page)
            );
            return Ok(vec![answer]);
        }
        let mut answers = Vec::new();
        for sighting in &page.marks {
            let given = Given {
                source: format!("{source}:{}", sighting.digits),
                kept: if sighting.how == How::Nearest {
                    "nearest"
                } else {
                    "scan"
                },
                how: word(sighting),
                signature: sighting.verdict.clone(),
                bytes: from_digits(&sighting.digits).ok(),
                remark: String::new(),
                name: &name,
                at: batch.at,
                picture,
            };
            answers.push(self.receive(given, batch.campaign)?);
        }
        Ok(answers)
    }
}

/// What else was on a page without a mark of ours.
fn remark(page: &ScannedPage) -> String {
    match page.foreign {
        0 => String::new(),
        n => format!("页上有 {n} 个二维码，都不是本系统的标记。"),
    }
}

fn word(sighting: &Sighting) -> &'static str {
    match sighting.how {
        How::Direct => "direct",
        How::Ladder => "ladder",
        How::Rescue => "rescue",
        How::Nearest => "nearest",
    }
}

/// A QR code out of bytes: modules a side, then one bit a module from the highest; none where the bytes are too few.
fn unpacked(bytes: &[u8]) -> Option<Matrix> {
    let (side, bits) = bytes.split_first()?;
    let side = usize::from(*side);
    let dark: Vec<bool> = bits
        .iter()
        .flat_map(|byte| (0..8_u32).rev().map(move |n| byte >> n & 1 == 1))
        .take(side * side)
        .collect();
    (dark.len() == side * side).then_some(Matrix { side, dark })
}
