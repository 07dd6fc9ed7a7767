//! A photo made fit for print: upright, in RGB or grey, no larger than the box needs. Decodes with `image`.

use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder, PixelDensity, PixelDensityUnit};
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder};

use crate::units::Length;

use super::guarded::guarded;
use super::{Jpeg, Probe, probe};

/// Most pixels that are decoded. The decoder cannot decode at a smaller scale, and 60 megapixels of progressive
/// RGB already need some 600 MB while they are decoded.
const MOST_PIXELS: u64 = 60_000_000;
/// Quality of the new JPEG: no visible loss at 300 dpi, a tenth of the bytes of 100.
const QUALITY: u8 = 90;
/// How far a ratio may be from the box's for the photo to be cropped to it (照片比例允许 ±3 %), in thousandths.
const CROP_WITHIN: u64 = 30;
/// How far a ratio may be from the box's for the difference not to be seen, in thousandths.
const SAME_RATIO: u64 = 5;

/// How far a colour must be from the middle one to be seen as another, in steps of two channels together.
const VISIBLE: i32 = 24;
/// Beyond this a single tint is a colour and no tint of paper.
const STRONG: i32 = 120;

/// The beginning of Adobe's APP14 segment: marker, length 14, name.
const ADOBE: &[u8] = b"\xFF\xEE\0\x0EAdobe";

/// A photo ready to be put into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperPhoto {
    /// A baseline JPEG, or the untouched original where that was fit already; upright without EXIF.
    pub jpeg: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Colour components: 1 grey, 3 RGB.
    pub components: u8,
}

/// Why a photo cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhotoError {
    /// Its bytes are not a JPEG's.
    #[error("不是JPEG图片")]
    NotJpeg,
    /// It is cut short or malformed.
    #[error("照片已损坏：{reason}")]
    Broken {
        /// What is wrong, in Chinese.
        reason: String,
    },
    /// It has more pixels than are decoded.
    #[error("照片有{width}×{height}像素，超过6000万像素")]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// It is coded in a way that we do not decode faithfully.
    #[error("照片的{what}不受支持，请另存为RGB颜色的JPEG")]
    Unsupported {
        /// What is not supported, in Chinese.
        what: &'static str,
    },
}

/// Makes a photo fit for a box: upright by its EXIF orientation, CMYK as RGB, cropped at the middle to the box's ratio where
/// it is within 3 % of it and otherwise to be fitted inside, scaled down to `dpi` and never up, coded anew as baseline.
/// An original that is fit already comes back byte for byte.
///
/// # Errors
/// What is not a sound JPEG, or has more than 60 megapixels, is refused.
pub fn prepare_photo(
    jpeg: &[u8],
    box_w: Length,
    box_h: Length,
    dpi: u32,
) -> Result<PaperPhoto, PhotoError> {
    let facts = facts(jpeg)?;
    let mut photo = decode(jpeg, &facts)?;
    let most = (box_w.to_px(dpi).max(1), box_h.to_px(dpi).max(1));
    // The box's ratio in micrometres: in pixels it is rounded already.
    let micrometres = |length: Length| u32::try_from(length.0.max(1)).unwrap_or(u32::MAX);
    let ratio = (micrometres(box_w), micrometres(box_h));
    if fit_already(jpeg, &facts, most, ratio) {
        return Ok(PaperPhoto {
            jpeg: jpeg.to_vec(),
            width: facts.width,
            height: facts.height,
            components: facts.components,
        });
    }
    photo.apply_orientation(
        Orientation::from_exif(facts.orientation).unwrap_or(Orientation::NoTransforms),
    );
    let photo = scale(crop(photo, ratio), most, ratio);
    encode(&photo, dpi)
}

/// A photo upright by its EXIF orientation and in RGB or grey; one that is so already comes back byte for byte, even where this
/// program's decoder would stumble over it.
///
/// # Errors
/// What must be turned and is not a sound JPEG, or has more than 60 megapixels, is refused.
pub fn upright_photo(jpeg: &[u8]) -> Result<PaperPhoto, PhotoError> {
    let facts = facts(jpeg)?;
    if facts.orientation == 1 && facts.components != 4 {
        return Ok(PaperPhoto {
            jpeg: jpeg.to_vec(),
            width: facts.width,
            height: facts.height,
            components: facts.components,
        });
    }
    let mut photo = decode(jpeg, &facts)?;
    photo.apply_orientation(
        Orientation::from_exif(facts.orientation).unwrap_or(Orientation::NoTransforms),
    );
    encode(&photo, 300)
}

