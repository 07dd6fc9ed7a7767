//! Filling (填表): a bound form made ready once (`prepared`), then filled once a record (`filling`). Untouched parts are copied as they
//! lie in the package; touched parts are cut where values go (`stencil`, by `cut_key`, `control_ink` and `date_part`, under the names of `bookmark`) and
//! written by a `pen`. A .docx is made ready and filled in `document`, each `part` by `word` with `cutter`, `control`, `rows` and `numbered`, its placeholders (`placeholder`) in `loops` and `conditions`; an .xlsx in
//! `workbook`, by `sheet` (`among` among a cell's own words, `heights` of rows, `open_rows`, pictures in a `corner` and a `drawing_place`). What a file has
//! beside its text is in `parcel` and `picture`. Which values they are is in `answers`. What is wrong is told by `judge`, with `room` and `limits`,
//! before a form is filled. Where places lie is seen on a copy whose places have a ground each (`ground`, `tint`, `tint_sheet`).

mod among;
mod answers;
mod bookmark;
mod conditions;
mod control;
mod control_ink;
mod corner;
mod cut_key;
mod cutter;
mod date_part;
mod document;
mod drawing_place;
mod filling;
mod ground;
mod heights;
mod judge;
mod limits;
mod loops;
mod numbered;
mod open_rows;
mod parcel;
mod part;
mod pen;
mod picture;
mod placeholder;
mod prepared;
mod room;
mod rows;
mod sheet;
mod stencil;
mod tint;
mod tint_sheet;
mod word;
mod workbook;

pub use filling::{Filling, MarkPicture};
pub use ground::Tint;
pub use judge::at as whereabouts;
pub use prepared::Prepared;
pub use tint::tinted_form;
