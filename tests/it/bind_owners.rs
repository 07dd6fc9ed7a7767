//! Whose box it is: what is asked of somebody else is named and never takes the candidate's data, what is unsure stays blank and is told.

use sanlian::fill::{Binding, Filling, Prepared, bind};
use sanlian::ooxml::OpcPackage;

use crate::fill::{campaign, submission};
use crate::fill_joined::form;
use crate::form_sheets::{blank, book, row, text as cell};
use crate::forms::{code, text};
use crate::run::{demo, scratch};

/// The fields that a form of these rows is bound to, sure ones alone.
fn keys(rows: &[&[&str]]) -> Vec<String> {
    let binding = bind(&campaign(), "表.docx", &form(rows)).unwrap();
    assert!(
        binding.unsure().next().is_none(),
        "{rows:?}: {:?}",
        binding.places
    );
    let keys = binding.places.iter().map(|b| b.place.key.clone());
    keys.collect()
}

/// What is somebody else's in a form of these rows: label and whose.
fn others(rows: &[&[&str]]) -> Vec<(String, String)> {
    let binding = bind(&campaign(), "表.docx", &form(rows)).unwrap();
    let others = binding.others.into_iter();
    others.map(|o| (o.place.label, o.whose)).collect()
}

#[test]
fn another_person_is_told_by_the_label_the_row_and_the_rows_below() {
    for (rows, wanted) in [
        // the label alone, then what follows it in its row
        (
            &[
                &["姓名", "", "性别", ""][..],
                &["指导教师姓名", "", "职称", ""],
            ][..],
            &["name", "sex"][..],
        ),
        (
            &[&["姓名", "", "手机", ""], &["紧急联系人", "", "电话", ""]],
            &["name", "mobile"],
        ),
        (
            &[&["姓名", "", "籍贯", ""], &["配偶", "", "工作单位", ""]],
            &["name", "native_place"],
        ),
        // what was asked before is asked again: still the other one's
        (
            &[
                &["姓名", "", "手机", ""],
                &["监护人姓名", "", "与本人关系", ""],
                &["工作单位", "", "手机", ""],
                &["民族", "", "籍贯", ""],
            ],
            &["name", "mobile", "ethnic", "native_place"],
        ),
        // whoever is named by a verb alone
        (
            &[&["姓名", "", "职务", ""], &["监交人", "", "职务", ""]],
            &["name", "post"],
        ),
        // another unit
        (
            &[&["姓名", "", "手机", ""], &["实习单位", "", "联系电话", ""]],
            &["name", "mobile"],
        ),
    ] {
        assert_eq!(keys(rows), wanted, "{rows:?}");
        assert!(!others(rows).is_empty(), "{rows:?}");
    }
    assert_eq!(
        others(&[&["姓名", "", "性别", ""], &["校外导师姓名", "", "职务", ""]]),
        [
            ("校外导师姓名".to_owned(), "校外导师".to_owned()),
            ("职务".to_owned(), "校外导师".to_owned())
        ]
    );
}

#[test]
fn whom_a_form_is_about_is_read_from_the_form() {
    for (rows, wanted) in [
        // whoever applies, whatever the form calls that person
        (&[&["学生姓名", "", "导师姓名", ""][..]][..], &["name"][..]),
        (
            &[&["申请人", "", "手机", ""], &["证明人", "", "手机", ""]],
            &["name", "mobile"],
        ),
        (&[&["作者姓名", "", "合作者姓名", ""]], &["name"]),
        // who is in charge, where nobody else is asked for
        (
            &[
                &["项目名称", "", "项目负责人", ""],
                &["性别", "", "民族", ""],
            ],
            &["name", "sex", "ethnic"],
        ),
        // 推荐人 before 被推荐人
        (
            &[
                &["推荐人姓名", "", "职称", ""],
                &["被推荐人姓名", "", "性别", ""],
            ],
            &["name", "sex"],
        ),
    ] {
        assert_eq!(keys(rows), wanted, "{rows:?}");
    }
    // a teacher's form with students in it
    assert_eq!(
        keys(&[
            &["优秀指导教师申报表", "", "", ""],
            &["姓名", "", "职称", ""],
            &["指导学生姓名", "", "学校", ""]
        ]),
        ["name", "title"]
    );
}

