//! The clerk (经办人): one act a file, each from what stands on disk to what stands on disk. The rules of the house
//! are elsewhere; here they are called in their order: read, check, build, lay out, mark, write, and the book last.

mod accounts;
mod audit;
mod backup;
mod backups;
mod board_book;
mod calibration;
mod campaign_upload;
mod campaigns;
mod check;
mod clock;
mod demo;
mod desk;
mod doubles;
mod erase_person;
mod expected;
mod find;
mod forms;
mod forms_mark;
mod hand_over;
mod init;
mod issue;
mod job;
mod judge;
mod keys;
mod leftovers;
mod make;
mod notices;
mod own;
mod own_form;
mod pack;
mod paper;
mod person;
mod picture;
mod places;
mod public;
mod read;
mod receive;
mod receive_package;
mod receive_scan;
mod restore;
mod retention;
mod roster;
mod run_campaign;
mod scan;
mod scan_stack;
mod seal;
mod second;
mod slip;
mod start;
mod status;
mod step;
mod tray;
mod trust;
mod verify;
mod void;

pub use crate::mark::Matrix;
pub use accounts::{AccountLine, Entry, NewAccount, Role, Visitor};
pub use audit::audit;
pub use backup::back_up;
pub use backups::{
    BackupLine, backup_named, backups_folder, list_backups, take_backup, verify_backup_file,
    verify_listed,
};
pub use board_book::board_workbook;
pub use calibration::calibration_page;
pub use campaign_upload::CAMPAIGN_BYTES;
pub use campaigns::{Campaigns, Origin};
pub use check::{Checked, check, check_telling};
pub use demo::{before_deadline, demo};
pub use desk::{Desk, DeskPlaces};
pub use expected::{Count, Turnout};
pub use find::Found;
pub use forms_mark::Marking;

pub use forms::{
    Filled, ReadBack, bind_form, campaign_of_forms, diff_forms, fill_form, read_binding, read_forms,
};
pub use hand_over::HandedOver;
pub use init::init;
pub use job::{Job, make_into};
pub use keys::{
    DayEnd, KeyLine, KeyMade, Trusting, export_key, list_keys, new_key, new_key_told, revoke_key,
    time, trust_key,
};
pub use make::{Made, MakeOptions, News, make};
pub use notices::{NoticeLine, NoticeTo, OwnNotice};
pub use own::{OwnFile, OwnFolder, OwnPaper, OwnState, make_service_key};
pub use own_form::{Who, add_person, findings_of_typed, take_typed};
pub use pack::{PackOptions, Packed, pack};
pub use picture::{digits_in_picture, page_picture};
pub use places::PlaceHeld;
pub use public::{PublicMark, Standing};
pub use read::{Reading, read};
pub use receive::{EarlierAnswer, FieldChange, PageAnswer};
pub use receive_package::PackageDone;
pub use receive_scan::{LeftOut, ReceivedPage, ScanBatch, ScanDone};
pub use restore::restore;
pub use retention::{Gone, Holding, Whose};
pub use run_campaign::{CampaignLine, Uploaded, campaign_to_run};
pub use scan::{
    MarkLine, PageLine, PageState, SCAN_THREAD, ScanOptions, ScanTally, ScannedPage, keep_picture,
    read_issued, scan, scan_files,
};
pub use second::SecondStepState;
pub use slip::SlipFile;
pub use start::start;
pub use status::{Call, CallList, Phones};
pub use step::Step;
pub use tray::TrayClose;
pub use trust::read_key;
pub use void::VoidDone;

// value types that the acts hand over
pub use crate::press::{FileEntry, FileForm};
pub use crate::receipt::{
    Arrival, Board, ClockFault, Hint, NOTHING_CAME, Need, RecordBoard, State, Timeliness, Typed,
    Typist, Verdict,
};
pub use crate::store::ledger::{
    AUDIT_HEAD, Actor, AuditRow, ChainState, IfMissing, Retracted, RosterRow, TrayRow, acting_as,
};
pub use crate::store::{BackupManifest, KEPT_APART, Proof};
pub use verify::{Verified, format_of_scan, marks_in, verify};

use std::path::PathBuf;

pub use crate::font::Book as Fonts;
use crate::store::StoreError;
use crate::store::ledger::LedgerFault;

pub use crate::store::{end_at_pass, make_closed};

/// Why an act could not be done; what a person can mend is a finding instead.
#[derive(Debug, thiserror::Error)]
pub enum ClerkError {
    /// No such campaign.
    #[error("没有活动“{0}”。可用的活动：{1}")]
    NoCampaign(String, String),
    /// The submission does not say which campaign it answers.
    #[error(
        "{0} 没有写明活动。请用 --campaign 指定，或在文件夹中放一个 sanlian.toml，写 campaign = \"活动名\""
    )]
    WhichCampaign(PathBuf),
    /// A file could not be read or written.
    #[error("{path}：{source}")]
    World {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store refused.
    #[error("{0}。{hint}", hint = .0.finding().hint)]
    Store(StoreError),
    /// What was asked does not fit what stands there.
    #[error("{0}")]
    Refused(String),
    /// A bundled part is not whole, or a page could not be made.
    #[error("{0}")]
    Bug(String),
}

impl From<StoreError> for ClerkError {
    fn from(error: StoreError) -> Self {
        match &error {
            // no fault of the store: what was asked is not done any more
            StoreError::Ledger {
                fault: fault @ LedgerFault::Erased,
                ..
            } => Self::Refused(format!("{fault}。{}", error.finding().hint)),
            _ => Self::Store(error),
        }
    }
}

/// Turns an I/O error into one that names the file.
fn world(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> ClerkError {
    let path = path.into();
    move |source| ClerkError::World { path, source }
}

/// The bundled fonts, and those of a folder behind them.
pub fn fonts(font_dir: Option<&std::path::Path>) -> Result<Fonts, ClerkError> {
    let mut fonts = Fonts::bundled().map_err(|e| ClerkError::Bug(e.to_string()))?;
    let Some(dir) = font_dir else {
        return Ok(fonts);
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir)
        .map_err(world(dir))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let is_font = |path: &PathBuf| {
        path.extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("ttf") || e.eq_ignore_ascii_case("otf"))
    };
    for path in paths.into_iter().filter(is_font) {
        let bytes = std::fs::read(&path).map_err(world(&path))?;
        let name = path
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        fonts
            .with_extra(name, bytes)
            .map_err(|e| ClerkError::Refused(format!("{}：{e}", path.display())))?;
    }
    Ok(fonts)
}
