//! Organisers' workbooks: a cell means to `read` what it means to `check`, lists grow and everything goes on naming the same cells,
//! formulas are calculated anew, opinions leave the lines to be signed.

use std::io::Write as _;

use sanlian::campaign::Campaign;
use sanlian::fill::{Filling, Prepared, bind, read};
use sanlian::intake::cell_text;
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Entry, Submission, Value};
use zip::write::SimpleFileOptions;

use crate::fill::campaign;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of two sheets, 推荐表 with these rows and what stands behind them, and 封面; with names, formats and an order of calculation.
pub(crate) fn book(rows: &str, behind: &str, cover: &str, names: &str) -> Vec<u8> {
    let sheet = |rows: &str, behind: &str| {
        format!(
            "<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{TYPES}\"><sheetData>{rows}</sheetData>{behind}</worksheet>"
        )
    };
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let over = |name: &str, sort: &str| {
        format!("<Override PartName=\"/xl/{name}\" ContentType=\"{kind}.{sort}+xml\"/>")
    };
    let link = |n: u32, sort: &str, target: &str| {
        format!("<Relationship Id=\"rId{n}\" Type=\"{TYPES}/{sort}\" Target=\"{target}\"/>")
    };
    let relations = |inside: String| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inside}</Relationships>"
        )
    };
    let types = [
        over("workbook.xml", "sheet.main"),
        over("worksheets/sheet1.xml", "worksheet"),
        over("worksheets/sheet2.xml", "worksheet"),
        over("styles.xml", "styles"),
        over("calcChain.xml", "calcChain"),
    ];
    let links = [
        link(1, "worksheet", "worksheets/sheet1.xml"),
        link(2, "worksheet", "worksheets/sheet2.xml"),
        link(3, "styles", "styles.xml"),
        link(4, "calcChain", "calcChain.xml"),
    ];
    let formats = ["0", "14", "164", "9"];
    let formats: String = formats
        .iter()
        .map(|f| format!("<xf numFmtId=\"{f}\"/>"))
        .collect();
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>{}</Types>",
                types.concat()
            ),
        ),
        (
            "_rels/.rels",
            relations(link(1, "officeDocument", "xl/workbook.xml")),
        ),
        ("xl/_rels/workbook.xml.rels", relations(links.concat())),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{TYPES}\"><sheets><sheet name=\"推荐表\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"封面\" sheetId=\"2\" r:id=\"rId2\"/></sheets><definedNames>{names}</definedNames></workbook>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet(rows, behind)),
        ("xl/worksheets/sheet2.xml", sheet(cover, "")),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"000000\"/></numFmts><cellXfs count=\"4\">{formats}</cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/calcChain.xml",
            format!("<calcChain xmlns=\"{MAIN}\"><c r=\"B7\" i=\"1\"/></calcChain>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn text(name: &str, text: &str) -> String {
    format!("<c r=\"{name}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
}

pub(crate) fn row(number: u32, cells: &[String]) -> String {
    format!(
        "<row r=\"{number}\" ht=\"20\" customHeight=\"1\">{}</row>",
        cells.concat()
    )
}

pub(crate) fn blank(name: &str) -> String {
    format!("<c r=\"{name}\"/>")
}

fn filled(campaign: &Campaign, form: &[u8], who: &Submission) -> OpcPackage {
    let binding = bind(campaign, "表.xlsx", form).unwrap();
    let prepared = Prepared::new(campaign, form, binding.places()).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let faults = prepared.faults_of(campaign, who, &filling, "表.xlsx");
    assert!(!sanlian::finding::has_errors(&faults), "{faults:?}");
    let bytes = prepared.fill(campaign, who, &filling).unwrap();
    OpcPackage::read(&bytes).unwrap()
}

/// 王示例 with a career of so many rows.
fn person(rows: usize) -> Submission {
    let mut entry = Entry::default();
    for (key, text) in [
        ("name", "王示例"),
        ("sex", "女"),
        ("org", "示例院"),
        ("deeds", "示例事迹"),
    ] {
        entry.set(key, text);
    }
    let row = |n: usize| {
        let texts = [
            ("span", format!("20{n:02}.09—20{n:02}.12")),
            ("org", format!("示例{n}院")),
            ("post", format!("职务{n}")),
        ];
        texts.map(|(k, v)| (k.to_owned(), v)).into_iter().collect()
    };
    let rows = (1..=rows).map(row).collect();
    entry.values.insert("resume".to_owned(), Value::Rows(rows));
    let mut submission = Submission {
        candidates: vec![entry],
        ..Submission::default()
    };
    submission.unit.set("op_publicity_dept", "同意推荐");
    submission
}

#[test]
fn a_cell_means_to_a_form_what_it_means_to_the_workbook() {
    let campaign = campaign();
    let labels = [
        ("A", 1, "姓名"),
        ("C", 1, "出生年月"),
        ("A", 2, "工作单位"),
        ("C", 2, "邮政编码"),
        ("A", 3, "通讯地址"),
        ("C", 3, "手机"),
        ("A", 4, "籍贯"),
        ("C", 4, "是否涉密"),
    ];
    let form = |values: &[(&str, &str)]| {
        let rows: String = (1..=4)
            .map(|n| {
                let mut cells: Vec<String> = Vec::new();
                for (column, value) in [("A", "B"), ("C", "D")] {
                    let label = labels.iter().find(|l| (l.0, l.1) == (column, n)).unwrap();
                    cells.push(text(&format!("{column}{n}"), label.2));
                    let name = format!("{value}{n}");
                    let own = values.iter().find(|v| v.0 == name);
                    cells.push(own.map_or_else(|| blank(&name), |v| v.1.to_owned()));
                }
                row(n, &cells)
            })
            .collect();
        book(&rows, "", "", "")
    };
    let binding = bind(&campaign, "表.xlsx", &form(&[])).unwrap();
    let typed = form(&[
        (
            "B1",
            "<c r=\"B1\" t=\"inlineStr\"><is><r><t>王</t></r><r><rPr><b/></rPr><t>示例</t></r><rPh><t>wang</t></rPh></is></c>",
        ),
        ("D1", "<c r=\"D1\" s=\"1\"><v>31092</v></c>"),
        (
            "B2",
            "<c r=\"B2\" t=\"str\"><f>A1</f><v>示例_x000D_\n院</v></c>",
        ),
        ("D2", "<c r=\"D2\" s=\"2\"><v>50000</v></c>"),
        ("B3", "<c r=\"B3\" t=\"e\"><f>NA()</f><v>#N/A</v></c>"),
        ("D3", "<c r=\"D3\"><v>14000000011</v></c>"),
        ("B4", "<c r=\"B4\" s=\"3\"><v>0.5</v></c>"),
        ("D4", "<c r=\"D4\" t=\"b\"><v>0</v></c>"),
    ]);
    let mut form = read(&campaign, "表.xlsx", &typed, &binding.places()).unwrap();
    let mut findings = Vec::new();
    form.settle(&campaign, |field, cell, place| {
        cell_text(&campaign, field, cell, place, &mut findings)
    });
    let value = |key: &str| {
        let found = form.sightings.iter().find(|s| s.key == key);
        found.map_or("没有", |s| s.text.as_str())
    };
    for (key, wanted) in [
        ("name", "王示例"),
        ("birth", "1985.02"),
        ("org", "示例\n院"),
        ("postcode", "050000"),
        ("address", ""),
        ("mobile", "14000000011"),
        ("native", "50%"),
        ("secret", "否"),
    ] {
        let key = binding
            .places
            .iter()
            .map(|b| b.place.key.as_str())
            .find(|k| k.starts_with(key))
            .unwrap_or(key);
        assert_eq!(value(key), wanted, "{key}");
    }
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].code == "I10" && findings[0].message.contains("#N/A"));
    assert_eq!(findings[0].place.cell.as_deref(), Some("B3"));
}

