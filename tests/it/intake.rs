//! Workbooks to submissions. All workbooks are made here.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, Workbook, Worksheet};
use sanlian::campaign::{Campaign, CodeList, Rules, Sheet};
use sanlian::finding::{Finding, Severity};
use sanlian::intake::{SourceFile, read};
use sanlian::record::Submission;
use serde::Deserialize;

const SHEETS: &str = r#"
[[sheet]]
key = "unit"
label = "单位"
aliases = ["推荐单位信息"]
of = "unit"
[[sheet.field]]
key = "name"
label = "推荐单位"
aliases = ["单位名称", "推荐单位（全称）"]
required = true
[[sheet.field]]
key = "contact"
label = "联系人"
kind = "name"
[[sheet.field]]
key = "phone"
label = "联系电话"
kind = "phone"
[[sheet.field]]
key = "publicity"
label = "是否公示"
kind = "yes_no"
[[sheet.field]]
key = "filled"
label = "填报日期"
kind = "date"

[[sheet]]
key = "candidate"
label = "候选人"
aliases = ["人选", "推荐人选"]
of = "candidate"
[[sheet.field]]
key = "name"
label = "姓名"
kind = "name"
required = true
[[sheet.field]]
key = "sex"
label = "性别"
kind = "code"
codes = "sex"
required = true
[[sheet.field]]
key = "birth"
label = "出生年月"
aliases = ["出生日期"]
kind = "month"
[[sheet.field]]
key = "ethnic"
label = "民族"
kind = "code"
codes = "ethnic"
[[sheet.field]]
key = "category"
label = "人选类别"
kind = "code"
codes = "category"
multi = true
[[sheet.field]]
key = "id_no"
label = "身份证号"
aliases = ["身份证号码", "证件号码"]
kind = "id_no"
masked = true
[[sheet.field]]
key = "mobile"
label = "手机"
aliases = ["手机号码"]
kind = "mobile"
[[sheet.field]]
key = "postcode"
label = "邮政编码"
kind = "postcode"
[[sheet.field]]
key = "email"
label = "电子邮箱"
kind = "email"
[[sheet.field]]
key = "deeds"
label = "主要事迹"
kind = "long"

[[sheet]]
key = "resume"
label = "简历"
aliases = ["学习和工作简历"]
of = "candidate"
rows = true
link = "候选人"
[[sheet.field]]
key = "span"
label = "起止年月"
kind = "span"
[[sheet.field]]
key = "org"
label = "单位"
[[sheet.field]]
key = "post"
label = "职务"

[[sheet]]
key = "status"
label = "开展情况"
of = "unit"
rows = true
[[sheet.field]]
key = "step"
label = "环节"
[[sheet.field]]
key = "sessions"
label = "场次"
kind = "count"

[[list]]
id = "sex"
items = [{ code = "1", name = "男", aliases = ["男性"] }, { code = "2", name = "女" }]
[[list]]
id = "ethnic"
items = [{ code = "01", name = "汉族" }, { code = "03", name = "回族" }]
[[list]]
id = "category"
items = [{ name = "科技前沿" }, { name = "基层一线·老少边穷" }, { name = "科普/传播" }]
"#;

#[derive(Deserialize)]
struct Parts {
    sheet: Vec<Sheet>,
    list: Vec<CodeList>,
}

/// A small campaign.
pub(crate) fn campaign() -> Campaign {
    let parts: Parts = toml::from_str(SHEETS).unwrap();
    Campaign {
        id: "test-2021".to_owned(),
        version: 1,
        title: "测试活动".to_owned(),
        year: 2021,
        notice_no: String::new(),
        organiser: String::new(),
        deadline: jiff::civil::date(2021, 6, 1).into(),
        deadline_inclusive: true,
        verify_url: None,
        mark: Default::default(),
        addresses: BTreeMap::new(),
        channels: Vec::new(),
        sheets: parts.sheet,
        rules: Rules::default(),
        materials: Vec::new(),
        forms: Vec::new(),
        lists: parts.list.into_iter().map(|l| (l.id.clone(), l)).collect(),
        holidays: sanlian::campaign::Holidays::default(),
        texts: BTreeMap::new(),
        switches: BTreeMap::new(),
        words: std::sync::Arc::default(),
        demo: String::new(),
    }
}

pub(crate) fn file(path: &str, bytes: impl Into<Vec<u8>>) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        bytes: bytes.into(),
    }
}

/// What reading files comes to.
pub(crate) fn intake(files: &[SourceFile]) -> (Submission, Vec<Finding>) {
    read(&campaign(), files, None, Vec::new())
}

