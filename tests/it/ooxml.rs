//! Packages within their limits, and notes on a workbook that leave all else alone.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use rust_xlsxwriter::{
    Color, DataValidation, Format, FormatBorder, Image, Note as Comment, Table, Workbook,
};
use sanlian::finding::{Finding, Place, Severity};
use sanlian::ooxml::{NOTE_HEADING, NOTE_SHEET, Note, OoxmlError, OpcPackage, mark_workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::chance::Chance;
use crate::{office, tools};

/// A one-pixel PNG picture.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc\xf8\x0f\0\x01\x01\x01\0\x1b\xb6\xeeV\0\0\0\0IEND\xaeB`\x82";

/// A workbook with everything that must survive.
fn sample() -> Vec<u8> {
    let mut book = Workbook::new();
    let head = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0xDD_EBF7));
    let money = Format::new()
        .set_num_format("0.00")
        .set_border(FormatBorder::Thin);
    let yellow = Format::new()
        .set_background_color(Color::RGB(0xFF_FF00))
        .set_border(FormatBorder::Medium);
    let sheet = book.add_worksheet();
    sheet.set_name("候选人").unwrap();
    for (column, text) in ["姓名", "性别", "年龄", "身份证号"].iter().enumerate() {
        let column = u16::try_from(column).unwrap();
        sheet
            .write_string_with_format(0, column, *text, &head)
            .unwrap();
    }
    sheet.write_string(1, 0, "张三").unwrap();
    sheet.write_string(1, 1, "男").unwrap();
    sheet.write_number_with_format(1, 2, 36.5, &money).unwrap();
    sheet
        .write_string_with_format(1, 3, "139900198502140015", &yellow)
        .unwrap();
    sheet.write_string(2, 0, "李四").unwrap();
    sheet.set_column_width(0, 17).unwrap();
    sheet.set_freeze_panes(1, 1).unwrap();
    sheet
        .insert_note(1, 0, &Comment::new("原有批注").set_author("王示例"))
        .unwrap();
    let image = Image::new_from_buffer(DOT).unwrap();
    sheet.insert_image(5, 6, &image).unwrap();
    let list = DataValidation::new()
        .allow_list_strings(&["男", "女"])
        .unwrap();
    sheet.add_data_validation(1, 1, 99, 1, &list).unwrap();
    let plain = book.add_worksheet();
    plain.set_name("简历").unwrap();
    plain.write_string(0, 0, "候选人").unwrap();
    plain.write_string(1, 0, "张三").unwrap();
    let table = book.add_worksheet();
    table.set_name("获奖").unwrap();
    table.add_table(0, 0, 3, 1, &Table::new()).unwrap();
    book.save_to_buffer().unwrap()
}

fn note(sheet: &str, cell: &str, severity: Severity, text: &str) -> Note {
    Note {
        sheet: sheet.to_owned(),
        cell: cell.to_owned(),
        severity,
        code: "F4".to_owned(),
        place: "张三".to_owned(),
        text: text.to_owned(),
        hint: "请核对原件。".to_owned(),
    }
}

fn notes() -> Vec<Note> {
    vec![
        note(
            "候选人",
            "D2",
            Severity::Error,
            "身份证号第 18 位应为 X，现为 5。",
        ),
        note("候选人", "D2", Severity::Warning, "证件类型未填"),
        note(
            "候选人",
            "C2",
            Severity::Warning,
            "年龄 36.5 应为整数 & <0 以上>",
        ),
        note("候选人", "A2", Severity::Error, "姓名与身份证不符"),
        note("候选人", "B3", Severity::Error, "性别未填"),
        note("获奖", "A2", Severity::Error, "获奖年月未填"),
        note("", "", Severity::Error, "缺推荐工作情况报告"),
        note("没有的表", "A1", Severity::Info, "多余的文件"),
    ]
}