#[test]
fn a_list_of_other_people_is_no_list_of_candidates() {
    let family: &[&[&str]] = &[
        &["姓名", "", "性别", ""],
        &["称谓", "姓名", "年龄", "工作单位及职务"],
        &["", "", "", ""],
        &["", "", "", ""],
    ];
    assert_eq!(keys(family), ["name", "sex"]);
    assert_eq!(others(family).len(), 4);
    // one person's form with rows of people that nobody names
    let members: &[&[&str]] = &[
        &["姓名", "", "性别", ""],
        &["姓名", "单位", "职称", "分工"],
        &["", "", "", ""],
        &["", "", "", ""],
    ];
    assert_eq!(keys(members), ["name", "sex"]);
    let authors: &[&[&str]] = &[
        &["序号", "作者姓名", "单位", "导师姓名"],
        &["1", "", "", ""],
        &["2", "", "", ""],
    ];
    let binding = bind(&campaign(), "名单.docx", &form(authors)).unwrap();
    let told: Vec<&str> = binding.others.iter().map(|o| o.whose.as_str()).collect();
    assert!(
        told.contains(&"导师") || binding.places.is_empty(),
        "{told:?}"
    );
    assert!(binding.places.iter().all(|b| b.place.column != 3));
}

#[test]
fn columns_of_several_people_are_nobodys() {
    let rows: &[&[&str]] = &[
        &["项目", "男方", "女方"],
        &["姓名", "", ""],
        &["出生日期", "", ""],
    ];
    assert!(keys(rows).is_empty());
    let states: &[&[&str]] = &[
        &["事项", "变更前", "变更后"],
        &["工作单位", "", ""],
        &["职务", "", ""],
    ];
    assert!(keys(states).is_empty());
}

#[test]
fn labels_of_several_words_ask_what_their_parts_ask() {
    assert_eq!(
        keys(&[
            &["学生姓名", ""],
            &["部门与职务", ""],
            &["所在地址及邮编", ""],
            &["联系邮箱", ""],
            &["学习工作经历", ""],
            &["何时何地受过何种奖励", ""],
        ]),
        [
            "name", "post", "address", "postcode", "email", "resume", "awards"
        ]
    );
}

#[test]
fn what_only_holds_the_place_of_an_answer_gives_way_to_it() {
    let rows: &[&[&str]] = &[
        &["姓名", "XXX"],
        &["性别", "（请填写）"],
        &["民族", "/"],
        &["籍贯", "暂无"],
        &["手机", "例：14000000000"],
        &["审核意见", "（由学院填写）"],
    ];
    assert_eq!(
        keys(rows),
        ["name", "sex", "ethnic", "native_place", "mobile"]
    );
    let campaign = campaign();
    let form = form(rows);
    let places = bind(&campaign, "表.docx", &form).unwrap().places();
    let prepared = Prepared::new(&campaign, &form, places).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let filled = prepared.fill(&campaign, submission(), &filling).unwrap();
    let package = OpcPackage::read(&filled).unwrap();
    let xml = package.text("word/document.xml").unwrap();
    let name = submission().candidates[0].text("name");
    assert!(xml.contains(name), "{xml}");
    for gone in ["XXX", "（请填写）", "暂无", "例："] {
        assert!(!xml.contains(gone), "{gone}: {xml}");
    }
    assert!(xml.contains("（由学院填写）"));
}

