//! Counting characters (字数).

use super::width::char_width;

/// Characters as notices count them: code points without white space, punctuation included.
pub fn count_chars(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// Words as office programs count 字数: each full-width character is one, each run of half-width ones is one.
pub fn count_words(text: &str) -> usize {
    let mut words = 0;
    let mut in_run = false;
    for c in text.chars() {
        if c.is_whitespace() {
            in_run = false;
        } else if char_width(c) == 2 {
            words += 1;
            in_run = false;
        } else if char_width(c) == 1 && !in_run {
            words += 1;
            in_run = true;
        }
    }
    words
}
