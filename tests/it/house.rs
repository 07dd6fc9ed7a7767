//! The house as it stands: every file of `src` parsed, and whom each of its paths names. What an import hands on is followed to the
//! file that defines it, so that neither braces, nor `super`, nor a module's face hides an arrow.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::Visit;

/// A path, from the root of the crate (`crate` itself left out) or from that of another one.
type Names = Vec<String>;

/// One file of `src`.
pub(crate) struct Room {
    /// Its path from the package, with `/`.
    pub(crate) file: String,
    /// Its module, from the root.
    pub(crate) module: Names,
    /// What other crates' paths it names.
    pub(crate) foreign: Vec<Names>,
    /// Paths within this crate that it names, from the root; what it only hands on (`pub use`) is not among them.
    pub(crate) named: Vec<Names>,
    /// Names that it brings in or hands on, and what they stand for.
    brought: BTreeMap<String, Names>,
}

/// All files of `src`.
pub(crate) struct House {
    rooms: Vec<Room>,
    modules: BTreeMap<Names, usize>,
}

impl House {
    /// Reads and parses `src`.
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        find(&root.join("src"), &mut files);
        let files: Vec<(String, Names, syn::File)> = files
            .iter()
            .map(|path| {
                let file = path.strip_prefix(root).unwrap().to_str().unwrap();
                let text = std::fs::read_to_string(path).unwrap();
                let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
                (file.to_owned(), module(file), parsed)
            })
            .collect();
        assert!(files.len() > 300);
        let known: BTreeSet<Names> = files.iter().map(|(_, module, _)| module.clone()).collect();
        let rooms: Vec<Room> = files
            .into_iter()
            .map(|(file, module, parsed)| room(file, module, &parsed, &known))
            .collect();
        let modules = rooms.iter().enumerate();
        let modules = modules.map(|(n, room)| (room.module.clone(), n)).collect();
        Self { rooms, modules }
    }

    /// The rooms, in the order of their files.
    pub(crate) fn rooms(&self) -> &[Room] {
        &self.rooms
    }

    /// The room that defines what a path names, followed through what faces hand on; none for other crates.
    fn defines(&self, path: &[String], depth: usize) -> Option<usize> {
        let (at, rest) = (0..=path.len()).rev().find_map(|n| {
            let room = self.modules.get(&path[..n])?;
            Some((*room, &path[n..]))
        })?;
        let Some(name) = rest.first() else {
            return Some(at);
        };
        match self.rooms[at].brought.get(name) {
            Some(behind) if depth < 8 && behind != path => {
                let whole: Names = behind.iter().chain(&rest[1..]).cloned().collect();
                self.defines(&whole, depth + 1).or(Some(at))
            }
            _ => Some(at),
        }
    }

    /// Arrows between files: who names what is defined where.
    pub(crate) fn arrows(&self) -> BTreeSet<(usize, usize)> {
        let mut arrows = BTreeSet::new();
        for (from, room) in self.rooms.iter().enumerate() {
            let to = room.named.iter().filter_map(|path| self.defines(path, 0));
            arrows.extend(to.filter(|to| *to != from).map(|to| (from, to)));
        }
        arrows
    }

    /// Sets of files that name each other in a ring, the files in each sorted.
    pub(crate) fn rings(&self) -> Vec<Vec<String>> {
        let arrows = self.arrows();
        let count = self.rooms.len();
        let mut reach = vec![BTreeSet::new(); count];
        for (from, reached) in reach.iter_mut().enumerate() {
            let mut todo = vec![from];
            while let Some(at) = todo.pop() {
                for (_, to) in arrows.range((at, 0)..(at + 1, 0)) {
                    if reached.insert(*to) {
                        todo.push(*to);
                    }
                }
            }
        }
        let mut rings = BTreeSet::new();
        for from in (0..count).filter(|n| reach[*n].contains(n)) {
            let ring =
                (0..count).filter(|to| reach[from].contains(to) && reach[*to].contains(&from));
            rings.insert(ring.map(|n| self.rooms[n].file.clone()).collect::<Vec<_>>());
        }
        rings.into_iter().collect()
    }
}

