//! Rows and columns that are hidden, text that is struck out or white: read, and never without a word.

use rust_xlsxwriter::{Color, Format, Workbook};
use sanlian::finding::{Finding, Severity};
use sanlian::intake::read;

use crate::intake::{HEAD, UNIT, ZHANG, book_with, campaign, file, intake, told};
use crate::intake_text::docx;

const LI: &[&str] = &[
    "2",
    "李四",
    "女",
    "1990.03",
    "汉族",
    "科技前沿",
    "139900199003070026",
    "14000000002",
];
const RESUME: &[&[&str]] = &[
    &["候选人", "起止年月", "单位", "职务"],
    &["张三", "1996.09—2000.07", "测试大学", "学生"],
    &["李四", "2008.09—至今", "示例院", "研究员"],
];

/// The workbook of two people, changed sheet by sheet: what is told of things unseen.
fn unseen(change: impl Fn(&str, &mut rust_xlsxwriter::Worksheet)) -> Vec<Finding> {
    let bytes = book_with(
        &[
            ("单位", UNIT),
            ("候选人", &[HEAD, ZHANG, LI]),
            ("简历", RESUME),
            ("开展情况", &[&["环节", "场次"], &["动员", "1"]]),
        ],
        change,
    );
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    assert_eq!(submission.candidates.len(), 2, "{:#?}", told(&findings));
    findings.into_iter().filter(|f| f.code == "I16").collect()
}

fn only(findings: &[Finding], severity: Severity, cell: &str, words: &str) {
    let [finding] = findings else {
        panic!("{words}: {:#?}", told(findings));
    };
    assert_eq!(finding.severity, severity, "{finding:#?}");
    assert_eq!(
        finding.place.cell.as_deref().unwrap_or(""),
        cell,
        "{finding:#?}"
    );
    assert!(finding.message.contains(words), "{finding:#?}");
    assert!(finding.hint.ends_with('。'), "{finding:#?}");
}

#[test]
fn a_workbook_in_which_all_is_seen_is_quiet() {
    assert_eq!(told(&unseen(|_, _| {})), Vec::<String>::new());
    // formats that hide nothing: a white heading on a dark ground, a row without contents, a struck cell without contents
    let found = unseen(|name, sheet| {
        if name == "候选人" {
            let head = Format::new()
                .set_font_color(Color::White)
                .set_background_color(Color::Blue);
            sheet
                .write_string_with_format(1, 8, "050000", &head)
                .unwrap();
            sheet.set_row_hidden(40).unwrap();
            sheet.set_column_hidden(30).unwrap();
            sheet
                .write_blank(2, 9, &Format::new().set_font_strikethrough())
                .unwrap();
        }
    });
    assert_eq!(told(&found), Vec::<String>::new());
}

#[test]
fn hidden_rows_columns_and_sheets_are_told_with_their_cells() {
    let hide_row = |of: &'static str, row: u32| {
        unseen(move |name, sheet| {
            if name == of {
                sheet.set_row_hidden(row).unwrap();
            }
        })
    };
    only(
        &hide_row("候选人", 2),
        Severity::Warning,
        "B3",
        "第3行（李四）是隐藏的行",
    );
    only(
        &hide_row("简历", 1),
        Severity::Warning,
        "B2",
        "第2行（张三）是隐藏的行",
    );
    only(
        &hide_row("开展情况", 1),
        Severity::Warning,
        "A2",
        "第2行是隐藏的行",
    );
    only(
        &hide_row("单位", 4),
        Severity::Warning,
        "B5",
        "“联系电话”是隐藏的行",
    );
    let column = unseen(|name, sheet| {
        if name == "候选人" {
            sheet.set_column_hidden(9).unwrap();
        }
    });
    only(&column, Severity::Warning, "J2", "J列“电子邮箱”是隐藏的列");
    let flat = unseen(|name, sheet| {
        if name == "候选人" {
            sheet.set_row_height(1, 0).unwrap();
        }
    });
    only(&flat, Severity::Warning, "B2", "第2行（张三）是隐藏的行");
    let sheet = unseen(|name, sheet| {
        if name == "简历" {
            sheet.set_hidden(true);
        }
    });
    only(&sheet, Severity::Warning, "", "“简历”是隐藏的工作表");
}

