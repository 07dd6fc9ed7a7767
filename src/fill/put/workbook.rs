//! A workbook form: made ready sheet by sheet, and filled; where a list has more rows than the sheet, rows are added first.

use crate::campaign::Campaign;
use crate::fill::anatomy::grid::strings;
use crate::fill::anatomy::place::{FieldPlace, is_in_row};
use crate::fill::put::answers::Answers;
use crate::fill::put::corner::{Corner, DRAWING, PICTURE};
use crate::fill::put::filling::Filling;
use crate::fill::put::heights::looks;
use crate::fill::put::longer::with_rows;
use crate::fill::put::parcel::{CUSTOM, Parcel, Properties, new_parts, parcel};
use crate::fill::put::pen::fill;
use crate::fill::put::picture::MM;
use crate::fill::put::prepared::{Prepared, WorkbookForm};
use crate::fill::put::sheet::{BlankRows, stencil};
use crate::ooxml::{NewPart, OoxmlError, Original};

impl Prepared {
    /// Makes an .xlsx form ready.
    pub(super) fn book(
        campaign: &Campaign,
        original: Original,
        places: Vec<FieldPlace>,
    ) -> Result<Self, OoxmlError> {
        let package = original.package();
        let shared = strings(package)?;
        let looks = looks(package)?;
        let mut names: Vec<&str> = places.iter().map(|p| p.part.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let (mut parts, mut rooms) = (Vec::new(), Vec::new());
        for name in names {
            let here: Vec<FieldPlace> = places.iter().filter(|p| p.part == name).cloned().collect();
            let (part, room) = stencil(
                campaign,
                name,
                package.text(name)?,
                (&shared, &looks),
                &here,
            )?;
            parts.push(part);
            rooms.push((name.to_owned(), room));
        }
        let first = parts.first().map(|p| p.name.as_str());
        let corner = match first {
            Some(sheet) => Corner::of(package, sheet, &shared)?,
            None => None,
        };
        let plain = parcel(package, "", None, None)?;
        let properties = Properties::of(package)?;
        let empty = Parcel::default;
        Ok(Self {
            original,
            parts,
            parcels: [plain, empty(), empty(), empty()],
            properties,
            photo_box: (33 * MM, 48 * MM),
            page: 0,
            mark_in_place: false,
            places,
            book: Some(WorkbookForm {
                shared,
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
        let package = self.original.package();
        let mut written: Vec<(&str, String)> = Vec::new();
        let marked = filling.mark.as_ref().zip(book.corner.as_ref());
        for part in &self.parts {
            let rooms = book.rooms.iter().find(|r| r.0 == part.name);
            let rooms = rooms.map_or(&[][..], |r| r.1.as_slice());
            let over: Vec<&BlankRows> = rooms
                .iter()
                .filter(|r| answers.rows(&r.list).len() > r.blank)
                .collect();
            let text = if over.is_empty() {
                fill(&part.stencil, answers)
            } else {
                self.longer(book, campaign, answers, &part.name, &over)?
            };
            let text = match marked.filter(|(_, corner)| corner.sheet == part.name) {
                Some((_, corner)) => corner.shown(&text)?,
                None => text,
            };
            if package.text(&part.name).ok() != Some(text.as_str()) {
                written.push((part.name.as_str(), text));
            }
        }
        if let Some((mark, corner)) = marked {
            written.push((DRAWING, corner.drawn(mark)));
        }
        if marked.is_some() || !filling.properties.is_empty() {
            written.push((CUSTOM, self.properties.with(&filling.properties)));
        }
        let plain = self.parcels.first().map_or(&[][..], |p| &p.parts);
        let beside = match marked {
            Some((_, corner)) => &corner.parts,
            None if filling.properties.is_empty() => &[][..],
            None => plain,
        };
        let mut parts = new_parts(&written, beside);
        if let Some((mark, _)) = marked {
            parts.push(NewPart {
                name: PICTURE,
                bytes: mark.png,
                packed: true,
            });
        }
        self.original.with(&parts)
    }

    /// A sheet with rows added for its lists, filled. Lists are made longer from the lowest up, so that none moves another.
    fn longer(
        &self,
        book: &WorkbookForm,
        campaign: &Campaign,
        answers: &Answers,
        part: &str,
        over: &[&BlankRows],
    ) -> Result<String, OoxmlError> {
        let mut xml = self.original.package().text(part)?.to_owned();
        let mut places: Vec<FieldPlace> = self
            .places
            .iter()
            .filter(|p| p.part == part)
            .cloned()
            .collect();
        let mut over = over.to_vec();
        over.sort_by_key(|r| std::cmp::Reverse(r.first));
        for room in over {
            let Some(blank) = room
                .blank
                .checked_sub(1)
                .and_then(|n| u32::try_from(n).ok())
            else {
                continue;
            };
            let last = room.first + blank;
            let extra = answers.rows(&room.list).len() - room.blank;
            let extra = u32::try_from(extra).unwrap_or(0);
            let Some(longer) = with_rows(part, &xml, &book.shared, last, extra)? else {
                continue;
            };
            xml = longer;
            for place in &mut places {
                let below = u32::try_from(place.row).is_ok_and(|row| row > last);
                if below {
                    place.row += extra as usize;
                }
            }
        }
        let (part, _) = stencil(campaign, part, &xml, (&book.shared, &book.looks), &places)?;
        Ok(fill(&part.stencil, answers))
    }

    /// Lists that have no room for all rows, since a formula stands in the way of more.
    pub(super) fn short_lists(&self, answers: &Answers) -> Vec<(&FieldPlace, usize, usize)> {
        let Some(book) = &self.book else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for (part, rooms) in &book.rooms {
            let formula = self
                .original
                .package()
                .text(part)
                .is_ok_and(|xml| xml.contains("<f>") || xml.contains("<f "));
            for room in rooms {
                let count = answers.rows(&room.list).len();
                if count > room.blank && (formula || room.blank == 0) {
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
