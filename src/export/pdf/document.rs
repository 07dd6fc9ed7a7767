//! The document as printpdf builds it — fonts, pictures, page tree, properties — and what is mended in its objects
//! before they are written.

use std::collections::BTreeMap;

use jiff::fmt::temporal::Pieces;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat};
use printpdf::{
    Codepoint, DictItem, ExternalStream, ExternalXObject, FontMetrics, Mm, Op, ParsedFont,
    PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem, XObject, XObjectId,
};

use super::error::PdfError;
use super::file::{Deflater, Output};
use super::fonts::{FontFile, Fonts};
use super::info::Info;
use super::outline;
use super::plan::Plan;
use crate::font::{EM_ABOVE, EM_BELOW, FontSet};
use crate::form::JpegPicture;

/// Length of the offset table that a font program begins with.
const SFNT_HEAD: usize = 12;

/// A document whose pages have no content yet.
pub(super) struct Skeleton {
    document: Document,
    root: ObjectId,
    info: ObjectId,
    /// Pages in the order of sheets.
    pages: Vec<ObjectId>,
    /// The dictionary of all fonts.
    fonts: ObjectId,
    /// Their programs, in the order of the cut fonts.
    programs: Vec<ObjectId>,
    /// Pictures by number.
    pictures: Vec<ObjectId>,
    /// Resources by the numbers of the pictures in them.
    resources: BTreeMap<Vec<usize>, ObjectId>,
}

impl Skeleton {
    /// Lets printpdf build the document, and mends it.
    pub(super) fn build(
        book: &FontSet,
        fonts: &Fonts,
        plan: &Plan<'_>,
        info: &Info,
    ) -> Result<Self, PdfError> {
        let mut pdf = PdfDocument::new(&info.title);
        pdf.metadata.info.author.clone_from(&info.author);
        pdf.metadata.info.subject.clone_from(&info.subject);
        pdf.metadata.info.keywords.clone_from(&info.keywords);
        pdf.metadata.info.producer = format!("sanlian {}", env!("CARGO_PKG_VERSION"));
        for cut in &fonts.list {
            pdf.resources.fonts.map.insert(
                printpdf::FontId(cut.name.clone()),
                PdfFont::new(parsed(cut)),
            );
        }
        for (number, picture) in plan.picture_list.iter().enumerate() {
            pdf.resources
                .xobjects
                .map
                .insert(XObjectId(format!("P{number}")), external(picture));
        }
        pdf.pages = plan
            .sheets
            .iter()
            .map(|sheet| {
                let (width, height) = sheet.size(plan);
                let mm = |length: crate::units::Length| Mm(length.to_mm() as f32);
                PdfPage::new(mm(width), mm(height), Vec::new())
            })
            .collect();
        if let Some(page) = pdf.pages.first_mut() {
            // printpdf embeds what its operations show; the page's content is put in later.
            page.ops = fonts.list.iter().flat_map(show_all).collect();
        }
        let document = pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
        drop(pdf);

        let mut skeleton = Self::find(document, plan.picture_list.len())?;
        skeleton.mend_root(info)?;
        skeleton.mend_info(info)?;
        for cut in &fonts.list {
            skeleton.mend_font(book, cut)?;
        }
        Ok(skeleton)
    }

