//! The same history on both engines: whatever is done to a ledger in a file and to one on PostgreSQL, both answer the same, their audit
//! logs hold the same rows, and neither lets anybody change what stays.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use sanlian::clerk::{Desk, Office, OpenLedger, Phones, TrayClose, Typed, Typist, Whose};

use crate::bound::Place;
use crate::chance::{Chance, rounds};
use crate::forged::{CAMPAIGN, Unit, key_of};
use crate::postgres;

const BEGIN: &str = "2021-05-29T02:00:00Z";
const NAMES: [&str; 3] = ["示例市科学技术协会", "虚拟市科学技术协会", "假想学会"];
const REASONS: [&str; 3] = ["印章盖错", "第2份折坏", "改了 139900198502140031 一栏"];
const LOOKED_FOR: [&str; 6] = [
    "示例h1",
    "示例",
    "13990019850211000",
    "14000000007",
    "研究院",
    "没有的人",
];

/// An act with the numbers that it is done by.
type Act = (usize, [usize; 4]);

fn units() -> Vec<Unit> {
    let keys = (7..).take(NAMES.len());
    NAMES
        .iter()
        .zip(keys)
        .map(|(name, key)| Unit::new(name, key))
        .collect()
}

/// The answer to an act, whatever it is, with what went wrong.
fn told<T: std::fmt::Debug, E: std::fmt::Display>(done: Result<T, E>) -> String {
    match done {
        Ok(done) => format!("{done:?}"),
        Err(error) => format!("refused: {error}"),
    }
}

/// What a person or a scanner types: digits of a page, the code under its mark, or something else.
fn typed(unit: &Unit, n: [usize; 4]) -> Typed {
    let pages = unit.pages(n[0] % 3, &key_of(unit.key));
    let page = &pages[n[1] % pages.len()];
    let text = match n[2] % 8 {
        0 => "139900198502140031".to_owned(),
        1 => format!("1{}", &page.digits()[1..]),
        2 | 3 => page.human().to_string(),
        _ => page.digits(),
    };
    let mut typist = Typist::default();
    let mut read = typist.take(&text);
    read.extend(typist.finish());
    read.remove(0)
}

/// Does an act, and gives the answer in words.
fn done<'a>(
    desk: &mut Option<Desk<'a>>,
    folder: &Path,
    units: &mut [Unit],
    (act, n): Act,
    at: Timestamp,
) -> String {
    let mut now = desk.take().unwrap();
    let unit = n[3] % units.len();
    let record = |k: usize| {
        let text = units[unit].book["records"][k % 3]["reference"].as_str();
        text.unwrap().to_owned()
    };
    let words = match act {
        0 | 1 => {
            let path = folder.join("包.zip");
            std::fs::write(&path, units[unit].pack(&key_of(units[unit].key)).unwrap()).unwrap();
            told(
                now.receive_package(&path, None, at)
                    .map(|done| format!("{:?}", done.findings)),
            )
        }
        2..=8 => {
            let typed = typed(&units[unit], n);
            told(now.receive_typed(&typed, &format!("台:{}", n[1] % 40), None, at))
        }
        9 => told(now.take_back(&typed(&units[unit], n), &format!("台:{}", n[1] % 40), at)),
        10 => {
            let copy = [None, Some(1), Some(2), Some(9)][n[1] % 4];
            told(now.void(&record(n[0]), copy, REASONS[n[2] % 3], at))
        }
        11 => told(now.find(LOOKED_FOR[n[0] % LOOKED_FOR.len()], at)),
        12 => told(now.status(Some(NAMES[n[0] % 3]).filter(|_| n[1] % 2 == 0), None, at)),
        13 => told(now.missing(None, [Phones::Masked, Phones::Shown][n[0] % 2], at)),
        14 => {
            let rows = now.tray(at).unwrap();
            let no = rows.get(n[0] % rows.len().max(1)).map_or(99, |row| row.no);
            let close = TrayClose {
                no,
                outcome: ["空白页", "已问过本人", ""][n[1] % 3],
                code: "",
                by: "收件员",
                campaign: None,
                at,
            };
            format!("{rows:?} {}", told(now.close_tray(&close)))
        }
        15 => told(now.tick_seal(&record(n[0]), n[1] % 2 == 0, at)),
        16 => {
            let path = folder.join("list.txt");
            let list = format!(
                "{}，市科协，联系人{}，1400000000{}\n",
                NAMES[n[0] % 3],
                n[1] % 9,
                n[2] % 9
            );
            std::fs::write(&path, list).unwrap();
            told(now.import_roster_file(CAMPAIGN, &path, "管理员", at))
        }
        17 | 18 => {
            let mut office = Office::from(now);
            let whose = match n[0] % 4 {
                0 => Whose::Unit(CAMPAIGN.to_owned(), NAMES[n[1] % 3].to_owned()),
                _ => Whose::Record(record(n[1])),
            };
            let words = match act {
                17 => told(office.to_erase(&whose, "本人要求")),
                _ => told(office.erase(&whose, "本人要求", "管理员", at)),
            };
            let held = told(office.holdings());
            now = Desk::from(OpenLedger::from(office));
            format!("{words} {held}")
        }
        19 => {
            // a correction: the next package and the next print say something else
            let version = &mut units[unit].book["records"][n[0] % 3]["versions"][0];
            version["contents"]["values"]["org"] = format!("新研究院{}", n[1] % 5).into();
            units[unit].settle();
            String::new()
        }
        _ => match now.roster().unwrap().first() {
            Some(row) => told(now.board_of(row, at)),
            None => String::new(),
        },
    };
    *desk = Some(now);
    words
}

