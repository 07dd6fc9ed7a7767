//! Photos, videos, works and reports of gathered people, under names that tell whose they are in the new list.

use std::collections::BTreeSet;
use std::path::Path;

use crate::campaign::{Campaign, Kind};
use crate::record::{
    Attachment, FileOwner, GatherLine, GatherMemory, GatherNews, Gathered, Submission, Use,
    belongings, pattern_value,
};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::gather_owned::{Owned, stem, tails};
use crate::clerk::making::gather_put::{Put, copy, hex, ours_stands, plain, put};
use crate::clerk::making::gather_source::{GatherDone, Opened};
use crate::clerk::making::gather_works::{left_with_the_unit, put_works};
use crate::clerk::making::gathered::FOLDER;

/// Where files come from.
pub(super) struct FilesFrom<'a>(pub(super) &'a [Opened]);

/// Copies the files of everyone who came this time, and writes the name of the id photo into the list. Files of the same person that are
/// not handed in any more are removed, where gathering put them.
pub(super) fn put_files(
    campaign: &Campaign,
    out: &Path,
    office: &mut Submission,
    gathered: &mut Gathered,
    from: &FilesFrom<'_>,
    done: &mut GatherDone,
) -> Result<(), ClerkError> {
    let sheet = campaign.candidate_sheet();
    let photo_key = sheet.and_then(|s| s.fields.iter().find(|f| f.kind == Kind::Photo));
    let photo_key = photo_key.map(|f| f.key.clone());
    let tails = tails(campaign, office);
    let works: Vec<&str> = campaign.work_lists().map(|s| s.folder.as_str()).collect();
    settle(
        campaign,
        office,
        (&tails, photo_key.as_deref()),
        &mut owned(out, gathered, &works),
        done,
    )?;
    let Gathered {
        candidates, memory, ..
    } = &mut *gathered;
    let mut put_now: BTreeSet<String> = BTreeSet::new();
    let mut untouched: Vec<String> = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let mut changed = false;
        let value = |key: &str| pattern_value(campaign, office, index, key);
        let name = value("name");
        let called = format!("{name}{}", tails.get(index).map_or("", String::as_str));
        let Some(origin) = candidate.origin else {
            untouched.push(called);
            continue;
        };
        let Some(opened) = from.0.get(origin.source) else {
            continue;
        };
        let theirs = belongings(campaign, &opened.source.submission);
        let Some(files) = theirs.of.get(origin.candidate) else {
            continue;
        };
        let mut place = |file: &Attachment, folder: &str, number: Option<usize>| {
            let stem = stem(campaign, office, &tails, index, number);
            let name = format!("{}.{}", plain(&stem), ending(file));
            let path = format!("{folder}/{name}");
            put_now.insert(path.clone());
            let owner = candidate.person.map(|person| FileOwner { person, number });
            changed |= place_file(out, (opened, file), path, owner, memory, done)?;
            Ok::<String, ClerkError>(name)
        };
        let mut id_photo = String::new();
        if let Some(photo) = files.id_photo {
            id_photo = place(photo, "photos", None)?;
        }
        for (n, photo) in (1..).zip(&files.work_photos) {
            place(photo.file, "photos", Some(n))?;
        }
        for (n, video) in (1..).zip(&files.videos) {
            place(video, "videos", Some(n))?;
        }
        let of_works = put_works(
            campaign,
            out,
            (opened, origin.candidate, candidate.person),
            &called,
            (memory, &mut put_now),
            done,
        )?;
        if changed || of_works {
            let what = match (changed, of_works) {
                (true, false) => "照片、视频",
                (false, _) => "作品",
                (true, true) => "照片、视频、作品",
            };
            done.lines.push(GatherLine {
                name: candidate.entry.text("name").to_owned(),
                unit: candidate.unit.clone(),
                news: GatherNews::Corrected(vec![what.to_owned()]),
            });
        }
        if let (Some(key), Some(entry)) = (&photo_key, office.candidates.get_mut(index)) {
            entry.set(key, id_photo);
        }
    }
    owned(out, gathered, &works).without_the_stale(&put_now, &untouched)?;
    for opened in from.0 {
        report(out, opened)?;
        left_with_the_unit(campaign, opened, done);
    }
    Ok(())
}

/// The gathered folder with what is remembered of it.
fn owned<'a>(out: &'a Path, gathered: &'a mut Gathered, works: &'a [&'a str]) -> Owned<'a> {
    Owned {
        out,
        memory: &mut gathered.memory,
        candidates: &gathered.candidates,
        works,
    }
}

/// Before anything is put: the files of those who left go, and those of the others get the names that they have in this list.
fn settle(
    campaign: &Campaign,
    office: &mut Submission,
    (tails, photo_key): (&[String], Option<&str>),
    folder: &mut Owned<'_>,
    done: &mut GatherDone,
) -> Result<(), ClerkError> {
    folder.without_the_departed(&mut done.findings)?;
    let named = |index: usize, number| stem(campaign, office, tails, index, number);
    let called = |index: usize| {
        let name = pattern_value(campaign, office, index, "name");
        format!("{name}{}", tails.get(index).map_or("", String::as_str))
    };
    let renamed = folder.under_their_names(&named, &called)?;
    let Some(key) = photo_key else {
        return Ok(());
    };
    for (index, old, new) in renamed {
        let entry = office.candidates.get_mut(index);
        if let Some(entry) = entry.filter(|entry| entry.text(key) == old) {
            entry.set(key, new);
        }
    }
    Ok(())
}

/// Puts one photo or video and remembers whose it is; gives whether the unit has corrected it.
fn place_file(
    out: &Path,
    (opened, file): (&Opened, &Attachment),
    path: String,
    owner: Option<FileOwner>,
    memory: &mut GatherMemory,
    done: &mut GatherDone,
) -> Result<bool, ClerkError> {
    let known = memory.files.contains_key(&path);
    let corrected = match put(opened, file, &out.join(&path), memory.files.get(&path))? {
        Put::Same => false,
        Put::New => known,
        Put::Ours(both) => {
            if both {
                done.findings.push(ours_stands(&path));
            }
            if let Some(owner) = owner.filter(|_| known) {
                memory.owners.insert(path, owner);
            }
            return Ok(false);
        }
    };
    memory.files.insert(path.clone(), hex(file));
    if let Some(owner) = owner {
        memory.owners.insert(path, owner);
    }
    Ok(corrected)
}

/// The ending of a file's name, in small letters.
fn ending(file: &Attachment) -> String {
    let ending = file.name().rsplit_once('.').map(|(_, ending)| ending);
    ending.unwrap_or_default().to_lowercase()
}

/// The unit's report, beside the list: the office writes its own.
fn report(out: &Path, opened: &Opened) -> Result<(), ClerkError> {
    let files = &opened.source.submission.files;
    for file in files.iter().filter(|f| f.usage == Use::Report).take(1) {
        let ending = file
            .name()
            .rsplit_once('.')
            .map_or("txt", |(_, ending)| ending);
        let folder = out.join(FOLDER).join("各单位报告");
        std::fs::create_dir_all(&folder).map_err(world(&folder))?;
        let name = format!("{}.{}", plain(&opened.source.unit), ending.to_lowercase());
        copy(opened, file, &folder.join(name))?;
    }
    Ok(())
}
