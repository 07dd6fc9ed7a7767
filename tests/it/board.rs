//! What the board says of a unit's paper: every word of it from sheets that lie there, copies that lack, and clocks that fit.

use jiff::{SignedDuration, Timestamp};
use sanlian::campaign::{Campaign, FormKind};
use sanlian::clerk::{Campaigns, Turnout};
use sanlian::mark::minutes_of;
use sanlian::receipt::{
    Arrival, Board, ClockCode, CopyPageState, Double, Filed, NOTHING_CAME, PackageTime, Receipt,
    RecordBoard, Repealed, Timeliness, UnitFile, VersionTime, board, masked_name, received_early,
};
use sanlian::record::Digest;

const PERSON: [u8; 8] = [1; 8];
const DIGEST: Digest = Digest([7; 32]);

fn campaign() -> Campaign {
    let campaigns = Campaigns::open(None).unwrap();
    campaigns.load("hebei-zuimei-2021").unwrap().0.unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn issued() -> Timestamp {
    at("2021-05-28T01:02:00Z")
}

fn came() -> Timestamp {
    at("2021-05-30T01:02:03Z")
}

fn sheet(record: [u8; 8], copy: u8, page: u8, pages: u8) -> Receipt {
    Receipt {
        record,
        version: 1,
        copy,
        page,
        pages,
        minutes: minutes_of(issued()).unwrap(),
        digest: DIGEST.short(),
        at: came(),
        times: 1,
        behind: false,
        signer: String::new(),
        disowned: false,
    }
}

/// A unit with one candidate (three copies of two pages) and the forms of a unit (one page each), all of it received.
fn unit() -> UnitFile {
    let mut unit = UnitFile {
        campaign: "hebei-zuimei-2021".to_owned(),
        name: "示例市科学技术协会".to_owned(),
        channel: "city".to_owned(),
        ..UnitFile::default()
    };
    let forms = [
        (FormKind::Recommendation, 3, 2),
        (FormKind::Summary, 1, 1),
        (FormKind::Status, 1, 1),
        (FormKind::Report, 1, 1),
    ];
    for (n, (kind, copies, pages)) in (1..).zip(forms) {
        let reference = [n; 8];
        unit.records.push(Filed {
            reference,
            kind,
            name: "王示例".to_owned(),
            latest: 1,
            digest: DIGEST,
            copies,
            pages: Some(pages),
            printed: None,
            filed_at: None,
            withdrawn: None,
        });
        unit.versions.push(VersionTime {
            record: reference,
            version: 1,
            issued_at: issued(),
        });
        for copy in 1..=copies {
            unit.seals.push((reference, 1, copy));
            for page in 1..=pages {
                unit.receipts.push(sheet(reference, copy, page, pages));
            }
        }
    }
    unit
}

fn told(unit: &UnitFile) -> Board {
    board(&campaign(), unit, None, came())
}

/// What is here of the candidate's form.
fn person(board: &Board) -> &RecordBoard {
    let of = |r: &&RecordBoard| r.form == FormKind::Recommendation;
    board.records.iter().find(of).unwrap()
}

/// The sheet of the candidate's form at a place.
fn place(unit: &mut UnitFile, copy: u8, page: u8) -> &mut Receipt {
    let at = |r: &&mut Receipt| r.record == PERSON && r.copy == copy && r.page == page;
    unit.receipts.iter_mut().find(at).unwrap()
}

fn says(words: &[String], wanted: &str) -> bool {
    words.iter().any(|w| w.contains(wanted))
}

#[test]
fn all_of_it_with_every_seal_in_time_is_in_time() {
    let board = told(&unit());
    assert_eq!(board.timeliness, Timeliness::InTime);
    assert_eq!(board.timeliness_word, "按时报齐");
    assert_eq!(board.arrival, Arrival::Complete);
    assert!(board.missing.is_empty() && board.notes.is_empty() && board.clock.is_empty());
}

#[test]
fn a_seal_that_was_not_seen_is_in_the_word_and_in_the_code() {
    let mut unit = unit();
    unit.seals.pop();
    let board = told(&unit);
    assert!(board.complete && !board.sealed);
    assert_eq!(board.timeliness, Timeliness::Unsealed);
    assert_eq!(board.timeliness_word, "报齐，公章未核");
    place(&mut unit, 1, 1).at = at("2021-06-05T00:00:00Z");
    let board = told(&unit);
    assert_eq!(board.timeliness, Timeliness::LateUnsealed);
    assert_eq!(board.timeliness_word, "报齐，有逾期件，公章未核");
    assert!(board.timeliness.is_late());
    let codes: Vec<String> = Timeliness::ALL
        .iter()
        .map(|t| serde_json::to_string(t).unwrap())
        .collect();
    assert!(
        codes.iter().all(|c| c
            .trim_matches('"')
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'_')),
        "{codes:?}"
    );
    assert_eq!(
        codes[1..6].join(","),
        "\"unsealed\",\"late\",\"late_unsealed\",\"clock\",\"clock_unsealed\""
    );
}

