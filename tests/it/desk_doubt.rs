//! What the desk must not say: in time by a clock that was set back or without the electronic part, complete by a key that was
//! revoked, void of a copy that there is not; and where what people type must not stand.

use jiff::Timestamp;
use sanlian::clerk::{CopyPageState, Desk, Timeliness, Typed, Verdict, revoke_key};
use sanlian::finding::has_errors;
use sanlian::mark::{Signed, sign};

use crate::bound::{Place, file};
use crate::forged::{Unit, key_of};

const BEFORE: &str = "2021-05-31T02:00:00Z";
const AFTER: &str = "2021-06-02T02:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn unit() -> Unit {
    Unit::new("示例市科学技术协会", 7)
}

/// All pages of a unit's originals.
fn pages(unit: &Unit) -> Vec<Signed> {
    (0..3).flat_map(|n| unit.pages(n, &key_of(7))).collect()
}

fn receive(desk: &mut Desk<'_>, signed: &Signed, source: &str, now: &str) -> Verdict {
    let typed = Typed::Digits(signed.digits());
    let answer = desk.receive_typed(&typed, source, None, at(now)).unwrap();
    answer.verdict
}

/// A desk that has a unit's package, filed at a time, and nothing else.
fn filed(place: &Place, unit: &Unit, now: &str) -> Result<(), String> {
    let path = place.path("包.zip");
    std::fs::write(&path, unit.pack(&key_of(7)).unwrap()).unwrap();
    let done = place.desk().receive_package(&path, None, at(now)).unwrap();
    (!has_errors(&done.findings))
        .then_some(())
        .ok_or(format!("{:?}", done.findings))
}

#[test]
fn a_clock_that_was_set_back_makes_no_late_page_early() {
    let unit = unit();
    let place = Place::new(&[&unit]);
    filed(&place, &unit, BEFORE).unwrap();
    let mut desk = place.desk();
    let all = pages(&unit);
    let (first, rest) = all.split_at(all.len() - 1);
    for (n, page) in first.iter().enumerate() {
        assert_eq!(
            receive(&mut desk, page, &format!("late:{n}"), AFTER),
            Verdict::Match
        );
    }
    // the same pages again by a clock that stands before: they came when they came
    for (n, page) in first.iter().enumerate() {
        let verdict = receive(&mut desk, page, &format!("back:{n}"), BEFORE);
        assert_eq!(verdict, Verdict::Again);
    }
    let times = |desk: &mut Desk<'_>| {
        let board = desk.status(None, None, at(AFTER)).unwrap().remove(0);
        let cells: Vec<_> = board
            .records
            .iter()
            .flat_map(|r| r.matrix.concat())
            .collect();
        cells.iter().filter_map(|c| c.at).max()
    };
    assert_eq!(times(&mut desk), Some(at(AFTER)));
    // a page that is new by that clock: nobody can say whether it was in time
    assert_eq!(receive(&mut desk, &rest[0], "new", BEFORE), Verdict::Match);
    let board = desk.status(None, None, at(AFTER)).unwrap().remove(0);
    assert!(
        board.clock.iter().any(|f| f.message.contains("拨回")),
        "{:?}",
        board.clock
    );
    assert_ne!(board.timeliness, Timeliness::InTime);
}

#[test]
fn an_electronic_part_that_came_late_is_not_in_time() {
    let unit = unit();
    let place = Place::new(&[&unit]);
    let mut desk = place.desk();
    for (n, page) in pages(&unit).iter().enumerate() {
        let verdict = receive(&mut desk, page, &format!("paper:{n}"), BEFORE);
        assert_eq!(verdict, Verdict::Foreign);
    }
    drop(desk);
    filed(&place, &unit, AFTER).unwrap();
    let board = place
        .desk()
        .status(None, None, at(AFTER))
        .unwrap()
        .remove(0);
    assert!(
        board
            .notes
            .iter()
            .any(|n| n.contains("电子件于2021年6月2日")),
        "{:?}",
        board.notes
    );
}

#[test]
fn pages_of_a_revoked_key_count_no_more() {
    let unit = unit();
    let place = Place::new(&[&unit]);
    filed(&place, &unit, BEFORE).unwrap();
    let mut desk = place.desk();
    for (n, page) in pages(&unit).iter().enumerate() {
        receive(&mut desk, page, &format!("{n}"), BEFORE);
    }
    let state = |desk: &mut Desk<'_>| {
        let board = desk.status(None, None, at(BEFORE)).unwrap().remove(0);
        let words = board.missing.join("\n");
        (board.records[0].matrix[0][0].state, words)
    };
    assert_eq!(state(&mut desk).0, CopyPageState::Received);
    let id = key_of(7).id().to_string();
    revoke_key(
        &place.path("keys"),
        &id,
        at("2021-05-01T00:00:00Z"),
        "私钥被复制",
    )
    .unwrap();
    desk.renew_trust(&place.path("keys")).unwrap();
    let (now, words) = state(&mut desk);
    assert_eq!(now, CopyPageState::Disowned);
    assert!(words.contains("密钥已吊销"), "{words}");
}

