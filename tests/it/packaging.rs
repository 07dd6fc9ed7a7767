//! What is handed on: licences, the Debian package and the container file agree with what stands in the source. That they
//! build is tried by hand (`.ci/deb`); the unit as the program tells it is in `settings`.

use std::path::PathBuf;
use std::process::Command;

use toml::{Table, Value};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn package() -> Table {
    let manifest: Table = text("Cargo.toml").parse().unwrap();
    manifest["package"].as_table().unwrap().clone()
}

/// The package's table for Debian.
fn deb() -> Table {
    package()["metadata"]["deb"].as_table().unwrap().clone()
}

#[test]
fn the_licences_that_the_manifest_names_are_there() {
    assert_eq!(package()["license"].as_str(), Some("MIT OR Apache-2.0"));
    let mit = text("LICENSE-MIT");
    assert!(mit.contains("Copyright (c) 2026 the sanlian project contributors"));
    assert!(mit.contains("Permission is hereby granted, free of charge"));
    let apache = text("LICENSE-APACHE");
    assert!(apache.contains("Version 2.0, January 2004"));
    assert!(apache.contains("END OF TERMS AND CONDITIONS"));
    // the package says the same of the program, and of every font in it
    let copyright = text("src/cli/deploy/deb/copyright");
    assert!(copyright.contains("License: Expat or Apache-2.0"));
    for entry in std::fs::read_dir(root().join("fonts")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".ttf") {
            assert!(copyright.contains(&format!("fonts/{name}")), "{name}");
        }
    }
}

#[test]
fn the_change_log_tells_of_this_version() {
    let version = package()["version"].as_str().unwrap().to_owned();
    let log = text("CHANGELOG.md");
    assert!(
        log.lines()
            .any(|line| line.starts_with(&format!("## [{version}]"))),
        "{version}"
    );
}

#[test]
fn the_debian_package_takes_what_the_program_shows() {
    let deb = deb();
    let assets: Vec<(String, String)> = deb["assets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| {
            let word = |n: usize| a[n].as_str().unwrap().to_owned();
            (word(0), word(1))
        })
        .collect();
    for (from, _) in assets
        .iter()
        .filter(|(from, _)| !from.starts_with("target/"))
    {
        let path = from.trim_end_matches("/*");
        assert!(root().join(path).exists(), "{from}");
    }
    // settings and unit are the files that `sanlian config` shows
    let settings = "src/cli/deploy/service.toml";
    let target = assets.iter().find(|(from, _)| from == settings).unwrap();
    let kept = deb["conf-files"].as_array().unwrap();
    assert!(
        kept.contains(&Value::String(format!("/{}", target.1))),
        "{kept:?}"
    );
    let unit = &deb["systemd-units"];
    let folder = unit["unit-scripts"].as_str().unwrap();
    let unit = text(&format!(
        "{folder}/{}.service",
        unit["unit-name"].as_str().unwrap()
    ));
    assert!(unit.contains(&format!("--config /{}", target.1)), "{unit}");
    let config = text("src/cli/config.rs");
    assert!(config.contains("deploy/service.toml") && config.contains("deploy/sanlian.service"));
    // the account and the folder of the unit are those that the package makes
    let postinst = text("src/cli/deploy/deb/postinst");
    assert!(unit.contains("User=sanlian") && unit.contains("StateDirectory=sanlian"));
    assert!(
        postinst.contains("install -d -o sanlian -g sanlian -m 0700 /var/lib/sanlian"),
        "{postinst}"
    );
}

#[test]
fn scripts_of_the_package_are_sound_and_keep_the_ledger() {
    let folder = root().join(deb()["maintainer-scripts"].as_str().unwrap());
    let mut seen = 0;
    for name in ["preinst", "postinst", "prerm", "postrm"] {
        let path = folder.join(name);
        let Ok(script) = std::fs::read_to_string(&path) else {
            continue;
        };
        let sound = Command::new("sh").arg("-n").arg(&path).status().unwrap();
        assert!(sound.success(), "{name}");
        // the unit is enabled, stopped and reloaded where this word stands
        assert!(script.lines().any(|l| l == "#DEBHELPER#"), "{name}");
        assert!(!script.contains("rm -"), "{name} removes something");
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn the_container_file_copies_what_is_there_and_gives_volumes_an_owner() {
    let file = text("src/cli/deploy/Containerfile");
    let mut copied = 0;
    for line in file
        .lines()
        .filter(|l| l.starts_with("COPY ") && !l.contains("--from"))
    {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        for from in &words[..words.len() - 1] {
            assert!(root().join(from).exists(), "{line}");
            copied += 1;
        }
    }
    assert!(copied >= 5, "{copied}");
    // whatever the program takes into itself when it is built is copied
    for needed in ["src", "templates", "fonts"] {
        assert!(
            file.contains(&format!("COPY {needed} {needed}\n")),
            "{needed}"
        );
        assert!(root().join(needed).is_dir());
    }
    // whether a proxy stands before it, only who runs it knows: addresses of visitors are forged where none does
    let set = file.lines().filter(|l| !l.starts_with('#'));
    assert!(!set.into_iter().any(|l| l.contains("BEHIND")));
    assert!(file.contains("-p 127.0.0.1:8080:8080"));
    let made = file.find("install -d -o sanlian").unwrap();
    let volume = file.find("VOLUME").unwrap();
    assert!(made < volume, "folders are made before they are volumes");
    let version = package()["rust-version"].as_str().unwrap().to_owned();
    assert!(file.contains(&format!("rust:{version}-")), "{version}");
}
