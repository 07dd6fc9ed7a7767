//! What a secretary is told, and where: files that lie in the wrong place are named with what to do, a fault is told at the cell in which it
//! stands, and no sentence asks for what nobody can do.

use sanlian::campaign::{Campaign, builtin, load};
use sanlian::check::check;
use sanlian::finding::{Finding, Severity};
use sanlian::intake::{SourceFile, blank, read};
use sanlian::record::{Submission, Value};

use crate::gather::Units;
use crate::run::sanlian;

fn hebei() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    load(&source.unwrap()).0.unwrap()
}

/// What a check of a unit's folder says, with files put into it.
fn checked(name: &str, files: &[(&str, &[u8])]) -> String {
    let units = Units::new(name);
    let folder = units.write(1, &units.values(1, "王示例"));
    for (path, bytes) in files {
        let path = std::path::Path::new(&folder).join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let args = [
        "check",
        &folder,
        "--campaign",
        "hebei-zuimei-2021",
        "--now",
        "2021-05-26T09:00:00+08:00",
    ];
    let output = sanlian(&args);
    let said = [output.stdout, output.stderr].concat();
    String::from_utf8(said).unwrap()
}

#[test]
fn what_lies_in_the_wrong_place_is_named_with_its_remedy() {
    let said = checked(
        "secretary-places",
        &[
            ("旧/填报工作簿.xlsx", b"PK\x03\x04 a workbook"),
            ("photos/王示例照片.zip", b"PK\x03\x04 photos"),
            ("videos/王示例视频网盘链接.txt", b"https://example.org/v"),
        ],
    );
    for words in [
        "“旧/填报工作簿.xlsx”在子文件夹里，没有读取；读取的是“填报工作簿.xlsx”",
        "“photos/王示例照片.zip”是压缩包",
        "请解压，把里面的照片放入 photos",
        "“videos/王示例视频网盘链接.txt”不是视频",
        "写的是网盘链接的，请下载后放入",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    for absurd in ["不是工作簿、报告、照片或视频", "请用视频软件转存"] {
        assert!(!said.contains(absurd), "{absurd}: {said}");
    }
}

#[test]
fn a_folder_that_is_called_a_workbook_is_named() {
    let units = Units::new("secretary-folder");
    let folder = units.dir.join("unit");
    std::fs::create_dir_all(folder.join("填报工作簿.xlsx")).unwrap();
    let output = sanlian(&[
        "check",
        folder.to_str().unwrap(),
        "--campaign",
        "hebei-zuimei-2021",
    ]);
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(
        said.contains("“填报工作簿.xlsx”是文件夹，不是工作簿"),
        "{said}"
    );
}

/// What a check says of a unit's values, after they went through a workbook.
fn judged(change: impl FnOnce(&mut Submission)) -> Vec<Finding> {
    let units = Units::new("secretary-values");
    let mut values = units.values(1, "王示例");
    change(&mut values);
    let campaign = hebei();
    let path = "填报工作簿.xlsx".to_owned();
    let bytes = blank::filled_workbook(&campaign, &values).unwrap();
    let (submission, mut findings) =
        read(&campaign, &[SourceFile { path, bytes }], None, Vec::new());
    findings.extend(check(
        &campaign,
        &submission,
        Some(jiff::civil::date(2021, 5, 26)),
    ));
    findings
}

fn one<'f>(findings: &'f [Finding], code: &str, words: &str) -> &'f Finding {
    let found: Vec<&Finding> = findings
        .iter()
        .filter(|f| f.code == code && format!("{}{}", f.message, f.hint).contains(words))
        .collect();
    let said: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(found.len(), 1, "{code} {words}: {said:#?}");
    found[0]
}

/// The six steps, with the words of the second.
fn steps(second: &str) -> Value {
    let steps = [
        "广泛动员",
        second,
        "遴选挖掘",
        "集中发布",
        "宣传展示",
        "深入学习",
    ];
    let row = |step: &&str| {
        [
            ("step".to_owned(), (*step).to_owned()),
            ("activity".to_owned(), "召开会议".to_owned()),
        ]
        .into()
    };
    Value::Rows(steps.iter().map(row).collect())
}

