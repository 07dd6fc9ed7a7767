//! The main job, measured on one thread, warm: `cargo bench`. Figures are for comparing two builds on one machine;
//! nothing fails here. Stages: build the form, lay it out, sign and draw the marks, write the PDF (with its own shares).
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and stops where it cannot go on"
)]

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use sanlian::campaign::{Campaign, FormKind, FormTemplate, builtin, load};
use sanlian::check::check;
use sanlian::demo;
use sanlian::export::{Info, PaperSide, Shares, write_pdf_timed};
use sanlian::font::FontSet;
use sanlian::form::{JpegPicture, Photos, build_candidate};
use sanlian::layout::{MarkArt, Pages, layout, mark_overlay};
use sanlian::mark::{Issue, SigningKey, caption, matrix, sign};
use sanlian::media::prepare_photo;
use sanlian::press::{Document, Side, plan};
use sanlian::record::{Entry, Submission};
use sanlian::units::Length;

/// Everything that stands still while a candidate's originals are made.
struct Desk {
    campaign: Campaign,
    book: FontSet,
    key: SigningKey,
    photos: Photos,
    submission: Submission,
    issued: Date,
}

/// Where the time of one file went.
#[derive(Clone, Copy, Default)]
struct Times {
    form: Duration,
    layout: Duration,
    marks: Duration,
    pdf: Duration,
    shares: Shares,
    bytes: usize,
    pages: usize,
}

impl Times {
    fn all(&self) -> Duration {
        self.form + self.layout + self.marks + self.pdf
    }
}

impl Desk {
    fn open() -> Self {
        let source = builtin()
            .into_iter()
            .find(|s| s.id == "hebei-zuimei-2021")
            .unwrap();
        let campaign = load(&source).0.unwrap();
        let demo = demo::submission(&campaign, 1);
        let mut photos = Photos::new();
        let submission = demo.submission;
        for (path, bytes) in &demo.photos {
            let its = |entry: &Entry| *path == format!("photos/{}.jpg", entry.text("name"));
            let Some(index) = submission.candidates.iter().position(its) else {
                continue;
            };
            let photo = prepare_photo(bytes, Length::mm(33), Length::mm(48), 300).unwrap();
            let picture = JpegPicture {
                jpeg: photo.jpeg.into(),
                width: photo.width,
                height: photo.height,
                components: photo.components,
            };
            photos.insert(index, picture);
        }
        Self {
            campaign,
            book: FontSet::bundled().unwrap(),
            key: SigningKey::from_seed(&[7; 32]),
            photos,
            submission,
            issued: date(2021, 5, 28),
        }
    }

    fn template(&self) -> &FormTemplate {
        self.campaign.form(FormKind::Recommendation).unwrap()
    }

    /// Originals of `count` candidates in one file, the submission's candidates over and over.
    fn originals(&self, count: usize) -> Times {
        let mut times = Times::default();
        let clock = Instant::now();
        let people = self.submission.candidates.len();
        let mut docs: Vec<Pages> = Vec::with_capacity(count);
        for n in 0..count {
            let start = clock.elapsed();
            let form = build_candidate(
                &self.campaign,
                self.template(),
                &self.submission,
                n % people,
                &self.photos,
                self.issued,
            );
            let built = clock.elapsed();
            let (pages, findings) = layout(&self.book, &form.unwrap());
            assert!(findings.is_empty());
            docs.push(pages);
            times.form += built - start;
            times.layout += clock.elapsed() - built;
        }
        let start = clock.elapsed();
        let documents: Vec<Document<'_>> = docs
            .iter()
            .map(|pages| Document {
                kind: FormKind::Recommendation,
                pages,
                copies: 3,
            })
            .collect();
        let sheets: Vec<PaperSide> = plan(&documents)
            .into_iter()
            .map(|side| self.sheet(side, &docs))
            .collect();
        times.marks = clock.elapsed() - start;
        let start = clock.elapsed();
        let file = write_pdf_timed(&self.book, &docs, &sheets, &Info::default(), &|| {
            clock.elapsed()
        })
        .unwrap();
        times.pdf = clock.elapsed() - start;
        times.shares = file.shares;
        times.bytes = file.bytes.len();
        times.pages = sheets.len();
        times
    }

    fn sheet(&self, side: Side, docs: &[Pages]) -> PaperSide {
        match side {
            Side::Page {
                document,
                page,
                copy,
            } => {
                let pages = &docs[document].pages;
                let issue = Issue {
                    kind: 1,
                    reference: (document as u64).to_be_bytes(),
                    version: 1,
                    copy: copy.into(),
                    copies: 3,
                    page: page + 1,
                    pages: pages.len(),
                    issued_at: Timestamp::from_second(1_622_163_600).unwrap(),
                    digest: [9; 12],
                };
                let signed = sign(&self.key, &issue).unwrap();
                let matrix = matrix(&signed.digits()).unwrap();
                let art = MarkArt {
                    side: matrix.side,
                    dark: matrix.dark,
                    human: signed.human().to_string(),
                    caption: caption(signed.mark()),
                };
                PaperSide::Printed {
                    doc: document,
                    page,
                    overlay: mark_overlay(&self.book, &pages[page], &art),
                }
            }
            Side::Back { document } => {
                let page = &docs[document].pages[0];
                PaperSide::Blank {
                    width: page.width,
                    height: page.height,
                }
            }
        }
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn show(what: &str, times: &Times) {
    let all = ms(times.all());
    let part = |time: Duration| format!("{:.2} ms ({:.0} %)", ms(time), 100.0 * ms(time) / all);
    println!(
        "{what}: {all:.2} ms, {} sides, {:.0} KiB",
        times.pages,
        times.bytes as f64 / 1024.0
    );
    println!(
        "    form {}, layout {}, marks {}",
        part(times.form),
        part(times.layout),
        part(times.marks)
    );
    let shares = &times.shares;
    println!(
        "    collect {}, subset {}, document {}, content {}, deflate {}, write {}",
        part(shares.collect),
        part(shares.subset),
        part(shares.document),
        part(shares.content),
        part(shares.deflate),
        part(shares.write)
    );
}

fn main() {
    let desk = Desk::open();
    let mut runs: Vec<Times> = (0..30).map(|_| desk.originals(1)).skip(5).collect();
    runs.sort_by_key(Times::all);
    show(
        "three originals of one candidate (median of 25)",
        &runs[runs.len() / 2],
    );
    let photo = desk
        .photos
        .values()
        .map(|p| p.jpeg.len())
        .max()
        .unwrap_or(0);
    println!(
        "    the photo's own bytes: {:.0} KiB",
        photo as f64 / 1024.0
    );
    show("1000 candidates × 3 in one file", &desk.originals(1000));
    let mut many = desk.submission.clone();
    many.files.clear();
    many.candidates = desk
        .submission
        .candidates
        .iter()
        .cycle()
        .take(10_000)
        .cloned()
        .collect();
    let start = Instant::now();
    let findings = check(&desk.campaign, &many, Some(desk.issued));
    println!(
        "check of 10,000 candidates: {:.0} ms, {} findings",
        ms(start.elapsed()),
        findings.len()
    );
}
