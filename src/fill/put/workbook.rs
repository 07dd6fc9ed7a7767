//! A workbook form: made ready sheet by sheet, and filled; where a list has more rows than the sheet, rows are added first.

use crate::campaign::Campaign;
use crate::fill::anatomy::grid::cell_reader;
use crate::fill::anatomy::place::{FieldPlace, Take, is_in_row};
use crate::fill::put::answers::Answers;
use crate::fill::put::corner::{Corner, DRAWING, PHOTO, PICTURE, Pictures};
use crate::fill::put::filling::Filling;
use crate::fill::put::heights::looks;
use crate::fill::put::limits::limits;
use crate::fill::put::open_rows::opened;
use crate::fill::put::parcel::{CUSTOM, Parcel, Properties, differing, new_parts, parcel};
use crate::fill::put::pen::fill;
use crate::fill::put::picture::MM;
use crate::fill::put::prepared::{Prepared, WorkbookForm};
use crate::fill::put::sheet::{BlankRows, stencil};
use crate::ooxml::{
    NewPart, OoxmlError, OpcPackage, Original, RowInsertion, insert_rows, recalculated,
};

/// A form with rows added to its lists.
struct LongerForm {
    package: OpcPackage,
    /// The places where they are now.
    places: Vec<FieldPlace>,
    /// Sheets with more rows.
    sheets: Vec<String>,
}