#[test]
fn what_a_sheet_does_not_print_asks_nothing() {
    let rows = [
        row(1, &[cell("A1", "姓名"), blank("B1"), blank("C1")]),
        "<row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"inlineStr\"><is><t>性别</t></is></c><c r=\"C2\"/></row>".to_owned(),
        row(3, &[cell("A3", "民族"), blank("B3"), blank("C3")]),
        row(9, &[cell("A9", "籍贯"), blank("B9"), blank("C9")]),
    ];
    let area =
        "<definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">推荐表!$A$1:$C$5</definedName>";
    let form = book(&rows.concat(), "", "", area);
    let mut package = OpcPackage::read(&form).unwrap();
    let part = "xl/worksheets/sheet1.xml";
    let cols = "<cols><col min=\"2\" max=\"2\" width=\"9\" hidden=\"1\"/></cols><sheetData>";
    let xml = package.text(part).unwrap().replace("<sheetData>", cols);
    package.put(part, xml);
    let binding = bind(&campaign(), "表.xlsx", &package.write().unwrap()).unwrap();
    let found: Vec<(&str, &str)> = binding
        .places
        .iter()
        .map(|b| (b.place.key.as_str(), b.place.cell.as_str()))
        .collect();
    assert_eq!(found, [("name", "C1"), ("ethnic", "C3")]);
}

#[test]
fn a_sheet_that_ends_with_heads_is_filled_below_them() {
    let heads = ["登录名", "姓名", "性别", "手机号码", "指导教师姓名"];
    let cells: Vec<String> = heads
        .iter()
        .zip(["A1", "B1", "C1", "D1", "E1"])
        .map(|(text, at)| cell(at, text))
        .collect();
    let form = book(&row(1, &cells), "", "", "");
    let campaign = campaign();
    let binding = bind(&campaign, "表.xlsx", &form).unwrap();
    let found: Vec<(&str, &str)> = binding
        .sure()
        .map(|b| (b.place.key.as_str(), b.place.cell.as_str()))
        .collect();
    let wanted = [
        ("candidates.name", "B2"),
        ("candidates.sex", "C2"),
        ("candidates.mobile", "D2"),
    ];
    assert_eq!(found, wanted);
    assert_eq!(binding.others[0].whose, "指导教师");
    assert_eq!(binding.unbound[0].label, "登录名");
    let prepared = Prepared::new(&campaign, &form, binding.places()).unwrap();
    let mut all = submission().clone();
    let one = all.candidates[0].clone();
    all.candidates = vec![one.clone(), one.clone(), one];
    let filled = prepared.fill(&campaign, &all, &Filling::default()).unwrap();
    let package = OpcPackage::read(&filled).unwrap();
    let xml = package.text("xl/worksheets/sheet1.xml").unwrap();
    assert_eq!(xml.matches(all.candidates[0].text("name")).count(), 3);
}

#[test]
fn a_binding_keeps_whose_the_other_boxes_are_and_what_was_confirmed() {
    let rows: &[&[&str]] = &[&["姓名", "", "导师姓名", ""], &["姓名", "", "性别", ""]];
    let binding = bind(&campaign(), "表.docx", &form(rows)).unwrap();
    let toml = binding.to_toml();
    let again = Binding::from_toml(&toml).unwrap();
    assert_eq!(again, binding);
    assert_eq!(again.others[0].whose, "导师");
    assert_eq!(binding.unsure().count(), 2);
    let all = toml.replace("confirmed = false", "confirmed = true");
    assert_eq!(Binding::from_toml(&all).unwrap().unsure().count(), 0);
    // whoever changes the field has looked at it
    let changed = toml.replacen("key = \"name\"", "key = \"native_place\"", 1);
    assert_eq!(Binding::from_toml(&changed).unwrap().unsure().count(), 1);
}

