//! One cause is told once: a wrong name with all that follows from it, a workbook that is a wholly different table, a file of another kind
//! beside the workbook that was read.

use std::path::PathBuf;

use rust_xlsxwriter::Workbook;
use sanlian::campaign::{Campaign, builtin, load};
use sanlian::intake::blank::filled_workbook;
use sanlian::record::Submission;
use serde_json::Value;

use crate::demo::undrawn;
use crate::run::{copy_tree, demo, sanlian, scratch};

fn hebei() -> Campaign {
    let source = builtin().into_iter().find(|s| s.id == "hebei-zuimei-2021");
    load(&source.unwrap()).0.unwrap()
}

fn folder(name: &str) -> PathBuf {
    let dir = scratch(name).join("报送");
    copy_tree(&demo().join("out/submission"), &dir);
    std::fs::remove_file(dir.join("records.json")).unwrap();
    dir
}

/// Errors and warnings of a folder: code, place and message.
fn told(dir: &std::path::Path) -> Vec<(String, String, String)> {
    let done = sanlian(&[
        "check",
        dir.to_str().unwrap(),
        "--json",
        "--now",
        "2021-05-21T01:00:00Z",
    ]);
    let report: Value = serde_json::from_slice(&done.stdout).unwrap();
    let all = report["findings"].as_array().unwrap().iter();
    let heavy = all.filter(|f| f["severity"] != "info");
    heavy
        .map(|f| {
            let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            (
                text(&f["code"]),
                text(&f["place"]["cell"]),
                text(&f["message"]),
            )
        })
        .collect()
}

/// A workbook with one name written otherwise, in the sheet of candidates and, where asked, in lists.
fn renamed(dir: &std::path::Path, lists_too: bool, to: &str) {
    let campaign = hebei();
    let mut all: Submission = undrawn(&campaign, 1);
    let last = all.candidates.len() - 1;
    if lists_too {
        all.candidates[last].set("name", to);
    }
    let mut bytes = filled_workbook(&campaign, &all).unwrap();
    if !lists_too {
        // the lists keep the right name
        let package = sanlian::ooxml::OpcPackage::read(&bytes).unwrap();
        let mut package = package;
        let sheet = package.text("xl/worksheets/sheet2.xml").unwrap().to_owned();
        let shared = package.text("xl/sharedStrings.xml").unwrap().to_owned();
        let at = shared
            .split("<si>")
            .skip(1)
            .position(|si| si.contains(">王示例<"))
            .unwrap();
        let count = shared.matches("<si>").count();
        let more = shared.replace("</sst>", &format!("<si><t>{to}</t></si></sst>"));
        let edited = sheet.replacen(&format!("<v>{at}</v>"), &format!("<v>{count}</v>"), 1);
        assert!(edited != sheet);
        package.put("xl/worksheets/sheet2.xml", edited.into_bytes());
        package.put("xl/sharedStrings.xml", more.into_bytes());
        bytes = package.write().unwrap();
    }
    std::fs::write(dir.join("填报工作簿.xlsx"), bytes).unwrap();
}

#[test]
fn a_wrong_name_is_told_once_with_what_follows() {
    let dir = folder("wrong-name");
    renamed(&dir, true, "王示利");
    let found = told(&dir);
    assert_eq!(found.len(), 1, "{found:#?}");
    let (code, cell, message) = &found[0];
    assert_eq!((code.as_str(), cell.as_str()), ("M6", "B5"));
    assert!(
        message.contains("“王示利”没有照片") && message.contains("6个文件"),
        "{message}"
    );
    // the lists name the right one too
    renamed(&dir, false, "王示利");
    let found = told(&dir);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].2.contains("“简历”表7行"), "{found:#?}");
}

#[test]
fn what_stands_beside_a_name_is_told_once_at_its_cell() {
    let dir = folder("beside-name");
    for (typed, says) in [
        ("王示例（女）", "“（女）”不是姓名，按“王示例”读取"),
        ("3、王示例", "“3、”不是姓名"),
        ("王示例*", "“*”不是姓名"),
        ("王示例、林示例", "像是2个人"),
        ("王示例/林示例", "像是2个人"),
        ("王示例\n林示例", "像是2个人"),
    ] {
        renamed(&dir, false, typed);
        let found = told(&dir);
        assert_eq!(found.len(), 1, "{typed}: {found:#?}");
        let (code, cell, message) = &found[0];
        assert_eq!((code.as_str(), cell.as_str()), ("N1", "B5"), "{typed}");
        assert!(message.contains(says), "{typed}: {message}");
    }
    // what only the photos and the lists show
    for typed in ["王示例同志", "王示例 林示例"] {
        renamed(&dir, false, typed);
        let found = told(&dir);
        assert_eq!(found.len(), 1, "{typed}: {found:#?}");
        assert_eq!(found[0].0, "M6", "{typed}: {found:#?}");
        assert!(found[0].2.contains("多写了字"), "{typed}: {found:#?}");
    }
    // the list of rows may have the remark too
    renamed(&dir, true, "王示例（女）");
    let found = told(&dir);
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[test]
fn a_name_that_is_missing_is_told_without_what_follows() {
    let dir = folder("no-name");
    renamed(&dir, false, "");
    let found = told(&dir);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].0.as_str(), found[0].1.as_str()), ("M14", "B5"));
}

