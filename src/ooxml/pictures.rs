//! Pictures of a workbook and the cells in which people see them: put into the cell by WPS (`cellimages.xml`, named by the formula DISPIMG)
//! or by Excel (“place in cell”: the cell's value metadata lead to a rich value, that to a relationship; MS-XLSX 2.2.4 and 2.3.7), or
//! floating above it (ECMA-376 part 1, 20.5). Whatever of this is broken is no picture, never a broken workbook.

use std::collections::BTreeMap;

use super::workbook::relations;
use super::xml::{Tag, TagKind, Tags, attributes_of, unescape};
use super::{OoxmlError, OpcPackage};

/// Most pictures that are looked at in one part: as many as the rows that are read.
const MOST: usize = 20_000;
/// EMU in a point.
const EMU_OF_POINT: f64 = 12_700.0;
/// EMU in a pixel at 96 dpi.
const EMU_OF_PIXEL: f64 = 9_525.0;

/// How a cell says which picture is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureName {
    /// WPS: the first argument of DISPIMG.
    Named(String),
    /// Excel: the number of the cell's value metadata, from 1.
    Metadata(usize),
}

/// The pictures that cells of a workbook may hold.
#[derive(Clone, Debug, Default)]
pub struct CellPictures {
    /// Parts by WPS's names.
    named: BTreeMap<String, String>,
    /// Parts by the number of the value metadata, from 0.
    by_metadata: Vec<Option<String>>,
}

impl CellPictures {
    /// Finds the pictures of a workbook.
    pub fn open(package: &OpcPackage, workbook: &str) -> Self {
        Self {
            named: named(package, workbook).unwrap_or_default(),
            by_metadata: by_metadata(package, workbook).unwrap_or_default(),
        }
    }

    /// The part that holds a picture; none where the workbook does not have it.
    pub fn part(&self, name: &PictureName) -> Option<&str> {
        match name {
            PictureName::Named(name) => self.named.get(name).map(String::as_str),
            PictureName::Metadata(n) => self.by_metadata.get(n.checked_sub(1)?)?.as_deref(),
        }
    }
}

/// A picture that floats above a sheet, by the cells that it covers, from 0; of the first row and column at least half.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FloatingPicture {
    /// First row.
    pub top: u32,
    /// First column.
    pub left: u32,
    /// Last row.
    pub bottom: u32,
    /// Last column.
    pub right: u32,
    /// The part that holds it; none where it lies outside the workbook.
    pub part: Option<String>,
}

/// The part that a workbook leads to, or else the one of the usual name.
fn leads_to(package: &OpcPackage, workbook: &str, kind: &str, usual: &str) -> Option<String> {
    let led = relations(package, workbook).ok()?;
    let led = led.into_iter().find(|r| r.kind.eq_ignore_ascii_case(kind));
    let part = led.map_or_else(|| usual.to_owned(), |r| r.target);
    package.part(&part).is_some().then_some(part)
}

/// Targets of a part's relationships by their ids.
fn targets(package: &OpcPackage, part: &str) -> Result<BTreeMap<String, String>, OoxmlError> {
    let all = relations(package, part)?;
    let inside = all.into_iter().filter(|r| !r.target.is_empty());
    Ok(inside.map(|r| (r.id, r.target)).collect())
}

/// An attribute by its name without a prefix.
fn bare<'t>(tag: &'t Tag<'_>, name: &str) -> Option<std::borrow::Cow<'t, str>> {
    let mut all = attributes_of(tag.source);
    let own =
        |full: &str| full == name || full.rsplit(':').next() == Some(name) && full.contains(':');
    all.find(|(full, _)| own(full))
        .map(|(_, value)| unescape(value))
}

/// WPS's pictures: parts by name.
fn named(package: &OpcPackage, workbook: &str) -> Option<BTreeMap<String, String>> {
    let part = leads_to(package, workbook, "cellImage", "xl/cellimages.xml")?;
    let targets = targets(package, &part).ok()?;
    let mut found = BTreeMap::new();
    let mut name = String::new();
    for tag in Tags::new(&part, package.text(&part).ok()?) {
        let Ok(tag) = tag else { break };
        if tag.begins("cellImage") {
            name.clear();
        } else if tag.begins("cNvPr") {
            name = bare(&tag, "name").unwrap_or_default().into_owned();
        } else if tag.begins("blip")
            && let Some(target) = bare(&tag, "embed").and_then(|id| targets.get(&*id).cloned())
            && found.len() < MOST
        {
            found.entry(std::mem::take(&mut name)).or_insert(target);
        }
    }
    Some(found)
}

