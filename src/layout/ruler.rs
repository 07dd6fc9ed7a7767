//! Lines of paragraphs: measured at a size of their style, set below each other. Characters that no font has are reported here.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::finding::{Finding, Place};
use crate::font::FontSet;
use crate::form::{Paragraph, Style};
use crate::text::lexicon::WordList;
use crate::units::Length;

use super::atoms::Missing;
use super::line::{Laid, Line, break_lines, least_width, liked_width};
use super::set::{Sink, set_line};

/// What measuring needs and where it reports.
pub(super) struct Ruler<'a> {
    pub(super) book: &'a FontSet,
    pub(super) words: &'a WordList,
    pub(super) findings: Vec<Finding>,
    /// The form's path, for findings.
    pub(super) form: &'a str,
    /// What was broken already: a cell is measured at several heights before it is set.
    pub(super) known: Known,
}

/// Lines that were broken, by size, width, whether there was room for one more, and text; of the few styles that share those, by style.
pub(super) type Known = RefCell<HashMap<(Length, Length, bool, String), Vec<(Style, Broken)>>>;

/// Lines of a paragraph, and what characters of it no font has.
type Broken = (Vec<Line>, Vec<Missing>);

impl Ruler<'_> {
    /// Lines of paragraphs at the n-th of their sizes (the last where there are fewer).
    pub(super) fn lines(
        &mut self,
        paragraphs: &[Paragraph],
        step: usize,
        width: Length,
        field: &str,
    ) -> Vec<Laid> {
        self.set(paragraphs, step, width, field, false)
    }

    /// The same in more lines where that spares a word that would be cut (词间断行); none where no word is.
    pub(super) fn roomy_lines(
        &mut self,
        paragraphs: &[Paragraph],
        step: usize,
        width: Length,
        field: &str,
    ) -> Option<Vec<Laid>> {
        let few = self.set(paragraphs, step, width, field, false);
        // most cells have whole paragraphs in a line each, or no word that is cut
        if !few.iter().any(|laid| laid.line.spares) {
            return None;
        }
        let more = self.set(paragraphs, step, width, field, true);
        (more.len() > few.len()).then_some(more)
    }

    fn set(
        &mut self,
        paragraphs: &[Paragraph],
        step: usize,
        width: Length,
        field: &str,
        roomy: bool,
    ) -> Vec<Laid> {
        let mut laid = Vec::new();
        for paragraph in paragraphs {
            let style = &paragraph.style;
            let size = size_at(style, step);
            let pitch = style
                .pitch
                .unwrap_or_else(|| size.scaled(i64::from(style.leading), 100));
            let mut missing = Vec::new();
            let lines = self.broken((style, size), &paragraph.text, width, roomy, &mut missing);
            self.report(&missing, &paragraph.text, field);
            laid.extend(lines.into_iter().map(|line| Laid {
                line,
                size,
                pitch,
                face: style.face,
            }));
        }
        laid
    }

    fn broken(
        &self,
        (style, size): (&Style, Length),
        text: &str,
        width: Length,
        roomy: bool,
        missing: &mut Vec<Missing>,
    ) -> Vec<Line> {
        let key = (size, width, roomy, text.to_owned());
        let mut known = self.known.borrow_mut();
        let alike = known.entry(key).or_default();
        if let Some((_, (lines, holes))) = alike.iter().find(|(own, _)| own == style) {
            missing.extend(holes);
            return lines.clone();
        }
        let mut holes = Vec::new();
        let look = (style, size);
        let (book, words) = (self.book, self.words);
        let lines = break_lines(book, words, look, text, width, roomy, &mut holes);
        missing.extend(&holes);
        alike.push((style.clone(), (lines.clone(), holes)));
        lines
    }

    fn report(&mut self, missing: &[Missing], text: &str, field: &str) {
        for hole in missing {
            let place = Place {
                file: Some(self.form.to_owned()),
                ..Place::default()
            }
            .of("", field);
            let excerpt: String = text
                .chars()
                .skip(hole.at.saturating_sub(3))
                .take(7)
                .collect();
            let code = u32::from(hole.ch);
            let finding = Finding::error(
                "N7",
                place,
                format!(
                    "第{}字“{}”（U+{code:04X}，在“{excerpt}”中）字库缺字，无法打印。",
                    hole.at + 1,
                    hole.ch
                ),
                "请用 --font-dir 指定含有该字的字库目录，或核对该字是否误录。",
            );
            if !self.findings.contains(&finding) {
                self.findings.push(finding);
            }
        }
    }

    /// The first of the sizes at which no word of a text is cut and, where `whole`, no line is broken; the first of all where there is
    /// none.
    pub(super) fn untorn(&self, paragraphs: &[Paragraph], width: Length, whole: bool) -> usize {
        let steps = paragraphs
            .iter()
            .map(|p| p.style.sizes.len())
            .max()
            .unwrap_or(1);
        let fits = |step: usize| {
            paragraphs.iter().all(|p| {
                let size = size_at(&p.style, step);
                let look = (&p.style, size);
                let lines = self.broken(look, &p.text, width, false, &mut Vec::new());
                !lines.iter().any(|line| line.torn) && (!whole || lines.len() <= 1)
            })
        };
        (0..steps).find(|step| fits(*step)).unwrap_or(0)
    }

    /// The width at the n-th size in which no word of a paragraph is cut.
    pub(super) fn least(&self, paragraph: &Paragraph, step: usize) -> Length {
        let (style, size) = (&paragraph.style, size_at(&paragraph.style, step));
        least_width(self.book, self.words, style, size, &paragraph.text)
    }

    /// The width at the n-th size in which a paragraph is one line.
    pub(super) fn liked(&self, paragraph: &Paragraph, step: usize) -> Length {
        let size = size_at(&paragraph.style, step);
        liked_width(self.book, &paragraph.style, size, &paragraph.text)
    }

    /// Characters below each other: every character is a line of its own.
    pub(super) fn vertical(
        &mut self,
        paragraph: &Paragraph,
        width: Length,
        field: &str,
    ) -> Vec<Laid> {
        let single = |text: String| Paragraph {
            text,
            style: paragraph.style.clone(),
        };
        let columns: Vec<Paragraph> = paragraph
            .text
            .chars()
            .map(|ch| single(ch.to_string()))
            .collect();
        self.lines(&columns, 0, width, field)
    }
}

