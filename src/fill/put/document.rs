//! A .docx form: made ready part by part, and filled; where the mark and the photo go.

use crate::campaign::Campaign;
use crate::fill::anatomy::find::{cell_at, rows, table_at};
use crate::fill::anatomy::joined::joined;
use crate::fill::anatomy::place::{FieldPlace, Take};
use crate::fill::put::answers::Answers;
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::filling::{Filling, MarkPicture};
use crate::fill::put::limits::limits;
use crate::fill::put::parcel::{
    CUSTOM, HEADER, MARK, MarkAt, PHOTO, Parcel, Properties, header_id, mark_place, new_parts,
    parcel,
};
use crate::fill::put::pen::{escape, fill};
use crate::fill::put::picture::{MM, TWIP, corner as at_corner, fit, inline};
use crate::fill::put::prepared::Prepared;
use crate::fill::put::stencil::{Action, Cut};
use crate::fill::put::word::stencil;
use crate::ooxml::{NewPart, OoxmlError, OpcPackage, Original, Tree, relations};
use crate::record::Submission;

/// The first number of our drawings; those of office programs count from 1.
const DRAWING: u32 = 910_001;

impl Prepared {
    /// Makes a form ready whose places are known.
    pub fn new(
        campaign: &Campaign,
        form: &[u8],
        places: Vec<FieldPlace>,
    ) -> Result<Self, OoxmlError> {
        let original = Original::read(form)?;
        let places = joined(&places);
        if original.package().part("xl/workbook.xml").is_some() || is_workbook(&original)? {
            return Self::book(campaign, original, places);
        }
        let package = original.package();
        let document = main_part(package)?;
        let in_place = places.iter().find(|p| p.take == Take::Mark);
        let (at, refer) = match in_place {
            Some(place) => (MarkAt::Place(place.part.clone()), Vec::new()),
            None => mark_place(package, &document, &header_id(package, &document)?)?,
        };
        let mut photo_box = (33 * MM, 48 * MM);
        let mut page = 11_906;
        let mut parts = Vec::new();
        for name in &touched(&places, &document, &at) {
            let Ok(xml) = package.text(name) else {
                continue;
            };
            let here: Vec<&FieldPlace> = places.iter().filter(|p| p.part == *name).collect();
            let mut extra = Vec::new();
            if *name == document {
                extra.extend(refer.iter().cloned());
                page = page_width(name, xml)?.unwrap_or(page);
            }
            if at.headers().contains(name) {
                extra.push(header_end(name, xml)?);
            }
            if let Some(place) = here.iter().find(|p| p.take == Take::Photo) {
                let tree = Tree::read(name, xml)?;
                photo_box = room_for_photo(&tree, place).unwrap_or(photo_box);
            }
            parts.push(stencil(campaign, name, xml, &here, extra)?);
        }
        Ok(Self {
            limits: limits(package, &places)?,
            parcels: parcels(package, &document, &places, &at)?,
            properties: Properties::of(package)?,
            mark_in_place: in_place.is_some(),
            original,
            parts,
            photo_box,
            page,
            places,
            book: None,
        })
    }

    /// The form filled for one record.
    pub fn fill(
        &self,
        campaign: &Campaign,
        submission: &Submission,
        filling: &Filling<'_>,
    ) -> Result<Vec<u8>, OoxmlError> {
        let mut answers =
            Answers::of(campaign, submission, filling.candidate).with_joined(&self.places);
        answers = answers.with_ready(campaign, &self.places);
        if let Some(book) = &self.book {
            return self.fill_book(book, campaign, &answers, filling);
        }
        let photo = filling.photo.filter(|_| self.takes_photo());
        let which = usize::from(photo.is_some()) + 2 * usize::from(filling.mark.is_some());
        let empty = Parcel::default();
        let parcel = self.parcels.get(which).unwrap_or(&empty);
        if let Some((_, size)) = photo {
            let size = fit(size, self.photo_box);
            answers.photo = Some(inline(&parcel.photo, "照片", DRAWING, size));
        }
        let mut written: Vec<(&str, String)> = Vec::new();
        if let Some(mark) = &filling.mark {
            answers.set("@mark", "1");
            let id = parcel.mark.first().map_or("", |m| m.1.as_str());
            if self.mark_in_place {
                let side = mark.side * 36;
                answers.mark = Some(inline(id, "标记", DRAWING + 1, (side, side)));
            } else if parcel.header {
                written.push((HEADER, self.new_header(id, mark)));
            }
        }
        for part in self.parts.iter().filter(|p| !p.stencil.is_empty()) {
            if let Some(mark) = filling.mark.as_ref().filter(|_| !self.mark_in_place) {
                let id = parcel.mark.iter().find(|m| m.0 == part.name);
                answers.mark = id.map(|id| self.marked_paragraph(&id.1, mark));
            }
            let text = fill(&part.stencil, &answers);
            if self.original.package().text(&part.name).ok() != Some(text.as_str()) {
                written.push((part.name.as_str(), text));
            }
        }
        if !filling.properties.is_empty() {
            written.push((CUSTOM, self.properties.with(&filling.properties)));
        }
        let bare = filling.properties.is_empty() && photo.is_none() && filling.mark.is_none();
        let beside = if bare { &[][..] } else { &parcel.parts };
        let mut parts = new_parts(&written, beside);
        if let Some((jpeg, _)) = photo {
            parts.push(NewPart {
                name: PHOTO,
                bytes: jpeg,
                packed: true,
            });
        }
        if let Some(mark) = &filling.mark {
            parts.push(NewPart {
                name: MARK,
                bytes: mark.png,
                packed: true,
            });
        }
        self.original.with(&parts)
    }

