//! Pages to PDF: printpdf builds the document (fonts, pictures, page tree, properties), its objects are mended, and the
//! file is written with one content stream for all sheets that show the same page.
//!
//! `fonts` gathers glyphs and cuts fonts down, `content` turns items into operators, `document` asks printpdf for the
//! skeleton and mends it, `file` deflates and writes. Where things stand on a page is decided in `layout`.

mod content;
mod document;
mod file;
mod fonts;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::font::{FontError, FontSet};
use crate::form::JpegPicture;
use crate::layout::{Item, Page, Pages};
use crate::units::Length;

use content::Painter;
use document::Skeleton;
use file::{Deflater, Output};
use fonts::{Fonts, Usage};

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

/// The properties of a PDF file. Empty texts are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// Title, shown by readers in place of the file name.
    pub title: String,
    /// Unit that made it.
    pub author: String,
    /// Subject.
    pub subject: String,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Time of making, RFC 3339 with its offset.
    pub created: Option<String>,
    /// Whether a reader should print on both sides, turned on the long edge.
    pub duplex: bool,
}

/// A PDF file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// Sheets in it.
    pub sheets: usize,
    /// Where the time went; all zero without a clock.
    pub shares: Shares,
}

/// Where the time of making a file went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    /// Gathering glyphs and pictures.
    pub collect: Duration,
    /// Cutting fonts down.
    pub subset: Duration,
    /// Building and mending the document.
    pub document: Duration,
    /// Turning items into operators.
    pub content: Duration,
    /// Deflating.
    pub deflate: Duration,
    /// Writing objects and the hash of the file.
    pub write: Duration,
}

/// Why a file cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// There is nothing to print.
    #[error("没有可输出的页。请先生成页面。")]
    NoSheets,
    /// A sheet names a page that is not there; a fault of the program.
    #[error("第 {sheet} 面所指的页不存在（程序错误）。请报告。")]
    NoSuchPage {
        /// The sheet, from 1.
        sheet: usize,
    },
    /// The time of making is not RFC 3339.
    #[error("时间“{0}”不是 RFC 3339 格式。请写成 2021-05-08T09:00:00+08:00 的样子。")]
    Time(String),
    /// A font cannot be cut down.
    #[error(transparent)]
    Font(#[from] FontError),
    /// The file would be larger than a cross-reference table can say (9,999,999,999 bytes).
    #[error("打印文件过大。请分成几个文件输出。")]
    TooLarge,
    /// The document that was built is not what was expected; a fault of the program.
    #[error("PDF 内部结构不符：{0}（程序错误）。请报告。")]
    Structure(&'static str),
    /// Deflating failed; a fault of the program.
    #[error("PDF 压缩失败（程序错误）。请报告。")]
    Deflate,
}

/// Makes a PDF file of sheets. The same input gives the same bytes.
pub fn write_pdf(
    book: &FontSet,
    docs: &[Pages],
    sheets: &[PaperSide],
    info: &Info,
) -> Result<PdfFile, PdfError> {
    write_pdf_timed(book, docs, sheets, info, &|| Duration::ZERO)
}

/// Makes a PDF file of sheets, and says where the time went by the caller's clock.
pub fn write_pdf_timed(
    book: &FontSet,
    docs: &[Pages],
    sheets: &[PaperSide],
    info: &Info,
    clock: &dyn Fn() -> Duration,
) -> Result<PdfFile, PdfError> {
    let mut shares = Shares::default();
    let start = clock();
    let plan = Plan::make(docs, sheets)?;
    let gathered = clock();
    shares.collect = gathered.saturating_sub(start);

    let fonts = Fonts::cut(book, &plan.usage)?;
    let cut = clock();
    shares.subset = cut.saturating_sub(gathered);

    let skeleton = Skeleton::build(book, &fonts, &plan, info)?;
    let built = clock();
    shares.document = built.saturating_sub(cut);

    let mut deflater = Deflater::new(clock);
    let bytes = emit(&plan, &fonts, skeleton, &mut deflater, &mut shares, clock)?;
    shares.deflate = deflater.spent();
    shares.write = clock()
        .saturating_sub(built)
        .saturating_sub(shares.deflate)
        .saturating_sub(shares.content);
    Ok(PdfFile {
        bytes,
        sheets: sheets.len(),
        shares,
    })
}

/// Writes content streams as they are made, so that they are never all in memory, then all other objects.
fn emit(
    plan: &Plan<'_>,
    fonts: &Fonts,
    mut skeleton: Skeleton,
    deflater: &mut Deflater<'_>,
    shares: &mut Shares,
    clock: &dyn Fn() -> Duration,
) -> Result<Vec<u8>, PdfError> {
    let mut output = Output::begin();
    let mut buffer = Vec::new();
    let mut paint = |items: &[Item], height: Length, buffer: &mut Vec<u8>| {
        let start = clock();
        buffer.clear();
        Painter::new(fonts, &plan.pictures, height, buffer).paint(items);
        shares.content += clock().saturating_sub(start);
    };
    let mut shared = Vec::with_capacity(plan.pages.len());
    for page in &plan.pages {
        paint(&page.page.items, page.page.height, &mut buffer);
        if buffer.is_empty() {
            shared.push(None);
            continue;
        }
        let id = skeleton.new_id();
        output.stream(id, &buffer, deflater)?;
        shared.push(Some(id));
    }
    for (number, sheet) in plan.sheets.iter().enumerate() {
        let mut contents = Vec::with_capacity(2);
        if let Planned::Page {
            page,
            overlay,
            pictures,
        } = sheet
        {
            contents.extend(shared.get(*page).copied().flatten());
            if !overlay.is_empty() {
                paint(overlay, sheet.size(plan).1, &mut buffer);
                let id = skeleton.new_id();
                output.stream(id, &buffer, deflater)?;
                contents.push(id);
            }
            skeleton.mend_page(number, &contents, pictures)?;
        } else {
            skeleton.mend_page(number, &contents, &[])?;
        }
    }
    for (jpeg, number) in &plan.pictures {
        skeleton.write_picture(*number, jpeg, &mut output)?;
    }
    skeleton.finish(fonts, output, deflater)
}

/// A page that is printed at least once.
struct Used<'a> {
    page: &'a Page,
}

/// What a sheet shows.
enum Planned<'a> {
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
    fn size(&self, plan: &Plan<'_>) -> (Length, Length) {
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
struct Plan<'a> {
    pages: Vec<Used<'a>>,
    sheets: Vec<Planned<'a>>,
    /// Pictures by their bytes, numbered by first use.
    pictures: BTreeMap<&'a [u8], usize>,
    /// Pictures by number.
    picture_list: Vec<&'a JpegPicture>,
    usage: Usage,
}

impl<'a> Plan<'a> {
    fn make(docs: &'a [Pages], sheets: &'a [PaperSide]) -> Result<Self, PdfError> {
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
