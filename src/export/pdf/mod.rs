//! Pages to PDF: printpdf builds the document (fonts, pictures, page tree, properties), its objects are mended, and the
//! file is written with one content stream for all sheets that show the same page.
//!
//! `plan` says what goes in, `fonts` gathers glyphs and cuts fonts down, `content` turns items into operators, `document` asks printpdf for the
//! skeleton and mends it, `outline` adds bookmarks and page labels, `file` deflates and writes. Where things stand on a page is decided in `layout`.

mod content;
mod document;
mod error;
mod file;
mod fonts;
mod info;
mod outline;
mod plan;

use std::time::Duration;

use crate::font::FontSet;
use crate::layout::{Item, Pages};
use crate::units::Length;

use content::Painter;
use document::Skeleton;
use file::{Deflater, Output};
use fonts::Fonts;
use plan::{Plan, Planned};

pub use error::PdfError;
pub use info::Info;
pub use outline::PrintedCopy;
pub use plan::PaperSide;

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
