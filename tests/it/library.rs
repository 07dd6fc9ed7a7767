//! The library in parts: what each feature of `Cargo.toml` pulls, so that whoever verifies a mark does not build a web server.
//! That every part builds without warnings is seen to in `.ci/run`; examples in the docs are run by `cargo test --doc`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use toml::{Table, Value};

/// A part, the most crates that it may pull, itself included, and crates of the parts above that it must not.
/// A limit is what was counted and a few: more wants a reason in the commit.
const PARTS: &[(&str, usize, &[&str])] = &[
    (
        "mark",
        60,
        &["image", "zip", "rxing", "printpdf", "tokio", "clap"],
    ),
    (
        "scan",
        155,
        &["zip", "quick-xml", "printpdf", "tokio", "clap"],
    ),
    ("forms", 190, &["rxing", "hayro", "tokio", "sqlx", "clap"]),
    ("scan,forms", 245, &["tokio", "sqlx", "axum", "clap"]),
    ("service", 400, &["clap", "indicatif", "anyhow"]),
];

fn manifest() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

/// Names of the crates that a part is built of, by the lock file, without the network.
fn crates_of(part: &str) -> BTreeSet<String> {
    let done = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--locked", "--offline", "--no-default-features"])
        .args(["--features", part, "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}"])
        .output()
        .unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(
        done.status.success() && said.starts_with("sanlian "),
        "{part}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    let lines = said.lines().filter(|line| !line.is_empty());
    lines
        .map(|line| line.split(" (").next().unwrap().to_owned())
        .collect()
}

#[test]
fn a_part_of_the_library_pulls_what_it_needs_and_no_more() {
    for (part, most, never) in PARTS {
        let crates = crates_of(part);
        assert!(
            crates.len() <= *most,
            "{part}: {} crates, at most {most}: {crates:?}",
            crates.len()
        );
        for name in *never {
            let found = crates.iter().find(|c| c.split(' ').next() == Some(name));
            assert_eq!(found, None, "{part} pulls a crate of another part");
        }
    }
}

#[test]
fn every_dependency_belongs_to_a_part() {
    let manifest = manifest();
    let features = manifest["features"].as_table().unwrap();
    let words = |value: &Value| -> Vec<String> {
        let list = value.as_array().unwrap().iter();
        list.map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let claimed: BTreeSet<String> = features.values().flat_map(words).collect();
    let mut faults = Vec::new();
    for (name, how) in manifest["dependencies"].as_table().unwrap() {
        if how.get("optional").and_then(Value::as_bool) != Some(true) {
            faults.push(format!("{name} is built for every part: make it optional"));
        }
        if !claimed.contains(&format!("dep:{name}")) {
            faults.push(format!("no part of [features] names dep:{name}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn program_tests_and_benches_ask_for_the_whole() {
    let manifest = manifest();
    let targets = ["bin", "test", "bench"]
        .iter()
        .flat_map(|kind| manifest[*kind].as_array().unwrap());
    let mut count = 0;
    for target in targets {
        let asked = target.get("required-features").and_then(Value::as_array);
        let asked = asked.is_some_and(|list| list.iter().any(|f| f.as_str() == Some("program")));
        assert!(asked, "{} has no required-features", target["name"]);
        count += 1;
    }
    assert!(count >= 7, "{count}");
}

#[test]
fn the_first_module_that_a_reader_meets_has_an_example_that_runs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for module in ["mark", "scan", "check", "export", "fill"] {
        let text = std::fs::read_to_string(root.join(module).join("mod.rs")).unwrap();
        let docs: Vec<&str> = text.lines().take_while(|l| l.starts_with("//!")).collect();
        let fences: Vec<&&str> = docs.iter().filter(|l| l.starts_with("//! ```")).collect();
        // a fence without a word is code that rustdoc builds and runs; `no_run` and `ignore` are words
        assert_eq!(fences, [&"//! ```", &"//! ```"], "{module}");
        let asserts = docs.iter().filter(|l| l.contains("assert")).count();
        assert!(asserts >= 2, "the example of {module} shows nothing");
    }
}
