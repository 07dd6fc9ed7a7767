//! A person (个人) as erasing and finding know one: the names and numbers in all versions of a record, and which of them are this
//! person's alone.

use std::collections::BTreeSet;

use crate::receipt::Filed;
use crate::store::Words;

use crate::clerk::error::ClerkError;
use crate::clerk::office::Office;

/// Fewest digits of a text that is taken for a number of a person; dates have eight.
const DIGITS: usize = 10;
/// Longest text that may be a number or an address.
const LONGEST: usize = 40;

/// Names and numbers of one person.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    /// All of them.
    pub(super) words: Words,
    /// Those that no other record bears: two people may be called alike, and colleagues share a telephone.
    pub(super) alone: Words,
    /// References of other records that bear one of them.
    pub(super) others: Vec<[u8; 8]>,
}

impl Office<'_> {
    /// The person of a record; empty where its contents are gone.
    pub(super) fn person(&mut self, reference: [u8; 8]) -> Result<Person, ClerkError> {
        let Some(filed) = self.ledger.filed(reference)? else {
            return Ok(Person::default());
        };
        let mut names = BTreeSet::new();
        let mut numbers = BTreeSet::new();
        for version in 1..=filed.latest {
            let Some(contents) = self.ledger.contents(reference, version)? else {
                continue;
            };
            for (key, value) in &contents.values {
                if key == "name" {
                    names.insert(value.clone());
                } else if !key.starts_with("unit.") {
                    numbers.extend(
                        value
                            .split('、')
                            .filter(|t| is_number(t))
                            .map(str::to_owned),
                    );
                }
            }
        }
        if names.is_empty() {
            return Ok(Person::default());
        }
        let mut others = BTreeSet::new();
        let mut alone = Vec::new();
        for word in names.iter().chain(&numbers) {
            let mut bearers = self.ledger.find(word)?;
            bearers.extend(self.ledger.find_name(word)?);
            bearers.retain(|(of, _)| *of != reference);
            if bearers.is_empty() {
                alone.push(word.as_str());
            }
            others.extend(bearers.into_iter().map(|(of, _)| of));
        }
        Ok(Person {
            words: Words::of(names.iter().chain(&numbers).map(String::as_str)),
            alone: Words::of(alone),
            others: others.into_iter().collect(),
        })
    }

    /// Whether words stand in the latest contents of a record.
    pub(super) fn told_in(&mut self, filed: &Filed, words: &Words) -> Result<bool, ClerkError> {
        let contents = self.ledger.contents(filed.reference, filed.latest)?;
        Ok(contents.is_some_and(|c| c.values.values().any(|v| words.stand_in(v))))
    }
}

/// Whether a text is a number of a person, or an address of electronic mail.
fn is_number(text: &str) -> bool {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain =
        |c: char| c.is_ascii_digit() || matches!(c, 'x' | 'X' | '+' | '(' | ')' | '-' | ' ');
    text.len() <= LONGEST
        && (digits >= DIGITS && text.chars().all(plain)
            || text.contains('@') && !text.contains(char::is_whitespace))
}
