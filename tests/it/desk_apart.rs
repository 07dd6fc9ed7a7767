//! Paper and ledger that have grown apart: made without the ledger, begun anew, listed in another version.

use crate::desk::{Desk, digits, verdicts};
use crate::run::{ok, sanlian};

const LATER: &str = "2021-05-29T01:02:03Z";
const RECEIVED: &str = "2021-05-30T01:02:03Z";

/// Makes as a unit does that has no ledger.
fn make_alone(desk: &Desk, out: &str) {
    ok(&[
        "make",
        &desk.path("submission"),
        "--out",
        &desk.path(out),
        "--keys",
        &desk.path("keys"),
        "--now",
        LATER,
    ]);
}

#[test]
fn paper_that_is_newer_than_the_ledger_asks_for_the_electronic_side() {
    let desk = Desk::new("apart-ahead");
    desk.correct("副总工程师", "总工程师");
    make_alone(&desk, "paper2");
    let new = desk.marks("paper2", Some("recommendation"));
    let answers = desk.receive(&digits(&new[..1]), &[]);
    assert_eq!(verdicts(&answers), ["ahead"]);
    assert!(answers[0]["reason"].as_str().unwrap().contains("只到版本1"));
    let board = desk.board(RECEIVED);
    // nobody is blamed for paper that is newer than the package
    let missing = board["missing"].to_string();
    assert!(
        missing.contains("第1份第1页纸质比电子件新，请催报送包"),
        "{missing}"
    );
    assert!(!missing.contains("不符"), "{missing}");
    assert!(board["records"].to_string().contains("\"ahead\""));
    // the ledger takes the book over with the version that it had not seen
    desk.make("paper3", LATER);
    assert_eq!(desk.marks("paper3", None), desk.marks("paper2", None));
    assert_eq!(verdicts(&desk.receive(&digits(&new[1..2]), &[])), ["match"]);
    let board = desk.board(RECEIVED);
    let states = board["records"].to_string();
    assert!(!states.contains("ahead"), "{states}");
}

#[test]
fn a_book_that_was_begun_anew_is_seen_on_paper_and_refused_in_the_ledger() {
    let desk = Desk::new("apart-differs");
    std::fs::remove_file(desk.dir.join("submission/records.json")).unwrap();
    desk.correct("副总工程师", "总工程师");
    make_alone(&desk, "paper2");
    let other = desk.marks("paper2", Some("recommendation"));
    assert_eq!(other[0]["version"], 1);
    assert_eq!(
        verdicts(&desk.receive(&digits(&other[..1]), &[])),
        ["differs"]
    );
    let missing = desk.board(RECEIVED)["missing"].to_string();
    assert!(missing.contains("与电子件内容不符"), "{missing}");
    assert!(!missing.contains("请催报送包"), "{missing}");
    let made = sanlian(&[
        "make",
        &desk.path("submission"),
        "--out",
        &desk.path("paper3"),
        "--keys",
        &desk.path("keys"),
        "--data",
        &desk.path("data"),
        "--now",
        LATER,
    ]);
    assert_eq!(made.status.code(), Some(2));
    let text = String::from_utf8_lossy(&made.stderr);
    assert!(text.contains("版本1在台账和记录簿中内容不同"), "{text}");
    assert!(!desk.dir.join("paper3").exists(), "nothing is written");
    // with the ledger's own book everything goes on
    std::fs::remove_file(desk.dir.join("submission/records.json")).unwrap();
    desk.make("paper3", LATER);
    assert_eq!(
        desk.marks("paper3", Some("recommendation"))[0]["version"],
        2
    );
}

#[test]
fn the_summary_is_held_against_the_candidates_that_came() {
    let desk = Desk::new("apart-summary");
    let old = desk.marks("paper", Some("recommendation"));
    desk.receive(&digits(&old), &[]);
    desk.correct("副总工程师", "总工程师");
    desk.make("paper2", LATER);
    desk.receive(&digits(&desk.marks("paper2", Some("summary"))), &[]);
    let board = desk.board(RECEIVED);
    // the summary lists version 2, of the form only version 1 came back
    let rows = board["summary"].as_array().unwrap();
    let row = rows.iter().find(|r| r["listed"] == 2).unwrap();
    assert_eq!(row["latest"], 2);
    assert_eq!(row["received"], 1);
    assert_eq!(row["agrees"], false);
    assert!(rows.iter().any(|r| r["agrees"] == true), "the others agree");
    assert_eq!(board["summary_agrees"], false);
    let missing = board["missing"].to_string();
    assert!(missing.contains("收到的推荐表是版本1"), "{missing}");
    assert!(missing.contains("是旧版本"), "{missing}");
    let new = desk.marks("paper2", Some("recommendation"));
    desk.receive(&digits(&new), &[]);
    assert_eq!(desk.board(RECEIVED)["summary_agrees"], true);
}
