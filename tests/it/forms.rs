//! The organiser's own forms at the command line: bound, filled, read back and compared; what does not fit is refused and
//! nothing is written.

use std::path::{Path, PathBuf};

use sanlian::ooxml::OpcPackage;

use crate::blank_forms;
use crate::office::{openpyxl, validate};
use crate::run::{demo, sanlian, scratch};

fn write(folder: &Path, name: &str) -> PathBuf {
    let form = blank_forms::all()
        .into_iter()
        .find(|f| f.name == name)
        .unwrap();
    let path = folder.join(format!("空白表.{}", form.extension));
    std::fs::write(&path, form.bytes).unwrap();
    path
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(crate) fn code(args: &[&str]) -> (i32, String, String) {
    let output = sanlian(args);
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn a_blank_form_is_bound_filled_read_back_and_agrees_with_the_record() {
    let folder = scratch("forms");
    let submission = demo().join("out/submission");
    for name in [
        "word_one_table",
        "wps_vertical_labels",
        "workbook_list_of_candidates",
    ] {
        let form = write(&folder, name);
        let binding = folder.join("绑定.toml");
        let (end, said, _) = code(&["bind", text(&form), "-o", text(&binding), "--json"]);
        assert_eq!(end, 0, "{name}");
        let places: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert!(places["place"].as_array().unwrap().len() > 8, "{name}");
        let out = folder.join(name);
        let args = [
            "fill",
            text(&form),
            "--binding",
            text(&binding),
            text(&submission),
            "-o",
            text(&out),
        ];
        let (end, _, said) = code(&args);
        assert_eq!(end, 0, "{name}: {said}");
        let files: Vec<PathBuf> = std::fs::read_dir(&out)
            .unwrap()
            .map(|f| f.unwrap().path())
            .collect();
        let wanted = if name.starts_with("workbook") { 1 } else { 3 };
        assert_eq!(files.len(), wanted, "{name}: {files:?}");
        if name == "word_one_table" {
            let all: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
            validate(&all);
        }
        for file in &files {
            let args = [
                "diff",
                text(file),
                text(&submission),
                "--binding",
                text(&binding),
            ];
            let (end, said, more) = code(&args);
            assert_eq!(end, 0, "{name} {}: {said}{more}", file.display());
        }
        let back = folder.join("submission.json");
        let mut args = vec!["read", "--binding", text(&binding), "-o", text(&back)];
        args.extend(files.iter().map(|f| text(f)));
        let (end, _, said) = code(&args);
        assert_eq!(end, 0, "{name}: {said}");
        // the bookmarks of a filling, and the campaign that it names, are enough
        if name == "word_one_table" {
            let (end, said, _) = code(&["read", text(&files[0])]);
            assert_eq!(end, 0, "{said}");
            let alone: serde_json::Value = serde_json::from_str(&said).unwrap();
            assert_eq!(alone["campaign"], "hebei-zuimei-2021");
            assert!(!alone["candidates"][0]["name"].as_str().unwrap().is_empty());
        }
        let read: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&back).unwrap()).unwrap();
        assert_eq!(read["candidates"].as_array().unwrap().len(), 3, "{name}");
    }
}

#[test]
fn a_field_that_was_changed_in_the_form_is_told_and_no_other() {
    let folder = scratch("forms-diff");
    let submission = demo().join("out/submission");
    let form = write(&folder, "word_one_table");
    let binding = folder.join("绑定.toml");
    assert_eq!(code(&["bind", text(&form), "-o", text(&binding)]).0, 0);
    let out = folder.join("out");
    let args = [
        "fill",
        text(&form),
        "--binding",
        text(&binding),
        text(&submission),
        "-o",
        text(&out),
    ];
    assert_eq!(code(&args).0, 0);
    let files = std::fs::read_dir(&out).unwrap();
    let file = files.map(|f| f.unwrap().path()).min().unwrap();
    let mut package = OpcPackage::read(&std::fs::read(&file).unwrap()).unwrap();
    let xml = package.text("word/document.xml").unwrap();
    assert!(xml.contains("中共党员"));
    let xml = xml.replace("中共党员", "群众");
    package.put("word/document.xml", xml);
    std::fs::write(&file, package.write().unwrap()).unwrap();
    let args = [
        "diff",
        text(&file),
        text(&submission),
        "--binding",
        text(&binding),
    ];
    let (end, said, _) = code(&args);
    assert_eq!(end, 1);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(
        lines[0].contains("政治面貌") && lines[0].contains("群众"),
        "{said}"
    );
}

