//! M15: works in new media (作品). Every row leads to something that can be seen, every file in their folder is of some work. Which file is
//! of which work is found in `record::works`; addresses are F18, in `url`.

use std::collections::{BTreeMap, BTreeSet};

use crate::campaign::{Kind, Sheet};
use crate::finding::{Place, Severity};
use crate::media::Probe;
use crate::record::{Attachment, FoundFile, NamedFile, Use, Work, Works};

use super::checking::{Checking, Person};
use super::params::{brief, quoted};

/// Endings of files that only point elsewhere.
const SHORTCUTS: &[&str] = &["lnk", "url", "webloc", "desktop"];
/// Endings of files that a program has not finished.
const UNFINISHED: &[&str] = &["crdownload", "part", "downloading", "download", "td", "tmp"];
/// Most findings about files that nobody names; the rest is counted.
const MOST_STRAYS: usize = 20;

/// M15 of all works.
pub(super) fn all(checking: &mut Checking<'_>, works: &Works<'_>) {
    let Some(severity) = checking.weight("M15", Severity::Error) else {
        return;
    };
    // a file that a mistyped name most likely means is told at that name
    let mut told = BTreeSet::new();
    let mut links: BTreeMap<String, usize> = BTreeMap::new();
    for (at, work) in works.all.iter().enumerate() {
        let spot = Spot::new(checking, work, severity);
        if spot.is_blank(checking) {
            continue;
        }
        spot.holds_something(checking);
        if !work.url.is_empty() {
            let earlier = *links.entry(plain_link(work.url)).or_insert(at);
            if let Some(other) = works.all.get(earlier).filter(|_| earlier != at) {
                spot.same_link(checking, other);
            }
        }
        for named in &work.named {
            spot.named(checking, works, at, named, &mut told);
        }
        for file in &work.files {
            spot.file(checking, file);
        }
    }
    strays(checking, works, severity.min(Severity::Warning), &told);
}

/// One work under check.
struct Spot<'a> {
    work: &'a Work<'a>,
    severity: Severity,
    /// Whose it is.
    record: String,
    /// `作品“…”`.
    called: String,
}

impl<'a> Spot<'a> {
    fn new(checking: &Checking<'_>, work: &'a Work<'a>, severity: Severity) -> Self {
        let record = match (work.candidate, work.entry(checking.submission)) {
            (Some(index), Some(entry)) => Person::new(entry, index).record,
            _ => checking.unit_text("name").to_owned(),
        };
        Self {
            work,
            severity,
            record,
            called: called(checking, work),
        }
    }

    fn column(&self, kind: Kind) -> Option<(&'a str, &'a str)> {
        let field = self.work.sheet.fields.iter().find(|f| f.kind == kind)?;
        Some((field.key.as_str(), field.label.as_str()))
    }

    /// The cell of the first of these columns that the sheet has.
    fn place(&self, checking: &Checking<'_>, kinds: &[Kind]) -> Place {
        let key = kinds.iter().find_map(|kind| self.column(*kind));
        let key = key.map_or("", |(key, _)| key);
        let sheet = &self.work.sheet.key;
        let entry = self.work.entry(checking.submission);
        let place = entry.map(|e| e.place_in(sheet, self.work.row, key));
        place
            .unwrap_or_default()
            .of(&self.record, &format!("{sheet}.{key}"))
    }

    /// Whether the row says nothing at all.
    fn is_blank(&self, checking: &Checking<'_>) -> bool {
        let fields = self.work.sheet.fields.iter();
        let mut texts = fields.map(|f| self.work.text(checking.submission, &f.key));
        texts.all(super::params::says_nothing)
    }

    /// An address or a file, one of them at least.
    fn holds_something(&self, checking: &mut Checking<'_>) {
        let columns = (self.column(Kind::Url), self.column(Kind::File));
        let folder = &self.work.sheet.folder;
        match (self.work.url.is_empty(), self.work.named.is_empty()) {
            (true, true) => {
                let file = |label: &str| format!("把文件放入 {folder} 文件夹，在“{label}”填文件名");
                let (what, hint) = match columns {
                    (Some((_, url)), Some((_, name))) => (
                        "没有链接，也没有文件",
                        format!("有网址的填“{url}”；没有网址的，{}。", file(name)),
                    ),
                    (None, Some((_, name))) => ("没有文件", format!("请{}。", file(name))),
                    (Some((_, url)), None) => ("没有链接", format!("请填“{url}”。")),
                    (None, None) => return,
                };
                let message = format!("{}{what}。", self.called);
                let place = self.place(checking, &[Kind::File, Kind::Url]);
                checking.add(self.severity, "M15", place, message, hint);
            }
            (false, false) => {
                let message = format!("{}既有链接又有文件，两样都会报送。", self.called);
                let place = self.place(checking, &[Kind::File]);
                let hint = "如果两样是同一内容，无需处理；填错的请删去一样。";
                checking.add(Severity::Info, "M15", place, message, hint);
            }
            _ => {}
        }
    }