#[test]
fn paper_of_a_form_that_the_record_is_not_is_no_later_version() {
    let unit = unit();
    let place = Place::new(&[&unit]);
    filed(&place, &unit, BEFORE).unwrap();
    let mut desk = place.desk();
    let later = |change: fn(&mut sanlian::mark::Issue)| {
        let mut issue = unit.issues(0).remove(0);
        issue.version = 2;
        change(&mut issue);
        sign(&key_of(7), &issue).unwrap()
    };
    let mut told = |signed: Signed, source: &str| receive(&mut desk, &signed, source, BEFORE);
    assert_eq!(told(later(|_| ()), "v2"), Verdict::Ahead);
    assert_eq!(told(later(|i| i.kind = 2), "kind"), Verdict::Unissued);
    assert_eq!(told(later(|i| i.kind = 200), "kind 200"), Verdict::Unissued);
    let copies = later(|i| (i.copy, i.copies) = (4, 15));
    assert_eq!(told(copies, "copy"), Verdict::Unissued);
    let board = desk.status(None, None, at(BEFORE)).unwrap().remove(0);
    let words = board.missing.join("\n");
    assert!(!words.contains("第4份"), "{words}");
}

#[test]
fn what_people_type_stands_in_no_log_and_in_no_session() {
    let unit = unit();
    let place = Place::new(&[&unit]);
    filed(&place, &unit, BEFORE).unwrap();
    let mut desk = place.desk();
    let page = &pages(&unit)[0];
    let session = "session:赵测试139900198502140031:1";
    assert_eq!(receive(&mut desk, page, session, BEFORE), Verdict::Match);
    assert_eq!(receive(&mut desk, page, session, BEFORE), Verdict::Match);
    let digits = page.digits();
    let wrong = desk.void(&digits, Some(9), "不用了", at(BEFORE));
    assert!(wrong.unwrap_err().to_string().contains("没有第 9 份"));
    let wrong = desk.void(&digits, Some(2), "不用了", at(BEFORE));
    assert!(wrong.unwrap_err().to_string().contains("第 1 份的"));
    desk.void(&digits, None, "本人139900198502140031来取", at(BEFORE))
        .unwrap();
    drop(desk);
    let bytes = crate::postgres::bytes_of_ledger(&place.path("data"));
    for word in ["赵测试", "139900198502140031"] {
        let found = bytes.windows(word.len()).any(|w| w == word.as_bytes());
        assert!(!found, "{word}");
    }
}

#[test]
fn a_key_for_a_unit_that_nobody_knows_is_not_entered() {
    let unit = unit();
    let place = Place::new(&[&unit]);
    filed(&place, &unit, BEFORE).unwrap();
    let pem = place.path("other.pem");
    std::fs::write(&pem, key_of(9).trusted("别的学会").to_pem()).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_sanlian"))
        .args([
            "key",
            "trust",
            "other.pem",
            "--unit",
            "没有的单位",
            "--data",
            "data",
            "--keys",
            "keys",
        ])
        .current_dir(place.folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("没有列入"), "{said}");
    let list = std::fs::read_to_string(place.path("keys/trust.toml")).unwrap_or_default();
    assert!(!list.contains("别的学会"), "{list}");
    // a unit that is known
    let desk = &mut place.desk();
    assert!(file(desk, place.folder.path(), &unit.pack(&key_of(7)).unwrap()).again);
}

#[test]
fn a_void_copy_that_has_not_come_is_asked_for_anew() {
    let unit = unit();
    let place = Place::new(&[&unit]);
    filed(&place, &unit, BEFORE).unwrap();
    let mut desk = place.desk();
    let page = &unit.pages(0, &key_of(7))[0];
    desk.void(&page.digits(), Some(1), "印章盖错", at(BEFORE))
        .unwrap();
    let board = desk.status(None, None, at(BEFORE)).unwrap().remove(0);
    let words = board.missing.join("\n");
    assert!(words.contains("第1份已作废，没有收到重新打印的"), "{words}");
    assert!(words.contains("第2、3份未到"), "{words}");
}
