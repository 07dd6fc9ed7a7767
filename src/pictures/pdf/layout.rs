//! What a PDF page holds: its pictures with their places, and whether there is more than pictures. Nothing is decoded here.

use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, Paint, SoftMask, TransformExt, font::GlyphRun,
    interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Rect};

use crate::pictures::Fault;
use crate::pictures::limits::memory;
use crate::pictures::picture::pixels;

/// Two scales that differ by less are the same.
const SAME: f64 = 0.02;

/// Least share of a page that its picture covers, or it is a picture on a page.
const COVER: f64 = 0.5;

/// Most pictures of a page that are put together; some scanners cut a page into strips of 8 lines.
const STRIPS_MAX: usize = 4096;

/// Dots to the inch at which a page is drawn: marks have 3.5 dots a module.
const DPI: f64 = 200.0;

/// Dots to the inch at most, for a page whose pictures have more.
const DPI_MAX: f64 = 300.0;

/// Most pixels of a page that is drawn: A3 at 300 dpi and some.
const DRAWN_MAX: f64 = 20e6;

/// Bytes a pixel that drawing takes.
const DRAWING: usize = 20;

/// A picture on a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct PlacedPicture {
    /// Its number among all pictures of the page, in the order of drawing.
    pub(super) number: usize,
    /// Width in pixels.
    pub(super) width: usize,
    /// Height in pixels.
    pub(super) height: usize,
    /// From its pixels to points on the page, from the top left.
    place: Affine,
}

impl PlacedPicture {
    fn area(&self) -> f64 {
        let [a, b, c, d, _, _] = self.place.as_coeffs();
        (a * d - b * c).abs() * self.width as f64 * self.height as f64
    }

    /// Points a pixel, along its rows and along its columns.
    fn scale(&self) -> (f64, f64) {
        let [a, b, c, d, _, _] = self.place.as_coeffs();
        (a.hypot(b), c.hypot(d))
    }
}

/// Pictures that together are the page: where each goes on a common sheet.
#[derive(Clone, Debug)]
pub(super) struct Pictures {
    /// Width of the sheet in pixels.
    pub(super) width: usize,
    /// Height of the sheet in pixels.
    pub(super) height: usize,
    /// The pictures, each with its place on the sheet.
    pub(super) strips: Vec<(PlacedPicture, usize, usize)>,
    /// Whether the page shows the sheet mirrored.
    pub(super) mirrored: bool,
    /// Pixels to the point, along rows and columns.
    pub(super) density: (f64, f64),
}

/// What a page holds.
#[derive(Clone, Debug)]
pub(in crate::pictures) struct PictureLayout {
    pictures: Option<Pictures>,
    more: bool,
    /// Dots to the inch at which the page is drawn.
    pub(super) dpi: f64,
    bytes: usize,
}

impl PictureLayout {
    /// Looks at a page, which must not take too much to draw. Fails where one of its pictures has more pixels than a picture may have.
    pub(super) fn of(page: &Page<'_>) -> Result<Self, Fault> {
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width), f64::from(height));
        let mut survey = DrawingLog::default();
        visit(page, &mut survey);
        let mut decoded: usize = 0;
        for placed in &survey.pictures {
            decoded = decoded.saturating_add(pixels(placed.width, placed.height)?);
        }
        let pictures = together(&survey.pictures, width * height);
        let used = pictures.as_ref().map_or(0, |p| p.strips.len());
        let large = survey
            .pictures
            .iter()
            .filter(|p| p.area() > width * height / 10.0);
        let finest = large
            .map(|p| p.scale().0.min(p.scale().1))
            .filter(|points| *points > 0.0)
            .fold(DPI, |dpi, points| dpi.max(72.0 / points));
        let dpi = finest.min(sharpest(width * height));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive and at most DRAWN_MAX"
        )]
        let drawn = (width * height * (dpi / 72.0) * (dpi / 72.0)) as usize;
        let more = survey.more || survey.pictures.len() > used;
        let bytes = if pictures.is_some() && !more {
            memory(decoded, 7)
        } else {
            memory(drawn, DRAWING).saturating_add(decoded.saturating_mul(7))
        };
        Ok(Self {
            pictures,
            more,
            dpi,
            bytes,
        })
    }

    /// The pictures that are the page; none where it has to be drawn.
    pub(super) fn pictures(&self) -> Option<&Pictures> {
        self.pictures.as_ref()
    }

    /// Whether the page is a picture with something else on it.
    pub(in crate::pictures) fn has_second(&self) -> bool {
        self.pictures.is_some() && self.more
    }

    /// Most bytes that the page takes.
    pub(in crate::pictures) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Most dots to the inch at which a page of so many square points is drawn.
