//! Keeps the house: who may call whom, no world in pure modules, file sizes, first lines, fonts and their licences.
//! The table of arrows and the map in `src/lib.rs` change together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::house::House;

/// A module and the modules that it may name.
const ARROWS: &[(&str, &[&str])] = &[
    ("finding", &[]),
    ("units", &[]),
    ("hours", &[]),
    ("foreign", &[]),
    ("face", &[]),
    ("text", &[]),
    ("media", &["foreign", "units"]),
    ("config", &["foreign", "hours"]),
    ("campaign", &["face", "finding", "text"]),
    ("record", &["campaign", "finding", "foreign", "media"]),
    ("check", &["campaign", "finding", "media", "record", "text"]),
    (
        "intake",
        &[
            "campaign", "finding", "foreign", "media", "ooxml", "record", "text",
        ],
    ),
    ("form", &["campaign", "face", "record", "text", "units"]),
    ("font", &["face", "units"]),
    (
        "layout",
        &[
            "campaign", "face", "finding", "font", "form", "text", "units",
        ],
    ),
    ("mark", &["finding", "foreign", "hours"]),
    ("ooxml", &["finding"]),
    (
        "export",
        &[
            "campaign", "face", "font", "form", "layout", "ooxml", "text", "units",
        ],
    ),
    (
        "fill",
        &["campaign", "finding", "foreign", "ooxml", "record", "text"],
    ),
    ("press", &["campaign", "layout"]),
    ("pictures", &["finding", "media"]),
    ("scan", &["mark", "pictures"]),
    (
        "package",
        &["campaign", "finding", "hours", "mark", "press", "record"],
    ),
    ("demo", &["campaign", "finding", "record"]),
    (
        "receipt",
        &["campaign", "finding", "hours", "mark", "record"],
    ),
    (
        "store",
        &[
            "campaign", "finding", "foreign", "mark", "media", "receipt", "record",
        ],
    ),
    (
        "clerk",
        &[
            "campaign", "check", "demo", "export", "face", "fill", "finding", "font", "foreign",
            "form", "hours", "intake", "layout", "mark", "media", "ooxml", "package", "pictures",
            "press", "receipt", "record", "scan", "store", "text", "units",
        ],
    ),
    ("web", &["campaign", "clerk", "finding", "foreign", "hours"]),
    (
        "cli",
        &[
            "campaign", "clerk", "config", "finding", "foreign", "hours", "intake", "ooxml",
            "store", "web",
        ],
    ),
];

