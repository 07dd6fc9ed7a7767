//! What people and programs leave in workbooks and reports: cells that contradict themselves, rows that are no people, examples that
//! were typed over, documents with notes, hidden words and numbers of Word's own. Nothing is lost, and nobody is made up.

use std::collections::BTreeMap;
use std::io::Write;

use sanlian::finding::{Finding, Severity};
use sanlian::intake::read;
use sanlian::ooxml::{OpcPackage, sheets, workbook_part};
use sanlian::record::Submission;

use crate::intake::{HEAD, UNIT, ZHANG, book, campaign, file, intake, one, quiet, told};

/// A workbook with candidates and other rows as they are given.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut all = vec![HEAD];
    all.extend_from_slice(rows);
    book(&[
        ("单位", UNIT),
        ("候选人", &all),
        ("简历", &[&["候选人", "起止年月", "单位", "职务"]]),
        ("开展情况", &[&["环节", "场次"], &["动员", "1"]]),
    ])
}

/// The workbook with cells of a sheet put in as XML: the cell of each name is replaced, or stands at the end of its row.
fn with_cells(bytes: &[u8], sheet: &str, cells: &[(&str, &str)]) -> Vec<u8> {
    let mut package = OpcPackage::read(bytes).unwrap();
    let workbook = workbook_part(&package).unwrap();
    let part = sheets(&package, &workbook).unwrap();
    let part = part.into_iter().find(|s| s.name == sheet).unwrap().part;
    let mut xml = package.text(&part).unwrap().to_owned();
    for (name, cell) in cells {
        let tag = format!("<c r=\"{name}\"");
        if let Some(from) = xml.find(&tag) {
            let rest = &xml[from..];
            let end = match rest.find('>') {
                Some(at) if rest[..at].ends_with('/') => at + 1,
                _ => rest.find("</c>").unwrap() + 4,
            };
            xml.replace_range(from..from + end, cell);
        } else {
            let row = name.trim_start_matches(|c: char| c.is_ascii_uppercase());
            let from = xml.find(&format!("<row r=\"{row}\"")).unwrap();
            let end = from + xml[from..].find("</row>").unwrap();
            xml.insert_str(end, cell);
        }
    }
    package.put(&part, xml);
    package.write().unwrap()
}

fn read_odd(cells: &[(&str, &str)]) -> (Submission, Vec<Finding>) {
    let bytes = with_cells(&workbook(&[ZHANG]), "候选人", cells);
    intake(&[file("报送.xlsx", bytes)])
}

#[test]
fn a_cell_that_contradicts_itself_is_told_and_everything_else_is_read() {
    for cell in [
        r#"<c r="D2" t="e"><v>#CALC!</v></c>"#,
        r#"<c r="D2" t="e"><v>#SPILL!</v></c>"#,
        r#"<c r="D2" t="e"><v>#BUSY!</v></c>"#,
        r#"<c r="D2" t="n"><v>二月</v></c>"#,
        r#"<c r="D2"><v>1985.2.1</v></c>"#,
        r#"<c r="D2" t="s"><v>99999</v></c>"#,
        r#"<c r="D2" t="s"><v>-1</v></c>"#,
        r#"<c r="D2" t="b"><v>maybe</v></c>"#,
        r#"<c r="D2" t="richText"><v>1985.02</v></c>"#,
        r#"<c r="D2"><v>1e999</v></c>"#,
    ] {
        let (submission, findings) = read_odd(&[("D2", cell)]);
        let [zhang] = submission.candidates.as_slice() else {
            panic!("{cell}: {:#?}", told(&findings));
        };
        assert_eq!(zhang.text("birth"), "", "{cell}");
        assert_eq!(zhang.text("id_no"), "139900198502140015", "{cell}");
        assert_eq!(zhang.text("deeds"), "第一段\n第二段", "{cell}");
        let finding = one(&findings, "I10", "出生年月");
        assert_eq!(finding.severity, Severity::Error, "{cell}");
        assert_eq!(finding.place.cell.as_deref(), Some("D2"), "{cell}");
        // the same in a column that nobody reads
        let elsewhere = cell.replace("D2", "AZ2");
        let (submission, findings) = read_odd(&[("AZ2", &elsewhere)]);
        assert_eq!(submission.candidates[0].text("birth"), "1985.02");
        assert!(
            findings
                .iter()
                .all(|f| f.code == "I4" || f.severity == Severity::Info),
            "{cell}: {:#?}",
            told(&findings)
        );
    }
}

