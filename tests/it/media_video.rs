//! Probes of MP4 and MOV. All samples are built here, box by box.

use std::io::{Read, Seek, SeekFrom};

use sanlian::media::{Probe, Video, probe};

use crate::media::{reason, seen};

fn atom(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(content.len() + 8)
        .unwrap()
        .to_be_bytes()
        .to_vec();
    out.extend(kind);
    out.extend(content);
    out
}

pub(crate) const UPRIGHT: [i32; 4] = [0x1_0000, 0, 0, 0x1_0000];
const QUARTER: [i32; 4] = [0, 0x1_0000, -0x1_0000, 0];

fn mvhd(version: u8, scale: u32, ticks: u64) -> Vec<u8> {
    let mut body = vec![version, 0, 0, 0];
    if version == 1 {
        body.extend([0; 16]);
        body.extend(scale.to_be_bytes());
        body.extend(ticks.to_be_bytes());
    } else {
        body.extend([0; 8]);
        body.extend(scale.to_be_bytes());
        body.extend(u32::try_from(ticks).unwrap().to_be_bytes());
    }
    body.extend([0; 80]);
    atom(b"mvhd", &body)
}

fn track(version: u8, handler: &[u8; 4], width: u32, height: u32, turn: [i32; 4]) -> Vec<u8> {
    let mut body = vec![version, 0, 0, 7];
    body.extend(vec![0; if version == 1 { 48 } else { 36 }]);
    let [a, b, c, d] = turn;
    for entry in [a, b, 0, c, d, 0, 0, 0, 0x4000_0000] {
        body.extend(entry.to_be_bytes());
    }
    body.extend((width << 16).to_be_bytes());
    body.extend((height << 16).to_be_bytes());
    let mut hdlr = vec![0; 8];
    hdlr.extend(handler);
    hdlr.extend([0; 13]);
    let mut content = atom(b"tkhd", &body);
    content.extend(atom(b"mdia", &atom(b"hdlr", &hdlr)));
    atom(b"trak", &content)
}

fn moov(parts: &[Vec<u8>]) -> Vec<u8> {
    atom(b"moov", &parts.concat())
}

fn ftyp(brand: &[u8; 4]) -> Vec<u8> {
    atom(b"ftyp", &[brand.as_slice(), &[0; 4], b"isommp42"].concat())
}

pub(crate) fn film(version: u8, turn: [i32; 4]) -> Vec<u8> {
    [
        ftyp(b"isom"),
        atom(b"free", &[]),
        atom(b"mdat", &[7; 1000]),
        moov(&[
            mvhd(version, 600, 600 * 170 + 300),
            track(version, b"soun", 0, 0, UPRIGHT),
            track(version, b"vide", 1920, 1080, turn),
        ]),
    ]
    .concat()
}

fn video(bytes: &[u8]) -> Video {
    match seen(bytes) {
        Probe::Video(video) => video,
        other => panic!("{other:?}"),
    }
}

#[test]
fn video_duration_and_size_are_read() {
    for version in [0, 1] {
        let wanted = Video {
            brand: "isom".to_owned(),
            duration_ms: 170_500,
            width: 1920,
            height: 1080,
        };
        assert_eq!(video(&film(version, UPRIGHT)), wanted);
    }
}

#[test]
fn video_turned_by_its_matrix_is_upright() {
    for turn in [QUARTER, [0, -0x1_0000, 0x1_0000, 0]] {
        let turned = video(&film(0, turn));
        assert_eq!((turned.width, turned.height), (1080, 1920));
    }
    let half = video(&film(1, [-0x1_0000, 0, 0, -0x1_0000]));
    assert_eq!((half.width, half.height), (1920, 1080));
    let unset = video(&film(0, [0; 4]));
    assert_eq!((unset.width, unset.height), (1920, 1080));
}

#[test]
fn quicktime_without_brand_is_a_mov() {
    let film = film(0, UPRIGHT);
    let headless = &film[ftyp(b"isom").len() + 8..];
    assert_eq!(video(headless).brand, "qt  ");
}

/// A file of many gigabytes of which only some ranges hold bytes; counts how much is read.
struct Sparse {
    len: u64,
    parts: Vec<(u64, Vec<u8>)>,
    at: u64,
    read: usize,
}

