//! The demo signs with a key of its own: the user's key folder is neither used nor made, whatever the environment says.

use std::path::Path;
use std::process::{Command, Output};

use sanlian::mark::Algorithm;
use sanlian::store::{open_keys, read_trusted};

use crate::folder::Folder;
use crate::run;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The demo of the second campaign, which has fewer pictures to draw.
fn demo(folder: &Folder, users: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .args(["demo", "--campaign", "quanguo-zuimei-2022"])
        .args(["--now", "2022-04-28T01:02:03Z"])
        .args(more)
        .current_dir(folder.path())
        .env("SANLIAN_KEYS", users)
        .env("HOME", folder.path())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_demo_signs_with_a_key_of_its_own_and_what_it_says_goes_on() {
    let folder = Folder::new();
    let users = folder.path().join("users");
    let own = open_keys(&users, "示例市科学技术协会", Algorithm::Ed25519).unwrap();
    let before = run::files(&users);
    let output = demo(&folder, &users, &["--out", "o u t"]);
    let words = said(&output);
    assert!(output.status.success(), "{words}");
    assert!(run::files(&users) == before, "the user's keys changed");
    let keys = folder.path().join("o u t/keys");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&keys).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
    let made = run::manifest(&folder.path().join("o u t/paper"));
    let trusted = read_trusted(&keys).unwrap().0.0;
    assert_eq!(trusted.len(), 1);
    assert_eq!(made["key"]["id"], trusted[0].id().to_string());
    assert_ne!(trusted[0].public(), own.signing.public());
    // the folder is named, and the command beside it works as it stands
    assert!(words.contains("演示用自己的密钥：'o u t/keys'"), "{words}");
    let (_, command) = words.split_once("sanlian verify ").expect("a command");
    let command = format!("'{}' verify {command}", env!("CARGO_BIN_EXE_sanlian"));
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &command]).current_dir(folder.path());
    assert!(shell.output().unwrap().status.success(), "{command}");
}

/// Everything below a folder, with its bytes.
fn all(folder: &Folder) -> std::collections::BTreeMap<String, Vec<u8>> {
    run::files(folder.path())
}

#[test]
fn a_folder_that_holds_anything_is_refused_and_nothing_is_written() {
    let folder = Folder::new();
    let users = folder.path().join("users");
    let refused = |out: &str, more: &[&str]| {
        let before = all(&folder);
        let output = demo(&folder, &users, &[&["--out", out][..], more].concat());
        let words = said(&output);
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains("里已有文件"), "{words}");
        assert!(words.contains("请换一个 --out"), "{words}");
        assert!(all(&folder) == before, "{out}: something was written");
    };
    // a folder of somebody's, whatever it holds
    let own = folder.path().join("own");
    std::fs::create_dir_all(own.join("submission")).unwrap();
    std::fs::write(own.join("submission/填报工作簿.xlsx"), "mine").unwrap();
    refused("own", &[]);
    refused("own/submission", &[]);
    // an empty one is taken
    std::fs::create_dir(folder.path().join("out")).unwrap();
    let taken = demo(&folder, &users, &["--out", "out"]);
    assert!(taken.status.success(), "{}", said(&taken));
    // then it is an earlier demo, edited since: neither the same campaign nor another one takes its place
    std::fs::write(folder.path().join("out/submission/报告.txt"), "改过的报告").unwrap();
    refused("out", &[]);
    let before = all(&folder);
    let other = Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .args(["demo", "--campaign", "hebei-zuimei-2021", "--out", "out"])
        .current_dir(folder.path())
        .env("SANLIAN_KEYS", &users)
        .output()
        .unwrap();
    assert_eq!(other.status.code(), Some(2));
    assert!(said(&other).contains("里已有文件"), "{}", said(&other));
    assert!(all(&folder) == before, "something was written");
    assert!(!users.exists(), "the user's key folder was made");
}

#[test]
fn a_folder_with_another_units_key_is_refused_and_one_of_the_demo_is_used() {
    let folder = Folder::new();
    let users = folder.path().join("users");
    let others = folder.path().join("others");
    open_keys(&others, "样例县科学技术协会", Algorithm::Ed25519).unwrap();
    let before = all(&folder);
    let refused = demo(&folder, &users, &["--out", "out", "--keys", "others"]);
    assert_eq!(refused.status.code(), Some(2));
    let words = said(&refused);
    assert!(words.contains("“样例县科学技术协会”的签名密钥"), "{words}");
    assert!(words.contains("请换一个 --keys"), "{words}");
    assert!(all(&folder) == before, "something was written");
    // a key whose public half is gone says nothing of whose it is
    for file in std::fs::read_dir(&others).unwrap() {
        let path = file.unwrap().path();
        if path.to_string_lossy().contains("public") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let nameless = demo(&folder, &users, &["--out", "out", "--keys", "others"]);
    assert_eq!(nameless.status.code(), Some(2), "{}", said(&nameless));
    assert!(!folder.path().join("out").exists());
    // one of the demo's own unit is used
    let source = sanlian::campaign::builtin();
    let source = source.iter().find(|s| s.id == "quanguo-zuimei-2022");
    let campaign = sanlian::campaign::load(source.unwrap()).0.unwrap();
    let unit = sanlian::demo::submission(&campaign, 1).submission.unit;
    let shared = folder.path().join("shared");
    open_keys(&shared, unit.text("name"), Algorithm::Ed25519).unwrap();
    let made = demo(&folder, &users, &["--out", "out", "--keys", "shared"]);
    assert!(made.status.success(), "{}", said(&made));
    assert_eq!(read_trusted(&shared).unwrap().0.0.len(), 1);
}

#[test]
fn the_demo_refuses_the_users_own_key_folder() {
    let folder = Folder::new();
    let users = folder.path().join("keys");
    let refused = |folder: &Folder, users: &Path, more: &[&str]| {
        let output = demo(folder, users, more);
        assert_eq!(output.status.code(), Some(2), "{more:?}");
        assert!(
            said(&output).contains("是您的密钥目录"),
            "{}",
            said(&output)
        );
    };
    // one that is not there yet: the demo would make it
    refused(&folder, &users, &["--out", "."]);
    refused(&folder, &users, &["--out", "out", "--keys", text(&users)]);
    assert!(folder.list().is_empty(), "{:?}", folder.list());
    open_keys(&users, "示例市科学技术协会", Algorithm::Ed25519).unwrap();
    let before = folder.list();
    refused(&folder, &users, &["--out", "."]);
    refused(
        &folder,
        &users,
        &["--out", "out", "--keys", "./keys/../keys"],
    );
    #[cfg(unix)]
    {
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&users, &link).unwrap();
        refused(&folder, &users, &["--out", "out", "--keys", "link"]);
        std::fs::remove_file(link).unwrap();
    }
    assert_eq!(folder.list(), before);
}
