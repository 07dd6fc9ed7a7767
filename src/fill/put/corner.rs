//! The pictures of a filled workbook, in a drawing of their own: the mark right of the used columns of the first bound sheet, on its first
//! page; the photo in its box. The print area takes the mark in, and where the page is too narrow for both it is fitted to its width.

use std::ops::Range;

use crate::fill::put::pen::escape;
use crate::ooxml::{
    BEHIND_LEGACY_DRAWING, CellReader, Element, OoxmlError, OpcPackage, Tree, add_content_type,
    add_relation, parse_range, sheets, workbook_part,
};

use super::drawing_place::{PictureBox, PicturePlace, height, width};
use super::parcel::{differing, name_properties};
use crate::fill::anatomy::areas::{Areas, areas};
use crate::fill::anatomy::grid::SheetGrid;
use crate::fill::put::filling::MarkPicture;
use crate::finding::cell_name;

/// Part of the drawing.
pub(super) const DRAWING: &str = "xl/drawings/sanlian_mark.xml";
/// Part of the mark's picture.
pub(super) const PICTURE: &str = "xl/media/sanlian_mark.png";
/// Part of the photo.
pub(super) const PHOTO: &str = "xl/media/sanlian_photo.jpeg";

const DRAWING_TYPE: &str = "application/vnd.openxmlformats-officedocument.drawing+xml";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// EMU in a micrometre.
const MICROMETRE: i64 = 36;
/// EMU in an inch.
const INCH: f64 = 914_400.0;
/// Room left of the mark, in EMU.
const GAP: i64 = 72_000;
/// Widest mark that room is made for, in EMU: 28 mm.
const WIDEST: i64 = 28 * 36_000;
/// A column that holds the widest mark and its room, in digits of the standard face.
const WIDE: u32 = 17;
/// Parts of a sheet before which the setup of its page stands (ECMA-376 part 1, 18.3.1.99).
const BEHIND_PAGE_SETUP: [&str; 11] = [
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "drawingHF",
    "picture",
];

/// Name and bytes of the parts that a picture changes.
type Changed = Vec<(String, Vec<u8>)>;

/// Where a workbook takes pictures.
#[derive(Debug)]
pub(super) struct Corner {
    /// The sheet's part.
    pub(super) sheet: String,
    /// The workbook's part.
    pub(super) workbook: String,
    /// Relationships and content types, changed; those of the document properties too: for the mark, for the photo, for both.
    parts: [Changed; 3],
    /// The relationship of the drawing in the sheet.
    drawing: String,
    /// The first row that is printed, and the column behind the last one.
    at: (u32, u32),
    /// The place of the sheet among the sheets, and the last column that the mark takes, where the sheet has a print area.
    area: Option<(usize, u32)>,
    /// The last row that the mark takes, where it stands in blank rows below the print area instead of beside it.
    below: Option<u32>,
    /// The column that is made wide enough for the mark: what stands further right would be printed with it.
    widened: Option<u32>,
    /// Whether the page is too narrow as it is.
    narrow: bool,
    /// The box of the photo.
    pub(super) photo: Option<PictureBox>,
}

/// The pictures that one file gets.
#[derive(Clone, Copy)]
pub(super) struct Pictures<'a> {
    pub(super) mark: Option<&'a MarkPicture<'a>>,
    /// The photo's size in pixels, and how many rows below its place in the form its box is.
    pub(super) photo: Option<((u32, u32), u32)>,
}

