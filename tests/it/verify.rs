//! `verify` names who signed, and sends pictures to `scan`.

use std::path::Path;

use sanlian::mark::{Algorithm, SigningKey, TrustedKeys, sign, signer};
use sanlian::store::{change_trust_list, open_keys};
use serde_json::Value;

use crate::folder::Folder;
use crate::trust::{issue, two_of_one_number};
use crate::{run, small};

const AT: &str = "2021-05-20T08:30:00Z";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A desk that trusts these keys.
fn desk(trusted: &[(&SigningKey, &str, Option<&str>)]) -> Folder {
    let folder = Folder::new();
    change_trust_list(folder.path(), |list| {
        for (key, owner, until) in trusted {
            let mut entry = key.trusted(owner);
            entry.term.until = until.map(|t| t.parse().unwrap());
            list.0.push(entry);
        }
    })
    .unwrap();
    folder
}

fn verified(desk: &Folder, digits: &str) -> (Value, String) {
    let args = ["verify", digits, "--keys", text(desk.path())];
    let words = String::from_utf8(run::sanlian(&args).stdout).unwrap();
    let json = run::sanlian(&[&args[..], &["--json"]].concat()).stdout;
    let json: Value = serde_json::from_slice(&json).unwrap();
    (json[0].clone(), words)
}

#[test]
fn the_owner_of_the_key_that_signed_is_named() {
    for algorithm in [Algorithm::Ed25519, Algorithm::Sm2] {
        let (one, other) = two_of_one_number(algorithm);
        let desk = desk(&[
            (&one, "测试市科学技术协会", None),
            (&other, "虚拟学会", Some("2021-05-01T00:00:00Z")),
        ]);
        let of = |key: &SigningKey| {
            let signed = sign(key, &issue(AT)).unwrap();
            verified(&desk, &signed.digits())
        };
        // two keys of one number: the one whose signature it is, in its term or not
        for (key, owner, genuine) in [
            (&one, "测试市科学技术协会", true),
            (&other, "虚拟学会", false),
        ] {
            let (json, words) = of(key);
            assert_eq!(json["genuine"], genuine);
            assert_eq!(json["owner"], owner);
            assert_eq!(json["fingerprint"], key.public().fingerprint());
            let said = format!("密钥{}（{owner}）", key.id());
            assert!(words.contains(&said), "{words}");
        }
    }
}

#[test]
fn without_a_name_it_is_said_and_of_a_stranger_nothing_is() {
    let (one, other) = two_of_one_number(Algorithm::Ed25519);
    let desk = desk(&[(&one, "", None)]);
    let (json, words) = verified(&desk, &sign(&one, &issue(AT)).unwrap().digits());
    assert_eq!(json["owner"], "");
    assert!(words.contains("（所有者未注明）"), "{words}");
    // the number of a trusted key, but not its signature
    let (json, words) = verified(&desk, &sign(&other, &issue(AT)).unwrap().digits());
    assert_eq!(json["finding"]["code"], "K2");
    assert_eq!(json.get("owner"), None);
    assert!(!words.contains("所有者"), "{words}");
}

#[test]
fn the_signer_of_a_mark_is_the_key_whose_signature_it_is() {
    let (one, other) = two_of_one_number(Algorithm::Ed25519);
    let mut late = other.trusted("乙");
    late.term.until = Some("2021-05-01T00:00:00Z".parse().unwrap());
    let trusted = TrustedKeys(vec![one.trusted("甲"), late]);
    let bytes = |key: &SigningKey| *sign(key, &issue(AT)).unwrap().bytes();
    assert_eq!(signer(&bytes(&one), &trusted).unwrap().owner(), "甲");
    assert_eq!(signer(&bytes(&other), &trusted).unwrap().owner(), "乙");
    let stranger = SigningKey::from_seed(&[3; 32]);
    assert_eq!(signer(&bytes(&stranger), &trusted), None);
    let whole = bytes(&one);
    for bit in (0..whole.len() * 8).step_by(7) {
        let mut flipped = whole;
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(signer(&flipped, &trusted), None, "bit {bit}");
    }
}

#[test]
fn a_picture_is_sent_to_scan_with_a_path_that_a_shell_takes_whole() {
    let folder = Folder::new();
    let keys = folder.path().join("keys");
    open_keys(&keys, "示例", Algorithm::Ed25519).unwrap();
    let digits = sign(&SigningKey::from_seed(&[3; 32]), &issue(AT)).unwrap();
    let digits = digits.digits();
    let jpeg = [&b"\xff\xd8\xff\xe0 "[..], digits.as_bytes(), b" "].concat();
    let files: [(&str, Vec<u8>); 5] = [
        ("扫描 1.jpg", jpeg),
        ("it's.png", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("a.tif", b"II*\0".to_vec()),
        ("b.TIFF", b"MM\0*".to_vec()),
        ("页面", b"%PDF-1.7\n1 0 obj <</Type /XObject>>".to_vec()),
    ];
    for (name, bytes) in files {
        let path = folder.put(name, &bytes);
        let output = run::sanlian(&["verify", text(&path), "--keys", text(&keys)]);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words}");
        // in quotes only where a shell would take it apart
        let quoted = match name.contains([' ', '\'']) {
            true => format!("'{}'", text(&path).replace('\'', r"'\''")),
            false => text(&path).to_owned(),
        };
        let command = format!("sanlian scan --keys {} {quoted}", text(&keys));
        assert!(words.contains(&command), "{command} is not in {words}");
        assert!(output.stdout.is_empty());
        #[cfg(unix)]
        {
            let echo = format!("printf %s {quoted}");
            let shell = std::process::Command::new("sh")
                .args(["-c", &echo])
                .output();
            assert_eq!(shell.unwrap().stdout, text(&path).as_bytes());
        }
    }
    // a folder of scans too; a PDF that spells the digits is verified, and any other file is not
    let output = run::sanlian(&["verify", text(folder.path()), "--keys", text(&keys)]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    let command = format!(
        "sanlian scan --keys {} {}",
        text(&keys),
        text(folder.path())
    );
    assert!(words.contains(&command), "{words}");
    let spelt = [b"%PDF-1.7\n", digits.as_bytes(), b"\n"].concat();
    let spelt = folder.put("spelt.pdf", &spelt);
    let output = run::sanlian(&["verify", text(&spelt), "--keys", text(&keys)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("信任的密钥中没有它"));
    let notes = folder.put("notes.txt", b"871");
    let output = run::sanlian(&["verify", text(&notes), "--keys", text(&keys)]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        words.contains("没有找到") && !words.contains("scan"),
        "{words}"
    );
}

#[test]
fn the_command_that_it_gives_reads_the_page() {
    let paper = small::made().join("paper/推荐人选汇总表.pdf");
    let keys = small::made().join("keys");
    let output = run::sanlian(&["verify", text(&paper), "--keys", text(&keys)]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    let (_, command) = words.split_once("sanlian scan ").expect("a command");
    let command = format!("'{}' scan {command}", env!("CARGO_BIN_EXE_sanlian"));
    let mut shell = std::process::Command::new("sh");
    let output = shell.args(["-c", &command]).output().unwrap();
    assert!(output.status.success(), "{command}");
}
