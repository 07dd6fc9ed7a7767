//! Forms that were typed into by hand, without a binding and without our bookmarks: their labels alone say what is what.

use std::io::{Read as _, Write as _};

use sanlian::fill::{bind_typed, read};
use zip::write::SimpleFileOptions;

use crate::blank_forms;
use crate::fill::{campaign, fill, submission};

/// A filled form as if a person had typed it: bookmarks and our properties taken out.
fn by_hand(filled: &[u8]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(filled)).unwrap();
    let mut to = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for n in 0..from.len() {
        let mut entry = from.by_index(n).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name.ends_with(".xml") && name.starts_with("word/") {
            let text = String::from_utf8(bytes).unwrap();
            let mut out = String::new();
            for piece in text.split_inclusive('>') {
                let at = piece.find('<').unwrap_or(0);
                let (before, tag) = piece.split_at(at);
                out.push_str(before);
                if !tag.starts_with("<w:bookmark") {
                    out.push_str(tag);
                }
            }
            bytes = out.into_bytes();
        }
        to.start_file(name, SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

#[test]
fn what_stands_beside_labels_is_read_without_a_binding() {
    let (campaign, submission) = (campaign(), submission());
    let (mut asked, mut right) = (0, 0);
    let mut wrong = Vec::new();
    let mut forms = 0;
    for form in blank_forms::all() {
        // one person's tables; in lines and lists more is a matter of chance
        let cells = form
            .expected
            .iter()
            .filter(|e| e.kind == "cell" && !e.key.contains('.'));
        let cells: Vec<_> = cells.collect();
        if cells.len() < 5
            || form
                .expected
                .iter()
                .any(|e| e.key.starts_with("candidates"))
        {
            continue;
        }
        let (_, filled) = fill(&campaign, submission, &form);
        let typed = by_hand(&filled);
        let found = bind_typed(&campaign, form.name, &typed).unwrap();
        let places: Vec<_> = found
            .places
            .into_iter()
            .filter(|b| b.confidence > 0.7)
            .map(|b| b.place)
            .collect();
        let back = read(&campaign, form.name, &typed, &places).unwrap();
        forms += 1;
        let own = &submission.candidates[0];
        let flat = |text: &str| {
            text.chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
        };
        for cell in cells {
            let value = own.text(&cell.key);
            if value.is_empty() {
                continue;
            }
            asked += 1;
            let seen = back
                .sightings
                .iter()
                .find(|s| s.key == cell.key)
                .map_or("", |s| s.text.as_str());
            right += i32::from(flat(seen) == flat(value));
            if !seen.is_empty() && flat(seen) != flat(value) {
                wrong.push(format!("{} {}: {seen}", form.name, cell.key));
            }
        }
    }
    assert!(forms > 10, "{forms}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(
        right * 100 >= asked * 90,
        "{right} of {asked} in {forms} forms"
    );
}

#[test]
fn the_program_says_that_it_went_by_the_labels() {
    let campaign = campaign();
    let form = blank_forms::all()
        .into_iter()
        .find(|f| f.name == "word_one_table")
        .unwrap();
    let (_, filled) = fill(&campaign, submission(), &form);
    let dir = crate::tools::folder("read-typed");
    let path = dir.join("手填.docx");
    std::fs::write(&path, by_hand(&filled)).unwrap();
    let output = crate::run::sanlian(&["read", path.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("没有绑定文件，按表中的栏目名认出"), "{said}");
    assert!(said.contains("没有指明活动"), "{said}");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = submission().candidates[0].text("name");
    assert!(json.to_string().contains(name), "{json}");
}
