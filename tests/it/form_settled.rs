//! What is sure of a form is the candidate's own: people beside him, the rosters of his form, the contact of other bodies, sheets that only tell how
//! to fill it in; and a binding that a person worked on is not written over.

use sanlian::fill::{Binding, bind};

use crate::fill::campaign;
use crate::form_heads::{bar, book, p, table, tr};
use crate::form_languages::docx;
use crate::form_sheets::{blank, row, text};
use crate::forms::code;
use crate::run::scratch;

fn bound(form: &[u8]) -> Binding {
    bind(&campaign(), "表.docx", form).unwrap()
}

/// Keys that are sure, in order.
fn sure(bound: &Binding) -> Vec<&str> {
    bound.sure().map(|b| b.place.key.as_str()).collect()
}

/// Cells or rows and columns of the places that are sure.
fn cells(bound: &Binding) -> Vec<(&str, &str, &str)> {
    let own = bound.sure().map(|b| &b.place);
    own.map(|p| (p.key.as_str(), p.sheet.as_str(), p.cell.as_str()))
        .collect()
}

fn rows(first: usize, all: &[&[&str]]) -> String {
    let rows = all.iter().enumerate().map(|(n, words)| {
        let number = first + n;
        let cells = words.iter().zip(["A", "B", "C", "D", "E", "F", "G"]);
        let cells = cells.map(|(words, column)| {
            let name = format!("{column}{number}");
            if words.is_empty() {
                blank(&name)
            } else {
                text(&name, words)
            }
        });
        row(u32::try_from(number).unwrap(), &cells.collect::<Vec<_>>())
    });
    rows.collect()
}

fn sheet(name: &str, rows: String, merges: &[&str]) -> (String, String, String) {
    let merges = merges.iter().map(|m| format!("<mergeCell ref=\"{m}\"/>"));
    (name.to_owned(), rows, merges.collect())
}

#[test]
fn a_roster_in_a_form_of_one_person_lists_nobody() {
    let own = rows(
        1,
        &[
            &["个人推荐表"],
            &["姓名", "", "性别", ""],
            &["手机", "", "民族", ""],
        ],
    );
    let people = [
        &["", "", "", ""][..],
        &["指导研究生", "学生姓名", "性别", "手机"],
        &["1", "", "", ""],
        &["2", "", "", ""],
    ];
    let one = book(&[sheet("推荐表", own.clone() + &rows(4, &people), &[])]);
    let found = bound(&one);
    assert_eq!(
        sure(&found),
        ["name", "sex", "mobile", "ethnic"],
        "{found:?}"
    );
    // as a sheet of its own too
    let roster = rows(
        1,
        &[
            &["候选人名单"],
            &["序号", "姓名", "手机", "身份证号"],
            &["1"],
        ],
    );
    let two = book(&[
        sheet("推荐表", own, &[]),
        sheet("候选人名单", roster.clone(), &[]),
    ]);
    let found = bound(&two);
    assert!(
        sure(&found).iter().all(|k| !k.starts_with("candidates.")),
        "{found:?}"
    );
    assert!(
        found.others.iter().any(|o| o.whose == "名单上的每一个人"),
        "{found:?}"
    );
    // and where nobody is asked alone it lists all
    let found = bound(&book(&[sheet("候选人名单", roster, &[])]));
    assert!(sure(&found).contains(&"candidates.name"), "{found:?}");
}

#[test]
fn who_is_called_by_what_he_does_is_not_given_the_candidate_s_name() {
    for somebody in [
        "押运员",
        "志愿者",
        "主讲人",
        "毕业生",
        "驻村干部",
        "帮扶专员",
        "接机司机",
    ] {
        let lines = [
            p("先进个人推荐表"),
            p("姓名：________　手机：________　职称：________"),
            p(&format!(
                "{somebody}：________　单位：________　手机：________"
            )),
        ];
        let found = bound(&docx(&lines.concat()));
        let keys = sure(&found);
        assert_eq!(keys, ["name", "mobile", "title"], "{somebody}: {found:?}");
    }
    // whoever applies is the candidate
    let lines = [p("先进个人推荐表"), p("申请人：________　手机：________")];
    assert_eq!(sure(&bound(&docx(&lines.concat()))), ["name", "mobile"]);
}