#[test]
fn cells_are_read_whatever_they_carry() {
    for (cell, birth) in [
        (
            r#"<c r="D2"><v>1985.02</v><extLst><ext uri="x"><v>7</v></ext></extLst></c>"#,
            "1985.02",
        ),
        (
            r#"<c r="D2" t="d"><v>1985-02-03T00:00:00</v></c>"#,
            "1985.02",
        ),
        (
            r#"<c r="D2" t="str"><f>A1</f><v>1985.02</v></c>"#,
            "1985.02",
        ),
        (
            r#"<c r="D2" t="inlineStr"><is><r><t>1985</t></r><r><t>.02</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>"#,
            "1985.02",
        ),
        (
            r#"<c r="D2" t="inlineStr"><is><t>1985.02_x000D_</t></is></c>"#,
            "1985.02",
        ),
        (
            r#"<x:c xmlns:x="u" r="D2" t="str"><x:v>1985.02</x:v></x:c>"#,
            "1985.02",
        ),
    ] {
        let (submission, findings) = read_odd(&[("D2", cell)]);
        assert_eq!(
            submission.candidates[0].text("birth"),
            birth,
            "{cell}: {:#?}",
            told(&findings)
        );
    }
    // an escape that is none stays, an escaped underscore is one
    let (submission, _) = read_odd(&[(
        "K2",
        r#"<c r="K2" t="inlineStr"><is><t>a_x5f_x005F_xb_x0</t></is></c>"#,
    )]);
    assert_eq!(submission.candidates[0].text("deeds"), "a_x5f_xb_x0");
}

/// The candidates' names, and what is told of other rows.
fn people(rows: &[&[&str]]) -> (Vec<String>, Vec<String>) {
    let mut all = vec![ZHANG];
    all.extend_from_slice(rows);
    let (submission, findings) = intake(&[file("报送.xlsx", workbook(&all))]);
    let of = findings.iter().filter(|f| f.code == "I13");
    let told = of.map(|f| format!("{:?} {}", f.severity, f.message));
    let names = submission.candidates.iter();
    (
        names.map(|c| c.text("name").to_owned()).collect(),
        told.collect(),
    )
}

#[test]
fn nobody_is_a_person_without_a_name_and_a_number() {
    for (row, severity, words) in [
        (&["合计", "2人"][..], "Info", "合计"),
        (&["", "总 计：", "2"][..], "Info", "合计"),
        (&["", "以下空白"][..], "Warning", "“以下空白”"),
        (&["", "（以下无内容）"][..], "Warning", "以下无内容"),
        (
            &["", "填表人：李示例", "", "2021年5月20日"][..],
            "Warning",
            "填表人：李示例",
        ),
        (
            &["", "", "", "", "", "审核人：赵示例", "", "联系电话：139"][..],
            "Warning",
            "审核人",
        ),
        (
            &["", "注：本表由推荐单位填写，一式三份，不够可以加页。"][..],
            "Warning",
            "注：本表",
        ),
        (&["", "", "男", "", "汉族"][..], "Warning", "下拉选项"),
        (&["4", "", "女"][..], "Warning", "下拉选项"),
        (&["", "孙示例"][..], "Error", "只有“孙示例”"),
        (
            &["", "", "男", "1985.02", "汉族"][..],
            "Error",
            "没有姓名和身份证号",
        ),
    ] {
        let (names, told) = people(&[row]);
        assert_eq!(names, ["张三"], "{row:?}");
        assert_eq!(told.len(), 1, "{row:?}: {told:?}");
        assert!(told[0].starts_with(severity), "{row:?}: {told:?}");
        assert!(told[0].contains(words), "{row:?}: {told:?}");
    }
}

