//! The organiser's own forms (自备表格): bound, filled, marked and read back; old files made new (`convert`).

mod convert;
pub(super) mod fill;
pub(super) mod mark;
pub(super) mod outside;
