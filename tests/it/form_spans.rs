//! Spans of months that a form asks in two columns (起、止), and lines that a form numbers in one box.

use sanlian::fill::{Filling, Prepared, assemble, bind, read};
use sanlian::finding::has_errors;
use sanlian::record::{Entry, Submission, Value};

use crate::fill::campaign;
use crate::fill_joined::form;
use crate::form_sheets::{book, row, text as cell};

/// 王示例 with these rows of a career: span, place and post.
fn person(rows: &[(&str, &str, &str)]) -> Submission {
    let mut entry = Entry::default();
    entry.set("name", "王示例");
    let row = |(span, org, post): &(&str, &str, &str)| {
        let texts = [("span", span), ("org", org), ("post", post)];
        let texts = texts.map(|(k, v)| (k.to_owned(), (*v).to_owned()));
        texts.into_iter().filter(|t| !t.1.is_empty()).collect()
    };
    let rows = rows.iter().map(row).collect();
    entry.values.insert("resume".to_owned(), Value::Rows(rows));
    Submission {
        candidates: vec![entry],
        ..Submission::default()
    }
}

const CAREER: &[(&str, &str, &str)] = &[
    ("2003.09—2007.07", "示例大学", "学生"),
    ("2007.08—2015.12", "示例院", "工程师"),
    ("2016.01—至今", "示例所", "研究员"),
];

/// The form filled, its words, and whether it reads back as it was.
fn round(name: &str, bytes: &[u8], who: &Submission) -> Vec<u8> {
    let campaign = campaign();
    let binding = bind(&campaign, name, bytes).unwrap();
    let sure: Vec<_> = binding.sure().map(|b| b.place.clone()).collect();
    let prepared = Prepared::new(&campaign, bytes, sure.clone()).unwrap();
    let faults = prepared.faults(&campaign, name);
    assert!(!has_errors(&faults), "{faults:?}");
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let made = prepared.fill(&campaign, who, &filling).unwrap();
    let back = assemble(&campaign, &[read(&campaign, name, &made, &sure).unwrap()]);
    assert!(back.findings.is_empty(), "{:?}", back.findings);
    let (was, is) = (&who.candidates[0], &back.submission.candidates[0]);
    assert_eq!(was.rows("resume"), is.rows("resume"), "{name}");
    made
}

/// Keys of a form's list, and whether all of them are sure.
fn keys(name: &str, bytes: &[u8]) -> (Vec<String>, bool) {
    let binding = bind(&campaign(), name, bytes).unwrap();
    let places = binding.places.iter();
    let listed = places.filter(|b| b.place.key.starts_with("resume."));
    let listed: Vec<_> = listed.collect();
    let sure = listed.iter().all(|b| b.confidence >= 0.85);
    (listed.iter().map(|b| b.place.key.clone()).collect(), sure)
}

fn words(made: &[u8], part: &str) -> String {
    let package = sanlian::ooxml::OpcPackage::read(made).unwrap();
    let xml = package.text(part).unwrap();
    let mut out = String::new();
    for piece in xml.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        if tag == "/w:tc" || tag == "/c" {
            out.push('|');
        }
        out.push_str(text.trim_end());
    }
    out
}

#[test]
fn a_span_is_written_into_the_columns_of_its_beginning_and_its_end() {
    let pairs = [
        ["从", "至"],
        ["起", "止"],
        ["起始时间", "结束时间"],
        ["开始年月", "终止年月"],
        ["自（年月）", "到（年月）"],
        ["入学时间", "毕业时间"],
        ["起始日期", "截止日期"],
    ];
    for [from, to] in pairs {
        let bytes = form(&[
            &["姓名", "", "", ""],
            &["工作简历", "", "", ""],
            &[from, to, "工作单位", "职务"],
            &["", "", "", ""],
            &["", "", "", ""],
        ]);
        let (keys, sure) = keys("表.docx", &bytes);
        let wanted = ["span:from", "span:to", "org", "post"];
        assert_eq!(keys, wanted.map(|k| format!("resume.{k}")), "{from}/{to}");
        assert!(sure, "{from}/{to}");
        let made = round("表.docx", &bytes, &person(CAREER));
        let words = words(&made, "word/document.xml");
        for row in [
            "2003.09|2007.07|示例大学|",
            "2007.08|2015.12|示例院|",
            "2016.01|至今|示例所|",
        ] {
            assert_eq!(words.matches(row).count(), 1, "{row}: {words}");
        }
    }
}

