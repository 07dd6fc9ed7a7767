//! JPEG: one page. Its frame header is read here, so that a picture is refused before memory is asked for; the rest is the
//! crate `image`. A file that ends too early shows the part that is there. The orientation in EXIF is left alone: marks are
//! read in any, and places are those of the stored picture.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::{ColorType, ImageDecoder};

use super::fault::Fault;
use super::format::ScanFormat;
use super::limits::memory;
use super::look::Look;
use super::picture::{flatten, pixels};

/// What a frame header says (ISO/IEC 10918-1, B.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Colour components: 1 grey, 3 colour, 4 CMYK.
    pub(super) components: usize,
    /// Coefficients of the whole picture are kept until its last scan.
    pub(super) progressive: bool,
}

/// The first frame header; none where the data ends or the scan begins before one.
pub(super) fn frame(bytes: &[u8]) -> Option<FrameHeader> {
    let mut at = 2;
    loop {
        let [0xFF, marker] = *bytes.get(at..at + 2)?.as_array()? else {
            return None;
        };
        match marker {
            0xFF => at += 1,
            0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 | 0xDA => return None,
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let [h1, h2, w1, w2, components] = *bytes.get(at + 5..at + 10)?.as_array()?;
                return Some(FrameHeader {
                    width: u16::from_be_bytes([w1, w2]).into(),
                    height: u16::from_be_bytes([h1, h2]).into(),
                    components: components.into(),
                    progressive: matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE),
                });
            }
            _ => {
                let length = u16::from_be_bytes(*bytes.get(at + 2..at + 4)?.as_array()?);
                at += 2 + usize::from(length);
            }
        }
    }
}

/// Most bytes that the page takes.
pub(super) fn plan(bytes: &[u8]) -> Result<usize, Fault> {
    let frame = frame(bytes).ok_or_else(|| Fault::broken(ScanFormat::Jpeg, "没有图像"))?;
    let pixels = pixels(frame.width, frame.height)?;
    // samples out, and coefficients of 16 bits in between
    let coefficients = if frame.progressive { 2 } else { 0 };
    Ok(memory(pixels, frame.components * (1 + coefficients) + 1))
}

/// The picture.
pub(super) fn decode(bytes: &[u8]) -> Result<Look, Fault> {
    let decoder = JpegDecoder::new(Cursor::new(bytes))
        .map_err(|e| Fault::broken(ScanFormat::Jpeg, &e.to_string()))?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (width as usize, height as usize);
    let pixels = pixels(width, height)?;
    let channels = match decoder.color_type() {
        ColorType::L8 => 1,
        ColorType::La8 => 2,
        ColorType::Rgb8 => 3,
        ColorType::Rgba8 => 4,
        other => {
            return Err(Fault::Unsupported {
                kind: ScanFormat::Jpeg,
                reason: format!("{other:?}"),
            });
        }
    };
    let mut samples = vec![255; pixels * channels];
    let done = decoder.read_image(&mut samples);
    if let Err(error) = &done
        && samples.iter().all(|s| *s == 255)
    {
        return Err(Fault::broken(ScanFormat::Jpeg, &error.to_string()));
    }
    Ok(Look {
        picture: flatten(width, height, channels, samples)?,
        to_stored: [1.0, 1.0],
        cut: done.is_err() || !ends(bytes),
    })
}

/// Whether the end marker stands near the end; some scanners fill up with zeros behind it.
fn ends(bytes: &[u8]) -> bool {
    let filled = bytes
        .iter()
        .rev()
        .take_while(|b| matches!(b, 0 | 0xFF))
        .count();
    let end = bytes.len() - filled;
    let tail = bytes.get(end.saturating_sub(4096)..).unwrap_or_default();
    tail.windows(2).any(|w| w == [0xFF, 0xD9])
}
