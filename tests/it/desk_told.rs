//! What the desk says is true: seals on paper that is here, photocopies, clocks, units that sent nothing, people whom two units filed.

use serde_json::Value;

use crate::desk::{Desk, digits, neighbour, verdicts};
use crate::receive_package::Two;
use crate::run::{copy_tree, ok, sanlian, scratch};
use crate::tools;

const RECEIVED: &str = "2021-05-30T01:02:03Z";
const CAMPAIGN: &str = "hebei-zuimei-2021";
const UNIT: &str = "示例市科学技术协会";
const OTHER: &str = "示范市科学技术协会";

fn text(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

/// The candidates' marks of one copy of the first candidate.
fn first_copy(desk: &Desk, copy: u64) -> Vec<Value> {
    let marks = desk.marks("paper", Some("recommendation"));
    let record = marks[0]["record"].clone();
    let of = |m: &Value| m["record"] == record && m["copy"] == copy;
    marks.into_iter().filter(of).collect()
}

#[test]
fn a_seal_is_ticked_only_on_a_copy_that_is_here() {
    let desk = Desk::new("told-seal");
    let one = first_copy(&desk, 1);
    let two = first_copy(&desk, 2);
    let record = one[0]["record"].as_str().unwrap();
    let human = |m: &Value| m["human"].as_str().unwrap().to_owned();
    let none = desk.run(&["receive", "seal", record], "");
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none).contains("一份都还没有收到"), "{}", text(&none));
    desk.receive(&digits(&one[..1]), &["--session", "上午"]);
    let absent = desk.run(&["receive", "seal", &human(&two[0])], "");
    assert_eq!(absent.status.code(), Some(2));
    let said = text(&absent);
    assert!(said.contains("第2份还没有收到，没有登记公章"), "{said}");
    // one page of the copy is here, and any page of it names it
    let done = desk.run(&["receive", "seal", &human(&one[1])], "");
    assert!(done.status.success(), "{}", text(&done));
    let all = desk.run(&["receive", "seal", record], "");
    assert!(
        text(&all).contains("第1份（第2、3份没有收到，没有登记）"),
        "{}",
        text(&all)
    );
    let sealed = |desk: &Desk| {
        let board = desk.board(RECEIVED);
        let of = |r: &&Value| r["record"] == record;
        let records = board["records"].as_array().unwrap().clone();
        records.iter().find(of).unwrap()["sealed"].clone()
    };
    assert_eq!(sealed(&desk), serde_json::json!([1]));
    // a tick can be taken off, on a copy that is not here too
    let off = desk.run(&["receive", "seal", &human(&two[0]), "--missing"], "");
    assert!(off.status.success(), "{}", text(&off));
    let off = desk.run(&["receive", "seal", record, "--missing"], "");
    assert!(off.status.success(), "{}", text(&off));
    assert_eq!(sealed(&desk), serde_json::json!([]));
}

#[test]
fn a_seal_on_an_older_print_is_not_the_seal_of_the_new_one() {
    let desk = Desk::new("told-seal-old");
    let old = first_copy(&desk, 1);
    desk.receive(&digits(&old), &[]);
    let human = old[0]["human"].as_str().unwrap();
    assert!(desk.run(&["receive", "seal", human], "").status.success());
    desk.correct("副总工程师", "总工程师");
    desk.make("paper2", "2021-05-29T01:02:03Z");
    let stale = desk
        .marks("paper2", Some("recommendation"))
        .iter()
        .find(|m| m["version"] == 2)
        .map(|m| m["record"].clone());
    let old = desk.marks("paper", Some("recommendation"));
    let old = old
        .iter()
        .find(|m| Some(&m["record"]) == stale.as_ref())
        .unwrap();
    desk.receive(&digits(std::slice::from_ref(old)), &[]);
    let refused = desk.run(&["receive", "seal", old["human"].as_str().unwrap()], "");
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused);
    assert!(said.contains("是版本1，电子件是版本2"), "{said}");
}

