//! A symbol's seat on the paper: the functional patterns drawn by the standard are laid over the picture and moved until they agree
//! best; then each finder and alignment pattern on its own, since paper bends and folds.

use super::code::{Pattern, SymbolSize};
use super::plane::Plane;
use super::warp::{Homography, Point, distance};

/// A symbol laid over a picture.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    /// What size it is.
    pub(super) form: &'static SymbolSize,
    /// Modules to pixels.
    pub(super) warp: Homography,
    /// How well the functional patterns agree: 1 in full, 0 by chance alone.
    pub(super) score: f32,
}

/// Where a pattern really is: its middle in modules, how far it is off in modules, how sure that is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    pub(super) middle: Point,
    pub(super) off: Point,
    pub(super) sure: f32,
}

/// How much less the patterns may agree in another quarter turn that is worth a look.
const ASTRIDE: f32 = 0.06;
/// Least agreement of a pattern that tells its place.
const SURE: f32 = 0.6;

/// Agreement of a part of the patterns with the picture, moved by `off` modules: a correlation from −1 to 1.
pub(super) fn agreement(plane: &Plane, warp: &Homography, part: &Pattern, off: Point) -> f32 {
    let (mut sum, mut squares, mut signs, mut product) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
    for (x, y, sign) in &part.points {
        let (u, v) = warp.at((x + off.0, y + off.1));
        let dark = 255.0 - plane.at(u, v);
        sum += dark;
        squares += dark * dark;
        signs += sign;
        product += sign * dark;
    }
    let count = part.points.len() as f32;
    let spread = squares - sum * sum / count;
    let sign_spread = count - signs * signs / count;
    // a flat patch agrees with nothing; 4 levels of grey are noise
    let floor = 16.0 * count;
    (product - sum * signs / count) / ((spread.max(floor)) * sign_spread).sqrt()
}

/// Agreement of all functional patterns.
pub(super) fn score(plane: &Plane, warp: &Homography, form: &SymbolSize) -> f32 {
    let (mut total, mut weights) = (0.0, 0.0);
    for part in &form.parts {
        let weight = part.points.len() as f32;
        total += weight * agreement(plane, warp, part, (0.0, 0.0));
        weights += weight;
    }
    total / weights
}

/// Moves the corners of a seat until the functional patterns agree best; `steps` are distances in modules, the longest first.
pub(super) fn settle(
    plane: &Plane,
    form: &'static SymbolSize,
    start: Homography,
    steps: &[f32],
) -> Seat {
    let side = form.side as f32;
    let square = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
    let mut corners = square.map(|corner| start.at(corner));
    let mut best = Seat {
        form,
        warp: start,
        score: score(plane, &start, form),
    };
    let pitch = start.pitch((side / 2.0, side / 2.0)).clamp(0.5, 100.0);
    // all four corners together, then each alone
    const MOVED: [[bool; 4]; 5] = [
        [true; 4],
        [true, false, false, false],
        [false, true, false, false],
        [false, false, true, false],
        [false, false, false, true],
    ];
    for step in steps {
        for _ in 0..3 {
            let mut moved = false;
            for which in MOVED {
                for (dx, dy) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
                    let mut tried = corners;
                    for (corner, _) in tried.iter_mut().zip(which).filter(|(_, w)| *w) {
                        corner.0 += dx * step * pitch;
                        corner.1 += dy * step * pitch;
                    }
                    let Some(warp) = Homography::of(square, tried) else {
                        continue;
                    };
                    let score = score(plane, &warp, form);
                    if score > best.score + 1e-4 {
                        best.warp = warp;
                        best.score = score;
                        corners = tried;
                        moved = true;
                    }
                }
            }
            if !moved {
                break;
            }
        }
    }
    best
}

