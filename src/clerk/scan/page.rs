//! One page: decoded, looked at, judged; with a second look at a PDF page that is a picture with more on it, and a small
//! picture for the person who has to look where the program could not read.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use crate::finding::{Finding, Place};
use crate::pictures::{Fault, Look, Sight};
use crate::scan::{How, PageReading, Picture, Trace, read_marks, trace};

use super::files::Opened;
use super::memory::MemoryBudget;
use super::scanned::{PageState, ScanOptions, ScannedPage, shown};

/// Most pixels of the picture for a person: an A4 page at 200 dpi.
const REVIEW_PIXELS: usize = 4_000_000;

/// How much farther from the paper what is faint is shown to a person.
const RAISED: u8 = 4;

/// Looks at a page of a file, from 0.
pub(super) fn look(
    file: &Opened,
    page: usize,
    options: &ScanOptions<'_>,
    room: &MemoryBudget,
) -> ScannedPage {
    let mut place = Place::file(shown(&file.path));
    if file.container.pages() > 1 {
        place.sheet = Some(format!("第{}页", page + 1));
    }
    let mut scanned = ScannedPage {
        file: file.path.clone(),
        file_sha256: file.sha256,
        page: page + 1,
        pages: file.container.pages(),
        ms: 0,
        marks: Vec::new(),
        foreign: 0,
        state: PageState::Failed,
        picture: None,
        findings: Vec::new(),
    };
    // hostile bytes meet decoders of other houses: a page on which one breaks is a finding, not the end of the batch
    let seen = catch_unwind(AssertUnwindSafe(|| see(file, page, options, room)));
    match seen.unwrap_or(Err(Fault::Decoder)) {
        Ok(seen) => judge(&mut scanned, seen, &place),
        Err(fault) => scanned.findings.push(fault.finding(place)),
    }
    scanned
}

/// What was seen on a page.
struct Seen {
    reading: PageReading,
    ms: u64,
    cut: bool,
    /// What stands on a page on which nothing was read.
    trace: Trace,
    review: Option<Vec<u8>>,
}

fn see(
    file: &Opened,
    page: usize,
    options: &ScanOptions<'_>,
    room: &MemoryBudget,
) -> Result<Seen, Fault> {
    let plan = file.container.plan(page)?;
    let _share = room.take(plan.bytes());
    let began = Instant::now();
    let first = file.container.look(&plan, Sight::First);
    let second = plan.has_second();
    let (look, reading) = match first.map(|look| read(look, options)) {
        Ok(done) if !done.1.marks.is_empty() || !second => done,
        Err(fault) if !second => return Err(fault),
        _ => read(file.container.look(&plan, Sight::Second)?, options),
    };
    let verified = !reading.marks.is_empty() && reading.marks.iter().all(|m| m.verified());
    let trace = if !reading.marks.is_empty() || reading.foreign + reading.unread > 0 {
        Trace::Plain
    } else {
        match trace(&look.picture) {
            // what is lost was not seen
            Trace::Nothing if look.cut => Trace::Doubtful,
            seen => seen,
        }
    };
    let review = (!verified && trace != Trace::Nothing)
        .then(|| png_of(&look.picture, trace))
        .flatten();
    Ok(Seen {
        reading,
        ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        cut: look.cut,
        trace,
        review,
    })
}

pub(in crate::clerk) fn read(look: Look, options: &ScanOptions<'_>) -> (Look, PageReading) {
    let mut reading = read_marks(&look.picture, options.trusted, options.issued);
    let [across, down] = look.to_stored;
    for [x, y] in reading.marks.iter_mut().flat_map(|m| &mut m.corners) {
        *x *= across;
        *y *= down;
    }
    (look, reading)
}

