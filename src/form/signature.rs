//! The end of an official text: who issues it and the day of issue (发文机关署名、成文日期).

use crate::campaign::Align;

use super::{Block, Paragraph, Style};

/// Characters that stay free right of the day of issue (成文日期右空四字).
const RIGHT_OF_DAY: usize = 4;

/// The issuer above the day, centred on it (GB/T 9704-2012, 7.3.5.1). The day keeps four characters free at the right; under a name
/// that would then leave the type area it moves to the left, and the name ends at the edge.
pub(super) fn signature(text: &str, date: &str, style: &Style) -> [Block; 2] {
    // in halves of a character
    let (name, day) = (halves(text), halves(date));
    let free = RIGHT_OF_DAY * 2;
    let (name_right, day_right) = match name <= day + free * 2 {
        true => ((free * 2 + day).saturating_sub(name) / 2, free),
        false => (0, (name - day) / 2),
    };
    let line = |text: &str, right: usize| {
        let mut style = style.clone();
        style.align = Align::Right;
        style.right = u8::try_from(right / 2).unwrap_or(u8::MAX);
        style.indent = 0;
        style.signs = true;
        Block::Paragraph(Paragraph {
            text: text.to_owned(),
            style,
        })
    };
    let mut both = [line(text, name_right), line(date, day_right)];
    if let [Block::Paragraph(name), _] = &mut both {
        // never a day alone on a page
        name.style.keep = true;
    }
    both
}

/// The width of a text in halves of a character: Han is whole, what is ASCII half.
fn halves(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