#[test]
fn whoever_has_a_name_or_a_number_is_a_person() {
    for row in [
        // a number without a name, a name with one answer more, a name that is long or strange
        &["2", "", "", "", "", "", "139900198502140031"][..],
        &["2", "孙示例", "男"][..],
        &["2", "阿卜杜拉·买买提·示例·江", "男"][..],
        &["2", "Ada Lovelace", "女", "1985.02"][..],
    ] {
        let (names, told) = people(&[row]);
        assert_eq!(names.len(), 2, "{row:?}: {told:?}");
        assert!(told.is_empty(), "{row:?}: {told:?}");
    }
    // a note of more answers than notes have is a person whose name is wrong
    let long = &[
        "2",
        "姓名：孙示例",
        "男",
        "1985.02",
        "汉",
        "科普/传播",
        "",
        "14000000001",
    ];
    assert_eq!(people(&[long]).0.len(), 2);
}

#[test]
fn an_example_that_was_typed_over_is_an_error_that_names_it() {
    let mut campaign = campaign();
    let sheet = campaign.sheets.iter_mut().find(|s| s.key == "candidate");
    let fields = &mut sheet.unwrap().fields;
    for (key, text) in [("name", "王示例"), ("sex", "女")] {
        fields.iter_mut().find(|f| f.key == key).unwrap().example = text.to_owned();
    }
    let read_with = |example: &[&str]| {
        let bytes = workbook(&[example, ZHANG]);
        read(&campaign, &[file("报送.xlsx", bytes)], None, Vec::new())
    };
    for untouched in [
        &["示例行（不读取）", "王示例", "女"][..],
        &["示例行（不读取）", "王　示例", ""][..],
    ] {
        let (submission, findings) = read_with(untouched);
        assert_eq!(submission.candidates.len(), 1);
        assert!(
            findings.iter().all(|f| f.code != "I13"),
            "{:#?}",
            told(&findings)
        );
    }
    for (typed, cell, words) in [
        (&["示例行（不读取）", "孙示例", "女"][..], "B2", "“孙示例”"),
        (&["示例行（不读取）", "王示例", "男"][..], "C2", "“男”"),
        (
            &["示例", "王示例", "女", "", "", "", "139900198502140031"][..],
            "G2",
            "139900198502140031",
        ),
    ] {
        let (submission, findings) = read_with(typed);
        assert_eq!(submission.candidates.len(), 1);
        let finding = one(&findings, "I13", words);
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.place.cell.as_deref(), Some(cell));
        assert!(finding.hint.contains("序号"), "{}", finding.hint);
    }
}

#[test]
fn line_ends_within_an_answer_leave_no_blank_between_chinese_characters() {
    let with = |column: usize, text: &'static str| {
        let mut row = ZHANG.to_vec();
        row[column] = text;
        intake(&[file("报送.xlsx", workbook(&[&row]))])
    };
    let (submission, findings) = with(1, "欧阳\n示例");
    assert_eq!(submission.candidates[0].text("name"), "欧阳示例");
    one(&findings, "N5", "换行已去掉");
    // words and numbers stay apart, and choices one below the other are several
    let (submission, _) = with(7, "140 0000 0001\n0311-00000000");
    assert!(
        submission.candidates[0]
            .text("mobile")
            .contains("14000000001")
    );
    let (submission, findings) = with(5, "科普/传播\n基层一线·老少边穷");
    assert_eq!(
        submission.candidates[0].text("category"),
        "科普/传播、基层一线·老少边穷"
    );
    quiet(&findings);
}

#[test]
fn csv_with_line_ends_of_old_macintoshes_is_read() {
    let lines = [HEAD, ZHANG].map(|row| {
        let cells: Vec<String> = row
            .iter()
            .map(|c| format!("\"{}\"", c.replace('\n', "")))
            .collect();
        cells.join(",")
    });
    for end in ["\r", "\n", "\r\n"] {
        let text = lines.join(end) + end;
        let (submission, findings) = intake(&[file("候选人.csv", text)]);
        assert_eq!(
            submission.candidates.len(),
            1,
            "{end:?}: {:#?}",
            told(&findings)
        );
        let place = submission.candidates[0].place_of("id_no").cell.unwrap();
        assert_eq!(place, "行2列7", "{end:?}");
    }
}

