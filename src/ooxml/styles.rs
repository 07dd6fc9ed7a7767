//! The formats of a workbook (styles.xml): colours for marked cells, derived from the formats that the cells have.

use std::collections::BTreeMap;
use std::ops::Range;

use super::OoxmlError;
use super::workbook::{MAIN, closing};
use super::xml::{Tag, TagKind, Tags, attribute, splice, with_attribute};

/// Fill of a cell with an error; one step off Excel's own “bad” colour, so that ours can be told.
pub(super) const RED: &str = "FFFFC7CD";
/// Fill of a cell with a warning; one step off Excel's own “neutral” colour.
pub(super) const AMBER: &str = "FFFFEB9D";

/// Formats for a workbook that has none.
const LEAST: &str = "<fonts count=\"1\"><font><sz val=\"11\"/><name val=\"宋体\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/></cellXfs>";

/// Most formats of cells that Excel takes (specifications and limits of Excel).
const MOST_FORMATS: usize = 65_490;

/// The highest number of a format that a sheet names.
pub(super) fn highest_format(sheet: &str) -> usize {
    let named = [" s=\"", " style=\""].into_iter().flat_map(|head| {
        let after = sheet
            .match_indices(head)
            .filter_map(move |(at, _)| sheet.get(at + head.len()..));
        after.filter_map(|rest| rest.split_once('"')?.0.parse().ok())
    });
    named.max().unwrap_or(0)
}

/// The formats, with what is added to them.
pub(super) struct Styles {
    xml: String,
    prefix: String,
    fills: Vec<String>,
    formats: Vec<String>,
    fills_at: Option<[Range<usize>; 2]>,
    formats_at: Option<[Range<usize>; 2]>,
    old: (usize, usize),
    derived: BTreeMap<(u32, &'static str), u32>,
}

/// A formats part for a workbook without one.
pub(super) fn least_styles() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"{MAIN}\">{LEAST}</styleSheet>"
    )
}

impl Styles {
    /// Finds the fills and cell formats of a part.
    pub(super) fn read(part: &str, xml: &str) -> Result<Self, OoxmlError> {
        let mut styles = Self {
            xml: xml.to_owned(),
            prefix: String::new(),
            fills: Vec::new(),
            formats: Vec::new(),
            fills_at: None,
            formats_at: None,
            old: (0, 0),
            derived: BTreeMap::new(),
        };
        let mut within = "";
        let mut open: Option<Tag<'_>> = None;
        for tag in Tags::new(part, xml) {
            let tag = tag?;
            if tag.depth == 0 && tag.form != TagKind::Close {
                styles.prefix = tag.prefix().to_owned();
            }
            if tag.depth == 1 {
                within = tag.name;
                if tag.form == TagKind::Open {
                    open = Some(tag);
                } else {
                    let first = open.take().unwrap_or(tag);
                    let places = [first.start..first.end, tag.start..tag.end];
                    match tag.name {
                        "fills" => styles.fills_at = Some(places),
                        "cellXfs" => styles.formats_at = Some(places),
                        _ => {}
                    }
                }
            }
            if tag.depth == 2 {
                let list = match (within, tag.name) {
                    ("fills", "fill") => &mut styles.fills,
                    ("cellXfs", "xf") => &mut styles.formats,
                    _ => continue,
                };
                match tag.form {
                    TagKind::Empty => list.push(tag.source.to_owned()),
                    TagKind::Open => list.push(tag.start.to_string()),
                    TagKind::Close => {
                        let from = list.pop().and_then(|start| start.parse::<usize>().ok());
                        let whole = from.and_then(|from| xml.get(from..tag.end));
                        list.push(whole.unwrap_or("").to_owned());
                    }
                }
            }
        }
        if styles.fills_at.is_none() || styles.formats_at.is_none() {
            return Err(OoxmlError::Missing(format!("{part}: cellXfs")));
        }
        styles.old = (styles.fills.len(), styles.formats.len());
        Ok(styles)
    }

    /// Fills the formats up to the one that a cell uses of the highest number: a workbook whose cells name formats that it does not
    /// have would show them in the colours that are added there.
    pub(super) fn reach(&mut self, highest: usize) {
        let plain = self.format(u32::MAX);
        while self.formats.len() <= highest.min(MOST_FORMATS) {
            self.formats.push(plain.clone());
        }
    }

    /// Whether the workbook has been marked before.
    pub(super) fn has_marks(&self) -> bool {
        self.fills.iter().any(|fill| mark_of(fill).is_some())
    }

    /// The format like `base`, filled with `colour`.
    pub(super) fn marked(&mut self, base: u32, colour: &'static str) -> u32 {
        if let Some(known) = self.derived.get(&(base, colour)) {
            return *known;
        }
        let format = self.format(base);
        let under = self.ground(&format);
        let p = &self.prefix;
        let fill = format!(
            "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"{colour}\"/><{p}bgColor {under}/></{p}patternFill></{p}fill>"
        );
        let fill = position(&mut self.fills, &fill);
        let made = self.with_fill(&format, fill);
        self.derived.insert((base, colour), made);
        made
    }

