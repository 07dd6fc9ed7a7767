//! Where a symbol lies, told by its texture alone: a square whose edge density no text reaches, with blank paper about it. Needs no finder
//! pattern, so folds, stains and blur over all three of them do not hide it; what size and turn it has is told by its edges.

use super::plane::Plane;
use super::warp::{Point, distance};

/// Modules a side of the usual mark, and of the blank paper about every mark.
const SIDE: f32 = 49.0;
const QUIET: f32 = 4.0;
/// Sizes, as parts of the usual one, at which a square is looked for.
const SIZES: [f32; 3] = [0.78, 1.0, 1.28];
/// Least share of its longer side that the shorter side of a square has that is seen from the side.
const ALIKE: f32 = 0.88;
/// Most squares that are handed over.
const MOST: usize = 5;
/// Largest change of grey from place to place that counts, on paper of full brightness.
const DENSITY_MAX: u32 = 64;
/// Least edge density of a square over that of the paper about it.
const LEAST_DENSITY: f32 = 8.0;

/// Edge density of the places of a plane, `by` pixels a side each, as sums over all rectangles that begin at its corner.
struct EdgeDensity {
    by: f32,
    width: usize,
    height: usize,
    values: Vec<u8>,
    sums: Vec<u32>,
}

impl EdgeDensity {
    fn of(plane: &Plane, by: usize) -> Self {
        let coarse = plane.shrink(by);
        let (width, height) = (coarse.width, coarse.height);
        let white = white(&coarse);
        let across = width.div_ceil(CELL);
        let mut values = Vec::with_capacity(width * height);
        let mut sums = vec![0_u32; (width + 1) * (height + 1)];
        for y in 0..height {
            let row = coarse.row(y);
            let below = coarse.row((y + 1).min(height - 1));
            let whites = white.get(y / CELL * across..).unwrap_or_default();
            let next = row.iter().skip(1).chain(row.last());
            let mut sum = 0;
            for (x, ((here, right), down)) in row.iter().zip(next).zip(below).enumerate() {
                let change = u32::from(here.abs_diff(*right)) + u32::from(here.abs_diff(*down));
                let paper = whites.get(x / CELL).copied().unwrap_or(255);
                let value = (change * 220 / u32::from(paper.max(48))).min(DENSITY_MAX);
                values.push(u8::try_from(value).unwrap_or(255));
                sum += value;
                let above = sums.get(y * (width + 1) + x + 1).copied().unwrap_or(0);
                if let Some(slot) = sums.get_mut((y + 1) * (width + 1) + x + 1) {
                    *slot = above.wrapping_add(sum);
                }
            }
        }
        Self {
            by: by as f32,
            width,
            height,
            values,
            sums,
        }
    }

    /// Sum over a square about a place, and its places, cut at the border.
    fn about(&self, (x, y): (usize, usize), reach: usize) -> (f32, f32) {
        let (left, right) = (x.saturating_sub(reach), (x + reach).min(self.width));
        let (top, bottom) = (y.saturating_sub(reach), (y + reach).min(self.height));
        let pick = |x: usize, y: usize| {
            let sum = self.sums.get(y * (self.width + 1) + x);
            sum.copied().unwrap_or(0)
        };
        let sum = pick(right, bottom)
            .wrapping_sub(pick(left, bottom))
            .wrapping_sub(pick(right, top))
            .wrapping_add(pick(left, top));
        (sum as f32, ((right - left) * (bottom - top)) as f32)
    }

    /// How much busier a square of `reach` places to each side is than a frame about it.
    fn contrast(&self, at: (usize, usize), reach: usize, frame: usize) -> f32 {
        let (inner, count) = self.about(at, reach);
        let (outer, all) = self.about(at, reach + frame);
        inner / count.max(1.0) - (outer - inner) / (all - count).max(1.0)
    }

    /// Edge density at a point in places.
    fn at(&self, (x, y): Point) -> f32 {
        if x < 0.0 || y < 0.0 || x >= self.width as f32 || y >= self.height as f32 {
            return 0.0;
        }
        let value = self.values.get(y as usize * self.width + x as usize);
        value.copied().map_or(0.0, f32::from)
    }
}

/// Places a side of the cells in which the brightness of the paper is one.
const CELL: usize = 16;

/// The brightness of the paper about each cell: the brightest place of it and of its neighbours.
fn white(coarse: &Plane) -> Vec<u8> {
    let (across, down) = (coarse.width.div_ceil(CELL), coarse.height.div_ceil(CELL));
    let mut cells = vec![0_u8; across * down];
    for y in 0..coarse.height {
        let line = cells.get_mut(y / CELL * across..).unwrap_or_default();
        for (slot, part) in line.iter_mut().zip(coarse.row(y).chunks(CELL)) {
            *slot = part.iter().fold(*slot, |most, v| most.max(*v));
        }
    }
    cells
}

