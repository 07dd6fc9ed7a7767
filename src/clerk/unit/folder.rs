//! A unit's own submission (单位材料) in the service: an ordinary submission folder in the data folder, so that everything that
//! works at the command line works here; its paper beside it.

pub(in crate::clerk) use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::campaign::Campaign;
use crate::finding::Finding;
use crate::font::FontSet as Fonts;
use crate::intake::blank::blank_workbook;
use crate::ooxml::{Note, mark_workbook};
use crate::press::{FileEntry, Manifest};
use crate::store::ledger::RosterRow;
use crate::store::{close_to_others, make_closed, open_keys, write_file};

use crate::clerk::error::{ClerkError, world};
use crate::clerk::making::campaigns::Campaigns;
use crate::clerk::making::check::{Checked, check};
use crate::clerk::making::job::Job;
use crate::clerk::making::make::{Made, MakeOptions, algorithm_of};
use crate::clerk::making::marker::marker;
use crate::clerk::making::read::{Reading, read};
use crate::clerk::making::write::make_into;

/// Most files of one unit.
const MOST_FILES: usize = 500;
/// Folders in folders, of works that are pages.
const MOST_DEPTH: usize = 7;
/// Most bytes of all files of one unit together.
const MOST_BYTES: u64 = 4 << 30;

/// A unit's folder in the service.
#[derive(Clone, Debug)]
pub struct OwnFolder {
    data: PathBuf,
    keys: PathBuf,
    unit: RosterRow,
}

/// A file that a unit put there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// Path in the folder, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
}

/// A unit's submission as it stands, with the campaign it answers.
pub struct OwnState {
    /// The submission as read.
    pub reading: Reading,
    /// What was found.
    pub checked: Checked,
}

/// The paper that was made last.
pub struct OwnPaper {
    /// When its newest version was issued.
    pub issued_at: String,
    /// Its files, in mailing order.
    pub files: Vec<FileEntry>,
}

impl OwnFolder {
    /// The folder of a unit; it need not exist yet.
    pub fn of(data: &Path, keys: &Path, unit: &RosterRow) -> Self {
        Self {
            data: data.to_path_buf(),
            keys: keys.to_path_buf(),
            unit: unit.clone(),
        }
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.data.join("units").join(self.unit.no.to_string())
    }

    pub(super) fn keys(&self) -> &Path {
        &self.keys
    }

    pub(in crate::clerk) fn unit(&self) -> &RosterRow {
        &self.unit
    }

    /// Whether the unit ever put anything there.
    pub(in crate::clerk) fn is_there(&self) -> bool {
        self.folder().is_dir()
    }

    /// Bytes of everything in it.
    pub(in crate::clerk) fn weight(&self) -> Result<u64, ClerkError> {
        let mut todo = vec![self.folder()];
        let mut bytes = 0;
        while let Some(dir) = todo.pop() {
            for entry in std::fs::read_dir(&dir).map_err(world(&dir))? {
                let entry = entry.map_err(world(&dir))?;
                let facts = entry.metadata().map_err(world(entry.path()))?;
                match facts.is_dir() {
                    true => todo.push(entry.path()),
                    false => bytes += facts.len(),
                }
            }
        }
        Ok(bytes)
    }

    /// What of it goes when data are erased, as paths inside the data folder: all of it, or only what was made of the material.
    pub(in crate::clerk) fn to_erase(&self, only_made: bool) -> Vec<String> {
        let folder = format!("units/{}", self.unit.no);
        match only_made {
            false => vec![folder],
            true => self
                .passing()
                .iter()
                .map(|part| format!("{folder}/{part}"))
                .collect(),
        }
    }

