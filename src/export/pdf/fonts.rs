//! Which glyphs a file uses, its fonts cut down to them, and the code of each glyph in content streams.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::error::PdfError;
use crate::font::{FontId, FontSet, Subset, subset};
use crate::layout::Text;

/// Glyph numbers of a font.
const GLYPHS: usize = 0x1_0000;

/// The glyphs that are used, by font.
#[derive(Default)]
pub(super) struct Usage {
    fonts: BTreeMap<FontId, Marks>,
}

/// The glyphs used of one font.
struct Marks {
    /// The first character shown by each glyph.
    first: Vec<Option<char>>,
    /// Further characters that share a glyph with an earlier one, such as `一` and `⼀`.
    more: BTreeSet<(u16, char)>,
}

impl Usage {
    /// Notes the glyphs of a run.
    pub(super) fn note(&mut self, text: &Text) {
        if text.glyphs.is_empty() {
            return;
        }
        let marks = self.fonts.entry(text.font).or_insert_with(|| Marks {
            first: vec![None; GLYPHS],
            more: BTreeSet::new(),
        });
        for placed in &text.glyphs {
            let Some(first) = marks.first.get_mut(usize::from(placed.glyph)) else {
                continue;
            };
            match first {
                None => *first = Some(placed.ch),
                Some(ch) if *ch == placed.ch => {}
                Some(_) => {
                    marks.more.insert((placed.glyph, placed.ch));
                }
            }
        }
    }
}

/// One code of a font in this file.
pub(super) struct Code {
    /// Two bytes in content streams.
    pub(super) code: u16,
    /// Glyph in the font as cut down.
    pub(super) glyph: u16,
    /// Width in thousandths of the em.
    pub(super) advance: u16,
    /// What is copied and searched.
    pub(super) ch: char,
}

/// One font of the file.
pub(super) struct FontFile {
    /// Its number in the book.
    pub(super) font: FontId,
    /// Resource name.
    pub(super) name: String,
    /// `AAAAAA+PostScriptName`; the six letters are taken from the hash of the program, so that equal subsets have
    /// equal names (ISO 32000-1, 9.6.4).
    pub(super) tagged: String,
    /// The program.
    pub(super) bytes: Vec<u8>,
    /// Codes in ascending order.
    pub(super) codes: Vec<Code>,
    /// Whether some code is not the glyph's number.
    pub(super) mapped: bool,
    /// Code and width by glyph of the full font.
    by_glyph: Vec<(u16, u16)>,
    /// The character that the glyph's own code stands for.
    first: Vec<Option<char>>,
    /// Codes of further characters.
    more: BTreeMap<(u16, char), u16>,
}

impl FontFile {
    /// The code of a glyph that shows a character.
    pub(super) fn code(&self, glyph: u16, ch: char) -> u16 {
        let at = usize::from(glyph);
        let own = self.by_glyph.get(at).map_or(0, |(code, _)| *code);
        if self.more.is_empty() || self.first.get(at).copied().flatten() == Some(ch) {
            return own;
        }
        self.more.get(&(glyph, ch)).copied().unwrap_or(own)
    }

    /// A glyph's width in thousandths of the em.
    pub(super) fn advance(&self, glyph: u16) -> u16 {
        self.by_glyph
            .get(usize::from(glyph))
            .map_or(0, |(_, advance)| *advance)
    }
}

/// The fonts of a file.
pub(super) struct Fonts {
    /// In order of their numbers.
    pub(super) list: Vec<FontFile>,
    by_font: BTreeMap<FontId, usize>,
}

impl Fonts {
    /// Cuts every font that is used down to its glyphs.
    pub(super) fn cut(book: &FontSet, usage: &Usage) -> Result<Self, PdfError> {
        let list = usage
            .fonts
            .iter()
            .map(|(font, marks)| cut_font(book, *font, marks))
            .filter(|cut| !cut.as_ref().is_ok_and(|cut| cut.codes.is_empty()))
            .collect::<Result<Vec<_>, _>>()?;
        let by_font = list.iter().enumerate().map(|(n, c)| (c.font, n)).collect();
        Ok(Self { list, by_font })
    }

    /// The font as cut down.
    pub(super) fn of(&self, font: FontId) -> Option<&FontFile> {
        self.list.get(*self.by_font.get(&font)?)
    }
}

fn cut_font(book: &FontSet, font: FontId, marks: &Marks) -> Result<FontFile, PdfError> {
    let used: BTreeSet<u16> = (0..=u16::MAX)
        .zip(&marks.first)
        .filter_map(|(glyph, ch)| ch.map(|_| glyph))
        .collect();
    let Subset { bytes, mapping } = subset(book, font, &used)?;

    let mut by_glyph = vec![(0, 0); GLYPHS];
    let mut codes = Vec::with_capacity(mapping.len());
    let first = |glyph: u16| marks.first.get(usize::from(glyph)).copied().flatten();
    for (old, new) in &mapping {
        let advance = book.advance(font, *old);
        if let Some(place) = by_glyph.get_mut(usize::from(*old)) {
            *place = (*new, advance);
        }
        if let Some(ch) = first(*old) {
            codes.push(Code {
                code: *new,
                glyph: *new,
                advance,
                ch,
            });
        }
    }
    codes.sort_unstable_by_key(|c| c.code);

    let mut more = BTreeMap::new();
    let mut next = u16::try_from(mapping.len()).ok();
    for (old, ch) in &marks.more {
        // Beyond 65,535 codes a glyph is shown all the same, and copied as its first character.
        let (Some(code), Some(glyph)) = (next, mapping.get(old)) else {
            continue;
        };
        next = code.checked_add(1);
        more.insert((*old, *ch), code);
        codes.push(Code {
            code,
            glyph: *glyph,
            advance: book.advance(font, *old),
            ch: *ch,
        });
    }
    let tag: String = Sha256::digest(&bytes)
        .iter()
        .take(6)
        .map(|byte| char::from(b'A' + byte % 26))
        .collect();
    Ok(FontFile {
        font,
        name: format!("T{}", font.0),
        tagged: format!("{tag}+{}", book.postscript_name(font)),
        bytes,
        mapped: !more.is_empty(),
        codes,
        by_glyph,
        first: marks.first.clone(),
        more,
    })
}
