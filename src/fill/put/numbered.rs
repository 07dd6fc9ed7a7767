//! Numbered lines of a box in a document: each takes an entry of a list, and the last one those that are left, counted on.

use crate::fill::anatomy::glyphs::glyphs;
use crate::fill::anatomy::numbered::{counted, is_open, is_open_behind, number_of};
use crate::fill::put::cut_key::CutKey;
use crate::fill::put::cutter::Cutter;
use crate::ooxml::Element;

/// Between the key of a list and the number of the entry that is meant, from 0.
const ENTRY: char = '*';
/// Between that number and the manner in which further entries are counted.
const COUNTED: char = '/';

impl Cutter {
    /// Cuts the blanks behind the numbers.
    pub(super) fn numbered(&mut self, paragraphs: &[Element<'_>], list: &str, name: &str) {
        let all: Vec<_> = paragraphs.iter().map(|p| glyphs(*p)).collect();
        let mut found = Vec::new();
        for (p, glyphs) in all.iter().enumerate() {
            let mut start = 0;
            for line in glyphs.split_inclusive(|g| g.c == '\n') {
                let chars: Vec<char> = line.iter().map(|g| g.c).filter(|c| *c != '\n').collect();
                // words over the numbers say what is asked, and may begin with a number of their own
                let number = number_of(&chars).filter(|n| is_open_behind(&chars, n));
                if let Some(number) = number {
                    let open = chars.iter().skip(number.end).take_while(|c| is_open(**c));
                    let from = start + number.end;
                    found.push((p, from..from + open.count(), number.pattern));
                }
                start += line.len();
            }
        }
        let last = found.len().saturating_sub(1);
        for (n, (p, range, pattern)) in found.into_iter().enumerate() {
            let Some(glyphs) = all.get(p) else { continue };
            let key = match n == last {
                true => format!("{list}{ENTRY}{n}{COUNTED}{pattern}"),
                false => format!("{list}{ENTRY}{n}"),
            };
            let taken = glyphs.get(range.clone()).unwrap_or_default();
            let ruled = taken
                .iter()
                .any(|g| g.underlined || matches!(g.c, '_' | '＿'));
            let name = if n == 0 { name } else { "" };
            self.replace(glyphs, range, &CutKey::Field(key), name, ruled);
        }
    }
}

impl Cutter {
    /// Paragraphs that Word numbers by itself take an entry each, and the last one those that are left, each a numbered paragraph too.
    pub(super) fn counting(&mut self, paragraphs: &[Element<'_>], list: &str, name: &str) {
        let last = paragraphs.len().saturating_sub(1);
        for (n, paragraph) in paragraphs.iter().enumerate() {
            let key = match n == last {
                true => format!("{list}{ENTRY}{n}{COUNTED}"),
                false => format!("{list}{ENTRY}{n}"),
            };
            let name = if n == 0 { name } else { "" };
            self.block(*paragraph, &CutKey::Field(key), name);
        }
    }
}

/// The list of which a key means one entry.
pub(super) fn entry_of(key: &str) -> Option<(&str, &str)> {
    key.split_once(ENTRY)
}

/// An entry of a list that is written as lines, with those behind it where the key says how they are counted.
pub(super) fn entry(lines: &str, which: &str) -> String {
    let (nth, pattern) = match which.split_once(COUNTED) {
        Some((nth, pattern)) => (nth, Some(pattern)),
        None => (which, None),
    };
    let nth: usize = nth.parse().unwrap_or(0);
    let mut rest = lines.lines().skip(nth);
    let mut out = rest.next().unwrap_or_default().to_owned();
    for (line, n) in rest.zip(nth + 2..).take_while(|_| pattern.is_some()) {
        out.push('\n');
        out.push_str(&counted(pattern.unwrap_or_default(), n));
        out.push_str(line);
    }
    out
}
