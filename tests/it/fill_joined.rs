//! Two things asked in one cell (工作单位及职务, 学历学位): bound to both fields, filled one behind the other, read back apart.

use std::io::Write as _;

use sanlian::fill::{Filling, Prepared, assemble, bind, read};
use zip::write::SimpleFileOptions;

use crate::fill::{campaign, submission};

/// A .docx with one table.
pub(crate) fn form(rows: &[&[&str]]) -> Vec<u8> {
    let cell = |text: &&str| {
        format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"1500\" w:type=\"dxa\"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
        )
    };
    let row = |cells: &&[&str]| {
        format!(
            "<w:tr>{}</w:tr>",
            cells.iter().map(cell).collect::<String>()
        )
    };
    let columns = rows.iter().map(|r| r.len()).max().unwrap();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:tbl><w:tblPr/><w:tblGrid>{}</w:tblGrid>{}</w:tbl><w:p/><w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr></w:body></w:document>",
        "<w:gridCol w:w=\"1500\"/>".repeat(columns),
        rows.iter().map(row).collect::<String>()
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let parts = [
        (
            "[Content_Types].xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>",
        ),
        (
            "_rels/.rels",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>",
        ),
        ("word/document.xml", document.as_str()),
    ];
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Binds a form without help, fills it and reads it back; the keys that were bound and what came back.
fn round(form: &[u8], candidate: Option<usize>) -> (Vec<String>, sanlian::record::Submission) {
    let campaign = campaign();
    let bound = bind(&campaign, "表.docx", form).unwrap();
    assert!(bound.ambiguous.is_empty(), "{:?}", bound.ambiguous);
    let keys = bound.places.iter().map(|b| b.place.key.clone()).collect();
    let prepared = Prepared::new(&campaign, form, bound.places()).unwrap();
    assert_eq!(
        prepared
            .faults(&campaign, "表.docx")
            .iter()
            .filter(|f| f.code != "O3")
            .count(),
        0
    );
    let filling = Filling {
        candidate,
        ..Filling::default()
    };
    let filled = prepared.fill(&campaign, submission(), &filling).unwrap();
    // by the binding, and by the bookmarks alone
    for places in [bound.places(), Vec::new()] {
        let back = read(&campaign, "填好.docx", &filled, &places).unwrap();
        let org = back.sightings.iter().filter(|s| s.key.ends_with("org"));
        assert!(
            org.clone().count() > 0 && org.clone().all(|s| !s.text.contains(' ')),
            "{:?}",
            back.sightings
        );
    }
    let back = read(&campaign, "填好.docx", &filled, &bound.places()).unwrap();
    let gathered = assemble(&campaign, &[back]);
    assert!(gathered.findings.is_empty(), "{:?}", gathered.findings);
    (keys, gathered.submission)
}

#[test]
fn two_fields_share_a_cell_of_a_form() {
    let form = form(&[
        &["姓名", "", "性别", ""],
        &["9.工作单位及职务", "", "学历学位", ""],
        &["职称", "", "手机", ""],
    ]);
    let (keys, back) = round(&form, Some(0));
    assert_eq!(
        keys,
        [
            "name",
            "sex",
            "org",
            "post",
            "education",
            "degree",
            "title",
            "mobile"
        ]
    );
    let (own, back) = (&submission().candidates[0], &back.candidates[0]);
    for key in keys {
        assert_eq!(back.text(&key), own.text(&key), "{key}");
    }
}

#[test]
fn two_fields_share_a_column_of_a_list() {
    let form = form(&[
        &[
            "序号",
            "姓名",
            "性别",
            "学历\n学位",
            "工作单位、职务",
            "职称",
        ],
        &["1", "", "", "", "", ""],
        &["2", "", "", "", "", ""],
        &["3", "", "", "", "", ""],
    ]);
    let (keys, back) = round(&form, None);
    let wanted = ["name", "sex", "education", "degree", "org", "post", "title"];
    assert_eq!(keys, wanted.map(|k| format!("candidates.{k}")));
    assert_eq!(back.candidates.len(), 3);
    for (own, back) in submission().candidates.iter().zip(&back.candidates) {
        for key in wanted {
            assert_eq!(back.text(key), own.text(key), "{key}");
        }
    }
}

#[test]
fn several_groups_of_ticks_stand_in_one_line() {
    let form = form(&[
        &["姓名", "", "工作单位", ""],
        &[
            "性别：□男 □女　政治面貌：□中共党员 □群众 □其他",
            "备注",
            "",
            "",
        ],
    ]);
    let (keys, back) = round(&form, Some(0));
    assert_eq!(keys[..4], ["name", "org", "sex", "politics"]);
    let (own, back) = (&submission().candidates[0], &back.candidates[0]);
    for key in ["name", "sex", "politics"] {
        assert_eq!(back.text(key), own.text(key), "{key}");
    }
}

#[test]
fn a_name_that_several_boxes_stand_for_ticks_none_and_is_told() {
    let campaign = campaign();
    let form = form(&[
        &["姓名", ""],
        &["学历", "□大学本科 □硕士研究生 □博士研究生"],
    ]);
    assert_eq!(submission().candidates[0].text("education"), "研究生");
    let places = bind(&campaign, "表.docx", &form).unwrap().places();
    let prepared = Prepared::new(&campaign, &form, places.clone()).unwrap();
    let filling = Filling {
        candidate: Some(0),
        ..Filling::default()
    };
    let told = prepared.faults_of(&campaign, submission(), &filling, "表.docx");
    let told: Vec<_> = told.iter().filter(|f| f.code == "O4").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].message.contains("硕士研究生"),
        "{}",
        told[0].message
    );
    let filled = prepared.fill(&campaign, submission(), &filling).unwrap();
    let back = read(&campaign, "填好.docx", &filled, &places).unwrap();
    let ticked = back.sightings.iter().find(|s| s.key == "education");
    assert_eq!(ticked.unwrap().text, "");
}
