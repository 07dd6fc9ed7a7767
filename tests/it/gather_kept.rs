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

/// The submission of a person with one work, whose file lies in the folder.
fn with_work(units: &Units, n: usize, id_no: Option<&str>) -> String {
    let mut all = units.values(n, "同名示例");
    let candidate = &mut all.candidates[0];
    if let Some(id_no) = id_no {
        candidate.set("id_no", id_no);
        candidate.set("org", format!("示例第{n}研究所"));
    }
    let row = [("title", "短片"), ("kind", "微视频"), ("file", "短片.mp4")];
    let row = row.map(|(key, text)| (key.to_owned(), text.to_owned()));
    candidate
        .values
        .insert("works".to_owned(), Value::Rows(vec![row.into()]));
    let folder = units.write(n, &all);
    std::fs::create_dir_all(Path::new(&folder).join("作品")).unwrap();
    std::fs::write(
        Path::new(&folder).join("作品/短片.mp4"),
        format!("film {n}"),
    )
    .unwrap();
    folder
}

/// The films of a gathered folder by their paths.
fn films(units: &Units) -> Vec<(String, String)> {
    let all = crate::run::files(&units.dir.join("out/作品"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    all.iter()
        .map(|(path, bytes)| (path.clone(), text(bytes)))
        .collect()
}

#[test]
fn works_of_one_who_did_not_come_again_get_the_name_that_a_namesake_asks_for() {
    let units = Units::new("gather-works-name");
    let (one, two) = (with_work(&units, 1, None), with_work(&units, 2, None));
    let (good, said) = units.gather(&[one], &[]);
    assert!(good, "{said}");
    assert_eq!(
        films(&units),
        [("同名示例/短片.mp4".to_owned(), "film 1".to_owned())]
    );
    let (good, said) = units.gather(&[two], &[]);
    assert!(good, "{said}");
    let films = films(&units);
    assert_eq!(films.len(), 2, "{films:?}");
    for (path, _) in &films {
        // both bear the end of their numbers now
        assert!(
            path.starts_with("同名示例") && !path.starts_with("同名示例/"),
            "{films:?}"
        );
    }
}

#[test]
fn namesakes_without_numbers_share_no_file() {
    let units = Units::new("gather-no-number");
    let sources = [
        with_work(&units, 1, Some("")),
        with_work(&units, 2, Some("")),
    ];
    let (good, said) = units.gather(&sources, &[]);
    assert!(good, "{said}");
    let films = films(&units);
    assert_eq!(films.len(), 2, "{films:?}");
    let photos = crate::run::files(&units.dir.join("out/photos"));
    assert_eq!(photos.len(), 4, "{:?}", photos.keys());
}
