//! Filled forms in LibreOffice: its PDF holds every value, and what it saves once reads back whole.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sanlian::fill::{FieldPlace, Filling, Prepared, bind};
use sanlian::record::Submission;

use crate::blank_forms::{self, BlankForm};
use crate::fill::{campaign, differences, read_back, submission};
use crate::{office, tools};

/// A filled form with the places of its binding.
struct Filled {
    form: BlankForm,
    places: Vec<FieldPlace>,
    /// Keys that were told not to fit.
    told: BTreeSet<String>,
    path: PathBuf,
}

fn filled(folder: &Path) -> Vec<Filled> {
    let campaign = campaign();
    blank_forms::all()
        .into_iter()
        .map(|form| {
            let places = bind(&campaign, form.name, &form.bytes).unwrap().places();
            let prepared = Prepared::new(&campaign, &form.bytes, places.clone()).unwrap();
            let filling = Filling {
                candidate: (!prepared.is_list(&campaign)).then_some(0),
                ..Filling::default()
            };
            let told = prepared.faults_of(&campaign, submission(), &filling, form.name);
            let told = told.into_iter().filter(|f| f.code == "P1");
            let told = told.filter_map(|f| f.place.field).collect();
            let bytes = prepared.fill(&campaign, submission(), &filling).unwrap();
            let path = folder.join(format!("{}.{}", form.name, form.extension));
            std::fs::write(&path, bytes).unwrap();
            Filled {
                form,
                places,
                told,
                path,
            }
        })
        .collect()
}

/// Files that LibreOffice makes of others, into a folder of their own; false where it is not installed.
fn convert(files: &[&Filled], to: &str, folder: &Path) -> bool {
    let paths: Vec<&Path> = files.iter().map(|f| f.path.as_path()).collect();
    office::convert(&paths, to, folder)
}

/// Every text that a form must show: single fields, and cells of lists.
fn values(form: &BlankForm, submission: &Submission) -> BTreeSet<(String, String)> {
    let own = &submission.candidates[0];
    let mut out = BTreeSet::new();
    for expected in &form.expected {
        // ticks and days are drawn into words that stand there; opinions are given by hand
        if matches!(expected.kind, "photo" | "ticks" | "date" | "opinion")
            || expected.key == "photo"
            || expected.key.ends_with("date")
        {
            continue;
        }
        let mut put = |text: &str| {
            for line in text.lines() {
                out.insert((expected.key.clone(), line.to_owned()));
            }
        };
        let key = expected.key.as_str();
        match key.strip_prefix("unit.").map(|k| submission.unit.text(k)) {
            Some(text) => put(text),
            None => match key.split_once('.') {
                Some(("candidates", field)) => submission
                    .candidates
                    .iter()
                    .for_each(|c| put(c.text(field))),
                Some((list, field)) => {
                    let rows = own.rows(list).iter().chain(submission.unit.rows(list));
                    rows.for_each(|r| put(r.get(field).map_or("", String::as_str)));
                }
                None => {
                    put(own.text(key));
                    let rows = own.rows(key).iter().flat_map(|r| r.values());
                    rows.for_each(|text| put(text));
                }
            },
        }
    }
    out
}

/// What stands on paper, without the blanks and line ends that the layout puts in.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{c}')
        .collect()
}

#[test]
fn the_pdf_of_libreoffice_holds_every_value() {
    let folder = tools::folder("fill-office-pdf");
    let files = filled(&folder);
    let all: Vec<&Filled> = files.iter().collect();
    if !convert(&all, "pdf", &folder) {
        return;
    }
    let (mut missing, mut count, mut told) = (Vec::new(), 0, 0);
    // rows of exact height hold what the official faces take; those that stand in for them here take more
    let files = files
        .iter()
        .filter(|f| f.form.name != "rows_of_exact_height");
    for file in files {
        let pdf = file.path.with_extension("pdf");
        let Some(text) = tools::says("pdftotext", &["-layout", pdf.to_str().unwrap(), "-"]) else {
            return;
        };
        // in columns, words of two cells stand in turns on the lines of a page; in the order of the content they do not
        let raw = tools::says("pdftotext", &["-raw", pdf.to_str().unwrap(), "-"]).unwrap();
        let (text, raw) = (folded(&text), folded(&raw));
        for (key, value) in values(&file.form, submission()) {
            if file.told.contains(&key) {
                told += 1;
                continue;
            }
            count += 1;
            // where a page ends, the next one's head stands between two pieces
            let value: Vec<char> = folded(&value).chars().collect();
            let pieces: Vec<String> = value.chunks(6).map(|c| c.iter().collect()).collect();
            let lost = pieces
                .iter()
                .filter(|p| !text.contains(*p) && !raw.contains(*p));
            if lost.count() > usize::from(pieces.len() > 4) + pieces.len() / 40 {
                missing.push(format!("{} {key}: {}", file.form.name, pieces.concat()));
            }
        }
    }
    assert!(count > 800, "{count}");
    // deeds of two thousand characters in narrow cells of sheets, nine paragraphs each
    assert_eq!(told, 18);
    assert!(
        missing.is_empty(),
        "{} of {count}:\n{}",
        missing.len(),
        missing.join("\n")
    );
}

#[test]
fn what_libreoffice_saves_once_reads_back_whole() {
    let folder = tools::folder("fill-office-save");
    let campaign = campaign();
    let files = filled(&folder);
    let saved = folder.join("saved");
    std::fs::create_dir(&saved).unwrap();
    for extension in ["docx", "xlsx"] {
        let own = files.iter().filter(|f| f.form.extension == extension);
        let own: Vec<&Filled> = own.collect();
        if !convert(&own, extension, &saved) {
            return;
        }
    }
    let mut faults = Vec::new();
    for file in &files {
        let bytes = std::fs::read(saved.join(file.path.file_name().unwrap())).unwrap();
        let (read, findings) = read_back(&campaign, &file.form, &bytes, &file.places);
        faults.extend(
            findings
                .into_iter()
                .map(|f| format!("{} {}", file.form.name, f.message)),
        );
        faults.extend(differences(&file.form, submission(), &read));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
