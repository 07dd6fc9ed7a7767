//! Square pixels: a fax has half or a quarter as many lines to the inch as dots in a line (ITU-T T.4: 204 × 98, 204 × 196).

use super::look::Look;
use super::picture::{PIXELS_MAX, Picture, PictureFault};

/// Two densities that differ by less are taken as equal: 204 × 196 is left as it is.
const NEAR: f64 = 1.06;

/// A picture stretched more than this is not a fax; its densities are a mistake and are ignored.
const MOST: f64 = 4.2;

/// The picture with square pixels, from its densities in pixels to any unit, horizontal and vertical.
pub(super) fn square(picture: Picture, across: f64, down: f64) -> Result<Look, PictureFault> {
    let ratio = across / down;
    let plain = !ratio.is_finite()
        || (1.0 / NEAR..NEAR).contains(&ratio)
        || !(1.0 / MOST..MOST).contains(&ratio);
    let (width, height) = (picture.width(), picture.height());
    let grown = |n: usize, by: f64| {
        // both factors are small: at most 150 million times 4.2
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "small and positive"
        )]
        let n = (n as f64 * by).round() as usize;
        n.max(1)
    };
    let (wide, high) = match ratio {
        _ if plain => (width, height),
        r if r > 1.0 => (width, grown(height, r)),
        r => (grown(width, 1.0 / r), height),
    };
    if plain || wide.saturating_mul(high) > PIXELS_MAX {
        return Ok(Look {
            picture,
            to_stored: [1.0, 1.0],
            cut: false,
        });
    }
    let channels = if picture.is_colour() { 3 } else { 1 };
    let samples = if high == height {
        stretch_rows(picture.samples(), width, wide, channels)
    } else {
        stretch_height(picture.samples(), width * channels, height, high)
    };
    let stretched = if picture.is_colour() {
        Picture::colour(wide, high, samples)?
    } else {
        Picture::grey(wide, high, samples)?
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "sides of a picture are far below 2^24"
    )]
    let to_stored = [width as f32 / wide as f32, height as f32 / high as f32];
    Ok(Look {
        picture: stretched,
        to_stored,
        cut: false,
    })
}

/// For each of `to` places among `from`: the place before it, and how much of 256 the next one weighs.
fn steps(from: usize, to: usize) -> Vec<(usize, u32)> {
    (0..to)
        .map(|i| {
            // the middle of a pixel is the middle of what it came from, in 1/256
            let at = ((2 * i + 1) * from * 128 / to).saturating_sub(128);
            let before = (at / 256).min(from - 1);
            (before, u32::try_from(at % 256).unwrap_or(0))
        })
        .collect()
}

fn mixed(a: u8, b: u8, weight: u32) -> u8 {
    u8::try_from((u32::from(a) * (256 - weight) + u32::from(b) * weight + 128) >> 8).unwrap_or(255)
}

fn stretch_height(samples: &[u8], stride: usize, from: usize, to: usize) -> Vec<u8> {
    let row = |y: usize| samples.chunks_exact(stride).nth(y).unwrap_or_default();
    let mut out = Vec::with_capacity(stride * to);
    for (y, weight) in steps(from, to) {
        let (upper, lower) = (row(y), row((y + 1).min(from - 1)));
        out.extend(upper.iter().zip(lower).map(|(a, b)| mixed(*a, *b, weight)));
    }
    out
}

fn stretch_rows(samples: &[u8], from: usize, to: usize, channels: usize) -> Vec<u8> {
    let steps = steps(from, to);
    let mut out = Vec::with_capacity(samples.len() / from * to);
    for row in samples.chunks_exact(from * channels) {
        let pixel = |x: usize| row.chunks_exact(channels).nth(x).unwrap_or_default();
        for (x, weight) in &steps {
            let (left, right) = (pixel(*x), pixel((x + 1).min(from - 1)));
            out.extend(left.iter().zip(right).map(|(a, b)| mixed(*a, *b, *weight)));
        }
    }
    out
}