#[test]
fn what_reaches_another_body_is_not_the_unit_s() {
    for (body, own) in [
        ("（二）学会秘书处", false),
        ("二、高校科研处", false),
        ("所在基层工会", false),
        ("县乡村振兴局", false),
        ("二、推荐单位", true),
        ("推荐单位信息", true),
    ] {
        let tables = [
            p("先进个人推荐表"),
            p("一、本人信息"),
            table(&[tr(&[("", "姓名"), ("", ""), ("", "性别"), ("", "")])]),
            p(body),
            table(&[tr(&[
                ("", "联系人"),
                ("", ""),
                ("", "联系人手机"),
                ("", ""),
            ])]),
        ];
        let found = bound(&docx(&tables.concat()));
        let unit = sure(&found).iter().any(|k| k.starts_with("unit."));
        assert_eq!(unit, own, "{body}: {found:?}");
    }
}

#[test]
fn a_sheet_that_tells_how_holds_no_blanks() {
    let own = rows(
        1,
        &[
            &["个人推荐表"],
            &["姓名", "", "性别", ""],
            &["工作单位", ""],
        ],
    );
    for name in ["填写说明", "填表须知", "说明", "填报要求"] {
        let told = rows(
            1,
            &[&[name], &["姓名：", "与身份证一致"], &["工作单位：", ""]],
        );
        let found = bound(&book(&[
            sheet("推荐表", own.clone(), &[]),
            sheet(name, told, &[]),
        ]));
        let cells = cells(&found);
        assert_eq!(cells.len(), 3, "{name}: {cells:?}");
        assert!(cells.iter().all(|c| c.1 == "推荐表"), "{name}: {cells:?}");
    }
}

#[test]
fn a_label_in_a_merged_cell_keeps_its_blank() {
    let (title, merge) = bar(1, "一、本人信息");
    let merged = ["A2:B2", "C2:D2", "A3:D3"];
    let all = title
        + &rows(
            2,
            &[
                &["姓名：", "", "性别：", "", ""],
                &["工作单位：", "", "", "", ""],
            ],
        );
    let mut one = sheet("表", all, &merged);
    one.2 += &merge;
    let found = bound(&book(&[one]));
    assert_eq!(
        cells(&found),
        [
            ("name", "表", "A2"),
            ("sex", "表", "C2"),
            ("org", "表", "A3")
        ],
        "{found:?}"
    );
}

#[test]
fn of_people_side_by_side_the_candidate_s_column_is_filled() {
    for heads in [
        ["配偶", "本人"],
        ["原任理事", "新任理事人选"],
        ["介绍人", "被介绍人本人"],
    ] {
        let rows = [
            tr(&[("", "项目"), ("", heads[0]), ("", heads[1])]),
            tr(&[("", "姓名"), ("", ""), ("", "")]),
            tr(&[("", "工作单位"), ("", ""), ("", "")]),
            tr(&[("", "手机"), ("", ""), ("", "")]),
        ];
        let found = bound(&docx(&(p("职工申报表") + &table(&rows))));
        let own: Vec<_> = found
            .sure()
            .map(|b| (b.place.key.as_str(), b.place.column))
            .collect();
        assert_eq!(
            own,
            [("name", 2), ("org", 2), ("mobile", 2)],
            "{heads:?}: {found:?}"
        );
        assert_eq!(found.others.len(), 3, "{heads:?}: {found:?}");
    }
    let along = [
        tr(&[("", "人员"), ("", "姓名"), ("", "性别"), ("", "手机")]),
        tr(&[("", "申报人"), ("", ""), ("", ""), ("", "")]),
        tr(&[("", "驻村干部"), ("", ""), ("", ""), ("", "")]),
    ];
    let found = bound(&docx(&(p("实用人才申报表") + &table(&along))));
    let own: Vec<_> = found
        .sure()
        .map(|b| (b.place.key.as_str(), b.place.row))
        .collect();
    assert_eq!(own, [("name", 1), ("sex", 1), ("mobile", 1)], "{found:?}");
}

