//! Photos, videos, works and reports of gathered people, under names that tell whose they are in the new list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::campaign::{Campaign, Kind};
use crate::record::{
    Attachment, GatherLine, GatherNews, Gathered, Submission, Use, belongings, pattern_value,
};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::gather_put::{Put, copy, hex, ours_stands, plain, put};
use crate::clerk::making::gather_source::{GatherDone, Opened, sum};
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
    let names = campaign.photo_names();
    let sheet = campaign.candidate_sheet();
    let photo_key = sheet.and_then(|s| s.fields.iter().find(|f| f.kind == Kind::Photo));
    let photo_key = photo_key.map(|f| f.key.clone());
    let alike = alike(office);
    let Gathered {
        candidates, memory, ..
    } = gathered;
    let mut put_now: BTreeSet<String> = BTreeSet::new();
    let mut untouched: Vec<String> = Vec::new();
    for (index, candidate) in candidates.iter().enumerate() {
        let mut changed = false;
        let value = |key: &str| pattern_value(campaign, office, index, key);
        // namesakes are told apart by the end of the id number
        let tail = if alike.get(&value("name")).copied().unwrap_or(0) > 1 {
            value("id_tail")
        } else {
            String::new()
        };
        let own = |key: &str| match key {
            "name" => format!("{}{tail}", value("name")),
            key => value(key),
        };
        let Some(origin) = candidate.origin else {
            untouched.push(own("name"));
            continue;
        };
        let Some(opened) = from.0.get(origin.source) else {
            continue;
        };
        let theirs = belongings(campaign, &opened.source.submission);
        let Some(files) = theirs.of.get(origin.candidate) else {
            continue;
        };
        let mut place =
            |file: &Attachment, folder: &str, stem: &str| -> Result<String, ClerkError> {
                let ending = file
                    .name()
                    .rsplit_once('.')
                    .map_or("", |(_, ending)| ending);
                let name = format!("{}.{}", plain(stem), ending.to_lowercase());
                let to = out.join(folder).join(&name);
                let path = format!("{folder}/{name}");
                put_now.insert(path.clone());
                match put(opened, file, &to, memory.files.get(&path))? {
                    Put::Same => {}
                    Put::New => changed |= memory.files.contains_key(&path),
                    Put::Ours(both) => {
                        if both {
                            done.findings.push(ours_stands(&path));
                        }
                        return Ok(name);
                    }
                }
                memory.files.insert(path, hex(file));
                Ok(name)
            };
        let separator = if tail.is_empty() { "" } else { "-" };
        let stem = |number: Option<usize>| match number {
            None => names.id_photo.fill(None, &own),
            Some(n) if separator.is_empty() => names.work_photo.fill(Some(n), &own),
            Some(n) => format!("{}{separator}{n}", names.id_photo.fill(None, &own)),
        };
        let mut id_photo = String::new();
        if let Some(photo) = files.id_photo {
            id_photo = place(photo, "photos", &stem(None))?;
        }
        for (n, photo) in (1..).zip(&files.work_photos) {
            place(photo.file, "photos", &stem(Some(n)))?;
        }
        for (n, video) in (1..).zip(&files.videos) {
            place(video, "videos", &stem(Some(n)))?;
        }
        let person = format!("{}{tail}", value("name"));
        let of_works = put_works(
            campaign,
            out,
            (opened, origin.candidate),
            &person,
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
    let works: Vec<&str> = campaign.work_lists().map(|s| s.folder.as_str()).collect();
    tidy(out, &mut memory.files, (&put_now, &untouched), &works)?;
    for opened in from.0 {
        report(out, opened)?;
        left_with_the_unit(campaign, opened, done);
    }
    Ok(())
}

/// Removes files that gathering wrote and that nobody has changed since, where they are no one's any more: those of a person who is not
/// selected now, whose namesake would inherit them, those under a name that their owner has no longer, such as that of somebody who
/// has a namesake now, and those of a work that its owner took back or gave other files. Files of the people in `untouched`, of whom
/// nothing came this time, stay. `works` are the folders of works.
fn tidy(
    out: &Path,
    files: &mut BTreeMap<String, String>,
    (put_now, untouched): (&BTreeSet<String>, &[String]),
    works: &[&str],
) -> Result<(), ClerkError> {
    let fresh: BTreeSet<String> = put_now
        .iter()
        .filter_map(|p| files.get(p))
        .cloned()
        .collect();
    let old = |(path, sum): (&String, &String)| {
        if put_now.contains(path) {
            return None;
        }
        let (folder, inside) = path.split_once('/')?;
        let gone = if works.contains(&folder) {
            // each person's works lie in a folder of that name
            let whose = inside.split('/').next().unwrap_or_default();
            !untouched.iter().any(|person| plain(person) == whose)
        } else {
            let name = path.rsplit('/').next().unwrap_or(path);
            let mut kept = untouched.iter();
            let stays = kept.any(|person| name.starts_with(person.as_str()));
            matches!(folder, "photos" | "videos") && (fresh.contains(sum) || !stays)
        };
        gone.then(|| path.clone())
    };
    let old: Vec<String> = files.iter().filter_map(old).collect();
    for path in old {
        let at = out.join(&path);
        let ours =
            at.is_file() && files.get(&path) == Some(&sum(&crate::clerk::given::bytes(&at)?));
        if ours {
            std::fs::remove_file(&at).map_err(world(&at))?;
            without_empty_folders(out, &path);
        }
        files.remove(&path);
    }
    Ok(())
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

/// How many bear a name.
fn alike(office: &Submission) -> BTreeMap<String, usize> {
    let mut alike = BTreeMap::new();
    for candidate in &office.candidates {
        let name: String = candidate.text("name").split_whitespace().collect();
        *alike.entry(name).or_insert(0) += 1;
    }
    alike
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
