//! What is held is handed over and erased: a campaign, a unit, a person; nothing personal is left, and old paper is still judged.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::desk::{Desk, digits, neighbour, verdicts};
use crate::receive_package::Two;
use crate::run::files;
use crate::tools;

const CAMPAIGN: &str = "hebei-zuimei-2021";
const UNIT: &str = "示例市科学技术协会";
const AT: &str = "2024-05-29T01:02:03Z";

/// Numbers and texts of the people as the unit's own book has them.
fn people(unit: &Desk) -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(unit.dir.join("submission/records.json")).unwrap();
    let book: Value = serde_json::from_str(&text).unwrap();
    let records = book["records"].as_array().unwrap().iter();
    records
        .filter(|r| r["kind"] == "recommendation")
        .map(|r| {
            let values = &r["versions"][0]["contents"]["values"];
            let personal = ["name", "id_no", "mobile", "address"].iter();
            let personal = personal.filter_map(|k| values[*k].as_str().map(str::to_owned));
            (
                r["reference"].as_str().unwrap().to_owned(),
                personal.collect(),
            )
        })
        .collect()
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

/// Files of a data folder in which a word stands.
fn found(data: &Path, word: &str) -> Vec<String> {
    // where it is a file in the folder, it is among them once only
    let ledger = crate::postgres::files_of_ledger(data).into_iter();
    let all = files(data).into_iter().chain(ledger);
    let all: std::collections::BTreeMap<_, _> = all.collect();
    let all = all.into_iter();
    all.filter(|(_, bytes)| holds(bytes, word))
        .map(|(name, _)| name)
        .collect()
}

fn objects(data: &Path) -> usize {
    files(&data.join("objects"))
        .keys()
        .filter(|n| n.contains('/'))
        .count()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    said(output)
}

/// A desk that received a unit's package and half of its paper; the marks of the other half.
fn received(name: &str) -> (Two, String, Vec<Value>) {
    let two = Two::new(name);
    let file = two.pack("one.zip");
    assert!(two.receive(&[&file]).0.status.success());
    let marks = two.unit.marks("paper", None);
    let (here, later) = marks.split_at(marks.len() / 2);
    two.desk.receive(&digits(here), &[]);
    (two, file, later.to_vec())
}

#[test]
fn a_campaign_goes_and_its_old_paper_is_still_judged() {
    let (two, package, later) = received("retention-campaign");
    let (desk, data) = (&two.desk, two.desk.dir.join("data"));
    assert!(objects(&data) > 5 && !found(&data, &people(&two.unit)[0].1[0]).is_empty());
    let args = [
        "erase",
        "--campaign",
        CAMPAIGN,
        "--reason",
        "保存期限届满",
        "--now",
        AT,
    ];
    let asked = desk.run(&args, "");
    assert_eq!(asked.status.code(), Some(0), "{}", said(&asked));
    assert!(said(&asked).contains("--yes") && objects(&data) > 5);
    let gone = desk.run(&[&args[..], &["--yes", "--json"]].concat(), "");
    let gone = done(&gone);
    assert!(gone.contains("\"versions\": 6"), "{gone}");
    assert_eq!(objects(&data), 0);
    for (_, personal) in people(&two.unit) {
        for word in personal {
            assert_eq!(found(&data, &word), Vec::<String>::new(), "{word}");
        }
    }
    // paper that comes late is judged and counted as before
    let answers = desk.receive(&digits(&later), &[]);
    assert!(
        verdicts(&answers).iter().all(|v| *v == "match"),
        "{answers:?}"
    );
    assert_eq!(desk.board(AT)["unit"], UNIT);
    let log = done(&desk.run(&["audit", "list"], ""));
    assert!(log.contains("删除个人信息：保存期限届满"), "{log}");
    done(&desk.run(&["audit", "verify"], ""));
    // nothing comes back by the same package, and again there is nothing to be erased
    let (_, lines) = two.receive(&[&package]);
    assert_eq!(lines[0]["again"], true, "{lines:?}");
    two.unit.correct("副总工程师", "总工程师");
    two.unit.make("paper2", AT);
    let newer = two.pack("two.zip");
    let (refused, lines) = two.receive(&[&newer]);
    assert!(!refused.status.success(), "{lines:?}");
    assert!(
        format!("{lines:?}{}", said(&refused)).contains("已按保存期限删除"),
        "{lines:?}"
    );
    assert_eq!(objects(&data), 0, "not even for a moment longer");
    let again = done(&desk.run(&[&args[..], &["--yes", "--json"]].concat(), ""));
    assert!(again.contains("\"versions\": 0"), "{again}");
    // a backup of what is left is whole
    let backup = desk.path("backup");
    done(&desk.run(&["backup", "--out", &backup], ""));
    // a unit that erased its own ledger makes nothing into it any more
    done(&two.unit.run(&[&args[..], &["--yes"]].concat(), ""));
    let refused = crate::run::sanlian(&[
        "make",
        &two.unit.path("submission"),
        "--out",
        &two.unit.path("paper3"),
        "--keys",
        &two.unit.path("keys"),
        "--data",
        &two.unit.path("data"),
        "--now",
        AT,
    ]);
    assert!(
        said(&refused).contains("已按保存期限删除"),
        "{}",
        said(&refused)
    );
    assert!(!two.unit.dir.join("paper3").exists());
}

