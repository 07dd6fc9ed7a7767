//! Fax compressions of a TIFF page (TIFF 6.0, sections 10 and 11; ITU-T T.4 and T.6): strip by strip to grey, damaged lines
//! and missing ends included.

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

use crate::pictures::tiff::ifd::{Directory, tag};

/// How a page is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fax {
    /// Lines of T.4 without line ends, each from a whole byte (compression 2).
    Plain,
    /// T.4 (compression 3).
    Group3,
    /// T.6 (compression 4).
    Group4,
}

impl Fax {
    /// The fax compression of that number; none of any other.
    pub(super) fn of(compression: u64) -> Option<Self> {
        match compression {
            2 => Some(Self::Plain),
            3 => Some(Self::Group3),
            4 => Some(Self::Group4),
            _ => None,
        }
    }
}

/// The page as grey, white where nothing could be decoded, and whether something was missing. `strips` are the compressed
/// bytes of each strip, as far as they lie in the file.
pub(super) fn decode(
    bytes: &[u8],
    page: &Directory,
    fax: Fax,
    (width, height): (usize, usize),
    strips: &[&[u8]],
) -> (Vec<u8>, bool) {
    let options = page.one(bytes, tag::T4_OPTIONS).unwrap_or(0);
    let two_dimensional = fax == Fax::Group3 && options & 1 == 1;
    let rows_per_strip = page.one(bytes, tag::ROWS_PER_STRIP).unwrap_or(u64::MAX);
    let rows_per_strip = usize::try_from(rows_per_strip)
        .unwrap_or(usize::MAX)
        .clamp(1, height);
    let reversed = page.one(bytes, tag::FILL_ORDER) == Some(2);
    let mut sheet = FaxRaster {
        luma: Vec::with_capacity(width * height),
        width,
        // PhotometricInterpretation 1: what a fax calls white is black
        paper: if page.one(bytes, tag::PHOTOMETRIC) == Some(1) {
            0
        } else {
            255
        },
    };
    let mut cut = false;
    for (n, strip) in strips.iter().enumerate() {
        let rows = rows_per_strip.min(height.saturating_sub(n * rows_per_strip));
        let (Ok(columns), Ok(lines)) = (u32::try_from(width), u32::try_from(rows)) else {
            break;
        };
        let settings = DecodeSettings {
            columns,
            rows: lines,
            end_of_block: fax != Fax::Plain,
            end_of_line: false,
            rows_are_byte_aligned: fax == Fax::Plain,
            encoding: match fax {
                Fax::Group4 => EncodingMode::Group4,
                _ if two_dimensional => EncodingMode::Group3_2D,
                _ => EncodingMode::Group3_1D,
            },
            strict: false,
        };
        let turned: Vec<u8>;
        let data = if reversed {
            turned = strip.iter().map(|b| b.reverse_bits()).collect();
            turned.as_slice()
        } else {
            strip
        };
        // what was decoded before an error stands in the sheet already
        let _ = hayro_ccitt::decode(data, &mut sheet, &mut DecoderContext::new(settings));
        let expected = (n * rows_per_strip + rows) * width;
        cut |= sheet.luma.len() < expected;
        sheet.luma.resize(expected, sheet.paper);
    }
    cut |= sheet.luma.len() < width * height;
    sheet.luma.resize(width * height, sheet.paper);
    (sheet.luma, cut)
}

struct FaxRaster {
    luma: Vec<u8>,
    width: usize,
    paper: u8,
}

impl Decoder for FaxRaster {
    fn push_row(&mut self, changes: &[u32]) {
        let start = self.luma.len();
        self.luma.resize(start + self.width, self.paper);
        let Some(row) = self.luma.get_mut(start..) else {
            return;
        };
        for pair in changes.chunks(2) {
            let from = pair.first().map_or(0, |n| *n as usize);
            let to = pair
                .get(1)
                .map_or(self.width, |n| *n as usize)
                .min(self.width);
            if let Some(run) = row.get_mut(from..to) {
                run.fill(!self.paper);
            }
        }
    }
}
