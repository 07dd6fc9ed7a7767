//! A new text document (.docx) out of its parts: each is mended by `mend`, then all are packed with what names and joins them.

mod mend;

use super::xml::escape;
use super::{OoxmlError, OpcPackage};

use mend::{Mend, mended};

/// Format id of user-defined properties (ECMA-376 part 1, 22.3).
const FORMAT: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const PACKAGE_TYPES: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE_TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const WORD_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Which pages a header or footer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderPages {
    /// All that have none of their own; odd pages where there is one for even pages.
    Usual,
    /// The first page.
    First,
    /// Even pages.
    Even,
}

impl HeaderPages {
    fn key(self) -> &'static str {
        match self {
            Self::Usual => "default",
            Self::First => "first",
            Self::Even => "even",
        }
    }
}

/// The parts of a document as their writer left them, with what the writer cannot say.
#[derive(Clone, Debug, Default)]
pub struct DocumentParts {
    /// The text. A content control's title is taken as its tag.
    pub document: Vec<u8>,
    /// Headers.
    pub headers: Vec<(HeaderPages, Vec<u8>)>,
    /// Footers.
    pub footers: Vec<(HeaderPages, Vec<u8>)>,
    /// Styles.
    pub styles: Vec<u8>,
    /// Settings.
    pub settings: Vec<u8>,
    /// Fonts.
    pub fonts: Vec<u8>,
    /// For each table of the text in order, how many of its first rows come again on every page.
    pub heads: Vec<usize>,
    /// JPEG pictures of the text, in the order in which it shows them.
    pub photos: Vec<Vec<u8>>,
    /// The PNG picture that every header shows.
    pub mark: Option<Vec<u8>>,
    /// Whether the margins of even pages are those of odd ones, mirrored: the left one is that of the binding.
    pub mirrored: bool,
    /// Title in the file's properties.
    pub title: String,
    /// Author in them.
    pub author: String,
    /// Time of making in them, RFC 3339; may be empty.
    pub created: String,
    /// Properties of ours, name and value.
    pub properties: Vec<(String, String)>,
}

/// One relationship of a part.
struct Joint {
    id: String,
    kind: &'static str,
    target: String,
}

/// Packs a document. Same parts, same bytes. Errors: a part is not well-formed, or the package could not be written.
pub fn pack_document(parts: &DocumentParts) -> Result<Vec<u8>, OoxmlError> {
    let mut making = PackageParts::default();
    let references = making.page_parts(parts)?;
    making.own_parts(parts, &references)?;
    making.pictures(parts);
    let PackageParts {
        mut types,
        joints,
        files,
    } = making;
    let core = "application/vnd.openxmlformats-package.core-properties+xml";
    let custom = "application/vnd.openxmlformats-officedocument.custom-properties+xml";
    override_of(&mut types, "docProps/core.xml", core);
    override_of(&mut types, "docProps/custom.xml", custom);
    let mut package = OpcPackage::new();
    package.put("[Content_Types].xml", content_types(&types));
    package.put("_rels/.rels", roots());
    package.put("docProps/core.xml", core_properties(parts));
    package.put("docProps/custom.xml", own_properties(&parts.properties));
    let rels = relationships(OFFICE_TYPES, &joints);
    package.put("word/_rels/document.xml.rels", rels);
    for (name, bytes) in files {
        package.put(&name, bytes);
    }
    package.write()
}

/// A package on its way: its files, what the document is joined to, and the types of the parts.
#[derive(Default)]
struct PackageParts {
    types: String,
    joints: Vec<Joint>,
    files: Vec<(String, Vec<u8>)>,
}

impl PackageParts {
    /// Headers and footers; gives the references to them that stand in the document.
    fn page_parts(&mut self, parts: &DocumentParts) -> Result<String, OoxmlError> {
        let mut references = String::new();
        for (kind, sheets) in [("header", &parts.headers), ("footer", &parts.footers)] {
            for (n, (pages, bytes)) in (1..).zip(sheets) {
                let (file, id) = (format!("{kind}{n}.xml"), format!("rId_{kind}{n}"));
                let mend = Mend {
                    first_picture: 100 * n,
                    ..Mend::default()
                };
                references.push_str(&format!(
                    "<w:{kind}Reference w:type=\"{}\" r:id=\"{id}\"/>",
                    pages.key()
                ));
                if kind == "header" && parts.mark.is_some() {
                    let joint = Joint {
                        id: "rId_picture1".to_owned(),
                        kind: "image",
                        target: "media/mark.png".to_owned(),
                    };
                    let rels = relationships(OFFICE_TYPES, &[joint]);
                    self.files.push((format!("word/_rels/{file}.rels"), rels));
                }
                self.part(&file, bytes, kind, &mend)?;
                self.joints.push(Joint {
                    id,
                    kind,
                    target: file,
                });
            }
        }
        Ok(references)
    }

