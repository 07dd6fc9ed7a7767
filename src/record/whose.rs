//! Whose file is it, and which one (文件归属): every photo and video of a submission is one candidate's, nobody's, or in doubt
//! between several. What a name says beside the name of a person is read in `file_name`; who the candidates are and what else tells them
//! apart is in `namesakes`; which of a person's photos is the id photo is in `own`. Nothing here guesses: what fits two people is given to
//! neither.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::Campaign;

use super::file_name::{file_part, folded, has_ending, stem};
use super::namesakes::{Found, People};
use super::own::{Claim, Own, own};
use super::{Attachment, Entry, Submission, Use};

/// Files by candidate, and those that are nobody's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Belongings<'a> {
    /// For each candidate in order: its own files.
    pub of: Vec<Own<'a>>,
    /// Photos and videos that are nobody's.
    pub strays: Vec<Stray<'a>>,
    /// Photos and videos that fit several candidates.
    pub doubts: Vec<Doubt<'a>>,
}

/// A photo or video that is nobody's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stray<'a> {
    /// The file.
    pub file: &'a Attachment,
    /// Index of the candidate whose name it holds as a part of what looks like a longer name.
    pub near: Option<usize>,
}

/// Files that fit several candidates, and are given to none.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt<'a> {
    /// The files, by path.
    pub files: Vec<&'a Attachment>,
    /// Indices of the candidates, ascending.
    pub who: Vec<usize>,
}

/// Sorts a submission's photos and videos to its candidates.
pub fn belongings<'a>(campaign: &Campaign, submission: &'a Submission) -> Belongings<'a> {
    let people = People::new(campaign, submission);
    let media: Vec<&Attachment> = submission
        .files
        .iter()
        .filter(|f| matches!(f.usage, Use::Photo | Use::Video))
        .collect();
    let claims = named(submission, &people, &media);
    let mut files: Vec<Vec<&Attachment>> = vec![Vec::new(); submission.candidates.len()];
    let mut doubts: BTreeMap<Vec<usize>, Vec<&Attachment>> = BTreeMap::new();
    let mut strays = Vec::new();
    for file in media {
        let found = people.find(file);
        let who = owners(&people, &claims, file, &found);
        match who.as_slice() {
            [] => strays.push(Stray {
                file,
                near: found.near,
            }),
            [one] => {
                if let Some(list) = files.get_mut(*one) {
                    list.push(file);
                }
            }
            _ => doubts.entry(who).or_default().push(file),
        }
    }
    let in_doubt: BTreeSet<usize> = doubts.keys().flatten().copied().collect();
    let mut of: Vec<Own<'a>> = Vec::with_capacity(files.len());
    for (index, list) in files.iter().enumerate() {
        let claim = claims.get(index).copied().unwrap_or_default();
        let mut own = own(&people, index, list, claim);
        own.in_doubt = in_doubt.contains(&index);
        of.push(own);
    }
    // one person who stands in the list twice has the same files twice; that he does is a finding of its own
    for index in 0..of.len() {
        let first = people.first(index);
        if first != index
            && let Some(same) = of.get(first).cloned()
            && let Some(slot) = of.get_mut(index)
        {
            *slot = same;
        }
    }
    Belongings {
        of,
        strays,
        doubts: doubts
            .into_iter()
            .map(|(who, files)| Doubt { files, who })
            .collect(),
    }
}

/// The candidates that a file is of: those whose workbook names it, else those that its name tells.
fn owners(
    people: &People<'_>,
    claims: &[Claim<'_>],
    file: &Attachment,
    found: &Found,
) -> Vec<usize> {
    let claimed: Vec<usize> = (0..claims.len())
        .filter(|index| people.first(*index) == *index)
        .filter(
            |index| matches!(claims.get(*index), Some(Claim::File(f, _)) if f.path == file.path),
        )
        .collect();
    match claimed.as_slice() {
        [] => found.who.clone(),
        // the name of somebody else on a photo that is claimed: a person must say who is right
        [one] if !found.who.is_empty() && !found.who.contains(one) => {
            let mut who = found.who.clone();
            who.push(*one);
            who.sort_unstable();
            who
        }
        _ => claimed,
    }
}

/// What each candidate's field `photo` names.
fn named<'a>(
    submission: &Submission,
    people: &People<'_>,
    media: &[&'a Attachment],
) -> Vec<Claim<'a>> {
    let mut by_stem: BTreeMap<String, Vec<&'a Attachment>> = BTreeMap::new();
    let photos = media.iter().filter(|f| f.usage == Use::Photo);
    for file in photos {
        by_stem.entry(stem(file.name())).or_default().push(file);
    }
    let in_cells = media
        .iter()
        .filter(|f| submission.pictures.contains_key(&f.path));
    let in_cells: BTreeMap<&str, &'a Attachment> =
        in_cells.map(|file| (file.path.as_str(), *file)).collect();
    let of = |(index, entry): (usize, &Entry)| {
        if let Some(file) = in_cells.get(entry.picture.as_str()) {
            return Claim::File(file, false);
        }
        let text = entry.text("photo");
        let typed = file_part(text);
        if typed.is_empty() {
            return Claim::Nothing;
        }
        let same = by_stem.get(&stem(typed)).map_or(&[][..], Vec::as_slice);
        match best(people, index, text, same) {
            Some(file) => {
                let other = has_ending(typed) && ending(typed) != ending(file.name());
                Claim::File(file, other)
            }
            None if same.len() > 1 || has_ending(typed) => Claim::Missing,
            None => Claim::Words,
        }
    };
    submission.candidates.iter().enumerate().map(of).collect()
}

/// Of several photos of one name in several folders: the one at the typed path, the one of the typed name, the one whose
/// folder is this candidate's.
fn best<'a>(
    people: &People<'_>,
    index: usize,
    typed: &str,
    same: &[&'a Attachment],
) -> Option<&'a Attachment> {
    let path = typed.replace('\\', "/").to_lowercase();
    let name = file_part(typed).to_lowercase();
    let mut left: Vec<&'a Attachment> = same.to_vec();
    let narrow = |fits: &dyn Fn(&Attachment) -> bool, left: &mut Vec<&'a Attachment>| {
        let some: Vec<&'a Attachment> = left.iter().copied().filter(|f| fits(f)).collect();
        if !some.is_empty() {
            *left = some;
        }
    };
    narrow(&|f| f.name().to_lowercase() == name, &mut left);
    narrow(
        &|f| path.contains('/') && path.ends_with(&f.path.to_lowercase()),
        &mut left,
    );
    if left.len() > 1 {
        narrow(&|f| people.find(f).who == [index], &mut left);
    }
    match left.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

fn ending(name: &str) -> String {
    let name = folded(name);
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "jpeg" => "jpg".to_owned(),
        other => other.to_owned(),
    }
}
