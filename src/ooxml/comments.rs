//! Comments of a worksheet (批注): the list of texts, and the old drawing that office suites still want for their boxes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::finding::cell_name;

use super::workbook::{
    MAIN, add_content_type, add_relation, append_to_root, closing, free_part, relations,
};
use super::xml::{
    MAX_COLUMNS, TagKind, Tags, escape, parse_cell, splice, unescape, with_attribute,
};
use super::{OoxmlError, OpcPackage};

/// Who wrote our comments.
const AUTHOR: &str = "三联校验";
/// What our words begin with where they stand below somebody else's comment.
const MARK: &str = "【校验】";
/// Comments of new kind have an author that begins so; their words stand elsewhere.
const THREADED: &str = "tc=";
const COMMENTS_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const VML_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const NAMESPACES: [(&str, &str); 3] = [
    ("v", "urn:schemas-microsoft-com:vml"),
    ("o", "urn:schemas-microsoft-com:office:office"),
    ("x", "urn:schemas-microsoft-com:office:excel"),
];
const SHAPE_TYPE: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
/// Shape numbers that one block of a drawing holds.
const BLOCK: usize = 1024;

type Cells = BTreeMap<(u32, u32), String>;

/// Takes our earlier comments off a sheet and puts the new ones on. Gives the id of a new drawing part, where one had to be
/// made; `legacy` is the id of the one that the sheet has.
pub(super) fn write(
    package: &mut OpcPackage,
    sheet: &str,
    legacy: Option<&str>,
    texts: &Cells,
) -> Result<Option<String>, OoxmlError> {
    let links = relations(package, sheet)?;
    let list = links
        .iter()
        .find(|r| r.kind == "comments" && package.part(&r.target).is_some())
        .map(|r| r.target.clone());
    if list.is_none() && texts.is_empty() {
        return Ok(None);
    }
    let made = match &list {
        None => patch_list("comments", &empty_list(), texts)?,
        Some(part) => patch_list(part, package.text(part)?, texts)?,
    };
    let part = match list {
        Some(part) => part,
        None => {
            let part = free_part(package, "xl/comments", ".xml");
            add_content_type(package, &part, COMMENTS_TYPE, None)?;
            add_relation(package, sheet, "comments", &part)?;
            part
        }
    };
    package.put(&part, made.xml);
    let drawing = links
        .iter()
        .find(|r| Some(r.id.as_str()) == legacy && package.part(&r.target).is_some())
        .map(|r| r.target.clone());
    if let Some(part) = drawing {
        let xml = patch_drawing(&part, package.text(&part)?, &made.gone, &made.added);
        package.put(&part, xml);
        return Ok(None);
    }
    if made.added.is_empty() {
        return Ok(None);
    }
    let part = free_part(package, "xl/drawings/vmlDrawing", ".vml");
    let xml = new_drawing(first_block(package), &made.added);
    package.put(&part, xml);
    add_content_type(package, &part, VML_TYPE, Some("vml"))?;
    add_relation(package, sheet, "vmlDrawing", &part).map(Some)
}

/// What people wrote into the comments of a sheet, by cell; our own words are left out. Errors: a list is not well-formed.
pub(super) fn comments_of(package: &OpcPackage, sheet: &str) -> Result<Cells, OoxmlError> {
    let mut cells = Cells::new();
    for link in relations(package, sheet)? {
        if link.kind != "comments" || package.part(&link.target).is_none() {
            continue;
        }
        let xml = package.text(&link.target)?;
        let read = read_list(&link.target, xml)?;
        for comment in &read.comments {
            let author = read.authors.get(comment.author).map_or("", String::as_str);
            let Some(cell) = comment.cell.filter(|_| author != AUTHOR) else {
                continue;
            };
            let text = said(xml.get(comment.text.clone()).unwrap_or(""), author);
            if !text.is_empty() {
                cells.insert(cell, text);
            }
        }
    }
    Ok(cells)
}

