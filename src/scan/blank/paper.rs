//! The paper of a page: its level about each place, its grain, and how much of each square millimetre is darker.

use crate::pictures::Picture;

/// One colour of a page, made smaller.
pub(super) struct ChannelPlane {
    pub(super) width: usize,
    pub(super) luma: Vec<u8>,
}

/// Millimetres from an edge within which shadows and outlines of the sheet lie.
pub(super) const EDGE: usize = 10;

/// Cells a side of the tiles in which the paper's level is found: 4 mm, so that print leaves paper between its lines.
const TILE: usize = 4;

/// Neighbours of a tile to each side that have a say in its level: what is smaller than a hole in the paper has none.
const REACH: usize = 2;

/// Levels below the paper from which something stands out, where the grain asks for no more. A page of 70 g/m² shines through
/// by up to 10 where the other side is black (opacity 90 %, ISO 2471); a seal of which a tenth is left takes 20.
const FAINT: f32 = 12.0;

/// The same where paper is of one level throughout, as in a picture that no scanner made.
const FAINT_CLEAN: f32 = 8.0;

/// The same for the mean of a cell, in which grain is evened out.
const FAINT_MEAN: f32 = 11.0;

/// Levels below the paper from which something stands out plainly.
const PLAIN: f32 = 28.0;

/// Deviations of the grain that a pixel, and the mean of a cell, must lie below the paper. Neighbouring pixels of a JPEG go
/// together, so that a mean of 16 is evened out by half rather than by a quarter.
const DEVIATIONS: f32 = 5.0;
const DEVIATIONS_MEAN: f32 = 2.5;

/// Deviations that are added to the least, lest what shines through stands out where grain helps it.
const MARGIN: f32 = 1.5;

/// Most that grain may ask for.
const MOST: f32 = 60.0;

/// The colours of a picture, made smaller by a whole number: one plane of a grey picture, three of a coloured one.
pub(super) fn planes(picture: &Picture, by: usize) -> Vec<ChannelPlane> {
    if picture.is_colour() {
        shrunk::<3>(picture, by)
    } else {
        shrunk::<1>(picture, by)
    }
}

/// Each of `C` channels by the means of squares; what does not fill a square is cut off.
fn shrunk<const C: usize>(picture: &Picture, by: usize) -> Vec<ChannelPlane> {
    let width = picture.width() / by;
    let mut lumas = [const { Vec::new() }; C];
    if by == 1 {
        let pixels = picture.samples().as_chunks::<C>().0;
        let whole = |channel: usize| ChannelPlane {
            width,
            luma: pixels
                .iter()
                .filter_map(|p| p.get(channel).copied())
                .collect(),
        };
        return (0..C).map(whole).collect();
    }
    // a picture of the most pixels is made smaller by 15: no sum of a column reaches 2^16
    let mut sums = vec![0_u16; picture.width() * C];
    // a multiplication in place of a division, never above the mean and less than one below it
    let share = u32::try_from((1 << 16) / (by * by)).unwrap_or(0);
    for band in picture.samples().chunks_exact(picture.width() * C * by) {
        sums.fill(0);
        for row in band.chunks_exact(picture.width() * C) {
            for (sum, v) in sums.iter_mut().zip(row) {
                *sum += u16::from(*v);
            }
        }
        let blocks = || sums.as_chunks::<C>().0.chunks_exact(by);
        for (channel, luma) in lumas.iter_mut().enumerate() {
            luma.extend(blocks().map(|block| {
                let of_pixel = |p: &[u16; C]| p.get(channel).copied().map_or(0, u32::from);
                let sum: u32 = block.iter().map(of_pixel).sum();
                u8::try_from((sum * share) >> 16).unwrap_or(255)
            }));
        }
    }
    let whole = |luma| ChannelPlane { width, luma };
    lumas.into_iter().map(whole).collect()
}

/// A cell of the page, a millimetre a side.
#[derive(Clone, Copy, Default)]
pub(super) struct CellCount {
    /// Pixels that stand out from the paper.
    pub(super) faint: u16,
    /// Pixels that stand out plainly.
    pub(super) plain: u16,
}

/// One colour of a page, cell by cell.
pub(super) struct ChannelGrid {
    pub(super) cell: usize,
    pub(super) across: usize,
    pub(super) cells: Vec<CellCount>,
    level: u8,
    spread: u8,
}

impl ChannelGrid {
    pub(super) fn of(plane: &ChannelPlane, cell: usize) -> Self {
        let levels = Levels::of(plane, cell);
        let grain = Grain::of(plane, cell, &levels);
        Self {
            cell,
            across: levels.across,
            cells: grain.cells(plane, cell, &levels),
            level: levels.middle(),
            spread: levels.spread(),
        }
    }

    /// How far its level goes up and down away from the edges: little on a sheet under a scanner's lamp, much in a photo.
    pub(super) fn spread(&self) -> u8 {
        self.spread
    }

    /// The paper's level as a whole.
    pub(super) fn level(&self) -> u8 {
        self.level
    }
}

/// The paper's level about each cell.
struct Levels {
    across: usize,
    of_cell: Vec<u8>,
}

