//! Drafts (预览稿) that were made lately: their forms as PDF, kept for a while, for their pages are asked one by one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::campaign::Campaign;
use crate::clerk::{FileEntry, FileForm};

/// Drafts that are kept at a time; a draft is a few megabytes.
const KEPT: usize = 16;

/// A form of a draft: its words, its PDF, and the sides of one original of it.
pub(in crate::web) struct FormPdf {
    pub(in crate::web) title: String,
    pub(in crate::web) pdf: Vec<u8>,
    pub(in crate::web) sides: usize,
}

/// A draft: its forms in mailing order, and everything in one PDF.
#[derive(Default)]
pub(in crate::web) struct Draft {
    pub(in crate::web) forms: Vec<FormPdf>,
    pub(in crate::web) all: Vec<u8>,
}

impl Draft {
    pub(in crate::web) fn of(campaign: &Campaign, files: Vec<(FileEntry, Vec<u8>)>) -> Self {
        let mut draft = Self::default();
        for (entry, pdf) in files {
            if entry.form == FileForm::Print {
                draft.all = pdf;
                continue;
            }
            let mut forms = campaign.forms.iter();
            let template = forms.find(|f| FileForm::from(f.kind) == entry.form);
            let copies = template.map_or(1, |t| usize::from(t.copies.max(1)));
            let stem = entry.path.rsplit('/').next().unwrap_or(&entry.path);
            draft.forms.push(FormPdf {
                title: stem.trim_end_matches(".pdf").to_owned(),
                pdf,
                sides: entry.pages / copies,
            });
        }
        draft
    }

    /// The PDF in which a side stands, and where; sides count from 0 over all forms.
    pub(in crate::web) fn side(&self, mut number: usize) -> Option<(&[u8], usize)> {
        for form in &self.forms {
            if number < form.sides {
                return Some((&form.pdf, number));
            }
            number -= form.sides;
        }
        None
    }
}

/// A unit's place for a draft: the state of the files that it was made from, and the draft.
pub(in crate::web) type DraftSlot = Arc<tokio::sync::Mutex<Option<(u64, Arc<Draft>)>>>;

/// Drafts that were made lately, by number of the unit.
#[derive(Default)]
pub(in crate::web) struct Previews {
    places: Mutex<BTreeMap<i64, DraftSlot>>,
}

impl Previews {
    /// Forgets all drafts; they are made again when they are asked for.
    pub(in crate::web) fn forget(&self) {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.clear();
    }

    pub(in crate::web) fn place(&self, unit: i64) -> DraftSlot {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= KEPT && !places.contains_key(&unit) {
            places.pop_first();
        }
        places.entry(unit).or_default().clone()
    }
}
