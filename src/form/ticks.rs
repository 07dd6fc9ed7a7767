//! Tick boxes as lines of text: paper and documents have them in the same columns.

use super::Tick;

/// Tick boxes with their words in lines of so many full characters: in columns, as many as most words have room for.
pub(crate) fn tick_lines(ticks: &[Tick], across: usize) -> Vec<String> {
    let word = |tick: &Tick| format!("{}{}", if tick.on { '☑' } else { '☐' }, tick.label);
    let words: Vec<String> = ticks.iter().map(word).collect();
    let long = |word: &str| word.chars().count();
    // the column is as wide as most words are
    let mut widths: Vec<usize> = words.iter().map(|w| long(w)).collect();
    widths.sort_unstable();
    let column = widths
        .get(widths.len().saturating_sub(1) * 3 / 4)
        .copied()
        .unwrap_or(1)
        + 2;
    let columns = ((across + 2) / column).max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut used = columns;
    for word in words {
        let takes = (long(&word) + 2).div_ceil(column);
        if used + takes > columns {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            while long(line) < used * column {
                line.push('\u{3000}');
            }
            line.push_str(&word);
        }
        used += takes;
    }
    lines
}