impl Levels {
    fn of(plane: &ChannelPlane, cell: usize) -> Self {
        let side = cell * TILE;
        let tiles_across = plane.width.div_ceil(side);
        let mut tiles = Vec::new();
        for band in plane.luma.chunks(plane.width * side) {
            tiles.extend((0..tiles_across).map(|n| upper(band, plane.width, n * side, side)));
        }
        let tiles = middles(&tiles, tiles_across);
        let across = plane.width.div_ceil(cell);
        let down = (plane.luma.len() / plane.width).div_ceil(cell);
        let tiles_down = tiles.len() / tiles_across;
        let of_cell = (0..down)
            .flat_map(|y| (0..across).map(move |x| (x, y)))
            .map(|(x, y)| between(&tiles, (tiles_across, tiles_down), (x, y)))
            .collect();
        Self { across, of_cell }
    }

    fn middle(&self) -> u8 {
        median(&mut self.of_cell.clone())
    }

    fn spread(&self) -> u8 {
        let down = self.of_cell.len() / self.across;
        let mut inner: Vec<u8> = (EDGE..down.saturating_sub(EDGE))
            .filter_map(|y| self.row(y).get(EDGE..self.across.saturating_sub(EDGE)))
            .flatten()
            .copied()
            .collect();
        if inner.is_empty() {
            return 0;
        }
        // one in fifty may be anything
        let few = inner.len() / 50;
        let low = *inner.select_nth_unstable(few).1;
        let last = inner.len() - 1 - few;
        let high = *inner.select_nth_unstable(last).1;
        high.saturating_sub(low)
    }

    fn row(&self, y: usize) -> &[u8] {
        let all = self.of_cell.get(y * self.across..).unwrap_or_default();
        all.get(..self.across).unwrap_or_default()
    }
}

/// The mean of the brighter pixels of a tile: paper, wherever less than half of it is covered.
fn upper(band: &[u8], width: usize, left: usize, side: usize) -> u8 {
    let rows = || {
        band.chunks_exact(width)
            .map(|row| row.get(left..(left + side).min(width)).unwrap_or_default())
    };
    let (mut sum, mut count) = (0_u32, 0_u32);
    for row in rows() {
        sum += row.iter().map(|v| u32::from(*v)).sum::<u32>();
        count += u32::try_from(row.len()).unwrap_or(0);
    }
    let mean = u8::try_from(sum.checked_div(count).unwrap_or(255)).unwrap_or(255);
    let (mut sum, mut count) = (0_u32, 0_u32);
    for row in rows() {
        for v in row {
            let brighter = u32::from(*v >= mean);
            sum += u32::from(*v) * brighter;
            count += brighter;
        }
    }
    u8::try_from(sum.checked_div(count).unwrap_or(255)).unwrap_or(255)
}

/// Each tile's level as the median of its neighbourhood.
fn middles(tiles: &[u8], across: usize) -> Vec<u8> {
    let down = tiles.len() / across.max(1);
    let mut near = Vec::with_capacity((2 * REACH + 1) * (2 * REACH + 1));
    let mut found = Vec::with_capacity(tiles.len());
    for y in 0..down {
        for x in 0..across {
            near.clear();
            for line in y.saturating_sub(REACH)..(y + REACH + 1).min(down) {
                let from = line * across + x.saturating_sub(REACH);
                let to = line * across + (x + REACH + 1).min(across);
                near.extend_from_slice(tiles.get(from..to).unwrap_or_default());
            }
            found.push(median(&mut near));
        }
    }
    found
}

fn median(values: &mut [u8]) -> u8 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return 255;
    }
    *values.select_nth_unstable(middle).1
}

/// The level at a cell, between the centres of the tiles about it.
fn between(tiles: &[u8], (across, down): (usize, usize), (x, y): (usize, usize)) -> u8 {
    // twice the distance from the centre of the first tile, in cells
    let place = |cell: usize, count: usize| {
        let from = (2 * cell + 1).saturating_sub(TILE);
        let tile = (from / (2 * TILE)).min(count - 1);
        let part = if tile + 1 < count {
            from % (2 * TILE)
        } else {
            0
        };
        (tile, (tile + 1).min(count - 1), part)
    };
    let ((left, right, fx), (top, bottom, fy)) = (place(x, across), place(y, down));
    let pick = |x: usize, y: usize| usize::from(tiles.get(y * across + x).copied().unwrap_or(255));
    let whole = 2 * TILE;
    let row = |y: usize| pick(left, y) * (whole - fx) + pick(right, y) * fx;
    let sum = row(top) * (whole - fy) + row(bottom) * fy;
    u8::try_from((sum + whole * whole / 2) / (whole * whole)).unwrap_or(255)
}

/// How far below its level the paper itself goes.
struct Grain {
    /// Levels between the level that was found and the middle of the paper's pixels.
    middle: f32,
    /// Deviation of the paper's pixels.
    deviation: f32,
}

