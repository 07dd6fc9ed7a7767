//! How a package calls photos and videos: “姓名+序号” as the notice asks, in a folder for each candidate, so that two people of
//! one name keep theirs apart.

use crate::finding::{Finding, Place};
use crate::record::{Attachment, Entry, Submission, Use};

use super::EntryRole;

/// A file under its name in the package.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attached<'a> {
    /// The file.
    pub file: &'a Attachment,
    /// Index of the candidate.
    pub candidate: usize,
    /// Photo or video.
    pub role: EntryRole,
}

/// A file and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Renamed<'a> {
    /// Name in the package: `附件/01张三/照片/张三1.jpg`.
    pub name: String,
    /// Which file it is.
    pub of: Attached<'a>,
}

/// The photos and videos of every candidate under their names: `姓名.jpg` is the id photo, `姓名1.jpg`, `姓名2.jpg` are work
/// photos in order of their numbers, videos likewise. Photos and videos that are nobody's are findings.
pub fn renamed(submission: &Submission) -> (Vec<Renamed<'_>>, Vec<Finding>) {
    let mut all = Vec::new();
    for (candidate, entry) in submission.candidates.iter().enumerate() {
        let name = plain(entry);
        let folder = format!("附件/{:02}{name}", candidate + 1);
        let mut put = |file, role, number: Option<usize>, ending: &str| {
            let number = number.map(|n| n.to_string()).unwrap_or_default();
            all.push(Renamed {
                name: format!("{folder}/{}/{name}{number}.{ending}", shelf(role)),
                of: Attached {
                    file,
                    candidate,
                    role,
                },
            });
        };
        if let Some(photo) = submission.id_photo(entry) {
            put(photo, EntryRole::Photo, None, &ending(photo));
        }
        let mut photos = submission.work_photos(entry);
        photos.sort_by_key(|file| order(file));
        for (n, file) in (1..).zip(photos) {
            put(file, EntryRole::Photo, Some(n), &ending(file));
        }
        let mut videos = submission.videos(entry);
        videos.sort_by_key(|file| order(file));
        for (n, file) in (1..).zip(videos) {
            put(file, EntryRole::Video, Some(n), &ending(file));
        }
    }
    let media = |file: &&Attachment| matches!(file.usage, Use::Photo | Use::Video);
    let nobodys = submission.files.iter().filter(media).filter(|file| {
        let owned = |renamed: &Renamed<'_>| renamed.of.file.path == file.path;
        !all.iter().any(owned)
    });
    let findings = nobodys.map(nobody).collect();
    (all, findings)
}

fn shelf(role: EntryRole) -> &'static str {
    match role {
        EntryRole::Video => "视频",
        _ => "照片",
    }
}

fn nobody(file: &Attachment) -> Finding {
    Finding::warning(
        "I11",
        Place::file(file.path.clone()),
        format!("“{}”找不到所属的候选人，没有打入报送包。", file.path),
        "请把文件名改为“姓名+序号”，如 张三1.jpg，再打包。",
    )
}

/// A candidate's name as a file may bear it: without spaces, and without characters that no file may have.
fn plain(candidate: &Entry) -> String {
    let name: String = candidate
        .text("name")
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .map(|c| if "/\\:*?\"<>|".contains(c) { '_' } else { c })
        .take(50)
        .collect();
    let name = name.trim_matches('.');
    if name.is_empty() {
        "未填姓名".to_owned()
    } else {
        name.to_owned()
    }
}

/// Where a file stands among its like: by the number at the end of its name, those without one behind.
fn order(file: &Attachment) -> (u64, String) {
    let stem = file.name().rsplit_once('.').map_or(file.name(), |(s, _)| s);
    let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let number = stem.get(stem.len() - digits..).and_then(|d| d.parse().ok());
    (number.unwrap_or(u64::MAX), file.path.clone())
}

/// The ending in small letters; `jpeg` is `jpg`, as the notice writes it.
fn ending(file: &Attachment) -> String {
    let ending = file.name().rsplit_once('.').map_or("", |(_, e)| e);
    let plain: String = ending
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(8)
        .collect();
    match plain.to_ascii_lowercase().as_str() {
        "" => "bin".to_owned(),
        "jpeg" => "jpg".to_owned(),
        other => other.to_owned(),
    }
}
