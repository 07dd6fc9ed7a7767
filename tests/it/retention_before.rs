//! `erase` without `--yes` says exactly what would go, refuses what the erasure would refuse, and touches nothing.

use std::process::Output;

use serde_json::Value;

use crate::cli::{err, out};
use crate::desk::Desk;
use crate::run::files;

const AT: &str = "2024-05-29T01:02:03Z";
const CAMPAIGN: &str = "hebei-zuimei-2021";

fn erase(desk: &Desk, args: &[&str]) -> Output {
    desk.run(&[&["erase", "--now", AT], args].concat(), "")
}

#[test]
fn what_would_go_is_what_goes() {
    let desk = Desk::new("retention-before");
    let before = files(&desk.dir.join("data"));
    let of = ["--campaign", CAMPAIGN, "--reason", "保存期限届满"];
    let told = erase(&desk, &of);
    assert_eq!(told.status.code(), Some(0), "{}", err(&told));
    let shown = out(&told);
    assert!(
        shown.contains("单位 示例市科学技术协会：全部材料"),
        "{shown}"
    );
    assert!(err(&told).contains("没有删除") && err(&told).contains("--yes"));
    let json = erase(&desk, &[&of[..], &["--json"]].concat());
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["dry_run"], true);
    let records = json["records"].as_array().unwrap();
    for record in records {
        assert!(
            shown.contains(record["record"].as_str().unwrap()),
            "{shown}"
        );
        assert!(shown.contains(record["name"].as_str().unwrap()), "{shown}");
    }
    let versions: u64 = records
        .iter()
        .map(|r| r["versions"].as_u64().unwrap())
        .sum();
    assert_eq!(files(&desk.dir.join("data")), before, "nothing is touched");
    let gone = erase(&desk, &[&of[..], &["--json", "--yes"]].concat());
    let gone: Value = serde_json::from_slice(&gone.stdout).unwrap();
    assert_eq!(gone["versions"], versions);
    // and then nothing is left to go
    let again = erase(&desk, &[&of[..], &["--json"]].concat());
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again["records"], serde_json::json!([]));
    assert_eq!(again["erased"], records.len());
}

#[test]
fn what_the_erasure_refuses_is_refused_before() {
    let desk = Desk::new("retention-refused");
    let manifest = crate::run::manifest(&desk.dir.join("paper"));
    let text = manifest.to_string();
    let here = text.split("\"record\":\"").nth(1).unwrap();
    let here = &here[..16];
    let long = "长".repeat(201);
    let cases: [(&[&str], &str); 7] = [
        (
            &["--campaign", "nope", "--reason", "保存期限届满"],
            "在这里没有材料",
        ),
        (
            &["--campaign", CAMPAIGN, "--unit", "没有", "--reason", "届满"],
            "在这里没有材料",
        ),
        (
            &["--record", "0000000000000000", "--reason", "本人要求"],
            "没有记录",
        ),
        (
            &["--record", here, "--reason", "本人要求"],
            "还在单位的材料中",
        ),
        (&["--campaign", CAMPAIGN, "--reason", "短"], "2 至 200 字"),
        (&["--campaign", CAMPAIGN, "--reason", &long], "2 至 200 字"),
        (
            &["--campaign", CAMPAIGN, "--reason", "届满\u{1b}]0;x"],
            "控制字符",
        ),
    ];
    for (args, why) in cases {
        let asked = erase(&desk, args);
        let acted = erase(&desk, &[args, &["--yes"]].concat());
        assert_eq!(asked.status.code(), Some(2), "{args:?}");
        assert!(err(&asked).contains(why), "{args:?}: {}", err(&asked));
        assert_eq!(err(&asked), err(&acted), "{args:?}");
    }
    let campaigns = erase(&desk, &["--campaign", "nope", "--reason", "保存期限届满"]);
    assert!(
        !err(&campaigns).contains(CAMPAIGN),
        "no other campaign is named"
    );
}
