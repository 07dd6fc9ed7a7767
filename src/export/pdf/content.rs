//! Items to the operators of a content stream (ISO 32000-1, 8 and 9). Numbers are computed in whole micrometres, so that
//! the same page gives the same bytes everywhere.

use std::collections::BTreeMap;

use super::fonts::{FontFile, Fonts};
use crate::font::FontId;
use crate::layout::{Item, Rect, Text};
use crate::units::Length;

/// A shift smaller than this (in thousandths of the em) is not written: 0.02 mm at 16 pt. Shifts do not add up, since the
/// pen's true place is kept.
const TOLERANCE: i64 = 3;

/// A gap or overlap of this size (in thousandths of the em) makes readers see the end of a word; poppler's limit is 100.
const WORD_GAP: i64 = 85;

/// Runs on one baseline that are nearer than this (in thousandths of the em) belong to one line of text. Cells of a
/// table are farther apart.
const SAME_LINE: i64 = 350;

/// Points of the stencil to a side of a module. Readers that smooth enlarged pictures then blur an eighth of a module at
/// most.
const STENCIL: usize = 4;

/// Nothing on paper is farther away than this, in micrometres; keeps hostile lengths from overflowing.
const FAR: i64 = 10_000_000;

/// Writes a content stream.
pub(super) struct Painter<'a> {
    fonts: &'a Fonts,
    pictures: &'a BTreeMap<&'a [u8], usize>,
    height: i64,
    out: &'a mut Vec<u8>,
    font: Option<(FontId, i64)>,
    grey: u8,
    width: Option<i64>,
    in_text: bool,
}

impl<'a> Painter<'a> {
    /// A stream for a page of a height; `out` is empty.
    pub(super) fn new(
        fonts: &'a Fonts,
        pictures: &'a BTreeMap<&'a [u8], usize>,
        height: Length,
        out: &'a mut Vec<u8>,
    ) -> Self {
        Self {
            fonts,
            pictures,
            height: bounded(height),
            out,
            font: None,
            grey: 0,
            width: None,
            in_text: false,
        }
    }

    /// Writes all items; nothing where there are none. The graphics state is left as it was found.
    pub(super) fn paint(mut self, items: &[Item]) {
        if items.is_empty() {
            return;
        }
        // Square ends fill the corners where rules meet at their centre lines.
        self.op("q 2 J\n");
        let mut rest = items;
        while let Some((first, after)) = rest.split_first() {
            rest = match first {
                Item::Text(text) => self.line(text, after),
                Item::Rule { from, to, width } => {
                    self.rule(*from, *to, *width);
                    after
                }
                Item::Picture { at, picture } => {
                    self.picture(*at, &picture.jpeg);
                    after
                }
                Item::Modules { at, side, dark } => {
                    self.modules(*at, *side, dark);
                    after
                }
            };
        }
        self.end_text();
        self.op("Q\n");
    }

