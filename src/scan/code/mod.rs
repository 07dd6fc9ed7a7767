//! The QR codes that marks are drawn as (ISO/IEC 18004:2015): where what stands, and the text of a square of modules of which each
//! has a grade of belief. Only the versions and levels that `mark` draws; codes of other houses are `reader`'s.

mod field;
mod symbol;
mod text;

pub(super) use symbol::{Pattern, SIDES, SymbolSize, form};
pub(super) use text::{Blocks, Graded};
