//! Pictures of the moment, not kept: a camera's, and the marks in it; a page's of a PDF, for the eye.

use std::path::Path;

use crate::pictures::{Container, Picture, ScanFormat, Sight};
use crate::scan::{Issued, read_marks};
use crate::store::read_trusted;

use crate::clerk::error::ClerkError;

/// Resolution of a page that is shown, in dpi: 12 pt type is read with ease.
const SHOWN: f64 = 110.0;

/// A page of a PDF of ours as a PNG, 110 dpi; pages count from 0. None where there is no such page.
pub fn page_picture(pdf: &[u8], page: usize) -> Result<Option<Vec<u8>>, ClerkError> {
    let container = Container::open(pdf.to_vec()).map_err(|e| ClerkError::Bug(e.to_string()))?;
    if page >= container.pages() {
        return Ok(None);
    }
    let drawn = container.draw(page, SHOWN);
    let Some(picture) = drawn.map_err(|e| ClerkError::Bug(e.to_string()))? else {
        return Ok(None);
    };
    png_of(&picture).map(Some)
}

/// A picture as PNG.
pub(in crate::clerk) fn png_of(picture: &Picture) -> Result<Vec<u8>, ClerkError> {
    let bug = |e: png::EncodingError| ClerkError::Bug(e.to_string());
    let side = |n: usize| u32::try_from(n).map_err(|e| ClerkError::Bug(e.to_string()));
    let mut bytes = Vec::new();
    let mut encoder =
        png::Encoder::new(&mut bytes, side(picture.width())?, side(picture.height())?);
    encoder.set_color(match picture.is_colour() {
        true => png::ColorType::Rgb,
        false => png::ColorType::Grayscale,
    });
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(bug)?;
    writer.write_image_data(picture.samples()).map_err(bug)?;
    writer.finish().map_err(bug)?;
    Ok(bytes)
}

/// Most bytes that the pixels of a frame may need; a camera's picture of 12 million pixels needs 36 MB.
const MOST: usize = 64 << 20;

/// The digits of the marks in a JPEG or PNG whose signatures hold; none where there are none or the picture cannot be read.
pub fn digits_in_picture(bytes: &[u8], keys: &Path) -> Result<Vec<String>, ClerkError> {
    if !matches!(
        ScanFormat::of(bytes),
        Some(ScanFormat::Jpeg | ScanFormat::Png)
    ) {
        return Ok(Vec::new());
    }
    let (trusted, _) = read_trusted(keys)?;
    let Ok(container) = Container::open(bytes.to_vec()) else {
        return Ok(Vec::new());
    };
    let Ok(plan) = container.plan(0) else {
        return Ok(Vec::new());
    };
    if plan.bytes() > MOST {
        return Ok(Vec::new());
    }
    let Ok(look) = container.look(&plan, Sight::First) else {
        return Ok(Vec::new());
    };
    let reading = read_marks(&look.picture, &trusted, &Issued::default());
    let verified = reading.marks.into_iter().filter(|m| m.verified());
    Ok(verified.map(|m| m.digits).collect())
}
