//! How a package calls photos and videos: “姓名+序号” as the notice asks, in a folder for each candidate, so that two people of
//! one name keep theirs apart.

use crate::campaign::Campaign;
use crate::finding::{Finding, Place};
use crate::record::{Attachment, Submission, belongings, pattern_value, works};

use super::EntryRole;

/// A file under its name in the package.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attached<'a> {
    /// The file.
    pub file: &'a Attachment,
    /// Index of the candidate; none for a work of the unit's own.
    pub candidate: Option<usize>,
    /// Photo, video or work.
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

/// The photos and videos of every candidate under their names, as the campaign's patterns want them: `姓名.jpg` is the id photo,
/// `姓名1.jpg`, `姓名2.jpg` are work photos in order of their numbers, videos likewise. What is left out is a finding: files that are
/// nobody's, files that fit several candidates, and second copies.
pub fn renamed<'a>(
    campaign: &'a Campaign,
    submission: &'a Submission,
) -> (Vec<Renamed<'a>>, Vec<Finding>) {
    let names = campaign.photo_names();
    let belongings = belongings(campaign, submission);
    let mut all = Vec::new();
    let mut findings = Vec::new();
    for (candidate, own) in belongings.of.iter().enumerate() {
        let Some(entry) = submission.candidates.get(candidate) else {
            continue;
        };
        let folder = format!("附件/{:02}{}", candidate + 1, plain(entry.text("name")));
        let value = |key: &str| plain(&pattern_value(campaign, submission, candidate, key));
        let mut put = |file, role, number: Option<usize>| {
            let pattern = match number {
                None => &names.id_photo,
                Some(_) => &names.work_photo,
            };
            let stem = pattern.fill(number, &value);
            all.push(Renamed {
                name: format!("{folder}/{}/{stem}.{}", shelf(role), ending(file)),
                of: Attached {
                    file,
                    candidate: Some(candidate),
                    role,
                },
            });
        };
        if let Some(photo) = own.id_photo {
            put(photo, EntryRole::Photo, None);
        }
        for (n, photo) in (1..).zip(&own.work_photos) {
            put(photo.file, EntryRole::Photo, Some(n));
        }
        for (n, file) in (1..).zip(&own.videos) {
            put(file, EntryRole::Video, Some(n));
        }
        findings.extend(own.spares.iter().map(|file| spare(file)));
    }
    findings.extend(belongings.strays.iter().map(|stray| nobody(stray.file)));
    all.extend(of_works(campaign, submission, &mut findings));
    let doubtful = belongings.doubts.iter().flat_map(|doubt| &doubt.files);
    findings.extend(doubtful.map(|file| doubtful_file(file)));
    (all, findings)
}

/// The files of works, under the names that they have: pages find their parts by them.
fn of_works<'a>(
    campaign: &'a Campaign,
    submission: &'a Submission,
    findings: &mut Vec<Finding>,
) -> Vec<Renamed<'a>> {
    let works = works(campaign, submission);
    let mut all: Vec<Renamed<'a>> = Vec::new();
    for work in &works.all {
        let folder = match work
            .candidate
            .and_then(|i| Some((i, submission.candidates.get(i)?)))
        {
            Some((i, entry)) => format!("附件/{:02}{}/作品", i + 1, plain(entry.text("name"))),
            None => "附件/作品".to_owned(),
        };
        for file in &work.files {
            let inside = file.path.split('/').skip(1).map(kept);
            let mut name = format!("{folder}/{}", inside.collect::<Vec<_>>().join("/"));
            // two names that are one without the signs that no file may have
            for n in 2.. {
                if all
                    .iter()
                    .all(|other| !other.name.eq_ignore_ascii_case(&name))
                {
                    break;
                }
                name = format!("{folder}/{n}-{}", kept(file.name()));
            }
            all.push(Renamed {
                name,
                of: Attached {
                    file,
                    candidate: work.candidate,
                    role: EntryRole::Work,
                },
            });
        }
    }
    findings.extend(works.strays.iter().map(|file| no_work(file)));
    all
}

/// One step of a path as it is, but for signs that no file may have.
fn kept(step: &str) -> String {
    let bad = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let safe: String = step.chars().map(|c| if bad(c) { '_' } else { c }).collect();
    match safe.trim_matches([' ', '.']) {
        "" => "_".to_owned(),
        _ => safe
            .trim_end_matches([' ', '.'])
            .trim_start_matches(' ')
            .to_owned(),
    }
}

fn no_work(file: &Attachment) -> Finding {
    Finding::warning(
        "I11",
        Place::file(file.path.clone()),
        format!("“{}”没有归到任何一件作品，没有打入报送包。", file.path),
        "请在作品表中填写它属于哪一件作品，再打包；不需要的请移走。",
    )
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

/// A copy of an id photo that is there already.
fn spare(file: &Attachment) -> Finding {
    Finding::warning(
        "I11",
        Place::file(file.path.clone()),
        format!("“{}”是多余的证件照，没有打入报送包。", file.path),
        "请移走；如果是工作照片，请在文件名的姓名后写上序号，如 张三1.jpg。",
    )
}

/// A file that fits several candidates; `check` says between whom and what to do.
fn doubtful_file(file: &Attachment) -> Finding {
    Finding::error(
        "I14",
        Place::file(file.path.clone()),
        format!("“{}”分不清是哪位候选人的，不能打包。", file.path),
        "请在文件名或文件夹名中写明是哪一位，如身份证号后四位。",
    )
}

/// A text as a file's name may bear it: without spaces, and without characters that no file may have.
fn plain(text: &str) -> String {
    let name: String = text
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
