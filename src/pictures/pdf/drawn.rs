//! A PDF page drawn by the crate `hayro`: text, lines and pictures on white paper.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::pictures::pdf::layout::PictureLayout;
use crate::pictures::{Fault, Look, Picture};

/// The page as a look at it.
pub(super) fn decode(page: &Page<'_>, layout: &PictureLayout) -> Result<Look, Fault> {
    Ok(Look {
        picture: draw(page, layout.dpi)?,
        to_stored: [1.0, 1.0],
        cut: false,
    })
}

/// The page's picture at a resolution, grey where no pixel has a colour.
pub(super) fn draw(page: &Page<'_>, dpi: f64) -> Result<Picture, Fault> {
    #[expect(clippy::cast_possible_truncation, reason = "a scale between 0 and 5")]
    let scale = (dpi / 72.0) as f32;
    let pixmap = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    let (width, height) = (usize::from(pixmap.width()), usize::from(pixmap.height()));
    // on white paper nothing is transparent
    let pixels = pixmap.data_as_u8_slice().as_chunks::<4>().0;
    Ok(if pixels.iter().all(|[r, g, b, _]| r == g && g == b) {
        Picture::grey(width, height, pixels.iter().map(|p| p[0]).collect())?
    } else {
        let rgb = pixels.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]);
        Picture::colour(width, height, rgb.collect())?
    })
}