    /// Finds the objects that matter.
    fn find(document: Document, pictures: usize) -> Result<Self, PdfError> {
        let trailer = |key: &[u8], what| {
            let found = document.trailer.get(key).and_then(Object::as_reference);
            found.map_err(|_| PdfError::Structure(what))
        };
        let root = trailer(b"Root", "Root")?;
        let info = trailer(b"Info", "Info")?;
        let tree = reference(dictionary(&document, root)?, b"Pages")?;
        let pages = dictionary(&document, tree)?
            .get(b"Kids")
            .and_then(Object::as_array)
            .map_err(|_| PdfError::Structure("Kids"))?
            .iter()
            .filter_map(|kid| kid.as_reference().ok())
            .collect::<Vec<_>>();
        let first = pages.first().ok_or(PdfError::Structure("Kids"))?;
        let resources = reference(dictionary(&document, *first)?, b"Resources")?;
        let resources = dictionary(&document, resources)?;
        let fonts = reference(resources, b"Font")?;
        let objects = dictionary(&document, reference(resources, b"XObject")?)?;
        let pictures = (0..pictures)
            .map(|number| reference(objects, format!("P{number}").as_bytes()))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            root,
            info,
            pages,
            fonts,
            programs: Vec::new(),
            pictures,
            resources: BTreeMap::new(),
            document,
        })
    }

    /// A number for a stream that is written at once.
    pub(super) fn new_id(&mut self) -> ObjectId {
        self.document.new_object_id()
    }

    /// Gives the n-th sheet its content streams and the resources for its pictures. printpdf's own content, its
    /// resources with all pictures of the file, and boxes equal to the media box go.
    pub(super) fn mend_page(
        &mut self,
        sheet: usize,
        contents: &[ObjectId],
        pictures: &[usize],
    ) -> Result<(), PdfError> {
        let resources = self.resources_for(pictures)?;
        let id = *self.pages.get(sheet).ok_or(PdfError::Structure("Kids"))?;
        let page = dictionary_mut(&mut self.document, id)?;
        for key in ["TrimBox", "CropBox", "Annots", "Contents"] {
            page.remove(key.as_bytes());
        }
        page.set("Resources", Object::Reference(resources));
        match contents {
            [] => {}
            [one] => page.set("Contents", Object::Reference(*one)),
            many => page.set(
                "Contents",
                many.iter()
                    .map(|id| Object::Reference(*id))
                    .collect::<Vec<_>>(),
            ),
        }
        Ok(())
    }

    fn resources_for(&mut self, pictures: &[usize]) -> Result<ObjectId, PdfError> {
        if let Some(id) = self.resources.get(pictures) {
            return Ok(*id);
        }
        let mut entries = Dictionary::new();
        entries.set("Font", Object::Reference(self.fonts));
        if !pictures.is_empty() {
            let mut objects = Dictionary::new();
            for number in pictures {
                let id = self
                    .pictures
                    .get(*number)
                    .ok_or(PdfError::Structure("XObject"))?;
                objects.set(format!("P{number}"), Object::Reference(*id));
            }
            entries.set("XObject", objects);
        }
        let id = self.document.add_object(entries);
        self.resources.insert(pictures.to_vec(), id);
        Ok(id)
    }

    /// Writes a picture: printpdf's dictionary and the JPEG's own bytes, never decoded, never copied into the document.
    pub(super) fn write_picture(
        &mut self,
        number: usize,
        jpeg: &[u8],
        output: &mut Output,
    ) -> Result<(), PdfError> {
        let wrong = PdfError::Structure("XObject");
        let id = *self.pictures.get(number).ok_or(wrong.clone())?;
        let Some(Object::Stream(stream)) = self.document.objects.remove(&id) else {
            return Err(wrong);
        };
        output.stream_with(id, &stream.dict, jpeg, None)
    }

    /// Writes the font programs and what is left.
    pub(super) fn finish(
        mut self,
        fonts: &Fonts,
        mut output: Output,
        deflater: &mut Deflater<'_>,
    ) -> Result<Vec<u8>, PdfError> {
        for (cut, id) in fonts.list.iter().zip(&self.programs) {
            self.document.objects.remove(id);
            let mut entries = Dictionary::new();
            entries.set(
                "Length1",
                i64::try_from(cut.bytes.len()).unwrap_or(i64::MAX),
            );
            output.stream_with(*id, &entries, &cut.bytes, Some(&mut *deflater))?;
        }
        output.finish(self.document, self.root, self.info, deflater)
    }

    /// Language, and how to print: in actual size.
    fn mend_root(&mut self, info: &Info) -> Result<(), PdfError> {
        let mut preferences = Dictionary::new();
        preferences.set("PrintScaling", name("None"));
        preferences.set("PickTrayByPDFSize", true);
        if info.duplex {
            preferences.set("Duplex", name("DuplexFlipLongEdge"));
        }
        if !info.title.is_empty() {
            preferences.set("DisplayDocTitle", true);
        }
        let found = outline::add(&mut self.document, &self.pages, &info.copies);
        let root = dictionary_mut(&mut self.document, self.root)?;
        for (key, value) in found {
            root.set(key, value);
        }
        root.set("Lang", Object::string_literal("zh-CN"));
        root.set("ViewerPreferences", preferences);
        Ok(())
    }

    /// Leaves out empty entries and those of a standard that the file does not follow, and sets the time.
    fn mend_info(&mut self, info: &Info) -> Result<(), PdfError> {
        let time = info.created.as_deref().map(pdf_time).transpose()?;
        let entries = dictionary_mut(&mut self.document, self.info)?;
        for key in [
            "Trapped",
            "GTS_PDFXVersion",
            "Identifier",
            "CreationDate",
            "ModDate",
        ] {
            entries.remove(key.as_bytes());
        }
        let empty: Vec<Vec<u8>> = entries
            .iter()
            .filter(|(_, value)| value.as_str().is_ok_and(<[u8]>::is_empty))
            .map(|(key, _)| key.clone())
            .collect();
        for key in empty {
            entries.remove(&key);
        }
        if let Some(time) = time {
            let time = Object::String(time.into_bytes(), StringFormat::Literal);
            entries.set("CreationDate", time.clone());
            entries.set("ModDate", time);
        }
        Ok(())
    }

    /// Names the subset, gives widths only where they are not one em, and sets what printpdf cannot know of a font.
    fn mend_font(&mut self, book: &FontSet, cut: &FontFile) -> Result<(), PdfError> {
        let fonts = dictionary(&self.document, self.fonts)?;
        let id = reference(fonts, cut.name.as_bytes())?;
        let map = cut.mapped.then(|| {
            let stream = lopdf::Stream::new(Dictionary::new(), glyph_map(cut));
            self.document.add_object(stream)
        });
        let font = dictionary_mut(&mut self.document, id)?;
        font.set("BaseFont", name(&cut.tagged));
        let descendant = font
            .get_mut(b"DescendantFonts")
            .and_then(Object::as_array_mut)
            .ok()
            .and_then(|fonts| fonts.first_mut())
            .and_then(|font| font.as_dict_mut().ok())
            .ok_or(PdfError::Structure("DescendantFonts"))?;
        descendant.set("BaseFont", name(&cut.tagged));
        descendant.set("W", widths(cut));
        if let Some(map) = map {
            descendant.set("CIDToGIDMap", Object::Reference(map));
        }
        let descriptor = reference(descendant, b"FontDescriptor")?;
        let descriptor = dictionary_mut(&mut self.document, descriptor)?;
        descriptor.set("FontName", name(&cut.tagged));
        descriptor.set("Flags", 4);
        let bounds = book
            .bounds(cut.font)
            .map(|edge| Object::from(i64::from(edge)));
        descriptor.set("FontBBox", bounds.to_vec());
        descriptor.set("StemV", stem(book.weight(cut.font)));
        let program = reference(descriptor, b"FontFile2")?;
        self.programs.push(program);
        Ok(())
    }
}

