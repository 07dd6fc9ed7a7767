//! A file of pages, opened: its format, how many pages it has, what each takes, and their pictures one by one.

use std::io::Cursor;
use std::sync::Arc;

use crate::media::{Probe, probe};

use super::fault::Fault;
use super::format::ScanFormat;
use super::limits::PAGES_MAX;
use super::look::{Look, Sight};
use super::pdf::{PdfPages, PictureLayout};
use super::picture::Picture;
use super::tiff::TiffPages;
use super::{jpeg, png};

/// A file of pages, opened.
pub struct Container {
    kind: ScanFormat,
    inner: FormatPages,
    pages: usize,
    tail: Option<Fault>,
}

enum FormatPages {
    One(Arc<Vec<u8>>),
    Tiff(TiffPages),
    Pdf(PdfPages),
}

/// What decoding a page will take, known from headers before anything is decoded.
#[derive(Clone, Debug)]
pub struct Plan {
    page: usize,
    bytes: usize,
    pdf: Option<PictureLayout>,
}

impl Plan {
    /// Most bytes of memory that decoding the page and looking at it take, roughly.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a page in which [`Sight::First`] showed no mark has another sight.
    pub fn has_second(&self) -> bool {
        self.pdf.as_ref().is_some_and(PictureLayout::has_second)
    }
}

impl Container {
    /// Opens a file: tells its format and counts its pages.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Fault> {
        if bytes.is_empty() {
            return Err(Fault::Empty);
        }
        let Some(kind) = ScanFormat::of(&bytes) else {
            return Err(Fault::Kind(match probe(&mut Cursor::new(&bytes)) {
                Probe::Known(name) => Some(name),
                Probe::Video(_) => Some("视频"),
                _ => None,
            }));
        };
        let bytes = Arc::new(bytes);
        let (inner, pages, tail) = match kind {
            ScanFormat::Jpeg | ScanFormat::Png => (FormatPages::One(bytes), 1, None),
            ScanFormat::Tiff => {
                let (pages, tail) = TiffPages::open(bytes)?;
                let count = pages.len();
                (FormatPages::Tiff(pages), count, tail)
            }
            ScanFormat::Pdf => {
                let pages = PdfPages::open(bytes)?;
                let count = pages.len();
                (FormatPages::Pdf(pages), count, None)
            }
        };
        if pages == 0 {
            return Err(tail.unwrap_or(Fault::NoPages(kind)));
        }
        let tail = if pages > PAGES_MAX {
            Some(Fault::TooManyPages(pages))
        } else {
            tail
        };
        Ok(Self {
            kind,
            inner,
            pages: pages.min(PAGES_MAX),
            tail,
        })
    }

    /// Its format.
    pub fn kind(&self) -> ScanFormat {
        self.kind
    }

    /// How many pages can be looked at, 1 to [`PAGES_MAX`].
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// What is lost behind the last page, where something is.
    pub fn tail(&self) -> Option<&Fault> {
        self.tail.as_ref()
    }

    /// What decoding a page will take; pages count from 0. A page that would take too much is refused here, before any memory
    /// is asked for.
    pub fn plan(&self, page: usize) -> Result<Plan, Fault> {
        let (bytes, pdf) = match &self.inner {
            FormatPages::One(bytes) if self.kind == ScanFormat::Png => (png::plan(bytes)?, None),
            FormatPages::One(bytes) => (jpeg::plan(bytes)?, None),
            FormatPages::Tiff(pages) => (pages.plan(page)?, None),
            FormatPages::Pdf(pages) => {
                let layout = pages.plan(page)?;
                (layout.bytes(), Some(layout))
            }
        };
        Ok(Plan { page, bytes, pdf })
    }

    /// A page of a PDF drawn at `dpi`, for the eye; pages count from 0. None for another format.
    pub fn draw(&self, page: usize, dpi: f64) -> Result<Option<Picture>, Fault> {
        match &self.inner {
            FormatPages::Pdf(pages) => pages.draw(page, dpi).map(Some),
            _ => Ok(None),
        }
    }

    /// Decodes a planned page.
    pub fn look(&self, plan: &Plan, sight: Sight) -> Result<Look, Fault> {
        match (&self.inner, &plan.pdf) {
            (FormatPages::One(bytes), _) if self.kind == ScanFormat::Png => png::decode(bytes),
            (FormatPages::One(bytes), _) => jpeg::decode(bytes),
            (FormatPages::Tiff(pages), _) => pages.decode(plan.page),
            (FormatPages::Pdf(pages), Some(layout)) => pages.decode(plan.page, layout, sight),
            (FormatPages::Pdf(_), None) => Err(Fault::NoPages(self.kind)),
        }
    }
}
