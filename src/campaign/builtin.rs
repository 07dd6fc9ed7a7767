//! The campaigns that the program carries with it: the folders of `templates/`, embedded when it is built.

use include_dir::{Dir, DirEntry, include_dir};

use super::Source;

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The folder of the code lists that all campaigns share.
const SHARED: &str = "lists";

/// The built-in campaign that is meant where a command needs one and none is named: the same for all commands.
pub const USUAL: &str = "hebei-zuimei-2021";

/// The built-in campaigns, by id, each with the shared code lists as `lists/….toml`.
pub fn builtin() -> Vec<Source> {
    let shared: Vec<(String, String)> = TEMPLATES
        .get_dir(SHARED)
        .map(|dir| texts(dir, ""))
        .unwrap_or_default();
    let mut sources = Vec::new();
    for dir in TEMPLATES.dirs() {
        let id = dir.path().to_string_lossy().into_owned();
        if id == SHARED {
            continue;
        }
        let mut files = texts(dir, &id);
        files.extend(shared.iter().cloned());
        files.sort();
        sources.push(Source { id, files });
    }
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    sources
}

/// The text files below a folder, by their path without `root`.
fn texts(dir: &Dir<'_>, root: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(inner) => files.extend(texts(inner, root)),
            DirEntry::File(file) => {
                let path = file.path().to_string_lossy().replace('\\', "/");
                let path = path
                    .strip_prefix(root)
                    .map_or(path.as_str(), |p| p.trim_start_matches('/'));
                if let Some(text) = file.contents_utf8() {
                    files.push((path.to_owned(), text.to_owned()));
                }
            }
        }
    }
    files
}
