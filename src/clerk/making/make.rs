//! Make (制作): a submission becomes paper, all of it or nothing. Order: check, versions, forms, pages, marks, files. Ledger and
//! record book know of an issue before its paper stands; that is in `write`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::campaign::{Campaign, FormKind, FormTemplate, MarkAlgorithm, Per};
use crate::finding::{Finding, Place, Severity, has_errors};
use crate::font::FontSet as Fonts;
use crate::form::{
    Form, JpegPicture, Paper, Photos, build_candidate, build_paper, build_unit, papers_of,
};
use crate::layout::{Pages, layout, mark_as_draft};
use crate::mark::{Algorithm, ReferenceSecret, SigningKey, record_reference};
use crate::media::prepare_photo;
use crate::press::{KeyEntry, Manifest, MarkEntry};
use crate::record::{
    Book, Difference, Digest, EnrolStatus, Enrolled, RecordItem, Submission, belongings,
    records_of, summary_item,
};
use crate::store::KeyRing;
use crate::store::ledger::Voided;
use crate::units::Length;

use crate::hours::beijing;

use crate::clerk::error::ClerkError;
use crate::clerk::making::judge::{judge, local_day, placed};
use crate::clerk::making::paper::{MarkFacts, PagedForm, PaperMaker};
use crate::clerk::making::read::Reading;
use crate::clerk::making::step::Step;

/// How to make.
#[derive(Clone, Debug)]
pub struct MakeOptions {
    /// Make in spite of errors, with 草稿 on each page and no marks.
    pub draft: bool,
    /// Time of issue of new versions.
    pub now: Timestamp,
    /// Times of issue of versions whose first print was voided, by record and version; a version without one is issued at
    /// the time it was made.
    pub reprints: BTreeMap<([u8; 8], u16), Timestamp>,
}

impl MakeOptions {
    /// In earnest, with the time of issue of new versions; nothing is printed again.
    pub fn at(now: Timestamp) -> Self {
        Self {
            draft: false,
            now,
            reprints: BTreeMap::new(),
        }
    }
}

/// What was made. Nothing is written yet.
pub struct Made {
    /// All findings, of reading, rules and layout.
    pub findings: Vec<Finding>,
    /// The files with their paths, `manifest.json` last; none where errors stopped it.
    pub files: Option<Vec<(String, Vec<u8>)>>,
    /// The book to be kept once the files stand; none for drafts.
    pub book: Option<Book>,
    /// References of the records that the submission has now; none for drafts.
    pub present: Vec<[u8; 8]>,
    /// Every mark that the files carry, once each; none for drafts.
    pub marks: Vec<MarkEntry>,
    /// Prints of these records that the ledger has as void; none without a ledger.
    pub voids: Vec<Voided>,
    /// What is new in the book.
    pub news: Vec<News>,
    /// The key folder, where the key was made just now.
    pub key_made: Option<PathBuf>,
}

impl Made {
    /// A making that its findings stopped: there is nothing to write.
    pub(super) fn stopped(findings: Vec<Finding>) -> Self {
        Self {
            findings,
            files: None,
            book: None,
            present: Vec::new(),
            marks: Vec::new(),
            voids: Vec::new(),
            news: Vec::new(),
            key_made: None,
        }
    }
}

/// A record that has a new version, or is no longer in the submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The form and the name in it.
    pub title: String,
    /// The version now; none where the record was withdrawn.
    pub version: Option<u16>,
    /// The version whose printed copies are stale, and how many originals that are.
    pub stale: Option<(u16, u8)>,
    /// What changed.
    pub differences: Vec<Difference>,
}

/// One form on its way to paper.
pub(in crate::clerk) struct PendingForm<'a> {
    pub(in crate::clerk) template: &'a FormTemplate,
    pub(in crate::clerk) candidate: Option<usize>,
    pub(in crate::clerk) enrolled: Option<Enrolled>,
    /// What it is, where it is a paper around the submission.
    pub(in crate::clerk) paper: Option<Paper<'a>>,
}

