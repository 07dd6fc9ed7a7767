//! Finder patterns that are whole: runs of dark and light as 1:1:3:1:1 along a row and through its middle along the column, in a plane
//! made dark and light against its surroundings.

use std::ops::RangeInclusive;

use super::plane::Plane;
use super::warp::Point;

/// Pixels a side of the squares whose threshold is one.
const BLOCK: usize = 8;
/// Least difference of grey in a square that is more than paper.
const CONTRAST: u8 = 24;
/// Usual difference of grey in the squares of a page that is grainy all over.
const GRAIN: RangeInclusive<u8> = 40..=160;
/// Most finder patterns kept of a page.
const MOST: usize = 160;

/// A plane in two colours.
pub(super) struct Dark {
    width: usize,
    height: usize,
    /// 1 where dark.
    cells: Vec<u8>,
}

/// A pattern that looks like a finder pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finder {
    /// Its middle.
    pub(super) middle: Point,
    /// Its extent along the row, in pixels: seven modules if it lies straight.
    pub(super) width: f32,
    /// Its extent along the column.
    pub(super) height: f32,
    /// Rows that say so.
    pub(super) hits: u32,
}

/// A square of 8 × 8 pixels.
#[derive(Clone, Copy)]
struct Square {
    mean: u8,
    low: u8,
    high: u8,
}

/// The squares of a plane, row by row.
fn squares(plane: &Plane) -> Vec<Square> {
    let mut squares = Vec::new();
    let mut sums = vec![(0_u32, 255_u8, 0_u8, 0_u32); plane.width.div_ceil(BLOCK)];
    for top in (0..plane.height).step_by(BLOCK) {
        sums.fill((0, 255, 0, 0));
        for y in top..(top + BLOCK).min(plane.height) {
            for (sum, cells) in sums.iter_mut().zip(plane.row(y).chunks(BLOCK)) {
                for v in cells {
                    sum.0 += u32::from(*v);
                    sum.1 = sum.1.min(*v);
                    sum.2 = sum.2.max(*v);
                }
                sum.3 += cells.len() as u32;
            }
        }
        squares.extend(sums.iter().map(|(sum, low, high, count)| Square {
            mean: u8::try_from(sum / count.max(&1)).unwrap_or(255),
            low: *low,
            high: *high,
        }));
    }
    squares
}

/// Difference of grey in a square up to which it is flat. Where most of a page is grainy its grain is flat too, lest half of the
/// paper turn dark; a screen of dots is no grain.
fn grain(squares: &[Square]) -> u8 {
    let mut ranges: Vec<u8> = squares.iter().step_by(7).map(|s| s.high - s.low).collect();
    let half = ranges.len() / 2;
    if ranges.is_empty() {
        return CONTRAST;
    }
    let (_, usual, _) = ranges.select_nth_unstable(half);
    if GRAIN.contains(usual) {
        *usual + *usual / 2
    } else {
        CONTRAST
    }
}

/// A plane in two colours: a square of 8 × 8 pixels against the mean of the 5 × 5 squares about it.
pub(super) fn darken(plane: &Plane) -> Dark {
    let (across, down) = (plane.width.div_ceil(BLOCK), plane.height.div_ceil(BLOCK));
    let squares = squares(plane);
    let flat = grain(&squares);
    let mut levels: Vec<u32> = Vec::with_capacity(squares.len());
    for (at, square) in squares.iter().enumerate() {
        let level = if square.high - square.low > flat {
            u32::from(square.mean)
        } else {
            // flat: paper, unless the squares before it say that it is darker than their middle
            let before = |back: usize| at.checked_sub(back).and_then(|i| levels.get(i)).copied();
            let inner = at >= across && !at.is_multiple_of(across);
            let neighbours = match (before(1), before(across), before(across + 1)) {
                (Some(left), Some(up), Some(corner)) if inner => (2 * left + up + corner) / 4,
                _ => 0,
            };
            let low = u32::from(square.low);
            if low < neighbours {
                neighbours
            } else {
                low / 2
            }
        };
        levels.push(level);
    }
    let mut cells = Vec::with_capacity(plane.pixels());
    let mut limits = vec![0_u8; across];
    for y in 0..plane.height {
        if y % BLOCK == 0 {
            thresholds(&levels, across, down, y / BLOCK, &mut limits);
        }
        for (square, limit) in plane.row(y).chunks(BLOCK).zip(&limits) {
            cells.extend(square.iter().map(|v| u8::from(v <= limit)));
        }
    }
    Dark {
        width: plane.width,
        height: plane.height,
        cells,
    }
}

/// Thresholds of a row of squares.
fn thresholds(levels: &[u32], across: usize, down: usize, row: usize, limits: &mut [u8]) {
    let clamp = |at: usize, end: usize| {
        let from = at.saturating_sub(2).min(end.saturating_sub(5));
        (from, (from + 5).min(end))
    };
    let (top, bottom) = clamp(row, down);
    let columns: Vec<u32> = (0..across)
        .map(|x| {
            (top..bottom)
                .filter_map(|y| levels.get(y * across + x))
                .sum()
        })
        .collect();
    for (x, limit) in limits.iter_mut().enumerate() {
        let (left, right) = clamp(x, across);
        let sum: u32 = columns.get(left..right).unwrap_or_default().iter().sum();
        let count = u32::try_from((right - left) * (bottom - top))
            .unwrap_or(1)
            .max(1);
        *limit = u8::try_from(sum / count).unwrap_or(255);
    }
}

