//! The candidates by what names of files may call them: name, id number, the name that the workbook gives to the id photo, the
//! campaign's pattern. The longest name wins; what tells namesakes apart is id number, telephone, employer, sex, place in the list.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Campaign, Kind, PhotoNames};

use super::file_name::{file_part, folded, has_ending, rest, stem, tokens};
use super::{Attachment, Entry, Submission};

/// Characters that may stand alone beside a name of two characters without making it a longer one.
const SINGLE: &str = "男女照图甲乙丙丁一二三四五六七八九十与和及";
/// Shortest text, other than a name, by which a file may call somebody.
const SHORTEST_KEY: usize = 3;
/// Fewest characters of an id number by which a file tells one of two namesakes.
const SHORTEST_TAIL: usize = 4;

/// All candidates.
pub(super) struct People<'a> {
    campaign: &'a Campaign,
    submission: &'a Submission,
    names: PhotoNames,
    /// Candidates by key, and the lengths that keys have, in characters.
    keys: BTreeMap<String, BTreeSet<usize>>,
    lengths: BTreeSet<usize>,
    /// The names of all.
    called: BTreeSet<String>,
    /// The first in the list who is the same person.
    first: Vec<usize>,
}

/// A candidate's text for a word in the braces of a campaign's [`crate::campaign::NamePattern`]; blanks in a name do not count.
pub fn pattern_value(
    campaign: &Campaign,
    submission: &Submission,
    index: usize,
    key: &str,
) -> String {
    let Some(entry) = submission.candidates.get(index) else {
        return String::new();
    };
    match key {
        "name" => {
            let name = entry.text("name").chars();
            name.filter(|c| !c.is_whitespace()).collect()
        }
        "no" => (index + 1).to_string(),
        "unit" => submission.unit.text("name").to_owned(),
        "id_tail" => {
            let id = id_of(campaign, submission, index);
            let skip = id.chars().count().saturating_sub(4);
            id.chars().skip(skip).collect()
        }
        key => entry.text(key).to_owned(),
    }
}

/// A candidate's id number as it was written.
fn id_of<'a>(campaign: &Campaign, submission: &'a Submission, index: usize) -> &'a str {
    let sheet = campaign.candidate_sheet();
    let field = sheet.and_then(|s| s.fields.iter().find(|f| f.kind == Kind::IdNo));
    let entry = submission.candidates.get(index);
    field
        .zip(entry)
        .map_or("", |(field, entry)| entry.text(&field.key))
}

/// Whom a file's path names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Candidates, ascending; several where it fits several.
    pub(super) who: Vec<usize>,
    /// Whose name is a part of what looks like a longer name.
    pub(super) near: Option<usize>,
    /// What is left of the stem without names of persons.
    pub(super) left: String,
    /// Whether a folder told whose it is.
    pub(super) by_folder: bool,
}

/// What one part of a path says.
#[derive(Default)]
struct Part {
    who: BTreeSet<usize>,
    near: Option<usize>,
    left: String,
}

impl<'a> People<'a> {
    /// The candidates of a submission.
    pub(super) fn new(campaign: &'a Campaign, submission: &'a Submission) -> Self {
        let mut people = Self {
            campaign,
            submission,
            names: campaign.photo_names(),
            keys: BTreeMap::new(),
            lengths: BTreeSet::new(),
            called: BTreeSet::new(),
            first: Vec::new(),
        };
        let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
        for (index, entry) in submission.candidates.iter().enumerate() {
            let id = people.id_of(index);
            let first = match id.as_str() {
                "" => index,
                _ => *seen
                    .entry((folded(entry.text("name")), id))
                    .or_insert(index),
            };
            people.first.push(first);
            if first == index {
                people.enter(index, entry);
            }
        }
        people.called = people.keys.keys().cloned().collect();
        for (index, entry) in submission.candidates.iter().enumerate() {
            if people.first(index) == index {
                people.enter_others(index, entry);
            }
        }
        people
    }

    /// The first candidate of the list who is the same person.
    pub(super) fn first(&self, index: usize) -> usize {
        self.first.get(index).copied().unwrap_or(index)
    }

    fn value(&self, index: usize, key: &str) -> String {
        pattern_value(self.campaign, self.submission, index, key)
    }

    /// The stem that the campaign wants of an id photo, and of the work photo of a number.
    pub(super) fn wanted(&self, index: usize, number: Option<usize>) -> String {
        let value = |key: &str| self.value(index, key);
        match number {
            None => self.names.id_photo.fill(None, &value),
            Some(_) => self.names.work_photo.fill(number, &value),
        }
    }

    /// What stands before and behind the number in the campaign's name of a work photo, folded.
    pub(super) fn around_number(&self, index: usize) -> Option<(String, String)> {
        let value = |key: &str| self.value(index, key);
        let filled = self.names.work_photo.fill(None, &value);
        let (before, behind) = filled.split_once("{n}")?;
        Some((folded(before), folded(behind)))
    }

