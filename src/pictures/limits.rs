//! What a file of pages may ask for, and what a page takes. How many pixels a picture may have is in `picture`.

use super::picture::PIXELS_MAX;

/// Most pages of one file. What lies behind them is not read, and that is a finding.
pub const PAGES_MAX: usize = 5000;

/// Most bytes that a compressed stream of a file may unfold to: the samples of the largest colour picture.
pub const UNFOLDED_MAX: usize = PIXELS_MAX * 3;

/// Bytes that looking for marks takes for each pixel: planes of grey and their binary forms.
const LOOKING: usize = 8;

/// Memory of a page whose decoder takes `decoding` bytes a pixel.
pub(super) fn memory(pixels: usize, decoding: usize) -> usize {
    pixels.saturating_mul(decoding + LOOKING)
}
