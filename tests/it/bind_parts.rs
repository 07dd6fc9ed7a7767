//! Whose a part of a form is: another unit's row after row, the recommending unit's, the employer's, a relative's, a jury's; and what is plain
//! enough to be printed.

use sanlian::fill::{Binding, Filling, Prepared, bind, read};
use sanlian::ooxml::OpcPackage;

use crate::fill::{campaign, submission};
use crate::fill_joined::form;
use crate::form_languages::docx;
use crate::form_sheets::{blank, book, row, text};

fn bound(bytes: &[u8]) -> Binding {
    bind(&campaign(), "表", bytes).unwrap()
}

/// The keys that are sure, in order.
fn sure(binding: &Binding) -> Vec<&str> {
    binding.sure().map(|b| b.place.key.as_str()).collect()
}

/// What is somebody else's: label and whose.
fn others(binding: &Binding) -> Vec<(&str, &str)> {
    let others = binding.others.iter();
    others
        .map(|o| (o.place.label.as_str(), o.whose.as_str()))
        .collect()
}

/// What nothing is known for.
fn open(binding: &Binding) -> Vec<&str> {
    binding.unbound.iter().map(|u| u.label.as_str()).collect()
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn table(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(text));
    let row = |cells: &&[&str]| {
        let own: String = cells.iter().map(cell).collect();
        format!("<w:tr>{own}</w:tr>")
    };
    let own: String = rows.iter().map(row).collect();
    format!("<w:tbl><w:tblPr/><w:tblGrid/>{own}</w:tbl>")
}

/// A sheet of rows; every cell is there, blank or not.
fn sheet(rows: &[&[&str]], merges: &[&str]) -> Vec<u8> {
    let rows = rows.iter().enumerate().map(|(n, words)| {
        let cells = words.iter().enumerate().map(|(c, words)| {
            let column = char::from(b'A' + u8::try_from(c).unwrap());
            let name = format!("{column}{}", n + 1);
            if words.is_empty() {
                blank(&name)
            } else {
                text(&name, words)
            }
        });
        row(u32::try_from(n + 1).unwrap(), &cells.collect::<Vec<_>>())
    });
    let rows: String = rows.collect();
    let all: String = merges
        .iter()
        .map(|m| format!("<mergeCell ref=\"{m}\"/>"))
        .collect();
    let merged = format!("<mergeCells count=\"{}\">{all}</mergeCells>", merges.len());
    book(&rows, if merges.is_empty() { "" } else { &merged }, "", "")
}

/// The words of a document filled for the first candidate.
fn filled(bytes: &[u8]) -> String {
    let campaign = campaign();
    let places = bound(bytes).places();
    let prepared = Prepared::new(&campaign, bytes, places).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let made = prepared.fill(&campaign, submission(), &filling).unwrap();
    let package = OpcPackage::read(&made).unwrap();
    let xml = package.text("word/document.xml").unwrap();
    let pieces = xml.split("<w:t").skip(1);
    let words = pieces.filter_map(|t| Some(t.split_once('>')?.1.split_once("</w:t>")?.0));
    words.collect()
}

#[test]
fn another_unit_owns_what_a_unit_is_asked_until_another_owner_is_named() {
    let rows: &[&[&str]] = &[
        &["姓名", "", "工作单位", ""],
        &["协作单位", "", "单位性质", ""],
        &["单位地址", "", "邮政编码", ""],
        &["统一社会信用代码", "", "联系人", ""],
        &["民族", "", "籍贯", ""],
    ];
    for bytes in [form(rows), sheet(rows, &[])] {
        let own = bound(&bytes);
        assert_eq!(sure(&own), ["name", "org", "ethnic", "native_place"]);
        let whose = others(&own);
        assert_eq!(whose.len(), 6, "{whose:?}");
        assert!(whose.iter().all(|(_, whose)| *whose == "协作单位"));
    }
    // what may be the candidate's again is, once something of a person is asked
    let own = bound(&form(&[
        &["姓名", "", "实习单位", ""],
        &["电子邮箱", "", "职称", ""],
    ]));
    assert_eq!(sure(&own), ["name", "email", "title"]);
}