fn find(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            find(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The module of a file, from the root of its crate; those of the program stand under `cli`, its `main.rs` beside them.
fn module(file: &str) -> Names {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut names: Names = inside.split('/').map(str::to_owned).collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib")) {
        names.pop();
    }
    names
}

struct Reader<'k> {
    module: Names,
    known: &'k BTreeSet<Names>,
    foreign: Vec<Names>,
    named: Vec<Names>,
    brought: BTreeMap<String, Names>,
}

fn room(file: String, module: Names, parsed: &syn::File, known: &BTreeSet<Names>) -> Room {
    let mut reader = Reader {
        module: module.clone(),
        known,
        foreign: Vec::new(),
        named: Vec::new(),
        brought: BTreeMap::new(),
    };
    // imports first: paths of the rest begin with what they bring in
    for item in &parsed.items {
        if let syn::Item::Use(import) = item {
            reader.import(import);
        }
    }
    reader.visit_file(parsed);
    Room {
        file,
        module,
        foreign: reader.foreign,
        named: reader.named,
        brought: reader.brought,
    }
}

impl Reader<'_> {
    /// A path from the root of this crate; none where it begins with the name of another crate.
    fn rooted(&self, path: &[String]) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        let mut base = match first.as_str() {
            "crate" | "sanlian" => Names::new(),
            "self" => self.module.clone(),
            "super" => {
                let mut up = self.module.clone();
                up.pop();
                up
            }
            name => {
                let child: Names = self
                    .module
                    .iter()
                    .cloned()
                    .chain([name.to_owned()])
                    .collect();
                if self.known.contains(&child) {
                    child
                } else {
                    // what an import brought in
                    self.brought.get(name)?.clone()
                }
            }
        };
        for name in rest {
            match name.as_str() {
                "super" => {
                    base.pop();
                }
                "self" => {}
                _ => base.push(name.clone()),
            }
        }
        Some(base)
    }

    fn import(&mut self, import: &syn::ItemUse) {
        let hands_on = !matches!(import.vis, syn::Visibility::Inherited);
        let mut leaves = Vec::new();
        leaves_of(&import.tree, &mut Names::new(), &mut leaves);
        for (path, name) in leaves {
            let Some(whole) = self.rooted(&path) else {
                self.foreign.push(path);
                continue;
            };
            if let Some(name) = name {
                self.brought.insert(name, whole.clone());
            }
            if !hands_on {
                self.named.push(whole);
            }
        }
    }

    fn path(&mut self, path: Names) {
        if path.len() < 2 {
            return;
        }
        match self.rooted(&path) {
            Some(whole) => self.named.push(whole),
            None => self.foreign.push(path),
        }
    }

    /// Paths in the tokens of a macro, which are not parsed.
    fn tokens(&mut self, tokens: &str) {
        for part in
            tokens.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':' || c == ' '))
        {
            let tight = part.replace(" :: ", "::");
            for word in tight.split(' ').filter(|w| w.contains("::")) {
                self.path(word.split("::").map(str::to_owned).collect());
            }
        }
    }
}

/// The leaves of an import: the path, and the name that stands for it here.
fn leaves_of(tree: &syn::UseTree, before: &mut Names, out: &mut Vec<(Names, Option<String>)>) {
    match tree {
        syn::UseTree::Path(path) => {
            before.push(path.ident.to_string());
            leaves_of(&path.tree, before, out);
            before.pop();
        }
        syn::UseTree::Name(name) => {
            let name = name.ident.to_string();
            if name == "self" {
                out.push((before.clone(), before.last().cloned()));
            } else {
                out.push((
                    before.iter().cloned().chain([name.clone()]).collect(),
                    Some(name),
                ));
            }
        }
        syn::UseTree::Rename(name) => {
            let path = before.iter().cloned().chain([name.ident.to_string()]);
            out.push((path.collect(), Some(name.rename.to_string())));
        }
        syn::UseTree::Glob(_) => out.push((before.clone(), None)),
        syn::UseTree::Group(group) => {
            for item in &group.items {
                leaves_of(item, before, out);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_use(&mut self, _: &'ast syn::ItemUse) {}

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(path.segments.iter().map(|s| s.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, part: &'ast syn::Macro) {
        self.tokens(&part.tokens.to_string());
        syn::visit::visit_macro(self, part);
    }
}
