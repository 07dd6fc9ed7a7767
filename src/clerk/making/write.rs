//! A whole making: key, book and ledger in, files out. All files are on the disk beside their place, then the issue is put on
//! record, then they take their place.

use std::path::Path;

use crate::finding::{Finding, Severity, has_errors};
use crate::mark::Algorithm;
use crate::record::Book;
use crate::store::ledger::{IfMissing, Ledger};
use crate::store::{
    BookFile, KeyRing, Vault, has_key, may_replace, open_keys, write_file_after, write_output_after,
};

use crate::clerk::error::ClerkError;
use crate::clerk::making::check::check;
use crate::clerk::making::earlier::{renamed, reprints, taken_over};
use crate::clerk::making::job::Job;
use crate::clerk::making::make::{
    Made, MakeOptions, algorithm_of, make, may_go_on, may_sign, photos,
};
use crate::clerk::making::papers::unedited;
use crate::clerk::making::step::Step;
use crate::clerk::making::{clock, doubles, issue, judge};

/// Makes and writes. Where errors stop it, nothing is written: neither output, nor ledger, nor book. The issue is on record, in
/// ledger and book, before the paper stands: a crash can leave an issue without paper, never paper without an issue.
pub fn make_into(job: &Job<'_>, progress: &mut dyn FnMut(Step<'_>)) -> Result<Made, ClerkError> {
    unedited(job.out)?;
    make_with(job, progress, &mut |_, _| Ok(WriteOrder::default()))
}

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct WriteOrder {
    /// What was found in preparing it; where there are errors, nothing is written.
    pub(super) findings: Vec<Finding>,
    /// What is written where there are none.
    pub(super) output: Output,
}

/// What of a making is written.
#[derive(Debug, Default)]
pub(super) enum Output {
    /// The folder of all files.
    #[default]
    Folder,
    /// These bytes as one file.
    File(Vec<u8>),
    /// Nothing.
    Nothing,
}

/// Prepares what is written of a making.
pub(super) type Prepare<'a> = dyn FnMut(&Made, &KeyRing) -> Result<WriteOrder, ClerkError> + 'a;

/// Makes, lets `prepare` say what is written, and writes it once the issue is on record.
pub(super) fn make_with(
    job: &Job<'_>,
    progress: &mut dyn FnMut(Step<'_>),
    prepare: &mut Prepare<'_>,
) -> Result<Made, ClerkError> {
    let unit = job.reading.submission.unit.text("name");
    let algorithm = algorithm_of(job.campaign);
    if !has_key(job.keys, algorithm)
        && let Some(findings) = stopping(job)
    {
        // what is not made needs no key
        return Ok(Made::stopped(findings));
    }
    let path = job
        .book
        .map_or_else(|| job.reading.dir.join("records.json"), Path::to_path_buf);
    if !has_key(job.keys, algorithm) {
        no_key_yet(job, &path)?;
    }
    let mut ring = open_keys(job.keys, unit, algorithm)?;
    if !job.options.draft {
        may_sign(&ring)?;
    }
    // held until the book is written: two makings of one submission do not interleave
    let open = BookFile::open(&path, Some(job.campaign))?;
    let mut ledger = ledger_of(job)?;
    let book = match open.book() {
        Some(book) => {
            may_go_on(book, job.campaign, &ring.reference, &path)?;
            book.clone()
        }
        None => Book::new(&job.campaign.id, unit, &ring.reference.origin().to_string()),
    };
    if let Some(ledger) = &mut ledger {
        // before anything of it is made
        ledger.takes_in(&book)?;
    }
    let book = taken_over(book, ledger.as_mut())?;
    let renamed = (book.unit() != unit).then(|| renamed(&book, unit));
    let behind = clock::behind(&book, job.options.now);
    let options = MakeOptions {
        reprints: reprints(&book, ledger.as_mut(), job.options.now)?,
        ..job.options.clone()
    };
    let mut made = make(
        job.campaign,
        job.reading,
        book,
        &ring,
        job.fonts,
        &options,
        progress,
    )?;
    made.findings.extend(renamed);
    made.findings.extend(behind);
    made.findings.append(&mut ring.findings);
    made.key_made = ring.made.then(|| job.keys.to_path_buf());
    if let Some(ledger) = &mut ledger {
        made.voids = ledger.voids_of(&made.present)?;
    }
    if made.files.is_some() {
        progress(Step::uncounted("写入文件"));
        let order = prepare(&made, &ring)?;
        write(job, &mut made, order, &ring, (&open, ledger.as_mut()))?;
    }
    judge::once_each(&mut made.findings);
    Ok(made)
}

/// Refuses a key folder without a key where the record book was begun with one: a new key would be made for nothing.
fn no_key_yet(job: &Job<'_>, path: &Path) -> Result<(), ClerkError> {
    // a folder with the key of another algorithm has its secret for references
    let other = [Algorithm::Ed25519, Algorithm::Sm2];
    if other
        .into_iter()
        .any(|algorithm| has_key(job.keys, algorithm))
    {
        return Ok(());
    }
    let open = BookFile::open(path, Some(job.campaign))?;
    let Some(book) = open.book() else {
        return Ok(());
    };
    Err(ClerkError::Refused(format!(
        "{} 由密钥 {} 建立，密钥目录 {} 里还没有密钥，没有另建：新密钥会使全部记录编号改变。请用 --keys 指定原来的密钥目录，或用 --book 另起记录簿。",
        path.display(),
        book.key(),
        job.keys.display()
    )))
}

/// The findings, where they stop the making: looked at before the first key of a folder is made.
fn stopping(job: &Job<'_>) -> Option<Vec<Finding>> {
    let mut findings = check(job.campaign, job.reading, job.fonts, job.options.now).findings;
    findings.extend(photos(job.campaign, job.reading).1);
    let error = |f: &Finding| f.severity == Severity::Error;
    let stops = |f: &Finding| error(f) && (!job.options.draft || f.code == "S1");
    findings.iter().any(stops).then_some(findings)
}

/// The ledger that takes the issue, where the job names one; drafts are no issue.
fn ledger_of(job: &Job<'_>) -> Result<Option<Ledger>, ClerkError> {
    match job.data {
        Some(data) if !job.options.draft => {
            let vault = Vault::open(job.keys, true)?;
            Ok(Some(Ledger::open(data, vault, IfMissing::Make)?))
        }
        _ => Ok(None),
    }
}

/// Writes what was prepared, unless errors stand against it. Book and ledger have the issue when the files take their place.
fn write(
    job: &Job<'_>,
    made: &mut Made,
    order: WriteOrder,
    ring: &KeyRing,
    (open, ledger): (&BookFile, Option<&mut Ledger>),
) -> Result<(), ClerkError> {
    if has_errors(&order.findings) {
        made.files = None;
    }
    made.findings.extend(order.findings);
    let mut doubles = Vec::new();
    let record = || -> Result<(), ClerkError> {
        let Some(book) = &made.book else {
            return Ok(());
        };
        if let Some(ledger) = ledger {
            issue::file_made(ledger, job, made, (book, ring))?;
            let now = job.options.now;
            doubles = doubles::after_filing(ledger, job.campaign, (book, ""), now)?;
        }
        Ok(open.save(book)?)
    };
    match (&made.files, order.output) {
        (Some(_), Output::File(bytes)) => {
            may_replace(job.out, &bytes)?;
            write_file_after(job.out, &bytes, record)?;
        }
        (Some(files), Output::Folder) => write_output_after(job.out, files, record)?,
        (None, _) | (_, Output::Nothing) => {}
    }
    made.findings.extend(doubles);
    Ok(())
}
