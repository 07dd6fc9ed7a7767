//! The words of a cell and the room that they take: an estimate, since Excel's fonts are not ours.

use crate::campaign::Align;
use crate::face::Face;
use crate::form::{Content, Paragraph, Style};
use crate::text::lines::lines;
use crate::units::Length;

/// Share of a cell's width that Excel fills with text, per cent: its own padding, and letters of faces that are wider than official ones.
const FILLED: i64 = 94;
/// Least distance of lines, per cent of the size: what office fonts take.
const LEAST_LEADING: i64 = 128;
/// Free height in a cell.
const FREE: Length = Length(1_600);

/// The words of one cell, in one face and size.
#[derive(Clone, Debug)]
pub(super) struct CellText {
    pub(super) lines: Vec<String>,
    pub(super) face: Face,
    pub(super) sizes: Vec<Length>,
    pub(super) size: Length,
    pub(super) align: Align,
    leading: u16,
    pitch: Option<Length>,
    stacked: bool,
}

impl CellText {
    fn new(lines: Vec<String>, style: Option<&Style>) -> Self {
        let sizes = style.map_or_else(Vec::new, |s| s.sizes.clone());
        let size = sizes.first().copied().unwrap_or(Length::from_pt(10.5));
        Self {
            lines,
            face: style.map_or(Face::Song, |s| s.face),
            sizes,
            size,
            align: style.map_or(Align::Center, |s| s.align),
            leading: style.map_or(130, |s| s.leading),
            pitch: style.and_then(|s| s.pitch),
            stacked: false,
        }
    }

    /// How many line ends a width adds to those that the words have.
    pub(super) fn wraps(&self, width: Length) -> usize {
        let lines = self.lines.iter().map(|l| lines_of(l, self.size, width));
        lines.map(|n| n.saturating_sub(1)).sum()
    }

    /// All lines in one text.
    pub(super) fn text(&self) -> String {
        self.lines.join("\n")
    }
}

/// What a cell says, in the style of its first paragraph.
pub(super) fn words(content: &Content) -> CellText {
    match content {
        Content::Text(paragraphs) => of_paragraphs(paragraphs),
        Content::Vertical(paragraph) => CellText {
            stacked: true,
            ..CellText::new(vec![paragraph.text.clone()], Some(&paragraph.style))
        },
        Content::Photo(photo) if photo.picture.is_some() => CellText::new(Vec::new(), None),
        Content::Photo(photo) => of_paragraphs(&photo.hint),
        Content::Opinion(opinion) => {
            let mut words = of_paragraphs(&opinion.text);
            let lines = (opinion.slot.to_mm() / 6.0).round().clamp(0.0, 12.0) as usize;
            words
                .lines
                .extend(std::iter::repeat_n(String::new(), lines));
            let signed = [
                Some(&opinion.sign),
                opinion.seal.as_ref(),
                Some(&opinion.date),
            ];
            words
                .lines
                .extend(signed.into_iter().flatten().map(indented));
            words
        }
        Content::Ticks(ticks, style) => {
            let parts: Vec<String> = ticks
                .iter()
                .map(|t| format!("{}{}", if t.on { "☑" } else { "□" }, t.label))
                .collect();
            CellText::new(vec![parts.join("　")], Some(style))
        }
    }
}

fn of_paragraphs(paragraphs: &[Paragraph]) -> CellText {
    let lines = paragraphs.iter().map(indented).collect();
    CellText::new(lines, paragraphs.first().map(|p| &p.style))
}

/// A paragraph's text with its first-line indent and its spread as full-width spaces, as people type them in Excel.
pub(super) fn indented(paragraph: &Paragraph) -> String {
    let style = &paragraph.style;
    let flush = matches!(style.align, Align::Left | Align::Justify);
    let indent = if flush {
        style.indent.saturating_add(style.left)
    } else {
        0
    };
    let mut text = "　".repeat(usize::from(indent));
    let chars: Vec<char> = paragraph.text.chars().collect();
    match chars.as_slice() {
        [first, last] if style.spread > 2 && !first.is_ascii() && !last.is_ascii() => {
            text.push(*first);
            text.push_str(&"　".repeat(usize::from(style.spread) - 2));
            text.push(*last);
        }
        _ => text.push_str(&paragraph.text),
    }
    if style.align == Align::Right {
        text.push_str(&"　".repeat(usize::from(style.right)));
    }
    text
}

/// Height that a cell's words take in a width.
pub(super) fn needed(words: &CellText, width: Length) -> Length {
    if words.lines.iter().all(String::is_empty) {
        return Length::ZERO;
    }
    let lines = if words.stacked {
        words
            .lines
            .iter()
            .map(|l| l.chars().count())
            .max()
            .unwrap_or(0)
    } else {
        words
            .lines
            .iter()
            .map(|l| lines_of(l, words.size, width))
            .sum()
    };
    let pitch = words.pitch.unwrap_or_default();
    pitch_of(words.size, words.leading).max(pitch) * count(lines) + FREE
}

/// Height of a paragraph that stands alone in a row.
pub(super) fn height_of(lines: &[String], size: Length, style: &Style, width: Length) -> Length {
    let number = lines
        .iter()
        .map(|l| lines_of(l, size, width))
        .sum::<usize>();
    let pitch = style.pitch.unwrap_or_else(|| pitch_of(size, style.leading));
    pitch * count(number.max(1))
}

fn pitch_of(size: Length, leading: u16) -> Length {
    size.scaled(i64::from(leading).max(LEAST_LEADING), 100)
}

fn count(lines: usize) -> i64 {
    i64::try_from(lines)
        .unwrap_or(i64::MAX / 1_000_000)
        .min(100_000)
}

/// Lines that a text takes in a width; there is room for a character at least.
fn lines_of(text: &str, size: Length, width: Length) -> usize {
    let room = width.0.max(1) * FILLED / 100;
    let halves = room * 2 / size.0.max(1);
    lines(text, usize::try_from(halves).unwrap_or(0).max(2))
}
