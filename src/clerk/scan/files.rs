//! Files and folders that were given, one after another: which files of a folder are scans, their bytes, their pages.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::clerk::given;
use crate::finding::{Finding, Place};
use crate::foreign::{InChinese, io_remedy};
use crate::pictures::{Container, Fault, ScanFormat};

use super::scanned::{PageState, ScannedPage, shown};

/// Most bytes of a file: about a thousand pages in colour at 300 dpi.
const MOST_BYTES: u64 = 1 << 30;

/// Names that people give to pictures; such a file in a folder is a scan, whatever its bytes say.
const PICTURES: [&str; 11] = [
    "jpg", "jpeg", "jpe", "png", "tif", "tiff", "pdf", "bmp", "gif", "webp", "heic",
];

/// An opened file.
pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) sha256: [u8; 32],
    pub(super) container: Container,
}

/// What is to be looked at next.
pub(super) enum Next {
    /// A page, from 0.
    Page(Arc<Opened>, usize),
    /// A file, or what is lost of it.
    Bad(Box<ScannedPage>),
}

/// What was given, as far as it was not looked at yet.
pub(super) struct Files {
    paths: VecDeque<PathBuf>,
    /// The open file and its next page.
    open: Option<(Arc<Opened>, usize)>,
    given: usize,
    opened: usize,
}

impl Files {
    pub(super) fn new(paths: &[PathBuf]) -> Self {
        Self {
            paths: paths.iter().cloned().collect(),
            open: None,
            given: 0,
            opened: 0,
        }
    }

    /// How many pages were given out.
    pub(super) fn given(&self) -> usize {
        self.given
    }

    /// How many files were opened, or could not be.
    pub(super) fn opened(&self) -> usize {
        self.opened
    }

    /// The next page with its number in the batch.
    pub(super) fn next(&mut self) -> Option<(usize, Next)> {
        let next = self.step()?;
        let number = self.given;
        self.given += 1;
        Some((number, next))
    }

    fn step(&mut self) -> Option<Next> {
        loop {
            if let Some((file, page)) = self.open.take() {
                if page < file.container.pages() {
                    self.open = Some((file.clone(), page + 1));
                    return Some(Next::Page(file, page));
                }
                if let Some(fault) = file.container.tail() {
                    let finding = fault.finding(Place::file(shown(&file.path)));
                    let pages = file.container.pages();
                    return Some(bad(&file.path, file.sha256, pages, finding));
                }
            }
            let path = self.paths.pop_front()?;
            if path.is_dir() {
                match inside(&path) {
                    Ok(found) if found.is_empty() => {
                        let place = Place::file(shown(&path));
                        let finding = Finding::error(
                            "I8",
                            place,
                            "文件夹里没有扫描件",
                            "请确认文件夹是否放错。",
                        );
                        return Some(bad(&path, [0; 32], 0, finding));
                    }
                    Ok(found) => found
                        .into_iter()
                        .rev()
                        .for_each(|p| self.paths.push_front(p)),
                    Err(error) => return Some(bad(&path, [0; 32], 0, unreadable(&path, &error))),
                }
                continue;
            }
            self.opened += 1;
            match open(&path) {
                Ok(file) => self.open = Some((Arc::new(file), 0)),
                Err(page) => return Some(*page),
            }
        }
    }
}

/// How many files are given, those of folders counted one by one.
pub fn scan_files(given: &[PathBuf]) -> usize {
    listed(given).len()
}

/// The files that are given, those of folders too, in the order in which they are read.
pub(super) fn listed(given: &[PathBuf]) -> Vec<PathBuf> {
    given
        .iter()
        .flat_map(|path| match path.is_dir() {
            true => inside(path).unwrap_or_default(),
            false => vec![path.clone()],
        })
        .collect()
}

/// The scans of a folder in the order of their names; folders inside it are not entered.
fn inside(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_file() && !name.starts_with('.') && is_scan(&path) {
            found.push((name, path));
        }
    }
    found.sort_by(|a, b| by_number(&a.0, &b.0).then_with(|| a.0.cmp(&b.0)));
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// Whether a file of a folder is meant: by its name, or else by its first bytes.
fn is_scan(path: &Path) -> bool {
    let named = path.extension().is_some_and(|e| {
        let e = e.to_string_lossy().to_lowercase();
        PICTURES.contains(&e.as_str())
    });
    let begins = || {
        let mut head = Vec::new();
        let file = fs::File::open(path).ok()?;
        file.take(1024).read_to_end(&mut head).ok()?;
        ScanFormat::of(&head)
    };
    named || begins().is_some()
}

/// Names in the order in which people count: page 2 before page 10.
fn by_number(a: &str, b: &str) -> Ordering {
    let digits = |s: &str| s.len() - s.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (mut a, mut b) = (a, b);
    loop {
        let (m, n) = (digits(a), digits(b));
        if m > 0 && n > 0 {
            let (one, rest_a) = a.split_at(m);
            let (other, rest_b) = b.split_at(n);
            let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
            let order = one.len().cmp(&other.len()).then_with(|| one.cmp(other));
            if order.is_ne() {
                return order;
            }
            (a, b) = (rest_a, rest_b);
            continue;
        }
        let (mut chars_a, mut chars_b) = (a.chars(), b.chars());
        match (chars_a.next(), chars_b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x != y => return x.cmp(&y),
            _ => (a, b) = (chars_a.as_str(), chars_b.as_str()),
        }
    }
}

fn open(path: &Path) -> Result<Opened, Box<Next>> {
    let place = || Place::file(shown(path));
    let read = || {
        let file = given::opened(path)?;
        let size = file.metadata()?.len();
        let mut bytes = Vec::new();
        if size <= MOST_BYTES {
            bytes.reserve_exact(usize::try_from(size).unwrap_or(0));
            file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
        }
        Ok((bytes, size))
    };
    let (bytes, size) =
        read().map_err(|e| Box::new(bad(path, [0; 32], 0, unreadable(path, &e))))?;
    if size > MOST_BYTES || bytes.len() as u64 > MOST_BYTES {
        let message = format!(
            "文件有 {} MB，超过上限 {} MB，没有读取",
            size >> 20,
            MOST_BYTES >> 20
        );
        let finding = Finding::error("I7", place(), message, "请把文件拆成几个再读。");
        return Err(Box::new(bad(path, [0; 32], 0, finding)));
    }
    let sha256 = Sha256::digest(&bytes).into();
    // hostile bytes meet parsers of other houses: what breaks there is a bad file, not the end of the batch
    let opened = std::panic::catch_unwind(|| Container::open(bytes)).unwrap_or(Err(Fault::Decoder));
    match opened {
        Ok(container) => Ok(Opened {
            path: path.to_owned(),
            sha256,
            container,
        }),
        Err(fault) => Err(Box::new(bad(path, sha256, 0, fault.finding(place())))),
    }
}

fn bad(path: &Path, file_sha256: [u8; 32], pages: usize, finding: Finding) -> Next {
    Next::Bad(Box::new(ScannedPage {
        file: path.to_owned(),
        file_sha256,
        page: 0,
        pages,
        ms: 0,
        marks: Vec::new(),
        foreign: 0,
        state: PageState::Failed,
        picture: None,
        findings: vec![finding],
    }))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Finding {
    let message = format!("无法读取：{}", error.in_chinese());
    Finding::error("W1", Place::file(shown(path)), message, io_remedy(error))
}
