//! What stands out from the paper, put together from cell to cell, and what of it is no writing: dust, the shadow of an edge, a
//! fold or a streak across the whole page, holes.

use super::paper::{CellCount, ChannelGrid, EDGE};

/// What stands on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trace {
    /// Nothing but paper: no more than grain, dust, the shadow of an edge, holes, or the other side shining through.
    Nothing,
    /// Something faint or small, or a page too dark to tell: a person has to look.
    Doubtful,
    /// Writing, print or a seal that plainly stands out.
    Plain,
}

/// An outline in that band is at least so long.
const OUTLINE: usize = 60;

/// Millimetres that something at the border must reach into the page to be more than an outline.
const THIN: usize = 3;

/// Millimetres from an edge to the middle of a punched hole (ISO 838: 12 mm), on a page that may lie a little aside.
const HOLES: std::ops::RangeInclusive<usize> = 7..=17;

/// Smallest and largest hole across, as cells are touched by it (ISO 838: 6 mm; others up to 8).
const HOLE: std::ops::RangeInclusive<usize> = 5..=9;

/// Two holes of a pair are at least so far apart (ISO 838: 80 mm).
const PAIR: usize = 60;

/// Folds and streaks across a page; more are lines of a form.
const STREAKS: usize = 3;

/// Millimetres across which a fold may wander on a page that lies askew.
const WANDERS: usize = 6;

/// What stands out from the paper in any colour.
#[derive(Default)]
pub(super) struct Components {
    /// Pixels of a cell.
    area: usize,
    across: usize,
    cells: Vec<CellCount>,
}

/// Cells that hang together.
struct Component {
    places: Vec<usize>,
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
    faint: usize,
    plain: usize,
}

impl Component {
    fn wide(&self) -> usize {
        self.right - self.left + 1
    }

    fn high(&self) -> usize {
        self.bottom - self.top + 1
    }

    fn long(&self) -> usize {
        self.wide().max(self.high())
    }
}

impl Components {
    /// Adds what stands out in one colour.
    pub(super) fn add(&mut self, sheet: &ChannelGrid) {
        self.area = sheet.cell * sheet.cell;
        self.across = sheet.across;
        self.cells.resize(sheet.cells.len(), CellCount::default());
        for (all, one) in self.cells.iter_mut().zip(&sheet.cells) {
            all.faint = all.faint.max(one.faint);
            all.plain = all.plain.max(one.plain);
        }
    }

    /// What stands on the page.
    pub(super) fn judge(mut self) -> Trace {
        self.wipe_edges();
        let mut open: Vec<bool> = (0..self.cells.len()).map(|n| self.inked(n)).collect();
        let mut spots = Vec::new();
        for from in 0..open.len() {
            if open.get(from) == Some(&true) {
                let places = self.gather(&mut open, from, |_| true);
                spots.push(self.spot(places));
            }
        }
        let streaks = spots.iter().filter(|s| self.is_streak(s)).count();
        let rims: Vec<(usize, usize, usize)> = spots.iter().filter_map(|s| self.rim(s)).collect();
        let kept = spots.iter().filter(|s| {
            !(self.is_dust(s)
                || (streaks <= STREAKS && self.is_streak(s))
                || self.is_outline(s)
                || self.is_hole(s, &rims))
        });
        let (mut count, mut plain) = (0, 0);
        for spot in kept {
            count += 1;
            plain += spot.plain;
        }
        match count {
            0 => Trace::Nothing,
            // two strokes and a half, of a millimetre each
            _ if plain * 2 >= self.area * 5 => Trace::Plain,
            _ => Trace::Doubtful,
        }
    }

    fn down(&self) -> usize {
        self.cells.len().checked_div(self.across).unwrap_or(0)
    }

    /// Whether more than a grain of a cell stands out.
    fn inked(&self, at: usize) -> bool {
        let faint = self.cells.get(at).map_or(0, |c| usize::from(c.faint));
        faint > 0 && faint * 8 >= self.area
    }

    /// Millimetres from the nearest edge: 0 in the outermost cells.
    fn depth(&self, at: usize) -> usize {
        let (x, y) = (at % self.across, at / self.across);
        let inner = |n: usize, all: usize| n.min(all - 1 - n);
        inner(x, self.across).min(inner(y, self.down()))
    }

    /// Takes away what hangs together with the border of the picture, as far as shadows reach: what is thin there, runs along it
    /// or fills a corner. A word at the edge does none of that.
    fn wipe_edges(&mut self) {
        let mut open: Vec<bool> = (0..self.cells.len()).map(|n| self.inked(n)).collect();
        for from in 0..open.len() {
            if self.depth(from) == 0 && open.get(from) == Some(&true) {
                let reach = |at| self.depth(at) < EDGE;
                let found = self.gather(&mut open, from, reach);
                if !self.is_shadow(&found) {
                    continue;
                }
                for at in found {
                    if let Some(cell) = self.cells.get_mut(at) {
                        *cell = CellCount::default();
                    }
                }
            }
        }
    }

