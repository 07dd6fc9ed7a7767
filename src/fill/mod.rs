//! The organiser's own forms (自备表格): bound once a year (`bind`), filled (`put`) and read back (`back`).

mod back;
mod bind;
mod put;

pub use back::{FormRead, Gathered, How, Sighting, gather, read};
pub use bind::{Binding, BindingError, Bound, Open, bind, shape};
pub use put::{Filling, MarkPicture, Place, Prepared, Take};