    /// A link that another work has too.
    fn same_link(&self, checking: &mut Checking<'_>, other: &Work<'_>) {
        let message = format!("{}的链接与{}的相同。", self.called, called(checking, other));
        let hint = "确是同一件作品的，请只留一行；填错的请改正链接。";
        let place = self.place(checking, &[Kind::Url]);
        let weight = self.severity.min(Severity::Warning);
        checking.add(weight, "M15", place, message, hint);
    }

    /// One name of a file.
    fn named(
        &self,
        checking: &mut Checking<'_>,
        works: &Works<'_>,
        at: usize,
        named: &NamedFile<'_>,
        told: &mut BTreeSet<String>,
    ) {
        let folder = &self.work.sheet.folder;
        let typed = brief(&named.typed);
        let (weight, message, hint) = match &named.found {
            FoundFile::Files(_) => return,
            FoundFile::Nothing(_) if is_address(&named.typed) => {
                let label = self.column(Kind::Url).map_or("链接", |(_, label)| label);
                (
                    self.severity,
                    format!("{}的文件名填的是网址“{typed}”。", self.called),
                    format!("请把网址移到“{label}”一栏，这一格留空。"),
                )
            }
            FoundFile::Nothing(near) => {
                let message = format!("{}的文件“{typed}”不在 {folder} 文件夹中", self.called);
                match near {
                    None => (
                        self.severity,
                        format!("{message}。"),
                        format!("请把文件放入 {folder} 文件夹，或改正这一格的文件名。"),
                    ),
                    Some(file) if file.usage == Use::Work => {
                        told.insert(file.path.clone());
                        (
                            self.severity,
                            format!("{message}，最接近的是“{}”。", file.path),
                            format!(
                                "如果就是它，请把这一格改为“{}”；否则请放入文件。",
                                inside(file)
                            ),
                        )
                    }
                    Some(file) => (
                        self.severity,
                        format!("{message}，“{}”同名。", file.path),
                        format!("如果就是它，请移到（或复制到） {folder} 文件夹。"),
                    ),
                }
            }
            FoundFile::Empty(path) => (
                self.severity,
                format!("{}的文件夹“{path}”是空的，里面没有文件。", self.called),
                format!(
                    "请把这件作品的全部文件放进去；文件放在别处的，移到 {folder} 文件夹，并改正这一格。"
                ),
            ),
            FoundFile::Several(files) => {
                told.extend(files.iter().map(|f| f.path.clone()));
                let shown = files.iter().take(4).map(|f| inside(f));
                let first = files.first().map_or("", |f| inside(f));
                (
                    self.severity,
                    format!(
                        "{}的文件“{typed}”有{}个，不知是哪一个：{}。",
                        self.called,
                        files.len(),
                        quoted(shown)
                    ),
                    format!("请连同文件夹名一起填写，如“{first}”。"),
                )
            }
            FoundFile::Taken(earlier) => {
                let Some(other) = works.all.get(*earlier).filter(|_| *earlier != at) else {
                    return;
                };
                (
                    self.severity.min(Severity::Warning),
                    format!(
                        "{}的文件“{typed}”，已经是{}的文件。",
                        self.called,
                        called(checking, other)
                    ),
                    "一个文件只报一次：确是同一件作品的，请只留一行；填错的请改正。".to_owned(),
                )
            }
        };
        let place = self.place(checking, &[Kind::File]);
        checking.add(weight, "M15", place, message, hint);
    }

    /// A file that cannot be what it is handed in for.
    fn file(&self, checking: &mut Checking<'_>, file: &Attachment) {
        let lower = file.name().to_lowercase();
        let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
        let (weight, what, hint) = if file.size == 0 && ending != "gitkeep" {
            (
                self.severity,
                "是空文件",
                "请重新复制；确是网页所用的空文件，请删去。".to_owned(),
            )
        } else if SHORTCUTS.contains(&ending) {
            (
                self.severity,
                "是快捷方式，不是作品本身",
                "请把它指向的文件复制过来；指向网页的，把网址填在链接一栏。".to_owned(),
            )
        } else if UNFINISHED.contains(&ending) {
            (
                self.severity,
                "没有下载完",
                "请重新下载完整后放入。".to_owned(),
            )
        } else if let Probe::Broken { claims, reason } = &file.probe {
            (
                self.severity.min(Severity::Warning),
                "可能打不开",
                format!("{claims}内容有误：{reason}。请打开看一看，不能打开的请重新导出。"),
            )
        } else {
            return;
        };
        // an empty file among the parts of a page does no harm
        let weight = if self.work.files.len() > 3 {
            weight.min(Severity::Warning)
        } else {
            weight
        };
        let message = format!("{}的文件“{}”{what}。", self.called, file.path);
        let place = self.place(checking, &[Kind::File]);
        checking.add(weight, "M15", place, message, hint);
    }
}

