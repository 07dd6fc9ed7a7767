//! From graded modules to the text: format information, codewords, correction, segments.

use super::field::Syndromes;
use crate::scan::code::symbol::{BlockLayout, SymbolSize};

/// A square of modules as read: each above 0 where dark, below where light, the further the surer; about ±1 where there is no
/// doubt. `form.side` squared of them, row by row.
pub(in crate::scan) type Graded = Vec<f32>;

/// Generator of the code of the format information, and what it is xored with (7.9.1).
const FORMAT_GENERATOR: u16 = 0x537;
const FORMAT_XOR: u16 = 0x5412;

/// Most readings kept of one block.
const READINGS: usize = 3;
/// Most combinations of readings that are tried for a text.
const TEXTS: usize = 24;

/// What was corrected so far of the blocks of one symbol, over several readings of its modules: each block may come from another
/// reading.
pub(in crate::scan) struct Blocks {
    form: &'static SymbolSize,
    /// For each format met: level and mask, and the readings of its blocks, with the number of codewords changed.
    formats: Vec<(u16, u16, Vec<Vec<TextReader>>)>,
}

/// Corrected data codewords of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TextReader {
    data: Vec<u8>,
    changed: usize,
}

impl Blocks {
    /// Of a symbol of which nothing is known.
    pub(in crate::scan) fn new(form: &'static SymbolSize) -> Self {
        Self {
            form,
            formats: Vec::new(),
        }
    }

    /// Takes another reading of the modules. Tries the likeliest `formats` of the format information, and for each block erasures of
    /// the least sure codewords in turn, up to `erasures` of them. Returns the texts that became possible, the likeliest first.
    pub(in crate::scan) fn take(
        &mut self,
        modules: &Graded,
        formats: usize,
        erasures: usize,
    ) -> Vec<String> {
        let mut texts = Vec::new();
        for (level, mask) in likely_formats(self.form, modules).into_iter().take(formats) {
            let Some(shares) = self.form.shares.iter().find(|s| s.level == level) else {
                continue;
            };
            let words = codewords(self.form, modules, mask);
            let at = self
                .formats
                .iter()
                .position(|(l, m, _)| (*l, *m) == (level, mask));
            let at = at.unwrap_or_else(|| {
                let blocks = vec![Vec::new(); shares.short + shares.long];
                self.formats.push((level, mask, blocks));
                self.formats.len() - 1
            });
            let Some((_, _, known)) = self.formats.get_mut(at) else {
                continue;
            };
            let mut news = false;
            for (block, readings) in blocks(shares, &words).iter().zip(known.iter_mut()) {
                if let Some(reading) = read_block(block, shares.checks, erasures)
                    && readings.len() < READINGS
                    && readings.iter().all(|r| r.data != reading.data)
                {
                    readings.push(reading);
                    readings.sort_by_key(|r| r.changed);
                    news = true;
                }
            }
            if news {
                let found = combinations(known);
                texts.extend(
                    found
                        .iter()
                        .filter_map(|data| text(data, self.form.version)),
                );
            }
        }
        texts
    }
}

/// A codeword and how little is to be believed of it: 0 nothing amiss.
type Codeword = (u8, f32);

