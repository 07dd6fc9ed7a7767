//! Planes of grey and what the ladder makes of them: shrunk, stretched, smoothed, sharpened, cut out. Every step takes a time
//! in proportion to its pixels.

use crate::pictures::Picture;

use super::warp::Point;

/// A plane of grey, row by row.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) luma: Vec<u8>,
}

/// Catmull-Rom weights of the four neighbours of a point a quarter of a pixel behind the second, in 128ths.
const QUARTER: [i32; 4] = [-9, 111, 29, -3];

impl Plane {
    /// Pixels.
    pub(super) fn pixels(&self) -> usize {
        self.luma.len()
    }

    /// Whether it is of two colours, as a fax is; looked at in some thousand places.
    pub(super) fn is_two_valued(&self) -> bool {
        let step = (self.luma.len() / 4096).max(1) | 1;
        let extreme = |v: &u8| *v < 16 || *v > 239;
        self.luma.iter().step_by(step).all(extreme)
    }

    /// Changes of colour from row to row for each from column to column, in every fourth row; of a plane of two colours.
    pub(super) fn slope(&self) -> f32 {
        let changes = |a: &[u8], b: &[u8]| {
            let pairs = a.iter().zip(b);
            pairs.filter(|(a, b)| (**a < 128) != (**b < 128)).count()
        };
        let (mut across, mut down) = (1, 1);
        for y in (1..self.height).step_by(4) {
            let row = self.row(y);
            across += changes(row, row.get(1..).unwrap_or_default());
            down += changes(row, self.row(y - 1));
        }
        down as f32 / across as f32
    }

    /// With all levels from black to white where only a part of them is used, as of grey ink on grey paper; told by a sample.
    pub(super) fn stretched(self) -> Self {
        /// Levels between ink and paper from which a plane is good as it is, and below which there is nothing on it.
        const GOOD: usize = 90;
        const NOTHING: usize = 16;
        let step = (self.luma.len() / 65_536).max(1) | 1;
        let mut counts = [0_usize; 256];
        for v in self.luma.iter().step_by(step) {
            if let Some(count) = counts.get_mut(usize::from(*v)) {
                *count += 1;
            }
        }
        let all: usize = counts.iter().sum();
        // one pixel of two hundred may be anything
        let edge = all / 200;
        let reached = |sum: &mut usize, count: &usize| {
            *sum += count;
            Some(*sum)
        };
        let low = counts.iter().scan(0, reached).position(|s| s > edge);
        let high = counts.iter().rev().scan(0, reached).position(|s| s > edge);
        let (Some(low), Some(high)) = (low, high.map(|h| 255 - h)) else {
            return self;
        };
        let range = high.saturating_sub(low);
        if !(NOTHING..GOOD).contains(&range) {
            return self;
        }
        let level = |v: usize| (v.saturating_sub(low) * 255 / range).min(255);
        let levels: Vec<u8> = (0..256)
            .map(|v| u8::try_from(level(v)).unwrap_or(255))
            .collect();
        let luma = self.luma.iter();
        let luma = luma.map(|v| levels.get(usize::from(*v)).copied().unwrap_or(*v));
        Self {
            luma: luma.collect(),
            ..self
        }
    }

    /// Whether more of it is dark than light, told by a sample.
    fn is_mostly_dark(&self) -> bool {
        let step = (self.luma.len() / 65_536).max(1) | 1;
        let sample = self.luma.iter().step_by(step);
        let (all, dark) = sample.fold((0, 0), |(all, dark), v| {
            (all + 1, dark + usize::from(*v < 96))
        });
        dark * 2 > all
    }

    /// With dark and light exchanged.
    fn negative(&self) -> Self {
        Self {
            luma: self.luma.iter().map(|v| 255 - v).collect(),
            ..*self
        }
    }

    /// A row; empty where there is none.
    pub(super) fn row(&self, y: usize) -> &[u8] {
        self.luma
            .get(y * self.width..(y + 1) * self.width)
            .unwrap_or_default()
    }

