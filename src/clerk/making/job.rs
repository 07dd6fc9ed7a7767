//! A whole making: key, book and ledger in, files out. All files are on the disk beside their place, then the issue is put on
//! record, then they take their place.

pub(in crate::clerk) use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use crate::campaign::Campaign;
use crate::finding::{Finding, Place, has_errors};
use crate::font::FontSet as Fonts;
use crate::mark::{minutes_of, time_of};
use crate::record::Book;
use crate::store::ledger::{IfMissing, Ledger};
use crate::store::{BookFile, KeyRing, Vault, open_keys, write_file_after, write_output_after};

use crate::clerk::error::ClerkError;
use crate::clerk::making::make::{Made, MakeOptions, algorithm_of, make, may_go_on, may_sign};
use crate::clerk::making::read::Reading;
use crate::clerk::making::step::Step;
use crate::clerk::making::{clock, issue};

/// Everything that a making needs.
pub struct Job<'a> {
    /// The campaign that the submission answers.
    pub campaign: &'a Campaign,
    /// The submission as read.
    pub reading: &'a Reading,
    /// The book of fonts.
    pub fonts: &'a Fonts,
    /// Output folder; one that exists is replaced only by a complete one.
    pub out: &'a Path,
    /// Key folder; the key is made on first use.
    pub keys: &'a Path,
    /// The record book; none for `records.json` in the submission folder.
    pub book: Option<&'a Path>,
    /// Data folder of the ledger, which then takes the book over; none to work without.
    pub data: Option<&'a Path>,
    /// How to make.
    pub options: MakeOptions,
}

/// Makes and writes. Where errors stop it, nothing is written: neither output, nor ledger, nor book. The issue is on record, in
/// ledger and book, before the paper stands: a crash can leave an issue without paper, never paper without an issue.
pub fn make_into(job: &Job<'_>, progress: &mut dyn FnMut(Step<'_>)) -> Result<Made, ClerkError> {
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
    let mut ring = open_keys(job.keys, unit, algorithm_of(job.campaign))?;
    if !job.options.draft {
        may_sign(&ring)?;
    }
    let path = job
        .book
        .map_or_else(|| job.reading.dir.join("records.json"), Path::to_path_buf);
    // held until the book is written: two makings of one submission do not interleave
    let open = BookFile::open(&path, Some(job.campaign))?;
    let mut ledger = match job.data {
        Some(data) if !job.options.draft => {
            let vault = Vault::open(job.keys, true)?;
            Some(Ledger::open(data, vault, IfMissing::Make)?)
        }
        _ => None,
    };
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
        let prepared = prepare(&made, &ring)?;
        if has_errors(&prepared.findings) {
            made.files = None;
        }
        made.findings.extend(prepared.findings);
        let mut doubles = Vec::new();
        let record = || -> Result<(), ClerkError> {
            let Some(book) = &made.book else {
                return Ok(());
            };
            if let Some(ledger) = &mut ledger {
                issue::file_made(ledger, job, &made, (book, &ring))?;
                let now = job.options.now;
                doubles = crate::clerk::making::doubles::after_filing(
                    ledger,
                    job.campaign,
                    (book, ""),
                    now,
                )?;
            }
            Ok(open.save(book)?)
        };
        match (&made.files, prepared.output) {
            (Some(_), Output::File(bytes)) => write_file_after(job.out, &bytes, record)?,
            (Some(files), Output::Folder) => write_output_after(job.out, files, record)?,
            (None, _) | (_, Output::Nothing) => {}
        }
        made.findings.extend(doubles);
    }
    crate::clerk::making::judge::once_each(&mut made.findings);
    Ok(made)
}

/// The book with the versions that the ledger has of it.
pub(in crate::clerk) fn taken_over(
    book: Book,
    ledger: Option<&mut Ledger>,
) -> Result<Book, ClerkError> {
    let Some(ledger) = ledger else {
        return Ok(book);
    };
    match ledger.book(book.campaign(), book.unit(), book.key())? {
        Some(kept) => kept
            .merged(&book)
            .map_err(|e| ClerkError::Refused(e.to_string())),
        None => Ok(book),
    }
}

/// New times of issue for versions whose newest print was voided, whole or in part: the marks of the next print must differ.
pub(in crate::clerk) fn reprints(
    book: &Book,
    ledger: Option<&mut Ledger>,
    now: Timestamp,
) -> Result<BTreeMap<([u8; 8], u16), Timestamp>, ClerkError> {
    let mut times = BTreeMap::new();
    let Some(ledger) = ledger else {
        return Ok(times);
    };
    for record in book.records() {
        let (Some(reference), Some(latest)) = (record.reference_bytes(), record.latest()) else {
            continue;
        };
        let first = minutes_of(latest.issued_at).unwrap_or(0);
        let (newest, voided) = ledger.newest_print(reference, latest.version, first)?;
        let at = if voided {
            // a minute later at least, or the voided marks would come again
            now.max(time_of(newest.saturating_add(1)))
        } else if newest > first {
            time_of(newest)
        } else {
            continue;
        };
        times.insert((reference, latest.version), at);
    }
    Ok(times)
}

fn renamed(book: &Book, unit: &str) -> Finding {
    Finding::info(
        "W2",
        Place::file("records.json"),
        format!(
            "记录簿建立时的单位名称是“{}”，现在是“{unit}”。",
            book.unit()
        ),
        "记录编号沿用原名称，不必处理；如果这是另一个单位的材料，请换一个报送文件夹。",
    )
}
