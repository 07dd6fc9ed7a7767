//! Symbols with damaged finder patterns: the template finds what runs do not, and where only two patterns, or one, are left, the
//! usual size of a mark says where the others were.

use super::correlate::places;
use super::finder::{Finder, darken, find};
use super::fit::{Seat, quarters, seat, settle};
use super::plane::Plane;
use super::reseat::reseat;
use super::search::{
    COST_FIND, COST_PIXEL, COST_PLACE, COST_SEAT, COST_TEXTURE, SYMBOL, Search, WORTH,
};
use super::texture::{side_of, squares};
use super::triple::{LikelyFinder, from_two, triples};
use super::view::{View, is_part, usual_pitch};
use super::warp::{Homography, Point, distance};
use crate::scan::code::{SIDES, form};

/// Pitches, as parts of the usual one, and turns in degrees in which the template is laid over a page.
const PITCHES_AND_TURNS: [(f32, f32); 15] = [
    (1.0, 0.0),
    (0.85, 0.0),
    (1.18, 0.0),
    (1.0, 15.0),
    (1.0, 75.0),
    (0.72, 0.0),
    (1.0, 30.0),
    (1.0, 45.0),
    (1.0, 60.0),
    (0.85, 15.0),
    (0.85, 75.0),
    (0.72, 15.0),
    (0.72, 75.0),
    (1.18, 15.0),
    (1.18, 75.0),
];
/// The same in a part of a page, which may have been scanned or photographed at any scale.
const OF_A_PART: [(f32, f32); 15] = [
    (1.0, 0.0),
    (0.75, 0.0),
    (1.25, 0.0),
    (1.5, 0.0),
    (2.0, 0.0),
    (0.6, 0.0),
    (1.0, 15.0),
    (1.0, 75.0),
    (1.0, 30.0),
    (1.0, 60.0),
    (1.0, 45.0),
    (1.5, 15.0),
    (1.5, 75.0),
    (0.75, 15.0),
    (0.75, 75.0),
];
/// Most pairs of finder patterns that are tried at one pitch and turn.
const PAIRS: usize = 48;

/// Modules a side of a mark without an address.
const USUAL_SIDE: usize = 49;
/// Most whole finder patterns that are tried alone, and the tilts in degrees at which a mark stands along the page's edges.
const SINGLES: usize = 3;
const TILTS: [f32; 3] = [0.0, -1.2, 1.2];