impl Prepared {
    /// Makes an .xlsx form ready.
    pub(super) fn book(
        campaign: &Campaign,
        original: Original,
        places: Vec<FieldPlace>,
    ) -> Result<Self, OoxmlError> {
        let mut package = original.package().clone();
        recalculated(&mut package)?;
        let mut names: Vec<&str> = places.iter().map(|p| p.part.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in &names {
            let here: Vec<&FieldPlace> = places.iter().filter(|p| p.part == *name).collect();
            let xml = opened(name, package.text(name)?, &here)?;
            if package.part(name) != Some(xml.as_bytes()) {
                package.put(name, xml);
            }
        }
        let package = &package;
        let reader = cell_reader(package)?;
        let looks = looks(package)?;
        let (mut parts, mut rooms) = (Vec::new(), Vec::new());
        for name in names {
            let here: Vec<FieldPlace> = places.iter().filter(|p| p.part == name).cloned().collect();
            let (part, room) = stencil(
                campaign,
                name,
                package.text(name)?,
                (&reader, &looks),
                &here,
            )?;
            parts.push(part);
            rooms.push((name.to_owned(), room));
        }
        let first = parts.first().map(|p| p.name.as_str());
        let corner = match first {
            Some(sheet) => {
                let photo = photo_place(&places).filter(|p| p.part == sheet);
                let cell = photo.and_then(|p| {
                    Some((u32::try_from(p.row).ok()?, u32::try_from(p.column).ok()?))
                });
                Corner::of(package, sheet, &reader, cell)?
            }
            None => None,
        };
        let plain = parcel(package, "", None, None)?;
        let properties = Properties::of(package)?;
        let empty = Parcel::default;
        Ok(Self {
            limits: limits(package, &places)?,
            original,
            parts,
            parcels: [plain, empty(), empty(), empty()],
            properties,
            photo_box: (33 * MM, 48 * MM),
            page: 0,
            mark_in_place: false,
            places,
            book: Some(WorkbookForm {
                package: package.clone(),
                reader,
                looks,
                rooms,
                corner,
            }),
        })
    }

    /// The workbook filled for one record.
    pub(super) fn fill_book(
        &self,
        book: &WorkbookForm,
        campaign: &Campaign,
        answers: &Answers,
        filling: &Filling<'_>,
    ) -> Result<Vec<u8>, OoxmlError> {
        let longer = self.longer(book, answers)?;
        let package = longer.as_ref().map_or(&book.package, |l| &l.package);
        let mut written: Vec<(&str, String)> = Vec::new();
        let moved = longer.as_ref().map_or(&self.places, |l| &l.places);
        let pictures = self.pictures(book, filling, moved);
        let drawn = book.corner.as_ref();
        let drawn = drawn.filter(|_| pictures.mark.is_some() || pictures.photo.is_some());
        for part in &self.parts {
            let longer = longer.as_ref().filter(|l| l.sheets.contains(&part.name));
            let text = match longer {
                Some(longer) => {
                    let here = longer.places.iter().filter(|p| p.part == part.name);
                    let here: Vec<FieldPlace> = here.cloned().collect();
                    let xml = package.text(&part.name)?;
                    let (part, _) = stencil(
                        campaign,
                        &part.name,
                        xml,
                        (&book.reader, &book.looks),
                        &here,
                    )?;
                    fill(&part.stencil, answers)
                }
                None => fill(&part.stencil, answers),
            };
            let text = match drawn.filter(|corner| corner.sheet == part.name) {
                Some(corner) => corner.shown(&text, pictures.mark.is_some())?,
                None => text,
            };
            written.push((part.name.as_str(), text));
        }
        if let Some(corner) = drawn {
            written.push((DRAWING, corner.drawn(pictures)));
            if pictures.mark.is_some()
                && let Some(text) = corner.with_area(package.text(&corner.workbook)?)?
            {
                written.push((corner.workbook.as_str(), text));
            }
        }
        if drawn.is_some() || !filling.properties.is_empty() {
            written.push((CUSTOM, self.properties.with(&filling.properties)));
        }
        let plain = self.parcels.first().map_or(&[][..], |p| &p.parts);
        let beside = match drawn {
            Some(corner) => corner.parts(pictures),
            None if filling.properties.is_empty() => &[][..],
            None => plain,
        };
        // what rows and formulas changed elsewhere
        let others: Vec<(String, Vec<u8>)> = differing(self.original.package(), package)
            .into_iter()
            .filter(|(name, _)| written.iter().all(|w| w.0 != name))
            .filter(|(name, _)| beside.iter().all(|b| b.0 != *name))
            .collect();
        let mut parts = new_parts(&written, beside);
        parts.extend(new_parts(&[], &others));
        parts.retain(|p| self.original.package().part(p.name) != Some(p.bytes));
        let mark = pictures.mark.map(|mark| (PICTURE, mark.png));
        let photo = filling.photo.filter(|_| pictures.photo.is_some());
        let photo = photo.map(|(jpeg, _)| (PHOTO, jpeg));
        parts.extend(mark.into_iter().chain(photo).map(|(name, bytes)| NewPart {
            name,
            bytes,
            packed: true,
        }));
        let gone = self.original.package().names();
        let gone: Vec<&str> = gone.filter(|n| package.part(n).is_none()).collect();
        self.original.with_and_without(&parts, &gone)
    }

    /// The pictures that a file gets; rows that were added above its box move the photo.
    fn pictures<'f>(
        &self,
        book: &WorkbookForm,
        filling: &'f Filling<'_>,
        moved: &[FieldPlace],
    ) -> Pictures<'f> {
        let corner = book.corner.as_ref();
        let own = corner.filter(|c| c.photo.is_some());
        let photo = filling.photo.filter(|_| own.is_some());
        let row = |places: &[FieldPlace]| photo_place(places).map_or(0, |p| p.row);
        let down = row(moved).saturating_sub(row(&self.places));
        Pictures {
            mark: filling.mark.as_ref().filter(|_| corner.is_some()),
            photo: photo.map(|(_, pixels)| (pixels, u32::try_from(down).unwrap_or(0))),
        }
    }

    /// The workbook with rows added for lists that are longer than their blank rows; none where all fit. Lists are made longer from the
    /// lowest up, so that none moves another.
    fn longer(
        &self,
        book: &WorkbookForm,
        answers: &Answers,
    ) -> Result<Option<LongerForm>, OoxmlError> {
        let mut longer: Option<LongerForm> = None;
        for (part, rooms) in &book.rooms {
            let over = rooms.iter().filter(|r| r.blank > 0);
            let mut over: Vec<&BlankRows> = over
                .filter(|r| answers.rows(&r.list).len() > r.blank)
                .collect();
            over.sort_by_key(|r| std::cmp::Reverse(r.first));
            for room in over {
                let count = |n: usize| u32::try_from(n).unwrap_or(0);
                let insertion = RowInsertion {
                    part: part.clone(),
                    last: room.last,
                    rows: room.last - room.first + 1,
                    extra: count(answers.rows(&room.list).len() - room.blank),
                    columns: room.columns.clone(),
                };
                let form = longer.get_or_insert_with(|| LongerForm {
                    package: book.package.clone(),
                    places: self.places.clone(),
                    sheets: Vec::new(),
                });
                insert_rows(&mut form.package, &insertion)?;
                let below = |p: &&mut FieldPlace| {
                    p.part == *part && u32::try_from(p.row).is_ok_and(|r| r > insertion.last)
                };
                for place in form.places.iter_mut().filter(below) {
                    place.row += insertion.extra as usize;
                }
                form.sheets.push(part.clone());
            }
        }
        Ok(longer)
    }

    /// Lists that have no row at all, so that none can be added like it.
    pub(super) fn short_lists(&self, answers: &Answers) -> Vec<(&FieldPlace, usize, usize)> {
        let Some(book) = &self.book else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for (part, rooms) in &book.rooms {
            for room in rooms {
                let count = answers.rows(&room.list).len();
                if count > room.blank && room.blank == 0 {
                    let prefix = format!("{}.", room.list);
                    let place = self
                        .places
                        .iter()
                        .find(|p| is_in_row(p) && p.part == *part && p.key.starts_with(&prefix));
                    out.extend(place.map(|p| (p, room.blank, count)));
                }
            }
        }
        out
    }
}

/// Where the photo goes.
fn photo_place(places: &[FieldPlace]) -> Option<&FieldPlace> {
    let mut all = places.iter();
    all.find(|p| p.take == Take::Photo || p.key == "photo")
}
