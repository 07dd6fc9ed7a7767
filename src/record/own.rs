//! Which of a person's files is which (各是哪一张): the id photo, work photos in order of their numbers, videos, and second copies
//! that are set aside and told of.

use super::file_name::{Rest, folded, stem};
use super::namesakes::People;
use super::{Attachment, Use};

/// The files of one candidate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Own<'a> {
    /// The id photo (证件照).
    pub id_photo: Option<&'a Attachment>,
    /// Work photos (工作照片), in order of the numbers in their names; those without one behind.
    pub work_photos: Vec<WorkPhoto<'a>>,
    /// Videos, in the same order.
    pub videos: Vec<&'a Attachment>,
    /// Other photos that would be the id photo, set aside.
    pub spares: Vec<&'a Attachment>,
    /// What the field `photo` names.
    pub claim: Claim<'a>,
    /// Whether there are files that may be this candidate's or another's.
    pub in_doubt: bool,
}

/// A work photo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorkPhoto<'a> {
    /// The file.
    pub file: &'a Attachment,
    /// Its number, where its name has one.
    pub number: Option<u32>,
    /// How well its name follows the campaign's pattern.
    pub fit: Fit,
}

/// How well a name follows a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// As the campaign writes it; blanks, letters' case and zeros before the number do not matter.
    Exact,
    /// It says the same in another way: full-width digits, brackets, a folder with the person's name.
    Near,
    /// It says something else.
    Other,
}

/// What the field `photo` (证件照文件名) of a candidate names.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Claim<'a> {
    /// It is empty.
    #[default]
    Nothing,
    /// A photo that is there; true where it is there with another ending.
    File(&'a Attachment, bool),
    /// A file that is not there.
    Missing,
    /// Words that name no file, such as 见附件.
    Words,
}

/// Sorts the files of one candidate.
pub(super) fn own<'a>(
    people: &People<'_>,
    index: usize,
    files: &[&'a Attachment],
    claim: Claim<'a>,
) -> Own<'a> {
    let mut own = Own {
        claim,
        ..Own::default()
    };
    let mut portraits: Vec<(u8, &'a Attachment)> = Vec::new();
    let mut videos: Vec<(u32, &'a Attachment)> = Vec::new();
    for file in files {
        let found = people.find(file);
        let rest = people.rest_of(index, &found);
        if file.usage == Use::Video {
            videos.push((rest.number.unwrap_or(u32::MAX), file));
            continue;
        }
        let claimed = matches!(claim, Claim::File(named, _) if named.path == file.path);
        match portrait(people, index, file, &rest, claimed) {
            Some(rank) => portraits.push((rank, file)),
            None => own.work_photos.push(work_photo(people, index, file, &rest)),
        }
    }
    portraits.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
    let mut portraits = portraits.into_iter().map(|(_, file)| file);
    own.id_photo = portraits.next();
    own.spares = portraits.collect();
    own.work_photos.sort_by(|a, b| key(a).cmp(&key(b)));
    videos.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
    own.videos = videos.into_iter().map(|(_, file)| file).collect();
    own
}

fn key<'a>(photo: &WorkPhoto<'a>) -> (u32, &'a str) {
    (photo.number.unwrap_or(u32::MAX), &photo.file.path)
}

/// How well a photo is the id photo, 0 best; none where it is a work photo.
fn portrait(
    people: &People<'_>,
    index: usize,
    file: &Attachment,
    rest: &Rest,
    claimed: bool,
) -> Option<u8> {
    let stem = stem(file.name());
    let in_work_folder = file.path.rsplit_once('/').is_some_and(|(folder, _)| {
        ["工作照", "生活照"]
            .iter()
            .any(|word| folder.contains(word))
    });
    if claimed {
        Some(0)
    } else if in_work_folder {
        None
    } else if stem == folded(&people.wanted(index, None)) {
        Some(1)
    } else if rest.id_words && rest.words.is_empty() {
        Some(if rest.copy { 5 } else { 3 })
    } else if rest.is_bare() {
        Some(if rest.copy { 4 } else { 2 })
    } else {
        None
    }
}

fn work_photo<'a>(
    people: &People<'_>,
    index: usize,
    file: &'a Attachment,
    rest: &Rest,
) -> WorkPhoto<'a> {
    let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    let written = file.name().rsplit_once('.').map_or(file.name(), |(s, _)| s);
    let around = people.around_number(index);
    let number = |stem: &str| -> Option<u32> {
        let (before, behind) = around.as_ref()?;
        let digits = stem
            .strip_prefix(before.as_str())?
            .strip_suffix(behind.as_str())?;
        let sound = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|n| sound && *n > 0)
    };
    let (number, fit) = if let Some(number) = number(&plain(written).to_lowercase()) {
        (Some(number), Fit::Exact)
    } else if let Some(number) = number(&stem(file.name())) {
        (Some(number), Fit::Near)
    } else {
        let same = rest.words.is_empty() && !rest.work_words && rest.number.is_some_and(|n| n > 0);
        let fit = match (same, people.has_namesake(index)) {
            (true, true) => Fit::Exact,
            (true, false) => Fit::Near,
            (false, _) => Fit::Other,
        };
        (rest.number, fit)
    };
    WorkPhoto { file, number, fit }
}
