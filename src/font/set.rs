//! The set of fonts: the six that the program carries, those of `--font-dir`, and the way from a character to a glyph.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::face::Face;
use crate::font::source::{PLANE, Source};
use crate::font::{FontError, FontId, Glyph};

const SONG: u16 = 0;
const FANGSONG: u16 = 1;
const TITLE: u16 = 2;
const HEI: u16 = 3;
const KAI: u16 = 4;
const RARE: u16 = 5;

/// The fonts that the program carries, by number.
const BUNDLED: [(&str, &[u8]); 6] = [
    (
        "NotoSerifSC-Regular.ttf",
        include_bytes!("../../fonts/NotoSerifSC-Regular.ttf"),
    ),
    (
        "ZhuqueFangsong-Regular.ttf",
        include_bytes!("../../fonts/ZhuqueFangsong-Regular.ttf"),
    ),
    (
        "NotoSerifSC-Bold.sub.ttf",
        include_bytes!("../../fonts/NotoSerifSC-Bold.sub.ttf"),
    ),
    (
        "NotoSansSC-Medium.sub.ttf",
        include_bytes!("../../fonts/NotoSansSC-Medium.sub.ttf"),
    ),
    (
        "LXGWWenKaiGBLite-Regular.sub.ttf",
        include_bytes!("../../fonts/LXGWWenKaiGBLite-Regular.sub.ttf"),
    ),
    (
        "RareNameHan-Regular.ttf",
        include_bytes!("../../fonts/RareNameHan-Regular.ttf"),
    ),
];

/// Most fonts in a book: more than a folder of fonts holds, and few enough that a lookup stays quick.
const MOST: usize = 256;

/// All fonts, parsed once.
#[derive(Clone, Debug)]
pub struct FontSet {
    fonts: Vec<Source>,
    /// By face: the glyph of every code point of the basic plane; id 0 for none.
    basic: Vec<Vec<Glyph>>,
    /// By face: the glyphs beyond it.
    beyond: Vec<BTreeMap<u32, Glyph>>,
}

impl FontSet {
    /// The fonts that the program carries.
    pub fn bundled() -> Result<Self, FontError> {
        let fonts = BUNDLED
            .iter()
            .map(|(name, bytes)| Source::parse(name, Cow::Borrowed(bytes)))
            .collect::<Result<Vec<_>, _>>()?;
        let mut book = Self {
            fonts,
            basic: Vec::new(),
            beyond: Vec::new(),
        };
        book.index();
        Ok(book)
    }

    /// Adds a font at the end of the fallback chain; `name` is its file name. The book is unchanged where it fails.
    pub fn with_extra(&mut self, name: String, bytes: Vec<u8>) -> Result<(), FontError> {
        if self.fonts.len() >= MOST {
            return Err(FontError::TooMany {
                most: MOST - BUNDLED.len(),
            });
        }
        let font = Source::parse(&name, Cow::Owned(bytes))?;
        let id = FontId(u16::try_from(self.fonts.len()).unwrap_or(u16::MAX));
        for (basic, beyond) in self.basic.iter_mut().zip(&mut self.beyond) {
            for (code, place) in (0_u32..).zip(basic.iter_mut()) {
                if place.id == 0
                    && let Some(found) = char::from_u32(code).and_then(|ch| take(&font, id, ch))
                {
                    *place = found;
                }
            }
            for (code, glyph) in font.beyond() {
                beyond.entry(*code).or_insert(Glyph {
                    font: id,
                    id: *glyph,
                    advance: font.advance(*glyph),
                });
            }
        }
        self.fonts.push(font);
        Ok(())
    }

    /// The glyph of a character in a face: the face's own font, then 宋体, then the rare names, then 仿宋, then fonts added;
    /// none where no font has it. White space has glyphs; line ends, ignorable characters, and ☑ ☒ have none: the layout
    /// passes over the former and draws the latter.
    #[inline]
    pub fn glyph(&self, face: Face, ch: char) -> Option<Glyph> {
        let code = u32::from(ch);
        let basic = self.basic.get(face.index())?;
        match basic.get(code as usize) {
            Some(glyph) => (glyph.id != 0).then_some(*glyph),
            None => self.beyond.get(face.index())?.get(&code).copied(),
        }
    }

    /// A glyph's width in thousandths of the em; 0 where the book does not have it.
    #[inline]
    pub fn advance(&self, font: FontId, glyph: u16) -> u16 {
        self.source(font).map_or(0, |f| f.advance(glyph))
    }

    /// Font units to the em; 1000 for a font that the book does not have.
    pub fn units_per_em(&self, font: FontId) -> u16 {
        self.source(font).map_or(1000, |f| f.units_per_em)
    }

    /// A font's PostScript name: letters, digits and hyphens; empty for a font that the book does not have.
    pub fn postscript_name(&self, font: FontId) -> &str {
        self.source(font).map_or("", |f| &f.postscript_name)
    }

