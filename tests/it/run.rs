//! The program as a person runs it: demo, make again, correct, draft, verify. Foreign tools judge what it wrote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::desk::{Desk, ISSUED};
use crate::{postgres, tools};

pub(crate) const NOW: &str = "2021-05-28T01:02:03Z";

pub(crate) fn scratch(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if dir.exists() {
        std::fs::remove_dir_all(&dir).unwrap();
    }
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

pub(crate) fn sanlian(args: &[&str]) -> Output {
    // these make a ledger where there is none
    if matches!(args.first(), Some(&("make" | "init")))
        && let Some(at) = args.iter().position(|arg| *arg == "--data")
    {
        postgres::prepare(Path::new(args[at + 1]));
    }
    Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .args(args)
        .output()
        .unwrap()
}

pub(crate) fn ok(args: &[&str]) -> Output {
    let output = sanlian(args);
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// The demo, made once for all tests of this run.
pub(crate) fn demo() -> &'static Path {
    static DEMO: OnceLock<PathBuf> = OnceLock::new();
    DEMO.get_or_init(|| {
        let dir = scratch("demo");
        let (out, keys) = (dir.join("out"), dir.join("keys"));
        ok(&[
            "demo",
            "--out",
            out.to_str().unwrap(),
            "--now",
            NOW,
            "--keys",
            keys.to_str().unwrap(),
        ]);
        dir
    })
}

/// A folder of the demo's submission whose paper was issued into a ledger, made once and copied often: `submission`, `paper`, `keys`, `data`.
pub(crate) fn issued() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let dir = scratch("issued");
        copy_tree(&demo().join("out/submission"), &dir.join("submission"));
        std::fs::remove_file(dir.join("submission/records.json")).unwrap();
        let desk = Desk { dir };
        desk.make("paper", ISSUED);
        desk.dir
    })
}

pub(crate) fn manifest(dir: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(dir.join("manifest.json")).unwrap()).unwrap()
}

pub(crate) fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut todo = vec![dir.to_path_buf()];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

pub(crate) fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_tree(&entry.path(), &to),
            // with its mode: secrets stay closed
            false => {
                std::fs::copy(entry.path(), &to).unwrap();
                if to.ends_with(postgres::POINTER) {
                    postgres::part(&to);
                }
            }
        }
    }
}