/// Thickness of upright stems by weight: 50 at 100, 88 at 400, 166 at 700, as producers of PDF estimate it.
fn stem(weight: u16) -> i64 {
    let weight = i64::from(weight.min(1000));
    50 + weight * weight / (65 * 65)
}

/// A font for printpdf: the head of its program, widths in thousandths of the em, and the em box. The head tells it that
/// the outlines are TrueType's; the whole program, which it would copy six times, is written as it is.
fn parsed(cut: &FontFile) -> ParsedFont {
    let by_character = cut
        .codes
        .iter()
        .map(|c| (u32::from(c.ch), c.code))
        .collect();
    let widths = cut.codes.iter().map(|c| (c.code, c.advance)).collect();
    let metrics = FontMetrics {
        ascent: i16::try_from(EM_ABOVE).unwrap_or(880),
        descent: i16::try_from(-EM_BELOW).unwrap_or(-120),
    };
    let bytes = cut.bytes.iter().copied().take(SFNT_HEAD).collect();
    ParsedFont::with_glyph_data(
        bytes,
        0,
        Some(cut.tagged.clone()),
        by_character,
        widths,
        1000,
        metrics,
    )
}

/// Operations that show every code of a font once, so that printpdf embeds it with its Unicode map.
fn show_all(cut: &FontFile) -> Vec<Op> {
    let font = PdfFontHandle::External(printpdf::FontId(cut.name.clone()));
    let codes = cut
        .codes
        .iter()
        .map(|c| Codepoint::with_cid(c.code, 0.0, c.ch.to_string()))
        .collect();
    vec![
        Op::StartTextSection,
        Op::SetFont {
            font,
            size: Pt(1.0),
        },
        Op::ShowText {
            items: vec![TextItem::GlyphIds(codes)],
        },
        Op::EndTextSection,
    ]
}

