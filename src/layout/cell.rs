//! What stands in one cell, measured: lines of text, or a fixed thing such as a photo or an opinion box.
//! A measured cell can be set into a rectangle and, if it is text, cut in two. Rows and pages are in `table`.

use crate::finding::{Finding, Place};
use crate::font::FontSet;
use crate::form::{Content, Opinion, Paragraph, PhotoBox, Style, Tick};
use crate::units::Length;

use super::line::{Laid, Missing, break_lines};
use super::page::{Item, Rect};
use super::set::{Sink, set_line};

/// Measured content of a cell.
#[derive(Clone, Debug)]
pub(super) enum Measured {
    Lines(Vec<Laid>),
    Photo(PhotoBox, Vec<Laid>),
    Opinion {
        text: Vec<Laid>,
        lines: Vec<Laid>,
        slot: Length,
        beside: bool,
    },
}

/// What measuring needs and where it reports.
pub(super) struct Ruler<'a> {
    pub(super) book: &'a FontSet,
    pub(super) findings: Vec<Finding>,
    /// The form's path, for findings.
    pub(super) form: &'a str,
}

/// Gap between the text of an opinion, its slot and its lines.
const OPINION_GAP: Length = Length(1500);
/// Width that the signature lines need beside a slot.
const BESIDE: Length = Length::mm(52);

