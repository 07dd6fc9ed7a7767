//! One fault of a workbook or a folder is told once, at its cause: a title that was cleared, a cell far below the table, a workbook in a format
//! that cannot be read, a list without the unit's sheet.

use std::path::Path;

use sanlian::campaign::{Field, builtin, load};
use sanlian::ooxml::{OpcPackage, sheets, workbook_part};
use serde_json::Value;

use crate::gather::Units;
use crate::run::sanlian;

/// Changes the XML of a sheet; `change` gets the shared strings too.
pub(crate) fn changed(folder: &str, sheet: &str, change: impl Fn(&mut String, &[String])) {
    let path = format!("{folder}/填报工作簿.xlsx");
    let mut package = OpcPackage::read(&std::fs::read(&path).unwrap()).unwrap();
    let workbook = workbook_part(&package).unwrap();
    let strings = sanlian::ooxml::shared_strings(&package, &workbook).unwrap();
    let part = sheets(&package, &workbook).unwrap();
    let part = part.into_iter().find(|s| s.name == sheet).unwrap().part;
    let mut xml = package.text(&part).unwrap().to_owned();
    change(&mut xml, &strings);
    package.put(&part, xml);
    std::fs::write(&path, package.write().unwrap()).unwrap();
}

/// Takes the cell out that holds a title, with the sign of a required field or without.
pub(crate) fn without_title(xml: &mut String, strings: &[String], title: &str) -> String {
    let is = |s: &String| s.trim_end_matches('＊') == title;
    let cells = strings.iter().enumerate().filter(|(_, s)| is(s));
    let mut cells = cells.filter_map(|(index, _)| xml.find(&format!("<v>{index}</v>")));
    let at = cells.next().unwrap();
    let from = xml[..at].rfind("<c ").unwrap();
    let to = at + xml[at..].find("</c>").unwrap() + 4;
    let name = xml[from..to].split('"').nth(1).unwrap().to_owned();
    xml.replace_range(from..to, "");
    name
}

pub(crate) fn check(folder: &str) -> Vec<Value> {
    let now = "2021-05-21T01:02:03Z";
    let checked = sanlian(&["check", folder, "--json", "--now", now]);
    let found: Value = serde_json::from_slice(&checked.stdout).unwrap();
    found["findings"].as_array().unwrap().clone()
}

pub(crate) fn says(finding: &Value, words: &str) -> bool {
    finding["message"].as_str().unwrap().contains(words)
}

#[test]
fn a_cleared_title_is_told_once_at_its_column() {
    for title in ["学位", "民族", "政治面貌"] {
        let units = Units::new("told-title");
        let folder = units.write(1, &units.values(1, "甲示例"));
        let blank = |all: &[Value]| all.iter().filter(|f| f["code"] == "M14").count();
        let before = blank(&check(&folder));
        let cell = std::cell::RefCell::new(String::new());
        changed(&folder, "候选人", |xml, strings| {
            *cell.borrow_mut() = without_title(xml, strings, title);
        });
        let told = check(&folder);
        let causes = |f: &&Value| matches!(f["code"].as_str(), Some("M14" | "I2" | "I3" | "I4"));
        let about = told.iter().filter(|f| says(f, title)).filter(causes);
        let about: Vec<&Value> = about.collect();
        assert_eq!(about.len(), 1, "{title}: {told:#?}");
        assert_eq!(about[0]["code"], "I4", "{about:#?}");
        assert_eq!(about[0]["severity"], "error", "{about:#?}");
        assert_eq!(
            about[0]["place"]["cell"],
            cell.borrow().as_str(),
            "{about:#?}"
        );
        // nor is anything else blank because of it
        assert_eq!(blank(&told), before, "{title}: {told:#?}");
    }
}

#[test]
fn a_cell_far_below_the_table_is_named() {
    let units = Units::new("told-far");
    let folder = units.write(1, &units.values(1, "甲示例"));
    changed(&folder, "候选人", |xml, _| {
        let row =
            "<row r=\"1048576\"><c r=\"C1048576\" t=\"inlineStr\"><is><t>误填</t></is></c></row>";
        *xml = xml.replace("</sheetData>", &format!("{row}</sheetData>"));
    });
    let told = check(&folder);
    let about: Vec<&Value> = told.iter().filter(|f| f["code"] == "I7").collect();
    assert_eq!(about.len(), 1, "{told:#?}");
    assert_eq!(about[0]["place"]["cell"], "C1048576", "{about:#?}");
    assert!(says(about[0], "误填"), "{about:#?}");
    assert!(
        about[0]["hint"].as_str().unwrap().contains("请删去"),
        "{about:#?}"
    );
}

