//! The commands about forms as a secretary meets them: an untouched file differs in nothing, a report is compared as one, no message
//! shows a key, channels go by any of their names.

use std::path::PathBuf;

use sanlian::form::numbered;
use serde_json::Value;

use crate::run::{copy_tree, demo, ok, sanlian, scratch};

/// A copy of the demo's submission without its record book.
fn submission(name: &str) -> PathBuf {
    let folder = scratch(name).join("submission");
    copy_tree(&demo().join("out/submission"), &folder);
    let _ = std::fs::remove_file(folder.join("records.json"));
    folder
}

#[test]
fn a_report_that_cannot_be_read_is_told_once_and_is_not_called_missing() {
    let folder = submission("form-report-unread");
    std::fs::remove_file(folder.join("报告.txt")).unwrap();
    std::fs::write(
        folder.join("报告.doc"),
        "<html><body>情况报告</body></html>",
    )
    .unwrap();
    let now = "2021-05-21T09:00:00+08:00";
    let output = sanlian(&["check", folder.to_str().unwrap(), "--json", "--now", now]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let of = |code: &str| findings.iter().filter(|f| f["code"] == code).count();
    assert_eq!((of("I1"), of("M9")), (1, 0), "{report}");
    // where none lies there, it is missing
    std::fs::remove_file(folder.join("报告.doc")).unwrap();
    let output = sanlian(&["check", folder.to_str().unwrap(), "--json", "--now", now]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("\"M9\""), "{said}");
}

#[test]
fn an_untouched_file_differs_in_nothing_and_a_report_is_compared() {
    let paper = demo().join("out/paper");
    let folder = submission("form-diff");
    for name in [
        "推荐表/01-欧阳𬭚-推荐表.docx",
        "推荐人选汇总表.docx",
        "推荐工作情况报告.docx",
    ] {
        let file = paper.join(name);
        ok(&["diff", file.to_str().unwrap(), folder.to_str().unwrap()]);
    }
    let text = std::fs::read_to_string(folder.join("报告.txt")).unwrap();
    std::fs::write(
        folder.join("报告.txt"),
        text.replacen("5月6日", "5月7日", 1),
    )
    .unwrap();
    let file = paper.join("推荐工作情况报告.docx");
    let output = sanlian(&["diff", file.to_str().unwrap(), folder.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("5月6日") || said.contains("5月7日"), "{said}");
}

#[test]
fn a_channel_goes_by_any_of_its_names() {
    let folder = scratch("form-channel");
    for (n, channel) in ["city", "市科协"].iter().enumerate() {
        let dir = folder.join(n.to_string());
        let dir = dir.to_str().unwrap();
        ok(&["new", "hebei-zuimei-2021", dir, "--channel", channel]);
    }
    let dir = folder.join("none");
    let args = [
        "new",
        "hebei-zuimei-2021",
        dir.to_str().unwrap(),
        "--channel",
        "县科协",
    ];
    assert_eq!(sanlian(&args).status.code(), Some(2));
}

#[test]
fn numbers_of_files_sort_whatever_their_count() {
    assert_eq!(numbered(0, 3), "01");
    assert_eq!(numbered(98, 99), "99");
    assert_eq!(numbered(0, 100), "001");
    assert_eq!(numbered(99, 100), "100");
}
