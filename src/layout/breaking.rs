//! Where the lines of a paragraph end. Justified text is broken as a whole, so that its lines are evenly wide (Knuth and Plass,
//! *Breaking Paragraphs into Lines*, 1981); other text takes as few lines as it can, of like widths, broken between words.

use crate::campaign::Align;
use crate::text::breaks::{FORBIDDEN, IN_NAME, IN_WORD};
use crate::text::kinsoku::{Class, class};
use crate::units::Length;

use super::atoms::Atom;

/// Longest text, in characters, whose lines are made alike.
const LONGEST_ALIKE: usize = 400;
/// Room between two characters beyond which a line is loose, in thousandths of the size.
const LOOSE: i64 = 50;
/// What a line costs from whose signs and gaps all is taken that they can give.
const TAKEN: f64 = 2.0;
/// What a line of one character at a paragraph's end costs.
const LONE: f64 = 500.0;
/// What a further line costs where words decide.
const FURTHER: f64 = 100.0;
/// What it costs where a line more takes no room from anything.
const FURTHER_IN_ROOM: f64 = 20.0;
/// The most room that is added between two characters, in thousandths of the size. A line that would need more, beside a long word,
/// ends before the edge.
pub(super) const MOST_LOOSE: i64 = 350;
/// The most where that brings such a line to the edge: a little short would look like a mistake.
pub(super) const LOOSE_TO_EDGE: i64 = 450;
/// What an ugly line costs that is made only where no other is possible.
const UGLY: f64 = 2_000.0;
/// What it costs besides by the square of its share that stays empty: two lines a little short are better than one that reads as the end
/// of its paragraph.
const RAGGED: f64 = 60_000.0;

/// One line: the atoms from `start` to `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether a word is cut at its end, being wider than a line.
    pub(super) torn: bool,
    /// Whether one line more might spare a word or a lone character of these.
    pub(super) spares: bool,
}

/// What the lines of a paragraph have room for.
pub(super) struct Measure {
    /// Width of the lines.
    pub(super) room: i64,
    /// What of it the first line lacks.
    pub(super) indent: i64,
    pub(super) size: Length,
    pub(super) align: Align,
    /// Whether there is room for a line more than it takes.
    pub(super) roomy: bool,
}

impl Measure {
    fn room_at(&self, start: usize) -> i64 {
        self.room - if start == 0 { self.indent } else { 0 }
    }

    /// Whether a sign that opens gives up its blank half where a line begins: at every left edge, but not behind an indent or in the middle.
    pub(super) fn gives_way(&self, start: usize) -> bool {
        let edge = matches!(self.align, Align::Left | Align::Justify);
        start > 0 || edge && self.indent == 0
    }

    /// Whether a text stands in one line, whatever its words are.
    pub(super) fn is_one_line(&self, atoms: &[Atom]) -> bool {
        atoms.iter().map(|a| a.width).sum::<i64>() <= self.room_at(0)
    }

    /// Whether words decide where the lines of a longer text end: not where it is justified.
    pub(super) fn by_words(&self, atoms: &[Atom]) -> bool {
        self.align != Align::Justify && atoms.len() <= LONGEST_ALIKE
    }
}

/// The lines of a text; `costs` are those of a line's end before each atom, of which a text of one line needs none.
pub(super) fn spans(atoms: &[Atom], costs: &[u32], measure: &Measure) -> Vec<Span> {
    if atoms.is_empty() {
        return Vec::new();
    }
    let line = Ruled {
        widths: sums(atoms.iter().map(|a| a.width)),
        shrinks: sums(atoms.iter().map(|a| a.shrink)),
        stretches: sums(stretches(atoms).into_iter()),
        gaps: sums(weights(atoms).into_iter()),
        spaces: atoms.iter().map(|a| class(a.ch) == Class::Space).collect(),
        atoms,
        costs,
        measure,
    };
    let first = line.greedy();
    if first.len() <= 1 || first.iter().any(|span| span.torn) {
        return first;
    }
    let better = match measure.align {
        Align::Justify => line.even().map(|(spans, _)| spans),
        _ if atoms.len() <= LONGEST_ALIKE => line.alike_or_more(first.len()),
        _ => None,
    };
    better.unwrap_or(first)
}

/// Running sums, one more than there are numbers.
fn sums(numbers: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut sum = 0;
    let rest = numbers.map(|n| {
        sum += n;
        sum
    });
    std::iter::once(0).chain(rest).collect()
}