impl Read for Sparse {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let many = out
            .len()
            .min(usize::try_from(self.len.saturating_sub(self.at)).unwrap());
        for (index, byte) in out.iter_mut().take(many).enumerate() {
            let here = self.at + index as u64;
            *byte = self
                .parts
                .iter()
                .find_map(|(from, bytes)| {
                    let offset = usize::try_from(here.checked_sub(*from)?).ok()?;
                    bytes.get(offset).copied()
                })
                .unwrap_or(0);
        }
        self.at += many as u64;
        self.read += many;
        Ok(many)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.len.checked_add_signed(by).unwrap(),
            SeekFrom::Current(by) => self.at.checked_add_signed(by).unwrap(),
        };
        Ok(self.at)
    }
}

#[test]
fn moov_behind_eight_gigabytes_is_found_by_headers_alone() {
    let head = ftyp(b"mp42");
    let data = 8_u64 << 30;
    let mut mdat = 1_u32.to_be_bytes().to_vec();
    mdat.extend(b"mdat");
    mdat.extend(data.to_be_bytes());
    let moov = moov(&[
        mvhd(1, 1000, 179_999),
        track(0, b"vide", 1080, 1920, UPRIGHT),
    ]);
    let moov_at = head.len() as u64 + data;
    let mut file = Sparse {
        len: moov_at + moov.len() as u64,
        parts: vec![(0, [head, mdat].concat()), (moov_at, moov)],
        at: 0,
        read: 0,
    };
    match probe(&mut file) {
        Probe::Video(video) => assert_eq!((video.duration_ms, video.height), (179_999, 1920)),
        other => panic!("{other:?}"),
    }
    assert!(file.read < 4096, "{} bytes read", file.read);
}

fn fragments() -> Vec<u8> {
    let mehd = atom(b"mehd", &[0, 0, 0, 0, 0, 0, 0x13, 0x88]);
    let moov = moov(&[
        mvhd(0, 1000, 0),
        track(0, b"vide", 640, 360, UPRIGHT),
        atom(b"mvex", &mehd),
    ]);
    [ftyp(b"iso5"), moov].concat()
}