/// The words of a comment out of its markup: without its author's name before them, without what Excel explains before a thread, and
/// without ours behind them.
fn said(markup: &str, author: &str) -> String {
    let mut text = String::new();
    let mut from = None;
    let wrapped = format!("<text>{markup}</text>");
    for tag in Tags::new("comments", &wrapped).map_while(Result::ok) {
        match (tag.name, tag.form) {
            ("t", TagKind::Open) => from = Some(tag.end),
            ("t", TagKind::Close) => {
                let raw = from.take().and_then(|from| wrapped.get(from..tag.start));
                text.push_str(&unescape(raw.unwrap_or("")));
            }
            _ => {}
        }
    }
    let own = text.split(MARK).next().unwrap_or_default().trim();
    let own = match author.starts_with(THREADED) {
        true => ["注释:", "批注:", "Comment:"]
            .iter()
            .find_map(|word| own.split_once(word))
            .map_or(own, |(_, words)| words),
        false => own
            .strip_prefix(author)
            .and_then(|rest| rest.strip_prefix([':', '：']))
            .filter(|_| !author.is_empty())
            .unwrap_or(own),
    };
    own.trim().to_owned()
}

/// A patched list of comments.
struct Patched {
    xml: String,
    /// Cells whose comment was ours and is gone.
    gone: Vec<(u32, u32)>,
    /// Cells that need a new box, with the length of their text.
    added: Vec<((u32, u32), usize)>,
}

/// One comment of a list.
#[derive(Default)]
struct Comment {
    cell: Option<(u32, u32)>,
    author: usize,
    span: Range<usize>,
    /// The content of its text element.
    text: Range<usize>,
    /// Where our words stand: whole runs, or the end of a text that an office suite has joined.
    ours: Vec<Range<usize>>,
    /// Whether its text is one piece without runs.
    bare: bool,
}

fn empty_list() -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{MAIN}\"><authors/><commentList/></comments>"
    )
}

fn patch_list(part: &str, xml: &str, texts: &Cells) -> Result<Patched, OoxmlError> {
    let mut read = read_list(part, xml)?;
    let p = read.prefix.clone();
    let ours = read.authors.iter().position(|a| a == AUTHOR);
    let mut edits = Vec::new();
    let mut left = texts.clone();
    let mut gone = Vec::new();
    for comment in &read.comments {
        if ours == Some(comment.author) {
            edits.push((comment.span.clone(), String::new()));
            gone.extend(comment.cell);
            continue;
        }
        for run in &comment.ours {
            edits.push((run.clone(), String::new()));
        }
        let Some(text) = comment.cell.and_then(|cell| left.remove(&cell)) else {
            continue;
        };
        let threaded = read
            .authors
            .get(comment.author)
            .is_some_and(|a| a.starts_with(THREADED));
        if threaded {
            continue;
        }
        let run = format!(
            "<{p}r><{p}t xml:space=\"preserve\">\n{MARK}{}</{p}t></{p}r>",
            escape(&text)
        );
        let (from, to) = (comment.text.start, comment.text.end);
        if comment.bare {
            edits.push((from..from, format!("<{p}r>")));
            edits.push((to..to, format!("</{p}r>{run}")));
        } else {
            edits.push((to..to, run));
        }
    }
    let author = match ours {
        _ if left.is_empty() => 0,
        Some(author) => author,
        None => {
            let (tag, at) = &mut read.authors_end;
            let text = closing(tag, &p, &format!("<{p}author>{AUTHOR}</{p}author>"));
            edits.push((at.clone(), text));
            read.authors.len()
        }
    };
    if !left.is_empty() {
        let items: String = left
            .iter()
            .map(|((row, column), text)| {
                format!(
                    "<{p}comment ref=\"{}\" authorId=\"{author}\"><{p}text><{p}t xml:space=\"preserve\">{}</{p}t></{p}text></{p}comment>",
                    cell_name(*row, *column),
                    escape(text)
                )
            })
            .collect();
        let (tag, at) = &read.list_end;
        edits.push((at.clone(), closing(tag, &p, &items)));
    }
    let added = left
        .iter()
        .map(|(cell, text)| (*cell, text.chars().count()))
        .collect();
    Ok(Patched {
        xml: splice(xml, &edits),
        gone,
        added,
    })
}

/// What a list of comments holds, and where its two lists end.
struct ReadList {
    prefix: String,
    authors: Vec<String>,
    authors_end: (String, Range<usize>),
    comments: Vec<Comment>,
    list_end: (String, Range<usize>),
}

