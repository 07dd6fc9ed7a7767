//! Lists of forms and what stands among and below their rows: rows that show how, sums, hidden rows, whoever fills the form in. No entry goes
//! there, none is read there, and a second list below a longer first one is found again.

use sanlian::fill::{Binding, Filling, Prepared, assemble, bind, faults_of_form, is_of_form, read};
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Entry, Submission, Value};

use crate::fill::campaign;
use crate::fill_joined::form;
use crate::form_sheets::{blank, book, row, text};

/// Three people with a telephone each, and a career and honours of so many rows.
fn people(rows: usize) -> Submission {
    let month = |n: usize| format!("20{:02}.07", n + 1);
    let person = |n: usize| {
        let mut person = Entry::default();
        person.set("name", ["王示例", "李示例", "赵示例"][n]);
        person.set("sex", "男");
        person.set("mobile", format!("1400000000{n}"));
        let list = |keys: [&str; 3]| {
            let one = |r: usize| {
                let texts = [month(r), format!("示例单位{r}"), format!("示例{r}")];
                let keys = keys.iter().map(|k| (*k).to_owned());
                keys.zip(texts).collect()
            };
            Value::Rows((0..rows).map(one).collect())
        };
        let (resume, awards) = (list(["span", "org", "post"]), list(["month", "name", "by"]));
        person.values.insert("resume".to_owned(), resume);
        person.values.insert("awards".to_owned(), awards);
        person
    };
    let mut all = Submission {
        candidates: (0..3).map(person).collect(),
        ..Submission::default()
    };
    all.unit.set("name", "示例单位");
    all.unit.set("filler", "陈示例");
    all.unit.set("contact_mobile", "14000000009");
    all
}

/// A sheet of these rows, an empty text being a blank cell.
fn sheet(rows: &[&[&str]]) -> Vec<u8> {
    let mut all = String::new();
    for (n, texts) in rows.iter().enumerate() {
        let cells = texts.iter().enumerate().map(|(c, words)| {
            let name = format!("{}{}", ["A", "B", "C", "D", "E", "F"][c], n + 1);
            match *words {
                "" => blank(&name),
                words => text(&name, words),
            }
        });
        let cells: Vec<String> = cells.collect();
        all.push_str(&row(u32::try_from(n).unwrap() + 1, &cells));
    }
    book(&all, "", "", "")
}

fn keys(binding: &Binding) -> Vec<(String, usize)> {
    let places = binding.sure().map(|b| (b.place.key.clone(), b.place.row));
    places.collect()
}

fn filled(blank: &[u8], who: &Submission, candidate: Option<usize>) -> Vec<u8> {
    let campaign = campaign();
    let places = bind(&campaign, "表", blank).unwrap().places();
    let prepared = Prepared::new(&campaign, blank, places).unwrap();
    let filling = Filling {
        candidate,
        ..Filling::default()
    };
    prepared.fill(&campaign, who, &filling).unwrap()
}

/// What is read from a filled form by the binding of its blank.
fn back(blank: &[u8], filled: &[u8]) -> Submission {
    let campaign = campaign();
    let places = bind(&campaign, "表", blank).unwrap().places();
    assert!(is_of_form(filled, &places).unwrap());
    let form = read(&campaign, "表", filled, &places).unwrap();
    assemble(&campaign, &[form]).submission
}

fn names(all: &Submission) -> Vec<&str> {
    all.candidates.iter().map(|c| c.text("name")).collect()
}

