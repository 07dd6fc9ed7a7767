//! Blank forms bound by their labels alone: every blank of the corpus is found, none is taken for another with certainty.

use std::collections::BTreeSet;

use sanlian::fill::{Binding, Prepared, bind};
use sanlian::finding::has_errors;
use sanlian::ooxml::OpcPackage;

use crate::blank_forms::{self, BlankForm, Expected};
use crate::fill::campaign;

fn kind_of(binding: &Binding, n: usize) -> String {
    binding.to_json()["place"][n]["kind"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// Whether a place is the one that the form's maker meant.
fn same_place(expected: &Expected, binding: &Binding, n: usize) -> bool {
    let place = &binding.places[n].place;
    let loose = expected.table.is_empty() && expected.sheet.is_empty();
    place.part == expected.part
        && place.table == expected.table
        && place.sheet == expected.sheet
        && (loose || place.row == expected.row && place.column == expected.column)
        && (!matches!(expected.kind, "line" | "date") || place.paragraph == expected.paragraph)
        && (expected.kind != "line" || !loose || expected.key == place.key)
}

struct Score {
    right: usize,
    all: usize,
    /// Bound to something else above 0.8.
    wrong: Vec<String>,
    missed: Vec<String>,
}

fn score(form: &BlankForm, binding: &Binding) -> Score {
    let mut score = Score {
        right: 0,
        all: form.expected.len(),
        wrong: Vec::new(),
        missed: Vec::new(),
    };
    let mut used = BTreeSet::new();
    for expected in &form.expected {
        let hit = (0..binding.places.len()).find(|n| {
            binding.places[*n].place.key == expected.key
                && kind_of(binding, *n) == expected.kind
                && same_place(expected, binding, *n)
                && !used.contains(n)
        });
        match hit {
            Some(n) => {
                used.insert(n);
                score.right += 1;
            }
            None => score
                .missed
                .push(format!("{} {} {}", form.name, expected.key, expected.kind)),
        }
    }
    for (n, bound) in binding.places.iter().enumerate() {
        if !used.contains(&n) && bound.confidence > 0.8 {
            score.wrong.push(format!(
                "{} {} {:?} {} ({})",
                form.name, bound.place.key, bound.place.take, bound.place.label, bound.confidence
            ));
        }
    }
    score
}

#[test]
fn blanks_are_bound_right_and_none_is_bound_wrong_with_certainty() {
    let campaign = campaign();
    let (mut right, mut all) = (0, 0);
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    for form in blank_forms::all() {
        let binding = bind(&campaign, form.name, &form.bytes).unwrap();
        let score = score(&form, &binding);
        right += score.right;
        all += score.all;
        wrong.extend(score.wrong);
        missed.extend(score.missed);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        right * 100 >= all * 98,
        "{right} of {all}; missed:\n{}",
        missed.join("\n")
    );
}

#[test]
fn a_binding_is_read_back_from_its_file_and_fills_the_form() {
    let campaign = campaign();
    for form in blank_forms::all() {
        let binding = bind(&campaign, form.name, &form.bytes).unwrap();
        let again = Binding::from_toml(&binding.to_toml()).unwrap();
        assert_eq!(again.to_toml(), binding.to_toml());
        assert_eq!(again.places.len(), binding.places.len());
        let places = again.places.into_iter().map(|b| b.place).collect();
        let prepared = Prepared::new(&campaign, &form.bytes, places).unwrap();
        let faults = prepared.faults(&campaign, form.name);
        assert!(!has_errors(&faults), "{}: {faults:?}", form.name);
    }
}

/// A workbook of the corpus with other merged cells.
fn merged_as(range: &str) -> Vec<u8> {
    let forms = blank_forms::all();
    let form = forms
        .iter()
        .find(|f| f.name == "workbook_with_merged_cells")
        .unwrap();
    let mut package = OpcPackage::read(&form.bytes).unwrap();
    let part = "xl/worksheets/sheet1.xml";
    let xml = package.text(part).unwrap();
    assert!(xml.contains("ref=\"A1:G1\""));
    let xml = xml.replace("ref=\"A1:G1\"", &format!("ref=\"{range}\""));
    package.put(part, xml);
    package.write().unwrap()
}

#[test]
fn a_merge_over_the_whole_sheet_takes_no_more_than_what_is_used() {
    let campaign = campaign();
    let binding = bind(&campaign, "表.xlsx", &merged_as("A1:XFD1048576")).unwrap();
    assert!(binding.places.is_empty(), "{:?}", binding.places);
    let binding = bind(&campaign, "表.xlsx", &merged_as("A1:G1")).unwrap();
    assert!(binding.places.len() > 10);
}

#[test]
fn a_label_that_stands_a_thousand_times_is_told_each_time_and_never_sure() {
    let forms = blank_forms::all();
    let form = forms.iter().find(|f| f.name == "word_one_table").unwrap();
    let mut package = OpcPackage::read(&form.bytes).unwrap();
    let part = "word/document.xml";
    let xml = package.text(part).unwrap();
    let end = xml.find("</w:tr>").unwrap() + "</w:tr>".len();
    let start = xml.find("<w:tr>").or_else(|| xml.find("<w:tr ")).unwrap();
    let row = &xml[start..end];
    let xml = format!("{}{}{}", &xml[..end], row.repeat(999), &xml[end..]);
    package.put(part, xml);
    let binding = bind(&campaign(), "表.docx", &package.write().unwrap()).unwrap();
    let names = binding.places.iter().filter(|b| b.place.key == "name");
    let sure: Vec<f32> = names.map(|b| b.confidence).collect();
    assert_eq!(sure.len(), 1000);
    assert!(sure.iter().all(|s| *s <= 0.6));
    let told = binding.ambiguous.iter().filter(|o| o.keys == ["name"]);
    assert_eq!(told.count(), 1000);
}

#[test]
fn a_field_asked_twice_in_a_sheet_is_told_and_what_was_not_looked_at_too() {
    let forms = blank_forms::all();
    let form = forms
        .iter()
        .find(|f| f.name == "workbook_with_merged_cells")
        .unwrap();
    let mut package = OpcPackage::read(&form.bytes).unwrap();
    let part = "xl/worksheets/sheet1.xml";
    let xml = package.text(part).unwrap();
    let text = |cell: &str, text: &str| {
        format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let more = format!(
        "<row r=\"20\">{}</row><row r=\"5000\">{}</row></sheetData>",
        text("A20", "姓名"),
        text("A5000", "性别")
    );
    let xml = xml.replace("</sheetData>", &more);
    package.put(part, xml);
    let binding = bind(&campaign(), "表.xlsx", &package.write().unwrap()).unwrap();
    let names = binding.places.iter().filter(|b| b.place.key == "name");
    let sure: Vec<f32> = names.map(|b| b.confidence).collect();
    assert_eq!(sure.len(), 2);
    assert!(sure.iter().all(|s| *s <= 0.6));
    assert!(binding.unbound.iter().any(|o| o.label.contains("没有查看")));
}
