//! The end of an official text: who issues it and the day of issue (发文机关署名、成文日期).

use crate::campaign::Align;
use crate::text::width::display_width;
use crate::units::Length;

use super::{Block, Paragraph, Style};

/// Characters that stay free right of the day of issue (成文日期右空四字).
const RIGHT_OF_DAY: usize = 4;

/// The issuer above the day, centred on it (GB/T 9704-2012, 7.3.5.1). The day keeps four characters free at the right; under a name
/// that would then leave the type area it moves to the left, and the name ends at the edge.
pub(super) fn signature(text: &str, date: &str, style: &Style, width: Length) -> [Block; 2] {
    // both stand in the middle of a box at the right edge, which is as wide as leaves the day its four characters, or as the name; in
    // halves of a character
    let size = style.sizes.first().map_or(1, |size| size.0.max(1));
    let whole = usize::try_from(width.0 * 2 / size).unwrap_or(0);
    let wide = (display_width(date) + RIGHT_OF_DAY * 4).max(display_width(text) + 1);
    let left = u8::try_from(whole.saturating_sub(wide) / 2).unwrap_or(u8::MAX);
    let line = |text: &str| {
        let mut style = style.clone();
        style.align = Align::Center;
        style.left = left;
        style.right = 0;
        style.indent = 0;
        style.signs = true;
        Block::Paragraph(Paragraph {
            text: text.to_owned(),
            style,
        })
    };
    let mut both = [line(text), line(date)];
    if let [Block::Paragraph(name), _] = &mut both {
        // never a day alone on a page
        name.style.keep = true;
    }
    both
}