#[test]
fn rows_without_end_are_still_too_many() {
    let units = Units::new("told-rows");
    let folder = units.write(1, &units.values(1, "甲示例"));
    changed(&folder, "候选人", |xml, _| {
        let row = |n: usize| {
            format!("<row r=\"{n}\"><c r=\"C{n}\" t=\"inlineStr\"><is><t>行</t></is></c></row>")
        };
        let rows: String = (20_100..20_200).map(row).collect();
        *xml = xml.replace("</sheetData>", &format!("{rows}</sheetData>"));
    });
    let told = check(&folder);
    assert!(
        told.iter()
            .any(|f| f["code"] == "I7" && says(f, "超过20000行")),
        "{told:#?}"
    );
}

/// A folder that knows its campaign and holds these files.
fn folder(units: &Units, name: &str, files: &[(&str, &[u8])]) -> String {
    let path = units.path(name);
    std::fs::create_dir_all(&path).unwrap();
    let mark = "campaign = \"hebei-zuimei-2021\"\n";
    std::fs::write(Path::new(&path).join("sanlian.toml"), mark).unwrap();
    for (file, bytes) in files {
        std::fs::write(Path::new(&path).join(file), bytes).unwrap();
    }
    path
}

#[test]
fn a_workbook_by_name_and_a_report_by_name_are_told_as_what_they_are() {
    let units = Units::new("told-format");
    let old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice();
    let page = b"<html><body>x</body></html>".as_slice();
    let text = "报告\n正文".as_bytes();
    let alone = folder(
        &units,
        "alone",
        &[("填报工作簿.wps", old), ("报告.txt", text)],
    );
    let told = check(&alone);
    let about: Vec<&Value> = told.iter().filter(|f| says(f, "填报工作簿.wps")).collect();
    assert_eq!(about.len(), 1, "{told:#?}");
    assert_eq!(
        (&about[0]["code"], &about[0]["severity"]),
        (&"I1".into(), &"error".into())
    );
    assert!(
        about[0]["hint"].as_str().unwrap().contains(".xlsx"),
        "{about:#?}"
    );
    assert!(!says(about[0], "报告采用的是"), "{about:#?}");
    for name in ["报告.html", "报告.mht", "工作总结.htm"] {
        let with = units.write(1, &units.values(1, "甲示例"));
        std::fs::remove_file(format!("{with}/报告.txt")).unwrap();
        std::fs::write(format!("{with}/{name}"), page).unwrap();
        let told = check(&with);
        let about: Vec<&Value> = told.iter().filter(|f| says(f, name)).collect();
        assert_eq!(about.len(), 1, "{told:#?}");
        let hint = about[0]["hint"].as_str().unwrap();
        assert!(hint.contains("报告.docx"), "{name}: {hint}");
        std::fs::remove_file(format!("{with}/{name}")).unwrap();
    }
}

#[test]
fn a_list_of_people_alone_lacks_the_units_sheet_once() {
    let units = Units::new("told-alone");
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    let campaign = load(&source.unwrap()).0.unwrap();
    let fields = &campaign.candidate_sheet().unwrap().fields;
    let labels: Vec<&str> = fields.iter().map(|f| f.label.as_str()).collect();
    let person = units.values(1, "甲示例").candidates.remove(0);
    let quoted = |f: &Field| format!("\"{}\"", person.text(&f.key).replace('"', "\"\""));
    let values: Vec<String> = fields.iter().map(quoted).collect();
    let list = format!("{}\n{}\n", labels.join(","), values.join(","));
    let told = check(&folder(&units, "list", &[("候选人.csv", list.as_bytes())]));
    let of_unit = |f: &&Value| {
        let record = f["place"]["record"].as_str().unwrap_or_default();
        record.is_empty()
            && f["place"]["cell"].is_null()
            && matches!(f["code"].as_str(), Some("M14" | "C1" | "C2"))
    };
    let missing = |f: &&Value| says(f, "没有找到单位的") && f["severity"] == "error";
    assert_eq!(told.iter().filter(missing).count(), 1, "{told:#?}");
    assert_eq!(told.iter().filter(of_unit).count(), 0, "{told:#?}");
}

/// A list of these people in CSV; each says what differs from a sound person, and columns may be left out.
fn list_of(units: &Units, people: &[&[(&str, &str)]], without: &str) -> String {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    let campaign = load(&source.unwrap()).0.unwrap();
    let fields = &campaign.candidate_sheet().unwrap().fields;
    let fields: Vec<&Field> = fields.iter().filter(|f| f.key != without).collect();
    let labels: Vec<&str> = fields.iter().map(|f| f.label.as_str()).collect();
    let mut list = labels.join(",");
    for own in people {
        let mut person = units.values(1, "甲示例").candidates.remove(0);
        for (key, text) in *own {
            person.set(key, *text);
        }
        let quoted = |f: &&Field| format!("\"{}\"", person.text(&f.key).replace('"', "\"\""));
        let values: Vec<String> = fields.iter().map(quoted).collect();
        list.push_str(&format!("\n{}", values.join(",")));
    }
    list
}

