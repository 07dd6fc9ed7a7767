//! `sanlian pack` as a secretary runs it: the demo in one file, judged by other programs.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use sanlian::package::{Limits, open};
use sanlian::store::read_trusted;
use serde_json::Value;

use crate::run::{NOW, copy_tree, demo, ok, sanlian, scratch};
use crate::tools;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn pack<'a>(submission: &'a Path, out: &'a Path, keys: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "pack",
        text(submission),
        "--out",
        text(out),
        "--now",
        NOW,
        "--keys",
        text(keys),
    ];
    args.extend(more);
    args
}

/// A copy of the demo's submission: runs on one folder wait for nobody.
fn copied(dir: &Path) -> PathBuf {
    let submission = dir.join("submission");
    copy_tree(&demo().join("out/submission"), &submission);
    submission
}

/// The demo's package, made once.
fn package() -> &'static Path {
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let dir = scratch("pack");
        let path = dir.join("报送包.zip");
        let submission = copied(&dir);
        ok(&pack(&submission, &path, &demo().join("keys"), &[]));
        path
    })
}

#[test]
fn the_demo_packs_to_the_same_bytes_again_and_opens_to_its_book() {
    let bytes = std::fs::read(package()).unwrap();
    let dir = scratch("pack-again");
    let (submission, keys) = (copied(&dir), demo().join("keys"));
    let (again, printed) = (dir.join("again.zip"), dir.join("printed.zip"));
    ok(&pack(&submission, &again, &keys, &[]));
    assert!(std::fs::read(&again).unwrap() == bytes, "the bytes differ");
    // the paper that was printed is what would be made
    let paper = demo().join("out/paper");
    ok(&pack(
        &submission,
        &printed,
        &keys,
        &["--paper", text(&paper)],
    ));
    assert!(
        std::fs::read(&printed).unwrap() == bytes,
        "the bytes differ"
    );
    let (trusted, _) = read_trusted(&keys).unwrap();
    let package = open(
        "报送包.zip",
        &bytes,
        &trusted,
        &Limits::default(),
        &mut |_| None,
    )
    .unwrap();
    let book = std::fs::read_to_string(submission.join("records.json")).unwrap();
    assert_eq!(package.book.to_json().unwrap(), book);
    assert_eq!(package.manifest.channel, "city");
    assert_eq!(package.made_at.to_string(), NOW);
    assert_eq!(package.present.len(), package.book.records().len());
    let copies = package.issues.iter().filter(|m| m.copies == 3);
    assert!(copies.count() >= 3 * 3 * 4);
    // every photo of a record is in the package, by its sum
    for record in package.book.records() {
        for attachment in &record.latest().unwrap().contents.attachments {
            let sum = attachment.sha256.to_string();
            let entry = package.manifest.entries.iter().find(|e| e.sha256 == sum);
            assert_eq!(entry.unwrap().record.as_deref(), Some(record.reference()));
        }
    }
    // nothing secret is in it: neither the key as text nor its bytes
    let private = std::fs::read_to_string(keys.join("private.pem")).unwrap();
    let secret = private.lines().find(|l| !l.starts_with('-')).unwrap();
    let seed = {
        use base64::Engine;
        let der = base64::engine::general_purpose::STANDARD.decode(secret);
        der.unwrap()[16..].to_vec()
    };
    for secret in [secret.as_bytes(), &seed, b"PRIVATE KEY", b"SECRET"] {
        assert!(!bytes.windows(secret.len()).any(|w| w == secret));
    }
}

#[test]
fn other_programs_read_the_package_and_its_chinese_names() {
    const SCRIPT: &str = r#"
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
infos = z.infolist()
assert all(i.flag_bits & 0x800 or i.filename.isascii() for i in infos)
assert {i.date_time for i in infos} == {(2021, 5, 28, 9, 2, 2)}
m = json.loads(z.read("package.json"))
assert [e["name"] for e in m["entries"]] == [i.filename for i in infos][2:]
for e in m["entries"]:
    data = z.read(e["name"])
    assert len(data) == e["size"] and hashlib.sha256(data).hexdigest() == e["sha256"], e
print("\n".join(i.filename for i in infos))
"#;
    let Some(names) = tools::says("/usr/bin/python3", &["-c", SCRIPT, text(package())]) else {
        return;
    };
    for name in [
        "package.json",
        "package.sig",
        "records.json",
        "issues.json",
        "公钥.pem",
        "纸质件/推荐人选汇总表.pdf",
        "纸质件/推荐人选汇总表.xlsx",
        "报告/报告.txt",
        "附件/01欧阳𬭚/照片/欧阳𬭚.jpg",
        "附件/01欧阳𬭚/照片/欧阳𬭚1.jpg",
        "附件/02阿卜杜拉·示例/照片/阿卜杜拉·示例3.jpg",
    ] {
        assert!(names.lines().any(|n| n == name), "{name} in\n{names}");
    }
    if let Some(said) = tools::says("unzip", &["-t", text(package())]) {
        assert!(said.contains("No errors detected"), "{said}");
    }
}

#[test]
fn paper_of_other_versions_is_not_packed() {
    let dir = scratch("pack-stale");
    let (submission, keys) = (copied(&dir), demo().join("keys"));
    let (paper, out) = (dir.join("paper"), dir.join("p.zip"));
    let fresh = || {
        copy_tree(&demo().join("out/paper"), &paper);
    };
    let refused = |says: &str| {
        let output = sanlian(&pack(
            &submission,
            &out,
            &keys,
            &["--paper", text(&paper), "--json"],
        ));
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{says}: {words}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().find(|f| f["code"] == "M13").unwrap();
        let message = found["message"].as_str().unwrap();
        assert!(message.contains(says), "{message}");
        assert!(!out.exists());
    };
    let manifest = paper.join("manifest.json");
    let edit = |from: &str, to: &str| {
        let text = std::fs::read_to_string(&manifest).unwrap();
        assert!(text.contains(from));
        std::fs::write(&manifest, text.replace(from, to)).unwrap();
    };
    fresh();
    std::fs::remove_file(paper.join("推荐人选汇总表.pdf")).unwrap();
    refused("校验和不符");
    fresh();
    std::fs::write(paper.join("推荐人选汇总表.pdf"), b"%PDF").unwrap();
    refused("校验和不符");
    fresh();
    edit("\"version\": 1", "\"version\": 2");
    refused("现在的版本1");
    fresh();
    edit("推荐人选汇总表.pdf", "../../escape.pdf");
    refused("校验和不符");
    fresh();
    edit("hebei-zuimei-2021", "quanguo-zuimei-2022");
    refused("另一个活动");
    std::fs::remove_file(&manifest).unwrap();
    let output = sanlian(&pack(&submission, &out, &keys, &["--paper", text(&paper)]));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_submission_with_errors_is_not_packed_and_nothing_is_written() {
    let dir = scratch("pack-errors");
    let (submission, out) = (copied(&dir), dir.join("p.zip"));
    std::fs::remove_file(submission.join("records.json")).unwrap();
    std::fs::remove_file(submission.join("报告.txt")).unwrap();
    let keys = demo().join("keys");
    let output = sanlian(&pack(&submission, &out, &keys, &[]));
    assert_eq!(output.status.code(), Some(1));
    assert!(!out.exists());
    assert!(!submission.join("records.json").exists());
    // a folder cannot be replaced by a package
    let output = sanlian(&pack(&submission, &dir, &keys, &[]));
    assert_eq!(output.status.code(), Some(2));
}
