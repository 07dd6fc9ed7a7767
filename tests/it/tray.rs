//! The tray at the command line: listed, laid out, closed; and closed by what was received otherwise.

use serde_json::Value;

use crate::desk::{Desk, sql};
use crate::orphans::column;
use crate::receive_scan::unmarked;

fn tray(desk: &Desk) -> Vec<Value> {
    let output = desk.run(&["tray", "--json"], "");
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Puts an unread page into the tray; gives its number.
fn unread(desk: &Desk) -> String {
    let file = unmarked(&desk.dir);
    desk.run(&["receive", "scan", file.to_str().unwrap()], "");
    let rows = tray(desk);
    rows.last().unwrap()["no"].to_string()
}

/// Writes a page into the ledger that was recognised as an issued mark, or not read at all.
fn put(desk: &Desk, source: &str, how: &str, digits: Option<&Value>) {
    let mark = digits.map_or("NULL".to_owned(), |human| {
        format!(
            "(SELECT s.mark FROM sheet s JOIN issue i ON i.no = s.issue WHERE i.record = x'{}' AND s.copy = {} AND s.page = {})",
            human["record"].as_str().unwrap(),
            human["copy"],
            human["page"]
        )
    });
    let word = if digits.is_some() {
        "unverified"
    } else {
        "unreadable"
    };
    sql(
        &desk.dir.join("data/ledger.db"),
        &format!(
            "INSERT INTO sighting (source, at, how, mark, verdict, reason, name)
             VALUES ('{source}', 1622300000, '{how}', {mark}, '{word}', '', '{source}')"
        ),
    )
    .unwrap();
}

fn outcomes(desk: &Desk) -> String {
    // the log tells that a page was closed and never what a person wrote
    let log = desk.run(&["audit", "list", "--json"], "");
    let log = String::from_utf8(log.stdout).unwrap();
    let all: Vec<String> = column(
        &desk.dir.join("data/ledger.db"),
        "SELECT outcome FROM review ORDER BY sighting",
    );
    assert!(all.iter().all(|o| !log.contains(o.as_str())), "{log}");
    assert_eq!(log.contains("\"review\""), !all.is_empty(), "{log}");
    all.join("\n")
}

#[test]
fn a_page_is_listed_laid_out_and_closed_with_a_reason() {
    let desk = Desk::new("tray-closed");
    let no = unread(&desk);
    let row = &tray(&desk)[0];
    assert_eq!(row["name"], "没有标记.png 第1页");
    assert_eq!(row["picture"], true);
    assert!(row["file"].is_null());
    let out = desk.path("pictures");
    let listed = desk.run(&["tray", "--out", &out], "");
    let text = String::from_utf8(listed.stdout).unwrap();
    assert!(text.starts_with(&format!("{no}　")), "{text}");
    assert!(text.contains("没有标记.png 第1页　无法识别"), "{text}");
    let picture = std::fs::read_dir(&out).unwrap().next().unwrap().unwrap();
    let bytes = std::fs::read(picture.path()).unwrap();
    assert!(bytes.starts_with(b"\x89PNG"));
    let again = desk.run(&["tray", "--out", &out], "");
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(
        std::fs::read_dir(&out).unwrap().count(),
        1,
        "not written twice"
    );
    // a reason or a code is asked for
    let bare = desk.run(&["tray", "close", &no], "");
    assert_eq!(bare.status.code(), Some(2));
    assert_eq!(tray(&desk).len(), 1);
    let done = desk.run(&["tray", "close", &no, "--outcome", "信封，退回收发室"], "");
    assert_eq!(done.status.code(), Some(0));
    assert!(tray(&desk).is_empty());
    assert!(outcomes(&desk).contains("信封，退回收发室"));
    let twice = desk.run(&["tray", "close", &no, "--outcome", "再来一次"], "");
    assert_eq!(twice.status.code(), Some(2));
    let said = String::from_utf8(twice.stderr).unwrap();
    assert!(said.contains("待处理中没有第"), "{said}");
}

#[test]
fn a_page_is_closed_by_its_code_and_received() {
    let desk = Desk::new("tray-code");
    let no = unread(&desk);
    let marks = desk.marks("paper", Some("recommendation"));
    let human = marks[0]["human"].as_str().unwrap();
    for wrong in ["没有这样的编码", "0123"] {
        let refused = desk.run(&["tray", "close", &no, "--code", wrong], "");
        assert_eq!(refused.status.code(), Some(2), "{wrong}");
        assert_eq!(tray(&desk).len(), 1);
    }
    let done = desk.run(&["tray", "close", &no, "--code", human, "--json"], "");
    assert_eq!(
        done.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let answer: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(answer["verdict"], "match");
    assert_eq!(answer["record"], marks[0]["record"]);
    assert!(tray(&desk).is_empty());
    assert!(outcomes(&desk).contains("按编码登记"));
}

#[test]
fn a_code_that_was_typed_closes_the_page_that_was_recognised_as_it() {
    let desk = Desk::new("tray-same");
    let marks = desk.marks("paper", Some("recommendation"));
    put(&desk, "scan:a:1:x", "nearest", Some(&marks[0]));
    put(&desk, "scan:a:2:x", "nearest", Some(&marks[1]));
    put(&desk, "scan:a:3", "scan", None);
    let names = |desk: &Desk| {
        let rows = tray(desk);
        rows.iter()
            .map(|r| r["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&desk), ["scan:a:1:x", "scan:a:2:x", "scan:a:3"]);
    let human = marks[0]["human"].as_str().unwrap();
    let answers = desk.receive(&format!("{human}\n"), &[]);
    assert_eq!(answers[0]["verdict"], "match");
    assert_eq!(
        names(&desk),
        ["scan:a:2:x", "scan:a:3"],
        "this page and no other"
    );
    assert!(outcomes(&desk).contains("同一页已按录入的编码登记"));
    let digits = marks[1]["digits"].as_str().unwrap();
    desk.receive(&format!("{digits}\n"), &[]);
    assert_eq!(names(&desk), ["scan:a:3"]);
    assert!(outcomes(&desk).contains("同一页已由扫码枪登记"));
}

#[test]
fn a_page_that_is_closed_by_the_very_code_it_was_recognised_as_is_closed_once() {
    let desk = Desk::new("tray-same-code");
    let marks = desk.marks("paper", Some("recommendation"));
    put(&desk, "scan:a:1:x", "nearest", Some(&marks[0]));
    let no = tray(&desk)[0]["no"].to_string();
    let human = marks[0]["human"].as_str().unwrap();
    let done = desk.run(
        &[
            "tray",
            "close",
            &no,
            "--code",
            human,
            "--outcome",
            "看过纸面",
        ],
        "",
    );
    assert_eq!(
        done.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(tray(&desk).is_empty());
    assert!(outcomes(&desk).contains("看过纸面；按编码登记"));
}

#[test]
fn a_receipt_that_is_taken_back_puts_the_page_into_the_tray_again() {
    let desk = Desk::new("tray-back");
    let marks = desk.marks("paper", Some("recommendation"));
    put(&desk, "scan:a:1:x", "nearest", Some(&marks[0]));
    let human = marks[0]["human"].as_str().unwrap();
    desk.receive(&format!("{human}\n"), &[]);
    assert!(tray(&desk).is_empty());
    sql(
        &desk.dir.join("data/ledger.db"),
        "INSERT INTO retract (sighting, at) SELECT max(no), 1622300000 FROM sighting",
    )
    .unwrap();
    assert_eq!(tray(&desk).len(), 1);
    desk.receive(&format!("{human}\n"), &[]);
    assert!(tray(&desk).is_empty());
}

#[test]
fn a_page_that_was_unread_and_is_read_later_leaves_the_tray() {
    use sha2::{Digest, Sha256};
    let desk = Desk::new("tray-read");
    let pdf = desk.path("paper/学习宣传活动开展情况表.pdf");
    let sum: [u8; 32] = Sha256::digest(std::fs::read(&pdf).unwrap()).into();
    let sum: String = sum.iter().map(|b| format!("{b:02x}")).collect();
    put(&desk, &format!("scan:{sum}:1"), "scan", None);
    put(&desk, &format!("scan:{sum}:11"), "scan", None);
    assert_eq!(tray(&desk).len(), 2);
    let read = desk.run(&["receive", "scan", &pdf], "");
    assert_eq!(read.status.code(), Some(0));
    let rows = tray(&desk);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0]["name"], format!("scan:{sum}:11"));
    assert!(outcomes(&desk).contains("这一页后来读出了标记"));
}