#[test]
fn photos_that_are_lacking_have_no_numbers_either() {
    let dir = folder("few-photos");
    for n in [2, 3, 4] {
        std::fs::remove_file(dir.join(format!("photos/王示例{n}.jpg"))).unwrap();
    }
    let found = told(&dir);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].0, "M3", "{found:#?}");
}

#[test]
fn a_wholly_different_table_is_one_sentence() {
    let heads: [(&str, &[&str]); 4] = [
        (
            "Sheet1",
            &[
                "序号",
                "姓名",
                "性别",
                "民族",
                "出生年月",
                "学历",
                "职务",
                "手机号码",
            ],
        ),
        ("工资表", &["序号", "姓名", "部门", "基本工资"]),
        ("候选人", &["项目名称", "金额", "日期"]),
        ("设备", &["设备编号", "名称"]),
    ];
    for (name, heads) in heads {
        let dir = folder("another-table");
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for row in 0..15 {
            for (column, head) in (0..).zip(heads) {
                let text = if row == 0 {
                    (*head).to_owned()
                } else {
                    format!("示例{row}")
                };
                sheet.write(row, column, text).unwrap();
            }
        }
        std::fs::write(dir.join("填报工作簿.xlsx"), book.save_to_buffer().unwrap()).unwrap();
        let found = told(&dir);
        assert_eq!(found.len(), 1, "{name}: {found:#?}");
        assert_eq!(found[0].0, "I2", "{found:#?}");
        let message = &found[0].2;
        assert!(
            message.contains("没有“单位”表") && message.contains(name),
            "{message}"
        );
    }
}

#[test]
fn what_lies_beside_the_workbook_is_told_with_the_file_that_was_read() {
    let dir = folder("beside-workbook");
    std::fs::copy(dir.join("填报工作簿.xlsx"), dir.join("1副本.xlsx")).unwrap();
    std::fs::write(dir.join("旧表.et"), b"x").unwrap();
    let found = told(&dir);
    let says = |words: &str| found.iter().any(|f| f.2.contains(words));
    assert!(says("读取了“填报工作簿.xlsx”，其余没有读取"), "{found:#?}");
    assert!(
        says("“旧表.et”是WPS表格格式（.et），没有读取；读取的是“填报工作簿.xlsx”"),
        "{found:#?}"
    );
    for name in ["填报工作簿.xlsx", "1副本.xlsx"] {
        std::fs::remove_file(dir.join(name)).unwrap();
    }
    let found = told(&dir);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].0, "I1");
}

#[test]
fn a_workbook_of_another_campaign_is_told() {
    let dir = folder("other-campaign");
    let other = builtin()
        .into_iter()
        .find(|s| s.id == "quanguo-zuimei-2022");
    let other = load(&other.unwrap()).0.unwrap();
    let bytes = filled_workbook(&other, &undrawn(&other, 1)).unwrap();
    std::fs::write(dir.join("填报工作簿.xlsx"), bytes).unwrap();
    let found = told(&dir);
    let says = found
        .iter()
        .filter(|f| f.2.contains("是活动“quanguo-zuimei-2022”的"));
    assert_eq!(says.count(), 1, "{found:#?}");
}

#[test]
fn files_that_are_nobodys_are_not_told_twice_in_packing() {
    let dir = folder("pack-strays");
    for n in 1..=2 {
        let to = dir.join(format!("photos/无名氏{n}.jpg"));
        std::fs::copy(dir.join("photos/王示例1.jpg"), to).unwrap();
    }
    let zip = dir.parent().unwrap().join("包.zip");
    let keys = demo().join("keys");
    let args = ["pack", dir.to_str().unwrap(), "-o", zip.to_str().unwrap()];
    let more = [
        "--keys",
        keys.to_str().unwrap(),
        "--now",
        "2021-05-21T01:00:00Z",
    ];
    let done = sanlian(&[&args[..], &more].concat());
    let said = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
    assert_eq!(said.matches("找不到所属的候选人").count(), 2, "{said}");
    assert_eq!(
        said.matches("没有归属的2个文件没有打入报送包").count(),
        1,
        "{said}"
    );
}
