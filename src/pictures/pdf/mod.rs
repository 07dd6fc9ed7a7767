//! PDF: many pages. A page that is in essence a scanned picture, whole or in strips, is that picture at its own resolution;
//! any other page is drawn. What a page holds is found in `layout`, pictures are taken out and put together in `canvas`, pages
//! are drawn in `drawn`; `guard` looks at the bytes before all that, and `effort` at what a page would take to draw.

mod canvas;
mod drawn;
mod effort;
mod guard;
mod layout;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};

use crate::pictures::Picture;
use crate::pictures::{Fault, Look, PAGES_MAX, ScanFormat, Sight};

use crate::pictures::pdf::effort::Longest;
pub(super) use crate::pictures::pdf::layout::PictureLayout;

/// Most bytes of the content of a page: drawing takes time for each of its operators.
const CONTENT_MAX: usize = 64 << 20;

/// The pages of a file.
pub(super) struct PdfPages {
    pdf: Pdf,
    longest: Longest,
}

impl PdfPages {
    /// Looks at the bytes, then reads the list of pages.
    pub(super) fn open(bytes: Arc<Vec<u8>>) -> Result<Self, Fault> {
        crate::pictures::pdf::guard::check(&bytes)?;
        // hostile bytes meet a parser of another house: what breaks there is a broken file
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let pdf = Pdf::new(bytes)?;
            let longest = Longest::of(&pdf);
            Ok(Self { pdf, longest })
        }));
        opened
            .map_err(|_| Fault::Decoder)?
            .map_err(|error| match error {
                LoadPdfError::Decryption(_) => Fault::Encrypted,
                LoadPdfError::Invalid => problem("找不到页的目录"),
            })
    }

    /// How many there are; a few more than are read where there are too many.
    pub(super) fn len(&self) -> usize {
        self.pdf.pages().len().min(PAGES_MAX + 1)
    }

    fn page(&self, page: usize) -> Result<&Page<'_>, Fault> {
        let page = self
            .pdf
            .pages()
            .get(page)
            .ok_or(Fault::NoPages(ScanFormat::Pdf))?;
        if page.page_stream().is_some_and(|s| s.len() > CONTENT_MAX) {
            return Err(Fault::Unfolds);
        }
        Ok(page)
    }

    /// What a page holds.
    pub(super) fn plan(&self, page: usize) -> Result<PictureLayout, Fault> {
        PictureLayout::of(self.page(page)?, self.longest)
    }

    /// A page drawn at a resolution, or at a lower one where it is large.
    pub(super) fn draw(&self, page: usize, dpi: f64) -> Result<Picture, Fault> {
        let page = self.page(page)?;
        crate::pictures::pdf::drawn::draw(page, dpi.min(PictureLayout::of(page, self.longest)?.dpi))
    }

    /// A page's picture.
    pub(super) fn decode(
        &self,
        page: usize,
        layout: &PictureLayout,
        sight: Sight,
    ) -> Result<Look, Fault> {
        let page = self.page(page)?;
        match (sight, layout.pictures()) {
            (Sight::First, Some(pictures)) => crate::pictures::pdf::canvas::decode(page, pictures),
            _ => crate::pictures::pdf::drawn::decode(page, layout),
        }
    }
}

fn problem(reason: &str) -> Fault {
    Fault::Broken {
        kind: ScanFormat::Pdf,
        reason: reason.to_owned(),
    }
}
