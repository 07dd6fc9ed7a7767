//! The ways in which pages come back, each with the share of its pages that must be read.

use hayro::kurbo::Affine;
use sanlian::scan::Picture;

use super::image::{Image, between, happens};
use super::seal::Seal;
use super::wear::Wear;
use super::{Desk, Printed};
use crate::chance::Chance;

/// A class of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// 200 dpi, a slightly turned sheet.
    Clean,
    /// 200 dpi, any angle.
    Rotation,
    /// 200 dpi, sheared and stretched by a bad feeder.
    Shear,
    /// 200 dpi, JPEG 8 to 30.
    Jpeg,
    /// 150 dpi.
    Dpi150,
    /// 200 dpi in two colours.
    OneBit,
    /// 204 × 98 dpi in two colours.
    Fax,
    /// 200 dpi in colour, a red seal over the mark.
    RedSeal,
    /// 100 dpi.
    Dpi100,
    /// 200 dpi, noise of 20 to 60 levels.
    Noise,
    /// 200 dpi in grey, a red seal over the mark.
    GreySeal,
    /// A photo taken by hand.
    Phone,
    /// Folded through the mark, or a finder pattern stained.
    Folds,
    /// 200 dpi in two colours, a red seal over the mark; beyond what is asked.
    OneBitSeal,
    /// 200 dpi, worn in another way; beyond what is asked.
    Worn(Wear),
}

/// All classes.
pub(crate) const CLASSES: [Class; 24] = [
    Class::Clean,
    Class::Rotation,
    Class::Shear,
    Class::Jpeg,
    Class::Dpi150,
    Class::OneBit,
    Class::Fax,
    Class::RedSeal,
    Class::Dpi100,
    Class::Noise,
    Class::GreySeal,
    Class::Phone,
    Class::Folds,
    Class::OneBitSeal,
    Class::Worn(Wear::Dithered),
    Class::Worn(Wear::Screened),
    Class::Worn(Wear::Salt),
    Class::Worn(Wear::Pale),
    Class::Worn(Wear::Moved),
    Class::Worn(Wear::Unsharp),
    Class::Worn(Wear::Streaks),
    Class::Worn(Wear::Crumpled),
    Class::Worn(Wear::Flaked),
    Class::Worn(Wear::Scribbled),
];

/// What of the page is in the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Extent {
    /// All of it.
    Page,
    /// Only so many mm about the mark, so that a picture is made and read quickly.
    About(f64),
}

impl Class {
    /// A number of its own, of which chance is made.
    pub(crate) fn number(self) -> u64 {
        CLASSES.iter().position(|c| *c == self).unwrap_or(0) as u64
    }

