//! The papers around a submission alone (只做公文): weeks before the rest is whole, so only what they print must be right. They are no
//! records: no key, no mark, no version. What a person edited in their documents is never overwritten.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::campaign::{Campaign, FormKind};
use crate::finding::{Finding, Severity, has_errors};
use crate::form::{Photos, papers_of};
use crate::press::{FileEntry, FileForm};
use crate::record::{Digest, Submission};
use crate::store::write_output;
use crate::text::date::parse_date;

use crate::hours::beijing;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::issue::channel_key;
use crate::clerk::making::job::Job;
use crate::clerk::making::judge::{judge, once_each};
use crate::clerk::making::make::{Made, PendingForm, laid_out};
use crate::clerk::making::paper::PaperMaker;
use crate::clerk::making::step::Step;

/// The list of the files, by which a folder is known as ours.
const MANIFEST: &str = "manifest.json";
/// Files that may hold the answers: a fault of one of them may mean that a person is not there.
const DATA: [&str; 9] = [
    "xlsx", "xlsm", "xlsb", "xls", "et", "ods", "json", "csv", "tsv",
];

/// What a folder of papers holds.
#[derive(Serialize)]
struct PapersManifest<'a> {
    campaign: &'a str,
    unit: &'a str,
    files: &'a [FileEntry],
}

/// The files of a folder that was made.
#[derive(Deserialize)]
struct Listed {
    files: Vec<FileEntry>,
}

/// Makes the papers that the unit's channel hands in, and nothing else, into the job's folder. Errors stop it only where they are
/// about what a paper prints; then these are the findings. Else the findings are all, and the papers are written.
pub fn make_papers_into(
    job: &Job<'_>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Made, ClerkError> {
    let (campaign, submission) = (job.campaign, &job.reading.submission);
    let draft = job.options.draft;
    unedited(job.out)?;
    papers_only(job.out)?;
    let mut findings = judge(campaign, job.reading, beijing(job.options.now));
    let shown = Shown::of(campaign, submission);
    let stops = |f: &Finding| match f.code {
        // what is secret is not processed at all, not even as a draft
        "S1" => f.severity == Severity::Error,
        _ => !draft && f.severity == Severity::Error && shown.is_hurt(campaign, submission, f),
    };
    if findings.iter().any(stops) {
        findings.retain(stops);
        return Ok(Made::stopped(findings));
    }
    if submission.candidates.is_empty() && has_errors(&findings) {
        return Ok(Made::stopped(findings));
    }
    let drafts = pending(campaign, submission)?;
    progress(Step::uncounted("排版"));
    let mut of_layout = Vec::new();
    let (run, pages) = laid_out(
        (campaign, submission, &Photos::new()),
        job.fonts,
        &drafts,
        &job.options,
        &mut of_layout,
    );
    if has_errors(&of_layout) && !draft {
        return Ok(Made::stopped(of_layout));
    }
    findings.extend(of_layout);
    let unit = submission.unit.text("name");
    let room = PaperMaker {
        fonts: job.fonts,
        key: None,
        verify_url: None,
        draft,
        campaign: &campaign.id,
        title: &campaign.title,
        author: unit,
    };
    let mut made = room.files(&run, &pages, progress)?;
    made.retain(|(entry, _)| entry.form != FileForm::Print);
    let files = listed(campaign, unit, made)?;
    progress(Step::uncounted("写入文件"));
    write_output(job.out, &files)?;
    once_each(&mut findings);
    Ok(Made {
        files: Some(files),
        ..Made::stopped(findings)
    })
}

/// Whether the publicity ends before it begins, of which no paper may speak; the rules tell it.
fn backwards(submission: &Submission) -> bool {
    let day = |key| parse_date(submission.unit.text(key));
    let days = day("publicity_from").zip(day("publicity_to"));
    days.is_some_and(|(from, to)| from > to)
}

/// The papers to be made; where there are none, why.
fn pending<'a>(
    campaign: &'a Campaign,
    submission: &Submission,
) -> Result<Vec<PendingForm<'a>>, ClerkError> {
    let papers = papers_of(campaign, submission);
    let word = submission.unit.text("channel");
    if papers.is_empty() {
        let why = match channel_key(campaign, word) {
            "" => {
                "没有做公文：推荐渠道没有填，或者认不出，不知道要做哪些。请先填写单位的推荐渠道。"
                    .to_owned()
            }
            _ => format!(
                "没有做公文：本活动没有给渠道“{word}”准备公文。请按主办单位的通知另行起草。"
            ),
        };
        return Err(ClerkError::Refused(why));
    }
    if submission.candidates.is_empty() {
        return Err(ClerkError::refused(
            "没有做公文：报送材料中还没有候选人。请先填写候选人，至少填姓名和公文上要印的栏目。",
        ));
    }
    let pending = papers.into_iter().map(|paper| PendingForm {
        template: paper.template,
        candidate: None,
        enrolled: None,
        paper: Some(paper),
    });
    Ok(pending.collect())
}

