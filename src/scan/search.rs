//! The search of a page: views of it in turn, in each the symbols with whole finder patterns, then those with damaged ones; each symbol
//! read in the plainest way that works. Counts its work, and stops when the page's share is spent.

use crate::mark::{Matrix, SignatureCheck, TrustedKeys, matrix, verify};

use super::bend::Lattice;
use super::finder::{darken, find};
use super::fit::{Seat, quarters, seat, settle, shifts};
use super::grade::{THRESHOLDS, Threshold, grade, transposed};
use super::issued::Issued;
use super::plane::Plane;
use super::reader;
use super::reseat::reseat;
use super::sample::{Bend, sample};
use super::seen::{How, SeenMark, digits_of};
use super::triple::{Triple, triples};
use super::unread::Unread;
use super::view::View;
use super::warp::{Homography, Point, distance};
use crate::scan::code::{Blocks, Graded, form};

/// Work that a page may cost, about nanoseconds on a desk computer.
const WORK: u64 = 800_000_000;
/// What steps cost, in the same unit: a pixel made dark or light and searched, a pixel filtered, a pixel in the reader, a seat settled, a
/// reading of the modules of a seat corrected, a place of the template and a pixel under it.
pub(super) const COST_FIND: u64 = 5;
const COST_FILTER: u64 = 4;
const COST_READ: u64 = 14;
pub(super) const COST_SEAT: u64 = 2_500_000;
const COST_RULE: u64 = 700_000;
pub(super) const COST_PLACE: u64 = 7;
pub(super) const COST_PIXEL: u64 = 1;
pub(super) const COST_TEXTURE: u64 = 4;
const COST_FOLLOW: u64 = 12_000_000;

/// Least agreement of the functional patterns of a seat that is worth reading, and of one that is a symbol for certain.
pub(super) const WORTH: f32 = 0.3;
pub(super) const SYMBOL: f32 = 0.5;
/// Agreement below which a seat may be astride a fold, and how much better another must agree.
const LOOSE: f32 = 0.7;
const BETTER: f32 = 0.03;
/// Most triples of whole finder patterns that are read before symbols are looked for by their texture.
const LIKELY: usize = 6;
/// Most symbols that are held against the issued matrices.
const HELD: usize = 6;
/// Share of modules that must be as the mark drawn anew before a mark that is not genuine is believed to be read right.
const SAME: f32 = 0.9;

/// What is known of a page so far.
pub(super) struct Search<'a> {
    trusted: &'a TrustedKeys,
    issued: &'a Issued,
    marks: Vec<SeenMark>,
    /// Symbols that need no further look, in picture pixels.
    settled: Vec<[Point; 4]>,
    foreign: Vec<[Point; 4]>,
    unread: Vec<Unread>,
    work: u64,
}

fn middle(corners: &[Point; 4]) -> Point {
    let sum = corners
        .iter()
        .fold((0.0, 0.0), |s, c| (s.0 + c.0, s.1 + c.1));
    (sum.0 / 4.0, sum.1 / 4.0)
}

/// Whether two symbols are one: the middle of one lies well within the other.
fn same_place(a: &[Point; 4], b: &[Point; 4]) -> bool {
    let [p, _, q, _] = b;
    distance(middle(a), middle(b)) < 0.35 * distance(*p, *q)
}

impl<'a> Search<'a> {
    pub(super) fn new(trusted: &'a TrustedKeys, issued: &'a Issued) -> Self {
        Self {
            trusted,
            issued,
            marks: Vec::new(),
            settled: Vec::new(),
            foreign: Vec::new(),
            unread: Vec::new(),
            work: 0,
        }
    }

    /// Counts work; false where there is not so much left.
    pub(super) fn spend(&mut self, work: u64) -> bool {
        self.work += work;
        self.work < WORK
    }

    /// Whether marks were read and no symbol is left unread.
    pub(super) fn done(&self) -> bool {
        let open = self
            .unread
            .iter()
            .any(|u| u.score > SYMBOL && !self.is_settled(&u.corners));
        !self.settled.is_empty() && !self.marks.is_empty() && !open
    }

    pub(super) fn is_settled(&self, corners: &[Point; 4]) -> bool {
        let known = self.settled.iter().chain(&self.foreign);
        known.into_iter().any(|s| same_place(corners, s))
    }

