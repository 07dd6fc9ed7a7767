//! What stands in a worksheet and is not meant to be seen, or is struck out (隐藏的行和列、看不见的字、删除线): a reader of cells takes it
//! all the same, so that whoever reads must be able to tell of it. What the cells hold is in `cells`.

use std::collections::{BTreeMap, BTreeSet};

use super::OoxmlError;
use super::xml::{Tag, TagKind, Tags, attributes_of};

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
    otherwise: BTreeSet<(u32, u32)>,
    rounded: BTreeSet<(u32, u32)>,
    comments: BTreeMap<(u32, u32), String>,
    /// Cells that a condition may show in white, or not at all.
    conditional: Vec<[u32; 4]>,
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

    /// Whether a cell's text cannot be seen: white on white, too small to be read, of a format that shows nothing, or so by a condition.
    pub fn is_colourless(&self, row: u32, column: u32) -> bool {
        let within = |[top, left, bottom, right]: &[u32; 4]| {
            (*top..=*bottom).contains(&row) && (*left..=*right).contains(&column)
        };
        self.colourless.contains(&(row, column)) || self.conditional.iter().any(within)
    }

    /// Whether a cell's format shows something else than the number that was read.
    pub fn shows_otherwise(&self, row: u32, column: u32) -> bool {
        self.otherwise.contains(&(row, column))
    }

    /// Whether a cell's number has more digits than its format shows, which were read.
    pub fn shows_rounded(&self, row: u32, column: u32) -> bool {
        self.rounded.contains(&(row, column))
    }

    /// What people wrote into the comments of cells, by cell.
    pub fn comments(&self) -> &BTreeMap<(u32, u32), String> {
        &self.comments
    }

    /// Takes note of the comments of a sheet.
    pub(super) fn see_comments(&mut self, comments: BTreeMap<(u32, u32), String>) {
        self.comments = comments;
    }

    /// Takes note of cells that a condition hides.
    pub(super) fn see_conditional(&mut self, ranges: impl Iterator<Item = [u32; 4]>) {
        const MOST: usize = 200;
        let room = MOST.saturating_sub(self.conditional.len());
        self.conditional.extend(ranges.take(room));
    }

    /// Whether nothing is hidden or struck out.
    pub fn is_empty(&self) -> bool {
        let nothing = self.rows.is_empty() && self.columns.is_empty();
        let nothing = nothing && self.struck.is_empty() && self.colourless.is_empty();
        let nothing = nothing && self.otherwise.is_empty() && self.comments.is_empty();
        let nothing = nothing && self.rounded.is_empty();
        nothing && self.conditional.is_empty()
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
        if look.rounded {
            self.rounded.insert(at);
        }
        if look.otherwise {
            self.otherwise.insert(at);
        }
    }
}

/// A row of fewer points, or a column of fewer characters, shows nothing of what stands in it.
const THIN: f64 = 0.5;

/// Whether a row or column is hidden, or too thin to be seen.
fn is_away(source: &str, size: &str) -> bool {
    attributes_of(source).any(|(name, value)| match name {
        "hidden" => is_yes(value),
        name if name == size => value.trim().parse::<f64>().is_ok_and(|size| size < THIN),
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
    /// Whether something else is seen than what is read.
    pub(super) otherwise: bool,
    /// Whether fewer digits are seen, and read, than a number has.
    pub(super) rounded: bool,
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
    /// Too small to be read.
    tiny: bool,
}

/// How each style of a workbook looks, by its own number. Errors: the part is not well-formed.
pub(super) fn looks(part: &str, xml: &str) -> Result<Vec<Look>, OoxmlError> {
    let mut fonts: Vec<Font> = Vec::new();
    // whether the ground is as white as the paper
    let mut grounds: Vec<bool> = Vec::new();
    let mut looks = Vec::new();
    let mut within = "";
    for tag in Tags::new(part, xml) {
        let tag = tag?;
        if tag.depth == 1 {
            within = tag.name;
        }
        match (within, tag.name) {
            ("fonts", "font") if tag.begins("font") => fonts.push(Font::default()),
            ("fonts", _) => {
                if let Some(font) = fonts.last_mut() {
                    font.struck |= strikes(&tag);
                    font.white |= tag.begins("color") && is_white(&tag);
                    font.tiny |= tag.begins("sz") && is_tiny(&tag);
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
                looks.push(Look {
                    struck: if font.struck {
                        Struck::Whole
                    } else {
                        Struck::No
                    },
                    colourless: font.white && white || font.tiny,
                    otherwise: false,
                    rounded: false,
                });
            }
            _ => {}
        }
    }
    Ok(looks)
}

/// Whether a size, in points, is too small to be read.
fn is_tiny(tag: &Tag<'_>) -> bool {
    const READABLE: f64 = 3.0;
    let size = tag
        .attribute("val")
        .and_then(|v| v.trim().parse::<f64>().ok());
    size.is_some_and(|size| size < READABLE)
}

/// Which of a workbook's formats for conditions (dxf) make a text unseen: white, or shown as nothing. Errors: the part is not well-formed.
pub(super) fn hiding_conditions(part: &str, xml: &str) -> Result<Vec<bool>, OoxmlError> {
    let mut all: Vec<bool> = Vec::new();
    // a ground of its own shows white letters
    let mut grounds: Vec<bool> = Vec::new();
    let (mut within, mut in_font, mut in_fill) = (false, false, false);
    for tag in Tags::new(part, xml) {
        let tag = tag?;
        if tag.depth == 1 {
            within = tag.name == "dxfs";
        }
        if !within {
            continue;
        }
        let open = tag.form != TagKind::Close;
        match tag.name {
            "dxf" if open => {
                all.push(false);
                grounds.push(false);
            }
            "font" => in_font = tag.form == TagKind::Open,
            "fill" => in_fill = tag.form == TagKind::Open,
            "color" if in_font && open && is_white(&tag) => {
                all.last_mut().into_iter().for_each(|hides| *hides = true);
            }
            "bgColor" | "fgColor" if in_fill && open && !is_white(&tag) => {
                grounds.last_mut().into_iter().for_each(|own| *own = true);
            }
            "numFmt" if open => {
                let code = tag.attribute("formatCode").unwrap_or_default();
                if code.contains(';') && code.trim().trim_matches(';').is_empty() {
                    all.last_mut().into_iter().for_each(|hides| *hides = true);
                }
            }
            _ => {}
        }
    }
    let seen = all.iter().zip(&grounds);
    Ok(seen.map(|(hides, ground)| *hides && !ground).collect())
}

/// Whether a colour is the white of paper, by its value or as the first of the usual theme.
fn is_white(tag: &Tag<'_>) -> bool {
    let rgb = tag.attribute("rgb");
    let white =
        rgb.is_some_and(|rgb| rgb.len() >= 6 && rgb.to_ascii_uppercase().ends_with("FFFFFF"));
    white || tag.number("theme") == Some(0) && tag.attribute("tint").is_none()
}
