//! Views of a plane in which a module has a good number of pixels: large pictures shrunk, small ones enlarged, faxes with their rows
//! doubled; and how many pixels a module is likely to have in one.

use super::plane::Plane;
use super::warp::Point;

/// Pixels a module below which a picture is enlarged.
const SMALL: f32 = 2.6;
/// Pixels a module from which a picture is shrunk.
const LARGE: f32 = 6.5;
/// Width of a portrait fax for each of its height, 1.47, as against a landscape sheet, 1.41: the middle.
const FAX_SHAPE: f32 = 1.443;
/// Changes from row to row for each from column to column, from which the rows stand for two each. Of square pixels about 1, of a fax
/// about 2.
const FAX_SLOPE: f32 = 1.4;
/// Most pixels of an enlarged view.
const PIXELS_MAX: usize = 24_000_000;

/// A way of looking at the page.
pub(super) struct View {
    pub(super) plane: Plane,
    /// Picture pixels a plane pixel, across and down.
    pub(super) scale: (f32, f32),
}

impl View {
    pub(super) fn to_picture(&self, corners: [Point; 4]) -> [Point; 4] {
        corners.map(|(x, y)| (x * self.scale.0, y * self.scale.1))
    }
}

/// Pixels of the longer side below which a picture shows a part of a page: a whole page of so few could not be read.
const PART: f32 = 1100.0;

/// Pixels a module of a scan of 200 dots an inch, as a part of a page is likeliest to be.
const PART_PITCH: f32 = 3.54;

/// Whether a view shows a part of a page, whose scale is not known.
pub(super) fn is_part(view: &View) -> bool {
    let long = view.plane.width as f32 * view.scale.0;
    long.max(view.plane.height as f32 * view.scale.1) < PART
}

/// Pixels a module in a view: if it shows a whole A4 page and nothing else, 0.45 mm of 297.
pub(super) fn usual_pitch(view: &View) -> f32 {
    if is_part(view) {
        return PART_PITCH / view.scale.0;
    }
    let long = view.plane.width.max(view.plane.height) as f32;
    let short = view.plane.width.min(view.plane.height) as f32;
    (long / 297.0).min(short / 210.0 * 1.05) * 0.45
}

/// The views of a plane, the likeliest first, each with whether damaged finder patterns are looked for in it, which is dear; each
/// is made when it is asked for.
pub(super) fn views(plane: Plane) -> impl Iterator<Item = (View, bool)> {
    let whole = View {
        plane,
        scale: (1.0, 1.0),
    };
    let pitch = usual_pitch(&whole);
    let by = ((pitch / 3.6).round() as usize).max(1);
    let large = pitch >= LARGE && by > 1;
    let small = pitch < SMALL;
    let room = whole.plane.pixels() * 4 <= PIXELS_MAX;
    let (width, height) = (whole.plane.width as f32, whole.plane.height as f32);
    // standard fax: 204 dots an inch across, 98 lines down; a portrait sheet, and a landscape one
    let lines = room
        && [1.25..1.8, 2.5..3.5]
            .iter()
            .any(|r| r.contains(&(width / height)));
    // of a fax the rows as they come are no square modules: the template is laid over the doubled ones. A landscape sheet has nearly the
    // shape of a portrait fax: what is likelier by its shape and its strokes is looked at first
    let fax = lines && whole.plane.is_two_valued();
    let low = fax && (width > FAX_SHAPE * height || whole.plane.slope() > FAX_SLOPE);
    let kinds = [
        (ViewKind::Shrunk(by), large, !low),
        (ViewKind::Enlarged, small && room, !low && !large),
        (ViewKind::Plain, true, !(low || large || small && room)),
        (ViewKind::Rows, lines, fax),
        (ViewKind::Plain, low, true),
        (ViewKind::Enlarged, !small && room && pitch < 4.5, false),
    ];
    kinds
        .into_iter()
        .filter(|(_, wanted, _)| *wanted)
        .map(move |(kind, _, damaged)| (kind.of(&whole), damaged))
}

#[derive(Clone, Copy)]
enum ViewKind {
    Plain,
    Shrunk(usize),
    Enlarged,
    Rows,
}

impl ViewKind {
    fn of(self, whole: &View) -> View {
        let plane = &whole.plane;
        match self {
            Self::Plain => View {
                plane: plane.clone(),
                scale: (1.0, 1.0),
            },
            Self::Shrunk(by) => View {
                plane: plane.shrink(by),
                scale: (by as f32, by as f32),
            },
            Self::Enlarged => View {
                plane: plane.widen().heighten(),
                scale: (0.5, 0.5),
            },
            Self::Rows => View {
                plane: plane.heighten(),
                scale: (1.0, 0.5),
            },
        }
    }
}
