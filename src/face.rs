//! The five faces of official paper (字体), by what they are for. Font files are in `font`.

use serde::Deserialize;

/// A face as a form asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Face {
    /// 宋体: table text, digits, page numbers.
    Song,
    /// 仿宋: body text.
    Fangsong,
    /// 小标宋: titles.
    Title,
    /// 黑体: labels and first-level headings.
    Hei,
    /// 楷体: second-level headings.
    Kai,
}

impl Face {
    /// All faces, in the order of their indices.
    pub const ALL: [Self; 5] = [
        Self::Song,
        Self::Fangsong,
        Self::Title,
        Self::Hei,
        Self::Kai,
    ];

    /// The face's position in [`Face::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// The font name that an office suite in China has for this face.
    pub fn office_name(self) -> &'static str {
        match self {
            Self::Song => "宋体",
            Self::Fangsong => "仿宋_GB2312",
            Self::Title => "方正小标宋简体",
            Self::Hei => "黑体",
            Self::Kai => "楷体_GB2312",
        }
    }
}
