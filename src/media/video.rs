//! The header of an MP4 or MOV video (ISO/IEC 14496-12; QuickTime File Format): brand, duration, size as shown.

use std::io::{self, Read, Seek};

use super::fragments::{Fragments, u32_at, u64_at};
use super::random_access::RandomAccess;
use super::{Probe, Video};

/// Most boxes looked at in one file. A fragmented film of an hour has some thousands; a hostile one may have millions.
const MOST_BOXES: usize = 20_000;
/// Most bytes of one header box that are read; the largest we read, `tkhd`, has 104.
const MOST_BODY: u64 = 256;

/// Most bytes of a box that lists samples: 65,536 samples of a fragment with all that may be said of each.
const MOST_LIST: u64 = 1 << 20;

/// Whether the first bytes begin a video: `ftyp`, or a box that old QuickTime files begin with.
pub(super) fn is_video(head: &[u8]) -> bool {
    matches!(
        head.get(4..8),
        Some(b"ftyp" | b"moov" | b"mdat" | b"wide" | b"pnot")
    ) || matches!(head.get(4..8), Some(b"free" | b"skip")) && head.starts_with(&[0, 0])
}

/// A box: its type and where its content lies.
struct Atom {
    kind: [u8; 4],
    from: u64,
    to: u64,
}

/// What the boxes say.
#[derive(Default)]
struct BoxFacts {
    brand: Option<String>,
    movie: bool,
    /// Ticks a second and ticks, of `mvhd`.
    clock: Option<(u32, u64)>,
    /// Ticks of `mehd`, in files of fragments.
    fragments: Option<u64>,
    /// What the fragments themselves say.
    pieces: Fragments,
    tracks: Vec<Track>,
}

/// A track: its size as shown in whole pixels, and whether its handler says video.
#[derive(Default)]
struct Track {
    id: u32,
    /// Ticks a second, of `mdhd`.
    scale: u32,
    size: Option<(u32, u32)>,
    video: bool,
}

/// Why reading stopped.
enum Stop {
    World(io::Error),
    Broken(&'static str),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::World(error)
    }
}

/// Reads a file that begins as a video does.
pub(super) fn read<R: Read + Seek>(source: &mut RandomAccess<'_, R>) -> io::Result<Probe> {
    let len = source.len()?;
    let mut facts = BoxFacts::default();
    let mut budget = MOST_BOXES;
    let outcome = walk(source, 0, len, &mut budget, &mut |source, atom, budget| {
        match &atom.kind {
            b"ftyp" => facts.brand = Some(brand(&source.at(atom.from, 4)?)),
            b"moov" => {
                facts.movie = true;
                movie(source, atom, budget, &mut facts)?;
            }
            b"moof" => fragment(source, atom, budget, &mut facts)?,
            b"sidx" => facts.pieces.take(b"sidx", &whole(source, atom)?),
            _ => {}
        }
        Ok(())
    });
    let claims = match facts.brand.as_deref() {
        None | Some("qt  ") => "MOV",
        Some(_) => "MP4",
    };
    let broken = |reason: &str| {
        Ok(Probe::Broken {
            claims,
            reason: reason.to_owned(),
        })
    };
    match outcome {
        Ok(()) => {}
        Err(Stop::World(error)) => return Err(error),
        Err(Stop::Broken(reason)) => return broken(reason),
    }
    if !facts.movie {
        return broken("没有影片信息（moov），可能录制或传输未完成");
    }
    let Some((scale, mut ticks)) = facts.clock else {
        return broken("没有时长信息（mvhd）");
    };
    let scales = facts.tracks.iter().map(|t| (t.id, t.scale)).collect();
    let in_pieces = facts.pieces.milliseconds(&scales, ticks > 0);
    if ticks == 0 && in_pieces.is_none() {
        ticks = facts.fragments.unwrap_or(0);
    }
    if scale == 0 || ticks == 0 && in_pieces.is_none() {
        return broken("时长为0或未知");
    }
    let Some((width, height)) = picture_size(&facts.tracks) else {
        return broken("没有视频画面");
    };
    let milliseconds = u128::from(ticks) * 1000 / u128::from(scale);
    Ok(Probe::Video(Video {
        brand: facts.brand.unwrap_or_else(|| "qt  ".to_owned()),
        duration_ms: u64::try_from(milliseconds)
            .unwrap_or(u64::MAX)
            .max(in_pieces.unwrap_or(0)),
        width,
        height,
    }))
}

