//! The pages of a batch as a stack (一叠): what was read of them in the order in which they lay, for hints.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::mark::Mark;
use crate::receipt::{Hint, StackPage, StackSheet, Verdict, hints};

use crate::clerk::desk::Desk;
use crate::clerk::desk::receive::PageAnswer;
use crate::clerk::error::ClerkError;
use crate::clerk::scan::{PageState, ScannedPage};

/// The pages so far.
#[derive(Default)]
pub(super) struct Stack {
    pages: Vec<StackPage>,
    piles: BTreeMap<PathBuf, usize>,
}

impl Stack {
    /// Adds a page; what is blank and what is no page lies in no order.
    pub(super) fn add(&mut self, scanned: &ScannedPage, name: &str, answers: &[PageAnswer]) {
        if scanned.page == 0 || scanned.state == PageState::Blank {
            return;
        }
        let pile = self.pile(scanned);
        let page = |sheet| StackPage {
            pile,
            name: name.to_owned(),
            sheet,
        };
        if scanned.marks.is_empty() {
            self.pages.push(page(None));
        }
        for (sighting, answer) in scanned.marks.iter().zip(answers) {
            let genuine = sighting
                .verdict
                .mark()
                .filter(|m| m.copies() > 0 && m.pages() > 0);
            // whoever forged a mark says nothing about the stack
            let known = answer.unit.is_some();
            if let Some(mark) = genuine.filter(|_| known) {
                self.pages.push(page(Some(sheet(mark, answer))));
            }
        }
    }

    /// A file of many pages is a pile; so are the pictures of a folder.
    fn pile(&mut self, scanned: &ScannedPage) -> usize {
        let place = match scanned.pages {
            0 | 1 => scanned.file.parent().map(PathBuf::from),
            _ => None,
        };
        let next = self.piles.len();
        *self
            .piles
            .entry(place.unwrap_or_else(|| scanned.file.clone()))
            .or_insert(next)
    }
}

fn sheet(mark: &Mark, answer: &PageAnswer) -> StackSheet {
    let name = answer.of.as_ref();
    let name = name.map_or_else(String::new, |n| format!("（{n}）"));
    StackSheet {
        record: mark.reference(),
        title: format!("{}{name}", answer.form_word),
        version: mark.version(),
        minutes: mark.minutes(),
        copy: mark.copy(),
        page: mark.page(),
        pages: mark.pages(),
        in_force: !matches!(answer.verdict, Verdict::Stale | Verdict::Void),
    }
}

impl Desk<'_> {
    /// The hints for a stack, against what the desk has received of its copies.
    pub(super) fn hints(&mut self, stack: &Stack) -> Result<Vec<Hint>, ClerkError> {
        let sheets = stack.pages.iter().filter_map(|p| p.sheet.as_ref());
        let prints: BTreeSet<_> = sheets.map(StackSheet::print).collect();
        let mut received = BTreeSet::new();
        for print in prints {
            let pages = self.ledger.pages_of(&print)?;
            received.extend(pages.into_iter().map(|page| (print, page)));
        }
        Ok(hints(&stack.pages, &received))
    }
}