    /// Whether another candidate has the same name.
    pub(super) fn has_namesake(&self, index: usize) -> bool {
        let name = folded(&self.value(index, "name"));
        self.keys.get(&name).is_some_and(|who| who.len() > 1)
    }

    fn id_of(&self, index: usize) -> String {
        folded(id_of(self.campaign, self.submission, index))
    }

    /// Enters a candidate's name.
    fn enter(&mut self, index: usize, entry: &Entry) {
        let name = folded(entry.text("name"));
        if name.contains('·') {
            for dot in ["", ".", "-", "_"] {
                self.key(name.replace('·', dot), index);
            }
        }
        self.key(name, index);
    }

    /// Enters what else may call a candidate, as far as it is nobody's name.
    fn enter_others(&mut self, index: usize, entry: &Entry) {
        let name = folded(entry.text("name"));
        let mut others = vec![self.id_of(index), folded(&self.wanted(index, None))];
        others.extend(self.around_number(index).map(|(before, _)| before));
        let typed = file_part(entry.text("photo"));
        let alias = stem(typed);
        if has_ending(typed) || !name.is_empty() && alias.contains(&name) {
            others.push(alias);
        }
        let others: BTreeSet<String> = others
            .into_iter()
            .map(|key| key.trim_end_matches(['-', '_', '.', '·']).to_owned())
            .filter(|key| key.chars().count() >= SHORTEST_KEY)
            .filter(|key| key.chars().any(char::is_alphabetic) || key.len() >= 8)
            .filter(|key| !self.called.contains(key))
            .collect();
        for key in others {
            self.key(key, index);
        }
    }

    fn key(&mut self, key: String, index: usize) {
        if !key.is_empty() {
            self.lengths.insert(key.chars().count());
            self.keys.entry(key).or_default().insert(index);
        }
    }

    /// Whom a file's name and folders name.
    pub(super) fn find(&self, file: &Attachment) -> Found {
        let mut steps = file.path.split('/').rev();
        let own = self.part(&stem(steps.next().unwrap_or_default()));
        let folders: Vec<Part> = steps.map(|step| self.part(&folded(step))).collect();
        let folder = folders.iter().find(|part| !part.who.is_empty());
        let who = match folder {
            None => own.who.clone(),
            Some(folder) if own.who.is_empty() => folder.who.clone(),
            Some(folder) => {
                let both: BTreeSet<usize> = own.who.intersection(&folder.who).copied().collect();
                if both.is_empty() {
                    own.who.union(&folder.who).copied().collect()
                } else {
                    both
                }
            }
        };
        let mut who: Vec<usize> = who.into_iter().collect();
        if who.len() > 1 && self.are_namesakes(&who) {
            let mut said = tokens(&own.left);
            let mut order = None;
            for part in &folders {
                said.extend(tokens(&part.left));
                let digits: String = part.left.chars().take_while(char::is_ascii_digit).collect();
                order = order.or(digits
                    .parse::<usize>()
                    .ok()
                    .filter(|_| !part.who.is_empty()));
            }
            if let Some(one) = self.told_apart(&who, &said, order) {
                who = vec![one];
            }
        }
        let said = tokens(&own.left);
        who.retain(|index| !said.iter().any(|token| self.is_formers(token, *index)));
        Found {
            by_folder: own.who.is_empty() && folder.is_some(),
            near: own
                .near
                .or_else(|| folders.iter().find_map(|part| part.near)),
            left: own.left,
            who,
        }
    }

    /// Whether a token is the end of the id number of a namesake who was gathered and is not in the list any more, and nothing of this
    /// candidate's.
    fn is_formers(&self, token: &str, index: usize) -> bool {
        let digits = token.starts_with(|c: char| c.is_ascii_digit());
        if token.len() < SHORTEST_TAIL || !digits || self.speaks_of(token, index) {
            return false;
        }
        let name = folded(&self.value(index, "name"));
        let mut former = self.submission.former.iter();
        former.any(|(called, id)| folded(called) == name && folded(id).ends_with(token))
    }

    fn are_namesakes(&self, who: &[usize]) -> bool {
        let mut names = who.iter().map(|index| folded(&self.value(*index, "name")));
        let first = names.next();
        names.all(|name| Some(&name) == first.as_ref())
    }

    /// The one of several namesakes whom the tokens, or the number at the beginning of a folder's name, speak of.
    fn told_apart(&self, who: &[usize], said: &[String], order: Option<usize>) -> Option<usize> {
        let mut spoken: BTreeSet<usize> = BTreeSet::new();
        for token in said {
            let mut of = who.iter().filter(|index| self.speaks_of(token, **index));
            if let (Some(one), None) = (of.next(), of.next()) {
                spoken.insert(*one);
            }
        }
        if spoken.is_empty() {
            spoken.extend(order.and_then(|n| who.iter().find(|index| **index + 1 == n)));
        }
        match spoken.len() {
            1 => spoken.first().copied(),
            _ => None,
        }
    }

