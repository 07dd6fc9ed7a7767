//! Blanks that are content controls of Word, and what stands in cells besides plain words: prompts give way, lists are kept to, nothing
//! is read that nobody wrote, and nothing that somebody wrote is lost in silence.

use std::io::Write as _;

use sanlian::campaign::Campaign;
use sanlian::fill::{Filling, FormRead, Prepared, bind, bind_typed, read};
use sanlian::finding::Finding;
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Entry, Submission};
use zip::write::SimpleFileOptions;

use crate::fill::campaign;

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\"";
const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A .docx with this body and these definitions of automatic numbers.
fn word(body: &str, numbering: &str) -> Vec<u8> {
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"{kind}.document.main+xml\"/><Override PartName=\"/word/numbering.xml\" ContentType=\"{kind}.numbering+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{TYPES}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
            ),
        ),
        (
            "word/_rels/document.xml.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{TYPES}/numbering\" Target=\"numbering.xml\"/></Relationships>"
            ),
        ),
        (
            "word/numbering.xml",
            format!("<w:numbering {NAMESPACES}>{numbering}</w:numbering>"),
        ),
        (
            "word/document.xml",
            format!("<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>"),
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn paragraph(inside: &str) -> String {
    format!("<w:p>{inside}</w:p>")
}

fn cell(inside: &str) -> String {
    format!("<w:tc><w:tcPr/>{inside}</w:tc>")
}

fn label(text: &str) -> String {
    cell(&paragraph(&run(text)))
}

fn table(rows: &[&[String]]) -> String {
    let rows: String = rows
        .iter()
        .map(|r| format!("<w:tr>{}</w:tr>", r.concat()))
        .collect();
    let columns = "<w:gridCol w:w=\"2000\"/>".repeat(4);
    format!("<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>")
}

/// A content control of a kind; `flag` says that it shows its prompt.
fn control(kind: &str, flag: bool, content: &str) -> String {
    let flag = if flag { "<w:showingPlcHdr/>" } else { "" };
    format!(
        "<w:sdt><w:sdtPr><w:id w:val=\"7\"/>{flag}{kind}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )
}

fn list(items: &[&str]) -> String {
    let items: String = items
        .iter()
        .map(|i| format!("<w:listItem w:displayText=\"{i}\" w:value=\"{i}\"/>"))
        .collect();
    format!(
        "<w:dropDownList><w:listItem w:displayText=\"选择一项。\" w:value=\"\"/>{items}</w:dropDownList>"
    )
}

fn prompt() -> String {
    "<w:r><w:rPr><w:rStyle w:val=\"a3\"/><w:color w:val=\"808080\"/></w:rPr><w:t>单击或点击此处输入文字。</w:t></w:r>".to_owned()
}

fn person(values: &[(&str, &str)]) -> Submission {
    let mut entry = Entry::default();
    for (key, text) in values {
        entry.set(key, *text);
    }
    Submission {
        candidates: vec![entry],
        ..Submission::default()
    }
}

/// A form bound and filled: the document, and what was found.
fn filled(campaign: &Campaign, form: &[u8], who: &Submission) -> (String, Vec<Finding>, FormRead) {
    let binding = bind(campaign, "表.docx", form).unwrap();
    let prepared = Prepared::new(campaign, form, binding.places()).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let findings = prepared.faults_of(campaign, who, &filling, "表.docx");
    let bytes = prepared.fill(campaign, who, &filling).unwrap();
    let back = read(campaign, "表.docx", &bytes, &binding.places()).unwrap();
    let package = OpcPackage::read(&bytes).unwrap();
    let text = package.text("word/document.xml").unwrap().to_owned();
    (text, findings, back)
}

fn value(form: &FormRead, key: &str) -> Option<String> {
    let found = form.sightings.iter().find(|s| s.key == key);
    found.map(|s| s.text.clone())
}

#[test]
fn prompts_give_way_to_values_wherever_the_control_stands() {
    let campaign = campaign();
    let text = "<w:text/>";
    let date = "<w:date><w:dateFormat w:val=\"yyyy'年'M'月'\"/></w:date>";
    let body = paragraph(&format!(
        "{}{}",
        run("姓名："),
        control(text, true, &prompt())
    )) + &table(&[
        &[
            label("工作单位"),
            cell(&control(text, true, &paragraph(&prompt()))),
            label("手机"),
            control(text, true, &cell(&paragraph(&prompt()))),
        ],
        &[
            label("出生年月"),
            cell(&paragraph(&control(date, true, &prompt()))),
            label("性别"),
            cell(&paragraph(&control(
                &list(&["男", "女"]),
                true,
                &run("选择一项。"),
            ))),
        ],
        &[
            label("政治面貌"),
            // its flag was lost, and the first entry stands for nothing
            cell(&paragraph(&control(
                &list(&["中共党员"]),
                false,
                &run("请选择…"),
            ))),
            label("电子邮箱"),
            cell(&paragraph("")),
        ],
    ]);
    let who = person(&[
        ("name", "王示例"),
        ("org", "示例院"),
        ("mobile", "14000000011"),
        ("birth", "1985.02"),
        ("sex", "女"),
        ("politics", "中共党员"),
    ]);
    let (text, findings, back) = filled(&campaign, &word(&body, ""), &who);
    assert!(
        !text.contains("此处") && !text.contains("选择一项。</w:t>"),
        "{text}"
    );
    assert!(
        !text.contains("showingPlcHdr") && !text.contains("808080"),
        "{text}"
    );
    assert!(
        text.contains("<w:t xml:space=\"preserve\">1985年2月</w:t>"),
        "{text}"
    );
    assert!(
        text.contains("w:fullDate=\"1985-02-01T00:00:00Z\""),
        "{text}"
    );
    assert!(findings.iter().all(|f| f.code != "O4"), "{findings:?}");
    for (key, wanted) in [
        ("name", "王示例"),
        ("org", "示例院"),
        ("mobile", "14000000011"),
        ("birth", "1985年2月"),
        ("sex", "女"),
        ("politics", "中共党员"),
    ] {
        assert_eq!(value(&back, key).as_deref(), Some(wanted), "{key}");
    }
}

#[test]
fn a_value_that_a_drop_down_does_not_offer_is_told_and_not_written() {
    let campaign = campaign();
    let body = table(&[&[
        label("姓名"),
        cell(&paragraph("")),
        label("学历"),
        cell(&paragraph(&control(
            &list(&["博士研究生"]),
            true,
            &prompt(),
        ))),
    ]]);
    let who = person(&[("name", "王示例"), ("education", "大学本科")]);
    let (text, findings, back) = filled(&campaign, &word(&body, ""), &who);
    let told = findings.iter().find(|f| f.code == "O4").unwrap();
    assert!(told.message.contains("“大学本科”") && told.message.contains("博士研究生"));
    assert!(
        !text.contains("大学本科") && text.contains("showingPlcHdr"),
        "{text}"
    );
    assert_eq!(value(&back, "education").as_deref(), Some(""));
}

#[test]
fn controls_that_an_office_program_wrote_several_times_are_one() {
    let campaign = campaign();
    let one = control("<w:text/>", false, &run("单击此处输入文字。"));
    let twice = control(
        "<w:text/>",
        false,
        &run("单击此处输入文字。单击此处输入文字。"),
    );
    let body = table(&[&[
        label("姓名"),
        cell(&paragraph(&format!("{one}{twice}{one}"))),
        label("性别"),
        cell(&paragraph("")),
    ]]);
    let (text, _, back) = filled(&campaign, &word(&body, ""), &person(&[("name", "王示例")]));
    assert!(
        !text.contains("单击") && text.matches("王示例").count() == 1,
        "{text}"
    );
    assert_eq!(value(&back, "name").as_deref(), Some("王示例"));
}

#[test]
fn rows_of_a_list_take_values_in_their_controls() {
    let campaign = campaign();
    let blank = || cell(&paragraph(&control("<w:text/>", true, &prompt())));
    let body = paragraph(&run("简历"))
        + &table(&[
            &[label("起止年月"), label("工作单位"), label("职务")],
            &[blank(), blank(), blank()],
        ]);
    let mut who = person(&[("name", "王示例")]);
    let row = |n: usize| {
        let texts = [
            ("span", format!("200{n}.09—200{n}.12")),
            ("org", format!("示例{n}院")),
        ];
        texts.map(|(k, v)| (k.to_owned(), v)).into_iter().collect()
    };
    let rows = sanlian::record::Value::Rows(vec![row(1), row(2), row(3)]);
    who.candidates[0].values.insert("resume".to_owned(), rows);
    let (text, _, back) = filled(&campaign, &word(&body, ""), &who);
    for n in 0..3 {
        let key = format!("resume[{n}].org");
        assert_eq!(value(&back, &key), Some(format!("示例{}院", n + 1)));
        // what has no value stays to be filled in, and is not read
        let post = value(&back, &format!("resume[{n}].post"));
        assert_eq!(post.unwrap_or_default(), "");
    }
    assert_eq!(
        text.matches("<w:id w:val=\"7\"/>").count(),
        3,
        "ids stand once"
    );
}

const NUMBERS: &str = "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"%1、\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>";

fn numbered(text: &str, list: u32) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>{}</w:p>",
        run(text)
    )
}