fn headings() -> BTreeMap<String, u32> {
    BTreeMap::from([("候选人".to_owned(), 1), ("获奖".to_owned(), 1)])
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let package = OpcPackage::read(bytes).unwrap();
    let names: Vec<String> = package.names().map(str::to_owned).collect();
    let part = |name: &String| package.part(name).unwrap().to_vec();
    names.into_iter().map(|n| (n.clone(), part(&n))).collect()
}

fn with_part(bytes: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut package = OpcPackage::read(bytes).unwrap();
    let text = change(package.text(name).unwrap());
    package.put(name, text);
    package.write().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_package_written_again_holds_the_same_parts_in_the_same_order() {
    let bytes = sample();
    let package = OpcPackage::read(&bytes).unwrap();
    let written = package.write().unwrap();
    assert_eq!(OpcPackage::read(&written).unwrap(), package);
    assert_eq!(
        OpcPackage::read(&written).unwrap().write().unwrap(),
        written
    );
}

#[test]
fn hostile_packages_are_refused_with_their_reason() {
    let refused = |bytes: &[u8]| OpcPackage::read(bytes).unwrap_err();
    assert_eq!(refused(b""), OoxmlError::NotPackage);
    assert_eq!(refused(b"name,sex\n"), OoxmlError::NotPackage);
    let mut old = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    old.extend([0; 2000]);
    assert_eq!(refused(&old), OoxmlError::OldFormat);
    old.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&old), OoxmlError::Encrypted);
    for name in [
        "../a.xml",
        "xl/../../a.xml",
        "/etc/passwd",
        "xl\\a.xml",
        "C:a",
        "a\nb",
    ] {
        let error = refused(&zip(&[(name, b"x")]));
        assert!(matches!(error, OoxmlError::BadName(_)), "{name}: {error:?}");
    }
    let twice = zip(&[("xl/a.xml", b"1"), ("xl/A.xml", b"2")]);
    assert!(matches!(refused(&twice), OoxmlError::Duplicate(_)));
    let mut same = zip(&[("xl/aa.xml", b"1"), ("xl/ab.xml", b"2")]);
    for at in 0..same.len() - 9 {
        if same[at..].starts_with(b"xl/ab.xml") {
            same[at + 4] = b'a';
        }
    }
    assert!(matches!(refused(&same), OoxmlError::Duplicate(_)));
    let bomb = zip(&[("xl/a.xml", &vec![b' '; 40 << 20])]);
    assert_eq!(refused(&bomb), OoxmlError::Bomb("xl/a.xml".to_owned()));
    let names: Vec<String> = (0..5_001).map(|n| format!("a{n}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &b""[..])).collect();
    assert_eq!(refused(&zip(&many)), OoxmlError::TooMany(5_001));
}

#[test]
fn a_package_of_more_than_200_mib_is_refused() {
    let mut noise = Vec::with_capacity(15 << 20);
    let mut chance = Chance::new(1);
    while noise.len() < 15 << 20 {
        noise.extend([chance.byte(); 40]);
    }
    let names: Vec<String> = (0..14).map(|n| format!("a{n}")).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &noise[..])).collect();
    assert_eq!(
        OpcPackage::read(&zip(&parts)).unwrap_err(),
        OoxmlError::TooBig
    );
}

#[test]
fn a_package_cut_short_or_with_a_flipped_byte_never_panics() {
    let bytes = sample();
    for length in (0..bytes.len()).step_by(97) {
        assert!(mark_workbook(&bytes[..length], &notes(), &headings()).is_err());
    }
    for at in (0..bytes.len()).step_by(61) {
        let mut bad = bytes.clone();
        bad[at] ^= 0x55;
        let _ = mark_workbook(&bad, &notes(), &headings());
    }
}

