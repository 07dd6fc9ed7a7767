//! What a list is about: its heading says whose it is and of what, whatever its columns are called. A list of something else or of somebody
//! else never takes the candidate's entries.

use sanlian::fill::{Binding, bind};

use crate::fill::campaign;
use crate::form_languages::docx;

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn table(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| {
        let own = paragraph(text);
        format!("<w:tc><w:tcPr><w:tcW w:w=\"1500\" w:type=\"dxa\"/></w:tcPr>{own}</w:tc>")
    };
    let row = |cells: &&[&str]| {
        let own: String = cells.iter().map(cell).collect();
        format!("<w:tr>{own}</w:tr>")
    };
    let grid = "<w:gridCol w:w=\"1500\"/>".repeat(rows[0].len());
    let own: String = rows.iter().map(row).collect();
    format!("<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{own}</w:tbl>")
}

const PERSON: &[&[&str]] = &[&["姓名", "", "性别", ""], &["民族", "", "政治面貌", ""]];
const JOBS: &[&[&str]] = &[
    &["起止年月", "工作单位", "职务", "证明人"],
    &["", "", "", ""],
    &["", "", "", ""],
    &["", "", "", ""],
];
const PRIZES: &[&[&str]] = &[
    &["年月", "名称", "等级", "授予单位"],
    &["", "", "", ""],
    &["", "", "", ""],
];

/// A form of one person with lists under their headings.
fn bound(lists: &[(&str, &[&[&str]])]) -> Binding {
    let mut body = paragraph("干部登记表") + &table(PERSON);
    for (heading, rows) in lists {
        body += &paragraph(heading);
        body += &table(rows);
    }
    bind(&campaign(), "表.docx", &docx(&body)).unwrap()
}

/// The lists that are bound for certain.
fn sure(binding: &Binding) -> Vec<String> {
    let places = binding.places.iter().filter(|b| b.confidence > 0.8);
    let keys = places.filter_map(|b| b.place.key.split_once('.'));
    let mut lists: Vec<String> = keys.map(|(list, _)| list.to_owned()).collect();
    lists.dedup();
    lists
}

#[test]
fn a_list_takes_what_its_heading_says() {
    for (heading, rows, list) in [
        ("获奖情况", PRIZES, "awards"),
        ("二、本人主要获奖情况", PRIZES, "awards"),
        ("（三）近五年获得的荣誉", PRIZES, "awards"),
        ("工作简历", JOBS, "resume"),
        ("四、学习工作经历", JOBS, "resume"),
        // an aside and a sentence announce nothing
        ("（可另附页）", JOBS, "resume"),
        ("从大学填起，不能间断，没有的填无。", JOBS, "resume"),
    ] {
        assert_eq!(sure(&bound(&[(heading, rows)])), [list], "{heading}");
    }
}

#[test]
fn a_list_of_another_thing_or_person_is_left() {
    for (heading, rows) in [
        ("受处分情况", PRIZES),
        ("违纪违法情况", PRIZES),
        ("主持项目情况", PRIZES),
        ("制定标准情况", PRIZES),
        ("导师获奖情况", PRIZES),
        ("团队获奖情况", PRIZES),
        ("集体获奖情况", PRIZES),
        ("指导学生获奖情况", PRIZES),
        ("配偶简历", JOBS),
        ("父亲工作简历", JOBS),
    ] {
        let binding = bound(&[(heading, rows)]);
        assert_eq!(sure(&binding), Vec::<String>::new(), "{heading}");
        // and is named, so that a person can bind it
        let labels = binding.others.iter().map(|o| o.place.label.as_str());
        let open = binding.unbound.iter().map(|u| u.label.as_str());
        let unsure = binding.unsure().map(|b| b.place.label.as_str());
        let named: Vec<&str> = labels.chain(open).chain(unsure).collect();
        for column in rows[0].iter().filter(|c| **c != "证明人") {
            assert!(named.contains(column), "{heading}: {column}: {named:?}");
        }
        // the person above is still the candidate
        let own = binding.places.iter().filter(|b| b.confidence > 0.8);
        assert!(
            own.map(|b| b.place.key.as_str()).any(|key| key == "name"),
            "{heading}"
        );
    }
}

#[test]
fn a_list_that_is_asked_in_two_parts_waits_for_a_word() {
    let parts: &[(&str, &[&[&str]])] = &[("学习经历", JOBS), ("工作经历", JOBS)];
    let binding = bound(parts);
    assert_eq!(sure(&binding), Vec::<String>::new());
    let held = binding
        .places
        .iter()
        .filter(|b| b.place.key.starts_with("resume."));
    assert!(held.count() >= 6);
    // the same heading again is one list that goes on
    let whole: &[(&str, &[&[&str]])] = &[("工作经历", JOBS), ("工作经历（续）", JOBS)];
    assert_eq!(sure(&bound(whole)), ["resume"]);
}

#[test]
fn what_a_unit_does_is_nothing_that_a_person_did() {
    let activities: &[&[&str]] = &[
        &["时间", "活动名称", "地点", "参加人数"],
        &["", "", "", ""],
        &["", "", "", ""],
    ];
    assert_eq!(
        sure(&bound(&[("本人科普活动情况", activities)])),
        Vec::<String>::new()
    );
}
