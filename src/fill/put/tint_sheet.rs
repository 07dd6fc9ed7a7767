//! Sheets in which every place has a ground of its own colour: cells get formats like their own with another filling.

use std::collections::BTreeMap;

use crate::fill::anatomy::grid::{SheetGrid, cell_reader};
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::put::ground::{Edit, Tint, edited, hex};
use crate::fill::put::sheet::prefix;
use crate::finding::cell_name;
use crate::ooxml::{
    Element, NewPart, OoxmlError, OpcPackage, Original, Tree, relations, workbook_part,
};

/// The tints of cells by part, row and column.
type Cells<'p> = BTreeMap<&'p str, BTreeMap<(u32, u32), Tint>>;

/// The copy of a workbook in which each of some places has a ground of the colour beside it.
pub(super) fn tinted_book(
    original: &Original,
    places: &[(FieldPlace, Tint)],
) -> Result<Vec<u8>, OoxmlError> {
    let package = original.package();
    let mut wanted: Cells<'_> = BTreeMap::new();
    for (place, tint) in places {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let at = (number(place.row), number(place.column));
        let own = wanted.entry(&place.part).or_default();
        own.entry(at).or_insert(*tint);
        if place.take == Take::Digits {
            for n in 1..number(place.nth).max(1) {
                own.entry((at.0, at.1.saturating_add(n))).or_insert(*tint);
            }
        }
    }
    let Some((styles, mut formats)) = Formats::of(package)? else {
        return original.with(&[]);
    };
    let mut written = Vec::new();
    for (part, cells) in wanted {
        let Ok(xml) = package.text(part) else {
            continue;
        };
        let tree = Tree::read(part, xml)?;
        let grid = SheetGrid::of(part, &tree, &cell_reader(package)?)?;
        let mut sheet: Vec<Edit> = Vec::new();
        let mut fresh: BTreeMap<u32, String> = BTreeMap::new();
        for ((row, column), tint) in cells {
            let own = grid.cells.get(&(row, column)).copied();
            let around = grid.rows.get(&row).copied();
            let style = |e: Option<Element<'_>>| e?.number("s");
            let format = formats.tinted(style(own).or_else(|| style(around)).unwrap_or(0), tint);
            let name = cell_name(row, column);
            match (own, around) {
                (Some(cell), _) => sheet.push(restyled(cell, format)),
                (None, Some(around)) => {
                    let p = prefix(around);
                    let new = format!("<{p}c r=\"{name}\" s=\"{format}\"/>");
                    sheet.push(among(&grid, around, (row, column), new));
                }
                (None, None) => {
                    let p = prefix(grid.root);
                    let new = format!("<{p}c r=\"{name}\" s=\"{format}\"/>");
                    fresh.entry(row).or_default().push_str(&new);
                }
            }
        }
        sheet.extend(fresh_rows(&grid, fresh));
        written.push((part.to_owned(), edited(xml, sheet)));
    }
    written.push((styles.clone(), formats.written(package.text(&styles)?)?));
    let parts: Vec<NewPart<'_>> = written
        .iter()
        .map(|(name, text)| NewPart {
            name,
            bytes: text.as_bytes(),
            packed: false,
        })
        .collect();
    original.with(&parts)
}

/// A cell's tag with another format.
fn restyled(cell: Element<'_>, format: usize) -> Edit {
    let tag = cell.tag();
    let start = cell.range().start;
    let end = start + tag.len();
    let new = match tag.find(" s=\"") {
        Some(at) => {
            let rest = tag.get(at + 4..).unwrap_or_default();
            let behind = rest.find('"').map_or("", |n| rest.get(n..).unwrap_or(""));
            let before = tag.get(..at + 4).unwrap_or_default();
            format!("{before}{format}{behind}")
        }
        None => {
            let close = if tag.ends_with("/>") { "/>" } else { ">" };
            let open = tag.strip_suffix(close).unwrap_or(tag).trim_end();
            format!("{open} s=\"{format}\"{close}")
        }
    };
    (start..end, new)
}

/// A new cell in its row, in front of the first one behind it.
fn among(
    grid: &SheetGrid<'_>,
    around: Element<'_>,
    (row, column): (u32, u32),
    new: String,
) -> Edit {
    let next = grid.cells.range((row, column)..=(row, u32::MAX)).next();
    if let Some((_, next)) = next {
        let at = next.range().start;
        return (at..at, new);
    }
    if around.inner().end == around.range().end {
        let p = prefix(around);
        let open = around.tag().trim_end_matches("/>").trim_end();
        return (around.range(), format!("{open}>{new}</{p}row>"));
    }
    let end = around.inner().end;
    (end..end, new)
}

