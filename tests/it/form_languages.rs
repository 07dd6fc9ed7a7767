//! Placeholders on a form: those of other tools are told with place and remedy and never printed raw; ours keep what is filled in, leave out
//! what is not, and repeat rows of a table.

use std::io::Cursor;
use std::path::Path;

use docx_rs::Docx;
use sanlian::fill::{Filling, Prepared, bind, faults_of_form};
use sanlian::finding::Finding;
use sanlian::ooxml::OpcPackage;
use sanlian::record::{Entry, Submission, Value};

use crate::fill::campaign;
use crate::forms::{code, text};
use crate::tools;

const DOCUMENT: &str = "word/document.xml";

/// A document with this body.
pub(crate) fn docx(body: &str) -> Vec<u8> {
    let mut empty = Cursor::new(Vec::new());
    Docx::new().build().pack(&mut empty).unwrap();
    let mut package = OpcPackage::read(&empty.into_inner()).unwrap();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    package.put(DOCUMENT, xml);
    package.write().unwrap()
}

fn p(text: &str) -> String {
    let text = text.replace('<', "&lt;");
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn cell(properties: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(text))
}

fn row(cells: &[(&str, &str)]) -> String {
    let cells: String = cells.iter().map(|(how, text)| cell(how, text)).collect();
    format!("<w:tr>{cells}</w:tr>")
}

fn table(rows: &[String]) -> String {
    format!("<w:tbl>{}</w:tbl>", rows.concat())
}

fn told(body: &str) -> Vec<Finding> {
    faults_of_form(&campaign(), "表.docx", &docx(body)).unwrap()
}

#[test]
fn placeholders_of_other_tools_are_told_with_the_word_of_ours() {
    for (line, tool, remedy) in [
        ("姓名：{name}", "docxtemplater", "{{name}}"),
        ("姓名：{姓名}", "docxtemplater", "{{name}}"),
        ("{#members}", "docxtemplater", "占位符"),
        ("{/members}", "docxtemplater", "占位符"),
        ("{%logo}{name}", "docxtemplater", "占位符"),
        ("{% if name %}有{% endif %}", "Jinja", "占位符"),
        ("{%tr for m in members %}", "Jinja", "占位符"),
        ("{{ name|upper }}", "Jinja", "{{name}}"),
        ("{{ person['name'] }}", "Jinja", "占位符"),
        ("{{*members}}", "poi-tl", "占位符"),
        ("{{+nested}}", "poi-tl", "占位符"),
        ("{d.name}", "Carbone", "{{name}}"),
        ("{d.list[i].x:formatD(YYYY)}", "Carbone", "占位符"),
        ("${name}", "FreeMarker", "{{name}}"),
        ("电话：${手机}", "FreeMarker", "{{mobile}}"),
        ("«姓名»", "邮件合并", "{{name}}"),
        ("<<person.name>>", "Aspose", "{{name}}"),
        ("姓名：{.name}", "docxtemplater", "{{name}}"),
        ("<%= name %>", "ERB", "{{name}}"),
        ("&amp;=$name", "Aspose", "{{name}}"),
        ("%name%", "两头同号", "{{name}}"),
        ("【name】", "方括号", "{{name}}"),
        ("[email]", "方括号", "{{email}}"),
        ("[[id_no]]", "方括号", "{{id_no}}"),
    ] {
        let found = told(&p(line));
        let first = found.first().unwrap_or_else(|| panic!("{line}"));
        assert_eq!(first.code, "O13", "{line}: {found:?}");
        assert!(first.message.contains(tool), "{line}: {}", first.message);
        assert!(first.hint.contains(remedy), "{line}: {}", first.hint);
        assert_eq!(first.place.cell.as_deref(), Some("第1段"), "{line}");
    }
}