#[test]
fn parts_cut_short_are_refused_by_name() {
    let bytes = sample();
    for name in [
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/comments1.xml",
        "xl/sharedStrings.xml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
    ] {
        let length = OpcPackage::read(&bytes).unwrap().part(name).unwrap().len();
        for cut in (0..length).step_by(length / 23 + 1) {
            let bad = with_part(&bytes, name, |xml| {
                let mut cut = cut;
                while !xml.is_char_boundary(cut) {
                    cut -= 1;
                }
                xml[..cut].to_owned()
            });
            let done = mark_workbook(&bad, &notes(), &headings());
            assert!(done.is_err() || cut < 60, "{name} cut at {cut}");
        }
    }
}

#[test]
fn what_is_not_marked_stays_byte_for_byte() {
    let bytes = sample();
    let marked = mark_workbook(&bytes, &notes(), &headings()).unwrap();
    let (before, after) = (parts(&bytes), parts(&marked));
    let mut changed: Vec<&str> = Vec::new();
    for (name, part) in &before {
        if after[name] != *part {
            changed.push(name);
        }
    }
    assert_eq!(
        changed,
        [
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
            "xl/comments1.xml",
            "xl/drawings/vmlDrawing1.vml",
            "xl/styles.xml",
            "xl/workbook.xml",
            "xl/worksheets/_rels/sheet3.xml.rels",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet3.xml",
        ]
    );
    let sheet = String::from_utf8(after["xl/worksheets/sheet1.xml"].clone()).unwrap();
    let was = String::from_utf8(before["xl/worksheets/sheet1.xml"].clone()).unwrap();
    let tail = |xml: &str| xml[xml.find("</sheetData>").unwrap()..].to_owned();
    assert_eq!(tail(&sheet), tail(&was));
}

#[test]
fn a_workbook_without_notes_comes_back_as_it_was() {
    let bytes = sample();
    let marked = mark_workbook(&bytes, &[], &headings()).unwrap();
    assert_eq!(parts(&marked), parts(&bytes));
}

#[test]
fn marking_twice_is_marking_once() {
    let mut with_last_heading = notes();
    with_last_heading.push(Note {
        cell: "D1".to_owned(),
        ..notes().remove(0)
    });
    for notes in [notes(), with_last_heading] {
        let once = mark_workbook(&sample(), &notes, &headings()).unwrap();
        let twice = mark_workbook(&once, &notes, &headings()).unwrap();
        for (name, part) in parts(&once) {
            let again = parts(&twice).remove(&name).unwrap();
            assert_eq!(
                String::from_utf8_lossy(&again),
                String::from_utf8_lossy(&part),
                "{name}"
            );
        }
        assert!(twice == once);
    }
}

#[test]
fn openpyxl_sees_colours_comments_and_the_new_column() {
    let folder = tools::folder("ooxml_marked");
    let marked = mark_workbook(&sample(), &notes(), &headings()).unwrap();
    let file = office::keep(&folder, "marked.xlsx", &marked);
    office::validate(&[&file]);
    let said = office::openpyxl(
        &file,
        r#"
s = book['候选人']
for c in ('A2','B3','C2','D2'):
    cell = s[c]
    print(c, cell.fill.fgColor.rgb, cell.number_format, cell.border.left.style, cell.value, repr(cell.comment.text))
print(s['E1'].value, s['E1'].font.b, s.column_dimensions['E'].width, s.dimensions)
print(s['E2'].value)
print(s['E3'].value)
print(s.column_dimensions['A'].width, s.freeze_panes, len(s._images), s.data_validations.dataValidation[0].sqref)
print(book.sheetnames)
for row in book['校验结果'].iter_rows(values_only=True):
    print(row)
"#,
    );
    let Some(said) = said else { return };
    for wanted in [
        "A2 FFFFC7CD General None 张三 '王示例:\\n原有批注\\n【校验】姓名与身份证不符。请核对原件。'",
        "B3 FFFFC7CD General None None '性别未填。请核对原件。'",
        "C2 FFFFEB9D 0.00 thin 36.5 '年龄 36.5 应为整数 & <0 以上>。请核对原件。'",
        "D2 FFFFC7CD General medium 139900198502140015 '身份证号第 18 位应为 X，现为 5。请核对原件。\\n证件类型未填。请核对原件。'",
        "错误说明 True 60.0 A1:E3",
        "身份证号第 18 位应为 X，现为 5。请核对原件；证件类型未填。请核对原件；年龄 36.5 应为整数 & <0 以上>。请核对原件；姓名与身份证不符。请核对原件",
        "性别未填。请核对原件",
        "B2 1 B2:B100",
        "['候选人', '简历', '获奖', '校验结果']",
        "错误 5 处，警告 2 处",
        "('7', '错误', 'F4', '张三', '缺推荐工作情况报告', '请核对原件。')",
        "('1', '错误', 'F4', '［候选人］D2（张三）',",
    ] {
        assert!(said.contains(wanted), "{wanted}\n---\n{said}");
    }
}