struct Ruled<'a> {
    atoms: &'a [Atom],
    costs: &'a [u32],
    measure: &'a Measure,
    /// Running sums of widths, of what may be taken away, of what is added first, and of the weights of gaps.
    widths: Vec<i64>,
    shrinks: Vec<i64>,
    stretches: Vec<i64>,
    gaps: Vec<i64>,
    /// Which atoms are spaces.
    spaces: Vec<bool>,
}

/// The sum from one place to another.
fn between(sums: &[i64], start: usize, end: usize) -> i64 {
    let at = |n: usize| sums.get(n).or(sums.last()).copied().unwrap_or(0);
    at(end) - at(start)
}

impl Ruled<'_> {
    /// Whether a line may end before an atom.
    fn ends(&self, at: usize) -> bool {
        at >= self.atoms.len() || self.costs.get(at).is_some_and(|cost| *cost != FORBIDDEN)
    }

    fn is_space(&self, at: usize) -> bool {
        self.spaces.get(at).copied().unwrap_or(false)
    }

    /// Where the line after one that ends at `end` begins: behind spaces.
    fn next(&self, end: usize) -> usize {
        (end..self.atoms.len())
            .find(|at| !self.is_space(*at))
            .unwrap_or(self.atoms.len())
    }

    /// The end of a line without the spaces there.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        (start..end)
            .rev()
            .find(|at| !self.is_space(*at))
            .map_or(start, |at| at + 1)
    }

    /// The natural width of a line, without what goes at its ends, and the blank that its last sign may give up besides.
    fn width(&self, start: usize, end: usize) -> (i64, i64) {
        let end = self.trimmed(start, end);
        let blank = self
            .atoms
            .get(start)
            .filter(|_| self.measure.gives_way(start))
            .map_or(0, |a| a.blank_left);
        let last = end.checked_sub(1).and_then(|at| self.atoms.get(at));
        let (script, blank_right) = last.map_or((0, 0), |a| (a.script, a.blank_right - a.script));
        (
            between(&self.widths, start, end) - blank - script,
            blank_right,
        )
    }

    /// What may be taken away within a line, what is added to it first, and the weight of its gaps.
    fn give(&self, start: usize, end: usize) -> (i64, i64, i64) {
        let inner = self.trimmed(start, end).saturating_sub(1).max(start);
        (
            between(&self.shrinks, start, inner),
            between(&self.stretches, start, inner),
            between(&self.gaps, start, inner),
        )
    }

    /// Whether one character stands in a line, signs behind it not counted (答……).
    fn is_lone(&self, start: usize, end: usize) -> bool {
        let shown = self.atoms.get(start..end).unwrap_or_default().iter();
        let sign = |a: &&Atom| matches!(class(a.ch), Class::Close | Class::Pair | Class::Space);
        let counted = shown.filter(|a| !sign(a));
        counted.count() <= 1
    }

    /// Each line as full as it gets.
    fn greedy(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut start = 0;
        while start < self.atoms.len() {
            let (end, torn) = self.fullest(start);
            spans.push(Span {
                start,
                end,
                torn,
                spares: false,
            });
            start = self.next(end);
        }
        spans
    }

    /// The end of the fullest line, and whether a word is cut there. A break in a word counts as any other here.
    fn fullest(&self, start: usize) -> (usize, bool) {
        let room = self.measure.room_at(start);
        let mut best = None;
        let mut x = -self
            .atoms
            .get(start)
            .filter(|_| self.measure.gives_way(start))
            .map_or(0, |a| a.blank_left);
        for (at, atom) in self.atoms.iter().enumerate().skip(start) {
            let fits = x + atom.width - atom.blank_right <= room || class(atom.ch) == Class::Space;
            if !fits {
                return match best {
                    Some(end) => (end, false),
                    // one run wider than the line: cut where it ends
                    None => (at.max(start + 1), true),
                };
            }
            x += atom.width;
            if self.ends(at + 1) {
                best = Some(at + 1);
            }
        }
        (self.atoms.len(), false)
    }

    /// Lines of like widths, as few as can be, or one more where that saves a part of a name or a lone character, and where there is room
    /// for it any word.
    fn alike_or_more(&self, count: usize) -> Option<Vec<Span>> {
        let (mut fewest, worth) = self.alike(count)?;
        let (least, further) = match self.measure.roomy {
            true => (IN_WORD, FURTHER_IN_ROOM),
            false => (IN_NAME, FURTHER),
        };
        let cut = |span: &Span, least: u32| {
            let cost = self.costs.get(span.end);
            cost.is_some_and(|cost| (least..FORBIDDEN).contains(cost))
        };
        let lone = fewest.last().is_some_and(|s| self.is_lone(s.start, s.end));
        let spares = lone || fewest.iter().any(|span| cut(span, IN_WORD));
        if let Some(last) = fewest.last_mut() {
            last.spares = spares;
        }
        if !lone && !fewest.iter().any(|span| cut(span, least)) {
            return Some(fewest);
        }
        match self.alike(count + 1) {
            Some((more, cost)) if cost + further < worth => Some(more),
            _ => Some(fewest),
        }
    }

    /// Lines of like widths, as many as `count`, broken within words only where there is no other way.
    fn alike(&self, count: usize) -> Option<(Vec<Span>, f64)> {
        let em = self.measure.size.0.max(1) as f64;
        let total = self.atoms.len();
        let cost = |start: usize, end: usize| -> Option<f64> {
            let (width, blank) = self.width(start, end);
            let slack = self.measure.room_at(start) - width;
            if slack + blank < 0 {
                return None;
            }
            let slack = slack.max(0) as f64 / em;
            let last = end >= total;
            // lines that are not centred are full rather than alike
            let weight = match (last, self.measure.align) {
                (false, _) => 1.0,
                (true, Align::Center) => 0.5,
                (true, _) => 0.0,
            };
            let mut cost = slack * slack * weight;
            if !last && let Some(word) = self.costs.get(end) {
                cost += f64::from(*word);
            }
            if last && self.is_lone(start, end) {
                cost += LONE * 2.0;
            }
            Some(cost)
        };
        self.best(Some(count), cost)
    }

    /// Lines of a justified paragraph with the least differences of room.
    fn even(&self) -> Option<(Vec<Span>, f64)> {
        let total = self.atoms.len();
        let size = self.measure.size.0.max(1);
        let cost = |start: usize, end: usize, ugly: bool| -> Option<f64> {
            let (width, blank) = self.width(start, end);
            let slack = self.measure.room_at(start) - width;
            let last = end >= total;
            let (shrink, stretch, gaps) = self.give(start, end);
            let unwelcome = self.costs.get(end).map_or(0, |cost| cost % FORBIDDEN);
            let alone = last && self.is_lone(start, end);
            let lone = f64::from(unwelcome) + if alone { LONE } else { 0.0 };
            if slack >= 0 && last {
                return Some(lone);
            }
            // a line that is too full gives up the blank half of its last sign, as a whole, so that its ink ends at the edge; what
            // is over then is taken between signs, or added as in any other line
            let slack = if slack < 0 { slack + blank } else { slack };
            if slack < 0 {
                if slack + shrink < 0 {
                    return None;
                }
                let taken = -slack as f64 / shrink.max(1) as f64;
                return Some(TAKEN * taken * taken * taken + lone);
            }
            // what spaces take in is no fault yet
            let stretched = slack.min(stretch);
            let eased = stretched as f64 / stretch.max(1) as f64;
            let eased = TAKEN * eased * eased * eased;
            let slack = slack - stretched;
            let most = gaps * size * MOST_LOOSE / 1000;
            let empty = (slack - most).max(0);
            let loose = ((slack - empty) * 1000 / gaps.max(1)) as f64 / size as f64 / LOOSE as f64;
            let fair = lone + eased + 4.0 * loose * loose * loose;
            if empty > 0 {
                let share = empty as f64 / self.measure.room_at(start).max(1) as f64;
                return ugly.then_some(fair + UGLY + RAGGED * share * share);
            }
            Some(fair)
        };
        // most paragraphs need no ugly line, and without them far fewer lines are weighed
        let fair = self.best(None, |start, end| cost(start, end, false));
        match fair {
            Some((spans, sum)) if sum < UGLY => Some((spans, sum)),
            _ => self.best(None, |start, end| cost(start, end, true)),
        }
    }

    /// The breaks with the least cost, and that cost; of exactly `count` lines where that is given. None where no breaks make lines that
    /// fit.
    fn best(
        &self,
        count: Option<usize>,
        cost: impl Fn(usize, usize) -> Option<f64>,
    ) -> Option<(Vec<Span>, f64)> {
        let total = self.atoms.len();
        let layers = count.unwrap_or(1);
        // the least cost of reaching each start with so many lines, and from where
        let mut reached: Vec<Vec<Option<(f64, usize)>>> = vec![vec![None; total + 1]; layers + 1];
        if let Some(begin) = reached.get_mut(0).and_then(|row| row.get_mut(0)) {
            *begin = Some((0.0, 0));
        }
        for start in 0..total {
            for layer in 0..layers {
                let Some((so_far, _)) = reached
                    .get(layer)
                    .and_then(|row| row.get(start))
                    .copied()
                    .flatten()
                else {
                    continue;
                };
                let to = if count.is_some() { layer + 1 } else { 0 };
                // the least width of a line: no line that goes on from one that is wider than its room fits
                let mut x = self.least_before(start);
                for end in start + 1..=total {
                    x += self
                        .atoms
                        .get(end - 1)
                        .map_or(0, |a| a.width - a.blank_right.max(a.shrink));
                    if x > self.measure.room_at(start) && !self.is_space(end - 1) {
                        break;
                    }
                    if !self.ends(end) {
                        continue;
                    }
                    let Some(more) = cost(start, end) else {
                        continue;
                    };
                    let next = self.next(end);
                    let sum = so_far + more;
                    if let Some(place) = reached.get_mut(to).and_then(|row| row.get_mut(next))
                        && place.is_none_or(|(old, _)| sum < old)
                    {
                        *place = Some((sum, start));
                    }
                }
            }
        }
        let last = reached
            .get(count.unwrap_or(0))
            .and_then(|row| row.get(total));
        let (sum, _) = last.copied().flatten()?;
        Some((self.walk_back(&reached, count)?, sum))
    }

    /// What a line that begins at an atom gains in width there: its sign's blank goes, where it is not the first line.
    fn least_before(&self, start: usize) -> i64 {
        let first = self
            .atoms
            .get(start)
            .filter(|_| self.measure.gives_way(start));
        -first.map_or(0, |a| a.blank_left)
    }

    fn walk_back(
        &self,
        reached: &[Vec<Option<(f64, usize)>>],
        count: Option<usize>,
    ) -> Option<Vec<Span>> {
        let mut layer = count.unwrap_or(0);
        let mut at = self.atoms.len();
        let mut spans = Vec::new();
        while at > 0 {
            let (_, start) = reached.get(layer)?.get(at).copied().flatten()?;
            if start >= at {
                return None;
            }
            // the spaces before the next line belong to none
            let end = (start..at)
                .rev()
                .find(|n| !self.is_space(*n))
                .map_or(at, |n| n + 1);
            spans.push(Span {
                start,
                end: end.max(start + 1),
                torn: false,
                spares: false,
            });
            at = start;
            layer = if count.is_some() {
                layer.checked_sub(1)?
            } else {
                0
            };
        }
        spans.reverse();
        Some(spans)
    }
}

