//! Blank forms that cannot be used: each is refused with the part, the place and the remedy, and nothing is written.

use std::path::{Path, PathBuf};

use sanlian::ooxml::OpcPackage;

use crate::blank_forms;
use crate::forms::{code, text};
use crate::tools;

const DOCUMENT: &str = "word/document.xml";

/// A part and what becomes of it.
type Change<'c> = (&'c str, &'c dyn Fn(&str) -> String);

/// A form of the corpus with parts changed or added.
fn changed(form: &str, parts: &[Change<'_>]) -> Vec<u8> {
    let forms = blank_forms::all();
    let form = forms.iter().find(|f| f.name == form).unwrap();
    let mut package = OpcPackage::read(&form.bytes).unwrap();
    for (part, change) in parts {
        let was = package.text(part).unwrap_or_default().to_owned();
        let is = change(&was);
        assert_ne!(was, is, "{part}");
        package.put(part, is);
    }
    package.write().unwrap()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Binding, filling and reading are refused with these words; the code that ends the first.
fn refused(folder: &Path, name: &str, bytes: &[u8], words: &[&str]) {
    let form = write(folder, name, bytes);
    let binding = folder.join("绑定.toml");
    let campaign = ["--campaign", "hebei-zuimei-2021"];
    let mut args = vec!["bind", text(&form), "-o", text(&binding)];
    args.extend(campaign);
    let (end, said, talk) = code(&args);
    assert!(end == 1 || end == 2, "{name}: {end} {talk}");
    assert!(said.is_empty(), "{name}: {said}");
    for word in words {
        assert!(talk.contains(word), "{name}: {talk}");
    }
    assert!(!binding.exists(), "{name}");
}

#[test]
fn forms_that_are_no_forms_are_refused_with_the_part() {
    let folder = tools::folder("fill-bad");
    let base = "word_one_table";
    let doctype = |xml: &str| {
        let (head, rest) = xml.split_once("?>").unwrap();
        format!("{head}?><!DOCTYPE a [<!ENTITY b \"c\">]>{rest}")
    };
    let part = "word/styles.xml";
    let bytes = changed(base, &[(part, &doctype)]);
    refused(&folder, "文档类型.docx", &bytes, &[part, "DOCTYPE"]);
    let outside = |kind: &str| {
        format!(
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"http://example.com/模板.dotm\" TargetMode=\"External\"/></Relationships>"
        )
    };
    let part = "word/_rels/settings.xml.rels";
    let template = |_: &str| outside("attachedTemplate");
    let bytes = changed(base, &[(part, &template)]);
    refused(&folder, "外部模板.docx", &bytes, &[part, "example.com"]);
    let macros = |_: &str| "x".to_owned();
    let bytes = changed(base, &[("word/vbaProject.bin", &macros)]);
    refused(&folder, "宏.docm", &bytes, &["宏", "另存为"]);
    let open = |xml: &str| xml.replacen("</w:tbl>", "", 1);
    let bytes = changed(base, &[(DOCUMENT, &open)]);
    refused(&folder, "缺结尾.docx", &bytes, &[DOCUMENT, "字节"]);
    let rows = |xml: &str| {
        let end = xml.rfind("</w:tr>").unwrap() + 7;
        let start = xml.find("<w:tr ").unwrap();
        let first = xml[start..].find("</w:tr>").unwrap() + start + 7;
        let (before, after) = xml.split_at(end);
        format!("{before}{}{after}", xml[start..first].repeat(100_000))
    };
    let bytes = changed(base, &[(DOCUMENT, &rows)]);
    refused(&folder, "十万行.docx", &bytes, &["200 MiB"]);
    let rows = |xml: &str| {
        let end = xml.rfind("</w:tbl>").unwrap();
        let (before, after) = xml.split_at(end);
        let row = "<w:tr><w:tc><w:p/></w:tc></w:tr>";
        format!("{before}{}{after}", row.repeat(100_000))
    };
    let bytes = changed(base, &[(DOCUMENT, &rows)]);
    refused(&folder, "十万空行.docx", &bytes, &[DOCUMENT, "O10"]);
    let mut sealed = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    sealed.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    refused(&folder, "加密.docx", &sealed, &["打开密码"]);
    // a link is no content that is fetched
    let link = |_: &str| outside("hyperlink");
    let bytes = changed(base, &[(part, &link)]);
    let form = write(&folder, "链接.docx", &bytes);
    let (end, _, talk) = code(&["bind", text(&form), "--campaign", "hebei-zuimei-2021"]);
    assert_eq!(end, 0, "{talk}");
}

#[test]
fn placeholders_that_do_not_close_are_told_with_their_place() {
    let folder = tools::folder("fill-braces");
    let swap = |from: &'static str, to: &'static str| move |xml: &str| xml.replacen(from, to, 1);
    let told = |name: &str, change: &dyn Fn(&str) -> String, words: &[&str]| {
        let bytes = changed("placeholders", &[(DOCUMENT, change)]);
        refused(&folder, name, &bytes, words);
    };
    let where_ = [DOCUMENT, "O8"];
    told(
        "未写完.docx",
        &swap("{{deeds}}", "{{deeds"),
        &[where_[0], where_[1], "{{deeds", "第4行第2列"],
    );
    told(
        "跨行.docx",
        &|xml| swap("{{/resume}}", "")(xml).replacen("{{deeds}}", "{{deeds}}{{/resume}}", 1),
        &["第4行第2列", "{{deeds}}", "不是活动"],
    );
    told(
        "不认识.docx",
        &swap("{{deeds}}", "{{nickname}}"),
        &["{{nickname}}", "hebei-zuimei-2021"],
    );
    told(
        "段落循环.docx",
        &swap("{{unit.name}}", "{{#resume}}{{unit.name}}"),
        &["第1段", "只能用在表格的行里"],
    );
    told("多出.docx", &swap("{{deeds}}", "deeds}}"), &["前面没有"]);
}
