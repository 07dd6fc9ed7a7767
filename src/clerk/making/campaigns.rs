//! The campaigns at hand: those in the binary, those of a folder, which win over built-in ones of the same name, and those that
//! the organiser uploaded, which win over both. A deadline that the organiser changed stands in the place of the templates'.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use crate::campaign::{Campaign, Deadline, Source, USUAL, builtin, load};
use crate::finding::{Finding, Place};
use crate::store::ledger::Decided;

use crate::clerk::error::{ClerkError, world};

/// Most bytes of one template file.
const MOST_BYTES: u64 = 4 << 20;

/// Sources of campaigns by id.
#[derive(Debug)]
pub struct Campaigns {
    sources: Vec<Source>,
    /// What lies in the folders of campaigns and is not read, by id.
    strays: BTreeMap<String, Vec<Finding>>,
    shared: Vec<(String, String)>,
    decided: RwLock<DecidedOverlay>,
    edition: AtomicU64,
}

/// What the ledger says beside the sources.
#[derive(Debug, Default, PartialEq, Eq)]
struct DecidedOverlay {
    uploaded: BTreeMap<String, Vec<(String, String)>>,
    deadlines: BTreeMap<String, Deadline>,
}

/// Where a campaign's templates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In the binary, or a folder beside it.
    Brought,
    /// Uploaded by the organiser.
    Uploaded,
}