#[test]
fn nothing_unsure_is_printed_until_somebody_confirms_it() {
    let folder = scratch("forms-unsure");
    let submission = demo().join("out/submission");
    let blank = folder.join("表.docx");
    let rows: &[&[&str]] = &[&["姓名", "", "性别", ""], &["姓名", "", "民族", ""]];
    std::fs::write(&blank, form(rows)).unwrap();
    let binding = folder.join("绑定.toml");
    assert_eq!(code(&["bind", text(&blank), "-o", text(&binding)]).0, 0);
    let fill = |name: &str, more: &[&str]| {
        let out = folder.join(name);
        let mut args = vec!["fill", text(&blank), "--binding", text(&binding)];
        args.extend([text(&submission), "-o", text(&out)]);
        args.extend(more);
        let (end, _, said) = code(&args);
        assert_eq!(end, 0, "{said}");
        let file = std::fs::read_dir(&out).unwrap();
        let file = file.map(|f| f.unwrap().path()).min().unwrap();
        let package = OpcPackage::read(&std::fs::read(file).unwrap()).unwrap();
        let xml = package.text("word/document.xml").unwrap().to_owned();
        (xml, said)
    };
    let of = |xml: &str| xml.matches("_name\"").count();
    let (xml, said) = fill("一", &[]);
    assert_eq!(of(&xml), 0);
    assert_eq!(said.matches("O12").count(), 2, "{said}");
    assert!(said.contains("表1第1行第2列") && said.contains("confirmed = true"));
    assert!(!said.contains("没有一处可以填"), "{said}");
    let (xml, said) = fill("二", &["--accept-unsure"]);
    assert!(of(&xml) > 0 && !said.contains("O12"), "{said}");
    let toml = std::fs::read_to_string(&binding).unwrap();
    let toml = toml.replacen(
        "confidence = 0.60",
        "confidence = 0.60\nconfirmed = true",
        1,
    );
    std::fs::write(&binding, toml).unwrap();
    let (xml, said) = fill("三", &[]);
    assert_eq!(of(&xml), 1);
    assert_eq!(said.matches("O12").count(), 1, "{said}");
}

#[test]
fn a_form_that_asks_nothing_of_the_candidate_is_told_and_stays_as_it_is() {
    let folder = scratch("forms-nothing");
    let blank = folder.join("表.docx");
    std::fs::write(&blank, form(&[&["指导教师姓名", "", "职称", ""]])).unwrap();
    let binding = folder.join("绑定.toml");
    let (end, _, said) = code(&["bind", text(&blank), "-o", text(&binding)]);
    assert_eq!(end, 0);
    assert!(said.contains("是“指导教师”的"), "{said}");
    let (out, submission) = (folder.join("出"), demo().join("out/submission"));
    let mut args = vec!["fill", text(&blank), "--binding", text(&binding)];
    args.extend([text(&submission), "-o", text(&out)]);
    let (end, _, said) = code(&args);
    assert_eq!(end, 0, "{said}");
    assert!(said.contains("没有一处可以填"), "{said}");
}

#[test]
fn within_a_line_another_person_is_asked_until_the_line_ends() {
    let rows: &[&[&str]] = &[
        &["申请人：________性别：________民族：________"],
        &["介绍人：________工作单位：________职务：________"],
        &["本人联系电话：________"],
    ];
    let found = keys(rows);
    assert_eq!(found[..3], ["name", "sex", "ethnic"]);
    assert!(
        !found.iter().any(|k| k == "org" || k == "post"),
        "{found:?}"
    );
    assert_eq!(found.len(), 4, "{found:?}");
    let told = others(rows);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|(_, whose)| whose == "介绍人"));
}

#[test]
fn a_unit_that_a_form_calls_by_what_it_does_is_another_one() {
    let rows: &[&[&str]] = &[
        &["专家姓名", "", "专家单位", ""],
        &["派驻单位", "", "单位电话", ""],
        &["合作企业", "", "职称", ""],
    ];
    assert_eq!(keys(rows), ["name", "org", "title"]);
    let whose: Vec<String> = others(rows).into_iter().map(|o| o.1).collect();
    assert_eq!(whose, ["派驻单位", "派驻单位", "合作企业"]);
}

