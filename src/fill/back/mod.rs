//! Reading back (回读): what a person typed into a filled or blank form, as values with their places. Nothing is merged in
//! silence: what stands differently at two places is told. A .docx is read in `word`, an .xlsx in `sheet`; the halves of a
//! span are one value again in `spans`; several files become one answer in `assemble`, which `over` lays over a record.
//! Whether a file is the form that a binding is of says `whose_form`.

mod assemble;
mod besides;
mod form_read;
mod over;
mod own_rows;
mod sheet;
mod spans;
mod text;
mod whose_form;
mod word;

pub use assemble::{Assembled, assemble};
pub use form_read::{FormRead, How, ReadValue};
pub use over::{LaidOver, lay_over};
pub use whose_form::is_of_form;

use std::collections::BTreeMap;

use crate::campaign::Campaign;
use crate::ooxml::{OoxmlError, OpcPackage, Tree, document_part, words_of};

use crate::fill::anatomy::block::{list_of, rows_of};
use crate::fill::anatomy::find::text_parts;
use crate::fill::anatomy::joined::{is_joined, joined, taken_apart};
use crate::fill::anatomy::label::is_ready;
use crate::fill::anatomy::place::FieldPlace;

/// Reads a filled form; `places` are those of its binding, none where there is none.
pub fn read(
    campaign: &Campaign,
    file: &str,
    bytes: &[u8],
    places: &[FieldPlace],
) -> Result<FormRead, OoxmlError> {
    let package = OpcPackage::read(bytes)?;
    // a ready opinion is the office's own, and no value of a record
    let places: Vec<FieldPlace> = places
        .iter()
        .filter(|p| !is_ready(&p.key))
        .cloned()
        .collect();
    let places = &joined(&places);
    let mut form = FormRead {
        file: file.to_owned(),
        properties: properties(&package)?,
        sightings: Vec::new(),
        report: Vec::new(),
        findings: Vec::new(),
    };
    for part in &text_parts(&package) {
        let here: Vec<&FieldPlace> = places.iter().filter(|p| p.part == *part).collect();
        let (found, besides) = word::read(campaign, file, part, &package, &here)?;
        form.sightings.extend(found);
        form.findings.extend(besides);
    }
    if package.names().any(|p| p.starts_with("xl/")) {
        form.sightings = sheet::read(campaign, file, &package, places)?;
    }
    form.report = report(&package, &form)?;
    let found = std::mem::take(&mut form.sightings).into_iter();
    let found: Vec<ReadValue> = found.flat_map(|s| apart(campaign, s)).collect();
    form.sightings = spans::whole(campaign, found, &mut form.findings);
    form.sightings.sort_by_key(|s| s.how);
    if form.is_units() {
        for sighting in &mut form.sightings {
            if !sighting.key.contains(['.', '[']) {
                sighting.key = format!("unit.{}", sighting.key);
            }
        }
    }
    Ok(form)
}

/// The paragraphs of a file that is a report: it says so, or has neither tables nor any value and says so in its first line.
fn report(package: &OpcPackage, form: &FormRead) -> Result<Vec<String>, OoxmlError> {
    let is_named = form
        .properties
        .get("kind")
        .is_some_and(|kind| kind == "report");
    let may_be = form
        .sightings
        .iter()
        .all(|s| s.text.is_empty() && s.cell.is_none());
    if !(is_named || may_be) || package.names().any(|n| n.starts_with("xl/")) {
        return Ok(Vec::new());
    }
    let Some(part) = document_part(package)? else {
        return Ok(Vec::new());
    };
    let words = words_of(package, &part)?;
    let lines = words.text.lines().map(str::trim);
    let lines: Vec<String> = lines.filter(|l| !l.is_empty()).map(str::to_owned).collect();
    let titled = lines.first().is_some_and(|l| l.ends_with("报告"));
    let is_report = is_named || words.tables == 0 && titled;
    Ok(if is_report { lines } else { Vec::new() })
}

/// A value of fields that share a blank, and of a list that is asked as one text, as one for each.
fn apart(campaign: &Campaign, sighting: ReadValue) -> Vec<ReadValue> {
    if let Some(sheet) = list_of(campaign, &sighting.key) {
        let rows = rows_of(sheet, &sighting.text).into_iter().enumerate();
        let cells = rows.flat_map(|(n, row)| {
            let list = &sheet.key;
            row.into_iter()
                .map(move |(field, text)| (format!("{list}[{n}].{field}"), text))
        });
        return cells
            .map(|(key, text)| ReadValue {
                key,
                text,
                ..sighting.clone()
            })
            .collect();
    }
    if !is_joined(&sighting.key) {
        return vec![sighting];
    }
    let values = taken_apart(&sighting.key, &sighting.text).into_iter();
    values
        .map(|(key, text)| ReadValue {
            key,
            text,
            ..sighting.clone()
        })
        .collect()
}

/// The campaign that a filled form names in its properties; none where it names none.
pub fn campaign_of(bytes: &[u8]) -> Result<Option<String>, OoxmlError> {
    Ok(properties(&OpcPackage::read(bytes)?)?.remove("campaign"))
}

/// Document properties of ours.
fn properties(package: &OpcPackage) -> Result<BTreeMap<String, String>, OoxmlError> {
    let part = "docProps/custom.xml";
    if package.part(part).is_none() {
        return Ok(BTreeMap::new());
    }
    let tree = Tree::read(part, package.text(part)?)?;
    let mut out = BTreeMap::new();
    for property in tree.root().children() {
        let name = property.attribute("name").unwrap_or_default();
        if let (Some(name), Some(value)) =
            (name.strip_prefix("sanlian."), property.children().next())
        {
            out.insert(name.to_owned(), value.text().into_owned());
        }
    }
    Ok(out)
}
