//! What a filled .docx has beside its text: the photo and mark as parts, the header that holds the mark, document properties
//! that name the record; with the relationships and content types that these need.

use crate::fill::put::pen::escape;
use crate::ooxml::{
    Element, NewPart, OoxmlError, OpcPackage, Tree, add_content_type, add_relation, relations,
};

use crate::fill::put::cut_key::CutKey;
use crate::fill::put::stencil::{Action, Cut};

/// Part of the photo.
pub(super) const PHOTO: &str = "word/media/sanlian_photo.jpeg";
/// Part of the mark.
pub(super) const MARK: &str = "word/media/sanlian_mark.png";
/// Part of the header that is made for the mark.
pub(super) const HEADER: &str = "word/sanlian_header.xml";
/// Part of the document properties.
pub(super) const CUSTOM: &str = "docProps/custom.xml";

const HEADER_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml";
const CUSTOM_TYPE: &str = "application/vnd.openxmlformats-officedocument.custom-properties+xml";
/// Format id of user-defined properties (ECMA-376 part 1, 22.3).
const FORMAT: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";

/// Parts that differ from the form's own, and the ids of pictures.
#[derive(Clone, Debug, Default)]
pub(super) struct Parcel {
    /// Name and bytes of relationships, content types.
    pub(super) parts: Vec<(String, Vec<u8>)>,
    /// Relationship of the photo in the part that shows it.
    pub(super) photo: String,
    /// Relationship of the mark in the parts that show it, which is the same in all of them or stands first.
    pub(super) mark: Vec<(String, String)>,
    /// Whether a header is made for the mark.
    pub(super) header: bool,
}

/// Where the mark stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MarkAt {
    /// In these headers of the form.
    Headers(Vec<String>),
    /// In a header that is made.
    NewHeader,
    /// In this part, at a place of the binding.
    Place(String),
}

impl MarkAt {
    /// The headers of the form that take the mark.
    pub(super) fn headers(&self) -> &[String] {
        match self {
            Self::Headers(parts) => parts,
            Self::NewHeader | Self::Place(_) => &[],
        }
    }
}

/// The header parts that the first section shows, and the cut that refers to a new one where they do not do.
pub(super) fn mark_place(
    package: &OpcPackage,
    document: &str,
    header_id: &str,
) -> Result<(MarkAt, Vec<Cut>), OoxmlError> {
    let xml = package.text(document)?;
    let tree = Tree::read(document, xml)?;
    let sections = tree.root().descendants().filter(|e| e.is("sectPr"));
    let Some(first) = sections.into_iter().next() else {
        return Ok((MarkAt::NewHeader, Vec::new()));
    };
    let known = relations(package, document)?;
    let target = |kind: &str| -> Option<String> {
        let reference = first.children().find(|c| {
            c.is("headerReference") && c.attribute("w:type").unwrap_or("default".into()) == kind
        })?;
        let id = reference.attribute("r:id")?;
        known
            .iter()
            .find(|r| r.id == *id)
            .map(|r| r.target.clone())
            .filter(|t| package.part(t).is_some())
    };
    let title_page = first
        .child("titlePg")
        .is_some_and(|t| t.val().is_none_or(|v| v != "0" && v != "false"));
    let mut parts = Vec::new();
    let mut missing = String::new();
    for kind in ["default", "first", "even"] {
        match target(kind) {
            Some(part) if !parts.contains(&part) => parts.push(part),
            Some(_) => {}
            None if kind == "default" || kind == "first" && title_page => {
                missing.push_str(&format!(
                    "<w:headerReference w:type=\"{kind}\" r:id=\"{header_id}\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"/>"
                ));
            }
            None => {}
        }
    }
    if missing.is_empty() {
        return Ok((MarkAt::Headers(parts), Vec::new()));
    }
    Ok((MarkAt::NewHeader, vec![refer(first, missing)]))
}

/// The reference to a header stands first in its section.
fn refer(section: Element<'_>, reference: String) -> Cut {
    let (range, text) = if section.inner().end == section.range().end {
        let open = section.tag().trim_end_matches("/>").trim_end();
        (section.range(), format!("{open}>{reference}</w:sectPr>"))
    } else {
        let at = section.inner().start;
        (at..at, reference)
    };
    Cut {
        range,
        key: CutKey::Field("@mark".to_owned()),
        ink: Action::Instead(text),
        name: String::new(),
    }
}