/// The rows of the audit log, with their digests.
fn log(desk: Desk<'_>) -> Vec<String> {
    let mut office = Office::from(desk);
    let mut rows = Vec::new();
    let state = office
        .walk_log(&mut |row| rows.push(format!("{row:?}")))
        .unwrap();
    assert!(format!("{state:?}").starts_with("Whole"), "{state:?}");
    rows
}

fn twins(trusted: &[Unit]) -> (Place, Place) {
    let all: Vec<&Unit> = trusted.iter().collect();
    let (file, other) = (Place::new(&all), Place::new(&all));
    drop(file.desk());
    // the same keys: what is sealed and what is vouched for is the same
    std::fs::copy(file.path("keys/vault.key"), other.path("keys/vault.key")).unwrap();
    postgres::server().unwrap().point(&other.path("data"));
    assert!(file.path("data/ledger.db").is_file());
    (file, other)
}

#[test]
fn the_same_history_gives_the_same_answers_on_both_engines() {
    if postgres::server().is_none() {
        return;
    }
    let begin: Timestamp = BEGIN.parse().unwrap();
    let mut answered = 0;
    for round in 0..rounds(2, 12) {
        let (mut of_file, mut of_other) = (units(), units());
        let (file, other) = twins(&of_file);
        let (mut in_file, mut elsewhere) = (Some(file.desk()), Some(other.desk()));
        let mut chance = Chance::round(2607, round);
        for step in 0..150 {
            // material comes first, or most is about nothing
            let act = match step {
                0..3 => 0,
                _ => chance.index(20),
            };
            let mut n = [0; 4].map(|_: usize| chance.index(1000));
            if step < 3 {
                n[3] = step as usize;
            }
            // an erasure ends much: seldom, and late
            if act == 18 && step < 120 {
                continue;
            }
            let at = begin + SignedDuration::from_mins(step * 31);
            let one = done(&mut in_file, file.folder.path(), &mut of_file, (act, n), at);
            let two = done(
                &mut elsewhere,
                other.folder.path(),
                &mut of_other,
                (act, n),
                at,
            );
            let own = |text: String, place: &Place| {
                text.replace(place.folder.path().to_str().unwrap(), "")
            };
            assert_eq!(
                own(one, &file),
                own(two, &other),
                "round {round}, step {step}: {act} {n:?}"
            );
            answered += 1;
        }
        let (one, two) = (log(in_file.unwrap()), log(elsewhere.unwrap()));
        assert_eq!(one, two, "round {round}");
        assert!(one.len() > 40, "{}", one.len());
        both_refuse(&file, &other);
    }
    assert!(answered > 200);
}

/// What stays is refused to be changed by each of them, with the same words.
fn both_refuse(file: &Place, other: &Place) {
    let mut refused = 0;
    for (table, column) in [
        ("version", "copies"),
        ("sheet", "copy"),
        ("void", "at"),
        ("receipt", "at"),
        ("retract", "at"),
        ("audit", "detail"),
    ] {
        for statement in [
            format!("DELETE FROM {table}"),
            format!("UPDATE {table} SET {column} = {column}"),
        ] {
            let [one, two] = [file, other]
                .map(|place| crate::desk::sql(&place.path("data/ledger.db"), &statement));
            assert_eq!(one.is_err(), two.is_err(), "{statement}: {one:?} {two:?}");
            if let (Err(one), Err(two)) = (one, two) {
                let words = one.rsplit(") ").next().unwrap().trim();
                assert!(two.contains(words), "{one}\n{two}");
                refused += 1;
            }
        }
    }
    // a table that holds nothing refuses nothing
    assert!(refused >= 8, "{refused}");
}

/// The list of tests that are not run again on PostgreSQL names tests that there are, each with why.
#[test]
fn the_tests_that_look_at_the_file_alone_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let list = std::fs::read_to_string(root.join("lists/file_ledger_only.txt")).unwrap();
    let mut named = 0;
    for line in list
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        let (name, why) = line.split_once(' ').expect("a test and why");
        let (module, test) = name.split_once("::").unwrap();
        let text = std::fs::read_to_string(root.join(format!("it/{module}.rs"))).unwrap();
        assert!(text.contains(&format!("fn {test}()")), "{name} is no test");
        assert!(text.contains("ledger.db"), "{name} looks at no file");
        assert!(why.len() > 20, "{name}: {why}");
        named += 1;
    }
    assert!(named > 0);
    // the words by which the others are chosen name files of tests
    let run = std::fs::read_to_string(root.join("run")).unwrap();
    let words = run.split("\nledger=(").nth(1).unwrap();
    let words = words.split(')').next().unwrap().split_whitespace();
    let words: Vec<&str> = words.collect();
    assert!(words.len() > 10, "{words:?}");
    for word in words {
        let file = format!("it/{}.rs", word.trim_end_matches("::"));
        assert!(root.join(&file).is_file(), "{word}");
    }
}
