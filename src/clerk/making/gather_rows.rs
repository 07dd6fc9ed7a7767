//! What units say of themselves in rows (各单位的开展情况): the office fills in its own, so theirs are kept beside the reports, in one
//! workbook that says which unit each row is of, and are told. Nothing of it is merged into the office's rows, which are about its own work.

use std::collections::BTreeMap;
use std::path::Path;

use crate::campaign::{Campaign, Sheet};
use crate::export::xlsx::{List, write_list};
use crate::finding::{Finding, Place};
use crate::record::GatherMemory;
use crate::store::write_file;

use crate::clerk::error::ClerkError;
use crate::clerk::making::gather_put::plain;
use crate::clerk::making::gather_source::{GatherDone, Opened, sum};
use crate::clerk::making::gathered::FOLDER;

/// Widths of the columns, characters.
const UNIT_WIDTH: f64 = 28.0;
const WIDTH: f64 = 24.0;

/// The unit's lists whose rows are kept; works in new media are told elsewhere.
fn lists(campaign: &Campaign) -> impl Iterator<Item = &Sheet> {
    campaign
        .unit_lists()
        .filter(|sheet| sheet.folder.is_empty())
}

/// Remembers the rows of the units that came this time, and writes the rows of all that ever came.
pub(super) fn put_rows(
    campaign: &Campaign,
    out: &Path,
    opened: &[Opened],
    memory: &mut GatherMemory,
    done: &mut GatherDone,
) -> Result<(), ClerkError> {
    for Opened { source, .. } in opened {
        let unit = &source.submission.unit;
        let rows = lists(campaign)
            .map(|sheet| (sheet.key.clone(), answered(sheet, unit.rows(&sheet.key))));
        let rows: BTreeMap<_, _> = rows.filter(|(_, rows)| !rows.is_empty()).collect();
        if rows.is_empty() {
            memory.unit_rows.remove(&source.unit);
        } else {
            memory.unit_rows.insert(source.unit.clone(), rows);
        }
    }
    for sheet in lists(campaign) {
        let of =
            |rows: &BTreeMap<String, Vec<BTreeMap<String, String>>>| rows.get(&sheet.key).cloned();
        let units: Vec<(&String, Vec<BTreeMap<String, String>>)> = memory
            .unit_rows
            .iter()
            .filter_map(|(unit, rows)| Some((unit, of(rows)?)))
            .collect();
        if units.is_empty() {
            continue;
        }
        let path = format!("{FOLDER}/各单位{}.xlsx", plain(&sheet.label));
        let count: usize = units.iter().map(|(_, rows)| rows.len()).sum();
        let bytes = book(campaign, sheet, &units)?;
        let new = memory.files.get(&path) != Some(&sum(&bytes)) || !out.join(&path).is_file();
        if new {
            write_file(&out.join(&path), &bytes)?;
            memory.files.insert(path.clone(), sum(&bytes));
            done.findings.push(Finding::info(
                "G4",
                Place::file(path.clone()),
                format!(
                    "{}个单位填的“{}”（{count}行）没有并入这里的“{}”表，存为 {path}",
                    units.len(),
                    sheet.label,
                    sheet.label
                ),
                format!("“{}”表请填本级的工作，需要时参考这个文件。", sheet.label),
            ));
        }
    }
    Ok(())
}

/// The rows in which a unit has answered something; what the campaign gives with each row is no answer.
fn answered(sheet: &Sheet, rows: &[BTreeMap<String, String>]) -> Vec<BTreeMap<String, String>> {
    let given = |key: &String| sheet.given.iter().any(|row| row.contains_key(key));
    let own = |row: &&BTreeMap<String, String>| {
        row.iter()
            .any(|(key, text)| !given(key) && !text.trim().is_empty())
    };
    rows.iter().filter(own).cloned().collect()
}

/// The rows of all units as a workbook.
fn book(
    campaign: &Campaign,
    sheet: &Sheet,
    units: &[(&String, Vec<BTreeMap<String, String>>)],
) -> Result<Vec<u8>, ClerkError> {
    let mut heads = vec![("单位", UNIT_WIDTH)];
    heads.extend(sheet.fields.iter().map(|f| (f.label.as_str(), WIDTH)));
    let line = |unit: &String, row: &BTreeMap<String, String>| {
        let texts = sheet
            .fields
            .iter()
            .map(|f| row.get(&f.key).cloned().unwrap_or_default());
        std::iter::once(unit.clone())
            .chain(texts)
            .collect::<Vec<String>>()
    };
    let rows = units
        .iter()
        .flat_map(|(unit, rows)| rows.iter().map(move |row| line(unit, row)));
    let list = List {
        title: format!("各单位{}", sheet.label),
        note: campaign.title.clone(),
        heads: &heads,
        rows: rows.collect(),
    };
    write_list(&list).map_err(|error| ClerkError::Bug(error.to_string()))
}
