//! The name that a mistyped word most likely means.

/// Longest word that is compared, in characters; longer ones are no names.
const MOST: usize = 40;

/// The nearest of some names, the first among equals; none where none is near.
pub(super) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(MOST + 1).collect();
    if word.is_empty() || word.len() > MOST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        let letters: Vec<char> = name.chars().take(MOST).collect();
        if !letters.iter().any(|c| word.contains(c)) {
            continue;
        }
        let distance = distance(&word, &letters);
        let contained = contains(&letters, &word) || contains(&word, &letters);
        let near = contained || distance * 2 <= letters.len().max(word.len());
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Whether one run of characters stands in another.
fn contains(whole: &[char], part: &[char]) -> bool {
    !part.is_empty() && whole.windows(part.len()).any(|w| w == part)
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            let changed = diagonal + usize::from(x != y);
            left = changed.min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
