//! The directories of a TIFF file (TIFF 6.0, section 2; BigTIFF): the chain of pages, and the tags that say how a page is
//! stored. Nothing is trusted: every place lies inside the file or is not read.

use std::collections::BTreeMap;

/// Tags that are asked for.
pub(super) mod tag {
    pub(in crate::pictures::tiff) const SUBFILE: u16 = 254;
    pub(in crate::pictures::tiff) const WIDTH: u16 = 256;
    pub(in crate::pictures::tiff) const HEIGHT: u16 = 257;
    pub(in crate::pictures::tiff) const COMPRESSION: u16 = 259;
    pub(in crate::pictures::tiff) const PHOTOMETRIC: u16 = 262;
    pub(in crate::pictures::tiff) const FILL_ORDER: u16 = 266;
    pub(in crate::pictures::tiff) const STRIP_OFFSETS: u16 = 273;
    pub(in crate::pictures::tiff) const SAMPLES: u16 = 277;
    pub(in crate::pictures::tiff) const ROWS_PER_STRIP: u16 = 278;
    pub(in crate::pictures::tiff) const STRIP_BYTES: u16 = 279;
    pub(in crate::pictures::tiff) const X_RESOLUTION: u16 = 282;
    pub(in crate::pictures::tiff) const Y_RESOLUTION: u16 = 283;
    pub(in crate::pictures::tiff) const T4_OPTIONS: u16 = 292;
    pub(in crate::pictures::tiff) const COLOUR_MAP: u16 = 320;
    pub(in crate::pictures::tiff) const TILE_WIDTH: u16 = 322;
    pub(in crate::pictures::tiff) const TILE_HEIGHT: u16 = 323;
    pub(in crate::pictures::tiff) const TILE_OFFSETS: u16 = 324;
    pub(in crate::pictures::tiff) const TILE_BYTES: u16 = 325;
}

/// Most values of a tag that are read; a picture of 150 million pixels has fewer strips.
const VALUES_MAX: u64 = 1 << 20;

/// How a file writes its numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers {
    little: bool,
    big: bool,
}

impl Numbers {
    /// Of a file that begins as TIFF does.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self {
            little: bytes.first() == Some(&b'I'),
            big: bytes.get(2..4).is_some_and(|b| b.contains(&43)),
        }
    }

    /// Where the place of the first directory stands, and its size in bytes.
    pub(super) fn first(self) -> (usize, usize) {
        if self.big { (8, 8) } else { (4, 4) }
    }

    /// A number as the file writes it.
    pub(super) fn written(self, value: u64, size: usize) -> Vec<u8> {
        let mut bytes = value.to_le_bytes().to_vec();
        bytes.truncate(size);
        if !self.little {
            bytes.reverse();
        }
        bytes
    }

    fn read(self, bytes: &[u8], at: usize, size: usize) -> Option<u64> {
        let digits = bytes.get(at..at.checked_add(size)?)?;
        let value = |n: u64, digit: &u8| n << 8 | u64::from(*digit);
        Some(if self.little {
            digits.iter().rev().fold(0, value)
        } else {
            digits.iter().fold(0, value)
        })
    }
}

/// A tag's type, number of values, and where its first value stands.
#[derive(Clone, Copy, Debug)]
struct TagValue {
    kind: u64,
    count: u64,
    at: usize,
}

/// One directory: a page.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    numbers: Numbers,
    /// Where it stands in the file.
    pub(super) place: usize,
    fields: BTreeMap<u16, TagValue>,
}

