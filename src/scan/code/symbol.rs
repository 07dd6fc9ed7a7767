//! What is the same for all codes of one size: functional patterns, the order of the data modules, masks, blocks.

use std::sync::OnceLock;

/// Modules a side of the versions that marks are drawn in: 8 to 11.
pub(in crate::scan) const SIDES: [usize; 4] = [49, 53, 57, 61];

/// First of them.
const FIRST: usize = 8;

/// How the codewords of one level are shared out (ISO/IEC 18004:2015, table 9).
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockLayout {
    /// Two bits of the level in the format information.
    pub(super) level: u16,
    /// Correction codewords of every block.
    pub(super) checks: usize,
    /// Blocks of the shorter kind.
    pub(super) short: usize,
    /// Data codewords of those.
    pub(super) data: usize,
    /// Blocks with one data codeword more.
    pub(super) long: usize,
}

/// Levels M and Q of versions 8 to 11.
const SHARES: [[BlockLayout; 2]; 4] = [
    [shares(0b11, 22, 4, 18, 2), shares(0b00, 22, 2, 38, 2)],
    [shares(0b11, 20, 4, 16, 4), shares(0b00, 22, 3, 36, 2)],
    [shares(0b11, 24, 6, 19, 2), shares(0b00, 26, 4, 43, 1)],
    [shares(0b11, 28, 4, 22, 4), shares(0b00, 30, 1, 50, 4)],
];

const fn shares(level: u16, checks: usize, short: usize, data: usize, long: usize) -> BlockLayout {
    BlockLayout {
        level,
        checks,
        short,
        data,
        long,
    }
}

/// A part of the functional patterns that stands alone: its modules with their colours. The middle is where it turns about.
#[derive(Clone, Debug)]
pub(in crate::scan) struct Pattern {
    /// Middle in modules from the outer corner of the symbol.
    pub(in crate::scan) middle: (f32, f32),
    /// Middles of its modules, with 1 where dark and −1 where light.
    pub(in crate::scan) points: Vec<(f32, f32, f32)>,
    /// Whether it is a finder or alignment pattern, whose place can be told from its looks alone.
    pub(in crate::scan) pattern: bool,
}

/// A size of code.
#[derive(Debug)]
pub(in crate::scan) struct SymbolSize {
    /// Modules a side.
    pub(in crate::scan) side: usize,
    /// Finder patterns with their light border (top left, top right, bottom left), alignment patterns, timing patterns in pieces.
    pub(in crate::scan) parts: Vec<Pattern>,
    /// Data modules as places in the square, in the order of placement.
    pub(in crate::scan) order: Vec<usize>,
    /// The two copies of the format information: places of its 15 bits, the highest first.
    pub(super) format: [[usize; 15]; 2],
    pub(super) shares: [BlockLayout; 2],
    pub(super) version: usize,
}

/// The form of a side; none where no mark is drawn so large or small.
pub(in crate::scan) fn form(side: usize) -> Option<&'static SymbolSize> {
    static FORMS: [OnceLock<SymbolSize>; 4] = [const { OnceLock::new() }; 4];
    let index = SIDES.iter().position(|s| *s == side)?;
    let shares = SHARES.get(index)?;
    Some(
        FORMS
            .get(index)?
            .get_or_init(|| SymbolSize::new(FIRST + index, side, *shares)),
    )
}

