//! Marks read from spoilt pages: a small sample of the corpus that `benches/decode.rs` goes through in full, of the parts about the
//! marks, since this build is not optimised.

use std::sync::OnceLock;

use sanlian::mark::TrustedKeys;
use sanlian::scan::{How, Issued, Picture, read_marks};

use crate::chance::Chance;
use crate::corpus::Desk;
use crate::corpus::class::{CLASSES, Class, Extent};
use crate::corpus::wear::Wear;

fn desk() -> &'static (Desk, TrustedKeys) {
    static DESK: OnceLock<(Desk, TrustedKeys)> = OnceLock::new();
    DESK.get_or_init(|| {
        let desk = Desk::open();
        let trusted = desk.trusted();
        (desk, trusted)
    })
}

/// Reads `count` pictures of a class; gives how many were verified, and how many recognised at least. Nothing wrong is ever read.
fn read(class: Class, count: u64) -> (u64, u64) {
    let (desk, trusted) = desk();
    let (mut verified, mut known) = (0, 0);
    for n in 0..count {
        let mut chance = Chance::new(n << 8 ^ class.number());
        let (picture, printed) = class.picture(desk, Extent::About(45.0), &mut chance);
        let others = (0..40).map(|_| desk.mark(&Desk::issue(&mut chance)));
        let all = others.chain([(printed.digits.clone(), printed.matrix.clone())]);
        let issued = Issued::new(all);
        let marks = read_marks(&picture, trusted, &issued).marks;
        assert!(marks.len() <= 1, "{class:?} {n}: {marks:?}");
        for mark in marks {
            assert_eq!(mark.digits, printed.digits, "{class:?} {n}");
            assert_eq!(mark.verified(), mark.how != How::Nearest);
            verified += u64::from(mark.verified());
            known += 1;
        }
    }
    (verified, known)
}

#[test]
fn ordinary_scans_are_all_read() {
    for class in [
        Class::Clean,
        Class::Rotation,
        Class::Shear,
        Class::Jpeg,
        Class::Dpi150,
        Class::OneBit,
        Class::RedSeal,
    ] {
        assert_eq!(read(class, 4), (4, 4), "{class:?}");
    }
}

#[test]
fn spoilt_scans_are_read_nearly_always() {
    for (class, least) in [
        (Class::Dpi100, 4),
        (Class::Noise, 3),
        (Class::GreySeal, 4),
        // of a part of a page the scale is not known beforehand
        (Class::Folds, 2),
    ] {
        let (verified, known) = read(class, 4);
        assert!(
            verified >= least,
            "{class:?}: {verified} of 4, {known} known"
        );
    }
}

#[test]
fn a_fax_is_read_whether_its_sheet_stands_or_lies() {
    let (desk, trusted) = desk();
    for stands in [true, false] {
        // which page a seed gives is known before the page is drawn
        let fits = |n: &u64| {
            let size = desk.print(&mut Chance::new(*n)).size;
            (size.0 < size.1) == stands
        };
        let n = (0..100).find(fits).unwrap();
        let (picture, printed) = Class::Fax.picture(desk, Extent::Page, &mut Chance::new(n));
        let marks = read_marks(&picture, trusted, &Issued::default()).marks;
        assert_eq!(marks.len(), 1, "{n}: {:?}", printed.size);
        assert!(marks[0].verified() && marks[0].digits == printed.digits);
    }
}

#[test]
fn photos_are_read_nearly_always() {
    let (verified, known) = read(Class::Phone, 4);
    assert!(verified >= 3, "{verified} of 4, {known} known");
}