    /// Whether cells at the border are a scanner's shadow or the outline of the sheet.
    fn is_shadow(&self, cells: &[usize]) -> bool {
        let deepest = cells.iter().map(|at| self.depth(*at)).max().unwrap_or(0);
        let spot = self.spot(cells.to_vec());
        let ends = |from: usize, to: usize, all: usize| from == 0 || to + 1 >= all;
        let corner =
            ends(spot.left, spot.right, self.across) && ends(spot.top, spot.bottom, self.down());
        deepest < THIN || spot.long() >= OUTLINE || corner
    }

    /// The open cells that hang together with one, where they are meant; they are closed.
    fn gather(&self, open: &mut [bool], from: usize, meant: impl Fn(usize) -> bool) -> Vec<usize> {
        let (across, down) = (self.across, self.down());
        let mut found = vec![from];
        if let Some(cell) = open.get_mut(from) {
            *cell = false;
        }
        let mut next = 0;
        while let Some(at) = found.get(next).copied() {
            next += 1;
            let (x, y) = (at % across, at / across);
            for line in y.saturating_sub(1)..(y + 2).min(down) {
                for column in x.saturating_sub(1)..(x + 2).min(across) {
                    let near = line * across + column;
                    if open.get(near) == Some(&true) && meant(near) {
                        if let Some(cell) = open.get_mut(near) {
                            *cell = false;
                        }
                        found.push(near);
                    }
                }
            }
        }
        found
    }

    fn spot(&self, places: Vec<usize>) -> Component {
        let mut spot = Component {
            left: usize::MAX,
            right: 0,
            top: usize::MAX,
            bottom: 0,
            faint: 0,
            plain: 0,
            places,
        };
        for at in &spot.places {
            let (x, y) = (at % self.across, at / self.across);
            (spot.left, spot.right) = (spot.left.min(x), spot.right.max(x));
            (spot.top, spot.bottom) = (spot.top.min(y), spot.bottom.max(y));
            if let Some(cell) = self.cells.get(*at) {
                spot.faint += usize::from(cell.faint);
                spot.plain += usize::from(cell.plain);
            }
        }
        spot
    }

    /// Less than three quarters of a square millimetre, or of half where it is long.
    fn is_dust(&self, spot: &Component) -> bool {
        let least = if spot.long() > 2 { 2 } else { 3 };
        spot.faint * 4 < self.area * least
    }

    /// A line from one edge of the page to the other: a fold, or dirt on the glass over which the paper is drawn.
    fn is_streak(&self, spot: &Component) -> bool {
        let ends = |from: usize, to: usize, all: usize| from <= EDGE && to + EDGE + 1 >= all;
        let thin = |thick: usize| thick <= WANDERS && spot.places.len() <= spot.long() * 3;
        (ends(spot.left, spot.right, self.across) && thin(spot.high()))
            || (ends(spot.top, spot.bottom, self.down()) && thin(spot.wide()))
    }

    /// A long line that keeps to the edge: the outline of the sheet on the lid.
    fn is_outline(&self, spot: &Component) -> bool {
        let outer = spot.places.iter().filter(|at| self.depth(**at) < EDGE);
        spot.long() >= OUTLINE && outer.count() * 10 >= spot.places.len() * 9
    }

    /// A thing as large as a hole and as far from an edge: which edge, how far from it, and where along it.
    fn rim(&self, spot: &Component) -> Option<(usize, usize, usize)> {
        let (wide, high) = (spot.wide(), spot.high());
        if !HOLE.contains(&wide) || !HOLE.contains(&high) || wide.abs_diff(high) > 2 {
            return None;
        }
        let x = usize::midpoint(spot.left, spot.right);
        let y = usize::midpoint(spot.top, spot.bottom);
        let far = [x, self.across - 1 - x, y, self.down() - 1 - y];
        let (edge, depth) = far.into_iter().enumerate().min_by_key(|(_, far)| *far)?;
        HOLES
            .contains(&depth)
            .then_some((edge, depth, if edge < 2 { y } else { x }))
    }

    /// A hole that was punched: black all through its middle, or a rim about nothing that has a fellow.
    fn is_hole(&self, spot: &Component, rims: &[(usize, usize, usize)]) -> bool {
        let Some((edge, depth, along)) = self.rim(spot) else {
            return false;
        };
        let middle = || {
            let part = |from: usize, to: usize| {
                let third = (to - from + 1) / 3;
                from + third..to + 1 - third
            };
            let across = part(spot.left, spot.right);
            let cells = part(spot.top, spot.bottom)
                .flat_map(move |y| across.clone().map(move |x| y * self.across + x));
            cells.filter_map(|at| self.cells.get(at))
        };
        let solid = middle().all(|c| usize::from(c.plain) >= self.area);
        let hollow = middle().all(|c| c.faint == 0);
        let fellow = rims.iter().any(|(other, far, place)| {
            *other == edge && far.abs_diff(depth) <= 2 && place.abs_diff(along) >= PAIR
        });
        solid || (hollow && fellow)
    }
}
