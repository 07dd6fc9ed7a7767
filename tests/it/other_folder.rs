//! What is no submission, and is given as one: paper, keys, a folder that holds several, a package, the wrong campaign. One sentence each,
//! with what to do; and nothing is made where a making stops.

use crate::run::{sanlian, scratch};

const NOW: &str = "2021-05-21T01:02:03Z";

fn said(args: &[&str]) -> (i32, String) {
    let output = sanlian(args);
    let code = output.status.code().unwrap_or(-1);
    let said = [output.stdout, output.stderr].concat();
    (code, String::from_utf8(said).unwrap())
}

#[test]
fn what_is_no_submission_is_named_in_one_sentence() {
    let dir = scratch("other-folder");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let new = |name: &str| {
        let at = path(name);
        let (code, words) = said(&[
            "new",
            "hebei-zuimei-2021",
            &at,
            "--channel",
            "city",
            "--unit",
            "测试市科学技术协会",
        ]);
        assert_eq!(code, 0, "{words}");
    };
    new("many/甲");
    new("many/乙");
    std::fs::create_dir_all(path("many/甲-纸质件")).unwrap();
    std::fs::write(path("many/甲-纸质件/manifest.json"), "{}").unwrap();
    std::fs::write(path("many/甲-纸质件/推荐人选汇总表.xlsx"), "x").unwrap();
    std::fs::create_dir_all(path("keys")).unwrap();
    std::fs::write(path("keys/private.pem"), "x").unwrap();
    std::fs::write(path("包.zip"), b"PK").unwrap();
    for (what, words) in [
        ("many/甲-纸质件", vec!["是制成的纸质件", "many/甲，请写它"]),
        ("many", vec!["它里面有 2 个：“乙”、“甲”", "sanlian gather"]),
        ("keys", vec!["是密钥目录"]),
        ("包.zip", vec!["是压缩包"]),
    ] {
        for command in ["check", "make"] {
            let (code, told) = said(&[command, &path(what), "--now", NOW]);
            assert_eq!(code, 2, "{what}: {told}");
            for word in &words {
                assert!(told.contains(word), "{what}: {told}");
            }
            assert_eq!(told.trim().lines().count(), 1, "{what}: {told}");
        }
    }
    let (code, told) = said(&[
        "check",
        &path("many/甲"),
        "--campaign",
        "quanguo-zuimei-2022",
        "--now",
        NOW,
    ]);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("填的是活动“hebei-zuimei-2021”"), "{told}");
    // its own campaign may be named
    let (code, told) = said(&[
        "check",
        &path("many/甲"),
        "--campaign",
        "hebei-zuimei-2021",
        "--now",
        NOW,
    ]);
    assert_eq!(code, 1, "{told}");
}

#[test]
fn a_making_that_stops_makes_no_key_and_no_ledger() {
    let dir = scratch("no-key");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let at = path("空");
    let (code, words) = said(&[
        "new",
        "hebei-zuimei-2021",
        &at,
        "--channel",
        "city",
        "--unit",
        "测试市科学技术协会",
    ]);
    assert_eq!(code, 0, "{words}");
    let (keys, data, out) = (path("keys"), path("data"), path("out"));
    for command in ["make", "pack"] {
        let (code, told) = said(&[
            command, &at, "-o", &out, "--keys", &keys, "--data", &data, "--now", NOW,
        ]);
        assert_eq!(code, 1, "{told}");
        for left in [&keys, &data, &out] {
            assert!(
                !std::path::Path::new(left).exists(),
                "{command}: {left}: {told}"
            );
        }
    }
    // a record book of another key: none is made beside it
    std::fs::write(format!("{at}/records.json"), r#"{"format":1}"#).unwrap();
    let (_, told) = said(&[
        "make", &at, "-o", &out, "--keys", &keys, "--draft", "--now", NOW,
    ]);
    assert!(!std::path::Path::new(&keys).exists(), "{told}");
}
