//! Words at places of a page (信封、标签): the lines of one style have one size, the largest at which each is one line. What is longer
//! than its line at every size takes further lines where there is room, down to what stands below or up to what stands above; what has
//! no room is told, never set over something else.

use crate::campaign::FrameLine;
use crate::finding::{Finding, Place};
use crate::form::{Block, Frame, PlacedText, Style};
use crate::units::Length;

use super::flow::Pager;
use super::line::Laid;
use super::ruler::{height_of, size_at};

/// Nothing is set nearer to the edge of the sheet: what printers cannot reach.
const EDGE: Length = Length::mm(5);
/// Least room between words and what stands above or below them.
const APART: Length = Length(500);

/// Something at a fixed place: from its left to its right edge, from its top to its bottom.
#[derive(Clone, Copy)]
struct Zone {
    left: Length,
    right: Length,
    top: Length,
    bottom: Length,
}

/// Sets words and rectangles that follow each other, all on this page.
pub(super) fn place_all(pager: &mut Pager<'_, '_>, run: &[Block]) {
    let texts: Vec<&PlacedText> = run
        .iter()
        .filter_map(|block| match block {
            Block::Placed(text) => Some(text),
            _ => None,
        })
        .collect();
    let mut edges = Vec::new();
    for block in run {
        if let Block::Frame(frame) = block {
            pager.frame_at(*frame);
            edges.extend(edges_of(*frame));
        }
    }
    let mut zones: Vec<Zone> = texts
        .iter()
        .map(|text| zone(text, text.y, line_height(text)))
        .collect();
    let mut steps: Vec<usize> = texts.iter().map(|t| step_of(pager, t, &texts)).collect();
    let around = |pager: &Pager<'_, '_>, zones: &[Zone], n: usize, text: &PlacedText| {
        let others = zones.iter().enumerate().filter(|(m, _)| *m != n);
        let others = others.map(|(_, zone)| *zone).chain(edges.iter().copied());
        room(pager, text, others)
    };
    // what takes more lines may need a smaller size for its room: then all of its style have that, and take less room themselves
    loop {
        let own =
            |(text, step): (&&PlacedText, &usize)| zone(text, text.y, set_height(text, *step));
        let taken: Vec<Zone> = texts.iter().zip(&steps).map(own).collect();
        let before = steps.clone();
        for (n, text) in texts.iter().enumerate() {
            let room = around(pager, &taken, n, text);
            let first = before.get(n).copied().unwrap_or(0);
            let needed = fitting_step(pager, text, first, room).unwrap_or(first);
            for (step, other) in steps.iter_mut().zip(&texts) {
                if style_of(other) == style_of(text) {
                    *step = needed.max(*step);
                }
            }
        }
        if steps == before {
            break;
        }
    }
    for (n, text) in texts.iter().enumerate() {
        let room = around(pager, &zones, n, text);
        let (lines, y) = fitted(pager, text, steps.get(n).copied().unwrap_or(0), room);
        if let Some(own) = zones.get_mut(n) {
            *own = zone(text, y, height_of(&lines));
        }
        pager.lines_at(&lines, text.x, y);
    }
}

fn zone(text: &PlacedText, top: Length, height: Length) -> Zone {
    Zone {
        left: text.x,
        right: text.x + text.width,
        top,
        bottom: top + height,
    }
}

/// The lower and the upper edge of a rectangle; marks to cut along are outside of it.
fn edges_of(frame: Frame) -> Vec<Zone> {
    let edge = |y| Zone {
        left: frame.x,
        right: frame.x + frame.width,
        top: y,
        bottom: y,
    };
    match frame.line {
        FrameLine::Crop => Vec::new(),
        _ => vec![edge(frame.y), edge(frame.y + frame.height)],
    }
}

/// Height of a text with a line for each paragraph at the last size, which is what it needs at least.
fn line_height(text: &PlacedText) -> Length {
    let each = text.paragraphs.iter().map(|p| {
        let size = size_at(&p.style, p.style.sizes.len());
        size.scaled(i64::from(p.style.leading.min(115)), 100)
    });
    each.sum()
}

/// Height of a text with a line for each paragraph at a step of its sizes.
fn set_height(text: &PlacedText, step: usize) -> Length {
    let each = text.paragraphs.iter().map(|p| {
        let size = size_at(&p.style, step);
        size.scaled(i64::from(p.style.leading), 100)
    });
    each.sum()
}

/// How many sizes a text may have.
fn sizes(text: &PlacedText) -> usize {
    let each = text.paragraphs.iter().map(|p| p.style.sizes.len());
    each.max().unwrap_or(1)
}