/// The words of the first sheet or the document, in order.
fn words(bytes: &[u8], part: &str) -> String {
    let package = OpcPackage::read(bytes).unwrap();
    let text = package.text(part).unwrap();
    let pieces = text.split('<').filter_map(|t| t.split_once('>'));
    pieces.map(|(_, t)| t).collect::<Vec<_>>().join(" ")
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const HEADS: &[&str] = &["序号", "姓名", "性别", "手机", "备注"];

#[test]
fn a_row_that_shows_how_takes_nobody() {
    for example in [
        &["例", "张三", "男", "", ""][..],
        &["1", "张三", "女", "13900000000", "样例，请删除"],
        // it does not say so: a person right below the heads, blanks below
        &["", "张三", "男", "", ""],
        &["示例1", "", "", "13900000000", ""],
    ] {
        let blank = sheet(&[
            &["推荐人选名单"],
            HEADS,
            example,
            &["", "", "", "", ""],
            &["", "", "", "", ""],
        ]);
        let binding = bind(&campaign(), "表.xlsx", &blank).unwrap();
        let keys = keys(&binding);
        let listed = keys.iter().filter(|k| k.0.starts_with("candidates."));
        assert!(listed.clone().count() > 3, "{example:?}: {keys:?}");
        assert!(keys.iter().all(|k| k.1 == 3), "{example:?}: {keys:?}");
        let full = filled(&blank, &people(0), None);
        assert_eq!(
            names(&back(&blank, &full)),
            ["王示例", "李示例", "赵示例"],
            "{example:?}"
        );
        for word in example.iter().filter(|w| !w.is_empty()) {
            assert!(words(&full, SHEET).contains(word), "{example:?}");
        }
    }
}

#[test]
fn a_sum_stays_below_the_entries_and_is_no_candidate() {
    for sum in ["合计", "总 计", "小计："] {
        let rows = [
            HEADS,
            &["1", "", "", "", ""],
            &[sum, "", "", "共　人", ""],
            &["填表人：", "", "审核人：", "", ""],
            &["注：", "手机必填", "", "", ""],
        ];
        for (blank, part) in [(sheet(&rows), SHEET), (form(&rows), "word/document.xml")] {
            let full = filled(&blank, &people(0), None);
            assert_eq!(names(&back(&blank, &full)), ["王示例", "李示例", "赵示例"]);
            let words = words(&full, part);
            let at = |word: &str| words.find(word).unwrap();
            assert!(at("赵示例") < at(sum) && at(sum) < at("填表人"), "{words}");
        }
    }
    // a list with a sum right below its blanks: the sum keeps its blanks
    let rows: &[&[&str]] = &[
        &["姓名", "", "", ""],
        &["序号", "获奖时间", "奖项名称", "授奖单位"],
        &["1", "", "", ""],
        &["合计", "", "", ""],
    ];
    for (blank, part) in [(form(rows), "word/document.xml"), (sheet(rows), SHEET)] {
        let full = filled(&blank, &people(2), Some(0));
        let words = words(&full, part);
        let sum = words.split("合计").nth(1).unwrap();
        assert!(
            words.contains("2002.07") && !sum.contains("示例"),
            "{words}"
        );
    }
}

#[test]
fn a_hidden_row_keeps_nobody() {
    let cells = |n: u32| ["A", "B", "C", "D"].map(|c| blank(&format!("{c}{n}")));
    let heads = ["姓名", "性别", "手机", "工作单位"];
    let heads: Vec<String> = heads
        .iter()
        .zip(["A1", "B1", "C1", "D1"])
        .map(|(h, n)| text(n, h))
        .collect();
    let hidden = row(3, &cells(3)).replace("<row ", "<row hidden=\"1\" ");
    let rows = [row(1, &heads), row(2, &cells(2)), hidden, row(4, &cells(4))];
    let blank = book(&rows.concat(), "", "", "");
    let full = filled(&blank, &people(0), None);
    let package = OpcPackage::read(&full).unwrap();
    let xml = package.text(SHEET).unwrap();
    let (_, behind) = xml.split_once("hidden=\"1\"").unwrap();
    let own = behind.split("</row>").next().unwrap();
    assert!(!own.contains("示例"), "{own}");
    assert_eq!(names(&back(&blank, &full)), ["王示例", "李示例", "赵示例"]);
}

#[test]
fn whoever_fills_the_form_in_has_a_telephone_and_a_day_of_his_own() {
    for rows in [
        &[
            &["姓名", "", "性别", ""][..],
            &["填表人", "", "联系电话", ""],
        ][..],
        &[
            &["姓名", "", "性别", ""],
            &["填报人姓名", "", "填报日期", ""],
        ],
        &[&["姓名", "", "性别", ""], &["审核人：", "", "手机：", ""]],
        &[&["姓名", "", "性别", ""], &["制表人", ""], &["电话", ""]],
    ] {
        for blank in [form(rows), sheet(rows)] {
            let binding = bind(&campaign(), "表", &blank).unwrap();
            let places = binding.places.iter().map(|b| b.place.key.as_str());
            let keys: Vec<&str> = places.collect();
            let none = [
                "unit.contact_mobile",
                "unit.phone",
                "mobile",
                "unit.report_date",
            ];
            assert!(none.iter().all(|n| !keys.contains(n)), "{rows:?}: {keys:?}");
            assert!(!binding.others.is_empty(), "{rows:?}");
        }
    }
    // the unit's own contact behind it is the unit's
    let rows: &[&[&str]] = &[
        &["单位名称", "", "", ""],
        &["填表人", "", "", ""],
        &["联系人", "", "联系电话", ""],
    ];
    let binding = bind(&campaign(), "表", &form(rows)).unwrap();
    let keys: Vec<&str> = binding
        .places
        .iter()
        .map(|b| b.place.key.as_str())
        .collect();
    assert!(keys.contains(&"unit.contact_mobile"), "{keys:?}");
}

#[test]
fn a_word_that_nobody_knows_heads_the_row_of_another_person() {
    let rows: &[&[&str]] = &[
        &["本人", "姓名", "", "手机", ""],
        &["同行专家", "姓名", "", "职称", ""],
        &["前任", "姓名", "", "手机", ""],
        &["房东", "姓名", "", "工作单位", ""],
    ];
    let binding = bind(&campaign(), "表", &form(rows)).unwrap();
    let rows: Vec<usize> = binding.places.iter().map(|b| b.place.row).collect();
    assert_eq!(rows, [0, 0], "{:?}", binding.places);
    assert_eq!(binding.others.len(), 6, "{:?}", binding.others);
    let rows: &[&[&str]] = &[
        &["甲方（聘用单位）", "", "乙方（受聘人）", ""],
        &["法定代表人", "", "姓名", ""],
        &["联系电话", "", "身份证号", ""],
        &["地址", "", "地址", ""],
    ];
    let binding = bind(&campaign(), "表", &form(rows)).unwrap();
    assert!(binding.places.is_empty(), "{:?}", binding.places);
}

#[test]
fn a_second_list_is_found_below_a_first_one_that_grew() {
    let rows: &[&[&str]] = &[
        &["姓名", "", ""],
        &["起止年月", "工作单位", "职务"],
        &["", "", ""],
        &["", "", ""],
        &["获奖时间", "奖项名称", "授奖单位"],
        &["", "", ""],
        &["手机", "", ""],
    ];
    let blank = sheet(rows);
    for count in [1, 2, 5, 9] {
        let who = people(count);
        let again = back(&blank, &filled(&blank, &who, Some(0)));
        let (one, two) = (&again.candidates[0], &who.candidates[0]);
        assert_eq!(one.rows("resume"), two.rows("resume"), "{count}");
        assert_eq!(one.rows("awards"), two.rows("awards"), "{count}");
        assert_eq!(one.text("mobile"), two.text("mobile"), "{count}");
    }
}

#[test]
fn the_binding_of_another_form_is_known_as_such() {
    let one = form(&[&["姓名", "", "性别", ""], &["手机", "", "民族", ""]]);
    let two = form(&[&["单位名称", "", "联系人", ""], &["姓名", "", "地址", ""]]);
    let places = |form: &[u8]| bind(&campaign(), "表", form).unwrap().places();
    assert!(!is_of_form(&two, &places(&one)).unwrap());
    assert!(!is_of_form(&sheet(&[&["姓名", ""]]), &places(&one)).unwrap());
    assert!(is_of_form(&filled(&one, &people(0), Some(0)), &places(&one)).unwrap());
}

#[test]
fn a_placeholder_by_the_name_of_a_sheet_is_told() {
    for (word, known) in [
        ("{{ candidate.name }}", false),
        ("{{candidate.sex}}", false),
        ("{{ name }}", true),
        ("{{unit.name}}", true),
    ] {
        let faults = faults_of_form(&campaign(), "表", &form(&[&["姓名", word]])).unwrap();
        assert_eq!(faults.is_empty(), known, "{word}: {faults:?}");
        assert!(faults.iter().all(|f| f.code == "O8"), "{faults:?}");
    }
}

#[test]
fn more_entries_than_a_form_allows_are_told() {
    for (words, most) in [
        ("获奖情况（限3项）", 3),
        ("获奖情况（最多填 三 项）", 3),
        ("获奖情况（不超过５项）", 5),
        ("获奖情况（限300字）", 99),
    ] {
        let rows: &[&[&str]] = &[
            &["姓名", "", ""],
            &[words, "", ""],
            &["获奖时间", "奖项名称", "授奖单位"],
            &["", "", ""],
        ];
        for blank in [form(rows), sheet(rows)] {
            let campaign = campaign();
            let places = bind(&campaign, "表", &blank).unwrap().places();
            let prepared = Prepared::new(&campaign, &blank, places).unwrap();
            let filling = Filling {
                candidate: Some(0),
                ..Filling::default()
            };
            for count in [3, 4, 6] {
                let faults = prepared.faults_of(&campaign, &people(count), &filling, "表");
                let told = faults.iter().any(|f| f.message.contains("最多"));
                assert_eq!(told, count > most, "{words} {count}: {faults:?}");
            }
        }
    }
}
