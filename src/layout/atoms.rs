//! A text as measured characters: their shapes and widths at a size, what of a sign is blank, and the room between scripts.

use crate::font::{FontId, FontSet, Glyph, is_ignorable};
use crate::form::Style;
use crate::text::kinsoku::{Class, blank_sides, class};
use crate::units::Length;

use super::shapes::{Part, is_mark, over, parts};

/// How much of a sign's blank half a full line may take away, in hundredths: nearly all of it (CLReq 3.1.6), as whole lines then stay even.
const GIVES: i64 = 95;

/// How a character is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// A glyph.
    Glyph(FontId, u16),
    /// A tick box, of rules.
    Tick,
    /// Smaller glyphs out of their line, such as ⁺ made of +.
    Parts(Vec<Part>),
    /// The code of a character that no font has, in a box.
    Missing(Vec<Part>),
}

/// A character measured; lengths in micrometres.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub(super) ch: char,
    pub(super) shape: Shape,
    /// How far the pen goes on.
    pub(super) width: i64,
    /// How much of that a full line may take away.
    pub(super) shrink: i64,
    /// How much is added there before Han are set apart: spaces and the room between scripts are elastic (CLReq 3.2.1), characters are not.
    pub(super) stretch: i64,
    /// Blank at its left, which goes where it begins a line.
    pub(super) blank_left: i64,
    /// Blank at its right, and room between scripts, which may go where it ends a line.
    pub(super) blank_right: i64,
    /// Of `blank_right`, the room between scripts, which always goes there.
    pub(super) script: i64,
}

/// A character that no font has: its position in the text, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Missing {
    pub(super) at: usize,
    pub(super) ch: char,
}

/// Whether a character is drawn as a tick box instead of being set.
pub(super) fn is_tick(ch: char) -> bool {
    matches!(ch, '☐' | '☑' | '☒')
}

/// Measures a text.
pub(super) fn measure(
    book: &FontSet,
    style: &Style,
    size: Length,
    text: &str,
    missing: &mut Vec<Missing>,
) -> Vec<Atom> {
    let mut atoms = Vec::with_capacity(text.len() / 2);
    for (at, ch) in text.chars().enumerate() {
        if is_ignorable(ch) {
            continue;
        }
        let before = atoms.last().map(|a: &Atom| (a.ch, a.width));
        let (shape, width) = match before.filter(|_| is_mark(ch)) {
            Some(before) => marked(book, size, ch, before),
            None => shape(book, style, size, ch),
        };
        if matches!(shape, Shape::Missing(_)) {
            missing.push(Missing { at, ch });
        }
        let full = width >= size.0 * 9 / 10;
        let blank = |thousandths: i64| if full { size.0 * thousandths / 1000 } else { 0 };
        let (left, right) = blank_sides(ch);
        atoms.push(Atom {
            ch,
            shape,
            width,
            // a space between words gives a third of its width
            shrink: match ch {
                ' ' => width / 3,
                _ => blank(right) * GIVES / 100,
            },
            stretch: if ch == ' ' { width / 2 } else { 0 },
            blank_left: blank(left),
            blank_right: blank(right),
            script: 0,
        });
    }
    squeeze_neighbours(&mut atoms, size);
    give_before_openers(&mut atoms);
    space_scripts(&mut atoms, size, style.script_gap);
    atoms
}

fn shape(book: &FontSet, style: &Style, size: Length, ch: char) -> (Shape, i64) {
    if is_tick(ch) {
        return (Shape::Tick, size.0 * 95 / 100);
    }
    if let Some((parts, advance)) = parts(book, style.face, ch) {
        return (Shape::Parts(parts), size.0 * advance / 1000);
    }
    if let Some(Glyph { font, id, advance }) = book.glyph(style.face, ch) {
        return (Shape::Glyph(font, id), size.0 * i64::from(advance) / 1000);
    }
    (Shape::Missing(super::shapes::code_box(book, ch)), size.0)
}

/// A mark over the character before it, which takes no room of its own.
fn marked(book: &FontSet, size: Length, ch: char, (base, width): (char, i64)) -> (Shape, i64) {
    match over(book, ch, base, width * 1000 / size.0.max(1)) {
        Some(part) => (Shape::Parts(vec![part]), 0),
        None => (Shape::Missing(super::shapes::code_box(book, ch)), size.0),
    }
}

/// Two signs side by side give up one blank half (标点挤压, CLReq 3.1.6).
fn squeeze_neighbours(atoms: &mut [Atom], size: Length) {
    for i in 1..atoms.len() {
        let (Some(before), Some(after)) = (atoms.get(i - 1), atoms.get(i)) else {
            continue;
        };
        let after_is_sign = blank_sides(after.ch) != (0, 0);
        let taken = if before.blank_right > 0 && after_is_sign {
            before.blank_right
        } else if before.blank_right == 0 && after.blank_left > 0 && before.blank_left > 0 {
            // （“ : the second gives up its left half, by drawing the first one's advance short
            after.blank_left
        } else {
            0
        };
        if taken > 0
            && let Some(atom) = atoms.get_mut(i - 1)
            && atom.width >= size.0 * 9 / 10
        {
            atom.width -= taken;
            atom.shrink = 0;
            atom.blank_right = 0;
        }
    }
}

/// The blank half of a sign that opens is at its left: what it may give is taken behind the character before it.
fn give_before_openers(atoms: &mut [Atom]) {
    for i in 1..atoms.len() {
        let Some(blank) = atoms.get(i).map(|a| a.blank_left).filter(|b| *b > 0) else {
            continue;
        };
        if let Some(before) = atoms.get_mut(i - 1)
            && blank_sides(before.ch) == (0, 0)
        {
            before.shrink += blank * GIVES / 100;
        }
    }
}

/// Han and Latin side by side stand apart (CLReq 3.2.1).
fn space_scripts(atoms: &mut [Atom], size: Length, thousandths: u16) {
    let gap = size.0 * i64::from(thousandths) / 1000;
    if gap == 0 {
        return;
    }
    for i in 1..atoms.len() {
        let (Some(before), Some(after)) = (atoms.get(i - 1), atoms.get(i)) else {
            continue;
        };
        if !apart(before.ch, after.ch) {
            continue;
        }
        if let Some(atom) = atoms.get_mut(i - 1) {
            atom.width += gap;
            atom.script = gap;
            atom.blank_right = gap;
            atom.shrink += gap / 2;
            atom.stretch += gap / 2;
        }
    }
}

/// Whether one is a Han character and the other a letter, a digit or a unit behind one (−20 ℃保存).
fn apart(before: char, after: char) -> bool {
    let letter = |c: char| class(c) == Class::Latin && c.is_alphanumeric();
    let unit = |c: char| matches!(c, '℃' | '℉' | '‰' | '%' | '°');
    let han = |c: char| class(c) == Class::Han && c.is_alphabetic();
    han(before) && letter(after) || (letter(before) || unit(before)) && han(after)
}
