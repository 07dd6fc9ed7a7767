//! What is kept only where a field or a list is filled in (条件): `{{?key}}` … `{{/key}}`, and only where it is not: `{{^key}}` … `{{/key}}`.
//! Within a paragraph it is the words between, over several paragraphs those paragraphs, over the cells of a table its rows.

use std::ops::Range;

use crate::fill::anatomy::glyphs::{Glyph, glyphs, is_blank, text_of};
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::placeholder::{key_in, next_placeholder};
use crate::fill::put::stencil::{Action, Cut, Stencil};
use crate::ooxml::Element;

/// A sign of a condition: where it stands, and whether it begins one.
struct Sign<'t> {
    paragraph: Element<'t>,
    glyphs: Vec<Glyph<'t>>,
    /// Characters from the first brace to behind the last.
    at: Range<usize>,
    /// `?` or `^`; none at an end.
    begins: Option<char>,
    word: String,
}

/// A part of a form that is kept under a condition.
struct ConditionalPart {
    range: Range<usize>,
    /// What stands there where it is not kept.
    otherwise: &'static str,
}

/// The cuts of some elements with those that lie under a condition put into it. `list` names the list whose rows they are.
pub(super) fn with_conditions(
    roots: &[Element<'_>],
    xml: &str,
    list: Option<&str>,
    mut cuts: Vec<Cut>,
) -> Vec<Cut> {
    let mut open: Vec<Sign<'_>> = Vec::new();
    for sign in roots.iter().flat_map(|root| signs(*root)) {
        if sign.begins.is_some() {
            open.push(sign);
            continue;
        }
        let last = open.pop_if(|o| o.word == sign.word);
        let Some(begun) = last else { continue };
        let key = key_in(list, &begun.word);
        let absent = begun.begins == Some('^');
        for kept in between(&begun, &sign) {
            cuts = wrapped(xml, cuts, kept, (&key, absent));
        }
    }
    cuts
}

/// The signs of conditions in an element, in order; ends of lists are among them and close nothing.
fn signs(root: Element<'_>) -> Vec<Sign<'_>> {
    let braced = |p: &Element<'_>| p.is("p") && p.source().contains('{');
    let mut out = Vec::new();
    for paragraph in root.descendants().filter(braced) {
        let all = glyphs(paragraph);
        let mut at = 0;
        while let Some((from, to)) = next_placeholder(&all, at) {
            at = to;
            let inside = all.get(from + 2..to - 2).unwrap_or_default();
            let word = text_of(inside).trim().to_owned();
            let Some(sign) = word.chars().next().filter(|c| "?^/".contains(*c)) else {
                continue;
            };
            let word = word.trim_start_matches(['?', '^', '/', '#']).trim();
            out.push(Sign {
                paragraph,
                glyphs: all.clone(),
                at: from..to,
                begins: Some(sign).filter(|c| *c != '/'),
                word: word.to_owned(),
            });
        }
    }
    out
}

/// What stands between two signs, in pieces that can be left out without breaking the part.
fn between(begun: &Sign<'_>, ends: &Sign<'_>) -> Vec<ConditionalPart> {
    if begun.paragraph == ends.paragraph {
        let inside = begun.glyphs.get(begun.at.end..ends.at.start);
        let groups = inside
            .unwrap_or_default()
            .chunk_by(|a, b| a.element == b.element);
        let pieces = groups.filter_map(|g| Some(g.first()?.range.start..g.last()?.range.end));
        return pieces
            .map(|range| ConditionalPart {
                range,
                otherwise: "",
            })
            .collect();
    }
    let (from, to) = (begun.paragraph, ends.paragraph);
    let (first, last, otherwise) = match (
        around(from, "tc") == around(to, "tc"),
        around(from, "tr"),
        around(to, "tr"),
    ) {
        // over the cells of a table its rows
        (false, Some(first), Some(last)) if first.parent() == last.parent() => (first, last, ""),
        _ => {
            let Some((first, last)) = siblings(from, to) else {
                return Vec::new();
            };
            // a cell is never without a paragraph
            let blocks = |e: Element<'_>| e.is("p") || e.is("tbl");
            let parent = first.parent().filter(|p| p.is("tc"));
            let own = parent.into_iter().flat_map(Element::children);
            let mut outside = own.filter(|e| blocks(*e)).filter(|e| {
                e.range().end <= first.range().start || e.range().start >= last.range().end
            });
            let whole = parent.is_some() && outside.next_back().is_none_or(|e| !e.is("p"));
            (first, last, if whole { "<w:p/>" } else { "" })
        }
    };
    let range = first.range().start..last.range().end;
    // the signs' own paragraphs go first: what they are in takes them along
    let mut out = Vec::new();
    if first.is("p") && otherwise.is_empty() {
        out.extend(alone(begun));
        out.extend(alone(ends));
    }
    out.push(ConditionalPart { range, otherwise });
    out
}

/// The innermost element of a name around another one.
fn around<'t>(element: Element<'t>, name: &str) -> Option<Element<'t>> {
    element.ancestors().find(|a| a.is(name))
}

/// The ancestors of two elements, or they themselves, that stand in one container.
fn siblings<'t>(from: Element<'t>, to: Element<'t>) -> Option<(Element<'t>, Element<'t>)> {
    let ways = |e: Element<'t>| std::iter::once(e).chain(e.ancestors());
    let both = |a: Element<'t>| ways(to).find(|b| a.parent().is_some() && a.parent() == b.parent());
    ways(from).find_map(|a| Some((a, both(a)?)))
}

/// A paragraph with nothing in it but a sign, which goes with its sign in every case.
fn alone(sign: &Sign<'_>) -> Option<ConditionalPart> {
    let outside = sign.glyphs.iter().enumerate();
    let mut outside = outside.filter(|(n, _)| !sign.at.contains(n));
    let bare = outside.all(|(_, g)| is_blank(g.c)) && !holds_section(sign.paragraph);
    bare.then(|| ConditionalPart {
        range: sign.paragraph.range(),
        otherwise: GONE,
    })
}

/// Says that a piece is never kept.
const GONE: &str = "gone";

/// Whether a paragraph ends a section: then it stays.
fn holds_section(paragraph: Element<'_>) -> bool {
    paragraph.at(&["pPr", "sectPr"]).is_some()
}

/// The cuts, those within a piece put into one that writes it only where the condition holds.
fn wrapped(
    xml: &str,
    cuts: Vec<Cut>,
    kept: ConditionalPart,
    (key, absent): (&CutKey, bool),
) -> Vec<Cut> {
    let ConditionalPart { range, otherwise } = kept;
    let inside = |c: &Cut| range.start <= c.range.start && c.range.end <= range.end;
    let (within, mut out): (Vec<Cut>, Vec<Cut>) = cuts.into_iter().partition(inside);
    let ink = if otherwise == GONE {
        Action::Fixed(String::new())
    } else {
        let base = range.start;
        let moved = within.into_iter().map(|mut cut| {
            cut.range = cut.range.start - base..cut.range.end - base;
            cut
        });
        let source = xml.get(range.clone()).unwrap_or_default().to_owned();
        Action::When {
            key: key.clone(),
            absent,
            body: Box::new(Stencil::new(source, moved.collect()).0),
            otherwise: otherwise.to_owned(),
        }
    };
    out.push(Cut {
        range,
        key: CutKey::Field(String::new()),
        ink,
        name: String::new(),
    });
    out
}
