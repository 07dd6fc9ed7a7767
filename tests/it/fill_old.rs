//! Ways of older forms: legacy form fields, boxes of symbol fonts, values longer than their blanks.

use sanlian::fill::{Filling, Prepared, bind, read};
use sanlian::ooxml::OpcPackage;

use crate::fill::{campaign, submission};
use crate::fill_joined::form;

/// The form of one table with some text of its document replaced by markup.
fn with(rows: &[&[&str]], markup: &[(&str, String)]) -> Vec<u8> {
    let mut package = OpcPackage::read(&form(rows)).unwrap();
    let part = "word/document.xml";
    let mut xml = package.text(part).unwrap().to_owned();
    for (text, markup) in markup {
        let run = format!("<w:r><w:t>{text}</w:t></w:r>");
        assert!(xml.contains(&run), "{text}");
        xml = xml.replace(&run, markup);
    }
    package.put(part, xml);
    package.write().unwrap()
}

fn check_box(label: &str) -> String {
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:name w:val=\"复选{label}\"/><w:enabled/><w:calcOnExit w:val=\"0\"/><w:checkBox><w:sizeAuto/><w:default w:val=\"0\"/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText xml:space=\"preserve\"> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\">{label}　</w:t></w:r>"
    )
}

fn text_field() -> String {
    let blank = "\u{2002}".repeat(5);
    format!(
        "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:name w:val=\"文字1\"/><w:enabled/><w:calcOnExit w:val=\"0\"/><w:textInput/></w:ffData></w:fldChar></w:r><w:r><w:instrText xml:space=\"preserve\"> FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>{blank}</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
    )
}

fn symbol(label: &str) -> String {
    format!(
        "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0A8\"/><w:t xml:space=\"preserve\">{label}　</w:t></w:r>"
    )
}

/// Fills a form with the first candidate; the texts that are read from it, by key, and its document.
fn filled(form: &[u8], keys: &[&str]) -> (Vec<(String, String)>, String) {
    let campaign = campaign();
    let bound = bind(&campaign, "表.docx", form).unwrap();
    let known: Vec<&str> = bound.places.iter().map(|b| b.place.key.as_str()).collect();
    assert_eq!(known, keys);
    let prepared = Prepared::new(&campaign, form, bound.places()).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let filled = prepared.fill(&campaign, submission(), &filling).unwrap();
    let package = OpcPackage::read(&filled).unwrap();
    let xml = package.text("word/document.xml").unwrap().to_owned();
    let back = read(&campaign, "填好.docx", &filled, &bound.places()).unwrap();
    let seen = back.sightings.into_iter().map(|s| (s.key, s.text));
    (seen.collect(), xml)
}

#[test]
fn legacy_form_fields_are_filled_and_read() {
    let form = with(
        &[&["姓名", "甲"], &["性别", "乙"], &["政治面貌", "丙"]],
        &[
            ("甲", text_field()),
            ("乙", check_box("男") + &check_box("女")),
            ("丙", symbol("中共党员") + &symbol("群众")),
        ],
    );
    let own = &submission().candidates[0];
    let (seen, xml) = filled(&form, &["name", "sex", "politics"]);
    for key in ["name", "sex", "politics"] {
        let text = seen.iter().find(|s| s.0 == key).map(|s| s.1.as_str());
        assert_eq!(text, Some(own.text(key)), "{key}");
    }
    assert_eq!(xml.matches("<w:checked/>").count(), 1);
    assert_eq!(xml.matches("w:char=\"F0FE\"").count(), 1);
    assert_eq!(xml.matches("w:char=\"F0A8\"").count(), 1);
    // a picture of a symbol font is no box
    let form = with(
        &[&["姓名", ""], &["备注", "甲"]],
        &[(
            "甲",
            "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F028\"/><w:t>见附页</w:t></w:r>".to_owned(),
        )],
    );
    filled(&form, &["name"]);
}

#[test]
fn a_value_longer_than_its_blank_stands_clear_of_the_next_label() {
    let line = |spaces: usize| {
        let blank = " ".repeat(spaces);
        format!(
            "<w:r><w:rPr><w:u w:val=\"single\"/></w:rPr><w:t xml:space=\"preserve\">{blank}</w:t></w:r>"
        )
    };
    let text = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    let form = with(
        &[&["姓名", ""], &["甲", "注"]],
        &[(
            "甲",
            text("工作单位：") + &line(4) + &text("手机：") + &line(8),
        )],
    );
    let own = &submission().candidates[0];
    let (seen, xml) = filled(&form, &["name", "org", "mobile"]);
    for key in ["org", "mobile"] {
        let text = seen.iter().find(|s| s.0 == key).map(|s| s.1.as_str());
        assert_eq!(text, Some(own.text(key)), "{key}");
    }
    assert!(!xml.contains(&format!("{}</w:t>", own.text("org"))));
}

#[test]
fn a_table_in_a_text_box_is_a_table() {
    let cell = |text: &str| {
        format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"1500\" w:type=\"dxa\"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
        )
    };
    let table = format!(
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"1500\"/><w:gridCol w:w=\"1500\"/></w:tblGrid><w:tr>{}{}</w:tr></w:tbl><w:p/>",
        cell("手机"),
        cell("")
    );
    let content = format!("<w:txbxContent>{table}</w:txbxContent>");
    let shape = format!(
        "<w:r><mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\">{content}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox xmlns:v=\"urn:schemas-microsoft-com:vml\">{content}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    );
    let form = with(&[&["姓名", ""], &["注", "甲"]], &[("甲", shape)]);
    let own = &submission().candidates[0];
    let (seen, xml) = filled(&form, &["name", "mobile"]);
    let text = seen.iter().find(|s| s.0 == "mobile").map(|s| s.1.as_str());
    assert_eq!(text, Some(own.text("mobile")));
    assert_eq!(xml.matches(own.text("mobile")).count(), 1);
}
