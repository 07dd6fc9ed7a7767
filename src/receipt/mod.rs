//! Paper that came back (收件): what a marked page is against its electronic record (`verdict`), what of a unit is here and
//! what is missing (`board`), whether the summary's rows agree with the candidates (`summary`), and what a scanner that
//! types or a person's hand put in (`typed`), and how much of it is kept (`veil`). Values come from the ledger; nothing here reads it.

mod board;
mod summary;
mod typed;
mod veil;
mod verdict;

pub use board::{
    Board, Cell, Filed, Need, Receipt, RecordBoard, Repealed, State, Timeliness, UnitFile, board,
};
pub use summary::{SummaryRow, summary_rows};
pub use typed::{Typed, Typist};
pub use veil::veiled;
pub use verdict::{Answer, Known, Standing, Verdict, judge};