    /// Its name in tables.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Worn(wear) => format!("{wear:?}"),
            other => format!("{other:?}"),
        }
    }

    /// Share of pages that must be read and verified.
    pub(crate) fn wanted(self) -> f64 {
        match self {
            Self::RedSeal => 0.995,
            Self::Dpi100 => 0.99,
            Self::Noise | Self::GreySeal => 0.95,
            Self::Phone => 0.92,
            Self::Folds => 0.75,
            Self::OneBitSeal | Self::Worn(_) => 0.0,
            _ => 1.0,
        }
    }

    /// A picture of a page. The same chance gives the same picture.
    pub(crate) fn picture(
        self,
        desk: &Desk,
        extent: Extent,
        chance: &mut Chance,
    ) -> (Picture, Printed) {
        let printed = desk.print(chance);
        let shot = Shot {
            printed: &printed,
            extent,
        };
        let skew = between(chance, -1.5, 1.5);
        let picture = match self {
            Self::Clean => {
                let image = shot.scan(200.0, 200.0, skew, (0.0, 1.0), chance);
                finish(image, happens(chance, 0.5))
            }
            Self::Rotation => {
                let angle = between(chance, 0.0, 360.0);
                let image = shot.scan(200.0, 200.0, angle, (0.0, 1.0), chance);
                finish(image, happens(chance, 0.5))
            }
            Self::Shear => {
                let shear = (between(chance, -0.08, 0.08), between(chance, 0.95, 1.05));
                let image = shot.scan(200.0, 200.0, skew, shear, chance);
                finish(image, false)
            }
            Self::Jpeg => {
                let quality = 8 + chance.below(23) as u8;
                let image = shot.scan(200.0, 200.0, skew, (0.0, 1.0), chance);
                let coloured = happens(chance, 0.5);
                finish(
                    if coloured { image } else { image.grey() }.jpeg(quality),
                    coloured,
                )
            }
            Self::Dpi150 => finish(shot.scan(150.0, 150.0, skew, (0.0, 1.0), chance), false),
            Self::OneBit => {
                let image = shot.scan(200.0, 200.0, skew, (0.0, 1.0), chance);
                let noise = between(chance, 4.0, 16.0);
                let limit = between(chance, 105.0, 175.0) as f32;
                finish(image.noise(noise, false, chance).two(limit), false)
            }
            Self::Fax => {
                let image = shot.scan(204.0, 98.0, skew, (0.0, 1.0), chance);
                let noise = between(chance, 2.0, 8.0);
                let limit = between(chance, 120.0, 160.0) as f32;
                finish(image.noise(noise, false, chance).two(limit), false)
            }
            Self::RedSeal | Self::GreySeal | Self::OneBitSeal => {
                let seal = Seal::near(printed.middle(), 22.0, chance);
                let (image, mapping) = shot.flat(200.0, 200.0, skew, (0.0, 1.0), chance);
                let back = mapping.inverse();
                let image = seal.press(image, |x, y| {
                    let p = back * hayro::kurbo::Point::new(x, y);
                    (p.x, p.y)
                });
                let image = scanner(image, chance);
                match self {
                    Self::RedSeal => {
                        let quality = 50 + chance.below(46) as u8;
                        let image = if happens(chance, 0.7) {
                            image.jpeg(quality)
                        } else {
                            image
                        };
                        finish(image, true)
                    }
                    Self::GreySeal => finish(image, false),
                    _ => {
                        let limit = between(chance, 90.0, 150.0) as f32;
                        finish(image.two(limit), false)
                    }
                }
            }
            Self::Dpi100 => {
                let image = shot.scan(100.0, 100.0, skew, (0.0, 1.0), chance);
                let quality = 60 + chance.below(36) as u8;
                finish(
                    if happens(chance, 0.5) {
                        image.grey().jpeg(quality)
                    } else {
                        image
                    },
                    false,
                )
            }
            Self::Noise => {
                let image = shot.scan(200.0, 200.0, skew, (0.0, 1.0), chance);
                let sigma = between(chance, 20.0, 60.0);
                let coloured = happens(chance, 0.3);
                finish(image.noise(sigma, coloured, chance), coloured)
            }
            Self::Worn(wear) => {
                let image = shot.scan(200.0, 200.0, skew, (0.0, 1.0), chance).grey();
                finish(wear.of(image, chance), false)
            }
            Self::Phone => shot.phone(chance),
            Self::Folds => shot.folded(skew, chance),
        };
        (picture, printed)
    }
}

fn finish(image: Image, coloured: bool) -> Picture {
    if coloured {
        image.into_colour()
    } else {
        image.into_grey()
    }
}

/// What a scanner makes of a page: ink and paper, a soft lens, a little noise.
fn scanner(image: Image, chance: &mut Chance) -> Image {
    let blur = between(chance, 0.25, 0.65);
    let noise = between(chance, 1.0, 4.0);
    image.ink(chance).blur(blur).noise(noise, false, chance)
}

struct Shot<'a> {
    printed: &'a Printed,
    extent: Extent,
}