#[test]
fn a_second_check_takes_the_old_notes_away() {
    let folder = tools::folder("ooxml_again");
    let once = mark_workbook(&sample(), &notes(), &headings()).unwrap();
    let left = [note("候选人", "B3", Severity::Warning, "性别未填")];
    let again = mark_workbook(&once, &left, &headings()).unwrap();
    let file = office::keep(&folder, "again.xlsx", &again);
    office::validate(&[&file]);
    let said = office::openpyxl(
        &file,
        r#"
s = book['候选人']
for c in ('A2','B3','C2','D2'):
    cell = s[c]
    print(c, cell.fill.fill_type, cell.fill.fgColor.rgb, cell.border.left.style, cell.comment and cell.comment.text)
print([s.cell(r, 5).value for r in (1, 2, 3)], [c.value for c in book['获奖'][1]], s.max_column)
print(book.sheetnames, book['校验结果'].max_row)
"#,
    );
    let Some(said) = said else { return };
    for wanted in [
        "A2 None 00000000 None 王示例:\n原有批注\n",
        "B3 solid FFFFEB9D None 性别未填。请核对原件。",
        "C2 None 00000000 thin None",
        "D2 solid FFFFFF00 medium None",
        "['错误说明', None, '性别未填。请核对原件'] ['Column1', 'Column2', None] 5",
        "['候选人', '简历', '获奖', '校验结果'] 3",
    ] {
        assert!(said.contains(wanted), "{wanted}\n---\n{said}");
    }
    let none = mark_workbook(&again, &[], &headings()).unwrap();
    let sheet = parts(&none).remove("xl/worksheets/sheet1.xml").unwrap();
    assert!(!String::from_utf8(sheet).unwrap().contains(NOTE_HEADING));
}

#[test]
fn a_marked_workbook_saved_by_openpyxl_does_not_pile_up() {
    let folder = tools::folder("ooxml_resaved");
    let once = mark_workbook(&sample(), &notes(), &headings()).unwrap();
    let file = office::keep(&folder, "resaved.xlsx", &once);
    if office::openpyxl(&file, "book.save(path)").is_none() {
        return;
    }
    let resaved = std::fs::read(&file).unwrap();
    let again = mark_workbook(&resaved, &notes(), &headings()).unwrap();
    let file = office::keep(&folder, "again.xlsx", &again);
    office::validate(&[&file]);
    let said = office::openpyxl(
        &file,
        r#"
s = book['候选人']
print(s['A2'].comment.text.count('校验'), s['D2'].fill.fgColor.rgb, s['D2'].fill.bgColor.rgb, s.max_column)
print(s['D2'].comment.text.count('证件类型'), s['E3'].value, book.sheetnames)
"#,
    );
    let said = said.unwrap();
    assert!(said.contains("1 FFFFC7CD FFFFFF00 5"), "{said}");
    assert!(
        said.contains("1 性别未填。请核对原件 ['候选人', '简历', '获奖', '校验结果']"),
        "{said}"
    );
}

