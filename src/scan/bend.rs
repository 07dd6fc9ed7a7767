//! How paper bends under a symbol: a lattice of places, each moved to where the modules about it are told apart best. It begins at the
//! patterns that are sure and goes on from neighbour to neighbour, so that a curl or a fold between two patterns is followed.

use super::fit::{Seat, Shift};
use super::plane::Plane;
use super::warp::{Point, distance};

/// Modules between two places of the lattice.
const STEP: f32 = 4.0;
/// Modules to each side of a place that are looked at.
const ABOUT: i32 = 3;
/// How much a place that is half a module from where its neighbours say must be better.
const STIFF: f32 = 0.10;

/// How far each part of a symbol is off its seat.
#[derive(Clone, Debug)]
pub(super) struct Lattice {
    /// Places a row.
    count: usize,
    /// How far each is off, in modules, row by row.
    offs: Vec<Point>,
}

impl Lattice {
    /// How far a place is off, between the four about it.
    pub(super) fn off(&self, (x, y): Point) -> Point {
        let last = self.count.saturating_sub(1) as f32;
        let (u, v) = ((x / STEP).clamp(0.0, last), (y / STEP).clamp(0.0, last));
        let (left, top) = (u as usize, v as usize);
        let (right, low) = (
            (left + 1).min(self.count - 1),
            (top + 1).min(self.count - 1),
        );
        let (fx, fy) = (u - left as f32, v - top as f32);
        let pick = |x: usize, y: usize| {
            let off = self.offs.get(y * self.count + x);
            off.copied().unwrap_or_default()
        };
        let mix = |a: Point, b: Point, f: f32| (a.0 + f * (b.0 - a.0), a.1 + f * (b.1 - a.1));
        let upper = mix(pick(left, top), pick(right, top), fx);
        let lower = mix(pick(left, low), pick(right, low), fx);
        mix(upper, lower, fy)
    }

    /// Follows the paper from the sure patterns on. None where there is no sure pattern.
    pub(super) fn follow(plane: &Plane, seat: &Seat, shifts: &[Shift]) -> Option<Self> {
        if shifts.is_empty() {
            return None;
        }
        let count = (seat.form.side as f32 / STEP).ceil() as usize + 1;
        let place = |at: usize| ((at % count) as f32 * STEP, (at / count) as f32 * STEP);
        let nearest = |at: usize| {
            let apart = |s: &&Shift| distance(s.middle, place(at));
            shifts
                .iter()
                .min_by(|a, b| apart(a).total_cmp(&apart(b)))
                .map(|s| (apart(&s), s.off))
        };
        let mut order: Vec<(f32, usize, Point)> = (0..count * count)
            .filter_map(|at| nearest(at).map(|(apart, off)| (apart, at, off)))
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut offs: Vec<Option<Point>> = vec![None; count * count];
        for (apart, at, off) in order {
            let wanted = match apart < STEP * 0.75 {
                true => off,
                false => ahead(&offs, count, at).unwrap_or(off),
            };
            let found = best(plane, seat, place(at), wanted, (4, 0.125));
            if let Some(slot) = offs.get_mut(at) {
                *slot = Some(found);
            }
        }
        let mut lattice = Self {
            count,
            offs: offs.into_iter().map(Option::unwrap_or_default).collect(),
        };
        for _ in 0..2 {
            let before = lattice.offs.clone();
            for at in 0..count * count {
                let mean = mean_about(&before, count, at);
                let found = best(plane, seat, place(at), mean, (3, 0.08));
                if let Some(slot) = lattice.offs.get_mut(at) {
                    *slot = found;
                }
            }
        }
        Some(lattice)
    }
}

/// What the places that are known already say of one: straight on where two in line are known, else the mean of those about it.
fn ahead(offs: &[Option<Point>], count: usize, at: usize) -> Option<Point> {
    let (x, y) = ((at % count) as i32, (at / count) as i32);
    let pick = |dx: i32, dy: i32| {
        let (u, v) = (x + dx, y + dy);
        let inside = |p: i32| (0..count as i32).contains(&p);
        (inside(u) && inside(v))
            .then(|| offs.get(v as usize * count + u as usize).copied().flatten())
            .flatten()
    };
    let (mut sum, mut weights) = ((0.0, 0.0), 0.0);
    for dy in -1..=1 {
        for dx in -1..=1 {
            let Some(near) = pick(dx, dy).filter(|_| (dx, dy) != (0, 0)) else {
                continue;
            };
            let far = pick(2 * dx, 2 * dy);
            // half of the way on: a whole one runs away with noise
            let on = far.map_or(near, |far| {
                (
                    near.0 + 0.6 * (near.0 - far.0),
                    near.1 + 0.6 * (near.1 - far.1),
                )
            });
            let weight = if dx == 0 || dy == 0 { 1.0 } else { 0.6 };
            sum.0 += weight * on.0;
            sum.1 += weight * on.1;
            weights += weight;
        }
    }
    (weights > 0.0).then(|| (sum.0 / weights, sum.1 / weights))
}

fn mean_about(offs: &[Point], count: usize, at: usize) -> Point {
    let (x, y) = (at % count, at / count);
    let (mut sum, mut number) = ((0.0, 0.0), 0.0);
    for v in y.saturating_sub(1)..(y + 2).min(count) {
        for u in x.saturating_sub(1)..(x + 2).min(count) {
            let off = offs.get(v * count + u).copied().unwrap_or_default();
            sum.0 += off.0;
            sum.1 += off.1;
            number += 1.0;
        }
    }
    (sum.0 / number, sum.1 / number)
}

/// The place near `wanted` at which the modules about a place are told apart best.
fn best(
    plane: &Plane,
    seat: &Seat,
    place: Point,
    wanted: Point,
    (reach, step): (i32, f32),
) -> Point {
    let mut best = (f32::MIN, wanted);
    for down in -reach..=reach {
        for across in -reach..=reach {
            let moved = (across as f32 * step, down as f32 * step);
            let off = (wanted.0 + moved.0, wanted.1 + moved.1);
            let stiff = STIFF * (moved.0 * moved.0 + moved.1 * moved.1) * 4.0;
            let worth = told_apart(plane, seat, place, off) * (1.0 - stiff);
            if worth > best.0 {
                best = (worth, off);
            }
        }
    }
    best.1
}

/// How far the modules about a place are from their mean: most where they are met in their middles.
fn told_apart(plane: &Plane, seat: &Seat, (x, y): Point, off: Point) -> f32 {
    let side = seat.form.side as i32;
    let (left, top) = (x as i32, y as i32);
    let mut values = [0.0_f32; 64];
    let mut count = 0;
    for v in (top - ABOUT).max(0)..(top + ABOUT + 1).min(side) {
        for u in (left - ABOUT).max(0)..(left + ABOUT + 1).min(side) {
            let (px, py) = seat
                .warp
                .at((u as f32 + 0.5 + off.0, v as f32 + 0.5 + off.1));
            if let Some(slot) = values.get_mut(count) {
                *slot = plane.at(px, py);
                count += 1;
            }
        }
    }
    let values = values.get(..count).unwrap_or_default();
    let mean = values.iter().sum::<f32>() / count.max(1) as f32;
    values.iter().map(|v| (v - mean).abs()).sum::<f32>() / count.max(1) as f32
}
