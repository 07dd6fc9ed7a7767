//! Works in new media of gathered people: their files come into a folder of each person, under the names that they have, so that pages find
//! their parts and the rows of two people who call a file alike each find their own.

use std::collections::BTreeSet;
use std::path::Path;

use crate::campaign::Campaign;
use crate::finding::{Finding, Place};
use crate::record::{FileOwner, GatherMemory, works};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::gather_put::{Put, hex, ours_stands, plain, put};
use crate::clerk::making::gather_source::{GatherDone, Opened};

/// Puts the files of one person's works into `作品/姓名`; gives whether any of them was corrected.
pub(super) fn put_works(
    campaign: &Campaign,
    out: &Path,
    (opened, candidate, owner): (&Opened, usize, Option<usize>),
    person: &str,
    (memory, put_now): (&mut GatherMemory, &mut BTreeSet<String>),
    done: &mut GatherDone,
) -> Result<bool, ClerkError> {
    let theirs = works(campaign, &opened.source.submission);
    let own = theirs.all.iter().filter(|w| w.candidate == Some(candidate));
    let person = plain(person);
    let mut changed = false;
    for work in own {
        for file in &work.files {
            // a package may say anything of where its files lay
            let steps = file.path.split('/').skip(1).map(step);
            let mut inside: Vec<String> = steps.flatten().collect();
            // a folder of that name is not put into another one
            if inside.len() > 1 && inside.first().is_some_and(|first| plain(first) == person) {
                inside.remove(0);
            }
            let path = format!("{}/{person}/{}", work.sheet.folder, inside.join("/"));
            put_now.insert(path.clone());
            let to = out.join(&path);
            if let Some(parent) = to.parent() {
                std::fs::create_dir_all(parent).map_err(world(parent))?;
            }
            match put(opened, file, &to, memory.files.get(&path))? {
                Put::Same => {}
                Put::New => changed |= memory.files.contains_key(&path),
                Put::Ours(both) => {
                    if both {
                        done.findings.push(ours_stands(&path));
                    }
                    continue;
                }
            }
            memory.files.insert(path.clone(), hex(file));
            if let Some(person) = owner {
                let owner = FileOwner {
                    person,
                    number: None,
                };
                memory.owners.insert(path, owner);
            }
        }
    }
    Ok(changed)
}

/// One step of a path as a name that stays where it is put; none for a step that leads elsewhere.
fn step(step: &str) -> Option<String> {
    let bad = |c: char| c.is_control() || "\\:*?\"<>|".contains(c);
    let safe: String = step.chars().map(|c| if bad(c) { '_' } else { c }).collect();
    (!matches!(safe.trim(), "" | "." | "..")).then_some(safe)
}

/// A unit's own works stay with the unit: the office has its own.
pub(super) fn left_with_the_unit(campaign: &Campaign, opened: &Opened, done: &mut GatherDone) {
    let theirs = works(campaign, &opened.source.submission);
    let count = theirs.all.iter().filter(|w| w.candidate.is_none()).count();
    if count > 0 {
        done.findings.push(Finding::warning(
            "G4",
            Place::file(opened.source.path.clone()),
            format!(
                "“{}”自己的{count}件作品没有汇集：这里只汇集候选人的作品",
                opened.source.unit
            ),
            "需要的请另行取用，填到这里单位的表中。",
        ));
    }
}
