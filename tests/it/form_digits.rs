//! Boxes for single characters, hidden text, dates where no date is asked, tables that end with the heads of columns.

use sanlian::fill::{Filling, Prepared, bind, read};
use sanlian::finding::has_errors;
use sanlian::ooxml::OpcPackage;

use crate::fill::{campaign, submission};
use crate::fill_joined::form;
use crate::form_languages::docx;

const DOCUMENT: &str = "word/document.xml";

/// The keys and kinds that a form is bound to, with how sure they are.
fn bound(bytes: &[u8]) -> Vec<(String, String, bool)> {
    let binding = bind(&campaign(), "表.docx", bytes).unwrap();
    let json = binding.to_json();
    let places = binding.places.iter().enumerate().map(|(n, b)| {
        let kind = json["place"][n]["kind"].as_str().unwrap().to_owned();
        (b.place.key.clone(), kind, b.confidence > 0.8)
    });
    places.collect()
}

/// The words of a form filled for the first candidate, and what its id number reads as.
fn filled(bytes: &[u8]) -> (String, String) {
    let campaign = campaign();
    let binding = bind(&campaign, "表.docx", bytes).unwrap();
    let prepared = Prepared::new(&campaign, bytes, binding.places()).unwrap();
    let faults = prepared.faults(&campaign, "表.docx");
    assert!(!has_errors(&faults), "{faults:?}");
    let filling = Filling {
        candidate: (!prepared.is_list(&campaign)).then_some(0),
        ..Filling::default()
    };
    let made = prepared.fill(&campaign, submission(), &filling).unwrap();
    let back = read(&campaign, "表.docx", &made, &binding.places()).unwrap();
    let id = back.sightings.iter().find(|s| s.key == "id_no");
    let id = id.map_or(String::new(), |s| s.text.clone());
    let package = OpcPackage::read(&made).unwrap();
    let xml = package.text(DOCUMENT).unwrap();
    let pieces = xml.split("<w:t").skip(1);
    let words = pieces.filter_map(|t| Some(t.split_once('>')?.1.split_once("</w:t>")?.0));
    (words.collect::<Vec<_>>().join("|"), id)
}

#[test]
fn an_id_number_goes_into_eighteen_cells_or_boxes_a_character_each() {
    let own = submission().candidates[0].text("id_no").to_owned();
    let apart: Vec<String> = own.chars().map(String::from).collect();
    let mut row = vec!["身份证号"];
    row.extend([""; 18]);
    let mut head = vec!["姓名"];
    head.extend([""; 18]);
    let bytes = form(&[&row, &["姓名", ""]]);
    assert_eq!(
        bound(&bytes)[0],
        ("id_no".to_owned(), "digits".to_owned(), true)
    );
    let (words, back) = filled(&bytes);
    assert!(words.contains(&apart.join("|")), "{words}");
    assert_eq!(back, own);
    let boxes = "□".repeat(18);
    let bytes = form(&[&["姓名", ""], &["身份证号码", &boxes]]);
    assert!(bound(&bytes).contains(&("id_no".to_owned(), "digits".to_owned(), true)));
    let (words, back) = filled(&bytes);
    assert!(
        words.replace('|', "").contains(&own) && !words.contains('□'),
        "{words}"
    );
    assert_eq!(back, own);
    // of seventeen boxes nobody knows what they take
    let mut row = vec!["身份证号"];
    row.extend([""; 17]);
    assert!(!bound(&form(&[&row, &["姓名", ""]]))[0].2);
}

#[test]
fn a_telephone_is_not_put_into_a_date_and_that_blank_is_named() {
    let bytes = form(&[
        &["姓名", "", "手机", "　　年　月　日"],
        &["出生年月", "　　年　月", "民族", ""],
    ]);
    let keys: Vec<String> = bound(&bytes).into_iter().map(|b| b.0).collect();
    assert_eq!(keys, ["name", "birth", "ethnic"]);
    let binding = bind(&campaign(), "表.docx", &bytes).unwrap();
    assert!(
        binding.unbound.iter().any(|u| u.label == "手机"),
        "{:?}",
        binding.unbound
    );
}

#[test]
fn hidden_text_asks_nothing() {
    let run = |text: &str, look: &str| {
        format!("<w:r><w:rPr>{look}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    };
    let body = format!(
        "<w:p>{}{}</w:p><w:p>{}</w:p>",
        run("姓名：____", ""),
        run("手机：____", "<w:vanish/>"),
        run("民族：____", "<w:vanish w:val=\"0\"/>")
    );
    let keys: Vec<String> = bound(&docx(&body)).into_iter().map(|b| b.0).collect();
    assert_eq!(keys, ["name", "ethnic"]);
}

#[test]
fn a_table_that_ends_with_heads_gets_a_row_for_each() {
    let bytes = form(&[
        &["推荐人选汇总表", "", "", ""],
        &["序号", "姓名", "性别", "工作单位"],
    ]);
    let keys: Vec<String> = bound(&bytes).into_iter().map(|b| b.0).collect();
    assert_eq!(
        keys,
        [
            "candidates.seq",
            "candidates.name",
            "candidates.sex",
            "candidates.org"
        ]
    );
    let (words, _) = filled(&bytes);
    for (n, person) in submission().candidates.iter().enumerate() {
        let row = format!("{}|{}|{}|", n + 1, person.text("name"), person.text("sex"));
        assert_eq!(words.matches(&row).count(), 1, "{row}: {words}");
    }
}

#[test]
fn wide_sheets_are_no_boxes_for_single_characters_and_one_row_of_a_list_is_sure() {
    let wide: &[&str] = &["手机", "", "", "", "", "", "", ""];
    let bytes = form(&[&["姓名", ""], wide]);
    assert!(bound(&bytes).contains(&("mobile".to_owned(), "cell".to_owned(), true)));
    let bytes = form(&[
        &["姓名", "", ""],
        &["起止年月", "工作单位", "职务"],
        &["", "", ""],
        &["主要事迹", "", ""],
    ]);
    let lists: Vec<_> = bound(&bytes)
        .into_iter()
        .filter(|b| b.1 == "rows")
        .collect();
    assert_eq!(lists.len(), 3, "{lists:?}");
    assert!(
        lists.iter().all(|l| l.0.starts_with("resume.") && l.2),
        "{lists:?}"
    );
}
