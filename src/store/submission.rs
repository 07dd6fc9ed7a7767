//! A submission folder: its data files, its report, and sums and facts of its photos and videos. What the bytes of data files
//! mean is in `intake`.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::finding::{Finding, Place};
use crate::media::Probe;
use crate::record::{Attachment, Use};

use super::error::StoreError;
use super::output::is_litter;
use super::usage::{is_like_report, usage_of};

/// What is read of a folder at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Files in all folders together.
    pub files: usize,
    /// Folders below folders.
    pub depth: usize,
    /// Bytes of a data file.
    pub data: u64,
    /// Bytes of a report.
    pub report: u64,
    /// Bytes of a photo or any other file.
    pub photo: u64,
    /// Bytes of a video.
    pub video: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files: 5000,
            depth: 8,
            data: 64 << 20,
            report: 32 << 20,
            photo: 256 << 20,
            video: 8 << 30,
        }
    }
}

impl Limits {
    fn of(&self, usage: Use) -> u64 {
        match usage {
            Use::Data => self.data,
            Use::Report => self.report,
            Use::Video => self.video,
            Use::Photo | Use::Work | Use::Other => self.photo,
        }
    }
}

/// What was read of a submission folder.
#[derive(Debug, Default)]
pub struct FolderContents {
    /// Data files (`.xlsx`, `.xlsm`, `.xls`, `.csv`, `.tsv`, `.json` in the folder itself): name and bytes, by name.
    pub data: Vec<(String, Vec<u8>)>,
    /// Reports (`.txt`, `.md`, `.docx`, `.doc` whose name holds 报告 or `report`, and such files in `report/`): path and bytes.
    pub reports: Vec<(String, Vec<u8>)>,
    /// All files by path, data files and reports too.
    pub files: Vec<Attachment>,
    /// Paths of folders in which nothing lies that could be read or told of, at whatever depth.
    pub empty: Vec<String>,
    /// What could not be read, was too large or too much, or leads out of the folder.
    pub findings: Vec<Finding>,
}

/// Reads a submission folder; `probe` says what the bytes of a photo, video or other file are. Faults of single files are
/// findings and the rest is read on; only a folder that cannot be read at all fails.
pub fn read_submission_folder(
    folder: &Path,
    limits: &Limits,
    probe: fn(&mut File) -> Probe,
) -> Result<FolderContents, StoreError> {
    let mut reader = FolderReader {
        limits,
        probe,
        seen: 0,
        out: FolderContents::default(),
    };
    fs::read_dir(folder).map_err(StoreError::world("打开", folder))?;
    reader.folder(folder, "", 0);
    reader.report_of_another_name(folder);
    if reader.seen > limits.files {
        reader.out.findings.push(Finding::error(
            "I7",
            Place::default(),
            format!("文件超过 {} 个，其余未读取", limits.files),
            "请移走与本次报送无关的文件后再运行。",
        ));
    }
    let mut out = reader.out;
    out.data.sort();
    out.reports.sort();
    out.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(out)
}

struct FolderReader<'a> {
    limits: &'a Limits,
    probe: fn(&mut File) -> Probe,
    seen: usize,
    out: FolderContents,
}

