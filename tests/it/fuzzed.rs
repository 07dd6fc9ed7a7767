//! The entries of the fuzz targets (`fuzz/src/entry`) in the normal run: over every seed, and over every input that once failed
//! (`tests/fuzzed/<target>/`). `fuzz/seeds` writes the seeds for the engine through here.

use std::fs;
use std::path::{Path, PathBuf};

#[path = "../../fuzz/src/entry/mod.rs"]
#[expect(
    unreachable_pub,
    reason = "the crate of the fuzz targets has these as its public part"
)]
pub(crate) mod entry;

use crate::fuzz_seeds::{Seed, seeds};

fn entry_of(target: &str) -> fn(&[u8]) {
    let found = entry::TARGETS.iter().find(|(name, _)| *name == target);
    found.unwrap_or_else(|| panic!("no target {target}")).1
}

/// The inputs of a target that once failed.
fn failed(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzzed")
        .join(target);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn what_once_failed_holds() {
    let mut inputs = 0;
    for (target, entry) in entry::TARGETS {
        for path in failed(target) {
            println!("{}", path.display());
            entry(&fs::read(&path).unwrap());
            inputs += 1;
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzzed");
    let mut kept = 0;
    for folder in fs::read_dir(root).unwrap() {
        let folder = folder.unwrap();
        entry_of(folder.file_name().to_str().unwrap());
        kept += fs::read_dir(folder.path()).unwrap().count();
    }
    assert!(inputs > 0 && inputs == kept, "{inputs} of {kept}");
}

#[test]
fn every_target_has_seeds_and_its_laws_hold_on_them() {
    let seeds = seeds();
    // the engine takes them from a folder that `fuzz/seeds` names
    if let Some(folder) = std::env::var_os("FUZZ_SEEDS").map(PathBuf::from) {
        for seed in &seeds {
            let folder = folder.join(seed.target);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(&seed.name), &seed.bytes).unwrap();
        }
    }
    for (target, entry) in entry::TARGETS {
        let own: Vec<&Seed> = seeds.iter().filter(|s| s.target == *target).collect();
        assert!(own.len() > 1, "{target} has no seeds");
        for seed in own {
            println!("{target}/{}", seed.name);
            entry(&seed.bytes);
        }
    }
}

#[test]
fn every_target_is_built_and_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
    let (cargo, guide) = (read("Cargo.toml"), read("README.md"));
    for (target, _) in entry::TARGETS {
        assert!(
            cargo.contains(&format!("\nname = \"{target}\"\n")),
            "{target}"
        );
        assert!(guide.contains(&format!("`{target}`")), "{target}");
        let file = read(&format!("fuzz_targets/{target}.rs"));
        assert!(file.contains(&format!("target!(\"{target}\")")), "{file}");
    }
    let files = fs::read_dir(root.join("fuzz_targets")).unwrap().count();
    assert_eq!(files, entry::TARGETS.len());
}

#[test]
fn a_parcel_gives_its_parts_back_and_a_summed_package_opens() {
    let parts = vec![
        ("a.xml".to_owned(), b"<a/>\n".to_vec()),
        ("b/c.xml".to_owned(), Vec::new()),
    ];
    let parcel = entry::parcel::parcel(&parts);
    assert_eq!(entry::parcel::parts(&parcel, "x"), parts);
    let seeds = seeds();
    let seed = seeds
        .iter()
        .find(|s| s.target == "package" && s.bytes.starts_with(b"==="))
        .unwrap();
    let trusted = crate::package::trusted(&crate::package::key());
    let opened = crate::package::read(&entry::package::signed(&seed.bytes), &trusted);
    assert!(
        opened.is_ok(),
        "the engine gets behind the signature: {opened:?}"
    );
}