#[test]
fn struck_cells_rows_and_words_are_errors_that_say_which() {
    let struck = Format::new().set_font_strikethrough();
    let cell = unseen(|name, sheet| {
        if name == "候选人" {
            sheet
                .write_string_with_format(1, 10, "旧的事迹", &struck)
                .unwrap();
        }
    });
    only(
        &cell,
        Severity::Error,
        "K2",
        "第2行（张三）的“主要事迹”“旧的事迹”划了删除线",
    );
    // a number that is masked is not repeated
    let masked = unseen(|name, sheet| {
        if name == "候选人" {
            sheet
                .write_string_with_format(1, 6, "139900198502140015", &struck)
                .unwrap();
        }
    });
    only(&masked, Severity::Error, "G2", "“身份证号”划了删除线");
    let row = unseen(|name, sheet| {
        if name == "候选人" {
            for (column, text) in (0..).zip(LI.iter()) {
                sheet
                    .write_string_with_format(2, column, *text, &struck)
                    .unwrap();
            }
        }
    });
    only(&row, Severity::Error, "B3", "第3行（李四）整行划了删除线");
    let plain = Format::new();
    let part = unseen(|name, sheet| {
        if name == "简历" {
            let pieces = [(&plain, "研究员"), (&struck, "（兼）")];
            sheet.write_rich_string(2, 3, &pieces).unwrap();
        }
    });
    only(
        &part,
        Severity::Error,
        "D3",
        "“研究员（兼）”有一部分划了删除线",
    );
    let unit = unseen(|name, sheet| {
        if name == "单位" {
            sheet
                .write_string_with_format(4, 1, "0311-00000000", &struck)
                .unwrap();
        }
    });
    only(&unit, Severity::Error, "B5", "“联系电话”");
}

#[test]
fn text_that_cannot_be_seen_is_told() {
    for look in [
        Format::new().set_font_color(Color::White),
        Format::new().set_num_format(";;;"),
    ] {
        let found = unseen(|name, sheet| {
            if name == "候选人" {
                sheet
                    .write_string_with_format(1, 10, "看不见", &look)
                    .unwrap();
            }
        });
        only(&found, Severity::Warning, "K2", "“主要事迹”在表上看不见");
    }
}

#[test]
fn many_hidden_rows_are_counted() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("候选人").unwrap();
    for (column, text) in (0..).zip(HEAD) {
        sheet.write_string(0, column, *text).unwrap();
    }
    for row in 1..=30 {
        sheet.write_string(row, 1, "孙示例").unwrap();
        sheet.write_string(row, 2, "女").unwrap();
        sheet.set_row_hidden(row).unwrap();
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    assert_eq!(submission.candidates.len(), 30);
    let found: Vec<_> = findings.into_iter().filter(|f| f.code == "I16").collect();
    assert_eq!(found.len(), 10, "{:#?}", told(&found));
    assert!(
        found[9]
            .message
            .contains("第11行（孙示例）是隐藏的行等21处"),
        "{:#?}",
        found[9]
    );
}

#[test]
fn struck_and_white_words_of_a_report_are_told() {
    let run = |look: &str, text: &str| format!("<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>");
    for (runs, severity, words) in [
        (
            run("<w:strike/>", "经研究"),
            Severity::Error,
            "“经研究”划了删除线",
        ),
        (
            run("<w:dstrike w:val=\"1\"/>", "双线"),
            Severity::Error,
            "“双线”",
        ),
        (
            run("<w:strike/>", "一处") + &run("<w:strike w:val=\"true\"/>", "两处"),
            Severity::Error,
            "“一处”等2处",
        ),
        (
            run("<w:color w:val=\"ffffff\"/>", "白字"),
            Severity::Warning,
            "白色的文字",
        ),
    ] {
        let (text, found) = report(&runs);
        only(&found, severity, "", words);
        assert_eq!(text.len(), 2, "{text:?}");
    }
    for runs in [
        run("<w:strike w:val=\"0\"/>", "不划"),
        run("<w:strike/>", " "),
        run(
            "<w:color w:val=\"FFFFFF\"/><w:shd w:fill=\"000000\"/>",
            "黑底白字",
        ),
    ] {
        assert_eq!(told(&report(&runs).1), Vec::<String>::new(), "{runs}");
    }
}

/// A report whose second paragraph is these runs: its paragraphs, and what is told.
fn report(runs: &str) -> (Vec<String>, Vec<Finding>) {
    let first = "<w:p><w:r><w:t>关于推荐工作情况的报告</w:t></w:r></w:p>";
    let bytes = docx(&format!("{first}<w:p>{runs}<w:r><w:t>完</w:t></w:r></w:p>"));
    let report = file("报告.docx", bytes);
    let (submission, findings) = read(&campaign(), &[], Some(&report), Vec::new());
    let of = |f: &Finding| f.place.file.as_deref() == Some("报告.docx");
    (submission.report, findings.into_iter().filter(of).collect())
}