/// The findings as `code severity cell message`.
pub(crate) fn told(findings: &[Finding]) -> Vec<String> {
    let line = |f: &Finding| {
        let cell = f.place.cell.as_deref().unwrap_or("-");
        format!("{} {:?} {cell} {}", f.code, f.severity, f.message)
    };
    findings.iter().map(line).collect()
}

/// Asserts that there is one finding of a code that has the words, and gives it.
pub(crate) fn one<'f>(findings: &'f [Finding], code: &str, words: &str) -> &'f Finding {
    let found: Vec<_> = findings
        .iter()
        .filter(|f| f.code == code && f.message.contains(words))
        .collect();
    assert_eq!(found.len(), 1, "{code} {words}: {:#?}", told(findings));
    found[0]
}

/// Asserts that nothing worse than a word was said.
pub(crate) fn quiet(findings: &[Finding]) {
    let loud = findings.iter().any(|f| f.severity > Severity::Info);
    assert!(!loud, "{:#?}", told(findings));
}

/// A workbook out of sheets of texts.
pub(crate) fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    book_with(sheets, |_, _| {})
}

/// A workbook out of sheets of texts, changed before it is saved.
pub(crate) fn book_with(
    sheets: &[(&str, &[&[&str]])],
    change: impl Fn(&str, &mut Worksheet),
) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (r, row) in (0..).zip(rows.iter()) {
            for (c, text) in (0..).zip(row.iter()) {
                if !text.is_empty() {
                    sheet.write_string(r, c, *text).unwrap();
                }
            }
        }
        change(name, sheet);
    }
    workbook.save_to_buffer().unwrap()
}

pub(crate) const UNIT: &[&[&str]] = &[
    &["推荐单位信息"],
    &["项目", "填写内容", "说明"],
    &["推荐单位（全称）＊", "示例市科学技术协会", "写全称"],
    &["联系人：", "李　四"],
    &["联系电话", "（0311）00000000"],
    &["是否公示", "√"],
    &["填报日期", "2021年5月8日"],
];
pub(crate) const HEAD: &[&str] = &[
    "序号",
    "姓 名*",
    "性别",
    "出生年月（如1978.05）",
    "民族",
    "人选\n类别",
    "身份证号码",
    "手机",
    "邮政编码",
    "电子邮箱",
    "主要事迹",
];
pub(crate) const ZHANG: &[&str] = &[
    "1",
    "张 三",
    "男性",
    "1985年2月",
    "汉",
    "科普/传播，基层一线·老少边穷",
    "139900198502140015",
    "140 0000 0001",
    "050000",
    "ｚｓ@example.org",
    "第一段\n　　第二段",
];

/// A whole, sound submission.
pub(crate) fn sound() -> Vec<u8> {
    book(&[
        ("单位", UNIT),
        ("候选人", &[&["2021年候选人"], HEAD, ZHANG]),
        (
            "简历",
            &[
                &["候选人", "起止年月", "单位", "职务"],
                &["张三", "1996.9-2000.7", "测试大学", "学生"],
                &["张三", "2000.08至今", "示例研究院", "研究员"],
            ],
        ),
        (
            "开展情况",
            &[
                &["环节", "场次（次）"],
                &["广泛动员", "1,200"],
                &["组织推荐", "３场"],
                &["合计", "1203"],
            ],
        ),
        ("说明", &[&["不读"]]),
    ])
}

#[test]
fn whole_workbook_is_read_in_canonical_text() {
    let (submission, findings) = intake(&[file("报送.xlsx", sound())]);
    quiet(&findings);
    let unit = &submission.unit;
    assert_eq!(unit.text("name"), "示例市科学技术协会");
    assert_eq!(unit.text("contact"), "李四");
    assert_eq!(unit.text("phone"), "0311-00000000");
    assert_eq!(unit.text("publicity"), "是");
    assert_eq!(unit.text("filled"), "2021-05-08");
    let [zhang] = submission.candidates.as_slice() else {
        panic!("{submission:#?}");
    };
    for (key, text) in [
        ("name", "张三"),
        ("sex", "男"),
        ("birth", "1985.02"),
        ("ethnic", "汉族"),
        ("category", "科普/传播、基层一线·老少边穷"),
        ("id_no", "139900198502140015"),
        ("mobile", "14000000001"),
        ("postcode", "050000"),
        ("email", "zs@example.org"),
        ("deeds", "第一段\n第二段"),
    ] {
        assert_eq!(zhang.text(key), text, "{key}");
    }
    let resume = zhang.rows("resume");
    assert_eq!(resume.len(), 2);
    assert_eq!(resume[0]["span"], "1996.09—2000.07");
    assert_eq!(resume[1]["span"], "2000.08—至今");
    let status = unit.rows("status");
    assert_eq!(status.len(), 2, "the sum is not read");
    assert_eq!(status[0]["sessions"], "1200");
    assert_eq!(status[1]["sessions"], "3");
}