#[test]
fn words_in_brackets_that_are_the_forms_own_are_not_told() {
    for line in [
        "冀网〔2021〕12号 [1] [2021] [A] [x] [√] [注] [公章] [请填写]",
        "网址 http://example.cn/a?b={id}",
        "□是 □否 [ ] [  ] [XX] [XXX]",
        "{{name}} {{ id_no }} {{unit.name}}",
        "a < b, b > c, {}",
        "《办法》<1> 5%–10% 1#楼 2#楼 a@example.cn c@example.cn 【注】【2021】 Q&amp;A $5 $6",
    ] {
        assert_eq!(told(&p(line)), [], "{line}");
    }
}

#[test]
fn merge_fields_are_told_whatever_they_show() {
    let simple = "<w:p><w:fldSimple w:instr=\" MERGEFIELD 姓名 \\* MERGEFORMAT \"><w:r><w:t>某人</w:t></w:r></w:fldSimple></w:p>";
    let complex = "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> MERGEFIELD \"id_no\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>«id_no»</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>";
    let page = "<w:p><w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>";
    let found = told(&format!("{simple}{complex}{page}"));
    let places: Vec<_> = found.iter().map(|f| f.place.cell.as_deref()).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(places.contains(&Some("第1段")) && places.contains(&Some("第2段")));
    assert!(found.iter().any(|f| f.hint.contains("{{id_no}}")));
}

#[test]
fn a_template_of_another_tool_is_neither_bound_nor_filled() {
    let folder = tools::folder("form-languages");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let bind = |form: &Path, out: &Path| {
        code(&[
            "bind",
            text(form),
            "--campaign",
            "hebei-zuimei-2021",
            "-o",
            text(out),
        ])
    };
    let form = write("别家.docx", &docx(&p("姓名：${name}")));
    let out = folder.join("别家.toml");
    let (end, _, talk) = bind(&form, &out);
    assert_eq!(end, 1, "{talk}");
    assert!(talk.contains("O13") && talk.contains("第1段"), "{talk}");
    assert!(!out.exists());
    // what may be the form's own words is told, and bound
    let form = write("方括号.docx", &docx(&p("姓名：____　[email]")));
    let (end, _, talk) = bind(&form, &out);
    assert_eq!(end, 0, "{talk}");
    assert!(talk.contains("O13"), "{talk}");
}

/// The text of a form filled for somebody with these fields and rows of `resume`: paragraphs one below the other.
fn filled(body: &str, fields: &[(&str, &str)], spans: &[&str]) -> String {
    let campaign = campaign();
    let form = docx(body);
    assert_eq!(faults_of_form(&campaign, "表.docx", &form).unwrap(), []);
    let binding = bind(&campaign, "表.docx", &form).unwrap();
    let mut person = Entry::default();
    for (key, text) in fields {
        person.set(key, *text);
    }
    let rows = spans.iter().map(|span| {
        let row = [("span", (*span).to_owned()), ("org", format!("在{span}"))];
        row.map(|(key, text)| (key.to_owned(), text)).into()
    });
    let rows = Value::Rows(rows.collect());
    person.values.insert("resume".to_owned(), rows);
    let submission = Submission {
        candidates: vec![person],
        ..Submission::default()
    };
    let prepared = Prepared::new(&campaign, &form, binding.places()).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let bytes = prepared.fill(&campaign, &submission, &filling).unwrap();
    let package = OpcPackage::read(&bytes).unwrap();
    let xml = package.text(DOCUMENT).unwrap().to_owned();
    assert!(!xml.contains("{{"), "{xml}");
    xml
}

/// The words of a part, its paragraphs parted.
fn words(xml: &str) -> Vec<String> {
    let paragraphs = xml.split("</w:p>").map(|p| {
        let pieces = p.split("<w:t").skip(1);
        let pieces = pieces.filter_map(|t| t.split_once('>')?.1.split_once("</w:t>"));
        pieces.map(|t| t.0).collect::<String>()
    });
    paragraphs.filter(|t| !t.is_empty()).collect()
}

