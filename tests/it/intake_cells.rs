//! Cells of workbooks to canonical texts, and what is told about them.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula};
use sanlian::finding::Severity;

use crate::intake::{HEAD, UNIT, ZHANG, book_with, candidates, file, intake, one, quiet};

#[test]
fn id_typed_as_a_number_is_refused_and_never_repaired() {
    let (submission, findings) = candidates(
        &[&["姓名", "性别", "身份证号"], &["张三", "男"]],
        |sheet| {
            sheet
                .write_number(1, 2, 139_900_198_502_140_015_f64)
                .unwrap();
        },
    );
    let finding = one(&findings, "F14", "身份证号");
    assert_eq!(finding.severity, Severity::Error);
    assert_eq!(finding.place.cell.as_deref(), Some("C2"));
    assert_eq!(
        submission.candidates[0].text("id_no"),
        "1.39900198502140E+17"
    );
}

#[test]
fn numbers_that_lost_nothing_are_taken() {
    let (submission, findings) = candidates(
        &[&["姓名", "性别", "手机", "邮政编码", "民族"], &["张三"]],
        |sheet| {
            for (column, number) in [(1, 1.0), (2, 14_000_000_001.0), (3, 50_000.0), (4, 1.0)] {
                sheet.write_number(1, column, number).unwrap();
            }
        },
    );
    let zhang = &submission.candidates[0];
    assert_eq!(zhang.text("sex"), "男");
    assert_eq!(zhang.text("ethnic"), "汉族");
    assert_eq!(zhang.text("mobile"), "14000000001");
    assert_eq!(zhang.text("postcode"), "050000");
    let finding = one(&findings, "F10", "“50000”");
    assert!(
        finding.message.contains("读作“050000”"),
        "{}",
        finding.message
    );
}

#[test]
fn fixed_number_typed_as_a_number_gets_its_zero_back() {
    let bytes = book_with(
        &[("单位", UNIT), ("候选人", &[HEAD, ZHANG])],
        |name, sheet| {
            if name == "单位" {
                sheet.write_number(4, 1, 31_100_000_000.0).unwrap();
            }
        },
    );
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    assert_eq!(submission.unit.text("phone"), "0311-00000000");
    one(&findings, "F8", "开头的0丢失");
}

#[test]
fn months_are_understood_in_every_wrong_shape() {
    let date = Format::new().set_num_format("yyyy\"年\"m\"月\"");
    let typed = [
        ("1978.05", "1978.05"),
        ("1978.5", "1978.05"),
        ("1978-05", "1978.05"),
        ("1978/5/1", "1978.05"),
        ("１９７８年５月", "1978.05"),
        ("197805", "1978.05"),
        ("七八年五月", "七八年五月"),
    ];
    for (text, wanted) in typed {
        let (submission, _) = candidates(
            &[&["姓名", "性别", "出生年月"], &["张三", "男", text]],
            |_| {},
        );
        assert_eq!(submission.candidates[0].text("birth"), wanted);
    }
    let numbers = [
        (1978.05, "1978.05"),
        (1978.12, "1978.12"),
        (197_805.0, "1978.05"),
        (28_611.0, "28611"),
    ];
    for (number, wanted) in numbers {
        let (submission, findings) = candidates(
            &[&["姓名", "性别", "出生年月"], &["张三", "男"]],
            |sheet| {
                sheet.write_number(1, 2, number).unwrap();
            },
        );
        assert_eq!(submission.candidates[0].text("birth"), wanted);
        assert!(findings.iter().all(|f| f.code != "F3"), "{number}");
    }
    let (submission, findings) = candidates(
        &[&["姓名", "性别", "出生年月"], &["张三", "男"]],
        |sheet| {
            let day = ExcelDateTime::from_ymd(1978, 5, 1).unwrap();
            sheet.write_datetime_with_format(1, 2, &day, &date).unwrap();
        },
    );
    assert_eq!(submission.candidates[0].text("birth"), "1978.05");
    quiet(&findings);
}

#[test]
fn month_that_may_be_october_is_told() {
    let (submission, findings) = candidates(
        &[&["姓名", "性别", "出生年月"], &["张三", "男"]],
        |sheet| {
            sheet.write_number(1, 2, 1978.1).unwrap();
        },
    );
    assert_eq!(submission.candidates[0].text("birth"), "1978.1");
    assert_eq!(one(&findings, "F3", "1978年10月").severity, Severity::Error);
    let (submission, findings) = candidates(
        &[&["姓名", "性别", "出生年月"], &["张三", "男", "1978.1"]],
        |_| {},
    );
    assert_eq!(submission.candidates[0].text("birth"), "1978.01");
    assert_eq!(one(&findings, "F3", "1978.10").severity, Severity::Warning);
}

#[test]
fn date_in_a_text_column_is_told() {
    let date = Format::new().set_num_format("m-d");
    let (submission, findings) = candidates(
        &[&["姓名", "性别", "主要事迹"], &["张三", "男"]],
        |sheet| {
            let day = ExcelDateTime::from_ymd(2021, 3, 5).unwrap();
            sheet.write_datetime_with_format(1, 2, &day, &date).unwrap();
        },
    );
    assert_eq!(submission.candidates[0].text("deeds"), "2021-03-05");
    one(&findings, "F3", "日期格式的单元格");
}

