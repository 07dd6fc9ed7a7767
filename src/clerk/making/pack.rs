//! Pack (打包): everything that a unit hands in, in one signed file. The forms are made anew or taken from a folder of paper that was
//! made of the same versions; the record book is written before the file stands.

use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::campaign::FormKind;
use crate::finding::{Finding, Place, has_errors};
use crate::mark::record_reference;
use crate::package::{
    Attached, Contact, EntryRole, File, Limits, OwedEntry, PackageFault, Parts, Renamed, VoidEntry,
    open, renamed, write,
};
use crate::press::{FileForm, Manifest, MarkEntry};
use crate::record::{Attachment, Book, Submission, Use, is_film, records_of};
use crate::store::KeyRing;
use crate::store::ledger::Voided;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::issue::{channel_key, contact};
use crate::clerk::making::job::Job;
use crate::clerk::making::make::{Made, News};
use crate::clerk::making::read::Reading;
use crate::clerk::making::step::Step;
use crate::clerk::making::write::{Output, WriteOrder, make_with};

/// Most bytes of a paper folder's manifest.
const MOST_MANIFEST: u64 = 256 << 20;

/// How to pack.
#[derive(Clone, Copy, Debug)]
pub struct PackOptions<'a> {
    /// A folder that `make` wrote, whose files go in as they were printed; none to make them anew.
    pub paper: Option<&'a Path>,
    /// Whether videos go in.
    pub videos: bool,
}

/// What was packed.
#[derive(Debug)]
pub struct Packed {
    /// All findings.
    pub findings: Vec<Finding>,
    /// Files in the package and bytes of it; none where errors stopped it, and nothing was written.
    pub written: Option<(usize, usize)>,
    /// What is new in the book.
    pub news: Vec<News>,
    /// The key folder, where the key was made just now.
    pub key_made: Option<PathBuf>,
}

/// Packs a submission into the job's output file.
pub fn pack(
    job: &Job<'_>,
    options: &PackOptions<'_>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Packed, ClerkError> {
    let mut written = None;
    let made = make_with(job, progress, &mut |made, ring| {
        let (bytes, findings) = packed(job, options, made, ring)?;
        written = bytes.as_ref().map(|(entries, b)| (*entries, b.len()));
        let output = bytes.map_or(Output::Nothing, |(_, bytes)| Output::File(bytes));
        Ok(WriteOrder { findings, output })
    })?;
    Ok(Packed {
        written: written.filter(|_| made.files.is_some()),
        findings: made.findings,
        news: made.news,
        key_made: made.key_made,
    })
}

/// Voided prints as a package tells of them.
fn voids(voids: &[Voided]) -> Vec<VoidEntry> {
    let entry = |v: &Voided| VoidEntry {
        record: format!("{:016x}", u64::from_be_bytes(v.record)),
        version: v.version,
        minutes: v.minutes,
        copy: v.copy,
        at: v.at.to_string(),
        reason: v.reason.clone(),
    };
    voids.iter().map(entry).collect()
}

/// A package's number of files and its bytes; none, with error findings, where it cannot be.
type Bytes = (Option<(usize, Vec<u8>)>, Vec<Finding>);

