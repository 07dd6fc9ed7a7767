//! A seat moved to where most of its patterns are. Folded paper lies in pieces, and three finder patterns on different pieces, or
//! found by their looks alone, span a square that is no piece's: every pattern is looked for about its place, and the places that agree
//! on one flat piece tell where the symbol lies.

use super::fit::{Seat, agreement, settle};
use super::plane::Plane;
use super::warp::{Homography, Point, distance};

/// Modules about its place within which a pattern is looked for.
const REACH: f32 = 5.0;
/// Distance of two places that are looked at, in modules.
const STEP: f32 = 0.5;
/// Least agreement of a place that is kept, and how many are kept of a pattern.
const LEAST: f32 = 0.55;
const KEPT: usize = 3;
/// How far from where the others say a pattern may lie, in modules.
const NEAR: f32 = 0.8;
/// Least sum of agreements, a finder pattern counting twice, of patterns that are one piece.
const PIECE: f32 = 3.0;
/// Most pieces that are settled.
const PIECES: usize = 3;

/// A place where a pattern may lie.
#[derive(Clone, Copy, Debug)]
struct PatternPlace {
    /// Number of the pattern.
    part: usize,
    /// Where it stands in the symbol, in modules, and where it lies in the picture, in modules of the seat.
    from: Point,
    to: Point,
    worth: f32,
}

/// The best seat of the pieces that the patterns about a seat allow; none where no piece has enough of them.
pub(super) fn reseat(plane: &Plane, seat: &Seat) -> Option<Seat> {
    let found = look(plane, seat);
    let side = seat.form.side as f32;
    let square = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
    let mut pieces: Vec<(f32, [Point; 4])> = Vec::new();
    for (i, a) in found.iter().enumerate() {
        for (j, b) in found.iter().enumerate().skip(i + 1) {
            for c in found.iter().skip(j + 1) {
                if a.part == b.part || b.part == c.part || on_a_line(a.from, b.from, c.from) {
                    continue;
                }
                let Some(piece) = Homography::affine([a.from, b.from, c.from], [a.to, b.to, c.to])
                else {
                    continue;
                };
                let corners = square.map(|corner| piece.at(corner));
                if !is_square(&corners, side) {
                    continue;
                }
                let worth = agreed(&found, &piece);
                let same = |p: &(f32, [Point; 4])| {
                    let pairs = p.1.iter().zip(&corners);
                    pairs.into_iter().all(|(p, c)| distance(*p, *c) < 2.0)
                };
                match pieces.iter_mut().find(|p| same(p)) {
                    Some(known) if known.0 < worth => *known = (worth, corners),
                    None if worth > PIECE => pieces.push((worth, corners)),
                    _ => {}
                }
            }
        }
    }
    pieces.sort_by(|a, b| b.0.total_cmp(&a.0));
    let pieces = pieces.into_iter().take(PIECES);
    let seats = pieces.filter_map(|(_, corners)| {
        let warp = Homography::of(square, corners.map(|c| seat.warp.at(c)))?;
        Some(settle(plane, seat.form, warp, &[0.8, 0.4, 0.2, 0.1]))
    });
    seats.max_by(|a, b| a.score.total_cmp(&b.score))
}

/// The likeliest places of every pattern.
fn look(plane: &Plane, seat: &Seat) -> Vec<PatternPlace> {
    let mut found = Vec::new();
    let patterns = seat.form.parts.iter().enumerate();
    for (number, part) in patterns.filter(|(_, p)| p.pattern) {
        let mut places: Vec<PatternPlace> = Vec::new();
        let count = (REACH / STEP) as i16;
        for down in -count..=count {
            for across in -count..=count {
                let off = (f32::from(across) * STEP, f32::from(down) * STEP);
                let sure = agreement(plane, &seat.warp, part, off);
                if sure < LEAST {
                    continue;
                }
                let (x, y) = part.middle;
                let place = PatternPlace {
                    part: number,
                    from: part.middle,
                    to: (x + off.0, y + off.1),
                    worth: sure * if part.points.len() > 25 { 2.0 } else { 1.0 },
                };
                match places.iter_mut().find(|p| distance(p.to, place.to) < 1.6) {
                    Some(known) if known.worth < place.worth => *known = place,
                    Some(_) => {}
                    None => places.push(place),
                }
            }
        }
        places.sort_by(|a, b| b.worth.total_cmp(&a.worth));
        places.truncate(KEPT);
        found.extend(places);
    }
    found
}

/// Whether three points lie on a line, or nearly.
fn on_a_line(a: Point, b: Point, c: Point) -> bool {
    ((b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1)).abs() < 100.0
}

/// Whether four corners are those of a square as large as the symbol, seen a little from the side.
fn is_square([a, b, c, d]: &[Point; 4], side: f32) -> bool {
    let sides = [(a, b), (b, c), (c, d), (d, a)].map(|(p, q)| distance(*p, *q) / side);
    let diagonals = [(a, c), (b, d)].map(|(p, q)| distance(*p, *q) / side);
    sides.iter().all(|s| (0.8..1.25).contains(s))
        && diagonals.iter().all(|s| (1.2..1.65).contains(s))
}

/// What the patterns are worth that lie where a piece has them, each with its best place.
fn agreed(found: &[PatternPlace], piece: &Homography) -> f32 {
    let mut sum = 0.0;
    let mut at = 0;
    while let Some(first) = found.get(at) {
        let places = found.iter().skip(at).take_while(|f| f.part == first.part);
        let wanted = piece.at(first.from);
        let (mut best, mut count) = (0.0_f32, 0);
        for place in places {
            count += 1;
            let off = distance(place.to, wanted);
            if off < NEAR {
                best = best.max(place.worth * (1.0 - 0.4 * off / NEAR));
            }
        }
        sum += best;
        at += count;
    }
    sum
}