#[test]
fn a_part_of_the_recommending_unit_takes_nothing_of_the_employer() {
    let rows: &[&[&str]] = &[
        &["单位名称", "", "统一社会信用代码", ""],
        &["通讯地址", "", "邮政编码", ""],
        &["联系人", "", "单位性质", ""],
    ];
    let word = docx(&(paragraph("推荐表") + &paragraph("推荐单位信息") + &table(rows)));
    let mut all: Vec<&[&str]> = vec![&["推荐表"], &["推荐单位信息", "", "", ""]];
    all.extend(rows);
    let excel = sheet(&all, &["A1:D1", "A2:D2"]);
    for bytes in [word, excel] {
        let own = bound(&bytes);
        let wanted = ["unit.name", "unit.address", "unit.postcode", "unit.contact"];
        assert_eq!(sure(&own), wanted, "{:?}", own.places);
        assert_eq!(open(&own), ["统一社会信用代码", "单位性质"]);
    }
}

#[test]
fn whom_the_employer_has_to_be_called_is_the_employers() {
    let rows: &[&[&str]] = &[
        &["个人登记表", "", "", "", ""],
        &["基本情况", "姓名", "", "性别", ""],
        &["", "民族", "", "手机", ""],
        &["单位情况", "单位名称", "", "单位性质", ""],
        &["", "通讯地址", "", "单位联系人", ""],
        &["推荐单位", "", "", "联系人", ""],
    ];
    let merges = ["A1:E1", "A2:A3", "A4:A5", "B6:C6"];
    let own = bound(&sheet(rows, &merges));
    let wanted = [
        "name",
        "sex",
        "ethnic",
        "mobile",
        "org",
        "org_kind",
        "address",
        "unit.name",
        "unit.contact",
    ];
    assert_eq!(sure(&own), wanted);
    assert_eq!(others(&own), [("单位联系人", "所在单位")]);
}

#[test]
fn relatives_patients_and_chairs_are_nobody_whom_the_campaign_knows() {
    let child: &[&[&str]] = &[
        &["子女姓名", "", "性别", ""],
        &["出生年月", "", "民族", ""],
        &["监护人姓名", "", "手机", ""],
    ];
    let child = docx(&(paragraph("子女入学申请表") + &table(child)));
    let person: &[&[&str]] = &[&["姓名", "", "性别", ""], &["民族", "", "联系电话", ""]];
    let patient = docx(&(paragraph("会诊申请单") + &paragraph("患者信息") + &table(person)));
    let sheet = sheet(
        &[
            &["会诊申请单", "", "", ""],
            &["患者信息", "", "", ""],
            &["姓名", "", "性别", ""],
            &["民族", "", "联系电话", ""],
        ],
        &["A1:D1", "A2:D2"],
    );
    let prizes: &[&[&str]] = &[
        &["时间", "名称", "等级", "授予单位"],
        &["", "", "", ""],
        &["", "", "", ""],
    ];
    let team = docx(&(paragraph("推荐表") + &paragraph("团队获奖情况（非本人）") + &table(prizes)));
    let meeting = form(&[&["主持人", "", "记录人", ""], &["地点", "", "时间", ""]]);
    let two = form(&[
        &["", "第一候选人", "第二候选人"],
        &["姓名", "", ""],
        &["性别", "", ""],
        &["工作单位", "", ""],
    ]);
    for bytes in [child, patient, sheet, team, meeting, two] {
        let own = bound(&bytes);
        assert!(own.sure().next().is_none(), "{:?}", own.places);
    }
    // of a project whoever chairs it is in charge
    let own = bound(&form(&[&["项目名称", "", "主持人", ""]]));
    assert_eq!(sure(&own), ["name"]);
    // whom the campaign honours is the candidate
    let own = bound(&form(&[
        &["受表彰人员", "姓名", "", "手机", ""],
        &["随行人员", "姓名", "", "手机", ""],
    ]));
    assert_eq!(sure(&own), ["name", "mobile"]);
}

