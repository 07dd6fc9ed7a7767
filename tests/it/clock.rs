//! A computer whose clock is behind what it issued already: told at making and packing, with both times; nothing is stopped.

use serde_json::Value;

use crate::folder::Folder;
use crate::{run, small};

/// A copy of the small submission with its record book and keys, without a ledger.
fn begun() -> Folder {
    let folder = Folder::new();
    for part in ["submission", "keys"] {
        run::copy_tree(&small::made().join(part), &folder.path().join(part));
    }
    #[cfg(unix)]
    for secret in ["private.pem", "vault.key"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(folder.path().join("keys").join(secret), mode).unwrap();
    }
    folder
}

/// The findings on the clock that an act has at a time; the act is done.
fn told(folder: &Folder, act: &str, now: &str) -> Vec<Value> {
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let out = match act {
        "pack" => path("out.zip"),
        _ => path("paper"),
    };
    let (submission, keys) = (path("submission"), path("keys"));
    let output = run::ok(&[
        act,
        &submission,
        "--out",
        &out,
        "--keys",
        &keys,
        "--now",
        now,
        "--json",
    ]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|f| f["code"] == "W5").cloned().collect()
}

#[test]
fn a_clock_behind_the_version_before_is_told_with_both_times() {
    let folder = begun();
    // small::NOW is 2021-05-28 09:02:03 in China
    for act in ["make", "pack"] {
        let found = told(&folder, act, "2021-05-26T23:30:00Z");
        assert_eq!(found.len(), 1, "{act}: {found:?}");
        assert_eq!(found[0]["severity"], "warning");
        let words = found[0]["message"].as_str().unwrap();
        assert!(words.contains("2021-05-27 07:30"), "{words}");
        assert!(words.contains("2021-05-28 09:02"), "{words}");
        let hint = found[0]["hint"].as_str().unwrap();
        assert!(hint.contains("检查计算机的日期"), "{hint}");
    }
    // a mark counts whole minutes: within one, nothing is earlier
    for now in [small::NOW, "2021-05-28T01:02:00Z", "2021-05-29T01:00:00Z"] {
        assert!(told(&folder, "make", now).is_empty(), "{now}");
    }
    let codes = String::from_utf8(run::ok(&["codes"]).stdout).unwrap();
    assert!(codes.lines().any(|l| l.starts_with("W5")), "{codes}");
}

#[test]
fn a_second_version_before_the_first_is_told_when_it_is_made() {
    let folder = begun();
    let report = folder.path().join("submission/报告.txt");
    let text = std::fs::read_to_string(&report).unwrap();
    std::fs::write(&report, text.replacen("推荐", "举荐", 1)).unwrap();
    let found = told(&folder, "make", "2021-05-28T01:01:59Z");
    assert_eq!(found.len(), 1, "{found:?}");
    let made = run::manifest(&folder.path().join("paper"));
    let files = made["files"].as_array().unwrap().iter();
    let mut reports = files.filter(|f| f["form"] == "report");
    assert!(reports.all(|f| f["marks"][0]["version"] == 2));
}