impl Corner {
    /// The places of pictures on a sheet; none where it has a drawing of its own. `photo` is the cell of the photo on it.
    pub(super) fn of(
        package: &OpcPackage,
        sheet: &str,
        reader: &CellReader,
        photo: Option<(u32, u32)>,
    ) -> Result<Option<Self>, OoxmlError> {
        let tree = Tree::read(sheet, package.text(sheet)?)?;
        if tree.root().child("drawing").is_some() || package.part(DRAWING).is_some() {
            return Ok(None);
        }
        let grid = SheetGrid::of(sheet, &tree, reader)?;
        let workbook = workbook_part(package)?;
        let all = sheets(package, &workbook)?;
        let index = all.iter().position(|s| s.part == sheet);
        let printed: Areas = areas(package)?;
        let own = index.and_then(|n| printed.get(&all.get(n)?.name));
        let own = own.and_then(|a| a.first().copied().filter(|_| a.len() == 1));
        let merged = grid.merges.iter().map(|m| m[3]);
        let used = grid.cells.keys().map(|(_, column)| *column).chain(merged);
        let used = used.max().map_or(0, |last| last + 1);
        let (top, behind) = own.map_or((0, used), |a| (a[0], a[3].saturating_add(1)));
        // what stands beside the print area is not to be printed with the mark
        let taken = |last: u32| {
            grid.cells.keys().any(|(row, column)| {
                let beside = (behind..=last).contains(column);
                let rows = own.is_none_or(|a| (a[0]..=a[2]).contains(row));
                beside && rows && !grid.own(*row, *column).is_empty()
            })
        };
        let mut last = behind;
        let mut room = width(&grid, behind);
        while room < WIDEST + GAP && last < behind + 30 {
            last += 1;
            room += width(&grid, last);
        }
        let widened = (own.is_some() && taken(last) && !taken(behind)).then_some(behind);
        let last = widened.unwrap_or(last);
        let area = index.zip(own).map(|(n, _)| (n, last));
        let free = own.is_none() || widened.is_some() || !taken(last);
        let first = own.map_or(0, |a| a[1]);
        let made = |c: u32| {
            if widened == Some(c) {
                WIDEST + GAP
            } else {
                width(&grid, c)
            }
        };
        let total: i64 = (first..=last).map(made).sum();
        // where the workbook's face is not at hand, columns come out up to two fifths wider
        let narrow = total * 7 / 5 > page_width(tree.root()) && !is_fitted(tree.root());
        let drawn = |mark: bool, with_photo: bool| with_pictures(package, sheet, mark, with_photo);
        // beside the print area stands help that is not to be printed: blank rows below it take the mark in
        let rows = own.filter(|_| !free).and_then(|a| blank_rows(&grid, a));
        let (drawing, marked) = drawn(true, false)?;
        let parts = [marked, drawn(false, true)?.1, drawn(true, true)?.1];
        Ok(Some(Self {
            sheet: sheet.to_owned(),
            workbook,
            parts,
            drawing,
            at: match (rows, own) {
                (Some((begins, _)), Some(a)) => (begins, a[1]),
                _ => (top, if free { behind } else { used.max(behind) }),
            },
            area: match (rows, area, own) {
                (Some(_), Some((n, _)), Some(a)) => Some((n, a[3])),
                _ => area.filter(|_| free),
            },
            below: rows.map(|(_, last)| last),
            widened,
            narrow: narrow && free,
            photo: photo.map(|(row, column)| PictureBox::of(&grid, row, column)),
        }))
    }

    /// The parts that change for some pictures.
    pub(super) fn parts(&self, pictures: Pictures<'_>) -> &[(String, Vec<u8>)] {
        let which = match (pictures.mark.is_some(), pictures.photo.is_some()) {
            (true, true) => 2,
            (false, _) => 1,
            (true, false) => 0,
        };
        self.parts.get(which).map_or(&[][..], Vec::as_slice)
    }

    /// The drawing with the pictures.
    pub(super) fn drawn(&self, pictures: Pictures<'_>) -> String {
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"{RELATIONSHIPS}\">"
        );
        if let Some(mark) = pictures.mark {
            let side = mark.side * MICROMETRE;
            let place = PicturePlace {
                column: (self.at.1, GAP),
                row: (self.at.0, 0),
                size: (side, side),
            };
            let mut caption = String::new();
            escape(mark.caption, &mut caption);
            let caption = caption.replace('"', "&quot;");
            out.push_str(&picture(2, ("标记", &caption), "rId1", place));
        }
        if let Some(((pixels, down), at)) = pictures.photo.zip(self.photo.as_ref()) {
            let id = if pictures.mark.is_some() {
                "rId2"
            } else {
                "rId1"
            };
            let place = at.place(pixels, down);
            out.push_str(&picture(3, ("照片", "证件照"), id, place));
        }
        out.push_str("</xdr:wsDr>");
        out
    }

    /// The sheet with its drawing, and fitted to the width of its page where the mark would not stand on it.
    pub(super) fn shown(&self, xml: &str, marked: bool) -> Result<String, OoxmlError> {
        let tree = Tree::read(&self.sheet, xml)?;
        let root = tree.root();
        // a drawing stands right before the old one
        let behind = |name: &str| name == "legacyDrawing" || BEHIND_LEGACY_DRAWING.contains(&name);
        let next = root.children().find(|c| behind(c.name()));
        let at = next.map_or(root.inner().end, |n| n.range().start);
        let prefix = super::sheet::prefix(root);
        let drawing = format!(
            "<{prefix}drawing r:id=\"{}\" xmlns:r=\"{RELATIONSHIPS}\"/>",
            self.drawing
        );
        let mut edits = Vec::new();
        if marked && self.narrow {
            edits.extend(fitted(root, prefix));
        }
        if let Some(column) = self.widened.filter(|_| marked) {
            edits.push(widened(root, prefix, column));
        }
        edits.push((at..at, drawing));
        edits.sort_by_key(|e: &(Range<usize>, String)| e.0.start);
        let mut out = String::with_capacity(xml.len() + 256);
        let mut from = 0;
        for (range, text) in edits {
            out.push_str(xml.get(from..range.start).unwrap_or(""));
            out.push_str(&text);
            from = range.end;
        }
        out.push_str(xml.get(from..).unwrap_or(""));
        Ok(out)
    }

    /// The workbook's part with the mark in the print area; none where the sheet has none.
    pub(super) fn with_area(&self, xml: &str) -> Result<Option<String>, OoxmlError> {
        let Some((index, last)) = self.area else {
            return Ok(None);
        };
        let tree = Tree::read(&self.workbook, xml)?;
        let names = tree.root().child("definedNames");
        let own = names.into_iter().flat_map(Element::children).find(|n| {
            let area = n.attribute("name");
            let area = area.is_some_and(|a| a.eq_ignore_ascii_case("_xlnm.Print_Area"));
            let here = n
                .number("localSheetId")
                .and_then(|id| usize::try_from(id).ok());
            area && here == Some(index)
        });
        let Some(name) = own else { return Ok(None) };
        let text = name.text();
        let Some((sheet, range)) = text.rsplit_once('!') else {
            return Ok(None);
        };
        let Some([top, left, bottom, right]) = parse_range(&range.replace('$', "")) else {
            return Ok(None);
        };
        let fixed = |row: u32, column: u32| {
            let name = cell_name(row, column);
            let digits = name
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(name.len());
            let (letters, digits) = name.split_at(digits);
            format!("${letters}${digits}")
        };
        let range = format!(
            "!{}:{}",
            fixed(top, left),
            fixed(bottom.max(self.below.unwrap_or(0)), right.max(last))
        );
        let mut area = String::new();
        escape(&format!("{sheet}{range}"), &mut area);
        let inner = name.inner();
        let (before, after) = (xml.get(..inner.start), xml.get(inner.end..));
        Ok(before.zip(after).map(|(b, a)| format!("{b}{area}{a}")))
    }
}