/// The `/W` array without widths of 1000, which is the default.
fn widths(cut: &FontFile) -> Vec<Object> {
    let mut array: Vec<Object> = Vec::new();
    let mut after = None;
    for code in cut.codes.iter().filter(|c| c.advance != 1000) {
        let width = Object::from(i64::from(code.advance));
        match (after == Some(code.code), array.last_mut()) {
            (true, Some(Object::Array(run))) => run.push(width),
            _ => {
                array.push(Object::from(i64::from(code.code)));
                array.push(Object::Array(vec![width]));
            }
        }
        after = code.code.checked_add(1);
    }
    array
}

/// The glyph of every code, two bytes each.
fn glyph_map(cut: &FontFile) -> Vec<u8> {
    let last = cut.codes.last().map_or(0, |c| usize::from(c.code));
    let glyphs: BTreeMap<u16, u16> = cut.codes.iter().map(|c| (c.code, c.glyph)).collect();
    (0..=u16::try_from(last).unwrap_or(u16::MAX))
        .flat_map(|code| glyphs.get(&code).copied().unwrap_or(0).to_be_bytes())
        .collect()
}

/// The dictionary of a picture for printpdf; its bytes are written later.
fn external(picture: &JpegPicture) -> XObject {
    let named = |text: &str| DictItem::Name(text.as_bytes().to_vec());
    let space = match picture.components {
        1 => "DeviceGray",
        4 => "DeviceCMYK",
        _ => "DeviceRGB",
    };
    let dict = BTreeMap::from([
        ("Type".to_owned(), named("XObject")),
        ("Subtype".to_owned(), named("Image")),
        ("Width".to_owned(), DictItem::Int(i64::from(picture.width))),
        (
            "Height".to_owned(),
            DictItem::Int(i64::from(picture.height)),
        ),
        ("ColorSpace".to_owned(), named(space)),
        ("BitsPerComponent".to_owned(), DictItem::Int(8)),
        ("Filter".to_owned(), named("DCTDecode")),
    ]);
    XObject::External(ExternalXObject {
        stream: ExternalStream {
            dict,
            content: Vec::new(),
            compress: false,
        },
        width: None,
        height: None,
        dpi: None,
    })
}

/// RFC 3339 to a PDF date (ISO 32000-1, 7.9.4).
fn pdf_time(text: &str) -> Result<String, PdfError> {
    let wrong = || PdfError::Time(text.to_owned());
    let pieces = Pieces::parse(text).map_err(|_| wrong())?;
    let (date, time) = (pieces.date(), pieces.time().ok_or_else(wrong)?);
    let seconds = pieces.to_numeric_offset().ok_or_else(wrong)?.seconds();
    let (sign, ahead) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    Ok(format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}{sign}{:02}'{:02}'",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
        ahead / 3600,
        ahead / 60 % 60,
    ))
}

fn name(text: &str) -> Object {
    Object::Name(text.as_bytes().to_vec())
}

fn dictionary(document: &Document, id: ObjectId) -> Result<&Dictionary, PdfError> {
    let found = document.get_object(id).and_then(Object::as_dict);
    found.map_err(|_| PdfError::Structure("字典"))
}

fn dictionary_mut(document: &mut Document, id: ObjectId) -> Result<&mut Dictionary, PdfError> {
    let found = document.get_object_mut(id).and_then(Object::as_dict_mut);
    found.map_err(|_| PdfError::Structure("字典"))
}

fn reference(entries: &Dictionary, key: &[u8]) -> Result<ObjectId, PdfError> {
    let found = entries.get(key).and_then(Object::as_reference);
    found.map_err(|_| PdfError::Structure("引用"))
}