    /// The mark at the right edge of the page, in a paragraph of the header.
    fn marked_paragraph(&self, id: &str, mark: &MarkPicture<'_>) -> String {
        let side = mark.side * 36;
        let left = self.page * TWIP - side - 5 * MM;
        let art = at_corner(id, "标记", DRAWING + 1, (side, side), (left, 4 * MM));
        let clear = mark.side * 36 / TWIP;
        let mut caption = String::new();
        escape(mark.caption, &mut caption);
        format!(
            "<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"0\"/><w:ind w:right=\"{clear}\"/><w:jc w:val=\"right\"/></w:pPr><w:r>{art}</w:r><w:r><w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/><w:sz w:val=\"13\"/></w:rPr><w:t xml:space=\"preserve\">{caption}</w:t></w:r></w:p>"
        )
    }

    fn new_header(&self, id: &str, mark: &MarkPicture<'_>) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:hdr xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">{}</w:hdr>",
            self.marked_paragraph(id, mark)
        )
    }
}

/// The part that holds a document's body.
fn main_part(package: &OpcPackage) -> Result<String, OoxmlError> {
    let main = relations(package, "")?
        .into_iter()
        .find(|r| r.kind == "officeDocument");
    Ok(main.map_or_else(|| "word/document.xml".to_owned(), |r| r.target))
}

/// The parts that are written to, each once: those with places, the document, the headers that take the mark.
fn touched(places: &[FieldPlace], document: &str, at: &MarkAt) -> Vec<String> {
    let mut names: Vec<String> = places.iter().map(|p| p.part.clone()).collect();
    names.push(document.to_owned());
    names.extend(at.headers().iter().cloned());
    names.sort_unstable();
    names.dedup();
    names
}

/// What a file needs beside its text: without photo and mark, with the photo, with the mark, with both.
fn parcels(
    package: &OpcPackage,
    document: &str,
    places: &[FieldPlace],
    at: &MarkAt,
) -> Result<[Parcel; 4], OoxmlError> {
    let photo = places
        .iter()
        .find(|p| p.take == Take::Photo || p.key == "@photo" || p.key == "photo");
    let photo = photo.map(|p| p.part.as_str());
    Ok([
        parcel(package, document, None, None)?,
        parcel(package, document, photo, None)?,
        parcel(package, document, None, Some(at))?,
        parcel(package, document, photo, Some(at))?,
    ])
}

/// Width of a document's page in twips.
fn page_width(name: &str, xml: &str) -> Result<Option<i64>, OoxmlError> {
    let tree = Tree::read(name, xml)?;
    let size = tree.root().descendants().find(|e| e.is("pgSz"));
    Ok(size.and_then(|s| s.number("w:w")))
}

/// Whether a package's main part is a workbook.
fn is_workbook(original: &Original) -> Result<bool, OoxmlError> {
    let main = relations(original.package(), "")?
        .into_iter()
        .find(|r| r.kind == "officeDocument");
    Ok(main.is_some_and(|r| r.target.starts_with("xl/")))
}

/// A paragraph with the mark goes in at the end of a header.
fn header_end(name: &str, xml: &str) -> Result<Cut, OoxmlError> {
    let tree = Tree::read(name, xml)?;
    let end = tree.root().inner().end;
    Ok(Cut {
        range: end..end,
        key: CutKey::Field("@mark".to_owned()),
        ink: Action::Picture {
            mark: true,
            before: String::new(),
            after: String::new(),
        },
        name: String::new(),
    })
}

/// The free room of a photo box in EMU: its columns less the padding, its rows less a line's rest, at most 35 × 53 mm.
fn room_for_photo(tree: &Tree<'_>, place: &FieldPlace) -> Option<(i64, i64)> {
    let table = table_at(tree.root(), &place.table)?;
    let cell = cell_at(table, place.row, place.column)?;
    let grid = table.child("tblGrid")?;
    let widths = grid.children().filter_map(|c| c.number("w:w"));
    let width: i64 = widths.skip(cell.column).take(cell.span).sum();
    let rows = rows(table);
    let mut height = 0;
    for (n, row) in rows.iter().enumerate().skip(place.row) {
        if n > place.row {
            let next = cell_at(table, n, place.column)?;
            if !next.goes_on() {
                break;
            }
        }
        let own = row.at(&["trPr", "trHeight"]);
        height += own.and_then(|h| h.number("w:val")).unwrap_or(400);
    }
    let across = ((width - 216) * TWIP).clamp(5 * MM, 35 * MM);
    let down = ((height - 60) * TWIP).clamp(5 * MM, 53 * MM);
    Some((across, down))
}
