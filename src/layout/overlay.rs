//! What differs between the copies of one page: the mark with its two captions; and the word 草稿 under a draft.

use crate::campaign::Align;
use crate::face::Face;
use crate::font::FontSet;
use crate::form::{Paragraph, Style};
use crate::units::Length;

use super::cell::{Ruler, set_lines};
use super::flow::MARK_SIDE;
use super::page::{Item, Page, Pages, Rect};
use super::set::Sink;

/// Blank modules around a mark (ISO/IEC 18004, 6.3.8).
const QUIET: usize = 4;

/// How far the captions may reach beyond the mark's box at each side.
const CAPTION_OVER: Length = Length::mm(5);

/// A mark ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkArt {
    /// Modules a side.
    pub side: usize,
    /// Row by row, `side * side` modules; `true` is black.
    pub dark: Vec<bool>,
    /// The code that a person can type.
    pub human: String,
    /// `第1/3份 第2/5页 版本3`.
    pub caption: String,
}

/// The items of a mark for a page; none where the page has no place for one.
pub fn mark_overlay(book: &FontSet, page: &Page, art: &MarkArt) -> Vec<Item> {
    let Some(at) = page.mark else {
        return Vec::new();
    };
    let with_quiet = i64::try_from(art.side + QUIET * 2).unwrap_or(i64::MAX);
    let module = MARK_SIDE / with_quiet;
    let quiet = module * 4;
    let side = module * (with_quiet - 8);
    let square = Rect {
        x: at.x + quiet,
        y: at.y + quiet,
        width: side,
        height: side,
    };
    let mut sink = Sink::default();
    sink.items.push(Item::Modules {
        at: square,
        side: art.side,
        dark: art.dark.clone(),
    });
    let mut ruler = Ruler {
        book,
        findings: Vec::new(),
        form: "",
    };
    let line = |text: &str, size: f64| Paragraph {
        text: text.to_owned(),
        style: caption_style(size),
    };
    // a caption may be wider than the mark: it is centred under it
    let width = MARK_SIDE + CAPTION_OVER * 2;
    let lines = ruler.lines(
        &[line(&art.caption, 6.5), line(&art.human, 7.5)],
        0,
        width,
        "",
    );
    // the captions keep out of the quiet zone
    set_lines(&lines, at.x - CAPTION_OVER, at.bottom(), &mut sink);
    sink.items
}

fn caption_style(size: f64) -> Style {
    Style {
        face: Face::Song,
        sizes: vec![Length::from_pt(size)],
        leading: 115,
        pitch: None,
        align: Align::Center,
        indent: 0,
        left: 0,
        right: 0,
        spread: 0,
        keep: false,
    }
}

/// Makes pages a draft: 草稿 in light grey across each, under everything else.
pub fn mark_as_draft(book: &FontSet, pages: &mut Pages) {
    let size = Length::mm(50);
    let style = Style {
        face: Face::Hei,
        sizes: vec![size],
        align: Align::Left,
        ..caption_style(12.0)
    };
    let mut ruler = Ruler {
        book,
        findings: Vec::new(),
        form: "",
    };
    let lines = ruler.lines(
        &[Paragraph {
            text: "草稿".to_owned(),
            style,
        }],
        0,
        size * 3,
        "",
    );
    let mut sink = Sink::default();
    set_lines(&lines, Length::ZERO, Length::ZERO, &mut sink);
    for page in &mut pages.pages {
        let mut items = sink.items.clone();
        for item in &mut items {
            if let Item::Text(text) = item {
                // 100 mm of text turned by 45 degrees: its middle is in the middle of the page
                text.x = page.width / 2 - Length::mm(22);
                text.baseline = page.height / 2 + Length::mm(48);
                text.grey = 226;
                text.angle = 45;
            }
        }
        items.append(&mut page.items);
        page.items = items;
    }
}
