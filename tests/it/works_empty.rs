//! Folders of works in which nothing lies.

use sanlian::check::check;
use sanlian::finding::Severity::Error;
use sanlian::intake::blank::filled_workbook;
use sanlian::intake::{self, SourceFile};

use crate::works::{hebei, people, with_works};

#[test]
fn an_empty_folder_that_a_row_names_is_told_as_empty() {
    let campaign = hebei();
    let told = |typed: &str, empty: &[&str]| {
        let rows = [("王示例", "示例作品", "", typed)];
        let bytes = filled_workbook(&campaign, &with_works(people(), &rows)).unwrap();
        let book = SourceFile {
            path: "填报工作簿.xlsx".to_owned(),
            bytes,
        };
        let (mut submission, _) = intake::read(&campaign, &[book], None, Vec::new());
        submission.empty_folders = empty.iter().map(|path| (*path).to_owned()).collect();
        let mut found = check(&campaign, &submission, None);
        found.retain(|f| f.code == "M15");
        let [finding] = found.as_slice() else {
            panic!("{typed}: {found:#?}");
        };
        assert_eq!(finding.place.cell.as_deref(), Some("F3"), "{finding:#?}");
        assert_eq!(finding.severity, Error);
        format!("{}{}", finding.message, finding.hint)
    };
    for typed in ["H5页面", "作品/H5页面", "D:\\作品\\H5页面\\", "Ｈ５页面"] {
        let said = told(typed, &["photos", "作品/H5页面"]);
        assert!(
            said.contains("文件夹“作品/H5页面”是空的"),
            "{typed}: {said}"
        );
    }
    let deep = told("页面", &["作品/王示例/页面", "作品/王示例"]);
    assert!(deep.contains("“作品/王示例/页面”是空的"), "{deep}");
    // an empty folder elsewhere is not the one that is meant
    let other = told("H5页面", &["videos/H5页面", "作品/别的"]);
    assert!(other.contains("不在 作品 文件夹中"), "{other}");
}
