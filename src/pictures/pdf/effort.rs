//! What it takes to draw a PDF page, reckoned before anything is drawn: forms within forms, tiles, masks and glyphs of strokes can ask
//! a small file for years of work. The page's content is walked through with a device that draws nothing and adds up what each step
//! would take; a page above the limit is left out.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::pattern::{Pattern, TilingPattern};
use hayro::hayro_interpret::shading::ShadingType;
use hayro::hayro_interpret::util::x_y_advances;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint,
    SoftMask, StrokeProps,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::Object;
use hayro::hayro_syntax::object::dict::keys;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect};

use crate::pictures::Fault;
use crate::pictures::pdf::layout::{sharpest, visit};
use crate::pictures::picture::pixels;

/// Most that drawing a page may take, about nanoseconds.
const MOST: f64 = 20e9;

/// What steps take, in nanoseconds: one of any kind, one that decodes a picture, a line, a pixel that its edge runs through (which takes
/// memory too), a dash, a pixel filled, painted with a shading or a picture, covered by a group or a mask, a pixel of a picture decoded.
const STEP: f64 = 3_000.0;
const DECODE: f64 = 50_000.0;
const LINE: f64 = 50.0;
const EDGE: f64 = 100.0;
const DASH: f64 = 10_000.0;
const FILLED: f64 = 0.1;
const SHADED: f64 = 50.0;
const SHOWN: f64 = 10.0;
const GROUPED: f64 = 0.2;
const MASKED: f64 = 20.0;
const DECODED: f64 = 20.0;
/// A byte of content that is walked through.
const BYTE: f64 = 20.0;

/// Most drawings within one another, forms apart, whose depth the interpreter bounds itself: a letter may be drawn with itself.
const DEPTH: usize = 16;

/// Elements of the path of a rectangle.
const BOUNDS: usize = 5;

/// Units of a glyph's outline to the em.
const EM: f64 = 1000.0;

/// What ends the walk.
struct Spent;

/// The longest content of a file in bytes, of what draws within a drawing: what draws nothing takes time too.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Longest {
    /// Of forms, tiles and masks, which all have bounds.
    forms: f64,
    /// Of streams that do not say what they are, as those of glyphs.
    glyphs: f64,
}

impl Longest {
    /// Looks at all streams of a file but pictures, fonts and other ones of a known type.
    pub(super) fn of(pdf: &Pdf) -> Self {
        let mut longest = Self::default();
        for object in pdf.objects() {
            let Object::Stream(stream) = object else {
                continue;
            };
            let dict = stream.dict();
            let says = |key: &[u8]| dict.contains_key(key);
            let length = if says(keys::BBOX) {
                &mut longest.forms
            } else if says(keys::TYPE) || says(keys::SUBTYPE) || says(keys::LENGTH1) {
                continue;
            } else {
                &mut longest.glyphs
            };
            let bytes = stream.decoded_data().map_or(0, |data| data.len());
            *length = length.max(bytes as f64);
        }
        longest
    }
}

/// Refuses a page that would take too much to draw.
pub(super) fn check(page: &Page<'_>, longest: Longest) -> Result<(), Fault> {
    let (width, height) = page.render_dimensions();
    let page_area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut effort = Effort {
        spent: 0.0,
        page: page_area,
        scale: sharpest(page_area.area()) / 72.0,
        masks: vec![HashSet::new()],
        longest,
    };
    // a walk cannot be told to stop, so it is unwound
    catch_unwind(AssertUnwindSafe(|| visit(page, &mut effort))).map_err(|ended| {
        if ended.is::<Spent>() {
            Fault::Elaborate
        } else {
            Fault::Decoder
        }
    })
}

struct Effort {
    /// Nanoseconds.
    spent: f64,
    /// In points.
    page: Rect,
    /// Pixels a point.
    scale: f64,
    /// Masks that are drawn already, for each drawing within a drawing.
    masks: Vec<HashSet<u128>>,
    longest: Longest,
}

impl Effort {
    fn pay(&mut self, price: f64) {
        self.spent += STEP + price;
        if self.spent.is_nan() || self.spent > MOST {
            resume_unwind(Box::new(Spent));
        }
    }

    /// Pixels of the page that lie within bounds.
    fn pixels(&self, bounds: Rect) -> f64 {
        let seen = bounds.intersect(self.page);
        seen.width().max(0.0) * seen.height().max(0.0) * self.scale * self.scale
    }

    fn whole(&self) -> f64 {
        self.pixels(self.page)
    }

    /// What is counted while something is drawn within a drawing, where masks are drawn anew.
    fn within(&mut self, walk: impl FnOnce(&mut Self)) -> f64 {
        let before = self.spent;
        if self.masks.len() > DEPTH {
            resume_unwind(Box::new(Spent));
        }
        self.masks.push(HashSet::new());
        walk(self);
        self.masks.pop();
        self.spent - before
    }

    fn mask(&mut self, mask: Option<&SoftMask<'_>>) {
        let Some(mask) = mask else { return };
        let known = self.masks.last_mut().map(|m| m.insert(mask.cache_key()));
        if known == Some(true) {
            self.pay(MASKED * self.whole());
            self.within(|effort| mask.interpret(effort));
        }
    }