#[test]
fn automatic_numbers_tables_and_ruby_in_a_cell_are_kept_or_told() {
    let campaign = campaign();
    let ruby = "<w:r><w:t>欧阳</w:t></w:r><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>chún</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>𬭚</w:t></w:r></w:rubyBase></w:ruby></w:r>";
    let inner = table(&[&[label("年度"), label("二〇二〇年")]]);
    let deeds = paragraph(&run("引言"))
        + &numbered("第一项", 1)
        + &numbered("第二项", 1)
        + &inner
        + &numbered("没有定义的编号", 9);
    let body = table(&[
        &[
            label("姓名"),
            cell(&paragraph(ruby)),
            label("工作单位"),
            cell(&numbered("示例院", 1)),
        ],
        &[label("主要事迹"), cell(&deeds)],
    ]);
    let bytes = word(&body, NUMBERS);
    let binding = bind_typed(&campaign, "表.docx", &bytes).unwrap();
    let form = read(&campaign, "表.docx", &bytes, &binding.places()).unwrap();
    assert_eq!(value(&form, "name").as_deref(), Some("欧阳𬭚"));
    assert_eq!(value(&form, "org").as_deref(), Some("示例院"));
    assert_eq!(
        value(&form, "deeds").as_deref(),
        Some("引言\n二、第一项\n三、第二项\n年度\n二〇二〇年\n没有定义的编号")
    );
    let told: Vec<&str> = form.findings.iter().map(|f| f.message.as_str()).collect();
    for words in ["自动编号“一、”没有读取", "里有表格", "读不懂的自动编号"]
    {
        assert!(told.iter().any(|t| t.contains(words)), "{words}: {told:?}");
    }
    assert!(
        form.findings
            .iter()
            .all(|f| f.code == "O11" && !f.hint.is_empty())
    );
}

