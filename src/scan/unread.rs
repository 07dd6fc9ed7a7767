//! A symbol that was seen and not read, held against the issued matrices: first as it was read, then tile by tile, each where it agrees
//! best with a likely matrix. Where folds or tears moved one part of a symbol against another, each part says for itself whose it is.

use super::code::{Graded, Pattern, SymbolSize};
use super::fit::{Seat, agreement};
use super::issued::{CLEAR, FAR, Issued, LikelySymbol};
use super::plane::Plane;
use super::sample::module;
use super::warp::{Homography, Point, distance};

/// Modules of the picture that are kept about a symbol.
const MARGIN: f32 = 6.0;
/// Share of data modules in which a reading differs from a matrix that is held against the symbol tile by tile. The nearest of a million
/// strange ones differs in 0.45.
const LIKELY: f32 = 0.44;
/// Most matrices that are held against a symbol tile by tile.
const CANDIDATES: usize = 4;
/// Modules a side of a tile, and of the window about it that tells its place.
const TILE: usize = 7;
const WINDOW: usize = 11;
/// Modules about its place within which a tile is looked for, and the steps.
const REACH: f32 = 3.0;
const STEPS: [f32; 2] = [0.5, 0.2];

/// A symbol that was seen and not read.
pub(super) struct Unread {
    /// Its corners in picture pixels.
    pub(super) corners: [Point; 4],
    /// Agreement of its functional patterns.
    pub(super) score: f32,
    /// Readings of its modules.
    modules: Vec<Graded>,
    form: &'static SymbolSize,
    /// The part of the picture about it, and modules to pixels of that part.
    part: Plane,
    warp: Homography,
}

impl Unread {
    /// What is kept of a seat that was not read; none where it lies outside the plane.
    pub(super) fn new(
        plane: &Plane,
        seat: &Seat,
        corners: [Point; 4],
        modules: Vec<Graded>,
    ) -> Option<Self> {
        let side = seat.form.side as f32;
        let square = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
        let laid = square.map(|c| seat.warp.at(c));
        let margin = MARGIN * seat.warp.pitch((side / 2.0, side / 2.0));
        let (part, origin) = plane.about(&laid, margin);
        let warp = Homography::of(square, laid.map(|(x, y)| (x - origin.0, y - origin.1)))?;
        Some(Self {
            corners,
            score: seat.score,
            modules,
            form: seat.form,
            part,
            warp,
        })
    }

    /// The digits of the issued mark that the symbol is nearest to, where it is near enough and clearly nearer than to any other.
    pub(super) fn nearest(&self, issued: &Issued) -> Option<String> {
        let side = self.form.side;
        let mut likely: Vec<LikelySymbol> = Vec::new();
        for modules in &self.modules {
            let found = issued.likely(side, modules);
            if let Some(digits) = issued.clear(side, &found) {
                return Some(digits);
            }
            for one in found.into_iter().filter(|l| l.off < LIKELY) {
                match likely.iter_mut().find(|l| l.index == one.index) {
                    Some(known) => known.off = known.off.min(one.off),
                    None => likely.push(one),
                }
            }
        }
        likely.sort_by(|a, b| a.off.total_cmp(&b.off));
        let held = likely.iter().take(CANDIDATES).filter_map(|l| {
            let dark = issued.modules(side, l.index)?;
            Some((self.off(&dark), l.index))
        });
        let mut held: Vec<(f32, usize)> = held.collect();
        held.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (off, index) = *held.first()?;
        let clear = held.get(1).is_none_or(|(other, _)| other - off >= CLEAR);
        (off <= FAR && clear).then(|| issued.digits(side, index))?
    }

    /// Share of data modules in which the symbol differs from a matrix, each tile where it agrees best. Of a strange matrix about 0.4:
    /// the best of some places is a little better than chance.
    fn off(&self, dark: &[bool]) -> f32 {
        let side = self.form.side;
        let mut is_data = vec![false; side * side];
        for at in &self.form.order {
            if let Some(slot) = is_data.get_mut(*at) {
                *slot = true;
            }
        }
        let mut off = 0;
        for top in (0..side).step_by(TILE) {
            for left in (0..side).step_by(TILE) {
                let window = window(dark, side, (left, top));
                let (dx, dy) = best(&self.part, &self.warp, &window);
                let grey =
                    |(x, y, _): &(f32, f32, f32)| module(&self.part, &self.warp, (x + dx, y + dy));
                let values: Vec<f32> = window.points.iter().map(grey).collect();
                let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
                let counts = |(x, y, _): &(f32, f32, f32)| {
                    let (x, y) = (*x as usize, *y as usize);
                    (left..left + TILE).contains(&x)
                        && (top..top + TILE).contains(&y)
                        && is_data.get(y * side + x) == Some(&true)
                };
                let tile = window.points.iter().zip(&values);
                off += tile
                    .filter(|(point, value)| counts(point) && (**value < mean) != (point.2 > 0.0))
                    .count();
            }
        }
        off as f32 / self.form.order.len().max(1) as f32
    }
}

/// The modules about a tile, as a part of the pattern.
fn window(dark: &[bool], side: usize, (left, top): (usize, usize)) -> Pattern {
    let about = (WINDOW - TILE) / 2;
    let range = |from: usize| from.saturating_sub(about)..(from + TILE + about).min(side);
    let rows = range(top).flat_map(|y| range(left).map(move |x| (x, y)));
    let points = rows.map(|(x, y)| {
        let sign = match dark.get(y * side + x) {
            Some(true) => 1.0,
            _ => -1.0,
        };
        (x as f32 + 0.5, y as f32 + 0.5, sign)
    });
    let half = TILE as f32 / 2.0;
    Pattern {
        middle: (left as f32 + half, top as f32 + half),
        points: points.collect(),
        pattern: true,
    }
}

/// How far a part must be moved, in modules, to agree best.
fn best(plane: &Plane, warp: &Homography, part: &Pattern) -> Point {
    let mut best = (f32::MIN, (0.0, 0.0));
    let mut reach = REACH;
    for step in STEPS {
        let centre = best.1;
        let count = (reach / step).round() as i16;
        for down in -count..=count {
            for across in -count..=count {
                let off = (
                    centre.0 + f32::from(across) * step,
                    centre.1 + f32::from(down) * step,
                );
                let near = 0.01 * distance(off, (0.0, 0.0));
                let worth = agreement(plane, warp, part, off) - near;
                if worth > best.0 {
                    best = (worth, off);
                }
            }
        }
        reach = step;
    }
    best.1
}