impl SymbolSize {
    fn new(version: usize, side: usize, shares: [BlockLayout; 2]) -> Self {
        // Versions 7 to 13 have alignment patterns in three rows and columns (annex E).
        let centres = [6, (side - 1) / 2, side - 7];
        let mut functional = vec![false; side * side];
        let mut fill = |x: usize, y: usize, width: usize, height: usize| {
            for row in functional.chunks_mut(side).skip(y).take(height) {
                for slot in row.iter_mut().skip(x).take(width) {
                    *slot = true;
                }
            }
        };
        // finder patterns with separator and format information; version information; timing patterns
        fill(0, 0, 9, 9);
        fill(side - 8, 0, 8, 9);
        fill(0, side - 8, 9, 8);
        fill(side - 11, 0, 3, 6);
        fill(0, side - 11, 6, 3);
        fill(0, 6, side, 1);
        fill(6, 0, 1, side);
        let mut parts = Vec::new();
        for (x, y) in [(0, 0), (side - 7, 0), (0, side - 7)] {
            parts.push(square(x as f32 + 3.5, y as f32 + 3.5, 4));
        }
        for (i, x) in centres.into_iter().enumerate() {
            for (j, y) in centres.into_iter().enumerate() {
                if (i, j) != (0, 0) && (i, j) != (0, 2) && (i, j) != (2, 0) {
                    fill(x - 2, y - 2, 5, 5);
                    parts.push(square(x as f32 + 0.5, y as f32 + 0.5, 2));
                }
            }
        }
        // pieces of 8 modules and one of 9
        for from in (8..side - 9).step_by(8) {
            let to = if from + 9 == side - 8 {
                from + 9
            } else {
                (from + 8).min(side - 8)
            };
            for across in [true, false] {
                parts.push(timing(from, to, across));
            }
        }
        let order = zigzag(side)
            .filter(|at| functional.get(*at) == Some(&false))
            .collect();
        Self {
            side,
            parts,
            order,
            format: format_places(side),
            shares,
            version,
        }
    }

    /// Whether a mask (7.8.2) turns the module at a place.
    pub(super) fn masked(&self, mask: u16, at: usize) -> bool {
        let (x, y) = (at % self.side, at / self.side);
        match mask {
            0 => (x + y) % 2 == 0,
            1 => y % 2 == 0,
            2 => x % 3 == 0,
            3 => (x + y) % 3 == 0,
            4 => (x / 3 + y / 2) % 2 == 0,
            5 => x * y % 2 + x * y % 3 == 0,
            6 => (x * y % 2 + x * y % 3) % 2 == 0,
            _ => ((x + y) % 2 + x * y % 3) % 2 == 0,
        }
    }
}

/// Squares inside each other about a middle, out to a distance: alternately dark and light, the outermost of a finder light, that of
/// an alignment pattern dark.
fn square(x: f32, y: f32, reach: i32) -> Pattern {
    let mut points = Vec::new();
    for down in -reach..=reach {
        for across in -reach..=reach {
            let ring = down.abs().max(across.abs());
            let dark = if reach == 4 {
                ring <= 1 || ring == 3
            } else {
                ring != 1
            };
            let sign = if dark { 1.0 } else { -1.0 };
            points.push((x + across as f32, y + down as f32, sign));
        }
    }
    Pattern {
        middle: (x, y),
        points,
        pattern: true,
    }
}

fn timing(from: usize, to: usize, across: bool) -> Pattern {
    let points = (from..to)
        .map(|at| {
            let sign = if at % 2 == 0 { 1.0 } else { -1.0 };
            let at = at as f32 + 0.5;
            if across {
                (at, 6.5, sign)
            } else {
                (6.5, at, sign)
            }
        })
        .collect();
    let middle = (from + to) as f32 / 2.0;
    Pattern {
        middle: if across { (middle, 6.5) } else { (6.5, middle) },
        points,
        pattern: false,
    }
}

/// All modules in the order of placement (7.7.3): two columns at a time from the right, up and down in turn, passing over column 6.
fn zigzag(side: usize) -> impl Iterator<Item = usize> {
    (0..side / 2).flat_map(move |pair| {
        let right = side - 1 - 2 * pair;
        let right = if right <= 6 { right - 1 } else { right };
        (0..side).flat_map(move |step| {
            let y = if pair % 2 == 0 { side - 1 - step } else { step };
            [y * side + right, y * side + right - 1]
        })
    })
}

/// Figure 25 of the standard: about the top left finder pattern, and shared between the other two.
fn format_places(side: usize) -> [[usize; 15]; 2] {
    let mut places = [[0; 15]; 2];
    for bit in 0..15 {
        let (x, y) = match bit {
            0..=5 => (bit, 8),
            6 => (7, 8),
            7 => (8, 8),
            8 => (8, 7),
            _ => (8, 14 - bit),
        };
        let (u, v) = if bit < 7 {
            (8, side - 1 - bit)
        } else {
            (side - 15 + bit, 8)
        };
        let [first, second] = &mut places;
        if let (Some(a), Some(b)) = (first.get_mut(bit), second.get_mut(bit)) {
            (*a, *b) = (y * side + x, v * side + u);
        }
    }
    places
}