#[test]
fn everything_that_is_held_is_handed_over_once_and_told() {
    let (two, _, _) = received("retention-export");
    let desk = &two.desk;
    let (reference, personal) = people(&two.unit).remove(0);
    let (whole, one) = (desk.path("whole.zip"), desk.path("one-person.zip"));
    let args = [
        "export",
        "--campaign",
        CAMPAIGN,
        "--unit",
        UNIT,
        "--out",
        &whole,
        "--now",
        AT,
    ];
    done(&desk.run(&args, ""));
    let again = desk.run(&args, "");
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    done(&desk.run(
        &["export", "--record", &reference, "--out", &one, "--now", AT],
        "",
    ));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&whole).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let Some(text) = tools::says("unzip", &["-p", &whole, "材料.json"]) else {
        return;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(all["units"][0]["records"].as_array().unwrap().len(), 6);
    for word in &personal {
        assert!(text.contains(word), "{word}");
    }
    assert!(
        text.contains("\"label\": \"证件号码\""),
        "a person can read what is what"
    );
    assert!(
        all["log"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| r["act"] == "receive")
    );
    let list = tools::says("unzip", &["-Z1", &whole]).unwrap();
    assert!(
        list.contains("说明.txt") && list.contains("报送包/"),
        "{list}"
    );
    assert!(list.contains(".jpg"), "{list}");
    // one person's holds nobody else
    let text = tools::says("unzip", &["-p", &one, "材料.json"]).unwrap();
    for word in &personal {
        assert!(text.contains(word), "{word}");
    }
    let other = &people(&two.unit)[1].1;
    assert!(other.iter().all(|word| !text.contains(word)), "{other:?}");
    let list = tools::says("unzip", &["-Z1", &one]).unwrap();
    assert!(list.contains(".jpg") && !list.contains(&other[0]), "{list}");
    let log = done(&desk.run(&["audit", "list"], ""));
    assert_eq!(log.matches("导出个人信息").count(), 2, "{log}");
    let none = desk.run(
        &[
            "export",
            "--record",
            "0000000000000000",
            "--out",
            &desk.path("x.zip"),
        ],
        "",
    );
    assert!(
        none.status.code() == Some(2) && said(&none).contains("没有记录"),
        "{}",
        said(&none)
    );
    assert!(!desk.dir.join("x.zip").exists() && !desk.dir.join("x.zip.new").exists());
}

#[test]
fn a_person_goes_after_the_unit_has_taken_the_person_out() {
    let desk = Desk::new("retention-person");
    let data = desk.dir.join("data");
    let (reference, personal) = people(&desk).pop().unwrap();
    let args = [
        "erase",
        "--record",
        &reference,
        "--reason",
        "本人要求",
        "--yes",
        "--now",
        AT,
    ];
    let early = desk.run(&args, "");
    assert!(
        early.status.code() == Some(2) && said(&early).contains("还在单位的材料中"),
        "{}",
        said(&early)
    );
    // a corrected id number is another person: the first has left the submission
    desk.correct(&personal[1], &neighbour(&personal[1]));
    desk.make("paper2", "2021-05-29T01:02:03Z");
    let old = desk.marks("paper", Some("recommendation"));
    let old: Vec<Value> = old
        .into_iter()
        .filter(|m| m["record"] == *reference)
        .collect();
    done(&desk.run(&args, ""));
    assert_eq!(found(&data, &personal[1]), Vec::<String>::new());
    assert_eq!(verdicts(&desk.receive(&digits(&old[..1]), &[])), ["void"]);
    let shown = said(&desk.run(&["find", &personal[1]], ""));
    assert!(!shown.contains(&reference), "{shown}");
    // the unit's other people are as they were, and its paper is printed on
    let others = people(&desk);
    let shown = done(&desk.run(&["find", &others[0].1[1]], ""));
    assert!(shown.contains(&others[0].1[0]), "{shown}");
    desk.correct("副总工程师", "总工程师");
    desk.make("paper3", "2021-05-30T01:02:03Z");
    assert_eq!(
        found(&data, &personal[1]),
        Vec::<String>::new(),
        "the book at the unit brings nothing back"
    );
    let shown = said(&desk.run(&["find", &personal[1]], ""));
    assert!(!shown.contains(&reference), "{shown}");
}

#[test]
fn an_erasure_that_is_killed_is_finished_by_the_next() {
    let (two, _, _) = received("retention-killed");
    let whole = two.desk.dir.clone();
    let args = [
        "erase",
        "--campaign",
        CAMPAIGN,
        "--reason",
        "保存期限届满",
        "--yes",
        "--now",
        AT,
    ];
    let mut kills = 0;
    for pass in 1.. {
        let place = Desk {
            dir: crate::run::scratch("retention-killed-once"),
        };
        crate::run::copy_tree(&whole, &place.dir);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let key = place.dir.join("keys/vault.key");
            std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let killed = std::process::Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args(args)
            .args(["--data", &place.path("data"), "--keys", &place.path("keys")])
            .env("SANLIAN_FAILPOINT", pass.to_string())
            .output()
            .unwrap();
        if killed.status.success() {
            break;
        }
        kills += 1;
        done(&place.run(&args, ""));
        let data = place.dir.join("data");
        assert_eq!(objects(&data), 0, "killed at {pass}");
        assert_eq!(
            found(&data, &people(&two.unit)[0].1[0]),
            Vec::<String>::new(),
            "killed at {pass}"
        );
        done(&place.run(&["audit", "verify"], ""));
    }
    assert!(kills > 10, "{kills} kills");
}
