//! A form made ready (备好的表): a document is made so and filled in `document`, a workbook in `workbook`; `judge` tells what is wrong with it.

use crate::fill::anatomy::place::FieldPlace;
use crate::fill::put::corner::Corner;
use crate::fill::put::heights::Look;
use crate::fill::put::parcel::{Parcel, Properties};
use crate::fill::put::part::Part;
use crate::fill::put::sheet::BlankRows;
use crate::ooxml::{CellReader, OpcPackage, Original};

/// A form ready to be filled.
#[derive(Debug)]
pub struct Prepared {
    pub(super) original: Original,
    pub(super) parts: Vec<Part>,
    /// Without photo and mark, with the photo, with the mark, with both.
    pub(super) parcels: [Parcel; 4],
    pub(super) properties: Properties,
    /// Largest photo in EMU.
    pub(super) photo_box: (i64, i64),
    /// Width of the page in twips.
    pub(super) page: i64,
    pub(super) mark_in_place: bool,
    /// Places of the binding.
    pub(super) places: Vec<FieldPlace>,
    /// Lists that may have so many entries, each by its first place.
    pub(super) limits: Vec<(FieldPlace, usize)>,
    /// For a workbook: what its cells refer to, and the room of its lists by part.
    pub(super) book: Option<WorkbookForm>,
}

impl Prepared {
    /// Whether a mark is drawn into it: not into a workbook that has a drawing of its own.
    pub fn takes_mark(&self) -> bool {
        self.book.as_ref().is_none_or(WorkbookForm::takes_mark)
    }

    /// Whether the form has a box for the photo.
    pub fn takes_photo(&self) -> bool {
        let sheet = self.book.as_ref().and_then(|b| b.corner.as_ref());
        self.parcels.get(1).is_some_and(|p| !p.photo.is_empty())
            || sheet.is_some_and(|c| c.photo.is_some())
    }
}

/// What filling a workbook needs beside its parts.
#[derive(Debug)]
pub(super) struct WorkbookForm {
    /// The form as its formulas are calculated anew.
    pub(super) package: OpcPackage,
    pub(super) reader: CellReader,
    pub(super) looks: Vec<Look>,
    pub(super) rooms: Vec<(String, Vec<BlankRows>)>,
    pub(super) corner: Option<Corner>,
}

impl WorkbookForm {
    pub(super) fn takes_mark(&self) -> bool {
        self.corner.is_some()
    }
}
