//! Paper that came back (收件): what a marked page is against its electronic record (`verdict`, `judge`), what of a record is here
//! (`places`, `faults`), what of a unit (`unit_file`, `board`), whether in time (`timeliness`) and by a clock that can be believed
//! (`clock`), who is recommended twice (`doubles`), how a stack of pages lies and what it lacks (`stack`), whether the summary's rows
//! agree with the candidates (`summary`), and what a scanner that types or a person's hand put in (`typed`), how much of it is kept
//! (`veil`). The words for codes are in `words`. Values come from the ledger; nothing here reads it.

mod board;
mod clock;
mod doubles;
mod faults;
mod judge;
mod places;
mod stack;
mod summary;
mod timeliness;
mod typed;
mod unit_file;
mod veil;
mod verdict;
mod words;

pub use board::{Arrival, Board, NOTHING_CAME, Need, board};
pub use clock::{ClockCode, ClockFault, TOLERANCE, clock_faults, package_early, received_early};
pub use doubles::{DoubleLine, masked_name};
pub use judge::{Annulment, Answer, KnownRecord, Presented, Standing, judge};
pub use places::{CopyPage, CopyPageState, RecordBoard};
pub use stack::{Hint, PrintedCopy, StackPage, StackSheet, hints};
pub use summary::{SummaryRow, summary_rows};
pub use timeliness::Timeliness;
pub use typed::{Typed, Typist};
pub use unit_file::{Double, Filed, PackageTime, Receipt, Repealed, UnitFile, VersionTime};
pub use veil::veiled;
pub use verdict::Verdict;
pub use words::NOT_ALTERED;