/// The first and last of the blank rows right below a print area that are together as tall as a mark; none where words stand in them.
fn blank_rows(grid: &SheetGrid<'_>, [_, left, bottom, right]: [u32; 4]) -> Option<(u32, u32)> {
    let begins = bottom.checked_add(1)?;
    let mut last = begins;
    let mut room = height(grid, begins);
    while room < WIDEST + GAP {
        last += 1;
        room += height(grid, last).max(1);
    }
    let words = grid.cells.keys().any(|(row, column)| {
        let here = (begins..=last).contains(row) && (left..=right).contains(column);
        here && !grid.own(*row, *column).is_empty()
    });
    let merged = grid.merges.iter().any(|m| m[2] >= begins && m[0] <= last);
    let wide: i64 = (left..=right).map(|c| width(grid, c)).sum();
    (!words && !merged && wide >= WIDEST + GAP).then_some((begins, last))
}

/// A package's parts that change for a drawing with these pictures, and the drawing's relationship in its sheet.
fn with_pictures(
    package: &OpcPackage,
    sheet: &str,
    mark: bool,
    photo: bool,
) -> Result<(String, Changed), OoxmlError> {
    let mut changed = package.clone();
    let drawing = add_relation(&mut changed, sheet, "drawing", DRAWING)?;
    add_content_type(&mut changed, DRAWING, DRAWING_TYPE, None)?;
    if mark {
        add_relation(&mut changed, DRAWING, "image", PICTURE)?;
        add_content_type(&mut changed, PICTURE, "image/png", Some("png"))?;
    }
    if photo {
        add_relation(&mut changed, DRAWING, "image", PHOTO)?;
        add_content_type(&mut changed, PHOTO, "image/jpeg", Some("jpeg"))?;
    }
    name_properties(&mut changed)?;
    Ok((drawing, differing(package, &changed)))
}

/// One picture of a drawing.
fn picture(number: u32, (name, words): (&str, &str), id: &str, place: PicturePlace) -> String {
    let PicturePlace {
        column: (column, right),
        row: (row, down),
        size: (width, height),
    } = place;
    format!(
        "<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>{right}</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>{down}</xdr:rowOff></xdr:from><xdr:ext cx=\"{width}\" cy=\"{height}\"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"{number}\" name=\"{name}\" descr=\"{words}\"/><xdr:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill><a:blip r:embed=\"{id}\"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"
    )
}

