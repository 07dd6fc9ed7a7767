//! A form onto pages: lines, tables, page breaks. Measures with `font`; knows no record and writes no file.
//! `atoms` measures characters, `breaking` finds the ends of lines, `line` places what stands in them, `ruler` measures
//! paragraphs, `cell` a cell, `opinion` one to be signed and sealed, `table` makes rows and `rows` draws them, `flow` fills pages, into whose spare room rows grow by `growth`;
//! `overlay` is what differs between copies of a page: the mark and its caption, or 草稿.

mod atoms;
mod breaking;
mod cell;
mod flow;
mod frame;
mod growth;
mod line;
mod opinion;
mod overlay;
mod page;
mod rows;
mod ruler;
mod rules;
mod set;
mod shapes;
mod table;

pub use overlay::{MarkArt, mark_as_draft, mark_overlay};
pub use page::{Item, Page, Pages, Placed, Rect, Text};

use crate::finding::{Finding, Place};
use crate::font::FontSet;
use crate::form::{Block, Border, Form, Paragraph};
use crate::units::Length;

use flow::Pager;
use ruler::Ruler;

/// Most pages of one form: a mark counts pages in one byte.
const MOST_PAGES: usize = 255;

/// Lays out a form. Findings: a character that no font has (N7), content that no page can hold (P1).
pub fn layout(book: &FontSet, form: &Form) -> (Pages, Vec<Finding>) {
    let mut ruler = Ruler {
        book,
        words: &form.words,
        findings: Vec::new(),
        form: &form.path,
    };
    let mut pager = Pager::new(form, &mut ruler, table::place);
    for (i, block) in form.blocks.iter().enumerate() {
        let rest = form.blocks.get(i + 1..).unwrap_or_default();
        match block {
            Block::Paragraph(paragraph) => {
                pager.end_tables();
                pager.paragraph(paragraph, kept_height(rest), signature_height(rest));
            }
            Block::Space(height) => pager.space(*height),
            Block::PageBreak => pager.next_page(),
            Block::FrontBreak(blank) => pager.next_front(blank),
            Block::Placed(text) => pager.words_at(text),
            Block::Frame(frame) => pager.frame_at(*frame),
            Block::Table(table) => {
                pager.tail = signature_height(rest);
                table::place(&mut pager, table);
                pager.tail = Length::ZERO;
                if table.border == Border::None {
                    pager.end_tables();
                }
            }
        }
    }
    let pages = pager.finish();
    let mut findings = ruler.findings;
    if pages.len() > MOST_PAGES {
        findings.push(Finding::error(
            "P1",
            Place::file(form.path.clone()),
            format!(
                "本表排出 {} 页，超过标记可编号的 {MOST_PAGES} 页。",
                pages.len()
            ),
            "请压缩内容，或将附加材料另行装订。",
        ));
    }
    (
        Pages {
            title: form.title.clone(),
            pages,
        },
        findings,
    )
}

/// Height of what a paragraph stays with: the first piece of what follows, and beyond, as long as that stays with what follows it.
fn kept_height(blocks: &[Block]) -> Length {
    let Some((first, rest)) = blocks.split_first() else {
        return Length::ZERO;
    };
    match first {
        Block::Paragraph(paragraph) if paragraph.style.keep => {
            pitch_of(paragraph) + kept_height(rest)
        }
        Block::Space(height) => *height + kept_height(rest),
        _ => first_height(Some(first)),
    }
}

/// Height of the lines that sign a text (落款) and of what stands below them, where nothing but these follows; none for other content.
/// They never stand alone on a page.
fn signature_height(blocks: &[Block]) -> Length {
    let mut paragraphs = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(paragraph) => Some(paragraph),
        _ => None,
    });
    let signed = paragraphs.next().is_some_and(|first| first.style.signs);
    let lines = |block: &Block| matches!(block, Block::Paragraph(_) | Block::Space(_));
    if !signed || !blocks.iter().all(lines) {
        return Length::ZERO;
    }
    let height = |block: &Block| match block {
        Block::Paragraph(paragraph) => pitch_of(paragraph),
        Block::Space(height) => *height,
        _ => Length::ZERO,
    };
    blocks.iter().map(height).sum()
}

/// Distance of a paragraph's lines at its first size.
fn pitch_of(paragraph: &Paragraph) -> Length {
    let size = ruler::size_at(&paragraph.style, 0);
    let leading = i64::from(paragraph.style.leading);
    paragraph
        .style
        .pitch
        .unwrap_or_else(|| size.scaled(leading, 100))
}

/// Height of the first piece of a block, for headings that stay with what follows.
fn first_height(block: Option<&Block>) -> Length {
    match block {
        Some(Block::Paragraph(paragraph)) => pitch_of(paragraph) * 2,
        Some(Block::Table(table)) => table
            .rows
            .iter()
            .take(table.head + 1)
            .map(|r| r.height)
            .sum(),
        Some(Block::Space(height)) => *height,
        Some(Block::PageBreak | Block::FrontBreak(_) | Block::Placed(_) | Block::Frame(_))
        | None => Length::ZERO,
    }
}