fn packed(
    job: &Job<'_>,
    options: &PackOptions<'_>,
    made: &Made,
    ring: &KeyRing,
) -> Result<Bytes, ClerkError> {
    let submission = &job.reading.submission;
    let shown = job.out.display().to_string();
    let (Some(book), Some(fresh)) = (&made.book, &made.files) else {
        return Ok((None, Vec::new()));
    };
    let (mut files, marks, mut findings) = match options.paper {
        Some(paper) => of_paper(paper, job, made, book)?,
        None => (forms(fresh), made.marks.clone(), Vec::new()),
    };
    let limits = Limits::of(job.campaign);
    let (attached, strays) = renamed(job.campaign, submission);
    findings.extend(untold(strays, &made.findings));
    let (attached, left): (Vec<_>, Vec<_>) = attached
        .into_iter()
        .partition(|r| options.videos || !is_video(r));
    findings.extend(left.first().map(|_| without_videos(left.len())));
    let records = candidates(job, ring, book);
    let report = report(submission);
    let sizes = attached.iter().map(|r| r.of.file).chain(report);
    let fault = too_large(sizes, limits.unpacked);
    findings.extend(fault.map(|fault| fault.finding(&shown)));
    if has_errors(&findings) {
        return Ok((None, findings));
    }
    files.extend(attachments(job, report, attached, &records)?);
    let told = contact(job.campaign, submission);
    let parts = Parts {
        template: job.campaign.version,
        unit: submission.unit.text("name"),
        channel: channel_key(job.campaign, submission.unit.text("channel")),
        contact: &Contact {
            name: told.name,
            phones: told.phones,
        },
        made_at: newest_issue(made, book).unwrap_or(job.options.now),
        present: &made.present,
        book,
        marks: &marks,
        voids: &voids(&made.voids),
        owed: &owed(&left, &records),
        files: &files,
    };
    let bytes = match write(&ring.signing, &parts, &limits) {
        Ok(bytes) => bytes,
        Err(fault) => {
            findings.push(fault.finding(&shown));
            return Ok((None, findings));
        }
    };
    // what a desk with our keys would refuse is not written: paper of another key, say
    let mut templates = |_: &str| Some(job.campaign.clone());
    match open(&shown, &bytes, &ring.trusted, &limits, &mut templates) {
        // the list of what is in it and its signature are files too
        Ok(package) => Ok((Some((package.entries.len() + 2, bytes)), findings)),
        Err(found) => {
            findings.extend(found);
            Ok((None, findings))
        }
    }
}

/// What is said of files that are left out, without those of which checking has said what to do: these are named together.
fn untold(strays: Vec<Finding>, told: &[Finding]) -> Vec<Finding> {
    const NAMED: usize = 6;
    let is_told = |f: &Finding| {
        let rules = ["M6", "M15", "I11", "I14"];
        told.iter().any(|t| {
            rules.contains(&t.code) && t.place.file.is_some() && t.place.file == f.place.file
        })
    };
    let (again, mut rest): (Vec<Finding>, Vec<Finding>) = strays.into_iter().partition(is_told);
    if !again.is_empty() {
        let files = again.iter().filter_map(|f| f.place.file.as_deref());
        let names: Vec<String> = files.take(NAMED).map(|f| format!("“{f}”")).collect();
        let more = if again.len() > NAMED { "等" } else { "" };
        rest.push(Finding::warning(
            "I11",
            Place::default(),
            format!(
                "没有归属的{}个文件没有打入报送包：{}{more}。",
                again.len(),
                names.join("、")
            ),
            "请按上面对各个文件的提示改正，再打包；不需要的请移走。",
        ));
    }
    rest
}

/// Whether a file is a video, or a candidate's work that is one by its name, as the desk tells it.
fn is_video(renamed: &Renamed<'_>) -> bool {
    let Attached {
        file,
        role,
        candidate,
    } = &renamed.of;
    match role {
        EntryRole::Work => candidate.is_some() && is_film(file.name()),
        role => *role == EntryRole::Video,
    }
}

/// Videos that are left out, as the manifest tells of them, so that the desk asks for them.
fn owed(left: &[Renamed<'_>], records: &[[u8; 8]]) -> Vec<OwedEntry> {
    let entry = |renamed: &Renamed<'_>| {
        let record = records.get(renamed.of.candidate?)?;
        Some(OwedEntry {
            name: renamed.name.clone(),
            size: renamed.of.file.size,
            sha256: crate::record::Digest(renamed.of.file.sha256).to_string(),
            original: renamed.of.file.path.clone(),
            record: format!("{:016x}", u64::from_be_bytes(*record)),
        })
    };
    left.iter().filter_map(entry).collect()
}

