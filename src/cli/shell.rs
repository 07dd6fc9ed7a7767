//! Paths in the commands that we suggest: they can be copied into a shell as they stand.

use std::path::Path;

/// A path as a word of a shell: in quotes where it has characters that a shell takes apart.
pub(crate) fn path(path: &Path) -> String {
    let text = path.to_string_lossy();
    match text.starts_with('-') {
        // what begins with a dash would be an option
        true => word(&format!("./{text}")),
        false => word(&text),
    }
}

/// A word of a shell: as it is, or in quotes.
pub(crate) fn word(text: &str) -> String {
    let plain = |c: char| match c.is_ascii() {
        true => c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c),
        // letters of any script; blanks and signs beyond ASCII are quoted for the reader's sake
        false => c.is_alphanumeric(),
    };
    match !text.is_empty() && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}
