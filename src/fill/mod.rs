//! The organiser's own forms (自备表格): filled (`put`) and read back (`back`).

mod back;
mod put;

pub use back::{FormRead, Gathered, How, Sighting, gather, read};
pub use put::{Filling, MarkPicture, Place, Prepared, Take};