/// `作品“…”`, with whose it is where it is a candidate's.
fn called(checking: &Checking<'_>, work: &Work<'_>) -> String {
    let title = work.title(checking.submission);
    let title = if title.is_empty() {
        format!("第{}件作品", work.row + 1)
    } else {
        format!("作品“{}”", brief(title))
    };
    match (work.candidate, work.entry(checking.submission)) {
        (Some(index), Some(entry)) => format!("{}的{title}", Person::new(entry, index).record),
        _ => title,
    }
}

/// An address as it is compared: with or without the sign of encryption and the last slash it leads to one place.
fn plain_link(url: &str) -> String {
    let url = url.trim();
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, rest) = bare.split_once('/').unwrap_or((bare, ""));
    format!(
        "{}/{}",
        host.to_ascii_lowercase(),
        rest.trim_end_matches('/')
    )
}

fn is_address(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    lower.starts_with("http:") || lower.starts_with("https:") || lower.starts_with("www.")
}

/// A file's path below its folder.
fn inside(file: &Attachment) -> &str {
    file.path
        .split_once('/')
        .map_or(file.path.as_str(), |(_, rest)| rest)
}

/// Files in a folder of works that no work has. Of a folder of which nothing is named, one finding.
fn strays(
    checking: &mut Checking<'_>,
    works: &Works<'_>,
    severity: Severity,
    told: &BTreeSet<String>,
) {
    let taken: BTreeSet<&str> = works
        .all
        .iter()
        .flat_map(|w| &w.files)
        .filter_map(|f| top(f))
        .collect();
    let mut groups: BTreeMap<&str, Vec<&Attachment>> = BTreeMap::new();
    for file in works.strays.iter().copied() {
        let key = top(file)
            .filter(|top| !taken.contains(top))
            .unwrap_or(&file.path);
        groups.entry(key).or_default().push(file);
    }
    groups.retain(|_, files| files.iter().all(|f| !told.contains(&f.path)));
    let left = groups.len().saturating_sub(MOST_STRAYS);
    let campaign = checking.campaign;
    let sheet_of = |path: &str| {
        let top = path.split('/').next().unwrap_or_default();
        let same = |s: &&Sheet| s.folder.eq_ignore_ascii_case(top);
        campaign
            .work_lists()
            .find(same)
            .or_else(|| campaign.work_lists().next())
    };
    for (n, (path, files)) in groups.into_iter().enumerate() {
        if n >= MOST_STRAYS {
            let message = format!("还有{left}个文件（文件夹）没有归到任何一件作品。");
            checking.add(
                severity,
                "M15",
                Place::default(),
                message,
                "请照上面的办法逐一处理。",
            );
            return;
        }
        let Some(sheet) = sheet_of(path) else {
            continue;
        };
        let column = sheet.fields.iter().find(|f| f.kind == Kind::File);
        let column = column.map_or("文件名", |f| f.label.as_str());
        let [only] = files.as_slice() else {
            let message = format!(
                "文件夹“{path}”中的{}个文件没有归到任何一件作品，不会打入报送包。",
                files.len()
            );
            let name = path.split_once('/').map_or(path, |(_, rest)| rest);
            let hint = format!(
                "请在“{}”表填写这件作品，“{column}”填“{name}”；已填的请先改正那一行；不需要的请移走。",
                sheet.label
            );
            checking.add(severity, "M15", Place::file(path), message, hint);
            continue;
        };
        let video = match only.probe {
            Probe::Video(_) => "如果是按要求报送的视频，请移到 videos 文件夹；",
            _ => "",
        };
        let message = format!("“{}”没有归到任何一件作品，不会打入报送包。", only.path);
        let hint = format!(
            "请在“{}”表填写这件作品，“{column}”填“{}”；已填的请先改正那一行；{video}不需要的请移走。",
            sheet.label,
            inside(only)
        );
        checking.add(severity, "M15", Place::file(&only.path), message, hint);
    }
}

/// The folder below the folder of works in which a file lies; none for one that lies there directly.
fn top(file: &Attachment) -> Option<&str> {
    let path = file.path.as_str();
    let first = path.find('/')?;
    let second = path.get(first + 1..)?.find('/')?;
    path.get(..first + 1 + second)
}