impl Search<'_> {
    /// Looks for symbols with damaged finder patterns: the template finds what runs do not, and two finder patterns are enough. `soft` is
    /// the view's plane, smoothed.
    pub(super) fn damaged(&mut self, view: &View, soft: &Plane, finders: &[Finder]) {
        self.whole_in_soft(view, soft);
        let whole: Vec<LikelyFinder> = finders
            .iter()
            .take(16)
            .map(|f| LikelyFinder {
                middle: f.middle,
                module: f32::midpoint(f.width, f.height) / 7.0,
                sure: 0.8,
            })
            .collect();
        let usual = usual_pitch(view);
        let ways = match is_part(view) {
            true => OF_A_PART,
            false => PITCHES_AND_TURNS,
        };
        for (scale, turn) in ways {
            if self.done() {
                return;
            }
            let pitch = usual * scale;
            let stride = ((pitch / 2.0) as u64).max(1);
            let places_work = soft.pixels() as u64 * COST_PLACE / (stride * stride);
            if pitch < 1.2 || !self.spend(places_work) {
                continue;
            }
            let (mut likely, pixels) = places(soft, pitch, turn);
            self.spend(pixels * COST_PIXEL);
            let near = |w: &&LikelyFinder| {
                let known = likely
                    .iter()
                    .any(|l| distance(l.middle, w.middle) < 3.0 * pitch);
                (w.module / pitch).ln().abs() < 0.35 && !known
            };
            let more: Vec<LikelyFinder> = whole.iter().filter(near).copied().collect();
            likely.extend(more);
            let threes: Vec<Finder> = likely.iter().map(|l| l.as_finder(turn)).collect();
            for triple in triples(&threes).into_iter().take(8) {
                let corners = view.to_picture(triple.corners());
                if self.is_settled(&corners) || !self.spend(COST_SEAT) {
                    continue;
                }
                for side in triple.sides().into_iter().take(1) {
                    let seat = form(side).and_then(|form| seat(soft, form, triple.middles));
                    if let Some(seat) = seat {
                        self.twice(view, soft, &seat);
                    }
                }
            }
            if !self.done() {
                self.pairs(view, soft, &likely);
            }
            // where folds spoil all finder patterns but one, that one and the page's edges say where the mark lies
            if !self.done() && (scale, turn) == (1.0, 0.0) {
                self.singles(view, soft, finders);
            }
        }
    }

    /// Looks once more for whole finder patterns where noise and rasters are smoothed away.
    fn whole_in_soft(&mut self, view: &View, soft: &Plane) {
        if !self.spend(soft.pixels() as u64 * COST_FIND) {
            return;
        }
        for triple in triples(&find(&darken(soft))).into_iter().take(6) {
            let corners = view.to_picture(triple.corners());
            if self.done() || self.is_settled(&corners) || !self.spend(COST_SEAT) {
                continue;
            }
            let side = triple.sides().first().copied();
            let seat = side
                .and_then(form)
                .and_then(|f| seat(soft, f, triple.middles));
            if let Some(seat) = seat.filter(|s| s.score > SYMBOL) {
                self.twice(view, soft, &seat);
            }
        }
    }

    /// Looks at the squares that have the texture of a symbol, whatever became of their finder patterns.
    pub(super) fn textures(&mut self, view: &View, soft: &Plane) {
        if self.done() || !self.spend(soft.pixels() as u64 * COST_TEXTURE) {
            return;
        }
        for corners in squares(soft, usual_pitch(view)) {
            if self.done() || self.is_settled(&view.to_picture(corners)) {
                continue;
            }
            let mut seats: Vec<Seat> = Vec::new();
            for side in SIDES {
                let end = side as f32;
                let square = [(0.0, 0.0), (end, 0.0), (end, end), (0.0, end)];
                let pitch = side_of(&corners) / end;
                if (pitch / usual_pitch(view)).ln().abs() > 0.5 || !self.spend(COST_SEAT) {
                    continue;
                }
                let Some((form, warp)) = form(side).zip(Homography::of(square, corners)) else {
                    continue;
                };
                let rough = Seat {
                    form,
                    warp,
                    score: 0.0,
                };
                let seat = reseat(soft, &rough);
                let turned = seat.and_then(|s| quarters(soft, &s).into_iter().next());
                seats.extend(turned.filter(|s| s.score > WORTH));
                // the usual size is not looked behind where it fits
                if seats.iter().any(|s| s.score > SYMBOL) {
                    break;
                }
            }
            seats.sort_by(|a, b| b.score.total_cmp(&a.score));
            if let Some(seat) = seats.first() {
                self.twice(view, soft, seat);
            }
        }
    }

    /// Tries every whole finder pattern of the usual size as each corner of a mark that stands along the page's edges.
    fn singles(&mut self, view: &View, soft: &Plane, finders: &[Finder]) {
        let usual = usual_pitch(view);
        let module = |f: &Finder| f32::midpoint(f.width, f.height) / 7.0;
        let fits = |f: &&Finder| (module(f) / usual).ln().abs() < 0.2;
        let Some(form) = form(USUAL_SIDE) else { return };
        let (far, end) = (USUAL_SIDE as f32 - 3.5, USUAL_SIDE as f32);
        let square = [(0.0, 0.0), (end, 0.0), (end, end), (0.0, end)];
        let mut seats: Vec<Seat> = Vec::new();
        for finder in finders.iter().filter(fits).take(SINGLES) {
            let leg = (far - 3.5) * module(finder);
            for (quarter, tilt) in (0..4).flat_map(|q| TILTS.map(|t| (q, t))) {
                let angle = (90.0 * quarter as f32 + tilt).to_radians();
                let (across, down) = (
                    (leg * angle.cos(), leg * angle.sin()),
                    (-leg * angle.sin(), leg * angle.cos()),
                );
                let (x, y) = finder.middle;
                for (left, up) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)] {
                    let a = (
                        x - left * across.0 - up * down.0,
                        y - left * across.1 - up * down.1,
                    );
                    let three = [
                        a,
                        (a.0 + across.0, a.1 + across.1),
                        (a.0 + down.0, a.1 + down.1),
                    ];
                    let from = [(3.5, 3.5), (far, 3.5), (3.5, far)];
                    let Some(warp) = Homography::affine(from, three) else {
                        continue;
                    };
                    if self.is_settled(&view.to_picture(square.map(|c| warp.at(c)))) {
                        continue;
                    }
                    if !self.spend(COST_SEAT / 4) {
                        return;
                    }
                    seats.push(settle(soft, form, warp, &[0.8, 0.4]));
                }
            }
        }
        seats.sort_by(|a, b| b.score.total_cmp(&a.score));
        for seat in seats.into_iter().take(2) {
            if seat.score < WORTH || self.done() || !self.spend(COST_SEAT) {
                return;
            }
            let seat = settle(soft, seat.form, seat.warp, &[0.6, 0.3, 0.15, 0.1]);
            self.twice(view, soft, &seat);
        }
    }

    /// Reads a seat in the smoothed plane, then in the plane itself.
    fn twice(&mut self, view: &View, soft: &Plane, seat: &Seat) -> bool {
        self.rescue(view, soft, seat) || self.rescue(view, &view.plane, seat)
    }

    /// Tries every two likely finder patterns that stand a leg or a diagonal of a mark apart.
    fn pairs(&mut self, view: &View, soft: &Plane, likely: &[LikelyFinder]) {
        let mut tried: Vec<(f32, usize, [Point; 3])> = Vec::new();
        for (i, a) in likely.iter().enumerate() {
            for b in likely.iter().skip(i + 1) {
                if (a.module / b.module).ln().abs() > 0.35 {
                    continue;
                }
                let apart = distance(a.middle, b.middle) * 2.0 / (a.module + b.module);
                for side in SIDES {
                    let leg = side as f32 - 7.0;
                    for (diagonal, wanted) in [(false, leg), (true, leg * std::f32::consts::SQRT_2)]
                    {
                        // the usual size first
                        let off = (apart / wanted).ln().abs() + (side - 49) as f32 * 0.01;
                        if off < 0.16 {
                            for three in from_two(a.middle, b.middle, diagonal) {
                                tried.push((a.sure + b.sure - off, side, three));
                            }
                        }
                    }
                }
            }
        }
        tried.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut seats: Vec<Seat> = Vec::new();
        for (_, side, [a, b, c]) in tried.into_iter().take(PAIRS) {
            let Some(form) = form(side) else { continue };
            let (far, end) = (side as f32 - 3.5, side as f32);
            let Some(warp) = Homography::affine([(3.5, 3.5), (far, 3.5), (3.5, far)], [a, b, c])
            else {
                continue;
            };
            let square = [(0.0, 0.0), (end, 0.0), (end, end), (0.0, end)];
            if self.is_settled(&view.to_picture(square.map(|c| warp.at(c)))) {
                continue;
            }
            if !self.spend(COST_SEAT / 4) {
                return;
            }
            let seat = settle(soft, form, warp, &[0.8, 0.4]);
            let same = |s: &Seat| {
                square
                    .iter()
                    .all(|c| distance(s.warp.at(*c), seat.warp.at(*c)) < 4.0)
            };
            match seats.iter_mut().find(|s| same(s)) {
                Some(known) if known.score < seat.score => *known = seat,
                Some(_) => {}
                None => seats.push(seat),
            }
        }
        seats.sort_by(|a, b| b.score.total_cmp(&a.score));
        let best = seats.first().map_or(0.0, |s| s.score);
        for seat in seats.into_iter().take(4) {
            if seat.score < WORTH.max(best - 0.2) || self.done() || !self.spend(COST_SEAT) {
                return;
            }
            let seat = settle(soft, seat.form, seat.warp, &[0.6, 0.3, 0.15, 0.1]);
            self.twice(view, soft, &seat);
        }
    }
}