/// The chain of directories, at most `most` of them, and whether it broke off: a place outside the file, a directory that is
/// not whole, or one that was there before.
pub(super) fn chain(bytes: &[u8], most: usize) -> (Vec<Directory>, bool) {
    let numbers = Numbers::of(bytes);
    let (mut found, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
    let (at, size) = numbers.first();
    let mut next = numbers.read(bytes, at, size);
    loop {
        let place = match next.map(usize::try_from) {
            Some(Ok(0)) => return (found, false),
            Some(Ok(place)) if seen.insert(place) => place,
            _ => return (found, true),
        };
        let Some((directory, after)) = Directory::read(bytes, numbers, place) else {
            return (found, true);
        };
        // a smaller copy of another page is no page (TIFF 6.0, NewSubfileType bit 0)
        if directory.one(bytes, tag::SUBFILE).unwrap_or(0) & 1 == 0 {
            found.push(directory);
        }
        if found.len() == most {
            return (found, false);
        }
        let Some(after) = after else {
            return (found, true);
        };
        next = Some(after);
    }
}

impl Directory {
    /// A directory and the place of the next; that place is none where the file ends before it.
    fn read(bytes: &[u8], numbers: Numbers, place: usize) -> Option<(Self, Option<u64>)> {
        let (head, entry, word) = if numbers.big { (8, 20, 8) } else { (2, 12, 4) };
        let count = numbers.read(bytes, place, head)?;
        let count = usize::try_from(count)
            .ok()
            .filter(|n| (1..=4096).contains(n))?;
        let start = place.checked_add(head)?;
        let mut fields = BTreeMap::new();
        for n in 0..count {
            let at = start.checked_add(n * entry)?;
            let number = u16::try_from(numbers.read(bytes, at, 2)?).ok()?;
            let kind = numbers.read(bytes, at + 2, 2)?;
            let count = numbers.read(bytes, at + 4, word)?;
            let here = at + 4 + word;
            let inside = count
                .checked_mul(size_of(kind))
                .is_some_and(|n| n <= word as u64);
            let at = if inside {
                here
            } else {
                usize::try_from(numbers.read(bytes, here, word)?).unwrap_or(usize::MAX)
            };
            fields.entry(number).or_insert(TagValue { kind, count, at });
        }
        let after = numbers.read(bytes, start.checked_add(count * entry)?, word);
        let directory = Self {
            numbers,
            place,
            fields,
        };
        Some((directory, after))
    }

    /// The whole numbers of a tag; none where it is absent, of another type, or outside the file.
    pub(super) fn many(&self, bytes: &[u8], tag: u16) -> Option<Vec<u64>> {
        let field = self.fields.get(&tag)?;
        let size = size_of(field.kind);
        if !matches!(field.kind, 1 | 3 | 4 | 13 | 16) || field.count > VALUES_MAX {
            return None;
        }
        (0..field.count)
            .map(|n| {
                let at = field.at.checked_add(usize::try_from(n * size).ok()?)?;
                self.numbers.read(bytes, at, usize::try_from(size).ok()?)
            })
            .collect()
    }

    /// The first whole number of a tag.
    pub(super) fn one(&self, bytes: &[u8], tag: u16) -> Option<u64> {
        let field = self.fields.get(&tag)?;
        matches!(field.kind, 1 | 3 | 4 | 13 | 16).then(|| {
            self.numbers
                .read(bytes, field.at, usize::try_from(size_of(field.kind)).ok()?)
        })?
    }

    /// A positive fraction; none where it is absent or nonsense.
    pub(super) fn ratio(&self, bytes: &[u8], tag: u16) -> Option<f64> {
        let field = self.fields.get(&tag).filter(|f| f.kind == 5)?;
        let over = u32::try_from(self.numbers.read(bytes, field.at, 4)?).ok()?;
        let under = u32::try_from(self.numbers.read(bytes, field.at.checked_add(4)?, 4)?).ok()?;
        (over > 0 && under > 0).then(|| f64::from(over) / f64::from(under))
    }

    /// Where the first value of a tag stands, and its size.
    pub(super) fn place_of(&self, tag: u16) -> Option<(usize, usize)> {
        let field = self.fields.get(&tag)?;
        Some((field.at, usize::try_from(size_of(field.kind)).ok()?))
    }

    /// How the file writes its numbers.
    pub(super) fn numbers(&self) -> Numbers {
        self.numbers
    }
}

/// Bytes of a value of a type.
fn size_of(kind: u64) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16..=18 => 8,
        _ => 1,
    }
}
