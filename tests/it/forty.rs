//! One workbook of three candidates with forty faults of as many kinds: each is told once, at its cell, in words that people use.

use std::collections::BTreeMap;

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::finding::cell_name;
use sanlian::intake::blank::filled_workbook;
use sanlian::record::{Submission, Value};

use crate::folder::Folder;
use crate::run;

/// Whose answer is changed.
#[derive(Clone, Copy)]
enum At {
    Unit,
    /// A candidate, from 0.
    Person(usize),
    /// A row, from 0, of a list of the first candidate.
    List(&'static str, usize),
    /// A row, from 0, of the unit's list.
    Status(usize),
}
use At::{List, Person, Status, Unit};

/// Where, which field, what is typed there, and the code that tells it.
type Fault = (At, &'static str, &'static str, &'static str);

/// The answers that are changed without being faults by themselves: they make one that follows.
const BESIDE: &[Fault] = &[
    (Person(1), "civil_servant", "是", ""),
    (Person(1), "in_office", "是", ""),
    (Unit, "extra_count", "2", ""),
];

#[rustfmt::skip] // one fault a line
const FAULTS: &[Fault] = &[
    (Unit, "contact", "", "M14"),
    (Unit, "contact_mobile", "12", "F8"),
    (Unit, "email", "office#x", "F9"),
    (Unit, "address", LONG, "F1"),
    (Unit, "postcode", "05000", "F10"),
    (Unit, "extra_doc_no", "", "Q5"),
    (Unit, "publicity_to", "2021-05-10", "D2"),
    (Unit, "publicity_result", "有1人提出异议", "D2"),
    (Unit, "report_date", "2021年13月", "F3"),
    (Unit, "op_science_dept", "不同意", "C5"),
    (Unit, "sealed", "否", "M12"),
    (Unit, "secret", "是", "S1"),
    (Unit, "selected_count", "若干", "F11"),
    (Person(0), "sex", "男性吧", "F2"),
    (Person(0), "ethnic", "汉汉族", "F2"),
    (Person(0), "politics", "", "M14"),
    (Person(0), "degree", "", "M14"),
    (Person(0), "mobile", "1400000", "F8"),
    (Person(0), "email", "a@b@c", "F9"),
    (Person(0), "summary", DEEDS, "F1"),
    (Person(0), "service_status", "现役军人", "L1"),
    (Person(1), "birth", "1991.03", "F6"),
    (Person(1), "native_place", LONG, "F1"),
    (Person(1), "education", "博士后", "F2"),
    (Person(1), "postcode", "0500000", "F10"),
    (Person(1), "rank", "厅局级副职", "L2"),
    (Person(1), "consent", "否", "S2"),
    (Person(2), "category", "面向未来", "F2"),
    (Person(2), "post", LONG, "F1"),
    (Person(2), "uscc", "911300000000000000", "F7"),
    (Person(2), "phone", "电话见名片", "F8"),
    (Person(2), "id_no", "139900197909011230", "F4"),
    (Person(2), "secret", "可能", "F13"),
    (List("resume", 0), "span", "2007.09—2003.07", "F12"),
    (List("resume", 1), "org", "", "M14"),
    (List("awards", 0), "level", "省部级", "L3"),
    (List("awards", 1), "month", "2035.05", "F3"),
    (List("awards", 2), "name", "全国最美教师", "L4"),
    (Status(0), "sessions", "三十来次", "F11"),
    (Status(1), "activity", "", "M14"),
];

const LONG: &str = "示例省示例市示例县示例乡示例村示例组示例省示例市示例县示例乡示例村示例组示例省示例市示例县示例乡\
    示例村示例组示例省示例市示例县示例乡示例村示例组示例省示例市示例县示例乡";
const DEEDS: &str = "长期从事地下水监测研究，建成自动监测站，为示例地区的治理提供支撑，得到同行认可，也受到群众欢迎。长期从事\
    地下水监测研究，建成自动监测站，为示例地区的治理提供支撑，得到同行认可，也受到群众欢迎。长期从事地下水监测研究，建成自动监测站，\
    为示例地区的治理提供支撑，得到同行认可，也受到群众欢迎。长期从事地下水监测研究，建成自动监测站，为示例地区的治理提供支撑，得到同\
    行认可，也受到群众欢迎。长期从事地下水监测研究，建成自动监测站，为示例地区的治理提供支撑，得到同行认可，也受到群众欢迎。长期从事\
    地下水监测研究，建成自动监测站，为示例地区的治理提供支撑，得到同行认可，也受到群众欢迎。长期从事地下水监测研究，建成自动监测站，\
    为示例地区的治理提供支撑，得到同行认可，也受到群众欢迎。长期从事地下水监测研究，建成自动监测站，为示例地区的治理提供支撑。";

/// Words of Latin letters that people at a desk know: names of files and folders, kinds of files, the commands of this program, and
/// an address that shows how one is written.
const KNOWN: &[&str] = &[
    "jpg",
    "jpeg",
    "docx",
    "xlsx",
    "txt",
    "csv",
    "mov",
    "json",
    "photos",
    "videos",
    "sanlian",
    "toml",
    "name",
    "example",
    "org",
    "check",
    "make",
    "records",
    "submission",
    "pdf",
    "office",
];

fn hebei() -> Campaign {
    let all = builtin();
    let source = all.iter().find(|s| s.id == "hebei-zuimei-2021").unwrap();
    load(source).0.unwrap()
}

fn row(rows: Option<&mut Value>, n: usize) -> &mut BTreeMap<String, String> {
    match rows {
        Some(Value::Rows(rows)) => &mut rows[n],
        _ => panic!("no rows"),
    }
}

fn change(submission: &mut Submission, (at, key, value, _): &Fault) {
    let key = (*key).to_owned();
    match *at {
        Unit => submission.unit.set(&key, *value),
        Person(n) => submission.candidates[n].set(&key, *value),
        List(sheet, n) => {
            let rows = submission.candidates[0].values.get_mut(sheet);
            row(rows, n).insert(key, (*value).to_owned());
        }
        Status(n) => {
            let rows = submission.unit.values.get_mut("status");
            row(rows, n).insert(key, (*value).to_owned());
        }
    }
}

/// The sheet and the cell of an answer in the workbook.
fn cell(campaign: &Campaign, (at, key, ..): &Fault) -> (String, String) {
    let (sheet, from, row) = match *at {
        Unit => ("unit", 0, 0),
        Person(n) => ("candidate", 1, 2 + n),
        List(sheet, n) => (sheet, 2, 2 + n),
        Status(n) => ("status", 1, 2 + n),
    };
    let sheet = campaign.sheet(sheet).unwrap();
    let field = sheet.fields.iter().position(|f| f.key == *key).unwrap();
    let number = |n: usize| u32::try_from(n).unwrap();
    let cell = match at {
        Unit => cell_name(number(1 + field), 1),
        _ => cell_name(number(row), number(from + field)),
    };
    (sheet.label.clone(), cell)
}

/// What `check` says of a folder, with `more` arguments: its data and its talk.
fn said(dir: &str, more: &[&str]) -> String {
    let output = run::sanlian(&[&["check", dir, "--now", run::NOW][..], more].concat());
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !more.contains(&"--json") {
        said.push_str(&String::from_utf8_lossy(&output.stderr));
    }
    said
}

type Told = (String, String, Option<String>, Option<String>);

/// Code, message, sheet and cell of all findings.
fn findings(dir: &str) -> Vec<Told> {
    let report: serde_json::Value = serde_json::from_str(&said(dir, &["--json"])).unwrap();
    let text = |v: &serde_json::Value| v.as_str().map(str::to_owned);
    let of = |f: &serde_json::Value| {
        let place = &f["place"];
        (
            text(&f["code"]).unwrap(),
            text(&f["message"]).unwrap() + &text(&f["hint"]).unwrap(),
            text(&place["sheet"]),
            text(&place["cell"]),
        )
    };
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(of)
        .collect()
}

/// Words of three and more letters a to z or _ that nobody at a desk needs to know.
fn keys_in(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_lowercase() && c != '_');
    let words = words.filter(|w| w.len() >= 3 && !KNOWN.contains(w));
    words.map(str::to_owned).collect()
}

#[test]
fn forty_faults_are_told_once_each_at_their_cells() {
    assert_eq!(FAULTS.len(), 40);
    let campaign = hebei();
    let folder = Folder::new();
    let dir = folder.path().join("报送");
    run::copy_tree(&run::demo().join("out/submission"), &dir);
    std::fs::remove_file(dir.join("records.json")).unwrap();
    let path = dir.to_str().unwrap();
    let before = findings(path);
    let mut submission = sanlian::demo::submission(&campaign, 1).submission;
    for fault in BESIDE.iter().chain(FAULTS) {
        change(&mut submission, fault);
    }
    let book = filled_workbook(&campaign, &submission).unwrap();
    std::fs::write(dir.join("填报工作簿.xlsx"), book).unwrap();
    let mut found = findings(path);
    // who they are by kind is counted anew, and that is no fault
    found.retain(|f| !before.contains(f) && f.0 != "L5");
    let mut wrong = Vec::new();
    for fault in FAULTS {
        let (sheet, cell) = cell(&campaign, fault);
        let told = |f: &&Told| {
            f.0 == fault.3 && f.2.as_ref() == Some(&sheet) && f.3.as_ref() == Some(&cell)
        };
        let count = found.iter().filter(told).count();
        if count != 1 {
            wrong.push(format!("{} in {sheet} {cell}: told {count} times", fault.3));
        }
    }
    assert!(wrong.is_empty(), "{}\n{found:#?}", wrong.join("\n"));
    assert_eq!(found.len(), FAULTS.len(), "{found:#?}");
    // nothing that people read holds a key, a placeholder, or a code without its sentence
    let human = said(path, &[]);
    for text in found
        .iter()
        .chain(&before)
        .map(|f| f.1.as_str())
        .chain(human.lines())
    {
        let text = text.replace(path, "").replace("out/submission", "");
        assert!(keys_in(&text).is_empty(), "{:?} in {text}", keys_in(&text));
        assert!(!text.contains(['{', '}']), "{text}");
    }
    assert!(human.contains("“出生年月”填为“1991.03”"), "{human}");
}

#[test]
fn other_campaigns_say_no_keys_either() {
    for source in builtin() {
        let campaign = load(&source).0.unwrap();
        let mut submission = sanlian::demo::submission(&campaign, 1).submission;
        let judged = |submission: &Submission| {
            sanlian::check::check(&campaign, submission, Some(campaign.deadline.day))
        };
        // each field blank, then each with an answer of no kind
        for value in ["", "？？", "１２３abc"] {
            for sheet in campaign.sheets.clone() {
                for field in &sheet.fields {
                    if field.key == "name" {
                        continue;
                    }
                    if sheet.rows {
                        let of = submission.candidates.iter_mut();
                        for entry in of.chain([&mut submission.unit]) {
                            if let Some(Value::Rows(rows)) = entry.values.get_mut(&sheet.key) {
                                rows.iter_mut().for_each(|row| {
                                    row.insert(field.key.clone(), value.to_owned());
                                });
                            }
                        }
                    } else if sheet.key == "unit" {
                        submission.unit.set(&field.key, value);
                    } else {
                        for entry in &mut submission.candidates {
                            entry.set(&field.key, value);
                        }
                    }
                }
            }
            let found = judged(&submission);
            assert!(found.len() > 20, "{}: {}", campaign.id, found.len());
            for finding in found {
                let text = format!("{}　{}", finding.message, finding.hint).replace("abc", "");
                assert!(keys_in(&text).is_empty(), "{}: {text}", campaign.id);
                assert!(!text.contains(['{', '}']), "{}: {text}", campaign.id);
            }
        }
    }
}
