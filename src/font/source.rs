//! One font: its bytes, and its character map and widths as tables that are quick to ask.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ttf_parser::{Face, GlyphId, Permissions, Tag, cmap, name_id};

use super::FontError;

/// Code points of the basic plane.
pub(super) const PLANE: usize = 0x1_0000;

/// One parsed font.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The file.
    pub(super) bytes: Cow<'static, [u8]>,
    /// PostScript name, letters, digits and hyphens only.
    pub(super) postscript_name: String,
    /// Font units to the em, 16 to 16384.
    pub(super) units_per_em: u16,
    /// Bounding box of all glyphs in thousandths of the em: left, bottom, right, top.
    pub(super) bbox: [i16; 4],
    /// OS/2 weight class, 400 where there is none.
    pub(super) weight: u16,
    /// Widths by glyph, in thousandths of the em.
    advances: Vec<u16>,
    /// Glyphs by code point of the basic plane; 0 for none.
    basic: Vec<u16>,
    /// Glyphs beyond it.
    beyond: BTreeMap<u32, u16>,
}

impl Source {
    /// Reads a font; `name` is its file name.
    pub(super) fn parse(name: &str, bytes: Cow<'static, [u8]>) -> Result<Self, FontError> {
        let broken = |reason: &str| FontError::Malformed {
            name: name.to_owned(),
            reason: reason.to_owned(),
        };
        let whole = |face: &Face<'_>| {
            face.raw_face().table_records.into_iter().all(|t| {
                let end = u64::from(t.offset) + u64::from(t.length);
                end <= bytes.len() as u64
            })
        };
        let face = Face::parse(&bytes, 0).map_err(|e| broken(&e.to_string()))?;
        if !whole(&face) {
            return Err(broken("文件不完整"));
        }
        if matches!(face.permissions(), Some(Permissions::Restricted)) {
            return Err(FontError::Restricted {
                name: name.to_owned(),
            });
        }
        let tables = face.tables();
        if tables.glyf.is_none() {
            return Err(broken("不是 TrueType（glyf）轮廓"));
        }
        let cmap = tables
            .cmap
            .ok_or_else(|| broken("没有字符映射表（cmap）"))?;
        let raw = face
            .raw_face()
            .table(Tag::from_bytes(b"cmap"))
            .unwrap_or_default();
        let units_per_em = face.units_per_em();
        let per_mille = |units: i32| units.saturating_mul(1000) / i32::from(units_per_em);
        let clamp = |units: i16| {
            let value = per_mille(i32::from(units));
            i16::try_from(value).unwrap_or(if value < 0 { i16::MIN } else { i16::MAX })
        };

        let advances = (0..face.number_of_glyphs())
            .map(|id| {
                let units = u32::from(face.glyph_hor_advance(GlyphId(id)).unwrap_or(0));
                let em = u32::from(units_per_em);
                u16::try_from((units * 1000 + em / 2) / em).unwrap_or(u16::MAX)
            })
            .collect::<Vec<_>>();

        let (basic, beyond) = character_map(raw, cmap, advances.len())
            .ok_or_else(|| broken("字符映射表（cmap）不可用"))?;
        let bounds = face.global_bounding_box();
        let bbox = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(clamp);
        let postscript_name = face
            .names()
            .into_iter()
            .filter(|n| n.name_id == name_id::POST_SCRIPT_NAME)
            .find_map(|n| n.to_string())
            .map(|n| printable(&n))
            .filter(|n| !n.is_empty())
            .unwrap_or_else(|| printable(name));
        let weight = tables.os2.map_or(400, |os2| os2.weight().to_number());
        Ok(Self {
            postscript_name,
            units_per_em,
            bbox,
            weight,
            advances,
            basic,
            beyond,
            bytes,
        })
    }

    /// The glyph of a character; none where the font has none.
    pub(super) fn glyph(&self, ch: char) -> Option<u16> {
        let code = u32::from(ch);
        let glyph = match self.basic.get(code as usize) {
            Some(glyph) => *glyph,
            None => self.beyond.get(&code).copied().unwrap_or(0),
        };
        (glyph != 0).then_some(glyph)
    }

    /// Code points beyond the basic plane, with their glyphs.
    pub(super) fn beyond(&self) -> &BTreeMap<u32, u16> {
        &self.beyond
    }

    /// A glyph's width in thousandths of the em; 0 for a glyph that the font does not have.
    pub(super) fn advance(&self, glyph: u16) -> u16 {
        self.advances.get(usize::from(glyph)).copied().unwrap_or(0)
    }

    /// Number of glyphs.
    pub(super) fn glyphs(&self) -> usize {
        self.advances.len()
    }
}

/// Glyphs of the basic plane by code point, and those beyond it, out of the richest subtable; none where there is no
/// Unicode subtable of format 12 or 4, or where its ranges do not ascend. A hostile table costs no more than a good one.
fn character_map(
    raw: &[u8],
    cmap: cmap::Table<'_>,
    glyphs: usize,
) -> Option<(Vec<u16>, BTreeMap<u32, u16>)> {
    let mut basic = vec![0; PLANE];
    let mut beyond = BTreeMap::new();
    let mut set = |code: u32, glyph: u16| {
        if glyph == 0 || usize::from(glyph) >= glyphs {
            return;
        }
        match basic.get_mut(code as usize) {
            Some(place) => *place = glyph,
            None => {
                beyond.insert(code, glyph);
            }
        }
    };
    if let Some(groups) = groups_of_format_12(raw) {
        let mut next = 0;
        for group in groups.as_chunks::<12>().0 {
            let [from, to, glyph] = [0, 4, 8].map(|at| u32_at(group, at).unwrap_or(0));
            if from < next || to < from || to > u32::from(char::MAX) {
                return None;
            }
            next = to + 1;
            for (code, glyph) in (from..=to).zip(glyph..=u32::MAX) {
                set(code, u16::try_from(glyph).unwrap_or(0));
            }
        }
    } else {
        let unicode = cmap.subtables.into_iter().filter(|s| s.is_unicode());
        let table = unicode.into_iter().find_map(|s| match s.format {
            cmap::Format::SegmentMappingToDeltaValues(table) => Some(table),
            _ => None,
        })?;
        for code in 0..=0xffff {
            set(code, table.glyph_index(code).map_or(0, |g| g.0));
        }
    }
    Some((basic, beyond))
}

/// The groups of the full Unicode subtable (OpenType cmap format 12), 12 bytes each. ttf-parser only walks them one by one,
/// which a hostile range of four thousand million characters would make endless.
fn groups_of_format_12(cmap: &[u8]) -> Option<&[u8]> {
    let records = usize::from(u16_at(cmap, 2)?);
    (0..records).find_map(|record| {
        let at = 4 + 8 * record;
        let unicode = matches!((u16_at(cmap, at)?, u16_at(cmap, at + 2)?), (0, _) | (3, 10));
        let table = cmap.get(u32_at(cmap, at + 4)? as usize..)?;
        if !unicode || u16_at(table, 0)? != 12 {
            return None;
        }
        let length = (u32_at(table, 12)? as usize).checked_mul(12)?;
        table.get(16..)?.get(..length)
    })
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// What of a name may stand in a PDF name without escapes.
fn printable(name: &str) -> String {
    let kept: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(63)
        .collect();
    if kept.is_empty() {
        "Font".to_owned()
    } else {
        kept
    }
}