impl Ruler<'_> {
    /// Lines of paragraphs at the n-th of their sizes (the last where there are fewer).
    pub(super) fn lines(
        &mut self,
        paragraphs: &[Paragraph],
        step: usize,
        width: Length,
        field: &str,
    ) -> Vec<Laid> {
        let mut laid = Vec::new();
        for paragraph in paragraphs {
            let style = &paragraph.style;
            let size = size_at(style, step);
            let pitch = style
                .pitch
                .unwrap_or_else(|| size.scaled(i64::from(style.leading), 100));
            let mut missing = Vec::new();
            let lines = break_lines(self.book, style, size, &paragraph.text, width, &mut missing);
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

    /// The largest size step at which paragraphs fit a height; the last step where none does.
    fn fitted(
        &mut self,
        paragraphs: &[Paragraph],
        width: Length,
        height: Length,
        field: &str,
    ) -> Vec<Laid> {
        let steps = paragraphs
            .iter()
            .map(|p| p.style.sizes.len())
            .max()
            .unwrap_or(1);
        let mut laid = self.lines(paragraphs, 0, width, field);
        for step in 1..steps {
            if height_of(&laid) <= height && !laid.iter().any(|l| l.line.torn) {
                break;
            }
            laid = self.lines(paragraphs, step, width, field);
        }
        laid
    }

    /// Measures a cell's content for an inner width and the inner height that it should keep to.
    pub(super) fn content(
        &mut self,
        content: &Content,
        width: Length,
        height: Length,
        field: &str,
    ) -> Measured {
        match content {
            Content::Text(paragraphs) => {
                Measured::Lines(self.fitted(paragraphs, width, height, field))
            }
            Content::Vertical(paragraph) => Measured::Lines(self.vertical(paragraph, width, field)),
            Content::Photo(photo) => {
                let hint = if photo.picture.is_some() {
                    Vec::new()
                } else {
                    self.lines(&photo.hint, 0, photo.width, field)
                };
                Measured::Photo(photo.clone(), hint)
            }
            Content::Opinion(opinion) => self.opinion(opinion, width, field),
            Content::Ticks(ticks, style) => {
                Measured::Lines(self.ticks(ticks, style, width, height, field))
            }
        }
    }

    /// Tick boxes with their words, as many on a line as fit, none of them broken.
    fn ticks(
        &mut self,
        ticks: &[Tick],
        style: &Style,
        width: Length,
        height: Length,
        field: &str,
    ) -> Vec<Laid> {
        let mut laid = Vec::new();
        for step in 0..style.sizes.len().max(1) {
            let size = size_at(style, step);
            let mut lines: Vec<String> = Vec::new();
            for tick in ticks {
                let word = format!("{}{}", if tick.on { '☑' } else { '☐' }, tick.label);
                let joined = lines.last().map(|line| format!("{line}\u{3000}{word}"));
                match (joined, lines.last_mut()) {
                    (Some(joined), Some(line)) if self.is_one_line(style, size, &joined, width) => {
                        *line = joined
                    }
                    _ => lines.push(word),
                }
            }
            let paragraphs: Vec<Paragraph> = lines
                .into_iter()
                .map(|text| Paragraph {
                    text,
                    style: style.clone(),
                })
                .collect();
            laid = self.lines(&paragraphs, step, width, field);
            if height_of(&laid) <= height {
                break;
            }
        }
        laid
    }

    fn is_one_line(&self, style: &Style, size: Length, text: &str, width: Length) -> bool {
        break_lines(self.book, style, size, text, width, &mut Vec::new()).len() == 1
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

    fn opinion(&mut self, opinion: &Opinion, width: Length, field: &str) -> Measured {
        let text = self.lines(&opinion.text, 0, width, field);
        let beside = width >= opinion.slot + BESIDE;
        let room = if beside {
            width - opinion.slot - OPINION_GAP
        } else {
            width
        };
        let lines = self.lines(&opinion.lines, 0, room, field);
        Measured::Opinion {
            text,
            lines,
            slot: opinion.slot,
            beside,
        }
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

impl Measured {
    /// Height that the content needs.
    pub(super) fn height(&self) -> Length {
        match self {
            Self::Lines(lines) => height_of(lines),
            Self::Photo(photo, _) => photo.height,
            Self::Opinion {
                text,
                lines,
                slot,
                beside,
            } => {
                let lower = if *beside {
                    (*slot).max(height_of(lines))
                } else {
                    *slot + OPINION_GAP + height_of(lines)
                };
                height_of(text) + OPINION_GAP + lower
            }
        }
    }

    /// Cuts text so that the first part is at most `height` high; none where nothing fits or it is not text.
    /// Neither part is a single line of a longer text (孤行), unless the text itself is that short.
    pub(super) fn cut(&self, height: Length) -> Option<(Self, Self)> {
        let Self::Lines(lines) = self else {
            return None;
        };
        let mut sum = Length::ZERO;
        let mut fitting = lines.iter().take_while(|l| {
            sum += l.pitch;
            sum <= height
        });
        let mut count = fitting.by_ref().count();
        if count >= lines.len() {
            return Some((self.clone(), Self::Lines(Vec::new())));
        }
        if lines.len() - count == 1 && count > 2 {
            count -= 1;
        }
        if count == 0 {
            return None;
        }
        let (first, rest) = lines.split_at(count);
        Some((Self::Lines(first.to_vec()), Self::Lines(rest.to_vec())))
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Lines(lines) if lines.iter().all(|l| l.line.clusters.is_empty()))
    }

    /// Sets the content into a rectangle, in the middle of its height or at its top.
    pub(super) fn set(&self, at: Rect, middle: bool, sink: &mut Sink) {
        let spare = (at.height - self.height()).max(Length::ZERO);
        match self {
            Self::Lines(lines) => {
                let y = if middle { at.y + spare / 2 } else { at.y };
                set_lines(lines, at.x, y, sink);
            }
            Self::Photo(photo, hint) => set_photo(photo, hint, at, sink),
            Self::Opinion {
                text,
                lines,
                slot,
                beside,
            } => {
                let y = set_lines(text, at.x, at.y, sink) + OPINION_GAP;
                let left = at.bottom() - y;
                let (slot_at, lines_y) = if *beside {
                    let top = y + (left - *slot).max(Length::ZERO) / 2;
                    let x = at.right() - *slot;
                    (
                        Rect {
                            x,
                            y: top,
                            width: *slot,
                            height: *slot,
                        },
                        at.bottom() - height_of(lines),
                    )
                } else {
                    let x = at.x + (at.width - *slot) / 2;
                    (
                        Rect {
                            x,
                            y,
                            width: *slot,
                            height: *slot,
                        },
                        at.bottom() - height_of(lines),
                    )
                };
                sink.seal_slots.push(slot_at);
                set_lines(lines, at.x, lines_y, sink);
            }
        }
    }
}

/// Sets lines below each other; returns the y behind the last.
pub(super) fn set_lines(lines: &[Laid], x: Length, mut y: Length, sink: &mut Sink) -> Length {
    for laid in lines {
        set_line(laid, x, y, sink);
        y += laid.pitch;
    }
    y
}

fn set_photo(photo: &PhotoBox, hint: &[Laid], at: Rect, sink: &mut Sink) {
    let frame = Rect {
        x: at.x + (at.width - photo.width) / 2,
        y: at.y + (at.height - photo.height) / 2,
        width: photo.width,
        height: photo.height,
    };
    if let Some(picture) = &photo.picture {
        sink.items.push(Item::Picture {
            at: inscribed(frame, picture.width, picture.height),
            picture: picture.clone(),
        });
    } else {
        let y = frame.y + (frame.height - height_of(hint)).max(Length::ZERO) / 2;
        set_lines(hint, frame.x, y, sink);
    }
}

/// The largest rectangle of a picture's proportions in the middle of a frame.
fn inscribed(frame: Rect, width: u32, height: u32) -> Rect {
    let (w, h) = (i64::from(width.max(1)), i64::from(height.max(1)));
    let by_width = frame.width.scaled(h, w);
    let (width, height) = if by_width <= frame.height {
        (frame.width, by_width)
    } else {
        (frame.height.scaled(w, h), frame.height)
    };
    Rect {
        x: frame.x + (frame.width - width) / 2,
        y: frame.y + (frame.height - height) / 2,
        width,
        height,
    }
}