fn read_list(part: &str, xml: &str) -> Result<ReadList, OoxmlError> {
    let mut prefix = String::new();
    let (mut authors, mut comments) = (Vec::new(), Vec::new());
    let (mut authors_end, mut list_end) = (None, None);
    let mut author_from = 0;
    let mut comment = Comment::default();
    let (mut run_from, mut text_from, mut whole_run) = (0, 0, false);
    for tag in Tags::new(part, xml) {
        let tag = tag?;
        let end = || (tag.source.to_owned(), tag.start..tag.end);
        match (tag.depth, tag.name, tag.form) {
            (0, _, TagKind::Open) => prefix = tag.prefix().to_owned(),
            (1, "authors", TagKind::Close | TagKind::Empty) => authors_end = Some(end()),
            (1, "commentList", TagKind::Close | TagKind::Empty) => list_end = Some(end()),
            (2, "author", TagKind::Open) => author_from = tag.end,
            (2, "author", TagKind::Close) => {
                let name = xml.get(author_from..tag.start).unwrap_or("");
                authors.push(unescape(name).into_owned());
            }
            (2, "author", TagKind::Empty) => authors.push(String::new()),
            (2, "comment", TagKind::Open) => {
                let author = tag.number("authorId").unwrap_or(u32::MAX);
                comment = Comment {
                    cell: tag.attribute("ref").and_then(|r| parse_cell(&r)),
                    author: usize::try_from(author).unwrap_or(usize::MAX),
                    span: tag.start..tag.end,
                    ..Comment::default()
                };
            }
            (2, "comment", TagKind::Close) => {
                comment.span.end = tag.end;
                comments.push(std::mem::take(&mut comment));
            }
            (3, "text", TagKind::Open) => comment.text = tag.end..tag.end,
            (3, "text", TagKind::Close) => comment.text.end = tag.start,
            (4, "r", TagKind::Open) => (run_from, whole_run) = (tag.start, false),
            (4, "r", TagKind::Close) if whole_run => comment.ours.push(run_from..tag.end),
            (4 | 5, "t", TagKind::Open) => text_from = tag.end,
            (4 | 5, "t", TagKind::Close) => {
                comment.bare |= tag.depth == 4;
                let raw = xml.get(text_from..tag.start).unwrap_or("");
                match raw.find(MARK).and_then(|at| raw.get(..at)).map(trim_lines) {
                    Some("") if tag.depth == 5 => whole_run = true,
                    Some(kept) => comment.ours.push(text_from + kept.len()..tag.start),
                    None => {}
                }
            }
            _ => {}
        }
    }
    let missing = || OoxmlError::Missing(format!("{part}: commentList"));
    Ok(ReadList {
        prefix,
        authors,
        authors_end: authors_end.ok_or_else(missing)?,
        comments,
        list_end: list_end.ok_or_else(missing)?,
    })
}

/// Raw text without white space and line ends, escaped or not, at its end.
fn trim_lines(raw: &str) -> &str {
    let mut kept = raw.trim_end();
    while let Some(less) = ["&#10;", "&#13;", "&#xA;", "&#xD;"]
        .iter()
        .find_map(|end| kept.strip_suffix(end))
    {
        kept = less.trim_end();
    }
    kept
}

/// The first block of shape numbers that no drawing of the package uses.
fn first_block(package: &OpcPackage) -> usize {
    let drawings = package.names().filter(|name| name.ends_with(".vml"));
    let mut highest = 0;
    for name in drawings {
        let blocks = blocks_of(name, package.text(name).unwrap_or(""));
        highest = blocks.into_iter().fold(highest, usize::max);
    }
    highest.saturating_add(1)
}

/// The blocks of shape numbers that a drawing says are its own.
fn blocks_of(part: &str, xml: &str) -> Vec<usize> {
    let mut blocks = Vec::new();
    for tag in Tags::new(part, xml).map_while(Result::ok) {
        if tag.name == "idmap" {
            let data = tag.attribute("data").unwrap_or_default();
            blocks.extend(
                data.split(',')
                    .filter_map(|n| n.trim().parse::<usize>().ok()),
            );
        }
    }
    blocks
}

fn new_drawing(block: usize, added: &[((u32, u32), usize)]) -> String {
    let blocks: Vec<String> = (0..=added.len() / BLOCK)
        .map(|n| block.saturating_add(n).to_string())
        .collect();
    let names: String = NAMESPACES
        .iter()
        .map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{uri}\""))
        .collect();
    let shapes = shapes(block.saturating_mul(BLOCK), added);
    format!(
        "<xml{names}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{}\"/></o:shapelayout>{SHAPE_TYPE}{shapes}</xml>",
        blocks.join(",")
    )
}

