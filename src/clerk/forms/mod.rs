//! The organiser's own forms (自备表格): bound, filled, marked and read back; old files made new (`convert`);
//! a binding seen on the pages of its blank form (`preview`, `preview_pdf`), and kept for a campaign of the service (`blanks`); what is refused before
//! anything is written (`guard`, `decisions`).

pub(super) mod blanks;
mod convert;
pub(super) mod decisions;
pub(super) mod fill;
mod guard;
mod margins;
pub(super) mod mark;
pub(super) mod outside;
pub(super) mod preview;
pub(super) mod preview_pdf;
