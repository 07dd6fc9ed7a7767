//! Photos, videos and reports of gathered people, under names that tell whose they are in the new list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::campaign::{Campaign, Kind};
use crate::record::{Attachment, Gathered, Submission, Use, belongings, pattern_value};
use crate::store::write_file;

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::gather_source::{FOLDER, Opened};

/// Where files come from.
pub(super) struct FilesFrom<'a>(pub(super) &'a [Opened]);

/// Copies the files of everyone who came this time, and writes the name of the id photo into the list. Files of the same person that are
/// not handed in any more are removed, where gathering put them.
pub(super) fn put_files(
    campaign: &Campaign,
    out: &Path,
    office: &mut Submission,
    gathered: &Gathered,
    from: &FilesFrom<'_>,
) -> Result<(), ClerkError> {
    let names = campaign.photo_names();
    let sheet = campaign.candidate_sheet();
    let photo_key = sheet.and_then(|s| s.fields.iter().find(|f| f.kind == Kind::Photo));
    let photo_key = photo_key.map(|f| f.key.clone());
    let alike = alike(office);
    let mut kept: BTreeSet<String> = BTreeSet::new();
    for (index, candidate) in gathered.candidates.iter().enumerate() {
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
            continue;
        };
        let Some(opened) = from.0.get(origin.source) else {
            continue;
        };
        let theirs = belongings(campaign, &opened.source.submission);
        let Some(files) = theirs.of.get(origin.candidate) else {
            continue;
        };
        let mut put = |file: &Attachment, folder: &str, stem: &str| -> Result<String, ClerkError> {
            let ending = file
                .name()
                .rsplit_once('.')
                .map_or("", |(_, ending)| ending);
            let name = format!("{}.{}", plain(stem), ending.to_lowercase());
            let to = out.join(folder).join(&name);
            copy(opened, file, &to)?;
            kept.insert(format!("{folder}/{name}"));
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
            id_photo = put(photo, "photos", &stem(None))?;
        }
        for (n, photo) in (1..).zip(&files.work_photos) {
            put(photo.file, "photos", &stem(Some(n)))?;
        }
        for (n, video) in (1..).zip(&files.videos) {
            put(video, "videos", &stem(Some(n)))?;
        }
        if let (Some(key), Some(entry)) = (&photo_key, office.candidates.get_mut(index)) {
            entry.set(key, id_photo);
        }
    }
    for opened in from.0 {
        report(out, opened)?;
    }
    Ok(())
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

/// Copies a file where it is not there with the same bytes.
fn copy(opened: &Opened, file: &Attachment, to: &Path) -> Result<(), ClerkError> {
    if let Some(bytes) = opened.packed_files.get(&file.path) {
        return Ok(write_file(to, bytes)?);
    }
    let from = Path::new(&opened.source.path).join(&file.path);
    // a video may be large: the system copies it, beside its place first
    let beside = to.with_extension("汇集中");
    std::fs::copy(&from, &beside).map_err(world(&from))?;
    std::fs::rename(&beside, to).map_err(world(to))
}

/// A text as a file's name.
fn plain(text: &str) -> String {
    let safe = |c: char| {
        if "/\\:*?\"<>|".contains(c) || c.is_control() {
            '_'
        } else {
            c
        }
    };
    let name: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(safe)
        .take(80)
        .collect();
    name.trim_matches('.').to_owned()
}