/// A drawn page of `width` × `height` pixels, red, green and blue of each, as a JPEG of so many dots an inch.
///
/// # Errors
/// Pixels that are not as many as they should be are refused.
pub fn page_jpeg(
    rgb: Vec<u8>,
    (width, height): (u32, u32),
    dpi: u32,
) -> Result<PaperPhoto, PhotoError> {
    let page = image::RgbImage::from_raw(width, height, rgb);
    let page = page.ok_or(PhotoError::TooLarge { width, height })?;
    encode(&DynamicImage::ImageRgb8(page), dpi)
}

/// Whether a photo shows colours and not one tint only; none where it cannot be decoded. The middle is looked at, where a portrait
/// has its face: a coloured frame or stamp makes no colour photo, and neither does the even tint of a yellowed print. Small specks of
/// colour, as JPEG makes them around edges, do not count.
pub fn is_colour(jpeg: &[u8]) -> Option<bool> {
    let facts = facts(jpeg).ok()?;
    if facts.components == 1 {
        return Some(false);
    }
    let small = decode(jpeg, &facts).ok()?.thumbnail(256, 256).into_rgb8();
    let (width, height) = (small.width(), small.height());
    let middle = |at: u32, size: u32| at >= size / 5 && at < size - size / 5;
    let shades: Vec<(i32, i32)> = small
        .enumerate_pixels()
        .filter(|(x, y, _)| middle(*x, width) && middle(*y, height))
        .map(|(_, _, pixel)| {
            let [r, g, b] = pixel.0.map(i32::from);
            (r - g, b - g)
        })
        .collect();
    let count = i32::try_from(shades.len()).ok().filter(|n| *n > 0)?;
    let sum = |of: fn(&(i32, i32)) -> i32| shades.iter().map(of).sum::<i32>() / count;
    let (red, blue) = (sum(|s| s.0), sum(|s| s.1));
    let differs = |s: &&(i32, i32)| (s.0 - red).abs() + (s.1 - blue).abs() > VISIBLE;
    let coloured = shades.iter().filter(differs).count();
    Some(coloured * 100 > shades.len() || red.abs() + blue.abs() > STRONG)
}

/// The header of a sound JPEG.
fn facts(jpeg: &[u8]) -> Result<Jpeg, PhotoError> {
    match probe(&mut Cursor::new(jpeg)) {
        Probe::Jpeg(facts) => Ok(facts),
        Probe::Broken {
            claims: "JPEG",
            reason,
        } => Err(PhotoError::Broken { reason }),
        _ => Err(PhotoError::NotJpeg),
    }
}

/// Decodes a whole JPEG into grey or RGB, as stored.
fn decode(jpeg: &[u8], facts: &Jpeg) -> Result<DynamicImage, PhotoError> {
    let (width, height) = (facts.width, facts.height);
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PhotoError::TooLarge { width, height });
    }
    // The decoder takes every CMYK for Adobe's inverted one; a plain one would come out as its negative.
    if facts.components == 4 && !jpeg.windows(ADOBE.len()).any(|bytes| bytes == ADOBE) {
        return Err(PhotoError::Unsupported {
            what: "CMYK颜色（无Adobe标记）",
        });
    }
    let broken = |error: image::ImageError| PhotoError::Broken {
        reason: format!("解码失败（{error}）"),
    };
    let decoded = guarded(|| {
        let decoder = JpegDecoder::new(Cursor::new(jpeg)).map_err(broken)?;
        if decoder.dimensions() != (width, height) {
            return Err(PhotoError::Broken {
                reason: "有两个不同的帧头".to_owned(),
            });
        }
        DynamicImage::from_decoder(decoder).map_err(broken)
    });
    decoded.unwrap_or_else(|| {
        Err(PhotoError::Broken {
            reason: "解码到一半出错".to_owned(),
        })
    })
}

