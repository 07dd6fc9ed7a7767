//! The pages of a PDF file: each looked at before it is drawn, then drawn or taken for the picture that it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::pictures::{Fault, Look, PAGES_MAX, Picture, ScanFormat, Sight};

use super::effort::{self, Longest};
use super::layout::PictureLayout;
use super::{canvas, drawn, guard};

/// Most bytes of the content of a page: drawing takes time for each of its operators.
const CONTENT_MAX: usize = 64 << 20;

/// The pages of a file.
pub(in crate::pictures) struct PdfPages {
    pdf: Pdf,
    longest: Longest,
}

impl PdfPages {
    /// Looks at the bytes, then reads the list of pages.
    pub(in crate::pictures) fn open(bytes: Arc<Vec<u8>>) -> Result<Self, Fault> {
        let encrypted = guard::check(&bytes)?;
        // hostile bytes meet a parser of another house: what breaks there is a broken file
        let opened = catch_unwind(AssertUnwindSafe(|| {
            // what restricts rights only opens without a password
            let pdf = Pdf::new(bytes).map_err(|error| match error {
                LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Fault::Locked,
                LoadPdfError::Decryption(_) => Fault::Encrypted,
                LoadPdfError::Invalid if encrypted => Fault::Encrypted,
                LoadPdfError::Invalid => Fault::broken(ScanFormat::Pdf, "找不到页的目录"),
            })?;
            if encrypted {
                guard::check_decrypted(&pdf)?;
            }
            let longest = Longest::of(&pdf);
            Ok(Self { pdf, longest })
        }));
        opened.map_err(|_| Fault::Decoder)?
    }

    /// How many there are; a few more than are read where there are too many.
    pub(in crate::pictures) fn len(&self) -> usize {
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

    /// What a page holds. Fails where it would take too much to draw.
    pub(in crate::pictures) fn plan(&self, page: usize) -> Result<PictureLayout, Fault> {
        self.layout(self.page(page)?)
    }

    fn layout(&self, page: &Page<'_>) -> Result<PictureLayout, Fault> {
        effort::check(page, self.longest)?;
        PictureLayout::of(page)
    }

    /// A page drawn at a resolution, or at a lower one where it is large.
    pub(in crate::pictures) fn draw(&self, page: usize, dpi: f64) -> Result<Picture, Fault> {
        let page = self.page(page)?;
        drawn::draw(page, dpi.min(self.layout(page)?.dpi))
    }

    /// A page's picture.
    pub(in crate::pictures) fn decode(
        &self,
        page: usize,
        layout: &PictureLayout,
        sight: Sight,
    ) -> Result<Look, Fault> {
        let page = self.page(page)?;
        match (sight, layout.pictures()) {
            (Sight::First, Some(pictures)) => canvas::decode(page, pictures),
            _ => drawn::decode(page, layout),
        }
    }
}
