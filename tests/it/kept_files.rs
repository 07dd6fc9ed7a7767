//! A result takes the place of an earlier result of its kind; never of what it is made of, of a part of a submission, or of a file of another kind.

use crate::run::{copy_tree, demo, sanlian, scratch};

fn text(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn no_command_writes_over_what_is_somebody_elses() {
    let dir = scratch("kept-files");
    copy_tree(&demo().join("out/submission"), &dir.join("W"));
    let w = dir.join("W");
    let letter = dir.join("复函.docx");
    std::fs::write(&letter, b"PK\x03\x04 word/document.xml").unwrap();
    let keys = dir.join("keys");
    copy_tree(&demo().join("keys"), &keys);
    let now = ["--now", "2021-05-28T10:00:00+08:00"];
    let mut own: Vec<std::path::PathBuf> = [
        "填报工作簿.xlsx",
        "records.json",
        "sanlian.toml",
        "报告.txt",
        "photos/王示例1.jpg",
    ]
    .iter()
    .map(|name| w.join(name))
    .collect();
    own.push(letter.clone());
    for path in &own {
        let before = std::fs::read(path).unwrap();
        let commands: [Vec<&str>; 4] = [
            [
                &["pack", text(&w), "--keys", text(&keys), "-o", text(path)][..],
                &now,
            ]
            .concat(),
            [&["check", text(&w), "--marked", text(path)][..], &now].concat(),
            vec!["schema", "-o", text(path)],
            vec!["key", "export", "--keys", text(&keys), "-o", text(path)],
        ];
        for command in commands {
            let done = sanlian(&command);
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(!done.status.success(), "{command:?}");
            assert!(
                said.contains("没有盖掉") || said.contains("同一个文件"),
                "{command:?}: {said}"
            );
            assert_eq!(std::fs::read(path).unwrap(), before, "{command:?}");
        }
    }
    // an earlier result of the same kind gives way
    let out = dir.join("栏目.json");
    for _ in 0..2 {
        assert!(sanlian(&["schema", "-o", text(&out)]).status.success());
    }
}

#[test]
fn a_form_is_never_replaced_by_its_binding_or_by_what_is_read_from_it() {
    let dir = scratch("kept-forms");
    let blank = dir.join("表.docx");
    std::fs::write(
        &blank,
        crate::fill_joined::form(&[&["姓名", "", "性别", ""]]),
    )
    .unwrap();
    let before = std::fs::read(&blank).unwrap();
    let campaign = ["--campaign", "hebei-zuimei-2021"];
    for command in [
        [&["bind", text(&blank), "-o", text(&blank)][..], &campaign].concat(),
        [
            &["bind", text(&blank), "--preview", text(&blank)][..],
            &campaign,
        ]
        .concat(),
        [&["read", text(&blank), "-o", text(&blank)][..], &campaign].concat(),
    ] {
        assert!(!sanlian(&command).status.success(), "{command:?}");
        assert_eq!(std::fs::read(&blank).unwrap(), before, "{command:?}");
    }
}