/// Seats that three finder patterns allow: without perspective, and with the perspective of the likeliest places of the fourth
/// corner's alignment pattern. The best of them, moved to where it agrees best.
pub(super) fn seat(plane: &Plane, form: &'static SymbolSize, finders: [Point; 3]) -> Option<Seat> {
    let side = form.side as f32;
    let (near, far) = (3.5, side - 3.5);
    let middles = [(near, near), (far, near), (near, far)];
    let flat = Homography::affine(middles, finders)?;
    let mut starts = vec![(score(plane, &flat, form), flat)];
    let last = form.parts.iter().rfind(|p| p.pattern)?;
    let mut places = Vec::new();
    for down in -14..=14_i16 {
        for across in -14..=14_i16 {
            let off = (f32::from(across) / 2.0, f32::from(down) / 2.0);
            let agreement = agreement(plane, &flat, last, off);
            if agreement > SURE {
                places.push((agreement - 0.01 * off.0.hypot(off.1), off));
            }
        }
    }
    places.sort_by(|a, b| b.0.total_cmp(&a.0));
    let [a, b, c] = finders;
    for (_, off) in places.into_iter().take(6) {
        let corner = flat.at((last.middle.0 + off.0, last.middle.1 + off.1));
        let [p, q, r] = middles;
        if let Some(warp) = Homography::of([p, q, last.middle, r], [a, b, corner, c]) {
            starts.push((score(plane, &warp, form), warp));
        }
    }
    starts.sort_by(|a, b| b.0.total_cmp(&a.0));
    starts
        .into_iter()
        .take(2)
        .map(|(_, warp)| settle(plane, form, warp, &[0.8, 0.4, 0.2, 0.1]))
        .max_by(|a, b| a.score.total_cmp(&b.score))
}

/// A seat in the quarter turns in which its patterns agree, the best first: three corners of a square tell no direction where the wrong
/// one of them is damaged. The seat itself stands before turns that are hardly better.
pub(super) fn quarters(plane: &Plane, seat: &Seat) -> Vec<Seat> {
    let side = seat.form.side as f32;
    let square = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
    let mut corners = square.map(|c| seat.warp.at(c));
    let mut turned = vec![seat.clone()];
    for _ in 0..3 {
        corners.rotate_left(1);
        let Some(warp) = Homography::of(square, corners) else {
            continue;
        };
        turned.push(Seat {
            form: seat.form,
            warp,
            score: score(plane, &warp, seat.form) - 0.02,
        });
    }
    let best = turned.iter().fold(f32::MIN, |best, s| best.max(s.score));
    turned.retain(|s| s.score > best - ASTRIDE);
    turned.sort_by(|a, b| b.score.total_cmp(&a.score));
    for other in &mut turned {
        if other.warp != seat.warp {
            *other = settle(plane, seat.form, other.warp, &[0.4, 0.2, 0.1]);
        }
    }
    turned
}

/// How far each finder and alignment pattern is off the seat, looked for within `reach` modules; only those that are sure.
pub(super) fn shifts(plane: &Plane, seat: &Seat, reach: f32) -> Vec<Shift> {
    let mut found = Vec::new();
    for part in seat.form.parts.iter().filter(|p| p.pattern) {
        let worth = |off: Point| {
            let plain = agreement(plane, &seat.warp, part, off);
            plain - 0.04 * distance(off, (0.0, 0.0))
        };
        let mut best = (worth((0.0, 0.0)), (0.0, 0.0));
        let mut step = 0.5_f32;
        let count = (reach / step) as i16;
        let mut centre = (0.0, 0.0);
        for (step_count, next) in [(count, 0.25), (1, 0.125), (1, 0.06), (1, 0.0)] {
            for down in -step_count..=step_count {
                for across in -step_count..=step_count {
                    let off = (
                        centre.0 + f32::from(across) * step,
                        centre.1 + f32::from(down) * step,
                    );
                    let worth = worth(off);
                    if worth > best.0 {
                        best = (worth, off);
                    }
                }
            }
            centre = best.1;
            step = next;
        }
        if best.0 > SURE {
            found.push(Shift {
                middle: part.middle,
                off: best.1,
                sure: best.0,
            });
        }
    }
    found
}