/// The size of the first video track; of the first track with a size where no handler says video.
fn picture_size(tracks: &[Track]) -> Option<(u32, u32)> {
    tracks
        .iter()
        .find(|t| t.video && t.size.is_some())
        .or_else(|| tracks.iter().find(|t| t.size.is_some()))
        .and_then(|t| t.size)
}

/// What is done with a box; the last argument is the number of boxes that may still be looked at.
type Visit<'v, R> = dyn FnMut(&mut RandomAccess<'_, R>, &Atom, &mut usize) -> Result<(), Stop> + 'v;

/// Calls `visit` for every box between two positions.
fn walk<R: Read + Seek>(
    source: &mut RandomAccess<'_, R>,
    from: u64,
    to: u64,
    budget: &mut usize,
    visit: &mut Visit<'_, R>,
) -> Result<(), Stop> {
    let mut at = from;
    while at < to {
        *budget = budget.checked_sub(1).ok_or(Stop::Broken("数据块过多"))?;
        let head = source.at(at, 16.min(to - at))?;
        // QuickTime ends some containers with a zero word; other short tails are padding.
        let (Some(&[s3, s2, s1, s0]), Some(&[k0, k1, k2, k3])) = (head.get(0..4), head.get(4..8))
        else {
            return Ok(());
        };
        let left = to - at;
        let (header, size) = match u32::from_be_bytes([s3, s2, s1, s0]) {
            0 => (8, left),
            1 => match head.get(8..16) {
                Some(&[a, b, c, d, e, f, g, h]) => {
                    (16, u64::from_be_bytes([a, b, c, d, e, f, g, h]))
                }
                _ => return Err(Stop::Broken("文件不完整，数据块缺少长度")),
            },
            size => (8, u64::from(size)),
        };
        if size < header {
            return Err(Stop::Broken("数据块长度错误"));
        }
        if size > left {
            return Err(Stop::Broken("文件不完整，数据块超出文件末尾"));
        }
        let atom = Atom {
            kind: [k0, k1, k2, k3],
            from: at + header,
            to: at + size,
        };
        visit(source, &atom, budget)?;
        at += size;
    }
    Ok(())
}

/// Calls `visit` for every box inside a box.
fn inside<R: Read + Seek>(
    source: &mut RandomAccess<'_, R>,
    atom: &Atom,
    budget: &mut usize,
    visit: &mut Visit<'_, R>,
) -> Result<(), Stop> {
    walk(source, atom.from, atom.to, budget, visit)
}

/// Reads `moov`: clock, fragments, tracks.
fn movie<R: Read + Seek>(
    source: &mut RandomAccess<'_, R>,
    moov: &Atom,
    budget: &mut usize,
    facts: &mut BoxFacts,
) -> Result<(), Stop> {
    inside(source, moov, budget, &mut |source, atom, budget| {
        match &atom.kind {
            b"mvhd" => facts.clock = clock(&body(source, atom)?),
            b"mvex" => inside(source, atom, budget, &mut |source, atom, _| {
                match &atom.kind {
                    b"mehd" => facts.fragments = fragment_ticks(&body(source, atom)?),
                    b"trex" => facts.pieces.usual(&body(source, atom)?),
                    _ => {}
                }
                Ok(())
            })?,
            b"trak" => {
                let mut track = Track::default();
                read_track(source, atom, budget, &mut track)?;
                facts.tracks.push(track);
            }
            b"cmov" => return Err(Stop::Broken("影片信息经过压缩（cmov），无法核对")),
            _ => {}
        }
        Ok(())
    })
}