/// What makes a column wide enough for the mark, whatever was said of its width; columns that share what is said of it keep it.
fn widened(root: Element<'_>, prefix: &str, column: u32) -> (Range<usize>, String) {
    let n = column + 1;
    let own = format!("<{prefix}col min=\"{n}\" max=\"{n}\" width=\"{WIDE}\" customWidth=\"1\"/>");
    let Some(columns) = root.child("cols") else {
        let data = root.child("sheetData");
        let at = data.map_or(root.inner().end, |d| d.range().start);
        return (at..at, format!("<{prefix}cols>{own}</{prefix}cols>"));
    };
    let mut all: Vec<(u32, String)> = vec![(n, own)];
    for each in columns.children().filter(|c| c.is("col")) {
        let number = |name: &str| each.number(name).and_then(|v| u32::try_from(v).ok());
        let Some((min, max)) = number("min").zip(number("max")) else {
            continue;
        };
        let mut keep = |from: u32, to: u32| {
            let tag = each.source();
            let tag = tag.replacen(&format!("min=\"{min}\""), &format!("min=\"{from}\""), 1);
            let tag = tag.replacen(&format!("max=\"{max}\""), &format!("max=\"{to}\""), 1);
            all.extend((from <= to).then_some((from, tag)));
        };
        match (min..=max).contains(&n) {
            true => {
                keep(min, n - 1);
                keep(n + 1, max);
            }
            false => keep(min, max),
        }
    }
    all.sort_by_key(|c| c.0);
    let inside: String = all.into_iter().map(|c| c.1).collect();
    (
        columns.range(),
        format!("<{prefix}cols>{inside}</{prefix}cols>"),
    )
}

/// Width of what a page of a sheet holds, at the sheet's scale, in EMU.
fn page_width(root: Element<'_>) -> i64 {
    let setup = root.child("pageSetup");
    let said = |name: &str| setup.and_then(|s| s.number(name));
    // millimetres of A3, A5 and B5; of everything else A4
    let (short, long) = match said("paperSize") {
        Some(8) => (297.0, 420.0),
        Some(11) => (148.0, 210.0),
        Some(13) => (182.0, 257.0),
        _ => (210.0, 297.0),
    };
    let lies = setup.and_then(|s| s.attribute("orientation"));
    let paper: f64 = if lies.is_some_and(|o| &*o == "landscape") {
        long
    } else {
        short
    };
    let margin = |name: &str| {
        let margins = root.child("pageMargins")?;
        margins.attribute(name)?.parse::<f64>().ok()
    };
    let margins = margin("left").unwrap_or(0.7) + margin("right").unwrap_or(0.7);
    let scale = said("scale")
        .filter(|s| (10..=400).contains(s))
        .unwrap_or(100);
    let scale = f64::from(i32::try_from(scale).unwrap_or(100)) / 100.0;
    #[expect(clippy::cast_possible_truncation, reason = "less than a metre in EMU")]
    let room = ((paper * 36_000.0 - margins * INCH) / scale) as i64;
    room
}

/// Whether a sheet is fitted to pages already.
fn is_fitted(root: Element<'_>) -> bool {
    let fit = root.at(&["sheetPr", "pageSetUpPr"]);
    let on = fit.and_then(|f| f.attribute("fitToPage"));
    let across = root.child("pageSetup").and_then(|s| s.number("fitToWidth"));
    on.is_some_and(|v| matches!(&*v, "1" | "true")) && across != Some(0)
}

/// What fits a sheet to the width of its page, and to as many pages down as it takes.
fn fitted(root: Element<'_>, prefix: &str) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let fit = format!("<{prefix}pageSetUpPr fitToPage=\"1\"/>");
    match root.child("sheetPr") {
        None => {
            let at = root.inner().start;
            edits.push((at..at, format!("<{prefix}sheetPr>{fit}</{prefix}sheetPr>")));
        }
        Some(own) => match own.child("pageSetUpPr") {
            Some(setup) => edits.push((setup.range(), fit)),
            None if own.inner().end == own.range().end => {
                let open = own.tag().trim_end_matches("/>").trim_end();
                edits.push((own.range(), format!("{open}>{fit}</{prefix}sheetPr>")));
            }
            None => edits.push((own.inner().end..own.inner().end, fit)),
        },
    }
    let pages = "fitToWidth=\"1\" fitToHeight=\"0\"";
    match root.child("pageSetup") {
        Some(setup) => {
            let kept = [
                "paperSize",
                "orientation",
                "horizontalDpi",
                "verticalDpi",
                "pageOrder",
            ];
            let kept = kept.iter().filter_map(|name| {
                let value = setup.attribute(name)?;
                Some(format!(" {name}=\"{value}\""))
            });
            let kept: String = kept.collect();
            edits.push((setup.range(), format!("<{prefix}pageSetup {pages}{kept}/>")));
        }
        None => {
            let behind = |name: &str| {
                BEHIND_PAGE_SETUP.contains(&name) || BEHIND_LEGACY_DRAWING.contains(&name)
            };
            let next = root.children().find(|c| behind(c.name()));
            let at = next.map_or(root.inner().end, |n| n.range().start);
            edits.push((at..at, format!("<{prefix}pageSetup {pages}/>")));
        }
    }
    edits
}