impl FolderReader<'_> {
    fn folder(&mut self, folder: &Path, inside: &str, depth: usize) {
        let read = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        let mut entries = match read {
            Ok(entries) => entries,
            Err(e) => return self.unreadable(folder, inside, e),
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let shown = format!("{inside}{}", name.to_string_lossy());
                self.odd(&shown, "文件名不是 UTF-8，未读取", "请改用普通的文件名。");
                continue;
            };
            if is_litter(name) || is_own(name) {
                continue;
            }
            let path = format!("{inside}{name}");
            match entry.file_type() {
                Err(e) => self.unreadable(&entry.path(), &path, e),
                Ok(kind) if kind.is_symlink() => self.odd(
                    &path,
                    "是指向别处的链接，未读取",
                    "请把文件本身复制到提交文件夹中。",
                ),
                Ok(kind) if kind.is_dir() && depth >= self.limits.depth => {
                    self.out.findings.push(Finding::error(
                        "I7",
                        Place::file(&path),
                        format!("文件夹超过 {} 层，未读取", self.limits.depth),
                        "请减少文件夹的层数。",
                    ))
                }
                Ok(kind) if kind.is_dir() => {
                    let before = (self.seen, self.out.findings.len());
                    self.folder(&entry.path(), &format!("{path}/"), depth + 1);
                    if before == (self.seen, self.out.findings.len()) {
                        self.out.empty.push(path);
                    }
                }
                Ok(kind) if kind.is_file() => self.counted(&entry.path(), path),
                Ok(_) => self.odd(&path, "不是普通文件，未读取", "请从提交文件夹中移走。"),
            }
        }
    }

    fn counted(&mut self, at: &Path, path: String) {
        self.seen = self.seen.saturating_add(1);
        if self.seen <= self.limits.files
            && let Err(e) = self.file(at, &path)
        {
            self.unreadable(at, &path, e);
        }
    }

    fn file(&mut self, at: &Path, path: &str) -> io::Result<()> {
        let usage = usage_of(path);
        let limit = self.limits.of(usage);
        let mut file = File::open(at)?;
        let facts = file.metadata()?;
        if facts.len() > limit {
            self.too_large(path, facts.len(), limit);
            return Ok(());
        }
        let keep = matches!(usage, Use::Data | Use::Report);
        let (size, sha256, bytes) = sum(&mut file, limit, keep)?;
        if size > limit {
            self.too_large(path, size, limit);
            return Ok(());
        }
        let probe = if keep {
            Probe::Unknown
        } else {
            file.rewind()?;
            (self.probe)(&mut file)
        };
        match usage {
            Use::Data => self.out.data.push((path.to_owned(), bytes)),
            Use::Report => self.out.reports.push((path.to_owned(), bytes)),
            Use::Photo | Use::Video | Use::Work | Use::Other => {}
        }
        self.out.files.push(Attachment {
            path: path.to_owned(),
            usage,
            size,
            sha256,
            probe,
        });
        Ok(())
    }

    /// A paper at the top whose name says that it may be the report is it, where there is no other; which name it should have is told.
    fn report_of_another_name(&mut self, folder: &Path) {
        if !self.out.reports.is_empty() {
            return;
        }
        let like = |f: &&mut Attachment| f.usage == Use::Other && is_like_report(&f.path);
        let mut found = self.out.files.iter_mut().filter(like);
        let (Some(file), None) = (found.next(), found.next()) else {
            return;
        };
        let bytes = File::open(folder.join(&file.path))
            .and_then(|mut open| sum(&mut open, self.limits.report, true));
        if let Ok((size, sha256, bytes)) = bytes
            && size <= self.limits.report
            && sha256 == file.sha256
        {
            file.usage = Use::Report;
            let path = file.path.clone();
            self.out.findings.push(Finding::info(
                "I11",
                Place::file(&path),
                format!("没有名为“报告”的文件，“{path}”当作报告读取。"),
                "如果不是报告，请移走；是报告的，建议改名为“报告”。",
            ));
            self.out.reports.push((path, bytes));
        }
    }

    fn unreadable(&mut self, at: &Path, path: &str, error: io::Error) {
        let mut finding = StoreError::world("读取", at)(error).finding();
        finding.place = Place::file(path.trim_end_matches('/'));
        self.out.findings.push(finding);
    }

    fn too_large(&mut self, path: &str, size: u64, limit: u64) {
        self.out.findings.push(Finding::error(
            "I7",
            Place::file(path),
            format!("文件有 {size} 字节，最多 {limit} 字节，未读取"),
            "请确认文件是否放错，或者压缩后再放入。",
        ));
    }

    fn odd(&mut self, path: &str, message: &str, hint: &str) {
        self.out
            .findings
            .push(Finding::warning("W1", Place::file(path), message, hint));
    }
}

/// Size, sum and, where they are kept, bytes of a file that may grow while it is read; stops behind the limit.
fn sum(file: &mut File, limit: u64, keep: bool) -> io::Result<(u64, [u8; 32], Vec<u8>)> {
    let mut sum = Sha256::new();
    let mut size = 0_u64;
    let mut kept = Vec::new();
    let mut block = vec![0; 256 << 10];
    while size <= limit {
        let n = match file.read(&mut block) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        let part = block.get(..n).unwrap_or_default();
        sum.update(part);
        if keep {
            kept.extend_from_slice(part);
        }
        size = size.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
    }
    Ok((size, sum.finalize().into(), kept))
}

/// Our own files in a submission folder: the record book and its lock, and what gathering remembers.
fn is_own(name: &str) -> bool {
    [
        "records.json",
        "records.json.lock",
        "records.json.new",
        "汇集",
    ]
    .contains(&name)
}
