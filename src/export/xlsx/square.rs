//! Marks that stay square: the writer ties a picture to the cells of two of its corners, and an office program that draws columns and
//! rows a little wider or narrower stretches it with them. Here it is tied to one corner and has a size of its own
//! (ECMA-376 part 1, 20.5.2.24).

use crate::ooxml::{NewPart, OoxmlError, Original};
use crate::units::Length;

const TWO: &str = "xdr:twoCellAnchor";
const ONE: &str = "xdr:oneCellAnchor";

/// Side of a module: an office program without the usual font draws columns wider, and what it prints on one page's width it makes
/// smaller, by up to 15 per cent; a module of 0.45 mm is left then.
const MODULE: Length = Length(530);

/// Side of a mark's picture: its modules a side, and four more around them.
pub(super) fn picture_side(modules: usize) -> Length {
    let modules = i64::try_from(modules).unwrap_or(1_000).max(1);
    MODULE * (modules + 8)
}

/// A workbook as the writer made it, with the pictures of its sheets tied to one cell.
pub(super) fn squared(bytes: Vec<u8>) -> Result<Vec<u8>, OoxmlError> {
    let book = Original::read(&bytes)?;
    let package = book.package();
    let mut changed: Vec<(String, String)> = Vec::new();
    for name in package.names() {
        if name.starts_with("xl/drawings/drawing") {
            changed.push((name.to_owned(), one_cell(package.text(name)?)));
        }
    }
    if changed.is_empty() {
        return Ok(bytes);
    }
    let parts: Vec<NewPart<'_>> = changed
        .iter()
        .map(|(name, xml)| NewPart {
            name,
            bytes: xml.as_bytes(),
            packed: false,
        })
        .collect();
    book.with(&parts)
}

/// A drawing whose anchors have one cell and a size; an anchor that says no size stays as it is.
fn one_cell(xml: &str) -> String {
    let end = format!("</{TWO}>");
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(start) = rest.find(&format!("<{TWO}")) {
        let Some(length) = rest.get(start..).and_then(|anchor| anchor.find(&end)) else {
            break;
        };
        let (before, anchor) = rest.split_at(start);
        let (anchor, behind) = anchor.split_at(length + end.len());
        out.push_str(before);
        out.push_str(&moved(anchor).unwrap_or_else(|| anchor.to_owned()));
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// One anchor: its second cell becomes the size that its picture says.
fn moved(anchor: &str) -> Option<String> {
    let (_, size) = anchor.split_once("<a:ext ")?;
    let (size, _) = size.split_once("/>")?;
    let (_, inner) = anchor.split_once('>')?;
    let (from, rest) = inner.split_once("<xdr:to>")?;
    let (_, rest) = rest.split_once("</xdr:to>")?;
    let rest = rest.strip_suffix(&format!("</{TWO}>"))?;
    Some(format!("<{ONE}>{from}<xdr:ext {size}/>{rest}</{ONE}>"))
}