    /// What was made of the material or is passing through, and what runs that were cut off left of it.
    fn passing(&self) -> Vec<String> {
        let names = |dir: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
            entries
                .map(|e| e.file_name().to_string_lossy().into_owned())
                .collect()
        };
        let here = names(&self.folder())
            .into_iter()
            .filter(|n| n != "submission");
        let half = names(&self.submission())
            .into_iter()
            .filter(|n| n.ends_with(".new"));
        here.chain(half.map(|n| format!("submission/{n}")))
            .collect()
    }

    pub(in crate::clerk) fn submission(&self) -> PathBuf {
        self.folder().join("submission")
    }

    fn paper(&self) -> PathBuf {
        self.folder().join("paper")
    }

    /// A workbook to fill in, with the unit's name and channel.
    pub fn blank(&self, campaign: &Campaign) -> Result<Vec<u8>, ClerkError> {
        let channel = Some(self.unit.channel.as_str()).filter(|c| !c.is_empty());
        blank_workbook(campaign, channel, Some(&self.unit.name))
            .map_err(|e| ClerkError::Bug(e.to_string()))
    }

    /// Puts a file into the folder, where its kind belongs; one of the same name is replaced. There is one data file: a new one
    /// takes the place of the old. `from` is moved. Gives the path in the folder.
    pub fn put(&self, name: &str, from: &Path) -> Result<String, ClerkError> {
        self.put_at(place_of(name)?, from)
    }

    /// Puts a file of a work into the campaign's folder of works; folders within it are kept, for pages find their parts by them. `from`
    /// is moved. Gives the path in the folder.
    pub fn put_work(&self, works: &str, name: &str, from: &Path) -> Result<String, ClerkError> {
        let mut steps: Vec<&str> = name.split(['/', '\\']).map(str::trim).collect();
        steps.retain(|step| !matches!(*step, "" | "." | ".."));
        if steps.len() > 1 && steps.first() == Some(&works) {
            steps.remove(0);
        }
        if steps.is_empty() || steps.len() > MOST_DEPTH {
            return Err(ClerkError::Refused(format!(
                "“{name}”没有收下：文件名是空的，或者文件夹超过{MOST_DEPTH}层。"
            )));
        }
        for step in &steps {
            sound_name(step)?;
        }
        self.put_at(format!("{works}/{}", steps.join("/")), from)
    }

    fn put_at(&self, path: String, from: &Path) -> Result<String, ClerkError> {
        let size = from.metadata().map_err(world(from))?.len();
        let files = self.files()?;
        let other = |f: &&OwnFile| f.path != path;
        let total: u64 = files.iter().filter(other).map(|f| f.size).sum();
        if files.iter().filter(other).count() >= MOST_FILES
            || total.saturating_add(size) > MOST_BYTES
        {
            return Err(ClerkError::Refused(format!(
                "每个单位最多 {MOST_FILES} 个文件、共 {} GB，“{path}”没有收下。请先移走无关的文件。",
                MOST_BYTES >> 30
            )));
        }
        let dir = self.submission();
        self.begin()?;
        let to = dir.join(&path);
        if let Some(parent) = to.parent() {
            make_closed(parent)?;
        }
        close_to_others(from)?;
        std::fs::rename(from, &to).map_err(world(&to))?;
        if is_data(&path) {
            for old in files.iter().filter(|f| is_data(&f.path) && f.path != path) {
                self.remove(&old.path)?;
            }
        }
        Ok(path)
    }

    /// A folder for files that are being taken in, on the same disk.
    pub fn incoming(&self) -> Result<PathBuf, ClerkError> {
        let dir = self.folder().join("incoming");
        make_closed(&dir)?;
        Ok(dir)
    }

    fn begin(&self) -> Result<(), ClerkError> {
        let dir = self.submission();
        make_closed(&dir)?;
        let path = dir.join("sanlian.toml");
        if !path.exists() {
            write_file(&path, marker(&self.unit.campaign, None)?.as_bytes())?;
        }
        Ok(())
    }

    /// The files that the unit put there, by path.
    pub fn files(&self) -> Result<Vec<OwnFile>, ClerkError> {
        let dir = self.submission();
        let mut files = Vec::new();
        let mut todo = vec![(String::new(), 0)];
        while let Some((sub, depth)) = todo.pop() {
            let at = dir.join(&sub);
            let Ok(entries) = std::fs::read_dir(&at) else {
                continue;
            };
            for entry in entries {
                let entry = entry.map_err(world(&at))?;
                let facts = entry.metadata().map_err(world(entry.path()))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let ours =
                    ["sanlian.toml", "records.json", "records.json.lock"].contains(&name.as_str());
                let path = format!("{sub}{name}");
                if sub.is_empty() && name == "汇集" {
                    // what gathering remembers is no material
                    continue;
                }
                if facts.is_dir() && depth < MOST_DEPTH {
                    todo.push((format!("{path}/"), depth + 1));
                } else if facts.is_file() && !(sub.is_empty() && ours) {
                    files.push(OwnFile {
                        path,
                        size: facts.len(),
                    });
                }
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// What the files are now, in one number for each state: it changes with every file that is put, written or removed.
    pub fn state(&self) -> Result<u64, ClerkError> {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        for file in self.files()? {
            let at = self.submission().join(&file.path);
            let facts = at.metadata().map_err(world(&at))?;
            (&file.path, file.size, facts.modified().ok()).hash(&mut hasher);
        }
        Ok(hasher.finish())
    }

    /// Removes a file that the unit put there.
    pub fn remove(&self, path: &str) -> Result<(), ClerkError> {
        let known = self.files()?.into_iter().any(|f| f.path == path);
        if !known {
            return Err(ClerkError::Refused(
                "没有这个文件，可能已经移走。".to_owned(),
            ));
        }
        let at = self.submission().join(path);
        std::fs::remove_file(&at).map_err(world(&at))
    }

    /// Reads and checks what stands there; none where nothing was put there.
    pub fn look(
        &self,
        campaigns: &Campaigns,
        fonts: &Fonts,
        now: Timestamp,
    ) -> Result<Option<OwnState>, ClerkError> {
        if self.files()?.is_empty() {
            return Ok(None);
        }
        let (campaign, reading) = read(campaigns, &self.submission(), Some(&self.unit.campaign))?;
        let campaign = campaign.ok_or_else(|| self.no_campaign())?;
        let mut checked = check(&campaign, &reading, fonts, now);
        checked.findings.extend(self.foreign(&reading));
        Ok(Some(OwnState { reading, checked }))
    }

    /// The workbook with its faults marked; none where the values came from elsewhere.
    pub fn marked(&self, state: &OwnState) -> Result<Option<Vec<u8>>, ClerkError> {
        let Some((_, bytes)) = &state.reading.workbook else {
            return Ok(None);
        };
        let notes: Vec<Note> = state.checked.findings.iter().map(Note::from).collect();
        let marked = mark_workbook(bytes, &notes, &Default::default());
        marked
            .map(Some)
            .map_err(|e| ClerkError::Refused(format!("工作簿无法标注：{e}")))
    }

    /// Makes a draft, without marks and without versions, for the eyes alone: its PDF files with their bytes, in mailing order,
    /// the one of everything last. Empty where what was found forbids even a draft.
    pub fn preview(
        &self,
        campaigns: &Campaigns,
        fonts: &Fonts,
        now: Timestamp,
    ) -> Result<Vec<(FileEntry, Vec<u8>)>, ClerkError> {
        let out = self.folder().join("preview");
        let made = self.make(campaigns, fonts, &out, None, now)?;
        if made.files.is_none() {
            return Ok(Vec::new());
        }
        let files = manifest_of(&out)?.map_or_else(Vec::new, |m| m.files);
        let pdfs = files.into_iter().filter(|f| f.pages > 0);
        pdfs.map(|f| {
            let path = out.join(&f.path);
            let bytes = std::fs::read(&path).map_err(world(path))?;
            Ok((f, bytes))
        })
        .collect()
    }

    /// Hands the submission in: versions are frozen, marks issued, the paper made. Where there are errors nothing is changed and
    /// the findings say why. `progress` hears what is being done.
    pub fn hand_in(
        &self,
        campaigns: &Campaigns,
        fonts: &Fonts,
        now: Timestamp,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Made, ClerkError> {
        self.make(campaigns, fonts, &self.paper(), Some(progress), now)
    }

    fn make(
        &self,
        campaigns: &Campaigns,
        fonts: &Fonts,
        out: &Path,
        in_earnest: Option<&mut dyn FnMut(&str)>,
        now: Timestamp,
    ) -> Result<Made, ClerkError> {
        let draft = in_earnest.is_none();
        if self.files()?.is_empty() {
            return Err(ClerkError::Refused(
                "还没有上传文件，没有办理。请先上传填好的工作簿。".to_owned(),
            ));
        }
        let (campaign, mut reading) =
            read(campaigns, &self.submission(), Some(&self.unit.campaign))?;
        let campaign = campaign.ok_or_else(|| self.no_campaign())?;
        reading.findings.extend(self.foreign(&reading));
        let job = Job {
            campaign: &campaign,
            reading: &reading,
            fonts,
            out,
            keys: &self.keys,
            book: None,
            data: (!draft).then_some(self.data.as_path()),
            options: MakeOptions {
                draft,
                ..MakeOptions::at(now)
            },
        };
        let made = match in_earnest {
            Some(progress) => make_into(&job, &mut |step| progress(step.what)),
            None => make_into(&job, &mut |_| {}),
        }?;
        close_to_others(&self.folder())?;
        Ok(made)
    }

    /// A unit hands in for itself alone.
    pub(super) fn foreign(&self, reading: &Reading) -> Option<Finding> {
        let unit = &reading.submission.unit;
        let named = unit.text("name");
        (!named.is_empty() && named != self.unit.name).then(|| {
            Finding::error(
                "W4",
                unit.place_of("name").of("", "name"),
                format!(
                    "单位名称写的是“{named}”，登录账号的单位是“{}”。",
                    self.unit.name
                ),
                "请把单位名称改成与账号一致；账号的单位有误时请联系主办单位。",
            )
        })
    }

    pub(super) fn no_campaign(&self) -> ClerkError {
        ClerkError::Refused(format!(
            "活动“{}”的模板有错误，请联系主办单位。",
            self.unit.campaign
        ))
    }

    /// The paper that was made last; none where none was.
    pub fn last_paper(&self) -> Result<Option<OwnPaper>, ClerkError> {
        Ok(manifest_of(&self.paper())?.map(|manifest| OwnPaper {
            issued_at: manifest.issued_at,
            files: manifest.files,
        }))
    }

    /// The bytes of a file of the paper, by its number in the manifest, with its path.
    pub fn paper_file(&self, number: usize) -> Result<Option<(String, Vec<u8>)>, ClerkError> {
        let Some(paper) = self.last_paper()? else {
            return Ok(None);
        };
        let Some(entry) = paper.files.get(number) else {
            return Ok(None);
        };
        let path = self.paper().join(&entry.path);
        let bytes = std::fs::read(&path).map_err(world(path))?;
        Ok(Some((entry.path.clone(), bytes)))
    }
}

/// Makes the service's signing key where there is none, in the organiser's name.
pub fn make_service_key(campaign: &Campaign, keys: &Path) -> Result<(), ClerkError> {
    open_keys(keys, &campaign.organiser, algorithm_of(campaign))?;
    Ok(())
}

/// The manifest of a folder that was made; none where nothing was.
fn manifest_of(dir: &Path) -> Result<Option<Manifest>, ClerkError> {
    let path = dir.join("manifest.json");
    if !path.exists() {
        return Ok(None);
    }
    let bytes = std::fs::read(&path).map_err(world(&path))?;
    let manifest = serde_json::from_slice(&bytes).map_err(|e| ClerkError::Bug(e.to_string()))?;
    Ok(Some(manifest))
}

pub(super) fn is_data(path: &str) -> bool {
    let lower = path.to_lowercase();
    !path.contains('/')
        && [".xlsx", ".csv", ".json"]
            .iter()
            .any(|e| lower.ends_with(e))
}

/// Refuses a name that no file should have.
pub(super) fn sound_name(base: &str) -> Result<(), ClerkError> {
    let refused = |why: &str| Err(ClerkError::Refused(format!("“{base}”没有收下：{why}。")));
    if base.is_empty() || base.starts_with('.') || base.starts_with('~') || base.len() > 200 {
        return refused("文件名太长，或者是临时文件");
    }
    if base
        .chars()
        .any(|c| c.is_control() || "<>:\"|?*".contains(c))
    {
        return refused("文件名中有不能用的字符，请改名");
    }
    Ok(())
}

/// Where a file of that name belongs. The name comes from a browser: folders before it are left out.
fn place_of(name: &str) -> Result<String, ClerkError> {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name).trim();
    let refused = |why: &str| Err(ClerkError::Refused(format!("“{base}”没有收下：{why}。")));
    sound_name(base)?;
    let lower = base.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, e)| e);
    Ok(match ending {
        "jpg" | "jpeg" | "png" | "bmp" | "tif" | "tiff" | "heic" => format!("photos/{base}"),
        "mp4" | "mov" | "avi" | "wmv" | "mkv" | "flv" | "mpg" => format!("videos/{base}"),
        "txt" | "md" | "docx" => format!("report/{base}"),
        "xlsx" | "csv" | "json" if !matches!(lower.as_str(), "records.json" | "manifest.json") => {
            base.to_owned()
        }
        "doc" | "xls" => return refused("是旧格式，请在 WPS 或 Office 中另存为 .docx 或 .xlsx"),
        _ => return refused("只收工作簿（.xlsx）、照片、视频和报告（.docx、.txt）"),
    })
}
