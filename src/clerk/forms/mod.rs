//! The organiser's own forms (自备表格): bound, filled, marked and read back; old files made new (`convert`); what is refused before
//! anything is written (`guard`).

mod convert;
pub(super) mod fill;
mod guard;
pub(super) mod mark;
pub(super) mod outside;
