//! Words that stand among the rows and answer nothing: none of them is lost in silence, and nobody becomes a candidate who is called a
//! reserve.

use sanlian::finding::{Finding, Severity};
use sanlian::record::Submission;

use crate::intake::{HEAD, UNIT, ZHANG, book, file, intake, one, quiet, told};

const RESUME_HEAD: &[&str] = &["序号", "候选人", "起止年月", "单位", "职务"];

fn li<'a>(number: &'a str, deeds: &'a str) -> Vec<&'a str> {
    let mut row = vec![
        number,
        "李四",
        "女",
        "1990.03",
        "汉族",
        "科技前沿",
        "139900199003070026",
        "14000000002",
    ];
    row.extend(["050000", "ls@example.org", deeds]);
    row
}

/// What is read of a list of people and their histories.
fn listed(
    people: &[&[&str]],
    resume: &[&[&str]],
    status: &[&[&str]],
) -> (Submission, Vec<Finding>) {
    let mut history = vec![RESUME_HEAD];
    history.extend(resume);
    let bytes = book(&[
        ("单位", UNIT),
        ("候选人", people),
        ("简历", &history),
        ("开展情况", status),
    ]);
    intake(&[file("报送.xlsx", bytes)])
}

const STATUS: &[&[&str]] = &[&["环节", "场次"], &["动员", "1"]];

#[test]
fn a_remark_that_reserves_follow_is_an_error_with_their_number() {
    for remark in [
        "以下为备选人选",
        "候补：",
        "备用人选（按先后）",
        "以下人员递补",
    ] {
        let (submission, findings) = listed(
            &[HEAD, ZHANG, &[remark], &[], &li("2", "事迹")],
            &[],
            STATUS,
        );
        assert_eq!(submission.candidates.len(), 2);
        let finding = one(&findings, "I13", "下面的1人仍算作正式候选人");
        assert_eq!(finding.severity, Severity::Error, "{remark}");
        assert_eq!(finding.place.cell.as_deref(), Some("A3"), "{remark}");
    }
    // in the column of names it is told in the same way
    let (_, findings) = listed(
        &[HEAD, ZHANG, &["", "备用人选："], &li("2", "事迹")],
        &[],
        STATUS,
    );
    one(&findings, "I13", "下面的1人仍算作正式候选人");
    // in the person's own row
    let (_, findings) = listed(&[HEAD, ZHANG, &li("备选1", "事迹")], &[], STATUS);
    let finding = one(&findings, "I13", "这个人仍算作正式候选人");
    assert_eq!(finding.place.cell.as_deref(), Some("A3"));
    // nobody stands below it
    let (_, findings) = listed(&[HEAD, ZHANG, &["以下为备选"]], &[], STATUS);
    assert_eq!(
        one(&findings, "I13", "以下为备选").severity,
        Severity::Warning
    );
}

#[test]
fn notes_in_the_column_of_numbers_are_told() {
    for note in ["注：以上人选按推荐顺序排列", "以上共1人", "填表人：任遥"] {
        let (submission, findings) = listed(&[HEAD, ZHANG, &[], &[note]], &[], STATUS);
        assert_eq!(submission.candidates.len(), 1);
        let finding = one(&findings, "I13", "看作表外的说明");
        assert_eq!(finding.place.cell.as_deref(), Some("A4"), "{note}");
    }
    let row = &["", "张三", "1996.09—2000.07", "示例大学", "学生"];
    for (note, cell) in [
        (&["以上情况属实"][..], "A3"),
        (&["", "填表人：任遥"], "B3"),
        (&["", "", "填表人：任遥"], "C3"),
        (&["", "", "以下空白"], "C3"),
    ] {
        let (_, findings) = listed(&[HEAD, ZHANG], &[row, note], STATUS);
        let finding = one(&findings, "I13", "看作表外的说明");
        assert_eq!(finding.place.cell.as_deref(), Some(cell));
    }
    let (_, findings) = listed(&[HEAD, ZHANG, &li("甲级推荐", "事迹")], &[], STATUS);
    one(&findings, "I15", "序号一格写着“甲级推荐”");
}

