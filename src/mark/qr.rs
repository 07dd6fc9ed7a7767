//! The matrix of a QR code (ISO/IEC 18004:2015): version, placement, and the choice of the mask by its penalty (7.8.3).
//! Bit stream, error correction and functional patterns come from the crate `qrcode`, whose own search for the best mask is
//! many times slower than the rest of a page; lines of modules are machine words here.

use std::sync::OnceLock;

use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern, Module};
use qrcode::ec::construct_codewords;
use qrcode::{EcLevel, QrResult, Version};

/// Modules of a QR code, without the quiet zone of 4 modules that must stay free around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// Modules a side.
    pub side: usize,
    /// Row by row from the top left, `side * side` modules; `true` is black.
    pub dark: Vec<bool>,
}

/// Why a text has no matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MatrixFault {
    /// It does not fit in 61 modules a side at level M.
    #[error("二维码内容有 {0} 个字节，放不下，请缩短活动的核验网址")]
    TooLong(usize),
    /// Nothing to be drawn.
    #[error("二维码内容为空")]
    Empty,
}

/// Largest version drawn: 61 modules a side, so that a line of modules and its shifts fit in 64 bits.
const VERSIONS: usize = 11;

/// The version of a mark without an address: 49 modules. A longer text keeps it at level M before it grows.
const MARK_VERSION: usize = 8;

/// Masks in the order of their numbers.
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// Lines of modules, the same square twice: by row (bit x of line y) and by column (bit y of line x).
#[derive(Clone, Default)]
struct ModuleLines {
    rows: Vec<u64>,
    columns: Vec<u64>,
}

impl ModuleLines {
    fn new(side: usize) -> Self {
        Self {
            rows: vec![0; side],
            columns: vec![0; side],
        }
    }

    fn set(&mut self, x: u8, y: u8) {
        if let Some(row) = self.rows.get_mut(usize::from(y)) {
            *row |= 1 << x;
        }
        if let Some(column) = self.columns.get_mut(usize::from(x)) {
            *column |= 1 << y;
        }
    }

    /// The lines of `data` under a mask with its functional modules.
    fn masked(data: &Self, mask: &Mask) -> Self {
        let merge =
            |data: &[u64], mask: &[u64]| data.iter().zip(mask).map(|(d, m)| d ^ m).collect();
        Self {
            rows: merge(&data.rows, &mask.0.rows),
            columns: merge(&data.columns, &mask.0.columns),
        }
    }
}

/// The modules that a mask turns and the dark functional modules, format information included.
struct Mask(ModuleLines);

/// What is the same for all codes of one version and level.
struct QrLayout {
    side: usize,
    /// Data modules (x, y) in the order of placement (7.7.3).
    order: Vec<(u8, u8)>,
    masks: Vec<Mask>,
}

/// Draws a text. Its last run of digits is a numeric segment, what stands before it an alphanumeric or byte segment.
/// The smallest version at level Q is taken; a text that needs more than version 8 (49 modules) at Q is drawn at level M
/// if that saves a version. 235 digits fill version 8 at Q.
pub fn matrix(text: &str) -> Result<Matrix, MatrixFault> {
    if text.is_empty() {
        return Err(MatrixFault::Empty);
    }
    for version in 1..=VERSIONS {
        let levels: &[EcLevel] = if version < MARK_VERSION {
            &[EcLevel::Q]
        } else {
            &[EcLevel::Q, EcLevel::M]
        };
        for level in levels {
            if let Ok((data, correction)) = codewords(text, version, *level) {
                return Ok(draw(layout(version, *level), &data, &correction));
            }
        }
    }
    Err(MatrixFault::TooLong(text.len()))
}

fn number(version: usize) -> Version {
    Version::Normal(i16::try_from(version).unwrap_or(1))
}

fn codewords(text: &str, version: usize, level: EcLevel) -> QrResult<(Vec<u8>, Vec<u8>)> {
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (front, back) = text.as_bytes().split_at(text.len() - digits);
    let mut bits = Bits::new(number(version));
    if !front.is_empty() {
        let alphanumeric =
            |b: &u8| b.is_ascii_digit() || b.is_ascii_uppercase() || b" $%*+-./:".contains(b);
        if front.iter().all(alphanumeric) {
            bits.push_alphanumeric_data(front)?;
        } else {
            bits.push_byte_data(front)?;
        }
    }
    if !back.is_empty() {
        bits.push_numeric_data(back)?;
    }
    bits.push_terminator(level)?;
    construct_codewords(&bits.into_bytes(), number(version), level)
}

/// The layout of a version and level, made once; the same whoever asks first.
fn layout(version: usize, level: EcLevel) -> &'static QrLayout {
    static LAYOUTS: [[OnceLock<QrLayout>; 2]; VERSIONS] =
        [const { [const { OnceLock::new() }; 2] }; VERSIONS];
    static SMALLEST: OnceLock<QrLayout> = OnceLock::new();
    let column = usize::from(level == EcLevel::M);
    LAYOUTS
        .get(version - 1)
        .and_then(|levels| levels.get(column))
        .unwrap_or(&SMALLEST)
        .get_or_init(|| QrLayout::new(number(version), level))
}