/// Excel's pictures: parts by the number of value metadata.
fn by_metadata(package: &OpcPackage, workbook: &str) -> Option<Vec<Option<String>>> {
    let metadata = leads_to(package, workbook, "sheetMetadata", "xl/metadata.xml")?;
    let values = rich_values(package, workbook)?;
    let mut types: Vec<String> = Vec::new();
    let mut future: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
    let mut found = Vec::new();
    let (mut of, mut in_values) = (None, false);
    for tag in Tags::new(&metadata, package.text(&metadata).ok()?) {
        let Ok(tag) = tag else { break };
        let number = |name: &str| tag.number(name).and_then(|n| usize::try_from(n).ok());
        if tag.ends("futureMetadata") {
            of = None;
        }
        if tag.form == TagKind::Close {
            in_values &= tag.name != "valueMetadata";
            continue;
        }
        match tag.name {
            "metadataType" => types.push(tag.attribute("name").unwrap_or_default().into_owned()),
            "futureMetadata" => of = tag.attribute("name").map(|name| name.into_owned()),
            "valueMetadata" => in_values = true,
            "bk" if in_values => found.push(None),
            "bk" => {
                if let Some(list) = of.as_ref().map(|of| future.entry(of.clone()).or_default()) {
                    list.push(None);
                }
            }
            "rvb" => {
                let last = of.as_ref().and_then(|of| future.get_mut(of)?.last_mut());
                if let Some(last) = last {
                    *last = number("i");
                }
            }
            "rc" if in_values => {
                let of = number("t").and_then(|t| types.get(t.checked_sub(1)?));
                let value = of
                    .and_then(|of| future.get(of)?.get(number("v")?).copied().flatten())
                    .and_then(|i| values.get(i).cloned().flatten());
                if let Some(last) = found.last_mut() {
                    *last = value;
                }
            }
            _ => {}
        }
        if found.len() > MOST {
            break;
        }
    }
    Some(found)
}

/// The parts of rich values that are pictures, by the number of the value.
fn rich_values(package: &OpcPackage, workbook: &str) -> Option<Vec<Option<String>>> {
    let part = leads_to(
        package,
        workbook,
        "rdRichValue",
        "xl/richData/rdrichvalue.xml",
    )?;
    let shapes = leads_to(
        package,
        workbook,
        "rdRichValueStructure",
        "xl/richData/rdrichvaluestructure.xml",
    )?;
    let related = leads_to(
        package,
        workbook,
        "richValueRel",
        "xl/richData/richValueRel.xml",
    )?;
    // which member of a structure is the number of the picture
    let mut members: Vec<Option<usize>> = Vec::new();
    let mut at = 0;
    for tag in Tags::new(&shapes, package.text(&shapes).ok()?) {
        let tag = tag.ok()?;
        if tag.begins("s") {
            members.push(None);
            at = 0;
        } else if tag.begins("k") {
            let is_picture = tag.attribute("n").as_deref() == Some("_rvRel:LocalImageIdentifier");
            if let Some(last) = members.last_mut().filter(|_| is_picture) {
                *last = Some(at);
            }
            at += 1;
        }
    }
    let targets = targets(package, &related).ok()?;
    let mut pictures: Vec<Option<String>> = Vec::new();
    for tag in Tags::new(&related, package.text(&related).ok()?) {
        let tag = tag.ok()?;
        if tag.begins("rel") {
            let id = bare(&tag, "id");
            pictures.push(id.and_then(|id| targets.get(&*id).cloned()));
        }
    }
    let xml = package.text(&part).ok()?;
    let mut found: Vec<Option<String>> = Vec::new();
    let (mut member, mut at, mut from) = (None, 0, None);
    for tag in Tags::new(&part, xml) {
        let tag = tag.ok()?;
        if tag.begins("rv") {
            let shape = tag.number("s").and_then(|s| usize::try_from(s).ok());
            member = shape.and_then(|s| members.get(s).copied().flatten());
            found.push(None);
            at = 0;
        } else if tag.name == "v" && tag.form == TagKind::Open {
            from = Some(tag.end);
        } else if tag.ends("v") {
            let text = from.take().and_then(|from| xml.get(from..tag.start));
            if Some(at) == member
                && let Some(number) = text.and_then(|t| t.trim().parse::<usize>().ok())
                && let Some(last) = found.last_mut()
            {
                *last = pictures.get(number).cloned().flatten();
            }
            at += 1;
        }
        if found.len() > MOST {
            break;
        }
    }
    Some(found)
}

/// The pictures that float above a sheet.
pub fn floating_pictures(package: &OpcPackage, sheet: &str) -> Vec<FloatingPicture> {
    let drawings = relations(package, sheet).unwrap_or_default();
    let drawings = drawings.into_iter().filter(|r| r.kind == "drawing");
    let mut sizes = None;
    let mut found = Vec::new();
    for drawing in drawings {
        let Ok(xml) = package.text(&drawing.target) else {
            continue;
        };
        let targets = targets(package, &drawing.target).unwrap_or_default();
        let sizes = sizes.get_or_insert_with(|| Sizes::of(package, sheet));
        let _ = anchored(&drawing.target, xml, &targets, sizes, &mut found);
    }
    found
}

/// Where an anchor's corner lies.
#[derive(Clone, Copy, Debug, Default)]
struct Corner {
    column: u32,
    column_offset: f64,
    row: u32,
    row_offset: f64,
}

