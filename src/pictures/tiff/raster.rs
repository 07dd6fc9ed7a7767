//! A TIFF page that is not a fax, by the crate `tiff`: strips and tiles, one after another, onto a sheet. The crate is shown
//! the page as if it were the only one, and palettes as if they were grey; colours are turned into red, green, blue here.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use tiff::ColorType;
use tiff::decoder::{ChunkType, Decoder, DecodingResult, Limits};

use crate::pictures::picture::{flatten, pixels};
use crate::pictures::{Fault, PIXELS_MAX, Picture, ScanFormat, jpeg};

use super::ifd::{Directory, tag};
use super::pages::TiffPages;

/// PhotometricInterpretation of a palette, of light and of dark grey (TIFF 6.0, section 3 to 5).
const PALETTE: u64 = 3;
const WHITE_IS_ZERO: u64 = 0;
const BLACK_IS_ZERO: u64 = 1;

/// A file with some of its bytes replaced.
struct PatchedFile {
    bytes: Arc<Vec<u8>>,
    at: u64,
    patches: Vec<(usize, Vec<u8>)>,
}

impl Read for PatchedFile {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let start = usize::try_from(self.at)
            .unwrap_or(usize::MAX)
            .min(self.bytes.len());
        let from = self.bytes.get(start..).unwrap_or_default();
        let count = from.len().min(buf.len());
        for (to, byte) in buf.iter_mut().zip(from) {
            *to = *byte;
        }
        for (place, patch) in &self.patches {
            for (n, byte) in patch.iter().enumerate() {
                let at = (place + n).checked_sub(start).filter(|at| *at < count);
                if let Some(slot) = at.and_then(|at| buf.get_mut(at)) {
                    *slot = *byte;
                }
            }
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for PatchedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => (self.bytes.len() as u64).checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// Samples of 8 bits on a page, all channels of a pixel together.
struct Raster {
    width: usize,
    height: usize,
    channels: usize,
    samples: Vec<u8>,
}

impl Raster {
    /// Puts a rectangle of samples at a place; `channel` is the first of the `channels` that it has.
    fn put(
        &mut self,
        (x, y): (usize, usize),
        width: usize,
        channel: usize,
        channels: usize,
        from: &[u8],
    ) {
        if width == 0 || channels == 0 {
            return;
        }
        let shown = width.min(self.width.saturating_sub(x));
        let rows = self.height.saturating_sub(y);
        for (n, row) in from.chunks_exact(width * channels).take(rows).enumerate() {
            let start = ((y + n) * self.width + x) * self.channels;
            let end = start + shown * self.channels;
            let Some(to) = self.samples.get_mut(start..end) else {
                return;
            };
            for (to, from) in to
                .chunks_exact_mut(self.channels)
                .zip(row.chunks_exact(channels))
            {
                for (to, from) in to.iter_mut().skip(channel).zip(from) {
                    *to = *from;
                }
            }
        }
    }
}

/// The page's picture, and whether some of it was missing.
pub(super) fn decode(
    pages: &TiffPages,
    page: &Directory,
    (width, height): (usize, usize),
) -> Result<(Picture, bool), Fault> {
    let bytes = &pages.bytes;
    check_chunks(pages, page)?;
    let photometric = page.one(bytes, tag::PHOTOMETRIC).unwrap_or(BLACK_IS_ZERO);
    let samples = page.one(bytes, tag::SAMPLES).unwrap_or(1);
    // the crate knows light-is-zero for a single channel only
    let inverted = photometric == WHITE_IS_ZERO && samples > 1;
    let mut decoder = open(pages, page, photometric == PALETTE || inverted)?;
    let colour = decoder
        .colortype()
        .map_err(|e| unsupported(&e.to_string()))?;
    let channels = usize::from(colour.num_samples());
    if channels > 8 {
        return Err(unsupported(&format!("{channels} 个通道")));
    }
    let paper = if matches!(colour, ColorType::CMYK(_) | ColorType::CMYKA(_)) {
        0
    } else {
        255
    };
    let mut sheet = Raster {
        width,
        height,
        channels,
        samples: vec![paper; width * height * channels],
    };
    let (read, error) = fill(&mut decoder, &mut sheet, colour)?;
    if let (0, Some(error)) = (read, &error) {
        return Err(match error {
            tiff::TiffError::UnsupportedError(what) => unsupported(&what.to_string()),
            other => Fault::broken(ScanFormat::Tiff, &other.to_string()),
        });
    }
    let mut samples = sheet.samples;
    if inverted {
        samples.iter_mut().step_by(channels).for_each(|s| *s = !*s);
    }
    let picture = if photometric == PALETTE {
        let map = page.many(bytes, tag::COLOUR_MAP).unwrap_or_default();
        flatten(
            width,
            height,
            3,
            through(&map, colour.bit_depth(), &samples),
        )?
    } else {
        as_picture(width, height, colour, samples)?
    };
    Ok((picture, error.is_some()))
}

/// Refuses a tile, and a JPEG inside a strip or tile, that claims more pixels than a picture may have.
fn check_chunks(pages: &TiffPages, page: &Directory) -> Result<(), Fault> {
    let bytes = &pages.bytes;
    let side = |tag| {
        page.one(bytes, tag)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(1)
    };
    pixels(side(tag::TILE_WIDTH).max(1), side(tag::TILE_HEIGHT).max(1))?;
    if page.one(bytes, tag::COMPRESSION) == Some(7) {
        let strips = pages.chunks(page, tag::STRIP_OFFSETS, tag::STRIP_BYTES);
        let tiles = pages.chunks(page, tag::TILE_OFFSETS, tag::TILE_BYTES);
        for frame in strips.iter().chain(&tiles).filter_map(|c| jpeg::frame(c)) {
            pixels(frame.width.max(1), frame.height.max(1))?;
        }
    }
    Ok(())
}

/// A decoder that sees this page alone.
fn open(pages: &TiffPages, page: &Directory, as_grey: bool) -> Result<Decoder<PatchedFile>, Fault> {
    let numbers = page.numbers();
    let (at, size) = numbers.first();
    let mut patches = vec![(at, numbers.written(page.place as u64, size))];
    if as_grey && let Some((at, size)) = page.place_of(tag::PHOTOMETRIC) {
        patches.push((at, numbers.written(BLACK_IS_ZERO, size)));
    }
    let overlay = PatchedFile {
        bytes: pages.bytes.clone(),
        at: 0,
        patches,
    };
    let mut limits = Limits::default();
    limits.decoding_buffer_size = PIXELS_MAX * 8;
    limits.intermediate_buffer_size = pages.bytes.len().max(1 << 20);
    limits.ifd_value_size = 16 << 20;
    let decoder = Decoder::new(overlay).map_err(|e| match e {
        tiff::TiffError::UnsupportedError(what) => unsupported(&what.to_string()),
        other => Fault::broken(ScanFormat::Tiff, &other.to_string()),
    })?;
    Ok(decoder.with_limits(limits))
}

/// Decodes strip by strip or tile by tile: how many there were before the first error, and that error.
fn fill(
    decoder: &mut Decoder<PatchedFile>,
    sheet: &mut Raster,
    colour: ColorType,
) -> Result<(u32, Option<tiff::TiffError>), Fault> {
    let (chunk_width, chunk_height) = decoder.chunk_dimensions();
    let (chunk_width, chunk_height) = (chunk_width as usize, chunk_height as usize);
    let count = match decoder.get_chunk_type() {
        ChunkType::Strip => decoder.strip_count(),
        ChunkType::Tile => decoder.tile_count(),
    };
    let count = count.map_err(|e| Fault::broken(ScanFormat::Tiff, &e.to_string()))?;
    if chunk_width == 0 || chunk_height == 0 {
        return Err(Fault::broken(ScanFormat::Tiff, "条带的宽或高为 0"));
    }
    let across = sheet.width.div_ceil(chunk_width);
    let plane = across * sheet.height.div_ceil(chunk_height);
    let planar = count as usize > plane;
    for n in 0..count {
        let chunk = match decoder.read_chunk(n) {
            Ok(chunk) => chunk,
            Err(error) => return Ok((n, Some(error))),
        };
        let (width, height) = decoder.chunk_data_dimensions(n);
        let (channel, channels) = if planar {
            (n as usize / plane, 1)
        } else {
            (0, sheet.channels)
        };
        let samples = eight_bits(
            chunk,
            colour.bit_depth(),
            width as usize * channels,
            height as usize,
        )?;
        let n = n as usize % plane;
        let place = (n % across * chunk_width, n / across * chunk_height);
        sheet.put(place, width as usize, channel, channels, &samples);
    }
    Ok((count, None))
}

/// Samples of any depth as 8 bits. Depths below 8 keep their number for a palette's sake and are spread by [`as_picture`].
fn eight_bits(chunk: DecodingResult, depth: u8, row: usize, rows: usize) -> Result<Vec<u8>, Fault> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "cut to 0 to 255 before"
    )]
    let unit = |v: f32| (v.clamp(0.0, 1.0) * 255.0) as u8;
    let high = |v: u32| u8::try_from(v >> 24).unwrap_or(255);
    Ok(match chunk {
        DecodingResult::U8(bytes) if depth < 8 => {
            let depth = usize::from(depth.max(1));
            let stride = (row * depth).div_ceil(8);
            let value = |line: &[u8], n: usize| {
                let bit = n * depth;
                let byte = line.get(bit / 8).copied().unwrap_or(0);
                byte >> (8 - depth).saturating_sub(bit % 8) & ((1 << depth) - 1)
            };
            let lines = bytes.chunks(stride.max(1)).take(rows);
            lines
                .flat_map(|line| (0..row).map(move |n| value(line, n)))
                .collect()
        }
        DecodingResult::U8(bytes) => bytes,
        DecodingResult::U16(v) => v.into_iter().map(|v| high(u32::from(v) << 16)).collect(),
        DecodingResult::U32(v) => v.into_iter().map(high).collect(),
        DecodingResult::F32(v) => v.into_iter().map(unit).collect(),
        _ => return Err(unsupported("样本的类型")),
    })
}