    /// The format that a marked one was derived from; none for a format that is not marked.
    pub(super) fn unmarked(&mut self, style: u32) -> Option<u32> {
        let format = self.format(style);
        let index = attribute(&format, "fillId")?.parse::<usize>().ok()?;
        let under = mark_of(self.fills.get(index)?)?;
        let p = &self.prefix;
        let fill = if under == "indexed=\"64\"" {
            0
        } else {
            let wanted = self
                .fills
                .iter()
                .position(|fill| solid(fill).is_some_and(|colour| colour == under));
            match wanted {
                Some(found) => u32::try_from(found).unwrap_or(0),
                None => {
                    let fill = format!(
                        "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor {under}/><{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
                    );
                    position(&mut self.fills, &fill)
                }
            }
        };
        let plain = without_fill(&format);
        let same = self
            .formats
            .iter()
            .position(|f| fill_of(f) == fill && without_fill(f) == plain);
        Some(match same {
            Some(found) => u32::try_from(found).unwrap_or(0),
            None => self.with_fill(&format, fill),
        })
    }

    /// The format like `base`, with text that wraps and stands at the left and in the middle, without a fill.
    pub(super) fn note(&mut self) -> u32 {
        let p = &self.prefix;
        let format = format!(
            "<{p}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyAlignment=\"1\"><{p}alignment vertical=\"center\" wrapText=\"1\"/></{p}xf>"
        );
        position(&mut self.formats, &format)
    }

    /// The part with what was added; none where nothing was.
    pub(super) fn finish(&self) -> Option<String> {
        let mut edits = Vec::new();
        let lists = [
            (&self.fills, self.old.0, &self.fills_at),
            (&self.formats, self.old.1, &self.formats_at),
        ];
        for (list, old, places) in lists {
            let (Some(added), Some([open, close])) = (list.get(old..), places) else {
                continue;
            };
            if added.is_empty() {
                continue;
            }
            let tag = |at: &Range<usize>| self.xml.get(at.clone()).unwrap_or("");
            let counted = with_attribute(tag(open), "count", &list.len().to_string());
            if open == close {
                edits.push((
                    open.clone(),
                    closing(&counted, &self.prefix, &added.concat()),
                ));
            } else {
                edits.push((open.clone(), counted));
                edits.push((close.start..close.start, added.concat()));
            }
        }
        (!edits.is_empty()).then(|| splice(&self.xml, &edits))
    }

    fn format(&self, index: u32) -> String {
        let p = &self.prefix;
        let found = usize::try_from(index)
            .ok()
            .and_then(|i| self.formats.get(i))
            .filter(|format| !format.is_empty());
        found.cloned().unwrap_or_else(|| {
            format!("<{p}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>")
        })
    }

    /// The colour attributes of a format's own solid fill; `indexed="64"` for none.
    fn ground(&self, format: &str) -> String {
        let fill = usize::try_from(fill_of(format))
            .ok()
            .and_then(|i| self.fills.get(i));
        fill.and_then(|fill| solid(fill))
            .unwrap_or_else(|| "indexed=\"64\"".to_owned())
    }

    fn with_fill(&mut self, format: &str, fill: u32) -> u32 {
        let end = format.find('>').map_or(format.len(), |at| at + 1);
        let (tag, rest) = format.split_at(end);
        let tag = with_attribute(tag, "fillId", &fill.to_string());
        let tag = with_attribute(&tag, "applyFill", "1");
        position(&mut self.formats, &format!("{tag}{rest}"))
    }
}

/// Where an entry stands in a list; it is appended where it does not.
fn position(list: &mut Vec<String>, entry: &str) -> u32 {
    let found = list.iter().position(|e| e == entry).unwrap_or_else(|| {
        list.push(entry.to_owned());
        list.len() - 1
    });
    u32::try_from(found).unwrap_or(0)
}

fn fill_of(format: &str) -> u32 {
    attribute(first_tag(format), "fillId")
        .and_then(|v| v.parse().ok())
        .unwrap_or(0)
}

/// A format without its fill, to compare it.
fn without_fill(format: &str) -> String {
    let end = first_tag(format).len();
    let (tag, rest) = format.split_at(end);
    let tag = with_attribute(tag, "fillId", "0");
    let tag = tag
        .replace(" applyFill=\"1\"", "")
        .replace(" applyFill=\"0\"", "");
    format!("{tag}{rest}")
}

fn first_tag(element: &str) -> &str {
    let end = element.find('>').map_or(element.len(), |at| at + 1);
    element.get(..end).unwrap_or(element)
}

/// The attributes of a child element, such as `rgb="FFFF0000"`.
fn child<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let at = element.find(&format!("{name} "))?;
    let rest = element.get(at + name.len()..)?;
    let end = rest.find(['>'])?;
    Some(rest.get(..end)?.trim_end_matches('/').trim())
}

/// The colour of a solid fill that is not ours.
fn solid(fill: &str) -> Option<String> {
    let pattern = Tags::new("fill", fill)
        .filter_map(Result::ok)
        .find(|tag| tag.begins("patternFill"))?;
    if attribute(pattern.source, "patternType") != Some("solid") || mark_of(fill).is_some() {
        return None;
    }
    child(fill, "fgColor").map(str::to_owned)
}

/// For a fill of ours: the colour that lies under it (a solid fill does not show its second colour).
fn mark_of(fill: &str) -> Option<String> {
    let colour = child(fill, "fgColor")?;
    let ours = [RED, AMBER]
        .iter()
        .any(|ours| colour == format!("rgb=\"{ours}\""));
    ours.then(|| {
        child(fill, "bgColor")
            .unwrap_or("indexed=\"64\"")
            .to_owned()
    })
}