#[test]
fn judges_are_listed_for_themselves_and_a_heading_ends_with_its_list() {
    let judges: &[&[&str]] = &[
        &["序号", "姓名", "职称", "工作单位", "联系电话"],
        &["1", "", "", "", ""],
        &["2", "", "", "", ""],
    ];
    let own = bound(&docx(&(paragraph("评审会专家名单") + &table(judges))));
    assert!(own.places.is_empty(), "{:?}", own.places);
    assert_eq!(own.others.len(), 4);
    let team: &[&[&str]] = &[
        &["竞赛报名表", "", "", "", ""],
        &["参赛队员", "", "", "", ""],
        &["序号", "姓名", "性别", "手机", "备注"],
        &["1", "", "", "", ""],
        &["2", "", "", "", ""],
        &["单位联系人", "", "", "联系电话", ""],
        &["经办人", "", "", "联系电话", ""],
    ];
    let merges = ["A1:E1", "A2:E2", "B6:C6", "B7:C7"];
    let own = bound(&sheet(team, &merges));
    assert_eq!(sure(&own), ["unit.contact", "unit.contact_mobile"]);
    let whose = others(&own);
    assert!(whose.contains(&("姓名", "参赛队员")), "{whose:?}");
    assert!(whose.contains(&("经办人", "经办人")), "{whose:?}");
}

#[test]
fn a_fact_asked_twice_of_one_person_is_not_unsure() {
    let own = bound(&form(&[
        &["姓名", "", "职务", ""],
        &["工作单位及职务", "", "手机", ""],
    ]));
    assert_eq!(sure(&own), ["name", "post", "org", "post", "mobile"]);
    // a cover whose characters are spread, and the form inside
    let person: &[&[&str]] = &[&["姓名", "", "性别", ""], &["工作单位", "", "手机", ""]];
    let cover = paragraph("申  报  人：          ") + &paragraph("所 在 单 位：          ");
    let form = cover + &paragraph("一、基本情况") + &table(person);
    let own = bound(&docx(&form));
    assert_eq!(sure(&own), ["name", "org", "name", "sex", "org", "mobile"]);
    // two answers in one line
    let lines = paragraph("姓名：____________") + &paragraph("工作单位及职务：________________");
    let candidate = &submission().candidates[0];
    let words = filled(&docx(&lines));
    let both = format!("{} {}", candidate.text("org"), candidate.text("post"));
    assert!(words.contains(&both), "{words}");
}

#[test]
fn what_only_shows_how_gives_way_to_the_value() {
    let rows: &[&[&str]] = &[
        &["姓名", "", "学历", "大学本科/研究生"],
        &["工作单位", "填写单位全称", "学位", ""],
        &["手机", "138XXXXXXXX", "邮箱", "xxx@xx.com"],
    ];
    let bytes = form(rows);
    let own = bound(&bytes);
    let wanted = ["name", "education", "org", "degree", "mobile", "email"];
    assert_eq!(sure(&own), wanted);
    let words = filled(&bytes);
    for gone in ["大学本科/", "填写单位", "138XX", "xxx@"] {
        assert!(!words.contains(gone), "{words}");
    }
    for key in wanted {
        let value = submission().candidates[0].text(key);
        assert!(words.contains(value), "{key}: {words}");
    }
    // what is written already and may be an answer is told with its place
    let own = bound(&form(&[&["姓名", "", "民族", "汉族"]]));
    let blank = own.unbound[0].blank.as_ref().unwrap();
    assert_eq!((blank.row, blank.column), (0, 3));
}

#[test]
fn boxes_in_a_line_and_in_a_sheet_take_digits_and_boxes_with_translations_are_ticked() {
    let id = submission().candidates[0].text("id_no");
    let line = format!("身份证号码：{}", "□".repeat(18));
    let bytes =
        docx(&(paragraph("姓名：__________  性别：□男 Male  □女 Female") + &paragraph(&line)));
    let own = bound(&bytes);
    assert_eq!(sure(&own), ["name", "sex", "id_no"]);
    let words = filled(&bytes);
    assert!(words.contains(&format!("身份证号码：{id}")), "{words}");
    let campaign = campaign();
    let prepared = Prepared::new(&campaign, &bytes, own.places()).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let made = prepared.fill(&campaign, submission(), &filling).unwrap();
    let back = read(&campaign, "表", &made, &own.places()).unwrap();
    for key in ["id_no", "sex"] {
        let seen = back.sightings.iter().find(|s| s.key == key).unwrap();
        assert_eq!(seen.text, submission().candidates[0].text(key));
    }
    // nineteen blanks of which eighteen end where the box above ends
    let mut first = vec!["姓名"];
    first.extend([""; 18]);
    first.push("照片");
    let mut second = vec!["身份证号"];
    second.extend([""; 19]);
    let own = bound(&sheet(&[&first, &second], &["B1:S1"]));
    let place = &own.sure().find(|b| b.place.key == "id_no").unwrap().place;
    assert_eq!((place.cell.as_str(), place.nth), ("B2", 18));
}
