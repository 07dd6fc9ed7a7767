//! A form as an editable text document (.docx) that prints as the PDF does: same text, cells, rules, widths, repeated heads and
//! page set-up, in the faces that offices have; each field's value in a content control whose tag is its key. `page` makes
//! headers and footers, `table` tables, `paragraph` paragraphs, `look` chooses sizes. What docx-rs writes is mended in
//! `ooxml::document`.

mod look;
mod mark;
mod page;
mod paragraph;
mod table;
mod twips;

use std::collections::BTreeMap;

use docx_rs::{BuildXML, Docx, FontTable, PageMargin, PageOrientationType, Settings, Styles};

use crate::campaign::Per;
use crate::export::mark_png;
use crate::form::{Block, Border, Content, Form};
use crate::ooxml::{DocumentParts, OoxmlError, pack_document};
use crate::units::Length;

use look::Font;
use paragraph::{HAIR, line_of, paragraph};
use twips::{twips, unsigned};

pub use mark::DocxMark;

/// What stands in a document's properties.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocxInfo {
    /// Author.
    pub author: String,
    /// Time of issue, RFC 3339; may be empty.
    pub created: String,
    /// Whether the headers say 草稿.
    pub draft: bool,
    /// Properties of ours: names that begin with `sanlian.`, and values.
    pub properties: Vec<(String, String)>,
}

/// Why a document cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum DocxWriteError {
    /// Bug: the matrix of the mark named does not have `side * side` modules.
    #[error("《{0}》的二维码矩阵不完整。请报告此问题")]
    Matrix(String),
    /// Bug: the parts could not be mended or packed.
    #[error("无法写出文档（{0}）。请报告此问题")]
    Writer(#[from] OoxmlError),
}

/// A form as a document. Same form, mark and info, same bytes.
pub fn write_docx(
    form: &Form,
    mark: Option<&DocxMark>,
    info: &DocxInfo,
) -> Result<Vec<u8>, DocxWriteError> {
    let picture = match mark {
        Some(mark) => {
            let bad = || DocxWriteError::Matrix(form.title.clone());
            Some(mark_png(mark.side, &mark.dark).ok_or_else(bad)?.0)
        }
        None => None,
    };
    let mut body = Body {
        form,
        docx: set_up(form),
        heads: Vec::new(),
        photos: Vec::new(),
        breaks: false,
    };
    for n in 0..form.blocks.len() {
        body.block(n);
    }
    let Body {
        docx,
        heads,
        photos,
        ..
    } = body;
    let footers = page::footers(&form.page);
    let even = footers
        .iter()
        .any(|f| f.0 == crate::ooxml::HeaderPages::Even);
    let settings = if even {
        Settings::new().even_and_odd_headers()
    } else {
        Settings::new()
    };
    let headers = page::headers(&form.page, mark, info.draft, &footers);
    let parts = DocumentParts {
        document: docx.build().document,
        headers,
        footers,
        styles: Styles::new()
            .default_fonts(Font::usual().fonts())
            .default_size(usual_font(form).half_points())
            .build(),
        settings: settings.build(),
        fonts: FontTable::new().build(),
        heads,
        photos,
        mark: picture,
        mirrored: page::is_mirrored(&form.page),
        title: form.title.clone(),
        author: info.author.clone(),
        created: info.created.clone(),
        properties: info.properties.clone(),
    };
    Ok(pack_document(&parts)?)
}

/// The font of a document's defaults, in the size of most of its text: LibreOffice sets the first paragraph of a control of several in
/// the size of the defaults, whatever the paragraph says.
fn usual_font(form: &Form) -> Font {
    let mut counts: BTreeMap<Length, usize> = BTreeMap::new();
    let tables = form.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    for cell in tables.flat_map(|t| &t.rows).flat_map(|row| &row.cells) {
        let Content::Text(paragraphs) = &cell.content else {
            continue;
        };
        for paragraph in paragraphs.iter().filter(|_| paragraphs.len() > 1) {
            let size = paragraph.style.sizes.first().copied().unwrap_or_default();
            *counts.entry(size).or_default() += paragraph.text.chars().count();
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    let usual = Font::usual();
    most.map_or(usual, |(size, _)| Font { size, ..usual })
}

/// An empty document of the form's page set-up.
fn set_up(form: &Form) -> Docx {
    let page = &form.page;
    let margin = PageMargin {
        top: twips(page.top),
        left: twips(page.left),
        bottom: twips(page.bottom),
        right: twips(page.right),
        header: twips(page::HEADER),
        footer: twips(page::footer_height(page)),
        gutter: 0,
    };
    let docx = Docx::new()
        .page_size(unsigned(page.width), unsigned(page.height))
        .page_margin(margin);
    if page.width > page.height {
        docx.page_orient(PageOrientationType::Landscape)
    } else {
        docx
    }
}

/// The text on its way into a document.
struct Body<'f> {
    form: &'f Form,
    docx: Docx,
    heads: Vec<usize>,
    photos: Vec<Vec<u8>>,
    /// Whether the next paragraph begins a page.
    breaks: bool,
}

impl Body<'_> {
    fn put(&mut self, paragraph: docx_rs::Paragraph) {
        let breaks = std::mem::take(&mut self.breaks);
        let paragraph = if breaks {
            paragraph.page_break_before(true)
        } else {
            paragraph
        };
        let docx = std::mem::take(&mut self.docx);
        self.docx = docx.add_paragraph(paragraph);
    }

    fn block(&mut self, n: usize) {
        let form = self.form;
        let page = &form.page;
        let Some(block) = form.blocks.get(n) else {
            return;
        };
        match block {
            Block::Paragraph(text) => {
                let width = page.width - page.left - page.right;
                let size = look::one_line(text, width);
                self.put(paragraph(text, size).keep_next(text.style.keep));
            }
            Block::Space(height) => self.put(line_of(*height)),
            Block::PageBreak | Block::FrontBreak(_) => self.breaks = true,
            // forms with these have no document
            Block::Placed(_) | Block::Frame(_) => {}
            Block::Table(table) => {
                let before = n.checked_sub(1).and_then(|n| form.blocks.get(n));
                if self.breaks {
                    self.put(line_of(HAIR));
                } else if matches!(before, Some(Block::Table(_))) {
                    self.put(paragraph::hidden());
                }
                let flush = |block: Option<&Block>| matches!(block, Some(Block::Table(t)) if t.border == Border::Full);
                let joins = table::Joins {
                    above: flush(before),
                    below: flush(form.blocks.get(n + 1)),
                };
                let owner = match form.per {
                    Per::Unit => "unit.",
                    Per::Candidate => "",
                };
                let made = table::table(table, joins, owner, &mut self.photos);
                self.heads.push(table.head);
                let docx = std::mem::take(&mut self.docx);
                self.docx = docx.add_table(made);
                if n + 1 == form.blocks.len() {
                    self.put(line_of(HAIR));
                }
            }
        }
    }
}