/// That files together are larger than a package may be.
fn too_large<'a>(files: impl Iterator<Item = &'a Attachment>, limit: u64) -> Option<PackageFault> {
    let bytes = files.fold(0_u64, |sum, file| sum.saturating_add(file.size));
    (bytes > limit).then_some(PackageFault::TooLarge { bytes, limit })
}

/// The report, then the attachments of candidates under their new names, read from the submission's folder.
fn attachments(
    job: &Job<'_>,
    report: Option<&Attachment>,
    attached: Vec<Renamed<'_>>,
    records: &[[u8; 8]],
) -> Result<Vec<File>, ClerkError> {
    let mut files = Vec::new();
    if let Some(file) = report {
        files.push(File {
            name: format!("报告/{}", file.name()),
            role: EntryRole::Report,
            original: Some(file.path.clone()),
            record: None,
            bytes: read(job.reading, file)?,
        });
    }
    for Renamed { name, of } in attached {
        files.push(File {
            name,
            role: of.role,
            original: Some(of.file.path.clone()),
            record: of.candidate.and_then(|i| records.get(i)).copied(),
            bytes: read(job.reading, of.file)?,
        });
    }
    Ok(files)
}

/// When the newest version among a making's records was issued.
fn newest_issue(made: &Made, book: &Book) -> Option<jiff::Timestamp> {
    let latest = |reference: &[u8; 8]| Some(book.record(*reference)?.latest()?.issued_at);
    made.present.iter().filter_map(latest).max()
}

/// Whether a file of a making goes into a package: the print file repeats the others, and papers around the submission are the unit's
/// own, which a person may have edited.
fn is_packed(form: FileForm) -> bool {
    !matches!(
        form,
        FileForm::Print | FileForm::Form(FormKind::Paper(_) | FormKind::Envelope(_))
    )
}

/// The forms of a making; the manifest is the package's own.
fn forms(made: &[(String, Vec<u8>)]) -> Vec<File> {
    let list = made.iter().find(|(path, _)| path == "manifest.json");
    let list = list.and_then(|(_, bytes)| serde_json::from_slice::<Manifest>(bytes).ok());
    let entries = list.map_or_else(Vec::new, |list| list.files);
    let packed = |path: &String| {
        let mut own = entries.iter().filter(|f| is_packed(f.form));
        own.any(|f| &f.path == path)
    };
    let files = made.iter().filter(|(path, _)| packed(path));
    files
        .map(|(path, bytes)| form(path, bytes.clone()))
        .collect()
}

fn form(path: &str, bytes: Vec<u8>) -> File {
    File {
        name: format!("纸质件/{path}"),
        role: EntryRole::Form,
        original: None,
        record: None,
        bytes,
    }
}

/// Forms, the marks on them, and what is wrong with them.
type Printed = (Vec<File>, Vec<MarkEntry>, Vec<Finding>);