/// A document of parts; the relationships of the document are made of its parts' names.
fn document(main: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut files = BTreeMap::new();
    files.insert("_rels/.rels".to_owned(), format!("<Relationships><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"word/{main}\"/></Relationships>"));
    let mut relations = String::new();
    for (name, body) in parts {
        let root = *name;
        let file = if root == "document" {
            main.to_owned()
        } else {
            format!("{name}.xml")
        };
        if root != "document" {
            relations += &format!(
                "<Relationship Id=\"r_{name}\" Type=\"{office}/{name}\" Target=\"{file}\"/>"
            );
        }
        files.insert(
            format!("word/{file}"),
            format!("<w:{root} xmlns:w=\"urn:w\">{body}</w:{root}>"),
        );
    }
    files.insert(
        format!("word/_rels/{main}.rels"),
        format!("<Relationships>{relations}</Relationships>"),
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn report(path: &str, bytes: impl Into<Vec<u8>>) -> (Vec<String>, Vec<Finding>) {
    let data = [file("报送.xlsx", workbook(&[ZHANG]))];
    let (submission, findings) = read(&campaign(), &data, Some(&file(path, bytes)), Vec::new());
    (submission.report, findings)
}

#[test]
fn the_words_of_a_report_are_what_a_person_sees() {
    let body = "<w:body>\
        <w:p><w:r><w:t>关于</w:t></w:r><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>chún</w:t></w:r></w:rt>\
        <w:rubyBase><w:r><w:t>𬭚</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>的报告</w:t></w:r></w:p>\
        <w:p><w:r><w:t>公开的话</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>内部批注</w:t></w:r>\
        <w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>，也是公开的</w:t></w:r></w:p>\
        <w:p><w:r><w:t>有注</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r><w:r><w:t>的句子</w:t></w:r>\
        <w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:sym w:font=\"MyFont\" w:char=\"F041\"/></w:r></w:p>\
        <w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>单击此处输入文字。</w:t></w:r></w:p></w:sdtContent></w:sdt>\
        </w:body>";
    let notes = "<w:footnote w:id=\"0\"><w:p/></w:footnote><w:footnote w:id=\"2\"><w:p><w:r><w:t>注的话</w:t></w:r></w:p></w:footnote>";
    for main in ["document.xml", "document2.xml"] {
        let bytes = document(main, &[("document", body), ("footnotes", notes)]);
        let (paragraphs, findings) = report("报告.docx", bytes);
        assert_eq!(
            paragraphs,
            [
                "关于𬭚的报告",
                "公开的话，也是公开的",
                "有注〔1〕的句子☑",
                "〔1〕注的话"
            ],
        );
        for words in ["隐藏文字", "脚注", "符号字体", "内容控件"] {
            one(&findings, "I1", words);
        }
    }
}

#[test]
fn numbers_that_word_counts_are_among_the_words() {
    let level = |n: u8, format: &str, text: &str| {
        format!(
            "<w:lvl w:ilvl=\"{n}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/></w:lvl>"
        )
    };
    let numbering = format!(
        "<w:abstractNum w:abstractNumId=\"5\">{}{}{}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"5\"/></w:num>\
        <w:num w:numId=\"2\"><w:abstractNumId w:val=\"5\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"3\"/></w:lvlOverride></w:num>",
        level(0, "chineseCountingThousand", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%3."),
    );
    let styles = "<w:style w:styleId=\"H1\"><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>";
    let p = |properties: &str, text: &str| {
        format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let numbered = |list: u8, level: u8, text: &str| {
        p(
            &format!("<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr>"),
            text,
        )
    };
    let body: String = [
        p("", "题"),
        p("<w:pStyle w:val=\"H1\"/>", "甲"),
        numbered(1, 1, "乙"),
        numbered(1, 1, "丙"),
        numbered(1, 2, "丁"),
        p("<w:pStyle w:val=\"H1\"/>", "戊"),
        numbered(1, 1, "己"),
        numbered(0, 0, "不编"),
        numbered(2, 0, "另起"),
        numbered(9, 0, "没有这个表"),
    ]
    .concat();
    let bytes = document(
        "document.xml",
        &[
            ("document", &format!("<w:body>{body}</w:body>")),
            ("numbering", &numbering),
            ("styles", styles),
        ],
    );
    let (paragraphs, findings) = report("报告.docx", bytes);
    assert_eq!(
        paragraphs,
        [
            "题",
            "一、甲",
            "（一）乙",
            "（二）丙",
            "1.丁",
            "二、戊",
            "（一）己",
            "不编",
            "三、另起",
            "没有这个表"
        ]
    );
    one(&findings, "I1", "自动编号");
}

#[test]
fn a_report_of_another_type_is_never_taken_for_words() {
    for (name, bytes, words) in [
        ("报告.doc", "{\\rtf1\\ansi 报告}", "RTF"),
        ("报告.txt", "{\\rtf1\\ansi 报告}", "RTF"),
        ("报告.doc", "<html><body><p>报告</p></body></html>", "网页"),
        ("报告.txt", "\u{feff}<!DOCTYPE html>\n<p>报告", "网页"),
        (
            "报告.doc",
            "MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<p>",
            "mht",
        ),
        (
            "报告.doc",
            "<?xml version=\"1.0\"?><?mso-application progid=\"Word.Document\"?><w:wordDocument/>",
            "XML格式的Word",
        ),
        (
            "报告.xml",
            "<?xml version=\"1.0\"?><pkg:package/>",
            "XML格式的Word",
        ),
        ("报告.txt", "<?xml version=\"1.0\"?><a/>", "XML"),
        ("报告.doc", "%PDF-1.7", "PDF"),
        ("报告.doc", "%!PS-Adobe", "PostScript"),
    ] {
        let (paragraphs, findings) = report(name, bytes);
        assert!(paragraphs.is_empty(), "{name}: {paragraphs:?}");
        let finding = one(&findings, "I1", words);
        assert!(
            finding.severity == Severity::Error && finding.hint.contains("另存为"),
            "{name}"
        );
    }
    // words that speak of such things are words
    let (paragraphs, _) = report(
        "报告.txt",
        "关于网页的报告\n用 <b> 表示粗体，MIME-Version 是一种标头。",
    );
    assert_eq!(paragraphs.len(), 2);
}

#[test]
fn a_second_copy_of_the_workbook_is_one_finding_that_names_both() {
    let good = workbook(&[ZHANG]);
    for (copy, main) in [
        ("填报工作簿 - 副本.xlsx", "填报工作簿.xlsx"),
        ("填报工作簿(1).xlsx", "填报工作簿.xlsx"),
        ("Copy of 报送.xlsx", "报送.xlsx"),
        ("a最新.xlsx", "填报工作簿.xlsx"),
    ] {
        let files = [
            file(copy, workbook(&[&["", "李示例"], ZHANG])),
            file(main, good.clone()),
        ];
        let (submission, findings) = intake(&files);
        let names: Vec<&str> = submission
            .candidates
            .iter()
            .map(|c| c.text("name"))
            .collect();
        assert_eq!(names, ["张三"], "{copy}");
        let told: Vec<&Finding> = findings.iter().filter(|f| f.code == "I11").collect();
        assert_eq!(told.len(), 1, "{copy}: {told:#?}");
        assert!(
            told[0].message.contains(copy) && told[0].message.contains(main),
            "{told:#?}"
        );
    }
    // one table a file is no copy
    let unit = book(&[("单位", UNIT)]);
    let rest = book(&[("候选人", &[HEAD, ZHANG])]);
    let (submission, findings) = intake(&[file("单位.xlsx", unit), file("候选人.xlsx", rest)]);
    assert_eq!(submission.candidates.len(), 1);
    assert!(
        findings.iter().all(|f| f.code != "I11"),
        "{:#?}",
        told(&findings)
    );
}