/// What a file with or without photo and mark needs.
pub(super) fn parcel(
    package: &OpcPackage,
    document: &str,
    photo_in: Option<&str>,
    mark_at: Option<&MarkAt>,
) -> Result<Parcel, OoxmlError> {
    let mut changed = package.clone();
    let mut parcel = Parcel::default();
    if let Some(at) = mark_at {
        add_content_type(&mut changed, MARK, "image/png", Some("png"))?;
        match at {
            MarkAt::NewHeader => {
                add_relation(&mut changed, document, "header", HEADER)?;
                add_content_type(&mut changed, HEADER, HEADER_TYPE, None)?;
                let id = add_relation(&mut changed, HEADER, "image", MARK)?;
                parcel.mark.push((HEADER.to_owned(), id));
                parcel.header = true;
            }
            MarkAt::Headers(parts) => {
                for part in parts {
                    let id = add_relation(&mut changed, part, "image", MARK)?;
                    parcel.mark.push((part.clone(), id));
                }
            }
            MarkAt::Place(part) => {
                let id = add_relation(&mut changed, part, "image", MARK)?;
                parcel.mark.push((part.clone(), id));
            }
        }
    }
    if let Some(part) = photo_in {
        parcel.photo = add_relation(&mut changed, part, "image", PHOTO)?;
        add_content_type(&mut changed, PHOTO, "image/jpeg", Some("jpeg"))?;
    }
    name_properties(&mut changed)?;
    parcel.parts = differing(package, &changed);
    Ok(parcel)
}

/// Names the part of the document properties, where the package has none.
pub(super) fn name_properties(package: &mut OpcPackage) -> Result<(), OoxmlError> {
    if package.part(CUSTOM).is_none() {
        add_relation(package, "", "custom-properties", CUSTOM)?;
        add_content_type(package, CUSTOM, CUSTOM_TYPE, None)?;
    }
    Ok(())
}

/// Parts of a package that another one has otherwise.
pub(super) fn differing(package: &OpcPackage, changed: &OpcPackage) -> Vec<(String, Vec<u8>)> {
    let all = changed
        .names()
        .map(|n| (n, changed.part(n).unwrap_or_default()));
    let new = all.filter(|(name, bytes)| package.part(name) != Some(*bytes));
    new.map(|(n, bytes)| (n.to_owned(), bytes.to_vec()))
        .collect()
}

/// Parts that go into a file: those that were written, and those that lie ready beside them.
pub(super) fn new_parts<'p>(
    written: &'p [(&str, String)],
    beside: &'p [(String, Vec<u8>)],
) -> Vec<NewPart<'p>> {
    let written = written.iter().map(|(name, text)| (*name, text.as_bytes()));
    let beside = beside
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let all = written.chain(beside);
    all.map(|(name, bytes)| NewPart {
        name,
        bytes,
        packed: false,
    })
    .collect()
}

/// The id that the relationship of a new header will have.
pub(super) fn header_id(package: &OpcPackage, document: &str) -> Result<String, OoxmlError> {
    add_relation(&mut package.clone(), document, "header", HEADER)
}

/// The document properties, cut where ours go: what stands before and behind them, and the first free number.
#[derive(Clone, Debug)]
pub(super) struct Properties {
    before: String,
    after: String,
    next: i64,
}

impl Properties {
    /// Those of the form, less what an earlier filling wrote.
    pub(super) fn of(package: &OpcPackage) -> Result<Self, OoxmlError> {
        if package.part(CUSTOM).is_none() {
            return Ok(Self {
                before: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">".to_owned(),
                after: "</Properties>".to_owned(),
                next: 2,
            });
        }
        let xml = package.text(CUSTOM)?;
        let tree = Tree::read(CUSTOM, xml)?;
        let root = tree.root();
        let kept: Vec<Element<'_>> = root
            .children()
            .filter(|c| {
                c.attribute("name")
                    .is_none_or(|n| !n.starts_with("sanlian."))
            })
            .collect();
        let next = kept.iter().filter_map(|c| c.number("pid")).max();
        let open = root.tag().trim_end_matches('>').trim_end_matches('/');
        let head = xml.get(..root.range().start).unwrap_or("");
        let inside: String = kept.iter().map(|c| c.source()).collect();
        let name = open
            .trim_start_matches('<')
            .split(char::is_whitespace)
            .next()
            .unwrap_or("Properties");
        Ok(Self {
            before: format!("{head}{open}>{inside}"),
            after: format!("</{name}>"),
            next: next.unwrap_or(1).max(1) + 1,
        })
    }

    /// The part with our properties.
    pub(super) fn with(&self, ours: &[(String, String)]) -> String {
        let mut out = self.before.clone();
        for ((name, value), pid) in ours.iter().zip(self.next..) {
            out.push_str(&format!(
                "<property xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" fmtid=\"{FORMAT}\" pid=\"{pid}\" name=\"{name}\"><vt:lpwstr xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">"
            ));
            escape(value, &mut out);
            out.push_str("</vt:lpwstr></property>");
        }
        out.push_str(&self.after);
        out
    }
}