#[test]
fn a_step_under_other_words_is_told_where_it_stands() {
    let city = |s: &mut Submission, second: &str| {
        s.unit.set("channel", "市科协");
        s.unit.values.insert("status".to_owned(), steps(second));
    };
    let findings = judged(|s| city(s, "组织推荐（县级）"));
    let finding = one(
        &findings,
        "M11",
        "没有“组织推荐”，这一行写的是“组织推荐（县级）”",
    );
    assert_eq!(finding.place.sheet.as_deref(), Some("开展情况"));
    assert!(finding.place.cell.is_some(), "{finding:?}");
    let findings = judged(|s| city(s, "广泛动员"));
    let finding = one(&findings, "M11", "“广泛动员”写了两行");
    assert!(finding.place.cell.is_some(), "{finding:?}");
}

#[test]
fn what_is_no_category_is_not_counted_as_one() {
    let findings = judged(|s| s.candidates[0].set("category", "1、面向人民生命健康"));
    let finding = one(&findings, "L5", "候选人1名");
    assert!(
        finding.message.contains("面向人民生命健康1名"),
        "{finding:?}"
    );
    assert!(!finding.message.contains("11名"), "{finding:?}");
}

#[test]
fn nobody_is_told_to_name_a_file_after_nothing() {
    let findings = judged(|s| s.candidates[0].set("name", ""));
    let empty = ["“.jpg”", "“1.jpg”"];
    for finding in &findings {
        assert!(
            empty.iter().all(|word| !finding.hint.contains(word)),
            "{finding:?}"
        );
    }
    one(&findings, "M2", "请先填写姓名");
    one(&findings, "M3", "请先填写姓名");
}

#[test]
fn two_names_in_one_cell_are_two_people() {
    let findings = judged(|s| s.candidates[0].set("name", "欧阳若木\n么建国"));
    let finding = one(&findings, "N1", "像是2个人");
    assert_eq!(finding.severity, Severity::Error);
    // one name that was broken
    let findings = judged(|s| s.candidates[0].set("name", "欧阳\n若木"));
    assert!(
        findings.iter().all(|f| !f.message.contains("个人。")),
        "{findings:#?}"
    );
}

#[test]
fn text_of_big5_is_named_by_its_encoding() {
    let text = "推薦單位,示例市科學技術協會\r\n聯繫人,王示例\r\n";
    let bytes = encoding_rs::BIG5.encode(text).0.into_owned();
    let file = SourceFile {
        path: "单位.csv".to_owned(),
        bytes,
    };
    let (_, findings) = read(&hebei(), &[file], None, Vec::new());
    one(&findings, "I9", "Big5");
    assert!(findings.iter().all(|f| f.code != "I2"), "{findings:#?}");
}

#[test]
fn an_option_that_is_another_commands_is_no_value() {
    let output = sanlian(&[
        "gather",
        "a",
        "-o",
        "b",
        "--now",
        "2021-05-26T09:00:00+08:00",
    ]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("没有参数“--now”"), "{said}");
    assert!(!said.contains("当作值"), "{said}");
}

/// What is told of the encoding of a report.
fn encoding_of(bytes: Vec<u8>) -> Vec<Finding> {
    let report = SourceFile {
        path: "报告.txt".to_owned(),
        bytes,
    };
    let (_, findings) = read(&hebei(), &[], Some(&report), Vec::new());
    let of_report = |f: &Finding| f.place.file.as_deref() == Some("报告.txt");
    findings.into_iter().filter(of_report).collect()
}

#[test]
fn a_report_in_another_encoding_is_named_with_what_to_do_in_word() {
    // no word of it stands in any list of words
    let traditional =
        "關於本年度優秀人員之說明\n本市依規定辦理三名，經開會討論後送出，敬請查照。\n";
    let big5 = encoding_rs::BIG5.encode(traditional).0.into_owned();
    let utf32: Vec<u8> = "\u{FEFF}推荐报告"
        .chars()
        .flat_map(|c| u32::from(c).to_le_bytes())
        .collect();
    let utf16: Vec<u8> = "推荐报告\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, what) in [
        (big5, "Big5"),
        (utf32, "UTF-32"),
        (utf16, "UTF-16"),
        (b"~{MF<v~} ~{1(8f~}".to_vec(), "HZ"),
    ] {
        let found = encoding_of(bytes);
        let finding = one(&found, "I9", what);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(finding.hint.contains("Word文档（.docx）"), "{finding:?}");
        assert!(!finding.hint.contains("Excel"), "{finding:?}");
    }
    // a text of GB18030 stays one, with rare characters too
    for text in ["关于推荐王示例同志的报告\n", "㛃䶮𬭚喆堃祎，龘㼆\n"] {
        let bytes = encoding_rs::GB18030.encode(text).0.into_owned();
        assert!(encoding_of(bytes).iter().all(|f| f.code != "I9"), "{text}");
    }
}
