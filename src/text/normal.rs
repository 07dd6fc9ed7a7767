//! One normal form for texts, and the characters that must not stay in them.
//! Names have further rules, in `name`; digits and letters of numbers are folded with `width`.

use unicode_normalization::UnicodeNormalization;

use super::tables::{GBK_PUA, RADICALS};

/// Why a character must not stay in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Private use area (私用区): what it shows depends on the font. With the likely character, where old fonts agree.
    Pua(Option<char>),
    /// A radical (部首字符) out of U+2E80 to U+2FD5 that looks like the given ideograph.
    Radical(char),
    /// A compatibility ideograph (兼容汉字) of the given unified ideograph.
    Compatibility(char),
    /// A character that shows nothing: zero-width, direction mark, variation selector.
    Invisible,
    /// A control character other than a line end or tab.
    Control,
    /// U+FFFD or a non-character: something was lost in conversion.
    Replacement,
    /// A description of a character (⿰ …) instead of the character.
    Ids,
}

/// One line in normal form: NFC, no control or invisible characters, no odd spaces, trimmed; tabs become one space, and so do
/// line ends, but between Chinese characters nothing stands in their place. Compatibility ideographs stay, so that [`mend`] can report them.
pub fn clean_line(text: &str) -> String {
    let cleaned = clean_text(text);
    let mut out = String::with_capacity(cleaned.len());
    for line in cleaned.lines().map(str::trim) {
        let ends = [out.chars().next_back(), line.chars().next()];
        if !out.is_empty() && !ends.into_iter().flatten().all(is_wide) {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// Whether a character is one of those that Chinese writes without blanks between: ideographs, their punctuation, full-width forms.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{303F}' | '\u{31C0}'..='\u{31EF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}' | '·' | '“' | '”' | '‘' | '’' | '…' | '—')
}

/// Paragraphs in normal form: as [`clean_line`], but lines stay apart with `\n`, without blanks at their ends,
/// without typed indents and without empty lines.
pub fn clean_text(text: &str) -> String {
    let unified = text.replace("\r\n", "\n");
    let kept: String = unified.chars().filter_map(clean_char).collect();
    let composed = compose(&kept);
    let lines: Vec<&str> = composed
        .split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

/// A character as it may stand in a text: line ends become `\n`, odd spaces a space; none where it is dropped.
fn clean_char(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        // pasted text is full of them; no font has one
        '\t' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => {
            Some(' ')
        }
        _ if c.is_control() || is_invisible(c) => None,
        _ => Some(c),
    }
}

/// NFC, except that compatibility ideographs stay what they are.
fn compose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, c)) = rest
        .char_indices()
        .find(|(_, c)| is_compatibility_block(*c))
    {
        let (before, after) = rest.split_at(at);
        out.extend(before.nfc());
        out.push(c);
        rest = after.get(c.len_utf8()..).unwrap_or_default();
    }
    out.extend(rest.nfc());
    out
}

/// The blocks of compatibility ideographs.
fn is_compatibility_block(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

/// Whether a character shows nothing and is not a space.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// What is wrong with one character; none for a sound one.
fn trouble(c: char) -> Option<Trouble> {
    match c {
        '\n' | '\t' => None,
        _ if c.is_control() => Some(Trouble::Control),
        _ if is_invisible(c) => Some(Trouble::Invisible),
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}' => {
            Some(Trouble::Pua(look_up(&GBK_PUA, c)))
        }
        '\u{FFFD}' => Some(Trouble::Replacement),
        _ if u32::from(c) & 0xFFFE == 0xFFFE || ('\u{FDD0}'..='\u{FDEF}').contains(&c) => {
            Some(Trouble::Replacement)
        }
        '\u{2FF0}'..='\u{2FFF}' | '\u{31EF}' | '\u{303E}' => Some(Trouble::Ids),
        '\u{2E80}'..='\u{2FD5}' => radical(c).map(Trouble::Radical),
        _ if is_compatibility_block(c) => {
            let unified = std::iter::once(c).nfc().next().unwrap_or(c);
            (unified != c).then_some(Trouble::Compatibility(unified))
        }
        _ => None,
    }
}

/// The ideograph a radical looks like. Two Kangxi radicals decompose to shapes of Taiwan; on a mainland page
/// the mainland shapes are meant (⼾ is what a PDF gives for 户, ⾭ for 青).
fn radical(c: char) -> Option<char> {
    match c {
        '\u{2F3E}' => Some('户'),
        '\u{2FAD}' => Some('青'),
        '\u{2F00}'..='\u{2FD5}' => std::iter::once(c).nfkc().next().filter(|u| *u != c),
        _ => look_up(&RADICALS, c),
    }
}

/// The second of the pair whose first is `c`, in a table in order.
fn look_up(table: &[(char, char)], c: char) -> Option<char> {
    let at = table.binary_search_by_key(&c, |pair| pair.0).ok()?;
    table.get(at).map(|pair| pair.1)
}

/// Every character that must not stay, with its index in characters (from 0).
pub fn troubles(text: &str) -> Vec<(usize, char, Trouble)> {
    if text.is_ascii() && !text.bytes().any(|b| b < 0x20 || b == 0x7F) {
        return Vec::new();
    }
    text.chars()
        .enumerate()
        .filter_map(|(at, c)| trouble(c).map(|t| (at, c, t)))
        .collect()
}

/// The text with radicals and compatibility ideographs replaced by the ideographs they stand for, and each change
/// as (index in characters from 0, was, is). Characters of the private use area are never changed: [`troubles`]
/// suggests, a person decides.
pub fn mend(text: &str) -> (String, Vec<(usize, char, char)>) {
    let mut changes = Vec::new();
    let mended = text
        .chars()
        .enumerate()
        .map(|(at, c)| match trouble(c) {
            Some(Trouble::Radical(is) | Trouble::Compatibility(is)) => {
                changes.push((at, c, is));
                is
            }
            _ => c,
        })
        .collect();
    (mended, changes)
}
