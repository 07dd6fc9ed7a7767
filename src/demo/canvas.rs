//! A picture in memory to draw on: fills, ellipses, slanted shapes, noise, and its JPEG.

use image::ExtendedColorType;
use image::codecs::jpeg::{JpegEncoder, PixelDensity};

/// Red, green, blue.
pub(super) type Colour = [u8; 3];

/// Seeded chance (splitmix64): the same seed gives the same numbers everywhere.
pub(super) struct Chance(u64);

impl Chance {
    /// A row of numbers.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed ^ 0x7361_6e6c_6961_6e00)
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where `end` is 0.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() >> 33).unwrap_or(0) % end.max(1)
    }
}

/// A colour between two, `part` of `whole` of the way.
pub(super) fn mix(from: Colour, to: Colour, part: u32, whole: u32) -> Colour {
    let part = part.min(whole);
    let blend = |a: u8, b: u8| {
        let sum = u32::from(a) * (whole - part) + u32::from(b) * part;
        u8::try_from(sum / whole.max(1)).unwrap_or(u8::MAX)
    };
    let [fr, fg, fb] = from;
    let [tr, tg, tb] = to;
    [blend(fr, tr), blend(fg, tg), blend(fb, tb)]
}

/// Eight-bit pixels, three bytes each, row by row.
pub(super) struct Canvas {
    pub(super) width: u32,
    pub(super) height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    /// A picture whose rows go from one colour to another.
    pub(super) fn new(width: u32, height: u32, top: Colour, bottom: Colour) -> Self {
        let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
        for y in 0..height {
            pixels.extend(mix(top, bottom, y, height).repeat(width as usize));
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Fills the pixels of a row from `left` up to `right`, cut to the picture.
    pub(super) fn run(&mut self, y: i64, left: i64, right: i64, colour: Colour) {
        let Ok(y) = usize::try_from(y) else {
            return;
        };
        let width = self.width as usize;
        let cut = |x: i64| usize::try_from(x).unwrap_or(0).min(width);
        let (left, right) = (cut(left), cut(right));
        let from = (y * width + left) * 3;
        let to = (y * width + right.max(left)) * 3;
        if let Some(row) = self.pixels.get_mut(from..to) {
            for pixel in row.as_chunks_mut::<3>().0 {
                *pixel = colour;
            }
        }
    }

    /// A rectangle whose rows go from one colour to another.
    pub(super) fn rect(&mut self, x: i64, y: i64, width: i64, height: i64, colours: [Colour; 2]) {
        let [top, bottom] = colours;
        let whole = u32::try_from(height).unwrap_or(1).max(1);
        for (row, part) in (y..y + height).zip(0..) {
            self.run(row, x, x + width, mix(top, bottom, part, whole));
        }
    }

    /// An ellipse about a centre.
    pub(super) fn ellipse(&mut self, x: i64, y: i64, half: [i64; 2], colour: Colour) {
        self.cut_ellipse(x, y, half, [-half[1], half[1]], colour);
    }

    /// The rows of an ellipse between two distances from its centre, downwards.
    pub(super) fn cut_ellipse(
        &mut self,
        x: i64,
        y: i64,
        half: [i64; 2],
        rows: [i64; 2],
        colour: Colour,
    ) {
        let [rx, ry] = half.map(|r| r.max(1));
        let [from, to] = rows.map(|r| r.clamp(-ry, ry));
        for dy in from..=to {
            let rest = (ry * ry - dy * dy) as f64 / (ry * ry) as f64;
            let dx = (rest.sqrt() * rx as f64).round() as i64;
            self.run(y + dy, x - dx, x + dx, colour);
        }
    }

    /// A shape with level top and bottom whose sides are straight: `[left, right]` above and below.
    pub(super) fn trapezium(
        &mut self,
        rows: [i64; 2],
        above: [i64; 2],
        below: [i64; 2],
        colour: Colour,
    ) {
        let [top, bottom] = rows;
        let height = (bottom - top).max(1);
        let at = |from: i64, to: i64, row: i64| from + (to - from) * (row - top) / height;
        for row in top..bottom {
            let left = at(above[0], below[0], row);
            let right = at(above[1], below[1], row);
            self.run(row, left, right, colour);
        }
    }

    /// Adds grey noise of up to `amplitude` to every pixel.
    pub(super) fn noisy(&self, amplitude: u8, chance: &mut Chance) -> Self {
        let mut pixels = self.pixels.clone();
        let span = u64::from(amplitude) * 2 + 1;
        let mut rest = 0_u64;
        for (n, pixel) in pixels.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            if n % 4 == 0 {
                rest = chance.next();
            }
            let up = i16::try_from(((rest & 0xffff) * span) >> 16).unwrap_or(0);
            rest >>= 16;
            for value in pixel {
                let grainy = i16::from(*value) + up - i16::from(amplitude);
                *value = u8::try_from(grainy.clamp(0, 255)).unwrap_or(0);
            }
        }
        Self { pixels, ..*self }
    }

    /// Half as wide and high, each pixel the mean of four.
    pub(super) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
        let stride = self.width as usize * 3;
        for rows in self.pixels.chunks_exact(stride * 2) {
            let (upper, lower) = rows.split_at(stride);
            let fours = upper
                .as_chunks::<6>()
                .0
                .iter()
                .zip(lower.as_chunks::<6>().0);
            for (a, b) in fours {
                let mean = |n: usize| {
                    let sum = [a[n], a[n + 3], b[n], b[n + 3]]
                        .map(u16::from)
                        .iter()
                        .sum::<u16>();
                    u8::try_from(sum / 4).unwrap_or(u8::MAX)
                };
                pixels.extend([mean(0), mean(1), mean(2)]);
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// The JPEG at a quality of 1 to 100; empty where the picture is larger than JPEG can be.
    pub(super) fn jpeg(&self, quality: u8, dpi: u16) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
        encoder.set_pixel_density(PixelDensity::dpi(dpi));
        let done = encoder.encode(
            &self.pixels,
            self.width,
            self.height,
            ExtendedColorType::Rgb8,
        );
        if done.is_err() {
            bytes.clear();
        }
        bytes
    }
}
