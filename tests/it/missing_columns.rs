//! A list without one of its columns is told of once, at its sheet.

use serde_json::Value;

use crate::gather::Units;
use crate::told_once_intake::{changed, check, says, without_title};

/// Takes all cells of a column out.
fn without_column(xml: &mut String, column: &str) {
    let begin = format!("<c r=\"{column}");
    let mut kept = String::new();
    let mut rest = xml.as_str();
    while let Some(at) = rest.find(&begin) {
        kept.push_str(&rest[..at]);
        let cell = &rest[at..];
        let tag = cell.find('>').unwrap() + 1;
        let end = match cell[..tag].ends_with("/>") {
            true => tag,
            false => cell.find("</c>").unwrap() + 4,
        };
        rest = &cell[end..];
    }
    kept.push_str(rest);
    *xml = kept;
}

#[test]
fn a_list_without_a_column_is_told_once() {
    let units = Units::new("told-column");
    let values = units.values(1, "甲示例");
    assert!(values.candidates[0].rows("resume").len() > 1);
    let folder = units.write(1, &values);
    changed(&folder, "简历", |xml, strings| {
        let title = without_title(xml, strings, "起止年月");
        without_column(xml, title.trim_end_matches(|c: char| c.is_ascii_digit()));
    });
    let told = check(&folder);
    let about: Vec<&Value> = told.iter().filter(|f| says(f, "“起止年月”")).collect();
    assert_eq!(about.len(), 1, "{told:#?}");
    assert!(says(about[0], "工作表“简历”没有“起止年月”列"), "{about:#?}");
    assert_eq!(about[0]["code"], "I2");
    assert_eq!(about[0]["severity"], "error");
}
