//! Headers with the mark, footers with the page number.

use docx_rs::{
    AlignmentType, BuildXML, FieldCharType, Footer, Header, InstrPAGE, InstrText, Paragraph, Pic,
    Run,
};

use crate::campaign::PageNumberStyle;
use crate::face::Face;
use crate::form::PageSetup;
use crate::form::measures::{
    CAPTION_APART, CAPTION_LEADING, CAPTION_WIDTH, MARK_SIDE, NUMBER_BELOW, caption_font,
    code_font, number_size,
};
use crate::ooxml::HeaderPages;
use crate::units::Length;

use super::look::Font;
use super::mark::DocxMark;
use super::paragraph::{HAIR, clean, exact, line_of};
use super::twips::{twips, unsigned};

/// Distance of the header from the edge of the sheet.
pub(super) const HEADER: Length = Length::mm(5);
/// Distance of the footer's lower edge from the edge of the sheet.
pub(super) fn footer_height(page: &PageSetup) -> Length {
    (page.bottom - NUMBER_BELOW - number_size() / 2).max(Length::mm(5))
}

/// Whether the backs of sheets differ as Word can say it: their left and right margins are changed.
pub(super) fn is_mirrored(page: &PageSetup) -> bool {
    page.even.is_some_and(|even| {
        even.left == page.right && even.left != page.left && even.top == page.top
    })
}

/// A footer for each kind of page.
pub(super) fn footers(page: &PageSetup) -> Vec<(HeaderPages, Vec<u8>)> {
    let size = number_size();
    let mut out = match page.numbers {
        PageNumberStyle::None => Vec::new(),
        PageNumberStyle::Centred => vec![(HeaderPages::Usual, number(AlignmentType::Center, None))],
        PageNumberStyle::Dashes => vec![
            (HeaderPages::Usual, number(AlignmentType::Right, Some(size))),
            (HeaderPages::Even, number(AlignmentType::Left, Some(size))),
        ],
    };
    if page.cover && !out.is_empty() {
        let blank = Footer::new().add_paragraph(line_of(size));
        out.push((HeaderPages::First, blank.build()));
    }
    out
}

/// `— 1 —`, free at the outer side by so much.
fn number(align: AlignmentType, outer: Option<Length>) -> Vec<u8> {
    let font = Font {
        face: Face::Song,
        size: number_size(),
    };
    let field = |kind| font.run().add_field_char(kind, false);
    let outer = outer.map(twips);
    let (left, right) = match align {
        AlignmentType::Left => (outer, None),
        _ => (None, outer),
    };
    let line = Paragraph::new()
        .align(align)
        .indent(left, None, right, None)
        .line_spacing(exact(font.size))
        .add_run(font.run().add_text("— "))
        .add_run(field(FieldCharType::Begin))
        .add_run(font.run().add_instr_text(InstrText::PAGE(InstrPAGE {})))
        .add_run(field(FieldCharType::Separate))
        .add_run(font.run().add_text("1"))
        .add_run(field(FieldCharType::End))
        .add_run(font.run().add_text(" —"));
    Footer::new().add_paragraph(line).build()
}

/// A header for each kind of page that has a footer of its own, and for the backs of sheets where their mark has another corner; all
/// with the mark, or 草稿 in drafts; none for neither.
pub(super) fn headers(
    page: &PageSetup,
    mark: Option<&DocxMark>,
    draft: bool,
    footers: &[(HeaderPages, Vec<u8>)],
) -> Vec<(HeaderPages, Vec<u8>)> {
    let front = (page.mark_x, page.mark_y);
    let back = page.even.map_or(front, |even| (even.mark_x, even.mark_y));
    let header = |corner| match mark {
        Some(mark) => header(page, corner, mark),
        None => draft_header(),
    };
    if mark.is_none() && !draft {
        return Vec::new();
    }
    let mut out = vec![(HeaderPages::Usual, header(front))];
    for (pages, _) in footers.iter().filter(|f| f.0 != HeaderPages::Usual) {
        let corner = if *pages == HeaderPages::Even {
            back
        } else {
            front
        };
        out.push((*pages, header(corner)));
    }
    out
}

/// 草稿 in grey at the head of the page.
fn draft_header() -> Vec<u8> {
    let font = Font {
        face: Face::Hei,
        size: Length::from_pt(36.0),
    };
    let line = Paragraph::new()
        .align(AlignmentType::Center)
        .line_spacing(exact(font.size))
        .add_run(font.run().color("C0C0C0").add_text("草稿"));
    Header::new().add_paragraph(line).build()
}

/// The mark in a frame at its place on the sheet, and beside it, towards the middle of the page, what it is and the code to type.
fn header(page: &PageSetup, (x, y): (Length, Length), mark: &DocxMark) -> Vec<u8> {
    let pixels = 800;
    let modules = i64::try_from(mark.side).unwrap_or(i64::MAX / 100).max(1);
    // the picture has four modules of free room on each side
    let quiet = MARK_SIDE.scaled(4, modules);
    let whole = MARK_SIDE + quiet * 2;
    let side = u32::try_from(whole.to_emu()).unwrap_or(0);
    let picture = Pic::new_with_dimensions(Vec::new(), pixels, pixels).size(side, side);
    let framed = |line: Paragraph, x: Length, y: Length, width: Length| {
        line.wrap("around")
            .v_anchor("page")
            .h_anchor("page")
            .frame_x(twips(x))
            .frame_y(twips(y))
            .frame_width(unsigned(width))
    };
    let font = |(face, size)| Font { face, size };
    let (upper, lower) = (font(caption_font()), font(code_font()));
    let pitch = |font: Font| font.size.scaled(i64::from(CAPTION_LEADING), 100);
    let high = pitch(upper) + pitch(lower);
    let at_right = x + MARK_SIDE / 2 > page.width / 2;
    let (caption_x, align) = if at_right {
        (x - CAPTION_APART - CAPTION_WIDTH, AlignmentType::Right)
    } else {
        (x + MARK_SIDE + CAPTION_APART, AlignmentType::Left)
    };
    let caption_y = if page.width > page.height {
        y
    } else {
        y + MARK_SIDE - high
    };
    let words = |text: &str, font: Font| {
        let line = Paragraph::new().line_spacing(exact(pitch(font)));
        framed(line.align(align), caption_x, caption_y, CAPTION_WIDTH)
            .add_run(font.run().add_text(clean(text)))
    };
    let shown = framed(Paragraph::new(), x - quiet, y - quiet, whole);
    Header::new()
        .add_paragraph(shown.add_run(Run::new().size(2).add_image(picture)))
        .add_paragraph(words(&mark.caption, upper))
        .add_paragraph(words(&mark.human, lower))
        .add_paragraph(line_of(HAIR))
        .build()
}
