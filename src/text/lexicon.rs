//! Words that lines of forms are not broken in (词间断行): an office's name breaks as 示例市｜虚拟｜地质环境｜监测院, a title as
//! 推荐｜人选｜汇总表. Ordinary words come from the Chinese dictionary of ICU; what belongs together beyond them are a campaign's code
//! lists, the lines of `templates/lists/words.txt` and those of a campaign's own `words.txt`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

/// Longest word that is looked for, in characters.
const LONGEST: usize = 12;

/// Words of one character that join others: a line may end or begin with them.
const JOINING: &str = "的之与和及或并在是为从对向被把将由以于按至到";

/// Finds ordinary words; its dictionary is part of the program.
static ORDINARY: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

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
    /// joint (中共|预备党员) and within what is probably a name that no dictionary has (曹|妃|甸), 2 at a joint of such a part
    /// (正高级|工程师), 3 where no line should begin.
    pub fn depths(&self, text: &[char]) -> Vec<u8> {
        let mut depths = vec![0; text.len()];
        let ordinary = ordinary(text);
        let words = self.words_of(text, 0, &ordinary, LONGEST);
        for word in &words {
            self.joints(text, word, &ordinary, &mut depths);
            if word.joins
                && let Some(place) = depths.get_mut(word.start)
            {
                *place = 3;
            }
        }
        let lone = |word: &Word| {
            let ch = text.get(word.start).copied().unwrap_or_default();
            !word.known && ch.is_alphabetic() && !ch.is_ascii() && !JOINING.contains(ch)
        };
        for pair in words.windows(2) {
            if let [before, after] = pair
                && lone(before)
                && lone(after)
                && let Some(place) = depths.get_mut(after.start)
            {
                *place = (*place).max(1);
            }
        }
        depths
    }

    /// How deep each place within a word is. A joint has words on both sides: those that cover most of it, or any others.
    fn joints(
        &self,
        text: &[char],
        word: &Word,
        ordinary: &BTreeSet<(usize, usize)>,
        depths: &mut [u8],
    ) {
        let inner = text.get(word.start..word.end).unwrap_or_default();
        let longest = inner.len().saturating_sub(1);
        let parts = self.words_of(inner, word.start, ordinary, longest);
        let edge = |at: usize| {
            let before = parts.iter().find(|part| part.end == at);
            let after = parts.iter().find(|part| part.start == at);
            before.zip(after).is_some_and(|(a, b)| a.known && b.known)
        };
        let is_word = |from: usize, to: usize| {
            let known = inner.get(from..to).is_some_and(|w| self.words.contains(w));
            known || ordinary.contains(&(word.start + from, word.start + to))
        };
        for at in 1..inner.len() {
            let depth = if edge(at) {
                1
            } else if (0..at).any(|from| from + 1 < at && is_word(from, at))
                && (at + 2..=inner.len()).any(|to| is_word(at, to))
            {
                2
            } else {
                3
            };
            if let Some(place) = depths.get_mut(word.start + at) {
                *place = depth;
            }
        }
    }

    /// A text read as words of at most so many characters: of all ways that one which covers most of it with the longest words. The
    /// text begins at `from` of that in which the ordinary words were found.
    fn words_of(
        &self,
        text: &[char],
        from: usize,
        ordinary: &BTreeSet<(usize, usize)>,
        longest: usize,
    ) -> Vec<Word> {
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
                let begin = from + start;
                if self.words.contains(word) || ordinary.contains(&(begin, begin + length)) {
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

/// The ordinary words of a text, of two characters and more: from which character to which.
fn ordinary(text: &[char]) -> BTreeSet<(usize, usize)> {
    let whole: String = text.iter().collect();
    let mut words = BTreeSet::new();
    let (mut at, mut last) = (0, 0);
    for end in ORDINARY.segment_str(&whole) {
        let length = whole.get(last..end).map_or(0, |word| word.chars().count());
        if length > 1 {
            words.insert((at, at + length));
        }
        at += length;
        last = end;
    }
    words
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