#[test]
fn a_form_that_stands_several_times_on_a_sheet_is_one_persons() {
    let mut all = Vec::new();
    for first in [1, 9] {
        let labels = ["姓名", "性别", "民族", "籍贯", "职称", "手机"];
        for (n, label) in labels.iter().enumerate() {
            let number = first + n as u32;
            let label = cell(&format!("A{number}"), label);
            all.push(row(number, &[label, blank(&format!("B{number}"))]));
        }
    }
    let form = book(&all.concat(), "", "", "");
    let binding = bind(&campaign(), "表.xlsx", &form).unwrap();
    assert_eq!(binding.sure().count(), 12);
    assert!(binding.ambiguous.is_empty());
}

#[test]
fn behind_a_colon_the_blank_is_in_the_label_s_own_box() {
    let rows = [
        row(1, &[cell("A1", "姓名："), blank("B1")]),
        row(2, &[blank("A2"), blank("B2")]),
    ];
    let merged = "<mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells>";
    let form = book(&rows.concat(), merged, "", "");
    let binding = bind(&campaign(), "表.xlsx", &form).unwrap();
    let found: Vec<&str> = binding.sure().map(|b| b.place.cell.as_str()).collect();
    assert_eq!(found, ["A1"]);
}

#[test]
fn a_template_on_the_author_s_disk_is_no_reason_to_refuse_and_one_on_a_server_is() {
    let bytes = form(&[&["姓名", ""]]);
    for (target, alone) in [
        ("file:///C:\\Users\\示例\\Normal.dotm", true),
        ("Normal.dotm", true),
        ("http://example.org/t.dotm", false),
        ("file://server/t.dotm", false),
        ("\\\\server\\t.dotm", false),
        ("file:///\\\\server\\t.dotm", false),
    ] {
        let mut package = OpcPackage::read(&bytes).unwrap();
        let relation = format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate\" Target=\"{target}\" TargetMode=\"External\"/></Relationships>"
        );
        package.put("word/_rels/settings.xml.rels", relation);
        assert_eq!(package.stands_alone().is_ok(), alone, "{target}");
    }
}

#[test]
fn a_title_that_nobody_listed_is_somebody_else_and_a_guess_stays_blank() {
    // 联络官 and 审核员 are no candidates, asked first or alone in their row
    for title in [
        "联络官",
        "审核员",
        "宣传干事",
        "项目专员",
        "领队助理",
        "复核师",
    ] {
        let rows: &[&[&str]] = &[
            &["申报表", ""],
            &[title, "", "联系电话", ""],
            &["民族", "", "性别", ""],
        ];
        let binding = bind(&campaign(), "表.docx", &form(rows)).unwrap();
        let sure: Vec<_> = binding.sure().map(|b| b.place.key.clone()).collect();
        assert!(!sure.contains(&"mobile".to_owned()), "{title}: {sure:?}");
        let named = format!("{title}姓名");
        let rows: &[&[&str]] = &[&[&named, "", "手机", ""], &["姓名", "", "性别", ""]];
        assert_eq!(keys(rows), ["name", "sex"], "{title}");
        assert_eq!(others(rows).len(), 2, "{title}");
    }
    // of a word that the title holds it is the subject, of another one a guess
    let rows: &[&[&str]] = &[&["舵手姓名", "", "性别", ""]];
    let binding = bind(&campaign(), "表.docx", &form(rows)).unwrap();
    assert!(binding.sure().next().is_none(), "{:?}", binding.places);
}

#[test]
fn the_members_of_a_team_are_no_candidates() {
    let rows: &[&[&str]] = &[
        &["队伍名称", "", "参赛组别", ""],
        &["姓名", "性别", "工作单位", "手机"],
        &["", "", "", ""],
        &["", "", "", ""],
        &["", "", "", ""],
    ];
    assert_eq!(keys(rows), Vec::<String>::new());
    assert!(others(rows).len() >= 3, "{:?}", others(rows));
}