/// Makes everything that the unit's channel hands in. `progress` hears what is being done.
pub fn make(
    campaign: &Campaign,
    reading: &Reading,
    mut book: Book,
    keys: &KeyRing,
    fonts: &Fonts,
    options: &MakeOptions,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Made, ClerkError> {
    let submission = &reading.submission;
    let mut findings = judge(campaign, reading, beijing(options.now));
    // what is secret is not processed at all, not even as a draft (S1)
    let secret = findings
        .iter()
        .any(|f| f.code == "S1" && f.severity == Severity::Error);
    if secret || has_errors(&findings) && !options.draft {
        return Ok(Made::stopped(findings));
    }
    progress(Step::uncounted("核对记录版本"));
    let (mut drafts, news) = enrol_all(
        campaign,
        submission,
        &mut book,
        &keys.reference,
        options.now,
    )?;
    for enrolled in drafts.iter_mut().filter_map(|d| d.enrolled.as_mut()) {
        let print = (enrolled.reference, enrolled.version);
        if let Some(at) = options.reprints.get(&print) {
            enrolled.issued_at = *at;
        }
    }
    progress(Step::uncounted("排版"));
    let (photos, photo_findings) = photos(campaign, reading);
    findings.extend(photo_findings);
    let (run, pages) = laid_out(
        (campaign, submission, &photos),
        fonts,
        &drafts,
        options,
        &mut findings,
    );
    if has_errors(&findings) && !options.draft {
        return Ok(Made::stopped(findings));
    }
    let unit = submission.unit.text("name").to_owned();
    let room = PaperMaker {
        fonts,
        key: Some(&keys.signing),
        verify_url: campaign.verify_url.as_deref(),
        draft: options.draft,
        campaign: &campaign.id,
        title: &campaign.title,
        author: &unit,
    };
    let made = room.files(&run, &pages, progress)?;
    let issued_at = newest(&drafts, options.now);
    let marks = marks_of(&made);
    let enrolled = drafts.iter().filter_map(|d| d.enrolled.as_ref());
    let present = if options.draft {
        Vec::new()
    } else {
        enrolled.map(|e| e.reference).collect()
    };
    let files = with_manifest(campaign, unit, &keys.signing, issued_at, made)?;
    let book = (!options.draft).then_some(book);
    let news = if options.draft { Vec::new() } else { news };
    Ok(Made {
        findings,
        files: Some(files),
        book,
        present,
        marks,
        voids: Vec::new(),
        news,
        key_made: None,
    })
}

/// The forms and pages of all drafts, in their order; what laying them out found goes to `findings`.
pub(super) fn laid_out<'a>(
    (campaign, submission, photos): (&Campaign, &Submission, &Photos),
    fonts: &Fonts,
    drafts: &[PendingForm<'a>],
    options: &MakeOptions,
    findings: &mut Vec<Finding>,
) -> (Vec<PagedForm<'a>>, Vec<Pages>) {
    let (mut run, mut pages) = (Vec::new(), Vec::new());
    for draft in drafts {
        let issued = draft
            .enrolled
            .as_ref()
            .map_or(newest(drafts, options.now), |e| e.issued_at);
        let form = match (draft.candidate, &draft.paper) {
            (_, Some(paper)) => build_paper(campaign, paper, submission, local_day(issued)),
            (Some(index), None) => {
                let form = build_candidate(
                    campaign,
                    draft.template,
                    submission,
                    index,
                    photos,
                    local_day(issued),
                );
                let Some(form) = form else { continue };
                form
            }
            (None, None) => build_unit(campaign, draft.template, submission, local_day(issued)),
        };
        let (mut laid_out, laid) = layout(fonts, &form);
        if options.draft {
            mark_as_draft(fonts, &mut laid_out);
        }
        findings.extend(
            laid.into_iter()
                .map(|f| placed(f, submission, draft.candidate)),
        );
        run.push(sheets(draft, form));
        pages.push(laid_out);
    }
    (run, pages)
}

/// The marks of all files, once each: the print file repeats those of the single files.
fn marks_of(files: &[crate::clerk::making::paper::File]) -> Vec<MarkEntry> {
    let mut seen = std::collections::BTreeSet::new();
    files
        .iter()
        .flat_map(|(entry, _)| &entry.marks)
        .filter(|mark| seen.insert(&mark.digits))
        .cloned()
        .collect()
}

/// The time of the newest version among the records: what is printed then does not change until a record does.
fn newest(drafts: &[PendingForm<'_>], now: Timestamp) -> Timestamp {
    drafts
        .iter()
        .filter_map(|d| d.enrolled.as_ref())
        .map(|e| e.issued_at)
        .max()
        .unwrap_or(now)
}

fn sheets<'a>(draft: &PendingForm<'a>, form: Form) -> PagedForm<'a> {
    let stamp = draft
        .enrolled
        .as_ref()
        .zip(form.kind.mark_code())
        .map(|(enrolled, kind)| MarkFacts {
            kind,
            reference: enrolled.reference,
            version: enrolled.version,
            digest: enrolled.digest.short(),
            issued_at: enrolled.issued_at,
        });
    PagedForm {
        form,
        template: draft.template,
        stamp,
    }
}

