//! Works in new media (作品): a row of a sheet for each, with an address on the web, or with files in the folder that the sheet names. Here
//! rows and files find each other; what is missing, left over or named twice is told in `check`. Nothing here guesses: a name that fits two
//! files takes neither.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Campaign, Field, Kind, Owner, Sheet};

use super::file_name::{folded, has_ending};
use super::{Attachment, Entry, Submission, Use};

/// All works of a submission.
#[derive(Clone, Debug, Default)]
pub struct Works<'a> {
    /// The works, by sheet, then by owner, then by row.
    pub all: Vec<Work<'a>>,
    /// Files in a folder of works that no work has, by path.
    pub strays: Vec<&'a Attachment>,
}

/// One work.
#[derive(Clone, Debug)]
pub struct Work<'a> {
    /// The sheet whose row it is.
    pub sheet: &'a Sheet,
    /// Index of the candidate whose row it is; none for the unit's.
    pub candidate: Option<usize>,
    /// Its row, from 0.
    pub row: usize,
    /// Its address; empty where there is none.
    pub url: &'a str,
    /// What its row names, in the order in which it names it.
    pub named: Vec<NamedFile<'a>>,
    /// Its files, by path; those that an earlier work has too are left out.
    pub files: Vec<&'a Attachment>,
}

/// A file or folder that a row names.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedFile<'a> {
    /// As it stands there.
    pub typed: String,
    /// What it is.
    pub found: FoundFile<'a>,
}

/// What a name leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum FoundFile<'a> {
    /// Files: one, or all that a folder or a page with its parts holds.
    Files(Vec<&'a Attachment>),
    /// Nothing. The file of another folder of the submission that bears the name, else the path below the folder that comes nearest.
    Nothing(Option<&'a Attachment>),
    /// Several files or folders bear the name: the files, of each folder the first.
    Several(Vec<&'a Attachment>),
    /// A folder in which nothing lies: its path.
    Empty(&'a str),
    /// What an earlier work has already: where that work is in [`Works::all`].
    Taken(usize),
}

impl Work<'_> {
    /// The work's title: the first column of its sheet.
    pub fn title<'e>(&self, submission: &'e Submission) -> &'e str {
        let key = self.sheet.fields.first().map_or("", |f| f.key.as_str());
        self.text(submission, key)
    }

    /// A column of the work's row.
    pub fn text<'e>(&self, submission: &'e Submission, key: &str) -> &'e str {
        let rows = self
            .entry(submission)
            .map_or(&[][..], |e| e.rows(&self.sheet.key));
        let row = rows.get(self.row);
        row.and_then(|row| row.get(key)).map_or("", |t| t.trim())
    }

    /// Whose work it is.
    pub fn entry<'e>(&self, submission: &'e Submission) -> Option<&'e Entry> {
        match self.candidate {
            None => Some(&submission.unit),
            Some(index) => submission.candidates.get(index),
        }
    }
}

/// The column of a sheet that names files.
pub(crate) fn column(sheet: &Sheet, kind: Kind) -> Option<&Field> {
    sheet.fields.iter().find(|f| f.kind == kind)
}

/// Whether a path lies in a campaign's folder of works.
pub fn is_work_folder(campaign: &Campaign, path: &str) -> bool {
    campaign
        .work_lists()
        .any(|sheet| below(sheet, path).is_some())
}

/// The part of a path below a sheet's folder; none where it lies elsewhere.
fn below<'p>(sheet: &Sheet, path: &'p str) -> Option<&'p str> {
    let (top, rest) = path.split_once('/')?;
    (folded(top) == folded(&sheet.folder)).then_some(rest)
}

/// Gives the files in the folders of works their use, whatever their endings say.
pub fn sort_works(campaign: &Campaign, files: &mut [Attachment]) {
    for file in files {
        if file.usage != Use::Data && is_work_folder(campaign, &file.path) {
            file.usage = Use::Work;
        }
    }
}

