//! A form of the organiser's that is filled for a record that was made carries the record's mark on every page, and the scan knows it.

use sanlian::fill::{Filling, MarkPicture, Prepared, bind};
use sanlian::ooxml::OpcPackage;

use crate::blank_forms;
use crate::forms::{code, text};
use crate::office::{self, openpyxl, printed, validate};
use crate::run::{demo, ok, scratch};

#[test]
fn a_filled_form_carries_the_mark_of_its_record() {
    let folder = scratch("fill-marked");
    let (submission, keys) = (demo().join("out/submission"), demo().join("keys"));
    let forms = blank_forms::all();
    let form = forms.iter().find(|f| f.name == "word_one_table").unwrap();
    let path = folder.join("推荐表.docx");
    std::fs::write(&path, &form.bytes).unwrap();
    let binding = folder.join("绑定.toml");
    ok(&[
        "bind",
        text(&path),
        "--campaign",
        "hebei-zuimei-2021",
        "-o",
        text(&binding),
    ]);
    let out = folder.join("out");
    let fill = |submission: &std::path::Path, more: &[&str]| {
        let mut args = vec![
            "fill",
            text(&path),
            "--binding",
            text(&binding),
            text(submission),
            "-o",
            text(&out),
        ];
        args.extend(["--keys", text(&keys)]);
        args.extend(more);
        let (end, _, talk) = code(&args);
        assert_eq!(end, 0, "{talk}");
        let file = std::fs::read_dir(&out)
            .unwrap()
            .map(|f| f.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "docx"))
            .min();
        (file.unwrap(), talk)
    };
    let has_mark = |file: &std::path::Path| {
        let package = OpcPackage::read(&std::fs::read(file).unwrap()).unwrap();
        package.names().any(|n| n.ends_with(".png"))
    };
    let (file, talk) = fill(&submission, &[]);
    assert!(!talk.contains("O9"), "{talk}");
    assert!(has_mark(&file));
    validate(&[&file]);
    // the ledger's own reader knows the printed paper
    if office::convert(&[&file], "pdf", &folder) {
        let pdf = folder.join(file.with_extension("pdf").file_name().unwrap());
        let (end, said, talk) = code(&["scan", text(&pdf), "--json", "--keys", text(&keys)]);
        assert_eq!(end, 0, "{talk}");
        let pages: Vec<serde_json::Value> = said
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        assert!(pages.len() > 1);
        for page in &pages {
            let mark = &page["marks"][0];
            assert_eq!(mark["verified"], true, "{page}");
            assert_eq!(
                (mark["version"].as_u64(), mark["page"].as_u64()),
                (Some(1), Some(0))
            );
        }
    }
    assert!(!has_mark(&fill(&submission, &["--unmarked"]).0));
    // a record that changed since is told, and what is filled from it has no mark
    let changed = folder.join("submission.json");
    let (_, json, _) = code(&["read", text(&file)]);
    std::fs::write(&changed, json.replace("中共党员", "群众")).unwrap();
    let book = submission.join("records.json");
    let (file, talk) = fill(&changed, &["--book", text(&book)]);
    assert!(talk.contains("O9") && talk.contains("版本1不同"), "{talk}");
    assert!(!has_mark(&file));
}

#[test]
fn a_filled_workbook_carries_the_mark_of_the_summary() {
    let folder = scratch("fill-marked-sheet");
    let (submission, keys) = (demo().join("out/submission"), demo().join("keys"));
    let forms = blank_forms::all();
    let form = forms
        .iter()
        .find(|f| f.name == "workbook_list_of_candidates")
        .unwrap();
    let path = folder.join("汇总表.xlsx");
    std::fs::write(&path, &form.bytes).unwrap();
    let binding = folder.join("绑定.toml");
    let campaign = ["--campaign", "hebei-zuimei-2021"];
    ok(&[&["bind", text(&path), "-o", text(&binding)], &campaign[..]].concat());
    let out = folder.join("out");
    let (form, place) = (text(&path), text(&binding));
    let (end, _, talk) = code(&[
        "fill",
        form,
        "--binding",
        place,
        text(&submission),
        "-o",
        text(&out),
        "--keys",
        text(&keys),
    ]);
    assert_eq!(end, 0, "{talk}");
    assert!(!talk.contains("O9"), "{talk}");
    let file = std::fs::read_dir(&out).unwrap().map(|f| f.unwrap().path());
    let file = file.into_iter().next().unwrap();
    let pictures = openpyxl(&file, "print(sum(len(s._images) for s in book))");
    if let Some(pictures) = pictures {
        assert_eq!(pictures.trim(), "1");
    }
    if printed(&file).is_some() {
        let pdf = file.with_extension("pdf");
        let (end, said, talk) = code(&["scan", text(&pdf), "--json", "--keys", text(&keys)]);
        assert_eq!(end, 0, "{talk}");
        let first: serde_json::Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
        assert_eq!(first["marks"][0]["verified"], true, "{first}");
    }
    let back = folder.join("submission.json");
    let (end, _, talk) = code(&["read", text(&file), "--binding", place, "-o", text(&back)]);
    assert_eq!(end, 0, "{talk}");
}

#[test]
fn the_drawing_of_a_mark_stands_before_what_the_schema_puts_behind_it() {
    let campaign = crate::fill::campaign();
    let forms = blank_forms::all();
    let form = forms
        .iter()
        .find(|f| f.name == "workbook_list_of_candidates")
        .unwrap();
    let mut package = OpcPackage::read(&form.bytes).unwrap();
    let part = "xl/worksheets/sheet1.xml";
    let hidden = "<mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice Requires=\"x14\"><controls/></mc:Choice></mc:AlternateContent></worksheet>";
    let xml = package.text(part).unwrap().replace("</worksheet>", hidden);
    package.put(part, xml);
    let bytes = package.write().unwrap();
    let places = bind(&campaign, "表.xlsx", &bytes).unwrap().places();
    let prepared = Prepared::new(&campaign, &bytes, places).unwrap();
    let filling = Filling {
        mark: Some(MarkPicture {
            png: b"png",
            side: 36_000,
            caption: "示例",
        }),
        ..Filling::default()
    };
    let submission = crate::fill::submission();
    let filled = prepared.fill(&campaign, submission, &filling).unwrap();
    let package = OpcPackage::read(&filled).unwrap();
    let xml = package.text(part).unwrap();
    let (set_up, drawing) = (
        xml.find("<pageSetup").unwrap(),
        xml.find("<drawing ").unwrap(),
    );
    assert!(set_up < drawing && drawing < xml.find("<mc:AlternateContent").unwrap());
}
