//! Blanks within a sentence (句中空格): what one asks is said by the words in front of it in its own clause, or by those right behind it
//! (　年　月出生, ＿＿（民族）), never by the next clause.

use crate::fill::anatomy::place::Take;
use crate::fill::bind::finder::PlaceFinder;

use super::slots::{Slot, last_words};

/// How sure a blank is whose words stand behind it in brackets, or say 出生 behind 年 月.
const BEHIND: f32 = 0.85;
/// How sure it is where those words may go on with something else.
const GUESSED: f32 = 0.8;

impl PlaceFinder<'_> {
    /// What a blank of a sentence asks, and how sure that is at most; none where the words in front of it say all.
    pub(super) fn in_sentence(&self, slot: &Slot, text: &str) -> Option<(String, f32)> {
        if slot.take == Take::Ticks || slot.take == Take::Line && !slot.drawn {
            return None;
        }
        let words = last_words(&slot.label);
        let known = |text: &str| self.lexicon.person(text).is_some_and(|m| m.sure > 0.8);
        let own = known(words) || self.lexicon.unit(words).is_some_and(|m| m.sure > 0.8);
        if words.ends_with("现任") {
            return Some(match known(&slot.behind) {
                true => (slot.behind.clone(), 0.9),
                false => ("现任职务".to_owned(), GUESSED),
            });
        }
        if !own && let Some(found) = self.said_behind(slot, text) {
            return Some(found);
        }
        let clauses = words.len() < slot.label.trim().len() && !words.is_empty();
        (clauses && slot.label.contains(['，', ',', '；', ';', '。']))
            .then(|| (words.to_owned(), 1.0))
    }

    /// What the words behind a blank say that it asks.
    fn said_behind(&self, slot: &Slot, text: &str) -> Option<(String, f32)> {
        if slot.take == Take::Date {
            // without words in front of it the blank is found by its 年, which must be the first
            let first = !text.chars().take(slot.start).any(|c| c == '年');
            let born = ["出生", "生"].contains(&slot.behind.as_str());
            return (born && (first || !slot.label.is_empty()))
                .then(|| ("出生年月".to_owned(), BEHIND));
        }
        let known = self.lexicon.person(&slot.behind).filter(|m| m.sure > 0.8);
        if known.is_some() {
            let bracket = text.contains(&format!("（{}）", slot.behind))
                || text.contains(&format!("({})", slot.behind));
            return Some((slot.behind.clone(), if bracket { BEHIND } else { GUESSED }));
        }
        match slot.behind.as_str() {
            "族" => Some(("民族".to_owned(), GUESSED)),
            "同志" => Some(("姓名".to_owned(), GUESSED)),
            _ => None,
        }
    }
}