    /// The document itself, its styles, settings and fonts.
    fn own_parts(&mut self, parts: &DocumentParts, references: &str) -> Result<(), OoxmlError> {
        let mend = Mend {
            heads: &parts.heads,
            first_picture: 1,
            references,
            cover: parts.footers.iter().any(|(p, _)| *p == HeaderPages::First),
            mirrored: parts.mirrored,
        };
        let own = [
            ("document.xml", &parts.document, "document.main"),
            ("styles.xml", &parts.styles, "styles"),
            ("settings.xml", &parts.settings, "settings"),
            ("fontTable.xml", &parts.fonts, "fontTable"),
        ];
        for (file, bytes, kind) in own {
            self.part(file, bytes, kind, &mend)?;
            if kind != "document.main" {
                self.joints.push(Joint {
                    id: format!("rId_{kind}"),
                    kind,
                    target: file.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// One part of Word's, mended.
    fn part(
        &mut self,
        file: &str,
        bytes: &[u8],
        kind: &str,
        mend: &Mend<'_>,
    ) -> Result<(), OoxmlError> {
        let name = format!("word/{file}");
        let xml = mended(&name, text(&name, bytes)?, mend)?;
        override_of(&mut self.types, &name, &format!("{WORD_TYPE}.{kind}+xml"));
        self.files.push((name, xml.into_bytes()));
        Ok(())
    }

    /// The photos, and the mark's picture.
    fn pictures(&mut self, parts: &DocumentParts) {
        for (n, photo) in (1..).zip(&parts.photos) {
            let target = format!("media/photo{n}.jpeg");
            self.files.push((format!("word/{target}"), photo.clone()));
            self.joints.push(Joint {
                id: format!("rId_picture{n}"),
                kind: "image",
                target,
            });
        }
        if let Some(mark) = &parts.mark {
            let name = "word/media/mark.png".to_owned();
            self.files.push((name, mark.clone()));
        }
    }
}

fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, OoxmlError> {
    std::str::from_utf8(bytes).map_err(|error| OoxmlError::Xml {
        part: name.to_owned(),
        at: error.valid_up_to() as u64,
    })
}

fn override_of(types: &mut String, name: &str, kind: &str) {
    types.push_str(&format!(
        "<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>"
    ));
}

fn content_types(overrides: &str) -> Vec<u8> {
    format!(
        "{DECLARATION}<Types xmlns=\"{PACKAGE_TYPES}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/><Default Extension=\"png\" ContentType=\"image/png\"/>{overrides}</Types>"
    )
    .into_bytes()
}

fn relationships(base: &str, joints: &[Joint]) -> Vec<u8> {
    let each: String = joints
        .iter()
        .map(|j| {
            format!(
                "<Relationship Id=\"{}\" Type=\"{base}/relationships/{}\" Target=\"{}\"/>",
                j.id, j.kind, j.target
            )
        })
        .collect();
    format!(
        "{DECLARATION}<Relationships xmlns=\"{PACKAGE_TYPES}/relationships\">{each}</Relationships>"
    )
    .into_bytes()
}

fn roots() -> Vec<u8> {
    format!(
        "{DECLARATION}<Relationships xmlns=\"{PACKAGE_TYPES}/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE_TYPES}/relationships/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" Type=\"{PACKAGE_TYPES}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" Type=\"{OFFICE_TYPES}/relationships/custom-properties\" Target=\"docProps/custom.xml\"/></Relationships>"
    )
    .into_bytes()
}

fn core_properties(parts: &DocumentParts) -> Vec<u8> {
    let time = |name: &str| {
        if parts.created.is_empty() {
            String::new()
        } else {
            format!(
                "<dcterms:{name} xsi:type=\"dcterms:W3CDTF\">{}</dcterms:{name}>",
                escape(&parts.created)
            )
        }
    };
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"{PACKAGE_TYPES}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>{}{}</cp:coreProperties>",
        escape(&parts.title),
        escape(&parts.author),
        time("created"),
        time("modified"),
    )
    .into_bytes()
}

fn own_properties(properties: &[(String, String)]) -> Vec<u8> {
    let each: String = (2..)
        .zip(properties)
        .map(|(pid, (name, value))| {
            format!(
                "<property fmtid=\"{FORMAT}\" pid=\"{pid}\" name=\"{}\"><vt:lpwstr>{}</vt:lpwstr></property>",
                escape(name),
                escape(value)
            )
        })
        .collect();
    format!("{DECLARATION}<Properties xmlns=\"{OFFICE_TYPES}/custom-properties\" xmlns:vt=\"{OFFICE_TYPES}/docPropsVTypes\">{each}</Properties>")
        .into_bytes()
}
