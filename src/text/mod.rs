//! Characters, dates and numbers as people write them in Chinese forms: pure functions over texts, no domain.
//! Which field holds what, and what a fault weighs, is in `intake` and `check`.

mod break_costs;
pub mod breaks;
pub mod contact;
pub mod count;
pub mod date;
pub mod decimal;
pub mod ditto;
pub mod heading;
pub mod id;
pub mod kinsoku;
pub mod lexicon;
pub mod lines;
pub mod name;
pub mod name_cell;
pub mod normal;
mod number_breaks;
mod tables;
pub mod url;
pub mod uscc;
pub mod width;
