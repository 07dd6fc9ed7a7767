//! What a form must not say: a value in somebody else's blank, in the blank of another clause, of a higher degree than the person has, cut by
//! the next cell; and what looks like an answer already and is none.

use sanlian::fill::{Binding, Filling, Prepared, bind, faults_of_form};
use sanlian::finding::{Finding, Severity};
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Entry, Submission};

use crate::fill::campaign;
use crate::fill_joined;
use crate::form_languages::docx;
use crate::form_sheets::{blank, book, row, text};

fn p(text: &str) -> String {
    let text = text.replace('<', "&lt;");
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

/// A text box with these lines, as old and as new programs write it.
fn text_box(lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|l| p(l)).collect();
    let content = format!("<w:txbxContent>{lines}</w:txbxContent>");
    format!(
        "<w:p><w:r><mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice Requires=\"wps\"><w:drawing>{content}</w:drawing></mc:Choice><mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
}

fn person() -> Submission {
    let mut entry = Entry::default();
    for (key, text) in [
        ("name", "王示例"),
        ("sex", "女"),
        ("birth", "1985-02"),
        ("ethnic", "汉族"),
        ("education", "研究生"),
        ("degree", "硕士"),
        ("title", "工程师"),
        ("post", "副院长"),
        ("org", "示例院"),
        ("mobile", "14000000045"),
        ("id_no", "139900198502010024"),
    ] {
        entry.set(key, text);
    }
    Submission {
        candidates: vec![entry],
        ..Submission::default()
    }
}

fn bound(form: &[u8]) -> Binding {
    bind(&campaign(), "表.docx", form).unwrap()
}

/// The lines of a form with all that is sure filled in.
fn printed(form: &[u8]) -> Vec<String> {
    let campaign = campaign();
    let sure = bound(form).sure().map(|b| b.place.clone()).collect();
    let prepared = Prepared::new(&campaign, form, sure).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let bytes = prepared.fill(&campaign, &person(), &filling).unwrap();
    let package = OpcPackage::read(&bytes).unwrap();
    let xml = package.text("word/document.xml").unwrap();
    let lines = xml.split("</w:p>").map(|line| {
        let pieces = line
            .split('<')
            .filter(|t| t.starts_with("w:t>") || t.starts_with("w:t "));
        let words = pieces.filter_map(|t| Some(t.split_once('>')?.1));
        words.collect::<String>()
    });
    lines.filter(|l| !l.trim().is_empty()).collect()
}

/// Keys that are sure, with the row and column of each.
fn sure(rows: &[&[&str]]) -> Vec<(String, usize, usize)> {
    let bound = bound(&fill_joined::form(rows));
    let own = bound
        .sure()
        .map(|b| (b.place.key.clone(), b.place.row, b.place.column));
    own.collect()
}

#[test]
fn a_place_in_a_text_box_is_filled_there_and_nowhere_else() {
    let body = format!(
        "{}{}{}{}",
        p("报名表"),
        text_box(&["姓名：________　职称：________", "工作单位：________"]),
        p("指导教师：姓名：________　职称：________"),
        p("配偶姓名：________　职称：________　工作单位：________"),
    );
    let lines = printed(&docx(&body));
    let with = |word: &str| lines.iter().filter(|l| l.contains(word)).count();
    // the box twice, for new and for old programs
    assert_eq!(with("王示例"), 2, "{lines:?}");
    assert_eq!(with("工程师"), 2, "{lines:?}");
    assert_eq!(with("示例院"), 2, "{lines:?}");
    for line in lines
        .iter()
        .filter(|l| l.contains("教师") || l.contains("配偶"))
    {
        assert!(
            !line.contains("工程师") && !line.contains("示例院"),
            "{line}"
        );
    }
    let two = format!(
        "{}{}{}{}",
        p("（一）配偶情况"),
        text_box(&["姓名：________　职称：________"]),
        p("（二）本人情况"),
        text_box(&["姓名：________　职称：________"]),
    );
    let bound = bound(&docx(&two));
    let places: Vec<_> = bound
        .places
        .iter()
        .map(|b| (b.place.column, b.place.paragraph))
        .collect();
    assert_eq!(places, [(2, Some(0)), (2, Some(0))], "{bound:?}");
    assert_eq!(bound.others.len(), 2, "{bound:?}");
}

#[test]
fn a_blank_of_a_sentence_belongs_to_its_own_clause() {
    let lines = printed(&docx(&p(
        "姓名：________，____年____月出生，身份证号____________，联系电话________，现任________。",
    )));
    let line = lines.first().unwrap();
    let ends = line.split('，').collect::<Vec<_>>();
    assert!(ends[0].contains("王示例"), "{line}");
    assert!(
        ends[1].contains("1985") && ends[1].contains("出生"),
        "{line}"
    );
    assert!(ends[2].contains("139900198502010024"), "{line}");
    assert!(ends[3].contains("14000000045"), "{line}");
    assert_eq!(ends[4], "现任________。", "{line}");
    let found = bound(&docx(&p(
        "姓名：________，现任________职务，联系电话________。",
    )));
    let keys: Vec<_> = found.places.iter().map(|b| b.place.key.as_str()).collect();
    assert_eq!(keys, ["name", "post", "mobile"], "{found:?}");
    // words behind a blank that name another one's are not asked of it
    let found = bound(&docx(&p(
        "姓名：________，____年__月出生，________（民族），________。",
    )));
    let keys: Vec<_> = found.places.iter().map(|b| b.place.key.as_str()).collect();
    assert_eq!(keys, ["name", "birth", "ethnic"], "{found:?}");
}

#[test]
fn a_box_that_says_more_than_the_record_is_not_ticked() {
    for boxes in [
        "□博士研究生 □本科 □专科",
        "□硕士毕业 □本科",
        "□在职研究生 □本科",
    ] {
        let lines = printed(&docx(
            &(p("姓名：________") + &p(&format!("学历：{boxes}"))),
        ));
        assert!(!lines.iter().any(|l| l.contains('☑')), "{lines:?}");
    }
    let lines = printed(&docx(
        &(p("姓名：________") + &p("学历：□研究生学历 □本科　学位：□工学硕士 □硕士学位")),
    ));
    let line = lines.last().unwrap();
    assert!(line.contains("☑研究生学历"), "{line}");
    assert!(line.contains("□工学硕士"), "{line}");
}

#[test]
fn the_end_of_a_label_says_what_is_asked() {
    let rows: &[&[&str]] = &[
        &["姓名", "", "性别", ""],
        &["单位联系电话", "", "职务级别", ""],
        &["最高学历毕业院校", "", "所在部门联系电话", ""],
    ];
    let keys = sure(rows);
    assert!(
        !keys
            .iter()
            .any(|k| matches!(k.0.as_str(), "org" | "education" | "post" | "unit.name")),
        "{keys:?}"
    );
    let keys = sure(&[
        &["姓名", "", "手机", ""],
        &["单位联系人", "", "手机", ""],
        &["部门负责人", "", "电子邮箱", ""],
    ]);
    let own: Vec<_> = keys.iter().map(|k| k.0.as_str()).collect();
    assert!(
        own.contains(&"mobile") && own.contains(&"unit.contact"),
        "{keys:?}"
    );
    assert!(!keys.iter().any(|k| k.1 == 2), "{keys:?}");
    assert!(
        !keys.iter().any(|k| k.0 == "mobile" && k.1 == 1),
        "{keys:?}"
    );
}

#[test]
fn a_heading_that_names_somebody_by_relation_begins_that_ones_part() {
    for heading in [
        "申请人之父",
        "随行人员",
        "主讲教师助手",
        "项目主持人所在单位联系人",
    ] {
        let body =
            p("登记表") + &p("姓名：________") + &p(heading) + &p("姓名：________　手机：________");
        let found = bound(&docx(&body));
        assert_eq!(found.places.len(), 1, "{heading}: {found:?}");
        assert_eq!(found.others.len(), 2, "{heading}: {found:?}");
    }
    let own = [row(
        1,
        &[
            text("A1", "姓名"),
            blank("B1"),
            text("C1", "手机"),
            blank("D1"),
        ],
    )];
    let experts = [
        row(
            1,
            &[
                text("A1", "评审专家登记"),
                blank("B1"),
                blank("C1"),
                blank("D1"),
            ],
        ),
        row(
            2,
            &[
                text("A2", "姓名"),
                blank("B2"),
                text("C2", "手机"),
                blank("D2"),
            ],
        ),
    ];
    let form = book(&own.concat(), "", &experts.concat(), "");
    let found = bind(&campaign(), "表.xlsx", &form).unwrap();
    assert!(
        found.places.iter().all(|b| b.place.sheet == "推荐表"),
        "{found:?}"
    );
    assert_eq!(found.others.len(), 2, "{found:?}");
}

fn told(line: &str) -> Vec<Finding> {
    faults_of_form(&campaign(), "表.docx", &docx(&p(line))).unwrap()
}

#[test]
fn a_field_between_signs_of_any_kind_is_no_answer() {
    for sign in [
        "【姓名】",
        "〔姓名〕",
        "<name>",
        "＜姓名＞",
        "=name=",
        "__name__",
        "%name%",
        "#name#",
        "$name$",
        "@@name@@",
        "[name]",
        "[姓名]",
        "#姓名#",
    ] {
        let found = told(&format!("姓名：{sign}"));
        let [one] = found.as_slice() else {
            panic!("{sign}: {found:?}");
        };
        assert_eq!((one.code, one.severity), ("O13", Severity::Error), "{sign}");
        assert!(one.hint.contains("{{name}}"), "{sign}: {}", one.hint);
    }
    // headings and blanks are the form's own
    for line in [
        "【姓名】：________",
        "〔姓名〕",
        "____姓名____",
        "姓名 <性别>",
        "a=b=c",
        "x=foo=1",
        "<注>",
        "第__1__页",
    ] {
        assert_eq!(told(line), [], "{line}");
    }
}

#[test]
fn what_shows_how_to_answer_is_no_answer() {
    let rows: &[&[&str]] = &[
        &["姓名", "张三（示例）", "民族", "XX族"],
        &["通讯地址", "省 市 区", "手机", ""],
        &["政治面貌", "党员（ ）团员（ ）", "性别", "男"],
    ];
    let keys: Vec<_> = sure(rows).into_iter().map(|k| k.0).collect();
    assert_eq!(keys, ["name", "ethnic", "address", "mobile"]);
    let found = bound(&fill_joined::form(rows));
    let open: Vec<_> = found.unbound.iter().map(|u| u.label.as_str()).collect();
    assert!(
        open.iter()
            .any(|l| l.contains("政治面貌") && l.contains("党员")),
        "{open:?}"
    );
    assert!(
        open.iter().any(|l| l.contains("性别") && l.contains('男')),
        "{open:?}"
    );
}

#[test]
fn a_value_that_the_next_answer_cuts_is_told() {
    let rows = [
        row(
            1,
            &[
                text("A1", "序号"),
                text("B1", "姓名"),
                text("C1", "手机"),
                text("D1", "职称"),
            ],
        ),
        row(2, &[blank("A2"), blank("B2"), blank("C2"), blank("D2")]),
    ];
    let form = book(&rows.concat(), "", "", "");
    let campaign = campaign();
    let found = bind(&campaign, "表.xlsx", &form).unwrap();
    let prepared = Prepared::new(&campaign, &form, found.places()).unwrap();
    let mut two = person();
    two.candidates.push(two.candidates[0].clone());
    let cut = |who: &Submission| -> Vec<Finding> {
        let faults = prepared.faults_of(&campaign, who, &Filling::default(), "表.xlsx");
        faults
            .into_iter()
            .filter(|f| f.code == "P1" && f.message.contains("手机"))
            .collect()
    };
    let faults = cut(&two);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[1].message.contains("第2行"), "{faults:?}");
    // where nothing follows, the value runs on
    for candidate in &mut two.candidates {
        candidate.values.remove("title");
    }
    assert_eq!(cut(&two), []);
}
