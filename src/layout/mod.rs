//! A form onto pages: lines, tables, page breaks. Measures with `font`; knows no record and writes no file.
//! `atoms` measures characters, `breaking` finds the ends of lines, `line` places what stands in them, `ruler` measures
//! paragraphs, `cell` a cell, `opinion` one to be signed and sealed, `columns` finds the widths of columns, `table` makes rows and `rows`
//! draws them, `balance` shares a list out over pages, `flow` fills pages, into whose spare room rows grow by `growth`; `foot` is what signs at the end and never stands alone,
//! `placed` what stands at a place of the page, `settled` keeps widths and sizes for documents;
//! `overlay` is what differs between copies of a page: the mark and its caption, or 草稿.

mod atoms;
mod balance;
mod breaking;
mod cell;
mod columns;
mod flow;
mod foot;
mod frame;
mod growth;
mod line;
mod opinion;
mod overlay;
mod page;
mod placed;
mod rows;
mod ruler;
mod rules;
mod set;
mod settled;
mod shapes;
mod table;

pub use overlay::{MarkArt, mark_as_draft, mark_overlay};
pub use page::{Item, Page, Pages, Placed, Rect, Text};

use crate::finding::{Finding, Place};
use crate::font::FontSet;
use crate::form::{Block, Border, Form};
use crate::units::Length;

use flow::Pager;
use foot::{Above, foot_height, further_capacity, height_below, kept_height};
use ruler::Ruler;

/// Most pages of one form: a mark counts pages in one byte.
const MOST_PAGES: usize = 255;

/// Lays out a form. Findings: a character that no font has (N7), content that no page can hold (P1).
pub fn layout(book: &FontSet, form: &Form) -> (Pages, Vec<Finding>) {
    let (pages, findings, _) = layout_settled(book, form);
    (pages, findings)
}

/// The same with the form as it was laid out: its columns in their final widths, its cells' texts in their final sizes.
pub fn layout_settled(book: &FontSet, form: &Form) -> (Pages, Vec<Finding>, Form) {
    let mut ruler = Ruler {
        book,
        words: &form.words,
        findings: Vec::new(),
        form: &form.path,
        known: ruler::Known::default(),
    };
    let mut pager = Pager::new(form, &mut ruler, table::place);
    pager.further = further_capacity(&mut pager);
    let mut placed = 0;
    for (i, block) in form.blocks.iter().enumerate() {
        let rest = form.blocks.get(i + 1..).unwrap_or_default();
        match block {
            Block::Paragraph(paragraph) => {
                pager.end_tables();
                let next = match paragraph.style.keep {
                    true => kept_height(&mut pager, rest),
                    false => Length::ZERO,
                };
                let foot = foot_height(&mut pager, rest, Above::Lines);
                pager.paragraph(paragraph, next, foot);
            }
            Block::Space(height) => pager.space(*height),
            Block::PageBreak => pager.next_page(),
            Block::FrontBreak(blank) => pager.next_front(blank),
            Block::Placed(_) | Block::Frame(_) if i < placed => {}
            Block::Placed(_) | Block::Frame(_) => {
                let run = placed_run(form.blocks.get(i..).unwrap_or_default());
                placed = i + run.len();
                placed::place_all(&mut pager, run);
            }
            Block::Table(table) => {
                pager.tail = foot_height(&mut pager, rest, Above::Rows);
                pager.below = height_below(&mut pager, rest);
                table::place(&mut pager, table);
                (pager.tail, pager.below) = (Length::ZERO, Length::ZERO);
                if table.border == Border::None {
                    pager.end_tables();
                }
            }
        }
    }
    let (pages, settled) = pager.finish();
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
        settled,
    )
}

/// The first blocks, as far as they are placed outside of the flow.
fn placed_run(blocks: &[Block]) -> &[Block] {
    let placed = |block: &Block| matches!(block, Block::Placed(_) | Block::Frame(_));
    let end = blocks.iter().position(|block| !placed(block));
    blocks
        .get(..end.unwrap_or(blocks.len()))
        .unwrap_or_default()
}