    /// The grey at a point in pixels (the middle of the first pixel is 0.5, 0.5), between its four neighbours; the border
    /// goes on for ever.
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let limit = |v: f32, end: usize| (v - 0.5).clamp(0.0, end.saturating_sub(1) as f32);
        let (x, y) = (limit(x, self.width), limit(y, self.height));
        let (left, top) = (x as usize, y as usize);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let right = usize::from(left + 1 < self.width);
        let down = if top + 1 < self.height { self.width } else { 0 };
        let start = top * self.width + left;
        let pick = |at: usize| f32::from(self.luma.get(at).copied().unwrap_or(255));
        let upper = pick(start) + fx * (pick(start + right) - pick(start));
        let lower = pick(start + down) + fx * (pick(start + down + right) - pick(start + down));
        upper + fy * (lower - upper)
    }

    /// The mean of squares of `by * by` pixels; what does not fill a square is cut off.
    pub(super) fn shrink(&self, by: usize) -> Self {
        let (width, height) = (self.width / by, self.height / by);
        let area = u32::try_from(by * by).unwrap_or(1);
        let mut luma = Vec::with_capacity(width * height);
        let mut sums = vec![0_u32; width];
        for y in 0..height {
            sums.fill(0);
            for line in 0..by {
                let row = self.row(y * by + line).chunks_exact(by);
                for (sum, square) in sums.iter_mut().zip(row) {
                    *sum += square.iter().map(|v| u32::from(*v)).sum::<u32>();
                }
            }
            luma.extend(sums.iter().map(|s| byte((s / area).cast_signed())));
        }
        Self {
            width,
            height,
            luma,
        }
    }

    /// Twice as wide, by Catmull-Rom.
    pub(super) fn widen(&self) -> Self {
        let mut luma = Vec::with_capacity(self.luma.len() * 2);
        for y in 0..self.height {
            let row = self.row(y);
            let pick = |x: usize, back: usize, ahead: usize| {
                let at = (x + ahead).saturating_sub(back).min(self.width - 1);
                i32::from(row.get(at).copied().unwrap_or(255))
            };
            for x in 0..self.width {
                let near = [
                    pick(x, 2, 0),
                    pick(x, 1, 0),
                    pick(x, 0, 0),
                    pick(x, 0, 1),
                    pick(x, 0, 2),
                ];
                let [a, b, c, d, e] = near;
                luma.push(mix(QUARTER, [d, c, b, a]));
                luma.push(mix(QUARTER, [b, c, d, e]));
            }
        }
        Self {
            width: self.width * 2,
            height: self.height,
            luma,
        }
    }

    /// Twice as high, by Catmull-Rom.
    pub(super) fn heighten(&self) -> Self {
        let mut luma = Vec::with_capacity(self.luma.len() * 2);
        let last = self.height.saturating_sub(1);
        for y in 0..self.height {
            let rows = [
                self.row(y.saturating_sub(2)),
                self.row(y.saturating_sub(1)),
                self.row(y),
                self.row((y + 1).min(last)),
                self.row((y + 2).min(last)),
            ];
            let [a, b, c, d, e] = rows;
            for four in [[d, c, b, a], [b, c, d, e]] {
                let [p, q, r, s] = four;
                let columns = p.iter().zip(q).zip(r.iter().zip(s));
                luma.extend(
                    columns.map(|((p, q), (r, s))| mix(QUARTER, [*p, *q, *r, *s].map(i32::from))),
                );
            }
        }
        Self {
            width: self.width,
            height: self.height * 2,
            luma,
        }
    }

    /// Smoothed by a bell of σ 1 pixel (1 4 6 4 1 in both directions).
    pub(super) fn smooth(&self) -> Self {
        let mut across = Vec::with_capacity(self.luma.len());
        for y in 0..self.height {
            let row = self.row(y);
            let pick = |x: usize| i32::from(row.get(x.min(self.width - 1)).copied().unwrap_or(255));
            across.extend((0..self.width).map(|x| {
                let (a, b) = (pick(x.saturating_sub(2)), pick(x.saturating_sub(1)));
                bell([a, b, pick(x), pick(x + 1), pick(x + 2)])
            }));
        }
        let across = Self {
            luma: across,
            ..*self
        };
        let last = self.height.saturating_sub(1);
        let mut luma = Vec::with_capacity(self.luma.len());
        for y in 0..self.height {
            let [a, b, c, d, e] = [
                across.row(y.saturating_sub(2)),
                across.row(y.saturating_sub(1)),
                across.row(y),
                across.row((y + 1).min(last)),
                across.row((y + 2).min(last)),
            ];
            let columns = a.iter().zip(b).zip(c.iter().zip(d)).zip(e);
            luma.extend(
                columns.map(|(((a, b), (c, d)), e)| bell([*a, *b, *c, *d, *e].map(i32::from))),
            );
        }
        Self { luma, ..*self }
    }

    /// Sharpened: what smoothing takes away is added one and a half times.
    pub(super) fn sharpen(&self) -> Self {
        let soft = self.smooth();
        let pairs = self.luma.iter().zip(&soft.luma);
        let luma = pairs
            .map(|(v, s)| {
                let (v, s) = (i32::from(*v), i32::from(*s));
                byte(v + (v - s) * 3 / 2)
            })
            .collect();
        Self { luma, ..*self }
    }

    /// The part about four corners and a margin, all in pixels, and its origin.
    pub(super) fn about(&self, corners: &[Point; 4], margin: f32) -> (Self, Point) {
        let low = |pick: fn(&Point) -> f32| {
            let least = corners.iter().map(pick).fold(f32::MAX, f32::min);
            (least - margin).max(0.0) as usize
        };
        let high = |pick: fn(&Point) -> f32| {
            let most = corners.iter().map(pick).fold(0.0, f32::max);
            (most + margin).max(0.0) as usize
        };
        let from = (low(|c| c.0), low(|c| c.1));
        let to = (high(|c| c.0), high(|c| c.1));
        (self.crop(from, to), (from.0 as f32, from.1 as f32))
    }

    /// The part between two corners in pixels, cut at the border of the plane.
    fn crop(&self, from: (usize, usize), to: (usize, usize)) -> Self {
        let (left, right) = (from.0.min(self.width), to.0.min(self.width));
        let (top, bottom) = (from.1.min(self.height), to.1.min(self.height));
        let width = right.saturating_sub(left);
        let mut luma = Vec::with_capacity(width * bottom.saturating_sub(top));
        for y in top..bottom {
            luma.extend_from_slice(self.row(y).get(left..right).unwrap_or_default());
        }
        Self {
            width,
            height: luma.len().checked_div(width).unwrap_or(0),
            luma,
        }
    }
}

