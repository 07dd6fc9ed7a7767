//! How text looks: faces by the names that offices know, and the largest size with which a text fits. Widths are estimates:
//! a character of full width is an em, another one half of it.

use docx_rs::{Run, RunFonts};

use crate::face::Face;
use crate::form::{Paragraph, Style};
use crate::units::Length;

/// Half-widths of an em.
const EM: i64 = 2;

/// A face at a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Font {
    pub(super) face: Face,
    pub(super) size: Length,
}

impl Font {
    /// The font of what says nothing else: 仿宋 of 五号.
    pub(super) fn usual() -> Self {
        Self {
            face: Face::Fangsong,
            size: Length::from_pt(10.5),
        }
    }

    /// The size as WordprocessingML counts.
    pub(super) fn half_points(self) -> usize {
        let half = (self.size.to_pt() * 2.0).round();
        if half >= 2.0 { half as usize } else { 2 }
    }

    /// The face's names; signs that are Chinese as well as Western are taken as Chinese.
    pub(super) fn fonts(self) -> RunFonts {
        fonts(self.face.office_name())
    }

    /// A run of this font without text.
    pub(super) fn run(self) -> Run {
        Run::new().fonts(self.fonts()).size(self.half_points())
    }
}

pub(super) fn fonts(name: &str) -> RunFonts {
    RunFonts::new()
        .ascii(name)
        .hi_ansi(name)
        .east_asia(name)
        .cs(name)
        .hint("eastAsia")
}

/// A style's n-th size, or its last.
pub(super) fn size_at(style: &Style, step: usize) -> Length {
    let size = style.sizes.get(step).or(style.sizes.last());
    size.copied().unwrap_or(Font::usual().size)
}

/// Distance of baselines.
pub(super) fn pitch(style: &Style, size: Length) -> Length {
    let own = || size.scaled(i64::from(style.leading), 100);
    style.pitch.unwrap_or_else(own)
}

/// Half-widths that a text takes.
pub(super) fn halves(text: &str) -> i64 {
    let each = text.chars().map(|c| if c.is_ascii() { 1 } else { EM });
    each.sum()
}

/// Lines that a text takes in a width.
pub(super) fn lines(text: &str, style: &Style, size: Length, width: Length) -> usize {
    let beside = i64::from(style.left) + i64::from(style.right);
    let room = (width.0 - size.0 * beside).max(size.0);
    // a full-width character does not hang over the edge
    let fit = (room / size.0.max(1)).max(1) * EM;
    let taken = halves(text) + i64::from(style.indent) * EM;
    usize::try_from((taken + fit - 1) / fit).unwrap_or(1).max(1)
}

/// Height of paragraphs at the n-th of their sizes.
pub(super) fn height(paragraphs: &[Paragraph], step: usize, width: Length) -> Length {
    let each = paragraphs.iter().map(|p| {
        let size = size_at(&p.style, step);
        let count = lines(&p.text, &p.style, size, width);
        pitch(&p.style, size) * i64::try_from(count).unwrap_or(1)
    });
    each.sum()
}

/// Whether a number or a Latin word is wider than a line.
fn is_torn(paragraphs: &[Paragraph], step: usize, width: Length) -> bool {
    paragraphs.iter().any(|p| {
        let fit = width.0 * EM / size_at(&p.style, step).0.max(1);
        let words = p.text.split(|c: char| !c.is_ascii_graphic());
        words.map(halves).any(|taken| taken > fit)
    })
}

/// The first step of sizes at which no number or Latin word is torn; the first of all where there is none.
pub(super) fn untorn(paragraphs: &[Paragraph], width: Length) -> usize {
    let steps = paragraphs
        .iter()
        .map(|p| p.style.sizes.len())
        .max()
        .unwrap_or(1);
    (0..steps)
        .find(|step| !is_torn(paragraphs, *step, width))
        .unwrap_or(0)
}

/// The first size with which a paragraph is one line; its first where it is to be longer, its last where none does.
pub(super) fn one_line(paragraph: &Paragraph, width: Length) -> Length {
    let style = &paragraph.style;
    let fits = |size: &&Length| lines(&paragraph.text, style, **size, width) == 1;
    let found = style.sizes.iter().find(fits).copied();
    found.unwrap_or_else(|| size_at(style, style.sizes.len()))
}