/// A form with a list of two rows, what stands beside and below it, and all that names cells.
fn growing() -> Vec<u8> {
    let rows = [
        row(
            1,
            &[
                text("A1", "姓名"),
                blank("B1"),
                text("C1", "性别"),
                blank("D1"),
            ],
        ),
        row(
            2,
            &[
                text("A2", "简历"),
                text("B2", "起止年月"),
                text("C2", "单位"),
                text("D2", "专业或职务"),
            ],
        ),
        row(3, &[blank("A3"), blank("B3"), blank("C3"), blank("D3")]),
        row(4, &[blank("A4"), blank("B4"), blank("C4"), blank("D4")]),
        row(
            5,
            &[
                text("A5", "主要事迹"),
                blank("B5"),
                blank("C5"),
                blank("D5"),
            ],
        ),
        row(
            6,
            &[
                text("A6", "单位意见"),
                blank("B6"),
                blank("C6"),
                blank("D6"),
            ],
        ),
        row(
            7,
            &[
                text("A7", "合计"),
                "<c r=\"B7\"><f>COUNTA(B3:B4)&amp;\"A5\"</f><v>0</v></c>".to_owned(),
                "<c r=\"C7\" t=\"str\"><f>A$5&amp;LOG10(100)</f><v>旧</v></c>".to_owned(),
            ],
        ),
    ];
    let behind = "<mergeCells count=\"3\"><mergeCell ref=\"A2:A4\"/><mergeCell ref=\"B5:D5\"/><mergeCell ref=\"B6:D6\"/></mergeCells><conditionalFormatting sqref=\"B3:B4\"><cfRule type=\"expression\" priority=\"1\"><formula>$B$5=\"\"</formula></cfRule></conditionalFormatting><dataValidations count=\"2\"><dataValidation type=\"list\" sqref=\"D3:D4\"><formula1>\"甲,乙\"</formula1></dataValidation><dataValidation type=\"list\" sqref=\"B6\"><formula1>封面!$A$5:$A$9</formula1></dataValidation></dataValidations><rowBreaks count=\"1\"><brk id=\"5\"/></rowBreaks>";
    let cover = row(
        1,
        &["<c r=\"A1\"><f>推荐表!B5</f><v>旧</v></c><c r=\"B1\"><f>B5</f><v>1</v></c>".to_owned()],
    );
    let names = "<definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">推荐表!$A$1:$D$6</definedName><definedName name=\"事迹\">'推荐表'!$B$5</definedName>";
    book(&rows.concat(), behind, &cover, names)
}

