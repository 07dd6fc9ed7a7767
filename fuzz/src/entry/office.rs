//! Workbooks, an organiser's own forms and reports.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sanlian::fill::{Filling, Prepared, assemble, bind, bind_typed, faults_of_form, read, shape};
use sanlian::intake::{self, SourceFile};
use sanlian::ooxml::{Note, OoxmlError, OpcPackage, mark_workbook};
use sanlian::record::Submission;

use super::data::comes_back;
use super::parcel::{parts, zipped};
use super::{examples, sound, the_campaign};

const DOCX: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>",
    ),
];

const XLSX: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>",
    ),
    (
        "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
    ),
    (
        "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"候选人\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    ),
    (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    ),
];

/// The file: a zip as it is, or a parcel made into one, with what every office file has where it says nothing of it.
fn file(data: &[u8], first: &str, needed: &[(&str, &str)]) -> Vec<u8> {
    if data.starts_with(b"PK") || data.starts_with(b"\xD0\xCF") {
        return data.to_vec();
    }
    let mut parts = parts(data, first);
    for (name, text) in needed {
        if parts.iter().all(|(known, _)| known != name) {
            parts.push(((*name).to_owned(), text.as_bytes().to_vec()));
        }
    }
    zipped(&parts)
}

/// Reads a workbook, gives it back with its notes. Laws: marking twice gives the same as marking once; what was read
/// survives JSON.
pub fn workbook(data: &[u8]) {
    let bytes = file(data, "xl/worksheets/sheet1.xml", XLSX);
    let source = SourceFile {
        path: "数据.xlsx".to_owned(),
        bytes,
    };
    let campaign = the_campaign();
    let (submission, findings) =
        intake::read(campaign, std::slice::from_ref(&source), None, Vec::new());
    sound(&findings);
    comes_back(campaign, &submission);
    let notes: Vec<Note> = findings.iter().map(Note::from).collect();
    let Ok(marked) = mark_workbook(&source.bytes, &notes, &BTreeMap::new()) else {
        return;
    };
    assert!(
        OpcPackage::read(&marked).is_ok(),
        "a marked workbook is one"
    );
    match mark_workbook(&marked, &notes, &BTreeMap::new()) {
        Ok(again) => assert!(again == marked, "marked twice is marked once"),
        // a sheet without notes is not looked into the first time, and may be broken
        Err(fault) => assert!(matches!(fault, OoxmlError::Xml { .. }), "{fault}"),
    }
}

static ANSWERS: LazyLock<Submission> = LazyLock::new(examples);

/// A form of Word.
pub fn form_docx(data: &[u8]) {
    form("表.docx", &file(data, "word/document.xml", DOCX));
}

/// A form of Excel.
pub fn form_xlsx(data: &[u8]) {
    form("表.xlsx", &file(data, "xl/worksheets/sheet1.xml", XLSX));
}

/// Binds a form, fills it and reads it back. Laws: a filled form is a package that can be read; a binding knows its form.
fn form(name: &str, bytes: &[u8]) {
    let campaign = the_campaign();
    if let Ok(package) = OpcPackage::read(bytes) {
        let _ = package.stands_alone();
    }
    if let Ok(typed) = bind_typed(campaign, name, bytes)
        && let Ok(form) = read(campaign, name, bytes, &typed.places())
    {
        sound(&assemble(campaign, &[form]).findings);
    }
    if let Ok(faults) = faults_of_form(campaign, name, bytes) {
        sound(&faults);
    }
    let Ok(binding) = bind(campaign, name, bytes) else {
        return;
    };
    assert_eq!(shape(bytes).as_ref(), Ok(&binding.shape));
    let Ok(prepared) = Prepared::new(campaign, bytes, binding.places()) else {
        return;
    };
    let filling = Filling {
        candidate: Some(0),
        properties: vec![("sanlian.record".to_owned(), "0123456789abcdef".to_owned())],
        ..Filling::default()
    };
    let Ok(filled) = prepared.fill(campaign, &ANSWERS, &filling) else {
        return;
    };
    assert!(
        OpcPackage::read(&filled).is_ok(),
        "a filled form is a package"
    );
    let back = read(campaign, name, &filled, &binding.places());
    assert!(back.is_ok(), "a filled form is read back: {back:?}");
}

/// A report of Word, or as text.
pub fn report(data: &[u8]) {
    let parcel = data.starts_with(b"=== ") || data.starts_with(b"<");
    let source = SourceFile {
        path: if parcel { "报告.docx" } else { "报告.txt" }.to_owned(),
        bytes: if parcel {
            file(data, "word/document.xml", DOCX)
        } else {
            data.to_vec()
        },
    };
    let data = SourceFile {
        path: "submission.json".to_owned(),
        bytes: b"{}".to_vec(),
    };
    let (submission, findings) = intake::read(the_campaign(), &[data], Some(&source), Vec::new());
    sound(&findings);
    for paragraph in &submission.report {
        assert!(!paragraph.contains(['\n', '\r', '\0']), "{paragraph:?}");
    }
}
