//! What stands in one cell, measured: lines of text, or a fixed thing such as a photo or an opinion box.
//! A measured cell can be set into a rectangle and, if it is text, cut in two. Rows and pages are in `table`.

use crate::form::{Content, Paragraph, PhotoBox, Style, Tick, tick_lines};
use crate::units::Length;

use super::line::Laid;
use super::opinion;
use super::page::{Item, Rect};
use super::ruler::{Ruler, height_of, set_lines, size_at, whole_ends};
use super::set::Sink;

/// Measured content of a cell.
#[derive(Clone, Debug)]
pub(super) enum Measured {
    Lines(Vec<Laid>),
    Photo(PhotoBox, Vec<Laid>),
    Opinion(opinion::Measured),
}

/// Measures a cell's content at the n-th size of its style, for an inner width and the inner height that it should keep to.
pub(super) fn content(
    ruler: &mut Ruler<'_>,
    content: &Content,
    step: usize,
    width: Length,
    height: Length,
    field: &str,
) -> Measured {
    match content {
        Content::Text(paragraphs) => Measured::Lines(ruler.lines(paragraphs, step, width, field)),
        Content::Vertical(paragraph) => Measured::Lines(ruler.vertical(paragraph, width, field)),
        Content::Photo(photo) => {
            let hint = if photo.picture.is_some() {
                Vec::new()
            } else {
                ruler.lines(&photo.hint, 0, photo.width, field)
            };
            Measured::Photo(photo.clone(), hint)
        }
        Content::Opinion(opinion) => {
            Measured::Opinion(opinion::measure(ruler, opinion, width, height, field))
        }
        Content::Ticks(ticks, style) => {
            Measured::Lines(ticks_in(ruler, ticks, style, width, height, field))
        }
    }
}

/// Tick boxes with their words in columns, none of them broken: as many columns as the words have room for. Words longer than a
/// column take lines of their own.
fn ticks_in(
    ruler: &mut Ruler<'_>,
    ticks: &[Tick],
    style: &Style,
    width: Length,
    height: Length,
    field: &str,
) -> Vec<Laid> {
    let mut laid = Vec::new();
    for step in 0..style.sizes.len().max(1) {
        let size = size_at(style, step);
        let lines = tick_lines(ticks, (width.0 / size.0.max(1)) as usize);
        let paragraphs: Vec<Paragraph> = lines
            .into_iter()
            .map(|text| Paragraph {
                text,
                style: style.clone(),
            })
            .collect();
        laid = ruler.lines(&paragraphs, step, width, field);
        if height_of(&laid) <= height {
            break;
        }
    }
    laid
}

impl Measured {
    /// Height that the content needs.
    pub(super) fn height(&self) -> Length {
        match self {
            Self::Lines(lines) => height_of(lines),
            Self::Photo(photo, _) => photo.height,
            Self::Opinion(opinion) => opinion.height(),
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
        count = whole_ends(lines, count);
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
            Self::Opinion(opinion) => opinion.set(at, sink),
        }
    }
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
