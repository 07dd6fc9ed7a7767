//! Keeps the house: who may call whom, no world in pure modules, file sizes, first lines, fonts and their licences.
//! The table of arrows and the map in `src/lib.rs` change together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module and the modules that it may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("finding", &[]),
    ("units", &[]),
    ("hours", &[]),
    ("face", &[]),
    ("text", &[]),
    ("media", &["units"]),
    ("config", &["hours"]),
    ("campaign", &["face", "finding"]),
    ("record", &["campaign", "finding", "media"]),
    ("check", &["campaign", "finding", "media", "record", "text"]),
    ("intake", &["campaign", "finding", "record", "text"]),
    ("form", &["campaign", "face", "record", "text", "units"]),
    ("font", &["face", "units"]),
    (
        "layout",
        &["campaign", "face", "finding", "font", "form", "units"],
    ),
    ("mark", &["finding", "hours"]),
    ("ooxml", &["finding"]),
    (
        "export",
        &[
            "campaign", "face", "font", "form", "layout", "ooxml", "units",
        ],
    ),
    ("fill", &["campaign", "finding", "ooxml", "record", "text"]),
    ("press", &["campaign", "layout"]),
    ("pictures", &["finding", "media"]),
    ("scan", &["mark", "pictures"]),
    (
        "package",
        &["campaign", "finding", "hours", "mark", "press", "record"],
    ),
    ("demo", &["campaign", "finding", "record"]),
    ("receipt", &["campaign", "finding", "mark", "record"]),
    (
        "store",
        &["campaign", "finding", "mark", "media", "receipt", "record"],
    ),
    (
        "clerk",
        &[
            "campaign", "check", "demo", "export", "fill", "finding", "font", "form", "hours",
            "intake", "layout", "mark", "media", "ooxml", "package", "pictures", "press",
            "receipt", "record", "scan", "store", "units",
        ],
    ),
    ("web", &["campaign", "clerk", "finding"]),
    (
        "cli",
        &[
            "campaign", "clerk", "config", "finding", "hours", "intake", "ooxml", "store", "web",
        ],
    ),
];

/// Modules that may touch files, network, environment, clock or chance.
const WORLDLY: &[&str] = &["store", "clerk", "web", "cli", "config"];

/// What touches the world.
const WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
    "getrandom",
];

fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    let mut todo: Vec<PathBuf> = ["src", "tests", "benches"]
        .iter()
        .map(|d| root.join(d))
        .collect();
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(found.len() > 50);
    found
}

/// The module that a file of `src` belongs to.
fn module(file: &str) -> Option<String> {
    let inside = file.strip_prefix("src/")?;
    let first = inside.split('/').next()?.trim_end_matches(".rs");
    (!matches!(first, "lib" | "main")).then(|| first.to_owned())
}

/// The lines of a file that are code.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// The modules that a line names, by `crate::x` or, in the program, `sanlian::x`.
fn named(line: &str) -> impl Iterator<Item = String> + '_ {
    ["crate::", "sanlian::"]
        .into_iter()
        .flat_map(move |prefix| {
            line.match_indices(prefix).filter_map(move |(at, _)| {
                let rest = &line[at + prefix.len()..];
                let word: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                (!word.is_empty()).then_some(word)
            })
        })
}

#[test]
fn every_arrow_is_listed_and_every_listed_arrow_is_used() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> = ARROWS
        .iter()
        .map(|(from, to)| (*from, to.iter().copied().collect()))
        .collect();
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let Some(from) = module(&file) else { continue };
        let known = allowed
            .get(from.as_str())
            .unwrap_or_else(|| panic!("{file}: module {from} is not in the table"));
        for line in code(&text) {
            for to in named(line).filter(|to| *to != from && allowed.contains_key(to.as_str())) {
                if !known.contains(to.as_str()) {
                    faults.push(format!("{file}: {from} → {to} is not allowed"));
                }
                used.entry(from.clone()).or_default().insert(to);
            }
        }
    }
    for (from, to) in &allowed {
        let used = used.get(*from).cloned().unwrap_or_default();
        faults.extend(
            to.iter()
                .filter(|t| !used.contains(**t))
                .map(|t| format!("nobody uses {from} → {t}")),
        );
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pure_modules_do_not_touch_the_world() {
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let Some(from) = module(&file) else { continue };
        if WORLDLY.contains(&from.as_str()) {
            continue;
        }
        for line in code(&text) {
            faults.extend(
                WORLD
                    .iter()
                    .filter(|w| line.contains(**w))
                    .map(|w| format!("{file}: {w}")),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_environment_is_read_in_one_place() {
    for (file, text) in sources() {
        if file.starts_with("src/") && file != "src/config.rs" {
            assert!(!text.contains("env::var"), "{file} reads the environment");
        }
    }
}

#[test]
fn files_are_short_and_say_what_is_in_them() {
    let mut faults = Vec::new();
    for (file, text) in sources() {
        let lines = text.lines().count();
        if lines > 600 {
            faults.push(format!("{file} has {lines} lines"));
        }
        if !text.starts_with("//!") {
            faults.push(format!("{file} does not open with //!"));
        }
        let name = file.rsplit('/').next().unwrap().trim_end_matches(".rs");
        if [
            "util", "utils", "common", "helpers", "manager", "core", "types", "misc",
        ]
        .contains(&name)
        {
            faults.push(format!("{file}: a room without a name"));
        }
        // put together here, so that this file is looked at too
        if [
            concat!("super::", "super"),
            concat!("#[", "ignore"),
            concat!("should", "_panic"),
        ]
        .iter()
        .any(|w| text.contains(w))
        {
            faults.push(format!(
                "{file}: a detour through super, or a test that sleeps"
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_map_names_every_module() {
    let map =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let words: String = map.lines().filter(|l| l.starts_with("//!")).collect();
    for (module, _) in ARROWS.iter().filter(|(m, _)| *m != "cli") {
        assert!(words.contains(module), "the map does not name {module}");
        assert!(
            map.contains(&format!("pub mod {module};")),
            "{module} is no module"
        );
    }
}
