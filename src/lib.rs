//! sanlian (三联): one electronic record becomes the paper that officials sign and stamp, and every page carries a
//! signed mark that leads back to that record.
//!
//! ```text
//! templates/<campaign>      workbook · json · csv
//!         │                         │ intake
//!         ▼                         ▼
//!      campaign ───────────────► record (versions, digest) ──► check ──► findings
//!         │                         │
//!         └──────────► form ◄───────┘      form = blocks of cells with final text: no format, no page
//!                       │
//!              ┌────────┴─────────┐
//!           layout     export/docx, export/xlsx   (Word and Excel lay themselves out; they share the form)
//!              │
//!            pages ──► press (order of sides) ──► mark (only now is “page 2 of 5” known) ──► export/pdf
//!                                                                                               │
//!              marks, judged ◄── scan (a picture of a page) ◄──────────── paper ◄───────────────┘
//!                     │
//!                     └──► receipt (page against record) ──► store::ledger ──► what is here, missing, late
//! ```
//!
//! # Rooms
//! Ground floor, no domain: `finding`, `units`, `hours` (times as people read them), `foreign` (what the system and
//! readers of formats say, in Chinese), `face`, `text`, `media` (what a file's bytes
//! say), `config` (the only reader of the environment). What is asked and answered: `campaign`, `record`, `check`, `intake`. Paper:
//! `form`, `font`, `layout`, `mark`, `ooxml`, `export`, `press`; and back from it: `pictures` (files of pages), `scan`, `receipt`.
//! The organiser's own forms, bound, filled and read back: `fill`, whose three acts know a form's `anatomy` and not one another. What
//! travels beside the paper: `package`. The invented submission: `demo`. The outside world: `store`, `clerk`, and the service for
//! browsers, `web`.
//!
//! `clerk` has a room for each who acts: `making` (a unit's paper), `forms` (the organiser's own), `scan`, `desk` (receiving), `unit`
//! (a unit's material in the service), `office` (accounts, campaigns that run, keys, backups, retention, the log); `Desk` and `Office`
//! act on an `OpenLedger`. `web` has the same rooms for pages, and `service` for what they share, `api` for programs. Who may call
//! whom, between modules and between the rooms in them, stands in the tables of `tests/it/tidy.rs`; what words mean is `docs/用语.md`.
//!
//! # What never happens
//! - `export` never sees a record: a value becomes text once, in `form`, or PDF and workbook will one day disagree.
//! - `form`, `layout` and `export` never see a key; `mark` never sees a record: a desk can verify with the key alone.
//! - `check` and `intake` do not know each other: reading repairs and reports, checking judges what was read.
//! - Below `store` nothing touches files, network, environment, clock or chance: the same input gives the same bytes.
//!
//! # Walks
//! *Make*: `clerk::read` → `store::submission` → `intake::read` → `check::check` → `record::Book::enrol` →
//! `form::build_candidate` → `layout::layout` → `mark::sign` → `press::plan` → `export::pdf`, `export::docx` →
//! `store::output` writes beside the place, then ledger and book take the issue, then the folder takes its name. *Check*: the same
//! as far as `layout`, whose findings count too; `ooxml::mark_workbook` gives the workbook back.
//! *Verify*: digits → `mark::verify` with the trusted keys of `store::trust`. *Receive*: `receipt::Typist` or `scan` →
//! `mark::verify` → `store::ledger` looks whether the sheet was issued and whose key signed it, asks `receipt::judge` and writes in
//! one transaction → the answer, by code; its word is in `receipt::words`.
//! *Fill*: a blank form → `fill::bind` → the binding that a person corrects → `fill::Prepared` → the filled form →
//! `fill::read` → `fill::assemble` → `intake::read`, or `fill::lay_over` → `record::diff`. *Serve*: a request → `web::service::guard` →
//! a worker of `web::service::workers`, which holds an open ledger → an act of `clerk` on a `Desk` or the `Office` → a page.
//!
//! # As a library
//! ```toml
//! sanlian = { version = "0.1", default-features = false, features = ["mark"] }
//! ```
//! Whoever receives marked paper takes the part that is needed; each part holds those before it that it names in `Cargo.toml`:
//!
//! | feature | modules | begin at |
//! |---|---|---|
//! | `mark` | `mark`, `finding`, `hours`, `foreign` | `mark`: sign a page, verify what a scanner read |
//! | `scan` | and `pictures`, `scan`, `media` | `scan`: a picture of a page to the marks on it |
//! | `forms` | all that is pure, without `scan` | `check`: what is wrong with a workbook; `export`: the paper; `fill`: an organiser's own form |
//! | `service` | and `store`, `clerk`, `web`, `config` | `clerk`: the acts of units and desks on files and the ledger |
//! | `program` | the command line; the default | `sanlian --help` |

#[cfg(feature = "forms")]
pub mod campaign;
#[cfg(feature = "forms")]
pub mod check;
#[cfg(feature = "service")]
pub mod clerk;
#[cfg(feature = "service")]
pub mod config;
#[cfg(feature = "forms")]
pub mod demo;
#[cfg(feature = "forms")]
pub mod export;
#[cfg(feature = "forms")]
pub mod face;
#[cfg(feature = "forms")]
pub mod fill;
#[cfg(feature = "mark")]
pub mod finding;
#[cfg(feature = "forms")]
pub mod font;
#[cfg(feature = "mark")]
pub mod foreign;
#[cfg(feature = "forms")]
pub mod form;
#[cfg(feature = "mark")]
pub mod hours;
#[cfg(feature = "forms")]
pub mod intake;
#[cfg(feature = "forms")]
pub mod layout;
#[cfg(feature = "mark")]
pub mod mark;
#[cfg(any(feature = "scan", feature = "forms"))]
pub mod media;
#[cfg(feature = "forms")]
pub mod ooxml;
#[cfg(feature = "forms")]
pub mod package;
#[cfg(feature = "scan")]
pub mod pictures;
#[cfg(feature = "forms")]
pub mod press;
#[cfg(feature = "forms")]
pub mod receipt;
#[cfg(feature = "forms")]
pub mod record;
#[cfg(feature = "scan")]
pub mod scan;
#[cfg(feature = "service")]
pub mod store;
#[cfg(feature = "forms")]
pub mod text;
#[cfg(any(feature = "scan", feature = "forms"))]
pub mod units;
#[cfg(feature = "service")]
pub mod web;