    /// Takes a text that was read. True where the symbol needs no further look.
    fn take(&mut self, text: &str, how: How, corners: [Point; 4], sure: impl Fn() -> bool) -> bool {
        if self.is_settled(&corners) {
            return true;
        }
        let verdict = verify(text, self.trusted);
        let Some(digits) = digits_of(text, &verdict) else {
            if how <= How::Ladder {
                self.foreign.push(corners);
            }
            return how <= How::Ladder;
        };
        let genuine = matches!(verdict, SignatureCheck::Genuine(_));
        if how == How::Rescue && !genuine {
            return false;
        }
        let settled = genuine || sure();
        let here = |s: &SeenMark| same_place(&s.corners.map(|c| (c[0], c[1])), &corners);
        if settled {
            self.marks.retain(|s| !here(s));
            self.settled.push(corners);
        } else if self.marks.iter().any(here) {
            return false;
        }
        self.marks.push(SeenMark {
            digits,
            how,
            verdict,
            corners: corners.map(|(x, y)| [x, y]),
        });
        settled
    }

    /// Reads the symbols of a view: those with three whole finder patterns, then, with `damaged`, those that are told by their texture or
    /// by what is left of their finder patterns. Where noise or text makes finder patterns without number, the likeliest come before
    /// the texture and the others after it.
    pub(super) fn look(&mut self, view: &View, damaged: bool) {
        if !self.spend(view.plane.pixels() as u64 * COST_FIND) {
            return;
        }
        let finders = find(&darken(&view.plane));
        let triples = triples(&finders);
        let (likely, others) = triples.split_at(triples.len().min(LIKELY));
        self.whole(view, likely);
        if self.done() || !damaged {
            self.whole(view, others);
            return;
        }
        let soft = view.plane.smooth();
        self.textures(view, &soft);
        if !self.done() {
            self.whole(view, others);
        }
        if !self.done() {
            self.damaged(view, &soft, &finders);
        }
    }

    /// Reads the symbols of three whole finder patterns each.
    fn whole(&mut self, view: &View, triples: &[Triple]) {
        for triple in triples {
            if !self.is_settled(&view.to_picture(triple.corners())) && !self.triple(view, triple) {
                break;
            }
        }
    }

    /// Reads the symbol of three finder patterns. False where the work is spent.
    fn triple(&mut self, view: &View, triple: &Triple) -> bool {
        let (part, origin) = view.plane.about(&triple.corners(), 7.0 * triple.module);
        let work = part.pixels() as u64 * COST_READ;
        if !self.spend(work) {
            return false;
        }
        if self.by_reader(view, triple, &part, origin, 1.0, How::Direct) {
            return true;
        }
        let seats = self.seats(view, triple);
        if seats.first().is_some_and(|s| s.score > WORTH) {
            // small symbols are worth enlarging, large ones have enough pixels
            let small = part.pixels() < 640 * 640;
            for step in 0..3 {
                let (plane, by) = match step {
                    0 => (part.smooth(), 1.0),
                    1 if small => (part.widen().heighten(), 2.0),
                    1 => continue,
                    _ => (part.sharpen(), 1.0),
                };
                if !self.spend(plane.pixels() as u64 * (COST_READ + COST_FILTER)) {
                    return false;
                }
                if self.by_reader(view, triple, &plane, origin, by, How::Ladder) {
                    return true;
                }
            }
        }
        for seat in &seats {
            if self.rescue(view, &view.plane, seat) {
                return true;
            }
        }
        self.work < WORK
    }

    /// Lets the reader of QR codes read a part of a view. True where the symbol of the triple needs no further look.
    fn by_reader(
        &mut self,
        view: &View,
        triple: &Triple,
        part: &Plane,
        origin: Point,
        by: f32,
        how: How,
    ) -> bool {
        for symbol in reader::read(part) {
            let corners = symbol
                .corners
                .map(|(x, y)| (x / by + origin.0, y / by + origin.1));
            let sure = || is_drawn(&view.plane, &corners, &symbol.text);
            self.take(&symbol.text, how, view.to_picture(corners), sure);
        }
        self.is_settled(&view.to_picture(triple.corners()))
    }

    fn seats(&mut self, view: &View, triple: &Triple) -> Vec<Seat> {
        let mut seats = Vec::new();
        for side in triple.sides().into_iter().take(2) {
            if !self.spend(COST_SEAT) {
                break;
            }
            if let Some(form) = form(side) {
                seats.extend(seat(&view.plane, form, triple.middles));
            }
        }
        seats.sort_by(|a: &Seat, b: &Seat| b.score.total_cmp(&a.score));
        seats
    }

    /// Reads the modules of a seat by every rule; keeps it as unread where none of them gives a genuine mark.
    pub(super) fn rescue(&mut self, view: &View, plane: &Plane, seat: &Seat) -> bool {
        if seat.score < WORTH {
            return false;
        }
        let mut turned = quarters(plane, seat);
        let best = turned.first().map_or(0.0, |s| s.score);
        if best < LOOSE && self.spend(2 * COST_SEAT) {
            let moved = reseat(plane, seat).filter(|s| s.score > best + BETTER);
            turned = moved.map_or(turned, |s| quarters(plane, &s));
        }
        turned.iter().any(|s| self.by_modules(view, plane, s))
    }