#[test]
fn what_stands_under_a_condition_is_kept_only_where_it_is_filled_in() {
    let body = [
        p("姓名{{name}}{{?degree}}，学位{{degree}}{{/degree}}。{{^degree}}没有学位{{/degree}}"),
        p("{{?degree}}"),
        p("学位证书"),
        p("{{/degree}}"),
        p("完"),
    ]
    .concat();
    let with = filled(&body, &[("name", "王示例"), ("degree", "硕士")], &[]);
    assert_eq!(words(&with), ["姓名王示例，学位硕士。", "学位证书", "完"]);
    assert_eq!(with.matches("<w:p>").count(), 3, "{with}");
    let without = filled(&body, &[("name", "王示例")], &[]);
    assert_eq!(words(&without), ["姓名王示例。没有学位", "完"]);
    assert_eq!(without.matches("<w:p>").count(), 2, "{without}");
}

#[test]
fn rows_under_a_condition_go_whole_and_a_cell_keeps_a_paragraph() {
    let body = table(&[
        row(&[("", "姓名"), ("", "{{name}}")]),
        row(&[("", "{{?degree}}学位"), ("", "{{degree}}{{/degree}}")]),
        row(&[("", "{{?resume}}简历"), ("", "有{{/resume}}")]),
        format!(
            "<w:tr>{}<w:tc>{}{}</w:tc></w:tr>",
            cell("", "说明"),
            p("{{?degree}}有"),
            p("学位{{/degree}}")
        ),
    ]);
    let with = filled(&body, &[("name", "王示例"), ("degree", "硕士")], &["2001"]);
    assert_eq!(
        words(&with).join("|"),
        "姓名|王示例|学位|硕士|简历|有|说明|有|学位"
    );
    let without = filled(&body, &[("name", "王示例")], &[]);
    assert_eq!(words(&without).join("|"), "姓名|王示例|说明");
    assert_eq!(without.matches("<w:tr>").count(), 2);
    assert!(without.contains("</w:tcPr><w:p/></w:tc>") || without.contains("<w:tc><w:p/></w:tc>"));
}

#[test]
fn a_list_repeats_several_rows_with_what_is_merged_in_them() {
    let restart = "<w:vMerge w:val=\"restart\"/>";
    let body = table(&[
        row(&[("", "栏"), ("", "内容")]),
        row(&[(restart, "{{#resume}}{{seq}}"), ("", "{{span}}")]),
        row(&[("<w:vMerge/>", ""), ("", "{{org}}{{/resume}}")]),
        row(&[("", "姓名"), ("", "{{name}}")]),
    ]);
    let xml = filled(&body, &[("name", "王示例")], &["2001", "2005", "2010"]);
    assert_eq!(
        words(&xml).join("|"),
        "栏|内容|1|2001|在2001|2|2005|在2005|3|2010|在2010|姓名|王示例"
    );
    assert_eq!(xml.matches(restart).count(), 3);
    assert_eq!(xml.matches("<w:vMerge/>").count(), 3);
    // a cell that is merged beyond the row of the list spans all its rows
    let body = table(&[
        row(&[
            (restart, "简历"),
            ("", "{{#resume}}{{span}}{{?org}}有{{/org}}{{/resume}}"),
        ]),
        row(&[("", "姓名"), ("", "{{name}}")]),
    ]);
    let xml = filled(&body, &[("name", "王示例")], &["2001", "2005", "2010"]);
    assert_eq!(xml.matches(restart).count(), 1);
    assert_eq!(xml.matches("<w:vMerge/>").count(), 2);
    assert!(words(&xml).join("|").contains("2001有|"), "{xml}");
}

#[test]
fn conditions_and_lists_that_do_not_end_are_told() {
    for (body, words) in [
        (p("{{?name}}一"), "没有在后面用“{{/name}}”结束"),
        (p("{{?name}}一{{/sex}}"), "结束不了前面的“{{?name}}”"),
        (p("一{{/name}}"), "前面没有"),
        (p("{{?nickname}}一{{/nickname}}"), "不是活动"),
        (
            table(&[row(&[("", "{{#resume}}{{span}}")]), row(&[("", "x")])]),
            "没有在同一个表格里用“{{/resume}}”结束",
        ),
    ] {
        let found = told(&body);
        assert!(
            found.iter().any(|f| f.message.contains(words)),
            "{words}: {found:?}"
        );
    }
}