/// The files with their list.
fn listed(
    campaign: &Campaign,
    unit: &str,
    made: Vec<(FileEntry, Vec<u8>)>,
) -> Result<Vec<(String, Vec<u8>)>, ClerkError> {
    let (mut entries, mut files) = (Vec::new(), Vec::new());
    for (mut entry, bytes) in made {
        entry.sha256 = sum(&bytes);
        files.push((entry.path.clone(), bytes));
        entries.push(entry);
    }
    let list = PapersManifest {
        campaign: &campaign.id,
        unit,
        files: &entries,
    };
    let json = serde_json::to_string_pretty(&list).map_err(|e| ClerkError::Bug(e.to_string()))?;
    files.push((MANIFEST.to_owned(), (json + "\n").into_bytes()));
    Ok(files)
}

fn sum(bytes: &[u8]) -> String {
    Digest(sha2::Sha256::digest(bytes).into()).to_string()
}

/// The files that a folder lists; none where it is not one that was made.
fn files_of(out: &Path) -> Result<Vec<FileEntry>, ClerkError> {
    let path = out.join(MANIFEST);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let bytes = std::fs::read(&path).map_err(world(&path))?;
    // a list that is not ours is refused where the folder is written
    let list: Option<Listed> = serde_json::from_slice(&bytes).ok();
    Ok(list.map_or_else(Vec::new, |list| list.files))
}

fn is_paper(entry: &FileEntry) -> bool {
    matches!(entry.form, FileForm::Form(FormKind::Paper(_)))
}

/// Refuses a folder in which a person has edited what was made: words, numbers and dates that were written in would be lost. What a
/// file was when it was made stands in the folder's list.
pub(super) fn unedited(out: &Path) -> Result<(), ClerkError> {
    let mut edited = Vec::new();
    for entry in &files_of(out)? {
        let inside = Path::new(&entry.path);
        let mut parts = inside.components();
        if !parts.all(|part| matches!(part, Component::Normal(_))) {
            continue;
        }
        let path = out.join(inside);
        if std::fs::read(&path).is_ok_and(|bytes| sum(&bytes) != entry.sha256) {
            edited.push(path.display().to_string());
        }
    }
    if edited.is_empty() {
        return Ok(());
    }
    Err(ClerkError::Refused(format!(
        "{} 制作以后改动过，没有覆盖。改动要留的，请移到别的文件夹保存；不要的请删去；也可以用 -o 另指一个输出目录。要印进表里的内容，请改在工作簿里再制作。",
        edited.join("、")
    )))
}

/// Refuses a folder that holds the whole paper: it would be replaced by the papers alone.
fn papers_only(out: &Path) -> Result<(), ClerkError> {
    match files_of(out)?.iter().all(is_paper) {
        true => Ok(()),
        false => Err(ClerkError::Refused(format!(
            "{} 里是全套纸质件，只做公文会把它们换掉，没有改动。请用 -o 为公文另指一个输出目录。",
            out.display()
        ))),
    }
}

/// What the papers of a channel print.
struct Shown<'a> {
    unit: BTreeSet<&'a str>,
    candidate: BTreeSet<&'a str>,
}

impl<'a> Shown<'a> {
    fn of(campaign: &'a Campaign, submission: &Submission) -> Self {
        let mut all = Self {
            unit: BTreeSet::from(["channel"]),
            candidate: BTreeSet::from(["name"]),
        };
        for paper in papers_of(campaign, submission) {
            for (each, key) in paper.template.shown() {
                match each {
                    "candidates" if !key.starts_with("unit.") => all.candidate.insert(key),
                    _ => all.unit.insert(key.strip_prefix("unit.").unwrap_or(key)),
                };
            }
        }
        all
    }

    /// Whether an error makes what is printed wrong. What is missing is left blank on the paper and does not; nor does what only
    /// other forms show.
    fn is_hurt(&self, campaign: &Campaign, submission: &Submission, finding: &Finding) -> bool {
        let place = &finding.place;
        match finding.code {
            "M14" => place.field.as_deref() == Some("name"),
            "D2" => backwards(submission),
            code if code.starts_with('I') => self.may_lose(campaign, finding),
            code if code.starts_with(['F', 'N']) => self.shows(submission, finding),
            // a P3 is about a paper itself
            code => code == "P3" || code.starts_with(['T', 'W']),
        }
    }

    /// Whether a field that is printed has the fault.
    fn shows(&self, submission: &Submission, finding: &Finding) -> bool {
        let place = &finding.place;
        let Some(field) = place.field.as_deref() else {
            return false;
        };
        let of_unit = submission.unit.place_of(field);
        let same = (&of_unit.sheet, &of_unit.cell) == (&place.sheet, &place.cell);
        match place.cell.is_some() {
            true if same => self.unit.contains(field),
            true => self.candidate.contains(field),
            false => self.unit.contains(field) || self.candidate.contains(field),
        }
    }

    /// Whether a fault of reading may have lost a person, or a value that is printed.
    fn may_lose(&self, campaign: &Campaign, finding: &Finding) -> bool {
        let place = &finding.place;
        let name = place.file.as_deref().unwrap_or_default().to_lowercase();
        let is_data = name
            .rsplit_once('.')
            .is_some_and(|(_, end)| DATA.contains(&end));
        let further = |sheet: &&str| {
            let mut lists = campaign.sheets.iter().filter(|s| s.rows);
            lists.any(|s| s.label == *sheet || s.aliases.iter().any(|a| a == *sheet))
        };
        let elsewhere = place.sheet.as_deref().is_some_and(|s| further(&s));
        let other = place
            .field
            .as_deref()
            .is_some_and(|f| !self.unit.contains(f) && !self.candidate.contains(f));
        is_data && !elsewhere && !other
    }
}
