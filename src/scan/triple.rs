//! Which finder patterns belong together: three at the corners of a square, or two of three where the third is damaged.

use super::code::SIDES;
use super::finder::Finder;
use super::warp::{Point, distance};

/// Three finder patterns of one symbol: top left, top right, bottom left as seen from the front of the paper.
#[derive(Clone, Copy, Debug)]
pub(super) struct Triple {
    pub(super) middles: [Point; 3],
    /// Pixels a module.
    pub(super) module: f32,
    /// Modules a side, guessed from lengths.
    pub(super) side: f32,
    /// How far it is from a square with corners of one size; 0 is best.
    fault: f32,
}

/// Most triples that are looked at.
const MOST: usize = 40;
/// Modules between the middles of two finder patterns: versions 1 to 40.
const LEGS: std::ops::Range<f32> = 11.0..190.0;

/// Pixels a module of a finder pattern, seen along a direction.
fn module(finder: &Finder, along: (f32, f32)) -> f32 {
    let (x, y) = (along.0.abs(), along.1.abs());
    // runs across a turned square are longer by the cosine of the turn
    let cosine = x.max(y) / x.hypot(y).max(1e-6);
    f32::midpoint(finder.width, finder.height) / 7.0 * cosine
}

impl Triple {
    fn of(corner: &Finder, one: &Finder, two: &Finder) -> Option<Self> {
        let arm = |f: &Finder| (f.middle.0 - corner.middle.0, f.middle.1 - corner.middle.1);
        let (a, b) = (arm(one), arm(two));
        let (p, q) = (a.0.hypot(a.1), b.0.hypot(b.1));
        let cosine = (a.0 * b.0 + a.1 * b.1) / (p * q).max(1e-6);
        let ratio = (p / q.max(1e-6)).ln().abs();
        if cosine.abs() > 0.5 || ratio > 0.5 {
            return None;
        }
        let sizes = [module(corner, a), module(one, a), module(two, b)];
        let [x, y, z] = sizes;
        let mean = (x + y + z) / 3.0;
        let uneven = sizes
            .iter()
            .map(|s| (s / mean).ln().abs())
            .fold(0.0, f32::max);
        let leg = f32::midpoint(p, q) / mean.max(1e-6);
        if uneven > 0.4 || !LEGS.contains(&leg) {
            return None;
        }
        let (right, below) = if a.0 * b.1 - a.1 * b.0 > 0.0 {
            (one, two)
        } else {
            (two, one)
        };
        Some(Self {
            middles: [corner.middle, right.middle, below.middle],
            module: mean,
            side: leg + 7.0,
            fault: cosine.abs() + ratio + uneven,
        })
    }

    /// The four outer corners that a square over the three finder patterns has.
    pub(super) fn corners(&self) -> [Point; 4] {
        let [a, b, c] = self.middles;
        let legs = (self.side - 7.0).max(1.0);
        let across = ((b.0 - a.0) / legs, (b.1 - a.1) / legs);
        let down = ((c.0 - a.0) / legs, (c.1 - a.1) / legs);
        let at = |x: f32, y: f32| {
            (
                a.0 + (x - 3.5) * across.0 + (y - 3.5) * down.0,
                a.1 + (x - 3.5) * across.1 + (y - 3.5) * down.1,
            )
        };
        let side = self.side;
        [at(0.0, 0.0), at(side, 0.0), at(side, side), at(0.0, side)]
    }

    /// Sides of marks that it may have, the likeliest first.
    pub(super) fn sides(&self) -> Vec<usize> {
        let off = |side: usize| (side as f32 - self.side).abs();
        let mut sides: Vec<usize> = SIDES.into_iter().filter(|s| off(*s) < 7.0).collect();
        sides.sort_by(|a, b| off(*a).total_cmp(&off(*b)));
        sides
    }
}

/// Triples of finder patterns, the likeliest first.
pub(super) fn triples(finders: &[Finder]) -> Vec<Triple> {
    let mut found: Vec<Triple> = Vec::new();
    for corner in finders {
        let partners: Vec<&Finder> = finders
            .iter()
            .filter(|f| {
                let alike = (f.width / corner.width).ln().abs() < 0.6;
                let legs = distance(f.middle, corner.middle) * 7.0 / corner.width;
                alike && LEGS.contains(&legs)
            })
            .collect();
        for (i, one) in partners.iter().enumerate() {
            let others = partners.iter().skip(i + 1);
            found.extend(others.filter_map(|two| Triple::of(corner, one, two)));
        }
        if found.len() > 64 * MOST {
            found.sort_by(|a, b| a.fault.total_cmp(&b.fault));
            found.truncate(MOST);
        }
    }
    found.sort_by(|a, b| a.fault.total_cmp(&b.fault));
    found.truncate(MOST);
    found
}

/// A finder pattern that may be damaged: its middle, pixels a module there, and how sure it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct LikelyFinder {
    pub(super) middle: Point,
    pub(super) module: f32,
    pub(super) sure: f32,
}

impl LikelyFinder {
    /// As a whole finder pattern that lies turned by so many degrees.
    pub(super) fn as_finder(&self, turn: f32) -> Finder {
        let (sine, cosine) = turn.to_radians().sin_cos();
        let extent = 7.0 * self.module / sine.abs().max(cosine.abs());
        Finder {
            middle: self.middle,
            width: extent,
            height: extent,
            hits: 1,
        }
    }
}

/// Places of the three finder patterns that two of them allow, for a side: `[top left, top right, bottom left]`.
pub(super) fn from_two(a: Point, b: Point, diagonal: bool) -> Vec<[Point; 3]> {
    let mut found = Vec::new();
    for (a, b) in [(a, b), (b, a)] {
        let (x, y) = (b.0 - a.0, b.1 - a.1);
        if diagonal {
            // a top right, b bottom left
            let middle = (f32::midpoint(a.0, b.0), f32::midpoint(a.1, b.1));
            found.push([(middle.0 - y / 2.0, middle.1 + x / 2.0), a, b]);
        } else {
            // a top left, b top right; and a bottom left, b top left
            found.push([a, b, (a.0 - y, a.1 + x)]);
            found.push([b, (b.0 - y, b.1 + x), a]);
        }
    }
    found
}
