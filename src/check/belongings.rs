//! Whose file is whose. What makes a file someone's is said by `record`; here every file is shown only to the candidates
//! that it can belong to, so that long lists of candidates and files are sorted through once.

use std::collections::BTreeMap;

use crate::record::{Attachment, Entry, Submission, Use};

/// Files by candidate.
pub(super) struct Belongings<'a> {
    /// For each candidate in order: its own files.
    pub(super) of: Vec<Own>,
    /// Photos and videos that are nobody's.
    pub(super) strays: Vec<&'a Attachment>,
}

/// The files of one candidate.
pub(super) struct Own {
    /// The id photo (证件照).
    pub(super) id_photo: Option<Attachment>,
    /// Work photos (工作照片), in order of path.
    pub(super) work_photos: Vec<Attachment>,
    /// Videos, in order of path.
    pub(super) videos: Vec<Attachment>,
}

/// Letters' case and blanks do not matter.
fn compact(text: &str) -> String {
    let lower = text.to_lowercase();
    lower.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Sorts a submission's photos and videos to its candidates.
pub(super) fn sort(submission: &Submission) -> Belongings<'_> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, candidate) in submission.candidates.iter().enumerate() {
        for key in ["name", "photo"] {
            let key = compact(candidate.text(key));
            if !key.is_empty() {
                by_name.entry(key).or_default().push(index);
            }
        }
    }
    let media: Vec<&Attachment> = submission
        .files
        .iter()
        .filter(|f| matches!(f.usage, Use::Photo | Use::Video))
        .collect();
    let mut files: Vec<Vec<usize>> = vec![Vec::new(); submission.candidates.len()];
    for (number, file) in media.iter().enumerate() {
        for owner in possible_owners(&by_name, file) {
            if let Some(list) = files.get_mut(owner) {
                list.push(number);
            }
        }
    }
    let mut claimed = vec![false; media.len()];
    let of = submission
        .candidates
        .iter()
        .zip(&files)
        .map(|(candidate, numbers)| own(candidate, numbers, &media, &mut claimed))
        .collect();
    let strays = media
        .into_iter()
        .zip(claimed)
        .filter_map(|(file, claimed)| (!claimed).then_some(file))
        .collect();
    Belongings { of, strays }
}

/// Candidates whose name or photo field the file's name, a beginning of it, its path or one of its folders is.
fn possible_owners(by_name: &BTreeMap<String, Vec<usize>>, file: &Attachment) -> Vec<usize> {
    let path = compact(&file.path);
    let name = path.rsplit('/').next().unwrap_or(&path);
    let beginnings = name
        .char_indices()
        .map(|(at, c)| name.get(..at + c.len_utf8()).unwrap_or_default());
    let mut owners: Vec<usize> = beginnings
        .chain(path.split('/'))
        .chain([path.as_str()])
        .filter_map(|key| by_name.get(key))
        .flatten()
        .copied()
        .collect();
    owners.sort_unstable();
    owners.dedup();
    owners
}

/// What `record` holds to be the candidate's among a few files.
fn own(candidate: &Entry, numbers: &[usize], media: &[&Attachment], claimed: &mut [bool]) -> Own {
    let few = Submission {
        files: numbers
            .iter()
            .filter_map(|n| media.get(*n))
            .map(|f| (*f).clone())
            .collect(),
        ..Submission::default()
    };
    let cloned = |list: Vec<&Attachment>| list.into_iter().cloned().collect::<Vec<_>>();
    let own = Own {
        id_photo: few.id_photo(candidate).cloned(),
        work_photos: cloned(few.work_photos(candidate)),
        videos: cloned(few.videos(candidate)),
    };
    for number in numbers {
        let Some(file) = media.get(*number) else {
            continue;
        };
        let is_own = own
            .id_photo
            .iter()
            .chain(&own.work_photos)
            .chain(&own.videos)
            .any(|f| f.path == file.path);
        if let Some(claimed) = claimed.get_mut(*number) {
            *claimed |= is_own;
        }
    }
    own
}
