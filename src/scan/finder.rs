//! Finder patterns that are whole: runs of dark and light as 1:1:3:1:1 along a row and through its middle along the column, in a plane
//! made dark and light against its surroundings.

use super::plane::Plane;
use super::warp::Point;

/// Pixels a side of the squares whose threshold is one.
const BLOCK: usize = 8;
/// Least difference of grey in a square that is more than paper.
const CONTRAST: u8 = 24;
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

/// A plane in two colours: a square of 8 × 8 pixels against the mean of the 5 × 5 squares about it.
pub(super) fn darken(plane: &Plane) -> Dark {
    let (across, down) = (plane.width.div_ceil(BLOCK), plane.height.div_ceil(BLOCK));
    let mut levels = vec![0_u32; across * down];
    for row in 0..down {
        let mut sums = vec![(0_u32, 255_u8, 0_u8, 0_u32); across];
        for y in row * BLOCK..((row + 1) * BLOCK).min(plane.height) {
            for (sum, cells) in sums.iter_mut().zip(plane.row(y).chunks(BLOCK)) {
                for v in cells {
                    sum.0 += u32::from(*v);
                    sum.1 = sum.1.min(*v);
                    sum.2 = sum.2.max(*v);
                }
                sum.3 += cells.len() as u32;
            }
        }
        for (column, (sum, low, high, count)) in sums.into_iter().enumerate() {
            let at = row * across + column;
            let level = if high - low > CONTRAST {
                sum / count.max(1)
            } else {
                // flat: paper, unless the squares before it say that it is darker than their middle
                let before =
                    |back: usize| at.checked_sub(back).and_then(|i| levels.get(i)).copied();
                let neighbours = match (before(1), before(across), before(across + 1)) {
                    (Some(left), Some(up), Some(corner)) if row > 0 && column > 0 => {
                        (2 * left + up + corner) / 4
                    }
                    _ => 0,
                };
                let low = u32::from(low);
                if low < neighbours {
                    neighbours
                } else {
                    low / 2
                }
            };
            if let Some(slot) = levels.get_mut(at) {
                *slot = level;
            }
        }
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

/// Whether five runs stand as 1:1:3:1:1, with half a module and a blurred pixel of play.
fn is_finder(runs: [usize; 5]) -> bool {
    let total: usize = runs.iter().sum();
    if total < 7 {
        return false;
    }
    let module = total as f32 / 7.0;
    let play = 0.5 * module + 0.5;
    let [a, b, c, d, e] = runs.map(|r| r as f32);
    [a, b, d, e].iter().all(|r| (r - module).abs() <= play)
        && (c - 3.0 * module).abs() <= 2.0 * play
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
        for start in (0..ends.len().saturating_sub(5)).step_by(2) {
            let Some([a, b, c, d, e, f]) = ends
                .get(start..start + 6)
                .and_then(|s| <[usize; 6]>::try_from(s).ok())
            else {
                break;
            };
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

/// Places where a row changes its colour, from light to dark first.
fn changes(row: &[u8], ends: &mut Vec<usize>) {
    ends.clear();
    let mut last = 0_u8;
    for (block, cells) in row.chunks(16).enumerate() {
        let sum: u8 = cells.iter().sum();
        let flat = if last == 0 { 0 } else { cells.len() };
        if usize::from(sum) == flat {
            continue;
        }
        for (i, cell) in cells.iter().enumerate() {
            if *cell != last {
                ends.push(block * 16 + i);
                last = *cell;
            }
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
