//! What stands in a worksheet and is not meant to be seen, or is struck out (隐藏的行和列、看不见的字、删除线): a reader of cells takes it
//! all the same, so that whoever reads must be able to tell of it. What the cells hold is in `cells`.

use std::collections::{BTreeMap, BTreeSet};

use super::OoxmlError;
use super::xml::{Tag, Tags, attributes_of};

/// How much of a cell's text is struck out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Struck {
    /// Nothing.
    #[default]
    No,
    /// Some characters.
    Part,
    /// All of it.
    Whole,
}

/// What is hidden or struck out in a worksheet; rows and columns from 0.
#[derive(Clone, Debug, Default)]
pub struct Unseen {
    rows: BTreeSet<u32>,
    columns: Vec<(u32, u32)>,
    struck: BTreeMap<(u32, u32), Struck>,
    colourless: BTreeSet<(u32, u32)>,
}

impl Unseen {
    /// Whether a row is hidden, by hand or by a filter, or has no height.
    pub fn hides_row(&self, row: u32) -> bool {
        self.rows.contains(&row)
    }

    /// Whether a column is hidden or has no width.
    pub fn hides_column(&self, column: u32) -> bool {
        let mut columns = self.columns.iter();
        columns.any(|(first, last)| (*first..=*last).contains(&column))
    }

    /// How much of a cell is struck out.
    pub fn struck(&self, row: u32, column: u32) -> Struck {
        self.struck.get(&(row, column)).copied().unwrap_or_default()
    }

    /// Whether a cell's text cannot be seen: white on white, or of a format that shows nothing.
    pub fn is_colourless(&self, row: u32, column: u32) -> bool {
        self.colourless.contains(&(row, column))
    }

    /// Whether nothing is hidden or struck out.
    pub fn is_empty(&self) -> bool {
        let nothing = self.rows.is_empty() && self.columns.is_empty();
        nothing && self.struck.is_empty() && self.colourless.is_empty()
    }

    /// Takes note of a row's tag.
    pub(super) fn see_row(&mut self, row: u32, source: &str) {
        if is_away(source, "ht") {
            self.rows.insert(row);
        }
    }

    /// Takes note of the tag of a run of columns.
    pub(super) fn see_columns(&mut self, tag: &Tag<'_>) {
        if let (true, Some(first), Some(last)) = (
            is_away(tag.source, "width"),
            tag.number("min"),
            tag.number("max"),
        ) {
            let from_0 = |n: u32| n.saturating_sub(1);
            self.columns.push((from_0(first), from_0(last)));
        }
    }

    /// Takes note of how a cell looks.
    pub(super) fn see_cell(&mut self, at: (u32, u32), look: Look) {
        if look.struck != Struck::No {
            self.struck.insert(at, look.struck);
        }
        if look.colourless {
            self.colourless.insert(at);
        }
    }
}

/// Whether a row or column is hidden, or has the size 0.
fn is_away(source: &str, size: &str) -> bool {
    attributes_of(source).any(|(name, value)| match name {
        "hidden" => is_yes(value),
        name if name == size => value.trim().parse::<f64>().is_ok_and(|size| size == 0.0),
        _ => false,
    })
}

fn is_yes(value: &str) -> bool {
    matches!(value.trim(), "1" | "true" | "on")
}

/// How the text of a cell looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// How much is struck out.
    pub(super) struck: Struck,
    /// Whether it cannot be seen.
    pub(super) colourless: bool,
}

/// Whether a tag strikes text out.
pub(super) fn strikes(tag: &Tag<'_>) -> bool {
    tag.begins("strike") && tag.attribute("val").is_none_or(|v| is_yes(&v))
}

/// A font, as far as it matters here.
#[derive(Clone, Copy, Default)]
struct Font {
    struck: bool,
    white: bool,
}

/// How each style of a workbook looks, by its own number. Errors: the part is not well-formed.
pub(super) fn looks(part: &str, xml: &str) -> Result<Vec<Look>, OoxmlError> {
    let mut fonts: Vec<Font> = Vec::new();
    // whether the ground is as white as the paper
    let mut grounds: Vec<bool> = Vec::new();
    let mut empty_formats: Vec<u32> = Vec::new();
    let mut looks = Vec::new();
    let mut within = "";
    for tag in Tags::new(part, xml) {
        let tag = tag?;
        if tag.depth == 1 {
            within = tag.name;
        }
        match (within, tag.name) {
            ("numFmts", "numFmt") => {
                let code = tag.attribute("formatCode").unwrap_or_default();
                // four sections, and none shows anything
                if code.matches(';').count() == 3 && code.trim().trim_matches(';').is_empty() {
                    empty_formats.extend(tag.number("numFmtId"));
                }
            }
            ("fonts", "font") if tag.begins("font") => fonts.push(Font::default()),
            ("fonts", _) => {
                if let Some(font) = fonts.last_mut() {
                    font.struck |= strikes(&tag);
                    font.white |= tag.begins("color") && is_white(&tag);
                }
            }
            ("fills", "fill") if tag.begins("fill") => grounds.push(true),
            ("fills", "patternFill") if tag.begins("patternFill") => {
                let kind = tag.attribute("patternType").unwrap_or_default();
                if let (Some(ground), false) = (grounds.last_mut(), matches!(&*kind, "" | "none")) {
                    *ground = false;
                }
            }
            ("fills", "fgColor") if is_white(&tag) => {
                if let Some(ground) = grounds.last_mut() {
                    *ground = true;
                }
            }
            ("fills", "gradientFill") => {
                if let Some(ground) = grounds.last_mut() {
                    *ground = false;
                }
            }
            ("cellXfs", "xf") if tag.begins("xf") => {
                let of = |name| tag.number(name).and_then(|n| usize::try_from(n).ok());
                let font = of("fontId").and_then(|n| fonts.get(n)).copied();
                let font = font.unwrap_or_default();
                let white = of("fillId").is_none_or(|n| grounds.get(n).copied().unwrap_or(true));
                let format = tag.number("numFmtId").unwrap_or(0);
                looks.push(Look {
                    struck: if font.struck {
                        Struck::Whole
                    } else {
                        Struck::No
                    },
                    colourless: font.white && white || empty_formats.contains(&format),
                });
            }
            _ => {}
        }
    }
    Ok(looks)
}

/// Whether a colour is the white of paper, by its value or as the first of the usual theme.
fn is_white(tag: &Tag<'_>) -> bool {
    let rgb = tag.attribute("rgb");
    let white =
        rgb.is_some_and(|rgb| rgb.len() >= 6 && rgb.to_ascii_uppercase().ends_with("FFFFFF"));
    white || tag.number("theme") == Some(0) && tag.attribute("tint").is_none()
}