#[test]
fn an_example_in_a_line_is_told() {
    let lines = [
        "姓名：张三（示例）",
        "性别：男",
        "民族：XX族",
        "政治面貌：党员（ ）团员（ ）",
    ];
    let body: String = lines.iter().map(|l| p(l)).collect();
    let found = bound(&docx(&(p("推荐表") + &body)));
    let told: Vec<&str> = found.unbound.iter().map(|u| u.label.as_str()).collect();
    for line in lines {
        let words = line.split('：').nth(1).unwrap();
        assert!(told.iter().any(|t| t.contains(words)), "{line}: {told:?}");
    }
}

#[test]
fn a_binding_with_decisions_is_not_written_over() {
    let dir = scratch("form-settled-bind");
    let at = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let body = [
        p("先进个人推荐表"),
        table(&[tr(&[("", "姓名"), ("", ""), ("", "性别"), ("", "")])]),
    ];
    std::fs::write(at("表.docx"), docx(&body.concat())).unwrap();
    let (form, out) = (at("表.docx"), at("表.toml"));
    let bind = |more: &[&str]| {
        let usual = ["bind", &form, "-o", &out, "--campaign", "hebei-zuimei-2021"];
        code(&[&usual, more].concat())
    };
    assert_eq!(bind(&[]).0, 0);
    // as it was found it may be found again
    assert_eq!(bind(&[]).0, 0);
    let found = std::fs::read_to_string(&out).unwrap();
    let edits = [
        found.replacen(
            "confidence = 0.98",
            "confidence = 0.98\nconfirmed = true",
            1,
        ),
        found.replacen("key = \"sex\"", "key = \"ethnic\"", 1),
        found.replace("confirmed = false", "confirmed = true"),
        found.replacen("\n[[place]]", "\n[[place", 1),
    ];
    for edited in edits {
        assert_ne!(edited, found);
        std::fs::write(&out, &edited).unwrap();
        let (end, _, told) = bind(&[]);
        assert_eq!(end, 2, "{told}");
        assert!(
            told.contains("没有盖掉") && told.contains("--replace"),
            "{told}"
        );
        assert_eq!(std::fs::read_to_string(&out).unwrap(), edited);
        assert_eq!(bind(&["--replace"]).0, 0);
        assert_eq!(std::fs::read_to_string(&out).unwrap(), found);
    }
    // brought up to date in its place
    std::fs::write(&out, found.replace("confirmed = false", "confirmed = true")).unwrap();
    let (end, _, told) = bind(&["--from", &out]);
    assert_eq!(end, 0, "{told}");
}

/// A list of people is the candidates' where its heading says so or says nothing of anybody; whoever else is listed is not filled in.
#[test]
fn a_roster_is_the_candidates_only_where_its_heading_lets_it() {
    const HEADS: [&str; 6] = ["序号", "姓名", "性别", "工作单位", "职务", "手机"];
    let roster = |title: &str| {
        let blank = ["", "", "", "", "", ""];
        rows(1, &[&[title], &HEADS, &blank, &blank, &blank])
    };
    let listed = |b: &Binding, sheet: &str| {
        let own = b.sure().filter(|b| b.place.sheet == sheet);
        own.filter(|b| b.place.key.starts_with("candidates."))
            .count()
    };
    for other in [
        "落选人员",
        "往届获奖者",
        "带队教师",
        "后勤保障组",
        "巡回评委",
        "特邀嘉宾",
        "退休职工",
        "帮扶对象",
        "实习学生",
    ] {
        // as the name of a sheet beside the candidates' own, and as the only title of a file
        let both = [("推荐人选", ""), (other, "")];
        let sheets = both.map(|(name, title)| sheet(name, roster(title), &[]));
        let found = bound(&book(&sheets));
        assert!(
            listed(&found, "推荐人选") > 3,
            "{other}: {:?}",
            sure(&found)
        );
        assert_eq!(listed(&found, other), 0, "{other}");
        let title = format!("{other}登记表");
        let found = bound(&book(&[sheet("Sheet1", roster(&title), &["A1:F1"])]));
        assert_eq!(listed(&found, "Sheet1"), 0, "{title}");
    }
    for own in [
        "推荐人选汇总表",
        "候选人名单",
        "汇总表",
        "最美科技工作者名单",
    ] {
        let found = bound(&book(&[sheet("Sheet1", roster(own), &["A1:F1"])]));
        assert!(listed(&found, "Sheet1") > 3, "{own}: {:?}", sure(&found));
    }
}