#[test]
fn the_demo_writes_every_file_and_the_manifest_knows_them() {
    let paper = demo().join("out/paper");
    let manifest = manifest(&paper);
    assert_eq!(manifest["campaign"], "hebei-zuimei-2021");
    assert_eq!(manifest["key"]["algorithm"], "Ed25519");
    let mut on_disk = files(&paper);
    on_disk.remove("manifest.json").unwrap();
    let listed = manifest["files"].as_array().unwrap();
    assert_eq!(listed.len(), on_disk.len());
    for file in listed {
        let bytes = &on_disk[file["path"].as_str().unwrap()];
        let sum: String = Sha256::digest(bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(file["sha256"], sum.as_str(), "{}", file["path"]);
    }
    let names: Vec<&String> = on_disk.keys().collect();
    for name in [
        "推荐人选汇总表.pdf",
        "推荐人选汇总表.xlsx",
        "推荐人选汇总表.docx",
        "学习宣传活动开展情况表.pdf",
        "学习宣传活动开展情况表.xlsx",
        "推荐工作情况报告.pdf",
        "推荐工作情况报告.docx",
        "材料清单.pdf",
        "邮寄标签.pdf",
        "全部打印.pdf",
    ] {
        assert!(on_disk.contains_key(name), "{name} is not in {names:?}");
    }
    for kind in [".pdf", ".docx"] {
        let forms = listed.iter().filter(|f| f["form"] == "recommendation");
        let forms = forms.filter(|f| f["path"].as_str().unwrap().ends_with(kind));
        assert_eq!(forms.count(), 3, "{kind}");
    }
}

#[test]
fn three_originals_begin_on_front_sides_and_count_their_pages() {
    let manifest = manifest(&demo().join("out/paper"));
    for file in manifest["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["form"] == "recommendation" && f["pages"] != 0)
    {
        let marks = file["marks"].as_array().unwrap();
        let pages = marks[0]["pages"].as_u64().unwrap();
        assert_eq!(marks.len() as u64, pages * 3);
        for (i, mark) in marks.iter().enumerate() {
            assert_eq!(mark["copies"], 3);
            assert_eq!(mark["copy"], i as u64 / pages + 1);
            assert_eq!(mark["page"], i as u64 % pages + 1);
            if mark["page"] == 1 {
                assert_eq!(
                    mark["sheet"].as_u64().unwrap() % 2,
                    1,
                    "an original begins on a back side"
                );
            }
        }
    }
}

#[test]
fn making_again_gives_the_same_bytes_and_a_change_gives_the_next_version() {
    let dir = scratch("again");
    let (submission, keys) = (dir.join("submission"), demo().join("keys"));
    copy_tree(&demo().join("out/submission"), &submission);
    let made = |out: &str, now: &str| {
        let out = dir.join(out);
        let output = ok(&[
            "make",
            submission.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
            "--now",
            now,
            "--keys",
            keys.to_str().unwrap(),
        ]);
        (files(&out), String::from_utf8(output.stderr).unwrap())
    };
    let first = files(&demo().join("out/paper"));
    let (second, _) = made("second", NOW);
    assert!(first == second, "the same submission gives other bytes");
    // another hour, nothing changed: still the same
    let (third, _) = made("third", "2021-05-28T05:00:00Z");
    assert!(first == third, "an unchanged record gives other bytes");
    let report = submission.join("报告.txt");
    let text = std::fs::read_to_string(&report).unwrap();
    std::fs::write(&report, text.replacen("推荐", "举荐", 1)).unwrap();
    let (_, talk) = made("fourth", "2021-05-29T05:00:00Z");
    assert!(
        talk.contains("版本2") && talk.contains("推荐工作情况报告"),
        "{talk}"
    );
    let manifest = manifest(&dir.join("fourth"));
    for file in manifest["files"].as_array().unwrap() {
        let version = if file["form"] == "report" { 2 } else { 1 };
        if file["form"] != "print" {
            assert!(
                file["marks"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|m| m["version"] == version),
                "{}",
                file["path"]
            );
        }
    }
}

#[test]
fn errors_stop_it_and_a_draft_carries_no_mark() {
    let dir = scratch("draft");
    let submission = dir.join("submission");
    copy_tree(&demo().join("out/submission"), &submission);
    std::fs::remove_file(submission.join("报告.txt")).unwrap();
    let out = dir.join("paper");
    let args = [
        "make",
        submission.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--now",
        NOW,
        "--json",
    ];
    let keys = demo().join("keys");
    let keys = ["--keys", keys.to_str().unwrap()];
    let before = std::fs::read(submission.join("records.json")).unwrap();
    let output = sanlian(&[&args[..], &keys].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(!out.exists(), "something was written");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["errors"].as_u64().unwrap() >= 1);
    assert!(
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|f| f["code"] == "M9")
    );
    let output = sanlian(&[&args[..], &keys, &["--draft"]].concat());
    assert!(
        out.join("全部打印.pdf").exists(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let manifest = manifest(&out);
    assert!(
        manifest["files"]
            .as_array()
            .unwrap()
            .iter()
            .all(|f| f["marks"].as_array().unwrap().is_empty())
    );
    if let Some(output) = tools::run(
        "pdftotext",
        &[out.join("推荐人选汇总表.pdf").to_str().unwrap(), "-"],
    ) {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        // turned text comes a character a line
        assert!(text.contains('草') && text.contains('稿'), "{text}");
    }
    assert_eq!(
        before,
        std::fs::read(submission.join("records.json")).unwrap(),
        "the book changed"
    );
}

#[test]
fn verify_tells_a_mark_of_ours_from_a_changed_one() {
    let paper = demo().join("out/paper");
    let keys = demo().join("keys");
    let keys = keys.to_str().unwrap();
    let digits = manifest(&paper)["files"][0]["marks"]
        .as_array()
        .unwrap()
        .first()
        .map(|m| m["digits"].clone());
    let digits = digits.or_else(|| {
        let manifest = manifest(&paper);
        let files = manifest["files"].as_array().unwrap().clone();
        files
            .iter()
            .find_map(|f| f["marks"].get(0).map(|m| m["digits"].clone()))
    });
    let digits = digits.unwrap().as_str().unwrap().to_owned();
    let output = ok(&["verify", &digits, "--keys", keys]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("签名成立"));
    let flipped = format!(
        "{}{}",
        &digits[..234],
        (digits.as_bytes()[234] - b'0' + 1) % 10
    );
    assert_eq!(
        sanlian(&["verify", &flipped, "--keys", keys]).status.code(),
        Some(1)
    );
    ok(&[
        "verify",
        paper.join("manifest.json").to_str().unwrap(),
        "--keys",
        keys,
    ]);
    let stranger = scratch("stranger");
    let stranger = [
        "verify",
        digits.as_str(),
        "--keys",
        stranger.to_str().unwrap(),
    ];
    assert_eq!(sanlian(&stranger).status.code(), Some(1));
}

#[test]
fn a_folder_that_is_not_ours_is_never_replaced() {
    let dir = scratch("foreign");
    let out = dir.join("letters");
    std::fs::create_dir_all(&out).unwrap();
    std::fs::write(out.join("letter.txt"), "dear").unwrap();
    let submission = demo().join("out/submission");
    let keys = demo().join("keys");
    let args = [
        "make",
        submission.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--now",
        NOW,
        "--keys",
        keys.to_str().unwrap(),
    ];
    assert_eq!(sanlian(&args).status.code(), Some(2));
    assert_eq!(files(&out).len(), 1);
}

#[test]
fn the_second_campaign_is_only_data() {
    let dir = scratch("second-campaign");
    let (out, keys) = (dir.join("out"), dir.join("keys"));
    ok(&[
        "demo",
        "--campaign",
        "quanguo-zuimei-2022",
        "--out",
        out.to_str().unwrap(),
        "--now",
        "2022-04-28T01:02:03Z",
        "--keys",
        keys.to_str().unwrap(),
    ]);
    let manifest = manifest(&out.join("paper"));
    let files = manifest["files"].as_array().unwrap();
    assert!(files.iter().all(|f| f["form"] != "status"));
    let form = files
        .iter()
        .find(|f| f["form"] == "recommendation")
        .unwrap();
    assert_eq!(form["marks"][0]["copies"], 2);
}

#[test]
fn a_workbook_alone_says_which_campaign_it_answers() {
    let dir = scratch("alone");
    let submission = dir.join("submission");
    copy_tree(&demo().join("out/submission"), &submission);
    std::fs::remove_file(submission.join("sanlian.toml")).unwrap();
    ok(&["check", submission.to_str().unwrap(), "--now", NOW]);
    let workbook = submission.join("填报工作簿.xlsx");
    ok(&["check", workbook.to_str().unwrap(), "--now", NOW]);
    std::fs::remove_file(workbook).unwrap();
    let output = sanlian(&["check", submission.to_str().unwrap(), "--now", NOW]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--campaign"));
}
