//! The book of fonts (字库): which glyph stands for a character in a face, how wide it is, and a font cut down to the
//! glyphs of a file. Lines are broken in `layout`, fonts are put into files in `export`.

mod set;
mod source;
mod subset;

pub use crate::font::set::{FontSet, is_ignorable};
pub use subset::{Subset, subset};

use crate::units::Length;

/// Number of a font in the book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FontId(pub u16);

/// The glyph of a character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Glyph {
    /// The font that has it.
    pub font: FontId,
    /// Its number in the full font.
    pub id: u16,
    /// How far the pen goes on, in thousandths of the em.
    pub advance: u16,
}

/// Height of the em box above the baseline, in thousandths of the em. The fonts' own ascents differ (1151, 1050, 928,
/// 1020), so that lines of mixed fonts must not be built on them.
pub const EM_ABOVE: i64 = 880;

/// Depth of the em box below the baseline, in thousandths of the em.
pub const EM_BELOW: i64 = 120;

/// The distance of the baseline from the top of an em box of a size.
pub fn ascent(size: Length) -> Length {
    size.scaled(EM_ABOVE, EM_ABOVE + EM_BELOW)
}

/// Why a font cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// The bytes are no font, or are cut short, or lack a table that is needed.
    #[error("字体文件“{name}”读不出：{reason}。请换一个完整的 TrueType 字体（.ttf）。")]
    Malformed {
        /// File name.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The font's licence field forbids embedding (OS/2 fsType).
    #[error("字体文件“{name}”不允许嵌入文档。请换一个允许嵌入的字体。")]
    Restricted {
        /// File name.
        name: String,
    },
    /// More fonts than the book can number.
    #[error("字体文件过多，最多 {most} 个。请减少字体目录中的文件。")]
    TooMany {
        /// Most fonts.
        most: usize,
    },
    /// A font number that the book does not have; a fault of the program.
    #[error("字库中没有第 {0} 号字体（程序错误）。请报告。")]
    Unlisted(u16),
}