/// Whether five runs stand as 1:1:3:1:1, with half a module and a blurred pixel of play; reckoned in 14ths of the whole without a
/// branch, since noise asks for every second pixel.
fn is_finder([a, b, c, d, e]: [usize; 5]) -> bool {
    let total = a + b + c + d + e;
    let one = |run: usize| (14 * run + 7 >= total) & (14 * run <= 3 * total + 7);
    let three = (14 * c + 14 >= 4 * total) & (14 * c <= 8 * total + 14);
    (total >= 7) & one(a) & one(b) & three & one(d) & one(e)
}

impl Dark {
    fn dark(&self, x: usize, y: usize) -> bool {
        self.cells.get(y * self.width + x) == Some(&1)
    }

    /// The five runs through a point along a column or row, and the middle of the third; none where they leave `reach` pixels.
    fn cross(
        &self,
        (x, y): (usize, usize),
        reach: usize,
        along: bool,
    ) -> Option<([usize; 5], f32)> {
        let start = if along { x } else { y };
        let end = if along { self.width } else { self.height };
        let is = |at: usize| {
            if along {
                self.dark(at, y)
            } else {
                self.dark(x, at)
            }
        };
        if !is(start) {
            return None;
        }
        let mut runs = [0_usize; 5];
        let low = start.saturating_sub(reach);
        let high = (start + reach).min(end);
        let mut at = start;
        let mut edge = start;
        for slot in [2, 1, 0] {
            let from = at;
            while at > low && is(at - 1) == (slot != 1) {
                at -= 1;
            }
            if at == low && slot != 0 {
                return None;
            }
            runs[slot] = from - at;
            if slot == 2 {
                edge = at;
            }
        }
        let mut at = start;
        for slot in [2, 3, 4] {
            let from = at;
            while at < high && is(at) == (slot != 3) {
                at += 1;
            }
            if at == high && slot != 4 {
                return None;
            }
            runs[slot] += at - from;
        }
        let centre = edge as f32 + runs[2] as f32 / 2.0;
        Some((runs, centre))
    }

    /// Whether there is a finder pattern about a point of a row, and where.
    fn confirm(&self, x: usize, y: usize, total: usize) -> Option<Finder> {
        let reach = total * 2;
        let (down, middle_y) = self.cross((x, y), reach, false)?;
        let height: usize = down.iter().sum();
        if !is_finder(down) || height > total * 2 || total > height * 2 {
            return None;
        }
        let (across, middle_x) = self.cross((x, middle_y as usize), reach, true)?;
        if !is_finder(across) {
            return None;
        }
        Some(Finder {
            middle: (middle_x, middle_y),
            width: across.iter().sum::<usize>() as f32,
            height: height as f32,
            hits: 1,
        })
    }
}

/// The finder patterns of a plane, the clearest first.
pub(super) fn find(dark: &Dark) -> Vec<Finder> {
    let mut found: Vec<Finder> = Vec::new();
    let mut ends: Vec<usize> = Vec::new();
    for y in 0..dark.height {
        let row = dark
            .cells
            .get(y * dark.width..(y + 1) * dark.width)
            .unwrap_or_default();
        changes(row, &mut ends);
        // ends[0] is the start of the first dark run, ends[1] its end, and so on
        for six in ends.windows(6).step_by(2) {
            let &[a, b, c, d, e, f] = six else { break };
            let runs = [b - a, c - b, d - c, e - d, f - e];
            if !is_finder(runs) {
                continue;
            }
            if let Some(finder) = dark.confirm(usize::midpoint(c, d), y, f - a) {
                add(&mut found, finder);
            }
        }
    }
    found.retain(|f| f.hits >= 2 || f.width < 14.0);
    found.sort_by(|a, b| {
        let worth = |f: &Finder| f.hits as f32 / f.height;
        worth(b).total_cmp(&worth(a))
    });
    found.truncate(MOST);
    found
}

/// Places where a row changes its colour, from light to dark first; eight cells at once.
fn changes(row: &[u8], ends: &mut Vec<usize>) {
    ends.clear();
    let mut last = 0_u64;
    let (eights, rest) = row.as_chunks::<8>();
    for (place, eight) in eights.iter().enumerate() {
        let cells = u64::from_le_bytes(*eight);
        let mut changed = cells ^ (cells << 8 | last);
        while changed != 0 {
            ends.push(place * 8 + changed.trailing_zeros() as usize / 8);
            changed &= changed - 1;
        }
        last = cells >> 56;
    }
    for (place, cell) in rest.iter().enumerate() {
        if u64::from(*cell) != last {
            ends.push(eights.len() * 8 + place);
            last = u64::from(*cell);
        }
    }
    if last == 1 {
        ends.push(row.len());
    }
}

/// Most places that are looked at for one that is already known; what is older was rows ago.
const RECENT: usize = 64;

fn add(found: &mut Vec<Finder>, finder: Finder) {
    for known in found.iter_mut().rev().take(RECENT) {
        let near = |a: f32, b: f32| (a - b).abs() < finder.width / 4.0;
        if near(known.middle.0, finder.middle.0) && near(known.middle.1, finder.middle.1) {
            known.hits += 1;
            let share = 1.0 / known.hits as f32;
            let mix = |a: &mut f32, b: f32| *a += (b - *a) * share;
            mix(&mut known.middle.0, finder.middle.0);
            mix(&mut known.middle.1, finder.middle.1);
            mix(&mut known.width, finder.width);
            mix(&mut known.height, finder.height);
            return;
        }
    }
    if found.len() < MOST * 20 {
        found.push(finder);
    }
}
