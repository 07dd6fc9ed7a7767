//! Rows of lists and the candidates they belong to.

use rust_xlsxwriter::{Format, Worksheet};
use sanlian::finding::Finding;
use sanlian::record::{Entry, Submission};

use crate::intake::{UNIT, book_with, file, intake, one, told};

/// Reads a résumé for three candidates, two of them called 张三.
fn resume(rows: &[&[&str]], change: impl Fn(&mut Worksheet)) -> (Submission, Vec<Finding>) {
    let people: &[&[&str]] = &[
        &["序号", "姓名", "性别", "身份证号"],
        &["1", "张三", "男", "139900198502140015"],
        &["2", "张三", "女", "139900197909300020"],
        &["3", "阿依古丽·示例", "女", "139900199202290139"],
    ];
    let bytes = book_with(
        &[
            ("单位", UNIT),
            ("候选人", people),
            ("简历", rows),
            ("开展情况", &[&["环节", "场次"], &["动员", "1"]]),
        ],
        |name, sheet| {
            if name == "简历" {
                change(sheet);
            }
        },
    );
    intake(&[file("报送.xlsx", bytes)])
}

#[test]
fn rows_of_lists_find_their_candidate() {
    let (submission, findings) = resume(
        &[
            &["候选人", "身份证号", "起止年月", "单位"],
            &["张三", "139900197909300020", "1996.09—2000.07", "甲"],
            &["阿依古丽•示例", "", "1996.09—2000.07", "乙"],
            &["139900198502140015", "", "1996.09—2000.07", "丙"],
        ],
        |_| {},
    );
    assert!(
        findings.iter().all(|f| f.code != "I5"),
        "{:#?}",
        told(&findings)
    );
    let orgs: Vec<&str> = submission
        .candidates
        .iter()
        .map(|c| c.rows("resume")[0]["org"].as_str())
        .collect();
    assert_eq!(orgs, ["丙", "甲", "乙"]);
}

#[test]
fn number_in_the_list_tells_namesakes_apart() {
    let (submission, findings) = resume(
        &[
            &["候选人序号", "候选人", "起止年月", "单位"],
            &["2", "张三", "1996.09—2000.07", "甲"],
        ],
        |_| {},
    );
    assert!(findings.iter().all(|f| f.code != "I5"));
    assert_eq!(submission.candidates[1].rows("resume").len(), 1);
    // the number of the row itself says nothing of whose it is
    let (submission, findings) = resume(
        &[
            &["序号", "候选人", "起止年月", "单位"],
            &["2", "张三", "1996.09—2000.07", "甲"],
        ],
        |_| {},
    );
    one(&findings, "I5", "有2人叫“张三”");
    let nobody = |c: &sanlian::record::Entry| c.rows("resume").is_empty();
    assert!(submission.candidates.iter().all(nobody));
}

#[test]
fn rows_of_nobody_are_told_with_the_nearest_name() {
    let (submission, findings) = resume(
        &[
            &["候选人", "起止年月", "单位"],
            &["阿依古力·示例", "1996.09—2000.07", "甲"],
            &["", "2000.08—至今", "乙"],
            &["张三", "1996.09—2000.07", "丙"],
        ],
        |_| {},
    );
    assert!(
        submission
            .candidates
            .iter()
            .all(|c| c.rows("resume").is_empty())
    );
    one(&findings, "I5", "最接近的是“阿依古丽·示例”");
    assert_eq!(
        one(&findings, "I5", "没有写明").place.cell.as_deref(),
        Some("A3")
    );
    one(&findings, "I5", "有2人叫“张三”");
}

#[test]
fn a_name_merged_down_beside_its_rows_is_the_name_of_each() {
    let rows: &[&[&str]] = &[
        &["候选人", "起止年月", "单位"],
        &["", "1996.09—2000.07", "甲"],
        &["", "2000.08—至今", "乙"],
    ];
    let (submission, findings) = resume(rows, |sheet| {
        let name = "阿依古丽·示例";
        sheet.merge_range(1, 0, 2, 0, name, &Format::new()).unwrap();
    });
    let is = |f: &&Finding| matches!(f.code, "I5" | "I6");
    assert_eq!(findings.iter().find(is), None);
    let of_name = |c: &&Entry| c.text("name") == "阿依古丽·示例";
    let owner = submission.candidates.iter().find(of_name).unwrap();
    let units: Vec<&str> = owner
        .rows("resume")
        .iter()
        .map(|r| r["org"].as_str())
        .collect();
    assert_eq!(units, ["甲", "乙"]);
    // merged without a name in it, it is the cause that is told
    let (_, findings) = resume(rows, |sheet| {
        sheet.merge_range(1, 0, 2, 0, "", &Format::new()).unwrap();
    });
    assert!(
        findings
            .iter()
            .any(|f| f.code == "I5" && f.message.contains("单元格已合并"))
    );
}

#[test]
fn a_word_for_the_line_above_is_no_name() {
    let (_, findings) = resume(
        &[
            &["候选人", "起止年月", "单位"],
            &["阿依古丽·示例", "1996.09—2000.07", "甲"],
            &["同上", "2000.08—2001.07", "乙"],
            &["〃", "2001.08—至今", "丙"],
        ],
        |_| {},
    );
    let told: Vec<&Finding> = findings.iter().filter(|f| f.code == "I5").collect();
    assert_eq!(told.len(), 2, "{findings:#?}");
    for finding in told {
        assert!(finding.message.contains("不知此行属于谁"), "{finding:?}");
        assert!(finding.hint.contains("与上一行相同的也照写"), "{finding:?}");
    }
}
