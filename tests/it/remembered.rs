//! A campaign of one's own is named once: its folder's `sanlian.toml` remembers where the templates lie, and the environment may name
//! them for every command.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::folder::Folder;
use crate::run::{copy_tree, files};

const ID: &str = "ziji-zuimei-2022";

/// A folder with the templates of a campaign of one's own.
fn own() -> (Folder, PathBuf) {
    let folder = Folder::new();
    let templates = folder.path().join("我的 模板");
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/quanguo-zuimei-2022");
    let campaign = templates.join(ID);
    copy_tree(&bundled, &campaign);
    let settings = campaign.join("campaign.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let own = text.replace("quanguo-zuimei-2022", ID);
    assert_ne!(own, text);
    std::fs::write(&settings, own).unwrap();
    (folder, templates)
}

fn sanlian(folder: &Folder, env: Option<&Path>, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sanlian"));
    command
        .args(args)
        .current_dir(folder.path())
        .env("SANLIAN_KEYS", folder.path().join("keys"))
        .env_remove("SANLIAN_DATA")
        .env_remove("SANLIAN_TEMPLATES");
    if let Some(templates) = env {
        command.env("SANLIAN_TEMPLATES", templates);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(err)
}

fn ok(folder: &Folder, env: Option<&Path>, args: &[&str]) -> String {
    let output = sanlian(folder, env, args);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

const NOW: [&str; 2] = ["--now", "2022-04-28T01:02:03Z"];

/// Every command that works on a submission folder.
fn all_commands(folder: &Folder, env: Option<&Path>, dir: &str, to: &str) {
    let of = |args: &[&str]| {
        ok(folder, env, &[args, &NOW[..]].concat());
    };
    of(&["check", dir]);
    of(&["make", dir, "-o", to]);
    of(&["pack", dir, "-o", &format!("{to}.zip")]);
    let made = files(&folder.path().join(to));
    let a_persons = |path: &&String| path.contains('/') && path.ends_with(".docx");
    let form = made.keys().find(a_persons).expect("an editable form");
    let form = folder.path().join(to).join(form);
    let told = ok(folder, env, &["diff", form.to_str().unwrap(), dir]);
    assert!(told.contains("表与报送材料一致"), "{told}");
}

#[test]
fn a_folder_remembers_where_its_templates_lie() {
    let (folder, templates) = own();
    let unknown = sanlian(&folder, None, &["new", ID, "空白"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", said(&unknown));
    // named from here by a relative path, found again from anywhere
    ok(
        &folder,
        None,
        &["new", ID, "空白", "--templates", "我的 模板"],
    );
    let marker = std::fs::read_to_string(folder.path().join("空白/sanlian.toml")).unwrap();
    assert!(marker.contains("我的 模板"), "{marker}");
    let below = sanlian(
        &folder,
        None,
        &["check", "空白", "--now", "2022-04-28T01:02:03Z"],
    );
    assert_eq!(below.status.code(), Some(1), "{}", said(&below));
    let demo = [
        "demo",
        "--campaign",
        ID,
        "--templates",
        "./我的 模板",
        "-o",
        "out",
    ];
    ok(&folder, None, &[&demo[..], &NOW[..]].concat());
    std::fs::rename(
        folder.path().join("out/submission"),
        folder.path().join("移走了"),
    )
    .unwrap();
    std::fs::remove_file(folder.path().join("移走了/records.json")).unwrap();
    all_commands(&folder, None, "移走了", "纸");
    // a data file of the folder remembers too
    let workbook = "移走了/填报工作簿.xlsx";
    ok(
        &folder,
        None,
        &[&["check", workbook][..], &NOW[..]].concat(),
    );
    // where they are gone, that is told: a built-in campaign of the same name may be another
    std::fs::rename(&templates, folder.path().join("别处")).unwrap();
    let gone = sanlian(&folder, None, &["check", "移走了"]);
    assert_eq!(gone.status.code(), Some(2));
    let words = said(&gone);
    assert!(
        words.contains("我的 模板") && words.contains("请用 --templates 指明"),
        "{words}"
    );
    let named = [&["check", "移走了", "--templates", "别处"][..], &NOW[..]].concat();
    ok(&folder, None, &named);
}

#[test]
fn the_environment_names_the_templates_for_every_command() {
    let (folder, templates) = own();
    let env = Some(templates.as_path());
    for args in [&["campaigns"][..], &["schema", ID]] {
        ok(&folder, env, args);
    }
    assert!(ok(&folder, env, &["campaigns"]).contains(ID));
    ok(&folder, env, &["new", ID, "空白"]);
    let demo = ["demo", "--campaign", ID, "-o", "out"];
    ok(&folder, env, &[&demo[..], &NOW[..]].concat());
    // a folder that remembers nothing
    let marker = folder.path().join("out/submission/sanlian.toml");
    std::fs::write(marker, format!("campaign = \"{ID}\"\n")).unwrap();
    std::fs::remove_file(folder.path().join("out/submission/records.json")).unwrap();
    let without = sanlian(&folder, None, &["check", "out/submission"]);
    assert_eq!(without.status.code(), Some(2), "{}", said(&without));
    all_commands(&folder, env, "out/submission", "纸");
    ok(&folder, env, &["init", "--data", "台账"]);
    ok(
        &folder,
        env,
        &[
            "receive",
            "package",
            "纸.zip",
            "--data",
            "台账",
            "--now",
            "2022-04-29T01:02:03Z",
        ],
    );
    let status = sanlian(&folder, env, &["status", "--data", "台账"]);
    assert_eq!(status.status.code(), Some(1), "{}", said(&status));
}