/// Enters every record in the book, candidates before the summary that names their versions; then the forms in mailing
/// order: label, checklist, report, summary, status, and the candidates by rank.
pub(in crate::clerk) fn enrol_all<'a>(
    campaign: &'a Campaign,
    submission: &Submission,
    book: &mut Book,
    secret: &ReferenceSecret,
    now: Timestamp,
) -> Result<(Vec<PendingForm<'a>>, Vec<News>), ClerkError> {
    let begun_as = book.unit().to_owned();
    let mut enrolled: Vec<(RecordItem, Enrolled)> = Vec::new();
    let mut enter = |item: RecordItem, enrolled: &mut Vec<(RecordItem, Enrolled)>| {
        let Some(kind) = item.kind.mark_code() else {
            return Ok(());
        };
        let reference = record_reference(secret, &campaign.id, &begun_as, kind, &item.identity);
        let done = book
            .enrol(campaign, reference, &item, now)
            .map_err(|e| ClerkError::Refused(e.to_string()))?;
        enrolled.push((item, done));
        Ok::<(), ClerkError>(())
    };
    for item in records_of(campaign, submission) {
        enter(item, &mut enrolled)?;
    }
    let stamps: Vec<_> = enrolled
        .iter()
        .filter(|(item, _)| item.kind == FormKind::Recommendation)
        .map(|(_, done)| done.stamp())
        .collect();
    if let Some(summary) = summary_item(campaign, submission, &stamps) {
        enter(summary, &mut enrolled)?;
    }
    let references: Vec<[u8; 8]> = enrolled.iter().map(|(_, done)| done.reference).collect();
    let mut news: Vec<News> = enrolled
        .iter()
        .filter_map(|(item, done)| news_of(campaign, item, done))
        .collect();
    news.extend(book.others(&references).iter().map(|record| News {
        title: format!("{}（{}）", campaign.form_name(record.kind()), record.name()),
        version: None,
        stale: record.latest().map(|v| (v.version, v.copies)),
        differences: Vec::new(),
    }));
    Ok((drafts(campaign, submission, &enrolled), news))
}

fn news_of(campaign: &Campaign, item: &RecordItem, done: &Enrolled) -> Option<News> {
    let (stale, differences) = match &done.status {
        EnrolStatus::Same => return None,
        EnrolStatus::New => (None, Vec::new()),
        EnrolStatus::Changed {
            previous,
            copies,
            differences,
        } => (Some((*previous, *copies)), differences.clone()),
    };
    let title = format!("{}（{}）", campaign.form_name(item.kind), item.name);
    Some(News {
        title,
        version: Some(done.version),
        stale,
        differences,
    })
}

fn drafts<'a>(
    campaign: &'a Campaign,
    submission: &Submission,
    enrolled: &[(RecordItem, Enrolled)],
) -> Vec<PendingForm<'a>> {
    let mut drafts = Vec::new();
    for template in &campaign.forms {
        let kind = template.kind;
        if let FormKind::Paper(_) = kind {
            drafts.extend(pending_papers(campaign, submission, kind));
            continue;
        }
        let mut of_kind = enrolled
            .iter()
            .filter(|(item, _)| item.kind == kind)
            .map(|(_, done)| done.clone());
        if template.per == Per::Candidate {
            let indices = 0..submission.candidates.len();
            drafts.extend(indices.map(|i| PendingForm {
                template,
                candidate: Some(i),
                enrolled: of_kind.next(),
                paper: None,
            }));
        } else if kind.mark_code().is_none() {
            drafts.push(PendingForm {
                template,
                candidate: None,
                enrolled: None,
                paper: None,
            });
        } else if let Some(done) = of_kind.next() {
            // a form that the channel does not hand in has no record
            drafts.push(PendingForm {
                template,
                candidate: None,
                enrolled: Some(done),
                paper: None,
            });
        }
    }
    // what is not mailed comes after what is, so that everything that is printed for the mail stands together
    drafts.sort_by_key(|draft| draft.paper.is_some() && !draft.template.mailed);
    drafts
}

/// The papers of one kind that the channel hands in.
pub(super) fn pending_papers<'a>(
    campaign: &'a Campaign,
    submission: &Submission,
    kind: FormKind,
) -> Vec<PendingForm<'a>> {
    let papers = papers_of(campaign, submission).into_iter();
    papers
        .filter(|paper| paper.template.kind == kind)
        .map(|paper| PendingForm {
            template: paper.template,
            candidate: None,
            enrolled: None,
            paper: Some(paper),
        })
        .collect()
}

