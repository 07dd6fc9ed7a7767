//! The print run (印制): which sheet follows which, so that one press of a button prints everything in mailing order and
//! every original begins on a front side; and the manifest of what was made. Bytes of a PDF are made in `export`.

mod manifest;

pub use manifest::{FileEntry, FileForm, KeyEntry, Manifest, MarkEntry};

use crate::campaign::FormKind;
use crate::layout::Pages;

/// One document of a run: a form's pages and how many originals of it are printed.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Which form it is.
    pub kind: FormKind,
    /// Its pages.
    pub pages: &'a Pages,
    /// Originals, at least 1.
    pub copies: u8,
}

/// One side of paper in printing order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A page of a document.
    Page {
        /// Index of the document in the run.
        document: usize,
        /// Page from 0.
        page: usize,
        /// Original from 1.
        copy: u8,
    },
    /// The empty back of a last page, of the size of that page.
    Back {
        /// Index of the document whose size it has.
        document: usize,
    },
}

/// The sides of a run, duplex: document by document, original by original; an original with an odd number of pages is
/// followed by an empty back, save the last of the run.
pub fn plan(documents: &[Document<'_>]) -> Vec<Side> {
    let mut sides = Vec::new();
    for (document, entry) in documents.iter().enumerate() {
        for copy in 1..=entry.copies.max(1) {
            if sides.len() % 2 == 1 {
                sides.push(Side::Back {
                    document: last_document(&sides),
                });
            }
            sides.extend((0..entry.pages.pages.len()).map(|page| Side::Page {
                document,
                page,
                copy,
            }));
        }
    }
    sides
}

fn last_document(sides: &[Side]) -> usize {
    match sides.last() {
        Some(Side::Page { document, .. } | Side::Back { document }) => *document,
        None => 0,
    }
}