/// Levels and masks, the likeliest first.
fn likely_formats(form: &SymbolSize, modules: &Graded) -> Vec<(u16, u16)> {
    let mut ranked: Vec<(f32, u16, u16)> = (0..32_u16)
        .filter(|data| form.shares.iter().any(|s| s.level == data >> 3))
        .map(|data| {
            let mut rest = data << 10;
            for bit in (10..15).rev() {
                if rest >> bit & 1 == 1 {
                    rest ^= FORMAT_GENERATOR << (bit - 10);
                }
            }
            let word = (data << 10 | rest) ^ FORMAT_XOR;
            let sum = form
                .format
                .iter()
                .flat_map(|places| places.iter().enumerate());
            let fit: f32 = sum
                .map(|(bit, at)| {
                    let grade = modules.get(*at).copied().unwrap_or(0.0).clamp(-1.0, 1.0);
                    if word >> (14 - bit) & 1 == 1 {
                        grade
                    } else {
                        -grade
                    }
                })
                .sum();
            (fit, data >> 3, data & 7)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked
        .into_iter()
        .map(|(_, level, mask)| (level, mask))
        .collect()
}

fn codewords(form: &SymbolSize, modules: &Graded, mask: u16) -> Vec<Codeword> {
    form.order
        .chunks_exact(8)
        .map(|places| {
            places.iter().fold((0, 0.0), |(byte, doubt), at| {
                let grade = modules.get(*at).copied().unwrap_or(0.0);
                let bit = (grade > 0.0) ^ form.masked(mask, *at);
                (
                    byte << 1 | u8::from(bit),
                    doubt + (-5.0 * grade.abs()).exp(),
                )
            })
        })
        .collect()
}

/// Codewords sorted into their blocks (7.6): data of all blocks in turn, then corrections of all blocks in turn.
fn blocks(shares: &BlockLayout, words: &[Codeword]) -> Vec<Vec<Codeword>> {
    let count = shares.short + shares.long;
    let data = |block: usize| shares.data + usize::from(block >= shares.short);
    let mut blocks = vec![Vec::new(); count];
    let mut words = words.iter();
    for row in 0..=shares.data {
        for (i, block) in blocks.iter_mut().enumerate() {
            if row < data(i) {
                block.extend(words.next());
            }
        }
    }
    for _ in 0..shares.checks {
        for block in &mut blocks {
            block.extend(words.next());
        }
    }
    blocks
}

/// Corrects a block: as it is, then with more and more of its least sure codewords erased.
fn read_block(block: &[Codeword], checks: usize, erasures: usize) -> Option<TextReader> {
    let mut bytes: Vec<u8> = block.iter().map(|(byte, _)| *byte).collect();
    let mut doubtful: Vec<usize> = (0..block.len()).collect();
    let doubt = |at: usize| block.get(at).map_or(0.0, |(_, doubt)| *doubt);
    doubtful.sort_by(|a, b| doubt(*b).total_cmp(&doubt(*a)));
    let most = erasures.min(checks.saturating_sub(3));
    let syndromes = Syndromes::of(&bytes, checks)?;
    for erased in (0..=most).step_by(3) {
        if let Some(changed) = syndromes.correct(&mut bytes, doubtful.get(..erased)?) {
            bytes.truncate(block.len() - checks);
            return Some(TextReader {
                data: bytes,
                changed,
            });
        }
    }
    None
}

/// Data of all blocks, for combinations of their readings; none while a block has no reading.
fn combinations(blocks: &[Vec<TextReader>]) -> Vec<Vec<u8>> {
    let mut found = vec![Vec::new()];
    for readings in blocks {
        let mut longer = Vec::new();
        for reading in readings {
            for data in &found {
                if longer.len() < TEXTS {
                    longer.push([data.as_slice(), &reading.data].concat());
                }
            }
        }
        found = longer;
    }
    found
}

/// Bits taken from the front of bytes.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<usize> {
        let mut value = 0;
        for at in self.at..self.at + count {
            let byte = self.bytes.get(at / 8)?;
            value = value << 1 | usize::from(byte >> (7 - at % 8) & 1);
        }
        self.at += count;
        Some(value)
    }
}

/// The text of data codewords: numeric, alphanumeric and byte segments (7.4). None where they hold anything else.
fn text(data: &[u8], version: usize) -> Option<String> {
    const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let mut bits = Bits { bytes: data, at: 0 };
    let mut out = Vec::new();
    let long = version > 9;
    // Fewer than four bits are left, or the terminator.
    while let Some(mode) = bits.take(4).filter(|mode| *mode != 0) {
        match mode {
            1 => {
                let mut left = bits.take(if long { 12 } else { 10 })?;
                while left > 0 {
                    let digits = left.min(3);
                    let value = bits.take(1 + 3 * digits)?;
                    let shown = format!("{value:0digits$}");
                    if shown.len() != digits {
                        return None;
                    }
                    out.extend(shown.into_bytes());
                    left -= digits;
                }
            }
            2 => {
                let count = bits.take(if long { 11 } else { 9 })?;
                for _ in 0..count / 2 {
                    let pair = bits.take(11)?;
                    out.push(*ALPHANUMERIC.get(pair / 45)?);
                    out.push(*ALPHANUMERIC.get(pair % 45)?);
                }
                if count % 2 == 1 {
                    out.push(*ALPHANUMERIC.get(bits.take(6)?)?);
                }
            }
            4 => {
                for _ in 0..bits.take(if long { 16 } else { 8 })? {
                    out.push(u8::try_from(bits.take(8)?).ok()?);
                }
            }
            _ => return None,
        }
    }
    String::from_utf8(out).ok()
}
