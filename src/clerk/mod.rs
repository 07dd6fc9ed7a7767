//! The clerk (经办人): one act a file, each from what stands on disk to what stands on disk. The rules of the house
//! are elsewhere; here they are called in their order: read, check, build, lay out, mark, write, and the book last.

mod desk;
mod error;
mod forms;
mod given;
pub(in crate::clerk) mod making;
mod masked;
mod office;
mod opened;
mod reason;
mod scan;
mod unit;
mod visitor;

pub use crate::mark::Matrix;
pub use desk::Desk;
pub use desk::board_workbook::board_workbook;
pub use desk::expected::{Count, Turnout};
pub use desk::find::Found;
pub use forms::mark::Marking;
pub use making::calibration::calibration_page;
pub use making::campaigns::{Campaigns, Origin};
pub use making::check::{Checked, check, check_telling};
pub use making::demo::{before_deadline, demo, ready_for_demo};
pub use making::gather::{GatherJob, gather_into};
pub use making::gather_source::GatherDone;
pub use office::Office;
pub use office::accounts::{AccountLine, LoginOutcome, NewAccount};
pub use office::audit::audit;
pub use office::backup::back_up;
pub use office::backups::{
    BackupLine, backup_named, backups_folder, list_backups, take_backup, verify_backup_file,
    verify_listed,
};
pub use office::upload::CAMPAIGN_BYTES;
pub use opened::{DataPlaces, OpenLedger};
pub use visitor::{Role, Visitor};

pub use desk::package::PackageDone;
pub use desk::public::{PublicMark, PublicStanding};
pub use desk::receive::{EarlierAnswer, FieldChange, PageAnswer};
pub use desk::scan::{LeftOut, ReceivedPage, ScanBatch, ScanDone};
pub use desk::slip::SlipFile;
pub use desk::status::{Call, CallList, Phones};
pub use desk::tray::TrayClose;
pub use desk::void::VoidDone;
pub use forms::blanks::{
    BLANK_BYTES, BlankForm, FieldChoice, FilledBlank, TakenBlank, fill_blank, take_blank,
};
pub use forms::decisions::keeps_decisions;
pub use forms::fill::{
    Filled, ReadBack, bind_form, campaign_of_forms, diff_forms, fill_form, in_canonical_texts,
    read_binding, read_forms,
};
pub use forms::outside::diff_outside;
pub use forms::preview::{PlaceState, SeenArea, SeenForm, SeenPlace, meaning_of};
pub use forms::preview_pdf::preview_binding;
pub use making::copy_campaign::{CopiedCampaign, copy_campaign};
pub use making::job::Job;
pub use making::make::{Made, MakeOptions, News, make};
pub use making::marker::templates_of;
pub use making::pack::{PackOptions, Packed, pack};
pub use making::papers::make_papers_into;
pub use making::read::{Reading, read};
pub use making::start::{Begin, start};
pub use making::step::Step;
pub use making::write::make_into;
pub use office::erasing::{RecordToErase, ToErase};
pub use office::fsck::{ObjectsCheck, check_objects};
pub use office::hand_over::HandedOver;
pub use office::init::{NewPlaces, init, place_of_ledger, place_of_objects, settle_places};
pub use office::keys::{
    DayEnd, KeyLine, KeyMade, Trusting, export_key, list_keys, new_key, new_key_told, revoke_key,
    time, trust_key,
};
#[cfg(feature = "postgres")]
pub use office::migrate::migrate;
#[cfg(feature = "s3")]
pub use office::migrate::migrate_objects;
pub use office::notices::{NoticeLine, NoticeTo, OwnNotice};
pub use office::places::PlaceHeld;
pub use office::restore::restore;
pub use office::retention::{Gone, Holding};
pub use office::running::{CampaignLine, Uploaded, campaign_to_run};
pub use office::second::SecondStepState;
pub use office::trust::{private_algorithm, read_key};
pub use office::whose::Whose;
pub use scan::picture::{digits_in_picture, page_picture};
pub use scan::{
    MarkLine, PageLine, PageState, SCAN_THREAD, ScanOptions, ScanTally, ScannedPage, keep_picture,
    read_issued, scan, scan_files,
};
pub use unit::folder::{OwnFile, OwnFolder, OwnPaper, OwnState, make_service_key};
pub use unit::typed::{Who, add_person, findings_of_typed, take_typed};

// value types that the acts hand over
pub use crate::media::is_decoding;
pub use crate::press::{FileEntry, FileForm};
pub use crate::receipt::{
    Arrival, Board, ClockFault, CopyPageState, Hint, NOTHING_CAME, Need, RecordBoard, Timeliness,
    Typed, Typist, Verdict,
};
pub use crate::record::{GatherLine, GatherNews};
#[cfg(feature = "s3")]
pub use crate::store::ledger::ObjectsMoved;
pub use crate::store::ledger::{
    AUDIT_HEAD, Actor, AuditRow, ChainState, IfMissing, NewBlankForm, Retracted, RosterRow,
    TrayRow, acting_as,
};
#[cfg(feature = "postgres")]
pub use crate::store::ledger::{Destination, Moved, ServicePlace};
pub use crate::store::ledger::{NamedObject, ObjectsState};
pub use crate::store::{BackupManifest, BucketAddress, Proof, end_at_pass, make_closed};
pub use making::verify::{Verified, format_of_scan, marks_in, verify};

pub use error::ClerkError;
pub use making::fonts::{Fonts, fonts};