#[test]
fn a_seal_that_was_seen_on_voided_paper_is_not_on_the_paper_that_replaces_it() {
    let desk = Desk::new("told-seal-void");
    let sealed = |at: &str| -> Vec<Value> {
        let board = desk.board(at);
        let records = board["records"].as_array().unwrap().iter();
        records
            .flat_map(|r| r["sealed"].as_array().cloned().unwrap_or_default())
            .collect()
    };
    let old = first_copy(&desk, 1);
    desk.receive(&digits(&old), &[]);
    let human = old[0]["human"].as_str().unwrap();
    assert!(desk.run(&["receive", "seal", human], "").status.success());
    assert_eq!(sealed(RECEIVED).len(), 1);
    // the copy alone is voided: its page says so, and the seal went with the paper
    let voided = desk.run(
        &[
            "void",
            human,
            "--copy",
            "1",
            "--reason",
            "印错一页",
            "--now",
            RECEIVED,
        ],
        "",
    );
    assert!(voided.status.success(), "{}", text(&voided));
    assert_eq!(sealed(RECEIVED), Vec::<Value>::new());
    let again = desk.receive(&digits(&old), &[]);
    let said = again[0]["reason"].as_str().unwrap();
    assert!(said.contains("这次打印的第1份已于"), "{said}");
    // the paper that replaces it is other paper, until its own seal is seen
    desk.make("paper2", "2021-05-30T03:02:03Z");
    let new = desk.marks("paper2", Some("recommendation"));
    let new: Vec<Value> = new
        .iter()
        .filter(|m| m["record"] == old[0]["record"] && m["copy"] == 1)
        .cloned()
        .collect();
    assert_ne!(new[0]["digits"], old[0]["digits"]);
    desk.receive(&digits(&new), &[]);
    assert_eq!(sealed(RECEIVED), Vec::<Value>::new());
    let human = new[0]["human"].as_str().unwrap();
    assert!(desk.run(&["receive", "seal", human], "").status.success());
    assert_eq!(sealed(RECEIVED).len(), 1);
}

#[test]
fn a_complete_unit_whose_seals_nobody_saw_is_not_said_to_be_in_time() {
    let desk = Desk::new("told-unsealed");
    desk.receive(&digits(&desk.marks("paper", None)), &[]);
    let board = desk.board(RECEIVED);
    assert_eq!(board["complete"], true);
    assert_eq!(board["timeliness"], "unsealed");
    assert_eq!(board["timeliness_word"], "报齐，公章未核");
    let status = desk.run(&["status", "--now", RECEIVED], "");
    assert!(status.status.success(), "nothing is missing");
    assert!(!text(&status).contains("按时报齐"), "{}", text(&status));
    let out = desk.path("slip.pdf");
    let made = desk.run(&["slip", "示例市", "--out", &out, "--now", RECEIVED], "");
    assert!(text(&made).contains("报齐，公章未核"), "{}", text(&made));
    if let Some(said) = tools::says("pdftotext", &["-layout", &out, "-"]) {
        assert!(
            said.contains("公章未核") && !said.contains("按时报齐"),
            "{said}"
        );
    }
}

/// 「推荐表一式3份，均为原件」
#[test]
fn photocopies_of_the_first_copy_are_named_on_status_missing_and_slip() {
    let desk = Desk::new("told-photocopy");
    let one = first_copy(&desk, 1);
    for session in ["甲", "乙", "丙"] {
        desk.receive(&digits(&one), &["--session", session]);
    }
    let pages = one.len();
    let named = format!("第1份第1—{pages}页各收到3次：可能是第1份的复印件，原件应有3份");
    for args in [
        &["status", "--unit", "示例市", "--now", RECEIVED][..],
        &["missing", "--now", RECEIVED],
    ] {
        let said = text(&desk.run(args, ""));
        assert!(said.contains(&named), "{args:?}: {said}");
        assert!(said.contains("第2、3份未到"), "{said}");
    }
    let out = desk.path("slip.pdf");
    desk.run(&["slip", "示例市", "--out", &out, "--now", RECEIVED], "");
    if let Some(said) = tools::says("pdftotext", &["-layout", &out, "-"]) {
        let tight: String = said.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(tight.contains(&named), "{tight}");
    }
}