/// Whole pages of the bench in which no three finder patterns are found: a fold runs through each, or paper curls and text runs into
/// the mark. Their texture says where the mark is, and their other patterns how it lies.
#[test]
fn marks_without_whole_finder_patterns_are_found_by_their_texture() {
    let (desk, trusted) = desk();
    for (class, seed, page) in [
        (Class::Folds, 77_u64, 89_u64),
        (Class::Folds, 1001, 25),
        (Class::Phone, 1001, 11),
    ] {
        let chance = seed.wrapping_mul(1_000_003) ^ page << 8 ^ class.number();
        let mut chance = Chance::new(chance);
        let (picture, printed) = class.picture(desk, Extent::Page, &mut chance);
        let marks = read_marks(&picture, trusted, &Issued::default()).marks;
        assert_eq!(marks.len(), 1, "{class:?} {seed}/{page}");
        assert!(marks[0].verified() && marks[0].digits == printed.digits);
    }
}

/// A sheet that was torn through its mark and taped a little off, and whose foot is lost: too much is missing to be read, and as
/// one square it is too far from every mark.
#[test]
fn a_torn_mark_is_known_by_its_parts() {
    const PITCH: usize = 4;
    const QUIET: usize = 40;
    let (desk, trusted) = desk();
    let mut chance = Chance::new(5);
    let (digits, matrix) = desk.mark(&Desk::issue(&mut chance));
    let side = matrix.side * PITCH;
    let width = side + 2 * QUIET;
    let mut grey = vec![240; width * width];
    let torn = side * 2 / 5;
    for y in 0..side * 7 / 10 {
        for x in 0..side {
            // the right part stands lower, by more than a module
            let off = match x < torn {
                true => 0,
                false => 2 * PITCH,
            };
            if matrix.dark[y / PITCH * matrix.side + x / PITCH] {
                grey[(QUIET + y + off) * width + QUIET + x] = 30;
            }
        }
    }
    let picture = Picture::grey(width, width, grey).unwrap();
    let strange: Vec<_> = (0..40)
        .map(|_| desk.mark(&Desk::issue(&mut chance)))
        .collect();
    let among = strange.iter().cloned().chain([(digits.clone(), matrix)]);
    let marks = read_marks(&picture, trusted, &Issued::new(among)).marks;
    assert_eq!(marks.len(), 1);
    assert_eq!((marks[0].how, &marks[0].digits), (How::Nearest, &digits));
    assert!(!marks[0].verified());
    let reading = read_marks(&picture, trusted, &Issued::new(strange));
    assert!(reading.marks.is_empty());
}

#[test]
fn other_wear_spoils_little() {
    // rasters are read in whole pages, whose scale is known: in the bench alone
    let mut all = Vec::new();
    let rasters = [Wear::Dithered, Wear::Screened];
    for class in CLASSES {
        if let Class::Worn(wear) = class
            && !rasters.contains(&wear)
        {
            let (verified, known) = read(class, 3);
            all.push((class, verified, known));
        }
    }
    // each kind mostly, all kinds nearly always
    let verified: u64 = all.iter().map(|(_, verified, _)| verified).sum();
    let mostly = all
        .iter()
        .all(|(_, verified, known)| *verified >= 1 && *known >= 2);
    assert!(mostly && verified >= 20, "{verified} of 24: {all:?}");
}

#[test]
fn what_is_no_page_gives_nothing_and_ends() {
    let (_, trusted) = desk();
    let mut chance = Chance::new(9);
    let noise: Vec<u8> = (0..300 * 200).map(|_| chance.next() as u8).collect();
    let soft: Vec<u8> = (0..300 * 200)
        .map(|i| (128.0 + 90.0 * (f64::from(i % 300) / 31.0).sin()) as u8)
        .collect();
    for picture in [
        Picture::grey(1, 1, vec![0]),
        Picture::grey(6000, 1, vec![255; 6000]),
        Picture::grey(300, 200, vec![0; 300 * 200]),
        Picture::grey(300, 200, noise),
        Picture::grey(300, 200, soft),
    ] {
        let reading = read_marks(&picture.unwrap(), trusted, &Issued::default());
        assert!(reading.marks.is_empty());
    }
}
