//! Whose the files of a gathered folder are (汇集来的文件归谁): a file is of a person and has a name; what its bytes are does not matter, for two
//! people may hand in one group photo. Whoever is not in the list any more takes the files along; the others keep theirs, under names that
//! tell whose they are in the list as it is now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::campaign::{Campaign, Kind};
use crate::finding::{Finding, Place};
use crate::record::{FileOwner, GatherMemory, GatheredCandidate, Submission, pattern_value};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::gather_put::plain;
use crate::clerk::making::gather_source::sum;

/// Fewest characters of an id number that tell a namesake.
const TAIL: usize = 4;

/// What stands behind each candidate's name in the names of files: the end of the id number for those who have a namesake, as long as it
/// must be to tell them apart.
pub(super) fn tails(campaign: &Campaign, office: &Submission) -> Vec<String> {
    let sheet = campaign.candidate_sheet();
    let id = sheet.and_then(|s| s.fields.iter().find(|f| f.kind == Kind::IdNo));
    let count = office.candidates.len();
    let value = |index: usize, key: &str| pattern_value(campaign, office, index, key);
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in 0..count {
        alike.entry(value(index, "name")).or_default().push(index);
    }
    let mut tails = vec![String::new(); count];
    for who in alike.values().filter(|who| who.len() > 1) {
        let numbers = who
            .iter()
            .map(|index| id.map_or_else(String::new, |f| value(*index, &f.key)));
        let numbers: Vec<String> = numbers.collect();
        let end = |number: &str, length: usize| -> String {
            let skip = number.chars().count().saturating_sub(length);
            number.chars().skip(skip).collect()
        };
        let different: BTreeSet<&String> = numbers.iter().collect();
        let apart = |length: &usize| {
            let ends: BTreeSet<String> = numbers.iter().map(|n| end(n, *length)).collect();
            ends.len() == different.len()
        };
        let longest = numbers.iter().map(|n| n.chars().count()).max();
        let length = (TAIL..=longest.unwrap_or(TAIL).max(TAIL)).find(apart);
        let ends: Vec<String> = numbers
            .iter()
            .map(|number| end(number, length.unwrap_or(TAIL)))
            .collect();
        for (n, index) in who.iter().enumerate() {
            let own = ends.get(n).cloned().unwrap_or_default();
            let alike = ends.iter().filter(|end| **end == own).count() > 1;
            if let Some(tail) = tails.get_mut(*index) {
                *tail = match own.is_empty() || alike {
                    true => format!("{own}{}", instead(n, &value(*index, "org"))),
                    false => own,
                };
            }
        }
    }
    tails
}

/// What tells a namesake whose number does not: the employer, behind the place among those of the name, for two may have one employer.
fn instead(place: usize, org: &str) -> String {
    match org.trim() {
        "" => format!("-同名{}", place + 1),
        org if place == 0 => format!("-{org}"),
        org => format!("-{org}-同名{}", place + 1),
    }
}

/// The name, without its ending, of a candidate's id photo, or of the photo or video of a number.
pub(super) fn stem(
    campaign: &Campaign,
    office: &Submission,
    tails: &[String],
    index: usize,
    number: Option<usize>,
) -> String {
    let names = campaign.photo_names();
    let tail = tails.get(index).map_or("", String::as_str);
    let own = |key: &str| {
        let value = pattern_value(campaign, office, index, key);
        if key == "name" {
            format!("{value}{tail}")
        } else {
            value
        }
    };
    match number {
        None => names.id_photo.fill(None, &own),
        Some(n) if tail.is_empty() => names.work_photo.fill(Some(n), &own),
        Some(n) => format!("{}-{n}", names.id_photo.fill(None, &own)),
    }
}

/// A gathered folder, what is remembered of it and the people of its list.
pub(super) struct Owned<'a> {
    pub(super) out: &'a Path,
    pub(super) memory: &'a mut GatherMemory,
    pub(super) candidates: &'a [GatheredCandidate],
    /// The folders of works.
    pub(super) works: &'a [&'a str],
}

