//! Further ways in which pages come back, beyond those that are asked for: what other scanners, pens, pockets and toners do to them.

use super::image::{Image, between};
use crate::chance::Chance;

/// What is done to a scan of 200 dots an inch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wear {
    /// In two colours by error diffusion (Floyd and Steinberg), as a fax in photo mode.
    Dithered,
    /// In two colours by a raster of 4 × 4 thresholds.
    Screened,
    /// Single pixels black or white.
    Salt,
    /// Grey ink on grey paper.
    Pale,
    /// Moved while it was scanned.
    Moved,
    /// Out of focus.
    Unsharp,
    /// Lines along the sheet, from dirt in the feeder.
    Streaks,
    /// Crumpled and smoothed out again.
    Crumpled,
    /// Toner that did not hold.
    Flaked,
    /// Lines of a pen across it.
    Scribbled,
}

impl Wear {
    /// Spoils a picture.
    pub(crate) fn of(self, image: Image, chance: &mut Chance) -> Image {
        match self {
            Self::Dithered => dithered(image),
            Self::Screened => screened(image),
            Self::Salt => {
                let share = between(chance, 0.03, 0.10);
                each(image, |_, _, v| match between(chance, 0.0, 1.0) {
                    n if n < share / 2.0 => 0.0,
                    n if n < share => 255.0,
                    _ => v,
                })
            }
            Self::Pale => {
                let paper = between(chance, 170.0, 235.0);
                let ink = paper - between(chance, 25.0, 60.0);
                each(image, |_, _, v| ink + (paper - ink) * v / 255.0)
            }
            Self::Moved => {
                let rows = chance.below(2) == 0;
                image.blur_along(between(chance, 1.2, 2.0), rows)
            }
            Self::Unsharp => image.blur(between(chance, 1.2, 1.8)),
            Self::Streaks => {
                let lines: Vec<(f64, f64, f64)> = (0..10 + chance.below(30))
                    .map(|_| {
                        let at = between(chance, 0.0, image.width as f64);
                        let ink = if chance.below(3) == 0 { 255.0 } else { 40.0 };
                        (at, between(chance, 0.5, 1.6), ink)
                    })
                    .collect();
                each(image, |x, _, v| {
                    let hit = lines.iter().find(|(at, half, _)| (x - at).abs() < *half);
                    hit.map_or(v, |(_, _, ink)| *ink)
                })
            }
            Self::Crumpled => crumpled(&image, chance),
            Self::Flaked => {
                let flakes = spots(&image, 900, (0.8, 2.6), chance);
                each(image, |x, y, v| match flakes.hit(x, y) {
                    true => v + (235.0 - v) * 0.85,
                    false => v,
                })
            }
            Self::Scribbled => {
                let (width, height) = (image.width as f64, image.height as f64);
                // sixty on a page
                let count = 3 + (60.0 * width * height / (1654.0 * 2339.0)) as u64;
                let strokes: Vec<[f64; 4]> = (0..count)
                    .map(|_| {
                        let (x, y) = (between(chance, 0.0, width), between(chance, 0.0, height));
                        let turn = between(chance, 0.0, std::f64::consts::TAU);
                        let long = between(chance, 60.0, 400.0);
                        [x, y, x + long * turn.cos(), y + long * turn.sin()]
                    })
                    .collect();
                stroked(image, &strokes, 1.6)
            }
        }
    }
}

/// Every pixel's grey by its place.
fn each(mut image: Image, mut value: impl FnMut(f64, f64, f64) -> f64) -> Image {
    let width = image.width;
    for (at, pixel) in image.rgb.chunks_exact_mut(3).enumerate() {
        let (x, y) = ((at % width) as f64 + 0.5, (at / width) as f64 + 0.5);
        let grey = pixel.iter().map(|v| f64::from(*v)).sum::<f64>() / 3.0;
        pixel.fill(value(x, y, grey).round().clamp(0.0, 255.0) as u8);
    }
    image
}