#[test]
fn a_seal_counts_only_on_a_copy_that_is_here() {
    let mut unit = unit();
    unit.receipts.retain(|r| r.record != PERSON || r.copy != 3);
    let board = told(&unit);
    assert_eq!(person(&board).sealed, [1, 2]);
    let need = board.needs.iter().find(|n| n.needed == 3).unwrap();
    assert_eq!((need.received, need.seals), (2, 2));
    // one page of it is enough to have seen its seal
    unit.receipts.push(sheet(PERSON, 3, 2, 2));
    assert_eq!(person(&told(&unit)).sealed, [1, 2, 3]);
    unit.receipts.last_mut().unwrap().digest = [0; 12];
    assert_eq!(person(&told(&unit)).sealed, [1, 2]);
}

#[test]
fn paper_that_is_ahead_and_paper_that_differs_are_told_apart() {
    let mut unit = unit();
    place(&mut unit, 2, 1).version = 2;
    place(&mut unit, 3, 2).digest = [0; 12];
    let board = told(&unit);
    let person = person(&board);
    assert_eq!(person.matrix[1][0].state, CopyPageState::Ahead);
    assert_eq!(person.matrix[2][1].state, CopyPageState::Differs);
    let ahead = "第2份第1页纸质比电子件新，请催报送包";
    assert!(says(&board.missing, ahead), "{:?}", board.missing);
    assert!(says(&board.missing, "第3份第2页与电子件内容不符"));
    let blames = |w: &&String| w.contains("第2份") && w.contains("不符");
    assert_eq!(board.missing.iter().filter(blames).count(), 0);
    assert!(!board.complete);
    assert_eq!(serde_json::to_value(CopyPageState::Ahead).unwrap(), "ahead");
}

#[test]
fn newer_paper_beside_older_paper_that_agrees_leaves_the_unit_incomplete() {
    let mut unit = unit();
    assert!(told(&unit).complete);
    let mut newer = sheet(PERSON, 1, 1, 2);
    newer.version = 2;
    unit.receipts.push(newer.clone());
    let board = told(&unit);
    assert_eq!(person(&board).matrix[0][0].state, CopyPageState::Ahead);
    assert!(!board.complete);
    // a page that the ledger's version does not have at all
    unit.receipts.pop();
    newer.page = 3;
    unit.receipts.push(newer);
    let board = told(&unit);
    assert!(says(&board.missing, "第1份第3页纸质比电子件新，请催报送包"));
    assert!(!board.complete);
    // once it is void it is nothing to wait for
    unit.repealed.push(Repealed {
        record: PERSON,
        version: 2,
        minutes: minutes_of(issued()).unwrap(),
        copy: 0,
    });
    assert!(told(&unit).complete);
}

#[test]
fn photocopies_of_one_copy_are_named_where_the_others_lack() {
    let mut unit = unit();
    unit.receipts.retain(|r| r.record != PERSON || r.copy == 1);
    place(&mut unit, 1, 2).times = 3;
    let missing = told(&unit).missing;
    assert!(says(&missing, "第2、3份未到"), "{missing:?}");
    let named = "第1份第2页收到3次：可能是第1份的复印件，原件应有3份";
    assert!(says(&missing, named), "{missing:?}");
    place(&mut unit, 1, 1).times = 3;
    let named = "第1份第1、2页各收到3次：可能是第1份的复印件，原件应有3份";
    let board = told(&unit);
    assert!(says(&board.missing, named), "{:?}", board.missing);
    assert!(board.notes.is_empty());
}

