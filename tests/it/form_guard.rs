//! What is refused before a form is read or written: a folder with edited forms in it, the binding of another form or another campaign, a
//! package that is no form.

use std::io::Write as _;
use std::path::PathBuf;

use crate::fill_joined::form;
use crate::forms::{code, text};
use crate::run::{demo, scratch};
use zip::write::SimpleFileOptions;

const CAMPAIGN: &[&str] = &["--campaign", "hebei-zuimei-2021"];

/// A folder with a bound form of these rows: the form and its binding.
fn bound(name: &str, rows: &[&[&str]]) -> (PathBuf, PathBuf) {
    let folder = scratch(name);
    let (blank, binding) = (folder.join("表.docx"), folder.join("表.toml"));
    std::fs::write(&blank, form(rows)).unwrap();
    let mut args = vec!["bind", text(&blank), "-o", text(&binding)];
    args.extend(CAMPAIGN);
    let (status, _, said) = code(&args);
    assert_eq!(status, 0, "{said}");
    (blank, binding)
}

#[test]
fn a_filled_form_that_was_edited_is_not_written_over() {
    let (blank, binding) = bound("guard-edited", &[&["姓名", "", "性别", ""]]);
    let submission = demo().join("out/submission");
    let out = blank.with_file_name("填好");
    let fill = || {
        code(&[
            "fill",
            text(&blank),
            "--binding",
            text(&binding),
            text(&submission),
            "-o",
            text(&out),
            "--unmarked",
        ])
    };
    assert_eq!(fill().0, 0);
    // what nobody touched is written anew
    assert_eq!(fill().0, 0);
    let files = std::fs::read_dir(&out).unwrap();
    let mut files = files.map(|f| f.unwrap().path());
    let edited = files.find(|f| text(f).ends_with(".docx")).unwrap();
    std::fs::write(&edited, form(&[&["姓名", "手写"]])).unwrap();
    let before = std::fs::read(&edited).unwrap();
    let (status, _, said) = fill();
    assert_eq!(status, 2, "{said}");
    let name = edited.file_name().unwrap().to_str().unwrap();
    assert!(said.contains(name) && said.contains("没有覆盖"), "{said}");
    assert_eq!(std::fs::read(&edited).unwrap(), before);
}

#[test]
fn a_binding_of_another_form_or_campaign_reads_nothing() {
    let rows: &[&[&str]] = &[&["姓名", "", "性别", ""], &["手机", "", "民族", ""]];
    let (_, binding) = bound("guard-binding", rows);
    let other = binding.with_file_name("别的.docx");
    std::fs::write(&other, form(&[&["单位名称", "某单位", "联系人", "王示例"]])).unwrap();
    let out = binding.with_file_name("读出.json");
    let read = |file: &PathBuf| {
        code(&[
            "read",
            text(file),
            "--binding",
            text(&binding),
            "-o",
            text(&out),
        ])
    };
    let (status, _, said) = read(&other);
    assert!(status == 1 && said.contains("O6"), "{said}");
    assert!(!out.exists());
    let submission = demo().join("out/submission");
    let diff = |file: &PathBuf| {
        code(&[
            "diff",
            text(file),
            text(&submission),
            "--binding",
            text(&binding),
        ])
    };
    let (status, shown, said) = diff(&other);
    assert!(
        status == 1 && said.contains("O6") && shown.is_empty(),
        "{shown}{said}"
    );
    // the same form, by the binding of another campaign
    let own = binding.with_file_name("表.docx");
    let toml = std::fs::read_to_string(&binding).unwrap();
    std::fs::write(&binding, toml.replace("hebei-zuimei-2021", "another-2021")).unwrap();
    let (status, shown, said) = diff(&own);
    assert!(
        status == 1 && said.contains("O6") && shown.is_empty(),
        "{shown}{said}"
    );
    assert!(said.contains("another-2021"), "{said}");
}

#[test]
fn a_package_without_a_document_is_no_form() {
    let folder = scratch("guard-package");
    let file = folder.join("表.docx");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&file).unwrap());
    zip.start_file("a.txt", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(b"x").unwrap();
    zip.finish().unwrap();
    let mut args = vec!["bind", text(&file)];
    args.extend(CAMPAIGN);
    let (status, _, said) = code(&args);
    assert!(status == 2 && said.contains("不是 Word 文件"), "{said}");
}
