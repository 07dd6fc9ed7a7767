//! From modules to pixels: the plane's perspective of a symbol, and what bends it.

/// A perspective mapping of modules (from the symbol's outer top left corner) to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Homography {
    /// Row by row, the last of the nine being 1.
    rows: [f32; 9],
}

/// A point.
pub(super) type Point = (f32, f32);

/// Distance of two points.
pub(super) fn distance(a: Point, b: Point) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

impl Homography {
    /// The mapping of four points to four others; none where three of them lie on a line.
    pub(super) fn of(from: [Point; 4], to: [Point; 4]) -> Option<Self> {
        let mut system = [[0.0_f64; 9]; 8];
        let pairs = from.iter().zip(to).enumerate();
        for (i, ((x, y), (u, v))) in pairs {
            let (x, y, u, v) = (f64::from(*x), f64::from(*y), f64::from(u), f64::from(v));
            *system.get_mut(2 * i)? = [x, y, 1.0, 0.0, 0.0, 0.0, -x * u, -y * u, u];
            *system.get_mut(2 * i + 1)? = [0.0, 0.0, 0.0, x, y, 1.0, -x * v, -y * v, v];
        }
        let solved = solve(system)?;
        let mut rows = [1.0; 9];
        for (slot, value) in rows.iter_mut().zip(solved) {
            *slot = value as f32;
        }
        rows.iter().all(|v| v.is_finite()).then_some(Self { rows })
    }

    /// The mapping without perspective of three points to three others.
    pub(super) fn affine(from: [Point; 3], to: [Point; 3]) -> Option<Self> {
        let fourth = |[a, b, c]: [Point; 3]| (b.0 + c.0 - a.0, b.1 + c.1 - a.1);
        let [a, b, c] = from;
        let [u, v, w] = to;
        Self::of([a, b, c, fourth(from)], [u, v, w, fourth(to)])
    }

    /// The pixel of a point in modules.
    pub(super) fn at(&self, (x, y): Point) -> Point {
        let [a, b, c, d, e, f, g, h, i] = self.rows;
        let depth = g * x + h * y + i;
        // behind the camera, or so far away that it is no picture
        let scale = if depth > 1e-3 { 1.0 / depth } else { 1e3 };
        ((a * x + b * y + c) * scale, (d * x + e * y + f) * scale)
    }

    /// Pixels a module about a point, the mean of both directions.
    pub(super) fn pitch(&self, (x, y): Point) -> f32 {
        let here = self.at((x, y));
        let across = distance(here, self.at((x + 1.0, y)));
        let down = distance(here, self.at((x, y + 1.0)));
        (across + down) / 2.0
    }
}

/// Solves eight equations by elimination with the largest pivot of a column.
fn solve(mut system: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let pivot = (column..8).max_by(|a, b| {
            let size = |row: usize| system[row][column].abs();
            size(*a).total_cmp(&size(*b))
        })?;
        system.swap(column, pivot);
        let lead = system[column][column];
        if lead.abs() < 1e-9 {
            return None;
        }
        for value in &mut system[column] {
            *value /= lead;
        }
        let row = system[column];
        for (i, other) in system.iter_mut().enumerate() {
            if i != column {
                let factor = other[column];
                for (slot, value) in other.iter_mut().zip(row) {
                    *slot -= factor * value;
                }
            }
        }
    }
    Some(system.map(|row| row[8]))
}