impl Shot<'_> {
    /// The middle of what is shown, and its width and height, in mm.
    fn frame(&self) -> ((f64, f64), (f64, f64)) {
        let (width, height) = self.printed.size;
        match self.extent {
            Extent::Page => ((width / 2.0, height / 2.0), (width, height)),
            Extent::About(mm) => (self.printed.middle(), (mm, mm)),
        }
    }

    /// The page at a resolution across and down, turned by degrees, sheared and stretched; and the mapping of mm to pixels.
    fn flat(
        &self,
        across: f64,
        down: f64,
        angle: f64,
        (shear, stretch): (f64, f64),
        chance: &mut Chance,
    ) -> (Image, Affine) {
        let (middle, (wide, high)) = self.frame();
        let turned = angle.to_radians();
        let (sine, cosine) = (turned.sin().abs(), turned.cos().abs());
        // a sheet turned by a little keeps the scanner's bed, one turned by much needs another bed
        let (bed_wide, bed_high) = if angle.abs() < 5.0 {
            (wide, high)
        } else {
            (wide * cosine + high * sine, wide * sine + high * cosine)
        };
        let width = (bed_wide * across / 25.4) as usize;
        let height = (bed_high * down / 25.4) as usize;
        let shift = (between(chance, -1.0, 1.0), between(chance, -1.0, 1.0));
        let mapping =
            Affine::translate((width as f64 / 2.0 + shift.0, height as f64 / 2.0 + shift.1))
                * Affine::scale_non_uniform(across / 25.4, down / 25.4)
                * Affine::new([stretch, 0.0, shear, 1.0, 0.0, 0.0])
                * Affine::rotate(turned)
                * Affine::translate((-middle.0, -middle.1));
        (self.printed.raster(width, height, mapping), mapping)
    }

    /// The same as a scanner sees it.
    fn scan(
        &self,
        across: f64,
        down: f64,
        angle: f64,
        shear: (f64, f64),
        chance: &mut Chance,
    ) -> Image {
        let (image, _) = self.flat(across, down, angle, shear, chance);
        scanner(image, chance)
    }

    /// A sharp picture to be looked at by a camera or through a fold, and its pixels a mm.
    fn sharp(&self, dpi: f64) -> (Image, f64) {
        let (middle, (wide, high)) = self.frame();
        let scale = dpi / 25.4;
        let mapping = Affine::scale(scale)
            * Affine::translate((wide / 2.0 - middle.0, high / 2.0 - middle.1));
        let (width, height) = ((wide * scale) as usize, (high * scale) as usize);
        (self.printed.raster(width, height, mapping), scale)
    }

    /// Whether the mark with 2 mm about it lies inside a photo: no point of the photo's border shows it.
    fn shows_mark(&self, view: &Camera, (width, height): (usize, usize), zoom: f64) -> bool {
        let (middle, _) = self.frame();
        let (left, top, side) = self.printed.mark;
        let (left, top) = (left - middle.0 - 2.0, top - middle.1 - 2.0);
        let side = side + 4.0;
        let (w, h) = (width as f64 / zoom / 2.0, height as f64 / zoom / 2.0);
        let on_mark = |u: f64, v: f64| {
            let (x, y) = view.paper(u, v);
            (left..left + side).contains(&x) && (top..top + side).contains(&y)
        };
        // the border, a point a mm, and beyond it as far as the mark could be
        (0..60).all(|out| {
            let out = f64::from(out);
            let (w, h) = (w + out, h + out);
            let across = (-w as i32..=w as i32).map(f64::from);
            let down = (-h as i32..=h as i32).map(f64::from);
            across
                .into_iter()
                .all(|u| !on_mark(u, -h) && !on_mark(u, h))
                && down.into_iter().all(|v| !on_mark(-w, v) && !on_mark(w, v))
        })
    }

    /// A photo: perspective, curled paper, uneven light with a shadow, blur, noise, JPEG.
    fn phone(&self, chance: &mut Chance) -> Picture {
        let (image, scale) = self.sharp(300.0);
        let image = image.ink(chance);
        let (_, (wide, high)) = self.frame();
        // pixels a module as an 8 to 12 megapixel camera has that shows the whole sheet
        let zoom = between(chance, 7.2, 11.0);
        let (width, height) = ((wide * zoom * 1.12) as usize, (high * zoom * 1.12) as usize);
        let mut view = Camera::held(wide.max(high), chance);
        // whoever takes the photo sees to it that the mark is on it
        for _ in 0..40 {
            if self.shows_mark(&view, (width, height), zoom) {
                break;
            }
            view = Camera::held(wide.max(high), chance);
        }
        let size = wide.max(high);
        let shadow_angle = between(chance, 0.0, 6.2);
        let shadow_at = between(chance, -0.4, 0.4) * size;
        let shadow = if happens(chance, 0.6) {
            between(chance, 0.45, 0.85)
        } else {
            1.0
        };
        let soft = between(chance, 3.0, 40.0);
        let slope = (between(chance, -0.3, 0.3), between(chance, -0.3, 0.3));
        let bright = between(chance, 0.75, 1.05);
        let cast: [f64; 3] = std::array::from_fn(|_| between(chance, 0.88, 1.04));
        let table: [f32; 3] = std::array::from_fn(|_| between(chance, 40.0, 150.0) as f32);
        let photo = Image::map(width, height, |x, y| {
            let (u, v) = (
                (x - width as f64 / 2.0) / zoom,
                (y - height as f64 / 2.0) / zoom,
            );
            let (u, v) = view.paper(u, v);
            let colour = image.at((u + wide / 2.0) * scale, (v + high / 2.0) * scale, table);
            let side = u * shadow_angle.cos() + v * shadow_angle.sin() - shadow_at;
            let shade = shadow + (1.0 - shadow) / (1.0 + (-side / soft * 4.0).exp());
            let light = bright * shade * (1.0 + (slope.0 * u + slope.1 * v) / size);
            std::array::from_fn(|i| colour[i] * (light * cast[i]) as f32)
        });
        let photo = photo.blur(between(chance, 0.6, 1.5));
        let photo = if happens(chance, 0.3) {
            let rows = happens(chance, 0.5);
            photo.blur_along(between(chance, 0.5, 1.5), rows)
        } else {
            photo
        };
        let sigma = between(chance, 3.0, 12.0);
        let quality = 55 + chance.below(40) as u8;
        photo.noise(sigma, true, chance).jpeg(quality).into_colour()
    }

    /// Folded once or twice through the mark: a strip is hidden, what lies behind is shifted and turned, ink has come off the crease;
    /// or a finder pattern is stained or torn.
    fn folded(&self, skew: f64, chance: &mut Chance) -> Picture {
        let (image, scale) = self.sharp(300.0);
        let image = image.ink(chance);
        let (middle, (wide, high)) = self.frame();
        let zoom = 200.0 / 25.4;
        let (width, height) = ((wide * zoom) as usize, (high * zoom) as usize);
        let (left, top, side) = self.printed.mark;
        let corner = (left - middle.0, top - middle.1);
        let finder = |which: u64| {
            let far = side * 45.5 / 49.0;
            let near = side * 3.5 / 49.0;
            let (x, y) = [(near, near), (far, near), (near, far)][which as usize % 3];
            (corner.0 + x, corner.1 + y)
        };
        let folds: Vec<Fold> = (0..1 + u64::from(happens(chance, 0.3)))
            .map(|_| {
                let through = if happens(chance, 0.5) {
                    finder(chance.below(3))
                } else {
                    let place =
                        |at: f64, chance: &mut Chance| at + between(chance, 0.1, 0.9) * side;
                    (place(corner.0, chance), place(corner.1, chance))
                };
                Fold::new(through, chance)
            })
            .collect();
        let stain = happens(chance, 0.5).then(|| {
            let at = finder(chance.below(3));
            let at = (
                at.0 + between(chance, -1.0, 1.0),
                at.1 + between(chance, -1.0, 1.0),
            );
            let colour = if happens(chance, 0.5) {
                235.0
            } else {
                between(chance, 20.0, 120.0) as f32
            };
            (at, between(chance, 1.2, 2.6), colour)
        });
        let turned = skew.to_radians();
        let page = Image::map(width, height, |x, y| {
            let (u, v) = (
                (x - width as f64 / 2.0) / zoom,
                (y - height as f64 / 2.0) / zoom,
            );
            let (s, c) = turned.sin_cos();
            let (mut u, mut v) = (u * c + v * s, v * c - u * s);
            let mut light = 1.0;
            let mut scratch = 0.0_f64;
            for fold in &folds {
                let (moved, shade, worn) = fold.at(u, v);
                (u, v) = moved;
                light *= shade;
                scratch = scratch.max(worn);
            }
            let colour = image.at(
                (u + wide / 2.0) * scale,
                (v + high / 2.0) * scale,
                [90.0; 3],
            );
            let mut value = f64::from(colour[0]) * light;
            if let Some((at, radius, ink)) = stain
                && (u - at.0).hypot(v - at.1) < radius
            {
                value = f64::from(ink);
            }
            value += (225.0 - value) * scratch;
            [value as f32; 3]
        });
        let blur = between(chance, 0.4, 0.8);
        let noise = between(chance, 2.0, 7.0);
        page.blur(blur).noise(noise, false, chance).into_grey()
    }
}

