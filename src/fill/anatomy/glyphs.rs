//! The characters of a paragraph, each with its place in the part: text is found by reading and changed by cutting.
//! Deleted text, hidden text and text boxes are not among them; the prompt of a content control that nothing was written over is blank.

use std::ops::Range;

use crate::ooxml::{Element, shows_prompt};

/// Most bytes of a reference behind its `&`, such as `&#x10FFFF;`.
const LONGEST_REFERENCE: usize = 12;

/// A character of a paragraph.
#[derive(Clone, Debug)]
pub(in crate::fill) struct Glyph<'t> {
    /// What it is; a tab is `\t`, a line end `\n`.
    pub(in crate::fill) c: char,
    /// Its bytes in the part: those of the character or its reference, or of the whole element of a tab or line end.
    pub(in crate::fill) range: Range<usize>,
    /// The element that it stands in: `w:t`, or the tab or line end itself.
    pub(in crate::fill) element: Element<'t>,
    /// The run that it stands in.
    pub(in crate::fill) run: Element<'t>,
    /// Whether it is underlined.
    pub(in crate::fill) underlined: bool,
}

/// The characters of a paragraph in reading order.
pub(in crate::fill) fn glyphs<'t>(paragraph: Element<'t>) -> Vec<Glyph<'t>> {
    let mut out = Vec::new();
    let around = paragraph
        .ancestors()
        .any(|a| a.is("sdt") && shows_prompt(a));
    walk(paragraph, around, &mut out);
    out
}

/// The content control around a character whose prompt it is part of.
pub(in crate::fill) fn prompt_of<'t>(glyph: &Glyph<'t>) -> Option<Element<'t>> {
    let mut around = glyph.run.ancestors();
    around.find(|a| a.is("sdt") && shows_prompt(*a))
}

/// The text of characters.
pub(in crate::fill) fn text_of(glyphs: &[Glyph<'_>]) -> String {
    glyphs.iter().map(|g| g.c).collect()
}

/// Whether a character is blank on paper.
pub(in crate::fill) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{3000}' || c == '\u{A0}'
}

/// Runs of a paragraph: directly, and within insertions, controls, links and the like.
pub(in crate::fill) fn runs_of<'t>(element: Element<'t>, out: &mut Vec<Element<'t>>) {
    for child in element.children() {
        match child.name() {
            "r" => out.push(child),
            "del" | "moveFrom" | "pPr" | "rPr" | "sdtPr" => {}
            _ => runs_of(child, out),
        }
    }
}

/// The characters of runs; `prompt` says that they are a prompt's.
fn walk<'t>(element: Element<'t>, prompt: bool, out: &mut Vec<Glyph<'t>>) {
    for child in element.children() {
        match child.name() {
            "r" => run(child, prompt, out),
            "del" | "moveFrom" | "pPr" | "rPr" | "sdtPr" => {}
            "sdt" => walk(child, prompt || shows_prompt(child), out),
            _ => walk(child, prompt, out),
        }
    }
}

/// The characters of a run.
fn run<'t>(run: Element<'t>, prompt: bool, out: &mut Vec<Glyph<'t>>) {
    let first = out.len();
    let look = run.child("rPr");
    // hidden text is on no paper: nothing is asked there, and nothing read
    let hidden = look.and_then(|l| l.child("vanish"));
    if hidden.is_some_and(|h| h.val().is_none_or(|v| v != "0" && v != "false")) {
        return;
    }
    let underlined = look
        .and_then(|l| l.child("u"))
        .is_some_and(|u| u.val().is_none_or(|v| v != "none"));
    for child in run.children() {
        let whole = |c: char| Glyph {
            c,
            range: child.range(),
            element: child,
            run,
            underlined,
        };
        match child.name() {
            "tab" | "ptab" => out.push(whole('\t')),
            "br" | "cr" => out.push(whole('\n')),
            "noBreakHyphen" => out.push(whole('-')),
            "sym" => out.push(whole(symbol(child))),
            "fldChar" => out.extend(field_box(child).map(whole)),
            "t" => letters(child, run, underlined, out),
            // of characters with their sound above them those that are meant
            "ruby" => child
                .child("rubyBase")
                .into_iter()
                .for_each(|base| walk(base, prompt, out)),
            _ => {}
        }
    }
    if prompt {
        out.iter_mut().skip(first).for_each(|glyph| glyph.c = ' ');
    }
}

/// The check box of an old form field, ticked or not (ECMA-376 §17.16.7).
fn field_box(element: Element<'_>) -> Option<char> {
    let field = element.at(&["ffData", "checkBox"])?;
    let state = field.child("checked").or_else(|| field.child("default"));
    let on = state.is_some_and(|s| s.val().is_none_or(|v| v != "0" && v != "false"));
    Some(if on { '☒' } else { '□' })
}

/// A character of a symbol font: ticks and boxes of Wingdings and its sisters; anything else is a picture.
fn symbol(element: Element<'_>) -> char {
    let code = element.attribute("w:char").unwrap_or_default();
    let code = u32::from_str_radix(&code, 16).unwrap_or(0) & 0xFF;
    match code {
        0xFE | 0x52 => '☑',
        0xFD | 0x54 | 0x51 => '☒',
        0xFC => '√',
        0x6E => '■',
        0xA1 | 0x6D => '○',
        0x6F | 0x70 | 0x71 | 0x72 | 0x78 | 0xA2 | 0xA3 | 0xA8 => '□',
        _ => '\u{FFFC}',
    }
}

fn letters<'t>(t: Element<'t>, run: Element<'t>, underlined: bool, out: &mut Vec<Glyph<'t>>) {
    let (source, start) = (t.inside(), t.inner().start);
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let at = source.len() - rest.len();
        // a reference is short; what has none is not searched to its end
        let end = || rest.bytes().take(LONGEST_REFERENCE).position(|b| b == b';');
        let (c, length) = match (c, (c == '&').then(end).flatten()) {
            ('&', Some(end)) => {
                let reference = rest.get(..=end).unwrap_or(rest);
                let meant = quick_xml::escape::unescape(reference).ok();
                match meant.and_then(|m| m.chars().next()) {
                    Some(c) => (c, reference.len()),
                    None => ('&', 1),
                }
            }
            _ => (c, c.len_utf8()),
        };
        out.push(Glyph {
            c,
            range: start + at..start + at + length,
            element: t,
            run,
            underlined,
        });
        rest = source.get(at + length..).unwrap_or("");
    }
}
