//! The anatomy (构造) of a form: what is known of it whoever asks: `bind`, which finds places, `put`, which writes there, `back`,
//! which reads there. A place and the field that goes there are in `place`, what labels and keys mean in `label`, with `joined` and
//! `block` for several values in one blank and `halves` for one value in two; numbers that wait for entries are in `numbered`, rows
//! that take no entry of a list in `row_kinds`. A .docx is gone through by `find` down to its `glyphs` and their `look`, a sheet by
//! `grid` down to the `cell_words`; among the characters of a line stand `boxes` to be ticked and `blanks` to be written on. What a filling
//! leaves behind so that its values are found again is in `bookmark`.

pub(super) mod areas;
pub(super) mod blanks;
pub(super) mod block;
pub(super) mod bookmark;
pub(super) mod boxes;
pub(super) mod cell_words;
pub(super) mod filler;
pub(super) mod find;
pub(super) mod glyphs;
pub(super) mod grid;
pub(super) mod halves;
pub(super) mod joined;
pub(super) mod label;
pub(super) mod look;
pub(super) mod numbered;
pub(super) mod place;
pub(super) mod row_kinds;