fn mix(weights: [i32; 4], values: [i32; 4]) -> u8 {
    let sum: i32 = weights.iter().zip(values).map(|(w, v)| w * v).sum();
    byte((sum + 64) >> 7)
}

fn bell([a, b, c, d, e]: [i32; 5]) -> u8 {
    byte((a + 4 * b + 6 * c + 4 * d + e + 8) >> 4)
}

fn byte(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(255)
}

/// The planes in which marks are looked for, the likeliest first: of a colour picture the red channel, in which a red seal is as
/// white as the paper, then grey, green and blue; none of them where it is the same as the red.
pub(super) fn planes(picture: &Picture) -> impl Iterator<Item = Plane> + '_ {
    let count = if picture.is_colour() && is_coloured(picture) {
        4
    } else {
        1
    };
    (0..count).map(|which| plane(picture, which).stretched())
}

/// The planes, and before each of a picture that is mostly dark its negative: a scan with light ink on dark paper.
pub(super) fn planes_and_negatives(picture: &Picture) -> impl Iterator<Item = Plane> + '_ {
    planes(picture).flat_map(|plane| {
        let negative = plane.is_mostly_dark().then(|| plane.negative());
        negative.into_iter().chain(std::iter::once(plane))
    })
}

/// Whether a sample of the pixels has a colour.
fn is_coloured(picture: &Picture) -> bool {
    let pixels = picture.samples().chunks_exact(3);
    let coloured = |p: &&[u8]| {
        p.iter()
            .max()
            .zip(p.iter().min())
            .is_some_and(|(a, b)| a - b > 40)
    };
    pixels.step_by(7).any(|p| coloured(&p))
}

fn plane(picture: &Picture, which: usize) -> Plane {
    let pixels = picture.samples().chunks_exact(3);
    let luma = match which {
        _ if !picture.is_colour() => picture.samples().to_vec(),
        1 => pixels.map(grey).collect(),
        0 => pixels.filter_map(|p| p.first().copied()).collect(),
        2 => pixels.filter_map(|p| p.get(1).copied()).collect(),
        _ => pixels.filter_map(|p| p.get(2).copied()).collect(),
    };
    Plane {
        width: picture.width(),
        height: picture.height(),
        luma,
    }
}

/// The luma of a pixel (ITU-R BT.601).
fn grey(pixel: &[u8]) -> u8 {
    let [r, g, b] = [0, 1, 2].map(|i| pixel.get(i).copied().map_or(0, u32::from));
    u8::try_from((r * 77 + g * 150 + b * 29) >> 8).unwrap_or(255)
}
