//! What the office does to a gathered folder: a row deleted, a namesake that comes later, another name for itself.

use sanlian::ooxml::{OpcPackage, sheets, workbook_part};

use crate::gather::Units;
use crate::run::{files, sanlian};

/// Takes the row of a sheet out that holds a word.
fn without_row(bytes: &[u8], sheet: &str, word: &str) -> Vec<u8> {
    let mut package = OpcPackage::read(bytes).unwrap();
    let workbook = workbook_part(&package).unwrap();
    let strings = sanlian::ooxml::shared_strings(&package, &workbook).unwrap();
    let index = strings.iter().position(|s| s == word).unwrap();
    let cell = format!("<v>{index}</v>");
    let part = sheets(&package, &workbook).unwrap();
    let part = part.into_iter().find(|s| s.name == sheet).unwrap().part;
    let mut xml = package.text(&part).unwrap().to_owned();
    let at = xml.find(&cell).unwrap();
    let from = xml[..at].rfind("<row ").unwrap();
    let to = at + xml[at..].find("</row>").unwrap() + 6;
    xml.replace_range(from..to, "");
    package.put(&part, xml);
    package.write().unwrap()
}

#[test]
fn a_row_deleted_in_the_list_alone_leaves_the_person_out() {
    let units = Units::new("gather-row");
    let sources: Vec<String> = ["甲示例", "乙示例"]
        .iter()
        .zip(1..)
        .map(|(name, n)| units.write(n, &units.values(n, name)))
        .collect();
    let (good, said) = units.gather(&sources, &[]);
    assert!(good, "{said}");
    let book = units.dir.join("out/填报工作簿.xlsx");
    let bytes = without_row(&std::fs::read(&book).unwrap(), "候选人", "乙示例");
    std::fs::write(&book, bytes).unwrap();
    let check = || {
        let out = units.path("out");
        let checked = sanlian(&["check", &out, "--json", "--now", "2021-05-21T01:02:03Z"]);
        let found: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
        let all = found["findings"].as_array().unwrap().clone();
        all.into_iter()
            .filter(|f| f["code"] == "I5")
            .collect::<Vec<_>>()
    };
    let told = check();
    assert!(!told.is_empty());
    for finding in &told {
        assert_eq!(finding["severity"], "info", "{finding:#?}");
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains("乙示例已不在“候选人”表中"), "{message}");
    }
    // gathered again he stays out, and his rows are gone
    let (good, said) = units.gather(&sources, &[]);
    assert!(good && said.contains("没有入选：乙示例"), "{said}");
    assert_eq!(units.names(), ["甲示例"]);
    assert!(check().is_empty());
}

#[test]
fn files_of_one_who_has_a_namesake_now_are_not_left_under_the_old_name() {
    let units = Units::new("gather-namesake");
    let one = units.write(5, &units.values(5, "同名示例"));
    let (good, said) = units.gather(std::slice::from_ref(&one), &[]);
    assert!(good, "{said}");
    let photos = || files(&units.dir.join("out/photos"));
    assert!(photos().contains_key("同名示例.jpg"));
    let two = units.write(9, &units.values(9, "同名示例"));
    let (good, said) = units.gather(&[one, two], &[]);
    assert!(good, "{said}");
    let names: Vec<String> = photos().into_keys().collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(
        names
            .iter()
            .all(|n| n != "同名示例.jpg" && n != "同名示例1.jpg"),
        "{names:?}"
    );
}

#[test]
fn another_name_for_the_office_is_refused_and_not_ignored() {
    let units = Units::new("gather-unit");
    let one = units.write(1, &units.values(1, "甲示例"));
    let (good, said) = units.gather(std::slice::from_ref(&one), &[]);
    assert!(good, "{said}");
    let out = units.path("out");
    let keys = units.path("no-keys");
    let output = sanlian(&[
        "gather",
        &one,
        "-o",
        &out,
        "--unit",
        "另一个单位",
        "--keys",
        &keys,
    ]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && told.contains("写的是“虚拟省国防科技工业办公室”"),
        "{told}"
    );
    // the same name, and the channel by another of its names, are no change
    let (good, said) = units.gather(&[one], &[]);
    assert!(good, "{said}");
}

#[test]
fn whoever_is_named_in_a_sentence_is_not_named_before_it() {
    let units = Units::new("gather-named");
    let one = units.write(1, &units.values(1, "甲示例"));
    let mut values = units.values(1, "甲示例");
    values.unit.set("name", "虚拟二厂");
    let two = units.write(2, &values);
    let (_, said) = units.gather(&[one, two], &[]);
    let line = said.lines().find(|line| line.contains("同时推荐"));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains("C3  甲示例由“"), "{line}");
    assert_eq!(line.matches("甲示例").count(), 1, "{line}");
}