#[test]
fn a_desk_whose_clock_is_slow_says_so_and_decides_no_lateness() {
    let desk = Desk::new("told-clock");
    let marks = desk.marks("paper", None);
    let early = "2021-05-20T01:02:03Z";
    let args = ["receive", "digits", "--json", "--now", early];
    let first = desk.run(&args, &digits(&marks[..1]));
    let answer: Value = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!(answer["verdict"], "match");
    assert_eq!(answer["clock"]["code"], "received_before_issue");
    let rest = desk.receive(&digits(&marks[1..]), &[]);
    assert!(rest.iter().all(|a| a["clock"].is_null()));
    let board = desk.board(RECEIVED);
    assert_eq!(board["complete"], true);
    assert_eq!(board["timeliness"], "clock_unsealed");
    assert_eq!(board["clock"][0]["code"], "received_before_issue");
    let status = desk.run(&["status", "--unit", "示例市", "--now", RECEIVED], "");
    assert!(
        text(&status).contains("早于标记的签发时刻"),
        "{}",
        text(&status)
    );
}

#[test]
fn a_package_that_was_made_later_than_it_came_is_taken_in_and_said() {
    let two = Two::new("told-package-clock");
    let file = two.pack("one.zip");
    let early = "2021-05-20T01:02:03Z";
    let args = ["receive", "package", "--json", "--now", early, &file];
    let output = two.desk.run(&args, "");
    assert!(output.status.success(), "{}", text(&output));
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["received"], true);
    let codes: Vec<&str> = line["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["code"].as_str().unwrap())
        .collect();
    assert!(
        !codes.is_empty() && codes.iter().all(|c| *c == "R4"),
        "{line}"
    );
    two.desk
        .receive(&digits(&two.unit.marks("paper", None)), &[]);
    let board = two.desk.board(RECEIVED);
    assert_eq!(board["timeliness"], "clock_unsealed");
    assert_eq!(board["clock"][0]["code"], "package_before_made");
}

#[test]
fn units_that_sent_nothing_are_counted_and_come_first() {
    let desk = Desk::new("told-roster");
    let before = text(&desk.run(&["missing", "--now", RECEIVED], ""));
    assert!(
        before.contains("没有单位名册，只统计已有材料的 1 个单位"),
        "{before}"
    );
    let list = desk.dir.join("名册.csv");
    let lines = format!(
        "应报名册\n单位名称,推荐渠道,联系人,联系电话\n{UNIT},,,\n示例学会,省级学会,赵示例,0311-80000001、14000000009\n空白市科学技术协会,,,\n"
    );
    std::fs::write(&list, lines).unwrap();
    let file = list.to_str().unwrap();
    let unnamed = desk.run(&["roster", "import", file], "");
    assert_eq!(unnamed.status.code(), Some(2));
    assert!(text(&unnamed).contains("--campaign"));
    let import = ["roster", "import", file, "--campaign", CAMPAIGN];
    let done = desk.run(&import, "");
    assert!(text(&done).contains("新增 3 个单位"), "{}", text(&done));
    assert!(text(&desk.run(&import, "")).contains("新增 0 个单位"));

    let missing = desk.run(&["missing", "--json", "--now", RECEIVED], "");
    assert_eq!(missing.status.code(), Some(1));
    let rows: Vec<Value> = serde_json::from_slice(&missing.stdout).unwrap();
    let units: Vec<&str> = rows.iter().map(|r| r["unit"].as_str().unwrap()).collect();
    assert_eq!(units[2], UNIT, "those that sent nothing come first");
    assert_eq!(rows[0]["arrival"], "nothing");
    let society = rows.iter().find(|r| r["unit"] == "示例学会").unwrap();
    assert_eq!(
        society["missing"],
        serde_json::json!(["电子件和纸质件都没有收到"])
    );
    assert_eq!(society["contact"], "赵示例");
    assert_eq!(society["phones"][1], "140****0009");
    let said = text(&missing);
    assert!(
        said.contains("应报 3 个单位，已到齐 0，部分 1，未报 2。"),
        "{said}"
    );
    let full = desk.run(&["missing", "--phones", "--now", RECEIVED], "");
    assert!(text(&full).contains("14000000009"));

    let status = text(&desk.run(&["status", "--now", RECEIVED], ""));
    assert!(
        status.contains("示例学会") && status.contains("未报 2"),
        "{status}"
    );
    let one = desk.run(&["status", "--unit", "示例学会", "--now", RECEIVED], "");
    assert!(
        text(&one).contains("电子件和纸质件都没有收到"),
        "{}",
        text(&one)
    );
    let list = text(&desk.run(&["roster", "list", "--now", RECEIVED], ""));
    assert!(list.contains("示例学会") && list.contains("未报"), "{list}");

    // what the roster says of a person goes like everything else
    let erase = ["erase", "--campaign", CAMPAIGN, "--unit", "示例学会"];
    let why = ["--reason", "本人要求", "--yes", "--now", RECEIVED];
    let gone = desk.run(&[&erase[..], &why[..]].concat(), "");
    assert!(gone.status.success(), "{}", text(&gone));
    let after = text(&desk.run(&["missing", "--phones", "--now", RECEIVED], ""));
    assert!(
        after.contains("示例学会") && !after.contains("赵示例"),
        "{after}"
    );
    assert!(!after.contains("14000000009"), "{after}");

    // the number is sealed where it lies
    let bytes = crate::postgres::bytes_of_ledger(&desk.dir.join("data"));
    assert!(!bytes.windows(11).any(|w| w == b"14000000009"));
}

