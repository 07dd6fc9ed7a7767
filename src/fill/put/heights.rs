//! Heights (行高) of a sheet's rows: a row that values make taller than it is becomes as tall as they need. Office programs do that
//! for a person who types, but not for merged cells, not where a height was set, and LibreOffice not for a file that it opens.

use std::fmt::Write as _;

use crate::ooxml::{Element, OoxmlError, OpcPackage, Tree, relations, workbook_part};

use crate::fill::anatomy::grid::SheetGrid;
use crate::fill::put::among::AmongWords;
use crate::fill::put::cut_key::CutKey;
use crate::text::lines::lines;

/// The tallest that a row can be, in points (ECMA-376 §18.3.1.73 and the limits of Excel).
pub(super) const TALLEST: f64 = 409.0;
/// Height of a row that says nothing, and width in digits of a column that says nothing.
const HEIGHT: f64 = 14.25;
const WIDTH: f64 = 8.38;
/// Points of the face that column widths are counted in.
const NORMAL: f64 = 11.0;

/// How text stands in cells of one format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// Points.
    size: f64,
    wraps: bool,
}

/// The formats of a workbook's cells, by number.
pub(super) fn looks(package: &OpcPackage) -> Result<Vec<Look>, OoxmlError> {
    let styles = relations(package, &workbook_part(package)?)?
        .into_iter()
        .find(|r| r.kind == "styles");
    let Some(part) = styles
        .map(|s| s.target)
        .filter(|p| package.part(p).is_some())
    else {
        return Ok(Vec::new());
    };
    let tree = Tree::read(&part, package.text(&part)?)?;
    let all = |name: &str| {
        tree.root()
            .child(name)
            .into_iter()
            .flat_map(Element::children)
    };
    let decimal = |e: Element<'_>, name: &str| e.attribute(name)?.parse::<f64>().ok();
    let sizes: Vec<f64> = all("fonts")
        .map(|f| {
            f.child("sz")
                .and_then(|s| decimal(s, "val"))
                .unwrap_or(NORMAL)
        })
        .collect();
    let look = |xf: Element<'_>| {
        let font = xf.number("fontId").and_then(|n| usize::try_from(n).ok());
        let wraps = xf.child("alignment").and_then(|a| a.attribute("wrapText"));
        Look {
            size: font.and_then(|n| sizes.get(n).copied()).unwrap_or(NORMAL),
            wraps: wraps.is_some_and(|w| w == "1" || w == "true"),
        }
    };
    Ok(all("cellXfs").map(look).collect())
}

/// A cell of a row and what goes into it.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    /// The value, or the values among the cell's words.
    pub(super) key: CutKey,
    pub(super) text: String,
    pub(super) words: Vec<(CutKey, AmongWords)>,
    /// Half characters in a line.
    across: usize,
    /// Points of a line.
    pitch: f64,
    /// Points that rows below give, in a merged cell.
    below: f64,
    wraps: bool,
    /// Whether what does not wrap ends where the cell does: the cell to the right holds something, or the cell is merged.
    blocked: bool,
    /// The first column and the last one that the cell covers.
    columns: (u32, u32),
    /// What goes into the cell to the right.
    beside: Option<CutKey>,
}

/// Tells each cell of a row what goes into the cell to its right: text that does not wrap ends there too.
pub(super) fn side_by_side(row: &mut [Holder]) {
    let starts: Vec<(u32, CutKey)> = row.iter().map(|h| (h.columns.0, h.key.clone())).collect();
    for holder in row {
        let next = starts.iter().find(|(at, _)| *at == holder.columns.1 + 1);
        holder.beside = next.map(|(_, key)| key.clone());
    }
}

impl Holder {
    /// What a cell holds: its key, its own text, and the values among its words.
    pub(super) fn of(
        grid: &SheetGrid<'_>,
        looks: &[Look],
        (row, column): (u32, u32),
        (key, text, words): (&CutKey, &str, &[(CutKey, AmongWords)]),
        style: Option<&str>,
    ) -> Option<Self> {
        let style = style.and_then(|s| s.parse::<usize>().ok()).unwrap_or(0);
        let look = looks.get(style).copied()?;
        let merge = grid.merges.iter().find(|m| (m[0], m[1]) == (row, column));
        let [_, _, last_row, last] = merge.copied().unwrap_or([row, column, row, column]);
        let width: f64 = (column..=last)
            .map(|c| grid.width(c).unwrap_or(WIDTH))
            .sum();
        // a digit's width is left free at the sides
        let halves = (width - 1.0) * NORMAL / look.size;
        let below = (row + 1..=last_row.min(row + 500)).map(|r| own_height(grid, r));
        Some(Self {
            key: key.clone(),
            text: text.to_owned(),
            words: words.to_vec(),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a width in characters, kept between 2 and 1000"
            )]
            across: halves.clamp(2.0, 1000.0) as usize,
            pitch: look.size * 1.4,
            below: below.sum(),
            wraps: look.wraps,
            // text does not run on out of a merged cell
            blocked: last > column || !grid.text(row, last + 1).trim().is_empty(),
            columns: (column, last),
            beside: None,
        })
    }

    /// Whether a text ends where the cell to the right begins; `filled` tells whether something goes in by a key.
    pub(super) fn is_cut(&self, text: &str, filled: impl Fn(&CutKey) -> bool) -> bool {
        let blocked = self.blocked || self.beside.as_ref().is_some_and(filled);
        !self.wraps && blocked && lines(text, self.across) > 1
    }

    /// The same cell in another row of its list.
    pub(super) fn in_row(&self, number: usize) -> Self {
        let key = |key: &CutKey| match key {
            CutKey::Row { list, field, .. } => CutKey::Row {
                list: list.clone(),
                row: Some(number),
                field: field.clone(),
            },
            other => other.clone(),
        };
        Self {
            key: key(&self.key),
            beside: self.beside.as_ref().map(key),
            ..self.clone()
        }
    }

    /// Points that the row of the cell needs for a text.
    pub(super) fn needs(&self, text: &str) -> f64 {
        if !self.wraps || text.is_empty() {
            return 0.0;
        }
        let count = u32::try_from(lines(text, self.across)).unwrap_or(u32::MAX);
        // a row holds one line whatever it says
        if count == 1 {
            return 0.0;
        }
        f64::from(count) * self.pitch + 4.0 - self.below
    }
}

/// Height of a row in points, as the sheet has it.
pub(super) fn own_height(grid: &SheetGrid<'_>, row: u32) -> f64 {
    let own = grid.rows.get(&row).and_then(|r| r.attribute("ht"));
    let standard = grid.root.child("sheetFormatPr");
    let standard = || standard?.attribute("defaultRowHeight")?.parse().ok();
    own.and_then(|h| h.parse().ok())
        .or_else(standard)
        .unwrap_or(HEIGHT)
}

/// The tag of a row with another height.
pub(super) fn with_height(tag: &str, height: f64, out: &mut String) {
    let mut kept = tag.trim_end_matches('>').to_owned();
    for name in [" ht=\"", " customHeight=\""] {
        if let Some((before, behind)) = kept.split_once(name) {
            let behind = behind.split_once('"').map_or("", |b| b.1);
            kept = format!("{before}{behind}");
        }
    }
    let _ = write!(
        out,
        "{kept} ht=\"{:.2}\" customHeight=\"1\">",
        height.min(TALLEST)
    );
}