impl Campaigns {
    /// Built-in campaigns and those of `dir`.
    pub fn open(dir: Option<&Path>) -> Result<Self, ClerkError> {
        let mut sources = builtin();
        let mut strays = BTreeMap::new();
        let shared = shared_lists(&sources);
        if let Some(dir) = dir {
            // the campaign's own folder is taken for the one that holds it
            if dir.join("campaign.toml").is_file() {
                let own = dir.canonicalize().map_err(world(dir))?;
                let mut source = folder(&own)?;
                strays.insert(source.id.clone(), unread(&own)?);
                source.files.extend(shared.iter().cloned());
                sources.retain(|s| s.id != source.id);
                sources.push(source);
            }
            for entry in std::fs::read_dir(dir).map_err(world(dir))? {
                let path = entry.map_err(world(dir))?.path();
                if !path.join("campaign.toml").is_file() {
                    continue;
                }
                let mut source = folder(&path)?;
                strays.insert(source.id.clone(), unread(&path)?);
                source.files.extend(shared.iter().cloned());
                sources.retain(|s| s.id != source.id);
                sources.push(source);
            }
        }
        sources.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self {
            sources,
            strays,
            shared,
            decided: RwLock::default(),
            edition: AtomicU64::new(0),
        })
    }

    /// Takes over what the ledger says.
    pub(in crate::clerk) fn take_over(&self, decided: Decided) {
        let overlay = DecidedOverlay {
            uploaded: decided
                .templates
                .into_iter()
                .map(|t| (t.campaign, t.files))
                .collect(),
            deadlines: decided.deadlines.into_iter().collect(),
        };
        let mut kept = self.decided.write().unwrap_or_else(PoisonError::into_inner);
        if *kept != overlay {
            *kept = overlay;
            self.edition.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A number that is another whenever a campaign may be another.
    pub(in crate::clerk) fn edition(&self) -> u64 {
        self.edition.load(Ordering::SeqCst)
    }

    /// The campaign that is meant where none is named: the usual one of all commands, the last of the list where that is not here.
    pub fn usual(&self) -> String {
        let mut ids = self.ids();
        match ids.iter().any(|id| id == USUAL) {
            true => USUAL.to_owned(),
            false => ids.pop().unwrap_or_default(),
        }
    }

    /// Ids in order.
    pub fn ids(&self) -> Vec<String> {
        let decided = self.decided.read().unwrap_or_else(PoisonError::into_inner);
        let mut ids: Vec<String> = self.sources.iter().map(|s| s.id.clone()).collect();
        ids.extend(decided.uploaded.keys().cloned());
        ids.sort();
        ids.dedup();
        ids
    }

    /// Where the templates of a campaign come from, and their files without the shared lists; none where there is no such
    /// campaign.
    pub fn source(&self, id: &str) -> Option<(Origin, Vec<(String, String)>)> {
        let decided = self.decided.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(files) = decided.uploaded.get(id) {
            return Some((Origin::Uploaded, files.clone()));
        }
        let source = self.sources.iter().find(|s| s.id == id)?;
        let own = |f: &&(String, String)| !self.shared.contains(f);
        let files = source.files.iter().filter(own).cloned().collect();
        Some((Origin::Brought, files))
    }

    /// Loads a campaign, with the findings in its templates; none where they are errors.
    pub fn load(&self, id: &str) -> Result<(Option<Campaign>, Vec<Finding>), ClerkError> {
        let (_, files) = self
            .source(id)
            .ok_or_else(|| ClerkError::NoCampaign(id.to_owned(), self.ids().join("、")))?;
        let (mut campaign, findings) = self.judge(id, files);
        let decided = self.decided.read().unwrap_or_else(PoisonError::into_inner);
        if let (Some(campaign), Some(day)) = (&mut campaign, decided.deadlines.get(id)) {
            campaign.deadline = *day;
        }
        Ok((campaign, findings))
    }

    /// The files beside a campaign's parts that nothing reads. They harm nothing, so that only whoever looks after campaigns hears of them.
    pub fn unread_files(&self, id: &str) -> Vec<Finding> {
        match self.source(id) {
            Some((Origin::Brought, _)) => self.strays.get(id).cloned().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Loads what may become a campaign, with the national code lists; findings are those of any campaign.
    pub(in crate::clerk) fn judge(
        &self,
        id: &str,
        mut files: Vec<(String, String)>,
    ) -> (Option<Campaign>, Vec<Finding>) {
        files.extend(self.shared.iter().cloned());
        load(&Source {
            id: id.to_owned(),
            files,
        })
    }
}

/// The national code lists, which every campaign may use.
fn shared_lists(sources: &[Source]) -> Vec<(String, String)> {
    let lists = sources.first().map(|s| {
        s.files
            .iter()
            .filter(|(path, _)| path.starts_with("lists/"))
            .cloned()
    });
    lists.map(Iterator::collect).unwrap_or_default()
}

/// A campaign's folder: its `.toml` and `.md` files and its list of words, and those in `forms/` and `lists/`.
fn folder(dir: &Path) -> Result<Source, ClerkError> {
    let id = dir
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut files = Vec::new();
    for (prefix, name, path) in entries(dir)? {
        if is_read(&name) && is_small(&path) {
            let bytes = std::fs::read(&path).map_err(world(&path))?;
            // a byte that is not UTF-8 shows as U+FFFD, which loading reports
            files.push((
                format!("{prefix}{name}"),
                String::from_utf8_lossy(&bytes).into_owned(),
            ));
        }
    }
    files.sort();
    Ok(Source { id, files })
}

/// The files in a campaign's folder and in the folders of its forms and lists: prefix, name and path.
fn entries(dir: &Path) -> Result<Vec<(&'static str, String, PathBuf)>, ClerkError> {
    let mut all = Vec::new();
    for (sub, prefix) in [
        (dir.to_path_buf(), ""),
        (dir.join("forms"), "forms/"),
        (dir.join("lists"), "lists/"),
    ] {
        if !sub.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&sub).map_err(world(&sub))? {
            let path = entry.map_err(world(&sub))?.path();
            let name = path
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default();
            all.push((prefix, name, path));
        }
    }
    all.sort();
    Ok(all)
}

/// Whether a file of this name is a part of a campaign.
fn is_read(name: &str) -> bool {
    name.ends_with(".toml") || name.ends_with(".md") || name == "words.txt"
}

fn is_small(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|m| m.is_file() && m.len() <= MOST_BYTES)
}

/// Files beside the parts of a campaign that nothing reads, such as copies of old forms; what systems leave behind is not told.
fn unread(dir: &Path) -> Result<Vec<Finding>, ClerkError> {
    let id = dir.file_name().map(|n| n.to_string_lossy().into_owned());
    let id = id.unwrap_or_default();
    let quiet =
        |name: &str| name.starts_with(['.', '~']) || matches!(name, "Thumbs.db" | "desktop.ini");
    let all = entries(dir)?.into_iter();
    let strays = all.filter(|(_, name, path)| path.is_file() && !is_read(name) && !quiet(name));
    let told = strays.map(|(prefix, name, _)| {
        Finding::warning(
            "T2",
            Place::file(format!("{id}/{prefix}{name}")),
            format!("文件“{prefix}{name}”没有用处，里面的内容不会读取"),
            "要用的，请改成以 .toml 结尾的名称；不用的请移走。",
        )
    });
    Ok(told.collect())
}
