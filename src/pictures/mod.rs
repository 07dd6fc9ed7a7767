//! Files of pages (扫描件) to pictures: JPEG, PNG, TIFF and PDF, told apart by their bytes and never by their names. A file is
//! opened once, each page is planned (how much memory will it take?) and then decoded by itself, so that a file of five
//! hundred pages takes the memory of one. Bytes in, pictures out; what a mark is, is not known here.
//! Each format has a file of its own; `picture` is what all end in, `square` gives fax lines their height.

mod jpeg;
mod pdf;
mod picture;
mod png;
mod square;
mod tiff;

use std::io::Cursor;
use std::sync::Arc;

use crate::finding::{Finding, Place};
use crate::media::{Probe, probe};

pub use picture::{PIXELS_MAX, Picture, PictureFault};

/// Most pages of one file. What lies behind them is not read, and that is a finding.
pub const PAGES_MAX: usize = 5000;

/// Most bytes that a compressed stream of a file may unfold to: the samples of the largest colour picture.
pub const UNFOLDED_MAX: usize = PIXELS_MAX * 3;

/// A format of scanned pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanFormat {
    /// A JPEG picture: one page.
    Jpeg,
    /// A PNG picture: one page.
    Png,
    /// A TIFF file of one or more pages.
    Tiff,
    /// A PDF file of any number of pages.
    Pdf,
}

impl ScanFormat {
    /// What a file is by its first bytes; none where it is nothing that holds scanned pages.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        const TIFF: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if TIFF.iter().any(|magic| bytes.starts_with(magic)) {
            Some(Self::Tiff)
        } else {
            // The header may stand anywhere in the first 1024 bytes (ISO 32000-1, annex H, note 13).
            let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
            head.windows(5).any(|w| w == b"%PDF-").then_some(Self::Pdf)
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Tiff => "TIFF",
            Self::Pdf => "PDF",
        }
    }
}

/// Why a file or one of its pages is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No byte at all.
    #[error("文件是空的（0 字节）")]
    Empty,
    /// Nothing that holds scanned pages; the name of what it is, where that is known.
    #[error("{}，不是扫描件；可以读 JPEG、PNG、TIFF、PDF", foreign(*.0))]
    Kind(Option<&'static str>),
    /// Malformed or cut short, so that nothing can be shown.
    #[error("{} 文件损坏或不完整：{reason}", kind.name())]
    Broken {
        /// The format.
        kind: ScanFormat,
        /// What is wrong.
        reason: String,
    },
    /// The file ends too early; pages before that place are read.
    #[error("{} 文件不完整，第 {after} 页以后的内容丢失", kind.name())]
    CutAfter {
        /// The format.
        kind: ScanFormat,
        /// Pages that are there.
        after: usize,
    },
    /// A variety of the format that is not read.
    #[error("{} 用了不支持的编码：{reason}", kind.name())]
    Unsupported {
        /// The format.
        kind: ScanFormat,
        /// Which variety.
        reason: String,
    },
    /// More pixels than a picture may have.
    #[error(transparent)]
    Picture(#[from] PictureFault),
    /// A stream that unfolds to more than [`UNFOLDED_MAX`] bytes.
    #[error("文件中有一段压缩数据展开后超过 {} MB，没有展开", UNFOLDED_MAX >> 20)]
    Unfolds,
    /// A page of a PDF that would take too much to draw.
    #[error("这一页要画的内容太多（图形层层嵌套或者数量过大），没有画")]
    Elaborate,
    /// A PDF under a password, or with restricted rights.
    #[error("PDF 文件已加密")]
    Encrypted,
    /// A file without pages.
    #[error("{} 文件中没有页", .0.name())]
    NoPages(ScanFormat),
    /// More than [`PAGES_MAX`] pages.
    #[error("文件有 {0} 页，只读前 {PAGES_MAX} 页")]
    TooManyPages(usize),
    /// A decoder broke on the page.
    #[error("解码时出错，本页没有读")]
    Decoder,
}

impl Fault {
    /// What to tell a person.
    pub fn finding(&self, place: Place) -> Finding {
        let (code, hint) = match self {
            Self::Empty => ("I1", "请重新扫描，或者重新复制该文件。"),
            Self::Kind(_) => ("I1", "请交扫描得到的图片或 PDF，手机照片请存为 JPEG。"),
            Self::Broken { .. } | Self::CutAfter { .. } => {
                ("I1", "请重新复制该文件；仍读不出时请重新扫描。")
            }
            Self::Unsupported { .. } | Self::Decoder => {
                ("I1", "请改存为 JPEG、PNG 或 PDF，或者重新扫描。")
            }
            Self::Picture(PictureFault::TooLarge { .. }) => {
                ("I7", "请用 200 至 300 dpi 重新扫描。")
            }
            Self::Picture(_) => ("I1", "请重新扫描。"),
            Self::Unfolds => (
                "I7",
                "请确认文件来源；是扫描件的，请用 200 至 300 dpi 重新扫描。",
            ),
            Self::Elaborate => (
                "I7",
                "请确认文件来源；是表格的，请打印后用 200 至 300 dpi 扫描。",
            ),
            Self::Encrypted => ("I1", "请在阅读器中去掉口令和权限限制，另存后再读。"),
            Self::NoPages(_) => ("I8", "请确认文件是否放错。"),
            Self::TooManyPages(_) => ("I7", "请把文件拆成几个再读。"),
        };
        Finding::error(code, place, self.to_string(), hint)
    }
}

/// Words for a file that is something else.
fn foreign(name: Option<&str>) -> String {
    match name {
        Some("ZIP") => "内容是 ZIP（Word、Excel、WPS 文档或压缩包）".to_owned(),
        Some("OLE") => "内容是旧版 Word、Excel 文档".to_owned(),
        Some(name) => format!("内容是 {name}"),
        None => "内容不认识".to_owned(),
    }
}

/// A file of pages, opened.
pub struct Container {
    kind: ScanFormat,
    inner: Inner,
    pages: usize,
    tail: Option<Fault>,
}

enum Inner {
    One(Arc<Vec<u8>>),
    Tiff(crate::pictures::tiff::TiffPages),
    Pdf(crate::pictures::pdf::PdfPages),
}

/// What decoding a page will take, known from headers before anything is decoded.
#[derive(Clone, Debug)]
pub struct Plan {
    page: usize,
    bytes: usize,
    pdf: Option<crate::pictures::pdf::PictureLayout>,
}

impl Plan {
    /// Most bytes of memory that decoding the page and looking at it take, roughly.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether a page in which [`Sight::First`] showed no mark has another sight.
    pub fn has_second(&self) -> bool {
        self.pdf
            .as_ref()
            .is_some_and(crate::pictures::pdf::PictureLayout::has_second)
    }
}

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The picture of the page; of a PDF page that is in essence a picture, that picture at its own resolution.
    First,
    /// The whole page of a PDF, drawn: text and lines over the picture as well.
    Second,
}