/// Channels of a colour type as grey or red, green, blue.
fn as_picture(
    width: usize,
    height: usize,
    colour: ColorType,
    mut samples: Vec<u8>,
) -> Result<Picture, Fault> {
    let channels = usize::from(colour.num_samples());
    let picture = match colour {
        ColorType::Gray(depth) if depth < 8 => {
            let most = (1_u16 << depth) - 1;
            let spread = |v: u8| u8::try_from(u16::from(v) * 255 / most.max(1)).unwrap_or(255);
            samples.iter_mut().for_each(|v| *v = spread(*v));
            flatten(width, height, 1, samples)
        }
        ColorType::Gray(_) | ColorType::GrayA(_) | ColorType::RGB(_) | ColorType::RGBA(_) => {
            flatten(width, height, channels, samples)
        }
        ColorType::YCbCr(_) => {
            for pixel in samples.as_chunks_mut::<3>().0 {
                *pixel = from_ycbcr(*pixel);
            }
            flatten(width, height, 3, samples)
        }
        ColorType::CMYK(_) | ColorType::CMYKA(_) => {
            let ink = |c: u8, k: u8| {
                let light = u16::from(255 - c) * u16::from(255 - k) / 255;
                u8::try_from(light).unwrap_or(255)
            };
            let rgb = samples
                .chunks_exact(channels)
                .filter_map(|p| p.first_chunk::<4>())
                .flat_map(|[c, m, y, k]| [ink(*c, *k), ink(*m, *k), ink(*y, *k)])
                .collect();
            flatten(width, height, 3, rgb)
        }
        // lightness comes first, and so does grey before channels of an unknown kind
        ColorType::Lab(_) | ColorType::Multiband { .. } => {
            let luma = samples.into_iter().step_by(channels).collect();
            flatten(width, height, 1, luma)
        }
        other => return Err(unsupported(&format!("{other:?}"))),
    };
    picture.map_err(Fault::Picture)
}

/// ITU-R BT.601 at full range, as JPEG has it.
fn from_ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let byte = |v: i32| u8::try_from(((v + (1 << 15)) >> 16).clamp(0, 255)).unwrap_or(255);
    [
        byte(y + 91_881 * cr),
        byte(y - 22_554 * cb - 46_802 * cr),
        byte(y + 116_130 * cb),
    ]
}

/// Palette numbers through a colour map: all reds, then all greens, then all blues, of 16 bits.
fn through(map: &[u64], depth: u8, numbers: &[u8]) -> Vec<u8> {
    let colours = 1_usize << depth.min(8);
    // some writers fill only the low byte
    let shift = if map.iter().all(|v| *v < 256) { 0 } else { 8 };
    let channel = |n: u8, channel: usize| {
        let value = map
            .get(usize::from(n) + channel * colours)
            .copied()
            .unwrap_or(0);
        u8::try_from(value >> shift & 255).unwrap_or(0)
    };
    numbers
        .iter()
        .flat_map(|n| [channel(*n, 0), channel(*n, 1), channel(*n, 2)])
        .collect()
}

fn unsupported(reason: &str) -> Fault {
    Fault::Unsupported {
        kind: ScanFormat::Tiff,
        reason: reason.to_owned(),
    }
}