#[test]
fn in_a_sheet_too_and_days_that_a_person_types_are_months() {
    let heads = ["A2", "B2", "C2", "D2"];
    let heads = heads.iter().zip(["起", "止", "工作单位", "职务"]);
    let heads: Vec<String> = heads.map(|(at, text)| cell(at, text)).collect();
    let blank = |row: u32| ["A", "B", "C", "D"].map(|c| format!("<c r=\"{c}{row}\" s=\"0\"/>"));
    let name = [cell("A1", "姓名"), "<c r=\"B1\"/>".to_owned()];
    let rows = [
        row(1, &name),
        row(2, &heads),
        row(3, &blank(3)),
        row(4, &blank(4)),
    ];
    let bytes = book(&rows.concat(), "", "", "");
    let (keys, sure) = keys("表.xlsx", &bytes);
    let wanted = ["span:from", "span:to", "org", "post"];
    assert_eq!(keys, wanted.map(|k| format!("resume.{k}")));
    assert!(sure);
    let made = round("表.xlsx", &bytes, &person(CAREER));
    let words = words(&made, "xl/worksheets/sheet1.xml");
    assert!(words.contains("2016.01|至今|示例所|"), "{words}");
    // a number that may have lost the zero of October is told, not guessed in silence
    let campaign = campaign();
    let binding = bind(&campaign, "表.xlsx", &bytes).unwrap();
    let typed = |from: &str, to: &str| {
        let number = |at: &str, text: &str| format!("<c r=\"{at}\"><v>{text}</v></c>");
        let own = [number("A3", from), number("B3", to), cell("C3", "示例院")];
        let rows = [
            row(1, &name),
            row(2, &heads),
            row(3, &own),
            row(4, &blank(4)),
        ];
        let bytes = book(&rows.concat(), "", "", "");
        read(&campaign, "表.xlsx", &bytes, &binding.places()).unwrap()
    };
    let sound = typed("2003.09", "2007.12");
    let span = sound.sightings.iter().find(|s| s.key == "resume[0].span");
    assert_eq!(span.unwrap().text, "2003.09—2007.12");
    assert!(sound.findings.is_empty(), "{:?}", sound.findings);
    let doubtful = typed("2003.1", "2007.12");
    assert_eq!(doubtful.findings[0].code, "F3");
}

#[test]
fn one_half_of_a_span_is_no_span() {
    let bytes = form(&[
        &["工作简历", "", ""],
        &["起始时间", "工作单位", "职务"],
        &["", "", ""],
        &["", "", ""],
    ]);
    let (keys, _) = keys("表.docx", &bytes);
    assert_eq!(keys, ["resume.org", "resume.post"]);
    let binding = bind(&campaign(), "表.docx", &bytes).unwrap();
    assert_eq!(binding.unbound[0].label, "起始时间");
    // what is no span stays whole
    let bytes = form(&[
        &["姓名", "", "", ""],
        &["工作简历", "", "", ""],
        &["起", "止", "工作单位", "职务"],
        &["", "", "", ""],
    ]);
    let odd = [("大学毕业后", "示例院", "学生"), ("", "示例所", "研究员")];
    round("表.docx", &bytes, &person(&odd));
}

/// A career of so many entries.
fn career(count: usize) -> Submission {
    let rows: Vec<(String, String)> = (1..=count)
        .map(|n| (format!("20{n:02}.01—20{n:02}.12"), format!("示例{n}院")))
        .collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|(span, org)| (span.as_str(), org.as_str(), "职员"))
        .collect();
    person(&rows)
}

#[test]
fn numbered_lines_take_an_entry_each_and_count_on() {
    for [one, two, three, four] in [
        ["（1）", "（2）", "（3）", "（4）"],
        ["1.", "2.", "3.", "4."],
        ["1、", "2、", "3、", "4、"],
        ["①", "②", "③", "④"],
        ["一、", "二、", "三、", "四、"],
        ["(1) ", "(2) ", "(3) ", "(4) "],
        ["１．", "２．", "３．", "4．"],
    ] {
        let paragraphs = [one, two, three].join("</w:t></w:r></w:p><w:p><w:r><w:t>");
        let breaks = [one, two, three].join("</w:t><w:br/><w:t>");
        for numbers in [paragraphs, breaks] {
            let bytes = form(&[&["姓名", ""], &["工作简历", &numbers]]);
            let binding = bind(&campaign(), "表.docx", &bytes).unwrap();
            let place = &binding.places[1];
            assert_eq!(place.place.key, "resume", "{one}");
            assert!(place.confidence > 0.8, "{one}");
            for count in [0, 2, 3, 5] {
                let made = round("表.docx", &bytes, &career(count));
                let words = words(&made, "word/document.xml");
                let entry = |number: &str, n: usize| {
                    let entry = format!("{}20{n:02}.01—20{n:02}.12", number.trim());
                    words.matches(&entry).count()
                };
                assert_eq!(entry(three, 3), usize::from(count > 2), "{count} {words}");
                assert_eq!(entry(four, 4), usize::from(count > 3), "{count} {words}");
                // what is left stands blank, and nothing is counted twice
                let last = format!("{}|", three.trim());
                assert_eq!(words.ends_with(&last), count < 3, "{count} {words}");
            }
        }
        let name = [cell("A1", "姓名"), "<c r=\"B1\"/>".to_owned()];
        let numbers = [one, two, three].join("\n");
        let list = [cell("A2", "工作简历"), cell("B2", &numbers)];
        let bytes = book(&[row(1, &name), row(2, &list)].concat(), "", "", "");
        for count in [2, 5] {
            let made = round("表.xlsx", &bytes, &career(count));
            let words = words(&made, "xl/worksheets/sheet1.xml");
            let first = format!("{}2001.01—2001.12", one.trim());
            assert!(words.contains(&first), "{words}");
            let fourth = format!("{}2004.01", four.trim());
            assert_eq!(words.contains(&fourth), count > 3, "{words}");
        }
    }
}

#[test]
fn numbered_lines_of_no_list_stay_blank_and_are_named() {
    let numbers = "1.</w:t></w:r></w:p><w:p><w:r><w:t>2.";
    let bytes = form(&[&["姓名", ""], &["主要事迹", numbers]]);
    let binding = bind(&campaign(), "表.docx", &bytes).unwrap();
    let keys: Vec<&str> = binding
        .places
        .iter()
        .map(|b| b.place.key.as_str())
        .collect();
    assert_eq!(keys, ["name"]);
    assert_eq!(binding.unbound[0].label, "主要事迹");
}
