//! Receive scans (扫描收件): every page of every file is read, judged and entered, in the order of files and pages. A page that
//! was not read goes to the review tray with its picture; it is never attached to its neighbour. Every page is told by file and
//! page, and so is every page that is left out. How the pages lay and what they lack is in `scan_stack`.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use crate::mark::{Matrix, from_digits, to_digits};
use crate::receipt::{Hint, Presented};
use crate::scan::{How, Issued, SeenMark};

use crate::clerk::desk::Desk;
use crate::clerk::desk::receive::{Given, PageAnswer};
use crate::clerk::desk::stack::Stack;
use crate::clerk::error::ClerkError;
use crate::clerk::scan::{Names, PageState, ScanOptions, ScanTally, ScannedPage, scan};

/// How scans are received.
#[derive(Clone, Copy, Debug)]
pub struct ScanBatch<'a> {
    /// Files and folders.
    pub files: &'a [PathBuf],
    /// What people call a file, where that is not its own name.
    pub called: &'a BTreeMap<PathBuf, String>,
    /// Pages that are looked at together; 0 for one a core.
    pub threads: usize,
    /// The desk's campaign; with none, any campaign of the ledger is at home.
    pub campaign: Option<&'a str>,
    /// Now.
    pub at: Timestamp,
}

/// A page as the desk took it.
#[derive(Clone, Copy, Debug)]
pub struct ReceivedPage<'a> {
    /// What was read of it.
    pub scanned: &'a ScannedPage,
    /// File and page, with as much of the path as tells two files of the batch apart.
    pub name: &'a str,
    /// The answers, which are in the ledger; none for a page that was left out.
    pub answers: &'a [PageAnswer],
}

/// A page that was not received, or a file of which no page, or not every page, could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// File and page; the file alone for `failed`.
    pub name: String,
    /// `blank`: nothing is on the page; `failed`: the file, or what is lost of it, could not be read.
    pub left_out: &'static str,
    /// Why, and what to do.
    pub reason: String,
}

impl ReceivedPage<'_> {
    /// Why the page is not received; none where it is.
    pub fn left_out(&self) -> Option<LeftOut> {
        let (left_out, reason) = if self.scanned.page == 0 {
            let said = self.scanned.findings.iter();
            let said: String = said.map(|f| format!("{}。{}", f.message, f.hint)).collect();
            ("failed", format!("没有读：{said}"))
        } else if self.scanned.state == PageState::Blank {
            ("blank", "空白页，未登记".to_owned())
        } else {
            return None;
        };
        Some(LeftOut {
            name: self.name.to_owned(),
            left_out,
            reason,
        })
    }
}

/// What became of a batch.
#[derive(Clone, Debug, Default)]
pub struct ScanDone {
    /// The sum.
    pub tally: ScanTally,
    /// How the pages lay, and what they lack.
    pub hints: Vec<Hint>,
}

impl Desk<'_> {
    /// Receives scans; `each` hears of a page once its answers are in the ledger, and of what was left out. Run again with the
    /// same files, it changes nothing and answers the same.
    pub fn receive_scan(
        &mut self,
        batch: &ScanBatch<'_>,
        each: &mut dyn FnMut(&ReceivedPage<'_>) -> ControlFlow<()>,
    ) -> Result<ScanDone, ClerkError> {
        let issued = self.issued(batch.campaign)?;
        let trusted = self.trusted.clone();
        let options = ScanOptions {
            trusted: &trusted,
            issued: &issued,
            threads: batch.threads,
        };
        let names = Names::of(batch.files, batch.called);
        let mut stack = Stack::default();
        let mut failed = None;
        let tally = scan(batch.files, &options, &mut |scanned| {
            let name = names.page(&scanned.file, scanned.page);
            match self.enter_page_and_let_go(batch, &scanned, &name) {
                Ok(answers) => {
                    stack.add(&scanned, &name, &answers);
                    each(&ReceivedPage {
                        scanned: &scanned,
                        name: &name,
                        answers: &answers,
                    })
                }
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        match failed {
            Some(error) => Err(error),
            None => Ok(ScanDone {
                tally,
                hints: self.hints(&stack)?,
            }),
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
        name: &str,
    ) -> Result<Vec<PageAnswer>, ClerkError> {
        let answers = self.enter_page(batch, page, name);
        self.ledger.let_go()?;
        answers
    }

    fn enter_page(
        &mut self,
        batch: &ScanBatch<'_>,
        page: &ScannedPage,
        name: &str,
    ) -> Result<Vec<PageAnswer>, ClerkError> {
        if page.page == 0 || page.state == PageState::Blank {
            return Ok(Vec::new());
        }
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
        if page.marks.is_empty() {
            let remark = remark(page);
            let given = Given {
                at: batch.at,
                source,
                kept: "scan",
                how: "",
                name,
                shown: Presented::Page(&remark),
                bytes: None,
                picture,
            };
            return Ok(vec![self.receive(given, batch.campaign)?]);
        }
        let mut answers = Vec::new();
        for sighting in &page.marks {
            let nearest = sighting.how == How::Nearest;
            let given = Given {
                source: format!("{source}:{}", sighting.digits),
                kept: if nearest { "nearest" } else { "scan" },
                how: word(sighting),
                shown: if nearest {
                    Presented::Nearest(&sighting.verdict)
                } else {
                    Presented::Mark(&sighting.verdict)
                },
                bytes: from_digits(&sighting.digits).ok(),
                name,
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
        0 if page.state == PageState::Faint => "像空白页，但有淡的痕迹或者看不清。".to_owned(),
        0 if page.state == PageState::Failed => {
            let said = page.findings.iter();
            said.map(|f| format!("{}。", f.message)).collect()
        }
        0 => String::new(),
        n => format!("页上有 {n} 个二维码，都不是本系统的标记。"),
    }
}

fn word(sighting: &SeenMark) -> &'static str {
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