#[test]
fn numbers_and_names_that_wait_are_no_notes() {
    for number in [
        "1",
        "1、",
        "第1名",
        "①",
        "一",
        "（一）",
        "No.1",
        "A1",
        "01",
        "/",
        "Ⅱ",
    ] {
        let mut row = ZHANG.to_vec();
        row[0] = number;
        let waiting: &[&str] = &[number];
        let (_, findings) = listed(
            &[HEAD, &row, waiting],
            &[
                &[number, "张三", "1996.09—2000.07", "示例大学", "学生"],
                &["2", "张三"],
                &["4", "无"],
                &["3"],
            ],
            STATUS,
        );
        quiet(&findings);
    }
}

#[test]
fn sums_of_every_list_are_told_and_compared() {
    let status: &[&[&str]] = &[
        &["环节", "场次"],
        &["动员", "3"],
        &["推荐", "4"],
        &["合计", "7"],
    ];
    let (submission, findings) = listed(&[HEAD, ZHANG], &[], status);
    assert_eq!(submission.unit.rows("status").len(), 2);
    assert_eq!(
        one(&findings, "I13", "第4行是合计").severity,
        Severity::Info
    );
    let status: &[&[&str]] = &[
        &["环节", "场次"],
        &["动员", "3"],
        &["推荐", "4"],
        &["合计", "12"],
    ];
    let (_, findings) = listed(&[HEAD, ZHANG], &[], status);
    let finding = one(&findings, "F15", "是12，上面各行相加却是7");
    assert_eq!(finding.place.cell.as_deref(), Some("B4"));
}

/// What is told of the unit's sheet with rows below its items.
fn below(rows: &[&[&str]]) -> Vec<Finding> {
    let mut unit = UNIT.to_vec();
    unit.extend(rows);
    let bytes = book(&[("单位", &unit), ("候选人", &[HEAD, ZHANG])]);
    intake(&[file("报送.xlsx", bytes)]).1
}

#[test]
fn what_stands_below_the_items_of_a_unit_is_told() {
    let findings = below(&[&[], &["", "另：名额经电话批准增加1名"]]);
    let finding = one(&findings, "I4", "另：名额经电话批准增加1名");
    assert_eq!(finding.place.cell.as_deref(), Some("B9"));
    let findings = below(&[&["另有联系人 任遥"]]);
    one(&findings, "I4", "另有联系人 任遥");
    let findings = below(&[&[], &["", "", "节假日请打值班电话"]]);
    one(&findings, "I4", "节假日请打值班电话");
    let known: Vec<String> = told(&below(&[]))
        .into_iter()
        .filter(|t| t.starts_with("I4"))
        .collect();
    assert_eq!(known, Vec::<String>::new());
}

/// The headings again below people, as where two tables were put together, are no person; a tab in a text is a blank.
#[test]
fn headings_again_are_told_and_nobody_becomes_a_candidate_of_them() {
    let starred: Vec<String> = HEAD.iter().map(|head| format!("{head}＊")).collect();
    let starred: Vec<&str> = starred.iter().map(String::as_str).collect();
    for again in [HEAD.to_vec(), starred] {
        let row = li("2", "扎根基层\t带队攻关");
        let (submission, findings) = listed(&[HEAD, ZHANG, &again, &row], &[], STATUS);
        let names = submission.candidates.iter().map(|c| c.text("name"));
        assert_eq!(names.collect::<Vec<_>>(), ["张三", "李四"]);
        let finding = one(&findings, "I13", "第3行是重复的标题行，没有读取");
        assert_eq!(finding.severity, Severity::Warning);
        let deeds = submission.candidates.last().map(|c| c.text("deeds"));
        assert_eq!(deeds, Some("扎根基层 带队攻关"));
    }
}