    /// Bounding box of all glyphs of a font in thousandths of the em: left, bottom, right, top.
    pub fn bounds(&self, font: FontId) -> [i16; 4] {
        self.source(font).map_or([0, -120, 1000, 880], |f| f.bbox)
    }

    /// The files of all fonts, by number.
    pub fn files(&self) -> impl Iterator<Item = &[u8]> {
        self.fonts.iter().map(|font| &*font.bytes)
    }

    /// A font's weight, 100 to 900; 400 is regular.
    pub fn weight(&self, font: FontId) -> u16 {
        self.source(font).map_or(400, |f| f.weight)
    }

    /// The characters of a text that no font has, with their positions counted in characters from 0. Line ends and
    /// ignorable characters need no glyph.
    pub fn missing(&self, face: Face, text: &str) -> Vec<(usize, char)> {
        text.chars()
            .enumerate()
            .filter(|(_, ch)| *ch != '\n' && !is_ignorable(*ch) && self.glyph(face, *ch).is_none())
            .collect()
    }

    /// A font by its number.
    pub(super) fn source(&self, font: FontId) -> Option<&Source> {
        self.fonts.get(usize::from(font.0))
    }

    /// Makes the tables by face.
    fn index(&mut self) {
        for face in Face::ALL {
            let mut basic = vec![Glyph::default(); PLANE];
            for (code, place) in (0_u32..).zip(basic.iter_mut()) {
                if let Some(ch) = char::from_u32(code)
                    && let Some(glyph) = self.choose(face, ch)
                {
                    *place = glyph;
                }
            }
            let mut beyond = BTreeMap::new();
            for code in self.fonts.iter().flat_map(|f| f.beyond().keys()) {
                if let Some(glyph) = char::from_u32(*code).and_then(|ch| self.choose(face, ch)) {
                    beyond.insert(*code, glyph);
                }
            }
            self.basic.push(basic);
            self.beyond.push(beyond);
        }
    }

    /// The first font of the chain that has a character. 仿宋 stands at its end for the small digits of formulas (CO₂),
    /// which only Zhuque has.
    fn choose(&self, face: Face, ch: char) -> Option<Glyph> {
        let own = own_font(face);
        let first = special(face, ch).unwrap_or(own);
        [first, own, SONG, RARE, FANGSONG]
            .into_iter()
            .find_map(|number| {
                let id = FontId(number);
                take(self.source(id)?, id, ch)
            })
    }
}

/// The glyph of a character in one font.
fn take(font: &Source, id: FontId, ch: char) -> Option<Glyph> {
    if ch.is_control() || is_ignorable(ch) || is_drawn(ch) || is_invisible(ch) {
        return None;
    }
    let glyph = font.glyph(ch)?;
    Some(Glyph {
        font: id,
        id: glyph,
        advance: font.advance(glyph),
    })
}

/// The font of a face.
fn own_font(face: Face) -> u16 {
    match face {
        Face::Song => SONG,
        Face::Fangsong => FANGSONG,
        Face::Title => TITLE,
        Face::Hei => HEI,
        Face::Kai => KAI,
    }
}

/// Whether a character is drawn by the layout as lines, in every face alike; most fonts lack it.
fn is_drawn(ch: char) -> bool {
    matches!(ch, '☑' | '☒')
}

/// Whether a character is invisible and no part of a text for people: zero width spaces, marks of direction, byte order
/// marks. Some fonts have empty glyphs for them; here they are characters that no font has, so that they are found.
fn is_invisible(ch: char) -> bool {
    matches!(ch, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Where a character is better taken from another font than the face's own.
fn special(face: Face, ch: char) -> Option<u16> {
    let script = matches!(face, Face::Fangsong | Face::Kai);
    match ch {
        // 331 wide in Zhuque and 350 in WenKai, where Chinese text needs 1000; Noto's are, in every weight.
        '“' | '”' | '‘' | '’' | '…' if script => Some(SONG),
        // Two dashes must join: Zhuque's do, Noto leaves a gap of 0.14 to 0.20 em.
        '—' => Some(FANGSONG),
        // The dot of names is half an em wide in Zhuque, 327 in Noto Serif and 1000 in Noto Sans.
        '·' => Some(FANGSONG),
        // Zhuque's brackets look like 〔〕, which mean something else in numbers of documents.
        '（' | '）' if face == Face::Fangsong => Some(SONG),
        // Signs of science have the size and the weight of Noto's text: Zhuque's are of several hands.
        '\u{2030}'..='\u{203e}' | '\u{2100}'..='\u{2bff}' if script => Some(SONG),
        // Zhuque's digits are proportional and low; Latin words, numbers and their signs come from one font.
        ' '..='~' | '\u{a0}'..='\u{24f}' if script => Some(SONG),
        // Greek letters and roman numbers stand among Latin ones: kΩ, μm, ΔG, Ⅳ类.
        '\u{370}'..='\u{3ff}' if script => Some(SONG),
        _ => None,
    }
}

/// Whether a character has no shape of its own and is passed over when text is set: variation selectors and the
/// zero width joiner.
pub fn is_ignorable(ch: char) -> bool {
    matches!(ch, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{200d}')
}
