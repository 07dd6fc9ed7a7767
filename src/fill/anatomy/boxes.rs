//! Tick boxes (方框) among the characters of a line, with the words that they stand for.

use std::ops::Range;

use crate::fill::anatomy::label::folded;

/// Whether a character is an empty tick box.
pub(in crate::fill) fn is_box(c: char) -> bool {
    matches!(c, '□' | '☐' | '▢' | '◻' | '❑' | '❏' | '○' | '◯' | '〇')
}

/// Whether a character is a ticked box.
pub(in crate::fill) fn is_ticked(c: char) -> bool {
    matches!(
        c,
        '☑' | '☒' | '■' | '●' | '√' | '✓' | '✔' | '◼' | '🗹' | '⊙' | '◉'
    )
}

/// A tick box when it is ticked.
pub(in crate::fill) fn ticked(c: char, style: char) -> char {
    match c {
        '○' | '〇' | '◯' => '●',
        _ => style,
    }
}

/// Tick boxes among characters in groups, a new one behind each label with its colon (性别：□男 □女　学历：□本科 □硕士): where the words
/// in front of each group begin, and its boxes.
pub(in crate::fill) fn groups(chars: &[char]) -> Vec<(usize, Vec<(usize, String)>)> {
    let mut groups: Vec<(usize, Vec<(usize, String)>)> = Vec::new();
    let mut last: Option<usize> = None;
    for (at, label) in boxes(chars) {
        let ahead = chars.get(last.map_or(0, |l| l + 1)..at).unwrap_or_default();
        let own = groups.last().and_then(|(_, all)| all.last());
        let words = own.map_or(0, |(_, label)| label.chars().count());
        let begins = last.map_or(0, |l| (l + 1 + words).min(at));
        match groups.last_mut() {
            Some((_, group)) if !ahead.iter().any(|c| matches!(c, '：' | ':')) => {
                group.push((at, label));
            }
            _ => groups.push((begins, vec![(at, label)])),
        }
        last = Some(at);
    }
    groups
}

/// The tick boxes that stand behind a label, where the characters hold several groups of them; else all.
pub(in crate::fill) fn boxes_of(chars: &[char], label: &str) -> Vec<(usize, String)> {
    let groups = groups(chars);
    let label = folded(label);
    let is_own = |(begins, boxes): &&(usize, Vec<(usize, String)>)| {
        let first = boxes.first().map_or(*begins, |b| b.0);
        let words: String = chars
            .get(*begins..first)
            .unwrap_or_default()
            .iter()
            .collect();
        !label.is_empty() && folded(&words).ends_with(&label)
    };
    let own = groups.iter().find(is_own).filter(|_| groups.len() > 1);
    own.map_or_else(|| boxes(chars), |(_, boxes)| boxes.clone())
}

/// Tick boxes among characters with the words that they stand for: those behind the box, or those before it where the words
/// come first (是□　否□).
pub(in crate::fill) fn boxes(chars: &[char]) -> Vec<(usize, String)> {
    let places: Vec<usize> = chars
        .iter()
        .enumerate()
        .filter(|(_, c)| is_box(**c) || is_ticked(**c))
        .map(|(n, _)| n)
        .collect();
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return Vec::new();
    };
    let words =
        |range: Range<usize>| -> String { chars.get(range).unwrap_or_default().iter().collect() };
    let ahead =
        !words(0..*first).trim().is_empty() && words(last + 1..chars.len()).trim().is_empty();
    let label = |n: usize, at: usize| {
        if ahead {
            let from = n
                .checked_sub(1)
                .and_then(|n| places.get(n))
                .map_or(0, |p| p + 1);
            let text = words(from..at);
            let text = text.rsplit(['：', ':']).next().unwrap_or("").to_owned();
            return text.trim().to_owned();
        }
        let to = places.get(n + 1).copied().unwrap_or(chars.len());
        let text = words(at + 1..to);
        let text = text.trim_start();
        // what follows behind a wide gap is another label
        let end = text
            .find("   ")
            .or_else(|| text.find("　　"))
            .unwrap_or(text.len());
        let text = text.get(..end).unwrap_or(text);
        // and so are the words in front of the next colon
        let text = match text.find(['：', ':']) {
            Some(colon) => {
                let ahead = text.get(..colon).unwrap_or_default();
                let parts = |c: char| c.is_whitespace() || matches!(c, '（' | '(');
                let gap = ahead.rfind(parts).unwrap_or(0);
                text.get(..gap).unwrap_or_default()
            }
            None => text,
        };
        text.trim_end_matches(['、', '，', ',', ';', '；', ' ', '　', '\n'])
            .trim()
            .to_owned()
    };
    places
        .iter()
        .enumerate()
        .map(|(n, at)| (*at, label(n, *at)))
        .collect()
}