impl Grain {
    /// Told by every fifth row: by what is brighter than the middle, which no ink is, and by neighbours, most of which are
    /// paper however much of the page is covered.
    fn of(plane: &ChannelPlane, cell: usize, levels: &Levels) -> Self {
        let mut above = [0_u32; 512];
        let mut steps = [0_u32; 512];
        for (y, row) in plane.luma.chunks_exact(plane.width).enumerate().step_by(5) {
            for (part, level) in row.chunks(cell).zip(levels.row(y / cell)) {
                for v in part {
                    count(&mut above, 256 + usize::from(*v) - usize::from(*level));
                }
            }
            for (a, b) in row.iter().zip(row.iter().skip(1)) {
                count(&mut steps, usize::from(a.abs_diff(*b)));
            }
        }
        let middle = quantile(&above, 0.5);
        let bright = quantile(&above, 0.84) - middle;
        // the median step of neighbours that do not go together is 0.954 deviations
        let rough = quantile(&steps, 0.5) / 0.954;
        Self {
            middle: middle - 256.0,
            deviation: bright.max(rough),
        }
    }

    fn cells(&self, plane: &ChannelPlane, cell: usize, levels: &Levels) -> Vec<CellCount> {
        let faint = match self.deviation {
            0.0 => FAINT_CLEAN,
            some => (FAINT + MARGIN * some).max(DEVIATIONS * some).min(MOST),
        };
        let mean = match self.deviation {
            0.0 => FAINT_CLEAN,
            some => (DEVIATIONS_MEAN * some).clamp(FAINT_MEAN, MOST),
        };
        let plain = PLAIN.max(faint * 1.5);
        let mut cells = Vec::with_capacity(levels.of_cell.len());
        let mut columns = Columns::of(plane.width);
        for (y, band) in plane.luma.chunks(plane.width * cell).enumerate() {
            columns.begin();
            for (n, level) in levels.row(y).iter().enumerate() {
                let paper = f32::from(*level) + self.middle;
                // what is below 0 is cut to 0, and no pixel is darker
                columns.limit(
                    n * cell,
                    cell,
                    [(paper - faint) as u8, (paper - plain) as u8],
                );
            }
            let rows = band.chunks_exact(plane.width);
            let count = rows.len();
            rows.for_each(|row| columns.take(row));
            for (n, level) in levels.row(y).iter().enumerate() {
                let least = f32::from(*level) + self.middle - mean;
                cells.push(columns.cell(n * cell, cell, (count, least)));
            }
        }
        cells
    }
}

/// What stands in each column of a band of cells.
struct Columns {
    /// Below these a pixel stands out, and plainly.
    under: [Vec<u8>; 2],
    counts: [Vec<u8>; 2],
    sums: Vec<u16>,
}

impl Columns {
    fn of(width: usize) -> Self {
        let row = || vec![0; width];
        Self {
            under: [row(), row()],
            counts: [row(), row()],
            sums: vec![0; width],
        }
    }

    fn begin(&mut self) {
        self.counts.iter_mut().for_each(|c| c.fill(0));
        self.sums.fill(0);
    }

    fn limit(&mut self, from: usize, count: usize, limits: [u8; 2]) {
        for (row, limit) in self.under.iter_mut().zip(limits) {
            let to = (from + count).min(row.len());
            row.get_mut(from..to).unwrap_or_default().fill(limit);
        }
    }

    /// A row of pixels; loop by loop, so that each is done many pixels at a time.
    fn take(&mut self, row: &[u8]) {
        for (counts, under) in self.counts.iter_mut().zip(&self.under) {
            for ((count, v), limit) in counts.iter_mut().zip(row).zip(under) {
                *count += u8::from(*v < *limit);
            }
        }
        for (sum, v) in self.sums.iter_mut().zip(row) {
            *sum += u16::from(*v);
        }
    }

    /// The columns of a cell of so many rows, whose mean may lie down to `least`.
    fn cell(&self, from: usize, count: usize, (rows, least): (usize, f32)) -> CellCount {
        let to = (from + count).min(self.sums.len());
        let [faint, plain] = self.counts.each_ref().map(|counts| {
            let counts = counts.get(from..to).unwrap_or_default();
            counts.iter().map(|n| u16::from(*n)).sum::<u16>()
        });
        let sums = self.sums.get(from..to).unwrap_or_default();
        let sum: u32 = sums.iter().map(|s| u32::from(*s)).sum();
        let all = sums.len() * rows;
        // a third: a speck between two cells darkens both
        let dim = if (sum as f32) < least * all as f32 {
            u16::try_from(all / 3).unwrap_or(u16::MAX)
        } else {
            0
        };
        CellCount {
            faint: faint.max(dim),
            plain,
        }
    }
}

fn count(histogram: &mut [u32; 512], at: usize) {
    if let Some(slot) = histogram.get_mut(at) {
        *slot += 1;
    }
}

/// The value below which a share of a histogram lies.
fn quantile(histogram: &[u32; 512], share: f32) -> f32 {
    let all: u32 = histogram.iter().sum();
    let wanted = (all as f32 * share) as u32;
    let mut sum = 0;
    let at = histogram.iter().position(|n| {
        sum += n;
        sum > wanted
    });
    at.unwrap_or(0) as f32
}