#[test]
fn a_list_grows_and_everything_goes_on_naming_the_same_cells() {
    let campaign = campaign();
    let package = filled(&campaign, &growing(), &person(5));
    let sheet = package.text("xl/worksheets/sheet1.xml").unwrap();
    for n in 1..=5 {
        assert!(sheet.contains(&format!("示例{n}院")), "{sheet}");
    }
    let wanted = [
        "<mergeCell ref=\"A2:A7\"/>",
        "<mergeCell ref=\"B8:D8\"/>",
        "<mergeCell ref=\"B9:D9\"/>",
        "<row r=\"10\" ht=\"20\" customHeight=\"1\">",
        "<f>COUNTA(B3:B7)&amp;&quot;A5&quot;</f>",
        "<f>A$8&amp;LOG10(100)</f>",
        "sqref=\"B3:B7\"",
        "<formula>$B$8=&quot;&quot;</formula>",
        "sqref=\"D3:D7\"",
        "sqref=\"B9\"",
        "<formula1>封面!$A$5:$A$9</formula1>",
        "<brk id=\"8\"/>",
    ];
    for piece in wanted {
        assert!(sheet.contains(piece), "{piece}\n{sheet}");
    }
    let book = package.text("xl/workbook.xml").unwrap();
    assert!(
        book.contains("推荐表!$A$1:$D$9") && book.contains("'推荐表'!$B$8"),
        "{book}"
    );
    let cover = package.text("xl/worksheets/sheet2.xml").unwrap();
    assert!(
        cover.contains("<f>推荐表!B8</f>") && cover.contains("<f>B5</f>"),
        "{cover}"
    );
}

#[test]
fn what_was_filled_into_a_grown_list_reads_back() {
    let campaign = campaign();
    let form = growing();
    let binding = bind(&campaign, "表.xlsx", &form).unwrap();
    for count in [0, 1, 2, 3, 9] {
        let bytes = filled(&campaign, &form, &person(count)).write().unwrap();
        let back = read(&campaign, "表.xlsx", &bytes, &binding.places()).unwrap();
        let orgs = back.sightings.iter().filter(|s| s.key.ends_with("].org"));
        let orgs: Vec<&str> = orgs.map(|s| s.text.as_str()).collect();
        let wanted: Vec<String> = (1..=count).map(|n| format!("示例{n}院")).collect();
        assert_eq!(orgs, wanted);
        let deeds = back.sightings.iter().find(|s| s.key == "deeds").unwrap();
        assert_eq!(deeds.text, "示例事迹");
    }
}