#[test]
fn a_sheet_that_came_twice_while_nothing_lacks_is_told_and_asks_for_nothing() {
    let mut unit = unit();
    place(&mut unit, 2, 1).times = 2;
    let board = told(&unit);
    assert!(board.complete && board.missing.is_empty());
    assert!(
        says(&board.notes, "第2份第1页收到2次：是重复扫描还是复印件"),
        "{:?}",
        board.notes
    );
    // the page is there in every copy, another page of another copy is not
    unit.receipts
        .retain(|r| (r.record, r.copy, r.page) != (PERSON, 3, 2));
    let board = told(&unit);
    assert!(says(&board.notes, "收到2次") && !says(&board.missing, "复印件"));
}

#[test]
fn a_receipt_before_the_issue_is_neither_in_time_nor_late() {
    let early = |minutes: i64| {
        let mut unit = unit();
        place(&mut unit, 1, 1).at = issued() - SignedDuration::from_mins(minutes);
        told(&unit)
    };
    // two clocks that nobody sets are a few minutes apart
    assert_eq!(early(10).timeliness, Timeliness::InTime);
    let board = early(11);
    assert_eq!(board.timeliness, Timeliness::Clock);
    assert_eq!(
        board.timeliness_word,
        "报齐，收件时钟有误，是否逾期请人工核定"
    );
    assert!(!board.timeliness.is_late());
    assert_eq!(board.clock[0].code, ClockCode::ReceivedBeforeIssue);
    assert!(says(
        &board.notes,
        "收件时刻2021年5月28日08:51早于标记的签发时刻2021年5月28日09:02"
    ));
    // a sheet that counts nowhere makes nothing doubtful, and is told all the same
    let mut unit = unit();
    let mut other = sheet(PERSON, 1, 1, 2);
    other.version = 0;
    other.at = at("2020-01-02T00:00:00Z");
    unit.receipts.push(other);
    let board = told(&unit);
    assert_eq!(board.timeliness, Timeliness::InTime);
    assert_eq!(board.clock.len(), 1);
    assert!(received_early(minutes_of(issued()).unwrap(), came()).is_none());
}

#[test]
fn a_package_from_the_future_and_versions_in_the_wrong_order_are_told() {
    let mut unit = unit();
    unit.packages.push(PackageTime {
        made_at: at("2021-05-29T09:00:00Z"),
        at: at("2021-05-29T01:00:00Z"),
    });
    let board = told(&unit);
    assert_eq!(board.clock[0].code, ClockCode::PackageBeforeMade);
    assert_eq!(board.timeliness, Timeliness::Clock);
    unit.seals.clear();
    let board = told(&unit);
    assert_eq!(board.timeliness, Timeliness::ClockUnsealed);
    assert!(board.timeliness_word.contains("公章未核"));

    let mut unit = self::unit();
    unit.versions.push(VersionTime {
        record: PERSON,
        version: 2,
        issued_at: issued() - SignedDuration::from_secs(1),
    });
    let board = told(&unit);
    assert_eq!(board.clock.len(), 1);
    assert_eq!(board.clock[0].code, ClockCode::VersionsOutOfOrder);
    assert!(says(&board.notes, "推荐表（王示例）版本2的签发时刻"));
    // it is the unit's clock, and the day on which the paper came is the desk's
    assert_eq!(board.timeliness, Timeliness::InTime);
}

#[test]
fn a_desk_whose_clock_stands_before_the_issue_does_not_say_that_there_is_time() {
    let mut unit = unit();
    unit.receipts.clear();
    let campaign = campaign();
    let open = board(&campaign, &unit, None, came());
    assert_eq!(open.timeliness, Timeliness::Open);
    let behind = board(&campaign, &unit, None, at("2019-01-01T00:00:00Z"));
    assert_eq!(behind.timeliness, Timeliness::OpenClock);
    assert_eq!(behind.clock[0].code, ClockCode::DeskBehind);
    let over = board(&campaign, &unit, None, at("2021-06-09T00:00:00Z"));
    assert_eq!(over.timeliness, Timeliness::Overdue);
}

