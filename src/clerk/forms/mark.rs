//! Marks on filled forms (填表上的标记): a form of the organiser's that is filled for a record carries the record's mark, as the editable
//! copy does. Only what was made before is marked; filling makes no version.

use std::path::Path;

use jiff::Timestamp;

use crate::campaign::{Campaign, FormKind};
use crate::finding::{Finding, Place};
use crate::layout::MarkArt;
use crate::press::MarkEntry;
use crate::record::{EnrolStatus, Enrolled};
use crate::store::ledger::{IfMissing, Ledger};
use crate::store::{KeyRing, OwnKey, Vault, open_keys, own_keys, read_book};

use crate::clerk::error::ClerkError;
use crate::clerk::making::earlier::{reprints, taken_over};
use crate::clerk::making::make::{algorithm_of, enrol_all, may_go_on, may_sign};
use crate::clerk::making::paper::{MarkFacts, mark_of_file};
use crate::clerk::making::read::Reading;

/// Where keys and versions are.
#[derive(Clone, Copy, Debug)]
pub struct Marking<'a> {
    /// Key folder; no key is made in it.
    pub keys: &'a Path,
    /// The record book; none for `records.json` in the submission folder.
    pub book: Option<&'a Path>,
    /// Data folder of the ledger; none to go by the book alone.
    pub data: Option<&'a Path>,
    /// The time now.
    pub now: Timestamp,
}

/// The marks of a submission's records as they were made last.
pub(super) struct Marks {
    ring: KeyRing,
    verify_url: Option<String>,
    /// Records with the candidate whose they are.
    records: Vec<(FormKind, Option<usize>, Enrolled)>,
}

/// The marks of a submission; a finding where there are none, since nothing of it was made yet or with other keys.
pub(super) fn open(
    campaign: &Campaign,
    reading: &Reading,
    marking: &Marking<'_>,
    at: &Place,
) -> Result<Result<Marks, Finding>, ClerkError> {
    let unmade = || {
        Finding::info(
            "O9",
            at.clone(),
            "还没有制作过，填成的表没有标记。",
            "要带标记的，请先运行 sanlian make，再填这份表。",
        )
    };
    let path = marking
        .book
        .map_or_else(|| reading.dir.join("records.json"), Path::to_path_buf);
    let Some(book) = read_book(&path, Some(campaign))? else {
        return Ok(Err(unmade()));
    };
    // opening a folder without a key in use would make one
    let algorithm = algorithm_of(campaign);
    let in_use = |own: &OwnKey| own.retired.is_none() && own.key.algorithm() == algorithm;
    if !own_keys(marking.keys)?.iter().any(in_use) {
        return Ok(Err(unmade()));
    }
    let unit = reading.submission.unit.text("name");
    let ring = open_keys(marking.keys, unit, algorithm)?;
    let may = may_sign(&ring).and_then(|()| may_go_on(&book, campaign, &ring.reference, &path));
    if let Err(ClerkError::Refused(why)) = may {
        let what = format!("填成的表没有标记：{why}");
        let hint = "要带标记的，请用制作时的密钥和记录簿；不要标记的，用 --unmarked。";
        return Ok(Err(Finding::warning("O9", at.clone(), what, hint)));
    }
    let mut ledger = match marking.data.filter(|d| d.exists()) {
        Some(data) => {
            let vault = Vault::open(marking.keys, false)?;
            Some(Ledger::open(data, vault, IfMissing::Refuse)?)
        }
        None => None,
    };
    let mut book = taken_over(book, ledger.as_mut())?;
    let reprints = reprints(&book, ledger.as_mut(), marking.now)?;
    let submission = &reading.submission;
    let (drafts, _) = enrol_all(
        campaign,
        submission,
        &mut book,
        &ring.reference,
        marking.now,
    )?;
    let records = drafts.into_iter().filter_map(|draft| {
        let mut enrolled = draft.enrolled?;
        if let Some(at) = reprints.get(&(enrolled.reference, enrolled.version)) {
            enrolled.issued_at = *at;
        }
        Some((draft.template.kind, draft.candidate, enrolled))
    });
    Ok(Ok(Marks {
        records: records.collect(),
        verify_url: campaign.verify_url.clone(),
        ring,
    }))
}

impl Marks {
    /// The mark of a record's file; a finding where it changed since it was made.
    pub(super) fn of(
        &self,
        kind: FormKind,
        candidate: Option<usize>,
        at: &Place,
    ) -> Result<Result<(MarkArt, MarkEntry), Finding>, ClerkError> {
        let own = self
            .records
            .iter()
            .find(|r| (r.0, r.1) == (kind, candidate));
        let same = own.filter(|r| r.2.status == EnrolStatus::Same);
        let Some((enrolled, code)) = same.map(|r| &r.2).zip(kind.mark_code()) else {
            let what = match own.map(|r| &r.2.status) {
                Some(EnrolStatus::Changed { previous, .. }) => {
                    format!("这条记录已与版本{previous}不同，填成的表没有标记。")
                }
                _ => "这条记录还没有制作过，填成的表没有标记。".to_owned(),
            };
            let hint = "要带标记的，请先运行 sanlian make，再填这份表。";
            return Ok(Err(Finding::warning("O9", at.clone(), what, hint)));
        };
        let stamp = MarkFacts {
            kind: code,
            reference: enrolled.reference,
            version: enrolled.version,
            digest: enrolled.digest.short(),
            issued_at: enrolled.issued_at,
        };
        let url = self.verify_url.as_deref();
        Ok(Ok(mark_of_file(&self.ring.signing, &stamp, url)?))
    }
}
