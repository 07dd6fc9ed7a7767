//! The campaigns at hand: those in the binary, and those of a folder, which win over built-in ones of the same name.

use std::path::Path;

use crate::campaign::{Campaign, Source, builtin, load};
use crate::finding::Finding;

use super::{ClerkError, world};

/// Most bytes of one template file.
const MOST_BYTES: u64 = 4 << 20;

/// Sources of campaigns by id.
#[derive(Clone, Debug)]
pub struct Campaigns {
    sources: Vec<Source>,
}

impl Campaigns {
    /// Built-in campaigns and those of `dir`.
    pub fn open(dir: Option<&Path>) -> Result<Self, ClerkError> {
        let mut sources = builtin();
        if let Some(dir) = dir {
            let shared = shared_lists(&sources);
            for entry in std::fs::read_dir(dir).map_err(world(dir))? {
                let path = entry.map_err(world(dir))?.path();
                if !path.join("campaign.toml").is_file() {
                    continue;
                }
                let mut source = folder(&path)?;
                source.files.extend(shared.iter().cloned());
                sources.retain(|s| s.id != source.id);
                sources.push(source);
            }
        }
        sources.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self { sources })
    }

    /// Ids in order.
    pub fn ids(&self) -> Vec<&str> {
        self.sources.iter().map(|s| s.id.as_str()).collect()
    }

    /// Loads a campaign, with the findings in its templates; none where they are errors.
    pub fn load(&self, id: &str) -> Result<(Option<Campaign>, Vec<Finding>), ClerkError> {
        let source = self.sources.iter().find(|s| s.id == id);
        let source =
            source.ok_or_else(|| ClerkError::NoCampaign(id.to_owned(), self.ids().join("、")))?;
        Ok(load(source))
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

/// A campaign's folder: its `.toml` and `.md` files, and those in `forms/`.
fn folder(dir: &Path) -> Result<Source, ClerkError> {
    let id = dir
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut files = Vec::new();
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
            let wanted = path.extension().is_some_and(|e| e == "toml" || e == "md");
            let small = path
                .metadata()
                .is_ok_and(|m| m.is_file() && m.len() <= MOST_BYTES);
            if wanted && small {
                let bytes = std::fs::read(&path).map_err(world(&path))?;
                let name = path
                    .file_name()
                    .map(|n| n.to_string_lossy().into_owned())
                    .unwrap_or_default();
                // a byte that is not UTF-8 shows as U+FFFD, which loading reports
                files.push((
                    format!("{prefix}{name}"),
                    String::from_utf8_lossy(&bytes).into_owned(),
                ));
            }
        }
    }
    files.sort();
    Ok(Source { id, files })
}
