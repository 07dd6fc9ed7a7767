//! The organiser's own forms (自备表格): bound once a year (`bind`), filled (`put`) and read back (`back`).

mod back;
mod bind;
mod put;

pub use back::{FormRead, Gathered, How, LaidOver, Sighting, campaign_of, gather, lay_over, read};
pub use bind::{Binding, BindingError, Bound, Open, bind, bind_typed, faults_of_form, shape};
pub use put::{Filling, MarkPicture, Place, Prepared, Take};
