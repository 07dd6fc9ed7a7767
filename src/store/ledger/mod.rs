//! The ledger (台账): one SQLite file in the data folder with units, records, prints, receipts and the audit log, or the same tables on
//! PostgreSQL (`elsewhere`, `place`, `server`, `service_place`), moved by `moving` and `transfer`. Its objects are moved by
//! `moving_objects` and held against the rows by `soundness`. What both engines read is in `sql` and `dialect`. The open ledger is in `connection`, opening it and its tables in `opening` and `schema`, writing in `transaction`, how values stand in rows in `values`;
//! each noun has a file with its SQL: `filing`, `records`, `lookup`, `entries`, `prints`, `kept`, `sighting`, `receipts`, `pages`,
//! `retract`, `seals`, `tray`, `typed`, `unbelieved`, `units`, `doubles`, `clocks`, `of_unit`, `roster`, `campaigns`, `blanks`, `notices`, `accounts`, `attempts`, `second`,
//! `erase`, `erased`, `remnants`, `traces`, `sweep`, `trust`, `audit`, `chain`. Who acts is in `actor`, how the audit log is vouched for
//! in `hand`, `marker` and `head`. What a row means for a page is in `receipt`; nothing here decides a verdict.

mod accounts;
mod actor;
mod attempts;
mod audit;
mod blanks;
mod campaigns;
mod chain;
mod clocks;
mod connection;
mod contact;
mod copy;
#[cfg(feature = "postgres")]
mod dialect;
mod doubles;
#[cfg(feature = "postgres")]
mod elsewhere;
mod entries;
mod erase;
mod erased;
mod fault;
mod filing;
mod hand;
mod head;
mod kept;
mod lookup;
mod marker;
#[cfg(feature = "postgres")]
mod moving;
#[cfg(feature = "s3")]
mod moving_objects;
mod names;
mod notices;
mod of_unit;
mod opening;
mod pages;
#[cfg(feature = "postgres")]
mod place;
mod prints;
mod receipts;
mod records;
mod remnants;
mod retract;
mod roster;
mod schema;
mod sealed;
mod seals;
mod second;
#[cfg(feature = "postgres")]
mod server;
#[cfg(feature = "postgres")]
mod service_place;
mod sighting;
mod soundness;
mod sql;
mod sweep;
mod traces;
mod transaction;
#[cfg_attr(
    not(feature = "postgres"),
    expect(dead_code, reason = "without a second engine nothing is moved")
)]
mod transfer;
mod tray;
mod trust;
mod typed;
mod unbelieved;
mod units;
mod values;
mod withdraw;

pub use accounts::{AccountRow, SessionRow};
pub use actor::{Actor, acting_as};
pub use attempts::AttemptLimits;
pub use audit::AuditRow;
pub use blanks::{BlankFormRow, NewBlankForm};
pub use campaigns::{Decided, TemplateRow};
pub use chain::ChainState;
pub use connection::Ledger;
pub use contact::UnitContact;
pub use copy::{CopyFacts, inspect};
#[cfg(feature = "postgres")]
pub use elsewhere::{place_elsewhere, place_said};
pub use entries::{HeldEntry, HeldFilms};
pub use erase::{Erased, Erasure};
pub use fault::LedgerFault;
pub use filing::{EntryRow, Filing, Outcome, PackageRow, Voucher};
pub use head::AUDIT_HEAD;
pub use lookup::FiledUnder;
#[cfg(feature = "postgres")]
pub use moving::{Destination, Moved, move_ledger};
#[cfg(feature = "s3")]
pub use moving_objects::{ObjectsMoved, move_objects};
pub use names::{DATABASE, LEDGER};
pub use notices::{NewNotice, NoticeRow};
pub use opening::IfMissing;
pub use prints::{IssuedMark, IssuedPage, Voided};
pub use receipts::{Before, Entered};
pub use retract::Retracted;
pub use roster::{ListedUnit, RosterRow};
pub use second::SecondStep;
#[cfg(feature = "postgres")]
pub use service_place::ServicePlace;
pub use sighting::{ReadMark, Sighting};
pub use soundness::{NamedObject, ObjectsState};
pub(in crate::store) use sweep::named_by_copy;
pub use traces::Traces;
pub use tray::TrayRow;
pub use trust::UnitKeyRow;
pub use unbelieved::UnbelievedPage;
pub use units::UnitRow;
