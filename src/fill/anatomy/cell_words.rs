//! The words of a cell in a sheet around what goes in or went in: in front of it a label, on both sides of what stood between braces.

use crate::fill::anatomy::label::folded;

/// In the label of a prepared place of a sheet: between the words of the cell beside it and its own.
pub(in crate::fill) const BESIDE: char = '\t';

/// What a text with placeholders is made of.
pub(in crate::fill) enum Piece<'t> {
    Text(&'t str),
    Key(&'t str),
}

pub(in crate::fill) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((key, behind)) = behind.split_once("}}") else {
            break;
        };
        out.push(Piece::Text(before));
        out.push(Piece::Key(key.trim()));
        rest = behind;
    }
    out.push(Piece::Text(rest));
    out
}

/// What stands in a cell where its placeholder stood: `{{key}}` of a text that is known, in a text that was filled in. None where
/// the words around it are other ones now.
pub(in crate::fill) fn placed(template: &str, key: &str, text: &str) -> Option<String> {
    let mut rest = text;
    let mut wanted: Option<bool> = None;
    let mut found = None;
    let all = pieces(template);
    let last = all.len() - 1;
    for (n, piece) in all.into_iter().enumerate() {
        match piece {
            Piece::Key(word) if word.starts_with(['#', '/', '@']) => {}
            Piece::Key(word) => wanted = Some(means(word, key)),
            Piece::Text("") if n < last => {}
            Piece::Text(words) => {
                let at = match wanted {
                    // the last words are looked for from the end
                    Some(_) if n == last => rest.strip_suffix(words).map(str::len),
                    Some(_) => rest.find(words),
                    None => rest.starts_with(words).then_some(0),
                }?;
                if wanted == Some(true) {
                    found = rest.get(..at);
                }
                wanted = None;
                rest = rest.get(at + words.len()..)?;
            }
        }
    }
    Some(found?.trim().to_owned())
}

/// Whether a word between braces means a key: `span` stands for `resume.span` between `{{#resume}}` and `{{/resume}}`.
fn means(word: &str, key: &str) -> bool {
    word == key || key.split_once('.').is_some_and(|(_, field)| field == word)
}

/// The number of the first character behind a label; 0 where there is none or it is not there.
pub(in crate::fill) fn behind_words(text: &str, label: &str) -> usize {
    if folded(label).is_empty() {
        return 0;
    }
    behind(&text.chars().collect::<Vec<char>>(), label)
}

/// The number of the first character behind a label and its colon; behind the first colon where there is no label.
pub(in crate::fill) fn behind(chars: &[char], label: &str) -> usize {
    let label: Vec<char> = folded(label).chars().collect();
    let letters: Vec<(usize, char)> = chars
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, c)| c.is_alphanumeric())
        .collect();
    let last = if label.is_empty() {
        chars.iter().position(|c| matches!(c, '：' | ':'))
    } else {
        letters
            .windows(label.len())
            .find(|w| w.iter().map(|l| l.1).eq(label.iter().copied()))
            .and_then(<[_]>::last)
            .map(|l| l.0)
    };
    last.map_or(0, |last| {
        let rest = chars.get(last + 1..).unwrap_or_default();
        last + 1 + rest.iter().take_while(|c| "：:）)".contains(**c)).count()
    })
}