#[test]
fn formula_without_result_is_told() {
    let people: &[&[&str]] = &[&["姓名", "性别", "民族", "主要事迹"], &["张三", "男"]];
    let bytes = book_with(&[("单位", UNIT), ("候选人", people)], |name, sheet| {
        if name == "候选人" {
            let formula = Formula::new("=1+41").set_result("42");
            sheet.write_formula(1, 2, formula).unwrap();
            let formula = Formula::new("=NA()").set_result("#N/A");
            sheet.write_formula(1, 3, formula).unwrap();
        }
    });
    for gone in ["", "<v></v>", "<v/>"] {
        let bytes = patched(&bytes, "xl/worksheets/sheet2.xml", "<v>42</v>", gone);
        let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
        assert_eq!(submission.candidates[0].text("ethnic"), "");
        let finding = one(&findings, "I10", "民族是公式，但没有计算结果");
        assert_eq!(finding.place.cell.as_deref(), Some("C2"));
        one(&findings, "I10", "主要事迹的公式出错，结果是#N/A");
    }
}

#[test]
fn a_picture_in_a_cell_is_no_value_and_no_fault() {
    let wps = r#"=DISPIMG("ID_61A4C7AEBBCE4C2AB56FC63352E00CBD",1)"#;
    // WPS's formula as text, and Excel's picture, an error that the metadata explain
    for kind in [
        ("str", wps.replace('"', "&quot;"), ""),
        ("e", "#VALUE!".to_owned(), " vm=\"1\""),
    ] {
        let (kind, value, more) = kind;
        let xml = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">\
             <c r=\"A1\" t=\"{kind}\"{more}><v>{value}</v></c></row></sheetData></worksheet>"
        );
        assert_eq!(only_cell(&xml), sanlian::ooxml::CellValue::Picture, "{xml}");
    }
}

/// The value of the one cell of a sheet.
fn only_cell(xml: &str) -> sanlian::ooxml::CellValue {
    use sanlian::ooxml::{CellReader, OpcPackage, SheetCells};
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    zip.write_all(xml.as_bytes()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let package = OpcPackage::read(&bytes).unwrap();
    let reader = CellReader::default();
    let mut cells = SheetCells::new(&package, "xl/worksheets/sheet1.xml", &reader).unwrap();
    cells.next().unwrap().unwrap().2
}

#[test]
fn formula_with_its_result_is_read() {
    let rows: &[&[&str]] = &[&["姓名", "性别", "民族", "主要事迹"], &["张三", "男"]];
    let (submission, findings) = candidates(rows, |sheet| {
        let formula = Formula::new("=\"回\"&\"族\"").set_result("回族");
        sheet.write_formula(1, 2, formula).unwrap();
    });
    quiet(&findings);
    assert_eq!(submission.candidates[0].text("ethnic"), "回族");
}

#[test]
fn formula_that_shows_nothing_is_an_empty_cell() {
    let people: &[&[&str]] = &[&["姓名", "性别", "民族"], &["张三", "男"]];
    let bytes = book_with(&[("单位", UNIT), ("候选人", people)], |name, sheet| {
        if name == "候选人" {
            let formula = Formula::new("=\"\"").set_result("空");
            sheet.write_formula(1, 2, formula).unwrap();
        }
    });
    let bytes = patched(&bytes, "xl/worksheets/sheet2.xml", "<v>空</v>", "<v></v>");
    let (submission, findings) = intake(&[file("报送.xlsx", bytes)]);
    assert_eq!(submission.candidates[0].text("ethnic"), "");
    assert!(findings.iter().all(|f| f.code != "I10"));
}

#[test]
fn characters_are_mended_or_told() {
    let name = |typed: &str| {
        let (submission, findings) = candidates(&[&["姓名", "性别"], &[typed, "男"]], |_| {});
        (submission.candidates[0].text("name").to_owned(), findings)
    };
    let (kept, findings) = name("张\u{E863}");
    assert_eq!(kept, "张\u{E863}");
    assert!(
        one(&findings, "N3", "第2字（U+E863）")
            .message
            .contains('䶮')
    );
    let (kept, findings) = name("王⼯");
    assert_eq!(kept, "王工");
    one(&findings, "N4", "“⼯”（U+2F2F）改为“工”");
    let (kept, findings) = name("买买提•示例");
    assert_eq!(kept, "买买提·示例");
    one(&findings, "N2", "“买买提•示例”读作“买买提·示例”");
    let (kept, findings) = name("张\u{200B}三");
    assert_eq!(kept, "张三");
    assert_eq!(
        one(&findings, "N5", "1个不可见字符").severity,
        Severity::Info
    );
    let (_, findings) = name("张\u{FFFD}");
    assert_eq!(one(&findings, "N5", "乱码").severity, Severity::Error);
}

#[test]
fn small_x_and_wide_digits_in_an_id_are_mended() {
    let rows: &[&[&str]] = &[
        &["姓名", "性别", "身份证号"],
        &["张三", "男", "'１３９９００ 19850214 001x"],
    ];
    let (submission, findings) = candidates(rows, |_| {});
    assert_eq!(submission.candidates[0].text("id_no"), "13990019850214001X");
    one(&findings, "N6", "小写x");
    one(&findings, "N6", "全角");
}

/// The package with words of one part replaced.
fn patched(bytes: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        if name == part {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(from), "{text}");
            content = text.replace(from, to).into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        out.write_all(&content).unwrap();
    }
    out.finish().unwrap().into_inner()
}