/// A style's n-th size, or its last.
pub(super) fn size_at(style: &Style, step: usize) -> Length {
    style
        .sizes
        .get(step)
        .or(style.sizes.last())
        .copied()
        .unwrap_or(Length(3704))
}

/// Height of lines.
pub(super) fn height_of(lines: &[Laid]) -> Length {
    lines.iter().map(|l| l.pitch).sum()
}

/// How many of the lines that fit stay before a page's end: never the first line of a paragraph alone, and never all but its last
/// (孤行); none where all of them go to the next page.
pub(super) fn whole_ends(lines: &[Laid], fitting: usize) -> usize {
    let alone = |count: usize| {
        let ends = count
            .checked_sub(1)
            .and_then(|n| lines.get(n))
            .map(|l| &l.line);
        let begins = lines.get(count).map(|l| &l.line);
        ends.is_some_and(|line| line.first && !line.last)
            || begins.is_some_and(|line| line.last && !line.first)
    };
    let whole = (0..=fitting).rev().find(|count| !alone(*count));
    whole.unwrap_or(0)
}

/// Sets lines below each other; returns the y behind the last.
pub(super) fn set_lines(lines: &[Laid], x: Length, mut y: Length, sink: &mut Sink) -> Length {
    for laid in lines {
        set_line(laid, x, y, sink);
        y += laid.pitch;
    }
    y
}