/// Gives a page its state and its findings.
fn judge(page: &mut ScannedPage, seen: Seen, place: &Place) {
    let reading = seen.reading;
    if seen.cut {
        page.findings.push(Finding::warning(
            "I1",
            place.clone(),
            "图像不完整，缺失的部分按空白处理",
            "请重新复制该文件；仍不完整时请重新扫描这一页。",
        ));
    }
    for mark in &reading.marks {
        if mark.how == How::Nearest {
            page.findings.push(Finding::warning(
                "R2",
                place.clone(),
                "识别未验签：二维码破损，只能认出最接近的已签发标记",
                "请对照页上的人工编码核实，或者重新扫描。",
            ));
        } else {
            page.findings.extend(mark.verdict.finding(place.clone()));
        }
    }
    page.state = if seen.trace == Trace::Nothing {
        page.findings
            .push(Finding::info("R3", place.clone(), "空白页", ""));
        PageState::Blank
    } else if seen.trace == Trace::Doubtful {
        page.findings.push(faint(place));
        PageState::Faint
    } else if reading.marks.is_empty() {
        page.findings.push(unread(&reading, place));
        PageState::Unread
    } else if reading.marks.iter().all(|m| m.verified()) {
        PageState::Verified
    } else {
        PageState::Unverified
    };
    page.ms = seen.ms;
    page.marks = reading.marks;
    page.foreign = reading.foreign;
    page.picture = seen.review;
}

fn unread(reading: &PageReading, place: &Place) -> Finding {
    let message = match (reading.unread, reading.foreign) {
        (0, 0) => "没有找到标记".to_owned(),
        (0, n) => format!("没有找到标记，只有 {n} 个其他的二维码"),
        (n, _) => format!("看到 {n} 个二维码，但读不出"),
    };
    Finding::warning(
        "R1",
        place.clone(),
        message,
        "请平整放好，用 200 至 300 dpi 彩色重新扫描；本页本来没有二维码的，请人工归档。",
    )
}

fn faint(place: &Place) -> Finding {
    Finding::warning(
        "R5",
        place.clone(),
        "像空白页，但有淡的痕迹或者看不清",
        "请看图像或纸面：有字迹、印章的，用 200 至 300 dpi 彩色重新扫描；确是空白的，不用管它。",
    )
}

/// The page in grey, made smaller by a whole number where it is large; what is faint is made dark.
fn png_of(picture: &Picture, trace: Trace) -> Option<Vec<u8>> {
    let (width, height) = (picture.width(), picture.height());
    let channels = if picture.is_colour() { 3 } else { 1 };
    let step = (1..).find(|k| (width / k) * (height / k) <= REVIEW_PIXELS)?;
    let (wide, high) = ((width / step).max(1), (height / step).max(1));
    let step = step.min(width).min(height);
    let mut luma = Vec::with_capacity(wide * high);
    let mut sums = vec![0_u32; wide];
    let share = u32::try_from(step * step * channels).unwrap_or(u32::MAX);
    for rows in picture
        .samples()
        .chunks_exact(width * channels * step)
        .take(high)
    {
        sums.fill(0);
        for row in rows.chunks_exact(width * channels) {
            for (sum, block) in sums.iter_mut().zip(row.chunks(step * channels)) {
                *sum += block.iter().map(|v| u32::from(*v)).sum::<u32>();
            }
        }
        luma.extend(sums.iter().map(|s| u8::try_from(s / share).unwrap_or(255)));
    }
    luma.resize(wide * high, 255);
    if trace == Trace::Doubtful {
        raise(&mut luma);
    }
    let mut bytes = Vec::new();
    let (w, h) = (u32::try_from(wide).ok()?, u32::try_from(high).ok()?);
    let mut encoder = png::Encoder::new(&mut bytes, w, h);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&luma).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// Makes what is darker than the paper darker still, and the paper white.
fn raise(luma: &mut [u8]) {
    let mut sample: Vec<u8> = luma.iter().step_by(97).copied().collect();
    let middle = sample.len() / 2;
    let paper = *sample.select_nth_unstable(middle).1;
    for v in luma {
        *v = 255 - paper.saturating_sub(*v).saturating_mul(RAISED);
    }
}
