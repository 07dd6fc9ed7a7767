//! Rows of a sheet made ready to take cells: a row that is written as one closed tag is opened, one that the file leaves out since nothing
//! stands in it is put in.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::fill::anatomy::place::{FieldPlace, is_in_row};
use crate::fill::put::sheet::prefix;
use crate::ooxml::{Element, OoxmlError, Tree};

/// A sheet with the rows of its places open; `xml` itself where they are.
pub(super) fn opened(part: &str, xml: &str, places: &[&FieldPlace]) -> Result<String, OoxmlError> {
    let tree = Tree::read(part, xml)?;
    let Some(data) = tree.root().child("sheetData") else {
        return Ok(xml.to_owned());
    };
    let first_of_lists = places.iter().filter(|p| is_in_row(p)).map(|p| p.row).min();
    let mut wanted: BTreeSet<usize> = places.iter().map(|p| p.row).collect();
    let p = prefix(data);
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut number = 0;
    let new = |row: usize| format!("<{p}row r=\"{}\"></{p}row>", row + 1);
    for row in data.children().filter(|e| e.is("row")) {
        let said = row.number("r").and_then(|n| usize::try_from(n - 1).ok());
        number = said.unwrap_or(number);
        // what is wanted above this row is not there
        let later = wanted.split_off(&number);
        let missing = std::mem::replace(&mut wanted, later);
        let start = row.range().start;
        edits.extend(missing.into_iter().map(|row| (start..start, new(row))));
        let of_place = wanted.remove(&number) || first_of_lists.is_some_and(|f| number >= f);
        if of_place && is_closed(row) {
            let tag = row.tag().trim_end_matches("/>").trim_end();
            edits.push((row.range(), format!("{tag}></{p}row>")));
        }
        number += 1;
    }
    let rest: String = wanted.into_iter().map(new).collect();
    if is_closed(data) {
        if !rest.is_empty() {
            let tag = data.tag().trim_end_matches("/>").trim_end();
            edits.push((data.range(), format!("{tag}>{rest}</{p}sheetData>")));
        }
    } else if !rest.is_empty() {
        let end = data.inner().end;
        edits.push((end..end, rest));
    }
    let mut out = String::with_capacity(xml.len() + 64);
    let mut at = 0;
    for (range, text) in edits {
        out.push_str(xml.get(at..range.start).unwrap_or(""));
        out.push_str(&text);
        at = range.end;
    }
    out.push_str(xml.get(at..).unwrap_or(""));
    Ok(out)
}

/// Whether an element is one closed tag.
fn is_closed(element: Element<'_>) -> bool {
    element.inner().end == element.range().end
}
