//! What differs between the copies of one page: the mark with its two captions; and the word 草稿 under a draft.

use crate::campaign::Align;
use crate::face::Face;
use crate::font::FontSet;
use crate::form::measures::{
    CAPTION_APART, CAPTION_LEADING, CAPTION_WIDTH, MARK_SIDE, caption_font, code_font,
};
use crate::form::{Paragraph, Style};
use crate::text::lexicon::WordList;
use crate::units::Length;

use super::page::{Item, Page, Pages, Rect};
use super::ruler::{self, Ruler, height_of, set_lines};
use super::set::Sink;

/// Free room between the two captions.
const BETWEEN: Length = Length(600);

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
    let modules = i64::try_from(art.side).unwrap_or(i64::MAX).max(1);
    let module = MARK_SIDE / modules;
    let side = module * modules;
    let square = Rect {
        x: at.x + (MARK_SIDE - side) / 2,
        y: at.y + (MARK_SIDE - side) / 2,
        width: side,
        height: side,
    };
    let mut sink = Sink::default();
    sink.items.push(Item::Modules {
        at: square,
        side: art.side,
        dark: art.dark.clone(),
    });
    let lexicon = WordList::default();
    let mut ruler = Ruler {
        book,
        words: &lexicon,
        findings: Vec::new(),
        form: "",
        known: ruler::Known::default(),
    };
    // the captions stand towards the middle of the page: at the lower edge of a mark in a corner above the type area, at the upper
    // edge of one beside a title
    let at_right = at.x + at.width / 2 > page.width / 2;
    let (x, align) = if at_right {
        (at.x - CAPTION_APART - CAPTION_WIDTH, Align::Right)
    } else {
        (at.right() + CAPTION_APART, Align::Left)
    };
    let mut caption = |text: &str, (face, size): (Face, Length)| {
        let style = Style {
            leading: CAPTION_LEADING,
            align,
            ..Style::plain(face, size)
        };
        let text = text.to_owned();
        ruler.lines(&[Paragraph { text, style }], 0, CAPTION_WIDTH, "")
    };
    let (upper, lower) = (
        caption(&art.caption, caption_font()),
        caption(&art.human, code_font()),
    );
    let height = height_of(&upper) + BETWEEN + height_of(&lower);
    let y = if page.width > page.height {
        at.y
    } else {
        at.bottom() - height
    };
    let y = set_lines(&upper, x, y, &mut sink) + BETWEEN;
    set_lines(&lower, x, y, &mut sink);
    sink.items
}

/// Makes pages a draft: 草稿 in light grey across each, under everything else.
pub fn mark_as_draft(book: &FontSet, pages: &mut Pages) {
    let size = Length::mm(50);
    let style = Style {
        leading: 115,
        ..Style::plain(Face::Hei, size)
    };
    let lexicon = WordList::default();
    let mut ruler = Ruler {
        book,
        words: &lexicon,
        findings: Vec::new(),
        form: "",
        known: ruler::Known::default(),
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
