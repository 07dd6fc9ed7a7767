//! The receiving desk as a clerk runs it: issue, void, digits from a scanner, what is here and what is missing.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use sanlian::ooxml::OpcPackage;
use serde_json::Value;

use crate::answers;
pub(crate) use crate::postgres::sql;
use crate::run::{copy_tree, demo, issued, manifest, ok, scratch};
use crate::{postgres, tools};

pub(crate) const ISSUED: &str = "2021-05-28T01:02:03Z";
const RECEIVED: &str = "2021-05-30T01:02:03Z";

/// A desk with the demo's paper issued into its ledger.
pub(crate) struct Desk {
    pub(crate) dir: PathBuf,
}

impl Desk {
    pub(crate) fn new(name: &str) -> Self {
        let dir = scratch(name);
        copy_tree(issued(), &dir);
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn make(&self, out: &str, now: &str) -> Output {
        ok(&[
            "make",
            &self.path("submission"),
            "--out",
            &self.path(out),
            "--keys",
            &self.path("keys"),
            "--data",
            &self.path("data"),
            "--now",
            now,
        ])
    }

    pub(crate) fn run(&self, args: &[&str], input: &str) -> Output {
        let (data, keys) = (self.path("data"), self.path("keys"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_sanlian"))
            .args(args)
            .args(["--data", &data, "--keys", &keys])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    }

    /// The answers to what a scanner types.
    pub(crate) fn receive(&self, input: &str, more: &[&str]) -> Vec<Value> {
        let args = [&["receive", "digits", "--json", "--now", RECEIVED], more].concat();
        let output = self.run(&args, input);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    pub(crate) fn board(&self, now: &str) -> Value {
        let output = self.run(&["status", "--json", "--now", now], "");
        let all: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(all.as_array().unwrap().len(), 1);
        all[0].clone()
    }

    /// The marks of originals in an output folder, those of one form where one is named.
    pub(crate) fn marks(&self, out: &str, form: Option<&str>) -> Vec<Value> {
        let manifest = manifest(&self.dir.join(out));
        let files = manifest["files"].as_array().unwrap();
        let wanted = |file: &&Value| match form {
            Some(form) => file["form"] == form,
            None => file["form"] != "print",
        };
        files
            .iter()
            .filter(wanted)
            .flat_map(|f| f["marks"].as_array().unwrap().clone())
            .filter(|m| m["copy"] != 0)
            .collect()
    }

    /// Changes a word of the submission, as a secretary would in the workbook.
    pub(crate) fn correct(&self, before: &str, after: &str) {
        edit_workbook(&self.dir.join("submission"), before, after);
    }
}

/// Replaces a word in the submission's workbook.
fn edit_workbook(submission: &Path, before: &str, after: &str) {
    let path = submission.join("填报工作簿.xlsx");
    let mut book = OpcPackage::read(&std::fs::read(&path).unwrap()).unwrap();
    let text = book.text("xl/sharedStrings.xml").unwrap();
    assert!(text.contains(before), "{before} is not in the workbook");
    answers::edit(&mut book, |text| text.replace(before, after));
    std::fs::write(&path, book.write().unwrap()).unwrap();
}

pub(crate) fn digits(marks: &[Value]) -> String {
    marks
        .iter()
        .map(|m| format!("{}\n", m["digits"].as_str().unwrap()))
        .collect()
}

pub(crate) fn verdicts(answers: &[Value]) -> Vec<&str> {
    answers
        .iter()
        .map(|a| a["verdict"].as_str().unwrap())
        .collect()
}

#[test]
fn all_pages_received_in_time_complete_the_unit() {
    let desk = Desk::new("desk-complete");
    let marks = desk.marks("paper", None);
    let answers = desk.receive(&digits(&marks), &[]);
    assert_eq!(answers.len(), marks.len());
    assert!(
        answers.iter().all(|a| a["verdict"] == "match"),
        "{answers:?}"
    );
    let board = desk.board(RECEIVED);
    assert_eq!(board["complete"], true);
    assert_eq!(board["timeliness"], "unsealed");
    assert_eq!(board["summary_agrees"], true);
    assert_eq!(board["missing"].as_array().unwrap().len(), 0);
    // three originals of each recommendation, page by page
    for record in board["records"].as_array().unwrap() {
        if record["form"] == "recommendation" {
            assert_eq!(record["matrix"].as_array().unwrap().len(), 3);
            let pages = record["pages"].as_u64().unwrap();
            let row = record["matrix"][2].as_array().unwrap();
            assert_eq!(row.len() as u64, pages);
        }
    }
    assert_eq!(board["sealed"], false);
    let records: Vec<String> = board["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["record"].as_str().unwrap().to_owned())
        .collect();
    let mut args = vec!["receive", "seal"];
    args.extend(records.iter().map(String::as_str));
    assert!(desk.run(&args, "").status.success());
    assert_eq!(desk.board(RECEIVED)["timeliness"], "in_time");
    // one copy's seal turns out to be missing
    let human = marks.last().unwrap()["human"].as_str().unwrap();
    assert!(
        desk.run(&["receive", "seal", human, "--missing"], "")
            .status
            .success()
    );
    assert_eq!(desk.board(RECEIVED)["sealed"], false);
}

/// 「请各单位于6月1日前…逾期不再受理」
#[test]
fn what_comes_after_the_last_day_is_late() {
    let desk = Desk::new("desk-late");
    let marks = desk.marks("paper", None);
    let (last, rest) = marks.split_last().unwrap();
    desk.receive(&digits(rest), &[]);
    assert_eq!(desk.board("2021-06-01T15:59:00Z")["timeliness"], "open");
    assert_eq!(desk.board("2021-06-01T16:00:00Z")["timeliness"], "overdue");
    let args = ["receive", "digits", "--now", "2021-06-01T16:00:00Z"];
    let line = format!("{}\n", last["digits"].as_str().unwrap());
    assert!(desk.run(&args, &line).status.success());
    let board = desk.board("2021-06-02T00:00:00Z");
    assert_eq!(board["complete"], true);
    assert_eq!(board["timeliness"], "late_unsealed");
}

#[test]
fn missing_pages_are_named_by_copy_and_page() {
    let desk = Desk::new("desk-missing");
    let marks = desk.marks("paper", Some("recommendation"));
    let left_out = |m: &&Value| !(m["copy"] == 2 && (m["page"] == 3 || m["page"] == 4));
    let some: Vec<Value> = marks.iter().filter(left_out).cloned().collect();
    desk.receive(&digits(&some), &[]);
    let board = desk.board(RECEIVED);
    assert_eq!(board["complete"], false);
    let missing = board["missing"].to_string();
    assert!(missing.contains("第2份缺第3、4页"), "{missing}");
    assert!(
        missing.contains("推荐人选汇总表（示例市科学技术协会）：第1份未到"),
        "{missing}"
    );
    let list = desk.run(&["missing", "--now", RECEIVED], "");
    assert_eq!(list.status.code(), Some(1));
    let text = String::from_utf8(list.stdout).unwrap();
    assert!(text.contains("第2份缺第3、4页"), "{text}");
    assert!(
        !text.contains("14000000001"),
        "telephone numbers are masked"
    );
    let shown = desk.run(&["missing", "--phones", "--now", RECEIVED], "");
    assert!(String::from_utf8_lossy(&shown.stdout).contains("14000000001"));
}

/// 「纸质材料与电子版材料须保持一致」
#[test]
fn a_correction_makes_the_printed_copies_stale_and_says_what_differs() {
    let desk = Desk::new("desk-stale");
    let old = desk.marks("paper", Some("recommendation"));
    desk.correct("副总工程师", "总工程师");
    desk.make("paper2", "2021-05-29T01:02:03Z");
    let answers = desk.receive(&digits(&old[..1]), &[]);
    assert_eq!(answers[0]["verdict"], "stale");
    assert_eq!(answers[0]["version"], 1);
    assert_eq!(answers[0]["latest"], 2);
    let differences = answers[0]["differences"].as_array().unwrap();
    assert!(
        differences
            .iter()
            .any(|d| d["after"] == "总工程师" && d["before"] == "副总工程师"),
        "{differences:?}"
    );
    let new = desk.marks("paper2", Some("recommendation"));
    assert_eq!(verdicts(&desk.receive(&digits(&new[..1]), &[])), ["match"]);
    // the summary lists the candidate's new version, so the old one is stale too
    let summary = desk.marks("paper", Some("summary"));
    assert_eq!(
        verdicts(&desk.receive(&digits(&summary[..1]), &[])),
        ["stale"]
    );
    let board = desk.board(RECEIVED);
    let record = &board["records"][0];
    assert!(record["version"].is_u64());
}

#[test]
fn a_void_print_is_refused_and_the_next_print_has_other_marks() {
    let desk = Desk::new("desk-void");
    let old = desk.marks("paper", Some("recommendation"));
    let record = old[0]["record"].as_str().unwrap();
    let done = desk.run(
        &["void", record, "--reason", "印章盖错", "--now", ISSUED],
        "",
    );
    assert!(done.status.success());
    let again = desk.run(&["void", record, "--reason", "再来", "--now", ISSUED], "");
    assert!(String::from_utf8_lossy(&again.stdout).contains("此前已作废"));
    let answers = desk.receive(&digits(&old[..1]), &[]);
    assert_eq!(answers[0]["verdict"], "void");
    assert!(answers[0]["reason"].as_str().unwrap().contains("印章盖错"));
    desk.make("paper2", ISSUED);
    let new = desk.marks("paper2", Some("recommendation"));
    assert_eq!(new.len(), old.len());
    for (a, b) in old.iter().zip(&new) {
        assert_eq!(a["version"], b["version"], "a void is no correction");
        let same = a["digits"] == b["digits"];
        assert_eq!(
            same,
            a["record"] != record,
            "only the voided print has other marks"
        );
    }
    assert_eq!(verdicts(&desk.receive(&digits(&new[..1]), &[])), ["match"]);
    // made again without a change: the same marks as before
    desk.make("paper3", "2021-05-29T01:02:03Z");
    assert_eq!(desk.marks("paper3", None), desk.marks("paper2", None));
}

#[test]
fn one_copy_can_be_voided_alone() {
    let desk = Desk::new("desk-void-copy");
    let marks = desk.marks("paper", Some("recommendation"));
    let of = |copy: u64| {
        let wanted = |m: &&Value| m["copy"] == copy && m["page"] == 1;
        marks.iter().find(wanted).unwrap().clone()
    };
    let human = of(2)["human"].as_str().unwrap().to_owned();
    let args = ["void", &human, "--copy", "2", "--reason", "污损"];
    assert!(desk.run(&args, "").status.success());
    let answers = desk.receive(&digits(&[of(1), of(2), of(3)]), &[]);
    assert_eq!(verdicts(&answers), ["match", "void", "match"]);
}

#[test]
fn a_second_scan_is_a_duplicate_and_the_same_session_is_not() {
    let desk = Desk::new("desk-again");
    let marks = desk.marks("paper", Some("summary"));
    let one = digits(&marks[..1]);
    assert_eq!(
        verdicts(&desk.receive(&one, &["--session", "上午"])),
        ["match"]
    );
    let again = desk.receive(&one, &["--session", "上午"]);
    assert_eq!(verdicts(&again), ["match"]);
    assert_eq!(again[0]["before"], true);
    assert_eq!(
        verdicts(&desk.receive(&one, &["--session", "下午"])),
        ["again"]
    );
    let board = desk.board(RECEIVED);
    let records = board["records"].as_array().unwrap();
    let summary = records.iter().find(|r| r["form"] == "summary").unwrap();
    assert_eq!(summary["matrix"][0][0]["state"], "duplicate");
    assert_eq!(summary["matrix"][0][0]["times"], 2);
}

#[test]
fn what_a_scanner_and_a_hand_type_is_understood() {
    let desk = Desk::new("desk-typed");
    let marks = desk.marks("paper", Some("recommendation"));
    let text = |n: usize| marks[n]["digits"].as_str().unwrap();
    let wide: String = text(0)
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
        .collect();
    let (head, tail) = text(1).split_at(100);
    let human = marks[3]["human"]
        .as_str()
        .unwrap()
        .to_lowercase()
        .replace('-', " ");
    let input = format!(
        "{wide}\r\n{head}\r{tail}\t\n{}\n  {human}  \n{}{}\nhttps://example.org/v?m={}\n",
        text(2),
        text(4),
        text(5),
        text(6)
    );
    let answers = desk.receive(&input, &[]);
    assert_eq!(verdicts(&answers), ["match"; 7], "{answers:#?}");
    assert_eq!(answers[3]["how"], "human");
    assert!(answers[3]["reason"].as_str().unwrap().contains("未验签"));
}

#[test]
fn what_is_no_mark_of_the_desk_is_told_apart() {
    let desk = Desk::new("desk-foreign");
    let mark = desk.marks("paper", Some("summary"))[0]["digits"]
        .as_str()
        .unwrap()
        .to_owned();
    let forged = format!("{}{}", &mark[..234], (mark.as_bytes()[234] - b'0' + 1) % 10);
    // the same submission made with another key, and with the same key without the ledger under another unit name
    let other = scratch("desk-foreign-other");
    let paper = other.join("paper");
    let other_keys = other.join("keys");
    copy_tree(&demo().join("out/submission"), &other.join("submission"));
    std::fs::remove_file(other.join("submission/records.json")).unwrap();
    let make = |out: &Path, keys: &Path| {
        let submission = other.join("submission");
        ok(&[
            "make",
            submission.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
            "--keys",
            keys.to_str().unwrap(),
            "--now",
            ISSUED,
        ]);
        let manifest = manifest(out);
        let files = manifest["files"].as_array().unwrap();
        let digits = files.iter().find_map(|f| f["marks"][0]["digits"].as_str());
        digits.unwrap().to_owned()
    };
    let stranger = make(&paper, &other_keys);
    std::fs::remove_file(other.join("submission/records.json")).unwrap();
    edit_workbook(
        &other.join("submission"),
        "示例市科学技术协会",
        "样例市科学技术协会",
    );
    let unknown = make(&other.join("paper2"), &desk.dir.join("keys"));
    let input = format!("{forged}\n{stranger}\n{unknown}\n8712\n\n{mark}\n");
    let answers = desk.receive(&input, &[]);
    assert_eq!(
        verdicts(&answers),
        ["forged", "forged", "foreign", "unreadable", "match"],
        "{answers:#?}"
    );
    assert!(answers[1]["reason"].as_str().unwrap().contains("密钥"));
    assert!(
        answers[1]["unit"].is_null(),
        "a mark that is not genuine is not joined with a record"
    );
    let wrong = desk.receive(&format!("{mark}\n"), &["--campaign", "quanguo-zuimei-2022"]);
    assert_eq!(verdicts(&wrong), ["foreign"]);
}

#[test]
fn a_withdrawn_candidate_is_void() {
    let desk = Desk::new("desk-withdrawn");
    let old = desk.marks("paper", Some("recommendation"));
    let gone = old.last().unwrap().clone();
    // a corrected id number is another identity, so another record; the old one has left the submission
    let book = std::fs::read_to_string(desk.dir.join("submission/records.json")).unwrap();
    let book: Value = serde_json::from_str(&book).unwrap();
    let records = book["records"].as_array().unwrap();
    let record = records
        .iter()
        .find(|r| r["reference"] == gone["record"])
        .unwrap();
    let id = record["versions"][0]["contents"]["values"]["id_no"]
        .as_str()
        .unwrap();
    desk.correct(id, &neighbour(id));
    let made = desk.make("paper2", "2021-05-29T01:02:03Z");
    assert!(String::from_utf8_lossy(&made.stderr).contains("已不在报送材料中"));
    let answers = desk.receive(&digits(&[gone]), &[]);
    assert_eq!(verdicts(&answers), ["void"]);
    assert!(answers[0]["reason"].as_str().unwrap().contains("撤出"));
}

/// The id number of the next person of the same sex born on the same day in the same place (GB 11643-1999).
pub(crate) fn neighbour(id: &str) -> String {
    let order: u32 = id[14..17].parse().unwrap();
    let front = format!("{}{:03}", &id[..14], (order + 2) % 1000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = front
        .chars()
        .zip(weights)
        .map(|(c, w)| c.to_digit(10).unwrap() * w)
        .sum();
    let check = "10X98765432".chars().nth(sum as usize % 11).unwrap();
    format!("{front}{check}")
}

#[test]
fn nothing_personal_stands_in_the_ledger() {
    let desk = Desk::new("desk-sealed");
    desk.receive(&digits(&desk.marks("paper", None)), &[]);
    let bytes = postgres::bytes_of_ledger(&desk.dir.join("data"));
    let book = std::fs::read_to_string(desk.dir.join("submission/records.json")).unwrap();
    let book: Value = serde_json::from_str(&book).unwrap();
    let mut looked_for = 0;
    for record in book["records"].as_array().unwrap() {
        let values = &record["versions"][0]["contents"]["values"];
        for key in ["id_no", "mobile", "phone"] {
            if let Some(text) = values[key].as_str() {
                looked_for += 1;
                assert!(
                    !contains(&bytes, text.as_bytes()),
                    "{key} stands in the ledger"
                );
            }
        }
    }
    assert!(looked_for >= 3, "the demo has id numbers");
    assert!(
        contains(&bytes, "示例市科学技术协会".as_bytes()),
        "the search itself works"
    );
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|w| w == wanted)
}

#[test]
fn a_person_is_found_by_number_or_name_and_shown_masked() {
    let desk = Desk::new("desk-find");
    for (text, value) in [
        ("139900198502140015", "139***********0015"),
        ("１３９９００１９８５０２１４００１５", "139***********0015"),
        ("14000000011", "140****0011"),
        ("欧阳", "欧阳𬭚"),
    ] {
        let output = desk.run(&["find", text, "--json"], "");
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(output.status.success(), "{text}");
        assert_eq!(found[0]["title"], "推荐表（欧阳𬭚）");
        assert_eq!(found[0]["value"], value, "{text}");
    }
    let nobody = desk.run(&["find", "139900198502140023"], "");
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn versions_receipts_and_voids_cannot_be_changed_in_the_database() {
    let desk = Desk::new("desk-append");
    let marks = desk.marks("paper", Some("summary"));
    desk.receive(&digits(&marks[..1]), &[]);
    let record = marks[0]["record"].as_str().unwrap();
    desk.run(&["void", record, "--reason", "试一试"], "");
    let path = desk.dir.join("data/ledger.db");
    for (table, column) in [
        ("version", "copies"),
        ("sheet", "copy"),
        ("void", "reason"),
        ("receipt", "at"),
        ("audit", "detail"),
    ] {
        for statement in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET {column} = {column}"),
        ] {
            let refusal = sql(&path, &statement).unwrap_err();
            assert!(refusal.contains("neve"), "{statement}: {refusal}");
        }
    }
    // the same statements on a table that may change go through: the refusals are the triggers'
    sql(&path, "UPDATE unit SET name = name").unwrap();
}

fn refused(desk: &Desk, word: &str) {
    let output = desk.run(&["status"], "");
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(word), "{text}");
}

#[test]
fn a_ledger_that_cannot_be_used_is_refused_with_a_remedy() {
    let desk = Desk::new("desk-refused");
    let path = desk.dir.join("data/ledger.db");
    sql(
        &path,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (999, 'later', TRUE, x'00', 0)",
    )
    .unwrap();
    refused(&desk, "请升级程序");
    sql(&path, "DELETE FROM _sqlx_migrations WHERE version = 999").unwrap();
    assert_ne!(desk.run(&["status"], "").status.code(), Some(2));
    std::fs::rename(desk.dir.join("keys/vault.key"), desk.dir.join("kept")).unwrap();
    refused(&desk, "vault.key");
    std::fs::rename(desk.dir.join("kept"), desk.dir.join("keys/vault.key")).unwrap();
}

#[test]
fn a_ledger_that_is_damaged_is_refused_with_a_remedy() {
    let desk = Desk::new("desk-damaged");
    std::fs::write(
        desk.dir.join("data/ledger.db"),
        b"this is no database at all, only some text",
    )
    .unwrap();
    let _ = std::fs::remove_file(desk.dir.join("data/ledger.db-wal"));
    refused(&desk, "已损坏");
}

#[test]
fn a_slip_says_what_was_received() {
    let desk = Desk::new("desk-slip");
    let marks = desk.marks("paper", Some("summary"));
    desk.receive(&digits(&marks), &[]);
    let out = desk.path("slip.pdf");
    let made = desk.run(&["slip", "示例市", "--out", &out, "--now", RECEIVED], "");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let Some(text) = tools::says("pdftotext", &["-layout", &out, "-"]) else {
        return;
    };
    for word in [
        "收件回执",
        "示例市科学技术协会",
        "截至2021年5月30日",
        "第1—3份未到",
        // the seal goes over who received and the day
        "河北省科学技术协会",
        "2021年5月30日",
    ] {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    let none = desk.run(&["slip", "没有的单位"], "");
    assert_eq!(none.status.code(), Some(2));
}
