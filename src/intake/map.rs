//! Headings to questions: by label, alias or key, after folding away what people add to a heading. What stands under
//! them is in `rows`; the nearest label for one that is not known is found here.

use std::collections::BTreeMap;

use crate::campaign::{Campaign, Field, Kind, Owner, Sheet};
use crate::text::heading::{self, fold_heading as fold};

/// What a heading asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The field with this index in its sheet.
    Field(usize),
    /// The candidate that a row belongs to.
    Link,
    /// The candidate's place in the list, for telling namesakes apart.
    Order,
    /// The candidate's identity number in a list, for telling namesakes apart.
    Identity,
    /// A column of no meaning, such as our own 错误说明.
    Ignored,
}

/// Headings that are no questions.
const ORDER: [&str; 4] = ["序号", "编号", "排序", "排名"];
/// Headings of a column that tells, in a list, which candidate a row is of by the place in the list of candidates.
const PERSON_ORDER: [&str; 6] = [
    "候选人序号",
    "人选序号",
    "候选人编号",
    "人选编号",
    "推荐序号",
    "推荐顺序",
];
/// Columns that are ours.
const OURS: [&str; 2] = ["错误说明", "校验结果"];
/// What a link column is called besides its label.
const LINKS: [&str; 5] = ["候选人", "候选人姓名", "所属候选人", "推荐人选", "姓名"];

/// The headings that a sheet may have.
pub(super) struct Headings<'a> {
    sheet: &'a Sheet,
    /// Folded with bracketed words.
    full: BTreeMap<String, Target>,
    /// Folded without them; none where two fields would be the same.
    loose: BTreeMap<String, Option<Target>>,
    /// Labels for suggestions: folded, and as written.
    labels: Vec<(String, &'a str)>,
    /// Characters of the longest name, folded.
    longest: usize,
}

impl<'a> Headings<'a> {
    /// All that a sheet's columns may be called.
    pub(super) fn new(campaign: &'a Campaign, sheet: &'a Sheet) -> Self {
        let mut headings = Self {
            sheet,
            full: BTreeMap::new(),
            loose: BTreeMap::new(),
            labels: Vec::new(),
            longest: 0,
        };
        for (index, field) in sheet.fields.iter().enumerate() {
            headings.add(&field.label, Target::Field(index));
            headings.labels.push((fold(&field.label), &field.label));
        }
        for (index, field) in sheet.fields.iter().enumerate() {
            for alias in field.aliases.iter().chain([&field.key]) {
                headings.add(alias, Target::Field(index));
            }
        }
        if sheet.of == Owner::Candidate && sheet.rows {
            if !sheet.link.is_empty() {
                headings.add(&sheet.link, Target::Link);
                headings.labels.push((fold(&sheet.link), &sheet.link));
            }
            let names = campaign
                .candidate_sheet()
                .into_iter()
                .flat_map(|s| &s.fields);
            for field in names.filter(|f| matches!(f.kind, Kind::Name | Kind::IdNo)) {
                let target = match field.kind {
                    Kind::Name => Target::Link,
                    _ => Target::Identity,
                };
                for name in field.aliases.iter().chain([&field.label]) {
                    headings.add(name, target);
                }
            }
            for name in LINKS {
                headings.add(name, Target::Link);
            }
            for name in PERSON_ORDER {
                headings.add(name, Target::Order);
            }
            // the number of the row itself, which says nothing of whose it is
            for name in ORDER {
                headings.add(name, Target::Ignored);
            }
        }
        for name in ORDER {
            headings.add(name, Target::Order);
        }
        for name in OURS {
            headings.add(name, Target::Ignored);
        }
        let names = headings.full.keys().chain(headings.loose.keys());
        headings.longest = names.map(|n| n.chars().count()).max().unwrap_or(0);
        headings
    }

    /// Adds a name; the first of two that are the same counts.
    fn add(&mut self, name: &str, target: Target) {
        self.full.entry(fold(name)).or_insert(target);
        self.loose
            .entry(fold(&without_brackets(name)))
            .and_modify(|known| {
                let both_fields =
                    matches!((&known, target), (Some(Target::Field(_)), Target::Field(_)));
                if both_fields && *known != Some(target) {
                    *known = None;
                }
            })
            .or_insert(Some(target));
    }

