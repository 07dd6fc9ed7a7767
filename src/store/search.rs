//! Searching (查找文字): whether words stand in a file, however it holds them: as UTF-8, UTF-16 or GB 18030, escaped in JSON or XML, cut up
//! by tags, and inside zips, which workbooks and documents are.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Zips in zips that are looked into.
const DEPTH: usize = 3;

/// Most bytes of one file of a zip that are looked at.
const MOST: u64 = 256 << 20;

/// Bytes of a picture or video that are looked at.
const HEAD: usize = 64 << 10;

/// Shortest word that is looked for, in characters: a single one stands everywhere.
const SHORTEST: usize = 2;

/// Words that are looked for.
#[derive(Clone, Debug, Default)]
pub struct Words {
    words: Vec<String>,
    forms: Vec<Vec<u8>>,
}

impl Words {
    /// The words, but for those that are too short to be told from others.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut kept = Self::default();
        for word in words {
            let tight = tight(word);
            if tight.chars().count() >= SHORTEST {
                // as it was written, and as another hand would write it
                kept.forms.extend(forms(word.trim()));
                kept.forms.extend(forms(&tight));
                kept.words.push(tight);
            }
        }
        kept.forms.sort();
        kept.forms.dedup();
        kept
    }

    /// More words.
    pub fn extend(&mut self, more: Self) {
        self.words.extend(more.words);
        self.forms.extend(more.forms);
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether one of them stands in a text, however it is spaced.
    pub fn stand_in(&self, text: &str) -> bool {
        let text = tight(text);
        self.words.iter().any(|word| text.contains(word))
    }

    /// Whether one of them stands in a file.
    pub fn stand_in_file(&self, bytes: &[u8]) -> bool {
        !self.is_empty() && self.look(bytes, DEPTH)
    }

    fn look(&self, bytes: &[u8], depth: usize) -> bool {
        if bytes.starts_with(b"PK") {
            return depth > 0 && self.look_into(bytes, depth - 1);
        }
        let bytes = match is_picture(bytes) {
            // words about a picture stand at its head
            true => bytes.get(..HEAD).unwrap_or(bytes),
            false => bytes,
        };
        if self.found(bytes) {
            return true;
        }
        // a name that is partly bold stands in pieces
        let head = bytes.get(..512).unwrap_or(bytes);
        let marked_up = head.contains(&b'<') && head.contains(&b'>');
        marked_up && self.stand_in(&without_tags(&String::from_utf8_lossy(bytes)))
    }

    /// Whether one of the forms stands in bytes, which are gone through once.
    fn found(&self, bytes: &[u8]) -> bool {
        let mut first = [false; 256];
        for byte in self.forms.iter().filter_map(|form| form.first()) {
            if let Some(slot) = first.get_mut(usize::from(*byte)) {
                *slot = true;
            }
        }
        let begins = |byte: &u8| first.get(usize::from(*byte)).copied().unwrap_or(false);
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(begins) {
            rest = rest.get(at..).unwrap_or_default();
            if self.forms.iter().any(|form| rest.starts_with(form)) {
                return true;
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        false
    }

    fn look_into(&self, bytes: &[u8], depth: usize) -> bool {
        let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else {
            return false;
        };
        for n in 0..zip.len() {
            let Ok(entry) = zip.by_index(n) else { continue };
            let name = entry
                .name()
                .map(|name| name.into_owned())
                .unwrap_or_default();
            if self.stand_in(&name) {
                return true;
            }
            // what is sealed tells nothing
            if name.starts_with("objects/") {
                continue;
            }
            let mut inside = Vec::new();
            // what cannot be read to its end is looked at as far as it goes
            let _ = entry.take(MOST).read_to_end(&mut inside);
            if self.look(&inside, depth) {
                return true;
            }
        }
        false
    }
}

/// Whether a file is a picture or a video.
fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8])
        || bytes.starts_with(b"\x89PNG")
        || bytes.get(4..8) == Some(b"ftyp")
}

/// A text without spaces and the dashes that numbers are grouped with, full-width folded, in capitals.
fn tight(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | '—' | '\u{feff}'))
        .flat_map(char::to_uppercase)
        .collect()
}

/// A word as files hold it; letters in either case.
fn forms(word: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for word in [word.to_owned(), word.to_lowercase()] {
        let units: Vec<u16> = word.encode_utf16().collect();
        let escaped = |format: fn(u16) -> String| -> Vec<u8> {
            let text: String = word
                .chars()
                .map(|c| match c.is_ascii() {
                    true => c.to_string(),
                    false => {
                        let mut pair = [0; 2];
                        c.encode_utf16(&mut pair)
                            .iter()
                            .map(|u| format(*u))
                            .collect()
                    }
                })
                .collect();
            text.into_bytes()
        };
        all.push(word.clone().into_bytes());
        all.push(units.iter().flat_map(|u| u.to_le_bytes()).collect());
        all.push(units.iter().flat_map(|u| u.to_be_bytes()).collect());
        all.push(encoding_rs::GB18030.encode(&word).0.into_owned());
        all.push(escaped(|u| format!("\\u{u:04x}")));
        all.push(escaped(|u| format!("\\u{u:04X}")));
        all.push(escaped(|u| format!("&#{u};")));
        all.push(escaped(|u| format!("&#x{u:x};")));
        all.push(escaped(|u| format!("&#x{u:X};")));
    }
    all.sort();
    all.dedup();
    all
}

fn without_tags(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .filter(|c| {
            let tag = inside || *c == '<';
            match c {
                '<' => inside = true,
                '>' => inside = false,
                _ => {}
            }
            !tag
        })
        .collect()
}