pub(super) fn sharpest(area: f64) -> f64 {
    DPI_MAX.min((DRAWN_MAX / area).sqrt() * 72.0)
}

/// Walks through a page's content with a device, in points from the top left.
pub(super) fn visit<'a>(page: &'a Page<'a>, device: &mut impl Device<'a>) {
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        bounds,
        &InterpreterCache::new(),
        page.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(page, &mut context, device);
}

/// The pictures of one scale that cover the page without gap or overlap; none where there are no such.
fn together(all: &[PlacedPicture], page: f64) -> Option<Pictures> {
    let largest = all.iter().max_by(|a, b| a.area().total_cmp(&b.area()))?;
    let [a, b, c, d, e, f] = largest.place.as_coeffs();
    let (across, down) = largest.scale();
    let turned =
        |x: f64, y: f64| x.abs() < SAME * across.max(down) && y.abs() < SAME * across.max(down);
    if !(across > 0.0 && down > 0.0) || !(turned(b, c) || turned(a, d)) {
        return None;
    }
    let alike = |p: &&PlacedPicture| {
        let coeffs = p.place.as_coeffs();
        let near = |x: f64, y: f64| (x - y).abs() < SAME * across.min(down);
        near(coeffs[0], a) && near(coeffs[1], b) && near(coeffs[2], c) && near(coeffs[3], d)
    };
    let back = Affine::new([a, b, c, d, 0.0, 0.0]).inverse();
    let strips: Vec<(PlacedPicture, f64, f64)> = all
        .iter()
        .filter(alike)
        .map(|p| {
            let [.., x, y] = p.place.as_coeffs();
            let at = back * hayro::kurbo::Point::new(x - e, y - f);
            (*p, at.x.round(), at.y.round())
        })
        .collect();
    let left = strips.iter().fold(0.0_f64, |n, s| n.min(s.1));
    let top = strips.iter().fold(0.0_f64, |n, s| n.min(s.2));
    let right = strips
        .iter()
        .fold(0.0_f64, |n, s| n.max(s.1 + s.0.width as f64));
    let bottom = strips
        .iter()
        .fold(0.0_f64, |n, s| n.max(s.2 + s.0.height as f64));
    let sheet = (right - left) * (bottom - top);
    let covered: f64 = strips.iter().map(|s| (s.0.width * s.0.height) as f64).sum();
    let tiled = (covered / sheet - 1.0).abs() < 0.05;
    if strips.len() > STRIPS_MAX || !tiled || sheet * across * down < COVER * page {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 0, and bounded by `pixels`"
    )]
    let whole = |n: f64| n as usize;
    let (width, height) = (whole(right - left), whole(bottom - top));
    pixels(width, height).ok()?;
    Some(Pictures {
        width,
        height,
        strips: strips
            .into_iter()
            .map(|(p, x, y)| (p, whole(x - left), whole(y - top)))
            .collect(),
        mirrored: a * d - b * c < 0.0,
        density: (1.0 / across, 1.0 / down),
    })
}

/// Notes what is drawn.
#[derive(Default)]
struct DrawingLog {
    pictures: Vec<PlacedPicture>,
    more: bool,
}

impl DrawingLog {
    fn paints(&mut self, props: &DrawProps<'_>) {
        // white under a picture, as many scanners have it, shows nothing
        self.more |= match &props.paint {
            Paint::Color(colour) => {
                let [r, g, b, alpha] = colour.to_rgba().to_rgba8();
                alpha > 0 && [r, g, b] != [255; 3]
            }
            Paint::Pattern(_) => true,
        };
    }
}

impl<'a> Device<'a> for DrawingLog {
    fn draw_path(&mut self, _: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        self.paints(&props);
    }

    fn draw_rect(&mut self, _: &Rect, props: DrawProps<'a>, _: &DrawMode) {
        self.paints(&props);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_clip_rect(&mut self, _: &Rect) {}

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        mode: BlendMode,
    ) {
        self.more |= opacity < 1.0 || mask.is_some() || mode != BlendMode::Normal;
    }

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        // the layer of recognised text behind a scan is invisible
        if !matches!(mode, DrawMode::Invisible) {
            self.paints(&props);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (image.width() as usize, image.height() as usize);
        self.pictures.push(PlacedPicture {
            number: self.pictures.len(),
            width,
            height,
            place: props.transform,
        });
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
