//! What holds a workbook together: relationships, content types, the list of sheets and the shared strings.

use super::unseen::{Struck, strikes};
use super::xml::{Tag, Tags, escape, splice, with_attribute};
use super::{OoxmlError, OpcPackage};

const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE_RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const CONTENT_TYPES: &str = "[Content_Types].xml";
/// The main namespace of SpreadsheetML (ECMA-376, transitional).
pub(super) const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// One relationship of a part.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Its id, such as `rId3`.
    pub id: String,
    /// Last step of its type, such as `worksheet`: the same in transitional and strict files.
    pub kind: String,
    /// Name of the part that it leads to; empty for a place outside the package.
    pub target: String,
}

/// A worksheet of a workbook.
#[derive(Clone, Debug)]
pub struct SheetEntry {
    /// Name on the tab.
    pub name: String,
    /// Name of its part.
    pub part: String,
    /// Whether its tab is not shown.
    pub hidden: bool,
}

/// Name of the part that holds the relationships of `part`; the package's own where `part` is empty.
fn relations_part(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    if folder.is_empty() {
        format!("_rels/{file}.rels")
    } else {
        format!("{folder}/_rels/{file}.rels")
    }
}

/// The relationships of a part; none where it has no such part.
pub fn relations(package: &OpcPackage, part: &str) -> Result<Vec<Relation>, OoxmlError> {
    let name = relations_part(part);
    if package.part(&name).is_none() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for tag in Tags::new(&name, package.text(&name)?) {
        let tag = tag?;
        if !tag.begins("Relationship") {
            continue;
        }
        let value = |name| tag.attribute(name).unwrap_or_default().into_owned();
        let outside = value("TargetMode") == "External";
        found.push(Relation {
            id: value("Id"),
            kind: value("Type").rsplit('/').next().unwrap_or("").to_owned(),
            target: if outside {
                String::new()
            } else {
                resolve(part, &value("Target"))
            },
        });
    }
    Ok(found)
}

/// A relationship's target as a part name; steps that lead out of the package are dropped.
fn resolve(part: &str, target: &str) -> String {
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let joined = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in joined.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Adds a relationship to a part and gives its id. `kind` is the last step of its type; the target is written absolute.
pub fn add_relation(
    package: &mut OpcPackage,
    part: &str,
    kind: &str,
    target: &str,
) -> Result<String, OoxmlError> {
    let taken = relations(package, part)?;
    let id = (1..)
        .map(|n: usize| format!("rId{n}"))
        .find(|id| taken.iter().all(|r| r.id != *id))
        .unwrap_or_default();
    let name = relations_part(part);
    let entry =
        format!("<Relationship Id=\"{id}\" Type=\"{RELATIONSHIPS}/{kind}\" Target=\"/{target}\"/>");
    let text = if package.part(&name).is_some() {
        append_to_root(&name, package.text(&name)?, |_| entry)?
    } else {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"{PACKAGE_RELATIONSHIPS}\">{entry}</Relationships>"
        )
    };
    package.put(&name, text);
    Ok(id)
}

