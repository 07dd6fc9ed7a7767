//! Acts that are done a second time: `make` over what a person has edited, with a photo of other contents; `gather` after a source was
//! refused; and what `find` calls what it found.

use std::process::Output;

use crate::desk::Desk;
use crate::gather::Units;
use crate::run::{files, sanlian};

const LATER: &str = "2021-05-29T01:02:03Z";

fn make(desk: &Desk, more: &[&str]) -> (i32, String) {
    let (submission, out) = (desk.path("submission"), desk.path("paper"));
    let (keys, data) = (desk.path("keys"), desk.path("data"));
    let mut args = vec!["make", &submission, "--out", &out, "--keys", &keys];
    args.extend(["--data", &data, "--now", LATER]);
    args.extend(more);
    let done = sanlian(&args);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    (done.status.code().unwrap(), said)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn what_a_person_edited_among_the_paper_is_named_and_not_written_over() {
    let desk = Desk::new("second-edited");
    // what nobody edited is made anew without a word of it
    let (code, said) = make(&desk, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("改动过"), "{said}");
    let edited = [
        "推荐人选汇总表.docx",
        "公文/报送函.docx",
        "推荐表/03-王示例-推荐表.docx",
    ];
    for name in edited {
        let path = desk.dir.join("paper").join(name);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(b"edited");
        std::fs::write(path, bytes).unwrap();
    }
    // what a person laid beside is no file that was made
    std::fs::write(desk.dir.join("paper/便条.txt"), "记得盖章").unwrap();
    let before = files(&desk.dir.join("paper"));
    for more in [&[][..], &["--draft"], &["--papers"]] {
        let (code, said) = make(&desk, more);
        assert_eq!(code, 2, "{more:?}: {said}");
        for name in edited {
            assert!(said.contains(name), "{more:?}: {said}");
        }
        assert!(said.contains("制作以后改动过，没有覆盖"), "{said}");
        assert!(!said.contains("活动开展情况表"), "{said}");
        assert_eq!(files(&desk.dir.join("paper")), before, "{more:?}");
    }
    // a file that was taken away is no edited one
    for name in edited {
        std::fs::remove_file(desk.dir.join("paper").join(name)).unwrap();
    }
    std::fs::remove_file(desk.dir.join("paper/便条.txt")).unwrap();
    let (code, said) = make(&desk, &[]);
    assert_eq!(code, 0, "{said}");
    assert!(
        edited
            .iter()
            .all(|name| desk.dir.join("paper").join(name).is_file())
    );
}

#[test]
fn a_photo_of_other_contents_is_told_in_words() {
    let desk = Desk::new("second-photo");
    let photo = desk.dir.join("submission/photos/王示例1.jpg");
    let mut bytes = std::fs::read(&photo).unwrap();
    bytes.push(0);
    std::fs::write(&photo, bytes).unwrap();
    let (code, said) = make(&desk, &[]);
    assert_eq!(code, 0, "{said}");
    let told: Vec<&str> = said.lines().filter(|l| l.contains("王示例1.jpg")).collect();
    assert_eq!(told.len(), 1, "{said}");
    assert!(told[0].ends_with("附件王示例1.jpg：换了内容"), "{said}");
    let sums = |word: &str| word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = said.split(|c: char| !c.is_ascii_alphanumeric());
    assert!(!words.into_iter().any(sums), "{said}");
    assert!(said.contains("推荐表（王示例） 已变为版本2"), "{said}");
}

#[test]
fn what_was_found_is_called_as_the_campaign_calls_it() {
    let desk = Desk::new("second-find");
    for (wanted, label, count) in [
        ("王示例", "　姓名 王示例", 1),
        ("139900197909300020", "　证件号码 139***********0020", 1),
        ("14000000033", " 140****0033", 1),
        ("示例市科学技术协会", "　推荐单位 示例市科学技术协会", 3),
    ] {
        let found = desk.run(&["find", wanted], "");
        let lines = text(&found);
        assert_eq!(lines.lines().count(), count, "{wanted}: {lines}");
        for line in lines.lines() {
            assert!(line.contains(label), "{wanted}: {line}");
            let key = |word: &str| word.contains('_') || word == "name" || word == "mobile";
            assert!(!line.split(['　', ' ']).any(key), "{line}");
        }
    }
}

#[test]
fn after_a_refused_source_the_gathering_goes_on_as_if_it_had_not_been() {
    let units = Units::new("second-gather");
    let mut sources: Vec<String> = ["甲示例", "乙示例"]
        .iter()
        .zip(1..)
        .map(|(name, n)| units.write(n, &units.values(n, name)))
        .collect();
    let (good, said) = units.gather(&sources, &[]);
    assert!(good, "{said}");
    let before = files(&units.dir.join("out"));
    // a third unit did not say who it is, and its person is asked for
    let mut third = units.values(3, "丙示例");
    third.unit.set("name", "");
    sources.push(units.write(3, &third));
    let select = ["--select", "丙示例、甲示例"];
    let (good, said) = units.gather(&sources, &select);
    assert!(!good, "{said}");
    assert!(
        said.contains("没有写推荐单位") && said.contains("unit3"),
        "{said}"
    );
    assert!(!said.contains("没有叫“丙示例”的候选人"), "{said}");
    assert_eq!(files(&units.dir.join("out")), before, "nothing is changed");
    // so is a workbook that cannot be read
    let book = units.dir.join("unit3/填报工作簿.xlsx");
    std::fs::write(&book, b"PK\x03\x04 cut").unwrap();
    let (good, said) = units.gather(&sources, &[]);
    assert!(!good && said.contains("unit3"), "{said}");
    assert_eq!(files(&units.dir.join("out")), before);
    // mended, it comes along, in the order that was asked for
    units.write(3, &units.values(3, "丙示例"));
    let (good, said) = units.gather(&sources, &select);
    assert!(good, "{said}");
    assert_eq!(units.names(), ["丙示例", "甲示例"]);
    assert_eq!(
        units.gathered().candidates[0].text("defense_unit"),
        "虚拟第3研究所"
    );
    assert!(units.dir.join("out/photos/丙示例.jpg").is_file());
}

#[test]
fn a_gathering_counts_the_errors_of_a_source_as_its_own_check_does() {
    let units = Units::new("second-count");
    // a name that was typed wrong in the list makes many findings out of one mistake
    let mut values = units.values(1, "甲示例");
    values.candidates[0].set("mobile", "1400000001");
    let source = units.write(1, &values);
    let photos = units.dir.join("unit1/photos");
    for n in ["", "1"] {
        let from = photos.join(format!("甲示例{n}.jpg"));
        std::fs::rename(from, photos.join(format!("甲示列{n}.jpg"))).unwrap();
    }
    let checked = sanlian(&[
        "check",
        &source,
        "--campaign",
        "hebei-zuimei-2021",
        "--json",
    ]);
    let found: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    let found = found["findings"].as_array().unwrap();
    let paper = |f: &&serde_json::Value| !f["code"].as_str().unwrap().starts_with('P');
    let errors = found.iter().filter(|f| f["severity"] == "error");
    let errors = errors.filter(paper).count();
    let (_, said) = units.gather(&[source], &[]);
    assert!(
        said.contains(&format!("的材料有 {errors} 个错误")),
        "{errors}: {said}"
    );
}
