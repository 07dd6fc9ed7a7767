//! The terminal's edge: what steers a terminal, or turns the direction of writing, is made visible before it is shown. Names of files,
//! what a scanner typed and reasons come from strangers; our own colours pass, and only those.

use super::colour::{Stream, is_on};

/// What a text may hold beside letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One line: a break in it is a stranger's.
    Line,
    /// Lines of ours: a document, help.
    Text,
}

/// A text in which nothing steers the terminal but our own colours, where the stream takes colours.
pub(crate) fn visible(stream: Stream, shape: Shape, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let own = if is_on(stream) { own_colour(rest) } else { 0 };
        if own > 0 {
            let (colour, after) = rest.split_at(own);
            out.push_str(colour);
            rest = after;
            continue;
        }
        match c {
            '\n' if shape == Shape::Text => out.push(c),
            '\t' => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if turns(c) => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

/// Whether a character turns the direction of writing, or breaks a line where none is seen.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Bytes of the escape of a colour at the start of a text; 0 where none of ours stands there. Nothing but bold, faint, underline and
/// the plain colours: none hides text.
fn own_colour(text: &str) -> usize {
    let Some((numbers, _)) = text
        .strip_prefix("\u{1b}[")
        .and_then(|after| after.split_once('m'))
    else {
        return 0;
    };
    match numbers {
        "0" | "1" | "2" | "4" | "31" | "32" | "33" | "34" | "35" | "36" => numbers.len() + 3,
        _ => 0,
    }
}