/// `xml` with a piece before the end of its root element; the piece is made for the root's tag.
pub(super) fn append_to_root(
    part: &str,
    xml: &str,
    piece: impl FnOnce(&Tag<'_>) -> String,
) -> Result<String, OoxmlError> {
    let mut root = None;
    let mut piece = Some(piece);
    for tag in Tags::new(part, xml) {
        let tag = tag?;
        if root.is_none() {
            root = Some(tag);
        }
        if tag.depth == 0
            && tag.ends(tag.name)
            && let Some(make) = piece.take()
        {
            let text = make(root.as_ref().unwrap_or(&tag));
            return Ok(insert_inside(xml, &tag, &text));
        }
    }
    Err(OoxmlError::Xml {
        part: part.to_owned(),
        at: xml.len() as u64,
    })
}

/// `xml` with text before an element's end; `last` is its closing tag, or the tag of an empty element, which is opened.
fn insert_inside(xml: &str, last: &Tag<'_>, text: &str) -> String {
    splice(
        xml,
        &[(
            last.start..last.end,
            closing(last.source, last.prefix(), text),
        )],
    )
}

/// The text and then the end of an element; an empty element `<a/>` becomes `<a>text</a>`.
pub(super) fn closing(source: &str, prefix: &str, text: &str) -> String {
    match source.strip_suffix("/>") {
        None => format!("{text}{source}"),
        Some(open) => {
            let open = open.trim_end();
            let name = open
                .trim_start_matches('<')
                .split(char::is_whitespace)
                .next()
                .unwrap_or("");
            let name = name.strip_prefix(prefix).unwrap_or(name);
            format!("{open}>{text}</{prefix}{name}>")
        }
    }
}

/// Tells the package the type of a part, and of the extension where `extension` names one.
pub fn add_content_type(
    package: &mut OpcPackage,
    part: &str,
    kind: &str,
    extension: Option<&str>,
) -> Result<(), OoxmlError> {
    let xml = package.text(CONTENT_TYPES)?;
    for tag in Tags::new(CONTENT_TYPES, xml) {
        let tag = tag?;
        let known = match extension {
            None => {
                tag.begins("Override")
                    && tag
                        .attribute("PartName")
                        .is_some_and(|n| n.trim_start_matches('/').eq_ignore_ascii_case(part))
            }
            Some(extension) => {
                tag.begins("Default")
                    && tag
                        .attribute("Extension")
                        .is_some_and(|e| e.eq_ignore_ascii_case(extension))
            }
        };
        if known {
            return Ok(());
        }
    }
    let text = append_to_root(CONTENT_TYPES, xml, |root| {
        let p = root.prefix();
        match extension {
            None => format!("<{p}Override PartName=\"/{part}\" ContentType=\"{kind}\"/>"),
            Some(e) => format!("<{p}Default Extension=\"{e}\" ContentType=\"{kind}\"/>"),
        }
    })?;
    package.put(CONTENT_TYPES, text);
    Ok(())
}

/// The first part name `prefix` + number + `suffix` that is free.
pub(super) fn free_part(package: &OpcPackage, prefix: &str, suffix: &str) -> String {
    (1..)
        .map(|n: usize| format!("{prefix}{n}{suffix}"))
        .find(|name| package.part(name).is_none())
        .unwrap_or_default()
}

/// Name of the workbook's main part.
pub fn workbook_part(package: &OpcPackage) -> Result<String, OoxmlError> {
    let main = relations(package, "")?
        .into_iter()
        .find(|r| r.kind == "officeDocument")
        .map_or_else(|| "xl/workbook.xml".to_owned(), |r| r.target);
    if package.part(&main).is_none() {
        return Err(OoxmlError::Missing(main));
    }
    Ok(main)
}

/// The worksheets of a workbook, in the order of their tabs.
pub fn sheets(package: &OpcPackage, workbook: &str) -> Result<Vec<SheetEntry>, OoxmlError> {
    let relations = relations(package, workbook)?;
    let mut found = Vec::new();
    for tag in Tags::new(workbook, package.text(workbook)?) {
        let tag = tag?;
        if !tag.begins("sheet") {
            continue;
        }
        let id = relation_id(&tag);
        let target = relations
            .iter()
            .find(|r| Some(&r.id) == id.as_ref() && r.kind == "worksheet");
        if let Some(relation) = target {
            found.push(SheetEntry {
                name: tag.attribute("name").unwrap_or_default().into_owned(),
                part: relation.target.clone(),
                hidden: tag
                    .attribute("state")
                    .is_some_and(|state| state != "visible"),
            });
        }
    }
    Ok(found)
}

/// The relationship id that a tag names (`r:id`, whatever the prefix).
pub(super) fn relation_id(tag: &Tag<'_>) -> Option<String> {
    let at = tag.source.find(":id=")?;
    let prefix = tag
        .source
        .get(..at)?
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or("");
    tag.attribute(&format!("{prefix}:id"))
        .map(|v| v.into_owned())
}

/// Adds a worksheet behind all others.
pub(super) fn add_sheet(
    package: &mut OpcPackage,
    workbook: &str,
    name: &str,
    xml: String,
) -> Result<(), OoxmlError> {
    let part = free_part(package, "xl/worksheets/sheet", ".xml");
    package.put(&part, xml);
    add_content_type(
        package,
        &part,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
        None,
    )?;
    let id = add_relation(package, workbook, "worksheet", &part)?;
    let xml = package.text(workbook)?;
    let mut highest = 0;
    let mut end = None;
    for tag in Tags::new(workbook, xml) {
        let tag = tag?;
        if tag.begins("sheet") {
            highest = highest.max(tag.number("sheetId").unwrap_or(0));
        }
        if tag.depth == 1 && tag.ends("sheets") {
            end = Some(tag);
        }
    }
    let end = end.ok_or_else(|| OoxmlError::Missing("sheets".to_owned()))?;
    let entry = with_attribute(
        &format!(
            "<{}sheet sheetId=\"{}\" xmlns:r=\"{RELATIONSHIPS}\" r:id=\"{id}\"/>",
            end.prefix(),
            highest.saturating_add(1)
        ),
        "name",
        name,
    );
    let text = insert_inside(xml, &end, &entry);
    package.put(workbook, text);
    Ok(())
}

/// The shared strings as plain text, in order; none where there are none.
pub fn shared_strings(package: &OpcPackage, workbook: &str) -> Result<Vec<String>, OoxmlError> {
    shared_strings_with(package, workbook, |text, _| text.to_owned())
}

/// The shared strings, each as `make` gives it, which hears how much of it is struck out.
pub(super) fn shared_strings_with<T>(
    package: &OpcPackage,
    workbook: &str,
    make: impl Fn(&str, Struck) -> T,
) -> Result<Vec<T>, OoxmlError> {
    let Some(part) = relations(package, workbook)?
        .into_iter()
        .find(|r| r.kind == "sharedStrings")
        .map(|r| r.target)
    else {
        return Ok(Vec::new());
    };
    if package.part(&part).is_none() {
        return Ok(Vec::new());
    }
    let xml = package.text(&part)?;
    let mut strings = Vec::new();
    let mut text = TextOf::new(xml);
    for tag in Tags::new(&part, xml) {
        let tag = tag?;
        if tag.begins("si") {
            text.clear();
        }
        text.see(&tag);
        if tag.ends("si") {
            let struck = text.struck();
            strings.push(make(&text.take(), struck));
        }
    }
    Ok(strings)
}

/// Gathers the text of `<t>` elements, without phonetic runs.
pub(super) struct TextOf<'a> {
    xml: &'a str,
    open: Option<usize>,
    phonetic: bool,
    text: String,
    /// Whether the run that is read is struck out, and whether runs were that are, and that are not.
    strikes: bool,
    runs: [bool; 2],
}