/// Whether a space stands between a number and what it counts: 4.2 K, 12 000.
fn is_amount(atoms: &[Atom], at: usize) -> bool {
    let ch = |at: usize| atoms.get(at).map_or(' ', |a| a.ch);
    let next = ch(at + 1);
    ch(at - 1).is_numeric() && (next.is_alphanumeric() || matches!(next, '°' | '%'))
}

/// Whether no room is added behind a character because it and the next are of one word or formula.
fn is_tight(atoms: &[Atom], at: usize) -> bool {
    let (Some(before), Some(after)) = (atoms.get(at), atoms.get(at + 1)) else {
        return false;
    };
    let letters = |atom: &Atom| class(atom.ch) == Class::Latin;
    let half = |atom: &Atom| atom.ch.is_ascii() || matches!(atom.ch, '·' | '°' | '′' | '″' | '–');
    half(before) && (half(after) || letters(after))
        || letters(before) && after.ch.is_ascii() && class(after.ch) == Class::Open
}

/// What is added behind each atom before any other place of a line gets room: nothing where the atom stays close to the next.
pub(super) fn stretches(atoms: &[Atom]) -> Vec<i64> {
    let weights = weights(atoms);
    let of = |(atom, weight): (&Atom, i64)| if weight > 0 { atom.stretch } else { 0 };
    atoms.iter().zip(weights).map(of).collect()
}

/// The weight of the place behind each atom, where room may be added: between Han, at spaces, which count twice, and between scripts;
/// never within a word or a pair, before a sign that closes or behind one that opens.
pub(super) fn weights(atoms: &[Atom]) -> Vec<i64> {
    let weigh = |(i, atom): (usize, &Atom)| match (
        class(atom.ch),
        atoms.get(i + 1).map(|next| class(next.ch)),
    ) {
        (_, None)
        | (Class::Latin, Some(Class::Latin))
        | (Class::Pair, Some(Class::Pair))
        | (Class::Open, _) => 0,
        (Class::Space, Some(Class::Latin)) if i > 0 && is_amount(atoms, i) => 0,
        (Class::Space, _) => 2,
        // the signs of addresses, formulas and units: ?id=2, t/(hm²·a)
        (_, Some(_)) if is_tight(atoms, i) => 0,
        (_, Some(Class::Space | Class::Close)) => 0,
        _ => 1,
    };
    atoms.iter().enumerate().map(weigh).collect()
}