/// Finds the files of all works.
pub fn works<'a>(campaign: &'a Campaign, submission: &'a Submission) -> Works<'a> {
    let mut works = Works::default();
    for sheet in campaign.work_lists() {
        let shelf = Shelf::new(sheet, submission);
        let before = works.all.len();
        let owners: Vec<(Option<usize>, &Entry)> = match sheet.of {
            Owner::Unit => vec![(None, &submission.unit)],
            Owner::Candidate => (0..).map(Some).zip(&submission.candidates).collect(),
        };
        for (candidate, entry) in owners {
            let own = folders_of(campaign, submission, candidate);
            for (row, values) in entry.rows(&sheet.key).iter().enumerate() {
                let text = |kind| {
                    let key = column(sheet, kind).map_or("", |f| f.key.as_str());
                    let text = values.get(key).map_or("", |t| t.trim());
                    if says_nothing(text) { "" } else { text }
                };
                works.all.push(Work {
                    sheet,
                    candidate,
                    row,
                    url: text(Kind::Url),
                    named: shelf.named(text(Kind::File), &own),
                    files: Vec::new(),
                });
            }
        }
        let fresh = works.all.get_mut(before..).unwrap_or_default();
        shelf.pages_with_parts(fresh);
        let taken = give(fresh, before);
        let strays = shelf.files.iter().map(|(_, file)| *file);
        works
            .strays
            .extend(strays.filter(|f| !taken.contains(f.path.as_str())));
    }
    works
}

/// Gives every file to the first work that names it; gives the paths that are taken.
fn give<'a>(works: &mut [Work<'a>], before: usize) -> BTreeSet<&'a str> {
    let mut owner: BTreeMap<&'a str, usize> = BTreeMap::new();
    for (at, work) in works.iter_mut().enumerate() {
        for named in &mut work.named {
            let FoundFile::Files(files) = &named.found else {
                continue;
            };
            let earlier = files.iter().filter_map(|f| owner.get(f.path.as_str()));
            let earlier = earlier.copied().find(|earlier| *earlier != at);
            for file in files {
                if *owner.entry(&file.path).or_insert(at) == at
                    && !work.files.iter().any(|f| f.path == file.path)
                {
                    work.files.push(file);
                }
            }
            if let Some(earlier) = earlier {
                named.found = FoundFile::Taken(before + earlier);
            }
        }
        work.files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    owner.into_keys().collect()
}

/// Names of folders that are a candidate's own: name, and name with the end of the id number.
fn folders_of(
    campaign: &Campaign,
    submission: &Submission,
    candidate: Option<usize>,
) -> Vec<String> {
    let Some(index) = candidate else {
        return Vec::new();
    };
    let value = |key: &str| folded(&super::pattern_value(campaign, submission, index, key));
    let (name, tail) = (value("name"), value("id_tail"));
    if name.is_empty() {
        return Vec::new();
    }
    vec![format!("{name}{tail}"), name]
}

/// Whether a cell only says that there is nothing.
fn says_nothing(text: &str) -> bool {
    matches!(text, "" | "无" | "—" | "-" | "/" | "／")
}

/// Endings of pages that are made of several files.
const PAGES: &[&str] = &["html", "htm"];