/// Rows that a sheet does not hold yet, each in front of the first one behind it.
fn fresh_rows(grid: &SheetGrid<'_>, fresh: BTreeMap<u32, String>) -> Vec<Edit> {
    let Some(data) = grid.root.child("sheetData") else {
        return Vec::new();
    };
    let p = prefix(data);
    let mut by_place: BTreeMap<usize, String> = BTreeMap::new();
    for (row, cells) in fresh {
        let next = grid.rows.range(row..).next();
        let at = next.map_or(data.inner().end, |(_, next)| next.range().start);
        let text = format!("<{p}row r=\"{}\">{cells}</{p}row>", row + 1);
        by_place.entry(at).or_default().push_str(&text);
    }
    if data.inner().end == data.range().end {
        let all: String = by_place.into_values().collect();
        let open = data.tag().trim_end_matches("/>").trim_end();
        return vec![(data.range(), format!("{open}>{all}</{p}sheetData>"))];
    }
    by_place
        .into_iter()
        .map(|(at, text)| (at..at, text))
        .collect()
}

/// The formats of a workbook's cells with those that are added.
struct Formats {
    /// Formats as they stand in the part, in order.
    own: Vec<String>,
    /// How many fillings the workbook has.
    fills: usize,
    /// Prefix of the part's elements.
    prefix: String,
    /// Fillings that are added.
    tints: Vec<Tint>,
    /// Formats that are added.
    added: Vec<String>,
}

impl Formats {
    /// The part of a workbook's formats with them; none where it has no such part.
    fn of(package: &OpcPackage) -> Result<Option<(String, Self)>, OoxmlError> {
        let all = relations(package, &workbook_part(package)?)?;
        let part = all.into_iter().find(|r| r.kind == "styles");
        let Some(part) = part.map(|r| r.target) else {
            return Ok(None);
        };
        let Ok(xml) = package.text(&part) else {
            return Ok(None);
        };
        let tree = Tree::read(&part, xml)?;
        let inside = |name: &str| {
            let all = tree.root().child(name);
            all.into_iter().flat_map(Element::children)
        };
        let own: Vec<String> = inside("cellXfs").map(|x| x.source().to_owned()).collect();
        let formats = Self {
            own,
            fills: inside("fills").count(),
            prefix: prefix(tree.root()).to_owned(),
            tints: Vec::new(),
            added: Vec::new(),
        };
        let whole = formats.fills > 0 && !formats.own.is_empty();
        Ok(whole.then_some((part, formats)))
    }

    /// The number of a format like another one with a ground.
    fn tinted(&mut self, like: i64, tint: Tint) -> usize {
        let own = usize::try_from(like).ok().and_then(|n| self.own.get(n));
        let own = own.or(self.own.first()).cloned().unwrap_or_default();
        let fill = self.fills + self.tints.len();
        self.tints.push(tint);
        let (tag, rest) = match own.split_once('>') {
            Some((tag, rest)) => (tag, rest),
            None => (own.as_str(), ""),
        };
        let closed = tag.ends_with('/');
        let mut tag = tag.trim_end_matches('/').trim_end().to_owned();
        for name in ["fillId", "applyFill"] {
            let Some((before, behind)) = tag.split_once(&format!(" {name}=\"")) else {
                continue;
            };
            let behind = behind.split_once('"').map_or("", |b| b.1);
            tag = format!("{before}{behind}");
        }
        let close = if closed { "/>" } else { ">" };
        self.added.push(format!(
            "{tag} fillId=\"{fill}\" applyFill=\"1\"{close}{rest}"
        ));
        self.own.len() + self.added.len() - 1
    }

    /// The part with what was added.
    fn written(&self, xml: &str) -> Result<String, OoxmlError> {
        let tree = Tree::read("styles", xml)?;
        let p = &self.prefix;
        let fills: String = self
            .tints
            .iter()
            .map(|tint| {
                let ground = hex(*tint);
                format!(
                    "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"FF{ground}\"/><{p}bgColor rgb=\"FF{ground}\"/></{p}patternFill></{p}fill>"
                )
            })
            .collect();
        let mut edits: Vec<Edit> = Vec::new();
        let counts = [
            ("fills", self.fills + self.tints.len(), fills),
            (
                "cellXfs",
                self.own.len() + self.added.len(),
                self.added.concat(),
            ),
        ];
        for (name, count, new) in counts {
            let Some(list) = tree.root().child(name) else {
                continue;
            };
            let open = list.range().start..list.inner().start;
            edits.push((open, format!("<{p}{name} count=\"{count}\">")));
            let end = list.inner().end;
            edits.push((end..end, new));
        }
        Ok(edited(xml, edits))
    }
}
