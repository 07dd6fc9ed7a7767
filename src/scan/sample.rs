//! The grey of a symbol's modules, read where the paper has moved them: flat, curled, folded, or followed from place to place.

use super::bend::Lattice;
use super::fit::{Seat, Shift};
use super::plane::Plane;
use super::warp::{Homography, Point, distance};

/// How the places of modules between the patterns follow from the patterns' shifts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bend<'a> {
    /// Not at all: the seat as it is.
    Flat,
    /// Gradually, as curled paper.
    Smooth(&'a [Shift]),
    /// Each with the nearest pattern, as folded paper.
    Folded(&'a [Shift]),
    /// As the paper was followed from pattern to pattern.
    Followed(&'a Lattice),
}

/// The grey of every module of a seat.
pub(super) fn sample(plane: &Plane, seat: &Seat, bend: Bend<'_>) -> Vec<f32> {
    let side = seat.form.side;
    let mut values = Vec::with_capacity(side * side);
    for y in 0..side {
        for x in 0..side {
            let middle = (x as f32 + 0.5, y as f32 + 0.5);
            let off = bend.off(middle);
            values.push(module(
                plane,
                &seat.warp,
                (middle.0 + off.0, middle.1 + off.1),
            ));
        }
    }
    values
}

/// The grey of a module about its middle.
pub(super) fn module(plane: &Plane, warp: &Homography, (x, y): Point) -> f32 {
    const AROUND: [Point; 5] = [
        (0.0, 0.0),
        (-0.22, -0.22),
        (0.22, -0.22),
        (-0.22, 0.22),
        (0.22, 0.22),
    ];
    let sum: f32 = AROUND
        .iter()
        .map(|(dx, dy)| {
            let (u, v) = warp.at((x + dx, y + dy));
            plane.at(u, v)
        })
        .sum();
    sum / AROUND.len() as f32
}

impl Bend<'_> {
    /// How far off a place is.
    pub(super) fn off(self, middle: Point) -> Point {
        match self {
            Bend::Flat => (0.0, 0.0),
            Bend::Smooth(shifts) => by_patterns(middle, shifts, |near| near.powi(2)),
            Bend::Folded(shifts) => by_patterns(middle, shifts, |near| near.powi(6) * 1e6),
            Bend::Followed(lattice) => lattice.off(middle),
        }
    }
}

/// How far off a place is by the patterns about it, each weighed by its nearness.
fn by_patterns(middle: Point, shifts: &[Shift], weigh: impl Fn(f32) -> f32) -> Point {
    let (mut x, mut y, mut weights) = (0.0, 0.0, 1e-9_f32);
    for shift in shifts {
        let near = 1.0 / (distance(middle, shift.middle).powi(2) + 4.0);
        let weight = shift.sure * weigh(near);
        x += weight * shift.off.0;
        y += weight * shift.off.1;
        weights += weight;
    }
    (x / weights, y / weights)
}