#[test]
fn rows_that_lack_a_name_are_told_together() {
    let units = Units::new("told-nameless");
    let career = "姓名,起止年月,单位\n甲示例,1990.09—1994.07,一\n,1994.08—1998.07,二\n,1998.08—2003.07,三\n,2003.08—至今,四\n";
    let list = list_of(&units, &[&[("name", "甲示例")]], "");
    let files = [
        ("候选人.csv", list.as_bytes()),
        ("简历.csv", career.as_bytes()),
    ];
    let told = check(&folder(&units, "list", &files));
    let about: Vec<&Value> = told.iter().filter(|f| f["code"] == "I5").collect();
    assert_eq!(about.len(), 1, "{told:#?}");
    assert!(says(about[0], "没有写明“姓名”"), "{about:#?}");
    assert!(says(about[0], "共3行"), "{about:#?}");
}

#[test]
fn a_person_listed_twice_is_told_as_that_and_not_of_each_row() {
    let units = Units::new("told-twice");
    let career = "姓名,起止年月,单位\n甲示例,1990.09—1994.07,一\n甲示例,1994.08—至今,二\n";
    let one: &[(&str, &str)] = &[("name", "甲示例"), ("id_no", "139900198502140015")];
    let other: &[(&str, &str)] = &[("name", "甲示例"), ("id_no", "139900197909300020")];
    let with = |name: &str, people: &[&[(&str, &str)]]| {
        let list = list_of(&units, people, "");
        let files = [
            ("候选人.csv", list.as_bytes()),
            ("简历.csv", career.as_bytes()),
        ];
        check(&folder(&units, name, &files))
    };
    let told = with("twice", &[one, one]);
    let codes = |code: &str| told.iter().filter(|f| f["code"] == code).count();
    assert_eq!((codes("I5"), codes("C3")), (0, 1), "{told:#?}");
    // namesakes who are two people are asked about
    let told = with("two", &[one, other]);
    let about: Vec<&Value> = told.iter().filter(|f| f["code"] == "I5").collect();
    assert_eq!(about.len(), 1, "{told:#?}");
    assert!(says(about[0], "有2人叫“甲示例”"), "{about:#?}");
}

#[test]
fn a_column_that_is_not_there_is_told_once_and_is_an_error() {
    let units = Units::new("told-column");
    let list = list_of(
        &units,
        &[&[("name", "甲示例")], &[("name", "乙示例")]],
        "ethnic",
    );
    let told = check(&folder(&units, "list", &[("候选人.csv", list.as_bytes())]));
    let about: Vec<&Value> = told.iter().filter(|f| says(f, "“民族”")).collect();
    assert_eq!(about.len(), 1, "{about:#?}");
    let (code, severity) = (&about[0]["code"], &about[0]["severity"]);
    assert_eq!((code, severity), (&"I2".into(), &"error".into()));
}

#[test]
fn a_number_in_json_is_not_spoken_of_as_a_cell() {
    let units = Units::new("told-json");
    let value = serde_json::json!({
        "campaign": "hebei-zuimei-2021",
        "unit": { "name": "示例市科学技术协会", "postcode": 50000 },
        "candidates": [{ "name": "甲示例", "birth": 1985.1 }],
    });
    let told = check(&folder(
        &units,
        "json",
        &[("submission.json", value.to_string().as_bytes())],
    ));
    for code in ["F3", "F10"] {
        let about = told.iter().find(|f| f["code"] == code);
        let hint = about.and_then(|f| f["hint"].as_str()).unwrap_or_default();
        assert!(
            hint.contains("加上引号") && !hint.contains("单元格"),
            "{code}: {told:#?}"
        );
    }
}

#[test]
fn signs_that_cannot_be_printed_are_told_once_a_cell() {
    let units = Units::new("told-signs");
    let signs: &[(&str, &str)] = &[
        ("native_place", "新疆 شىنجاڭ"),
        ("org", "示例市虚拟\u{e0a1}监测院"),
    ];
    let list = list_of(&units, &[signs], "");
    let told = check(&folder(&units, "list", &[("候选人.csv", list.as_bytes())]));
    let of = |code: &str| {
        let all = told.iter().filter(|f| f["code"] == code);
        all.map(|f| f["place"]["field"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(of("N7"), ["native_place"], "{told:#?}");
    assert_eq!(of("N3"), ["org"], "{told:#?}");
}
