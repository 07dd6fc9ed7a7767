//! The key folder as a person keeps it: new keys, trust, revocation, campaigns under SM2, and OpenSSL's opinion of our keys.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{NOW, copy_tree, demo, files, manifest, ok, sanlian, scratch};
use crate::tools;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn said(args: &[&str]) -> (Option<i32>, String, String) {
    let output = sanlian(args);
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        words(&output.stdout),
        words(&output.stderr),
    )
}

fn listed(keys: &Path) -> Vec<Value> {
    let output = ok(&["key", "list", "--json", "--keys", text(keys)]);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn make(submission: &Path, out: &Path, keys: &Path) -> (Option<i32>, String, String) {
    said(&[
        "make",
        text(submission),
        "--out",
        text(out),
        "--now",
        NOW,
        "--keys",
        text(keys),
    ])
}

/// The demo's submission with its book, and a copy of its keys.
fn begun(name: &str) -> (PathBuf, PathBuf, PathBuf) {
    let dir = scratch(name);
    let (submission, keys) = (dir.join("submission"), dir.join("keys"));
    copy_tree(&demo().join("out/submission"), &submission);
    copy_tree(&demo().join("keys"), &keys);
    secret(&keys.join("private.pem"));
    (dir, submission, keys)
}

#[test]
fn a_new_key_renumbers_nothing_and_old_paper_stays_genuine() {
    let (dir, submission, keys) = begun("key-new");
    let book = std::fs::read(submission.join("records.json")).unwrap();
    let old = manifest(&demo().join("out/paper"))["key"]["id"].clone();
    let (code, id, words) = said(&[
        "key",
        "new",
        "--owner",
        "示例市科学技术协会",
        "--now",
        "2026-11-25T00:00:00Z",
        "--keys",
        text(&keys),
    ]);
    assert_eq!(code, Some(0), "{words}");
    assert!(words.contains("停用"), "{words}");
    let out = dir.join("paper");
    assert_eq!(make(&submission, &out, &keys).0, Some(0));
    let made = manifest(&out);
    assert_eq!(made["key"]["id"], id.trim());
    assert_ne!(made["key"]["id"], old);
    assert_eq!(
        std::fs::read(submission.join("records.json")).unwrap(),
        book
    );
    let records = |manifest: &Value| -> Vec<Value> {
        let files = manifest["files"].as_array().unwrap();
        let marks = files.iter().flat_map(|f| f["marks"].as_array().unwrap());
        marks.map(|m| m["record"].clone()).collect()
    };
    assert_eq!(
        records(&made),
        records(&manifest(&demo().join("out/paper")))
    );
    for paper in [
        out.join("manifest.json"),
        demo().join("out/paper/manifest.json"),
    ] {
        ok(&["verify", text(&paper), "--keys", text(&keys)]);
    }
    let list = listed(&keys);
    let of = |id: &Value| list.iter().find(|k| &k["id"] == id).unwrap();
    assert_eq!(of(&old)["own"], "retired");
    assert_eq!(of(&old)["until"], "2026-11-25T00:00:00Z");
    assert_eq!(of(&made["key"]["id"])["own"], "signing");
    // nothing was lost: the retired half can be read, and only by its owner
    let kept = format!("private-{}.retired", old.as_str().unwrap());
    let kept = std::fs::read_to_string(keys.join(kept)).unwrap();
    let first = std::fs::read_to_string(demo().join("keys/private.pem")).unwrap();
    assert!(kept.ends_with(&first));
    // once more: the third key counts, the first one's end stays
    ok(&[
        "key",
        "new",
        "--now",
        "2026-11-26T00:00:00Z",
        "--keys",
        text(&keys),
    ]);
    assert_eq!(make(&submission, &out, &keys).0, Some(0));
    let list = listed(&keys);
    assert_eq!(list.len(), 3);
    assert!(
        list.iter().all(|k| k["owner"] == "示例市科学技术协会"),
        "{list:?}"
    );
    let of = |id: &Value| list.iter().find(|k| &k["id"] == id).unwrap();
    assert_eq!(of(&old)["until"], "2026-11-25T00:00:00Z");
    assert_eq!(of(&made["key"]["id"])["until"], "2026-11-26T00:00:00Z");
}

#[test]
fn a_run_killed_between_key_and_list_is_mended() {
    let (dir, submission, keys) = begun("key-killed");
    ok(&[
        "key",
        "new",
        "--now",
        "2026-11-25T00:00:00Z",
        "--keys",
        text(&keys),
    ]);
    let list = std::fs::read(keys.join("trust.toml")).unwrap();
    std::fs::remove_file(keys.join("trust.toml")).unwrap();
    assert_eq!(make(&submission, &dir.join("paper"), &keys).0, Some(0));
    assert_eq!(std::fs::read(keys.join("trust.toml")).unwrap(), list);
    // killed before the new key was written: the old one is in use still, and nothing retires
    let (dir, submission, keys) = begun("key-killed-early");
    let old = std::fs::read_to_string(keys.join("private.pem")).unwrap();
    let id = manifest(&demo().join("out/paper"))["key"]["id"].clone();
    let kept = keys.join(format!("private-{}.retired", id.as_str().unwrap()));
    std::fs::write(&kept, format!("停用时间：2026-11-25T00:00:00Z\n{old}")).unwrap();
    secret(&kept);
    assert_eq!(make(&submission, &dir.join("paper"), &keys).0, Some(0));
    assert_eq!(listed(&keys)[0]["own"], "signing");
    assert_eq!(listed(&keys)[0]["until"], Value::Null);
}

#[test]
fn a_revoked_key_signs_nothing_and_its_later_marks_are_refused() {
    let (dir, submission, keys) = begun("key-revoked");
    let paper = demo().join("out/paper/manifest.json");
    let id = listed(&keys)[0]["id"].as_str().unwrap().to_owned();
    let (code, line, words) = said(&[
        "key",
        "revoke",
        &id,
        "--since",
        "2021-05-28",
        "--reason",
        "私钥文件被复制",
        "--keys",
        text(&keys),
    ]);
    assert_eq!(code, Some(0), "{words}");
    assert!(line.contains("私钥文件被复制"));
    assert!(words.contains("可以把签发时间写早"), "{words}");
    // 5月28日零时在中国是前一日 16 时
    assert_eq!(listed(&keys)[0]["revoked"], "2021-05-27T16:00:00Z");
    let (code, out, _) = said(&["verify", text(&paper), "--keys", text(&keys)]);
    assert_eq!(code, Some(1));
    assert!(out.contains("已吊销（私钥文件被复制）"), "{out}");
    let (code, _, words) = make(&submission, &dir.join("paper"), &keys);
    assert_eq!(code, Some(2));
    assert!(words.contains("sanlian key new"), "{words}");
    assert!(!dir.join("paper").exists());
    // a later time does not take it back, trusting neither
    ok(&[
        "key",
        "revoke",
        &id,
        "--since",
        "2022-01-01",
        "--reason",
        "记错",
        "--keys",
        text(&keys),
    ]);
    assert_eq!(listed(&keys)[0]["revoked"], "2021-05-27T16:00:00Z");
    let pem = keys.join(format!("public-{id}.pem"));
    assert_eq!(
        said(&["key", "trust", text(&pem), "--keys", text(&keys)]).0,
        Some(1)
    );
    assert_eq!(listed(&keys)[0]["revoked"], "2021-05-27T16:00:00Z");
    // a new key goes on with the book
    ok(&["key", "new", "--keys", text(&keys)]);
    let (code, _, words) = make(&submission, &dir.join("paper"), &keys);
    assert_eq!(code, Some(0), "{words}");
}

#[test]
fn a_desk_trusts_a_key_within_its_limits() {
    let dir = scratch("key-desk");
    let (pem, desk) = (dir.join("unit.pem"), dir.join("desk"));
    let keys = demo().join("keys");
    ok(&["key", "export", "--out", text(&pem), "--keys", text(&keys)]);
    let paper = demo().join("out/paper/manifest.json");
    let verify = || said(&["verify", text(&paper), "--keys", text(&desk)]);
    assert_eq!(verify().0, Some(1));
    ok(&["key", "trust", text(&pem), "--keys", text(&desk)]);
    assert_eq!(verify().0, Some(0));
    let before = files(&desk);
    ok(&["key", "trust", text(&pem), "--keys", text(&desk)]);
    assert_eq!(files(&desk), before);
    // the demo signs at 2021-05-28T01:02Z, 09:02 in China
    ok(&[
        "key",
        "trust",
        text(&pem),
        "--owner",
        "测试市科协",
        "--until",
        "2021-05-27",
        "--keys",
        text(&desk),
    ]);
    let (code, out, _) = verify();
    assert_eq!(code, Some(1));
    assert!(
        out.contains("已于 2021-05-27 23:59:59 +08:00 停用"),
        "{out}"
    );
    ok(&[
        "key",
        "trust",
        text(&pem),
        "--from",
        "2021-05-01",
        "--until",
        "2021-05-28",
        "--keys",
        text(&desk),
    ]);
    assert_eq!(verify().0, Some(0));
    assert_eq!(listed(&desk)[0]["owner"], "测试市科协");
    let none = demo().join("out/submission/sanlian.toml");
    for (bad, says) in [
        (
            vec!["key", "trust", text(&pem), "--from", "2022-01-01"],
            "起在止后",
        ),
        (vec!["key", "trust", text(&pem), "--from", "五月"], "读不懂"),
        (vec!["key", "trust", text(&none)], "没有找到密钥"),
        (vec!["key", "trust", "/none.pem"], "没有这个文件"),
        (
            vec!["key", "revoke", "0000", "--reason", "没有了"],
            "没有编号为",
        ),
        (
            vec!["key", "revoke", "xyz", "--reason", "没有了"],
            "没有编号为",
        ),
        (vec!["key", "export"], "sanlian key new"),
    ] {
        let before = files(&desk);
        let args: Vec<&str> = bad.iter().copied().chain(["--keys", text(&desk)]).collect();
        let (code, out, words) = said(&args);
        assert_eq!(code, Some(2), "{bad:?} {words}");
        assert!(words.contains(says), "{bad:?} {words}");
        assert!(out.is_empty());
        assert_eq!(files(&desk), before);
    }
    // a list that cannot be read: no mark is believed until it can
    std::fs::write(desk.join("trust.toml"), "format = 1\n[[key]]\nid = ").unwrap();
    let (code, _, words) = verify();
    assert_eq!(code, Some(2));
    assert!(words.contains("信任名单"), "{words}");
}

/// A copy of a campaign's templates that signs by SM2.
fn sm2_templates(dir: &Path) -> PathBuf {
    let templates = dir.join("templates");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/hebei-zuimei-2021");
    copy_tree(&from, &templates.join("hebei-zuimei-2021"));
    let path = templates.join("hebei-zuimei-2021/campaign.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let sm2 = text.replacen("year = 2021", "year = 2021\nmark.algorithm = \"sm2\"", 1);
    assert_ne!(sm2, text);
    std::fs::write(&path, sm2).unwrap();
    templates
}

#[test]
fn a_campaign_under_sm2_is_made_and_verified() {
    let dir = scratch("sm2");
    let templates = sm2_templates(&dir);
    let (out, keys) = (dir.join("out"), dir.join("keys"));
    let demo = [
        "demo",
        "--out",
        text(&out),
        "--now",
        NOW,
        "--keys",
        text(&keys),
        "--templates",
        text(&templates),
    ];
    ok(&demo);
    let made = manifest(&out.join("paper"));
    assert_eq!(made["key"]["algorithm"], "SM2");
    let digits = made["files"].as_array().unwrap().iter();
    let digits = digits.flat_map(|f| f["marks"].as_array().unwrap()).next();
    let digits = digits.unwrap()["digits"].as_str().unwrap();
    assert_eq!(sanlian::mark::from_digits(digits).unwrap()[0], 0x12);
    let paper = out.join("paper/manifest.json");
    ok(&["verify", text(&paper), "--keys", text(&keys)]);
    // made again, the same bytes
    let before = files(&out.join("paper"));
    let submission = out.join("submission");
    let second = dir.join("again");
    let again = [
        "make",
        text(&submission),
        "--out",
        text(&second),
        "--now",
        NOW,
        "--keys",
        text(&keys),
        "--templates",
        text(&templates),
    ];
    ok(&again);
    assert!(files(&dir.join("again")) == before, "the bytes differ");
    // a new SM2 key goes on with the book, and the same folder signs by Ed25519 for another campaign
    ok(&["key", "new", "--algorithm", "sm2", "--keys", text(&keys)]);
    ok(&again);
    ok(&["verify", text(&paper), "--keys", text(&keys)]);
    ok(&["key", "new", "--keys", text(&keys)]);
    ok(&again);
    let own = |key: &Value| (key["algorithm"].clone(), key["own"].clone());
    let mut list: Vec<_> = listed(&keys).iter().map(own).collect();
    list.sort_by_key(|l| format!("{l:?}"));
    assert_eq!(
        format!("{list:?}"),
        r#"[(String("ed25519"), String("signing")), (String("sm2"), String("retired")), (String("sm2"), String("signing"))]"#
    );
    judged_by_openssl(&dir, &keys);
}

/// OpenSSL reads both halves and finds them to be one SM2 key, and verifies what we signed with it.
fn judged_by_openssl(dir: &Path, keys: &Path) {
    let private = keys.join("private-sm2.pem");
    let Some(derived) = tools::run("openssl", &["pkey", "-in", text(&private), "-pubout"]) else {
        return;
    };
    if !derived.status.success() {
        // a build of OpenSSL without SM2 cannot judge
        tools::missing("openssl", &String::from_utf8_lossy(&derived.stderr));
        return;
    }
    let pem = dir.join("sm2.pem");
    ok(&[
        "key",
        "export",
        "--algorithm",
        "sm2",
        "--out",
        text(&pem),
        "--keys",
        text(keys),
    ]);
    let ours = std::fs::read_to_string(&pem).unwrap();
    assert!(ours.ends_with(&String::from_utf8(derived.stdout).unwrap()));
    let key = std::fs::read_to_string(&private).unwrap();
    let key = sanlian::mark::SigningKey::from_pem(&key).unwrap();
    let signature =
        sanlian::mark::sign_document(&key, sanlian::mark::DocumentKind::Package, b"{}").unwrap();
    std::fs::write(dir.join("message"), b"SLPK1{}").unwrap();
    std::fs::write(dir.join("signature"), der(&signature)).unwrap();
    let verified = tools::run(
        "openssl",
        &[
            "pkeyutl",
            "-verify",
            "-rawin",
            "-digest",
            "sm3",
            "-pubin",
            "-inkey",
            text(&pem),
            "-in",
            text(&dir.join("message")),
            "-sigfile",
            text(&dir.join("signature")),
            "-pkeyopt",
            "distid:1234567812345678",
        ],
    )
    .unwrap();
    assert!(
        verified.status.success(),
        "{}{}",
        String::from_utf8_lossy(&verified.stdout),
        String::from_utf8_lossy(&verified.stderr)
    );
}

/// r and s as a DER sequence of two integers.
fn der(signature: &[u8; 64]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let mut bytes: Vec<u8> = bytes.iter().copied().skip_while(|b| *b == 0).collect();
        if bytes.first().is_some_and(|b| b & 0x80 != 0) {
            bytes.insert(0, 0);
        }
        [&[2, bytes.len() as u8], &bytes[..]].concat()
    };
    let body = [integer(&signature[..32]), integer(&signature[32..])].concat();
    [&[0x30, body.len() as u8], &body[..]].concat()
}