/// The files of one folder of works, with their paths below it, folded.
struct Shelf<'a> {
    files: Vec<(String, &'a Attachment)>,
    /// Folders in which nothing lies, with their paths below it.
    empty: Vec<(String, &'a str)>,
    /// Files of other folders.
    elsewhere: Vec<&'a Attachment>,
}

impl<'a> Shelf<'a> {
    fn new(sheet: &'a Sheet, submission: &'a Submission) -> Self {
        let (mut files, mut elsewhere) = (Vec::new(), Vec::new());
        for file in &submission.files {
            match below(sheet, &file.path) {
                Some(rest) => files.push((folded(rest), file)),
                None if matches!(file.usage, Use::Data | Use::Report) => {}
                None => elsewhere.push(file),
            }
        }
        let empty = submission.empty_folders.iter();
        let empty = empty.filter_map(|path| Some((folded(below(sheet, path)?), path.as_str())));
        Self {
            files,
            empty: empty.collect(),
            elsewhere,
        }
    }

    /// What a cell names: one thing, or else several that 、 or another sign separates.
    fn named(&self, text: &str, own: &[String]) -> Vec<NamedFile<'a>> {
        if text.is_empty() {
            return Vec::new();
        }
        let whole = self.find(text, own);
        let parts: Vec<&str> = text
            .split(['、', '；', ';', '，', ',', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        if matches!(whole, FoundFile::Nothing(_)) && parts.len() > 1 {
            let part = |part: &&str| NamedFile {
                typed: (*part).to_owned(),
                found: self.find(part, own),
            };
            return parts.iter().map(part).collect();
        }
        vec![NamedFile {
            typed: text.to_owned(),
            found: whole,
        }]
    }

    /// What one name leads to: the longest part of a typed path that something bears; files by their full names first, then folders, then
    /// names without an ending.
    fn find(&self, typed: &str, own: &[String]) -> FoundFile<'a> {
        let path = typed.replace('\\', "/");
        let bare = path.trim_matches(|c: char| c.is_whitespace() || "\"'“”‘’《》".contains(c));
        let steps: Vec<String> = bare.split('/').map(folded).collect();
        let steps: Vec<&str> = steps
            .iter()
            .map(String::as_str)
            .filter(|s| !s.is_empty() && *s != ".")
            .collect();
        for from in 0..steps.len() {
            let wanted = steps.get(from..).unwrap_or_default().join("/");
            let exact = |path: &str| path == wanted;
            let last = |path: &str| ends_with(path, &wanted);
            let stem = |path: &str| {
                let whole = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
                whole == wanted || ends_with(whole, &wanted)
            };
            let found = self
                .file(&exact, own)
                .or_else(|| self.file(&last, own))
                .or_else(|| self.folder(&wanted, own))
                .or_else(|| {
                    (!has_ending(&wanted))
                        .then(|| self.file(&stem, own))
                        .flatten()
                });
            if let Some(found) = found {
                return found;
            }
        }
        if let Some(empty) = self.empty_folder(&steps) {
            return FoundFile::Empty(empty);
        }
        FoundFile::Nothing(self.near(steps.last().copied().unwrap_or_default()))
    }

    /// The file whose path fits; of several the one in the candidate's own folder.
    fn file(&self, fits: &dyn Fn(&str) -> bool, own: &[String]) -> Option<FoundFile<'a>> {
        let fitting = self.files.iter().filter(|(path, _)| fits(path));
        let mut fitting: Vec<&(String, &Attachment)> = fitting.collect();
        narrow(&mut fitting, own);
        match fitting.as_slice() {
            [] => None,
            [(_, file)] => Some(FoundFile::Files(vec![file])),
            several => Some(FoundFile::Several(
                several.iter().map(|(_, f)| *f).collect(),
            )),
        }
    }

    /// All files of a folder.
    fn folder(&self, wanted: &str, own: &[String]) -> Option<FoundFile<'a>> {
        let mut folders: BTreeMap<&str, Vec<&(String, &'a Attachment)>> = BTreeMap::new();
        for entry in &self.files {
            let path = entry.0.as_str();
            for (at, _) in path.match_indices('/') {
                let folder = path.get(..at).unwrap_or_default();
                if folder == wanted || ends_with(folder, wanted) {
                    folders.entry(folder).or_default().push(entry);
                }
            }
        }
        if folders.contains_key(wanted) {
            folders.retain(|folder, _| *folder == wanted);
        } else if folders.len() > 1 && folders.keys().any(|f| is_in(f, own)) {
            folders.retain(|folder, _| is_in(folder, own));
        }
        let mut folders = folders.into_iter();
        let (_, files) = folders.next()?;
        let others: Vec<_> = folders.collect();
        if others.is_empty() {
            return Some(FoundFile::Files(
                files.iter().map(|(_, file)| *file).collect(),
            ));
        }
        let mut firsts: Vec<&'a Attachment> = files.first().map(|(_, f)| *f).into_iter().collect();
        firsts.extend(
            others
                .iter()
                .filter_map(|(_, files)| Some(files.first()?.1)),
        );
        Some(FoundFile::Several(firsts))
    }

    /// The folder without files that a typed path leads to, by the longest part of it that one bears.
    fn empty_folder(&self, steps: &[&str]) -> Option<&'a str> {
        (0..steps.len()).find_map(|from| {
            let wanted = steps.get(from..).unwrap_or_default().join("/");
            let mut fitting = self.empty.iter();
            let found = fitting.find(|(path, _)| *path == wanted || ends_with(path, &wanted));
            found.map(|(_, path)| *path)
        })
    }

    /// A file that the name may mean: of that name in another folder, or of nearly that name in this one.
    fn near(&self, name: &str) -> Option<&'a Attachment> {
        if name.is_empty() {
            return None;
        }
        let stem_of = |name: &str| name.rsplit_once('.').map_or(name, |(s, _)| s).to_owned();
        let same = |file: &&&Attachment| {
            let own = folded(file.name());
            own == name || stem_of(&own) == name
        };
        if let Some(file) = self.elsewhere.iter().find(same) {
            return Some(file);
        }
        let most = 1 + name.chars().count() / 4;
        let wanted = stem_of(name);
        let distance = |path: &str| {
            let own = path.rsplit('/').next().unwrap_or(path);
            let whole = distance(own, name);
            whole.min(distance(&stem_of(own), &wanted))
        };
        let near = self
            .files
            .iter()
            .map(|(path, file)| (distance(path), *file));
        let near = near.filter(|(far, _)| *far <= most);
        near.min_by_key(|(far, file)| (*far, file.path.as_str()))
            .map(|(_, file)| file)
    }

    /// A page brings what lies beside it: all of its own folder, the folder `name_files` that a browser saves, and, where it is the only
    /// page at the top, everything else that nobody names.
    fn pages_with_parts(&self, works: &mut [Work<'a>]) {
        let is_page = |path: &str| {
            let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
            PAGES.contains(&ending)
        };
        let named: BTreeSet<&str> = works
            .iter()
            .flat_map(|w| &w.named)
            .filter_map(|n| match &n.found {
                FoundFile::Files(files) => Some(files),
                _ => None,
            })
            .flatten()
            .map(|f| f.path.as_str())
            .collect();
        let free: Vec<&(String, &Attachment)> = self
            .files
            .iter()
            .filter(|(_, f)| !named.contains(f.path.as_str()))
            .collect();
        let pages = self
            .files
            .iter()
            .filter(|(path, _)| !path.contains('/') && is_page(path))
            .count();
        for named in works.iter_mut().flat_map(|w| &mut w.named) {
            let FoundFile::Files(files) = &mut named.found else {
                continue;
            };
            let [only] = files.as_slice() else {
                continue;
            };
            let Some((path, _)) = self.files.iter().find(|(_, f)| f.path == only.path) else {
                continue;
            };
            if !is_page(path) {
                continue;
            }
            let stem = path
                .rsplit_once('.')
                .map_or(path.as_str(), |(stem, _)| stem);
            let saved = [format!("{stem}_files/"), format!("{stem}.files/")];
            let beside = path
                .rsplit_once('/')
                .map(|(folder, _)| format!("{folder}/"));
            let part = |other: &str| match &beside {
                Some(folder) => other.starts_with(folder.as_str()),
                None if pages == 1 => other.contains('/') || is_part(other),
                None => saved
                    .iter()
                    .any(|folder| other.starts_with(folder.as_str())),
            };
            files.extend(
                free.iter()
                    .filter(|(other, _)| part(other))
                    .map(|(_, f)| *f),
            );
        }
    }
}

/// Whether a file is one that only pages use.
fn is_part(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    [
        "css", "js", "json", "svg", "woff", "woff2", "ttf", "ico", "map",
    ]
    .contains(&ending)
}

/// Whether a path ends with these steps.
fn ends_with(path: &str, steps: &str) -> bool {
    let before = path.strip_suffix(steps);
    before.is_some_and(|before| before.ends_with('/'))
}

/// Whether a path lies in one of these folders.
fn is_in(path: &str, folders: &[String]) -> bool {
    path.split('/')
        .any(|step| folders.iter().any(|f| f == step))
}

/// Of several paths those in the candidate's own folder, where there are any.
fn narrow(fitting: &mut Vec<&(String, &Attachment)>, own: &[String]) {
    if fitting.len() > 1 && fitting.iter().any(|(path, _)| is_in(path, own)) {
        fitting.retain(|(path, _)| is_in(path, own));
    }
}

/// Levenshtein's distance; names of files are short, longer ones are cut.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(80).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(80).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(x != *y))
                .min(left + 1)
                .min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
