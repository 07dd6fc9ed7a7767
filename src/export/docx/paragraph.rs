//! Paragraphs and runs, and the content controls around values.

use docx_rs::{
    AlignmentType, LineSpacing, LineSpacingType, Paragraph as Made, Run, RunProperty,
    SpecialIndentType, StructuredDataTag,
};

use crate::campaign::Align;
use crate::form::{Paragraph, Style};
use crate::units::Length;

use super::look::{Font, fonts, halves, pitch};
use super::twips::{twips, unsigned};

/// The lowest line.
pub(super) const HAIR: Length = Length(353);

/// Highest exact line that Word takes: 1584 pt.
const HIGHEST_LINE: i32 = 31_680;
/// The font of tick boxes, which the faces of official paper do not have.
const TICKS: &str = "Segoe UI Symbol";

/// A text as a paragraph.
pub(super) fn paragraph(text: &Paragraph, size: Length) -> Made {
    beside(text, size, Length::ZERO)
}

/// The same with so much more room at both sides, or less.
pub(super) fn beside(text: &Paragraph, size: Length, sides: Length) -> Made {
    runs(text, size)
        .into_iter()
        .fold(empty(&text.style, size, sides), Made::add_run)
}

/// A text in a content control, as a paragraph of its own.
pub(super) fn controlled(text: &Paragraph, size: Length, key: &str, sides: Length) -> Made {
    let control = runs(text, size).into_iter().fold(
        StructuredDataTag::new().alias(key),
        StructuredDataTag::add_run,
    );
    empty(&text.style, size, sides).add_structured_data_tag(control)
}

/// A paragraph without text, set as a style says, with room at both sides.
fn empty(style: &Style, size: Length, sides: Length) -> Made {
    let ems = |count: u8| twips(size * i64::from(count));
    let first = (style.indent > 0).then(|| SpecialIndentType::FirstLine(ems(style.indent)));
    let side = |count: u8| Some(ems(count) + twips(sides)).filter(|room| *room != 0);
    let font = Font {
        face: style.face,
        size,
    };
    Made::new()
        .align(across(style.align))
        .indent(side(style.left), first, side(style.right), None)
        .line_spacing(exact(pitch(style, size)))
        .run_property(
            RunProperty::new()
                .fonts(font.fonts())
                .size(font.half_points()),
        )
}

/// Lines of a fixed distance.
pub(super) fn exact(pitch: Length) -> LineSpacing {
    LineSpacing::new()
        .before(0)
        .after(0)
        .line_rule(LineSpacingType::Exact)
        .line(twips(pitch).clamp(1, HIGHEST_LINE))
}

/// The same with free height above.
pub(super) fn below(made: Made, style: &Style, size: Length, gap: Length) -> Made {
    made.line_spacing(exact(pitch(style, size)).before(unsigned(gap)))
}

/// A paragraph without text, of a height.
pub(super) fn line_of(height: Length) -> Made {
    Made::new()
        .line_spacing(exact(height))
        .run_property(RunProperty::new().size(2))
}

/// What parts two tables that stand flush: a paragraph that takes no room.
pub(super) fn hidden() -> Made {
    let small = RunProperty::new().size(2).vanish();
    Made::new().line_spacing(exact(HAIR)).run_property(small)
}

pub(super) fn across(align: Align) -> AlignmentType {
    match align {
        Align::Left => AlignmentType::Left,
        Align::Center => AlignmentType::Center,
        Align::Right => AlignmentType::Right,
        Align::Justify => AlignmentType::Both,
    }
}

/// The runs of a text; one at least.
fn runs(text: &Paragraph, size: Length) -> Vec<Run> {
    let style = &text.style;
    let font = Font {
        face: style.face,
        size,
    };
    let words = clean(&text.text);
    let count = words.chars().count();
    let wide = words.chars().all(|c| !c.is_ascii());
    if count > 1 && wide && count < usize::from(style.spread) {
        return spread(&words, count, font, style.spread);
    }
    if words.is_empty() {
        return vec![font.run().add_text("　")];
    }
    let mut out = Vec::new();
    let is_box = |c: char| matches!(c, '☐' | '☑' | '☒');
    let letters: Vec<char> = words.chars().collect();
    for group in letters.chunk_by(|a, b| is_box(*a) == is_box(*b)) {
        let boxes = group.first().is_some_and(|c| is_box(*c));
        let run = if boxes {
            font.run().fonts(fonts(TICKS))
        } else {
            font.run()
        };
        out.push(run.add_text(group.iter().collect::<String>()));
    }
    out
}

/// A short text spread to a width (姓　名): the room goes behind every character but the last.
fn spread(words: &str, count: usize, font: Font, ems: u8) -> Vec<Run> {
    let missing = i64::from(ems) * 2 - halves(words);
    let gaps = i64::try_from(count).unwrap_or(2) - 1;
    let gap = twips(font.size * missing / 2 / gaps.max(1));
    let at = words.char_indices().next_back().map_or(0, |(at, _)| at);
    let (first, last) = words.split_at(at);
    vec![
        font.run().add_text(first).character_spacing(gap),
        font.run().add_text(last),
    ]
}

/// A text without the characters that XML cannot hold; a tab becomes a space.
pub(super) fn clean(text: &str) -> String {
    let kept = |c: &char| !c.is_control() && !('\u{FFFE}'..='\u{FFFF}').contains(c);
    let space = |c: char| if matches!(c, '\t' | '\n') { ' ' } else { c };
    text.chars().map(space).filter(kept).collect()
}
