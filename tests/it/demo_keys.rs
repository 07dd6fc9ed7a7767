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
    // once more, with the same key; without it the record book cannot go on, and that is said before anything is drawn
    let again = demo(&folder, &users, &["--out", "o u t"]);
    assert!(again.status.success(), "{}", said(&again));
    assert_eq!(read_trusted(&keys).unwrap().0.0.len(), 1);
    std::fs::remove_dir_all(&keys).unwrap();
    let lost = demo(&folder, &users, &["--out", "o u t"]);
    assert_eq!(lost.status.code(), Some(2));
    assert!(said(&lost).contains("换一个 --out"), "{}", said(&lost));
    assert!(!keys.exists());
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