/// How a camera is held over a page, and how the page is curled.
struct Camera {
    turn: f64,
    tilt: (f64, f64),
    size: f64,
    curl: f64,
    wave: f64,
    phase: f64,
}

impl Camera {
    fn held(size: f64, chance: &mut Chance) -> Self {
        Self {
            turn: between(chance, -12.0, 12.0_f64).to_radians(),
            tilt: (between(chance, -0.30, 0.30), between(chance, -0.30, 0.30)),
            size,
            curl: between(chance, 0.0, 1.6),
            wave: between(chance, 60.0, 200.0),
            phase: between(chance, 0.0, 6.2),
        }
    }

    /// The point of the paper, in mm from its middle, that is seen at a place of the photo.
    fn paper(&self, u: f64, v: f64) -> (f64, f64) {
        let depth = 1.0 + (self.tilt.0 * u + self.tilt.1 * v) / self.size;
        let (u, v) = (u / depth, v / depth);
        let (s, c) = self.turn.sin_cos();
        let (u, v) = (u * c + v * s, v * c - u * s);
        let bent = (u / self.wave * std::f64::consts::TAU + self.phase).sin();
        (u, v + self.curl * bent)
    }
}

/// A fold.
struct Fold {
    through: (f64, f64),
    along: (f64, f64),
    hidden: f64,
    slip: f64,
    turn: f64,
    shade: f64,
    crease: (f64, f64),
    worn: (f64, f64),
}