impl QrLayout {
    fn new(version: Version, level: EcLevel) -> Self {
        let mut canvas = Canvas::new(version, level);
        canvas.draw_all_functional_patterns();
        let side = u8::try_from(version.width()).unwrap_or(0);
        let order: Vec<_> = zigzag(side)
            .filter(|(x, y)| canvas.get((*x).into(), (*y).into()) == Module::Empty)
            .collect();
        let mask = |pattern: MaskPattern| {
            let mut canvas = canvas.clone();
            canvas.apply_mask(pattern);
            let mut lines = ModuleLines::new(side.into());
            for y in 0..side {
                for x in 0..side {
                    if canvas.get(x.into(), y.into()).is_dark() {
                        lines.set(x, y);
                    }
                }
            }
            Mask(lines)
        };
        Self {
            side: side.into(),
            order,
            masks: MASKS.into_iter().map(mask).collect(),
        }
    }
}

/// All modules in the order of placement: two columns at a time from the right, up and down in turn, passing over the
/// vertical timing pattern in column 6.
fn zigzag(side: u8) -> impl Iterator<Item = (u8, u8)> {
    (0..side / 2).flat_map(move |pair| {
        let right = side - 1 - 2 * pair;
        let right = if right <= 6 { right - 1 } else { right };
        (0..side).flat_map(move |step| {
            let y = if pair % 2 == 0 { side - 1 - step } else { step };
            [(right, y), (right - 1, y)]
        })
    })
}

/// Places the codewords and takes the mask with the lowest penalty, the first of equals.
fn draw(layout: &QrLayout, data: &[u8], correction: &[u8]) -> Matrix {
    let mut lines = ModuleLines::new(layout.side);
    let bits = data
        .iter()
        .chain(correction)
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
    for ((x, y), bit) in layout.order.iter().zip(bits) {
        if bit {
            lines.set(*x, *y);
        }
    }
    let best = layout
        .masks
        .iter()
        .map(|mask| ModuleLines::masked(&lines, mask))
        .min_by_key(|lines| penalty(lines, layout.side))
        .unwrap_or_default();
    let dark = best
        .rows
        .iter()
        .flat_map(|row| (0..layout.side).map(move |x| row >> x & 1 == 1))
        .collect();
    Matrix {
        side: layout.side,
        dark,
    }
}

/// The penalty of a masked square (ISO/IEC 18004:2015, 7.8.3.1).
fn penalty(lines: &ModuleLines, side: usize) -> u32 {
    let all = u64::MAX >> (64 - side);
    let in_lines: u32 = lines
        .rows
        .iter()
        .chain(&lines.columns)
        .map(|line| runs(*line, all) + finders(*line, side))
        .sum();
    let dark: u32 = lines.rows.iter().map(|row| row.count_ones()).sum();
    in_lines + blocks(&lines.rows, all) + balance(dark, side)
}

/// Feature 1: 3 points for five modules of one colour in a line, one more for each further module.
fn runs(line: u64, all: u64) -> u32 {
    let same = !(line ^ line >> 1) & all >> 1;
    let fives = same & same >> 1 & same >> 2 & same >> 3;
    fives.count_ones() + 2 * (fives & !(fives << 1)).count_ones()
}

/// Feature 2: 3 points for each square of 2 × 2 modules of one colour.
fn blocks(rows: &[u64], all: u64) -> u32 {
    let pair = |upper: u64, lower: u64| {
        let along = !(upper ^ upper >> 1) & !(lower ^ lower >> 1);
        3 * (along & !(upper ^ lower) & all >> 1).count_ones()
    };
    rows.iter()
        .zip(rows.iter().skip(1))
        .map(|(upper, lower)| pair(*upper, *lower))
        .sum()
}

/// Feature 3: 40 points for each 1:1:3:1:1 in a line with four light modules before or behind; outside is light.
fn finders(line: u64, side: usize) -> u32 {
    let starts = u64::MAX >> (64 - (side - 6));
    let at = line & !(line >> 1) & line >> 2 & line >> 3 & line >> 4 & !(line >> 5) & line >> 6;
    let before = line << 1 | line << 2 | line << 3 | line << 4;
    let behind = line >> 7 | line >> 8 | line >> 9 | line >> 10;
    40 * (at & starts & !(before & behind)).count_ones()
}

/// Feature 4: 10 points for every full 5 % that the share of dark modules lies off 50 %.
fn balance(dark: u32, side: usize) -> u32 {
    let all = u32::try_from(side * side).unwrap_or(u32::MAX);
    10 * ((2 * dark).abs_diff(all) * 10 / all)
}