fn dithered(image: Image) -> Image {
    let (width, height) = (image.width, image.height);
    let mut owed = vec![0.0_f64; width * (height + 1) + 2];
    each(image, |x, y, v| {
        let at = y as usize * width + x as usize;
        let wanted = v + owed[at];
        let given = if wanted > 127.0 { 255.0 } else { 0.0 };
        let rest = wanted - given;
        owed[at + 1] += rest * 7.0 / 16.0;
        owed[at + width - 1] += rest * 3.0 / 16.0;
        owed[at + width] += rest * 5.0 / 16.0;
        owed[at + width + 1] += rest / 16.0;
        given
    })
}

fn screened(image: Image) -> Image {
    const RASTER: [[f64; 4]; 4] = [
        [0.0, 8.0, 2.0, 10.0],
        [12.0, 4.0, 14.0, 6.0],
        [3.0, 11.0, 1.0, 9.0],
        [15.0, 7.0, 13.0, 5.0],
    ];
    each(image, |x, y, v| {
        let limit = (RASTER[y as usize % 4][x as usize % 4] + 0.5) * 16.0;
        if v > limit { 255.0 } else { 0.0 }
    })
}

fn crumpled(image: &Image, chance: &mut Chance) -> Image {
    let waves: Vec<[f64; 5]> = (0..5)
        .map(|_| {
            let turn = between(chance, 0.0, std::f64::consts::TAU);
            let length = between(chance, 80.0, 320.0);
            let push = between(chance, 0.0, std::f64::consts::TAU);
            [
                turn.cos() / length,
                turn.sin() / length,
                between(chance, 0.0, std::f64::consts::TAU),
                between(chance, 0.4, 1.8),
                push,
            ]
        })
        .collect();
    Image::map(image.width, image.height, |x, y| {
        let (mut u, mut v, mut light) = (x, y, 1.0);
        for [a, b, phase, size, push] in &waves {
            let angle = (a * x + b * y) * std::f64::consts::TAU + phase;
            u += size * angle.sin() * push.cos();
            v += size * angle.sin() * push.sin();
            light += 0.04 * angle.cos();
        }
        let colour = image.at(u, v, [235.0; 3]);
        colour.map(|c| c * light as f32)
    })
}

struct Spots {
    width: usize,
    covered: Vec<bool>,
}

impl Spots {
    fn hit(&self, x: f64, y: f64) -> bool {
        let at = y as usize * self.width + x as usize;
        self.covered.get(at).copied().unwrap_or(false)
    }
}

/// Round spots, so many on a page of A4 at 200 dots an inch.
fn spots(image: &Image, on_page: u64, radius: (f64, f64), chance: &mut Chance) -> Spots {
    let (width, height) = (image.width, image.height);
    let count = on_page * 40 * (width * height) as u64 / (1654 * 2339);
    let mut covered = vec![false; width * height];
    for _ in 0..count {
        let (x, y) = (
            between(chance, 0.0, width as f64),
            between(chance, 0.0, height as f64),
        );
        let radius = between(chance, radius.0, radius.1);
        for v in (y - radius).max(0.0) as usize..((y + radius) as usize + 1).min(height) {
            for u in (x - radius).max(0.0) as usize..((x + radius) as usize + 1).min(width) {
                if (u as f64 + 0.5 - x).hypot(v as f64 + 0.5 - y) < radius {
                    covered[v * width + u] = true;
                }
            }
        }
    }
    Spots { width, covered }
}

fn stroked(mut image: Image, strokes: &[[f64; 4]], half: f64) -> Image {
    let (width, height) = (image.width, image.height);
    for [a, b, c, d] in strokes {
        let long = (c - a).hypot(d - b).max(1.0);
        let steps = (long * 2.0) as usize;
        for step in 0..=steps {
            let part = step as f64 / steps as f64;
            let (x, y) = (a + part * (c - a), b + part * (d - b));
            for v in (y - half).max(0.0) as usize..((y + half).max(0.0) as usize + 1).min(height) {
                for u in (x - half).max(0.0) as usize..((x + half).max(0.0) as usize + 1).min(width)
                {
                    if (u as f64 + 0.5 - x).hypot(v as f64 + 0.5 - y) < half {
                        let at = (v * width + u) * 3;
                        image.rgb[at..at + 3].fill(60);
                    }
                }
            }
        }
    }
    image
}
