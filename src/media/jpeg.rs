//! The header of a JPEG (ITU-T T.81): size, components, orientation, and whether the file has its end.

use std::io::{self, Read, Seek};

use super::random_access::RandomAccess;
use super::{Jpeg, Probe};

/// Most segments before the first scan; real files have below a hundred (a large ICC profile takes some twenty).
const MOST_SEGMENTS: usize = 2000;
/// How much of the file's end is searched for the end marker first; most files end with it.
const TAIL: u64 = 64 * 1024;
/// How far the scan is searched where the tail has none: a phone's “motion photo” carries a video behind it.
const MOST_SCAN: u64 = 64 * 1024 * 1024;

/// What the segments before the first scan say.
#[derive(Default)]
struct Segments {
    frame: Option<FrameHeader>,
    orientation: Option<u8>,
}

/// The frame header (SOF).
struct FrameHeader {
    kind: u8,
    precision: u8,
    width: u32,
    height: u32,
    components: u8,
}

/// Reads a file that begins as a JPEG does.
pub(super) fn read<R: Read + Seek>(source: &mut RandomAccess<'_, R>) -> io::Result<Probe> {
    let len = source.len()?;
    let mut segments = Segments::default();
    let mut at = 2;
    for _ in 0..MOST_SEGMENTS {
        let Some((marker, body)) = next_marker(source, at)? else {
            return Ok(broken("文件不完整，缺少图像数据"));
        };
        match marker {
            // Markers without a length: TEM, RSTn, a second SOI.
            0x01 | 0xD0..=0xD8 => {
                at = body;
                continue;
            }
            0xD9 => return Ok(broken("没有图像数据")),
            _ => {}
        }
        let length = match source.at(body, 2)?.as_slice() {
            &[high, low] => u64::from(u16::from_be_bytes([high, low])),
            _ => return Ok(broken("文件不完整，缺少图像数据")),
        };
        let end = body + length;
        if length < 2 {
            return Ok(broken("标记段长度错误"));
        }
        if end > len {
            return Ok(broken("文件不完整，缺少图像数据"));
        }
        match marker {
            0xDA => return finish(source, &segments, end, len),
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                match frame(marker, &source.at(body + 2, length - 2)?) {
                    Some(frame) => segments.frame = Some(frame),
                    None => return Ok(broken("帧头不完整")),
                }
            }
            0xE1 if segments.orientation.is_none() => {
                segments.orientation = exif_orientation(&source.at(body + 2, length - 2)?);
            }
            _ => {}
        }
        at = end;
    }
    Ok(broken("标记段过多"))
}

/// The next marker at or behind a position, past fill bytes, and the position behind it.
fn next_marker<R: Read + Seek>(
    source: &mut RandomAccess<'_, R>,
    from: u64,
) -> io::Result<Option<(u8, u64)>> {
    let mut at = from;
    // Some writers leave padding between segments; decoders skip it, within reason.
    for _ in 0..64 {
        let window = source.at(at, 256)?;
        let found = window
            .windows(2)
            .position(|pair| matches!(pair, [0xFF, second] if !matches!(second, 0x00 | 0xFF)));
        if let Some(index) = found {
            let marker = window.get(index + 1).copied().unwrap_or(0);
            return Ok(Some((marker, at + index as u64 + 2)));
        }
        if window.len() < 256 {
            return Ok(None);
        }
        at += 255;
    }
    Ok(None)
}

/// A frame header's facts; none where it is cut short.
fn frame(kind: u8, body: &[u8]) -> Option<FrameHeader> {
    let &[precision, h1, h0, w1, w0, components, ..] = body else {
        return None;
    };
    (body.len() >= 6 + 3 * usize::from(components)).then_some(FrameHeader {
        kind,
        precision,
        width: u32::from(u16::from_be_bytes([w1, w0])),
        height: u32::from(u16::from_be_bytes([h1, h0])),
        components,
    })
}

/// What all segments together say, once the first scan is reached.
fn finish<R: Read + Seek>(
    source: &mut RandomAccess<'_, R>,
    segments: &Segments,
    scan: u64,
    len: u64,
) -> io::Result<Probe> {
    let Some(frame) = &segments.frame else {
        return Ok(broken("没有帧头"));
    };
    if frame.width == 0 || frame.height == 0 {
        return Ok(broken("宽或高为0"));
    }
    if !matches!(frame.components, 1 | 3 | 4) {
        return Ok(broken("颜色分量数不是1、3或4"));
    }
    if !matches!(frame.kind, 0xC0..=0xC2) || frame.precision != 8 {
        return Ok(broken(
            "编码方式少见（无损、算术编码或12位），一般软件打不开",
        ));
    }
    if !has_end(source, scan, len)? {
        return Ok(broken("文件不完整，没有结束标记"));
    }
    Ok(Probe::Jpeg(Jpeg {
        width: frame.width,
        height: frame.height,
        components: frame.components,
        progressive: frame.kind == 0xC2,
        orientation: segments.orientation.unwrap_or(1),
        colour: None,
    }))
}

/// Whether an end marker (EOI) stands behind the beginning of the scan. Within a scan 0xFF is always followed by
/// 0x00 or a restart marker (T.81, B.1.1.5), so that FF D9 can only be the end.
fn has_end<R: Read + Seek>(
    source: &mut RandomAccess<'_, R>,
    scan: u64,
    len: u64,
) -> io::Result<bool> {
    let contains = |bytes: &[u8]| bytes.windows(2).any(|pair| pair == [0xFF, 0xD9]);
    let tail = len.saturating_sub(TAIL).max(scan);
    if contains(&source.at(tail, TAIL)?) {
        return Ok(true);
    }
    let mut at = scan;
    while at < tail && at - scan < MOST_SCAN {
        if contains(&source.at(at, TAIL + 1)?) {
            return Ok(true);
        }
        at += TAIL;
    }
    Ok(false)
}

/// The orientation out of an APP1 segment's body (EXIF 2.32, 4.6.4, tag 0x0112); none where it has none.
fn exif_orientation(body: &[u8]) -> Option<u8> {
    let tiff = body.strip_prefix(b"Exif\0\0")?;
    let little = match tiff.get(0..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let word = |at: usize| -> Option<u16> {
        let &[a, b] = tiff.get(at..at.checked_add(2)?)? else {
            return None;
        };
        Some(if little {
            u16::from_le_bytes([a, b])
        } else {
            u16::from_be_bytes([a, b])
        })
    };
    let &[a, b, c, d] = tiff.get(4..8)? else {
        return None;
    };
    let directory = if little {
        u32::from_le_bytes([a, b, c, d])
    } else {
        u32::from_be_bytes([a, b, c, d])
    };
    let directory = usize::try_from(directory).ok()?;
    let count = usize::from(word(directory)?);
    let first = directory.checked_add(2)?;
    for entry in (0..count).map_while(|n| first.checked_add(n * 12)) {
        if word(entry)? == 0x0112 {
            let value = u8::try_from(word(entry.checked_add(8)?)?).ok()?;
            return (1..=8).contains(&value).then_some(value);
        }
    }
    None
}

/// A JPEG that cannot be used, with the reason.
fn broken(reason: &str) -> Probe {
    Probe::Broken {
        claims: "JPEG",
        reason: reason.to_owned(),
    }
}
