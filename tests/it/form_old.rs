//! Old forms (.doc、.xls): bound and filled as LibreOffice makes them new, where it is installed; elsewhere refused with what to do.

use crate::forms::{code, text};
use crate::run::demo;
use crate::{fill_joined, office, tools};

#[test]
fn an_old_document_is_bound_filled_and_read_by_way_of_libreoffice() {
    let folder = tools::folder("form-old");
    let rows: &[&[&str]] = &[&["姓名", "", "性别", ""], &["民族", "", "籍贯", ""]];
    let new = office::keep(&folder, "推荐表.docx", &fill_joined::form(rows));
    if !office::convert(&[&new], "doc", &folder) {
        return;
    }
    let old = folder.join("推荐表.doc");
    let binding = folder.join("绑定.toml");
    let campaign = ["--campaign", "hebei-zuimei-2021"];
    let (end, _, said) = code(&[
        "bind",
        text(&old),
        campaign[0],
        campaign[1],
        "-o",
        text(&binding),
    ]);
    assert_eq!(end, 0, "{said}");
    let toml = std::fs::read_to_string(&binding).unwrap();
    for key in ["name", "sex", "ethnic", "native_place"] {
        assert!(toml.contains(&format!("key = \"{key}\"")), "{key}: {toml}");
    }
    let submission = demo().join("out/submission");
    let out = folder.join("填好");
    let _ = std::fs::remove_dir_all(&out);
    let bound = ["--binding", text(&binding)];
    let (end, _, said) = code(&[
        "fill",
        text(&old),
        bound[0],
        bound[1],
        text(&submission),
        "-o",
        text(&out),
    ]);
    assert_eq!(end, 0, "{said}");
    let files: Vec<_> = std::fs::read_dir(&out)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    assert!(!files.is_empty());
    for file in &files {
        assert!(text(file).ends_with("-推荐表.docx"), "{}", file.display());
        let (end, lines, said) = code(&["diff", text(file), text(&submission), bound[0], bound[1]]);
        assert_eq!(end, 0, "{lines}{said}");
    }
}
