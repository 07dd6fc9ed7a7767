//! Editable copies: what office programs, the schemas and our own reader make of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use sanlian::campaign::Campaign;
use sanlian::clerk::{Campaigns, diff_forms, read_forms};
use sanlian::export::docx::{DocxInfo, DocxMark, DocxWriteError, write_docx};
use sanlian::form::{
    Block, Content, Form, JpegPicture, Paragraph, Photos, build_candidate, build_unit,
};
use sanlian::ooxml::{OpcPackage, Tree};
use sanlian::record::{Submission, Value};

use crate::demo::undrawn;
use crate::run::{demo, manifest, sanlian};
use crate::{office, tools};

const DOCUMENT: &str = "word/document.xml";

fn campaign() -> Campaign {
    let campaigns = Campaigns::open(None).unwrap();
    campaigns.load("hebei-zuimei-2021").unwrap().0.unwrap()
}

/// Every marked form of a submission.
fn forms_of(campaign: &Campaign, submission: &Submission, photos: &Photos) -> Vec<Form> {
    let day = date(2021, 5, 28);
    let mut out = Vec::new();
    for template in campaign.forms.iter().filter(|t| t.page.mark.is_some()) {
        if template.per == sanlian::campaign::Per::Candidate {
            let count = submission.candidates.len();
            out.extend(
                (0..count).map(|n| {
                    build_candidate(campaign, template, submission, n, photos, day).unwrap()
                }),
            );
        } else {
            out.push(build_unit(campaign, template, submission, day));
        }
    }
    assert_eq!(out.len(), submission.candidates.len() + 3);
    out
}

fn mark() -> DocxMark {
    DocxMark {
        side: 21,
        dark: (0..441).map(|n| n % 3 == 0).collect(),
        human: "7K3M-QW9D-2F4X".to_owned(),
        caption: "可编辑件 版本1".to_owned(),
    }
}

fn info() -> DocxInfo {
    DocxInfo {
        author: "测试市科学技术协会".to_owned(),
        created: "2021-05-28T01:02:03Z".to_owned(),
        draft: false,
        properties: vec![("sanlian.campaign".to_owned(), "a&b<c>".to_owned())],
    }
}

/// The editable copies of the demo.
pub(crate) fn copies() -> Vec<PathBuf> {
    let paper = demo().join("out/paper");
    let manifest = manifest(&paper);
    let files = manifest["files"].as_array().unwrap().iter();
    let paths = files.map(|f| f["path"].as_str().unwrap());
    paths
        // papers around the submission have no mark: they are in papers.rs
        .filter(|p| p.ends_with(".docx") && !p.starts_with("公文/"))
        .map(|p| paper.join(p))
        .collect()
}

/// All texts of a form, as its paragraphs have them.
fn texts_of(form: &Form) -> Vec<String> {
    fn push(out: &mut Vec<String>, paragraphs: &[Paragraph]) {
        out.extend(paragraphs.iter().map(|p| p.text.clone()));
    }
    let mut out = Vec::new();
    for block in &form.blocks {
        let table = match block {
            Block::Paragraph(paragraph) => {
                out.push(paragraph.text.clone());
                continue;
            }
            Block::Table(table) => table,
            Block::Space(_)
            | Block::PageBreak
            | Block::FrontBreak(_)
            | Block::Placed(_)
            | Block::Frame(_) => continue,
        };
        if let Some(side) = &table.side {
            push(&mut out, &side.label);
        }
        for cell in table.rows.iter().flat_map(|r| &r.cells) {
            match &cell.content {
                Content::Text(paragraphs) => push(&mut out, paragraphs),
                Content::Vertical(paragraph) => out.push(paragraph.text.clone()),
                Content::Photo(photo) if photo.picture.is_none() => push(&mut out, &photo.hint),
                Content::Photo(_) => {}
                Content::Opinion(opinion) => {
                    push(&mut out, &opinion.text);
                    push(&mut out, std::slice::from_ref(&opinion.sign));
                    push(&mut out, opinion.seal.as_slice());
                    push(&mut out, std::slice::from_ref(&opinion.date));
                }
                Content::Ticks(ticks, _) => out.extend(ticks.iter().map(|t| t.label.clone())),
            }
        }
    }
    out.retain(|t| !t.trim().is_empty());
    out
}

