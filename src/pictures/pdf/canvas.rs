//! The pictures of a PDF page at their own resolution, put together on one sheet.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, LumaData,
    Paint, SoftMask,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::BezPath;

use crate::pictures::pdf::layout::{Pictures, visit};
use crate::pictures::square::square;
use crate::pictures::{Fault, Look, Picture, ScanFormat};

/// The page's picture, with square pixels.
pub(super) fn decode(page: &Page<'_>, pictures: &Pictures) -> Result<Look, Fault> {
    let mut sheet = PictureSheet {
        pictures,
        seen: 0,
        taken: 0,
        short: false,
        colour: false,
        samples: Vec::new(),
    };
    visit(page, &mut sheet);
    if sheet.taken == 0 {
        return Err(Fault::broken(ScanFormat::Pdf, "页中的图像解不开"));
    }
    let cut = sheet.short || sheet.taken < pictures.strips.len();
    let (width, height) = (pictures.width, pictures.height);
    let mut samples = sheet.samples;
    if pictures.mirrored {
        let stride = width * if sheet.colour { 3 } else { 1 };
        samples = samples
            .chunks_exact(stride)
            .rev()
            .flatten()
            .copied()
            .collect();
    }
    let picture = if sheet.colour {
        Picture::colour(width, height, samples)?
    } else {
        Picture::grey(width, height, samples)?
    };
    let (across, down) = pictures.density;
    Ok(Look {
        cut,
        ..square(picture, across, down)?
    })
}

/// Takes the wanted pictures as they are drawn.
struct PictureSheet<'p> {
    pictures: &'p Pictures,
    seen: usize,
    taken: usize,
    short: bool,
    colour: bool,
    samples: Vec<u8>,
}

impl PictureSheet<'_> {
    /// Puts a decoded picture in its place; a picture that is the whole sheet becomes it.
    fn put(
        &mut self,
        at: (usize, usize),
        width: usize,
        height: usize,
        colour: bool,
        samples: Vec<u8>,
    ) {
        self.taken += 1;
        let (wide, high) = (self.pictures.width, self.pictures.height);
        if self.pictures.strips.len() == 1 && (width, height) == (wide, high) {
            (self.colour, self.samples) = (colour, samples);
            return;
        }
        if self.samples.is_empty() {
            self.colour = colour;
            self.samples = vec![255; wide * high * if colour { 3 } else { 1 }];
        } else if colour && !self.colour {
            self.colour = true;
            self.samples = self.samples.iter().flat_map(|v| [*v; 3]).collect();
        }
        let to = if self.colour { 3 } else { 1 };
        let from = if colour { 3 } else { 1 };
        let shown = width.min(wide.saturating_sub(at.0));
        for (n, row) in samples.chunks_exact(width.max(1) * from).enumerate() {
            let start = ((at.1 + n) * wide + at.0) * to;
            let Some(line) = self.samples.get_mut(start..start + shown * to) else {
                break;
            };
            if from == to {
                line.iter_mut().zip(row).for_each(|(to, from)| *to = *from);
            } else {
                line.chunks_exact_mut(3)
                    .zip(row)
                    .for_each(|(to, from)| to.fill(*from));
            }
        }
    }
}

impl<'a> Device<'a> for PictureSheet<'_> {
    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        let number = self.seen;
        self.seen += 1;
        let wanted = self.pictures.strips.iter().find(|s| s.0.number == number);
        let Some((placed, x, y)) = wanted.copied() else {
            return;
        };
        let (at, high) = ((x, y), placed.height);
        match &image {
            Image::Raster(raster) => raster.with_rgba(
                |data, alpha| {
                    let (width, height) = (data.width() as usize, data.height() as usize);
                    self.short |= height < high;
                    let alpha =
                        alpha.filter(|a| (a.width as usize, a.height as usize) == (width, height));
                    match data {
                        ImageData::Luma(luma) => {
                            self.put(at, width, height, false, over(luma.data, 1, alpha))
                        }
                        ImageData::Rgb(rgb) => {
                            self.put(at, width, height, true, over(rgb.data, 3, alpha))
                        }
                    }
                },
                None,
            ),
            Image::Stencil(stencil) => stencil.with_stencil(
                |mask, paint| {
                    let (width, height) = (mask.width as usize, mask.height as usize);
                    self.short |= height < high;
                    let ink = ink(paint);
                    let samples = vec![ink; width * height];
                    self.put(at, width, height, false, over(samples, 1, Some(mask)));
                },
                None,
            ),
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// The grey of a paint.
fn ink(paint: &Paint<'_>) -> u8 {
    match paint {
        Paint::Color(colour) => {
            let [r, g, b, _] = colour.to_rgba().to_rgba8();
            let sum = u16::from(r) + u16::from(g) + u16::from(b);
            u8::try_from(sum / 3).unwrap_or(0)
        }
        Paint::Pattern(_) => 0,
    }
}

/// Samples on white paper.
fn over(mut samples: Vec<u8>, channels: usize, alpha: Option<LumaData>) -> Vec<u8> {
    let Some(alpha) = alpha else {
        return samples;
    };
    for (pixel, alpha) in samples.chunks_exact_mut(channels).zip(&alpha.data) {
        let alpha = u16::from(*alpha);
        for value in pixel {
            let mixed = (u16::from(*value) * alpha + 255 * (255 - alpha)) / 255;
            *value = u8::try_from(mixed).unwrap_or(255);
        }
    }
    samples
}