/// Reads `trak`: its header, and its handler within `mdia`.
fn read_track<R: Read + Seek>(
    source: &mut RandomAccess<'_, R>,
    trak: &Atom,
    budget: &mut usize,
    track: &mut Track,
) -> Result<(), Stop> {
    inside(source, trak, budget, &mut |source, atom, budget| {
        match &atom.kind {
            b"tkhd" => {
                let header = body(source, atom)?;
                let long = header.first() == Some(&1);
                track.id = u32_at(&header, if long { 20 } else { 12 }).unwrap_or(0);
                track.size = shown_size(&header);
            }
            b"mdia" => inside(source, atom, budget, &mut |source, atom, _| {
                match &atom.kind {
                    b"hdlr" => {
                        track.video = body(source, atom)?.get(8..12) == Some(b"vide");
                    }
                    b"mdhd" => {
                        let header = body(source, atom)?;
                        let at = if header.first() == Some(&1) { 20 } else { 12 };
                        track.scale = u32_at(&header, at).unwrap_or(0);
                    }
                    _ => {}
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })
}

/// Reads `moof`: the headers and samples of its track fragments.
fn fragment<R: Read + Seek>(
    source: &mut RandomAccess<'_, R>,
    moof: &Atom,
    budget: &mut usize,
    facts: &mut BoxFacts,
) -> Result<(), Stop> {
    inside(source, moof, budget, &mut |source, atom, budget| {
        if &atom.kind != b"traf" {
            return Ok(());
        }
        inside(source, atom, budget, &mut |source, atom, _| {
            if matches!(&atom.kind, b"tfhd" | b"tfdt" | b"trun") {
                let bytes = whole(source, atom)?;
                facts.pieces.take(&atom.kind, &bytes);
            }
            Ok(())
        })
    })
}

/// The content of a box that lists samples or segments.
fn whole<R: Read + Seek>(source: &mut RandomAccess<'_, R>, atom: &Atom) -> io::Result<Vec<u8>> {
    source.at(atom.from, (atom.to - atom.from).min(MOST_LIST))
}

/// The first bytes of a box's content.
fn body<R: Read + Seek>(source: &mut RandomAccess<'_, R>, atom: &Atom) -> io::Result<Vec<u8>> {
    source.at(atom.from, (atom.to - atom.from).min(MOST_BODY))
}

/// The brand, with characters that are not printable ASCII as `?`.
fn brand(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&b| {
            if (0x20..0x7F).contains(&b) {
                char::from(b)
            } else {
                '?'
            }
        })
        .collect()
}

/// Ticks a second and ticks out of `mvhd` (14496-12, 8.2.2); all ones mean unknown, given as 0.
fn clock(mvhd: &[u8]) -> Option<(u32, u64)> {
    if mvhd.first() == Some(&1) {
        let ticks = u64_at(mvhd, 24)?;
        return Some((u32_at(mvhd, 20)?, if ticks == u64::MAX { 0 } else { ticks }));
    }
    let ticks = u32_at(mvhd, 16)?;
    let ticks = if ticks == u32::MAX { 0 } else { ticks };
    Some((u32_at(mvhd, 12)?, u64::from(ticks)))
}

/// Ticks out of `mehd` (8.8.2).
fn fragment_ticks(mehd: &[u8]) -> Option<u64> {
    if mehd.first() == Some(&1) {
        u64_at(mehd, 4)
    } else {
        u32_at(mehd, 4).map(u64::from)
    }
}

/// Size as shown out of `tkhd` (8.3.2): width and height, 16.16, turned by the matrix; none where it is empty.
fn shown_size(tkhd: &[u8]) -> Option<(u32, u32)> {
    let matrix = if tkhd.first() == Some(&1) { 52 } else { 40 };
    // Each entry of the matrix's first two rows, and its size, as a share of 65,536.
    let entry = |index: usize| -> Option<u64> {
        let value = u32_at(tkhd, matrix + 4 * index)? as i32;
        Some(u64::from(value.unsigned_abs()))
    };
    let (a, b, c, d) = (entry(0)?, entry(1)?, entry(3)?, entry(4)?);
    let width = u64::from(u32_at(tkhd, matrix + 36)?);
    let height = u64::from(u32_at(tkhd, matrix + 40)?);
    let unset = a == 0 && b == 0 && c == 0 && d == 0;
    let (wide, high) = if unset {
        (u128::from(width) << 16, u128::from(height) << 16)
    } else {
        let sum =
            |p: u64, q: u64| u128::from(p) * u128::from(width) + u128::from(q) * u128::from(height);
        (sum(a, c), sum(b, d))
    };
    let whole = |value: u128| u32::try_from((value + (1 << 31)) >> 32).unwrap_or(u32::MAX);
    let (wide, high) = (whole(wide), whole(high));
    (wide > 0 && high > 0).then_some((wide, high))
}