    /// Whether a token is the end or the date of birth of an id number, the end of a telephone number, a sex, or an employer or a
    /// short form of it.
    fn speaks_of(&self, token: &str, index: usize) -> bool {
        let Some(entry) = self.submission.candidates.get(index) else {
            return false;
        };
        if token.starts_with(|c: char| c.is_ascii_digit()) {
            let id = self.id_of(index);
            let born = id.get(6..14).unwrap_or_default();
            let mobile = folded(entry.text("mobile"));
            return token.len() >= 4
                && (id.ends_with(token)
                    || mobile.ends_with(token)
                    || token.len() >= 6 && born.starts_with(token));
        }
        let sex = folded(entry.text("sex"));
        if token == sex
            || token.chars().count() == 2
                && token.starts_with(&sex)
                && !sex.is_empty()
                && token.ends_with(['士', '性'])
        {
            return true;
        }
        let org = folded(entry.text("org"));
        let mut left = org.chars();
        token.chars().count() >= 2 && token.chars().all(|c| left.any(|o| o == c))
    }

    /// What one part of a path says: the longest names in it.
    fn part(&self, text: &str) -> Part {
        let hits = self.hits(text);
        let mut part = Part::default();
        let mut sets: Vec<&BTreeSet<usize>> = Vec::new();
        let mut left: Vec<char> = text.chars().collect();
        for (from, to, who) in hits {
            if self.is_part_of_longer(text, from, to, who) {
                part.near = part.near.or(who.first().copied());
                continue;
            }
            sets.push(who);
            for c in left.iter_mut().take(to).skip(from) {
                *c = ' ';
            }
        }
        let mut common: BTreeSet<usize> = sets.first().map(|s| (*s).clone()).unwrap_or_default();
        common.retain(|index| sets.iter().all(|set| set.contains(index)));
        part.who = if common.is_empty() {
            sets.into_iter().flatten().copied().collect()
        } else {
            common
        };
        part.left = left.into_iter().collect();
        part
    }

    /// All keys in a text as character positions, without those that lie within longer ones.
    fn hits(&self, text: &str) -> Vec<(usize, usize, &BTreeSet<usize>)> {
        let at: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let mut hits: Vec<(usize, usize, &BTreeSet<usize>)> = Vec::new();
        for from in 0..at.len() {
            for length in &self.lengths {
                let Some((a, b)) = at.get(from).zip(at.get(from + length)) else {
                    break;
                };
                let key = text.get(*a..*b).unwrap_or_default();
                if let Some(who) = self.keys.get(key) {
                    hits.push((from, from + length, who));
                }
            }
        }
        let all = hits.clone();
        hits.retain(|(from, to, _)| {
            !all.iter()
                .any(|(f, t, _)| f <= from && to <= t && t - f > to - from)
        });
        hits
    }

    /// Whether a hit is only a part of what looks like somebody else's longer name: a name with a dot that goes on, or a name of two
    /// characters with one more beside it.
    fn is_part_of_longer(&self, text: &str, from: usize, to: usize, who: &BTreeSet<usize>) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let is_letter = |c: &char| c.is_alphabetic();
        if chars.get(to) == Some(&'·') && chars.get(to + 1).is_some_and(is_letter) {
            return true;
        }
        if from > 1
            && chars.get(from - 1) == Some(&'·')
            && chars.get(from - 2).is_some_and(is_letter)
        {
            return true;
        }
        let is_name = who.iter().any(|index| {
            folded(&self.value(*index, "name")).chars().eq(chars
                .iter()
                .copied()
                .skip(from)
                .take(to - from))
        });
        if !is_name || to - from > 2 {
            return false;
        }
        let behind = chars.iter().skip(to).take_while(|c| is_letter(c)).count();
        let before = chars
            .iter()
            .take(from)
            .rev()
            .take_while(|c| is_letter(c))
            .count();
        let alone = |count: usize, at: Option<&char>| {
            count == 1 && at.is_some_and(|c| !SINGLE.contains(*c))
        };
        alone(behind, chars.get(to)) || before > 0 && alone(before, chars.get(from.wrapping_sub(1)))
    }

    /// What is left of a stem beside names, and beside what tells its owner from a namesake.
    pub(super) fn rest_of(&self, index: usize, found: &Found) -> super::file_name::Rest {
        let mut left = found.left.clone();
        for token in tokens(&left) {
            let sure = token.chars().count() >= 4 && !token.contains(char::is_alphabetic)
                || token == folded(&self.value(index, "org"));
            if (sure || self.has_namesake(index)) && self.speaks_of(&token, index) {
                left = left.replace(&token, " ");
            }
        }
        rest(&left)
    }
}
