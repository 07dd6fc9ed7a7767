//! What a city gathers of its counties beside people: their rows of work done are kept and told, nothing is written that its channel does not
//! ask for, and nobody's filled folder is written over.

use std::path::Path;

use sanlian::record::{Submission, Value};

use crate::gather::Units;
use crate::run::sanlian;

/// Counties of one person each, with rows of work done.
fn counties(units: &Units) -> Vec<String> {
    let county = |n: usize, person: &str| {
        let mut all: Submission = units.values(n, person);
        all.unit.set("name", format!("虚拟第{n}县科学技术协会"));
        all.unit.set("channel", "市科协");
        let row = [
            ("step", "广泛动员"),
            ("activity", "召开动员会"),
            ("sessions", "2"),
        ];
        let row = row.map(|(key, text)| (key.to_owned(), text.to_owned()));
        all.unit
            .values
            .insert("status".to_owned(), Value::Rows(vec![row.into()]));
        units.write(n, &all)
    };
    vec![county(1, "甲示例"), county(2, "乙示例")]
}

/// Gathers for a city; whether it went well, and what was said.
fn gather(units: &Units, sources: &[String], out: &Path, named: bool) -> (bool, String) {
    let out = out.to_str().unwrap();
    let keys = units.path("no-keys");
    let mut args: Vec<&str> = vec!["gather"];
    args.extend(sources.iter().map(String::as_str));
    args.extend([
        "-o",
        out,
        "--campaign",
        "hebei-zuimei-2021",
        "--keys",
        &keys,
    ]);
    if named {
        args.extend(["--channel", "市科协", "--unit", "虚拟市科学技术协会"]);
    }
    let output = sanlian(&args);
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn the_rows_of_the_units_are_kept_with_whose_they_are() {
    let units = Units::new("gather-rows");
    let sources = counties(&units);
    let out = units.dir.join("out");
    let (good, said) = gather(&units, &sources, &out, true);
    assert!(good, "{said}");
    assert!(
        said.contains("2个单位填的“开展情况”（2行）没有并入"),
        "{said}"
    );
    let book = std::fs::read(out.join("汇集/各单位开展情况.xlsx")).unwrap();
    let text = words(&book);
    for word in [
        "虚拟第1县科学技术协会",
        "虚拟第2县科学技术协会",
        "召开动员会",
    ] {
        assert!(text.contains(word), "{word}");
    }
    // one of them again: the other's rows stay
    let (good, said) = gather(&units, &sources[..1], &out, true);
    assert!(good && !said.contains("没有并入"), "{said}");
    let again = std::fs::read(out.join("汇集/各单位开展情况.xlsx")).unwrap();
    assert_eq!(again, book);
    assert_eq!(
        units
            .gathered()
            .unit
            .rows("status")
            .iter()
            .filter(|r| r.contains_key("activity"))
            .count(),
        0
    );
}

#[test]
fn only_the_list_of_the_defence_office_says_which_unit_recommends() {
    let units = Units::new("gather-field");
    let sources = counties(&units);
    let (good, said) = gather(&units, &sources, &units.dir.join("out"), true);
    assert!(good, "{said}");
    for candidate in units.gathered().candidates {
        assert_eq!(candidate.text("defense_unit"), "");
    }
}

#[test]
fn nothing_is_gathered_into_a_source_or_into_anothers_folder() {
    let units = Units::new("gather-into");
    let sources = counties(&units);
    let inside = Path::new(&sources[0]).join("汇总");
    let (good, said) = gather(&units, &sources, &inside, true);
    assert!(
        !good && said.contains("里面：汇集会把文件放进要汇集的材料"),
        "{said}"
    );
    assert!(!inside.exists());
    let filled = Path::new(&sources[1]);
    let before = std::fs::read(filled.join("填报工作簿.xlsx")).unwrap();
    let (good, said) = gather(&units, &sources[..1], filled, false);
    assert!(!good && said.contains("已经填有1名候选人"), "{said}");
    assert_eq!(
        std::fs::read(filled.join("填报工作簿.xlsx")).unwrap(),
        before
    );
    assert!(!filled.join("汇集").exists());
}

/// All that stands in the texts of a workbook.
fn words(book: &[u8]) -> String {
    use std::io::Read as _;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut text = String::new();
    zip.by_name("xl/sharedStrings.xml")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}