/// 「同一人只能通过一个渠道推荐一次」
#[test]
fn a_person_of_two_units_leaves_both_incomplete_and_is_named_masked() {
    let mut unit = unit();
    unit.doubles.push(Double {
        record: PERSON,
        other: "示例学会".to_owned(),
        name: "王示例".to_owned(),
    });
    let board = told(&unit);
    assert!(!board.complete);
    assert_eq!(board.timeliness, Timeliness::Open);
    let line = &board.missing[0];
    assert!(
        line.contains("示例学会") && line.contains("王**") && line.contains("由哪一家撤出"),
        "{line}"
    );
    assert_eq!(board.doubles[0].record, "0101010101010101");
    assert_eq!(masked_name("欧阳示例"), "欧***");
    assert_eq!(masked_name(""), "");
    // where the campaign does not hold it for an error, it is told and nothing more
    let mut lenient = campaign();
    lenient.rules = Default::default();
    assert!(sanlian::receipt::board(&lenient, &unit, None, came()).complete);
}

#[test]
fn a_unit_that_sent_nothing_is_said_in_one_sentence_and_counted() {
    let silent = UnitFile {
        campaign: "hebei-zuimei-2021".to_owned(),
        name: "示例学会".to_owned(),
        ..UnitFile::default()
    };
    let mut nothing = told(&silent);
    assert_eq!(nothing.missing, [NOTHING_CAME]);
    assert_eq!(nothing.arrival, Arrival::Nothing);
    nothing.expected = Some(true);
    let mut whole = told(&unit());
    let alone = Turnout::of(std::slice::from_ref(&whole), 0).words();
    assert!(
        alone.contains("没有单位名册，只统计已有材料的 1 个单位"),
        "{alone}"
    );
    whole.expected = Some(true);
    let mut boards = vec![nothing.clone(), nothing, whole.clone()];
    let words = Turnout::of(&boards, 0).words();
    assert_eq!(words, "应报 3 个单位，已到齐 1，部分 0，未报 2。");
    whole.expected = Some(false);
    boards.push(whole);
    let words = Turnout::of(&boards, 2).words();
    assert!(words.contains("另有 1 个单位不在名册上"), "{words}");
    assert!(words.contains("另有 2 页纸已收到而没有电子件"), "{words}");
}

#[test]
fn a_copy_of_an_earlier_version_came_and_is_out_of_date_in_every_sentence() {
    // the first copy came before the record was corrected; now its pages are fewer than they were
    let older = |page: u8| {
        let mut unit = unit();
        unit.records[0].latest = 2;
        unit.records[0].pages = Some(1);
        unit.receipts.retain(|r| r.record != PERSON);
        unit.receipts.push(sheet(PERSON, 1, page, 2));
        told(&unit)
    };
    for page in [1, 2] {
        let board = older(page);
        let faults = person(&board).faults();
        let wanted = format!("第1份第{page}页是旧版本");
        assert!(says(&faults, &wanted), "{page}: {faults:?}");
        assert!(says(&faults, "第2、3份未到"), "{page}: {faults:?}");
        assert!(!says(&faults, "第1—3份未到"), "{page}: {faults:?}");
        assert!(says(&board.missing, &wanted), "{:?}", board.missing);
        assert_eq!(person(&board).whole_copies(), 0);
        assert_eq!(board.arrival, Arrival::Partial);
    }
    // what is out of date stays so where it was only recognised
    let mut unit = unit();
    unit.records[0].latest = 2;
    unit.receipts.retain(|r| r.record != PERSON);
    unit.unverified.push(sheet(PERSON, 1, 1, 2));
    let board = told(&unit);
    assert_eq!(person(&board).matrix[0][0].state, CopyPageState::Older);
    assert!(
        !says(&board.missing, "录入页上的编码"),
        "{:?}",
        board.missing
    );
    // a page of the latest version leaves nothing to say of one that the print has no more
    unit.unverified.clear();
    unit.records[0].pages = Some(1);
    let mut fresh = sheet(PERSON, 1, 1, 1);
    fresh.version = 2;
    unit.receipts.extend([sheet(PERSON, 1, 2, 2), fresh]);
    let faults = person(&told(&unit)).faults();
    assert!(!says(&faults, "旧版本"), "{faults:?}");
}
