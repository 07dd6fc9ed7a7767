//! Pictures in colour and what spoils them: blur, noise, light, JPEG, two colours.

use std::io::Cursor;

use sanlian::scan::Picture;

use crate::chance::Chance;

/// A picture: red, green, blue, row by row.
#[derive(Clone)]
pub(crate) struct Image {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: Vec<u8>,
}

/// A number between two others.
pub(crate) fn between(chance: &mut Chance, low: f64, high: f64) -> f64 {
    low + (high - low) * (chance.next() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Whether something happens whose probability is given.
pub(crate) fn happens(chance: &mut Chance, probability: f64) -> bool {
    between(chance, 0.0, 1.0) < probability
}

fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

impl Image {
    /// The colour at a point, between its neighbours; `outside` beyond the border.
    pub(crate) fn at(&self, x: f64, y: f64, outside: [f32; 3]) -> [f32; 3] {
        let (u, v) = (x - 0.5, y - 0.5);
        if u < -0.5 || v < -0.5 || u > self.width as f64 - 0.5 || v > self.height as f64 - 0.5 {
            return outside;
        }
        let (u, v) = (u.max(0.0), v.max(0.0));
        let (left, top) = (u as usize, v as usize);
        let (right, low) = (
            (left + 1).min(self.width - 1),
            (top + 1).min(self.height - 1),
        );
        let (left, top) = (left.min(self.width - 1), top.min(self.height - 1));
        let (fx, fy) = ((u - left as f64) as f32, (v - top as f64) as f32);
        std::array::from_fn(|c| {
            let pick = |x: usize, y: usize| f32::from(self.rgb[(y * self.width + x) * 3 + c]);
            let upper = pick(left, top) + fx * (pick(right, top) - pick(left, top));
            let lower = pick(left, low) + fx * (pick(right, low) - pick(left, low));
            upper + fy * (lower - upper)
        })
    }

    /// A picture made by asking for the colour of each pixel's middle.
    pub(crate) fn map(width: usize, height: usize, colour: impl Fn(f64, f64) -> [f32; 3]) -> Self {
        let mut rgb = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                rgb.extend(colour(x as f64 + 0.5, y as f64 + 0.5).map(byte));
            }
        }
        Self { width, height, rgb }
    }

    /// Blurred by a bell of `sigma` pixels.
    pub(crate) fn blur(self, sigma: f64) -> Self {
        self.blur_along(sigma, true).blur_along(sigma, false)
    }

    /// Blurred along rows or columns.
    pub(crate) fn blur_along(self, sigma: f64, rows: bool) -> Self {
        let reach = (sigma * 3.0).ceil() as usize;
        if reach == 0 || sigma < 0.05 {
            return self;
        }
        let bell: Vec<f32> = (0..=reach)
            .map(|i| (-((i * i) as f64) / (2.0 * sigma * sigma)).exp() as f32)
            .collect();
        let sum: f32 = bell[0] + 2.0 * bell[1..].iter().sum::<f32>();
        let bell: Vec<f32> = bell.iter().map(|b| b / sum).collect();
        let (lines, length, across) = if rows {
            (self.height, self.width, (self.width, 1))
        } else {
            (self.width, self.height, (1, self.width))
        };
        let mut rgb = self.rgb.clone();
        let mut line = vec![0.0_f32; length + 2 * reach];
        for l in 0..lines {
            for c in 0..3 {
                let place = |i: usize| (l * across.0 + i * across.1) * 3 + c;
                for (i, slot) in line.iter_mut().enumerate() {
                    let at = i.saturating_sub(reach).min(length - 1);
                    *slot = f32::from(self.rgb[place(at)]);
                }
                for i in 0..length {
                    let mut value = bell[0] * line[i + reach];
                    for (d, b) in bell.iter().enumerate().skip(1) {
                        value += b * (line[i + reach - d] + line[i + reach + d]);
                    }
                    rgb[place(i)] = byte(value);
                }
            }
        }
        Self { rgb, ..self }
    }

    /// Noise of a spread in levels of grey; the same in all three channels, or in each its own.
    pub(crate) fn noise(mut self, sigma: f64, coloured: bool, chance: &mut Chance) -> Self {
        // the sum of eight uniform 8-bit numbers has a spread of 209
        let scale = (sigma / 209.0) as f32;
        let mut draw = || {
            let sum: u32 = chance
                .next()
                .to_le_bytes()
                .iter()
                .map(|b| u32::from(*b))
                .sum();
            (sum as f32 - 1020.0) * scale
        };
        for pixel in self.rgb.chunks_exact_mut(3) {
            let same = draw();
            for value in pixel {
                let off = if coloured { draw() } else { same };
                *value = byte(f32::from(*value) + off);
            }
        }
        self
    }

    /// Every value changed by a rule of place and value.
    pub(crate) fn tone(mut self, rule: impl Fn(f64, f64, f32) -> f32) -> Self {
        for (i, pixel) in self.rgb.chunks_exact_mut(3).enumerate() {
            let (x, y) = ((i % self.width) as f64, (i / self.width) as f64);
            for value in pixel {
                *value = byte(rule(x, y, f32::from(*value)));
            }
        }
        self
    }

    /// Black and white of a print on a scanner: neither is quite so.
    pub(crate) fn ink(self, chance: &mut Chance) -> Self {
        let black = between(chance, 12.0, 50.0) as f32;
        let white = between(chance, 228.0, 252.0) as f32;
        let gamma = between(chance, 0.85, 1.2) as f32;
        let table: Vec<f32> = (0..256)
            .map(|v| black + (white - black) * (v as f32 / 255.0).powf(gamma))
            .collect();
        self.tone(|_, _, v| table[v as usize])
    }

    /// Through JPEG and back.
    pub(crate) fn jpeg(self, quality: u8) -> Self {
        let mut bytes = Vec::new();
        let (width, height) = (self.width as u32, self.height as u32);
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality)
            .encode(&self.rgb, width, height, image::ExtendedColorType::Rgb8)
            .unwrap();
        let read = image::ImageReader::with_format(Cursor::new(bytes), image::ImageFormat::Jpeg);
        let rgb = read.decode().unwrap().into_rgb8().into_raw();
        Self { rgb, ..self }
    }

    /// Grey by luma (ITU-R BT.601), still three channels.
    pub(crate) fn grey(mut self) -> Self {
        for pixel in self.rgb.chunks_exact_mut(3) {
            let luma = 0.299 * f32::from(pixel[0])
                + 0.587 * f32::from(pixel[1])
                + 0.114 * f32::from(pixel[2]);
            pixel.fill(byte(luma));
        }
        self
    }

    /// Two colours.
    pub(crate) fn two(self, limit: f32) -> Self {
        self.grey()
            .tone(|_, _, v| if v < limit { 0.0 } else { 255.0 })
    }

    /// As a picture in colour.
    pub(crate) fn into_colour(self) -> Picture {
        Picture::colour(self.width, self.height, self.rgb).unwrap()
    }

    /// As a picture in grey.
    pub(crate) fn into_grey(self) -> Picture {
        let grey = self.grey();
        let luma = grey.rgb.chunks_exact(3).map(|p| p[0]).collect();
        Picture::grey(grey.width, grey.height, luma).unwrap()
    }
}
