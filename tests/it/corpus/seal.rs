//! An official seal of 42 mm: a ring, a star, the unit's name along the ring as strokes, a line of characters below. Its ink is uneven.

use super::image::{Image, between, happens};
use crate::chance::Chance;

/// A stroke: from, to and half its width in mm from the seal's middle.
type Stroke = ((f64, f64), (f64, f64), f64);

/// A seal as pressed.
pub(crate) struct Seal {
    middle: (f64, f64),
    turn: f64,
    strokes: Vec<Stroke>,
    /// Ink of the three channels, 0 to 1.
    ink: [f32; 3],
    strength: f64,
    /// Uneven pressure: a lattice of strengths, 2 mm apart.
    grain: Vec<f32>,
}

const GRAIN: usize = 192;

impl Seal {
    /// Pressed within `off` mm of a point.
    pub(crate) fn near(point: (f64, f64), off: f64, chance: &mut Chance) -> Self {
        let turn = between(chance, 0.0, std::f64::consts::TAU);
        let distance = between(chance, 0.0, off);
        let middle = (
            point.0 + distance * turn.cos(),
            point.1 + distance * turn.sin(),
        );
        let mut strokes = Vec::new();
        let mut glyph =
            |x: f64, y: f64, angle: f64, width: f64, height: f64, chance: &mut Chance| {
                let place = |u: f64, v: f64| {
                    let (u, v) = (u * width, v * height);
                    let (sine, cosine) = angle.sin_cos();
                    (x + u * cosine - v * sine, y + u * sine + v * cosine)
                };
                for _ in 0..5 + chance.below(4) {
                    let at = between(chance, -0.5, 0.5);
                    let (from, to) = (between(chance, -0.5, -0.1), between(chance, 0.1, 0.5));
                    let half = between(chance, 0.2, 0.35);
                    strokes.push(if happens(chance, 0.55) {
                        (place(from, at), place(to, at), half)
                    } else {
                        (place(at, from), place(at, to), half)
                    });
                }
            };
        let count = 9 + chance.below(6);
        for i in 0..count {
            let angle = (-1.0 + 2.0 * (i as f64 + 0.5) / count as f64) * 2.2;
            let (x, y) = (15.8 * angle.sin(), -15.8 * angle.cos());
            glyph(x, y, angle, 3.4, 5.0, chance);
        }
        for i in 0..6 {
            glyph((f64::from(i) - 2.5) * 3.0, 11.5, 0.0, 2.6, 3.2, chance);
        }
        let ink = [
            between(chance, 0.80, 0.96),
            between(chance, 0.08, 0.28),
            between(chance, 0.10, 0.32),
        ];
        Self {
            middle,
            turn: between(chance, -0.6, 0.6),
            strokes,
            ink: ink.map(|v| v as f32),
            strength: between(chance, 0.6, 0.98),
            grain: (0..GRAIN * GRAIN)
                .map(|_| between(chance, 0.55, 1.0) as f32)
                .collect(),
        }
    }

    /// Ink at a point of the page in mm, 0 to 1.
    fn cover(&self, x: f64, y: f64) -> f32 {
        let (u, v) = (x - self.middle.0, y - self.middle.1);
        let (sine, cosine) = self.turn.sin_cos();
        let (x, y) = (u * cosine + v * sine, v * cosine - u * sine);
        let radius = x.hypot(y);
        if radius > 21.2 {
            return 0.0;
        }
        let edge = |inside: f64| (0.5 + inside / 0.08).clamp(0.0, 1.0);
        let mut cover = edge(0.6 - (radius - 20.4).abs());
        cover = cover.max(edge(star(x, y)));
        for (from, to, half) in &self.strokes {
            if cover < 1.0 {
                cover = cover.max(edge(half - to_segment((x, y), *from, *to)));
            }
        }
        if cover == 0.0 {
            return 0.0;
        }
        let (gx, gy) = ((u + 24.0) * 3.0, (v + 24.0) * 3.0);
        let (left, top) = ((gx as usize).min(GRAIN - 2), (gy as usize).min(GRAIN - 2));
        let (fx, fy) = ((gx - left as f64) as f32, (gy - top as f64) as f32);
        let pick = |x: usize, y: usize| self.grain[y * GRAIN + x];
        let upper = pick(left, top) * (1.0 - fx) + pick(left + 1, top) * fx;
        let lower = pick(left, top + 1) * (1.0 - fx) + pick(left + 1, top + 1) * fx;
        (cover * self.strength) as f32 * (upper * (1.0 - fy) + lower * fy)
    }

    /// Presses the seal on a picture; `to_mm` says where on the page a pixel is.
    pub(crate) fn press(&self, mut image: Image, to_mm: impl Fn(f64, f64) -> (f64, f64)) -> Image {
        for y in 0..image.height {
            for x in 0..image.width {
                let (u, v) = to_mm(x as f64 + 0.5, y as f64 + 0.5);
                if (u - self.middle.0).abs() > 21.3 || (v - self.middle.1).abs() > 21.3 {
                    continue;
                }
                let cover = self.cover(u, v);
                if cover > 0.0 {
                    let at = (y * image.width + x) * 3;
                    for (value, ink) in image.rgb[at..at + 3].iter_mut().zip(self.ink) {
                        let kept = 1.0 - cover * (1.0 - ink);
                        *value = (f32::from(*value) * kept).round() as u8;
                    }
                }
            }
        }
        image
    }
}

/// How far inside the star of 7 mm a point is, negative outside.
fn star(x: f64, y: f64) -> f64 {
    let radius = x.hypot(y);
    if radius > 7.0 {
        return -1.0;
    }
    let fifth = std::f64::consts::TAU / 5.0;
    let angle = (x.atan2(-y).rem_euclid(fifth) - fifth / 2.0).abs();
    // from the inner corner (2.67 mm) at half a fifth to the tip at none
    let (px, py) = (
        radius * (fifth / 2.0 - angle).cos(),
        radius * (fifth / 2.0 - angle).sin(),
    );
    let (ix, iy) = (2.67 * (fifth / 2.0).cos(), 2.67 * (fifth / 2.0).sin());
    let (dx, dy) = (ix - 7.0, iy);
    -((px - 7.0) * dy - py * dx) / dx.hypot(dy)
}

fn to_segment(point: (f64, f64), from: (f64, f64), to: (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let along = ((point.0 - from.0) * dx + (point.1 - from.1) * dy) / (dx * dx + dy * dy).max(1e-9);
    let along = along.clamp(0.0, 1.0);
    (point.0 - from.0 - along * dx).hypot(point.1 - from.1 - along * dy)
}