#[test]
fn a_new_key_that_is_killed_anywhere_loses_nothing() {
    let (dir, submission, first) = begun("key-killed-anywhere");
    let book = std::fs::read(submission.join("records.json")).unwrap();
    let paper = demo().join("out/paper/manifest.json");
    let mut killed = 0;
    for pass in 1.. {
        let keys = dir.join(format!("keys-{pass}"));
        copy_tree(&first, &keys);
        secret(&keys.join("private.pem"));
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args([
                "key",
                "new",
                "--now",
                "2026-11-25T00:00:00Z",
                "--keys",
                text(&keys),
            ])
            .env("SANLIAN_FAILPOINT", pass.to_string())
            .output()
            .unwrap();
        // whatever was done, the next run goes on: same records, old marks genuine, one key in use
        let pem = dir.join("own.pem");
        ok(&[
            "key",
            "new",
            "--now",
            "2026-11-26T00:00:00Z",
            "--keys",
            text(&keys),
        ]);
        ok(&["key", "export", "--out", text(&pem), "--keys", text(&keys)]);
        ok(&["verify", text(&paper), "--keys", text(&keys)]);
        let list = listed(&keys);
        let signing: Vec<_> = list.iter().filter(|k| k["own"] == "signing").collect();
        assert_eq!(signing.len(), 1, "pass {pass}");
        assert_eq!(signing[0]["until"], Value::Null, "pass {pass}");
        let retired = list.iter().filter(|k| k["own"] == "retired");
        assert!(retired.clone().count() >= 1);
        assert!(
            retired.clone().all(|k| k["until"].is_string()),
            "pass {pass}"
        );
        if run.status.success() {
            break;
        }
        killed += 1;
        // the folder of the last pass that was killed signs for the begun book
        if killed % 6 == 1 {
            assert_eq!(make(&submission, &dir.join("paper"), &keys).0, Some(0));
            let now = std::fs::read(submission.join("records.json")).unwrap();
            assert!(now == book, "pass {pass}");
        }
    }
    assert!(killed >= 20, "{killed} places");
}

/// Makes a file its owner's alone.
fn secret(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = path;
}