    fn op(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn number(&mut self, thousandths: i64) {
        push_number(self.out, thousandths);
        self.out.push(b' ');
    }

    /// A horizontal place or a length.
    fn length(&mut self, length: Length) {
        self.number(milli_points(bounded(length)));
    }

    /// A vertical place.
    fn height_of(&mut self, y: Length) {
        self.number(milli_points(self.height - bounded(y)));
    }

    fn end_text(&mut self) {
        if self.in_text {
            self.op("ET\n");
            self.in_text = false;
        }
    }

    /// Writes a run, and the runs after it that stand on the same line; gives what comes after them. A line with gaps
    /// that a reader would take for the ends of words carries its text as a whole (14.9.4).
    fn line<'i>(&mut self, first: &'i Text, after: &'i [Item]) -> &'i [Item] {
        let mut runs = vec![first];
        let mut rest = after;
        let mut torn = self.is_torn(first);
        while let Some((Item::Text(next), further)) = rest.split_first() {
            let Some(gap) = runs.last().and_then(|last| self.gap(last, next)) else {
                break;
            };
            torn = torn || self.is_torn(next) || gap.abs() >= WORD_GAP;
            runs.push(next);
            rest = further;
        }
        if !self.in_text {
            self.op("BT\n");
            self.in_text = true;
        }
        let torn = torn && first.glyphs.len() + runs.len() > 2;
        if torn {
            self.op("/Span<</ActualText<FEFF");
            for placed in runs.iter().flat_map(|run| &run.glyphs) {
                for unit in placed.ch.encode_utf16(&mut [0; 2]) {
                    let [high, low] = unit.to_be_bytes();
                    self.hex(high);
                    self.hex(low);
                }
            }
            self.op(">>>BDC\n");
        }
        for run in runs {
            self.run(run);
        }
        if torn {
            self.op("EMC\n");
        }
        rest
    }

    fn hex(&mut self, byte: u8) {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        for nibble in [byte >> 4, byte & 15] {
            if let Some(digit) = DIGITS.get(usize::from(nibble)) {
                self.out.push(*digit);
            }
        }
    }

    /// The gap between two runs in thousandths of the em, where they stand on the same line.
    fn gap(&self, left: &Text, right: &Text) -> Option<i64> {
        let same = left.baseline == right.baseline
            && left.size == right.size
            && left.angle == 0
            && right.angle == 0
            && left.grey == right.grey;
        let last = left.glyphs.last()?;
        let first = right.glyphs.first()?;
        let size = bounded(left.size);
        if !same || size <= 0 {
            return None;
        }
        let cut = self.fonts.of(left.font)?;
        let end = bounded(left.x) + bounded(last.dx);
        let start = bounded(right.x) + bounded(first.dx);
        let gap = ems(start - end, size) - i64::from(cut.advance(last.glyph));
        let word = last.ch.is_whitespace() || first.ch.is_whitespace();
        ((-SAME_LINE..=SAME_LINE).contains(&gap)).then_some(if word { 0 } else { gap })
    }

    /// Whether a run has gaps or overlaps that a reader would take for the ends of words.
    fn is_torn(&self, text: &Text) -> bool {
        let size = bounded(text.size);
        let Some(cut) = self.fonts.of(text.font) else {
            return false;
        };
        size > 0
            && text.glyphs.windows(2).any(|pair| {
                let [left, right] = pair else { return false };
                let gap = ems(bounded(right.dx) - bounded(left.dx), size)
                    - i64::from(cut.advance(left.glyph));
                gap.abs() >= WORD_GAP && !left.ch.is_whitespace() && !right.ch.is_whitespace()
            })
    }

    fn run(&mut self, text: &Text) {
        let size = bounded(text.size);
        let fonts = self.fonts;
        let Some(cut) = fonts.of(text.font) else {
            return;
        };
        let Some(first) = text.glyphs.first() else {
            return;
        };
        if size <= 0 {
            return;
        }
        self.set_font(cut, size);
        self.set_grey(text.grey);
        let (sin, cos) = turn(text.angle);
        if text.angle == 0 {
            self.op("1 0 0 1 ");
        } else {
            for value in [cos, sin, -sin, cos] {
                push_millionths(self.out, value);
                self.out.push(b' ');
            }
        }
        // The first glyph's own offset goes into the matrix, along the turned baseline.
        let (x, y) = along(bounded(first.dx), sin, cos);
        self.length(Length(bounded(text.x) + x));
        self.height_of(Length(bounded(text.baseline) - y));
        self.op("Tm[");
        self.show(cut, text, size);
        self.op("]TJ\n");
    }

    /// The array of a `TJ`: strings of two-byte codes, and shifts where a glyph does not stand where the pen is.
    fn show(&mut self, cut: &FontFile, text: &Text, size: i64) {
        let origin = text.glyphs.first().map_or(0, |g| bounded(g.dx));
        let mut pen = 0;
        let mut open = false;
        for placed in &text.glyphs {
            let place = ems(bounded(placed.dx) - origin, size);
            let shift = pen - place;
            if shift.abs() > TOLERANCE {
                if open {
                    self.out.push(b')');
                    open = false;
                }
                self.op(&shift.to_string());
                pen = place;
            }
            if !open {
                self.out.push(b'(');
                open = true;
            }
            for byte in cut.code(placed.glyph, placed.ch).to_be_bytes() {
                // A bare carriage return would be read as a line feed (7.3.4.2).
                match byte {
                    b'\r' => self.op("\\r"),
                    b'(' | b')' | b'\\' => self.out.extend_from_slice(&[b'\\', byte]),
                    _ => self.out.push(byte),
                }
            }
            pen += i64::from(cut.advance(placed.glyph));
        }
        if open {
            self.out.push(b')');
        }
    }

    fn set_font(&mut self, cut: &FontFile, size: i64) {
        if self.font != Some((cut.font, size)) {
            self.font = Some((cut.font, size));
            self.op("/");
            self.op(&cut.name);
            self.op(" ");
            self.number(milli_points(size));
            self.op("Tf ");
        }
    }

    fn set_grey(&mut self, grey: u8) {
        if self.grey != grey {
            self.grey = grey;
            self.number(i64::from(grey) * 1000 / 255);
            self.op("g ");
        }
    }

    fn rule(&mut self, from: (Length, Length), to: (Length, Length), width: Length) {
        self.end_text();
        let wide = bounded(width).max(0);
        if self.width != Some(wide) {
            self.width = Some(wide);
            self.number(milli_points(wide));
            self.op("w ");
        }
        self.length(from.0);
        self.height_of(from.1);
        self.op("m ");
        self.length(to.0);
        self.height_of(to.1);
        self.op("l S\n");
    }

    /// Sets the unit square to a rectangle.
    fn frame(&mut self, at: Rect) {
        self.op("q ");
        self.length(at.width);
        self.op("0 0 ");
        self.length(at.height);
        self.length(at.x);
        self.height_of(Length(bounded(at.y) + bounded(at.height)));
        self.op("cm ");
    }

    fn picture(&mut self, at: Rect, jpeg: &[u8]) {
        let Some(number) = self.pictures.get(jpeg) else {
            return;
        };
        self.end_text();
        self.frame(at);
        self.op(&format!("/P{number} Do Q\n"));
    }

    /// A QR matrix as a stencil of black points. A stencil has no seams between modules, as filled squares have where
    /// edges are smoothed, and is a tenth of their size.
    fn modules(&mut self, at: Rect, side: usize, dark: &[bool]) {
        if side == 0 || side.checked_mul(side) != Some(dark.len()) {
            return;
        }
        self.end_text();
        self.set_grey(0);
        self.frame(at);
        let points = side * STENCIL;
        self.op(&format!(
            "BI/IM true/W {points}/H {points}/BPC 1/D[1 0] ID "
        ));
        for row in dark.chunks(side) {
            let start = self.out.len();
            for pair in row.chunks(2) {
                let mut byte = 0;
                if pair.first() == Some(&true) {
                    byte |= 0xf0;
                }
                if pair.get(1) == Some(&true) {
                    byte |= 0x0f;
                }
                self.out.push(byte);
            }
            let end = self.out.len();
            for _ in 1..STENCIL {
                self.out.extend_from_within(start..end);
            }
        }
        self.op("\nEI Q\n");
    }
}

/// A length in micrometres that cannot make sums overflow.
fn bounded(length: Length) -> i64 {
    length.0.clamp(-FAR, FAR)
}

/// Micrometres to thousandths of a point, rounded: 72,000 to 25,400.
fn milli_points(micrometres: i64) -> i64 {
    (micrometres * 360 + if micrometres < 0 { -63 } else { 63 }) / 127
}

/// A distance in thousandths of the em, rounded; `size` is positive.
fn ems(distance: i64, size: i64) -> i64 {
    let half = if distance < 0 { -size / 2 } else { size / 2 };
    (distance * 1000 + half) / size
}

/// Sine and cosine of an angle in degrees, in millionths. Rounding makes them the same on every machine.
fn turn(degrees: i16) -> (i64, i64) {
    let angle = f64::from(degrees % 360).to_radians();
    let whole = |value: f64| (value * 1e6).round() as i64;
    (whole(angle.sin()), whole(angle.cos()))
}

/// A distance along a turned baseline: right and up.
fn along(distance: i64, sin: i64, cos: i64) -> (i64, i64) {
    (distance * cos / 1_000_000, distance * sin / 1_000_000)
}

/// A number of thousandths, without needless digits.
fn push_number(out: &mut Vec<u8>, thousandths: i64) {
    push_decimal(out, thousandths, 1000, 3);
}

/// A number of millionths.
fn push_millionths(out: &mut Vec<u8>, millionths: i64) {
    push_decimal(out, millionths, 1_000_000, 6);
}

fn push_decimal(out: &mut Vec<u8>, value: i64, unit: i64, places: usize) {
    if value < 0 {
        out.push(b'-');
    }
    let (whole, part) = (value.abs() / unit, value.abs() % unit);
    out.extend_from_slice(whole.to_string().as_bytes());
    if part != 0 {
        let digits = format!(".{part:0places$}");
        out.extend_from_slice(digits.trim_end_matches('0').as_bytes());
    }
}
