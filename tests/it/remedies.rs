//! Commands that the program suggests: copied into a shell as they stand, they work on the folders of the call that suggested them.

use std::path::Path;
use std::process::{Command, Output};

use crate::blank_forms;
use crate::cli::{err, out, sanlian};
use crate::folder::Folder;
use crate::{run, small};

/// The program in a folder, with a home of its own where the default folders would be.
fn at(folder: &Path, args: &[&str]) -> Command {
    let mut command = sanlian(args);
    command
        .current_dir(folder)
        .env_remove("SANLIAN_DATA")
        .env_remove("SANLIAN_KEYS")
        .env("XDG_CONFIG_HOME", folder.join("home"));
    command
}

/// What a command says, on both streams.
fn both(output: &Output) -> String {
    out(output) + &err(output)
}

/// The first command that stands in a text, up to the punctuation behind it.
fn suggested(text: &str) -> String {
    let (_, rest) = text
        .split_once("sanlian ")
        .unwrap_or_else(|| panic!("{text}"));
    let end = rest.find(|c: char| "，。；（）、\n".contains(c));
    rest[..end.unwrap_or(rest.len())].to_owned()
}

/// Runs a suggested command as a person pastes it.
fn pasted(folder: &Path, line: &str) -> Output {
    let line = format!("'{}' {line}", env!("CARGO_BIN_EXE_sanlian"));
    let mut command = Command::new("sh");
    command.args(["-c", &line]).current_dir(folder);
    command.env("XDG_CONFIG_HOME", folder.join("home"));
    command
        .env_remove("SANLIAN_DATA")
        .env_remove("SANLIAN_KEYS")
        .output()
        .unwrap()
}

#[test]
fn a_key_is_made_where_it_was_looked_for() {
    let folder = Folder::new();
    let named = "it's 我的 keys";
    let export = ["key", "export", "--keys", named];
    let output = at(folder.path(), &export).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let line = suggested(&err(&output));
    let made = pasted(folder.path(), &line);
    assert!(made.status.success(), "{line}: {}", err(&made));
    assert!(
        folder.path().join(named).join("private.pem").is_file(),
        "{line}"
    );
    assert!(!folder.path().join("home").exists(), "{line}");
    assert!(at(folder.path(), &export).status().unwrap().success());
}

#[test]
fn a_ledger_is_made_where_it_was_looked_for() {
    let folder = Folder::new();
    let line = ["status", "--data", "台账 一", "--keys", "k"];
    let output = at(folder.path(), &line).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let suggested = suggested(&err(&output));
    let made = pasted(folder.path(), &suggested);
    assert!(made.status.success(), "{suggested}: {}", err(&made));
    assert!(folder.path().join("台账 一/ledger.db").is_file());
    assert!(folder.path().join("k/vault.key").is_file());
    // named by the environment, it is named in the sentence
    let output = at(folder.path(), &["status"])
        .env("SANLIAN_DATA", "another")
        .output()
        .unwrap();
    assert!(
        err(&output).contains("sanlian init --data another"),
        "{}",
        err(&output)
    );
}

#[test]
fn what_a_desk_suggests_is_of_its_own_folders() {
    let folder = Folder::new();
    for part in ["submission", "data", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    let places = ["--data", "data", "--keys", "keys"];
    let says = |args: &[&str]| {
        both(
            &at(folder.path(), &[args, &places].concat())
                .output()
                .unwrap(),
        )
    };
    let status = says(&["status"]);
    let roster = "sanlian roster import --data data --keys keys 名单.xlsx --campaign 活动";
    assert!(status.contains(roster), "{status}");
    // a picture that is no page waits in the tray
    let blank = image::GrayImage::from_pixel(1240, 1754, image::Luma([255]));
    blank.save(folder.path().join("blank.png")).unwrap();
    says(&["receive", "scan", "blank.png"]);
    let tray = says(&["tray"]);
    if !tray.contains("待处理中没有页") {
        let line = suggested(&tray);
        let done = pasted(folder.path(), &line);
        assert!(done.status.success(), "{line}: {}", err(&done));
    }
    let listed = both(
        &at(folder.path(), &["key", "list", "--keys", "none here"])
            .output()
            .unwrap(),
    );
    assert!(
        listed.contains("sanlian key new --keys 'none here'"),
        "{listed}"
    );
    assert!(
        listed.contains("sanlian key trust --keys 'none here' 公钥.pem"),
        "{listed}"
    );
}

#[test]
fn a_form_without_marks_names_the_submission_that_is_to_be_made() {
    let folder = Folder::new();
    let from = small::made().join("submission");
    run::copy_tree(&from, &folder.path().join("我的 submission"));
    std::fs::remove_file(folder.path().join("我的 submission/records.json")).unwrap();
    let forms = blank_forms::all();
    let form = forms.iter().find(|f| f.name == "word_one_table").unwrap();
    std::fs::write(folder.path().join("form.docx"), &form.bytes).unwrap();
    let bind = ["bind", "form.docx", "-o", "b.toml"];
    assert!(at(folder.path(), &bind).output().unwrap().status.success());
    let fill = "fill form.docx --binding b.toml SUB -o out --keys keys".split(' ');
    let fill: Vec<&str> = fill
        .map(|w| if w == "SUB" { "我的 submission" } else { w })
        .collect();
    let said = both(&at(folder.path(), &fill).output().unwrap());
    let line = suggested(&said);
    assert_eq!(line, "make '我的 submission' --keys keys", "{said}");
}