/// A drawing without the boxes that are gone and with those added. A drawing that is not well-formed (old versions of Excel
/// write such) keeps all its boxes.
fn patch_drawing(
    part: &str,
    xml: &str,
    gone: &[(u32, u32)],
    added: &[((u32, u32), usize)],
) -> String {
    let gone: BTreeSet<&(u32, u32)> = gone.iter().collect();
    let mut edits: Vec<(Range<usize>, String)> = boxes(part, xml)
        .into_iter()
        .filter(|(cell, _)| gone.contains(cell))
        .map(|(_, span)| (span, String::new()))
        .collect();
    let kept = splice(xml, &edits);
    if added.is_empty() {
        return kept;
    }
    let mut text = shapes(last_shape(part, &kept), added);
    if !kept.contains("id=\"_x0000_t202\"") {
        text.insert_str(0, SHAPE_TYPE);
    }
    for (prefix, uri) in NAMESPACES {
        if !kept.contains(&format!("xmlns:{prefix}=\"{uri}\"")) {
            let named = format!("<v:shape xmlns:{prefix}=\"{uri}\" ");
            text = text.replace("<v:shape ", &named);
            let named = format!("<v:shapetype xmlns:{prefix}=\"{uri}\" ");
            text = text.replace("<v:shapetype ", &named);
        }
    }
    edits.clear();
    match append_to_root(part, &kept, |_| text.clone()) {
        Ok(xml) => xml,
        Err(_) => {
            let at = kept.rfind("</").unwrap_or(kept.len());
            splice(&kept, &[(at..at, text)])
        }
    }
}

/// The comment boxes of a drawing: their cells and places.
fn boxes(part: &str, xml: &str) -> Vec<((u32, u32), Range<usize>)> {
    let mut found = Vec::new();
    let (mut from, mut value) = (0, 0);
    let (mut note, mut row, mut column) = (false, None, None);
    for tag in Tags::new(part, xml) {
        let Ok(tag) = tag else { return Vec::new() };
        let number = |from: usize| xml.get(from..tag.start)?.trim().parse::<u32>().ok();
        match (tag.name, tag.form) {
            ("shape", TagKind::Open) => {
                from = tag.start;
                (note, row, column) = (false, None, None);
            }
            ("ClientData", TagKind::Open) => {
                note = tag.attribute("ObjectType").as_deref() == Some("Note");
            }
            ("Row" | "Column", TagKind::Open) => value = tag.end,
            ("Row", TagKind::Close) => row = number(value),
            ("Column", TagKind::Close) => column = number(value),
            ("shape", TagKind::Close) => {
                if let (true, Some(row), Some(column)) = (note, row, column) {
                    found.push(((row, column), from..tag.end));
                }
            }
            _ => {}
        }
    }
    found
}

/// The highest shape number of a drawing.
fn last_shape(part: &str, xml: &str) -> usize {
    let block = blocks_of(part, xml).into_iter().min().unwrap_or(1);
    let numbers = xml.split("_x0000_s").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        rest.get(..end)?.parse::<usize>().ok()
    });
    numbers.fold(block.saturating_mul(BLOCK), usize::max)
}

fn shapes(last: usize, added: &[((u32, u32), usize)]) -> String {
    added
        .iter()
        .enumerate()
        .map(|(n, (cell, length))| shape(last.saturating_add(n + 1), *cell, *length))
        .collect()
}

/// One hidden comment box at the right of its cell, high enough for its text (about 16 characters a line).
fn shape(number: usize, (row, column): (u32, u32), length: usize) -> String {
    let lines = u32::try_from(length / 16).unwrap_or(0).min(16) + 3;
    let left = column.saturating_add(1).min(MAX_COLUMNS - 4);
    let id = format!("_x0000_s{number}");
    let tag = with_attribute("<v:shape>", "id", &id);
    let tag = with_attribute(&tag, "type", "#_x0000_t202");
    let style = "position:absolute;width:180pt;height:80pt;z-index:1;visibility:hidden";
    let tag = with_attribute(&tag, "style", style);
    let tag = with_attribute(&tag, "fillcolor", "#ffffe1");
    let tag = with_attribute(&tag, "o:insetmode", "auto");
    format!(
        "{tag}<v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {row}, 4, {}, 15, {}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>",
        left + 3,
        row.saturating_add(lines)
    )
}