/// The forms of a paper folder and their marks, once they are those of the records' present versions.
fn of_paper(paper: &Path, job: &Job<'_>, made: &Made, book: &Book) -> Result<Printed, ClerkError> {
    let path = paper.join("manifest.json");
    let size = path.metadata().map_err(world(&path))?.len();
    let bytes = std::fs::read(&path).map_err(world(&path))?;
    let manifest: Option<Manifest> = serde_json::from_slice(&bytes).ok();
    let Some(manifest) = manifest.filter(|_| size <= MOST_MANIFEST) else {
        return Err(ClerkError::Refused(format!(
            "{} 不是 sanlian make 写的清单。请用 --paper 指定 make 的输出目录。",
            path.display()
        )));
    };
    let mut findings = Vec::new();
    if manifest.campaign != job.campaign.id {
        findings.push(stale(&path, "属于另一个活动".to_owned()));
    }
    let (mut files, mut marks) = (Vec::new(), Vec::<MarkEntry>::new());
    for entry in manifest.files.iter().filter(|f| is_packed(f.form)) {
        let inside = Path::new(&entry.path);
        let plain = inside
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let bytes = plain.then(|| std::fs::read(paper.join(inside)).ok());
        match bytes.flatten() {
            Some(bytes) if hex(&bytes) == entry.sha256 => files.push(form(&entry.path, bytes)),
            _ => findings.push(stale(
                &paper.join(inside),
                "缺失，或与清单的校验和不符".to_owned(),
            )),
        }
        for mark in &entry.marks {
            if !marks.iter().any(|m| m.digits == mark.digits) {
                marks.push(mark.clone());
            }
        }
    }
    let mut printed = Vec::new();
    for reference in &made.present {
        let record = format!("{:016x}", u64::from_be_bytes(*reference));
        let latest = book.record(*reference).and_then(|r| r.latest());
        let (Some(latest), Some(kept)) = (latest, book.record(*reference)) else {
            continue;
        };
        let of_record: Vec<_> = marks.iter().filter(|m| m.record == record).collect();
        if of_record.is_empty() || of_record.iter().any(|m| m.version != latest.version) {
            let title = format!("{}（{}）", job.campaign.form_name(kept.kind()), kept.name());
            findings.push(stale(
                &path,
                format!("没有{title}现在的版本{}", latest.version),
            ));
        }
        printed.push(record);
    }
    if marks.iter().any(|m| !printed.contains(&m.record)) {
        findings.push(stale(&path, "含有已不在报送材料中的表".to_owned()));
    }
    Ok((files, marks, findings))
}

fn stale(path: &Path, what: String) -> Finding {
    Finding::error(
        "M13",
        Place::file(path.display().to_string()),
        format!("纸质件与现在的电子材料不一致：{what}。"),
        "请重新运行 sanlian make，打印、盖章后再打包。",
    )
}

fn without_videos(count: usize) -> Finding {
    Finding::warning(
        "B2",
        Place::default(),
        format!("{count} 个视频没有打入报送包。"),
        "请用U盘或网盘另行报送，文件名用“姓名+序号”；收件处的催报名单会列出，直到收到含视频的报送包。",
    )
}

/// The file that the report was read from.
fn report(submission: &Submission) -> Option<&Attachment> {
    let mut reports = submission.files.iter().filter(|f| f.usage == Use::Report);
    let named = submission.report_place.file.as_deref();
    let first = reports.clone().next();
    reports.find(|f| Some(f.path.as_str()) == named).or(first)
}

/// The bytes of a file, which must still be those that were read with the submission.
fn read(reading: &Reading, file: &Attachment) -> Result<Vec<u8>, ClerkError> {
    if let Some(bytes) = reading.submission.pictures.get(&file.path) {
        return Ok(bytes.to_vec());
    }
    let path = reading.dir.join(&file.path);
    let bytes = std::fs::read(&path).map_err(world(&path))?;
    if <[u8; 32]>::from(Sha256::digest(&bytes)) == file.sha256 {
        Ok(bytes)
    } else {
        Err(ClerkError::Refused(format!(
            "{} 在打包时被改动，没有写报送包。请关闭正在编辑它的程序后再运行。",
            path.display()
        )))
    }
}

/// References of the candidates' records, in order.
fn candidates(job: &Job<'_>, ring: &KeyRing, book: &Book) -> Vec<[u8; 8]> {
    let Some(kind) = FormKind::Recommendation.mark_code() else {
        return Vec::new();
    };
    let items = records_of(job.campaign, &job.reading.submission);
    let items = items
        .iter()
        .filter(|item| item.kind == FormKind::Recommendation);
    items
        .map(|item| {
            record_reference(
                &ring.reference,
                &job.campaign.id,
                book.unit(),
                kind,
                &item.identity,
            )
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    crate::record::Digest(Sha256::digest(bytes).into()).to_string()
}
