//! What a cell shows is what is read: formats with words around a number or a text, times, rounded digits. What cannot be followed is told
//! with its cell.

use std::io::Write as _;

use rust_xlsxwriter::{ConditionalFormatFormula, Format, Note, Worksheet};
use sanlian::finding::{Finding, Severity};
use sanlian::intake::read;

use crate::intake::{HEAD, UNIT, ZHANG, book_with, campaign, file, intake, one, told};

/// The deeds of the one candidate, written by the caller into K2, and what is told.
fn deeds(write: impl Fn(&mut Worksheet)) -> (String, Vec<Finding>) {
    let person: Vec<&str> = ZHANG.iter().take(10).copied().collect();
    let people: &[&[&str]] = &[HEAD, &person];
    let bytes = book_with(&[("单位", UNIT), ("候选人", people)], |name, sheet| {
        if name == "候选人" {
            write(sheet);
        }
    });
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    (submission.candidates[0].text("deeds").to_owned(), findings)
}

fn number(number: f64, code: &str) -> (String, Vec<Finding>) {
    let format = Format::new().set_num_format(code);
    deeds(|sheet| {
        sheet
            .write_number_with_format(1, 10, number, &format)
            .unwrap();
    })
}

#[test]
fn numbers_are_read_as_their_format_shows_them() {
    for (value, code, shown) in [
        (5.0, "0\"月上旬\"", "5月上旬"),
        (12_345_678.0, "\"0312-\"0", "0312-12345678"),
        (3.0, "\"虚拟第\"0\"大学数学专业\"", "虚拟第3大学数学专业"),
        (3.0, "General\"届\"", "3届"),
        (3.0, "G/通用格式\"届\"", "3届"),
        (3_121_234_567.0, "0000\\-0000000", "0312-1234567"),
        (50_000.0, "000000", "050000"),
        (1978.1, "0.00", "1978.10"),
        (2.6, "0", "3"),
        (2.675, "0.00", "2.68"),
        (0.45, "0%", "45%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1_234_567.0, "#,##0", "1,234,567"),
        (-3.0, "0;\"减\"0", "减3"),
        (0.0, "0;-0;\"无\"", "无"),
        (7.0, "[Red]0_ ", "7"),
        (7.0, "[$￥-804]#,##0", "￥7"),
        (0.375, "h:mm", "9:00"),
        (0.375, "hh\"时\"mm\"分\"", "09时00分"),
        (0.625, "上午/下午h\"时\"", "下午3时"),
        (0.625, "h:mm AM/PM", "3:00 PM"),
        (1.5, "[h]:mm", "36:00"),
        (0.5, "0.##", "0.5"),
        (
            15.0,
            "[DBNum1][$-804]General\"中医学专业\"",
            "一十五中医学专业",
        ),
        (2021.0, "[DBNum1]0", "二〇二一"),
        (1.5e10, "0.00E+00", "15000000000"),
    ] {
        let (text, findings) = number(value, code);
        assert_eq!(text, shown, "{code}: {:#?}", told(&findings));
        let cell = findings
            .iter()
            .find(|f| f.place.cell.as_deref() == Some("K2"));
        assert_eq!(cell, None, "{code}");
    }
}

#[test]
fn words_around_a_text_are_read() {
    for (text, code, shown) in [
        ("定州", "\"河北\"@", "河北定州"),
        ("副", "@\"主任\"", "副主任"),
        ("定州", "@", "定州"),
        ("定州", "0;-0;0;@\"市\"", "定州市"),
        ("定州", "0\"人\"", "定州"),
    ] {
        let format = Format::new().set_num_format(code);
        let (read, findings) = deeds(|sheet| {
            sheet
                .write_string_with_format(1, 10, text, &format)
                .unwrap();
        });
        assert_eq!(read, shown, "{code}: {:#?}", told(&findings));
    }
}

#[test]
fn a_format_that_cannot_be_followed_is_told_with_its_cell() {
    for (value, code) in [
        (0.5, "# ?/?"),
        (1_234_567.0, "0,\"千\""),
        (5.0, "[>3]\"多\";\"少\""),
    ] {
        let (_, findings) = number(value, code);
        let finding = one(&findings, "I12", "数字格式不认识");
        assert_eq!(finding.place.cell.as_deref(), Some("K2"), "{code}");
    }
    let (text, findings) = number(0.0, "0;-0;;@");
    assert_eq!(text, "0");
    one(&findings, "I16", "在表上看不见");
}

#[test]
fn a_number_that_is_judged_is_told_where_its_format_rounds_it() {
    let status: &[&[&str]] = &[&["环节", "场次（次）"], &["动员"], &["推荐"], &["宣传"]];
    let read_with = |numbers: [(f64, &'static str); 3]| {
        let bytes = book_with(
            &[
                ("单位", UNIT),
                ("候选人", &[HEAD, ZHANG]),
                ("开展情况", status),
            ],
            |name, sheet| {
                let rows = (1..).zip(numbers).filter(|_| name == "开展情况");
                for (row, (value, code)) in rows {
                    let format = Format::new().set_num_format(code);
                    sheet
                        .write_number_with_format(row, 1, value, &format)
                        .unwrap();
                }
            },
        );
        let (_, findings) = intake(&[file("报送.xlsx", bytes)]);
        let told = findings.iter().filter(|f| f.message.contains("舍入后"));
        told.filter_map(|f| f.place.cell.clone())
            .collect::<Vec<_>>()
    };
    let rounded = [(18.5, "0"), (2.0, "0.00"), (12.26, "0.0\"次\"")];
    assert_eq!(read_with(rounded), ["B2", "B4"]);
    // what was calculated means fifteen digits, and what is shown whole is no rounding
    let whole = [(0.1 + 0.2, "0.0"), (1200.0, "#,##0"), (12.5, "General")];
    assert_eq!(read_with(whole), Vec::<String>::new());
    // a text is printed as it is seen
    let (text, findings) = number(2.6, "0");
    assert_eq!(text, "3");
    assert!(findings.iter().all(|f| !f.message.contains("舍入后")));
}

#[test]
fn counts_and_amounts_keep_their_number() {
    let status: &[&[&str]] = &[&["环节", "场次（次）"], &["动员"], &["推荐"], &["宣传"]];
    let bytes = book_with(
        &[
            ("单位", UNIT),
            ("候选人", &[HEAD, ZHANG]),
            ("开展情况", status),
        ],
        |name, sheet| {
            if name == "开展情况" {
                for (row, value, code) in [
                    (1, 5.0, "0.00_ "),
                    (2, 1200.0, "#,##0"),
                    (3, 3.0, "0\"场\""),
                ] {
                    let format = Format::new().set_num_format(code);
                    sheet
                        .write_number_with_format(row, 1, value, &format)
                        .unwrap();
                }
            }
        },
    );
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    let read: Vec<&str> = submission
        .unit
        .rows("status")
        .iter()
        .map(|r| r["sessions"].as_str())
        .collect();
    assert_eq!(read, ["5", "1200", "3"], "{:#?}", told(&findings));
}

#[test]
fn a_year_typed_into_a_date_cell_is_no_day_of_1905() {
    let format = Format::new().set_num_format("yyyy-mm-dd");
    let bytes = book_with(
        &[("单位", UNIT), ("候选人", &[HEAD, ZHANG])],
        |name, sheet| {
            if name == "单位" {
                sheet
                    .write_number_with_format(6, 1, 2021.517, &format)
                    .unwrap();
            }
        },
    );
    let (_, findings) = intake(&[file("报送.xlsx", bytes)]);
    let finding = one(&findings, "F3", "1905-07-13");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.place.cell.as_deref(), Some("B7"));
}

#[test]
fn what_a_condition_or_a_tiny_font_hides_is_told() {
    let white = Format::new().set_font_color("FFFFFF");
    let (_, findings) = deeds(|sheet| {
        sheet.write_string(1, 10, "暗注").unwrap();
        let rule = ConditionalFormatFormula::new()
            .set_rule("=TRUE")
            .set_format(&white);
        sheet.add_conditional_format(1, 10, 1, 10, &rule).unwrap();
    });
    assert_eq!(
        one(&findings, "I16", "在表上看不见").place.cell.as_deref(),
        Some("K2")
    );
    let tiny = Format::new().set_font_size(1);
    let (_, findings) = deeds(|sheet| {
        sheet
            .write_string_with_format(1, 10, "暗注", &tiny)
            .unwrap();
    });
    one(&findings, "I16", "在表上看不见");
    let (_, findings) = deeds(|sheet| {
        sheet.set_row_height(1, 0).unwrap();
    });
    one(&findings, "I16", "隐藏的行");
    // a condition that only colours hides nothing
    let red = Format::new().set_font_color("FF0000");
    let (_, findings) = deeds(|sheet| {
        sheet.write_string(1, 10, "明注").unwrap();
        let rule = ConditionalFormatFormula::new()
            .set_rule("=TRUE")
            .set_format(&red);
        sheet.add_conditional_format(1, 10, 1, 10, &rule).unwrap();
    });
    assert!(
        findings.iter().all(|f| f.code != "I16"),
        "{:#?}",
        told(&findings)
    );
}

#[test]
fn comments_on_cells_are_told_with_their_words() {
    let (_, findings) = deeds(|sheet| {
        let note = Note::new("改为：示例研究院").set_author("安桃");
        sheet.insert_note(1, 9, &note).unwrap();
    });
    let finding = one(&findings, "I16", "批注“改为：示例研究院”");
    assert_eq!(finding.place.cell.as_deref(), Some("J2"));
    // a note on a heading explains
    let (_, findings) = deeds(|sheet| {
        sheet.insert_note(0, 9, &Note::new("写一个")).unwrap();
    });
    assert!(
        findings.iter().all(|f| f.code != "I16"),
        "{:#?}",
        told(&findings)
    );
}

/// A report with one part of its own beside the words: a kind of part, its root and what stands in that.
fn with_part(kind: &str, root: &str, inside: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let text = |words: &str| format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>");
    let body = [text("关于推荐工作的报告"), text("一、组织推荐。")].concat();
    for (name, xml) in [
        (
            "word/document.xml",
            format!("<w:document xmlns:w=\"urn:w\"><w:body>{body}</w:body></w:document>"),
        ),
        (
            "word/part1.xml",
            format!("<w:{root} xmlns:w=\"urn:w\">{inside}</w:{root}>"),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"part1.xml\"/></Relationships>"
            ),
        ),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(xml.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn words_at_the_head_of_a_report_are_told() {
    let findings = |header: &str| {
        let inside = format!("<w:p><w:r><w:t>{header}</w:t></w:r></w:p>");
        let source = file("报告.docx", with_part("header", "hdr", &inside));
        let (submission, findings) = read(&campaign(), &[], Some(&source), Vec::new());
        assert_eq!(submission.report, ["关于推荐工作的报告", "一、组织推荐。"]);
        findings
    };
    one(
        &findings("联系人：任遥 0312-0000000"),
        "I1",
        "报告的页眉里写着“联系人",
    );
    let quiet = findings("第 1 页 共 3 页");
    assert!(
        quiet.iter().all(|f| !f.message.contains("页眉")),
        "{:#?}",
        told(&quiet)
    );
}

#[test]
fn remarks_beside_a_report_are_told_with_their_words() {
    let remark =
        |words: &str| format!("<w:comment><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:comment>");
    let inside = [remark("这一段请补数字"), remark("已核")].concat();
    let source = file("报告.docx", with_part("comments", "comments", &inside));
    let (submission, findings) = read(&campaign(), &[], Some(&source), Vec::new());
    assert_eq!(submission.report, ["关于推荐工作的报告", "一、组织推荐。"]);
    one(&findings, "I1", "批注“这一段请补数字”等2条，没有读取");
}
