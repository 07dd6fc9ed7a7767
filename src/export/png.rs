//! A matrix of modules as a PNG picture: grey of one byte, eight pixels a module.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use crate::units::Length;

/// Pixels a side of one module.
const PIXELS: usize = 8;
/// More modules a side than any QR code has (177).
const MOST: usize = 200;

/// Quiet zone on each side of a mark, in modules (ISO/IEC 18004).
const QUIET: usize = 4;
/// Side of a mark's module.
const MODULE: Length = Length(450);

/// A mark as a PNG with its white zone, and the side of the whole; none where `dark` has another length than `side * side`.
pub fn mark_png(side: usize, dark: &[bool]) -> Option<(Vec<u8>, Length)> {
    let modules = i64::try_from(side + 2 * QUIET).ok()?;
    Some((draw(side, dark, QUIET)?, MODULE * modules))
}

/// The picture of `side * side` modules with a white zone of `quiet` modules around; none where `dark` has another length.
fn draw(side: usize, dark: &[bool], quiet: usize) -> Option<Vec<u8>> {
    if side == 0 || side > MOST || quiet > MOST || dark.len() != side * side {
        return None;
    }
    let width = (side + 2 * quiet) * PIXELS;
    let blank = vec![0xFF; width];
    let mut rows: Vec<u8> = Vec::with_capacity((width + 1) * width);
    let mut push = |row: &[u8]| {
        for _ in 0..PIXELS {
            rows.push(0);
            rows.extend_from_slice(row);
        }
    };
    (0..quiet).for_each(|_| push(&blank));
    for line in dark.chunks(side) {
        let mut row = blank.clone();
        for (module, pixels) in line.iter().zip(row.chunks_mut(PIXELS).skip(quiet)) {
            if *module {
                pixels.fill(0);
            }
        }
        push(&row);
    }
    (0..quiet).for_each(|_| push(&blank));
    let size = u32::try_from(width).ok()?.to_be_bytes();
    let mut header = [size, size].concat();
    header.extend([8, 0, 0, 0, 0]);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::new(6));
    zlib.write_all(&rows).ok()?;
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, b"IHDR", &header)?;
    chunk(&mut png, b"IDAT", &zlib.finish().ok()?)?;
    chunk(&mut png, b"IEND", &[])?;
    Some(png)
}

fn chunk(png: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) -> Option<()> {
    png.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(data);
    png.extend(name);
    png.extend(data);
    png.extend(crc.sum().to_be_bytes());
    Some(())
}