/// Small films of each kind, by name.
pub(crate) fn films() -> [(&'static str, Vec<u8>); 3] {
    [
        ("upright", film(0, UPRIGHT)),
        ("turned", film(1, QUARTER)),
        ("fragments", fragments()),
    ]
}

#[test]
fn duration_of_fragments_is_read() {
    assert_eq!(video(&fragments()).duration_ms, 5000);
}

/// A track fragment: where it begins, if it says so, and its samples' durations, or their number where they last as usual.
fn traf(track: u32, at: Option<u64>, samples: Result<&[u32], u32>) -> Vec<u8> {
    let mut head = vec![0, 0, 0, 0];
    head.extend(track.to_be_bytes());
    let mut parts = atom(b"tfhd", &head);
    if let Some(at) = at {
        let mut begin = vec![1, 0, 0, 0];
        begin.extend(at.to_be_bytes());
        parts.extend(atom(b"tfdt", &begin));
    }
    let mut run = vec![0, 0, if samples.is_ok() { 3 } else { 2 }, 1];
    let count = samples.map_or_else(|n| n, |s| u32::try_from(s.len()).unwrap());
    run.extend(count.to_be_bytes());
    run.extend([0; 4]);
    for index in 0..usize::try_from(count).unwrap() {
        if let Ok(samples) = samples {
            run.extend(samples[index].to_be_bytes());
        }
        run.extend(1000_u32.to_be_bytes());
    }
    parts.extend(atom(b"trun", &run));
    atom(b"traf", &parts)
}

/// A film in fragments of a track 7 with 600 ticks a second, of which each sample usually lasts 20.
fn in_pieces(moofs: &[Vec<u8>], more: &[Vec<u8>]) -> Vec<u8> {
    let mut tkhd = vec![0, 0, 0, 3];
    tkhd.extend([0; 8]);
    tkhd.extend(7_u32.to_be_bytes());
    tkhd.extend([0; 24]);
    for entry in [
        0x10000_u32,
        0,
        0,
        0,
        0x10000,
        0,
        0,
        0,
        0x4000_0000,
        1920 << 16,
        1080 << 16,
    ] {
        tkhd.extend(entry.to_be_bytes());
    }
    let mut mdhd = vec![0; 12];
    mdhd.extend(600_u32.to_be_bytes());
    mdhd.extend([0; 8]);
    let mut hdlr = vec![0; 8];
    hdlr.extend(b"vide");
    let mdia = atom(
        b"mdia",
        &[atom(b"mdhd", &mdhd), atom(b"hdlr", &hdlr)].concat(),
    );
    let mut trex = vec![0; 4];
    for number in [7_u32, 1, 20, 0, 0] {
        trex.extend(number.to_be_bytes());
    }
    let parts = [
        mvhd(0, 1000, 0),
        atom(b"trak", &[atom(b"tkhd", &tkhd), mdia].concat()),
        atom(b"mvex", &atom(b"trex", &trex)),
    ];
    let mut film = [ftyp(b"iso5"), moov(&parts)].concat();
    film.extend(more.concat());
    for moof in moofs {
        film.extend(atom(b"moof", moof));
        film.extend(atom(b"mdat", &[0; 40]));
    }
    film
}

#[test]
fn a_film_in_fragments_is_as_long_as_its_fragments() {
    let length = |film: &[u8]| video(film).duration_ms;
    let usual = [traf(7, None, Err(30)), traf(7, None, Err(30))];
    assert_eq!(
        length(&in_pieces(&usual, &[])),
        2_000,
        "usual durations, no tfdt"
    );
    let told = [
        traf(7, Some(0), Ok(&[600, 600])),
        traf(7, Some(1200), Ok(&[300])),
    ];
    assert_eq!(length(&in_pieces(&told, &[])), 2_500);
    let live = [
        traf(7, Some(90_000), Err(30)),
        traf(7, Some(90_600), Err(30)),
    ];
    assert_eq!(
        length(&in_pieces(&live, &[])),
        2_000,
        "a stream that began earlier"
    );
    let several = [[traf(7, Some(0), Err(30)), traf(7, Some(600), Err(30))].concat()];
    assert_eq!(
        length(&in_pieces(&several, &[])),
        2_000,
        "several traf in one moof"
    );
    // an index alone: 3 s and 4 s at 90,000 ticks a second
    let mut sidx = vec![0; 8];
    for number in [90_000_u32, 0, 0, 2, 500, 270_000, 0, 500, 360_000, 0] {
        sidx.extend(number.to_be_bytes());
    }
    assert_eq!(length(&in_pieces(&[], &[atom(b"sidx", &sidx)])), 7_000);
    assert_eq!(reason(&in_pieces(&[], &[])), "时长为0或未知");
    let whole = in_pieces(&told, &[]);
    for cut in 0..whole.len() {
        let _ = seen(&whole[..cut]);
    }
}

#[test]
fn hostile_boxes_are_broken() {
    let tail = film(0, UPRIGHT);
    let cases: [(&str, Vec<u8>); 6] = [
        (
            "长度错误",
            [
                ftyp(b"isom"),
                vec![0, 0, 0, 7],
                b"free".to_vec(),
                tail.clone(),
            ]
            .concat(),
        ),
        (
            "长度错误",
            [
                ftyp(b"isom"),
                vec![0, 0, 0, 1],
                b"mdat".to_vec(),
                vec![0, 0, 0, 0, 0, 0, 0, 9],
                tail.clone(),
            ]
            .concat(),
        ),
        (
            "超出文件末尾",
            [
                ftyp(b"isom"),
                vec![0, 0, 0, 1],
                b"mdat".to_vec(),
                vec![255; 8],
                tail,
            ]
            .concat(),
        ),
        (
            "没有影片信息",
            [ftyp(b"isom"), atom(b"mdat", &[1; 64])].concat(),
        ),
        (
            "时长为0或未知",
            [
                ftyp(b"isom"),
                moov(&[mvhd(0, 0, 5), track(0, b"vide", 8, 8, UPRIGHT)]),
            ]
            .concat(),
        ),
        (
            "没有视频画面",
            [
                ftyp(b"isom"),
                moov(&[mvhd(0, 10, 5), track(0, b"soun", 0, 0, UPRIGHT)]),
            ]
            .concat(),
        ),
    ];
    for (words, bytes) in cases {
        assert!(
            reason(&bytes).contains(words),
            "{words}: {}",
            reason(&bytes)
        );
    }
    let many = [ftyp(b"isom"), atom(b"free", &[]).repeat(30_000)].concat();
    assert_eq!(reason(&many), "数据块过多");
    let to_the_end = [
        ftyp(b"isom"),
        moov(&[]),
        vec![0, 0, 0, 0],
        b"mdat".to_vec(),
        vec![3; 99],
    ]
    .concat();
    assert!(reason(&to_the_end).contains("mvhd"));
}

#[test]
fn video_cut_anywhere_never_panics() {
    let whole = film(1, QUARTER);
    for length in 8..whole.len() {
        assert!(
            matches!(seen(&whole[..length]), Probe::Broken { .. }),
            "{length}"
        );
    }
}