/// The folders inside modules, and the rooms of the same module that each may name; a module's own name stands for the files that lie
/// in it directly.
const ROOMS: &[(&str, &[&str])] = &[
    // the clerk: what all stand on lies in the module itself (errors, masking, who came in, the open ledger)
    ("clerk", &["clerk/making"]),
    ("clerk/making", &["clerk"]),
    ("clerk/forms", &["clerk", "clerk/making", "clerk/scan"]),
    ("clerk/scan", &["clerk", "clerk/making"]),
    ("clerk/desk", &["clerk", "clerk/making", "clerk/scan"]),
    ("clerk/unit", &["clerk", "clerk/making"]),
    (
        "clerk/office",
        &["clerk", "clerk/desk", "clerk/making", "clerk/unit"],
    ),
    // the service: the pages of people know only what all share
    (
        "web",
        &[
            "web/api",
            "web/desk",
            "web/office",
            "web/service",
            "web/unit",
        ],
    ),
    (
        "web/api",
        &["web/desk", "web/office", "web/service", "web/unit"],
    ),
    ("web/desk", &["web/service"]),
    ("web/office", &["web/service"]),
    ("web/service", &[]),
    ("web/unit", &["web/service"]),
    ("cli", &["cli/frame"]),
    ("cli/frame", &["cli"]),
    ("export/docx", &["export"]),
    ("export/pdf", &[]),
    ("export/xlsx", &["export"]),
    // what is known of a form's anatomy: bind, put and back stand on it
    ("fill/anatomy", &[]),
    ("fill/back", &["fill/anatomy"]),
    ("fill/bind", &["fill/anatomy"]),
    ("fill/put", &["fill/anatomy"]),
    ("intake", &["intake/blank"]),
    ("intake/blank", &[]),
    ("ooxml/document", &["ooxml"]),
    ("ooxml/insert", &["ooxml"]),
    ("pictures", &["pictures/pdf", "pictures/tiff"]),
    ("pictures/pdf", &["pictures"]),
    ("pictures/tiff", &["pictures"]),
    ("scan", &["scan/code"]),
    ("scan/blank", &[]),
    ("scan/code", &[]),
    ("store", &["store/ledger", "store/objects"]),
    ("store/ledger", &["store", "store/objects"]),
    ("store/objects", &["store"]),
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

/// The folder or file of a module, two levels deep: `clerk/desk`, or `clerk` for what stands in it directly.
fn chamber(module: &[String], rooms: &BTreeSet<String>) -> String {
    let two = module.iter().take(2).cloned().collect::<Vec<_>>().join("/");
    match rooms.contains(&two) {
        true => two,
        false => module.first().cloned().unwrap_or_default(),
    }
}

#[test]
fn every_arrow_is_listed_and_every_listed_arrow_is_used() {
    let house = House::read();
    let allowed: BTreeMap<&str, BTreeSet<&str>> = ARROWS
        .iter()
        .map(|(from, to)| (*from, to.iter().copied().collect()))
        .collect();
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut faults = Vec::new();
    for room in house.rooms() {
        let Some(from) = room.module.first().filter(|m| *m != "main") else {
            continue;
        };
        let known = allowed
            .get(from.as_str())
            .unwrap_or_else(|| panic!("{}: module {from} is not in the table", room.file));
        let named = room.named.iter().filter_map(|path| path.first());
        for to in named.filter(|to| *to != from && allowed.contains_key(to.as_str())) {
            if !known.contains(to.as_str()) {
                faults.push(format!("{}: {from} → {to} is not allowed", room.file));
            }
            used.entry(from.clone()).or_default().insert(to.clone());
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
fn every_arrow_between_the_rooms_of_a_module_is_listed_and_used() {
    let house = House::read();
    let rooms: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    let allowed: BTreeSet<(String, String)> = ROOMS
        .iter()
        .flat_map(|(from, to)| to.iter().map(|to| ((*from).to_owned(), (*to).to_owned())))
        .collect();
    let mut faults = Vec::new();
    let folders = house.rooms().iter().map(|room| &room.module);
    let folders = folders.filter(|m| m.len() > 2).map(|m| m[..2].join("/"));
    for folder in folders.collect::<BTreeSet<_>>() {
        if !rooms.contains(&folder) {
            faults.push(format!("{folder} is not in the table of rooms"));
        }
    }
    let mut used = BTreeSet::new();
    for (from, to) in house.arrows() {
        let (from, to) = (&house.rooms()[from], &house.rooms()[to]);
        if from.module.first() != to.module.first() {
            continue;
        }
        let arrow = (chamber(&from.module, &rooms), chamber(&to.module, &rooms));
        if arrow.0 == arrow.1 || !rooms.contains(&arrow.0) && !rooms.contains(&arrow.1) {
            continue;
        }
        if !allowed.contains(&arrow) {
            faults.push(format!(
                "{}: {} → {} is not allowed",
                from.file, arrow.0, to.file
            ));
        }
        used.insert(arrow);
    }
    let idle = allowed.difference(&used);
    faults.extend(idle.map(|(from, to)| format!("nobody uses {from} → {to}")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_files_name_each_other_in_a_ring() {
    let rings = House::read().rings();
    let told: Vec<String> = rings.iter().map(|ring| ring.join(" ⇄ ")).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn pure_modules_do_not_touch_the_world() {
    let mut faults = Vec::new();
    for room in House::read().rooms() {
        let module = room.module.first().map_or("", String::as_str);
        if WORLDLY.contains(&module) || module == "main" {
            continue;
        }
        for path in room.foreign.iter().map(|path| path.join("::")) {
            faults.extend(
                WORLD
                    .iter()
                    .filter(|w| format!("::{path}::").contains(&format!("::{w}::")))
                    .map(|w| format!("{}: {w} by {path}", room.file)),
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

#[test]
fn every_file_of_tests_is_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = std::fs::read_to_string(root.join("main.rs")).unwrap();
    let mut unnamed = Vec::new();
    for entry in std::fs::read_dir(&root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let is_file = path.extension().is_some_and(|e| e == "rs") && name != "main";
        let module = path.is_dir() && path.join("mod.rs").is_file();
        let named = [
            format!("\nmod {name};"),
            format!("\npub mod {name};"),
            format!("\npub(crate) mod {name};"),
        ];
        if (is_file || module) && !named.iter().any(|line| main.contains(line)) {
            unnamed.push(name);
        }
    }
    assert!(
        unnamed.is_empty(),
        "not in tests/it/main.rs, so never run: {unnamed:?}"
    );
}
