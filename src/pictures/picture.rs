//! A picture of a page: what all formats end in.

/// Most pixels of a picture: an A4 page at 1200 dpi, or A3 at 800.
pub const PIXELS_MAX: usize = 150_000_000;

/// Why samples are not a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// No pixel at all.
    #[error("图像的宽或高为 0")]
    Empty,
    /// More than [`PIXELS_MAX`] pixels.
    #[error("图像有 {width}×{height} 像素，超过上限 1.5 亿像素，请用不高于 600 dpi 的设置重新扫描")]
    TooLarge {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// Another number of samples than width, height and channels ask for.
    #[error("图像应有 {expected} 个样本，实有 {actual} 个")]
    Samples {
        /// Samples that width, height and channels ask for.
        expected: usize,
        /// Samples given.
        actual: usize,
    },
}

/// A picture of a page: 8-bit samples row by row from the top left, 0 black to 255 white.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    colour: bool,
    samples: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.colour { "colour" } else { "grey" };
        write!(f, "Picture({}×{} {kind})", self.width, self.height)
    }
}

impl Picture {
    /// A grey picture of `width * height` samples.
    pub fn grey(width: usize, height: usize, luma: Vec<u8>) -> Result<Self, PictureFault> {
        Self::new(width, height, false, luma)
    }

    /// A colour picture of `width * height * 3` samples: red, green, blue.
    pub fn colour(width: usize, height: usize, rgb: Vec<u8>) -> Result<Self, PictureFault> {
        Self::new(width, height, true, rgb)
    }

    fn new(
        width: usize,
        height: usize,
        colour: bool,
        samples: Vec<u8>,
    ) -> Result<Self, PictureFault> {
        let pixels = pixels(width, height)?;
        let expected = if colour { pixels * 3 } else { pixels };
        if samples.len() != expected {
            return Err(PictureFault::Samples {
                expected,
                actual: samples.len(),
            });
        }
        Ok(Self {
            width,
            height,
            colour,
            samples,
        })
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Whether a pixel has three samples.
    pub fn is_colour(&self) -> bool {
        self.colour
    }

    /// The samples: one a pixel, or three for a colour picture.
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }
}

/// The number of pixels, refused above the most that a picture may have.
pub(super) fn pixels(width: usize, height: usize) -> Result<usize, PictureFault> {
    if width == 0 || height == 0 {
        return Err(PictureFault::Empty);
    }
    width
        .checked_mul(height)
        .filter(|n| *n <= PIXELS_MAX)
        .ok_or(PictureFault::TooLarge { width, height })
}

/// Interleaved samples of 1 (grey), 2 (grey, alpha), 3 (colour) or 4 (colour, alpha) channels as a picture on white paper.
pub(super) fn flatten(
    width: usize,
    height: usize,
    channels: usize,
    samples: Vec<u8>,
) -> Result<Picture, PictureFault> {
    let over = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(255)
    };
    Ok(match channels {
        1 => Picture::grey(width, height, samples)?,
        2 => {
            let pixels = samples.as_chunks::<2>().0;
            let luma = pixels.iter().map(|[v, a]| over(*v, *a)).collect();
            Picture::grey(width, height, luma)?
        }
        3 => Picture::colour(width, height, samples)?,
        _ => {
            let pixels = samples.as_chunks::<4>().0;
            let rgb = pixels
                .iter()
                .flat_map(|[r, g, b, a]| [over(*r, *a), over(*g, *a), over(*b, *a)])
                .collect();
            Picture::colour(width, height, rgb)?
        }
    })
}
