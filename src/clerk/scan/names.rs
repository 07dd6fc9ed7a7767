//! What the files of a batch are called: by their names, with as much of the path in front as tells each from all others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use super::files::listed;

/// The names of a batch's files.
pub(in crate::clerk) struct Names(BTreeMap<PathBuf, String>);

impl Names {
    /// Of files and folders that are given. A file of `called` is called so, with a number where two are called alike.
    pub(in crate::clerk) fn of(given: &[PathBuf], called: &BTreeMap<PathBuf, String>) -> Self {
        let files = listed(given);
        let mut names: BTreeMap<PathBuf, String> = short(&files, called);
        let mut alike: BTreeMap<&str, usize> = BTreeMap::new();
        for name in called.values() {
            *alike.entry(name).or_default() += 1;
        }
        let mut met: BTreeMap<&str, usize> = BTreeMap::new();
        for file in &files {
            let Some(name) = called.get(file) else {
                continue;
            };
            let own = match alike.get(name.as_str()) {
                Some(2..) => {
                    let number = met.entry(name).or_default();
                    *number += 1;
                    format!("{name}（同名的第{number}个）")
                }
                _ => name.clone(),
            };
            names.insert(file.clone(), own);
        }
        Self(names)
    }

    /// A file.
    pub(in crate::clerk) fn file(&self, file: &Path) -> String {
        match self.0.get(file) {
            Some(name) => name.clone(),
            // it came into the folder meanwhile
            None => file.display().to_string(),
        }
    }

    /// A page of a file, from 1; the file itself for page 0.
    pub(in crate::clerk) fn page(&self, file: &Path, page: usize) -> String {
        match page {
            0 => self.file(file),
            _ => format!("{} 第{page}页", self.file(file)),
        }
    }
}

/// The last parts of each path, as few as no other file ends with.
fn short(files: &[PathBuf], called: &BTreeMap<PathBuf, String>) -> BTreeMap<PathBuf, String> {
    let whole: BTreeMap<&PathBuf, Vec<String>> = files
        .iter()
        .filter(|f| !called.contains_key(*f))
        .map(|f| (f, parts(f)))
        .collect();
    let all: BTreeSet<&Vec<String>> = whole.values().collect();
    let deepest = all.iter().map(|p| p.len()).max().unwrap_or(0);
    let mut names = BTreeMap::new();
    for depth in 1..=deepest {
        if names.len() == whole.len() {
            break;
        }
        let mut ends: BTreeMap<&[String], usize> = BTreeMap::new();
        for parts in &all {
            *ends.entry(end(parts, depth)).or_default() += 1;
        }
        for (file, parts) in &whole {
            let own = end(parts, depth);
            let alone = ends.get(own) == Some(&1);
            if alone || parts.len() <= depth {
                names
                    .entry((*file).clone())
                    .or_insert_with(|| own.join("/"));
            }
        }
    }
    names
}

fn end(parts: &[String], depth: usize) -> &[String] {
    parts
        .get(parts.len().saturating_sub(depth)..)
        .unwrap_or_default()
}

/// The names in a path, from the root.
fn parts(file: &Path) -> Vec<String> {
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let names = whole.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        Component::ParentDir => Some("..".to_owned()),
        _ => None,
    });
    names.collect()
}
