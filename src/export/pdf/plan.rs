//! What goes into a file: the sides of paper that are asked for, and the pages, pictures and glyphs that they take, each once.

use std::collections::BTreeMap;

use crate::form::JpegPicture;
use crate::layout::{Item, Page, Pages};
use crate::units::Length;

use super::error::PdfError;
use super::fonts::Usage;

/// One side of paper, in the order of printing.
#[derive(Clone, Debug, PartialEq)]
pub enum PaperSide {
    /// A page, and what stands on this copy of it alone.
    Printed {
        /// Index into the documents, from 0.
        doc: usize,
        /// Index of the page in its document, from 0.
        page: usize,
        /// The mark and the copy's number.
        overlay: Vec<Item>,
    },
    /// An empty back.
    Blank {
        /// Width as read.
        width: Length,
        /// Height as read.
        height: Length,
    },
}

/// A page that is printed at least once.
pub(super) struct Used<'a> {
    pub(super) page: &'a Page,
}

/// What a sheet shows.
pub(super) enum Planned<'a> {
    Page {
        /// Index into the plan's pages.
        page: usize,
        overlay: &'a [Item],
        /// Numbers of the pictures on page and overlay, ascending.
        pictures: Vec<usize>,
    },
    Blank {
        width: Length,
        height: Length,
    },
}

impl Planned<'_> {
    /// Width and height.
    pub(super) fn size(&self, plan: &Plan<'_>) -> (Length, Length) {
        match self {
            Planned::Page { page, .. } => plan
                .pages
                .get(*page)
                .map_or_else(Default::default, |p| (p.page.width, p.page.height)),
            Planned::Blank { width, height } => (*width, *height),
        }
    }
}

/// What goes into a file: each page once, each picture once, and the glyphs of all.
pub(super) struct Plan<'a> {
    pub(super) pages: Vec<Used<'a>>,
    pub(super) sheets: Vec<Planned<'a>>,
    /// Pictures by their bytes, numbered by first use.
    pub(super) pictures: BTreeMap<&'a [u8], usize>,
    /// Pictures by number.
    pub(super) picture_list: Vec<&'a JpegPicture>,
    pub(super) usage: Usage,
}

impl<'a> Plan<'a> {
    pub(super) fn make(docs: &'a [Pages], sheets: &'a [PaperSide]) -> Result<Self, PdfError> {
        if sheets.is_empty() {
            return Err(PdfError::NoSheets);
        }
        let mut plan = Self {
            pages: Vec::new(),
            sheets: Vec::with_capacity(sheets.len()),
            pictures: BTreeMap::new(),
            picture_list: Vec::new(),
            usage: Usage::default(),
        };
        let mut seen: BTreeMap<(usize, usize), (usize, Vec<usize>)> = BTreeMap::new();
        for (number, sheet) in (1..).zip(sheets) {
            let planned = match sheet {
                PaperSide::Blank { width, height } => Planned::Blank {
                    width: *width,
                    height: *height,
                },
                PaperSide::Printed { doc, page, overlay } => {
                    let of_overlay = plan.take(overlay);
                    let (index, of_page) = match seen.get(&(*doc, *page)) {
                        Some((index, pictures)) => (*index, pictures.clone()),
                        None => {
                            let shown = docs
                                .get(*doc)
                                .and_then(|d| d.pages.get(*page))
                                .ok_or(PdfError::NoSuchPage { sheet: number })?;
                            let index = plan.pages.len();
                            let pictures = plan.take(&shown.items);
                            plan.pages.push(Used { page: shown });
                            seen.insert((*doc, *page), (index, pictures.clone()));
                            (index, pictures)
                        }
                    };
                    let mut pictures = of_page;
                    pictures.extend(of_overlay);
                    pictures.sort_unstable();
                    pictures.dedup();
                    Planned::Page {
                        page: index,
                        overlay,
                        pictures,
                    }
                }
            };
            plan.sheets.push(planned);
        }
        Ok(plan)
    }

    /// Notes the glyphs and pictures of items; gives the pictures' numbers.
    fn take(&mut self, items: &'a [Item]) -> Vec<usize> {
        let mut numbers = Vec::new();
        for item in items {
            match item {
                Item::Text(text) => self.usage.note(text),
                Item::Picture { picture, .. } => {
                    let next = self.picture_list.len();
                    let number = *self.pictures.entry(&picture.jpeg).or_insert(next);
                    if number == next {
                        self.picture_list.push(picture);
                    }
                    numbers.push(number);
                }
                Item::Rule { .. } | Item::Modules { .. } => {}
            }
        }
        numbers
    }
}
