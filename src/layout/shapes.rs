//! Characters that are made of other glyphs: small figures above and below the line, at one size whatever a font has of them; and
//! the code of a character that no font has, so that a draft never drops it (10⁻⁶ must not read 10⁶).

use crate::face::Face;
use crate::font::{FontId, FontSet};

/// A glyph within a character; lengths in thousandths of the character's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) font: FontId,
    pub(super) glyph: u16,
    /// What it stands for in a text that is copied.
    pub(super) ch: char,
    /// Its origin from the character's left edge.
    pub(super) x: i64,
    /// Its baseline above the line's.
    pub(super) raise: i64,
    /// Its size.
    pub(super) scale: i64,
}

/// Size of small figures, and how far they stand above and below the line.
const SMALL: i64 = 620;
const ABOVE: i64 = 340;
const BELOW: i64 = -140;

/// Small figures above the line and what they are made of.
const RAISED: [(char, char); 17] = [
    ('⁰', '0'),
    ('¹', '1'),
    ('²', '2'),
    ('³', '3'),
    ('⁴', '4'),
    ('⁵', '5'),
    ('⁶', '6'),
    ('⁷', '7'),
    ('⁸', '8'),
    ('⁹', '9'),
    ('⁺', '+'),
    ('⁻', '−'),
    ('⁼', '='),
    ('⁽', '('),
    ('⁾', ')'),
    ('ⁿ', 'n'),
    ('ⁱ', 'i'),
];

/// Small figures below the line and what they are made of.
const LOWERED: [(char, char); 19] = [
    ('₀', '0'),
    ('₁', '1'),
    ('₂', '2'),
    ('₃', '3'),
    ('₄', '4'),
    ('₅', '5'),
    ('₆', '6'),
    ('₇', '7'),
    ('₈', '8'),
    ('₉', '9'),
    ('₊', '+'),
    ('₋', '−'),
    ('₌', '='),
    ('₍', '('),
    ('₎', ')'),
    ('ₙ', 'n'),
    ('ₓ', 'x'),
    ('ₐ', 'a'),
    ('ₘ', 'm'),
];

/// The parts of a small figure and how far the pen goes on; none for other characters.
pub(super) fn parts(book: &FontSet, face: Face, ch: char) -> Option<(Vec<Part>, i64)> {
    if !('\u{b2}'..='\u{209f}').contains(&ch) {
        return None;
    }
    let made = |list: &[(char, char)]| {
        list.iter()
            .find(|(small, _)| *small == ch)
            .map(|(_, base)| *base)
    };
    let (base, raise) = match (made(&RAISED), made(&LOWERED)) {
        (Some(base), _) => (base, ABOVE),
        (_, Some(base)) => (base, BELOW),
        _ => return None,
    };
    // a font without a minus has a dash of the same length
    let glyph = book
        .glyph(face, base)
        .or_else(|| book.glyph(face, '–').filter(|_| base == '−'))?;
    let part = Part {
        font: glyph.font,
        glyph: glyph.id,
        ch,
        x: 0,
        raise,
        scale: SMALL,
    };
    Some((vec![part], i64::from(glyph.advance) * SMALL / 1000))
}

/// Marks that stand over the character before them, and the signs of the same shape that stand by themselves.
const OVER: [(char, char); 11] = [
    ('\u{300}', '`'),
    ('\u{301}', '´'),
    ('\u{302}', 'ˆ'),
    ('\u{303}', '˜'),
    ('\u{304}', '¯'),
    ('\u{305}', '¯'),
    ('\u{307}', '˙'),
    ('\u{308}', '¨'),
    ('\u{30A}', '˚'),
    ('\u{30C}', 'ˇ'),
    ('\u{20D7}', '→'),
];

/// Whether a character is a mark on the one before it.
pub(super) fn is_mark(ch: char) -> bool {
    matches!(ch, '\u{300}'..='\u{36F}' | '\u{20D0}'..='\u{20FF}')
}

/// A mark over the character `base`, which is `advance` thousandths wide: in the middle of it, higher over a tall letter; none for
/// marks that cannot be made so.
pub(super) fn over(book: &FontSet, ch: char, base: char, advance: i64) -> Option<Part> {
    let sign = OVER.iter().find(|(mark, _)| *mark == ch)?.1;
    let glyph = book.glyph(Face::Song, sign)?;
    let scale = if sign == '→' { 450 } else { 1000 };
    let tall = base.is_uppercase() || base.is_ascii_digit() || "bdfhklt".contains(base);
    let lifted = if sign == '→' { 350 } else { 0 };
    Some(Part {
        font: glyph.font,
        glyph: glyph.id,
        ch,
        x: -(advance + i64::from(glyph.advance) * scale / 1000) / 2,
        raise: lifted + if tall { 190 } else { 0 },
        scale,
    })
}

/// The code of a character in hexadecimal digits, in two rows.
pub(super) fn code_box(book: &FontSet, ch: char) -> Vec<Part> {
    let code: Vec<char> = format!("{:04X}", u32::from(ch)).chars().collect();
    let (upper, lower) = code.split_at(code.len() / 2);
    let scale = 400;
    let mut parts = Vec::new();
    for (row, raise) in [(upper, 420), (lower, 40)] {
        let glyphs = row
            .iter()
            .filter_map(|digit| Some((*digit, book.glyph(Face::Hei, *digit)?)));
        let glyphs: Vec<_> = glyphs.collect();
        let width: i64 = glyphs
            .iter()
            .map(|(_, g)| i64::from(g.advance) * scale / 1000)
            .sum();
        let mut x = (1000 - width) / 2;
        for (digit, glyph) in glyphs {
            parts.push(Part {
                font: glyph.font,
                glyph: glyph.id,
                ch: digit,
                x,
                raise,
                scale,
            });
            x += i64::from(glyph.advance) * scale / 1000;
        }
    }
    parts
}
