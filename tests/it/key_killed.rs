//! `key new` killed, at every place before and after a write and at seeded moments, and run again: one new key, the old one retired,
//! the owner kept, old marks and new ones genuine, and nothing left over.
#![cfg(all(unix, debug_assertions))]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use sanlian::mark::{Algorithm, SignatureCheck, SigningKey, TrustedKey, sign, verify};
use sanlian::store::{open_keys, read_trust_list, read_trusted};

use crate::chance::{Chance, rounds};
use crate::folder::Folder;
use crate::killed::passes;
use crate::trust::issue;
use crate::{run, small};

/// Unit that holds the key; the campaign's demo has another name.
const OWNER: &str = "示例市科学技术协会";

/// A folder in which a key has signed, in the owner's name.
struct Keys {
    folder: Folder,
    old: String,
}

impl Keys {
    fn new() -> Self {
        let folder = Folder::new();
        let ring = open_keys(&folder.path().join("keys"), OWNER, Algorithm::Ed25519).unwrap();
        let old = sign(&ring.signing, &issue("2026-11-20T00:00:00Z")).unwrap();
        Self {
            folder,
            old: old.digits(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("keys")
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sanlian"));
        command
            .args(["key", "new", "--keys"])
            .arg(self.path())
            .args(more)
            .env_remove("SANLIAN_FAILPOINT")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to its end; gives the number that it says.
    fn again(&self, more: &[&str]) -> String {
        let output = self.command(more).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What `key new` came to after a run that was killed and one that was not.
    fn hold_one_new_key(&self, new: &str, place: &str) {
        let keys = self.path();
        let files: Vec<String> = run::files(&keys).into_keys().collect();
        let old = old_number(&files);
        let mut expected = [
            format!("private-{old}.retired"),
            "private.pem".to_owned(),
            format!("public-{old}.pem"),
            format!("public-{new}.pem"),
            "reference.secret".to_owned(),
            "trust.toml".to_owned(),
        ];
        expected.sort();
        assert_eq!(files, expected, "{place}");
        for id in [&old, new] {
            let text = std::fs::read_to_string(keys.join(format!("public-{id}.pem"))).unwrap();
            let public = TrustedKey::from_pem(&text).unwrap();
            assert_eq!(public.owner(), OWNER, "{place}: the owner of {id}");
        }
        let list = read_trust_list(&keys).unwrap().0;
        assert_eq!(list.len(), 1, "{place}");
        assert_eq!(
            (list[0].id().to_string(), list[0].owner()),
            (old.clone(), OWNER)
        );
        assert!(list[0].term.until.is_some(), "{place}");
        for secret in files.iter().filter(|f| f.starts_with("private")) {
            let mode = std::fs::metadata(keys.join(secret)).unwrap().permissions();
            assert_eq!(mode.mode() & 0o777, 0o600, "{place}: {secret}");
        }
        let ring = open_keys(&keys, "另一个名称", Algorithm::Ed25519).unwrap();
        assert_eq!(ring.signing.id().to_string(), new, "{place}");
        assert!(!ring.made);
        let mark = sign(&ring.signing, &issue("2026-11-28T00:00:00Z")).unwrap();
        let trusted = read_trusted(&keys).unwrap().0;
        for digits in [&self.old, &mark.digits()] {
            let verdict = verify(digits, &trusted);
            assert!(
                matches!(verdict, SignatureCheck::Genuine(_)),
                "{place}: {verdict:?}"
            );
        }
    }
}

/// The number in the name of the one retired key.
fn old_number(files: &[String]) -> String {
    let name = files.iter().find_map(|f| f.strip_suffix(".retired"));
    let name = name.and_then(|n| n.strip_prefix("private-"));
    name.expect("a retired key").to_owned()
}

/// The number that a run answered, where it came to that.
fn answered(output: &Output) -> Option<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    Some(text.split_once('\n')?.0.to_owned())
}

const FIRST: [&str; 2] = ["--now", "2026-11-25T00:00:00Z"];
const SECOND: [&str; 2] = ["--now", "2026-11-26T00:00:00Z"];

#[test]
fn a_new_key_killed_at_any_write_and_run_again_is_one_key_with_its_owner() {
    let mut kills = 0;
    for pass in passes(400) {
        let keys = Keys::new();
        let mut command = keys.command(&FIRST);
        let output = command.env("SANLIAN_FAILPOINT", pass.to_string());
        let output = output.output().unwrap();
        if output.status.success() {
            keys.hold_one_new_key(&answered(&output).unwrap(), "not killed");
            break;
        }
        kills = pass;
        let new = keys.again(&SECOND);
        if let Some(told) = answered(&output) {
            assert_eq!(told, new, "pass {pass}: another key than was told");
        }
        keys.hold_one_new_key(&new, &format!("pass {pass}"));
        // asked for on purpose, there is another
        let third = keys.again(&["--now", "2026-11-27T00:00:00Z"]);
        assert_ne!(third, new);
        assert_eq!(read_trusted(&keys.path()).unwrap().0.0.len(), 3);
    }
    assert!(kills >= 30, "{kills}");
}

#[test]
fn a_first_key_killed_at_any_write_is_one_key_in_its_owners_name() {
    let mut kills = 0;
    for pass in passes(400) {
        let keys = Keys {
            folder: Folder::new(),
            old: String::new(),
        };
        let named = ["--owner", OWNER, "--algorithm", "sm2"];
        let mut command = keys.command(&named);
        let output = command.env("SANLIAN_FAILPOINT", pass.to_string());
        let killed = !output.output().unwrap().status.success();
        if killed {
            kills = pass;
            keys.again(&named);
        }
        let trusted = read_trusted(&keys.path()).unwrap().0.0;
        assert_eq!(trusted.len(), 1, "pass {pass}");
        assert_eq!(trusted[0].owner(), OWNER, "pass {pass}");
        let files: Vec<String> = run::files(&keys.path()).into_keys().collect();
        assert_eq!(files.len(), 3, "pass {pass}: {files:?}");
        if !killed {
            break;
        }
    }
    assert!(kills >= 12, "{kills}");
}

#[test]
fn a_new_key_killed_at_any_moment_and_run_again_is_one_key_with_its_owner() {
    let start = Instant::now();
    Keys::new().again(&FIRST);
    let whole = start.elapsed();
    let mut chance = Chance::law(25);
    let (mut kills, mut rounds, wanted) = (0, 0, rounds(8, 40));
    while kills < wanted {
        rounds += 1;
        assert!(rounds < 2_000, "only {kills} of {rounds} runs were killed");
        let keys = Keys::new();
        let mut child = keys.command(&FIRST).spawn().unwrap();
        let moment = chance.below(u64::try_from(whole.as_micros()).unwrap());
        std::thread::sleep(Duration::from_micros(moment));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        // a run that ended before it was killed, or that had answered and struck out its change, was not cut short
        let ended = answered(&output).is_some() && !keys.path().join("private.pem.next").exists();
        if output.status.success() || ended {
            continue;
        }
        kills += 1;
        let new = keys.again(&SECOND);
        keys.hold_one_new_key(&new, &format!("round {rounds}"));
    }
}

#[test]
fn a_change_that_was_killed_is_ended_by_whatever_runs_next() {
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let mut seen = 0;
    for pass in (1..400).step_by(rounds(6, 3) as usize) {
        let keys = Keys::new();
        let before = run::files(&keys.path());
        let mut command = keys.command(&FIRST);
        let output = command.env("SANLIAN_FAILPOINT", pass.to_string());
        if output.output().unwrap().status.success() {
            break;
        }
        let next = keys.path().join("private.pem.next");
        let begun = next.exists();
        // the public half is handed out with its owner, and is that of the key that signs
        let said = run::ok(&["key", "export", "--keys", &text(&keys.path())]);
        let public = TrustedKey::from_pem(&String::from_utf8_lossy(&said.stdout)).unwrap();
        assert_eq!(public.owner(), OWNER, "pass {pass}");
        let ring = open_keys(&keys.path(), "", Algorithm::Ed25519).unwrap();
        assert_eq!(ring.signing.public(), public.public(), "pass {pass}");
        let old = before.keys().find(|name| name.starts_with("public-"));
        let changed = *old.unwrap() != format!("public-{}.pem", public.id());
        assert_eq!(changed, begun, "pass {pass}");
        if begun {
            seen += 1;
            let left = std::fs::read_to_string(&next).unwrap();
            assert!(!left.contains("PRIVATE KEY"), "a second copy of the key");
            // run again, it is still this key that is told, and the owner may be put right
            let named = keys.again(&["--owner", "示例市科协"]);
            assert_eq!(named, public.id().to_string());
            let trusted = read_trusted(&keys.path()).unwrap().0;
            let entry = trusted.entry(public.public()).unwrap();
            assert_eq!(entry.owner(), "示例市科协");
            assert!(!next.exists());
        }
    }
    assert!(seen >= 5, "{seen}");
}

#[test]
fn a_folder_that_lost_the_public_half_of_its_new_key_keeps_its_owner() {
    // as programs left it that were killed before they wrote changes down
    let keys = Keys::new();
    let half = keys.again(&FIRST);
    std::fs::remove_file(keys.path().join(format!("public-{half}.pem"))).unwrap();
    std::fs::remove_file(keys.path().join("trust.toml")).unwrap();
    let new = keys.again(&SECOND);
    let trusted = read_trusted(&keys.path()).unwrap().0.0;
    assert_eq!(trusted.len(), 3, "{half} {new}");
    assert!(
        trusted.iter().all(|key| key.owner() == OWNER),
        "{trusted:?}"
    );
}

#[test]
fn a_change_that_was_damaged_is_said_and_nothing_is_made() {
    let keys = Keys::new();
    let mut command = keys.command(&FIRST);
    // before the new key takes its place
    let output = command.env("SANLIAN_FAILPOINT", "12").output().unwrap();
    assert!(!output.status.success());
    let next = keys.path().join("private.pem.next");
    let whole = std::fs::read_to_string(&next).unwrap();
    assert!(whole.contains("PRIVATE KEY"));
    let other = SigningKey::from_seed(&[5; 32]);
    let (words, _) = whole.split_once("-----BEGIN").unwrap();
    // the lock of the run that was killed
    std::fs::remove_file(keys.path().join(".lock")).unwrap();
    for bad in [
        String::new(),
        whole[..whole.len() - 40].to_owned(),
        whole.replacen("停用时间：2026", "停用时间：零", 1),
        format!("{words}{}", other.to_pem()),
    ] {
        std::fs::write(&next, &bad).unwrap();
        let before = run::files(&keys.path());
        let output = keys.command(&SECOND).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("private.pem.next"), "{said}");
        assert!(run::files(&keys.path()) == before);
    }
    std::fs::write(&next, whole).unwrap();
    let new = keys.again(&SECOND);
    keys.hold_one_new_key(&new, "mended");
}

#[test]
fn paper_is_made_with_the_key_of_a_change_that_was_killed() {
    let folder = Folder::new();
    for part in ["submission", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    let keys = folder.path().join("keys");
    for secret in ["private.pem", "vault.key"] {
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(keys.join(secret), mode).unwrap();
    }
    let place = Keys {
        folder,
        old: String::new(),
    };
    let mut killed = place.command(&["--now", "2021-05-28T02:00:00Z"]);
    let killed = killed.env("SANLIAN_FAILPOINT", "20").output().unwrap();
    assert!(!killed.status.success());
    let path = |name: &str| place.folder.path().join(name).to_str().unwrap().to_owned();
    run::ok(&[
        "make",
        &path("submission"),
        "--out",
        &path("paper"),
        "--keys",
        &path("keys"),
        "--now",
        "2021-05-29T00:00:00Z",
    ]);
    let manifest = run::manifest(&place.folder.path().join("paper"));
    assert_eq!(manifest["key"]["id"], place.again(&SECOND));
    let papers = [small::made().join("paper"), path("paper").into()];
    for paper in papers {
        let paper = paper.join("manifest.json");
        run::ok(&["verify", paper.to_str().unwrap(), "--keys", &path("keys")]);
    }
}
