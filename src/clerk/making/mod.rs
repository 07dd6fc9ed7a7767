//! Making paper (制作): a submission is read, checked, laid out, marked, written and packed; and what a unit starts from.
//! Nothing here knows an open desk: a ledger is written to where one is named.

pub(super) mod calibration;
pub(super) mod campaigns;
pub(super) mod check;
pub(super) mod clock;
mod columns;
pub(super) mod copy_campaign;
pub(super) mod demo;
pub(super) mod doubles;
pub(super) mod earlier;
pub(super) mod fonts;
pub(super) mod gather;
pub(super) mod gather_files;
mod gather_owned;
mod gather_put;
mod gather_rows;
pub(super) mod gather_source;
mod gather_works;
pub(super) mod gathered;
pub(super) mod issue;
pub(super) mod job;
pub(super) mod judge;
pub(super) mod make;
pub(super) mod marker;
mod other_folder;
pub(super) mod pack;
pub(super) mod paper;
pub(super) mod papers;
pub(super) mod read;
pub(super) mod start;
pub(super) mod step;
mod unread;
pub(super) mod verify;
pub(super) mod write;
mod wrong_name;