#[test]
fn libreoffice_opens_a_marked_workbook() {
    let folder = tools::folder("ooxml_printed");
    let marked = mark_workbook(&sample(), &notes(), &headings()).unwrap();
    let file = office::keep(&folder, "marked.xlsx", &marked);
    let Some(text) = office::printed(&file) else {
        return;
    };
    for wanted in [
        "错误说明",
        "校验结果：错误 5 处，警告 2 处",
        "缺推荐工作情况报告",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}

#[test]
fn sheets_that_other_programs_write_are_marked_too() {
    let bytes = sample();
    let name = "xl/worksheets/sheet2.xml";
    let shapes = [
        // No references, no dimension; a run of columns to be divided; parts that stand behind the drawing of comments.
        (
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="1" max="16384" width="9" style="1"/></cols><sheetData><row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>性别</t></is></c></row><row/></sheetData><pageMargins left="1" right="1" top="1" bottom="1" header="1" footer="1"/><extLst/></worksheet>"#,
            &[
                r#"<col min="1" max="2" width="9" style="1"/><col min="3" max="3" width="60" style="1" customWidth="1"/><col min="4" max="16384" width="9" style="1"/>"#,
                r#"<row><c r="B2" s=""#,
                r#"/><extLst/>"#,
            ][..],
        ),
        // A prefix on every element.
        (
            r#"<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:dimension ref="A1"/><x:sheetData/></x:worksheet>"#,
            &[
                r#"<x:dimension ref="A1:B2"/>"#,
                r#"<x:sheetData><x:row r="1"><x:c r="A1" s="0" t="inlineStr"><x:is><x:t>错误说明</x:t>"#,
                r#"<x:row r="2">"#,
                "</x:row></x:sheetData><x:legacyDrawing",
            ][..],
        ),
    ];
    for (xml, wanted) in shapes {
        let strange = with_part(&bytes, name, |_| xml.to_owned());
        let notes = [note("简历", "B2", Severity::Error, "性别未填")];
        let marked = mark_workbook(&strange, &notes, &BTreeMap::new()).unwrap();
        let sheet = String::from_utf8(parts(&marked).remove(name).unwrap()).unwrap();
        for piece in wanted {
            assert!(sheet.contains(piece), "{piece}\n---\n{sheet}");
        }
        assert!(mark_workbook(&marked, &notes, &BTreeMap::new()).unwrap() == marked);
    }
}

#[test]
fn a_sheet_without_a_free_column_is_a_named_limit() {
    let full = with_part(&sample(), "xl/worksheets/sheet2.xml", |xml| {
        xml.replace(
            "</sheetData>",
            r#"<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>"#,
        )
    });
    let notes = [note("简历", "A2", Severity::Error, "未填")];
    let error = mark_workbook(&full, &notes, &BTreeMap::new()).unwrap_err();
    assert_eq!(error, OoxmlError::Full("简历".to_owned()));
}

#[test]
fn a_sheet_that_somebody_named_as_ours_is_left_alone() {
    let own = with_part(&sample(), "xl/workbook.xml", |xml| {
        xml.replace("name=\"简历\"", &format!("name=\"{NOTE_SHEET}\""))
    });
    let marked = mark_workbook(&own, &notes(), &headings()).unwrap();
    let book = OpcPackage::read(&marked).unwrap();
    assert!(
        book.text("xl/workbook.xml")
            .unwrap()
            .contains("name=\"校验结果2\"")
    );
    assert_eq!(
        book.part("xl/worksheets/sheet2.xml"),
        OpcPackage::read(&own)
            .unwrap()
            .part("xl/worksheets/sheet2.xml")
    );
}

#[test]
fn a_finding_becomes_a_note_with_its_place() {
    let place = Place::cell("登记表.xlsx", "候选人", 3, 6).of("张三", "id_no");
    let note = Note::from(&Finding::error(
        "F4",
        place,
        "身份证号第 18 位不符",
        "请核对原件。",
    ));
    assert_eq!((note.sheet.as_str(), note.cell.as_str()), ("候选人", "G4"));
    assert_eq!((note.place.as_str(), note.code.as_str()), ("张三", "F4"));
}
