//! A veil over a line that a person typed (遮盖): its length and kind stay, so that a clerk knows it again; no number, address or name
//! can be read from it.

/// A line with its middle hidden. Of all its digits together the first two and last two stay where there are more than ten, the
/// first and the last of five to ten, fewer as they are; of its Chinese characters the first, of its other letters the first.
/// What was veiled once stays as it is.
pub fn veiled(text: &str) -> String {
    let digits = text
        .chars()
        .filter(|&c| c.is_numeric() && !is_han(c))
        .count();
    let (front, back) = match digits {
        0..=4 => (digits, 0),
        5..=10 => (1, 1),
        _ => (2, 2),
    };
    let (mut seen, mut han, mut letters) = (0, 0, 0);
    let veil = |c: char| {
        if is_han(c) {
            han += 1;
            if han == 1 { c } else { '＊' }
        } else if c.is_numeric() {
            seen += 1;
            if seen <= front || seen + back > digits {
                c
            } else {
                '*'
            }
        } else if c.is_alphabetic() {
            letters += 1;
            if letters == 1 { c } else { '*' }
        } else {
            c
        }
    };
    text.chars().map(veil).collect()
}

/// Whether a character is a Chinese one, numbers among them.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