#[test]
fn rows_of_a_sheet_look_alike_and_a_photo_is_put_in() {
    let folder = scratch("forms-sheet");
    let submission = demo().join("out/submission");
    let binding = folder.join("绑定.toml");
    let fill = |name: &str| {
        let form = write(&folder, name);
        assert_eq!(code(&["bind", text(&form), "-o", text(&binding)]).0, 0);
        let out = folder.join(name);
        let args = [
            "fill",
            text(&form),
            "--binding",
            text(&binding),
            text(&submission),
            "-o",
            text(&out),
        ];
        let (end, _, said) = code(&args);
        assert_eq!(end, 0, "{said}");
        let files = std::fs::read_dir(&out).unwrap();
        (files.map(|f| f.unwrap().path()).min().unwrap(), said)
    };
    let (list, _) = fill("workbook_list_of_candidates");
    let styles = "sheet = book.worksheets[0]\nprint(len({sheet.cell(r, 2).border.left.style for r in (4, 5, 6)}), sheet.cell(6, 2).border.left.style)";
    let said = openpyxl(&list, styles);
    assert!(said.is_none_or(|s| s.trim() == "1 thin"));
    let (_, said) = fill("workbook_with_merged_cells");
    assert!(!said.contains("照片没有放入"), "{said}");
    assert!(!said.contains("P2"), "{said}");
}

#[test]
fn another_form_than_the_bound_one_is_refused_and_nothing_is_written() {
    let folder = scratch("forms-other");
    let submission = demo().join("out/submission");
    let form = write(&folder, "word_one_table");
    let binding = folder.join("绑定.toml");
    assert_eq!(code(&["bind", text(&form), "-o", text(&binding)]).0, 0);
    write(&folder, "turned_labels");
    let out = folder.join("out");
    let args = [
        "fill",
        text(&form),
        "--binding",
        text(&binding),
        text(&submission),
        "-o",
        text(&out),
    ];
    let (end, _, said) = code(&args);
    assert_eq!(end, 1);
    assert!(said.contains("O6"), "{said}");
    assert!(!out.exists());
}

#[test]
fn old_and_broken_files_are_refused_with_what_to_do() {
    let folder = scratch("forms-bad");
    let old = folder.join("旧.doc");
    std::fs::write(
        &old,
        [
            &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..],
            &[0; 600],
        ]
        .concat(),
    )
    .unwrap();
    let empty = folder.join("空.docx");
    std::fs::write(&empty, b"").unwrap();
    for (file, word) in [(&old, "另存为"), (&empty, "空.docx")] {
        let (end, said, talk) = code(&["bind", text(file)]);
        assert_eq!(end, 2);
        assert!(said.is_empty());
        assert!(talk.contains(word), "{talk}");
    }
    let binding = folder.join("坏.toml");
    std::fs::write(&binding, "form = 1\n").unwrap();
    let form = write(&folder, "word_one_table");
    let out = folder.join("out");
    let (end, _, said) = code(&[
        "fill",
        text(&form),
        "--binding",
        text(&binding),
        ".",
        "-o",
        text(&out),
    ]);
    assert_eq!(end, 2);
    assert!(said.contains("第 1 行"), "{said}");
    assert!(!out.exists());
}
