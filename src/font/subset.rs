//! A font cut down to the glyphs of a file, for embedding in a PDF.

use std::collections::{BTreeMap, BTreeSet};

use super::{FontError, FontId, FontSet};

/// A font that holds only some glyphs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subset {
    /// The font program (TrueType without `cmap`, for CID use only).
    pub bytes: Vec<u8>,
    /// New glyph numbers by old ones, in the same order; 0 stays 0.
    pub mapping: BTreeMap<u16, u16>,
}

/// Cuts a font down to `glyphs`; numbers that the font does not have are left out.
pub fn subset(book: &FontSet, font: FontId, glyphs: &BTreeSet<u16>) -> Result<Subset, FontError> {
    let source = book.source(font).ok_or(FontError::Unlisted(font.0))?;
    let mut remapper = subsetter::GlyphRemapper::new();
    let mut mapping = BTreeMap::from([(0, 0)]);
    for glyph in glyphs.iter().copied() {
        if usize::from(glyph) < source.glyphs() {
            mapping.insert(glyph, remapper.remap(glyph));
        }
    }
    let bytes =
        subsetter::subset(&source.bytes, 0, &remapper).map_err(|e| FontError::Malformed {
            name: source.postscript_name.clone(),
            reason: e.to_string(),
        })?;
    Ok(Subset { bytes, mapping })
}