impl Fold {
    fn new(through: (f64, f64), chance: &mut Chance) -> Self {
        let angle = between(chance, 0.0, std::f64::consts::TAU);
        Self {
            through,
            along: (angle.cos(), angle.sin()),
            hidden: between(chance, 0.0, 0.7),
            slip: between(chance, -0.35, 0.35),
            turn: between(chance, -0.8, 0.8_f64).to_radians(),
            shade: between(chance, 0.65, 1.0),
            crease: (between(chance, 0.3, 1.0), between(chance, 0.3, 0.9)),
            worn: (between(chance, 0.2, 0.8), between(chance, 0.0, 0.9)),
        }
    }

    /// Where on the paper a point of the picture lies, its light, and how much ink is worn off.
    fn at(&self, x: f64, y: f64) -> ((f64, f64), f64, f64) {
        let (dx, dy) = (x - self.through.0, y - self.through.1);
        let (nx, ny) = (-self.along.1, self.along.0);
        let side = dx * nx + dy * ny;
        let near = (-(side / self.crease.0).powi(2)).exp();
        let worn = self.worn.1 * (-(side / self.worn.0).powi(2)).exp();
        if side <= 0.0 {
            return ((x, y), 1.0 - self.crease.1 * 0.3 * near, worn);
        }
        let (s, c) = self.turn.sin_cos();
        let (tx, ty) = (dx * c - dy * s, dx * s + dy * c);
        let moved = (
            self.through.0 + tx + nx * self.hidden + self.along.0 * self.slip,
            self.through.1 + ty + ny * self.hidden + self.along.1 * self.slip,
        );
        (moved, self.shade * (1.0 - self.crease.1 * near), worn)
    }
}
