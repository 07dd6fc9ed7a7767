//! PNG: one page, by the crate `png`, row by row. A file that ends too early shows the rows that are there.

use std::io::Cursor;

use png::{ColorType, Decoder, Limits, Reader, Transformations};

use super::fault::Fault;
use super::format::ScanFormat;
use super::limits::memory;
use super::look::Look;
use super::picture::{flatten, pixels};
use super::square::square;

type RowReader<'a> = Reader<Cursor<&'a [u8]>>;

fn open(bytes: &[u8]) -> Result<RowReader<'_>, Fault> {
    // text, colour profile and the like; the rows are bounded by the picture's size
    let limits = Limits { bytes: 64 << 20 };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder
        .read_info()
        .map_err(|e| Fault::broken(ScanFormat::Png, &e.to_string()))
}

/// Most bytes that the page takes.
pub(super) fn plan(bytes: &[u8]) -> Result<usize, Fault> {
    let head = bytes.get(16..24).and_then(|b| b.as_array::<8>());
    let [w1, w2, w3, w4, h1, h2, h3, h4] =
        *head.ok_or_else(|| Fault::broken(ScanFormat::Png, "文件头不完整"))?;
    let width = u32::from_be_bytes([w1, w2, w3, w4]) as usize;
    let height = u32::from_be_bytes([h1, h2, h3, h4]) as usize;
    Ok(memory(pixels(width, height)?, 4 + 3))
}

/// The picture.
pub(super) fn decode(bytes: &[u8]) -> Result<Look, Fault> {
    plan(bytes)?;
    let mut reader = open(bytes)?;
    let (width, height) = reader.info().size();
    let (width, height) = (width as usize, height as usize);
    let channels = match reader.output_color_type().0 {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb | ColorType::Indexed => 3,
        ColorType::Rgba => 4,
    };
    let interlaced = reader.info().interlaced;
    let dims = reader.info().pixel_dims;
    let (samples, cut) = if interlaced {
        whole(&mut reader, width * height * channels)?
    } else {
        rows(&mut reader, width * channels, height)?
    };
    let (across, down) = dims.map_or((1, 1), |d| (d.xppu, d.yppu));
    let picture = flatten(width, height, channels, samples)?;
    let look = square(picture, across.into(), down.into())?;
    Ok(Look { cut, ..look })
}

/// All samples, and whether the file ended before them.
fn rows(
    reader: &mut RowReader<'_>,
    stride: usize,
    height: usize,
) -> Result<(Vec<u8>, bool), Fault> {
    let mut samples = Vec::with_capacity(stride * height);
    let error = loop {
        match reader.next_row() {
            Ok(Some(row)) if samples.len() < stride * height => {
                samples.extend(row.data().iter().copied().take(stride));
            }
            Ok(_) => break None,
            Err(error) => break Some(error),
        }
    };
    match error {
        Some(error) if samples.is_empty() => {
            Err(Fault::broken(ScanFormat::Png, &error.to_string()))
        }
        _ => {
            let cut = samples.len() < stride * height;
            samples.resize(stride * height, 255);
            Ok((samples, cut))
        }
    }
}

/// The same of an interlaced picture, whose rows come in seven passes.
fn whole(reader: &mut RowReader<'_>, length: usize) -> Result<(Vec<u8>, bool), Fault> {
    let mut samples = vec![255; length];
    match reader.next_frame(&mut samples) {
        Ok(_) => Ok((samples, false)),
        Err(error) if samples.iter().all(|s| *s == 255) => {
            Err(Fault::broken(ScanFormat::Png, &error.to_string()))
        }
        Err(_) => Ok((samples, true)),
    }
}