/// The texts of a document's paragraphs.
fn paragraphs(package: &OpcPackage) -> Vec<String> {
    let tree = Tree::read(DOCUMENT, package.text(DOCUMENT).unwrap()).unwrap();
    let all = tree.root().descendants().filter(|e| e.is("p"));
    let text = |p: sanlian::ooxml::Element<'_>| -> String {
        let parts = p.descendants().filter(|e| e.is("t"));
        parts.map(|t| t.text().into_owned()).collect()
    };
    all.map(text).collect()
}

fn clean(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !('\u{FFFE}'..='\u{FFFF}').contains(c))
        .collect()
}

#[test]
fn every_marked_form_has_an_editable_copy_that_is_no_original() {
    let manifest = manifest(&demo().join("out/paper"));
    let mut seen = Vec::new();
    for file in manifest["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        if !path.ends_with(".docx") || path.starts_with("公文/") {
            continue;
        }
        seen.push(file["form"].as_str().unwrap());
        assert_eq!(file["pages"], 0, "{path}");
        let marks = file["marks"].as_array().unwrap();
        assert_eq!(marks.len(), 1, "{path}");
        for key in ["copy", "copies", "page", "pages"] {
            assert_eq!(marks[0][key], 0, "{path} {key}");
        }
        let digits = marks[0]["digits"].as_str().unwrap();
        let keys = demo().join("keys");
        let said = sanlian(&["verify", digits, "--keys", keys.to_str().unwrap()]);
        assert!(said.status.success(), "{path}: {said:?}");
    }
    seen.sort_unstable();
    let expected = [
        "recommendation",
        "recommendation",
        "recommendation",
        "report",
        "status",
        "summary",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn copies_hold_to_the_schemas_and_python_opens_them() {
    const SCRIPT: &str = "import sys, docx\n\
        d = docx.Document(sys.argv[1])\n\
        s = d.sections[0]\n\
        print(round(s.page_width.mm), round(s.page_height.mm), round(s.top_margin.mm), round(s.left_margin.mm), len(d.tables), len(d.paragraphs))\n\
        assert d.core_properties.title and d.core_properties.author\n\
        assert s.header.part.related_parts, 'no mark'";
    let copies = copies();
    assert_eq!(copies.len(), 6);
    let all: Vec<&Path> = copies.iter().map(PathBuf::as_path).collect();
    office::validate(&all);
    for file in &copies {
        let Some(said) = tools::says("/usr/bin/python3", &["-c", SCRIPT, file.to_str().unwrap()])
        else {
            continue;
        };
        let lies = file.to_string_lossy().contains("汇总表")
            || file.to_string_lossy().contains("开展情况表");
        let page = if lies {
            "297 210 28 18"
        } else {
            "210 297 37 28"
        };
        assert!(said.starts_with(page), "{}: {said}", file.display());
    }
}

#[test]
fn no_text_of_a_form_is_lost_and_heads_come_again() {
    let campaign = campaign();
    let submission = undrawn(&campaign, 7);
    for form in forms_of(&campaign, &submission, &Photos::new()) {
        let bytes = write_docx(&form, Some(&mark()), &info()).unwrap();
        let package = OpcPackage::read(&bytes).unwrap();
        let found = paragraphs(&package);
        let texts = texts_of(&form);
        assert!(texts.len() > 5, "{}", form.path);
        for text in texts {
            assert!(
                found.iter().any(|p| p.contains(&text)),
                "{}: {text}",
                form.path
            );
        }
        let xml = package.text(DOCUMENT).unwrap();
        let heads: usize = form
            .blocks
            .iter()
            .map(|b| match b {
                Block::Table(table) => table.head,
                _ => 0,
            })
            .sum();
        assert_eq!(
            xml.matches("<w:tblHeader/>").count(),
            heads,
            "{}",
            form.path
        );
        let fields: BTreeSet<&str> = form
            .blocks
            .iter()
            .filter_map(|b| match b {
                Block::Table(table) => Some(table),
                _ => None,
            })
            .flat_map(|t| t.rows.iter().flat_map(|r| &r.cells))
            .map(|c| c.field.as_str())
            .filter(|f| !f.is_empty() && *f != "photo")
            .collect();
        for field in fields {
            let (bare, unit) = (
                format!("<w:tag w:val=\"{field}\"/>"),
                format!("<w:tag w:val=\"unit.{field}\"/>"),
            );
            assert!(
                xml.contains(&bare) || xml.contains(&unit),
                "{}: {field}",
                form.path
            );
        }
    }
}

#[test]
fn copies_read_back_as_the_submission() {
    let submission = demo().join("out/submission");
    for file in copies() {
        let said = sanlian(&["diff", file.to_str().unwrap(), submission.to_str().unwrap()]);
        let words = String::from_utf8_lossy(&said.stdout).into_owned();
        assert!(said.status.success(), "{}: {words}", file.display());
        assert_eq!(words, "", "{}", file.display());
        if file.to_string_lossy().contains("报告") {
            continue;
        }
        let read = read_forms(&campaign(), std::slice::from_ref(&file), None).unwrap();
        let values = &read.submission;
        let count = values.candidates.len() + usize::from(!values.unit.values.is_empty());
        assert!(count > 0, "{}: nothing was read", file.display());
    }
}

#[test]
fn an_edit_in_a_copy_is_told() {
    let submission = demo().join("out/submission");
    let folder = tools::folder("docx_edit");
    let file = copies()
        .into_iter()
        .find(|f| f.to_string_lossy().contains("03-王示例"))
        .unwrap();
    let mut package = OpcPackage::read(&std::fs::read(&file).unwrap()).unwrap();
    let xml = package.text(DOCUMENT).unwrap().to_owned();
    let at = xml.find("<w:tag w:val=\"native_place\"/>").unwrap();
    let open = at + xml[at..].find("<w:t xml:space=\"preserve\">").unwrap();
    let from = open + "<w:t xml:space=\"preserve\">".len();
    let to = from + xml[from..].find('<').unwrap();
    let edited = format!("{}河北改过{}", &xml[..from], &xml[to..]);
    package.put(DOCUMENT, edited.into_bytes());
    let copy = office::keep(&folder, "改过.docx", &package.write().unwrap());
    let said = sanlian(&["diff", copy.to_str().unwrap(), submission.to_str().unwrap()]);
    let words = String::from_utf8_lossy(&said.stdout).into_owned();
    assert_eq!(said.status.code(), Some(1), "{words}");
    assert!(
        words.contains("籍贯") && words.contains("河北改过"),
        "{words}"
    );
    assert_eq!(words.trim().lines().count(), 1, "{words}");
}

#[test]
fn an_edit_in_the_copy_of_the_report_is_told() {
    let submission = demo().join("out/submission");
    let folder = tools::folder("docx_report");
    let is_report = |f: &std::path::PathBuf| f.to_string_lossy().contains("报告");
    let file = copies().into_iter().find(is_report).unwrap();
    let mut package = OpcPackage::read(&std::fs::read(&file).unwrap()).unwrap();
    let xml = package.text(DOCUMENT).unwrap().to_owned();
    let edited = xml.replacen("160余人", "610余人", 1);
    assert_ne!(edited, xml);
    package.put(DOCUMENT, edited.into_bytes());
    let copy = office::keep(&folder, "改过的报告.docx", &package.write().unwrap());
    let said = sanlian(&["diff", copy.to_str().unwrap(), submission.to_str().unwrap()]);
    let words = String::from_utf8_lossy(&said.stdout).into_owned();
    assert_eq!(said.status.code(), Some(1), "{words}");
    assert!(
        words.contains("报告正文") && words.contains("610余人"),
        "{words}"
    );
    assert_eq!(words.trim().lines().count(), 1, "{words}");
}

#[test]
fn the_same_form_gives_the_same_bytes_whatever_was_written_before() {
    let campaign = campaign();
    let submission = undrawn(&campaign, 7);
    let forms = with_photos(forms_of(&campaign, &submission, &Photos::new()));
    let write = |form: &Form| write_docx(form, Some(&mark()), &info()).unwrap();
    let first: Vec<Vec<u8>> = forms.iter().map(write).collect();
    let again: Vec<Vec<u8>> = forms.iter().rev().map(write).collect();
    assert!(first.iter().eq(again.iter().rev()));
}

/// Forms whose photo boxes hold a picture that is not a JPEG at all: nobody may look into it.
fn with_photos(mut forms: Vec<Form>) -> Vec<Form> {
    for form in &mut forms {
        let tables = form.blocks.iter_mut().filter_map(|b| match b {
            Block::Table(table) => Some(table),
            _ => None,
        });
        for cell in tables.flat_map(|t| t.rows.iter_mut().flat_map(|r| &mut r.cells)) {
            if let Content::Photo(photo) = &mut cell.content {
                photo.picture = Some(JpegPicture {
                    jpeg: form.path.as_bytes().into(),
                    width: 390,
                    height: 567,
                    components: 3,
                });
            }
        }
    }
    forms
}

#[test]
fn the_photo_is_the_same_bytes_in_its_slot() {
    let campaign = campaign();
    let submission = undrawn(&campaign, 7);
    let forms = with_photos(forms_of(&campaign, &submission, &Photos::new()));
    let mut seen = 0;
    for form in &forms {
        let package = OpcPackage::read(&write_docx(form, None, &info()).unwrap()).unwrap();
        let Some(photo) = package.part("word/media/photo1.jpeg") else {
            continue;
        };
        assert_eq!(photo, form.path.as_bytes());
        let xml = package.text(DOCUMENT).unwrap();
        // in the slot of 33 × 48 mm, in its own proportions
        let extent = xml.split("<wp:extent ").nth(1).unwrap();
        let number = |name: &str| -> i64 {
            let rest = extent.split(&format!("{name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let (width, height) = (number("cx"), number("cy"));
        assert!(width <= 33 * 36_000 && height <= 48 * 36_000);
        assert!((width * 567 - height * 390).abs() < 36_000 * 10);
        seen += 1;
    }
    assert_eq!(seen, submission.candidates.len());
}

#[test]
fn a_draft_says_so_on_every_page_and_has_no_mark() {
    let campaign = campaign();
    let submission = undrawn(&campaign, 7);
    let folder = tools::folder("docx_draft");
    let draft = DocxInfo {
        draft: true,
        ..info()
    };
    let mut kept = Vec::new();
    let forms = forms_of(&campaign, &submission, &Photos::new());
    for (n, form) in forms.iter().enumerate() {
        let bytes = write_docx(form, None, &draft).unwrap();
        let package = OpcPackage::read(&bytes).unwrap();
        let headers: Vec<&str> = package
            .names()
            .filter(|n| n.starts_with("word/header"))
            .collect();
        assert!(!headers.is_empty());
        for header in headers {
            assert!(package.text(header).unwrap().contains("草稿"), "{header}");
        }
        assert!(package.part("word/media/mark.png").is_none());
        kept.push(office::keep(&folder, &format!("{n}.docx"), &bytes));
    }
    let all: Vec<&Path> = kept.iter().map(PathBuf::as_path).collect();
    office::validate(&all);
}

#[test]
fn a_wrong_matrix_is_refused() {
    let campaign = campaign();
    let submission = undrawn(&campaign, 7);
    let form = &forms_of(&campaign, &submission, &Photos::new())[0];
    let bad = DocxMark { side: 20, ..mark() };
    let said = write_docx(form, Some(&bad), &info());
    assert!(matches!(said, Err(DocxWriteError::Matrix(_))), "{said:?}");
}

#[test]
fn hostile_texts_stay_valid_and_whole() {
    let campaign = campaign();
    let mut submission = undrawn(&campaign, 7);
    let long = "很长的词".repeat(3000);
    let hostile = [
        "<w:p>&amp;\"'</w:t>]]>",
        "控\u{1}制\u{B}符\u{1F}\u{FFFE}\u{FFFF}\u{85}",
        "生僻𬭚𪚥𮧵\u{323BA}字",
        &long,
        "\u{202E}反\u{200B}零宽",
        "{{name}} ☑ {unit.name}",
    ];
    for entry in submission
        .candidates
        .iter_mut()
        .chain([&mut submission.unit])
    {
        for (n, value) in entry.values.values_mut().enumerate() {
            match value {
                Value::Text(text) => *text = hostile[n % hostile.len()].to_owned(),
                Value::Rows(rows) => {
                    for (m, text) in rows.iter_mut().flat_map(|r| r.values_mut()).enumerate() {
                        *text = hostile[m % 3].to_owned();
                    }
                }
            }
        }
    }
    let folder = tools::folder("docx_hostile");
    let mut kept = Vec::new();
    for (n, form) in forms_of(&campaign, &submission, &Photos::new())
        .iter()
        .enumerate()
    {
        let bytes = write_docx(form, Some(&mark()), &info()).unwrap();
        let package = OpcPackage::read(&bytes).unwrap();
        let found = paragraphs(&package);
        for text in texts_of(form) {
            let text = clean(&text);
            assert!(found.iter().any(|p| p.contains(&text)), "{text:.80}");
        }
        kept.push(office::keep(&folder, &format!("{n}.docx"), &bytes));
    }
    let all: Vec<&Path> = kept.iter().map(PathBuf::as_path).collect();
    office::validate(&all);
}

#[test]
fn libre_office_prints_every_value() {
    let campaign = campaign();
    let folder = tools::folder("docx_printed");
    let bare = |text: &str| -> String {
        let kept = text.chars().filter(|c| !c.is_whitespace());
        kept.collect::<String>()
    };
    let keep = |(n, file): (usize, &PathBuf)| {
        let bytes = std::fs::read(file).unwrap();
        office::keep(&folder, &format!("{n}.docx"), &bytes)
    };
    let files = copies();
    let kept: Vec<PathBuf> = files.iter().enumerate().map(keep).collect();
    let all: Vec<&Path> = kept.iter().map(PathBuf::as_path).collect();
    if !office::convert(&all, "pdf", &folder) {
        return;
    }
    for (file, copy) in files.iter().zip(kept) {
        // cell by cell, as the page is drawn
        let pdf = copy.with_extension("pdf");
        let Some(said) = tools::says("pdftotext", &["-raw", pdf.to_str().unwrap(), "-"]) else {
            return;
        };
        let said = bare(&said);
        let read = read_forms(&campaign, &[copy], None).unwrap();
        let owners = read.submission.candidates.iter();
        let mut count = 0;
        for owner in owners.chain([&read.submission.unit]) {
            for (key, value) in &owner.values {
                let Value::Text(text) = value else { continue };
                // long values are cut by lines and pages: their beginnings tell
                let head: String = bare(text).chars().take(6).collect();
                let ticked = key == "category";
                assert!(ticked || said.contains(&head), "{}: {key}", file.display());
                count += 1;
            }
        }
        let report = file.to_string_lossy().contains("报告");
        let list = file.to_string_lossy().contains("情况");
        assert!(report || list || count > 8, "{}", file.display());
    }
}

#[test]
fn the_order_of_ticks_is_no_difference() {
    let campaign = campaign();
    let mut submission = undrawn(&campaign, 7);
    submission.candidates.truncate(1);
    let person = &mut submission.candidates[0];
    person.set("category", "面向国家重大需求、面向经济主战场".to_owned());
    let folder = tools::folder("docx_ticks");
    let form = forms_of(&campaign, &submission, &Photos::new())
        .into_iter()
        .find(|f| f.path.contains("推荐表/"))
        .unwrap();
    let bytes = write_docx(&form, None, &DocxInfo::default()).unwrap();
    let file = office::keep(&folder, "表.docx", &bytes);
    let back = read_forms(&campaign, &[file], None).unwrap();
    let told = |submission: &Submission| -> Vec<String> {
        let found = diff_forms(&campaign, &back, submission).unwrap();
        found.into_iter().map(|(_, d)| d.key).collect()
    };
    assert!(!told(&submission).contains(&"category".to_owned()));
    submission.candidates[0].set("category", "面向国家重大需求".to_owned());
    assert!(told(&submission).contains(&"category".to_owned()));
}
