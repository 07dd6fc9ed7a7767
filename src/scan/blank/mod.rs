//! Whether anything stands on a page (空白页), judged against the paper itself: its own level, place by place and colour by
//! colour, so that pencil, a pale form and a faint seal stand out from white, grey and yellowed paper alike.
//! The paper's level is found in `paper`; what stands out is put together and told from dust, edges and holes in `components`.

mod components;
mod paper;

use crate::pictures::Picture;

use components::Components;
use paper::ChannelGrid;

pub use components::Trace;

/// Pixels of the short side of a page as it is looked at: A4 at 100 dpi, at which a pencil's line is a pixel or two and the
/// grain of a scanner is evened out.
const SHORT: usize = 827;

/// Width of an A4 page in millimetres; a page of another size is taken for one.
const SHORT_MM: usize = 210;

/// Levels by which paper goes up and down under a lamp, a fold or a lid; beyond them a person looks, and beyond the second it is
/// a picture of something: what is soft all over stands out from nothing near it.
const UNEVEN: u8 = 40;
const A_PICTURE: u8 = 90;

/// Paper at least this bright in one of its colours can be told from what stands on it.
const DARKEST: u8 = 110;

/// What stands on a page. Takes a time in proportion to its pixels.
pub fn trace(picture: &Picture) -> Trace {
    let short = picture.width().min(picture.height());
    let by = (short + SHORT / 2).checked_div(SHORT).unwrap_or(1).max(1);
    let millimetre = (short / by + SHORT_MM / 2) / SHORT_MM;
    let cell = millimetre.max(3);
    let mut spots = Components::default();
    let (mut brightest, mut spread) = (0, 0);
    for plane in paper::planes(picture, by) {
        let sheet = ChannelGrid::of(&plane, cell);
        brightest = brightest.max(sheet.level());
        spread = spread.max(sheet.spread());
        spots.add(&sheet);
    }
    if brightest < DARKEST {
        return Trace::Doubtful;
    }
    match spots.judge() {
        _ if spread > A_PICTURE => Trace::Plain,
        Trace::Nothing if spread > UNEVEN => Trace::Doubtful,
        seen => seen,
    }
}