#[test]
fn a_roster_with_a_fault_is_not_entered_in_part() {
    let desk = Desk::new("told-roster-bad");
    let list = desk.dir.join("list.txt");
    std::fs::write(
        &list,
        "示例学会，没有的渠道\n空白市科协，，，电话不详\n好的单位\n",
    )
    .unwrap();
    let file = list.to_str().unwrap();
    let refused = desk.run(&["roster", "import", file, "--campaign", CAMPAIGN], "");
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused);
    assert!(
        said.contains("第1行") && said.contains("第2行") && said.contains("不像电话号码"),
        "{said}"
    );
    let none = desk.run(&["roster", "list", "--json"], "");
    assert_eq!(String::from_utf8_lossy(&none.stdout).trim(), "[]");
    let odd = desk.path("list.docx");
    std::fs::write(&odd, b"x").unwrap();
    let refused = desk.run(&["roster", "import", &odd, "--campaign", CAMPAIGN], "");
    assert_eq!(refused.status.code(), Some(2));
}

/// A second unit that recommends the same people as the demo's.
fn other_unit(name: &str) -> Desk {
    let dir = scratch(name);
    let desk = Desk { dir };
    copy_tree(
        &crate::run::demo().join("out/submission"),
        &desk.dir.join("submission"),
    );
    std::fs::remove_file(desk.dir.join("submission/records.json")).unwrap();
    desk.correct(UNIT, OTHER);
    desk
}

#[test]
fn a_person_whom_two_units_made_in_one_ledger_is_an_error_that_loses_nothing() {
    let desk = Desk::new("told-double");
    desk.receive(&digits(&desk.marks("paper", None)), &[]);
    assert_eq!(desk.board(RECEIVED)["complete"], true);
    let other = other_unit("told-double-other");
    let made = make(&desk, &other, "2021-05-29T01:02:03Z");
    assert_eq!(made.status.code(), Some(1), "{}", text(&made));
    assert!(other.dir.join("paper/manifest.json").is_file());
    let report: Value = serde_json::from_slice(&made.stdout).unwrap();
    let twice: Vec<&Value> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["code"] == "C3")
        .collect();
    assert!(!twice.is_empty(), "{report}");
    let message = twice[0]["message"].as_str().unwrap();
    assert!(message.contains(UNIT) && message.contains('*'), "{message}");
    assert_eq!(twice[0]["severity"], "error");

    let boards = desk.run(&["status", "--json", "--now", RECEIVED], "");
    let boards: Vec<Value> = serde_json::from_slice(&boards.stdout).unwrap();
    assert_eq!(boards.len(), 2);
    for board in &boards {
        assert_eq!(board["complete"], false);
        assert_eq!(board["doubles"].as_array().unwrap().len(), twice.len());
        let names = if board["unit"] == UNIT { OTHER } else { UNIT };
        assert!(board["missing"][0].as_str().unwrap().contains(names));
    }
    let missing = text(&desk.run(&["missing", "--now", RECEIVED], ""));
    assert_eq!(missing.matches("由哪一家撤出").count(), 2 * twice.len());
    let out = desk.path("slip.pdf");
    desk.run(&["slip", UNIT, "--out", &out, "--now", RECEIVED], "");
    if let Some(said) = tools::says("pdftotext", &["-layout", &out, "-"]) {
        let tight: String = said.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(tight.contains("由哪一家撤出"), "{tight}");
    }

    // the second unit had one number wrong: with the right one there is one person less that stands twice
    let wrong = "139900198502140015";
    other.correct(wrong, &neighbour(wrong));
    let made = make(&desk, &other, "2021-05-29T02:02:03Z");
    let report: Value = serde_json::from_slice(&made.stdout).unwrap();
    let left = report["findings"].as_array().unwrap().iter();
    assert_eq!(left.filter(|f| f["code"] == "C3").count(), twice.len() - 1);
}