/// Whether the original can go into the document as it is: upright, grey or RGB, no more pixels than the box needs,
/// not to be cropped, and without megabytes of other data (thumbnails, places of taking) beside the picture.
fn fit_already(jpeg: &[u8], facts: &Jpeg, most: (u32, u32), ratio: (u32, u32)) -> bool {
    let raw = u64::from(facts.width) * u64::from(facts.height) * 3;
    let off = off_ratio(facts.width, facts.height, ratio);
    facts.orientation == 1
        && matches!(facts.components, 1 | 3)
        && facts.width <= most.0
        && facts.height <= most.1
        && !(off > SAME_RATIO && off <= CROP_WITHIN)
        && (jpeg.len() as u64) <= raw + 4096
}

/// How far two ratios are apart, in thousandths, rounded up.
fn off_ratio(width: u32, height: u32, ratio: (u32, u32)) -> u64 {
    let ours = u64::from(width) * u64::from(ratio.1);
    let wanted = u64::from(ratio.0) * u64::from(height);
    ours.abs_diff(wanted)
        .saturating_mul(1000)
        .div_ceil(wanted.max(1))
}

/// Cropped at the middle to the box's ratio where it is near it already.
fn crop(photo: DynamicImage, ratio: (u32, u32)) -> DynamicImage {
    let (width, height) = photo.dimensions();
    let off = off_ratio(width, height, ratio);
    if off > CROP_WITHIN || off == 0 {
        return photo;
    }
    let share = |a: u32, b: u32, c: u32| {
        let value = u64::from(a) * u64::from(b) / u64::from(c.max(1));
        u32::try_from(value).unwrap_or(u32::MAX).max(1)
    };
    let kept_w = width.min(share(height, ratio.0, ratio.1));
    let kept_h = height.min(share(width, ratio.1, ratio.0));
    photo.crop_imm((width - kept_w) / 2, (height - kept_h) / 2, kept_w, kept_h)
}

/// Scaled down until it fits the box; never up. A large photo is averaged down to twice the size first, which is
/// many times faster than filtering all its pixels and not to be told from it.
fn scale(photo: DynamicImage, most: (u32, u32), ratio: (u32, u32)) -> DynamicImage {
    let (width, height) = photo.dimensions();
    if width <= most.0 && height <= most.1 {
        return photo;
    }
    let (w, h) = fitted(width, height, most, ratio);
    if width / 4 >= w && height / 4 >= h {
        let rough = photo.thumbnail_exact(w * 2, h * 2);
        return rough.resize_exact(w, h, FilterType::Lanczos3);
    }
    photo.resize_exact(w, h, FilterType::Lanczos3)
}

/// The largest size of the photo's ratio within the box. A ratio that was cropped to the box's fills it wholly.
fn fitted(width: u32, height: u32, most: (u32, u32), ratio: (u32, u32)) -> (u32, u32) {
    let (most_w, most_h) = most;
    if off_ratio(width, height, ratio) <= SAME_RATIO {
        return most;
    }
    let share = |a: u32, b: u32, c: u32| {
        let (a, b, c) = (u64::from(a), u64::from(b), u64::from(c.max(1)));
        u32::try_from((a * b + c / 2) / c)
            .unwrap_or(u32::MAX)
            .max(1)
    };
    if u64::from(width) * u64::from(most_h) > u64::from(height) * u64::from(most_w) {
        (most_w, share(height, most_w, width).min(most_h))
    } else {
        (share(width, most_h, height).min(most_w), most_h)
    }
}

/// Coded as a baseline JPEG, grey where the photo is grey.
fn encode(photo: &DynamicImage, dpi: u32) -> Result<PaperPhoto, PhotoError> {
    let photo = match photo {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => photo.clone(),
        other => DynamicImage::ImageRgb8(other.to_rgb8()),
    };
    let components = if matches!(photo, DynamicImage::ImageLuma8(_)) {
        1
    } else {
        3
    };
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    let density = u16::try_from(dpi).unwrap_or(u16::MAX).max(1);
    encoder.set_pixel_density(PixelDensity {
        density: (density, density),
        unit: PixelDensityUnit::Inches,
    });
    // `encode_image` would write three components of a grey picture too
    encoder
        .encode(
            photo.as_bytes(),
            photo.width(),
            photo.height(),
            photo.color().into(),
        )
        .map_err(|error| PhotoError::Broken {
            reason: format!("编码失败（{error}）"),
        })?;
    Ok(PaperPhoto {
        jpeg,
        width: photo.width(),
        height: photo.height(),
        components,
    })
}
