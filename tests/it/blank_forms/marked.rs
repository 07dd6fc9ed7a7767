//! Forms that somebody prepared: placeholders, content controls, bookmarks.

use super::docx::{Hand, Piece, c, e, p, ps, row};
use super::writer::Docx;
use super::{BlankForm, docx};

pub(super) fn forms() -> Vec<BlankForm> {
    vec![
        docx("placeholders", placeholders()),
        docx("placeholders_in_split_runs", placeholders().split()),
        docx("content_controls", controls()),
        docx("bookmarks", bookmarks()),
    ]
}

fn placeholders() -> Docx {
    let at = |key: &str| c(&format!("{{{{{key}}}}}")).bind(key, "placeholder");
    let rows = vec![
        row(vec![c("姓名"), at("name"), c("性别"), at("sex")]),
        row(vec![
            c("照片"),
            c("{{@photo}}").bind("photo", "placeholder"),
            c("甲方"),
            at("org"),
        ]),
        row(vec![
            c("{{#resume}}{{span}}").bind("resume.span", "placeholder"),
            c("{{org}}").bind("resume.org", "placeholder"),
            c("{{post}}{{/resume}}")
                .span(2)
                .bind("resume.post", "placeholder"),
        ]),
        row(vec![c("事迹"), at("deeds").span(3)]),
    ];
    Docx::new(Hand::Word)
        .para(
            p("{{unit.name}}推荐表")
                .title()
                .bind("unit.name", "placeholder"),
        )
        .table(&[1500, 3000, 1500, 3000], rows)
}

/// A content control around a run, within the paragraph.
fn control(id: u32, tag: &str) -> Piece {
    Piece::Raw(format!(
        "<w:sdt><w:sdtPr><w:alias w:val=\"{tag}\"/><w:tag w:val=\"{tag}\"/><w:id w:val=\"{id}\"/><w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent><w:r><w:rPr><w:color w:val=\"808080\"/></w:rPr><w:t>单击此处输入文字。</w:t></w:r></w:sdtContent></w:sdt>"
    ))
}

fn controls() -> Docx {
    let at = |id: u32, key: &str| {
        let mut para = p("");
        para.pieces = vec![control(id, key)];
        ps(vec![para]).bind(key, "control")
    };
    let rows = vec![
        row(vec![c("甲"), at(701, "name"), c("乙"), at(702, "sex")]),
        row(vec![c("丙"), at(703, "org"), c("丁"), at(704, "mobile")]),
        row(vec![c("戊"), at(705, "summary").span(3)]).high(2000),
    ];
    let mut unit = p("推荐单位：");
    unit.pieces.push(control(706, "unit.name"));
    Docx::new(Hand::Word)
        .para(p("带控件的推荐表").title())
        .para(unit.bind("unit.name", "control"))
        .table(&[900, 3600, 900, 3600], rows)
}

fn bookmarks() -> Docx {
    let at = |id: u32, key: &str| {
        let mut para = p("");
        para.pieces = vec![Piece::Raw(format!(
            "<w:bookmarkStart w:id=\"{id}\" w:name=\"{key}\"/><w:bookmarkEnd w:id=\"{id}\"/>"
        ))];
        ps(vec![para]).bind(key, "bookmark")
    };
    let rows = vec![
        row(vec![c("A"), at(801, "name"), c("B"), at(802, "birth")]),
        row(vec![c("C"), at(803, "org"), c("D"), at(804, "title")]),
        row(vec![c("E"), e(), c("民族"), e().bind("ethnic", "cell")]),
    ];
    Docx::new(Hand::Wps)
        .para(p("带书签的推荐表").title())
        .table(&[900, 3600, 900, 3600], rows)
}