    /// The sheet that they are of.
    pub(super) fn sheet(&self) -> &'a Sheet {
        self.sheet
    }

    /// How many known headings make a heading row.
    pub(super) fn least(&self) -> usize {
        self.sheet.fields.len().clamp(1, 2)
    }

    /// What a heading asks for; none where it is not known.
    pub(super) fn find(&self, heading: &str) -> Option<Target> {
        if is_longer(heading, self.longest) {
            return None;
        }
        let full = fold(heading);
        if full.is_empty() {
            return None;
        }
        if let Some(target) = self.full.get(&full) {
            return Some(*target);
        }
        let loose = match heading::has_brackets(heading) {
            true => fold(&without_brackets(heading)),
            false => full,
        };
        let numbered = loose.trim_start_matches(|c: char| c.is_ascii_digit());
        [loose.as_str(), numbered]
            .into_iter()
            .filter(|word| !word.is_empty())
            .find_map(|word| self.full.get(word).copied().or(*self.loose.get(word)?))
    }

    /// Whether a heading is of a column of running numbers that mean nothing.
    pub(super) fn numbers(&self, heading: &str) -> bool {
        let ours = OURS.iter().any(|name| fold(name) == fold(heading));
        self.find(heading) == Some(Target::Ignored) && !ours
    }

    /// The field a target names.
    pub(super) fn field(&self, target: Target) -> Option<&'a Field> {
        match target {
            Target::Field(index) => self.sheet.fields.get(index),
            _ => None,
        }
    }

    /// What people call a target.
    pub(super) fn label(&self, target: Target) -> &'a str {
        match target {
            Target::Field(_) => self.field(target).map_or("", |f| &f.label),
            Target::Link => &self.sheet.link,
            Target::Order => "序号",
            Target::Identity => "身份证号",
            Target::Ignored => "",
        }
    }

    /// The label that is nearest to an unknown heading; none where nothing is near.
    pub(super) fn nearest(&self, heading: &str) -> Option<&'a str> {
        nearest(
            &fold(&without_brackets(heading)),
            self.labels
                .iter()
                .map(|(folded, label)| (folded.as_str(), *label)),
        )
    }
}

/// Whether the letters of a text outside of brackets are more than a number, digits not counted: so it cannot be the name of so many letters,
/// whatever is folded away. Most cells are answers, and long ones need no closer look.
fn is_longer(text: &str, letters: usize) -> bool {
    let outside = heading::outside_brackets(text).filter(|c| c.is_alphabetic());
    outside.take(letters + 1).count() > letters
}

/// A text without words in brackets; itself where nothing else is left.
pub(super) fn without_brackets(text: &str) -> String {
    let out = heading::without_brackets(text);
    if fold(&out).is_empty() {
        text.to_owned()
    } else {
        out
    }
}

/// The candidate word nearest to a word: the one with fewest edits, where at most half of the longer word differs, or where one
/// holds the other.
pub(super) fn nearest<'w, T: Copy>(
    word: &str,
    words: impl Iterator<Item = (&'w str, T)>,
) -> Option<T> {
    // Longer words are sentences, and no heading.
    if word.is_empty() || word.chars().count() > 40 {
        return None;
    }
    let mut best: Option<(usize, T)> = None;
    for (candidate, value) in words {
        let longer = word.chars().count().max(candidate.chars().count());
        let edits = distance(word, candidate);
        let near = edits * 2 <= longer
            || candidate.chars().count() > 1
                && (word.contains(candidate) || candidate.contains(word));
        if near && best.is_none_or(|(least, _)| edits < least) {
            best = Some((edits, value));
        }
    }
    best.map(|(_, value)| value)
}

/// Edit distance: characters put in, taken out or replaced.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            let changed = diagonal + usize::from(ca != *cb);
            left = changed.min(above + 1).min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The sheet that a name means: by label, alias or key.
pub(super) fn sheet_named<'a>(campaign: &'a Campaign, name: &str) -> Option<&'a Sheet> {
    let full = fold(name);
    let loose = fold(&without_brackets(name));
    let called = |sheet: &Sheet, word: &str| {
        [&sheet.label, &sheet.key]
            .into_iter()
            .chain(&sheet.aliases)
            .any(|known| fold(known) == word)
    };
    [full, loose]
        .iter()
        .filter(|word| !word.is_empty())
        .find_map(|word| campaign.sheets.iter().find(|s| called(s, word)))
}