/// A page's picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The picture, with square pixels.
    pub picture: Picture,
    /// What a place in `picture` is multiplied by to be a place in the picture as it is stored: (1, 1) unless a fax line was
    /// given its height.
    pub to_stored: [f32; 2],
    /// Whether the data ended before the picture did; what is missing is white.
    pub cut: bool,
}

/// Bytes that looking for marks takes for each pixel: planes of grey and their binary forms.
const LOOKING: usize = 8;

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
            ScanFormat::Jpeg | ScanFormat::Png => (Inner::One(bytes), 1, None),
            ScanFormat::Tiff => {
                let (pages, tail) = crate::pictures::tiff::TiffPages::open(bytes)?;
                let count = pages.len();
                (Inner::Tiff(pages), count, tail)
            }
            ScanFormat::Pdf => {
                let pages = crate::pictures::pdf::PdfPages::open(bytes)?;
                let count = pages.len();
                (Inner::Pdf(pages), count, None)
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
            Inner::One(bytes) if self.kind == ScanFormat::Png => {
                (crate::pictures::png::plan(bytes)?, None)
            }
            Inner::One(bytes) => (crate::pictures::jpeg::plan(bytes)?, None),
            Inner::Tiff(pages) => (pages.plan(page)?, None),
            Inner::Pdf(pages) => {
                let layout = pages.plan(page)?;
                (layout.bytes(), Some(layout))
            }
        };
        Ok(Plan { page, bytes, pdf })
    }

    /// A page of a PDF drawn at `dpi`, for the eye; pages count from 0. None for another format.
    pub fn draw(&self, page: usize, dpi: f64) -> Result<Option<Picture>, Fault> {
        match &self.inner {
            Inner::Pdf(pages) => pages.draw(page, dpi).map(Some),
            _ => Ok(None),
        }
    }

    /// Decodes a planned page.
    pub fn look(&self, plan: &Plan, sight: Sight) -> Result<Look, Fault> {
        match (&self.inner, &plan.pdf) {
            (Inner::One(bytes), _) if self.kind == ScanFormat::Png => {
                crate::pictures::png::decode(bytes)
            }
            (Inner::One(bytes), _) => crate::pictures::jpeg::decode(bytes),
            (Inner::Tiff(pages), _) => pages.decode(plan.page),
            (Inner::Pdf(pages), Some(layout)) => pages.decode(plan.page, layout, sight),
            (Inner::Pdf(_), None) => Err(Fault::NoPages(self.kind)),
        }
    }
}

/// The number of pixels, refused above the most that a picture may have.
fn pixels(width: usize, height: usize) -> Result<usize, Fault> {
    if width == 0 || height == 0 {
        return Err(PictureFault::Empty.into());
    }
    width
        .checked_mul(height)
        .filter(|n| *n <= PIXELS_MAX)
        .ok_or(Fault::Picture(PictureFault::TooLarge { width, height }))
}

/// Memory of a page whose decoder takes `decoding` bytes a pixel.
fn memory(pixels: usize, decoding: usize) -> usize {
    pixels.saturating_mul(decoding + LOOKING)
}

/// Interleaved samples of 1 (grey), 2 (grey, alpha), 3 (colour) or 4 (colour, alpha) channels as a picture on white paper.
fn flatten(
    width: usize,
    height: usize,
    channels: usize,
    samples: Vec<u8>,
) -> Result<Picture, Fault> {
    let over = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(255)
    };
    Ok(match channels {
        1 => Picture::grey(width, height, samples)?,
        2 => {
            let pixels = samples.as_chunks::<2>().0;
            let luma = pixels.iter().map(|[v, a]| over(*v, *a)).collect();
            Picture::grey(width, height, luma)?
        }
        3 => Picture::colour(width, height, samples)?,
        _ => {
            let pixels = samples.as_chunks::<4>().0;
            let rgb = pixels
                .iter()
                .flat_map(|[r, g, b, a]| [over(*r, *a), over(*g, *a), over(*b, *a)])
                .collect();
            Picture::colour(width, height, rgb)?
        }
    })
}