impl<'a> TextOf<'a> {
    /// Nothing yet, of `xml`.
    pub(super) fn new(xml: &'a str) -> Self {
        Self {
            xml,
            open: None,
            phonetic: false,
            text: String::new(),
            strikes: false,
            runs: [false; 2],
        }
    }

    /// How much of the text so far is struck out.
    pub(super) fn struck(&self) -> Struck {
        match self.runs {
            [true, true] => Struck::Part,
            [true, false] => Struck::Whole,
            [false, _] => Struck::No,
        }
    }

    /// Takes note of a tag.
    pub(super) fn see(&mut self, tag: &Tag<'_>) {
        use super::xml::TagKind;
        match (tag.name, tag.form) {
            ("rPh", TagKind::Open) => self.phonetic = true,
            ("rPh", TagKind::Close) => self.phonetic = false,
            ("t", TagKind::Open) if !self.phonetic => self.open = Some(tag.end),
            ("t", TagKind::Close) => {
                if let Some(from) = self.open.take()
                    && let Some(raw) = self.xml.get(from..tag.start)
                {
                    self.text.push_str(&super::xml::unescape(raw));
                    let [struck, plain] = &mut self.runs;
                    *(if self.strikes { struck } else { plain }) |= !raw.trim().is_empty();
                }
            }
            ("r", _) => self.strikes = false,
            ("strike", _) => self.strikes |= strikes(tag),
            _ => {}
        }
    }

    /// Forgets the text.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.strikes = false;
        self.runs = [false; 2];
    }

    /// The text so far, and nothing afterwards.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

/// A cell that holds text within itself.
pub(super) fn inline_cell(prefix: &str, name: &str, style: Option<u32>, text: &str) -> String {
    let style = style.map_or_else(String::new, |s| format!(" s=\"{s}\""));
    let ends = [text.chars().next(), text.chars().last()];
    let space = if ends.iter().flatten().any(|c| c.is_whitespace()) {
        " xml:space=\"preserve\""
    } else {
        ""
    };
    let text = escape(text);
    let p = prefix;
    format!(
        "<{p}c r=\"{name}\"{style} t=\"inlineStr\"><{p}is><{p}t{space}>{text}</{p}t></{p}is></{p}c>"
    )
}
