//! Full width and half width (全角、半角).

/// Full-width ASCII (U+FF01 to U+FF5E) becomes half-width, the ideographic space U+3000 a space; all else stays.
pub fn fold_width(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// One character of [`fold_width`].
fn fold(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Width in half-width columns, as GB 18030 terminals and Chinese fonts count: half-width characters 1,
/// full-width characters (Chinese quotes, dashes and the dot `·` too) 2, invisible ones 0.
pub fn display_width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Width of one character in half-width columns.
pub fn char_width(c: char) -> usize {
    if super::normal::is_invisible(c) || c.is_control() {
        return 0;
    }
    match c {
        '\0'..='\u{7F}' | '\u{FF61}'..='\u{FFDC}' | '\u{FFE8}'..='\u{FFEE}' => 1,
        '\u{300}'..='\u{36F}' => 0,
        '\u{80}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' if c.is_alphabetic() => 1,
        '\u{A0}' => 1,
        _ => 2,
    }
}