impl Owned<'_> {
    /// Index of a remembered person in the list.
    fn in_list(&self, person: usize) -> Option<usize> {
        self.candidates
            .iter()
            .position(|c| c.person == Some(person))
    }

    /// Removes the files of those who are not in the list any more. One that the office has changed stays, and is told.
    pub(super) fn without_the_departed(
        &mut self,
        findings: &mut Vec<Finding>,
    ) -> Result<(), ClerkError> {
        for (path, owner) in self.memory.owners.clone() {
            let name = self.memory.people.get(owner.person).map(|p| p.name.clone());
            let name = name.unwrap_or_default();
            // somebody whom the office has entered anew may be the same person
            let again = |c: &GatheredCandidate| c.person.is_none() && c.entry.text("name") == name;
            if self.in_list(owner.person).is_some() || self.candidates.iter().any(again) {
                continue;
            }
            if !self.remove(&path)? && self.out.join(&path).exists() {
                findings.push(Finding::warning(
                    "G1",
                    Place::file(path),
                    format!("{name}已不在名单里，这个文件在这里换过，没有删"),
                    "不再需要的请移走；还要用的请改成它的主人的名字。",
                ));
            }
        }
        Ok(())
    }

    /// Gives files the names that their owners have now: the end of the id number comes with a namesake, and goes with him. Returns
    /// candidate, old and new name of each id photo.
    pub(super) fn under_their_names(
        &mut self,
        stem: &dyn Fn(usize, Option<usize>) -> String,
        called: &dyn Fn(usize) -> String,
    ) -> Result<Vec<(usize, String, String)>, ClerkError> {
        let mut renamed = Vec::new();
        loop {
            let before = renamed.len();
            let mut moved = false;
            for (path, owner) in self.memory.owners.clone() {
                let Some((index, wanted)) = self.wanted(&path, owner, stem, called) else {
                    continue;
                };
                let (from, to) = (self.out.join(&path), self.out.join(&wanted));
                // what stands there may go away in the next round
                if wanted == path || !from.is_file() || to.exists() {
                    continue;
                }
                if let Some(parent) = to.parent() {
                    std::fs::create_dir_all(parent).map_err(world(parent))?;
                }
                std::fs::rename(&from, &to).map_err(world(&from))?;
                without_empty_folders(self.out, &path);
                self.memory.owners.remove(&path);
                self.memory.owners.insert(wanted.clone(), owner);
                if let Some(sum) = self.memory.files.remove(&path) {
                    self.memory.files.insert(wanted.clone(), sum);
                }
                moved = true;
                let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
                if owner.number.is_none() && path.starts_with("photos/") {
                    renamed.push((index, name(&path), name(&wanted)));
                }
            }
            if !moved && renamed.len() == before {
                return Ok(renamed);
            }
        }
    }

    /// Where a file of a person of the list belongs.
    fn wanted(
        &self,
        path: &str,
        FileOwner { person, number }: FileOwner,
        stem: &dyn Fn(usize, Option<usize>) -> String,
        called: &dyn Fn(usize) -> String,
    ) -> Option<(usize, String)> {
        let index = self.in_list(person)?;
        let (folder, inside) = path.split_once('/')?;
        if self.works.contains(&folder) {
            // works lie in a folder of their owner's, under names of their own
            let (_, own) = inside.split_once('/')?;
            return Some((index, format!("{folder}/{}/{own}", plain(&called(index)))));
        }
        let ending = inside.rsplit_once('.').map_or("", |(_, ending)| ending);
        Some((
            index,
            format!("{folder}/{}.{ending}", plain(&stem(index, number))),
        ))
    }

    /// Removes files that people who came this time do not hand in any more, or hand in under another name. `untouched` are the others,
    /// as files call them: what was written before owners were remembered stays where its name is one of theirs.
    pub(super) fn without_the_stale(
        &mut self,
        put_now: &BTreeSet<String>,
        untouched: &[String],
    ) -> Result<(), ClerkError> {
        let stale = |path: &&String| {
            if put_now.contains(*path) {
                return false;
            }
            if let Some(owner) = self.memory.owners.get(*path) {
                let candidate = self.in_list(owner.person);
                let candidate = candidate.and_then(|at| self.candidates.get(at));
                return candidate.is_some_and(|c| c.origin.is_some());
            }
            let Some((folder, inside)) = path.split_once('/') else {
                return false;
            };
            if self.works.contains(&folder) {
                let whose = inside.split('/').next().unwrap_or_default();
                return !untouched.iter().any(|person| plain(person) == whose);
            }
            let theirs = |person: &String| inside.starts_with(person.as_str());
            matches!(folder, "photos" | "videos") && !untouched.iter().any(theirs)
        };
        let stale: Vec<String> = self.memory.files.keys().filter(stale).cloned().collect();
        for path in stale {
            self.remove(&path)?;
        }
        Ok(())
    }

    /// Removes a file that nobody has changed since gathering wrote it, and forgets it in any case; gives whether it was removed.
    fn remove(&mut self, path: &str) -> Result<bool, ClerkError> {
        let at = self.out.join(path);
        let last = self.memory.files.remove(path);
        self.memory.owners.remove(path);
        let ours = at.is_file() && last == Some(sum(&crate::clerk::given::bytes(&at)?));
        if ours {
            std::fs::remove_file(&at).map_err(world(&at))?;
            without_empty_folders(self.out, path);
        }
        Ok(ours)
    }
}

/// Removes the folders that a file has left empty, up to the folder of its kind.
fn without_empty_folders(out: &Path, path: &str) {
    let mut inside = path;
    while let Some((folder, _)) = inside.rsplit_once('/').filter(|(f, _)| f.contains('/')) {
        // a folder that holds something stays
        if std::fs::remove_dir(out.join(folder)).is_err() {
            return;
        }
        inside = folder;
    }
}