#[test]
fn places_name_sheet_cell_record_and_field() {
    let (submission, _) = intake(&[file("报送.xlsx", sound())]);
    let zhang = &submission.candidates[0];
    assert_eq!(
        zhang.place_of("id_no").to_string(),
        "报送.xlsx［候选人］G3（张三·id_no）"
    );
    assert_eq!(
        zhang.place_in("resume", 1, "span").to_string(),
        "报送.xlsx［简历］B3（张三·resume.span）"
    );
    assert_eq!(
        submission.unit.place_of("phone").to_string(),
        "报送.xlsx［单位］B5（phone）"
    );
    assert_eq!(
        submission.unit.place_in("status", 0, "step").cell.unwrap(),
        "A2"
    );
}

/// Reads candidates alone and gives what was told about them.
pub(crate) fn candidates(
    rows: &[&[&str]],
    change: impl Fn(&mut Worksheet),
) -> (Submission, Vec<Finding>) {
    let bytes = book_with(
        &[
            ("单位", UNIT),
            ("候选人", rows),
            ("简历", &[&["候选人", "起止年月", "单位", "职务"]]),
            ("开展情况", &[&["环节", "场次"], &["动员", "1"]]),
        ],
        |name, sheet| {
            if name == "候选人" {
                change(sheet);
            }
        },
    );
    intake(&[file("报送.xlsx", bytes)])
}

#[test]
fn unknown_heading_names_the_nearest_label() {
    let (submission, findings) = candidates(
        &[
            &["姓名", "性别", "出生年份", "爱好与特长一览", ""],
            &["张三", "男", "1978.05", "棋", "无题"],
        ],
        |_| {},
    );
    let finding = one(
        &findings,
        "I3",
        "标题“出生年份”不认识，最接近的是“出生年月”",
    );
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.place.cell.as_deref(), Some("C1"));
    let other = one(&findings, "I3", "爱好与特长一览");
    assert_eq!(other.severity, Severity::Warning);
    assert_eq!(
        one(&findings, "I4", "没有标题").place.cell.as_deref(),
        Some("E2")
    );
    assert_eq!(submission.candidates[0].text("birth"), "");
}

#[test]
fn two_columns_of_one_field_with_data_are_a_fault() {
    let rows: &[&[&str]] = &[
        &["姓名", "性别", "手机", "手机号码"],
        &["张三", "男", "14000000001", "14000000002"],
    ];
    let (submission, findings) = candidates(rows, |_| {});
    one(&findings, "I4", "两列都是“手机”");
    assert_eq!(submission.candidates[0].text("mobile"), "14000000001");
    let rows: &[&[&str]] = &[
        &["姓名", "性别", "手机", "手机号码"],
        &["张三", "男", "", "14000000002"],
    ];
    let (submission, findings) = candidates(rows, |_| {});
    assert_eq!(submission.candidates[0].text("mobile"), "14000000002");
    assert!(findings.iter().all(|f| f.code != "I4"));
}

#[test]
fn heading_row_stands_anywhere_among_the_first_twenty() {
    let mut rows: Vec<&[&str]> = vec![
        &["附件2"],
        &["推荐人选汇总表"],
        &["推荐单位：示例市科协", "性别"],
    ];
    rows.resize(19, &[]);
    rows.push(HEAD);
    rows.push(ZHANG);
    let (submission, findings) = candidates(&rows, |_| {});
    quiet(&findings);
    assert_eq!(submission.candidates.len(), 1);
    rows.insert(3, &[]);
    let (submission, findings) = candidates(&rows, |_| {});
    assert!(submission.candidates.is_empty());
    one(&findings, "I2", "前20行里没有找到标题行");
}

#[test]
fn heads_in_two_rows_are_read() {
    let rows: &[&[&str]] = &[
        &["", "", "联系方式"],
        &["", "", "手机", "电子邮箱"],
        &["张三", "男", "14000000001", "a@example.org"],
    ];
    let (submission, findings) = candidates(rows, |sheet| {
        let format = Format::new();
        sheet.merge_range(0, 0, 1, 0, "姓名", &format).unwrap();
        sheet.merge_range(0, 1, 1, 1, "性别", &format).unwrap();
        sheet.merge_range(0, 2, 0, 3, "联系方式", &format).unwrap();
    });
    quiet(&findings);
    let zhang = &submission.candidates[0];
    assert_eq!(
        (zhang.text("name"), zhang.text("email")),
        ("张三", "a@example.org")
    );
}

