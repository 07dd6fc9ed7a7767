//! A list that a form asks for as one text (个人简历 with a single box): bound with the remark to look at it, filled line by line,
//! read back row by row, as it was filled and as people type it.

use std::collections::BTreeMap;

use sanlian::fill::{Filling, Prepared, assemble, bind, read};
use sanlian::record::Submission;

use crate::fill::{campaign, submission};
use crate::fill_joined::form;

const ROWS: &[&[&str]] = &[
    &["姓名", ""],
    &["个人简历（从大学填起）", ""],
    &["获奖情况", ""],
];

fn rows(submission: &Submission, list: &str) -> Vec<BTreeMap<String, String>> {
    submission.candidates[0].rows(list).to_vec()
}

/// What is read where this was typed into the box of the résumé: span, organisation and post of each row.
fn typed(text: &str) -> Vec<[String; 3]> {
    let campaign = campaign();
    let bound = bind(&campaign, "表.docx", &form(ROWS)).unwrap();
    let lines = text.replace('\n', "</w:t><w:br/><w:t xml:space=\"preserve\">");
    let filled = form(&[&["姓名", "石研坚"], &[ROWS[1][0], &lines], ROWS[2]]);
    let back = read(&campaign, "填好.docx", &filled, &bound.places()).unwrap();
    let read = assemble(&campaign, &[back]).submission;
    let text =
        |row: &BTreeMap<String, String>, key: &str| row.get(key).cloned().unwrap_or_default();
    let rows = rows(&read, "resume").into_iter();
    rows.map(|r| ["span", "org", "post"].map(|key| text(&r, key)))
        .collect()
}

#[test]
fn a_list_in_one_box_is_filled_line_by_line_and_read_back_row_by_row() {
    let campaign = campaign();
    let form = form(ROWS);
    let bound = bind(&campaign, "表.docx", &form).unwrap();
    let keys: Vec<(&str, f32)> = bound
        .places
        .iter()
        .map(|b| (b.place.key.as_str(), b.confidence))
        .collect();
    assert_eq!(keys, [("name", 0.98), ("resume", 0.85), ("awards", 0.85)]);
    let prepared = Prepared::new(&campaign, &form, bound.places()).unwrap();
    let told = prepared.faults(&campaign, "表.docx");
    let told: Vec<&str> = told.iter().map(|f| f.message.as_str()).collect();
    assert!(
        told.iter()
            .all(|m| !m.contains("简历") && !m.contains("获奖")),
        "{told:?}"
    );
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let mut record = submission().clone();
    // what has no value in the middle of a row keeps its place
    if let Some(sanlian::record::Value::Rows(rows)) = record.candidates[0].values.get_mut("awards")
    {
        rows[0].remove("level");
    }
    let filled = prepared.fill(&campaign, &record, &filling).unwrap();
    for places in [bound.places(), Vec::new()] {
        let back = read(&campaign, "填好.docx", &filled, &places).unwrap();
        let gathered = assemble(&campaign, &[back]);
        assert!(gathered.findings.is_empty(), "{:?}", gathered.findings);
        for list in ["resume", "awards"] {
            assert!(rows(&record, list).len() > 1);
            let mut read = rows(&gathered.submission, list);
            read.iter_mut().for_each(|r| r.retain(|_, v| !v.is_empty()));
            assert_eq!(read, rows(&record, list));
        }
    }
}

#[test]
fn what_people_type_into_one_box_is_taken_apart() {
    let wanted = ["2003.09—2007.07", "示例大学", "水文地质学专业本科学习"];
    for line in [
        "2003.09—2007.07　示例大学　水文地质学专业本科学习",
        "2003.09—2007.07  示例大学\t水文地质学专业本科学习",
        "2003.09—2007.07 示例大学 水文地质学专业本科学习",
        "1、2003.09—2007.07，示例大学　水文地质学专业本科学习",
        "1.2003.09—2007.07 示例大学 水文地质学专业本科学习",
        "1．2003.09—2007.07 示例大学 水文地质学专业本科学习",
    ] {
        assert_eq!(typed(line), [wanted], "{line}");
    }
    let all = typed(
        "2003年9月至2007年7月在示例大学 学习\n2007.08－现在　示例市 第二研究所 副主任 研究员\n\n　　无\n后来的事记不清了",
    );
    let wanted = [
        ["2003年9月至2007年7月", "在示例大学", "学习"],
        ["2007.08－现在", "示例市", "第二研究所 副主任 研究员"],
        ["", "后来的事记不清了", ""],
    ];
    assert_eq!(all, wanted);
    assert!(typed("无").is_empty());
}
