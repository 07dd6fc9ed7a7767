//! Words that lines of forms are not broken in (词间断行): an office's name breaks as 示例市｜虚拟｜地质环境｜监测院, a title as
//! 推荐｜人选｜汇总表. A campaign's code lists are words, and so are the lines of `templates/lists/words.txt` and of a campaign's own
//! `words.txt`. What the list does not know may be broken anywhere.

use std::collections::BTreeSet;

/// Longest word that is looked for, in characters.
const LONGEST: usize = 12;

/// A list of words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordList {
    words: BTreeSet<Box<[char]>>,
    /// Characters that belong to the word before them, such as 院 and 站.
    behind: BTreeSet<char>,
    /// Characters that belong to the word behind them, such as 副.
    before: BTreeSet<char>,
}

impl WordList {
    /// Adds one word; words of one character, and those that are longer than twelve, are no help and are left out.
    pub fn add(&mut self, word: &str) {
        let chars: Box<[char]> = word.chars().collect();
        if (2..=LONGEST).contains(&chars.len()) {
            self.words.insert(chars);
        }
    }

    /// Adds the words of a text: those of a line are parted by spaces, `-院` belongs to the word before it, `副-` to the one behind it,
    /// and what stands behind `#` is for people.
    pub fn read(&mut self, text: &str) {
        for line in text.lines() {
            let words = line.split('#').next().unwrap_or_default();
            for word in words.split_whitespace() {
                let mut chars = word.chars();
                match (chars.next(), chars.next(), chars.next()) {
                    (Some('-'), Some(ch), None) => {
                        self.behind.insert(ch);
                    }
                    (Some(ch), Some('-'), None) => {
                        self.before.insert(ch);
                    }
                    _ => self.add(word),
                }
            }
        }
    }

    /// For each character, how deep within words it stands: 0 where a line may begin with it, 1 where a long word made of others has a
    /// joint (中共|预备党员), 2 where no line should.
    pub fn depths(&self, text: &[char]) -> Vec<u8> {
        let mut depths = vec![0; text.len()];
        for word in self.words_of(text, LONGEST) {
            let inner = text.get(word.start..word.end).unwrap_or_default();
            let joints = self.words_of(inner, inner.len().saturating_sub(1));
            for (n, place) in depths
                .iter_mut()
                .enumerate()
                .take(word.end)
                .skip(word.start + 1)
            {
                // a joint is where a shorter word of the list begins or ends
                let at = n - word.start;
                let edge = |part: &Word| part.start == at || part.end == at;
                let cut = |part: &Word| part.known && part.start < at && at < part.end;
                let joint =
                    joints.iter().any(|part| part.known && edge(part)) && !joints.iter().any(cut);
                *place = if joint { 1 } else { 2 };
            }
            if word.joins
                && let Some(place) = depths.get_mut(word.start)
            {
                *place = 2;
            }
        }
        depths
    }

    /// A text read as words of at most so many characters: of all ways that one which covers most of it with the longest words.
    fn words_of(&self, text: &[char], longest: usize) -> Vec<Word> {
        let count = text.len();
        // the best reading of the rest from each place: its worth, and the length of its first word
        let mut best: Vec<(usize, usize)> = vec![(0, 1); count + 1];
        for start in (0..count).rev() {
            let rest = |length: usize| best.get(start + length).map_or(0, |(worth, _)| *worth);
            let mut here = (rest(1), 1);
            for length in 2..=longest.min(count - start) {
                let Some(word) = text.get(start..start + length) else {
                    break;
                };
                if self.words.contains(word) {
                    let worth = rest(length) + length * length;
                    if worth > here.0 {
                        here = (worth, length);
                    }
                }
            }
            if let Some(place) = best.get_mut(start) {
                *place = here;
            }
        }
        let mut words: Vec<Word> = Vec::new();
        let mut start = 0;
        while start < count {
            let end = start + best.get(start).map_or(1, |(_, length)| *length);
            let known = end - start > 1;
            let ch = text.get(start).copied().unwrap_or_default();
            let joins = words.last().is_some_and(|last| match (last.known, known) {
                (true, false) => self.behind.contains(&ch),
                (false, true) => text
                    .get(last.start)
                    .is_some_and(|c| self.before.contains(c)),
                _ => false,
            });
            words.push(Word {
                start,
                end,
                known,
                joins,
            });
            start = end;
        }
        words
    }
}

/// A word of a text, or a character that is in none.
struct Word {
    start: usize,
    end: usize,
    /// Whether the list has it.
    known: bool,
    /// Whether it belongs to the one before it.
    joins: bool,
}