/// Photos for the boxes of the forms, scaled to 300 dpi, upright.
pub(super) fn photos(campaign: &Campaign, reading: &Reading) -> (Photos, Vec<Finding>) {
    let (width, height) = photo_box(campaign);
    let mut photos = Photos::new();
    let mut findings = Vec::new();
    let belongings = belongings(campaign, &reading.submission);
    let candidates = reading.submission.candidates.iter().zip(belongings.of);
    for (index, (candidate, own)) in candidates.enumerate() {
        let Some(file) = own.id_photo else {
            continue;
        };
        let Some(bytes) = reading.photo(&file.path) else {
            continue;
        };
        match prepare_photo(&bytes, width, height, 300) {
            Ok(photo) => {
                let picture = JpegPicture {
                    jpeg: photo.jpeg.into(),
                    width: photo.width,
                    height: photo.height,
                    components: photo.components,
                };
                photos.insert(index, picture);
            }
            Err(error) => {
                let place = Place::file(file.path.clone()).of(candidate.text("name"), "photo");
                findings.push(Finding::error(
                    "P2",
                    place,
                    format!("照片无法印制：{error}。"),
                    "请换一张照片，用图片软件另存为JPEG后再试。",
                ));
            }
        }
    }
    (photos, findings)
}

/// The photo box of the campaign's forms; 33 × 48 mm where they have none.
fn photo_box(campaign: &Campaign) -> (Length, Length) {
    use crate::campaign::BlockTemplate;
    let tables = campaign
        .forms
        .iter()
        .flat_map(|f| &f.blocks)
        .filter_map(|block| match block {
            BlockTemplate::Table { rows, .. } => Some(rows),
            _ => None,
        });
    let [width, height] = tables
        .flatten()
        .flat_map(|r| &r.cells)
        .find_map(|c| c.photo)
        .unwrap_or([33.0, 48.0]);
    (Length::from_mm(width), Length::from_mm(height))
}

fn with_manifest(
    campaign: &Campaign,
    unit: String,
    key: &SigningKey,
    issued_at: Timestamp,
    made: Vec<crate::clerk::making::paper::File>,
) -> Result<Vec<(String, Vec<u8>)>, ClerkError> {
    use base64::Engine;
    use sha2::Digest as _;
    let mut entries = Vec::new();
    let mut files = Vec::new();
    for (mut entry, bytes) in made {
        entry.sha256 = Digest(sha2::Sha256::digest(&bytes).into()).to_string();
        files.push((entry.path.clone(), bytes));
        entries.push(entry);
    }
    let manifest = Manifest {
        campaign: campaign.id.clone(),
        issued_at: issued_at.to_string(),
        unit,
        key: KeyEntry {
            id: key.id().to_string(),
            algorithm: key.algorithm().label().to_owned(),
            public_key: base64::engine::general_purpose::STANDARD.encode(key.public_key()),
        },
        files: entries,
    };
    let json =
        serde_json::to_string_pretty(&manifest).map_err(|e| ClerkError::Bug(e.to_string()))?;
    files.push(("manifest.json".to_owned(), (json + "\n").into_bytes()));
    Ok(files)
}

/// The algorithm of a campaign's marks.
pub(in crate::clerk) fn algorithm_of(campaign: &Campaign) -> Algorithm {
    match campaign.mark.algorithm {
        MarkAlgorithm::Ed25519 => Algorithm::Ed25519,
        MarkAlgorithm::Sm2 => Algorithm::Sm2,
    }
}

/// Whether a book may go on with this campaign and the secret of these keys.
pub(in crate::clerk) fn may_go_on(
    book: &Book,
    campaign: &Campaign,
    secret: &ReferenceSecret,
    path: &Path,
) -> Result<(), ClerkError> {
    if book.campaign() != campaign.id {
        return Err(ClerkError::Refused(format!(
            "{} 属于活动“{}”，不是“{}”。请换一个报送文件夹，或用 --book 另指记录簿。",
            path.display(),
            book.campaign(),
            campaign.id
        )));
    }
    if book.key() != secret.origin().to_string() {
        return Err(ClerkError::Refused(format!(
            "{} 由密钥 {} 建立，现在的密钥目录却以密钥 {} 编号，换目录会使全部记录编号改变。请用 --keys 指定原来的密钥目录（换密钥请对原目录用命令 key new，编号不变），或用 --book 另起记录簿。",
            path.display(),
            book.key(),
            secret.origin()
        )));
    }
    Ok(())
}

/// Whether the key may sign still.
pub(in crate::clerk) fn may_sign(keys: &KeyRing) -> Result<(), ClerkError> {
    let Some(entry) = keys.trusted.entry(keys.signing.public()) else {
        return Ok(());
    };
    entry.term.may_sign().map_err(|reason| {
        ClerkError::Refused(format!(
            "签名密钥 {} {reason}，不能再签发。请运行 sanlian key new 换一把新密钥，并把新公钥交给收件单位。",
            entry.id()
        ))
    })
}