#[test]
fn formulas_are_calculated_anew() {
    let campaign = campaign();
    let package = filled(&campaign, &growing(), &person(1));
    let sheet = package.text("xl/worksheets/sheet1.xml").unwrap();
    assert!(
        sheet.contains("<c r=\"B7\"><f>COUNTA(B3:B4)&amp;\"A5\"</f></c>"),
        "{sheet}"
    );
    assert!(!sheet.contains("旧"), "{sheet}");
    assert!(
        !package
            .text("xl/worksheets/sheet2.xml")
            .unwrap()
            .contains("旧")
    );
    let book = package.text("xl/workbook.xml").unwrap();
    assert!(
        book.contains("</definedNames><calcPr fullCalcOnLoad=\"1\"/>"),
        "{book}"
    );
    assert!(package.part("xl/calcChain.xml").is_none());
    assert!(
        !package
            .text("[Content_Types].xml")
            .unwrap()
            .contains("calcChain")
    );
    assert!(
        !package
            .text("xl/_rels/workbook.xml.rels")
            .unwrap()
            .contains("calcChain")
    );
}

#[test]
fn a_cell_that_is_calculated_is_not_written_over() {
    let campaign = campaign();
    let rows = row(
        1,
        &[
            text("A1", "姓名"),
            blank("B1"),
            text("C1", "性别"),
            "<c r=\"D1\"><f>IF(B1=\"\",\"\",\"女\")</f><v></v></c>".to_owned(),
        ],
    );
    let binding = bind(&campaign, "表.xlsx", &book(&rows, "", "", "")).unwrap();
    let keys: Vec<&str> = binding
        .places
        .iter()
        .map(|b| b.place.key.as_str())
        .collect();
    assert_eq!(keys, ["name"]);
}

#[test]
fn an_opinion_stands_above_the_lines_to_be_signed() {
    let campaign = campaign();
    let signed = "负责人（签字）：\n（盖章）\n　　年　　月　　日";
    let rows = [
        row(
            1,
            &[
                text("A1", "姓名"),
                blank("B1"),
                text("C1", "性别"),
                blank("D1"),
            ],
        ),
        row(
            2,
            &[
                text("A2", "党委宣传部意见"),
                text("B2", &format!("\n\n{signed}")),
            ],
        ),
    ];
    let merge = "<mergeCells count=\"1\"><mergeCell ref=\"B2:D2\"/></mergeCells>";
    let form = book(&rows.concat(), merge, "", "");
    let package = filled(&campaign, &form, &person(0));
    let sheet = package.text("xl/worksheets/sheet1.xml").unwrap();
    assert!(sheet.contains(&format!("同意推荐\n\n{signed}")), "{sheet}");
    let binding = bind(&campaign, "表.xlsx", &form).unwrap();
    let bytes = package.write().unwrap();
    let back = read(&campaign, "表.xlsx", &bytes, &binding.places()).unwrap();
    let opinion = back
        .sightings
        .iter()
        .find(|s| s.key.starts_with("unit.op_"));
    assert_eq!(opinion.unwrap().text, "同意推荐");
}

#[test]
fn rows_that_the_file_leaves_out_or_closes_at_once_take_values() {
    let campaign = campaign();
    let rows = [
        row(1, &[text("A1", "姓名"), text("B1", "性别")]),
        row(
            4,
            &[
                text("A4", "起止年月"),
                text("B4", "单位"),
                text("C4", "职务"),
            ],
        ),
        "<row r=\"5\"/><row r=\"6\"/>".to_owned(),
    ];
    let form = book(&rows.concat(), "", "", "");
    let package = filled(&campaign, &form, &person(3));
    let sheet = package.text("xl/worksheets/sheet1.xml").unwrap();
    for wanted in ["王示例", "示例1院", "职务2", "示例3院", "<row r=\"7\">"] {
        assert!(sheet.contains(wanted), "{wanted}\n{sheet}");
    }
    let at = |piece: &str| sheet.find(piece).unwrap();
    assert!(at("<row r=\"1\"") < at("<row r=\"2\">") && at("<row r=\"2\">") < at("<row r=\"4\""));
}