#[test]
fn a_report_is_read_as_its_paragraphs() {
    let campaign = campaign();
    let body = [
        "关于推荐候选人工作情况的报告",
        "河北省科学技术协会：",
        "现将情况报告如下。",
    ];
    let text: String = body.iter().map(|t| paragraph(&run(t))).collect();
    let form = read(&campaign, "报告.docx", &word(&text, ""), &[]).unwrap();
    assert_eq!(form.report, body);
    // a letter is none
    let letter = paragraph(&run("关于推荐候选人的函"));
    let form = read(&campaign, "函.docx", &word(&letter, ""), &[]).unwrap();
    assert!(form.report.is_empty());
}

#[test]
fn a_control_without_a_tag_is_bound_by_hand_where_it_stands() {
    let own = format!(
        "<w:sdt><w:sdtPr><w:id w:val=\"7\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        run("旧")
    );
    let body = format!("<w:p>{}{own}</w:p>", run("称呼 "));
    let form = word(&body, "");
    let campaign = campaign();
    let mut binding = bind(&campaign, "表.docx", &form).unwrap();
    assert!(binding.places.is_empty(), "{:?}", binding.places);
    let hand = "\n[[place]]\nkey = \"name\"\nkind = \"control\"\npart = \"word/document.xml\"\nparagraph = 0\n";
    binding = sanlian::fill::Binding::from_toml(&format!("{}{hand}", binding.to_toml())).unwrap();
    let prepared = Prepared::new(&campaign, &form, binding.places()).unwrap();
    let faults = prepared.faults(&campaign, "表.docx");
    assert!(!sanlian::finding::has_errors(&faults), "{faults:?}");
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let made = prepared
        .fill(&campaign, &person(&[("name", "王示例")]), &filling)
        .unwrap();
    let package = OpcPackage::read(&made).unwrap();
    let xml = package.text("word/document.xml").unwrap();
    assert!(xml.contains("王示例") && !xml.contains("旧"), "{xml}");
    let back = read(&campaign, "表.docx", &made, &binding.places()).unwrap();
    let name = back.sightings.iter().find(|s| s.key == "name").unwrap();
    assert_eq!(name.text, "王示例");
}