/// Reads the anchors of a drawing.
fn anchored(
    part: &str,
    xml: &str,
    targets: &BTreeMap<String, String>,
    sizes: &Sizes,
    found: &mut Vec<FloatingPicture>,
) -> Result<(), OoxmlError> {
    let (mut from, mut to) = (None, None);
    let mut corner: Option<Corner> = None;
    let mut text_from = None;
    for tag in Tags::new(part, xml) {
        let tag = tag?;
        match (tag.name, tag.form) {
            ("twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor", TagKind::Open) => {
                (from, to) = (None, None);
            }
            ("from" | "to", TagKind::Open) => corner = Some(Corner::default()),
            ("from", TagKind::Close) => from = corner.take(),
            ("to", TagKind::Close) => to = corner.take(),
            ("col" | "colOff" | "row" | "rowOff", TagKind::Open) => text_from = Some(tag.end),
            ("col" | "colOff" | "row" | "rowOff", TagKind::Close) => {
                let text = text_from.take().and_then(|at| xml.get(at..tag.start));
                let number = text
                    .and_then(|t| t.trim().parse::<f64>().ok())
                    .unwrap_or(0.0);
                if let Some(corner) = &mut corner {
                    match tag.name {
                        "col" => corner.column = number as u32,
                        "row" => corner.row = number as u32,
                        "colOff" => corner.column_offset = number,
                        _ => corner.row_offset = number,
                    }
                }
            }
            ("blip", TagKind::Open | TagKind::Empty) => {
                let embedded = bare(&tag, "embed");
                let Some(from) = from else { continue };
                if found.len() >= MOST {
                    return Ok(());
                }
                let part = embedded.and_then(|id| targets.get(&*id).cloned());
                found.push(covering(from, to, sizes, part));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The cells that a picture covers: the first row and column only where half of it is covered.
fn covering(
    from: Corner,
    to: Option<Corner>,
    sizes: &Sizes,
    part: Option<String>,
) -> FloatingPicture {
    let to = to.unwrap_or(from);
    let later = |first: u32, offset: f64, size: f64| {
        let rest = size > 0.0 && offset * 2.0 > size;
        first.saturating_add(u32::from(rest))
    };
    let top = later(from.row, from.row_offset, sizes.row(from.row));
    let left = later(from.column, from.column_offset, sizes.column(from.column));
    FloatingPicture {
        top,
        left,
        bottom: to.row.max(top),
        right: to.column.max(left),
        part,
    }
}

/// Heights of rows and widths of columns, EMU.
struct Sizes {
    usual_row: f64,
    rows: BTreeMap<u32, f64>,
    usual_column: f64,
    columns: Vec<(u32, u32, f64)>,
}

impl Sizes {
    fn of(package: &OpcPackage, sheet: &str) -> Self {
        let mut sizes = Self {
            usual_row: 15.0 * EMU_OF_POINT,
            rows: BTreeMap::new(),
            usual_column: 64.0 * EMU_OF_PIXEL,
            columns: Vec::new(),
        };
        for tag in Tags::new(sheet, package.text(sheet).unwrap_or_default()) {
            let Ok(tag) = tag else { break };
            if tag.form == TagKind::Close {
                continue;
            }
            let size = |name: &str| {
                tag.attribute(name)
                    .and_then(|v| v.trim().parse::<f64>().ok())
            };
            match tag.name {
                "sheetFormatPr" => {
                    if let Some(points) = size("defaultRowHeight") {
                        sizes.usual_row = points * EMU_OF_POINT;
                    }
                    if let Some(characters) = size("defaultColWidth") {
                        sizes.usual_column = width(characters);
                    }
                }
                "col" => {
                    let (first, last) = (tag.number("min"), tag.number("max"));
                    if let Some(((first, last), characters)) = first.zip(last).zip(size("width")) {
                        sizes.columns.push((first, last, width(characters)));
                    }
                }
                "row" => {
                    if let Some((number, points)) = tag.number("r").zip(size("ht")) {
                        sizes.rows.insert(number, points * EMU_OF_POINT);
                    }
                }
                _ => {}
            }
        }
        sizes
    }

    /// The height of a row, from 0.
    fn row(&self, row: u32) -> f64 {
        let own = self.rows.get(&row.saturating_add(1));
        own.copied().unwrap_or(self.usual_row)
    }

    /// The width of a column, from 0.
    fn column(&self, column: u32) -> f64 {
        let number = column.saturating_add(1);
        let mut own = self.columns.iter();
        let own = own.find(|(first, last, _)| (*first..=*last).contains(&number));
        own.map_or(self.usual_column, |(_, _, width)| *width)
    }
}

/// The width of a column of so many characters, EMU (ECMA-376 part 1, 18.3.1.13, with digits of 7 pixels).
fn width(characters: f64) -> f64 {
    (characters * 7.0 + 5.0) * EMU_OF_PIXEL
}