    /// Reads the modules of a seat as it lies.
    fn by_modules(&mut self, view: &View, plane: &Plane, seat: &Seat) -> bool {
        let side = seat.form.side as f32;
        let square = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
        let corners = view.to_picture(square.map(|c| seat.warp.at(c)));
        let mut kept = Vec::new();
        let mut blocks = Blocks::new(seat.form);
        let found = shifts(plane, seat, 1.5);
        let far = shifts(plane, seat, 3.5);
        let mut lattice = None;
        for step in 0..5 {
            if step == 2 && seat.score > SYMBOL && self.spend(COST_FOLLOW) {
                lattice = Lattice::follow(plane, seat, &far);
            }
            let bend = match (step, &lattice) {
                (0, _) => Bend::Smooth(&found),
                (1, _) => Bend::Flat,
                (2, Some(lattice)) => Bend::Followed(lattice),
                (2, None) => continue,
                (3, _) => Bend::Folded(&found),
                _ => Bend::Folded(&far),
            };
            let values = sample(plane, seat, bend);
            for rule in THRESHOLDS {
                if !self.spend(COST_RULE) {
                    break;
                }
                let graded = grade(&values, seat.form.side, rule);
                let first = rule == Threshold::Near(4);
                let formats = if first { 3 } else { 2 };
                let mut texts = blocks.take(&graded, formats, 18);
                if first {
                    if step == 0 {
                        texts.extend(blocks.take(&transposed(&graded, seat.form.side), 1, 0));
                    }
                    kept.push(graded);
                }
                if texts
                    .iter()
                    .any(|text| self.take(text, How::Rescue, corners, || false))
                {
                    return true;
                }
            }
        }
        self.unread.extend(Unread::new(plane, seat, corners, kept));
        false
    }

    /// Holds what is unread against the issued matrices, and hands over what was seen.
    pub(super) fn finish(mut self) -> (Vec<SeenMark>, usize, usize) {
        let mut unread = std::mem::take(&mut self.unread);
        unread.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut open: Vec<[Point; 4]> = Vec::new();
        let mut held = 0;
        for symbol in unread {
            if self.is_settled(&symbol.corners) {
                continue;
            }
            held += 1;
            let nearest = match held <= HELD {
                true => symbol.nearest(self.issued),
                false => None,
            };
            if let Some(digits) = nearest {
                let here =
                    |s: &SeenMark| same_place(&s.corners.map(|c| (c[0], c[1])), &symbol.corners);
                self.marks.retain(|s| !here(s));
                self.settled.push(symbol.corners);
                self.marks.push(SeenMark {
                    verdict: verify(&digits, self.trusted),
                    digits,
                    how: How::Nearest,
                    corners: symbol.corners.map(|(x, y)| [x, y]),
                });
            }
            let known = open.iter().any(|o| same_place(o, &symbol.corners));
            if symbol.score > SYMBOL && !known && !self.is_settled(&symbol.corners) {
                open.push(symbol.corners);
            }
        }
        let read = |o: &[Point; 4]| {
            let marks = self.marks.iter();
            marks
                .map(|s| s.corners.map(|c| (c[0], c[1])))
                .any(|c| same_place(o, &c))
        };
        let open = open.iter().filter(|o| !read(o)).count();
        self.marks.sort_by(|a, b| {
            let top = |s: &SeenMark| s.corners.iter().map(|c| c[1]).sum::<f32>();
            top(a).total_cmp(&top(b))
        });
        (self.marks, self.foreign.len(), open)
    }
}

/// Whether a symbol looks as the mark of its text drawn anew.
fn is_drawn(plane: &Plane, corners: &[Point; 4], text: &str) -> bool {
    let Ok(Matrix { side, dark }) = matrix(text) else {
        return false;
    };
    let Some(form) = form(side) else { return false };
    let end = side as f32;
    let square = [(0.0, 0.0), (end, 0.0), (end, end), (0.0, end)];
    let Some(warp) = Homography::of(square, *corners) else {
        return false;
    };
    let seat = settle(plane, form, warp, &[0.4, 0.2]);
    let found = shifts(plane, &seat, 1.0);
    let values = sample(plane, &seat, Bend::Smooth(&found));
    let graded = grade(&values, side, Threshold::Near(4));
    let share = |graded: &Graded| {
        let same = graded.iter().zip(&dark).filter(|(g, d)| (**g > 0.0) == **d);
        same.count() as f32 / dark.len() as f32
    };
    share(&graded) > SAME || share(&transposed(&graded, side)) > SAME
}
