//! A whole making: key and book in, files out, the book written only after the output stands.

use std::path::Path;

use crate::campaign::Campaign;
use crate::finding::{Finding, Place};
use crate::font::Book as Fonts;
use crate::record::Book;
use crate::store::{BookFile, open_keys, write_output};

use super::make::may_go_on;
use super::{ClerkError, Made, MakeOptions, Reading, make};

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
    /// How to make.
    pub options: MakeOptions,
}

/// Makes and writes. Where errors stop it, nothing is written, neither output nor book.
pub fn make_into(job: &Job<'_>, progress: &mut dyn FnMut(&str)) -> Result<Made, ClerkError> {
    let unit = job.reading.submission.unit.text("name");
    let ring = open_keys(job.keys, unit)?;
    let key = ring.signing;
    let path = job
        .book
        .map_or_else(|| job.reading.dir.join("records.json"), Path::to_path_buf);
    // held until the book is written: two makings of one submission do not interleave
    let open = BookFile::open(&path)?;
    let book = match open.book() {
        Some(book) => {
            may_go_on(book, job.campaign, &key, &path)?;
            book.clone()
        }
        None => Book::new(&job.campaign.id, unit, &key.id().to_string()),
    };
    let renamed = (book.unit() != unit).then(|| renamed(&book, unit));
    let mut made = make(
        job.campaign,
        job.reading,
        book,
        &key,
        job.fonts,
        &job.options,
        progress,
    )?;
    made.findings.extend(renamed);
    made.findings.extend(ring.findings);
    made.key_made = ring.made.then(|| job.keys.to_path_buf());
    super::judge::once_each(&mut made.findings);
    if let Some(files) = &made.files {
        progress("写入文件");
        write_output(job.out, files)?;
        if let Some(book) = &made.book {
            open.save(book)?;
        }
    }
    Ok(made)
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