/// The first size at which each paragraph is one line; none where there is none.
fn one_line(pager: &mut Pager<'_, '_>, text: &PlacedText) -> Option<usize> {
    (0..sizes(text)).find(|step| set(pager, text, *step).len() <= text.paragraphs.len())
}

fn set(pager: &mut Pager<'_, '_>, text: &PlacedText, step: usize) -> Vec<Laid> {
    pager.ruler.lines(&text.paragraphs, step, text.width, "")
}

/// The size of all texts of a style: the smallest that one of them needs in order to be one line. One that is never one line asks for
/// nothing: it takes more lines.
fn step_of(pager: &mut Pager<'_, '_>, text: &PlacedText, all: &[&PlacedText]) -> usize {
    let group = all.iter().filter(|other| style_of(other) == style_of(text));
    let steps = group.filter_map(|other| one_line(pager, other));
    steps.max().unwrap_or(0)
}

/// The style of a text's first paragraph.
fn style_of(text: &PlacedText) -> Option<&Style> {
    text.paragraphs.first().map(|p| &p.style)
}

/// The room that a text has: from the lowest of what stands above it to the highest of what stands below.
fn room(
    pager: &Pager<'_, '_>,
    text: &PlacedText,
    others: impl Iterator<Item = Zone>,
) -> (Length, Length) {
    let own = zone(text, text.y, line_height(text));
    let page = pager.form.page.height;
    let (mut top, mut bottom) = (EDGE.min(text.y), page - EDGE);
    if let Some(height) = text.height {
        bottom = bottom.min(text.y + height);
    }
    let beside = |zone: &Zone| zone.left < own.right && own.left < zone.right;
    for zone in others.filter(beside) {
        if zone.bottom <= own.top + APART {
            top = top.max(zone.bottom);
        } else if zone.top >= own.bottom {
            bottom = bottom.min(zone.top);
        }
    }
    (top, bottom)
}

/// The first size from `first` at which a text stands in its room; none where it stands in none.
fn fitting_step(
    pager: &mut Pager<'_, '_>,
    text: &PlacedText,
    first: usize,
    room: (Length, Length),
) -> Option<usize> {
    (first..sizes(text)).find(|step| {
        let lines = set(pager, text, *step);
        lines.len() <= text.paragraphs.len() || place(text, &lines, room).is_some()
    })
}

/// Where lines begin that are more than a text's paragraphs: at its place, or above it where there is no room below.
fn place(text: &PlacedText, lines: &[Laid], (top, bottom): (Length, Length)) -> Option<Length> {
    let high = height_of(lines);
    if text.y + high <= bottom {
        return Some(text.y);
    }
    (bottom - high >= top + APART).then_some(bottom - high)
}

/// A text's lines and where they begin. What fits nowhere is told.
fn fitted(
    pager: &mut Pager<'_, '_>,
    text: &PlacedText,
    first: usize,
    room: (Length, Length),
) -> (Vec<Laid>, Length) {
    let found = fitting_step(pager, text, first, room);
    let last = sizes(text).saturating_sub(1).max(first);
    let lines = set(pager, text, found.unwrap_or(last));
    if lines.len() <= text.paragraphs.len() {
        return (lines, text.y);
    }
    let y = place(text, &lines, room);
    if y.is_none() {
        told(pager, text, &lines, room.1 - room.0);
    }
    (lines, y.unwrap_or(text.y))
}

fn told(pager: &mut Pager<'_, '_>, text: &PlacedText, lines: &[Laid], room: Length) {
    let words: Vec<&str> = text.paragraphs.iter().map(|p| p.text.as_str()).collect();
    let words = words.join("／");
    let shown: String = words.chars().take(30).collect();
    let more = if words.chars().count() > 30 {
        "…"
    } else {
        ""
    };
    let points = lines.first().map_or(0.0, |l| l.size.to_pt());
    let finding = Finding::warning(
        "P1",
        Place::file(pager.form.path.clone()),
        format!(
            "“{shown}{more}”在最小的 {points} 磅也要 {} 行，高 {:.0} 毫米，而这里（距纸左 {:.0}、距纸上 {:.0} 毫米，宽 {:.0} 毫米）只有 {:.0} 毫米的空处，会压住别的字。",
            lines.len(),
            height_of(lines).to_mm(),
            text.x.to_mm(),
            text.y.to_mm(),
            text.width.to_mm(),
            room.to_mm(),
        ),
        "请缩短这一项，或在模板中加宽、加高它的位置。",
    );
    if !pager.ruler.findings.contains(&finding) {
        pager.ruler.findings.push(finding);
    }
}