/// Squares that look like a symbol, their corners in order, in pixels; the likeliest first, and of one that text runs into one from either
/// end. `pitch` is the usual one in pixels.
pub(super) fn squares(plane: &Plane, pitch: f32) -> Vec<[Point; 4]> {
    let by = ((pitch * 0.85).round() as usize).max(1);
    if plane.width < by * 24 || plane.height < by * 24 {
        return Vec::new();
    }
    let density = EdgeDensity::of(plane, by);
    let module = pitch / by as f32;
    let mut found: Vec<(f32, (usize, usize), f32)> = Vec::new();
    for size in SIZES {
        let side = SIDE * module * size;
        let reach = (side * 0.47) as usize;
        let frame = ((QUIET * module * size) as usize).max(2);
        for y in (reach / 2..density.height.saturating_sub(reach / 2)).step_by(3) {
            for x in (reach / 2..density.width.saturating_sub(reach / 2)).step_by(3) {
                let worth = density.contrast((x, y), reach, frame);
                if worth < LEAST_DENSITY {
                    continue;
                }
                let near = |f: &&mut (f32, (usize, usize), f32)| {
                    f.1.0.abs_diff(x).max(f.1.1.abs_diff(y)) < reach
                };
                match found.iter_mut().find(near) {
                    Some(known) if known.0 < worth => *known = (worth, (x, y), side),
                    Some(_) => {}
                    None => found.push((worth, (x, y), side)),
                }
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(MOST);
    let places = found.into_iter();
    places
        .flat_map(|(_, (x, y), side)| {
            let middle = (x as f32, y as f32);
            let turn = turn(
                plane,
                (middle.0 * density.by, middle.1 * density.by),
                side * density.by,
            );
            let corners = edges(&density, middle, side, module, turn);
            cut(corners.map(|(x, y)| (x * density.by, y * density.by)))
        })
        .collect()
}

/// The turn of the edges about a point, from −45° to 45°, in radians: the mean direction in which grey changes, four times the angle so
/// that all four sides of a square are one.
fn turn(plane: &Plane, (x, y): Point, side: f32) -> f32 {
    let reach = side * 0.4;
    let low = |v: f32| (v - reach).max(1.0) as usize;
    let (right, bottom) = (
        ((x + reach) as usize).min(plane.width.saturating_sub(1)),
        ((y + reach) as usize).min(plane.height.saturating_sub(1)),
    );
    let (mut cosines, mut sines) = (0.0_f32, 0.0_f32);
    for v in low(y)..bottom {
        let (above, here, below) = (plane.row(v - 1), plane.row(v), plane.row(v + 1));
        for u in low(x)..right {
            let pick = |row: &[u8], at: usize| row.get(at).copied().map_or(255.0, f32::from);
            let (dx, dy) = (
                pick(here, u + 1) - pick(here, u - 1),
                pick(below, u) - pick(above, u),
            );
            // (dx + i dy)⁴ over its size
            let (re, im) = (dx * dx - dy * dy, 2.0 * dx * dy);
            let size = re.hypot(im).max(1.0);
            cosines += (re * re - im * im) / size;
            sines += 2.0 * re * im / size;
        }
    }
    sines.atan2(cosines) / 4.0
}

/// The corners of the dense square about a place, in places: its edges are where the density ends for longer than a fold is wide.
fn edges(density: &EdgeDensity, start: Point, side: f32, module: f32, turn: f32) -> [Point; 4] {
    let (sine, cosine) = turn.sin_cos();
    let axes = [(cosine, sine), (-sine, cosine)];
    // from the middle: how far the square goes to each side along both axes
    let mut reach = [[side / 2.0; 2]; 2];
    let mut middle = start;
    for _ in 0..2 {
        for axis in [0, 1] {
            let (along, aside) = (axes[axis], axes[1 - axis]);
            let wide = reach[1 - axis][0] * 0.7;
            let density_at = |at: f32| {
                let steps = (wide as i32).max(1);
                let sum: f32 = (-steps..=steps)
                    .map(|step| {
                        let step = step as f32;
                        density.at((
                            middle.0 + along.0 * at + aside.0 * step,
                            middle.1 + along.1 * at + aside.1 * step,
                        ))
                    })
                    .sum();
                sum / (2 * steps + 1) as f32
            };
            let inner = (side * 0.3) as i32;
            let mut known: Vec<f32> = (-inner..=inner).map(|at| density_at(at as f32)).collect();
            known.sort_by(f32::total_cmp);
            let limit = known.get(known.len() / 2).copied().unwrap_or(0.0) * 0.5;
            let end = |sign: f32| {
                let (mut last, mut at) = (side * 0.25, side * 0.25);
                while at < side * 0.8 && at - last < 2.6 * module {
                    at += 0.5;
                    if density_at(sign * at) > limit {
                        last = at;
                    }
                }
                last + 0.5
            };
            let (back, ahead) = (end(-1.0), end(1.0));
            let off = (ahead - back) / 2.0;
            middle = (middle.0 + along.0 * off, middle.1 + along.1 * off);
            reach[axis] = [f32::midpoint(back, ahead); 2];
        }
    }
    let [[across, _], [down, _]] = reach;
    let corner = |u: f32, v: f32| {
        (
            middle.0 + axes[0].0 * u + axes[1].0 * v + 0.5,
            middle.1 + axes[0].1 * u + axes[1].1 * v + 0.5,
        )
    };
    [
        corner(-across, -down),
        corner(across, -down),
        corner(across, down),
        corner(-across, down),
    ]
}

/// A rectangle that is a square, or nearly; of a longer one the squares at both its ends.
fn cut([a, b, c, d]: [Point; 4]) -> Vec<[Point; 4]> {
    let (wide, high) = (distance(a, b), distance(b, c));
    let on = |p: Point, q: Point, part: f32| (p.0 + part * (q.0 - p.0), p.1 + part * (q.1 - p.1));
    let part = wide.min(high) / wide.max(high).max(1.0);
    if part > ALIKE {
        vec![[a, b, c, d]]
    } else if wide < high {
        vec![
            [a, b, on(b, c, part), on(a, d, part)],
            [on(d, a, part), on(c, b, part), c, d],
        ]
    } else {
        vec![
            [a, on(a, b, part), on(d, c, part), d],
            [on(b, a, part), b, c, on(c, d, part)],
        ]
    }
}

/// Pixels a side of a square, the mean.
pub(super) fn side_of([a, b, c, d]: &[Point; 4]) -> f32 {
    (distance(*a, *b) + distance(*b, *c) + distance(*c, *d) + distance(*d, *a)) / 4.0
}
