//! Paper that came back (收件): what a marked page is against its electronic record (`verdict`), what of a unit is here and
//! what is missing (`board`), how a stack of pages lies and what it lacks (`stack`), whether the summary's rows agree with the
//! candidates (`summary`), and what a scanner that types or a person's hand put in (`typed`). Values come from the ledger;
//! nothing here reads it.

mod board;
mod stack;
mod summary;
mod typed;
mod verdict;

pub use board::{
    Board, Cell, Filed, Need, Receipt, RecordBoard, Repealed, State, Timeliness, UnitFile, board,
};
pub use stack::{Hint, Print, StackPage, StackSheet, hints};
pub use summary::{SummaryRow, summary_rows};
pub use typed::{Typed, Typist};
pub use verdict::{Answer, Known, Standing, Verdict, judge};
