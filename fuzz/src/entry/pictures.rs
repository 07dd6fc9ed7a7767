//! Photos, videos, scanned pages, and marks in small pictures.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use sanlian::finding::Place;
use sanlian::mark::SignatureCheck;
use sanlian::media::{Probe, is_colour, prepare_photo, probe};
use sanlian::pictures::{Container, Fault, ScanFormat, Sight};
use sanlian::scan::{Issued, Picture, read_marks, trace};
use sanlian::units::Length;

use super::{sound, trusted};

/// Pages of a file that are looked at.
const PAGES: usize = 3;

/// Pixels of a picture in which a mark is looked for: a mark of two pixels a module.
const QR_PIXELS: usize = 150 * 150;

/// Pages that would take more memory are planned and not decoded: their size is no fault, and 64 MiB show every path.
const MEMORY: usize = 64 << 20;

/// What breaks in a decoder of another house the program catches (`clerk::scan`), and so does this. Frames of a camera go to
/// the decoders of JPEG and PNG without that (`clerk::digits_in_picture`): those may not break.
fn caught<T>(data: &[u8], act: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    match ScanFormat::of(data) {
        Some(ScanFormat::Jpeg | ScanFormat::Png) => act(),
        _ => catch_unwind(AssertUnwindSafe(act)).unwrap_or(Err(Fault::Decoder)),
    }
}

fn told(fault: &Fault) {
    sound(&[fault.finding(Place::file("扫描件"))]);
}

/// A file of scanned pages of any format. Law: a picture has as many samples as its sides say.
pub fn scan(data: &[u8]) {
    let container = match caught(data, || Container::open(data.to_vec())) {
        Ok(container) => container,
        Err(fault) => return told(&fault),
    };
    container.tail().into_iter().for_each(told);
    for page in 0..container.pages().min(PAGES) {
        let plan = match caught(data, || container.plan(page)) {
            Ok(plan) if plan.bytes() <= MEMORY => plan,
            Ok(_) => continue,
            Err(fault) => {
                told(&fault);
                continue;
            }
        };
        let sights = [Sight::First, Sight::Second];
        for sight in sights.into_iter().take(1 + usize::from(plan.has_second())) {
            match caught(data, || container.look(&plan, sight)) {
                Ok(look) => whole(&look.picture),
                Err(fault) => told(&fault),
            }
        }
    }
}

fn whole(picture: &Picture) {
    let channels = if picture.is_colour() { 3 } else { 1 };
    let samples = picture.width() * picture.height() * channels;
    assert_eq!(picture.samples().len(), samples);
}

/// A small grey picture: two bytes of sides, then its pixels. Law: what is verified bears a signature of ours.
pub fn qr(data: &[u8]) {
    let [across, down, luma @ ..] = data else {
        return;
    };
    let (width, height) = (usize::from(*across), usize::from(*down));
    if width * height > QR_PIXELS {
        return;
    }
    let mut luma = luma.to_vec();
    luma.resize(width * height, 255);
    let Ok(picture) = Picture::grey(width, height, luma) else {
        return;
    };
    let _ = trace(&picture);
    let keys = trusted();
    for seen in read_marks(&picture, &keys, &Issued::default()).marks {
        let judged = sanlian::mark::verify(&seen.digits, &keys);
        assert_eq!(
            seen.verified(),
            matches!(judged, SignatureCheck::Genuine(_))
        );
        assert!(seen.corners.iter().flatten().all(|c| c.is_finite()));
    }
}

/// A photo: probed, and made fit for a box.
pub fn photo(data: &[u8]) {
    let Probe::Jpeg(facts) = probe(&mut Cursor::new(data)) else {
        return;
    };
    assert!((1..=8).contains(&facts.orientation));
    if u64::from(facts.width) * u64::from(facts.height) > 4_000_000 {
        return;
    }
    let _ = is_colour(data);
    let Ok(fit) = prepare_photo(data, Length::mm(25), Length::mm(35), 100) else {
        return;
    };
    let Probe::Jpeg(made) = probe(&mut Cursor::new(&fit.jpeg)) else {
        panic!("what was made fit is a photo");
    };
    assert_eq!((made.width, made.height), (fit.width, fit.height));
}

/// A video's headers.
pub fn video(data: &[u8]) {
    if let Probe::Video(facts) = probe(&mut Cursor::new(data)) {
        assert!(!facts.brand.chars().any(char::is_control), "{facts:?}");
    }
}