#[test]
fn merged_cells_among_data_are_told_and_not_copied() {
    let rows: &[&[&str]] = &[
        &["姓名", "性别", "民族"],
        &["张三", "男", ""],
        &["李四", "男", ""],
    ];
    let (submission, findings) = candidates(rows, |sheet| {
        sheet
            .merge_range(1, 2, 2, 2, "汉族", &Format::new())
            .unwrap();
    });
    let finding = one(&findings, "I6", "C2:C3");
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(submission.candidates[0].text("ethnic"), "汉族");
    assert_eq!(submission.candidates[1].text("ethnic"), "");
}

#[test]
fn example_blank_and_numbered_rows_are_skipped() {
    let rows: &[&[&str]] = &[
        &["序号", "姓名", "性别", "主要事迹"],
        &["示例", "王示例", "男", "示例"],
        &["", "王示例", "男", "示例行（不读取）"],
        &["1", "张三", "男"],
        &["2"],
        &["3"],
    ];
    let (submission, findings) = candidates(rows, |sheet| {
        for row in 10..2000 {
            sheet
                .write_blank(row, 1, &Format::new().set_bold())
                .unwrap();
        }
    });
    // this campaign ships no examples, so that whoever reads is told what was left out
    let (examples, others): (Vec<_>, Vec<_>) = findings.into_iter().partition(|f| f.code == "I13");
    assert_eq!(examples.len(), 2, "{:#?}", told(&examples));
    quiet(&others);
    assert_eq!(submission.candidates.len(), 1);
    assert_eq!(submission.candidates[0].text("name"), "张三");
}

#[test]
fn hidden_rows_and_columns_are_read() {
    let (submission, _) = candidates(&[HEAD, ZHANG, ZHANG], |sheet| {
        sheet.set_row_hidden(1).unwrap();
        sheet.set_column_hidden(2).unwrap();
    });
    assert_eq!(submission.candidates.len(), 2);
    assert_eq!(submission.candidates[0].text("sex"), "男");
}

#[test]
fn unit_as_headings_and_one_row_is_read() {
    let bytes = book(&[
        (
            "单位",
            &[
                &["推荐单位", "联系人", "联系电话"],
                &["示例学会", "李四", "0311-00000000"],
            ],
        ),
        ("候选人", &[HEAD, ZHANG]),
    ]);
    let (submission, _) = intake(&[file("报送.xlsx", bytes)]);
    assert_eq!(submission.unit.text("name"), "示例学会");
    assert_eq!(submission.unit.place_of("contact").cell.unwrap(), "B2");
}

#[test]
fn unit_label_misspelled_or_twice_is_told() {
    let rows: &[&[&str]] = &[
        &["推荐单位", "示例学会"],
        &["联系人员", "李四"],
        &["联系电话", "0311-00000000"],
        &["联系电话", "0311-00000001"],
    ];
    let bytes = book(&[("单位", rows), ("候选人", &[HEAD, ZHANG])]);
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    let finding = one(&findings, "I3", "标题“联系人员”不认识，最接近的是“联系人”");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(
        one(&findings, "I4", "“联系电话”出现了两次")
            .place
            .cell
            .as_deref(),
        Some("B4")
    );
    assert_eq!(submission.unit.text("phone"), "0311-00000000");
}

#[test]
fn sheets_are_found_by_alias_and_by_their_headings() {
    let bytes = book(&[
        ("推荐单位信息", UNIT),
        ("Sheet2", &[HEAD, ZHANG]),
        ("备忘", &[&["随手记"]]),
    ]);
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    assert_eq!(submission.unit.text("name"), "示例市科学技术协会");
    assert_eq!(submission.candidates.len(), 1);
    one(&findings, "I2", "“Sheet2”按其标题认作“候选人”");
    one(&findings, "I11", "“备忘”不认识");
    one(&findings, "I2", "“简历”");
}

#[test]
fn two_sheets_of_one_kind_are_told() {
    let bytes = book(&[
        ("单位", UNIT),
        ("候选人", &[HEAD, ZHANG]),
        ("候选人 (2)", &[HEAD, ZHANG]),
    ]);
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    one(&findings, "I11", "只读取了前一个");
    assert_eq!(submission.candidates.len(), 1);
}
