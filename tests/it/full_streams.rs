//! Where stdout or stderr takes no more, a command ends with its own message on the other and code 2; what it had to do is done, and
//! nothing panics. A reader that went away is not told.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::folder::Folder;
use crate::{run, small};

fn place() -> Folder {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    for part in ["submission", "data", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    for secret in ["private.pem", "vault.key"] {
        let mode = fs::Permissions::from_mode(0o600);
        fs::set_permissions(folder.path().join("keys").join(secret), mode).unwrap();
    }
    folder
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanlian"));
    command
        .args(args)
        .current_dir(folder)
        .env("SANLIAN_DATA", folder.join("data"))
        .env("SANLIAN_KEYS", folder.join("keys"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn full() -> Stdio {
    File::options()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

/// What stands in both streams; nothing in it is a panic.
fn words(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let words = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!words.contains("panicked"), "{words}");
    words
}

#[test]
fn a_full_stderr_is_said_on_stdout_when_the_work_is_done() {
    let folder = place();
    for args in [
        &["make", "submission", "--out", "out"][..],
        &["check", "submission"],
        &["status"],
        &["missing"],
        &["init"],
        &["backup", "--out", "backup"],
        &["audit", "list"],
        &["slip", "示例市"],
        &["no-such-command"],
        &["status", "--unit", "没有的单位"],
    ] {
        let output = command(folder.path(), args)
            .stderr(full())
            .output()
            .unwrap();
        let said = words(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(
            said.contains("标准错误写不进去：磁盘空间已满") || said.contains("未能完成"),
            "{args:?}: {said}"
        );
    }
    assert!(folder.path().join("out/manifest.json").is_file());
    assert!(folder.path().join("backup/manifest.json").is_file());
}

#[test]
fn a_full_stdout_is_said_on_stderr() {
    let folder = place();
    for args in [
        &["status"][..],
        &["status", "--json"],
        &["codes"],
        &["campaigns"],
        &["schema"],
        &["audit", "list"],
        &["audit", "verify"],
        &["check", "submission", "--json"],
        &["check", "submission"],
        &["help", "check"],
        &["completions", "bash"],
        &["man"],
        &["missing"],
        &["config", "example"],
        &["key", "list"],
        &["--help"],
        &["--version"],
    ] {
        let output = command(folder.path(), args)
            .stdout(full())
            .output()
            .unwrap();
        let said = words(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(
            said.contains("标准输出写不进去：磁盘空间已满"),
            "{args:?}: {said}"
        );
    }
}

#[test]
fn when_both_are_full_the_code_alone_says_so() {
    let folder = place();
    for args in [
        &["status"][..],
        &["codes"],
        &["make", "submission", "--out", "out"],
    ] {
        let output = command(folder.path(), args)
            .stdout(full())
            .stderr(full())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
    assert!(folder.path().join("out/manifest.json").is_file());
}

#[test]
fn a_reader_that_went_away_is_not_told() {
    let folder = place();
    for args in [&["codes"][..], &["audit", "list"], &["--help"]] {
        let mut child = command(folder.path(), args).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        // it may have written before the reader went
        if output.status.code() == Some(2) {
            assert_eq!(words(&output), "", "{args:?}");
        }
    }
    let script = "\"$0\" codes | head -n 1";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_sanlian")])
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", words(&output));
    // who does not listen to the talk gets the work and its own code
    let mut child = command(folder.path(), &["make", "submission", "--out", "out"])
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_page_whose_answer_is_lost_is_the_last_that_is_received() {
    use std::io::Write;
    let folder = place();
    let mut child = command(folder.path(), &["receive", "digits"])
        .stdin(Stdio::piped())
        .stdout(full())
        .spawn()
        .unwrap();
    let all = small::digits()[..4].join("\n");
    // it may be gone before all of them are given
    let _ = child.stdin.take().unwrap().write_all(all.as_bytes());
    let output = child.wait_with_output().unwrap();
    let said = words(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("sanlian status"), "{said}");
    let log = command(folder.path(), &["audit", "list"]).output().unwrap();
    let received = words(&log)
        .lines()
        .filter(|l| l.contains("　receive　"))
        .count();
    assert_eq!(received, 1);
}