    fn paint<'a>(&mut self, paint: &Paint<'a>, bounds: Rect, stroked: bool) {
        match paint {
            Paint::Color(_) => self.pay(FILLED * self.pixels(bounds)),
            Paint::Pattern(pattern) => match pattern.as_ref() {
                Pattern::Shading(shading) => {
                    let plain = matches!(
                        *shading.shading.shading_type,
                        ShadingType::RadialAxial { .. }
                    );
                    let price = if plain { FILLED } else { SHADED };
                    self.pay(price * self.pixels(bounds));
                }
                Pattern::Tiling(tile) => self.tile(tile, bounds, stroked),
            },
        }
    }

    /// A tile is drawn once for each copy that shows in the area, or in one step of it.
    fn tile(&mut self, tile: &TilingPattern<'_>, bounds: Rect, stroked: bool) {
        let seen = bounds.intersect(self.page);
        let area = tile.matrix.inverse().transform_rect_bbox(seen);
        let copies = |cell: f64, step: f32, visible: f64| {
            let step = f64::from(step.abs());
            if visible >= step {
                (cell / step).ceil()
            } else {
                ((visible + cell) / step).floor() + 1.0
            }
        };
        let across = copies(tile.bbox.width(), tile.x_step, area.width());
        let down = copies(tile.bbox.height(), tile.y_step, area.height());
        self.pay(SHOWN * self.pixels(bounds));
        let (right, up) = x_y_advances(&tile.matrix);
        let corner = Affine::translate((-tile.bbox.x0, -tile.bbox.y0));
        let upright = Affine::scale_non_uniform(right.length(), up.length()) * corner;
        let once = self.within(|effort| {
            tile.interpret(effort, upright, stroked);
        });
        self.pay(once * (across * down - 1.0).max(0.0));
    }

    fn path(&mut self, path: &BezPath, props: &DrawProps<'_>, mode: &DrawMode) {
        self.mask(props.soft_mask.as_ref());
        let bounds = props.transform.transform_rect_bbox(path.control_box());
        let (fills, stroke) = match mode {
            DrawMode::Fill(_) => (true, None),
            DrawMode::Stroke(stroke) => (false, Some(stroke)),
            DrawMode::FillAndStroke(_, stroke) => (true, Some(stroke)),
            DrawMode::Invisible => return,
        };
        self.edges(path, props.transform);
        if fills {
            self.paint(&props.paint, bounds, false);
        }
        if let Some(stroke) = stroke {
            self.dashes(path, stroke);
            let (right, up) = x_y_advances(&props.transform);
            let wide = f64::from(stroke.line_width) * right.length().max(up.length());
            self.paint(&props.paint, bounds.inflate(wide, wide), true);
        }
    }

    /// Lines take time and memory for each pixel that they run through; curves are drawn as so many lines as are needed.
    fn edges(&mut self, path: &BezPath, transform: Affine) {
        let (right, up) = x_y_advances(&transform);
        let scale = right.length().max(up.length()) * self.scale;
        let across = (self.page.width() + self.page.height()) * self.scale;
        let price = lengths(path)
            .map(|length| length * scale)
            .map(|long| LINE * (1.0 + long.sqrt()) + EDGE * long.min(across))
            .sum();
        self.pay(price);
    }

    fn dashes(&mut self, path: &BezPath, stroke: &StrokeProps) {
        let period: f64 = stroke.dash_array.iter().map(|d| f64::from(d.abs())).sum();
        if period > 0.0 {
            let dashes = lengths(path).sum::<f64>() / period * stroke.dash_array.len() as f64;
            self.pay(DASH * dashes);
        }
    }
}

/// Lengths of a path's elements, each by its points.
fn lengths(path: &BezPath) -> impl Iterator<Item = f64> {
    let mut at = Point::ZERO;
    let mut start = Point::ZERO;
    path.elements().iter().map(move |element| {
        let from = at;
        let length = match *element {
            PathEl::MoveTo(p) => {
                start = p;
                0.0
            }
            PathEl::LineTo(p) => from.distance(p),
            PathEl::QuadTo(a, p) => from.distance(a) + a.distance(p),
            PathEl::CurveTo(a, b, p) => from.distance(a) + a.distance(b) + b.distance(p),
            PathEl::ClosePath => from.distance(start),
        };
        at = element.end_point().unwrap_or(start);
        length
    })
}

impl<'a> Device<'a> for Effort {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.path(path, &props, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        // a form, a tile or a mask begins with its bounds
        if clip.path.elements().len() == BOUNDS {
            self.pay(BYTE * self.longest.forms);
        }
        self.edges(&clip.path, Affine::IDENTITY);
        self.pay(FILLED * self.pixels(clip.path.control_box()));
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.pay(0.0);
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.pay(GROUPED * self.whole());
        self.mask(mask.as_ref());
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.mask(props.soft_mask.as_ref());
        for placed in run.glyphs() {
            let glyph: &Glyph<'a> = placed;
            match glyph {
                Glyph::Outline(_) => {
                    let [a, b, c, d, e, f] = (props.transform * placed.transform()).as_coeffs();
                    let em = Rect::new(e, f, e, f)
                        .inflate(EM * a.abs().max(c.abs()), EM * b.abs().max(d.abs()));
                    if !matches!(mode, DrawMode::Invisible) {
                        self.paint(&props.paint, em, false);
                    }
                    self.pay(0.0);
                }
                Glyph::Type3(glyph) => {
                    self.pay(BYTE * self.longest.glyphs);
                    self.within(|effort| {
                        let (page, place) = (props.transform, placed.transform());
                        glyph.interpret(effort, page, place, &props.paint);
                    });
                }
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.mask(props.soft_mask.as_ref());
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let place = Rect::new(0.0, 0.0, width, height);
        let bounds = props.transform.transform_rect_bbox(place);
        let shown = self.pixels(bounds);
        self.pay(DECODE + DECODED * width * height + SHOWN * shown);
        if let Image::Stencil(stencil) = image
            && pixels(width as usize, height as usize).is_ok()
        {
            stencil.with_stencil(|_, paint| self.paint(paint, bounds, false), Some((1, 1)));
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {
        self.pay(GROUPED * self.whole());
    }
}