/// Makes a second unit's paper against the desk's ledger.
fn make(desk: &Desk, other: &Desk, now: &str) -> std::process::Output {
    sanlian(&[
        "make",
        &other.path("submission"),
        "--out",
        &other.path("paper"),
        "--keys",
        &desk.path("keys"),
        "--data",
        &desk.path("data"),
        "--now",
        now,
        "--json",
    ])
}

#[test]
fn a_package_with_a_person_of_another_unit_is_filed_and_told() {
    let two = Two::new("told-double-package");
    let first = two.pack("one.zip");
    assert!(two.receive(&[&first]).0.status.success());
    let other = other_unit("told-double-package-other");
    other.make("paper", "2021-05-28T01:02:03Z");
    let pem = other.path("unit.pem");
    ok(&[
        "key",
        "export",
        "--out",
        &pem,
        "--keys",
        &other.path("keys"),
    ]);
    ok(&["key", "trust", &pem, "--keys", &two.desk.path("keys")]);
    let second = Two {
        unit: other,
        desk: Desk {
            dir: two.desk.dir.clone(),
        },
    };
    let file = second.pack("two.zip");
    let (output, lines) = second.receive(&[&file]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines[0]["received"], true, "{lines:?}");
    assert!(!lines[0]["added"].as_array().unwrap().is_empty());
    let findings = lines[0]["findings"].as_array().unwrap();
    assert!(findings.iter().all(|f| f["code"] == "C3"), "{findings:?}");
    assert!(findings[0]["message"].as_str().unwrap().contains(UNIT));
    // its paper is judged as any other
    let marks = second.unit.marks("paper", Some("recommendation"));
    assert_eq!(
        verdicts(&second.desk.receive(&digits(&marks[..1]), &[])),
        ["match"]
    );
    let boards = second
        .desk
        .run(&["status", "--json", "--now", RECEIVED], "");
    let boards: Vec<Value> = serde_json::from_slice(&boards.stdout).unwrap();
    assert!(
        boards
            .iter()
            .all(|b| !b["doubles"].as_array().unwrap().is_empty())
    );

    // one of them leaves the second unit's list: that one is nobody's double any more
    let before = boards[0]["doubles"].as_array().unwrap().len();
    let gone = boards.iter().find(|b| b["unit"] == OTHER).unwrap();
    let record = gone["doubles"][0]["record"].as_str().unwrap();
    let bytes: String = record.to_owned();
    crate::desk::sql(
        &second.desk.dir.join("data/ledger.db"),
        &format!("UPDATE record SET withdrawn = 1622246400 WHERE reference = x'{bytes}'"),
    )
    .unwrap();
    let boards = second
        .desk
        .run(&["status", "--json", "--now", RECEIVED], "");
    let boards: Vec<Value> = serde_json::from_slice(&boards.stdout).unwrap();
    for board in &boards {
        assert_eq!(board["doubles"].as_array().unwrap().len(), before - 1);
    }
}
