//! Bytes to a submission: values in canonical text with their places, and everything that is wrong with the files, at once.
//!
//! One file per form of file (`workbook`, `csv`, `json`, `report`); all tables become grids (`grid`), grids become
//! sheets (`find`), headings become questions (`map`, `rows`), cells become canonical texts (`value`). Whether an answer is
//! a good one is in `check`.

mod asides;
pub mod blank;
pub mod blank_cards;
mod cards;
mod cell;
mod csv;
mod decode;
mod find;
mod grid;
mod json;
mod map;
mod node;
mod number;
mod packed;
mod people;
mod person_name;
mod pictures;
mod report;
mod row_kind;
mod rows;
mod schema;
mod second;
mod source;
mod table;
mod unit;
mod unseen;
mod value;
mod workbook;

pub use cell::cell_text;
pub use json::to_json;
pub use pictures::PICTURES_FOLDER;
pub use report::report_words;
pub use schema::schema;
pub use source::SourceFile;
pub use table::table;

use crate::campaign::{Campaign, Owner};
use crate::finding::{Finding, Place};
use crate::record::{Attachment, Entry, Submission, sort_works};

/// Reads a submission out of its data files (a workbook, or CSV files of one sheet each, or `submission.json`) and its report.
/// Values come in canonical text as `campaign::Kind` says; what cannot be understood stays as typed. Every fault of the
/// files is among the findings; a fault never hides another one.
pub fn read(
    campaign: &Campaign,
    data: &[SourceFile],
    report: Option<&SourceFile>,
    mut files: Vec<Attachment>,
) -> (Submission, Vec<Finding>) {
    let mut findings = Vec::new();
    sort_works(campaign, &mut files);
    let mut submission = Submission {
        campaign: campaign.id.clone(),
        files,
        ..Submission::default()
    };
    let json: Vec<&SourceFile> = data.iter().filter(|f| is(f, &["json"])).collect();
    let others: Vec<&SourceFile> = data.iter().filter(|f| !is(f, &["json"])).collect();
    if let Some(first) = json.first() {
        for extra in json.iter().skip(1).chain(&others) {
            findings.push(Finding::error(
                "I11",
                Place::file(&extra.path),
                format!("已有数据文件“{}”，“{}”没有读取。", first.path, extra.path),
                "数据只放一份：工作簿、CSV或JSON任选其一，请移走多余的。",
            ));
        }
        json::read(campaign, first, &mut submission, &mut findings);
    } else {
        tables(campaign, &others, &mut submission, &mut findings);
    }
    if let Some(report) = report {
        let (paragraphs, place) = report::read(campaign, report, &mut findings);
        submission.report_unread = paragraphs.is_empty();
        submission.report = paragraphs;
        submission.report_place = place;
    }
    (submission, findings)
}

/// Reads workbooks and CSV files.
fn tables(
    campaign: &Campaign,
    data: &[&SourceFile],
    submission: &mut Submission,
    findings: &mut Vec<Finding>,
) {
    let before = findings.len();
    let mut grids = Vec::new();
    for file in data {
        let packed = file.bytes.starts_with(b"PK");
        if is(file, &["csv", "tsv", "txt"]) && !packed {
            grids.extend(csv::read(file, findings));
        } else if is(file, &["xlsx", "xlsm", "xls", "xltx"]) || file.bytes.starts_with(b"PK") {
            let found = workbook::read(file, findings);
            if is(file, &["csv", "tsv"]) && !found.is_empty() {
                findings.push(Finding::info(
                    "I11",
                    Place::file(&file.path),
                    format!(
                        "“{}”其实是Excel工作簿，只是扩展名写错了，已按工作簿读取。",
                        file.path
                    ),
                    "请把扩展名改为.xlsx，以免别人打不开。",
                ));
            }
            grids.extend(found);
        } else {
            findings.push(Finding::error(
                "I1",
                Place::file(&file.path),
                format!("文件“{}”不是可以读取的数据文件。", file.path),
                "请使用.xlsx工作簿、.csv或submission.json；其他格式请先用WPS或Excel另存为.xlsx。",
            ));
        }
    }
    let mut grids = second::without_copies(campaign, grids, findings);
    if grids.iter().all(|grid| grid.rows.is_empty()) {
        // A file that was refused says why; one that is merely empty does not.
        if findings.len() == before {
            let place = data
                .first()
                .map_or_else(Place::default, |f| Place::file(&f.path));
            findings.push(Finding::error(
                "I8",
                place,
                "没有可以读取的数据。",
                "请填写工作簿后再试；工作簿应放在报送文件夹的最上层。",
            ));
        }
        return;
    }
    let place = data
        .first()
        .map_or_else(Place::default, |f| Place::file(&f.path));
    let pictures = pictures::take(&mut grids);
    assemble(campaign, grids, &place, submission, findings);
    pictures::put(campaign, &pictures, submission, findings);
}

/// Makes sheets into entries.
fn assemble(
    campaign: &Campaign,
    grids: Vec<grid::Grid>,
    place: &Place,
    submission: &mut Submission,
    findings: &mut Vec<Finding>,
) {
    let (cards, grids) = cards::split(campaign, grids);
    let sheets: Vec<String> = grids.iter().map(|grid| grid.sheet.clone()).collect();
    let before = findings.len();
    let known = find::assign(campaign, grids, findings);
    if cards.is_empty()
        && let Some(lacking) = find::another_table(campaign, &known)
    {
        // what was said of its sheets says nothing more
        findings.truncate(before);
        findings.push(people::another_table(
            campaign,
            place.clone(),
            &sheets,
            &lacking,
        ));
        return;
    }
    for sheet in &campaign.sheets {
        // on a card all that is a candidate's stands together
        if !cards.is_empty() && sheet.of == Owner::Candidate {
            continue;
        }
        // works in new media are given by whoever has some
        let optional = !sheet.folder.is_empty() && sheet.least == 0;
        if !optional && known.iter().all(|k| k.sheet.key != sheet.key) {
            findings.push(people::missing_sheet(sheet, place.clone()));
        }
    }
    let of = |owner: Owner, rows: bool| {
        known
            .iter()
            .filter(move |k| k.sheet.of == owner && k.sheet.rows == rows)
    };
    submission.unit = Entry {
        place: place.clone(),
        ..Entry::default()
    };
    for sheet in of(Owner::Unit, false) {
        submission.unit = unit::read(campaign, sheet.sheet, &sheet.grid, findings);
    }
    for sheet in of(Owner::Unit, true) {
        people::unit_list(campaign, sheet, &mut submission.unit, findings);
    }
    let mut list = Vec::new();
    let on_cards = cards::read(campaign, &cards, findings);
    for sheet in of(Owner::Candidate, false) {
        let before = findings.len();
        list = people::candidates(campaign, sheet, findings);
        cards::beside(sheet, (&list, &on_cards), before, findings);
    }
    list.extend(on_cards);
    let mut people = people::People::new(campaign, list);
    for sheet in of(Owner::Candidate, true) {
        if !people.attach(campaign, sheet, findings) {
            submission.unowned.insert(sheet.sheet.key.clone());
        }
    }
    submission.candidates = people.into_entries();
}

/// Whether a file's name has one of the endings.
fn is(file: &SourceFile, endings: &[&str]) -> bool {
    file.path
        .rsplit_once('.')
        .is_some_and(|(_, ending)| endings.contains(&ending.to_lowercase().as_str()))
}
